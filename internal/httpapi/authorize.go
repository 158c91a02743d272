package httpapi

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/account"
	"trackbot/internal/fault"
	"trackbot/internal/guild"
)

// ActorKind tells people from programs.
type ActorKind string

// The kinds of actors that a bearer token can stand for.
const (
	ActorUser   ActorKind = "user"
	ActorAPIKey ActorKind = "api_key"
)

// Actor is who calls.
type Actor struct {
	Kind ActorKind

	// Of a user.
	UserID    string // Discord id
	Username  string
	SessionID uuid.UUID
	ExpiresAt time.Time // of the access token; a stream ends then
	principal *account.Principal

	// Of an API key.
	KeyID    uuid.UUID
	KeyGuild string   // the one guild it is for
	Scopes   []string // read, write
	tenant   Tenant   // of that guild
}

// ID is what logs and the audit log know the actor by.
func (a *Actor) ID() string {
	if a.Kind == ActorAPIKey {
		return a.KeyID.String()
	}
	return a.UserID
}

// allows tells whether an API key has the scope; write includes read.
func (a *Actor) allows(scope string) bool {
	return slices.Contains(a.Scopes, scope) || scope == "read" && slices.Contains(a.Scopes, "write")
}

// Tenant is the guild of the path, to which the actor has access.
type Tenant struct {
	ClientID    uuid.UUID
	GuildID     string
	CanManage   bool
	Permissions string // the user's, Discord's bits in decimal; of an API key "0"
	Timezone    string // IANA name
	Suspended   string // why the operator has suspended it; "" if it is served
}

// zone is the guild's time zone, UTC when it names none that is known.
func (t Tenant) zone() *time.Location {
	if loc, err := time.LoadLocation(t.Timezone); err == nil {
		return loc
	}
	return time.UTC
}

// Authenticator tells who a bearer token stands for. A refusal is a fault of 401; anything else
// means that it could not be told.
type Authenticator interface {
	Authenticate(ctx context.Context, bearer string) (Actor, error)
}

// GuildAccess tells whether the actor may see the guild and change it. No access is
// fault.NotFound, whether the guild exists or not. Write asks for rights confirmed recently
// enough to change something, which may fail with fault.PermissionCheckUnavailable. For an API
// key it is asked about the key's own guild only, and the key's scopes are checked before.
type GuildAccess interface {
	Access(ctx context.Context, actor Actor, guildID string, write bool) (Tenant, error)
}

// MachineVerifier checks the signature of another service's call with this body. A refusal is a fault of 401.
type MachineVerifier interface {
	Verify(r *http.Request, body []byte) error
}

// ActorFrom is who calls; of an operation that is open to all, the zero Actor when nobody is signed in.
func ActorFrom(ctx context.Context) Actor {
	if a := recordOf(ctx).actor; a != nil {
		return *a
	}
	return Actor{}
}

// TenantFrom is the guild of a guild operation.
func TenantFrom(ctx context.Context) Tenant {
	if t := recordOf(ctx).tenant; t != nil {
		return *t
	}
	return Tenant{}
}

// authorize holds an operation's x-permission, puts actor and tenant into the context and applies
// the limits of each, in this order: address, credentials, user, access, tenant.
func (f *frame) authorize(w http.ResponseWriter, r *http.Request, op *operation) error {
	if err := f.limitAddress(w, r, op); err != nil {
		return err
	}
	switch op.permission {
	case permSession, permGuildRead, permGuildManage:
		if err := f.authenticate(w, r, op); err != nil {
			return err
		}
		if err := f.limitUser(w, r); err != nil {
			return err
		}
	case permInternal:
		if err := f.verify(w, r); err != nil {
			return err
		}
	default:
		f.welcome(r, op)
	}
	if err := f.checkPath(r, op); err != nil {
		return err
	}
	if !op.permission.guild() {
		return nil
	}
	if err := f.enter(r, op); err != nil {
		return err
	}
	return f.limitTenant(w, r)
}

