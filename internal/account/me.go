package account

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// maxTokenGuilds bounds an access token, which travels with every request.
const maxTokenGuilds = 20

// Guild is a guild that Trackbot manages and a user is a member of.
type Guild struct {
	ID          string
	ClientID    uuid.UUID
	Name        string
	IconHash    string // empty: none
	Owner       bool
	Permissions string // Discord's decimal string, leaves out what an owner has
	CanManage   bool
	openToAll   bool
}

// Me is the caller as Discord last described them. Guilds are those the caller may open, most
// recently used first. One that is missing in the caller's access token becomes usable with the
// next token.
type Me struct {
	UserID     string
	Username   string
	GlobalName string // empty: none
	AvatarHash string // empty: none
	SessionID  uuid.UUID
	CreatedAt  time.Time // of the session
	ExpiresAt  time.Time
	Guilds     []Guild
}

// Me describes the caller.
func (s *Service) Me(ctx context.Context, p *Principal) (Me, error) {
	session, err := s.liveSession(ctx, p)
	if err != nil {
		return Me{}, err
	}
	profile, guilds, err := s.confirmed(ctx, p.UserID)
	if err != nil {
		return Me{}, err
	}
	me := Me{
		UserID: profile.ID, Username: profile.Username, GlobalName: orEmpty(profile.GlobalName), AvatarHash: orEmpty(profile.AvatarHash),
		SessionID: session.ID, CreatedAt: session.CreatedAt, ExpiresAt: session.ExpiresAt,
	}
	for _, g := range guilds {
		if g.openToAll || g.CanManage {
			me.Guilds = append(me.Guilds, g)
		}
	}
	return me, nil
}

// Guilds lists the guilds that Access opens to the caller, most recently used first. Unlike Me it
// keeps to the caller's token, also in CanManage.
func (s *Service) Guilds(ctx context.Context, p *Principal) ([]Guild, error) {
	_, guilds, err := s.confirmed(ctx, p.UserID)
	if err != nil {
		return nil, err
	}
	open := make([]Guild, 0, len(guilds))
	for _, g := range guilds {
		g.CanManage = g.CanManage && p.mayManage(g.ID)
		if p.mayName(g.ID) && (g.openToAll || g.CanManage) {
			open = append(open, g)
		}
	}
	return open, nil
}

// confirmed reads a user and their guilds, which Discord has confirmed lately enough to serve.
func (s *Service) confirmed(ctx context.Context, userID string) (db.GetUserProfileRow, []Guild, error) {
	profile, err := s.profile(ctx, userID)
	if err == nil && profile.SyncDue {
		s.FreshenGuilds(ctx, userID)
		profile, err = s.profile(ctx, userID)
	}
	if err != nil {
		return profile, nil, err
	}
	if profile.TooOld {
		return profile, nil, s.endUnconfirmed(ctx, userID, profile.HasGrant)
	}
	guilds, err := s.guildsOf(ctx, userID)
	return profile, guilds, err
}

// holder is the user as an access token is to name them.
func (s *Service) holder(ctx context.Context, userID string, sessionID uuid.UUID) (Principal, error) {
	profile, err := s.profile(ctx, userID)
	if err != nil {
		return Principal{}, err
	}
	guilds, err := s.guildsOf(ctx, userID)
	if err != nil {
		return Principal{}, err
	}
	p := Principal{UserID: userID, Username: profile.Username, SessionID: sessionID, GuildsTruncated: len(guilds) > maxTokenGuilds}
	for _, g := range guilds[:min(len(guilds), maxTokenGuilds)] {
		p.Guilds = append(p.Guilds, GuildClaim{ID: g.ID, ClientID: g.ClientID, Permissions: g.Permissions, Owner: g.Owner})
	}
	return p, nil
}

func (s *Service) profile(ctx context.Context, userID string) (db.GetUserProfileRow, error) {
	row, err := s.q.GetUserProfile(ctx, s.store.Shared(), db.GetUserProfileParams{
		FreshSeconds: guildsFresh.Seconds(), StaleSeconds: guildsStale.Seconds(), ID: userID,
	})
	if store.IsNotFound(err) {
		return row, errSessionRevoked()
	}
	if err != nil {
		return row, fmt.Errorf("read user: %w", err)
	}
	return row, nil
}

// guildsOf lists the user's guilds that are managed, most recently used first.
func (s *Service) guildsOf(ctx context.Context, userID string) ([]Guild, error) {
	rows, err := s.q.ListUserGuilds(ctx, s.store.Shared(), userID)
	if err != nil {
		return nil, fmt.Errorf("list guilds of user: %w", err)
	}
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.GuildID
	}
	clients, err := s.q.ListDirectory(ctx, s.store.Directory(ids), ids)
	if err != nil {
		return nil, fmt.Errorf("list clients of guilds: %w", err)
	}
	byGuild := make(map[string]db.ListDirectoryRow, len(clients))
	for _, c := range clients {
		byGuild[c.GuildID] = c
	}
	guilds := make([]Guild, 0, len(clients))
	for _, r := range rows {
		if c, ok := byGuild[r.GuildID]; ok {
			guilds = append(guilds, Guild{
				ID: r.GuildID, ClientID: c.ID, Name: r.Name, IconHash: orEmpty(r.IconHash), Owner: r.IsOwner,
				Permissions: r.Permissions, CanManage: CanManage(r.IsOwner, r.Permissions), openToAll: c.DashboardAccess == accessMembers,
			})
		}
	}
	return guilds, nil
}

func orEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
