// Package archtest holds tests of the repository's shape: who may import whom, and
// how long a file may be. It has no code of its own.
//
// Imports run downward only:
//
//	command    cmd/trackbot
//	wiring     app, which sees everything below
//	edges      httpapi, bot, worker, notifier; none imports another
//	rules      account, guild, tracking, delivery, export, usage, audit
//	database   store
//	leaves     config, fault, which import nothing of ours
//
// Beside them stand the outside world (discord, source), the simulator, which shares
// no code with what it tests, the embedded database, and the support that only tests
// may import. The rules are read from the text of the imports, so that files for other
// platforms are held too.
package archtest
