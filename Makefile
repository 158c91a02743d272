# Everything a newcomer needs. Go and Node are the only things to have; the rest is fetched.
TOOL := go tool -modfile=$(CURDIR)/tools/go.mod
PKGS ?= ./...
# Built before the tests, so that they do not compete with it for the processors.
DASHBOARD := $(if $(filter ./... ./e2e ./e2e/...,$(PKGS)),node dashboard/scripts/prepare.mjs --build,true)

.DEFAULT_GOAL := help
.PHONY: help demo build test race e2e chaos load bench check fmt lint gen verify deploy-check drill audit sbom licences

help: ## Show this menu
	@awk 'BEGIN {FS = ":.*## "} /^[a-z0-9-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: ## Run everything on embedded defaults: database, simulator, all services
	@go build -o bin/trackbot ./cmd/trackbot && exec bin/trackbot demo

build: ## Build bin/trackbot
	go build -o bin/trackbot ./cmd/trackbot

test: ## Run every test, the dashboard's in a browser too, on a database of its own
	@$(DASHBOARD)
	@go run ./internal/testkit/withpg -- $(TOOL) gotestsum --format pkgname --format-hide-empty-pkg -- -timeout 18m $(PKGS)

race: ## Run every test with the race detector
	@$(DASHBOARD)
	@go run ./internal/testkit/withpg -- $(TOOL) gotestsum --format pkgname --format-hide-empty-pkg -- -race -timeout 40m $(PKGS)

e2e: ## Run the whole-system tests alone
	@$(MAKE) --no-print-directory test PKGS=./e2e/...

chaos: ## Break everything at random for CHAOS_FOR (10m); CHAOS_SEED repeats a run
	@CHAOS_FOR=$${CHAOS_FOR:-10m} go test ./e2e -run '^TestNothingIsLostOrDoubledWhateverFails$$' -v -count=1 -timeout 90m

bin/k6: tools/k6/go.mod
	@echo 'building k6, some minutes, once'
	@go build -modfile=tools/k6/go.mod -o $@ go.k6.io/k6

load: bin/k6 ## Run the short set of load tests on a system of its own and write load/results
	@K6=$(CURDIR)/bin/k6 go test -tags load ./e2e -run '^TestLoad$$' -v -count=1 -timeout 20m

bench: ## Print the ratios of the hot paths
	@go run ./internal/testkit/withpg -- go test -run '^$$' -bench . -benchtime 1x -timeout 20m ./bench/...

check: fmt lint test ## What to run before a commit

fmt: ## Format the code
	@npm --prefix dashboard run --silent fmt
	@$(TOOL) gofumpt -l -w $$(git ls-files '*.go' | grep -v '\.gen\.go$$')

lint: ## Vet, staticcheck, formatting, the dashboard's style and types
	@npm --prefix dashboard run --silent lint
	@go vet ./...
	@$(TOOL) staticcheck ./...
	@test -z "$$($(TOOL) gofumpt -l $$(git ls-files '*.go' | grep -v '\.gen\.go$$') | tee /dev/stderr)"

gen: ## Regenerate what is made from the contract and the SQL
	@go generate ./api
	@cd internal/store && $(TOOL) sqlc generate
	@npm --prefix dashboard run --silent gen

verify: gen ## Fail when generated files differ from what is committed
	@git diff --exit-code -- api internal/store/db dashboard/lib/schema.d.ts
	@go mod tidy -diff

deploy-check: ## Have systemd, kustomize, promtool and whatever else is here look at deploy/
	@go build -o bin/trackbot ./cmd/trackbot && deploy/check.sh bin/trackbot

drill: ## Rehearse a restore to a point in time; needs PostgreSQL's own programs
	@go build -o bin/trackbot ./cmd/trackbot && sh deploy/backup/drill.sh bin/trackbot

AUDIT := go tool -modfile=$(CURDIR)/tools/audit/go.mod

audit: ## Search for weaknesses: gosec, govulncheck, npm audit; the last two ask databases on the network
	@$(AUDIT) gosec -quiet -exclude-generated -exclude=G104,G115,G204,G304,G404 ./... || echo "gosec: docs/security-audit.md says what each of these is"
	@$(AUDIT) govulncheck ./... || echo "govulncheck: no answer, or findings above"
	@npm --prefix dashboard audit --package-lock-only || echo "npm audit: no answer, or findings above"

sbom: ## Write what the program and the dashboard are made of, as CycloneDX, to bin/
	@go build -o bin/trackbot ./cmd/trackbot && $(AUDIT) cyclonedx-gomod bin -json -output bin/trackbot.cdx.json bin/trackbot && echo bin/trackbot.cdx.json
	@cd dashboard && npm sbom --package-lock-only --omit dev --sbom-format cyclonedx > ../bin/dashboard.cdx.json && echo bin/dashboard.cdx.json

licences: ## List the licences of everything that is linked or deployed
	@go test -count=1 -v -run TestLicences ./internal/archtest | sed -n 's/^ *licences_test.go:[0-9]*: //p' | sort
