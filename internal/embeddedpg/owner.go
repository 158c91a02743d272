package embeddedpg

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// ensureOwner makes the role and the database that a DATABASE_URL asks for,
// unless they exist. A guest leaves that to the owner of the directory. It proves at the same time that the server is the
// directory's own and takes its password.
func (s *Server) ensureOwner(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, s.SuperuserURL("postgres"))
	if err != nil {
		return fmt.Errorf("connect as superuser: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	var hasRole, hasDatabase bool
	err = conn.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1),
		EXISTS (SELECT FROM pg_database WHERE datname = $1)`, owner).Scan(&hasRole, &hasDatabase)
	if err != nil {
		return fmt.Errorf("look for role and database: %w", err)
	}
	if s.lock == nil && !hasDatabase {
		return errors.New("its owner is still setting it up")
	}
	if !hasRole {
		sql := "CREATE ROLE " + owner + " LOGIN CREATEROLE NOSUPERUSER PASSWORD '" + s.cred.Owner + "'"
		if _, err := conn.Exec(ctx, sql); err != nil {
			return fmt.Errorf("create role %s: %w", owner, err)
		}
	}
	if !hasDatabase {
		if _, err := conn.Exec(ctx, "CREATE DATABASE "+owner+" OWNER "+owner); err != nil {
			return fmt.Errorf("create database %s: %w", owner, err)
		}
	}
	return nil
}
