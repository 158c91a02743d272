#!/bin/sh
# Takes a base backup into BACKUP/base/<UTC time>, checks it, and then drops what is older than KEEP_DAYS days, with the
# log before the oldest backup that stays. Run it daily where the server's socket is:
#
#   docker compose exec -u postgres postgres sh /opt/backup/base-backup.sh
#
# BACKUP (/backup), KEEP_DAYS (14) and psql's own variables (PGHOST, PGUSER, …) may be set. The server says where its
# programs are: Debian's package has not all of them in the path.
set -eu
PATH=$(psql -X -A -t -w -d "${PGDATABASE:-postgres}" -c "SELECT setting FROM pg_config WHERE name = 'BINDIR'"):$PATH
backup=${BACKUP:-/backup}
keep=${KEEP_DAYS:-14}
stamp=$(date -u +%Y%m%dT%H%M%SZ)
umask 077
mkdir -p "$backup/base"
part=$backup/base/.$stamp
trap 'rm -rf "$part"' EXIT
pg_basebackup --pgdata="$part" --format=plain --wal-method=stream --checkpoint=fast --manifest-checksums=SHA256 --no-password
pg_verifybackup --quiet "$part"
mv "$part" "$backup/base/$stamp"
echo "$backup/base/$stamp"

find "$backup/base" -mindepth 1 -maxdepth 1 -type d -name '2*Z' -mtime "+$keep" ! -name "$stamp" -exec rm -rf {} +
oldest=$(find "$backup/base" -mindepth 1 -maxdepth 1 -type d -name '2*Z' | sort | head -n 1)
first=$(sed -n 's/^START WAL LOCATION: .*(file \(.*\))$/\1/p' "$oldest/backup_label")
if [ -n "$first" ] && [ -d "$backup/wal" ]; then
	pg_archivecleanup "$backup/wal" "$first"
fi
