package config_test

import (
	"fmt"
	"strings"
	"testing"

	"trackbot/internal/config"
)

const (
	botSecret  = "0f9c3b7a1e5d48620f9c3b7a1e5d4862"
	nextSecret = "7a1e5d48620f9c3b7a1e5d48620f9c3b"
)

func TestBotKeysMayOverlap(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		"":                                  "",
		botSecret:                           "default=" + botSecret,
		"a:" + botSecret:                    "a=" + botSecret,
		" a:" + botSecret + " , ":           "a=" + botSecret,
		botSecret + ",next.2:" + nextSecret: "default=" + botSecret + " next.2=" + nextSecret,
		"a-1:" + botSecret + ",b_2:" + nextSecret: "a-1=" + botSecret + " b_2=" + nextSecret,
	} {
		env := apiEnv()
		env["BOT_HMAC_SECRET"] = value
		cfg, err := load(env, config.API)
		if err != nil {
			t.Errorf("%q: %v", value, err)
			continue
		}
		keys, err := cfg.BotKeys()
		var got []string
		for _, k := range keys {
			got = append(got, k.ID+"="+k.Secret.Reveal())
		}
		if err != nil || strings.Join(got, " ") != want {
			t.Errorf("%q: got %q, %v", value, got, err)
		}
	}
}

func TestBotKeysThatAreNotSafeAreRefused(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		botSecret[:31]: "want at least 32 bytes",
		"a:" + botSecret + ",b:" + nextSecret[:31]: "want at least 32 bytes",
		strings.Repeat("ab", 20):                   "is too easy",
		":" + botSecret:                            "want id:secret",
		"a b:" + botSecret:                         "want id:secret",
		"a:":                                       "want a secret",
		"a:b:" + botSecret:                         "want a secret",
		"a:" + botSecret + ",a:" + nextSecret:      "has an id twice",
		botSecret + "," + nextSecret:               "has an id twice",
		"a:" + botSecret + ",b:" + botSecret:       "must differ",
		"a:" + jwtSecret:                           "must differ from JWT_SECRET",
	} {
		env := apiEnv()
		env["BOT_HMAC_SECRET"] = value
		_, err := load(env, config.API)
		if err == nil || !strings.Contains(err.Error(), "BOT_HMAC_SECRET: "+want) {
			t.Errorf("%q: got %v", value, err)
		}
		if err != nil && (strings.Contains(err.Error(), botSecret[:16]) || strings.Contains(err.Error(), jwtSecret)) {
			t.Errorf("%q: the secret is in %v", value, err)
		}
	}
}

func TestBotKeysDoNotPrint(t *testing.T) {
	t.Parallel()
	if got := fmt.Sprintf("%v %+v %#v", config.BotKey{Secret: botSecret}, config.BotKey{Secret: botSecret}, config.BotKey{Secret: botSecret}); strings.Contains(got, botSecret) {
		t.Error("printed")
	}
}
