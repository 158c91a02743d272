package config

import (
	"fmt"
	"regexp"
	"strings"
)

// DefaultBotKey is the id of a secret in BOT_HMAC_SECRET that has none of its own.
const DefaultBotKey = "default"

// BotKey is a secret that signs the calls of bots without database access.
type BotKey struct {
	ID     string
	Secret Secret
}

// BotKeys parses BOT_HMAC_SECRET: "id:secret", several by comma so that keys may overlap while one
// replaces another, or a secret alone. The secrets hold neither commas nor colons. Faults name no id:
// it may be a part of a secret that has a colon.
func (c Config) BotKeys() ([]BotKey, error) {
	idForm := regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)
	var out []BotKey
	seen := map[string]bool{}
	for _, item := range list(c.BotHMACSecret.Reveal()) {
		id, secret, named := strings.Cut(item, ":")
		if !named {
			id, secret = DefaultBotKey, item
		}
		switch {
		case !idForm.MatchString(id):
			return nil, fmt.Errorf("want id:secret by comma, an id of letters, digits, dots, dashes and underscores")
		case secret == "" || strings.Contains(secret, ":"):
			return nil, fmt.Errorf("want a secret without colons behind each id")
		case seen[id]:
			return nil, fmt.Errorf("has an id twice")
		}
		seen[id] = true
		out = append(out, BotKey{ID: id, Secret: Secret(secret)})
	}
	return out, nil
}
