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

// sealer encrypts Discord tokens at rest with AES-256-GCM under the first key. A sealed value opens only for the
// user and the column it was made for, under any of the keys.
type sealer struct{ keys []cipher.AEAD }

// deriveKeys makes one key a purpose of each encryption key, so that no two uses share one (RFC 5869).
func deriveKeys(encryptionKeys [][]byte) (*sealer, [][]byte, error) {
	seal, peppers := &sealer{}, make([][]byte, 0, len(encryptionKeys))
	for _, key := range encryptionKeys {
		aead, pepper, err := deriveKey(key)
		if err != nil {
			return nil, nil, err
		}
		seal.keys, peppers = append(seal.keys, aead), append(peppers, pepper)
	}
	return seal, peppers, nil
}

func deriveKey(encryptionKey []byte) (aead cipher.AEAD, pepper []byte, err error) {
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
	if aead, err = cipher.NewGCMWithRandomNonce(block); err != nil {
		return nil, nil, fmt.Errorf("make grant cipher: %w", err)
	}
	return aead, pepper, nil
}

func (s *sealer) close(userID, column, plain string) []byte {
	return s.keys[0].Seal([]byte{sealVersion}, nil, []byte(plain), []byte(column+" "+userID))
}

var errSealed = errors.New("sealed with another key, or for another user or column")

func (s *sealer) open(userID, column string, sealed []byte) (string, error) {
	plain, _, err := s.openWith(userID, column, sealed)
	return plain, err
}

// openWith tells which key opened it, 0 being the one that seals. The key's id is not stored: trying one costs a microsecond.
func (s *sealer) openWith(userID, column string, sealed []byte) (plain string, key int, err error) {
	if len(sealed) == 0 || sealed[0] != sealVersion {
		return "", 0, errSealed
	}
	for i, aead := range s.keys {
		if plain, err := aead.Open(nil, nil, sealed[1:], []byte(column+" "+userID)); err == nil {
			return string(plain), i, nil
		}
	}
	return "", 0, errSealed
}
