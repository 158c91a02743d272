package account

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/fault"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

const (
	// writesWithin is how lately the rights must have been confirmed at Discord for a change.
	writesWithin  = 5 * time.Minute
	touchEvery    = 10 * time.Minute
	accessMembers = "members"
)

// Access is what a caller may do in a guild they may read.
type Access struct {
	GuildID     string
	ClientID    uuid.UUID
	Permissions string // Discord's decimal string
	CanManage   bool
	ConfirmedAt time.Time // when Discord last confirmed it
	Timezone    string    // of the guild, an IANA name
	Suspended   string    // why the guild is not served; "" if it is

	now func() time.Time
}

// Manage fails unless the caller may change the guild: with forbidden for lack of rights, with
// permission_check_unavailable when Discord has not confirmed them within five minutes.
func (a Access) Manage() error {
	if !a.CanManage {
		return fault.New(fault.Forbidden, "Changes need the Manage Server permission in this guild.")
	}
	if a.now().Sub(a.ConfirmedAt) > writesWithin {
		return errNotConfirmed()
	}
	return nil
}

// membership is a user's standing in a guild as the database has it.
type membership struct {
	clientID    *uuid.UUID // nil: not managed
	member      bool
	openToAll   bool // the guild lets plain members in
	owner       bool
	permissions string
	confirmedAt time.Time
	timezone    string
	suspended   string
	tooOld      bool
	hasGrant    bool
}

// Access tells what the caller may do in a guild. A guild that is not managed, that the caller is
// not in, or that is open to its managers alone is the same not_found. The answer may be five
// seconds old, and is never wider than the caller's token.
func (s *Service) Access(ctx context.Context, p *Principal, guildID string) (Access, error) {
	m, err := s.lookUp(ctx, p, guildID)
	if err != nil {
		return Access{}, err
	}
	return s.decide(p, guildID, m)
}

// lookUp finds the caller's standing in a guild that their token admits.
func (s *Service) lookUp(ctx context.Context, p *Principal, guildID string) (membership, error) {
	if !snowflake.MatchString(guildID) || !p.mayName(guildID) {
		return membership{}, errNoGuild()
	}
	m, err := s.access.Get(ctx, accessKey{p.UserID, guildID}, func(ctx context.Context) (membership, error) {
		return s.membership(ctx, p.UserID, guildID)
	})
	if err == nil && m.tooOld {
		err = s.endUnconfirmed(ctx, p.UserID, m.hasGrant)
	}
	return m, err
}

// decide tells what a standing admits to, within the bounds of the caller's token.
func (s *Service) decide(p *Principal, guildID string, m membership) (Access, error) {
	canManage := CanManage(m.owner, m.permissions) && p.mayManage(guildID)
	if m.clientID == nil || !m.member || !(m.openToAll || canManage) {
		return Access{}, errNoGuild()
	}
	return Access{
		GuildID: guildID, ClientID: *m.clientID, Permissions: m.permissions,
		CanManage: canManage, ConfirmedAt: m.confirmedAt, Timezone: m.timezone, Suspended: m.suspended, now: s.cfg.Now,
	}, nil
}

// mayName tells whether the token admits the guild at all.
func (p *Principal) mayName(guildID string) bool {
	return p.GuildsTruncated || p.claim(guildID) != nil
}

func (p *Principal) mayManage(guildID string) bool {
	c := p.claim(guildID)
	if c == nil {
		return p.GuildsTruncated
	}
	return CanManage(c.Owner, c.Permissions)
}

func (p *Principal) claim(guildID string) *GuildClaim {
	for i := range p.Guilds {
		if p.Guilds[i].ID == guildID {
			return &p.Guilds[i]
		}
	}
	return nil
}

func (s *Service) membership(ctx context.Context, userID, guildID string) (membership, error) {
	row, err := s.readAccess(ctx, userID, guildID)
	if err == nil && row.SyncDue {
		s.FreshenGuilds(ctx, userID)
		row, err = s.readAccess(ctx, userID, guildID)
	}
	if store.IsNotFound(err) {
		return membership{}, nil
	}
	if err != nil {
		return membership{}, fmt.Errorf("read guild access: %w", err)
	}
	if row.TouchDue && row.Permissions != nil {
		if err := s.q.TouchUserGuild(ctx, s.store.Shared(), userID, guildID); err != nil {
			return membership{}, fmt.Errorf("note use of guild: %w", err)
		}
	}
	return standing(row), nil
}

// standing reads a user's standing out of the row of a guild.
func standing(row db.GetGuildAccessRow) membership {
	m := membership{
		clientID: row.ClientID, member: row.Permissions != nil, tooOld: row.TooOld, hasGrant: row.HasGrant,
		openToAll: row.DashboardAccess != nil && *row.DashboardAccess == accessMembers, timezone: orEmpty(row.Timezone), suspended: orEmpty(row.SuspendedReason),
	}
	if m.member {
		m.owner, m.permissions, m.confirmedAt = *row.IsOwner, *row.Permissions, *row.ConfirmedAt
	}
	return m
}

func (s *Service) readAccess(ctx context.Context, userID, guildID string) (db.GetGuildAccessRow, error) {
	return s.q.GetGuildAccess(ctx, s.store.Directory([]string{guildID}), accessOf(userID, guildID))
}

func accessOf(userID, guildID string) db.GetGuildAccessParams {
	return db.GetGuildAccessParams{
		TouchSeconds: touchEvery.Seconds(), FreshSeconds: guildsFresh.Seconds(), StaleSeconds: guildsStale.Seconds(),
		GuildID: guildID, UserID: userID,
	}
}

// endUnconfirmed answers for a guild list that Discord has not confirmed for a day. Without a
// grant only a new sign-in helps, so the sessions end; else Discord may still come back.
func (s *Service) endUnconfirmed(ctx context.Context, userID string, hasGrant bool) error {
	if hasGrant {
		return errNotConfirmed()
	}
	if err := s.revokeAll(ctx, userID, revokedDeauthorized); err != nil {
		return err
	}
	return errSessionRevoked()
}

func errNoGuild() error { return fault.New(fault.NotFound, "There is no such guild.") }

func errNotConfirmed() error { return errNotConfirmedFor(nil) }

// errNotConfirmedFor keeps the cause for the log.
func errNotConfirmedFor(cause error) error {
	return fault.Wrap(cause, fault.PermissionCheckUnavailable, "Discord cannot confirm your permissions at the moment. Try again soon.")
}
