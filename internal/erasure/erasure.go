package erasure

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/filestore"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// Interval is how often a round is due.
const Interval = time.Minute

// Config has working zero values.
type Config struct {
	// Batch is how many rows go in one transaction, so that none holds locks for long. Default 500.
	Batch int
	// Patience is how long a tenant waits for the bot to leave before it is erased all the same. Default 24 h.
	Patience time.Duration
	// Settle is how long after a person has left their entries are looked for: what the api began for them before is
	// written by then. Default 15 s.
	Settle time.Duration
}

const maxARound = 20 // tenants, and people

// Eraser erases. Several may run at once.
type Eraser struct {
	store   *store.Store
	queries *db.Queries
	files   filestore.Files
	log     *slog.Logger
	cfg     Config
}

// New returns an Eraser on a store of the worker's role and the files of exports.
func New(st *store.Store, files filestore.Files, log *slog.Logger, cfg Config) *Eraser {
	if cfg.Batch == 0 {
		cfg.Batch = 500
	}
	if cfg.Patience == 0 {
		cfg.Patience = 24 * time.Hour
	}
	if cfg.Settle == 0 {
		cfg.Settle = 15 * time.Second
	}
	return &Eraser{store: st, queries: db.New(), files: files, log: log, cfg: cfg}
}

// Round erases who is due. What fails is tried again in the next round and does not keep the others.
func (e *Eraser) Round(ctx context.Context) error {
	return errors.Join(e.tenants(ctx), e.people(ctx))
}

func (e *Eraser) tenants(ctx context.Context) error {
	due, err := e.queries.ListClientsToErase(ctx, e.store.Shared(), e.cfg.Patience.Seconds(), maxARound)
	if err != nil {
		return fmt.Errorf("list clients to erase: %w", err)
	}
	var failures []error
	for _, c := range due {
		err := e.tenant(ctx, c.ID)
		if errors.Is(err, errKept) {
			continue
		}
		if err != nil {
			failures = append(failures, fmt.Errorf("erase client %s: %w", c.ID, err))
			continue
		}
		e.log.InfoContext(ctx, "client erased", "client_id", c.ID)
	}
	return errors.Join(failures...)
}

// errKept says that a tenant is not to be erased any more, or was by another worker.
var errKept = errors.New("the tenant is not to be erased")

// held does something to a tenant that is still to be erased; nobody puts that off before the end.
func (e *Eraser) held(ctx context.Context, clientID uuid.UUID, do func(tx store.Conn) error) error {
	return e.store.InTx(ctx, func(tx store.Conn) error {
		_, err := e.queries.LockClientToErase(ctx, tx, clientID)
		if store.IsNotFound(err) {
			return errKept
		}
		if err != nil {
			return fmt.Errorf("lock client: %w", err)
		}
		return do(tx)
	})
}

// tenant deletes posts and log in batches, the files, and then the rest at once.
func (e *Eraser) tenant(ctx context.Context, clientID uuid.UUID) error {
	if err := e.repeat(func() (int, error) { return e.deletePosts(ctx, clientID) }); err != nil {
		return err
	}
	if err := e.repeat(func() (int, error) { return e.deleteLog(ctx, clientID) }); err != nil {
		return err
	}
	files, err := e.queries.ListExportFilesOfClient(ctx, e.store.Shared(), clientID)
	if err != nil {
		return fmt.Errorf("list export files: %w", err)
	}
	for _, name := range files { // one that a worker is writing belongs to no export any more and is swept
		if err := e.files.Remove(ctx, name); err != nil {
			return fmt.Errorf("remove export file: %w", err)
		}
	}
	return e.store.InTx(ctx, func(tx store.Conn) error { return e.end(ctx, tx, clientID) })
}

// repeat goes on until a batch is not full.
func (e *Eraser) repeat(batch func() (int, error)) error {
	for n := e.cfg.Batch; n == e.cfg.Batch; {
		var err error
		if n, err = batch(); err != nil {
			return err
		}
	}
	return nil
}

