package config_test

import (
	"strings"
	"testing"

	"trackbot/internal/config"
)

func TestAddressSecretsMayOverlap(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		"":        "",
		botSecret: botSecret,
		" " + nextSecret + " , " + botSecret + ",": nextSecret + " " + botSecret,
	} {
		env := apiEnv()
		env["CLIENT_ADDRESS_SECRET"] = value
		cfg, err := load(env, config.API)
		var got []string
		for _, secret := range cfg.AddressSecrets() {
			got = append(got, secret.Reveal())
		}
		if err != nil || strings.Join(got, " ") != want {
			t.Errorf("%q: got %q, %v", value, got, err)
		}
	}
}

func TestAddressSecretsThatAreNotSafeAreRefused(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		botSecret[:31]:                   "want at least 32 bytes",
		botSecret + "," + nextSecret[:8]: "want at least 32 bytes",
		strings.Repeat("ab", 20):         "is too easy",
		"changeme" + botSecret:           "is an example",
		botSecret + "," + botSecret:      "must differ",
		jwtSecret:                        "must differ from JWT_SECRET",
	} {
		env := apiEnv()
		env["CLIENT_ADDRESS_SECRET"] = value
		_, err := load(env, config.API)
		if err == nil || !strings.Contains(err.Error(), "CLIENT_ADDRESS_SECRET: "+want) {
			t.Errorf("%q: got %v", value, err)
		}
		if err != nil && strings.Contains(err.Error(), botSecret[:8]) {
			t.Errorf("%q: the secret is in %v", value, err)
		}
	}
	env := apiEnv()
	env["CLIENT_ADDRESS_SECRET"], env["BOT_HMAC_SECRET"] = botSecret, botSecret
	if _, err := load(env, config.API); err == nil || !strings.Contains(err.Error(), "must differ from BOT_HMAC_SECRET") {
		t.Errorf("the bots' secret too: %v", err)
	}
}
