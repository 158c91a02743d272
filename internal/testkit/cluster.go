package testkit

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/jackc/pgx/v5"
)

const (
	owner          = "trackbot_test"
	templatePrefix = "tb_tpl_"
	clonePrefix    = "tb_test_"

	// templateLock is the advisory lock for making the role and the templates,
	// which belong to the whole server. The number has no meaning.
	templateLock = 7_301_450_219
)

// migration brings the schema up to date in the database of the URL.
type migration func(ctx context.Context, databaseURL string) error

// cluster is a server on which databases for tests are made.
type cluster struct {
	super    url.URL
	password string // of the role that owns the databases
}

func (c *cluster) ownerURL(database string) string {
	u := c.super
	u.User = url.UserPassword(owner, c.password)
	u.Path = "/" + database
	return u.String()
}

// create clones the template of the version, which it builds if need be.
func (c *cluster) create(ctx context.Context, migrate migration, version string) (DB, error) {
	conn, err := pgx.Connect(ctx, c.super.String())
	if err != nil {
		return DB{}, fmt.Errorf("connect as superuser: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	template := templatePrefix + version
	ready, err := isReady(ctx, conn, template)
	if err != nil {
		return DB{}, err
	}
	if !ready {
		if err := c.buildTemplate(ctx, conn, migrate, template); err != nil {
			return DB{}, fmt.Errorf("build template: %w", err)
		}
	}
	name := clonePrefix + strings.ToLower(rand.Text())
	if _, err := conn.Exec(ctx, "CREATE DATABASE "+quote(name)+" TEMPLATE "+quote(template)+" OWNER "+owner); err != nil {
		return DB{}, fmt.Errorf("clone template: %w", err)
	}
	return DB{Name: name, OwnerURL: c.ownerURL(name)}, nil
}

func (c *cluster) drop(ctx context.Context, name string) error {
	conn, err := pgx.Connect(ctx, c.super.String())
	if err != nil {
		return fmt.Errorf("connect as superuser: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	_, err = conn.Exec(ctx, "DROP DATABASE IF EXISTS "+quote(name)+" WITH (FORCE)")
	return err
}

// isReady reports whether the template is whole: it is marked last.
func isReady(ctx context.Context, conn *pgx.Conn, template string) (bool, error) {
	var ready bool
	err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1 AND datistemplate)", template).Scan(&ready)
	if err != nil {
		return false, fmt.Errorf("look for template: %w", err)
	}
	return ready, nil
}

// buildTemplate lets one process at a time build; the others wait and find the
// template there. The lock also keeps migrations of different versions from
// making the same service roles at once. It ends with the session at the latest.
func (c *cluster) buildTemplate(ctx context.Context, conn *pgx.Conn, migrate migration, template string) (err error) {
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", templateLock); err != nil {
		return fmt.Errorf("take lock: %w", err)
	}
	defer func() {
		_, unlockErr := conn.Exec(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", templateLock)
		err = errors.Join(err, unlockErr)
	}()
	if ready, err := isReady(ctx, conn, template); ready || err != nil {
		return err
	}
	if err := c.ensureOwner(ctx, conn); err != nil {
		return err
	}
	for _, sql := range []string{
		"DROP DATABASE IF EXISTS " + quote(template) + " WITH (FORCE)", // an unfinished one
		"CREATE DATABASE " + quote(template) + " OWNER " + owner,
	} {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return fmt.Errorf("create empty database: %w", err)
		}
	}
	if err := migrate(ctx, c.ownerURL(template)); err != nil {
		return err
	}
	// A template in use cannot be cloned, so nobody may connect to it from now on.
	if _, err := conn.Exec(ctx, "ALTER DATABASE "+quote(template)+" WITH IS_TEMPLATE true ALLOW_CONNECTIONS false"); err != nil {
		return fmt.Errorf("mark as whole: %w", err)
	}
	return nil
}

// ensureOwner makes the role with the password that all test processes derive.
func (c *cluster) ensureOwner(ctx context.Context, conn *pgx.Conn) error {
	var exists bool
	if err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)", owner).Scan(&exists); err != nil {
		return fmt.Errorf("look for role: %w", err)
	}
	verb := "CREATE"
	if exists {
		verb = "ALTER"
	}
	sql := verb + " ROLE " + owner + " LOGIN CREATEROLE NOSUPERUSER NOCREATEDB PASSWORD '" + c.password + "'"
	if _, err := conn.Exec(ctx, sql); err != nil {
		return fmt.Errorf("make role %s: %w", owner, err)
	}
	return nil
}

func quote(name string) string { return pgx.Identifier{name}.Sanitize() }
