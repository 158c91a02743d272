package discord

import (
	"crypto/ed25519"
	"encoding/hex"
	"fmt"
	"net/http"
)

// Headers of a request signed by Discord (Discord API docs: Interactions
// Overview, Validating Security Request Headers).
const (
	HeaderSignature = "X-Signature-Ed25519"
	HeaderTimestamp = "X-Signature-Timestamp"
)

// ParsePublicKey reads an application's public key, 32 bytes in hex.
func ParsePublicKey(s string) (ed25519.PublicKey, error) {
	key, err := hex.DecodeString(s)
	if err != nil {
		return nil, fmt.Errorf("read public key: %w", err)
	}
	if len(key) != ed25519.PublicKeySize {
		return nil, fmt.Errorf("read public key: %d bytes instead of %d", len(key), ed25519.PublicKeySize)
	}
	return key, nil
}

// VerifySignature reports whether the request with these headers and exactly
// this body was signed by the holder of key. Discord sends wrong signatures on
// purpose: the answer to them must be 401.
func VerifySignature(key ed25519.PublicKey, h http.Header, body []byte) bool {
	if len(key) != ed25519.PublicKeySize || len(h[HeaderSignature]) != 1 || len(h[HeaderTimestamp]) != 1 {
		return false
	}
	sig, err := hex.DecodeString(h[HeaderSignature][0])
	if err != nil || len(sig) != ed25519.SignatureSize {
		return false
	}
	signed := append([]byte(h[HeaderTimestamp][0]), body...)
	return ed25519.Verify(key, signed, sig)
}
