package export

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/audit"
	"trackbot/internal/fault"
	"trackbot/internal/filestore"
	"trackbot/internal/plan"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// Kind is what is exported.
type Kind string

// The kinds: the rows of a list of the dashboard, or all there is.
const (
	Posts    Kind = "posts"
	Accounts Kind = "accounts"
	Audit    Kind = "audit"
	Usage    Kind = "usage"
	Archive  Kind = "archive" // everything of the tenant, one file a list
)

// Format is the kind of file.
type Format string

// The formats: RFC 4180 with a byte order mark, Office Open XML, and one JSON object a line.
const (
	CSV   Format = "csv"
	XLSX  Format = "xlsx"
	JSONL Format = "jsonl"
	Zip   Format = "zip" // of archives alone
)

// Order is an export that is asked for.
type Order struct {
	Kind   Kind
	Format Format
	// Filters is a JSON object of the list's filters by the names of the contract; it is kept as it is, to tell
	// people what the file holds.
	Filters json.RawMessage
	// From and To bound the rows in absolute time as the filters' own from and to do; zero times do not.
	From, To time.Time
	Key      string // idempotency key; "" for none
}

// maxOpen is how many exports of a tenant may wait or be in the making.
const maxOpen = 10

// Exports takes orders and hands out files. It is safe for concurrent use.
type Exports struct {
	store   *store.Store
	queries *db.Queries
	files   filestore.Files
}

// New returns the exports of the API's store.
func New(st *store.Store, files filestore.Files) *Exports {
	return &Exports{store: st, queries: db.New(), files: files}
}

// Request queues an order. The same key within 24 h gives the export that it made. Refusals: conflict (the
// key was used for another order, or too many exports wait), validation_failed.
func (x *Exports) Request(ctx context.Context, by audit.By, clientID uuid.UUID, o Order) (db.Export, error) {
	if (o.Kind == Archive) != (o.Format == Zip) {
		return db.Export{}, fault.Invalid(fault.Field{Name: "format", Message: "must be zip for an archive, and csv, xlsx or jsonl for a list"})
	}
	filters, err := parseFilters(o.Kind, o.Filters)
	if err != nil {
		return db.Export{}, err
	}
	var made db.Export
	err = x.store.InTenantTx(ctx, clientID, func(tx store.Conn) error {
		if _, err := x.queries.LockExportOrders(ctx, tx, clientID); err != nil {
			return fmt.Errorf("lock export orders: %w", err)
		}
		earlier, found, err := x.earlier(ctx, tx, clientID, o)
		if err != nil || found {
			made = earlier
			return err
		}
		if made, err = x.insert(ctx, tx, by.ID, clientID, o, filters); err != nil {
			return err
		}
		return audit.Append(ctx, tx, audit.Entry{
			ClientID: clientID, By: by, Action: audit.ExportRequested, TargetType: audit.TargetExport, TargetID: made.ID.String(),
			Changes: []audit.Change{{Field: "kind", New: o.Kind}, {Field: "format", New: o.Format}, {Field: "filters", New: o.Filters}},
		})
	})
	return made, err
}

// earlier finds the export that the order's key has made.
func (x *Exports) earlier(ctx context.Context, tx store.Conn, clientID uuid.UUID, o Order) (db.Export, bool, error) {
	if o.Key == "" {
		return db.Export{}, false, nil
	}
	if err := x.queries.ForgetExportKeys(ctx, tx, clientID); err != nil {
		return db.Export{}, false, fmt.Errorf("forget export keys: %w", err)
	}
	made, err := x.queries.GetExportByKey(ctx, tx, clientID, o.Key)
	switch {
	case store.IsNotFound(err):
		return db.Export{}, false, nil
	case err != nil:
		return db.Export{}, false, fmt.Errorf("get export by key: %w", err)
	case made.Kind != string(o.Kind) || made.Format != string(o.Format) || !sameJSON(made.Filters, o.Filters):
		return db.Export{}, false, fault.New(fault.Conflict, "This Idempotency-Key was used for another export.")
	}
	return made, true, nil
}

func (x *Exports) insert(ctx context.Context, tx store.Conn, requestedBy string, clientID uuid.UUID, o Order, f filters) (db.Export, error) {
	open, err := x.queries.CountOpenExports(ctx, tx, clientID)
	if err != nil {
		return db.Export{}, fmt.Errorf("count exports: %w", err)
	}
	if open >= maxOpen {
		return db.Export{}, fault.Newf(fault.Conflict, "%d exports are already waiting. Wait for one, or delete one.", maxOpen)
	}
	limits, err := plan.Of(ctx, tx, clientID)
	if err != nil {
		return db.Export{}, err
	}
	if err := x.checkSize(ctx, tx, clientID, o, f, limits); err != nil {
		return db.Export{}, err
	}
	limit := int64(limits.ExportRows)
	if o.Kind == Archive {
		limit = noLimit
	}
	id, err := uuid.NewV7()
	if err != nil {
		return db.Export{}, fmt.Errorf("make export id: %w", err)
	}
	row, err := x.queries.InsertExport(ctx, tx, db.InsertExportParams{
		ClientID: clientID, ID: id, Kind: string(o.Kind), Format: string(o.Format), Filters: o.Filters,
		FromTime: timeOrNil(o.From), ToTime: timeOrNil(o.To), RowLimit: limit, IdempotencyKey: textOrNil(o.Key),
		RequestedBy: requestedBy,
	})
	if err != nil {
		return db.Export{}, fmt.Errorf("insert export: %w", err)
	}
	return row, nil
}

