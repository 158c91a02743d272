package config_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"strings"
	"testing"

	"trackbot/internal/config"
)

const (
	jwtSecret = "q3Zx8vT1mYw5Kc7Rb0Ls2Hd9Gf4Jn6PaUeQiWoXzVtBkMyCrNsDhFgLjEpAu81xZ"
	encKey    = "MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1ub3BxcnN0dXY="
)

func apiEnv() map[string]string {
	return map[string]string{
		"DATABASE_URL": "postgres://u:pw@localhost/db", "JWT_SECRET": jwtSecret, "ENCRYPTION_KEY": encKey,
		"DASHBOARD_URL": "https://app.test", "DASHBOARD_DISCORD_CLIENT_ID": "1", "DASHBOARD_DISCORD_CLIENT_SECRET": "s3cret-client",
		"DASHBOARD_OAUTH_CALLBACK": "https://api.test/api/v1/auth/discord/callback",
	}
}

func load(env map[string]string, service config.Service) (config.Config, error) {
	lookup := func(name string) (string, bool) { v, ok := env[name]; return v, ok }
	files := func(name string) ([]byte, error) {
		if name == "/run/jwt" {
			return []byte(jwtSecret + "\n"), nil
		}
		return nil, errors.New("no such file")
	}
	return config.Load(lookup, files, service)
}

func TestLoadNamesEachFaultAtOnce(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		change map[string]string
		want   []string
	}{
		"valid":                 {nil, nil},
		"short jwt secret":      {map[string]string{"JWT_SECRET": jwtSecret[:63]}, []string{"JWT_SECRET: want at least 64 bytes"}},
		"repeated jwt secret":   {map[string]string{"JWT_SECRET": strings.Repeat("ab", 40)}, []string{"JWT_SECRET: is too easy"}},
		"example jwt secret":    {map[string]string{"JWT_SECRET": "changeme" + jwtSecret}, []string{"JWT_SECRET: is an example"}},
		"same secret twice":     {map[string]string{"JWT_SECRET_NEXT": jwtSecret}, []string{"JWT_SECRET_NEXT: must differ from JWT_SECRET"}},
		"short encryption key":  {map[string]string{"ENCRYPTION_KEY": "YWJj"}, []string{"ENCRYPTION_KEY: want 32 bytes"}},
		"a short second key":    {map[string]string{"ENCRYPTION_KEY": encKey + ",YWJj"}, []string{"ENCRYPTION_KEY: want 32 bytes"}},
		"no key but a comma":    {map[string]string{"ENCRYPTION_KEY": " , "}, []string{"ENCRYPTION_KEY: want 32 bytes"}},
		"the same key twice":    {map[string]string{"ENCRYPTION_KEY": encKey + "," + encKey}, []string{"ENCRYPTION_KEY: must differ"}},
		"two encryption keys":   {map[string]string{"ENCRYPTION_KEY": encKey + ", dnV0c3JxcG9ubWxramloZ2ZlZGNiYTk4NzY1NDMyMTA="}, nil},
		"an odd egress":         {map[string]string{"EGRESS": "Our NAT"}, []string{"EGRESS: want"}},
		"an egress by address":  {map[string]string{"EGRESS": "2001:db8::7"}, nil},
		"origin with a path":    {map[string]string{"CORS_ALLOWED_ORIGINS": "https://a.test,https://b.test/x"}, []string{"CORS_ALLOWED_ORIGINS"}},
		"short page password":   {map[string]string{"OPS_PASSWORD": "hunter2"}, []string{"OPS_PASSWORD: want at least 16 bytes"}},
		"several":               {map[string]string{"DATABASE_URL": "", "LOG_LEVEL": "loud", "MIN_POLL_INTERVAL": "-1s"}, []string{"DATABASE_URL: is required", "LOG_LEVEL: want", "MIN_POLL_INTERVAL: want"}},
		"undated previous":      {map[string]string{"JWT_SECRET_PREVIOUS": "abc"}, []string{"JWT_SECRET_PREVIOUS: want secret@"}},
		"secret and its file":   {map[string]string{"JWT_SECRET_FILE": "/run/jwt"}, []string{"JWT_SECRET: set it or JWT_SECRET_FILE"}},
		"plans that are none":   {map[string]string{"STRIPE_PLANS": "price_1=gold", "DISCORD_PLANS": "1=free"}, []string{"STRIPE_PLANS: price_1=gold: want", "DISCORD_PLANS: 1=free: want"}},
		"plans without a name":  {map[string]string{"STRIPE_PLANS": "pro", "DISCORD_PLANS": "1=pro,1=enterprise"}, []string{"STRIPE_PLANS: want pairs", "DISCORD_PLANS: want pairs"}},
		"sold but not heard of": {map[string]string{"STRIPE_CHECKOUT": "pro=https://buy.test/a"}, []string{"STRIPE_WEBHOOK_SECRET: is required"}},
		"sold nowhere":          {map[string]string{"STRIPE_CHECKOUT": "pro=buy", "STRIPE_WEBHOOK_SECRET": "whsec_1", "STRIPE_PORTAL_URL": "portal"}, []string{"STRIPE_CHECKOUT: pro=buy", "STRIPE_PORTAL_URL: want an http"}},
		"sold":                  {map[string]string{"STRIPE_CHECKOUT": "pro=https://buy.test/a", "STRIPE_WEBHOOK_SECRET": "whsec_1", "STRIPE_PLANS": "price_1=pro, prod_2=enterprise"}, nil},
		"secret file missing":   {map[string]string{"BOT_HMAC_SECRET_FILE": "/run/none"}, []string{"BOT_HMAC_SECRET_FILE: no such file"}},
		"proxies not a network": {map[string]string{"TRUSTED_PROXIES": "10.0.0.0/8,proxy"}, []string{"TRUSTED_PROXIES: want addresses"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := apiEnv()
			maps.Copy(env, tc.change)
			_, err := load(env, config.API)
			if len(tc.want) == 0 && err != nil {
				t.Fatalf("got %v, want none", err)
			}
			for _, want := range tc.want {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("error %q does not name %q", err, want)
				}
			}
		})
	}
}

