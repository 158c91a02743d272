package httpapi

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"

	"trackbot/api"
	"trackbot/internal/delivery"
	"trackbot/internal/route"
	"trackbot/internal/store/db"
)

// ListRoutes lists where posts go, newest first.
func (s *Server) ListRoutes(ctx context.Context, req api.ListRoutesRequestObject) (api.ListRoutesResponseObject, error) {
	before, err := behind[uuid.UUID](ctx, s, req.Params.Cursor)
	if err != nil {
		return nil, err
	}
	limit := limitOf(req.Params.Limit)
	rows, err := s.routes.List(ctx, TenantFrom(ctx).ClientID, before, limit+1)
	if err != nil {
		return nil, err
	}
	rows, next := cut(ctx, s, rows, limit, func(r db.RouteItem) any { return r.ID })
	return api.ListRoutes200JSONResponse{Items: each(rows, toRoute), NextCursor: next}, nil
}

// CreateRoute adds a route.
func (s *Server) CreateRoute(ctx context.Context, req api.CreateRouteRequestObject) (api.CreateRouteResponseObject, error) {
	b := req.Body
	wish := wishOf(route.Target{AccountID: b.AccountID, GroupID: b.GroupID, BrandID: b.BrandID}, b.Kinds, b.Include, b.Exclude, b.MentionRoleID, b.Template)
	wish.ChannelID = b.ChannelID
	item, err := s.routes.Create(ctx, by(ctx), TenantFrom(ctx).ClientID, wish)
	if err != nil {
		return nil, err
	}
	return api.CreateRoute201JSONResponse(toRoute(item)), nil
}

// UpdateRoute changes, pauses or resumes a route.
func (s *Server) UpdateRoute(ctx context.Context, req api.UpdateRouteRequestObject) (api.UpdateRouteResponseObject, error) {
	b := req.Body
	change := changeOf(b.Kinds, b.Include, b.Exclude, b.MentionRoleID, b.Template)
	change.ChannelID = b.ChannelID
	if b.State != nil {
		active := *b.State == api.RouteStateActive
		change.Active = &active
	}
	item, err := s.routes.Change(ctx, by(ctx), TenantFrom(ctx).ClientID, req.RouteID, change)
	if err != nil {
		return nil, err
	}
	return api.UpdateRoute200JSONResponse(toRoute(item)), nil
}

// DeleteRoute removes a route.
func (s *Server) DeleteRoute(ctx context.Context, req api.DeleteRouteRequestObject) (api.DeleteRouteResponseObject, error) {
	if err := s.routes.Delete(ctx, by(ctx), TenantFrom(ctx).ClientID, req.RouteID); err != nil {
		return nil, err
	}
	return api.DeleteRoute204Response{}, nil
}

// PreviewRoute shows what a route would make of a post.
func (s *Server) PreviewRoute(ctx context.Context, req api.PreviewRouteRequestObject) (api.PreviewRouteResponseObject, error) {
	var b api.RoutePreviewRequest
	if req.Body != nil {
		b = *req.Body
	}
	change := changeOf(b.Kinds, b.Include, b.Exclude, b.MentionRoleID, b.Template)
	shown, err := s.routes.PreviewRoute(ctx, TenantFrom(ctx).ClientID, req.RouteID, change, b.PostID)
	if err != nil {
		return nil, err
	}
	return api.PreviewRoute200JSONResponse(toPreview(shown)), nil
}

// PreviewNewRoute shows what a route that is not saved would make of a post.
func (s *Server) PreviewNewRoute(ctx context.Context, req api.PreviewNewRouteRequestObject) (api.PreviewNewRouteResponseObject, error) {
	b := req.Body
	wish := wishOf(route.Target{AccountID: b.AccountID, GroupID: b.GroupID, BrandID: b.BrandID}, b.Kinds, b.Include, b.Exclude, b.MentionRoleID, b.Template)
	shown, err := s.routes.PreviewWish(ctx, TenantFrom(ctx).ClientID, wish, b.PostID)
	if err != nil {
		return nil, err
	}
	return api.PreviewNewRoute200JSONResponse(toPreview(shown)), nil
}

// ListPostDeliveries tells where a post went, and why.
func (s *Server) ListPostDeliveries(ctx context.Context, req api.ListPostDeliveriesRequestObject) (api.ListPostDeliveriesResponseObject, error) {
	after, err := behind[uuid.UUID](ctx, s, req.Params.Cursor)
	if err != nil {
		return nil, err
	}
	tenant, limit := TenantFrom(ctx), limitOf(req.Params.Limit)
	post, err := s.reader.GetPost(ctx, tenant.ClientID, req.PostID)
	if err != nil {
		return nil, err
	}
	rows, err := s.routes.Deliveries(ctx, tenant.ClientID, req.PostID, after, limit+1)
	if err != nil {
		return nil, err
	}
	rows, next := cut(ctx, s, rows, limit, func(d db.Delivery) any { return d.ID })
	items, err := toDeliveries(rows, post, tenant.GuildID)
	if err != nil {
		return nil, err
	}
	return api.ListPostDeliveries200JSONResponse{Items: items, NextCursor: next}, nil
}

// ReplayPostDeliveries sends again what did not arrive.
func (s *Server) ReplayPostDeliveries(ctx context.Context, req api.ReplayPostDeliveriesRequestObject) (api.ReplayPostDeliveriesResponseObject, error) {
	tenant := TenantFrom(ctx)
	order := route.Order{PostID: req.PostID}
	if req.Body != nil {
		order.DeliveryID = req.Body.DeliveryID
	}
	if req.Params.IdempotencyKey != nil {
		order.Key = *req.Params.IdempotencyKey
	}
	rows, err := s.routes.Replay(ctx, by(ctx), tenant.ClientID, order)
	if err != nil {
		return nil, err
	}
	post, err := s.reader.GetPost(ctx, tenant.ClientID, req.PostID)
	if err != nil {
		return nil, err
	}
	items, err := toDeliveries(rows, post, tenant.GuildID)
	if err != nil {
		return nil, err
	}
	return api.ReplayPostDeliveries202JSONResponse{Items: items, NextCursor: nullable.NewNullNullable[string]()}, nil
}

