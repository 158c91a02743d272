// Package signed verifies the calls of machines: programs without a user, such as a bot
// without access to the database, that share a key with the API. A call carries
//
//	X-Trackbot-Key-Id           which key, so that two may overlap while one replaces the other
//	X-Trackbot-Timestamp        Unix seconds, at most 60 s from our clock
//	X-Trackbot-Nonce            16 random bytes in base64url, for one use
//	X-Trackbot-Content-SHA256   of the body, in lower-case hexadecimal
//	X-Trackbot-Signature        v1=<HMAC-SHA-256 in lower-case hexadecimal>
//
// and the signature is made over
//
//	"TB1\n" METHOD "\n" path "\n" raw query "\n" lower(content-type) "\n" timestamp "\n" nonce "\n" body hash
//
// with path and query as they stand in the request line. Nothing is read from or written to
// the database for a call whose signature is wrong. A nonce is kept for longer than a
// timestamp can be valid, so that a call that was overheard is refused for good:
//
//	headers ─► time ─► body hash ─► signature ─► nonce unused ─► verified
//	   │400/401  │401      │401         │401          │401
//
// Each header has one spelling, so that one signature belongs to one request alone.
package signed