func (e *Eraser) deletePosts(ctx context.Context, clientID uuid.UUID) (n int, err error) {
	err = e.held(ctx, clientID, func(tx store.Conn) error {
		ids, err := e.queries.DeletePostsOfClient(ctx, tx, clientID, int32(e.cfg.Batch))
		if err != nil {
			return fmt.Errorf("delete posts: %w", err)
		}
		if n = len(ids); n == 0 {
			return nil
		}
		if err := e.queries.DeleteOrphanedMetrics(ctx, tx, ids); err != nil {
			return fmt.Errorf("delete orphaned metrics: %w", err)
		}
		return nil
	})
	return n, err
}

func (e *Eraser) deleteLog(ctx context.Context, clientID uuid.UUID) (n int, err error) {
	err = e.held(ctx, clientID, func(tx store.Conn) error {
		deleted, err := e.queries.DeleteAuditOfClient(ctx, tx, clientID, int32(e.cfg.Batch))
		if err != nil {
			return fmt.Errorf("delete audit log: %w", err)
		}
		n = int(deleted)
		return nil
	})
	return n, err
}

// end deletes the tenant with all that references it. What it tracked is left to the worker, which stops polling what
// nobody else tracks and deletes that a week later.
func (e *Eraser) end(ctx context.Context, tx store.Conn, clientID uuid.UUID) error {
	client, err := e.queries.LockClientToErase(ctx, tx, clientID)
	if store.IsNotFound(err) {
		return nil // another worker has done it
	}
	if err != nil {
		return fmt.Errorf("lock client: %w", err)
	}
	sources, err := e.queries.ListSourcesOfClient(ctx, tx, clientID)
	if err != nil {
		return fmt.Errorf("list sources: %w", err)
	}
	for n := int64(e.cfg.Batch); n == int64(e.cfg.Batch); { // what was written meanwhile
		if n, err = e.queries.DeleteAuditOfClient(ctx, tx, clientID, int32(e.cfg.Batch)); err != nil {
			return fmt.Errorf("delete audit log: %w", err)
		}
	}
	if err := e.queries.EraseClient(ctx, tx, clientID); err != nil {
		return fmt.Errorf("delete client: %w", err)
	}
	if err := e.queries.DeleteFigureMarksOfClient(ctx, tx, clientID); err != nil {
		return fmt.Errorf("delete figure marks: %w", err)
	}
	if err := e.queries.ReviewSources(ctx, tx, sources); err != nil {
		return fmt.Errorf("review sources: %w", err)
	}
	by := "manager"
	if client.ByOperator {
		by = "operator"
	}
	if err := e.queries.NoteErasure(ctx, tx, db.NoteErasureParams{ID: clientID, RequestedAt: client.RequestedAt, RequestedBy: by}); err != nil {
		return fmt.Errorf("note erasure: %w", err)
	}
	return nil
}

func (e *Eraser) people(ctx context.Context) error {
	left, err := e.queries.ListErasedPeople(ctx, e.store.Shared(), e.cfg.Settle.Seconds(), maxARound)
	if err != nil {
		return fmt.Errorf("list people who have left: %w", err)
	}
	var failures []error
	for _, p := range left {
		if err := e.person(ctx, p); err != nil {
			failures = append(failures, fmt.Errorf("erase a person: %w", err))
		}
	}
	return errors.Join(failures...)
}

func (e *Eraser) person(ctx context.Context, p db.AccountErasure) error {
	err := e.repeat(func() (int, error) {
		n, err := e.queries.EraseActor(ctx, e.store.Shared(), p.UserID, int32(e.cfg.Batch))
		return int(n), err
	})
	if err != nil {
		return fmt.Errorf("alias audit entries: %w", err)
	}
	if err := e.queries.EraseCreators(ctx, e.store.Shared(), p.UserID); err != nil {
		return fmt.Errorf("forget creators: %w", err)
	}
	if err := e.queries.EndErasureOfPerson(ctx, e.store.Shared(), p.UserID, p.RequestedAt); err != nil {
		return fmt.Errorf("end erasure: %w", err)
	}
	return nil
}
