// Package account is who is signed in: the hand-over from Discord to the
// dashboard, sessions with rotating refresh tokens, access tokens, and what a
// user may do in a guild.
//
// A sign-in passes three single-use secrets on:
//
//	StartLogin ──state (10 min, cookie)──► FinishLogin ──login code (60 s, PKCE)──► Exchange ──► session
//	     │                                     │                                       │
//	     └─ to Discord                         └─ refused: LoginError, no session      └─ used again: the session ends
//
// A session's refresh token works once; presenting generation p to a session at generation g:
//
//	          p = g ──────────────────────────────► 200, g+1
//	live ──── p = g−1, same Idempotency-Key, 60 s ► 200, the same successor
//	  │       p = g−1, within the race window ────► 401 refresh_race, nothing changes
//	  │       any other p < g ──┐
//	  │                         ▼
//	  └──── logout ─────────► revoked ────────────► 401
//	  └──── 30 days from login, 14 days unused ───► 401
//
// Generations are compared, never times of this machine; all state is in PostgreSQL
// and its clock decides, so that any number of replicas give the same answer.
package account
