package httpapi

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"trackbot/internal/fault"
)

// writeTagged answers with the weak ETag of a successful body, a read with 304 when the caller has it (RFC 9110
// §13.1.2). Streams, exports, redirects and refusals do not come here.
func writeTagged(w http.ResponseWriter, r *http.Request, tag string, body []byte) {
	h := w.Header()
	h.Set("ETag", tag)
	isRead := r.Method == http.MethodGet || r.Method == http.MethodHead
	if isRead {
		h.Set("Cache-Control", "private, no-cache")
	}
	if isRead && matches(r.Header.Values("If-None-Match"), tag) {
		h.Del("Content-Type")
		h.Del("Content-Length")
		h.Del("Content-Disposition")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if h.Get("Content-Type") == "" { // an answer from memory
		h.Set("Content-Type", "application/json")
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(body) // a caller that has gone cannot be told
}

// heldWriter holds back a successful answer that is written at once.
type heldWriter struct {
	http.ResponseWriter
	body    bytes.Buffer
	holding bool
	passing bool
}

func (w *heldWriter) WriteHeader(status int) {
	if w.holding || w.passing {
		return
	}
	media, _, _ := mime.ParseMediaType(w.Header().Get("Content-Type"))
	if status == http.StatusOK && (media == "application/json" || media == "text/x-opml" || media == "text/html") {
		w.holding = true
		return
	}
	w.passing = status >= http.StatusOK
	w.ResponseWriter.WriteHeader(status)
}

func (w *heldWriter) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	if w.holding {
		return w.body.Write(b)
	}
	return w.ResponseWriter.Write(b)
}

// take holds a whole body that its maker gives away.
func (w *heldWriter) take(body []byte) {
	if w.holding {
		w.body = *bytes.NewBuffer(body)
		return
	}
	_, _ = w.Write(body) // a caller that has gone cannot be told
}

// Flush lets the generated code stream.
func (w *heldWriter) Flush() {
	if !w.holding {
		_ = http.NewResponseController(w.ResponseWriter).Flush()
	}
}

// Unwrap lets http.ResponseController through.
func (w *heldWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func entityTag(version string, body []byte) string {
	sum := sha256.Sum256(body)
	tag := base64.RawURLEncoding.EncodeToString(sum[:12])
	if version != "" {
		tag = version + "." + tag
	}
	return `W/"` + tag + `"`
}

// matches compares weakly (RFC 9110 §8.8.3.2). Our tags hold no comma and no quote.
func matches(ifNoneMatch []string, tag string) bool {
	want := opaque(tag)
	for _, line := range ifNoneMatch {
		for candidate := range strings.SplitSeq(line, ",") {
			candidate = strings.TrimSpace(candidate)
			if candidate == "*" || opaque(candidate) == want {
				return true
			}
		}
	}
	return false
}

func opaque(tag string) string { return strings.TrimPrefix(tag, "W/") }

// setVersion puts the version of what may be changed into the answer's ETag, so that a later
// If-Match can be checked against it whatever else of the representation has moved.
func setVersion(ctx context.Context, version int64) { recordOf(ctx).version = versionTag(version) }

// checkVersion tells whether If-Match names this version: nil, or precondition_failed.
func checkVersion(ifMatch string, version int64) error {
	for candidate := range strings.SplitSeq(ifMatch, ",") {
		tag := strings.Trim(opaque(strings.TrimSpace(candidate)), `"`)
		if named, _, ok := strings.Cut(tag, "."); ok && named == versionTag(version) {
			return nil
		}
	}
	return fault.New(fault.PreconditionFailed, "It was changed meanwhile. Read it again and repeat your change.")
}

// tagBy makes the answer's ETag of something like it: a representation that differs from another by the moment it was
// made at says the same (RFC 9110 §8.8.1).
func tagBy(ctx context.Context, likeness any) error {
	body, err := json.Marshal(likeness)
	if err != nil {
		return fmt.Errorf("tag answer: %w", err)
	}
	recordOf(ctx).likeness = body
	return nil
}

func versionTag(version int64) string { return "v" + strconv.FormatInt(version, 10) }
