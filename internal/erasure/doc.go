// Package erasure takes away what is held of tenants and of people who have left.
//
// A tenant:
//
//	         asked for                 grace over                bot gone             nothing left
//	(kept) ───────────► scheduled ─────────────────► leaving ───────────► erasing ───────────────► (gone)
//	   ▲                    │
//	   └────── undone ──────┘
//
// Scheduling and undoing are package guild's; the notifier leaves the guild. Erasing goes in small transactions, rows with
// much of them first, the tenant itself last, so that whoever finds it half done goes on. What then tells of it is its id
// in erased_clients.
//
// A person: package account deletes the account at once and leaves a note. The worker finds the person's entries in the
// tenants' logs, puts the alias in the place of name and id, and takes the note away last.
package erasure