// authenticate asks for credentials that count for the operation.
func (f *frame) authenticate(w http.ResponseWriter, r *http.Request, op *operation) error {
	token, ok := bearer(r)
	if !ok {
		return fault.New(fault.Unauthenticated, "Sign in first.")
	}
	if v, ok := f.spent.stands(token); ok {
		return apply(w, r, f.deps.Limits.Again(v))
	}
	f.foresee(r, op, token)
	actor, err := f.deps.Auth.Authenticate(r.Context(), token)
	if err != nil {
		return err
	}
	if actor.Kind == ActorAPIKey && op.keyScope == "" {
		return fault.New(fault.Unauthenticated, "An API key does not count here; sign in.")
	}
	recordOf(r.Context()).actor = &actor
	if actor.Kind == ActorAPIKey && !actor.allows(op.keyScope) {
		w.Header().Set("WWW-Authenticate", `Bearer realm="trackbot", error="insufficient_scope", scope="`+op.keyScope+`"`)
		return fault.Newf(fault.Forbidden, "This API key lacks the scope %s.", op.keyScope)
	}
	return nil
}

// verify asks for another service's signature.
func (f *frame) verify(w http.ResponseWriter, r *http.Request) error {
	if f.deps.Machines == nil {
		return fault.New(fault.NotImplemented, "Signed calls are not switched on here.")
	}
	body, err := readBody(w, r)
	if err != nil {
		return err
	}
	return f.deps.Machines.Verify(r, body)
}

// welcome notes who is signed in where nobody has to be; a token that does not count is no token.
func (f *frame) welcome(r *http.Request, op *operation) {
	token, ok := bearer(r)
	if !op.mayHaveUser || !ok {
		return
	}
	rec := recordOf(r.Context())
	actor, err := f.deps.Auth.Authenticate(r.Context(), token)
	if rec.unwelcome = err; err == nil && actor.Kind == ActorUser {
		rec.actor = &actor
	}
}

// enter checks the actor's access to the guild of the path. A key's guild is its own only.
func (f *frame) enter(r *http.Request, op *operation) error {
	rec := recordOf(r.Context())
	guildID := r.PathValue("guildId")
	if rec.actor.Kind == ActorAPIKey && rec.actor.KeyGuild != guildID {
		return fault.New(fault.NotFound, "")
	}
	write := op.permission == permGuildManage
	tenant, err := f.deps.Guilds.Access(r.Context(), *rec.actor, guildID, write)
	if err == nil && write && !tenant.CanManage {
		err = fault.New(fault.Forbidden, "Only those who manage the server may do that.")
	}
	if fault.Is(err, fault.Forbidden) {
		f.noteRefusal(r, op, guildID)
	}
	if err != nil {
		return err
	}
	if tenant.Suspended != "" && (rec.actor.Kind == ActorAPIKey || !op.whileSuspended) {
		return guild.ErrSuspended(tenant.Suspended)
	}
	rec.tenant = &tenant
	return nil
}

// noteRefusal writes into the guild's log that somebody who may read it tried to change it.
func (f *frame) noteRefusal(r *http.Request, op *operation, guildID string) {
	if f.deps.Refusals == nil {
		return
	}
	ctx := context.WithValue(r.Context(), requestKey{}, r)
	tenant, err := f.deps.Guilds.Access(ctx, *recordOf(ctx).actor, guildID, false)
	if err == nil {
		err = f.deps.Refusals.Refuse(ctx, by(ctx), tenant.ClientID, guildID, op.route.Operation.OperationID)
	}
	if err != nil {
		f.deps.Log.ErrorContext(ctx, "refusal not logged", "request_id", RequestID(ctx), "error", err.Error())
	}
}

// bearer reads the one bearer token of a request (RFC 6750 §2.1), at most 8 KiB.
func bearer(r *http.Request) (string, bool) {
	values := r.Header.Values("Authorization")
	if len(values) != 1 || len(values[0]) > 8<<10 {
		return "", false
	}
	scheme, token, ok := strings.Cut(values[0], " ")
	if !ok || !strings.EqualFold(scheme, "Bearer") {
		return "", false
	}
	token = strings.TrimLeft(token, " ")
	return token, token != "" && !strings.ContainsAny(token, " \t,")
}
