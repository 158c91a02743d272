package account

import (
	"context"
	"errors"
	"fmt"
	"time"

	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

const (
	guildsFresh  = time.Minute
	guildsStale  = 24 * time.Hour // how long the list is good when Discord does not answer
	syncLimit    = 20 * time.Second
	syncPatience = 2 * time.Second // how long a request waits for Discord before the older list serves it
	renewBefore  = 5 * time.Minute // of the end of an access token
)

// errNoGrant says that only a new sign-in can bring the user's guild list up to date.
var errNoGrant = errors.New("discord grant is gone")

// FreshenGuilds brings a user's guild list up to date if it is over a minute old. All replicas
// together ask Discord once a minute at most; a list that cannot be had now stays as it is.
func (s *Service) FreshenGuilds(ctx context.Context, userID string) {
	patience := time.NewTimer(syncPatience)
	defer patience.Stop()
	select {
	case <-s.beginSync(ctx, userID):
	case <-patience.C:
	case <-ctx.Done():
	}
}

// beginSync joins the user's refresh under way or begins one, and tells when it is over. It
// outlives the request: a renewed grant must be stored.
func (s *Service) beginSync(ctx context.Context, userID string) <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if done, ok := s.syncing[userID]; ok {
		return done
	}
	done := make(chan struct{})
	s.syncing[userID] = done
	s.running.Go(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), syncLimit)
		defer cancel()
		if err := s.syncGuilds(ctx, userID); err != nil {
			s.cfg.Log.WarnContext(ctx, "guild list not refreshed", "user_id", userID, "error", err.Error())
		}
		s.mu.Lock()
		delete(s.syncing, userID)
		s.mu.Unlock()
		close(done)
	})
	return done
}

func (s *Service) syncGuilds(ctx context.Context, userID string) error {
	claimedAt, err := s.q.ClaimGuildSync(ctx, s.store.Shared(), userID, guildsFresh.Seconds())
	if store.IsNotFound(err) {
		return nil // fresh, or another replica is at it
	}
	if err != nil {
		return fmt.Errorf("claim guild list: %w", err)
	}
	guilds, err := s.fetchGuilds(ctx, userID)
	if errors.Is(err, errNoGrant) {
		return nil // said when the grant went
	}
	if err != nil {
		return err
	}
	kept, err := s.managed(ctx, guilds)
	if err != nil {
		return err
	}
	return s.store.InTx(ctx, func(tx store.Conn) error { return s.storeGuilds(ctx, tx, userID, kept, claimedAt) })
}

// fetchGuilds asks with the stored grant, renewed if need be: before the access token ends, or
// once when Discord does not take it.
func (s *Service) fetchGuilds(ctx context.Context, userID string) ([]DiscordGuild, error) {
	row, err := s.q.GetDiscordGrant(ctx, s.store.Shared(), userID)
	if store.IsNotFound(err) {
		return nil, errNoGrant
	}
	if err != nil {
		return nil, fmt.Errorf("read discord grant: %w", err)
	}
	access, err := s.seal.open(userID, columnAccess, row.AccessToken)
	if err != nil {
		return nil, fmt.Errorf("open discord grant: %w", err)
	}
	if s.cfg.Now().Before(row.ExpiresAt.Add(-renewBefore)) {
		guilds, err := s.discord.MyGuilds(ctx, access)
		if !errors.Is(err, ErrTokenRefused) {
			return guilds, err
		}
	}
	if access, err = s.renewGrant(ctx, userID, row); err != nil {
		return nil, err
	}
	return s.discord.MyGuilds(ctx, access)
}

// renewGrant swaps the stored refresh token, which works once. A refusal is final: the grant goes
// and Discord is not asked again (10,000 refusals in ten minutes ban the address).
func (s *Service) renewGrant(ctx context.Context, userID string, row db.GetDiscordGrantRow) (string, error) {
	refresh, err := s.seal.open(userID, columnRefresh, row.RefreshToken)
	if err != nil {
		return "", fmt.Errorf("open discord grant: %w", err)
	}
	grant, err := s.discord.RenewGrant(ctx, refresh)
	if errors.Is(err, ErrGrantRefused) {
		s.cfg.Log.InfoContext(ctx, "discord grant ended", "user_id", userID)
		if err := s.q.DeleteDiscordGrant(ctx, s.store.Shared(), userID, row.RefreshToken); err != nil {
			return "", fmt.Errorf("delete discord grant: %w", err)
		}
		return "", errNoGrant
	}
	if err != nil {
		return "", err
	}
	sealed := s.sealGrant(userID, grant)
	_, err = s.q.ReplaceDiscordGrant(ctx, s.store.Shared(), db.ReplaceDiscordGrantParams{
		AccessToken: sealed.AccessToken, RefreshToken: sealed.RefreshToken, Scope: sealed.Scope,
		ExpiresAt: sealed.ExpiresAt, UserID: userID, OldRefreshToken: row.RefreshToken,
	})
	if err != nil {
		return "", fmt.Errorf("store discord grant: %w", err)
	}
	return grant.AccessToken, nil
}

// managed keeps the guilds that Trackbot manages, in a form fit to be stored.
func (s *Service) managed(ctx context.Context, guilds []DiscordGuild) ([]DiscordGuild, error) {
	byID := make(map[string]DiscordGuild, len(guilds))
	ids := make([]string, 0, len(guilds))
	for _, g := range guilds {
		if _, twice := byID[g.ID]; twice || !snowflake.MatchString(g.ID) {
			continue
		}
		g.Name, g.IconHash, g.Permissions = clean(g.Name, 400), clean(g.IconHash, 100), permissionString(g.Permissions)
		byID[g.ID] = g
		ids = append(ids, g.ID)
	}
	clients, err := s.q.ListDirectory(ctx, s.store.Directory(ids), ids)
	if err != nil {
		return nil, fmt.Errorf("list clients of guilds: %w", err)
	}
	kept := make([]DiscordGuild, 0, len(clients))
	for _, c := range clients {
		kept = append(kept, byID[c.GuildID])
	}
	return kept, nil
}

// storeGuilds replaces the user's list by what Discord said at a time of the database's clock,
// unless a later answer is there already. The user's row, locked first, orders concurrent writers.
func (s *Service) storeGuilds(ctx context.Context, tx store.Conn, userID string, guilds []DiscordGuild, at time.Time) error {
	newer, err := s.q.ConfirmUserGuilds(ctx, tx, at, userID)
	if err != nil {
		return fmt.Errorf("confirm guild list: %w", err)
	}
	if newer == 0 {
		return nil
	}
	rows := db.UpsertUserGuildsParams{UserID: userID, ConfirmedAt: at, GuildIds: []string{}} // nil would be NULL and keep all
	for _, g := range guilds {
		rows.GuildIds = append(rows.GuildIds, g.ID)
		rows.Names = append(rows.Names, g.Name)
		rows.IconHashes = append(rows.IconHashes, g.IconHash)
		rows.IsOwner = append(rows.IsOwner, g.Owner)
		rows.Permissions = append(rows.Permissions, g.Permissions)
	}
	if err := s.q.DeleteUserGuildsExcept(ctx, tx, userID, rows.GuildIds); err != nil {
		return fmt.Errorf("delete left guilds: %w", err)
	}
	if err := s.q.UpsertUserGuilds(ctx, tx, rows); err != nil {
		return fmt.Errorf("store guild list: %w", err)
	}
	return nil
}
