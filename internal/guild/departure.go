package guild

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// departuresARound bounds how many guilds are left one after the other.
const departuresARound = 20

// Departures are the guilds that the bot must leave since their data is being deleted. It is safe for concurrent use.
type Departures struct{ st *store.Store }

// NewDepartures returns those of a store of the notifier's role.
func NewDepartures(st *store.Store) *Departures { return &Departures{st: st} }

// Due lists some guilds to leave.
func (d *Departures) Due(ctx context.Context) ([]db.ListDeparturesRow, error) {
	rows, err := db.New().ListDepartures(ctx, d.st.Shared(), departuresARound)
	if err != nil {
		return nil, fmt.Errorf("list departures: %w", err)
	}
	return rows, nil
}

// Left records that the bot is not in the guild any more.
func (d *Departures) Left(ctx context.Context, clientID uuid.UUID) error {
	if err := db.New().MarkDeparted(ctx, d.st.Shared(), clientID); err != nil {
		return fmt.Errorf("mark departed: %w", err)
	}
	return nil
}
