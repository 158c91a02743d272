package httpapi

import (
	"context"
	"net/http"

	"trackbot/api"
	"trackbot/internal/account"
	"trackbot/internal/fault"
)

type requestKey struct{}

// keepRequest lets an operation see what the contract does not describe of its request: the
// cookie of a sign-in, the user agent.
func keepRequest(next api.StrictHandlerFunc, _ string) api.StrictHandlerFunc {
	return func(ctx context.Context, w http.ResponseWriter, r *http.Request, in any) (any, error) {
		return next(context.WithValue(ctx, requestKey{}, r), w, r, in)
	}
}

func cookieOf(ctx context.Context, name string) string {
	r, ok := ctx.Value(requestKey{}).(*http.Request)
	if !ok || name == "" {
		return ""
	}
	cookie, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return cookie.Value
}

func originOf(ctx context.Context) account.Origin {
	from := account.Origin{IP: CallerIP(ctx), RequestID: RequestID(ctx)}
	if r, ok := ctx.Value(requestKey{}).(*http.Request); ok {
		from.UserAgent = r.UserAgent()
	}
	return from
}

// StartDiscordLogin sends a browser to Discord.
func (s *Server) StartDiscordLogin(ctx context.Context, in api.StartDiscordLoginRequestObject) (api.StartDiscordLoginResponseObject, error) {
	start := account.LoginStart{Challenge: in.Params.Challenge, State: in.Params.State}
	if in.Params.ReturnTo != nil {
		start.ReturnTo = *in.Params.ReturnTo
	}
	flow, err := s.accounts.StartLogin(ctx, start)
	if err != nil {
		return nil, err
	}
	cookie := flowCookie(flow.CookieName, flow.CookieValue, account.FlowCookieSeconds)
	return api.StartDiscordLogin302Response{Headers: api.LoginRedirectResponseHeaders{Location: flow.AuthorizeURL, SetCookie: cookie}}, nil
}

// FinishDiscordLogin sends a browser that comes from Discord on to the dashboard, whatever happened.
func (s *Server) FinishDiscordLogin(ctx context.Context, in api.FinishDiscordLoginRequestObject) (api.FinishDiscordLoginResponseObject, error) {
	back := account.LoginReturn{
		State: orEmpty(in.Params.State), Code: orEmpty(in.Params.Code), Error: orEmpty(in.Params.Error), From: originOf(ctx),
	}
	name := account.FlowCookieName(back.State)
	back.CookieValue = cookieOf(ctx, name)
	to, err := s.accounts.FinishLogin(ctx, back)
	if err != nil {
		s.log.WarnContext(ctx, "sign-in failed", "request_id", back.From.RequestID, "error", err.Error())
		to = s.accounts.LoginErrorURL(err)
	}
	answer := api.LoginRedirectResponseHeaders{Location: to}
	if back.CookieValue != "" {
		answer.SetCookie = flowCookie(name, "", -1)
	}
	return api.FinishDiscordLogin302Response{Headers: answer}, nil
}

// flowCookie is Lax because a Strict cookie does not come along from Discord's page. Browsers take
// Secure cookies from http://localhost and http://127.0.0.1 as well.
func flowCookie(name, value string, maxAge int) *string {
	cookie := http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: maxAge, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
	line := cookie.String()
	return &line
}

// ExchangeLoginCode swaps a login code for tokens.
func (s *Server) ExchangeLoginCode(ctx context.Context, in api.ExchangeLoginCodeRequestObject) (api.ExchangeLoginCodeResponseObject, error) {
	pair, err := s.accounts.Exchange(ctx, in.Body.Code, in.Body.Verifier, originOf(ctx))
	if err != nil {
		return nil, err
	}
	return api.ExchangeLoginCode200JSONResponse(tokenPair(pair)), nil
}

// RefreshSession rotates a refresh token.
func (s *Server) RefreshSession(ctx context.Context, in api.RefreshSessionRequestObject) (api.RefreshSessionResponseObject, error) {
	pair, err := s.accounts.Refresh(ctx, in.Body.RefreshToken, orEmpty(in.Params.IdempotencyKey), originOf(ctx))
	if err != nil {
		return nil, err
	}
	return api.RefreshSession200JSONResponse(tokenPair(pair)), nil
}

// Logout ends the session of a refresh token, or all of its user or of the bearer.
func (s *Server) Logout(ctx context.Context, in api.LogoutRequestObject) (api.LogoutResponseObject, error) {
	all := in.Body.All != nil && *in.Body.All
	var err error
	switch actor := ActorFrom(ctx); {
	case in.Body.RefreshToken != nil:
		err = s.accounts.Logout(ctx, *in.Body.RefreshToken, all)
	case !all:
		err = fault.Invalid(fault.Field{Name: "refreshToken", Message: "is required unless all is true"})
	case fault.Is(recordOf(ctx).unwelcome, fault.SessionRevoked): // it ended already
	case actor.principal == nil:
		err = fault.New(fault.Unauthenticated, "To end all sessions send a refresh token or an access token.")
	default:
		err = s.accounts.LogoutEverywhere(ctx, actor.principal)
	}
	if err != nil {
		return nil, err
	}
	return api.Logout204Response{}, nil
}

// GetMe describes the caller.
func (s *Server) GetMe(ctx context.Context, _ api.GetMeRequestObject) (api.GetMeResponseObject, error) {
	me, err := s.accounts.Me(ctx, ActorFrom(ctx).principal)
	if err != nil {
		return nil, err
	}
	return api.GetMe200JSONResponse(meOf(me)), nil
}

// sessionKey is the sort key of a session list: the last id shown.
type sessionKey struct {
	Before api.UUID `json:"b"`
}

// ListSessions lists the caller's own live sessions.
func (s *Server) ListSessions(ctx context.Context, in api.ListSessionsRequestObject) (api.ListSessionsResponseObject, error) {
	limit := 50
	if in.Params.Limit != nil {
		limit = *in.Params.Limit
	}
	var before *api.UUID
	if in.Params.Cursor != nil {
		var key sessionKey
		if err := s.cursors.Decode(ScopeOf(ctx), *in.Params.Cursor, &key); err != nil {
			return nil, err
		}
		before = &key.Before
	}
	p := ActorFrom(ctx).principal
	sessions, err := s.accounts.Sessions(ctx, p, before, limit+1)
	if err != nil {
		return nil, err
	}
	next := api.OrNull[string](nil)
	if len(sessions) > limit {
		sessions = sessions[:limit]
		next.Set(s.cursors.Encode(ScopeOf(ctx), sessionKey{Before: sessions[limit-1].ID}))
	}
	return api.ListSessions200JSONResponse{Items: sessionItems(sessions, p.SessionID), NextCursor: next}, nil
}

// DeleteSession ends one of the caller's own sessions.
func (s *Server) DeleteSession(ctx context.Context, in api.DeleteSessionRequestObject) (api.DeleteSessionResponseObject, error) {
	if err := s.accounts.EndSession(ctx, ActorFrom(ctx).principal, in.SessionID); err != nil {
		return nil, err
	}
	return api.DeleteSession204Response{}, nil
}
