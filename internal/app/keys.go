package app

import (
	"context"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"

	"trackbot/internal/account"
	"trackbot/internal/config"
)

// addressKeys are the secrets by which the dashboard's server vouches for addresses.
func addressKeys(cfg config.Config) (out [][]byte) {
	for _, secret := range cfg.AddressSecrets() {
		out = append(out, []byte(secret.Reveal()))
	}
	return out
}

// deriveKeys makes a key for one purpose from each value of ENCRYPTION_KEY (RFC 5869).
func deriveKeys(cfg config.Config, purpose string) ([][]byte, error) {
	secrets, err := cfg.EncryptionKeys()
	if err != nil {
		return nil, err
	}
	if len(secrets) == 0 {
		return nil, errors.New("read encryption key: there is none")
	}
	out := make([][]byte, len(secrets))
	for i, secret := range secrets {
		if out[i], err = hkdf.Key(sha256.New, secret, nil, purpose, 32); err != nil {
			return nil, fmt.Errorf("derive key: %w", err)
		}
	}
	return out, nil
}

// resealer moves what a former ENCRYPTION_KEY has sealed to the one that seals now.
func resealer(accounts *account.Service, log *slog.Logger) func(context.Context) error {
	return func(ctx context.Context) error {
		n, err := accounts.Reseal(ctx)
		if n > 0 {
			log.InfoContext(ctx, "discord grants sealed anew", "grants", n)
		}
		return err
	}
}
