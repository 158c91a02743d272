package signed

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
)

// minSecret is the least length of a secret, that of the hash's output (RFC 2104 §3).
const minSecret = 32

// Key is a secret that a machine shares with the API.
type Key struct {
	ID     string
	Secret []byte // at least 32 bytes
}

// Keys are those that count, by id.
type Keys map[string][]byte

// NewKeys refuses none at all, short secrets, and an id or a secret that is there twice: the signature
// does not cover the id, so under a shared secret a nonce could be used once for each id.
func NewKeys(keys ...Key) (Keys, error) {
	if len(keys) == 0 {
		return nil, errors.New("make keys: there is none")
	}
	out := Keys{}
	for _, key := range keys {
		switch {
		case key.ID == "":
			return nil, errors.New("make keys: one has no id")
		case len(key.Secret) < minSecret:
			return nil, fmt.Errorf("make keys: %s is shorter than %d bytes", key.ID, minSecret)
		case out[key.ID] != nil:
			return nil, fmt.Errorf("make keys: %s is there twice", key.ID)
		}
		for other := range maps.Keys(out) {
			if bytes.Equal(out[other], key.Secret) {
				return nil, fmt.Errorf("make keys: %s and %s have the same secret", other, key.ID)
			}
		}
		out[key.ID] = bytes.Clone(key.Secret)
	}
	return out, nil
}