// checkSize refuses posts beyond the plan's rows at once. Other kinds are small; all are held to the limit
// while they are written.
func (x *Exports) checkSize(ctx context.Context, tx store.Conn, clientID uuid.UUID, o Order, f filters, limits db.Entitlement) error {
	if o.Kind != Posts {
		return nil
	}
	n, err := x.queries.CountPostsUpTo(ctx, tx, db.CountPostsUpToParams{
		ClientID: clientID, FromTime: timeOrNil(o.From), ToTime: timeOrNil(o.To), AccountID: f.AccountID, GroupID: f.GroupID, BrandID: f.BrandID,
		Platform: f.Platform, Kind: f.Kind, Search: f.Search, MaxRows: limits.ExportRows + 1,
	})
	if err != nil {
		return fmt.Errorf("count posts: %w", err)
	}
	if n > int64(limits.ExportRows) {
		return fault.New(fault.TierLimit, tooManyRows(int64(limits.ExportRows)))
	}
	return nil
}

func tooManyRows(limit int64) string {
	return fmt.Sprintf("The export has more than the %d rows of the plan. Narrow it by its filters.", limit)
}

// List returns at most limit exports older than before (nil: from the newest).
func (x *Exports) List(ctx context.Context, clientID uuid.UUID, before *uuid.UUID, limit int) ([]db.Export, error) {
	at := uuid.Max
	if before != nil {
		at = *before
	}
	rows, err := x.queries.ListExports(ctx, x.store.Tenant(clientID), db.ListExportsParams{ClientID: clientID, BeforeID: at, MaxRows: int32(limit)})
	if err != nil {
		return nil, fmt.Errorf("list exports: %w", err)
	}
	return rows, nil
}

// Get returns one export of the tenant.
func (x *Exports) Get(ctx context.Context, clientID, id uuid.UUID) (db.Export, error) {
	row, err := x.queries.GetExport(ctx, x.store.Tenant(clientID), clientID, id)
	if store.IsNotFound(err) {
		return row, fault.New(fault.NotFound, "There is nothing here.")
	}
	if err != nil {
		return row, fmt.Errorf("get export: %w", err)
	}
	return row, nil
}

// Delete takes an export back, whatever its state, and then its file.
func (x *Exports) Delete(ctx context.Context, by audit.By, clientID, id uuid.UUID) error {
	var gone db.DeleteExportRow
	err := x.store.InTenantTx(ctx, clientID, func(tx store.Conn) (err error) {
		if gone, err = x.queries.DeleteExport(ctx, tx, clientID, id); err != nil {
			return err
		}
		return audit.Append(ctx, tx, audit.Entry{
			ClientID: clientID, By: by, Action: audit.ExportDeleted, TargetType: audit.TargetExport, TargetID: id.String(),
			Changes: []audit.Change{{Field: "kind", Old: gone.Kind}, {Field: "format", Old: gone.Format}},
		})
	})
	if store.IsNotFound(err) {
		return fault.New(fault.NotFound, "There is nothing here.")
	}
	if err != nil {
		return fmt.Errorf("delete export: %w", err)
	}
	if gone.Location == nil {
		return nil
	}
	_ = x.files.Remove(ctx, *gone.Location) // what stays is swept by the worker
	return nil
}

// Download opens the file of a finished export. fromStart says that the caller asks for all of it, which is one download in
// the log; a part is one too, unless the caller has begun within the hour: nearly all of a file is a part of it.
// Refusals: not_found (expired too), conflict (not done).
func (x *Exports) Download(ctx context.Context, by audit.By, export db.Export, fromStart bool) (io.ReadSeekCloser, error) {
	switch {
	case export.State == "expired":
		return nil, errGone()
	case export.State != "done" || export.Location == nil:
		return nil, fault.New(fault.Conflict, "The file is not ready yet.")
	}
	file, err := x.files.Open(ctx, *export.Location)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errGone()
	}
	if err != nil {
		return nil, fault.Wrap(err, fault.Unavailable, "The file cannot be read at the moment.")
	}
	err = x.store.InTenantTx(ctx, export.ClientID, func(tx store.Conn) error {
		if !fromStart {
			begun, err := x.queries.HasTakenExport(ctx, tx, db.HasTakenExportParams{
				ClientID: export.ClientID, ExportID: export.ID.String(), ActorID: by.Actor.ID,
			})
			if err != nil || begun {
				return err
			}
		}
		return audit.Append(ctx, tx, audit.Entry{
			ClientID: export.ClientID, By: by, Action: audit.ExportDownloaded, TargetType: audit.TargetExport, TargetID: export.ID.String(),
		})
	})
	if err != nil {
		_ = file.Close() // nothing was written
		return nil, fmt.Errorf("log download: %w", err)
	}
	return file, nil
}

func errGone() error {
	return fault.New(fault.NotFound, "The file has expired. Order the export again.")
}

// sameJSON compares what two documents say, whatever their spaces and order.
func sameJSON(a, b []byte) bool {
	var left, right any
	if json.Unmarshal(a, &left) != nil || json.Unmarshal(b, &right) != nil {
		return false
	}
	l, errL := json.Marshal(left)
	r, errR := json.Marshal(right)
	return errL == nil && errR == nil && bytes.Equal(l, r)
}

func timeOrNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func textOrNil(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