func TestABotNeedsADatabaseOrAnAPI(t *testing.T) {
	t.Parallel()
	key := jwtSecret[:40]
	for name, tc := range map[string]struct {
		service config.Service
		env     map[string]string
		want    []string
	}{
		"on the database":        {config.Bot, map[string]string{"DATABASE_URL": "postgres://u@h/d"}, nil},
		"without":                {config.Bot, nil, []string{"DATABASE_URL: is required"}},
		"by the api":             {config.Bot, map[string]string{"BOT_MODE": "api", "TRACKBOT_API_URL": "https://api.test", "BOT_HMAC_SECRET": key}, nil},
		"by no api":              {config.Bot, map[string]string{"BOT_MODE": "api"}, []string{"TRACKBOT_API_URL: is required", "BOT_HMAC_SECRET: is required"}},
		"by what is no api":      {config.Bot, map[string]string{"BOT_MODE": "api", "TRACKBOT_API_URL": "api.test", "BOT_HMAC_SECRET": key}, []string{"TRACKBOT_API_URL: want an http"}},
		"in another way":         {config.Bot, map[string]string{"BOT_MODE": "rest", "DATABASE_URL": "postgres://u@h/d"}, []string{"BOT_MODE: want db or api"}},
		"with an odd id":         {config.Bot, map[string]string{"BOT_ID": "My Bot", "DATABASE_URL": "postgres://u@h/d"}, []string{"BOT_ID: want"}},
		"beside the other three": {config.All, map[string]string{"BOT_MODE": "api"}, []string{"BOT_MODE: api is for", "DATABASE_URL: is required"}},
		"of others":              {config.Worker, map[string]string{"BOT_MODE": "api"}, []string{"DATABASE_URL: is required"}},
	} {
		env := map[string]string{"DISCORD_BOT_TOKEN": "t"}
		maps.Copy(env, tc.env)
		_, err := load(env, tc.service)
		if len(tc.want) == 0 && err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, want := range tc.want {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v does not name %q", name, err, want)
			}
		}
	}
}

func TestLoadReadsSecretFromItsFile(t *testing.T) {
	t.Parallel()
	env := apiEnv()
	delete(env, "JWT_SECRET")
	env["JWT_SECRET_FILE"] = "/run/jwt"
	cfg, err := load(env, config.API)
	if err != nil || cfg.JWTSecret.Reveal() != jwtSecret {
		t.Fatalf("got %q, %v", cfg.JWTSecret.Reveal(), err)
	}
}

func TestServicesAskOnlyForWhatTheyUse(t *testing.T) {
	t.Parallel()
	database := map[string]string{"DATABASE_URL": "postgres://localhost/db"}
	for service, ok := range map[config.Service]bool{config.Worker: true, config.Operator: true, config.Bot: false, config.Notifier: false, config.API: false} {
		if _, err := load(database, service); (err == nil) != ok {
			t.Errorf("%s: got %v", service, err)
		}
	}
}

func TestSecretsNeverPrint(t *testing.T) {
	t.Parallel()
	cfg, err := load(apiEnv(), config.API)
	if err != nil {
		t.Fatal(err)
	}
	body, err := json.Marshal(cfg)
	if err != nil {
		t.Fatal(err)
	}
	var logged strings.Builder
	slog.New(slog.NewJSONHandler(&logged, nil)).Info("x", "cfg", cfg, "secret", cfg.JWTSecret)
	printed := string(body) + logged.String() + fmt.Sprintf("%v %+v %#v", cfg, cfg, cfg) + fmt.Sprint(cfg.Settings())
	for _, secret := range []string{jwtSecret, encKey, "s3cret-client", "u:pw"} {
		if strings.Contains(printed, secret) {
			t.Errorf("%q was printed", secret)
		}
	}
}
