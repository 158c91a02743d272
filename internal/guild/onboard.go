package guild

import (
	"context"
	"fmt"
	"regexp"
	"strconv"

	"github.com/google/uuid"

	"trackbot/internal/audit"
	"trackbot/internal/fault"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// Onboard records a guild that the bot is in, and may be called as often as Discord says so. A guild
// that is new becomes a tenant; one the bot was removed from takes up where it left. Both are greeted
// in the system channel or the first text channel the bot can post to, which becomes the default one
// unless there is one already.
func (r *Registry) Onboard(ctx context.Context, g Guild) (uuid.UUID, error) {
	client, err := r.Find(ctx, g.ID)
	if fault.Is(err, fault.NotFound) {
		var joined bool
		if client, joined, err = r.join(ctx, g, r.settle); joined {
			return client.ID, err
		}
	}
	if err != nil {
		return uuid.Nil, err
	}
	if isLeaving(client) { // its data goes, and the bot after it
		return client.ID, nil
	}
	return client.ID, r.refresh(ctx, client.ID, g)
}

// Find returns the tenant of a guild, removed or not. Refusals: not_found.
func (r *Registry) Find(ctx context.Context, guildID string) (db.Client, error) {
	client, err := db.New().FindClient(ctx, r.st.Directory([]string{guildID}), guildID)
	if store.IsNotFound(err) {
		return client, fault.Wrap(err, fault.NotFound, "Trackbot does not know this server yet.")
	}
	if err != nil {
		return client, fmt.Errorf("find client: %w", err)
	}
	return client, nil
}

// join makes the tenant and settles it; false if another process was faster, which then does that.
func (r *Registry) join(ctx context.Context, g Guild, settle settling) (client db.Client, joined bool, err error) {
	id, err := uuid.NewV7()
	if err != nil {
		return client, false, fmt.Errorf("make client id: %w", err)
	}
	q := db.New()
	err = r.st.InTenantTx(ctx, id, func(tx store.Conn) error {
		client, err = q.InsertClient(ctx, tx, db.InsertClientParams{
			ID: id, GuildID: g.ID, Name: g.Name, IconHash: optional(g.IconHash), OwnerID: g.OwnerID, SystemChannelID: optional(g.SystemChannelID),
			BotID: r.cfg.BotID,
		})
		if store.IsNotFound(err) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("insert client: %w", err)
		}
		joined = true
		return settle(ctx, tx, client, g)
	})
	if err == nil && !joined {
		client, err = r.Find(ctx, g.ID)
	}
	return client, joined, err
}

// settling gives a new tenant all that it starts with, in the transaction that makes it.
type settling func(ctx context.Context, tx store.Conn, client db.Client, g Guild) error

// settle starts a tenant with what the gateway told, and greets.
func (r *Registry) settle(ctx context.Context, tx store.Conn, client db.Client, g Guild) error {
	channel := greetingChannel(g)
	defaults := db.InsertGuildDefaultsParams{ClientID: client.ID, Locale: locale(g.Locale), DefaultChannelID: optional(channel)}
	if err := db.New().InsertGuildDefaults(ctx, tx, defaults); err != nil {
		return fmt.Errorf("insert guild defaults: %w", err)
	}
	if err := syncChannels(ctx, tx, client.ID, g.Channels, everything); err != nil {
		return err
	}
	if _, err := syncRoles(ctx, tx, client.ID, g.Roles); err != nil {
		return err
	}
	if err := r.greet(ctx, tx, client, channel, "welcome"); err != nil {
		return err
	}
	return logGuild(ctx, tx, bySelf(), client, audit.GuildJoined,
		audit.Change{Field: "name", New: client.Name}, audit.Change{Field: "ownerId", New: client.OwnerID},
		audit.Change{Field: "defaultChannelId", New: optional(channel)})
}

