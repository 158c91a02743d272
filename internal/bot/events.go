package bot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"slices"

	"trackbot/internal/discord"
	"trackbot/internal/fault"
	"trackbot/internal/guild"
)

// eventMemberUpdate comes without a privileged intent when the member is the bot
// itself (Discord API docs: Gateway, List of Intents).
const eventMemberUpdate = "GUILD_MEMBER_UPDATE"

// eventTries is how often an event is tried whose failure should not pass by itself: it may have
// lost a deadlock.
const eventTries = 3

// handle takes one event of a shard and does not wait for what follows from it.
func (b *Bot) handle(ctx context.Context, shard int, ev discord.Event) {
	switch ev.Type {
	case discord.EventInteractionCreate:
		var in discord.Interaction
		if err := ev.Decode(&in); err != nil {
			b.log.ErrorContext(ctx, "read interaction", "error", err)
			return
		}
		b.task(ctx, func(ctx context.Context) { b.interact(ctx, in) })
		return
	case discord.EventReady:
		b.learnFrom(ctx, ev)
		b.connected()
	case discord.EventResumed:
		b.connected()
	}
	line := b.lines.of(shard)
	line.begin.Do(func() { b.tasks.Go(func() { b.work(ctx, shard, line) }) })
	line.join(ctx, ev)
}

// learnFrom learns who the bot is from the beginning of a session.
func (b *Bot) learnFrom(ctx context.Context, ev discord.Event) {
	var ready discord.Ready
	if err := ev.Decode(&ready); err != nil {
		b.log.ErrorContext(ctx, "read ready", "error", err)
		return
	}
	app := ready.Application
	app.Bot = &ready.User
	b.learn(app)
}

// settle does what an event asks for, as long as it takes.
func (b *Bot) settle(ctx context.Context, shard int, ev discord.Event) {
	for try := 1; ; try++ {
		err := b.insist(ctx, "handle "+ev.Type, func() error { return b.apply(ctx, shard, ev) })
		if err == nil || ctx.Err() != nil {
			return
		}
		if try == eventTries {
			b.log.ErrorContext(ctx, "handle event", "type", ev.Type, "shard", shard, "error", err)
			return
		}
	}
}

// apply brings the database in step with one guild event. It may be called again with the same one.
func (b *Bot) apply(ctx context.Context, shard int, ev discord.Event) error {
	switch ev.Type {
	case discord.EventReady:
		return decoded(ev, func(r discord.Ready) error { return b.ready(ctx, shard, r) })
	case discord.EventGuildCreate:
		return decoded(ev, func(g guildCreate) error { return b.guildCreate(ctx, g) })
	case discord.EventGuildUpdate:
		return decoded(ev, func(g discord.GuildUpdate) error { return b.guildUpdate(ctx, g) })
	case discord.EventGuildDelete:
		return decoded(ev, func(g discord.GuildDelete) error { return b.guildDelete(ctx, g) })
	case discord.EventChannelCreate, discord.EventChannelUpdate:
		return decoded(ev, func(c discord.ChannelEvent) error { return b.channelChanged(ctx, c) })
	case discord.EventChannelDelete:
		return decoded(ev, func(c discord.ChannelEvent) error { return b.channelDeleted(ctx, c) })
	case discord.EventRoleCreate, discord.EventRoleUpdate:
		return decoded(ev, func(r discord.RoleEvent) error {
			return b.rolesChanged(ctx, r.GuildID, func(p *presence) { p.guild.Roles = withRole(p.guild.Roles, r.Role) })
		})
	case discord.EventRoleDelete:
		return decoded(ev, func(r discord.RoleDelete) error {
			return b.rolesChanged(ctx, r.GuildID, func(p *presence) { p.guild.Roles = withoutRole(p.guild.Roles, r.RoleID) })
		})
	case discord.EventEntitlementCreate, discord.EventEntitlementUpdate, discord.EventEntitlementDelete:
		return decoded(ev, func(e discord.Entitlement) error { return b.entitled(ctx, e) })
	case eventMemberUpdate:
		return decoded(ev, func(m memberUpdate) error { return b.memberUpdate(ctx, m) })
	}
	return nil
}

func decoded[T any](ev discord.Event, fn func(T) error) error {
	var data T
	if err := ev.Decode(&data); err != nil {
		return err
	}
	return fn(data)
}

// guildCreate is the event with the members it lists: without the privileged
// intents the bot alone.
type guildCreate struct {
	discord.GuildCreate
	Members []discord.Member `json:"members"`
}

type memberUpdate struct {
	GuildID string        `json:"guild_id"`
	User    *discord.User `json:"user"`
	Roles   []string      `json:"roles"`
}

func (b *Bot) guildCreate(ctx context.Context, g guildCreate) error {
	if g.Unavailable {
		return b.memory.MarkUnavailable(ctx, g.ID)
	}
	roles, err := b.ownRoles(ctx, g)
	if err != nil {
		return err
	}
	return b.onboard(ctx, newPresence(g.Guild, g.Channels, roles))
}

// ownRoles are those of the bot, from the event or else from the API.
func (b *Bot) ownRoles(ctx context.Context, g guildCreate) ([]string, error) {
	for _, m := range g.Members {
		if m.User != nil && m.User.ID == b.app().Bot.ID {
			return m.Roles, nil
		}
	}
	return b.askForRoles(ctx, g.ID)
}

