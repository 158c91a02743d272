package httpapi

import (
	"context"
	"errors"
	"net/http"
	"time"

	"trackbot/internal/account"
	"trackbot/internal/store"
)

// askPatience is how long the checks are asked for together; then each asks for itself, with a patience of its own.
const askPatience = time.Second

// foreseer is an Authenticator that tells what the checks of a request to a guild are going to ask.
type foreseer interface {
	Foresee(bearer, guildID string) (account.Foresight, bool)
}

// foresee asks for a user's session, access and limits in one round trip, as far as they are not known. It only fills
// the memories that the checks look into first; they decide as ever, and ask for what they do not find.
func (f *frame) foresee(r *http.Request, op *operation, token string) {
	gate, ok := f.deps.Auth.(foreseer)
	if !ok || f.deps.Store == nil || !op.permission.guild() {
		return
	}
	seen, ok := gate.Foresee(token, r.PathValue("guildId"))
	if !ok {
		return
	}
	if f.deps.Limits != nil {
		seen.Questions = append(seen.Questions, f.deps.Limits.Foresee(seen.UserID, seen.ClientID)...)
	}
	f.ask(r, seen.Questions)
}

var errNotTogether = errors.New("nothing to ask together")

// ask asks the questions together. Their answers count even if the caller goes away: else hanging up would be a way
// around the limits.
func (f *frame) ask(r *http.Request, questions []store.Question) {
	if f.deps.Store == nil || len(questions) < 2 {
		for _, q := range questions {
			q.Done(errNotTogether)
		}
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), askPatience)
	defer cancel()
	f.deps.Store.Ask(ctx, questions)
}

// Foresee tells what the checks of a user's request are going to ask.
func (g UserGate) Foresee(bearer, guildID string) (account.Foresight, bool) {
	return g.accounts.Foresee(bearer, guildID)
}
