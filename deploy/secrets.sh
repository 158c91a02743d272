#!/bin/sh
# Makes the secrets of an installation, one a file: for deploy/compose.yaml in deploy/secrets/, for others in the folder
# that is its argument. What is there stays; run it again after an upgrade or to put a new password into the addresses.
# Nothing is printed but the names of what you have to fill in. POSTGRES_HOST (postgres), POSTGRES_PORT
# (5432) and POSTGRES_OPTIONS (sslmode=disable, which is for a database on the same machine or network of containers)
# go into the addresses.
#
# The folder is yours alone (0700). The files in it are 0444, because containers of other users read them through mounts
# of their own; without the folder nobody on the machine reaches them.
set -eu
umask 077
dir=${1:-$(dirname "$0")/secrets}
host=${POSTGRES_HOST:-postgres}
port=${POSTGRES_PORT:-5432}
options=${POSTGRES_OPTIONS:-sslmode=disable}
mkdir -p "$dir"
chmod 0700 "$dir"

# keep NAME: stores standard input as NAME unless it is there already.
keep() {
	if [ -e "$dir/$1" ]; then
		cat >/dev/null
		return
	fi
	cat >"$dir/$1.new"
	chmod 0444 "$dir/$1.new"
	mv "$dir/$1.new" "$dir/$1"
}

random() { openssl rand -base64 "$1" | tr -d '\n'; }
password() { openssl rand -hex 24 | tr -d '\n'; } # hexadecimal needs no quoting in an address

password | keep postgres_password
password | keep database_password
password | keep grafana_password
password | keep ops_password
for service in api bot worker notifier; do
	password | keep "database_password_$service"
done

# Addresses follow from the passwords and are always made anew.
address() {
	printf 'postgres://%s:%s@%s:%s/trackbot?%s' "$1" "$(cat "$dir/$2")" "$host" "$port" "$options" >"$dir/$3.new"
	chmod 0444 "$dir/$3.new"
	mv -f "$dir/$3.new" "$dir/$3"
}
address trackbot database_password database_url
for service in api bot worker notifier; do
	address "trackbot_$service" "database_password_$service" "database_url_$service"
done

random 72 | keep jwt_secret
printf '' | keep jwt_secret_next
printf '' | keep jwt_secret_previous
random 32 | keep encryption_key
openssl rand -hex 32 | tr -d '\n' | keep bot_hmac_secret
random 32 | keep dashboard_session_keys

# The same as the dashboard's, where its server calls from addresses that change; with compose and systemd it does not.
printf '' | keep client_address_secret

# Yours: from Discord's developer portal, and, where wanted, from Google, Twitch and Stripe.
for name in discord_bot_token discord_client_secret youtube_api_key twitch_client_secret stripe_webhook_secret; do
	printf '' | keep "$name"
done
for name in discord_bot_token discord_client_secret; do
	if [ ! -s "$dir/$name" ]; then
		echo "fill in $dir/$name"
	fi
done
