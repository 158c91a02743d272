package guild

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/store/db"
)

// Concern is a kind of thing that needs a manager.
type Concern string

// The concerns, in the order they are told.
const (
	Deletion        Concern = "deletion_scheduled" // of all of the tenant's data
	Suspended       Concern = "suspended"          // by the operator: nothing is done for the tenant
	BrokenAudit     Concern = "audit_broken"       // its log of changes was tampered with
	PausedChannels  Concern = "paused_channels"    // Discord refused a message for good
	PausedRoutes    Concern = "paused_routes"      // likewise, or by a manager
	NoChannel       Concern = "no_channel"         // accounts whose posts have nowhere to go
	Undelivered     Concern = "undelivered"        // messages given up in the last 7 days
	FailingAccounts Concern = "failing_accounts"   // that the platform refuses, or that do not answer
	GoneAccounts    Concern = "gone_accounts"      // deleted at the platform
	PlanPaused      Concern = "paused_by_plan"     // accounts beyond the plan
	PlanGrace       Concern = "plan_grace"         // accounts that the end of a smaller plan's grace pauses
	LimitReached    Concern = "limit_reached"      // limits of the plan that are used up
	LimitNear       Concern = "limit_near"         // those used from 80 % on
)

// Attention is how many things of a kind need a manager, and since when; nil where that is not known.
type Attention struct {
	Concern Concern
	Count   int64
	Since   *time.Time
}

// Attention tells what of a tenant needs a manager, and how many accounts it has. One round trip.
func (r *Reader) Attention(ctx context.Context, clientID uuid.UUID) (needs []Attention, accounts int64, err error) {
	row, err := r.queries.GetAttention(ctx, r.store.Tenant(clientID), clientID)
	if err != nil {
		return nil, 0, fmt.Errorf("get attention: %w", err)
	}
	return attentionOf(row), row.Accounts, nil
}

func attentionOf(row db.GetAttentionRow) []Attention {
	needs := []Attention{}
	add := func(c Concern, count int64, since time.Time) {
		if count == 0 {
			return
		}
		a := Attention{Concern: c, Count: count}
		if since.Unix() != 0 {
			a.Since = &since
		}
		needs = append(needs, a)
	}
	once := func(c Concern, since time.Time) {
		if since.Unix() != 0 {
			add(c, 1, since)
		}
	}
	once(Deletion, row.EraseSince)
	once(Suspended, row.SuspendedSince)
	once(BrokenAudit, row.AuditBrokenSince)
	add(PausedChannels, row.Channels, row.ChannelsSince)
	add(PausedRoutes, row.Routes, row.RoutesSince)
	add(NoChannel, row.Nowhere, time.Unix(0, 0))
	add(Undelivered, row.Dead, row.DeadSince)
	add(FailingAccounts, row.Failing, row.FailingSince)
	add(GoneAccounts, row.Gone, row.GoneSince)
	add(PlanPaused, row.PlanPaused, row.PlanPausedSince)
	unknown := time.Unix(0, 0)
	add(PlanGrace, row.PlanBeyond, unknown)
	add(LimitReached, row.UsedUp, unknown)
	add(LimitNear, row.Nearly, unknown)
	return needs
}
