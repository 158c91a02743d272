package bench_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/account"
	"trackbot/internal/guild"
	"trackbot/internal/httpapi"
	"trackbot/internal/store"
	"trackbot/internal/tracking"
	"trackbot/internal/usage"
)

const (
	benchGuild  = "200000000000000001"
	benchUser   = "100000000000000001"
	tokenGuilds = 20 // as many as a token holds at most
	batch       = 50 // requests between two readings of the clock
)

// oneUser is a Discord with one user, who owns all guilds.
type oneUser struct{ guilds []account.DiscordGuild }

func (oneUser) AuthorizeURL(state, _ string) string { return "https://discord.test/?state=" + state }

func (oneUser) ExchangeCode(context.Context, string, string) (account.Grant, error) {
	return account.Grant{AccessToken: "a", RefreshToken: "r", Scopes: []string{"identify", "guilds"}, ExpiresAt: time.Now().Add(time.Hour)}, nil
}

func (oneUser) RevokeGrant(context.Context, string) error { return nil }

func (d oneUser) RenewGrant(ctx context.Context, _ string) (account.Grant, error) {
	return d.ExchangeCode(ctx, "", "")
}

func (oneUser) Me(context.Context, string) (account.Profile, error) {
	return account.Profile{ID: benchUser, Username: "ann"}, nil
}

func (d oneUser) MyGuilds(context.Context, string) ([]account.DiscordGuild, error) {
	return d.guilds, nil
}

// openDoor lets everybody in as the owner of one guild and looks at nothing.
type openDoor struct{ tenant httpapi.Tenant }

func (openDoor) Authenticate(context.Context, string) (httpapi.Actor, error) {
	return httpapi.Actor{Kind: httpapi.ActorUser, UserID: benchUser, Username: "ann"}, nil
}

func (d openDoor) Access(context.Context, httpapi.Actor, string, bool) (httpapi.Tenant, error) {
	return d.tenant, nil
}

// signIn takes the user through the sign-in and gives the access token.
func signIn(b *testing.B, accounts *account.Service) string {
	b.Helper()
	must := func(err error) {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
	}
	verifier := rand.Text() + rand.Text()
	sum := sha256.Sum256([]byte(verifier))
	flow, err := accounts.StartLogin(b.Context(), account.LoginStart{Challenge: base64.RawURLEncoding.EncodeToString(sum[:]), State: "s"})
	must(err)
	page, err := url.Parse(flow.AuthorizeURL)
	must(err)
	to, err := accounts.FinishLogin(b.Context(), account.LoginReturn{State: page.Query().Get("state"), Code: "c", CookieValue: flow.CookieValue})
	must(err)
	back, err := url.Parse(to)
	must(err)
	pair, err := accounts.Exchange(b.Context(), back.Query().Get("code"), verifier, account.Origin{})
	must(err)
	return pair.AccessToken
}

// doors are the API behind the real gate and behind an open door, and the real gate's token.
func doors(b *testing.B, d database) (gated, open http.Handler, token string) {
	b.Helper()
	var user oneUser
	var client uuid.UUID
	for i := range tokenGuilds {
		g := account.DiscordGuild{ID: fmt.Sprint(200000000000000001 + i), Name: "Guild", Owner: true, Permissions: "0"}
		user.guilds = append(user.guilds, g)
		if id := d.tenant(b, g.ID, 1); g.ID == benchGuild {
			client = id
			d.fill(b, id, 200)
		}
	}
	st := d.open(b, store.RoleAPI)
	secret := make([]byte, 72)
	rand.Read(secret)
	accounts, err := account.New(st, user, account.Config{
		Keys: account.NewKeyRing(secret, 0), EncryptionKey: secret[:32], DashboardURL: "https://dash.test",
	})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(accounts.Close)
	gate := httpapi.NewUserGate(accounts)
	deps := httpapi.Deps{
		Log: slog.New(slog.DiscardHandler), Accounts: accounts, Auth: gate, Guilds: gate, Ready: st.CheckSchema, CursorKey: bytes.Repeat([]byte("k"), 32),
		Directory: guild.NewReader(st, time.Minute, time.Now), Tracked: tracking.NewReader(st), Usage: usage.NewReader(st, time.Now),
	}
	if gated, err = httpapi.New(deps); err != nil {
		b.Fatal(err)
	}
	door := openDoor{httpapi.Tenant{ClientID: client, GuildID: benchGuild, CanManage: true, Permissions: "0", Timezone: "UTC"}}
	deps.Auth, deps.Guilds = door, door
	if open, err = httpapi.New(deps); err != nil {
		b.Fatal(err)
	}
	return gated, open, signIn(b, accounts)
}

// cpu is the time that this process has computed, for itself and in the kernel.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// medianCPU runs the functions in turn, a batch each time, and returns the median CPU time of one call of each.
func medianCPU(b *testing.B, fns ...func() error) []time.Duration {
	b.Helper()
	out := make([][]time.Duration, len(fns))
	for range rounds / 10 {
		for i, fn := range fns {
			start := cpu(b)
			for range batch {
				if err := fn(); err != nil {
					b.Fatal(err)
				}
			}
			out[i] = append(out[i], (cpu(b)-start)/batch)
		}
	}
	medians := make([]time.Duration, len(fns))
	for i, times := range out {
		slices.Sort(times)
		medians[i] = times[len(times)/2]
	}
	return medians
}

// BenchmarkAuthenticatedRead sets reads behind the sign-in, whose token names 20 guilds, beside the same reads
// without it: CPU time of this process, in which the token is checked and, every 5 s, session and rights looked up.
func BenchmarkAuthenticatedRead(b *testing.B) {
	gated, open, token := doors(b, newDatabase(b))
	read := func(h http.Handler, path string) func() error {
		r := httptest.NewRequest(http.MethodGet, "/api/v1/guilds/"+benchGuild+path, nil)
		r.Header.Set("Authorization", "Bearer "+token)
		return func() error {
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r.Clone(b.Context()))
			if w.Code != http.StatusOK {
				return fmt.Errorf("got %d %s", w.Code, w.Body)
			}
			return nil
		}
	}
	for _, path := range []string{"/brands", "/posts"} {
		t := medianCPU(b, read(gated, path), read(open, path))
		row(b, "CPU: GET "+path+" with sign-in", t[0], t[1], fmt.Sprintf("at most 350µs more, is %s", (t[0]-t[1]).Round(time.Microsecond)))
	}
}
