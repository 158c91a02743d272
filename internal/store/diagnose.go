package store

import (
	"context"
	"fmt"
	"io/fs"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/pressly/goose/v3"
)

// Diagnosis is what there is to say of a database before anything works on it.
type Diagnosis struct {
	Version        int // of PostgreSQL, such as 180004
	User           string
	Superuser      bool
	CreateRole     bool
	OwnsDatabase   bool
	Standby        bool          // it takes no writes
	Pending        []string      // migrations that are missing, by file name
	Ahead          bool          // it has migrations that this program does not know
	ClockOffset    time.Duration // of the server's clock against ours; above 0: the server's is ahead
	Backends       int
	MaxConnections int
}

// diagnoseSQL asks for all but the migrations.
const diagnoseSQL = `SELECT current_setting('server_version_num')::int, current_user::text, r.rolsuper, r.rolcreaterole,
	pg_has_role(d.datdba, 'USAGE'), pg_is_in_recovery(), clock_timestamp(),
	(SELECT sum(numbackends) FROM pg_stat_database)::int, current_setting('max_connections')::int
FROM pg_roles r, pg_database d WHERE r.rolname = current_user AND d.datname = current_database()`

// Diagnose looks at the database of a login role and changes nothing in it.
func Diagnose(ctx context.Context, url string, now func() time.Time) (Diagnosis, error) {
	var d Diagnosis
	cfg, err := pgx.ParseConfig(url)
	if err != nil {
		return d, fmt.Errorf("parse database url: %w", redact(err))
	}
	conn, err := pgx.ConnectConfig(ctx, cfg)
	if err != nil {
		return d, fmt.Errorf("reach database: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx)) // nothing was written
	var at time.Time
	before := now()
	err = conn.QueryRow(ctx, diagnoseSQL).Scan(&d.Version, &d.User, &d.Superuser, &d.CreateRole, &d.OwnsDatabase, &d.Standby, &at, &d.Backends, &d.MaxConnections)
	if err != nil {
		return d, fmt.Errorf("look at database: %w", err)
	}
	d.ClockOffset = at.Sub(before.Add(now().Sub(before) / 2))
	return d, d.lookAtMigrations(ctx, conn)
}

func (d *Diagnosis) lookAtMigrations(ctx context.Context, conn *pgx.Conn) error {
	names, err := fs.Glob(migrationFiles(), "*.sql")
	if err != nil {
		return fmt.Errorf("list migrations: %w", err)
	}
	var there bool
	if err := conn.QueryRow(ctx, `SELECT to_regclass('goose_db_version') IS NOT NULL`).Scan(&there); err != nil {
		return fmt.Errorf("look for migrations: %w", err)
	}
	applied := map[int64]bool{}
	if there {
		rows, err := conn.Query(ctx, `SELECT version_id FROM goose_db_version WHERE is_applied AND version_id > 0`)
		if err != nil {
			return fmt.Errorf("read migrations: %w", err)
		}
		versions, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil {
			return fmt.Errorf("read migrations: %w", err)
		}
		for _, v := range versions {
			applied[v] = true
		}
	}
	for _, name := range names {
		version, err := goose.NumericComponent(name)
		if err != nil {
			return fmt.Errorf("read migration name: %w", err)
		}
		if !applied[version] {
			d.Pending = append(d.Pending, name)
		}
		delete(applied, version)
	}
	d.Ahead = len(applied) > 0
	return nil
}
