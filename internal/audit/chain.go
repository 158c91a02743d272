package audit

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"hash"
	"reflect"
	"strings"

	"trackbot/internal/store/db"
)

const (
	plainActors = "trackbot audit 1" // with the actor's id and name themselves
	aliased     = "trackbot audit 2"
	redacted    = "[redacted]"
)

// genesis is what the first entry of a chain follows.
func genesis() []byte { return make([]byte, sha256.Size) }

// entryHash covers every field of r but address and user agent, for which the origin hash stands, and, where there
// is an alias, the actor's id and name, for which it and the actor hash stand.
func entryHash(r db.AuditLog) []byte {
	h := sha256.New()
	version, id, name := plainActors, []byte(r.ActorID), []byte(r.ActorName)
	if r.ActorAlias != nil {
		version, id, name = aliased, []byte(*r.ActorAlias), r.ActorHash
	}
	writeText(h, version)
	writeBytes(h, r.Previous)
	writeBytes(h, r.ClientID[:])
	writeNumber(h, r.Seq)
	writeBytes(h, r.ID[:])
	writeNumber(h, r.CreatedAt.UnixMicro())
	for _, b := range [][]byte{
		[]byte(r.GuildID), id, []byte(r.ActorType), name, []byte(r.Action),
		[]byte(r.TargetType), []byte(r.TargetID), []byte(r.Changes), []byte(r.Source), []byte(r.RequestID),
	} {
		writeBytes(h, b)
	}
	writeBytes(h, r.OriginHash)
	return h.Sum(nil)
}

// originHash covers address and user agent. The salt keeps equal origins of different tenants apart.
func originHash(salt []byte, r db.AuditLog) []byte {
	h := hmac.New(sha256.New, salt)
	ip := ""
	if r.IpAddress != nil {
		ip = r.IpAddress.String()
	}
	writeText(h, ip)
	writeText(h, r.UserAgent)
	return h.Sum(nil)
}

// AliasPrefix begins what stands for a person who has left.
const AliasPrefix = "deleted-"

// actorAlias is what an actor is called in a tenant's log after leaving: the same in all entries there, another one in
// each tenant, and of no use to whoever does not have the salt.
func actorAlias(salt []byte, actorID string) string {
	h := hmac.New(sha256.New, salt)
	writeText(h, "alias")
	writeText(h, actorID)
	return AliasPrefix + hex.EncodeToString(h.Sum(nil)[:8])
}

// actorHash covers who the actor is.
func actorHash(salt []byte, r db.AuditLog) []byte {
	h := hmac.New(sha256.New, salt)
	writeText(h, "actor")
	writeText(h, r.ActorID)
	writeText(h, r.ActorName)
	return h.Sum(nil)
}

// Every value is preceded by its length, so that no two entries have the same encoding.

func writeText(h hash.Hash, s string) { writeBytes(h, []byte(s)) }

func writeBytes(h hash.Hash, b []byte) {
	writeNumber(h, int64(len(b)))
	h.Write(b) // a hash never fails
}

func writeNumber(h hash.Hash, n int64) {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], uint64(n))
	h.Write(b[:]) // a hash never fails
}

// encodeChanges gives the exact text that is stored and hashed.
func encodeChanges(changes []Change) (string, error) {
	out := make([]Change, 0, len(changes))
	for _, c := range changes {
		if empty(c.Old) && empty(c.New) { // such as an optional field that a new thing does not have
			continue
		}
		if secret(c.Field) {
			c.Old, c.New = mask(c.Old), mask(c.New)
		}
		out = append(out, c)
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(out); err != nil {
		return "", err
	}
	return strings.TrimSuffix(b.String(), "\n"), nil
}

// empty tells whether a value is written as null.
func empty(v any) bool {
	if v == nil {
		return true
	}
	r := reflect.ValueOf(v)
	return r.Kind() == reflect.Pointer && r.IsNil()
}

// secret tells whether a field's values must not be written down whatever they are.
func secret(field string) bool {
	field = strings.ToLower(field)
	for _, word := range []string{"secret", "token", "password", "hash", "verifier"} {
		if strings.Contains(field, word) {
			return true
		}
	}
	return false
}

func mask(v any) any {
	if v == nil {
		return nil
	}
	return redacted
}
