package bot

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"trackbot/internal/command"
	"trackbot/internal/guild"
)

// ErrAway says that memory or commands cannot be reached at the moment: the same call may succeed later.
var ErrAway = errors.New("trackbot is away")

// Memory is where a bot writes what it is told and finds how far it was: the database, by a
// guild.Registry, or the API of an installation whose database it cannot reach. The methods are
// those of guild.Registry; failures that pass are store.IsUnavailable or ErrAway.
type Memory interface {
	Onboard(ctx context.Context, g guild.Guild) (uuid.UUID, error)
	Update(ctx context.Context, g guild.Guild) error
	SyncRoles(ctx context.Context, guildID string, roles []guild.Role) error
	SyncChannel(ctx context.Context, guildID string, c guild.Channel) error
	SyncChannels(ctx context.Context, guildID string, channels []guild.Channel) error
	ForgetChannel(ctx context.Context, guildID, channelID string) error
	MarkUnavailable(ctx context.Context, guildID string) error
	Remove(ctx context.Context, guildID string) error
	Live(ctx context.Context, shard, shards int) ([]string, error)

	Beat(ctx context.Context, b guild.Beat) error
	Place(ctx context.Context, shard int32) (guild.StreamPlace, error)
	SavePlace(ctx context.Context, shard int32, p guild.StreamPlace) error
}

// Commands does what commands ask for: a command.Desk, or the API's.
type Commands interface {
	// Run gives what the member is to see, refusals included; the error says what came of it.
	Run(ctx context.Context, c command.Invocation) (command.Reply, error)
	// Complete offers values for the option that is being typed.
	Complete(ctx context.Context, c command.Invocation) ([]command.Choice, error)
}

var (
	_ Memory   = (*guild.Registry)(nil)
	_ Commands = (*command.Desk)(nil)
)
