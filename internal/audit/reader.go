package audit

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// State is how a tenant's log stands.
type State string

// The states of a log.
const (
	Sound     State = "sound"     // as far as it was checked
	Broken    State = "broken"    // an entry was altered, taken out or put in
	Unchecked State = "unchecked" // not checked yet
)

// Integrity is what is known of a tenant's log.
type Integrity struct {
	State      State
	Entries    int64 // in the log
	CheckedSeq int64 // the last entry that was found sound
	BrokenSeq  int64 // the first that is not, 0 if none is known
	CheckedAt  *time.Time
}

// Filter narrows the log; nil and zero values do not.
type Filter struct {
	ActorID, Action, TargetType *string
	From, To                    time.Time // From inclusive, To exclusive
}

// Place is the last entry of a page.
type Place struct {
	CreatedAt time.Time `json:"t"`
	ID        uuid.UUID `json:"i"`
}

// Reader reads logs for the API. It is safe for concurrent use.
type Reader struct {
	scope   func(clientID uuid.UUID) store.Conn
	queries *db.Queries
}

// NewReader returns a reader over the API's store.
func NewReader(st *store.Store) *Reader { return &Reader{scope: st.Tenant, queries: db.New()} }

// NewReaderIn returns a reader within a transaction that is scoped to one tenant; for one goroutine.
func NewReaderIn(tx store.Conn) *Reader {
	return &Reader{scope: func(uuid.UUID) store.Conn { return tx }, queries: db.New()}
}

// List returns at most limit entries behind the place (nil: from the newest), newest first, and what is known of the
// log's integrity. The entries themselves are checked now, the rest was by Checker.
func (r *Reader) List(ctx context.Context, clientID uuid.UUID, f Filter, behind *Place, limit int) ([]db.AuditLog, Integrity, error) {
	rows, err := r.Entries(ctx, clientID, f, behind, limit)
	if err != nil {
		return nil, Integrity{}, err
	}
	known, salt, err := r.integrity(ctx, clientID)
	if err != nil {
		return nil, Integrity{}, err
	}
	if seq := brokenIn(salt, rows); seq > 0 && (known.BrokenSeq == 0 || seq < known.BrokenSeq) {
		known.State, known.BrokenSeq = Broken, seq
	}
	return rows, known, nil
}

// Entries returns at most limit entries behind the place (nil: from the newest), newest first.
func (r *Reader) Entries(ctx context.Context, clientID uuid.UUID, f Filter, behind *Place, limit int) ([]db.AuditLog, error) {
	at := Place{CreatedAt: f.To, ID: uuid.Nil}
	if f.To.IsZero() {
		at.CreatedAt = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	if behind != nil && behind.CreatedAt.Before(at.CreatedAt) {
		at = *behind
	}
	rows, err := r.queries.ListAuditEntries(ctx, r.scope(clientID), db.ListAuditEntriesParams{
		ClientID: clientID, FromTime: f.From, BeforeTime: at.CreatedAt, BeforeID: at.ID,
		ActorID: f.ActorID, Action: f.Action, TargetType: f.TargetType, MaxRows: int32(limit),
	})
	if err != nil {
		return nil, fmt.Errorf("list audit entries: %w", err)
	}
	return rows, nil
}

func (r *Reader) integrity(ctx context.Context, clientID uuid.UUID) (known Integrity, salt []byte, err error) {
	row, err := r.queries.GetAuditIntegrity(ctx, r.scope(clientID), clientID)
	if store.IsNotFound(err) {
		return Integrity{State: Unchecked}, nil, nil // nothing was ever logged
	}
	if err != nil {
		return Integrity{}, nil, fmt.Errorf("get audit integrity: %w", err)
	}
	known = Integrity{State: Sound, Entries: row.HeadSeq, CheckedSeq: row.CheckedSeq, BrokenSeq: row.BrokenSeq, CheckedAt: &row.CheckedAt}
	switch {
	case row.BrokenSeq > 0:
		known.State = Broken
	case row.CheckedAt.Unix() == 0:
		known.State, known.CheckedAt = Unchecked, nil
	}
	return known, row.Salt, nil
}

// brokenIn is the first of some entries, newest first, that is not as it was written or does not follow the one before it
// where that is among them; 0 when all are.
func brokenIn(salt []byte, rows []db.AuditLog) (seq int64) {
	for i, row := range rows {
		follows := i+1 == len(rows) || rows[i+1].Seq != row.Seq-1 || bytes.Equal(row.Previous, rows[i+1].Hash)
		if !follows || altered(salt, row) != "" {
			seq = row.Seq
		}
	}
	return seq
}
