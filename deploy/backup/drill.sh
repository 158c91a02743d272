#!/bin/sh
# Rehearses a restore from beginning to end on a server of its own, which it makes and takes away again: archive, base
# backup, changes, an accident, restore to the second before it. Needs PostgreSQL's server and client programs (>= 15;
# PG_BIN names their folder) and the trackbot program as its argument. As root it works as the user `postgres`.
set -eu
program=$(realpath "${1:?drill.sh PROGRAM}")
here=$(realpath "$(dirname "$0")")
bin=${PG_BIN:-$(dirname "$(find /usr/lib/postgresql /opt /usr/local -name pg_basebackup -type f 2>/dev/null | sort | tail -n 1)")}
PATH=$bin:$PATH
dir=$(mktemp -d /tmp/trackbot-drill-XXXXXX)
chmod 0755 "$dir"
as=
if [ "$(id -u)" = 0 ]; then
	chown postgres "$dir"
	as="setpriv --reuid=postgres --regid=postgres --clear-groups --"
fi
cp "$program" "$here"/*.sh "$dir/"
chmod 0755 "$dir/trackbot" "$dir"/*.sh
port=${DRILL_PORT:-21490}
PGHOST=$dir PGPORT=$port PGUSER=postgres PGDATABASE=trackbot
DATABASE_URL="postgres://trackbot:drill@127.0.0.1:$port/trackbot?sslmode=disable"
export PATH PGHOST PGPORT PGUSER PGDATABASE DATABASE_URL
running=
finish() {
	[ -z "$running" ] || $as pg_ctl -D "$running" -m immediate stop >/dev/null 2>&1 || true
	rm -rf "$dir"
}
trap finish EXIT

serve() { # FOLDER
	running=$1
	$as pg_ctl -D "$1" -w -t 120 -l "$dir/log" -o "-k $dir -p $port -c listen_addresses=127.0.0.1" start >/dev/null || {
		tail -n 30 "$dir/log" >&2
		exit 1
	}
}
stop() { $as pg_ctl -D "$running" -w -m fast stop >/dev/null; running=; }
ask() { $as psql -X -q -A -t -v ON_ERROR_STOP=1 -c "$1"; }
say() { echo "== $*"; }

say "a server that archives, with Trackbot's schema"
$as initdb -D "$dir/first" -U postgres -A trust --no-sync >/dev/null
cat >>"$dir/first/postgresql.conf" <<CONF
archive_mode = on
archive_command = '/bin/sh $dir/archive-wal.sh "%p" "%f" $dir/backup/wal'
archive_timeout = 60
CONF
serve "$dir/first"
$as psql -X -q -d postgres -c "CREATE ROLE trackbot LOGIN CREATEROLE PASSWORD 'drill'" -c "CREATE DATABASE trackbot OWNER trackbot"
$as "$dir/trackbot" migrate up
client() { ask "INSERT INTO clients (id, guild_id, name, owner_id) VALUES (gen_random_uuid(), '$1', '$2', '300000000000000001')"; }
client 400000000000000001 "Before the backup"

say "a base backup, checked"
base=$(BACKUP=$dir/backup $as sh "$dir/base-backup.sh")
client 400000000000000002 "After the backup"
point=$(ask "SELECT clock_timestamp()")
# The accident lies behind the point by more than the clock's grain.
ask "SELECT pg_sleep(1.1)" >/dev/null

say "an accident at $point"
ask "SET client_min_messages = error; DROP TABLE clients CASCADE"
$as "$dir/trackbot" admin client list >/dev/null 2>&1 && { echo "the accident did nothing" >&2; exit 1; }
ask "SELECT pg_switch_wal()" >/dev/null
last=$(ask "SELECT count(*) FROM pg_stat_archiver WHERE failed_count > 0")
[ "$last" = 0 ] || { echo "archiving failed" >&2; exit 1; }
stop

say "restored to $point"
$as sh "$dir/restore.sh" "$base" "$dir/backup/wal" "$dir/second" "$point" >/dev/null
serve "$dir/second"
tries=0
while [ "$(ask 'SELECT pg_is_in_recovery()')" != f ]; do
	tries=$((tries + 1))
	[ "$tries" -lt 600 ] || { tail -n 30 "$dir/log" >&2; exit 1; }
	sleep 0.1
done
names=$(ask "SELECT string_agg(name, ', ' ORDER BY guild_id) FROM clients")
[ "$names" = "Before the backup, After the backup" ] || { echo "restored: $names" >&2; exit 1; }
# What a restored service needs: the schema, the roles, and that row level security is as it was.
$as "$dir/trackbot" migrate up
missing=$($as "$dir/trackbot" migrate status | grep -c missing || true)
[ "$missing" = 0 ] || { echo "migrations are missing" >&2; exit 1; }
open=$(ask "SELECT count(*) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'client_id'
	WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND NOT (c.relrowsecurity AND c.relforcerowsecurity)")
[ "$open" = 0 ] || { echo "$open tables lost their row level security" >&2; exit 1; }
say "both rows are there, the accident is not; $(ask 'SHOW server_version')"
