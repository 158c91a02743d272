// Package testkit gives each test a PostgreSQL database of its own, with the
// product's schema. Only tests import it.
//
// Databases are cloned from a template that holds the migrated schema:
//
//	server ──▶ template tb_tpl_<hash of the migrations> ──▶ clone per test
//	           built once, under an advisory lock           dropped with its test
//
// The server is the one that TRACKBOT_TEST_PG names, as the command withpg
// sets it for a whole `go test ./...`; without it, each test process starts one
// of its own, which ends with the process.
package testkit
