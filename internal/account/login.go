package account

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/fault"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// FlowCookiePrefix begins the name of the cookie that binds a sign-in to the browser it began in.
const FlowCookiePrefix = "__Host-tb_oauth_"

// FlowCookieSeconds is how long that cookie lives.
const FlowCookieSeconds = int(flowLife / time.Second)

// LoginStart is what the dashboard begins a sign-in with.
type LoginStart struct {
	Challenge string // S256 of the verifier that Exchange will be given
	State     string // the dashboard's own, handed back as it is
	ReturnTo  string // path on the dashboard; empty: "/"
}

// Flow is a sign-in under way: where the browser goes and the cookie it must come back with.
type Flow struct {
	AuthorizeURL string
	CookieName   string
	CookieValue  string
}

var challengeForm = regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`)

func (in LoginStart) faults() []fault.Field {
	var fields []fault.Field
	if !challengeForm.MatchString(in.Challenge) {
		fields = append(fields, fault.Field{Name: "challenge", Message: "must be the base64url of a SHA-256"})
	}
	if in.State == "" || len(in.State) > 512 || !visible(in.State) {
		fields = append(fields, fault.Field{Name: "state", Message: "must be 1 to 512 visible ASCII characters"})
	}
	if in.ReturnTo != "" && !ValidReturnTo(in.ReturnTo) {
		fields = append(fields, fault.Field{Name: "returnTo", Message: "must be a path on the dashboard"})
	}
	return fields
}

// StartLogin remembers a sign-in for ten minutes. The state that goes through Discord is the hash
// of the cookie's value, so whoever learns the state from an address still lacks the cookie.
func (s *Service) StartLogin(ctx context.Context, in LoginStart) (Flow, error) {
	if fields := in.faults(); len(fields) > 0 {
		return Flow{}, fault.Invalid(fields...)
	}
	if in.ReturnTo == "" {
		in.ReturnTo = "/"
	}
	id, err := uuid.NewV7()
	if err != nil {
		return Flow{}, fmt.Errorf("make login flow id: %w", err)
	}
	cookie, verifier := randomSecret(), randomSecret()
	state := challengeOf(cookie)
	err = s.q.InsertLoginFlow(ctx, s.store.Shared(), db.InsertLoginFlowParams{
		ID: id, StateHash: digest(state), DiscordVerifier: verifier, Challenge: in.Challenge,
		DashboardState: in.State, ReturnTo: in.ReturnTo, TtlSeconds: flowLife.Seconds(),
	})
	if err != nil {
		return Flow{}, fmt.Errorf("store login flow: %w", err)
	}
	return Flow{
		AuthorizeURL: s.discord.AuthorizeURL(state, challengeOf(verifier)),
		CookieName:   FlowCookieName(state), CookieValue: cookie,
	}, nil
}

// FlowCookieName is the name of the cookie that belongs to a state: one a flow, so that tabs do
// not collide. It is empty for what cannot be a state.
func FlowCookieName(state string) string {
	if !challengeForm.MatchString(state) {
		return ""
	}
	return FlowCookiePrefix + state[:8]
}

// LoginReturn is what a browser brings back from Discord.
type LoginReturn struct {
	State       string
	Code        string
	Error       string // Discord's error parameter
	CookieValue string // of the cookie FlowCookieName(State)
	From        Origin
}

// FinishLogin takes a browser's return from Discord and gives the address on the dashboard to
// send it to, with a login code that works once within a minute. It fails with a *LoginError.
func (s *Service) FinishLogin(ctx context.Context, in LoginReturn) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, callbackLimit)
	defer cancel()
	flow, err := s.admitReturn(ctx, in)
	if err != nil {
		return "", err
	}
	who, err := s.askDiscord(ctx, in.Code, flow.DiscordVerifier)
	if err != nil {
		return "", err
	}
	code := randomSecret()
	if err := s.storeLogin(ctx, in, flow, who, code); err != nil {
		return "", loginFailed(LoginInternal, err)
	}
	return s.cfg.DashboardURL + "/auth/callback?" + url.Values{
		"code": {code}, "state": {flow.DashboardState}, "returnTo": {flow.ReturnTo},
	}.Encode(), nil
}

// admitReturn consumes the state. Nothing goes to Discord before that.
func (s *Service) admitReturn(ctx context.Context, in LoginReturn) (db.ConsumeLoginFlowRow, error) {
	var none db.ConsumeLoginFlowRow
	if !challengeForm.MatchString(in.State) || in.CookieValue == "" ||
		subtle.ConstantTimeCompare([]byte(challengeOf(in.CookieValue)), []byte(in.State)) != 1 {
		return none, loginFailed(LoginInvalidState, errors.New("state does not match the cookie"))
	}
	flow, err := s.q.ConsumeLoginFlow(ctx, s.store.Shared(), digest(in.State))
	switch {
	case store.IsNotFound(err):
		return none, loginFailed(LoginExpired, errors.New("state used or over"))
	case err != nil:
		return none, loginFailed(LoginInternal, fmt.Errorf("consume login flow: %w", err))
	case in.Error == "access_denied":
		return none, loginFailed(LoginDenied, errors.New("the user refused"))
	case in.Error != "" || in.Code == "":
		return none, loginFailed(LoginDiscord, fmt.Errorf("authorize page answered %q", clean(in.Error, 64)))
	}
	return flow, nil
}

// arrival is who came back from Discord and with what.
type arrival struct {
	profile Profile
	grant   Grant
	guilds  []DiscordGuild // those with a client
}

func (s *Service) askDiscord(ctx context.Context, code, verifier string) (arrival, error) {
	var a arrival
	var err error
	if a.grant, err = s.discord.ExchangeCode(ctx, code, verifier); err != nil {
		if errors.Is(err, ErrGrantRefused) {
			return a, loginFailed(LoginExpired, err)
		}
		return a, loginFailed(LoginDiscord, err)
	}
	if !a.grant.has("identify") || !a.grant.has("guilds") {
		return a, loginFailed(LoginDenied, errors.New("scopes were taken out of the request"))
	}
	if a.profile, err = s.discord.Me(ctx, a.grant.AccessToken); err != nil {
		return a, loginFailed(LoginDiscord, err)
	}
	if !snowflake.MatchString(a.profile.ID) {
		return a, loginFailed(LoginDiscord, errors.New("user without a usable id"))
	}
	guilds, err := s.discord.MyGuilds(ctx, a.grant.AccessToken)
	if err != nil {
		return a, loginFailed(LoginDiscord, err)
	}
	if a.guilds, err = s.managed(ctx, guilds); err != nil {
		return a, loginFailed(LoginInternal, err)
	}
	return a, nil
}

func (s *Service) storeLogin(ctx context.Context, in LoginReturn, flow db.ConsumeLoginFlowRow, who arrival, code string) error {
	p := who.profile
	return s.store.InTx(ctx, func(tx store.Conn) error {
		err := s.q.UpsertUser(ctx, tx, db.UpsertUserParams{
			ID: p.ID, Username: clean(p.Username, 100), GlobalName: orNull(clean(p.GlobalName, 200)), AvatarHash: orNull(clean(p.AvatarHash, 100)),
		})
		if err != nil {
			return fmt.Errorf("store user: %w", err)
		}
		err = s.q.UpsertDiscordGrant(ctx, tx, db.UpsertDiscordGrantParams(s.sealGrant(p.ID, who.grant)))
		if err != nil {
			return fmt.Errorf("store discord grant: %w", err)
		}
		if err := s.storeGuilds(ctx, tx, p.ID, who.guilds, flow.UsedAt); err != nil {
			return err
		}
		err = s.q.InsertLoginCode(ctx, tx, db.InsertLoginCodeParams{
			CodeHash: digest(code), UserID: p.ID, Challenge: flow.Challenge,
			UserAgent: clean(in.From.UserAgent, 512), IpAddress: addrOrNull(in.From.IP), TtlSeconds: codeLife.Seconds(),
		})
		if err != nil {
			return fmt.Errorf("store login code: %w", err)
		}
		return nil
	})
}

func addrOrNull(ip netip.Addr) *netip.Addr {
	if !ip.IsValid() {
		return nil
	}
	ip = ip.Unmap().WithZone("")
	return &ip
}
