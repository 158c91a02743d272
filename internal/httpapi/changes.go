package httpapi

import (
	"context"

	"github.com/google/uuid"

	"trackbot/api"
	"trackbot/internal/audit"
	"trackbot/internal/fault"
	"trackbot/internal/store/db"
	"trackbot/internal/tracking"
)

// by is who makes a change, for the log.
func by(ctx context.Context) audit.By {
	actor, from := ActorFrom(ctx), originOf(ctx)
	b := audit.By{
		Actor:  audit.Actor{ID: actor.ID(), Type: audit.User, Name: actor.Username},
		Source: audit.FromDashboard, RequestID: from.RequestID, IP: from.IP, UserAgent: from.UserAgent,
	}
	if actor.Kind == ActorAPIKey {
		b.Type, b.Source = audit.APIKey, audit.FromAPI
	}
	return b
}

func toBrand(b db.Brand) api.Brand {
	return api.Brand{ID: b.ID, Name: b.Name, CreatedAt: api.At(b.CreatedAt)}
}

func toGroup(g db.AccountGroup) api.Group {
	return api.Group{ID: g.ID, BrandID: g.BrandID, Name: g.Name, CreatedAt: api.At(g.CreatedAt)}
}

// CreateBrand adds a brand.
func (s *Server) CreateBrand(ctx context.Context, req api.CreateBrandRequestObject) (api.CreateBrandResponseObject, error) {
	brand, err := s.catalog.CreateBrand(ctx, by(ctx), TenantFrom(ctx).ClientID, req.Body.Name)
	if err != nil {
		return nil, err
	}
	return api.CreateBrand201JSONResponse(toBrand(brand)), nil
}

// UpdateBrand renames a brand.
func (s *Server) UpdateBrand(ctx context.Context, req api.UpdateBrandRequestObject) (api.UpdateBrandResponseObject, error) {
	brand, err := s.catalog.RenameBrand(ctx, by(ctx), TenantFrom(ctx).ClientID, req.BrandID, req.Body.Name)
	if err != nil {
		return nil, err
	}
	return api.UpdateBrand200JSONResponse(toBrand(brand)), nil
}

// DeleteBrand removes a brand.
func (s *Server) DeleteBrand(ctx context.Context, req api.DeleteBrandRequestObject) (api.DeleteBrandResponseObject, error) {
	if err := s.catalog.DeleteBrand(ctx, by(ctx), TenantFrom(ctx).ClientID, req.BrandID); err != nil {
		return nil, err
	}
	return api.DeleteBrand204Response{}, nil
}

// CreateGroup adds an account group to a brand.
func (s *Server) CreateGroup(ctx context.Context, req api.CreateGroupRequestObject) (api.CreateGroupResponseObject, error) {
	group, err := s.catalog.CreateGroup(ctx, by(ctx), TenantFrom(ctx).ClientID, req.Body.BrandID, req.Body.Name)
	if err != nil {
		return nil, err
	}
	return api.CreateGroup201JSONResponse(toGroup(group)), nil
}

// UpdateGroup renames or moves an account group.
func (s *Server) UpdateGroup(ctx context.Context, req api.UpdateGroupRequestObject) (api.UpdateGroupResponseObject, error) {
	change := tracking.GroupChange{Name: req.Body.Name, BrandID: req.Body.BrandID}
	group, err := s.catalog.UpdateGroup(ctx, by(ctx), TenantFrom(ctx).ClientID, req.GroupID, change)
	if err != nil {
		return nil, err
	}
	return api.UpdateGroup200JSONResponse(toGroup(group)), nil
}

// DeleteGroup removes an account group.
func (s *Server) DeleteGroup(ctx context.Context, req api.DeleteGroupRequestObject) (api.DeleteGroupResponseObject, error) {
	if err := s.catalog.DeleteGroup(ctx, by(ctx), TenantFrom(ctx).ClientID, req.GroupID); err != nil {
		return nil, err
	}
	return api.DeleteGroup204Response{}, nil
}

// newAccount reads what is to be tracked.
func newAccount(body api.AccountCreate) (tracking.NewAccount, error) {
	in := tracking.NewAccount{Platform: string(body.Platform), GroupID: body.GroupID}
	switch {
	case (body.Handle == nil) == (body.URL == nil):
		return in, fault.Invalid(fault.Field{Name: "handle", Message: "must be given if url is not, and only then"})
	case body.URL != nil:
		in.Input, in.InputName = *body.URL, "url"
	case body.Platform == api.PlatformChoiceAuto:
		return in, fault.Invalid(fault.Field{Name: "url", Message: "is required where platform is auto"})
	default:
		in.Input, in.InputName = *body.Handle, "handle"
	}
	if in.GroupID == uuid.Nil { // to the catalog this would be the group of accounts that name none
		return in, fault.New(fault.NotFound, "")
	}
	if channel, err := body.ChannelID.Get(); err == nil {
		in.ChannelID = channel
	}
	return in, nil
}

// CreateAccount tracks an account.
func (s *Server) CreateAccount(ctx context.Context, req api.CreateAccountRequestObject) (api.CreateAccountResponseObject, error) {
	in, err := newAccount(*req.Body)
	if err != nil {
		return nil, err
	}
	clientID := TenantFrom(ctx).ClientID
	account, err := s.catalog.AddAccount(ctx, by(ctx), clientID, in)
	if err != nil {
		return nil, err
	}
	item, err := s.reader.GetAccount(ctx, clientID, account.ClientAccount.ID)
	if err != nil {
		return nil, err
	}
	return api.CreateAccount201JSONResponse(toAccount(item)), nil
}

// UpdateAccount moves, redirects, pauses or resumes an account.
func (s *Server) UpdateAccount(ctx context.Context, req api.UpdateAccountRequestObject) (api.UpdateAccountResponseObject, error) {
	change := tracking.AccountChange{GroupID: req.Body.GroupID, Paused: req.Body.Paused}
	if req.Body.ChannelID.IsSpecified() {
		channel := "" // null: the guild's default
		if !req.Body.ChannelID.IsNull() {
			channel = req.Body.ChannelID.MustGet()
		}
		change.ChannelID = &channel
	}
	clientID := TenantFrom(ctx).ClientID
	if _, err := s.catalog.ChangeAccount(ctx, by(ctx), clientID, req.AccountID, change); err != nil {
		return nil, err
	}
	item, err := s.reader.GetAccount(ctx, clientID, req.AccountID)
	if err != nil {
		return nil, err
	}
	return api.UpdateAccount200JSONResponse(toAccount(item)), nil
}

// DeleteAccount stops tracking an account.
func (s *Server) DeleteAccount(ctx context.Context, req api.DeleteAccountRequestObject) (api.DeleteAccountResponseObject, error) {
	if err := s.catalog.RemoveAccount(ctx, by(ctx), TenantFrom(ctx).ClientID, req.AccountID); err != nil {
		return nil, err
	}
	return api.DeleteAccount204Response{}, nil
}
