// Package push keeps the subscriptions by which a platform tells of news at once (W3C WebSub): what is asked of
// the hub and when, what the hub verifies, and which of its calls are genuine. A push is a hint: its source becomes
// due now, and polling goes on as if there were none, because hubs fail silently.
//
//	          asked                 verified
//	(none) ─────────▶ pending ────────────────▶ active ──┐ asked again before the lease ends
//	                   │  ▲ ▲                    │ │ ▲ └──┘
//	           refused │  │ └── not verified:    │ │ └─── verified
//	           by hub  │  │     asked again,     │ │ lease over
//	                   ▼  │     10 min … 12 h    │ ▼
//	                 denied (asked a day later) ◀┘ expired (asked at once)
//
// When nobody tracks the source any more the hub is asked to unsubscribe; the row goes when it has verified that, or
// after three requests. Rows are written by the worker, and by the API where a hub calls.
package push
