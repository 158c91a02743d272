package discord

import "encoding/json"

// ResumeAddress and DecodeFrame are shown to the tests outside the package.
var ResumeAddress = resumeAddress

// Buckets returns how many limits the client remembers.
func Buckets(c *Client) int {
	c.limits.mu.Lock()
	defer c.limits.mu.Unlock()
	return len(c.limits.buckets)
}

// DecodeFrame reads a gateway payload as a connection does.
func DecodeFrame(b []byte) (op int, data json.RawMessage, err error) {
	f, err := decodeFrame(b)
	return f.Op, f.Data, err
}