// askForRoles asks the API for the bot's roles in a guild. Where nobody can tell, it is taken for a member without any:
// what it may not do Discord will say when it does it.
func (b *Bot) askForRoles(ctx context.Context, guildID string) ([]string, error) {
	m, err := b.api.GuildMember(ctx, guildID, b.app().Bot.ID)
	if err != nil && discord.Lacks(err) {
		b.log.WarnContext(ctx, "nobody tells the bot's roles", "guild_id", guildID, "error", err)
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("ask for own member: %w", err)
	}
	return m.Roles, nil
}

func (b *Bot) onboard(ctx context.Context, p *presence) error {
	if _, err := b.memory.Onboard(ctx, p.describe(b.app().Bot.ID)); err != nil {
		return err
	}
	b.roster.put(p)
	if b.cfg.Sales != nil {
		return b.cfg.Sales.Adopt(ctx, p.guild.ID)
	}
	return nil
}

func (b *Bot) guildUpdate(ctx context.Context, g discord.GuildUpdate) error {
	return b.change(ctx, g.ID, func(p *presence) { p.guild = g }, func(before, after guild.Guild) error {
		if err := b.memory.Update(ctx, after); err != nil {
			return err
		}
		return b.syncChannels(ctx, before, after)
	})
}

func (b *Bot) guildDelete(ctx context.Context, g discord.GuildDelete) error {
	if g.Unavailable {
		return b.memory.MarkUnavailable(ctx, g.ID)
	}
	b.roster.drop(g.ID)
	return b.memory.Remove(ctx, g.ID)
}

func (b *Bot) channelChanged(ctx context.Context, c discord.ChannelEvent) error {
	return b.change(ctx, c.GuildID, func(p *presence) { p.channels[c.ID] = c }, func(_, after guild.Guild) error {
		i := slices.IndexFunc(after.Channels, func(now guild.Channel) bool { return now.ID == c.ID })
		return b.memory.SyncChannel(ctx, c.GuildID, after.Channels[i])
	})
}

func (b *Bot) channelDeleted(ctx context.Context, c discord.ChannelEvent) error {
	return b.change(ctx, c.GuildID, func(p *presence) { delete(p.channels, c.ID) }, func(_, _ guild.Guild) error {
		return b.memory.ForgetChannel(ctx, c.GuildID, c.ID)
	})
}

func (b *Bot) rolesChanged(ctx context.Context, guildID string, fn func(p *presence)) error {
	return b.change(ctx, guildID, fn, func(before, after guild.Guild) error {
		if err := b.memory.SyncRoles(ctx, guildID, after.Roles); err != nil {
			return err
		}
		return b.syncChannels(ctx, before, after)
	})
}

func (b *Bot) memberUpdate(ctx context.Context, m memberUpdate) error {
	if m.User == nil || m.User.ID != b.app().Bot.ID {
		return nil
	}
	return b.change(ctx, m.GuildID, func(p *presence) { p.roles = m.Roles }, func(before, after guild.Guild) error {
		return b.syncChannels(ctx, before, after)
	})
}

// syncChannels records where the bot may post if that has changed.
func (b *Bot) syncChannels(ctx context.Context, before, after guild.Guild) error {
	if slices.Equal(before.Channels, after.Channels) {
		return nil
	}
	return b.memory.SyncChannels(ctx, after.ID, after.Channels)
}

// change applies an event to the roster and writes what follows from it. A guild that roster or
// database do not know is asked for instead: after a resumption in a new process, and when
// an event could not be written, so that the next try starts from the truth.
func (b *Bot) change(ctx context.Context, guildID string, fn func(p *presence), write func(before, after guild.Guild) error) error {
	if guildID == "" {
		return nil // a channel outside guilds
	}
	before, after, known := b.roster.change(guildID, b.app().Bot.ID, fn)
	if !known {
		return b.reload(ctx, guildID)
	}
	err := write(before, after)
	if err == nil {
		return nil
	}
	b.roster.drop(guildID)
	if fault.Is(err, fault.NotFound) {
		return b.reload(ctx, guildID)
	}
	return err
}

// reload asks the API for the guild as it is now.
func (b *Bot) reload(ctx context.Context, guildID string) error {
	g, err := b.api.Guild(ctx, guildID)
	if gone(err) {
		return nil // an event of a guild that the bot has left since
	}
	if err != nil {
		return fmt.Errorf("ask for guild: %w", err)
	}
	channels, err := b.api.GuildChannels(ctx, guildID)
	if err != nil {
		return fmt.Errorf("ask for channels: %w", err)
	}
	roles, err := b.askForRoles(ctx, guildID)
	if err != nil {
		return err
	}
	return b.onboard(ctx, newPresence(g, channels, roles))
}

func withRole(roles []discord.Role, r discord.Role) []discord.Role {
	return append(withoutRole(roles, r.ID), r)
}

func withoutRole(roles []discord.Role, id string) []discord.Role {
	return slices.DeleteFunc(slices.Clone(roles), func(r discord.Role) bool { return r.ID == id })
}

// isNetwork tells whether no answer came.
func isNetwork(err error) bool {
	var wire net.Error
	var address *url.Error
	return errors.As(err, &wire) || errors.As(err, &address) || errors.Is(err, net.ErrClosed) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, context.DeadlineExceeded)
}
