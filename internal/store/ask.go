package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Question is a query to ask in one round trip with others.
type Question struct {
	On Conn // of the store's that asks: Shared, Tenant, Directory or their like
	// Read asks one query on the connection it is given and takes over its answer; that there is no row is an answer
	// too. It is called twice, at first only to learn the query, and what it returns then does not count.
	Read func(ctx context.Context, conn Conn) error
	// Done is called once: with nil when all questions were answered and what they changed is committed.
	Done func(err error)
}

// Ask asks all questions in one round trip, in their order, each in the scope of its own connection. They are one
// transaction: if one fails nothing has happened.
func (s *Store) Ask(ctx context.Context, questions []Question) {
	err := errLater
	defer func() {
		for _, q := range questions {
			q.Done(err)
		}
	}()
	err = s.ask(ctx, questions)
}

func (s *Store) ask(ctx context.Context, questions []Question) error {
	batch, scope := &pgx.Batch{}, scoped{}
	scopes := make([]bool, len(questions)) // whether a setting comes before
	for i, q := range questions {
		var query gathered
		_ = q.Read(ctx, &query)
		if query.sql == "" {
			return errors.New("ask together: no query")
		}
		on, _ := q.On.(scoped)
		if scopes[i] = on.setting != scope.setting || on.value != scope.value; scopes[i] {
			scope.leaveFor(batch, on)
		}
		scope = on
		batch.Queue(query.sql, query.args...)
	}
	results := s.pool.SendBatch(ctx, batch)
	for i, q := range questions {
		if err := q.take(ctx, results, scopes[i]); err != nil {
			results.Close() // the first error is the one to report
			return fmt.Errorf("ask together: %w", err)
		}
	}
	return results.Close()
}

// leaveFor sets another scope in the place of this one.
func (s scoped) leaveFor(batch *pgx.Batch, next scoped) {
	switch {
	case s.setting == "" || s.setting == next.setting:
		batch.Queue(setLocal, next.setting, next.value)
	case next.setting == "":
		batch.Queue(setLocal, s.setting, "")
	default:
		batch.Queue(setLocal+", set_config($3, '', true)", next.setting, next.value, s.setting)
	}
}

// take reads what a question and the setting before it were answered.
func (q Question) take(ctx context.Context, results pgx.BatchResults, scoped bool) error {
	if scoped {
		if _, err := results.Exec(); err != nil {
			return err
		}
	}
	rows, err := results.Query()
	if err != nil {
		return err
	}
	defer rows.Close()
	return q.Read(ctx, answered{rows})
}

var (
	errLater    = errors.New("the answer comes later")
	errOneQuery = errors.New("a question is one query")
)

// gathered keeps a query for later.
type gathered struct {
	sql  string
	args []any
}

func (g *gathered) Query(_ context.Context, sql string, args ...any) (pgx.Rows, error) {
	g.sql, g.args = sql, args
	return nil, errLater
}

func (g *gathered) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	_, err := g.Query(ctx, sql, args...)
	return oneRow{err: err}
}

func (*gathered) Exec(context.Context, string, ...any) (pgconn.CommandTag, error) {
	return pgconn.CommandTag{}, errOneQuery
}

// answered gives the rows that have come to whoever asks the query that was gathered.
type answered struct{ rows pgx.Rows }

func (a answered) Query(context.Context, string, ...any) (pgx.Rows, error) { return a.rows, nil }

func (a answered) QueryRow(context.Context, string, ...any) pgx.Row { return oneRow{rows: a.rows} }

func (answered) Exec(context.Context, string, ...any) (pgconn.CommandTag, error) {
	return pgconn.CommandTag{}, errOneQuery
}
