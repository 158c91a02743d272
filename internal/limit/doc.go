// Package limit says how often callers may call, and counts how often tenants did.
//
// Exact caps, of users and of sign-in attempts by address, are sliding logs: at no moment does the
// last window hold more than the cap, whichever replicas the calls went to. An attempt passes two
// logs of the same size, its process's own and the one in PostgreSQL that all processes share:
//
//	attempt ─► own log full? ─────────────► refused, the database is not asked
//	              │ no: noted
//	              ▼
//	           shared log ── full ────────► refused; refused here until its oldest entry leaves
//	              │     └── cannot be had ► the own log alone decides, for a second at a time
//	              ▼
//	           admitted, noted by the database's clock
//
// The own log holds a part of what the shared one holds, so a full one is a full shared one too: it
// keeps floods away from the database and is what limits without one.
//
// A process that has seen nobody else's entries of a user in three questions running, and lets them through at a
// pace, takes up to eight entries at once: as many as passed within the last second, a quarter of what is free at
// most. They are dated half a second ahead and not used later than that, so that each stays in the log for at least
// a window after its request: the cap holds exactly. What was not used is given back with the next question. The
// price is that a user whose next requests go to another process may find up to eight entries taken for a minute,
// and that an entry may leave half a second late.
//
// An entry can be asked for before its request is let in, together with what else is to be known of it (Foresee). It is
// dated a tenth of a second ahead, and if the request is refused for another reason it is given back likewise.
//
// Caps above 200 are not the product's own but those of a test or a load run: there an entry stands
// for several requests, so that the log stays short.
//
// Tenants' budgets fill up at their tier's rate (GCRA). Processes take a few requests at a time from
// the shared budget, so that most requests ask nobody; what they took and did not use within three
// seconds is lost, which is no more than what flows in meanwhile.
package limit
