package httpapi

import (
	"context"

	"trackbot/api"
)

// authUnbuilt is what unbuilt was before Server had the operations of sign-in, for Unbuilt.
type authUnbuilt struct{}

func (authUnbuilt) StartDiscordLogin(context.Context, api.StartDiscordLoginRequestObject) (api.StartDiscordLoginResponseObject, error) {
	return nil, errNotBuilt()
}

func (authUnbuilt) FinishDiscordLogin(context.Context, api.FinishDiscordLoginRequestObject) (api.FinishDiscordLoginResponseObject, error) {
	return nil, errNotBuilt()
}

func (authUnbuilt) ExchangeLoginCode(context.Context, api.ExchangeLoginCodeRequestObject) (api.ExchangeLoginCodeResponseObject, error) {
	return nil, errNotBuilt()
}

func (authUnbuilt) RefreshSession(context.Context, api.RefreshSessionRequestObject) (api.RefreshSessionResponseObject, error) {
	return nil, errNotBuilt()
}

func (authUnbuilt) Logout(context.Context, api.LogoutRequestObject) (api.LogoutResponseObject, error) {
	return nil, errNotBuilt()
}

func (authUnbuilt) GetMe(context.Context, api.GetMeRequestObject) (api.GetMeResponseObject, error) {
	return nil, errNotBuilt()
}

func (authUnbuilt) ListSessions(context.Context, api.ListSessionsRequestObject) (api.ListSessionsResponseObject, error) {
	return nil, errNotBuilt()
}

func (authUnbuilt) DeleteSession(context.Context, api.DeleteSessionRequestObject) (api.DeleteSessionResponseObject, error) {
	return nil, errNotBuilt()
}
