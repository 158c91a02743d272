// Package live tells those who watch a tenant what changes: its status, new posts, exports on their way. However
// many watch, a process listens to the database on one connection and asks once a change and tenant:
//
//	NOTIFY ─► Hub ─ dirty tenants ─► readers (few) ─ frames ─► shards ─► connections
//	                      ▲                                       │
//	              tick (status)                 comments, ends, slow ones apart
//
// A connection costs its socket and some hundred bytes: no goroutine waits on it. A shard writes to its
// connections in turn; one that does not take a frame at once gets a goroutine of its own until it has caught
// up, or is cut off, and delays nobody.
package live
