// Package store is PostgreSQL: pools that act as one service's role, tenant scope
// by row level security, transactions, migrations. SQL lives in queries/ and reaches
// Go through sqlc as package db, whose rows are the product's inner model.
package store

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"runtime"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"trackbot/internal/store/db"
)

// Role is the database role that a process acts as. The roles and what each may do are in migrations/.
type Role string

// The roles of the services, of what the worker reads for a tenant's export, and of the operator's commands.
const (
	RoleAPI      Role = "trackbot_api"
	RoleBot      Role = "trackbot_bot"
	RoleWorker   Role = "trackbot_worker"
	RoleNotifier Role = "trackbot_notifier"
	RoleExport   Role = "trackbot_export"
	RoleAdmin    Role = "trackbot_admin"
)

// Conn runs the queries of package db.
type Conn = db.DBTX

// Store is a pool of connections that all act as one role. It is safe for concurrent use.
type Store struct {
	pool *pgxpool.Pool
}

// Option changes a pool's configuration before it is opened.
type Option func(*pgxpool.Config)

// WithMaxConns sets the pool's size; the default is four connections a core
// (more back ends cost CPU and latency, not less).
func WithMaxConns(n int) Option { return func(c *pgxpool.Config) { c.MaxConns = int32(n) } }

// WithTracer watches the pool's queries.
func WithTracer(t pgx.QueryTracer) Option {
	return func(c *pgxpool.Config) { c.ConnConfig.Tracer = t }
}

// Open connects as the given role. It fails when the database cannot be reached.
func Open(ctx context.Context, url string, role Role, opts ...Option) (*Store, error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("parse database url: %w", redact(err))
	}
	cfg.MaxConns = int32(4 * runtime.GOMAXPROCS(0))
	cfg.ConnConfig.DialFunc = newDialer().DialContext
	if cfg.ConnConfig.ConnectTimeout == 0 {
		cfg.ConnConfig.ConnectTimeout = connectLimit
	}
	cfg.ConnConfig.RuntimeParams["role"] = string(role)
	cfg.ConnConfig.RuntimeParams["application_name"] = string(role)
	cfg.ConnConfig.RuntimeParams["timezone"] = "UTC"
	// Rows are looked up by key on solid state disks or in memory, by short queries.
	cfg.ConnConfig.RuntimeParams["random_page_cost"] = "1.1"
	cfg.ConnConfig.RuntimeParams["jit"] = "off"
	if role == RoleAPI || role == RoleExport {
		// Their lists are written for one plan each, and planning would cost more than running them.
		cfg.ConnConfig.RuntimeParams["plan_cache_mode"] = "force_generic_plan"
	}
	cfg.AfterConnect = knowUUIDs
	for _, o := range opts {
		o(cfg)
	}
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("open database pool: %w", err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		if isMissingRole(err) {
			return nil, ErrSchema
		}
		return nil, fmt.Errorf("reach database: %w", err)
	}
	return &Store{pool: pool}, nil
}

// isMissingRole tells whether the role of the start-up parameters does not exist, which the first migration makes.
func isMissingRole(err error) bool {
	var pe *pgconn.PgError
	return errors.As(err, &pe) && pe.Code == "22023" && strings.Contains(pe.Message, "role")
}

// redact drops the connection string that pgx quotes in a parse error.
func redact(err error) error {
	var pe *pgconn.ParseConfigError
	if errors.As(err, &pe) {
		return errors.New("not a PostgreSQL connection string")
	}
	return err
}

// Share is how many of the pool's connections one tenant may hold with reads, and as many with changes, so that a
// quarter stays for the others.
func (s *Store) Share() int { return max(int(s.pool.Config().MaxConns)*3/8, 1) }

// Close waits for borrowed connections and closes the pool.
func (s *Store) Close() { s.pool.Close() }

// Shared gives a connection without tenant: users, sessions and facts that all tenants share. On it the
// worker, the notifier and the operator reach every tenant's rows, the bot the directory of tenants, the
// API none.
func (s *Store) Shared() Conn { return s.pool }

// Tenant gives a connection on which row level security admits one tenant's rows. Setting the
// tenant and running the query are one round trip and one implicit transaction.
func (s *Store) Tenant(clientID uuid.UUID) Conn {
	return scoped{pool: s.pool, setting: "app.client_id", value: clientID.String()}
}

// Directory gives a connection on which the API's role sees the clients of these guilds.
func (s *Store) Directory(guildIDs []string) Conn {
	return scoped{pool: s.pool, setting: "app.guild_ids", value: strings.Join(guildIDs, ",")}
}

// Bot gives a connection on which the API's role sees the clients of the guilds that a bot is in.
func (s *Store) Bot(botID string) Conn {
	return scoped{pool: s.pool, setting: "app.bot_id", value: botID}
}

