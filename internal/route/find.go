package route

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/store/db"
)

// Search selects routes as a manager names them: by id, or by a text in "target #channel". With a Target,
// those alone that aim at any of its ids.
type Search struct {
	ID          *uuid.UUID
	Target      Target
	Text        string
	Skip, Limit int
}

// Find lists routes by the name of what they aim at; each row tells how many there are in all.
func (d *Desk) Find(ctx context.Context, clientID uuid.UUID, s Search) ([]db.ListRouteUseRow, error) {
	rows, err := d.queries.ListRouteUse(ctx, d.st.Tenant(clientID), db.ListRouteUseParams{
		ClientID: clientID, ID: s.ID, AccountID: s.Target.AccountID, GroupID: s.Target.GroupID, BrandID: s.Target.BrandID,
		Search: s.Text, MaxRows: int32(s.Limit), SkipRows: int32(s.Skip),
	})
	if err != nil {
		return nil, fmt.Errorf("find routes: %w", err)
	}
	return rows, nil
}

// Decision is an entry in the trail of a delivery. Detail may be a reason, for delivery.Explain.
type Decision struct {
	At     time.Time
	Event  string
	Detail string
}

// Trail reads what was decided about a delivery, oldest first.
func Trail(d db.Delivery) ([]Decision, error) {
	var out []Decision
	if err := json.Unmarshal(d.Trail, &out); err != nil {
		return nil, fmt.Errorf("read trail: %w", err)
	}
	return out, nil
}