// wishOf reads a route to be.
func wishOf(target route.Target, kinds *[]api.PostKind, include, exclude *[]string, role, template nullable.Nullable[string]) route.Wish {
	w := route.Wish{Target: target, MentionRoleID: given(role)}
	if kinds != nil {
		w.Kinds = each(*kinds, func(k api.PostKind) string { return string(k) })
	}
	if include != nil {
		w.Include = *include
	}
	if exclude != nil {
		w.Exclude = *exclude
	}
	if text := given(template); text != nil {
		w.Template = *text
	}
	return w
}

// changeOf reads what is to change of a route; null takes a role or template away.
func changeOf(kinds *[]api.PostKind, include, exclude *[]string, role, template nullable.Nullable[string]) route.Change {
	c := route.Change{Include: include, Exclude: exclude}
	if kinds != nil {
		names := each(*kinds, func(k api.PostKind) string { return string(k) })
		c.Kinds = &names
	}
	if role.IsSpecified() {
		id := given(role)
		c.MentionRoleID = &id
	}
	if template.IsSpecified() {
		text := ""
		if value := given(template); value != nil {
			text = *value
		}
		c.Template = &text
	}
	return c
}

// given is nil for null and for nothing.
func given(v nullable.Nullable[string]) *string {
	if value, err := v.Get(); err == nil {
		return &value
	}
	return nil
}

func toRoute(r db.RouteItem) api.Route {
	kind := func(k string) api.PostKind { return api.PostKind(k) }
	out := api.Route{
		ID: r.ID, AccountID: api.OrNull(r.AccountID), GroupID: api.OrNull(r.GroupID), BrandID: api.OrNull(r.BrandID),
		ChannelID: r.ChannelID, Kinds: each(r.Kinds, kind), Include: r.Include, Exclude: r.Exclude,
		MentionRoleID: api.OrNull(r.MentionRoleID), Template: textOrNull(r.Template),
		State: api.RouteStateActive, StateReason: nullable.NewNullNullable[string](), CreatedAt: api.At(r.CreatedAt),
	}
	switch {
	case r.PausedAt != nil:
		out.State, out.StateReason = api.RouteStatePaused, textOrNull(r.PausedReason)
	case r.ChannelPausedAt != nil:
		out.State, out.StateReason = api.RouteStatePaused, textOrNull(delivery.Explain(r.ChannelPausedReason))
	}
	return out
}

func toPreview(p route.Preview) api.RoutePreview {
	return api.RoutePreview{
		PostID: p.PostID, WouldSend: p.Reason == "", Reason: textOrNull(p.Reason),
		Content: textOrNull(p.Message.Text()), Embeds: []api.PreviewEmbed{toEmbed(p.Message)},
	}
}

func toEmbed(m delivery.Message) api.PreviewEmbed {
	picture := m.ImageURL
	if picture == "" {
		picture = m.ThumbnailURL
	}
	return api.PreviewEmbed{
		Title: textOrNull(m.Title), Description: textOrNull(m.Body), URL: textOrNull(m.URL), Color: textOrNull(fmt.Sprintf("#%06x", m.Color)),
		AuthorName: textOrNull(m.Author), ImageURL: textOrNull(picture), Footer: textOrNull(m.Footer), Timestamp: api.AtOrNull(m.Timestamp),
	}
}

func toDeliveries(rows []db.Delivery, post db.PostItem, guildID string) ([]api.Delivery, error) {
	items := make([]api.Delivery, len(rows))
	for i, row := range rows {
		item, err := toDelivery(row, post, guildID)
		if err != nil {
			return nil, err
		}
		items[i] = item
	}
	return items, nil
}

func toDelivery(d db.Delivery, post db.PostItem, guildID string) (api.Delivery, error) {
	published := post.PublishedAt
	if d.PublishedAt != nil {
		published = *d.PublishedAt
	}
	decisions, err := route.Trail(d)
	if err != nil {
		return api.Delivery{}, err
	}
	out := api.Delivery{
		ID: d.ID, PostID: post.ID, RouteID: api.OrNull(d.RouteID), ChannelID: api.OrNull(d.ChannelID), Kind: api.DeliveryKindAnnouncement,
		State: api.DeliveryState(d.State), Attempts: int(d.Attempts), Reason: textOrNull(delivery.Explain(d.Reason)),
		PublishedAt: api.At(published), DetectedAt: api.At(d.DetectedAt), QueuedAt: api.At(d.QueuedAt), DeliveredAt: api.AtOrNull(d.DeliveredAt),
		NextAttemptAt: api.AtOrNull(d.RetryAt), MessageURL: messageURL(guildID, d.ChannelID, d.MessageID), Trail: each(decisions, toDecision),
	}
	switch {
	case d.Kind == delivery.KindBreakout:
		out.Kind = api.DeliveryKindBreakout
	case d.DigestID != nil:
		out.Kind = api.DeliveryKindDigest
	}
	if d.State == delivery.StateHeld { // to callers it waits
		out.State = api.DeliveryStatePending
		if d.DigestID == nil {
			out.NextAttemptAt = api.AtOrNull(d.HeldUntil)
		}
	}
	return out, nil
}

func toDecision(d route.Decision) api.DeliveryDecision {
	return api.DeliveryDecision{At: api.At(d.At), Step: d.Event, Detail: textOrNull(d.Detail)}
}
