package httpapi

import (
	"net/http"
	"time"

	"github.com/oapi-codegen/nullable"

	"trackbot/api"
	"trackbot/internal/delivery"
	"trackbot/internal/store/db"
)

// postsPage is a page of posts that writes itself: the page most often asked for, whose reflection would cost
// more than the rest of its request. A test holds it byte for byte to what the contract's types would be.
type postsPage struct {
	rows    []db.PostItem
	guildID string
	next    nullable.Nullable[string]
}

var _ api.ListPostsResponseObject = postsPage{}

// typicalPost is about what a post takes in JSON; a page that needs more grows.
const typicalPost = 1 << 10

// VisitListPostsResponse writes the page as the answer.
func (p postsPage) VisitListPostsResponse(w http.ResponseWriter) error {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusOK)
	body := p.append(make([]byte, 0, (len(p.rows)+1)*typicalPost))
	if held, ok := w.(*heldWriter); ok {
		held.take(body)
		return nil
	}
	_, err := w.Write(body)
	return err
}

func (p postsPage) append(b []byte) []byte {
	var asOf *time.Time
	for i := range p.rows {
		if at := &p.rows[i].AsOf; asOf == nil || at.Before(*asOf) {
			asOf = at
		}
	}
	b = appendTimeOrNull(append(b, `{"asOf":`...), asOf)
	b = append(b, `,"items":[`...)
	for i := range p.rows {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendPost(b, &p.rows[i], p.guildID)
	}
	b = append(b, `],"nextCursor":`...)
	if cursor, err := p.next.Get(); err == nil {
		b = appendText(b, cursor)
	} else {
		b = append(b, "null"...)
	}
	return append(b, "}\n"...)
}

func appendPost(b []byte, p *db.PostItem, guildID string) []byte {
	b = appendUUID(append(b, `{"accountId":`...), p.AccountID)
	b = appendTimeOrNull(append(b, `,"asOf":`...), &p.AsOf)
	b = appendTextOrNull(append(b, `,"authorName":`...), p.AuthorName)
	b = appendTextOrNull(append(b, `,"body":`...), p.Body)
	b = appendUUID(append(b, `,"brandId":`...), p.BrandID)
	b = appendDelivery(append(b, `,"delivery":`...), p, guildID)
	b = appendTimeOrNull(append(b, `,"editedAt":`...), p.EditedAt)
	b = appendText(append(b, `,"externalId":`...), p.ExternalID)
	b = appendTime(append(b, `,"firstSeenAt":`...), p.FirstSeenAt)
	b = appendUUID(append(b, `,"id":`...), p.ID)
	b = appendText(append(b, `,"kind":`...), p.Kind)
	b = appendCount(append(b, `,"metrics":{"comments":`...), p.Comments)
	b = appendCount(append(b, `,"likes":`...), p.Likes)
	b = appendTimeOrNull(append(b, `,"measuredAt":`...), p.MeasuredAt)
	b = appendCount(append(b, `,"shares":`...), p.Shares)
	b = appendCount(append(b, `,"views":`...), p.Views)
	b = appendText(append(b, `},"platform":`...), p.Platform)
	b = appendTime(append(b, `,"publishedAt":`...), p.PublishedAt)
	b = appendTimeOrNull(append(b, `,"removedAt":`...), p.RemovedAt)
	b = appendTextOrNull(append(b, `,"thumbnailUrl":`...), p.ThumbnailUrl)
	b = appendTextOrNull(append(b, `,"title":`...), p.Title)
	b = appendTextOrNull(append(b, `,"url":`...), p.URL)
	return append(b, '}')
}

func appendDelivery(b []byte, p *db.PostItem, guildID string) []byte {
	b = appendTimeOrNull(append(b, `{"deliveredAt":`...), p.DeliveredAt)
	b = append(b, `,"messageUrl":`...)
	if p.DeliveryChannelID == nil || p.DeliveryMessageID == nil {
		b = append(b, "null"...)
	} else {
		b = append(b, '"')
		b = appendEscaped(append(b, messageBase...), guildID)
		b = appendEscaped(append(b, '/'), *p.DeliveryChannelID)
		b = append(appendEscaped(append(b, '/'), *p.DeliveryMessageID), '"')
	}
	b = appendTextOrNull(append(b, `,"reason":`...), delivery.Explain(p.DeliveryReason))
	state := p.DeliveryState
	if state == "" {
		state = string(api.PostDeliveryStateNone)
	}
	return append(appendText(append(b, `,"state":`...), state), '}')
}
