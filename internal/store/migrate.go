package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"github.com/sethvargo/go-retry"
)

//go:embed migrations/*.sql
var migrations embed.FS

func migrationFiles() fs.FS {
	sub, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return sub
}

// MigrationsVersion identifies the embedded migrations by their content.
func MigrationsVersion() string {
	h := sha256.New()
	names, _ := fs.Glob(migrationFiles(), "*.sql")
	for _, name := range names {
		body, _ := fs.ReadFile(migrationFiles(), name)
		fmt.Fprintf(h, "%s %d\n%s", name, len(body), body)
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}

// MigrationState says of one migration whether the database has it.
type MigrationState struct {
	Version int64
	Name    string
	Applied bool
}

// Migrate makes the service roles and brings the schema up to date. Several replicas may call it
// at once: a session lock lets one work while the others wait and find nothing to do. The URL's
// login role must own the database and have CREATEROLE.
func Migrate(ctx context.Context, url string) error {
	return withProvider(ctx, url, func(conn *sql.DB, p *goose.Provider) error {
		if err := ensureRoles(ctx, conn); err != nil {
			return err
		}
		if _, err := p.Up(ctx); err != nil {
			return fmt.Errorf("migrate: %w", err)
		}
		return nil
	})
}

// MigrationStatus lists the embedded migrations and whether each is applied.
func MigrationStatus(ctx context.Context, url string) ([]MigrationState, error) {
	var out []MigrationState
	err := withProvider(ctx, url, func(_ *sql.DB, p *goose.Provider) error {
		states, err := p.Status(ctx)
		if err != nil {
			return fmt.Errorf("read migration status: %w", err)
		}
		for _, s := range states {
			out = append(out, MigrationState{Version: s.Source.Version, Name: s.Source.Path, Applied: s.State == goose.StateApplied})
		}
		return nil
	})
	return out, err
}

func withProvider(ctx context.Context, url string, fn func(*sql.DB, *goose.Provider) error) error {
	cfg, err := pgx.ParseConfig(url)
	if err != nil {
		return fmt.Errorf("parse database url: %w", redact(err))
	}
	conn := stdlib.OpenDB(*cfg)
	defer conn.Close() // nothing is written after the last statement
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return fmt.Errorf("make migration lock: %w", err)
	}
	p, err := goose.NewProvider(goose.DialectPostgres, conn, migrationFiles(), goose.WithSessionLocker(locker))
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	if err := conn.PingContext(ctx); err != nil {
		return fmt.Errorf("reach database: %w", err)
	}
	return fn(conn, p)
}

// ensureRoles makes the service roles, which belong to the whole cluster, and lets the login role
// act as each. Roles are made here and not in a migration so that a database restored into
// another cluster finds them.
func ensureRoles(ctx context.Context, conn *sql.DB) error {
	// Another database of the cluster may be granting the same role: "tuple concurrently updated".
	exec := func(sql string) error {
		return retry.Do(ctx, retry.WithMaxRetries(5, retry.NewConstant(100*time.Millisecond)), func(ctx context.Context) error {
			_, err := conn.ExecContext(ctx, sql)
			return retry.RetryableError(err)
		})
	}
	for _, role := range []Role{RoleAPI, RoleBot, RoleWorker, RoleNotifier, RoleExport, RoleAdmin} {
		if err := exec(fmt.Sprintf(ensureRoleSQL, role)); err != nil {
			return fmt.Errorf("make role %s: %w", role, err)
		}
	}
	if err := exec(lendExportRoleSQL); err != nil {
		return fmt.Errorf("lend role %s to %s: %w", RoleExport, RoleWorker, err)
	}
	return nil
}

// A worker that logs in as its own role reads exports as theirs.
const lendExportRoleSQL = `DO $$
BEGIN
	IF NOT pg_has_role('trackbot_worker', 'trackbot_export', 'MEMBER') THEN
		GRANT trackbot_export TO trackbot_worker;
	END IF;
END $$`

// Concurrent replicas and other databases of the cluster may be making the same role. Since
// PostgreSQL 16 only a role's maker or a superuser may grant it, so a grant that is already
// there must not be asked for again.
const ensureRoleSQL = `DO $$
BEGIN
	IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '%[1]s') THEN
		BEGIN
			CREATE ROLE %[1]s NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
		EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
		END;
	END IF;
	BEGIN
		SET LOCAL ROLE %[1]s;
		RESET ROLE;
	EXCEPTION WHEN insufficient_privilege THEN
		EXECUTE format('GRANT %[1]s TO %%I', session_user);
	END;
END $$`

// ErrSchema says that the database's schema is not the one this program was built for.
var ErrSchema = errors.New("the database schema does not match this program: run `trackbot migrate up`")

// CheckSchema fails with ErrSchema unless every embedded migration is applied. A database that is
// ahead is accepted: during an upgrade the old program runs on beside the new schema.
func (s *Store) CheckSchema(ctx context.Context) error {
	names, err := fs.Glob(migrationFiles(), "*.sql")
	if err != nil {
		return fmt.Errorf("list migrations: %w", err)
	}
	want, err := goose.NumericComponent(names[len(names)-1])
	if err != nil {
		return fmt.Errorf("read migration name: %w", err)
	}
	var have int64
	if err := s.pool.QueryRow(ctx, "SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied").Scan(&have); err != nil {
		if _, undefined := violated(err, "42P01"); undefined {
			return ErrSchema
		}
		return fmt.Errorf("read schema version: %w", err)
	}
	if have < want {
		return fmt.Errorf("%w (it has version %d, the program needs %d)", ErrSchema, have, want)
	}
	return nil
}
