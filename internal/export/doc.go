// Package export makes files of what a tenant's lists show, to take away. An order is a row; the worker
// claims it with a lease, reads in one snapshot as a database role that sees that tenant alone, and writes
// the file beside its final name, so that a file that is there is complete. An archive is everything of the tenant at once.
//
//	         order                claim                  file complete
//	(none) ────────► queued ───────────────► running ───────────────────► done ──expiry──► expired
//	                   ▲                     │     │
//	                   └── try again, or the ┘     └── too many rows, or the third try ──► failed
//	                       lease has run out
//
// A worker that dies leaves the export to whoever finds its lease run out, who begins anew; what was half
// written is swept. Deleting an export that is being made stops the making.
package export
