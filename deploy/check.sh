#!/bin/sh
# Has the tools that these files are for look at them: systemd, kubectl or kustomize, promtool, compose, caddy, the shell.
# A tool that is not here is named and left out; what one of them refuses ends the script with 1. It changes nothing.
#
#   deploy/check.sh [program]     the program that the units are to start; bin/trackbot by default
set -u
program=$(realpath -m "${1:-$(dirname "$0")/../bin/trackbot}")
cd "$(dirname "$0")" || exit 1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

# Above 1.5 of systemd's 10 points of exposure a unit has lost some of its confinement.
threshold=15

# look names a check and runs it; what it prints is shown when it fails.
look() {
	what=$1
	shift
	if "$@" >"$work/out" 2>&1; then
		echo "ok         $what"
	else
		echo "REFUSED    $what"
		tail -n 10 "$work/out" | sed 's/^/           /'
		failed=1
	fi
}

without() { echo "not tried  $1: no $2 here"; }

# has tells whether a command is there; its words are tried, since docker may be there without compose.
has() { "$@" >/dev/null 2>&1; }

# silent fails on any output: systemd-analyze ends with 0 after warnings.
silent() { [ -z "$("$@" 2>&1 | tee /dev/stderr)" ]; }

if has systemd-analyze --version; then
	mkdir "$work/units"
	cp systemd/*.service systemd/*.target systemd/*.timer "$work/units"
	if [ -x "$program" ]; then
		sed -i "s#^ExecStart=/usr/local/bin/trackbot#ExecStart=$program#" "$work"/units/*.service
		if ! [ -x /usr/bin/node ]; then sed -i "s#^ExecStart=/usr/bin/node#ExecStart=/bin/sh#" "$work"/units/*.service; fi
		look "units: systemd-analyze verify" silent systemd-analyze verify --man=no "$work"/units/*
	else
		without "units: systemd-analyze verify" "program at $program (make build)"
	fi
	for unit in "$work"/units/*.service; do
		look "units: exposure of $(basename "$unit")" systemd-analyze security --offline=true --threshold="$threshold" "$unit"
	done
else
	without "units" systemd-analyze
fi

if has kubectl version --client; then kustomize="kubectl kustomize"; elif has kustomize version; then kustomize="kustomize build"; else kustomize=; fi
for folder in kubernetes/base kubernetes/migrate kubernetes/overlays/example kubernetes/overlays/example/migrate; do
	if [ -n "$kustomize" ]; then
		look "manifests: $kustomize $folder" $kustomize "$folder"
	else
		without "manifests: $folder" "kubectl and no kustomize"
	fi
done

if has promtool --version; then
	look "alerts: promtool check rules" promtool check rules prometheus/alerts.yaml
	look "alerts: promtool test rules" promtool test rules prometheus/tests/*.yaml
	look "compose: promtool check config" promtool check config --syntax-only compose/prometheus.yaml
else
	without "alerts" "promtool (make test runs the same rules by Prometheus's library)"
fi

if has docker compose version; then
	look "compose: docker compose config" docker compose -f compose.yaml --env-file compose.env.example config --quiet
else
	without "compose" "docker compose"
fi

if has caddy version; then look "caddy: validate" caddy validate --adapter caddyfile --config caddy/Caddyfile; else without "caddy" caddy; fi

for script in *.sh backup/*.sh compose/*.sh; do
	look "scripts: sh -n $script" sh -n "$script"
done
exit $failed
