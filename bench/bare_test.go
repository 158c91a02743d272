package bench_test

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
)

// bareHandler is what the real server is set beside: the same page of posts from the same tables as an address
// names them, without sign-in, limits, validation or row level security, in JSON put together by hand.
type bareHandler struct{ pool *pgxpool.Pool }

const barePage = `SELECT p.id, p.account_id, p.brand_id, p.platform, p.kind, p.external_id, p.url, p.title, p.body, p.author_name, p.thumbnail_url,
	p.published_at, p.first_seen_at, p.edited_at, p.removed_at, p.views, p.likes, p.comments, p.shares, p.measured_at,
	d.state, d.channel_id, d.message_id, d.delivered_at
	FROM posts p LEFT JOIN LATERAL (
		SELECT state, channel_id, message_id, delivered_at FROM deliveries
		WHERE client_id = p.client_id AND post_id = p.id AND kind = 'post'
		ORDER BY array_position(ARRAY['dead', 'retry', 'sending', 'pending', 'held', 'sent', 'skipped'], state), seq DESC LIMIT 1
	) d ON true
	WHERE p.client_id = $1 AND (p.published_at, p.id) < ($2, $3) ORDER BY p.published_at DESC, p.id DESC LIMIT $4`

func (h bareHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	n, err := strconv.Atoi(r.PathValue("tenant"))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	body, err := h.page(r.Context(), n)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body)
}

func (h bareHandler) page(ctx context.Context, n int) ([]byte, error) {
	rows, err := h.pool.Query(ctx, barePage, clientNo(n), time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), uuid.Max, pageSize+1)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := append(make([]byte, 0, 40<<10), `{"items":[`...)
	count := 0
	var last barePost
	for rows.Next() {
		var p barePost
		if err := rows.Scan(&p.id, &p.account, &p.brand, &p.platform, &p.kind, &p.externalID, &p.url, &p.title, &p.body, &p.author, &p.thumbnail,
			&p.published, &p.seen, &p.edited, &p.removed, &p.views, &p.likes, &p.comments, &p.shares, &p.measured,
			&p.state, &p.channel, &p.message, &p.delivered); err != nil {
			return nil, err
		}
		if count++; count > pageSize {
			break
		}
		if count > 1 {
			out = append(out, ',')
		}
		out, last = p.write(out, guildNo(n)), p
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	return fmt.Appendf(out, `],"nextCursor":"%d.%s"}`, last.published.UnixMicro(), last.id), nil
}

type barePost struct {
	id, account, brand                                              uuid.UUID
	platform, kind, externalID, url, title, body, author, thumbnail string
	published, seen                                                 time.Time
	edited, removed, measured, delivered                            *time.Time
	views, likes, comments, shares                                  *int64
	state, channel, message                                         *string
}

func (p *barePost) write(b []byte, guild string) []byte {
	b = bareText(append(b, `{"id":`...), p.id.String())
	b = bareText(append(b, `,"accountId":`...), p.account.String())
	b = bareText(append(b, `,"brandId":`...), p.brand.String())
	b = bareText(append(b, `,"platform":`...), p.platform)
	b = bareText(append(b, `,"kind":`...), p.kind)
	b = bareText(append(b, `,"externalId":`...), p.externalID)
	b = bareText(append(b, `,"url":`...), p.url)
	b = bareText(append(b, `,"title":`...), p.title)
	b = bareText(append(b, `,"body":`...), p.body)
	b = bareText(append(b, `,"authorName":`...), p.author)
	b = bareText(append(b, `,"thumbnailUrl":`...), p.thumbnail)
	b = bareTime(append(b, `,"publishedAt":`...), &p.published)
	b = bareTime(append(b, `,"firstSeenAt":`...), &p.seen)
	b = bareTime(append(b, `,"editedAt":`...), p.edited)
	b = bareTime(append(b, `,"removedAt":`...), p.removed)
	b = bareCount(append(b, `,"metrics":{"views":`...), p.views)
	b = bareCount(append(b, `,"likes":`...), p.likes)
	b = bareCount(append(b, `,"comments":`...), p.comments)
	b = bareCount(append(b, `,"shares":`...), p.shares)
	b = bareTime(append(b, `,"measuredAt":`...), p.measured)
	b = append(b, `},"delivery":{"state":`...)
	if p.state == nil {
		return append(b, `"none","messageUrl":null,"deliveredAt":null}}`...)
	}
	b = bareText(b, *p.state)
	b = append(b, `,"messageUrl":`...)
	if p.channel != nil && p.message != nil {
		b = bareText(b, "https://discord.com/channels/"+guild+"/"+*p.channel+"/"+*p.message)
	} else {
		b = append(b, `null`...)
	}
	return append(bareTime(append(b, `,"deliveredAt":`...), p.delivered), `}}`...)
}

func bareText(b []byte, s string) []byte {
	b = append(b, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', byte(r))
		case r < ' ':
			b = fmt.Appendf(b, `\u%04x`, r)
		default:
			b = utf8.AppendRune(b, r)
		}
	}
	return append(b, '"')
}

func bareTime(b []byte, t *time.Time) []byte {
	if t == nil {
		return append(b, `null`...)
	}
	return append(t.UTC().AppendFormat(append(b, '"'), "2006-01-02T15:04:05.000Z07:00"), '"')
}

func bareCount(b []byte, n *int64) []byte {
	if n == nil {
		return append(b, `null`...)
	}
	return strconv.AppendInt(b, *n, 10)
}
