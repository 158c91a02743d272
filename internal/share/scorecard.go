package share

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/analytics"
	"trackbot/internal/fault"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// week is the length of a scorecard.
const week = 7

// Scorecard is how a brand did in the last seven whole days of the guild's zone, beside the seven before.
type Scorecard struct {
	db.GetShareHeadRow
	analytics.Report
	Followers, FollowersBefore *int64 // of the accounts that tell them; before: of those known then
	Accounts                   []Account
	TopPosts                   []db.ListTopPostsRow // at most five, most reactions first
	ExpiresAt                  time.Time
}

// Account is one of the brand's accounts with what it published.
type Account struct {
	db.ListScorecardAccountsRow
	Earlier       *int64 // followers when the period began; nil where that is not known
	Total, Before analytics.Figures
}

// Open shows what a token opens. Refusals: not_found, alike for a token that is unknown, revoked or expired.
func (d *Desk) Open(ctx context.Context, token string) (Scorecard, error) {
	hash, now := hashOf(token), d.now().UTC()
	found, err := d.queries.FindShare(ctx, d.store.Bearer(hash), hash, now)
	if store.IsNotFound(err) {
		return Scorecard{}, fault.New(fault.NotFound, "There is nothing here.")
	}
	if err != nil {
		return Scorecard{}, fmt.Errorf("find share: %w", err)
	}
	card, err := d.Card(ctx, found.ClientID, found.BrandID)
	if err != nil {
		return Scorecard{}, err
	}
	card.ExpiresAt = found.ExpiresAt
	err = d.queries.NoteShareView(ctx, d.store.Tenant(found.ClientID), db.NoteShareViewParams{ClientID: found.ClientID, ID: found.ID, Now: now, MinuteAgo: now.Add(-time.Minute)})
	if err != nil {
		return Scorecard{}, fmt.Errorf("note view of share: %w", err)
	}
	return card, nil
}

// Card is a brand's scorecard. Refusals: not_found.
func (d *Desk) Card(ctx context.Context, clientID, brandID uuid.UUID) (Scorecard, error) {
	return d.cardAt(ctx, clientID, brandID, d.now())
}

// cardAt is the scorecard of the seven whole days before a time.
func (d *Desk) cardAt(ctx context.Context, clientID, brandID uuid.UUID, at time.Time) (card Scorecard, err error) {
	conn := d.store.Tenant(clientID)
	card.GetShareHeadRow, err = d.queries.GetShareHead(ctx, conn, clientID, brandID)
	if store.IsNotFound(err) {
		return card, fault.New(fault.NotFound, "There is nothing here.")
	}
	if err != nil {
		return card, fmt.Errorf("read brand: %w", err)
	}
	p, err := lastWeek(at, analytics.Zone(card.Timezone))
	if err != nil {
		return card, err
	}
	card.Report, err = d.figures.Report(ctx, clientID, p, analytics.Filter{BrandID: &brandID}, analytics.ByAccount)
	if err != nil {
		return card, err
	}
	if err := d.addAccounts(ctx, clientID, brandID, &card); err != nil {
		return card, err
	}
	card.TopPosts, err = d.queries.ListTopPosts(ctx, conn, db.ListTopPostsParams{
		ClientID: clientID, BrandID: brandID, FromTime: p.Start, ToTime: p.End,
	})
	if err != nil {
		return card, fmt.Errorf("list top posts: %w", err)
	}
	return card, nil
}

// lastWeek is the seven days up to the last midnight.
func lastWeek(now time.Time, zone *time.Location) (analytics.Period, error) {
	y, m, day := now.In(zone).Date()
	return analytics.NewPeriod(analytics.StartOfDay(y, m, day-week, zone), analytics.StartOfDay(y, m, day, zone), now, zone, analytics.Day)
}

func (d *Desk) addAccounts(ctx context.Context, clientID, brandID uuid.UUID, card *Scorecard) error {
	rows, err := d.queries.ListScorecardAccounts(ctx, d.store.Tenant(clientID), db.ListScorecardAccountsParams{
		ClientID: clientID, BrandID: brandID, BeforeTime: card.Period.Start,
	})
	if err != nil {
		return fmt.Errorf("list accounts of scorecard: %w", err)
	}
	groups := map[string]analytics.Group{}
	for _, g := range card.Groups {
		groups[g.Key] = g
	}
	for _, row := range rows {
		g := groups[row.ID.String()]
		a := Account{ListScorecardAccountsRow: row, Total: g.Total, Before: g.Before}
		if row.FollowersBefore >= 0 {
			a.Earlier = &row.FollowersBefore
		}
		card.Accounts = append(card.Accounts, a)
		card.Followers, card.FollowersBefore = plus(card.Followers, row.Followers), plus(card.FollowersBefore, a.Earlier)
	}
	return nil
}

func plus(to, n *int64) *int64 {
	if to == nil || n == nil {
		if n == nil {
			return to
		}
		return n
	}
	sum := *to + *n
	return &sum
}