// Bearer gives a connection on which the API's role sees the one share whose token has this hash.
func (s *Store) Bearer(hash []byte) Conn {
	return scoped{pool: s.pool, setting: "app.share_hash", value: hex.EncodeToString(hash)}
}

// Key gives a connection on which the API's role sees the API key with this public part.
func (s *Store) Key(keyID string) Conn {
	return scoped{pool: s.pool, setting: "app.api_key", value: keyID}
}

// InHolderTx runs fn in a transaction in which the API's and the bot's roles see the grants of plans that belong to one
// holder, Stripe's customer or Discord's guild, whosever tenants they are. Enter names the tenant when it is known.
func (s *Store) InHolderTx(ctx context.Context, holder string, fn func(tx Conn) error) error {
	return s.inTx(ctx, pgx.TxOptions{}, func(tx Conn) error {
		if _, err := tx.Exec(ctx, setLocal, "app.plan_holder", holder); err != nil {
			return fmt.Errorf("set holder: %w", err)
		}
		return fn(tx)
	})
}

// Enter scopes a transaction to one tenant from here on.
func Enter(ctx context.Context, tx Conn, clientID uuid.UUID) error {
	if _, err := tx.Exec(ctx, setLocal, "app.client_id", clientID.String()); err != nil {
		return fmt.Errorf("set tenant: %w", err)
	}
	return nil
}

// NameGuild lets the API's role see the client of one guild from here on in a transaction.
func NameGuild(ctx context.Context, tx Conn, guildID string) error {
	if _, err := tx.Exec(ctx, setLocal, "app.guild_ids", guildID); err != nil {
		return fmt.Errorf("set guild: %w", err)
	}
	return nil
}

// InTx runs fn in a transaction without tenant and commits when fn returns nil.
func (s *Store) InTx(ctx context.Context, fn func(tx Conn) error) error {
	return s.inTx(ctx, pgx.TxOptions{}, fn)
}

// InTenantTx runs fn in a transaction scoped to one tenant and commits when fn returns nil.
func (s *Store) InTenantTx(ctx context.Context, clientID uuid.UUID, fn func(tx Conn) error) error {
	// The setting rides on BEGIN's round trip; a UUID needs no quoting.
	begin := "begin; set local app.client_id = '" + clientID.String() + "'"
	return s.inTx(ctx, pgx.TxOptions{BeginQuery: begin}, fn)
}

// InSnapshotTx runs fn in a transaction without tenant whose statements all see the database as it was at the first.
// Rows that another transaction has changed since cannot be changed: see IsSerialization.
func (s *Store) InSnapshotTx(ctx context.Context, fn func(tx Conn) error) error {
	return s.inTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead}, fn)
}

// TenantSnapshot runs fn in a read-only transaction scoped to one tenant, all of whose queries see the
// database as it was at the first of them.
func (s *Store) TenantSnapshot(ctx context.Context, clientID uuid.UUID, fn func(tx Conn) error) error {
	begin := "begin isolation level repeatable read read only; set local app.client_id = '" + clientID.String() + "'"
	return s.inTx(ctx, pgx.TxOptions{BeginQuery: begin}, fn)
}

func (s *Store) inTx(ctx context.Context, opts pgx.TxOptions, fn func(tx Conn) error) error {
	return pgx.BeginTxFunc(ctx, s.pool, opts, func(tx pgx.Tx) error { return fn(tx) })
}

// IsNotFound tells whether a query for one row found none.
func IsNotFound(err error) bool { return errors.Is(err, pgx.ErrNoRows) }

// IsConflict tells whether a write met a unique constraint, and which.
func IsConflict(err error) (constraint string, ok bool) {
	return violated(err, "23505")
}

// IsMissingReference tells whether a write named a row that is not there, and by which constraint.
func IsMissingReference(err error) (constraint string, ok bool) {
	return violated(err, "23503")
}

// IsSerialization tells whether a transaction was refused because of a concurrent one; it may be tried again.
func IsSerialization(err error) bool {
	var pe *pgconn.PgError
	return errors.As(err, &pe) && (pe.Code == "40001" || pe.Code == "40P01")
}

func violated(err error, sqlState string) (string, bool) {
	var pe *pgconn.PgError
	if errors.As(err, &pe) && pe.Code == sqlState {
		return pe.ConstraintName, true
	}
	return "", false
}

// IsUnavailable tells whether the database could not be reached, is shutting down or went away in the
// middle of a query, so that the same call may succeed later. A write that was cut off may have happened.
func IsUnavailable(err error) bool {
	var pe *pgconn.PgError
	if errors.As(err, &pe) {
		return strings.HasPrefix(pe.Code, "08") || strings.HasPrefix(pe.Code, "57P") || pe.Code == "53300"
	}
	var connect *pgconn.ConnectError
	var wire *net.OpError
	return errors.As(err, &connect) || errors.As(err, &wire) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) ||
		pgconn.SafeToRetry(err)
}
