// Package warm keeps answers in memory until what they were made of changes, and never serves one that is older
// than its reader may expect:
//
//	write ── commit, its trigger tells ChannelData ──► Settle: slack passes ──► the writer is answered
//	                      │
//	                      ▼ told, or asked for by CatchUp
//	read ──► caught up no longer than slack ago? ─ no ─► CatchUp ── deaf ──► made anew, not kept
//	                      │ yes                              │
//	                      ▼                                  ▼
//	              kept, and nothing it was made of has changed since? ── no ──► made anew, kept
//
// A reader's own last write was answered at least slack after its commit, and the process has caught up since then:
// so it knows of the write, whichever process made it. Who made none may see what was true slack ago. A process that
// hears nothing keeps nothing. Whatever is not told, such as the time of day, makes an answer at most as old as its
// Keep says.
//
// Answers are kept by tenant and address, and by whatever of the caller changes them.
package warm
