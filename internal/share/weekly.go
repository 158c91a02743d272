package share

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/analytics"
	"trackbot/internal/delivery"
	"trackbot/internal/fault"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

const (
	// WeeklyEvery is how often to look for scorecards that are due.
	WeeklyEvery = time.Minute

	dueHour    = 9              // on Mondays, on the guild's wall clock
	weeklyLate = 24 * time.Hour // a week whose message could not be made until then goes without
	weeklyPage = 200
)

// Weekly puts a message about each brand's last week into the outbox, once a brand and week: the week is the notice's key,
// so whoever dies, and however many look at once, nothing is said twice and what was not said follows within a day. It
// waits for the end of quiet hours. It is safe for concurrent use.
type Weekly struct {
	store     *store.Store
	queries   *db.Queries
	desk      *Desk
	dashboard string
	now       func() time.Time
}

// NewWeekly returns a Weekly. outbox is a store of the worker's role, figures one of store.RoleExport, which sees one
// tenant at a time; dashboard is where the messages' buttons lead, "" for none.
func NewWeekly(outbox, figures *store.Store, dashboard string, now func() time.Time) *Weekly {
	return &Weekly{store: outbox, queries: db.New(), desk: New(figures, dashboard, now), dashboard: dashboard, now: now}
}

// Week is the one that a scorecard tells of: the seven days before the Monday at whose 09:00 its message is due.
type Week struct {
	Name     string // ISO 8601 of that Monday, such as 2026-W48
	From, To time.Time
	Due      time.Time
}

// DueWeek tells which week's message is due at a time in a zone, if any: from Monday 09:00 on, for a day.
func DueWeek(now time.Time, zone *time.Location) (Week, bool) {
	local := now.In(zone)
	y, m, day := local.Date()
	day -= (int(local.Weekday()) + 6) % 7 // Monday
	due := time.Date(y, m, day, dueHour, 0, 0, 0, zone)
	if now.Before(due) || now.Sub(due) >= weeklyLate {
		return Week{}, false
	}
	year, week := due.ISOWeek()
	return Week{
		Name: fmt.Sprintf("%d-W%02d", year, week), Due: due,
		From: analytics.StartOfDay(y, m, day-7, zone), To: analytics.StartOfDay(y, m, day, zone),
	}, true
}

// Round enqueues what is due now. A brand that cannot be told of does not keep the others waiting.
func (w *Weekly) Round(ctx context.Context) error {
	zones, err := w.queries.ListScorecardZones(ctx, w.store.Shared())
	if err != nil {
		return fmt.Errorf("list zones of scorecards: %w", err)
	}
	now := w.now()
	var failed []error
	for _, name := range zones {
		if week, due := DueWeek(now, analytics.Zone(name)); due {
			failed = append(failed, w.zone(ctx, name, week, now))
		}
	}
	return errors.Join(failed...)
}

// zone enqueues a zone's scorecards page by page.
func (w *Weekly) zone(ctx context.Context, name string, week Week, now time.Time) error {
	var failed []error
	page := db.ListDueScorecardsParams{
		Timezone: name, Week: week.Name, FromTime: week.From, ToTime: week.To, DueAt: week.Due, MaxRows: weeklyPage,
	}
	for more := true; more; {
		rows, err := w.queries.ListDueScorecards(ctx, w.store.Shared(), page)
		if err != nil {
			return errors.Join(append(failed, fmt.Errorf("list due scorecards: %w", err))...)
		}
		for _, row := range rows {
			page.AfterClient, page.AfterBrand = row.ClientID, row.BrandID
			if delivery.IsQuiet(now, analytics.Zone(name), row.QuietStart, row.QuietEnd) {
				continue
			}
			if err := w.tell(ctx, row, week); err != nil {
				failed = append(failed, fmt.Errorf("tell scorecard of brand %s: %w", row.BrandID, err))
			}
		}
		more = len(rows) == weeklyPage && ctx.Err() == nil
	}
	return errors.Join(failed...)
}

// tell enqueues one brand's scorecard, of the figures as they are now.
func (w *Weekly) tell(ctx context.Context, to db.ListDueScorecardsRow, week Week) error {
	card, err := w.desk.cardAt(ctx, to.ClientID, to.BrandID, week.Due)
	if refusal := fault.From(err); refusal != nil && refusal.Code == fault.NotFound {
		return nil // the brand has just gone
	}
	if err != nil {
		return err
	}
	message := Message(card, to.EmbedColor, w.dashboard, to.GuildID)
	return w.store.InTx(ctx, func(tx store.Conn) error {
		return delivery.EnqueueNotice(ctx, tx, delivery.Notice{
			ClientID: to.ClientID, Key: noticeKey(to.BrandID, week), ChannelID: to.ChannelID, Message: message,
		})
	})
}

// noticeKey is written the same in the query of what is due.
func noticeKey(brandID uuid.UUID, week Week) string {
	return "scorecard:" + brandID.String() + ":" + week.Name
}
