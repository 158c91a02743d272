package live

import (
	"bytes"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// frameOf writes an event (WHATWG HTML §9.2.5).
func frameOf(id uuid.UUID, event string, data []byte) []byte {
	return fmt.Appendf(nil, "id: %s\nevent: %s\ndata: %s\n\n", id, event, data)
}

// pack makes one parcel of frames: a stream takes it with one write.
func pack(frames ...[]byte) parcel {
	if len(frames) == 1 {
		return parcel{frames[0], 1}
	}
	return parcel{bytes.Join(frames, nil), len(frames)}
}

// comment keeps proxies from closing a silent connection (WHATWG HTML §9.2.7).
func comment() parcel { return parcel{[]byte(": \n\n"), 1} }

// idAt is the least UUIDv7 of a moment (RFC 9562 §5.7).
func idAt(t time.Time) uuid.UUID {
	var id uuid.UUID
	ms := t.UnixMilli()
	for i := range 6 {
		id[i] = byte(ms >> (40 - 8*i))
	}
	id[6], id[8] = 0x70, 0x80
	return id
}

// timeOf is the moment of a UUIDv7.
func timeOf(id uuid.UUID) time.Time {
	var ms int64
	for _, b := range id[:6] {
		ms = ms<<8 | int64(b)
	}
	return time.UnixMilli(ms)
}