// refresh brings a known tenant in step with g.
func (r *Registry) refresh(ctx context.Context, clientID uuid.UUID, g Guild) error {
	return r.st.InTenantTx(ctx, clientID, func(tx store.Conn) error {
		old, err := db.New().LockClient(ctx, tx, clientID)
		if err != nil {
			return fmt.Errorf("lock client: %w", err)
		}
		rights, err := r.describe(ctx, tx, bySelf(), old, g)
		if err != nil {
			return err
		}
		if err := syncChannels(ctx, tx, clientID, g.Channels, everything); err != nil {
			return err
		}
		changed, err := syncRoles(ctx, tx, clientID, g.Roles)
		if err != nil {
			return err
		}
		if old.RemovedAt != nil {
			if err := r.rejoin(ctx, tx, old, g); err != nil {
				return err
			}
		}
		if rights || changed || old.RemovedAt != nil {
			return dropRights(ctx, tx, g.ID)
		}
		return nil
	})
}

// rejoin takes up tracking again and greets. A tenant that is suspended stays so, whoever removes the bot and invites it
// again.
func (r *Registry) rejoin(ctx context.Context, tx store.Conn, old db.Client, g Guild) error {
	if old.SuspendedAt != nil {
		return logGuild(ctx, tx, bySelf(), old, audit.GuildRejoined, audit.Change{Field: "removedAt", Old: old.RemovedAt})
	}
	q := db.New()
	if err := restart(ctx, tx, old.ID); err != nil {
		return err
	}
	channel := greetingChannel(g)
	settings, err := q.LockGuildSettings(ctx, tx, old.ID)
	if err != nil {
		return fmt.Errorf("lock settings: %w", err)
	}
	if settings.DefaultChannelID == nil && channel != "" {
		if _, err := q.SetDefaultChannel(ctx, tx, &channel, old.ID); err != nil {
			return fmt.Errorf("set default channel: %w", err)
		}
	}
	key := "welcome:" + strconv.FormatInt(old.RemovedAt.UnixMicro(), 10)
	if err := r.greet(ctx, tx, old, channel, key); err != nil {
		return err
	}
	return logGuild(ctx, tx, bySelf(), old, audit.GuildRejoined, audit.Change{Field: "removedAt", Old: old.RemovedAt})
}

// describe writes what Discord says of the guild itself and tells whether its owner changed.
func (r *Registry) describe(ctx context.Context, tx store.Conn, by audit.By, old db.Client, g Guild) (newOwner bool, err error) {
	to := db.UpdateClientParams{
		ID: old.ID, Name: g.Name, IconHash: optional(g.IconHash), OwnerID: g.OwnerID, SystemChannelID: optional(g.SystemChannelID),
		BotID: r.cfg.BotID,
	}
	same := old.Name == to.Name && old.OwnerID == to.OwnerID && equal(old.IconHash, to.IconHash) &&
		equal(old.SystemChannelID, to.SystemChannelID) && old.BotID == to.BotID && old.UnavailableSince == nil && old.RemovedAt == nil
	if same {
		return false, nil
	}
	if err := db.New().UpdateClient(ctx, tx, to); err != nil {
		return false, fmt.Errorf("update client: %w", err)
	}
	if old.Name != to.Name {
		if err := logGuild(ctx, tx, by, old, audit.GuildRenamed, audit.Change{Field: "name", Old: old.Name, New: to.Name}); err != nil {
			return false, err
		}
	}
	if old.OwnerID == to.OwnerID {
		return false, nil
	}
	return true, logGuild(ctx, tx, by, old, audit.GuildOwnerChanged, audit.Change{Field: "ownerId", Old: old.OwnerID, New: to.OwnerID})
}

// localePattern is the shape of Discord's locales (Discord API docs: Reference, Locales).
const localePattern = `^[a-z]{2}(-[A-Z0-9]{2,3})?$`

func locale(s string) string {
	if regexp.MustCompile(localePattern).MatchString(s) {
		return s
	}
	return "en-US"
}

func logGuild(ctx context.Context, tx store.Conn, by audit.By, client db.Client, action audit.Action, changes ...audit.Change) error {
	return audit.Append(ctx, tx, audit.Entry{
		ClientID: client.ID, By: by, Action: action, TargetType: audit.TargetGuild, TargetID: client.GuildID, Changes: changes,
	})
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func equal(a, b *string) bool {
	return (a == nil && b == nil) || (a != nil && b != nil && *a == *b)
}
