package delivery_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/delivery"
	"trackbot/internal/delivery/deliverytest"
)

// history gives an account posts of the past whose views after each hour were as steady as said, and
// makes it one that wants to hear of breakouts.
func history(t *testing.T, w *deliverytest.World, c *deliverytest.Client, posts int, viewsAnHour ...int) {
	t.Helper()
	w.Exec(t, `UPDATE guild_settings SET breakout_factor = 3 WHERE client_id = $1`, c.ID)
	w.Exec(t, `UPDATE client_accounts SET baseline_at = now() - interval '200 days' WHERE client_id = $1`, c.ID)
	for i := range posts {
		p := c.Post(t)
		at := time.Now().Add(-time.Duration(i+1) * 24 * time.Hour)
		date(t, w, p.PostID, at)
		measured(t, w, p.PostID, viewsAnHour[i%len(viewsAnHour)], 1, 2, 3, 4, 6, 8)
	}
}

func date(t *testing.T, w *deliverytest.World, post uuid.UUID, at time.Time) {
	t.Helper()
	w.Exec(t, `WITH s AS (UPDATE source_posts SET published_at = $2 WHERE id = (SELECT source_post_id FROM posts WHERE id = $1))
		UPDATE posts SET published_at = $2 WHERE id = $1`, post, at)
}

// measured stores figures that grew evenly, at these ages in hours.
func measured(t *testing.T, w *deliverytest.World, post uuid.UUID, viewsAnHour int, hours ...float64) {
	t.Helper()
	w.Exec(t, `INSERT INTO post_metrics (source_post_id, measured_at, views, likes)
		SELECT p.source_post_id, p.published_at + h * interval '1 hour', ($2::int * h)::int, ($2::int * h / 10)::int FROM posts p, unnest($3::float8[]) h WHERE p.id = $1`,
		post, viewsAnHour, hours)
}

// fresh is a post of some hours ago with a figure of now.
func fresh(t *testing.T, w *deliverytest.World, c *deliverytest.Client, hours float64, views, likes *int) (post, sourcePost uuid.UUID) {
	t.Helper()
	p := c.Post(t)
	date(t, w, p.PostID, time.Now().Add(-time.Duration(hours*float64(time.Hour))))
	w.Exec(t, `UPDATE posts SET views = $2, likes = $3 WHERE id = $1`, p.PostID, views, likes)
	w.Scan(t, `SELECT source_post_id FROM posts WHERE id = $1`, []any{p.PostID}, &sourcePost)
	return p.PostID, sourcePost
}

func breakouts(t *testing.T, w *deliverytest.World, sourcePosts ...uuid.UUID) int {
	t.Helper()
	must(t, delivery.EnqueueBreakouts(t.Context(), w.Worker, sourcePosts, time.Now()))
	return w.Count(t, `SELECT count(*) FROM deliveries WHERE kind = 'breakout'`)
}

func n(i int) *int { return &i }

// The usual post has 100 views an hour, so 250 at the age of two and a half hours; the factor is 3.
func TestAPostBreaksOutAgainstItsAccountsMedianAtItsAge(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		posts        int
		viewsAnHour  []int
		hours        float64
		views, likes *int
		want         int
	}{
		"above":                                {7, []int{100}, 2.5, n(760), nil, 1},
		"below":                                {7, []int{100}, 2.5, n(740), nil, 0},
		"the median is no average":             {9, []int{100, 100, 9000}, 2.5, n(760), nil, 1},
		"too few posts to compare":             {6, []int{100}, 2.5, n(99999), nil, 0},
		"too young":                            {7, []int{100}, 0.3, n(99999), nil, 0},
		"too old":                              {7, []int{100}, 24 * 8, n(999999), nil, 0},
		"older than what can be compared":      {7, []int{100}, 24, n(999999), nil, 0},
		"by likes where there are no views":    {7, []int{100}, 2.5, nil, n(90), 1},
		"few likes":                            {7, []int{100}, 2.5, nil, n(70), 0},
		"a handful where the usual is nothing": {7, []int{1}, 2.5, n(20), nil, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := deliverytest.New(t)
			c := w.Client(t)
			history(t, w, c, tt.posts, tt.viewsAnHour...)
			_, source := fresh(t, w, c, tt.hours, tt.views, tt.likes)
			if got := breakouts(t, w, source); got != tt.want {
				t.Errorf("%d alerts, want %d", got, tt.want)
			}
		})
	}
}

func TestABreakoutIsToldOnceWhereThePostGoesAndSaysWhatIsUnusual(t *testing.T) {
	t.Parallel()
	w := deliverytest.New(t)
	c := w.Client(t)
	w.Exec(t, `UPDATE guild_settings SET mention_role_id = '200000000000000001', digest = 'daily'`)
	history(t, w, c, 8, 100)
	post, source := fresh(t, w, c, 2, n(12400), nil)
	for range 3 {
		if got := breakouts(t, w, source); got != 1 {
			t.Fatalf("%d alerts", got)
		}
	}
	sent := sendAll(t, delivery.NewOutbox(w.Notifier, lease))
	if len(sent) != 1 {
		t.Fatalf("%d messages: a digest must not hold the alert", len(sent))
	}
	if m := sent[0]; !strings.Contains(m.Body, "12,400 views") || !strings.Contains(m.Body, "62.0 times the 200") || m.MentionRoleID != "200000000000000001" || !strings.HasSuffix(m.URL, post.String()) {
		t.Errorf("the alert says %+v", m)
	}
	if n := w.Count(t, `SELECT count(*) FROM deliveries WHERE kind = 'breakout' AND channel_id = $1 AND post_id = $2`, c.Channel, post); n != 1 {
		t.Error("it went elsewhere")
	}
}

func TestOnlyThoseWhoWantBreakoutsAreTold(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]string{
		"no factor":            `UPDATE guild_settings SET breakout_factor = NULL`,
		"notifications off":    `UPDATE guild_settings SET notifications_enabled = false`,
		"a greater factor":     `UPDATE guild_settings SET breakout_factor = 20`,
		"paused account":       `UPDATE client_accounts SET paused = 'paused', paused_since = now()`,
		"post of the baseline": `UPDATE client_accounts SET baseline_at = now() + interval '1 minute'`,
		"removed post":         `UPDATE posts SET removed_at = now()`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := deliverytest.New(t)
			c := w.Client(t)
			history(t, w, c, 8, 100)
			_, source := fresh(t, w, c, 2, n(2000), nil)
			w.Exec(t, change)
			if got := breakouts(t, w, source); got != 0 {
				t.Errorf("%d alerts", got)
			}
		})
	}
}
