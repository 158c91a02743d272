#!/bin/sh
# Runs once, on an empty database: the role that owns Trackbot's database. It may make roles, because
# `trackbot migrate up` makes those of the services; it is not a superuser.
set -eu
SECRETS_DIR=${SECRETS_DIR:-/run/secrets}
export SECRETS_DIR
psql -q -v ON_ERROR_STOP=1 -U postgres -d postgres <<'SQL'
\set password `cat "$SECRETS_DIR/database_password"`
CREATE ROLE trackbot LOGIN CREATEROLE NOSUPERUSER PASSWORD :'password';
CREATE DATABASE trackbot OWNER trackbot;
REVOKE CONNECT ON DATABASE trackbot FROM PUBLIC;
SQL
