package store

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Together sends the writes that fn makes on conn in one round trip, in their order, each seeing what those before it
// did. conn takes statements that return nothing, and tells of no rows affected; an error of one of them is Together's. tx
// is that of InTx and its like.
func Together(ctx context.Context, tx Conn, fn func(conn Conn) error) error {
	sender, ok := tx.(interface {
		SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults
	})
	if !ok {
		return errors.New("send statements together: not in a transaction of one connection")
	}
	gathered := &gathering{}
	if err := fn(gathered); err != nil {
		return err
	}
	if gathered.batch.Len() == 0 {
		return nil
	}
	return sender.SendBatch(ctx, &gathered.batch).Close() // tells of the first error
}

var errGathering = errors.New("only statements without an answer can be sent together")

// gathering keeps statements for later.
type gathering struct{ batch pgx.Batch }

func (g *gathering) Exec(_ context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	g.batch.Queue(sql, args...)
	return pgconn.CommandTag{}, nil
}

func (*gathering) Query(context.Context, string, ...any) (pgx.Rows, error) { return nil, errGathering }

func (*gathering) QueryRow(context.Context, string, ...any) pgx.Row { return oneRow{err: errGathering} }
