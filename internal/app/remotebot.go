package app

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"

	client "trackbot/client/bot"
	"trackbot/internal/bot"
	"trackbot/internal/command"
	"trackbot/internal/config"
	"trackbot/internal/fault"
	"trackbot/internal/guild"
)

// remotePatience is for one call: a command may look an account up at its platform.
const remotePatience = 15 * time.Second

// runRemoteBot runs the bot without a database, by signed calls to the API.
func runRemoteBot(ctx context.Context, e env) error {
	keys, err := e.cfg.BotKeys()
	if err != nil || len(keys) == 0 {
		return fmt.Errorf("read key of bot: %w", err)
	}
	// The first key signs: the newest stands first where several overlap.
	key := client.Key{ID: keys[0].ID, Secret: []byte(keys[0].Secret.Reveal())}
	calls, err := client.New(e.cfg.APIURL, key, client.Config{BotID: e.cfg.BotID, HTTPClient: &http.Client{Timeout: remotePatience}})
	if err != nil {
		return err
	}
	e.ops.started(config.Bot)
	return work(ctx, e, remoteMemory{calls}, remoteCommands{calls}, nil) // the API hears of what is sold by Discord's webhook
}

// passing marks what the same call may get past later: everything but a refusal of its content. A key
// that is not known and a clock that is off are the operator's to mend, and nothing may be lost meanwhile.
func passing(err error) error {
	if err == nil {
		return nil
	}
	if refusal, ok := errors.AsType[*client.Error](err); ok {
		switch refusal.Status {
		case http.StatusNotFound:
			if refusal.Code == string(fault.NotFound) {
				return fault.Wrap(err, fault.NotFound, refusal.Detail)
			}
		case http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType:
			return err
		}
	}
	return errors.Join(bot.ErrAway, err)
}

// remoteMemory tells the API what the built-in bot would write into the database.
type remoteMemory struct{ calls *client.Client }

func (m remoteMemory) Onboard(ctx context.Context, g guild.Guild) (uuid.UUID, error) {
	state, err := m.calls.PutGuild(ctx, g.ID, described(g))
	if err != nil {
		return uuid.Nil, passing(err)
	}
	return uuid.Parse(state.ClientID)
}

func (m remoteMemory) Update(ctx context.Context, g guild.Guild) error {
	whole := described(g)
	whole.Channels = nil
	return m.change(ctx, g.ID, client.GuildChange{Guild: &whole})
}

func (m remoteMemory) SyncRoles(ctx context.Context, guildID string, roles []guild.Role) error {
	return m.change(ctx, guildID, client.GuildChange{Roles: rolesOf(roles)})
}

func (m remoteMemory) SyncChannel(ctx context.Context, guildID string, c guild.Channel) error {
	one := client.Channel(c)
	return m.change(ctx, guildID, client.GuildChange{Channel: &one})
}

func (m remoteMemory) SyncChannels(ctx context.Context, guildID string, channels []guild.Channel) error {
	return m.change(ctx, guildID, client.GuildChange{Channels: channelsOf(channels)})
}

func (m remoteMemory) ForgetChannel(ctx context.Context, guildID, channelID string) error {
	return m.change(ctx, guildID, client.GuildChange{DeletedChannelID: channelID})
}

func (m remoteMemory) MarkUnavailable(ctx context.Context, guildID string) error {
	return m.change(ctx, guildID, client.GuildChange{Unavailable: true})
}

func (m remoteMemory) change(ctx context.Context, guildID string, c client.GuildChange) error {
	return passing(m.calls.ChangeGuild(ctx, guildID, c))
}

func (m remoteMemory) Remove(ctx context.Context, guildID string) error {
	return passing(m.calls.DeleteGuild(ctx, guildID))
}

func (m remoteMemory) Live(ctx context.Context, shard, shards int) ([]string, error) {
	ids, err := m.calls.Guilds(ctx, shard, max(1, shards))
	return ids, passing(err)
}

func (m remoteMemory) Beat(ctx context.Context, b guild.Beat) error {
	return passing(m.calls.ReportHealth(ctx, client.Health{ShardCount: int(b.Shards), Status: string(b.Status), Version: b.Version}))
}

func (m remoteMemory) Place(ctx context.Context, shard int32) (guild.StreamPlace, error) {
	s, _, err := m.calls.Session(ctx, int(shard))
	return guild.StreamPlace{SessionID: s.SessionID, ResumeURL: s.ResumeURL, Sequence: s.Sequence, ShardCount: int32(s.ShardCount)}, passing(err)
}

func (m remoteMemory) SavePlace(ctx context.Context, shard int32, p guild.StreamPlace) error {
	if p.SessionID == "" {
		return passing(m.calls.ForgetSession(ctx, int(shard)))
	}
	return passing(m.calls.SaveSession(ctx, int(shard), client.Session{
		SessionID: p.SessionID, ResumeURL: p.ResumeURL, Sequence: p.Sequence, ShardCount: int(p.ShardCount),
	}))
}

func described(g guild.Guild) client.Guild {
	out := client.Guild{
		Name: g.Name, OwnerID: g.OwnerID, SystemChannelID: g.SystemChannelID, Locale: g.Locale,
		Channels: channelsOf(g.Channels), Roles: rolesOf(g.Roles),
	}
	if g.IconHash != "" {
		icon := "https://cdn.discordapp.com/icons/" + g.ID + "/" + g.IconHash + ".png"
		out.IconURL = &icon
	}
	return out
}

// channelsOf is never nil: an empty list says that there are none.
func channelsOf(list []guild.Channel) []client.Channel {
	out := make([]client.Channel, len(list))
	for i, c := range list {
		out[i] = client.Channel(c)
	}
	return out
}

func rolesOf(list []guild.Role) []client.Role {
	out := make([]client.Role, len(list))
	for i, r := range list {
		out[i] = client.Role(r)
	}
	return out
}

// remoteCommands has the API do what commands ask for.
type remoteCommands struct{ calls *client.Client }

func (r remoteCommands) Run(ctx context.Context, c command.Invocation) (command.Reply, error) {
	got, err := r.calls.Command(ctx, c.GuildID, commandOf(c))
	if err = passing(err); fault.Is(err, fault.NotFound) {
		err = errors.Join(command.ErrUnknownGuild, err)
	}
	if err != nil {
		return command.Refusal("", c, err, errors.Is(err, bot.ErrAway)), err
	}
	reply := command.Reply{
		Color: got.Color, Title: got.Title, URL: got.URL, Body: got.Body, Footer: got.Footer, Thumbnail: got.Thumbnail,
	}
	for _, f := range got.Fields {
		reply.Fields = append(reply.Fields, command.Field(f))
	}
	for _, b := range got.Buttons {
		reply.Buttons = append(reply.Buttons, command.Link(b))
	}
	if got.Outcome != "ok" {
		return reply, fault.New(fault.Code(got.Outcome), got.Title)
	}
	return reply, nil
}

func (r remoteCommands) Complete(ctx context.Context, c command.Invocation) ([]command.Choice, error) {
	found, err := r.calls.Complete(ctx, c.GuildID, commandOf(c))
	out := make([]command.Choice, len(found))
	for i, choice := range found {
		out[i] = command.Choice(choice)
	}
	return out, passing(err)
}

func commandOf(c command.Invocation) client.Command {
	out := client.Command{
		InteractionID: c.ID, ChannelID: c.ChannelID, Name: c.Name, Options: []client.Option{}, Member: client.Member(c.Member),
	}
	for name, value := range c.Options {
		out.Options = append(out.Options, client.Option{Name: name, Value: value, Focused: name == c.Focused})
	}
	return out
}
