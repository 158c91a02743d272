package httpapi_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"trackbot/internal/httpapi"
	"trackbot/internal/store/db"
)

func drawTime(t *rapid.T) time.Time {
	return time.UnixMicro(rapid.Int64Range(-62135596800000000-1, 253402300800000000).Draw(t, "microseconds")).
		In(time.FixedZone("", rapid.IntRange(-50000, 50000).Draw(t, "zone")))
}

func drawText(t *rapid.T) string {
	return rapid.OneOf(rapid.String(), rapid.Just(""), rapid.SampledFrom([]string{"<&>\"\\\u2028\u2029\x00\x1f\x7f\b\f\n\r\t", "\xff\xc3", "ein – Strich"}),
		rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) })).Draw(t, "text")
}

func maybe[T any](t *rapid.T, draw func(*rapid.T) T) *T {
	if rapid.Bool().Draw(t, "null") {
		return nil
	}
	v := draw(t)
	return &v
}

func drawCount(t *rapid.T) int64 { return rapid.Int64().Draw(t, "count") }

func drawPost(t *rapid.T) db.PostItem {
	id := func() uuid.UUID { return uuid.UUID([]byte(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "id"))) }
	return db.PostItem{
		ID: id(), AccountID: id(), BrandID: id(), Platform: drawText(t), Kind: drawText(t), ExternalID: drawText(t), URL: drawText(t),
		Title: drawText(t), Body: drawText(t), AuthorName: drawText(t), ThumbnailUrl: drawText(t), PublishedAt: drawTime(t), FirstSeenAt: drawTime(t),
		EditedAt: maybe(t, drawTime), RemovedAt: maybe(t, drawTime), MeasuredAt: maybe(t, drawTime),
		Views: maybe(t, drawCount), Likes: maybe(t, drawCount), Comments: maybe(t, drawCount), Shares: maybe(t, drawCount),
		DeliveryState:     rapid.SampledFrom([]string{"", "sent", "dead", "pending"}).Draw(t, "state"),
		DeliveryReason:    rapid.SampledFrom([]string{"", "no_channel", "discord_50013", "http_500", "<else>"}).Draw(t, "reason"),
		DeliveryChannelID: maybe(t, drawText), DeliveryMessageID: maybe(t, drawText), DeliveredAt: maybe(t, drawTime), AsOf: drawTime(t),
	}
}

// What writes itself is, byte for byte, what the contract's types would be.
func TestPostsPageIsTheContractsJSON(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var rows []db.PostItem
		for range rapid.IntRange(0, 3).Draw(t, "posts") {
			rows = append(rows, drawPost(t))
		}
		guild, next := drawText(t), maybe(t, drawText)
		got, want := httpapi.PostsPage(rows, guild, next)
		if got != want {
			t.Fatalf("wrote\n%s\nwant\n%s", got, want)
		}
	})
}
