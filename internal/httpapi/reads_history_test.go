package httpapi_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"trackbot/api"
	"trackbot/internal/fault"
)

func TestPostHistoryTellsAgeFiguresAndTheNextMeasurement(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, newSignInWorld(t), "Newsroom")
	post := n.post(n.account(n.group(n.brand("B"), "G"), "youtube", "channel"), "video", "V", 60*24)
	n.measure(post, "6 hours", 40)
	n.measure(post, "90 minutes", 10)
	n.measure(post, "-1 minutes", 1) // the platform's clock may run ahead of ours
	n.exec(`UPDATE post_metrics SET likes = NULL WHERE views = 40`)
	next := one[time.Time](n, `UPDATE source_posts SET next_measure_at = date_trunc('hour', now()) + interval '3 hours' RETURNING next_measure_at`)
	h := decode[api.PostMetricHistory](t, n.read("/posts/"+id(post)+"/metrics"))
	published := one[time.Time](n, `SELECT published_at FROM posts WHERE id = $1`, post)
	if h.PostID != post || h.Platform != "youtube" || !h.PublishedAt.Equal(published.Truncate(time.Millisecond)) || !h.NextMeasurementAt.MustGet().Equal(next) {
		t.Errorf("history %+v", h)
	}
	if h.Offers != (api.PlatformOffers{Views: true, Likes: true}) {
		t.Errorf("offers %+v", h.Offers)
	}
	if len(h.Items) != 3 || h.Items[0].AgeSeconds != 0 || h.Items[1].AgeSeconds != 5400 || h.Items[2].AgeSeconds != 21600 {
		t.Fatalf("items %+v", h.Items)
	}
	last := h.Items[2]
	if last.Views.MustGet() != 40 || !last.Likes.IsNull() || !last.Comments.IsNull() || h.Items[1].Likes.MustGet() != 10 {
		t.Errorf("figures %+v", h.Items)
	}
	if !h.AsOf.MustGet().Equal(last.MeasuredAt.Time) || !last.MeasuredAt.Equal(published.Add(6*time.Hour).Truncate(time.Millisecond)) {
		t.Errorf("as of %v, last %v", h.AsOf, last.MeasuredAt)
	}
	n.exec(`UPDATE source_posts SET next_measure_at = NULL`)
	if h := decode[api.PostMetricHistory](t, n.read("/posts/"+id(post)+"/metrics")); !h.NextMeasurementAt.IsNull() {
		t.Errorf("after the last one: %v", h.NextMeasurementAt)
	}
}

func TestPostWithoutFiguresHasAnEmptyHistory(t *testing.T) {
	t.Parallel()
	w := newSignInWorld(t)
	n, other := newNewsroom(t, w, "Newsroom"), newNewsroom(t, w, "Elsewhere")
	post := n.post(n.account(n.group(n.brand("B"), "G"), "rss", "feed"), "post", "P", 1)
	h := decode[api.PostMetricHistory](t, n.read("/posts/"+id(post)+"/metrics"))
	if h.Items == nil || len(h.Items) != 0 || !h.AsOf.IsNull() || !h.NextMeasurementAt.IsNull() || h.Offers != (api.PlatformOffers{}) {
		t.Errorf("history %+v", h)
	}
	for name, answer := range map[string]string{"another's": other.path("/posts/" + id(post) + "/metrics"), "nobody's": other.path("/posts/" + uuid.NewString() + "/metrics")} {
		w := call{method: "GET", path: answer, token: other.token}.send(other)
		if p := problemOf(t, w); string(p.Code) != string(fault.NotFound) {
			t.Errorf("%s: %+v", name, p)
		}
	}
}
