#!/bin/sh
# PostgreSQL's archive_command: archive-wal.sh PATH NAME ARCHIVE. It succeeds only when the file is on the disk, whole,
# under its name. A name that is there already with other content is refused: two servers share the archive.
set -eu
source=$1 name=$2 archive=$3
mkdir -p "$archive"
target=$archive/$name
if [ -e "$target" ]; then
	if cmp -s "$source" "$target"; then
		exit 0 # archived before a crash
	fi
	echo "archive-wal: $target is there already and differs" >&2
	exit 1
fi
part=$archive/.$name.$$
trap 'rm -f "$part"' EXIT
cp "$source" "$part"
sync "$part"
mv "$part" "$target"
sync "$archive"
