// Package tracking holds what a tenant follows: brands, account groups and accounts, and the life of
// the sources behind them: when they are polled, what is stored of a poll, when posts are measured.
//
// A source's states:
//
//	learning ──first answer──→ ok ←──────── any answer ────────┐
//	                           │                               │
//	                           └── failure that counts ──→ failing
//
// learning may fail as well. Every failure schedules another try, so nothing stops for good.
package tracking
