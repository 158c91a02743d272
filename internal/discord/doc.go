// Package discord is Trackbot's own small client for Discord's API version 10:
// the REST calls the services need, the OAuth calls of the sign-in, and the
// gateway with its shards. It is written from Discord's developer
// documentation and keeps a small surface, so that a library can replace it.
//
// # REST
//
// A [Client] reads the rate limits off every answer and never sends a request
// that it knows to be refused: such a call fails at once with a
// [RateLimitError] whose Local field is set (or waits, up to Config.MaxWait).
// It never retries; that is its caller's policy. One Client belongs to one
// token; all its methods may be called concurrently.
//
// # Gateway
//
// A [Gateway] keeps one connection per shard alive and hands the events to a
// [Handler], one at a time and in order per shard:
//
//	        ┌───────────────────── back-off ◄───────────────────┐
//	        ▼                                                   │
//	   ┌─ session known? ─┐                                     │
//	no │                  │ yes                                 │
//	   ▼                  ▼                                     │
//	waiting ──slot──► connecting ──dial or Hello fails──────────┤
//	                      │                                     │
//	          ┌── Hello ──┴── Hello ──┐                         │
//	          ▼                       ▼                         │
//	     identifying               resuming ──op 9 d=false──► forget
//	          │ READY                 │ RESUMED                 ▲
//	          └─────────► ready ◄─────┘                         │
//	                        │ close, op 7, op 9, zombie ────────┤
//	                        │ close 4007, 4009 ──► forget ──────┘
//	                        │ close 4004, 4010–4014
//	                        ▼
//	                Run returns *CloseError
//
// An event counts as handled when the Handler has returned. With a
// [SessionStore] the position of the last handled event outlives the process:
// the next one resumes behind it and Discord replays the rest, so events are
// handled at least once and none is lost while Discord keeps the session (a
// few minutes).
package discord
