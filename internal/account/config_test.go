package account_test

import (
	"encoding/base64"
	"testing"
	"time"

	"trackbot/internal/account"
	"trackbot/internal/config"
)

func TestConfigurationBecomesKeysAndLimits(t *testing.T) {
	t.Parallel()
	next, previous := "next"+string(jwtSecret), "previous"+string(jwtSecret)
	cfg, err := account.FromConfig(config.Config{
		JWTSecret: config.Secret(jwtSecret), JWTSecretNext: config.Secret(next),
		JWTSecretPrevious: config.Secret(previous + "@" + noon.Add(time.Hour).Format(time.RFC3339)),
		EncryptionKey:     config.Secret(base64.StdEncoding.EncodeToString(encryptionKey)),
		DashboardURL:      dashboard, AccessTokenTTL: 10 * time.Minute, RefreshTokenTTL: time.Hour, RefreshRaceWindow: time.Second,
	})
	if err != nil {
		t.Fatal(err)
	}
	if cfg.RefreshTTL != time.Hour || cfg.RaceWindow != time.Second || cfg.DashboardURL != dashboard || cfg.Keys.TTL() != 10*time.Minute {
		t.Errorf("got %+v", cfg)
	}
	for _, secret := range []string{string(jwtSecret), next, previous} {
		if _, err := cfg.Keys.Verify(sign(t, account.NewKeyRing([]byte(secret), 10*time.Minute)), noon); err != nil {
			t.Errorf("%.8s…: %v", secret, err)
		}
	}
	if _, err := account.New(nil, nil, account.Config{Keys: cfg.Keys, EncryptionKey: encryptionKey[:31]}); err == nil {
		t.Error("a short encryption key was taken")
	}
}
