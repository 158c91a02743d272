// Package tracking holds what a tenant follows: brands, account groups and accounts, and the life of
// the sources behind them: when they are polled, what is stored of a poll, when posts are measured.
//
// A source's states:
//
//	learning ──first answer──→ ok ←───posts again───→ quiet      no post for longer than its rhythm suggests
//	                           │ ↑                      │
//	                           │ └────── any answer ────┼──────┬───────────────┐
//	                           ├── failure that counts ─┴─→ failing ──denied──→ gone
//	                           │                               │    for days
//	                           └── most of its host fail ─→ incident ←─────────┘
//	                                                           └──the host answers again──→ ok, catching up
//
// learning may fail as well. An incident ends for all accounts of its host together; one that lasts two
// days on a host of few accounts makes them failing. Every failure schedules another try, what is gone is
// still asked weekly, so nothing stops for good. Paused is a tenant's account, not the source.
package tracking
