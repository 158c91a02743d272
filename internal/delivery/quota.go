package delivery

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/store"
)

// Quota is a limit of a plan with what is used of it.
type Quota struct{ Used, Most int64 }

// nearly is the share of a limit from which on its manager is warned.
const nearly = 0.8

// level is how far a quota is used up: 100, 80 or 0.
func (q Quota) level() int {
	switch {
	case q.Most <= 0 || q.Used <= 0:
		return 0
	case q.Used >= q.Most:
		return 100
	case float64(q.Used) >= nearly*float64(q.Most):
		return 80
	}
	return 0
}

// Warn tells a manager, once in a period and level, that what stands under a plan's limit has come to 80 or 100 % of it. what
// names it in the plural, such as "accounts". It belongs into the transaction that took up the room, late in it.
func Warn(ctx context.Context, tx store.Conn, clientID uuid.UUID, what string, before, now Quota) error {
	level := now.level()
	if level == 0 || level == before.level() {
		return nil
	}
	month := time.Now().UTC()
	month = time.Date(month.Year(), month.Month(), 1, 0, 0, 0, 0, time.UTC)
	return Raise(ctx, tx, Alert{
		ClientID: clientID, Subject: fmt.Sprintf("plan_%s:%d", what, level), Since: month, Message: quotaMessage(what, level, now),
	})
}

func quotaMessage(what string, level int, q Quota) Message {
	if level == 100 {
		return Message{
			Title: fmt.Sprintf("All %d %s of the plan are in use", q.Most, what), Color: warningColor,
			Body: "Remove what you no longer need, or move to a larger plan, to add more.",
		}
	}
	return Message{
		Title: fmt.Sprintf("%d of the plan's %d %s are in use", q.Used, q.Most, what), Color: warningColor,
		Body: "A larger plan has room for more.",
	}
}

// warn tells the manager that the messages of the day come to an end or have: each once a day, whichever process counted.
// The first few from 80 % on see to it, should the process that sent the first have died.
func (o *Outbox) warn(ctx context.Context, clientID uuid.UUID, q Quota) error {
	now := time.Now()
	switch q.level() {
	case 100:
		return o.tellUsedUp(ctx, clientID, now)
	case 80:
		if q.Used > int64(nearly*float64(q.Most))+max(q.Most/100, 3) {
			return nil // told by those before
		}
		return o.store.InTx(ctx, func(tx store.Conn) error {
			return Raise(ctx, tx, Alert{
				ClientID: clientID, Subject: "plan_notifications:80", Since: now.UTC().Truncate(24 * time.Hour),
				Message: Message{
					Title: fmt.Sprintf("%d of the plan's %d messages of today are sent", q.Used, q.Most), Color: warningColor,
					Body: "When they are used up new posts wait for the next day (UTC). A larger plan has more; a digest in the settings needs fewer.",
				},
			})
		})
	}
	return nil
}
