// Package notifier is the one sender of posts to Discord: it claims channels with due deliveries,
// sends each line from its head, and records the outcome.
//
//	claim ──► begin (commit) ──► POST with nonce ──► record sent ──► next of the line
//	  ▲           │ may have left before: look for it in the channel first
//	  │           ▼
//	  └── release ◄── not accepted: record what delivery.Decide says
//
// Whatever it is killed at, nothing is lost and nothing is sent twice: a delivery that may have left
// says so in the database before it leaves, and the next holder of the lease looks for it.
package notifier
