package store

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// scoped sends a setting that lasts for the transaction and the query itself as one pgx batch:
// one round trip, and the server treats the batch as one transaction.
type scoped struct {
	pool           *pgxpool.Pool
	setting, value string
}

// Person gives a connection on which the API's role sees a user's own entries in the logs of all tenants.
func (s *Store) Person(userID string) Conn {
	return scoped{pool: s.pool, setting: "app.user_id", value: userID}
}

const setLocal = "SELECT set_config($1, $2, true)"

func (s scoped) send(ctx context.Context, sql string, args []any) (pgx.BatchResults, error) {
	batch := &pgx.Batch{}
	batch.Queue(setLocal, s.setting, s.value)
	batch.Queue(sql, args...)
	results := s.pool.SendBatch(ctx, batch)
	if _, err := results.Exec(); err != nil {
		results.Close() // the first error is the one to report
		return nil, err
	}
	return results, nil
}

func (s scoped) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	results, err := s.send(ctx, sql, args)
	if err != nil {
		return pgconn.CommandTag{}, err
	}
	tag, err := results.Exec()
	if closeErr := results.Close(); err == nil {
		err = closeErr
	}
	return tag, err
}

func (s scoped) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	results, err := s.send(ctx, sql, args)
	if err != nil {
		return nil, err
	}
	rows, err := results.Query()
	if err != nil {
		results.Close() // the first error is the one to report
		return nil, err
	}
	return &batchRows{Rows: rows, results: results}, nil
}

func (s scoped) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	rows, err := s.Query(ctx, sql, args...)
	return oneRow{rows: rows, err: err}
}

// batchRows ends the batch, and so gives the connection back, with the last row.
type batchRows struct {
	pgx.Rows
	results pgx.BatchResults
	quick   quickRows
	closed  bool
	err     error
}

func (r *batchRows) Scan(dest ...any) error {
	if r.quick.scan(r.Rows, dest) {
		return nil
	}
	return r.Rows.Scan(dest...)
}

func (r *batchRows) Next() bool {
	if r.Rows.Next() {
		return true
	}
	r.Close()
	return false
}

func (r *batchRows) Close() {
	r.Rows.Close()
	if !r.closed {
		r.closed = true
		r.err = r.results.Close()
	}
}

func (r *batchRows) Err() error {
	if err := r.Rows.Err(); err != nil {
		return err
	}
	return r.err
}

type oneRow struct {
	rows pgx.Rows
	err  error
}

func (r oneRow) Scan(dest ...any) error {
	if r.err != nil {
		return r.err
	}
	defer r.rows.Close()
	if !r.rows.Next() {
		if err := r.rows.Err(); err != nil {
			return err
		}
		return pgx.ErrNoRows
	}
	if err := r.rows.Scan(dest...); err != nil {
		return err
	}
	r.rows.Close()
	return r.rows.Err()
}
