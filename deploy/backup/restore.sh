#!/bin/sh
# Lays out a data folder from a base backup so that the server, started on it, replays the archived log up to a point in
# time and then opens for writing:
#
#   restore.sh BACKUP/base/<stamp> BACKUP/wal TARGET_FOLDER ['2026-11-23 06:00:00+00']
#
# Without a time it replays all there is. The target must not exist or be empty; nothing is overwritten. Run it as the
# user the server runs as, and keep the server off the archive while it recovers elsewhere (archive_mode is off here).
set -eu
base=$1 wal=$2 target=$3 until=${4:-}
if [ -e "$target" ] && [ -n "$(ls -A "$target")" ]; then
	echo "restore: $target is not empty" >&2
	exit 1
fi
case $until in
'' | *[+-][0-9][0-9] | *[+-][0-9][0-9]:[0-9][0-9] | *Z) ;;
*)
	echo "restore: name the zone of the time, such as '2026-11-23 06:00:00+00'" >&2
	exit 1
	;;
esac
umask 077
mkdir -p "$target"
chmod 0700 "$target"
cp -a "$base/." "$target/"
{
	echo "# written by restore.sh"
	echo "restore_command = 'cp \"$wal/%f\" \"%p\"'"
	echo "recovery_target_action = 'promote'"
	echo "archive_mode = off"
	if [ -n "$until" ]; then
		echo "recovery_target_time = '$until'"
	fi
} >>"$target/postgresql.auto.conf"
touch "$target/recovery.signal"
echo "start PostgreSQL on $target; it opens for writing once the log is replayed"
