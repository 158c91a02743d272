package discord

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/coder/websocket"
)

// Gateway opcodes (Discord API docs: Opcodes and Status Codes).
const (
	opDispatch       = 0
	opHeartbeat      = 1
	opIdentify       = 2
	opResume         = 6
	opReconnect      = 7
	opInvalidSession = 9
	opHello          = 10
	opHeartbeatACK   = 11
)

// Close codes of the gateway that ask for something special.
const (
	closeAuthenticationFailed = 4004
	closeInvalidSeq           = 4007
	closeSessionTimedOut      = 4009
	closeInvalidShard         = 4010
	closeDisallowedIntents    = 4014

	// closeResumable is ours: any code but 1000 and 1001 keeps the session.
	closeResumable websocket.StatusCode = 4900
)

// maxPayload is what Discord accepts from us in one frame.
const maxPayload = 4096

// frame is a gateway payload.
type frame struct {
	Op   int             `json:"op"`
	Data json.RawMessage `json:"d"`
	Seq  *int64          `json:"s"`
	Type *string         `json:"t"`
}

func decodeFrame(b []byte) (frame, error) {
	f := frame{Op: -1}
	if err := json.Unmarshal(b, &f); err != nil {
		return f, fmt.Errorf("read gateway payload: %w", err)
	}
	if f.Op < 0 {
		return f, errors.New("read gateway payload: no opcode")
	}
	return f, nil
}

// helloInterval reads how often to send heartbeats.
func helloInterval(data json.RawMessage) (time.Duration, error) {
	var h struct {
		Interval float64 `json:"heartbeat_interval"` // milliseconds
	}
	if err := json.Unmarshal(data, &h); err != nil {
		return 0, fmt.Errorf("read hello: %w", err)
	}
	if h.Interval < 1 || h.Interval > float64(time.Hour/time.Millisecond) {
		return 0, fmt.Errorf("read hello: heartbeat interval of %v ms", h.Interval)
	}
	return time.Duration(h.Interval * float64(time.Millisecond)), nil
}

// gatewayAddress adds the version and the encoding to a gateway's address.
func gatewayAddress(raw string) (string, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return "", fmt.Errorf("gateway address %q is not a URL", raw)
	}
	if u.Scheme != "ws" && u.Scheme != "wss" {
		return "", fmt.Errorf("gateway address %q is not ws or wss", raw)
	}
	if u.Path == "" {
		u.Path = "/"
	}
	q := u.Query()
	q.Set("v", "10")
	q.Set("encoding", "json")
	u.RawQuery = q.Encode()
	return u.String(), nil
}

// resumeAddress prefers the address Discord gave for resuming, unless the token
// would travel in the clear there and does not elsewhere.
func resumeAddress(resume, normal string) string {
	address, err := gatewayAddress(resume)
	if err != nil || strings.HasPrefix(normal, "wss:") && !strings.HasPrefix(address, "wss:") {
		return normal
	}
	return address
}

// CloseError is a close code after which reconnecting is of no use: the token,
// the number of shards or the intents are wrong.
type CloseError struct {
	Code   int
	Reason string
}

// Error names the code and what it means.
func (e *CloseError) Error() string {
	return fmt.Sprintf("discord: gateway closed with %d %s", e.Code, e.Reason)
}

// Is makes ErrUnauthorized match a refused token.
func (e *CloseError) Is(target error) bool {
	return target == ErrUnauthorized && e.Code == closeAuthenticationFailed
}

// fatalClose reports whether a close code forbids to reconnect.
func fatalClose(code int) bool {
	return code == closeAuthenticationFailed || code >= closeInvalidShard && code <= closeDisallowedIntents
}

// lostSession reports whether a close code ends the session. All others, and a
// connection that just drops, leave it to be resumed.
func lostSession(code int) bool {
	return code == closeInvalidSeq || code == closeSessionTimedOut
}
