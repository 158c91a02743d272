package account

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"
)

const sealVersion = 1

// sealer encrypts Discord tokens at rest with AES-256-GCM. A sealed value opens only for the
// user and the column it was made for.
type sealer struct{ aead cipher.AEAD }

// deriveKeys makes one key a purpose, so that no two uses share one (RFC 5869).
func deriveKeys(encryptionKey []byte) (seal *sealer, pepper []byte, err error) {
	if len(encryptionKey) != 32 {
		return nil, nil, fmt.Errorf("read encryption key: got %d bytes, want 32", len(encryptionKey))
	}
	sealKey, err := hkdf.Key(sha256.New, encryptionKey, nil, "trackbot discord grant", 32)
	if err != nil {
		return nil, nil, fmt.Errorf("derive grant key: %w", err)
	}
	if pepper, err = hkdf.Key(sha256.New, encryptionKey, nil, "trackbot refresh token pepper", 32); err != nil {
		return nil, nil, fmt.Errorf("derive refresh token pepper: %w", err)
	}
	block, err := aes.NewCipher(sealKey)
	if err != nil {
		return nil, nil, fmt.Errorf("make grant cipher: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, nil, fmt.Errorf("make grant cipher: %w", err)
	}
	return &sealer{aead: aead}, pepper, nil
}

func (s *sealer) close(userID, column, plain string) []byte {
	return s.aead.Seal([]byte{sealVersion}, nil, []byte(plain), []byte(column+" "+userID))
}

var errSealed = errors.New("sealed with another key, or for another user or column")

func (s *sealer) open(userID, column string, sealed []byte) (string, error) {
	if len(sealed) == 0 || sealed[0] != sealVersion {
		return "", errSealed
	}
	plain, err := s.aead.Open(nil, nil, sealed[1:], []byte(column+" "+userID))
	if err != nil {
		return "", errSealed
	}
	return string(plain), nil
}
