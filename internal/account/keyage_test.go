package account_test

import (
	"testing"
	"time"

	"trackbot/internal/account"
)

func TestKeyIsAsOldAsItsFirstUse(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	since, err := f.KeySince(t.Context())
	if err != nil || time.Since(since).Abs() > time.Minute {
		t.Fatalf("a new key: %s, %v", since, err)
	}
	f.sql(t, "UPDATE jwt_keys SET first_used_at = first_used_at - interval '91 days'")
	again, err := f.restart(t, encryptionKey).KeySince(t.Context())
	if err != nil || since.Sub(again) != 91*24*time.Hour {
		t.Errorf("after a restart: %s, %v", again, err)
	}
	next, err := account.New(f.api, f.discord, account.Config{
		Keys:          account.NewKeyRing(append([]byte("next"), jwtSecret...), 0, account.VerifyKey{Secret: jwtSecret}),
		EncryptionKey: encryptionKey, DashboardURL: dashboard,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(next.Close)
	if since, err := next.KeySince(t.Context()); err != nil || time.Since(since).Abs() > time.Minute {
		t.Errorf("after a rotation: %s, %v", since, err)
	}
}
