package export

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/audit"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
	"trackbot/internal/tracking"
	"trackbot/internal/usage"
)

// page is how many rows are read at once: what an export holds in memory.
const page = 1000

// table is the rows of one kind in the order of its list.
type table struct {
	columns []string
	each    func(ctx context.Context, src sourceOf, emit func(values []any) error) error
}

// sourceOf is what the rows of one export are read from.
type sourceOf struct {
	tx       store.Conn // a snapshot that sees the tenant alone
	clientID uuid.UUID
	filters  filters
	from, to time.Time
}

func tableOf(kind Kind) (table, error) {
	t, ok := map[Kind]table{
		Posts:    {postColumns(), eachPost},
		Accounts: {accountColumns(), eachAccount},
		Audit:    {auditColumns(), eachEntry},
		Usage:    {usageColumns(), eachDay},
	}[kind]
	if !ok {
		return t, fmt.Errorf("make export: unknown kind %q", kind)
	}
	return t, nil
}

func postColumns() []string {
	return []string{
		"id", "published_at", "platform", "kind", "brand", "group", "account", "author", "title", "body", "url",
		"views", "likes", "comments", "shares", "measured_at", "first_seen_at", "edited_at", "removed_at",
		"delivery_state", "delivery_reason", "delivered_at", "external_id", "account_id",
	}
}

func eachPost(ctx context.Context, src sourceOf, emit func([]any) error) error {
	names, err := namesOf(ctx, src)
	if err != nil {
		return err
	}
	reader, f := tracking.NewReaderIn(src.tx), src.filters
	filter := tracking.PostFilter{
		AccountID: f.AccountID, GroupID: f.GroupID, BrandID: f.BrandID, Platform: f.Platform, Kind: f.Kind, Search: f.Search,
		From: src.from, To: src.to,
	}
	var behind *tracking.PostPosition
	for {
		rows, err := reader.ListPosts(ctx, src.clientID, filter, behind, page)
		if err != nil {
			return err
		}
		for _, p := range rows {
			if err := emit(postValues(p, names)); err != nil {
				return err
			}
		}
		if len(rows) < page {
			return nil
		}
		at := tracking.PositionOf(rows[len(rows)-1], filter.Sort)
		behind = &at
	}
}

func postValues(p db.PostItem, names names) []any {
	return []any{
		p.ID.String(), p.PublishedAt, p.Platform, p.Kind, names.brands[p.BrandID], names.groups[p.GroupID], names.accounts[p.AccountID],
		p.AuthorName, p.Title, p.Body, p.URL,
		p.Views, p.Likes, p.Comments, p.Shares, p.MeasuredAt, p.FirstSeenAt, p.EditedAt, p.RemovedAt,
		p.DeliveryState, p.DeliveryReason, p.DeliveredAt, p.ExternalID, p.AccountID.String(),
	}
}

func accountColumns() []string {
	return []string{
		"id", "platform", "handle", "display_name", "url", "brand", "group", "followers", "state", "state_since", "state_reason",
		"last_polled_at", "next_poll_at", "last_post_at", "channel_id", "created_at",
	}
}

func eachAccount(ctx context.Context, src sourceOf, emit func([]any) error) error {
	names, err := namesOf(ctx, src)
	if err != nil {
		return err
	}
	f := src.filters
	filter := tracking.AccountFilter{BrandID: f.BrandID, GroupID: f.GroupID, Platform: f.Platform, Search: f.Search}
	if f.State != nil {
		filter.States = []string{*f.State}
	}
	return accounts(ctx, src, filter, func(a db.AccountItem) error {
		return emit([]any{
			a.ID.String(), a.Platform, a.Handle, a.DisplayName, a.URL, names.brands[a.BrandID], names.groups[a.GroupID], a.Followers,
			a.State, a.StateSince, a.StateReason, a.LastPolledAt, a.NextPollAt, a.LastPostAt, a.ChannelID, a.CreatedAt,
		})
	})
}

func accounts(ctx context.Context, src sourceOf, filter tracking.AccountFilter, emit func(db.AccountItem) error) error {
	reader := tracking.NewReaderIn(src.tx)
	var before *uuid.UUID
	for {
		rows, err := reader.ListAccounts(ctx, src.clientID, filter, before, page)
		if err != nil {
			return err
		}
		for _, a := range rows {
			if err := emit(a); err != nil {
				return err
			}
		}
		if len(rows) < page {
			return nil
		}
		before = &rows[len(rows)-1].ID
	}
}

// names are what people call brands, groups and accounts. The plan bounds them to thousands.
type names struct{ brands, groups, accounts map[uuid.UUID]string }

func namesOf(ctx context.Context, src sourceOf) (names, error) {
	n := names{brands: map[uuid.UUID]string{}, groups: map[uuid.UUID]string{}, accounts: map[uuid.UUID]string{}}
	queries := db.New()
	brands, err := queries.ListBrandNames(ctx, src.tx, src.clientID)
	if err != nil {
		return n, fmt.Errorf("list brands: %w", err)
	}
	for _, b := range brands {
		n.brands[b.ID] = b.Name
	}
	groups, err := queries.ListGroupNames(ctx, src.tx, src.clientID)
	if err != nil {
		return n, fmt.Errorf("list groups: %w", err)
	}
	for _, g := range groups {
		n.groups[g.ID] = g.Name
	}
	return n, accounts(ctx, src, tracking.AccountFilter{}, func(a db.AccountItem) error {
		n.accounts[a.ID] = a.Handle
		return nil
	})
}

func usageColumns() []string {
	return []string{"date", "polls", "posts_tracked", "notifications_sent", "api_requests", "api_requests_refused", "exports"}
}

// eachDay gives the days as the usage page shows them: those without use too, the last 30 without bounds.
func eachDay(ctx context.Context, src sourceOf, emit func([]any) error) error {
	report, err := usage.NewReaderIn(src.tx, time.Now).Days(ctx, src.clientID, src.from, src.to)
	if err != nil {
		return err
	}
	for _, d := range report.Days {
		if err := emit([]any{d.Day.Format(time.DateOnly), d.Polls, d.PostsTracked, d.NotificationsSent, d.ApiRequests, d.ApiRefused, d.Exports}); err != nil {
			return err
		}
	}
	return nil
}

func auditColumns() []string {
	return []string{
		"seq", "created_at", "actor_type", "actor_id", "actor_name", "action", "target_type", "target_id", "changes", "source",
		"ip_address", "request_id", "id",
	}
}

func eachEntry(ctx context.Context, src sourceOf, emit func([]any) error) error {
	reader, f := audit.NewReaderIn(src.tx), src.filters
	filter := audit.Filter{ActorID: f.ActorID, Action: f.Action, TargetType: f.TargetType, From: src.from, To: src.to}
	var behind *audit.Place
	for {
		rows, err := reader.Entries(ctx, src.clientID, filter, behind, page)
		if err != nil {
			return err
		}
		for _, e := range rows {
			if err := emit(entryValues(e)); err != nil {
				return err
			}
		}
		if len(rows) < page {
			return nil
		}
		last := rows[len(rows)-1]
		behind = &audit.Place{CreatedAt: last.CreatedAt, ID: last.ID}
	}
}

func entryValues(e db.AuditLog) []any {
	var address *string
	if e.IpAddress != nil {
		text := e.IpAddress.String()
		address = &text
	}
	return []any{
		e.Seq, e.CreatedAt, e.ActorType, e.ActorID, e.ActorName, e.Action, e.TargetType, e.TargetID, json.RawMessage(e.Changes), e.Source,
		address, e.RequestID, e.ID.String(),
	}
}
