// Package plan says what a tenant is entitled to, and who may change it.
//
// Sellers grant plans: an operator by his word, Stripe by a subscription, Discord by an entitlement. Each tells of its
// grants again and again, late, twice and out of order, so grants are facts of their own, each as the newest event has it,
// and what a tenant is entitled to follows from them and the clock alone:
//
//	operator's word ─┐
//	Stripe's events ─┼─► grants ──Settle──► the tenant's plan ──view entitlements──► Of, Lock: every service
//	Discord's list  ─┘      │
//	                        └── one begins or ends by itself: Review, by the worker
//
// Of grants in force the operator's wins, else the largest plan, of equals Stripe's, of those the one that ends last. A
// larger plan holds at once. A smaller one has a grace of ten days:
//
//	larger ──smaller plan──► grace ──ten days──► smaller
//	   ▲                       │
//	   └──as large again───────┘
//
// In the grace everything that exists runs on under the larger plan's limits, and nothing is added beyond the smaller
// plan's room. When it is over the newest accounts beyond the room are paused (tracking).
package plan
