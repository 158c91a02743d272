package route

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"trackbot/internal/delivery"
	"trackbot/internal/fault"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// Preview is what a route would make of a post.
type Preview struct {
	PostID  uuid.UUID
	Message delivery.Message
	Reason  string // why it would not be sent, in a sentence; "" when it would
}

// previewed is how many of the latest posts are looked through for one that passes the filters.
const previewed = 50

// PreviewRoute shows a saved route, with the changes, about a post; nil is the latest that fits.
// Refusals: not_found (route, post, or there is no post yet), validation_failed (as in Change).
func (d *Desk) PreviewRoute(ctx context.Context, clientID, id uuid.UUID, ch Change, postID *uuid.UUID) (Preview, error) {
	var out Preview
	err := d.st.InTenantTx(ctx, clientID, func(tx store.Conn) error {
		item, err := get(ctx, tx, clientID, id)
		if err != nil {
			return err
		}
		row := ch.apply(db.Route{
			ClientID: clientID, ID: id, AccountID: item.AccountID, GroupID: item.GroupID, BrandID: item.BrandID, ChannelID: item.ChannelID,
			Kinds: item.Kinds, Include: item.Include, Exclude: item.Exclude, MentionRoleID: item.MentionRoleID, Template: item.Template,
			PausedAt: item.PausedAt, PausedReason: item.PausedReason,
		})
		out, err = d.preview(ctx, tx, row, postID)
		return err
	})
	return out, err
}

// PreviewWish shows a route that is not saved. Refusals: as in PreviewRoute and Create.
func (d *Desk) PreviewWish(ctx context.Context, clientID uuid.UUID, w Wish, postID *uuid.UUID) (Preview, error) {
	var out Preview
	if err := w.check(); err != nil {
		return out, err
	}
	if len(w.Kinds) == 0 {
		w.Kinds = DefaultKinds()
	}
	row := db.Route{
		ClientID: clientID, AccountID: w.AccountID, GroupID: w.GroupID, BrandID: w.BrandID,
		Kinds: w.Kinds, Include: w.Include, Exclude: w.Exclude, MentionRoleID: w.MentionRoleID, Template: w.Template,
	}
	err := d.st.InTenantTx(ctx, clientID, func(tx store.Conn) (err error) {
		out, err = d.preview(ctx, tx, row, postID)
		return err
	})
	return out, err
}

func (d *Desk) preview(ctx context.Context, tx store.Conn, r db.Route, postID *uuid.UUID) (Preview, error) {
	if err := checkTexts(ctx, tx, r.ClientID, r); err != nil {
		return Preview{}, err
	}
	card, err := d.choose(ctx, tx, r, postID)
	if err != nil {
		return Preview{}, err
	}
	role := deref(r.MentionRoleID)
	if role == "" {
		role = deref(card.MentionRoleID)
	}
	out := Preview{PostID: card.ID, Reason: refusal(r, card)}
	out.Message = delivery.Render(delivery.Post{
		Account: card.AccountName, AvatarURL: card.AvatarUrl, Platform: card.Platform, Kind: card.Kind, URL: card.URL,
		Title: card.Title, Body: card.Body, Author: card.AuthorName, ThumbnailURL: card.ThumbnailUrl, PublishedAt: card.PublishedAt,
		Color: card.EmbedColor, MentionRoleID: role, Template: r.Template,
	})
	return out, nil
}

// refusal says why a route would not send a post, "" when it would.
func refusal(r db.Route, c db.PostCard) string {
	if !covers(r, c) {
		return "The post is not of what this route aims at."
	}
	if r.PausedAt != nil {
		return delivery.Explain(delivery.ReasonRoutePaused)
	}
	return delivery.Explain(delivery.Refuses(r.Kinds, r.Include, r.Exclude, c.Kind, c.Title, c.Body))
}

func covers(r db.Route, c db.PostCard) bool {
	return r.AccountID != nil && *r.AccountID == c.AccountID || r.GroupID != nil && *r.GroupID == c.GroupID || r.BrandID != nil && *r.BrandID == c.BrandID
}

// choose finds the post to show.
func (d *Desk) choose(ctx context.Context, tx store.Conn, r db.Route, postID *uuid.UUID) (db.PostCard, error) {
	none := fault.New(fault.NotFound, "There is no post to show yet.")
	if postID != nil {
		card, err := d.queries.GetPostCard(ctx, tx, r.ClientID, *postID)
		if store.IsNotFound(err) {
			return card, none
		}
		if err != nil {
			return card, fmt.Errorf("read post: %w", err)
		}
		return card, nil
	}
	var cards []db.PostCard
	var err error
	switch {
	case r.AccountID != nil:
		cards, err = d.queries.ListPostCardsByAccount(ctx, tx, db.ListPostCardsByAccountParams{ClientID: r.ClientID, AccountID: *r.AccountID, MaxRows: previewed})
	case r.GroupID != nil:
		cards, err = d.queries.ListPostCardsByGroup(ctx, tx, db.ListPostCardsByGroupParams{ClientID: r.ClientID, GroupID: *r.GroupID, MaxRows: previewed})
	case r.BrandID != nil:
		cards, err = d.queries.ListPostCardsByBrand(ctx, tx, db.ListPostCardsByBrandParams{ClientID: r.ClientID, BrandID: *r.BrandID, MaxRows: previewed})
	}
	if err != nil {
		return db.PostCard{}, fmt.Errorf("list posts to show: %w", err)
	}
	if len(cards) == 0 {
		return db.PostCard{}, none
	}
	fits := slices.IndexFunc(cards, func(c db.PostCard) bool { return refusal(r, c) == "" })
	return cards[max(fits, 0)], nil
}
