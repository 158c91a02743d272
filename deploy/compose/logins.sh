#!/bin/sh
# Lets each service log in as its own role, with the password of its secret: such a login can switch to no other role
# but the worker's to that of exports. Run again after a password was replaced. psql reads PGHOST, PGUSER and the like.
set -eu
SECRETS_DIR=${SECRETS_DIR:-/run/secrets}
PGPASSWORD=${PGPASSWORD:-$(cat "$SECRETS_DIR/database_password")}
export SECRETS_DIR PGPASSWORD
for service in api bot worker notifier; do
	SERVICE=$service
	export SERVICE
	psql -q -v ON_ERROR_STOP=1 <<'SQL'
\set role `echo "trackbot_$SERVICE"`
\set password `cat "$SECRETS_DIR/database_password_$SERVICE"`
SELECT format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), :'role') \gexec
ALTER ROLE :"role" LOGIN PASSWORD :'password';
SQL
	echo "trackbot_$service logs in"
done
