package analytics_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/analytics"
	"trackbot/internal/store"
)

func show(n *int64) string {
	if n == nil {
		return "-"
	}
	return fmt.Sprint(*n)
}

// brief is a series as posts:views:likes of each point.
func brief(points []analytics.Point) []string {
	out := make([]string, len(points))
	for i, p := range points {
		out[i] = line(p.Figures)
	}
	return out
}

func line(f analytics.Figures) string {
	return fmt.Sprintf("%d:%s:%s", f.Posts, show(f.Views), show(f.Likes))
}

func (n *tenant) at(s string) time.Time {
	n.t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", s, n.zone)
	n.must(err)
	return at
}

func (n *tenant) want(what string, got, want []string) {
	n.t.Helper()
	if !slices.Equal(got, want) {
		n.t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func TestDaysOfChangedClocksHoldWhatWasPublishedInThem(t *testing.T) {
	t.Parallel()
	n := newWorld(t).tenant("200000000000000001", "Europe/Berlin")
	for _, at := range []string{"2026-03-28 23:59", "2026-03-29 00:00", "2026-03-29 23:59", "2026-03-30 00:00", "2026-10-25 00:30", "2026-10-25 23:30", "2026-10-26 00:00"} {
		n.post(n.accounts[1], n.at(at), 10)
	}
	for _, rolled := range []bool{false, true} {
		spring := n.report(n.period("2026-03-28 00:00", "2026-03-31 00:00", analytics.Day), analytics.Filter{}, "")
		n.want(fmt.Sprint("spring, rolled up ", rolled), brief(spring.Series), []string{"1:10:10", "2:20:20", "1:10:10"})
		autumn := n.report(n.period("2026-10-25 00:00", "2026-10-27 00:00", analytics.Day), analytics.Filter{}, "")
		n.want(fmt.Sprint("autumn, rolled up ", rolled), brief(autumn.Series), []string{"2:20:20", "1:10:10"})
		if !rolled {
			n.roll()
		}
	}
	if got := n.count("SELECT count(*) FROM figure_days WHERE ends_at - starts_at IN ('23 hours', '25 hours')"); got != 2 {
		t.Errorf("%d days of 23 or 25 hours are rolled up", got)
	}
}

func TestWeeksBeginOnMondayAndAreComparedWithAsLongBefore(t *testing.T) {
	t.Parallel()
	n := newWorld(t).tenant("200000000000000001", "Asia/Kolkata")
	for day := 1; day <= 31; day++ { // March 2026 begins on a Sunday
		n.post(n.accounts[0], n.at(fmt.Sprintf("2026-03-%02d 00:10", day)), day)
	}
	n.roll()
	rep := n.report(n.period("2026-03-12 00:00", "2026-03-24 00:00", analytics.Week), analytics.Filter{}, "")
	n.want("series", brief(rep.Series), []string{"4:-:54", "7:-:133", "1:-:23"})
	n.want("before", brief(rep.BeforeSeries), []string{"3:-:6", "7:-:49", "1:-:11"})
}

// oracle sums posts up in Go, as the rules say.
func (n *tenant) oracle(from, to time.Time) map[string]int {
	n.t.Helper()
	sums := map[string]int{}
	rows, err := n.admin.Shared().Query(n.t.Context(), "SELECT published_at, brand_id, account_id, platform, coalesce(likes, 0) FROM posts WHERE client_id = $1 AND removed_at IS NULL", n.client)
	n.must(err)
	defer rows.Close()
	for rows.Next() {
		var at time.Time
		var brand, account uuid.UUID
		var platform string
		var likes int
		n.must(rows.Scan(&at, &brand, &account, &platform, &likes))
		if at.Before(from) || !at.Before(to) {
			continue
		}
		for _, key := range []string{"", brand.String(), account.String(), platform} {
			sums[key+" posts"]++
			sums[key+" likes"] += likes
			sums[key+" on "+at.In(n.zone).Format(time.DateOnly)] += likes
		}
	}
	n.must(rows.Err())
	return sums
}

// check holds every way to split a period against the oracle.
func (n *tenant) check(step string, p analytics.Period) {
	n.t.Helper()
	now, before := n.oracle(p.Start, p.End), n.oracle(p.Previous.Start, p.Previous.End)
	same := func(key string, total, then analytics.Figures, points []analytics.Point) {
		n.t.Helper()
		sum := func(f analytics.Figures) int {
			if f.Likes == nil {
				return 0
			}
			return int(*f.Likes)
		}
		if int(total.Posts) != now[key+" posts"] || sum(total) != now[key+" likes"] || int(then.Posts) != before[key+" posts"] || sum(then) != before[key+" likes"] {
			n.t.Fatalf("%s: %q has %s after %s, want %d with %d likes after %d with %d", step, key, line(total), line(then),
				now[key+" posts"], now[key+" likes"], before[key+" posts"], before[key+" likes"])
		}
		for _, point := range points {
			if want := now[key+" on "+point.Start.In(n.zone).Format(time.DateOnly)]; sum(point.Figures) != want {
				n.t.Fatalf("%s: %q on %v has %s, want %d likes", step, key, point.Start, line(point.Figures), want)
			}
		}
	}
	for _, by := range []analytics.GroupBy{"", analytics.ByPlatform, analytics.ByBrand, analytics.ByAccount} {
		rep := n.report(p, analytics.Filter{}, by)
		same("", rep.Total, rep.Before, rep.Series)
		for _, g := range rep.Groups {
			same(g.Key, g.Total, g.Before, g.Series)
		}
	}
}

// Whatever happens to posts in whatever order, and however far the roll-up has got, the figures are those of the posts.
func TestFiguresAreAlwaysThoseOfThePosts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n, other := w.tenant("200000000000000001", "America/St_Johns"), w.tenant("200000000000000002", "UTC")
	dice := rand.New(rand.NewPCG(1, 2))
	first := n.at("2026-02-20 00:00")
	whenever := func() time.Time { return first.Add(time.Duration(dice.Int64N(int64(40 * 24 * time.Hour)))) }
	zones := []string{"America/St_Johns", "Asia/Kathmandu", "Europe/Berlin", "Pacific/Kiritimati", "America/New_York"}
	steps := []struct {
		name string
		do   func()
	}{
		{"late posts", func() { n.post(n.accounts[dice.IntN(4)], whenever(), dice.IntN(100)) }},
		{"another's posts", func() { other.post(other.accounts[dice.IntN(4)], whenever(), 1_000_000) }},
		{"a later measurement", func() {
			n.exec("UPDATE posts SET likes = likes + 7, measured_at = now() WHERE client_id = $1 AND id IN (SELECT id FROM posts WHERE client_id = $1 ORDER BY id OFFSET $2 LIMIT 3)", n.client, dice.IntN(9))
		}},
		{"an edited date", func() {
			n.exec("UPDATE posts SET published_at = $2 WHERE client_id = $1 AND id = (SELECT min(id::text)::uuid FROM posts WHERE client_id = $1)", n.client, whenever())
		}},
		{"a removal", func() {
			n.exec("UPDATE posts SET removed_at = CASE WHEN removed_at IS NULL THEN now() END WHERE client_id = $1 AND id = (SELECT max(id::text)::uuid FROM posts WHERE client_id = $1)", n.client)
		}},
		{"a move", func() {
			to := dice.IntN(2)
			n.exec("UPDATE client_accounts SET brand_id = $3, group_id = $4 WHERE client_id = $1 AND id = $2", n.client, n.accounts[1], n.brands[to], n.groups[to])
			n.exec("UPDATE posts SET brand_id = $3, group_id = $4 WHERE client_id = $1 AND account_id = $2", n.client, n.accounts[1], n.brands[to], n.groups[to])
		}},
		{"another zone", func() { n.setZone(zones[dice.IntN(len(zones))]) }},
		{"a roll-up", n.roll},
	}
	for i := range 80 {
		step := steps[dice.IntN(len(steps))]
		step.do()
		p, err := analytics.NewPeriod(n.at("2026-03-07 00:00"), n.at("2026-03-25 00:00"), time.Now(), n.zone, analytics.Day)
		n.must(err)
		if i%5 == 0 { // parts of days too
			p, err = analytics.NewPeriod(whenever(), n.at("2026-04-02 05:00"), time.Now(), n.zone, analytics.Day)
			n.must(err)
		}
		n.check(fmt.Sprintf("step %d, %s in %s", i, step.name, n.zone), p)
	}
	n.roll()
	if _, err := n.api.Tenant(n.client).Exec(t.Context(), "DELETE FROM brands WHERE client_id = $1 AND id = $2", n.client, n.brands[0]); err != nil {
		t.Fatal(err)
	}
	n.check("a brand that is deleted, and all with it", n.period("2026-03-07 00:00", "2026-03-25 00:00", analytics.Day))
	n.roll()
	n.check("and rolled up", n.period("2026-03-07 00:00", "2026-03-25 00:00", analytics.Day))
	n.exec("DELETE FROM clients WHERE id = $1", n.client)
	n.roll()
	if left := n.count("SELECT count(*) FROM figure_days WHERE client_id = $1", n.client); left != 0 {
		t.Errorf("%d days are left of a tenant that has gone", left)
	}
}

// A change that commits while its day is being rolled up is not lost.
func TestAChangeUnderWayDuringTheRollUpIsNotLost(t *testing.T) {
	t.Parallel()
	n := newWorld(t).tenant("200000000000000001", "UTC")
	post := n.post(n.accounts[1], n.at("2026-03-10 12:00"), 10)
	p := n.period("2026-03-10 00:00", "2026-03-11 00:00", analytics.Day)
	err := n.admin.InTx(t.Context(), func(tx store.Conn) error {
		if _, err := tx.Exec(t.Context(), "UPDATE posts SET likes = 11 WHERE id = $1", post); err != nil {
			return err
		}
		n.roll() // sees neither the change nor its mark
		n.want("before the change commits", brief(n.report(p, analytics.Filter{}, "").Series), []string{"1:10:10"})
		return nil
	})
	n.must(err)
	n.want("after it", brief(n.report(p, analytics.Filter{}, "").Series), []string{"1:10:11"})
	n.roll()
	n.want("rolled up", brief(n.report(p, analytics.Filter{}, "").Series), []string{"1:10:11"})
}

// Another process rolls up the same tenant: it is left to that one, and nobody else waits for the next round.
func TestARollUpThatMeetsAnotherGoesOnWithTheOthers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first, second := w.tenant("200000000000000001", "UTC"), w.tenant("200000000000000002", "UTC")
	first.post(first.accounts[1], first.at("2026-03-28 12:00"), 10)
	second.post(second.accounts[1], second.at("2026-03-28 12:00"), 10)
	rolled := make(chan error, 1)
	w.must(w.admin.InTx(t.Context(), func(tx store.Conn) error {
		_, err := tx.Exec(t.Context(), `INSERT INTO figure_days (client_id, starts_at, ends_at) VALUES ($1, '2026-03-28', '2026-03-29')`, first.client)
		if err != nil {
			return err
		}
		go func() { rolled <- w.roller.Roll(t.Context()) }()
		for deadline := time.Now().Add(20 * time.Second); ; {
			if w.count("SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid WHERE a.datname = current_database() AND NOT l.granted") > 0 {
				return nil
			}
			if time.Now().After(deadline) {
				return errors.New("nobody waits")
			}
		}
	}))
	w.must(<-rolled)
	if n := w.count("SELECT count(*) FROM figure_marks WHERE client_id = $1", second.client); n != 0 {
		t.Errorf("%d marks of the other tenant are left", n)
	}
	w.must(w.roller.Roll(t.Context()))
	if n := w.count("SELECT count(*) FROM figures WHERE client_id = $1 AND per = 'account'", first.client); n != 1 {
		t.Errorf("%d figures of the tenant that was rolled up twice", n)
	}
}

func TestAMeasurementThatChangesNothingMarksNothing(t *testing.T) {
	t.Parallel()
	n := newWorld(t).tenant("200000000000000001", "UTC")
	n.post(n.accounts[1], n.at("2026-03-10 12:00"), 10)
	n.roll()
	n.exec("UPDATE posts SET measured_at = now(), title = 'edited', edited_at = now()")
	if marks := n.count("SELECT count(*) FROM figure_marks"); marks != 0 {
		t.Errorf("%d marks", marks)
	}
}

func TestUnknownFiguresAreNullAndThoseOfNothingZero(t *testing.T) {
	t.Parallel()
	n := newWorld(t).tenant("200000000000000001", "UTC")
	p := n.period("2026-03-10 00:00", "2026-03-13 00:00", analytics.Day)
	if rep := n.report(p, analytics.Filter{}, analytics.ByPlatform); line(rep.Total) != "0:-:-" || len(rep.Groups) != 0 || len(rep.Series) != 3 {
		t.Errorf("of nothing: %+v", rep)
	}
	n.post(n.accounts[0], n.at("2026-03-10 12:00"), 5)
	n.post(n.accounts[1], n.at("2026-03-11 12:00"), 7)
	rep := n.report(p, analytics.Filter{}, analytics.ByPlatform)
	n.want("in all", brief(rep.Series), []string{"1:-:5", "1:7:7", "0:0:0"})
	n.want("before", brief(rep.BeforeSeries), []string{"0:0:0", "0:0:0", "0:0:0"})
	if len(rep.Groups) != 2 || rep.Groups[0].Label != "Bluesky" || rep.Groups[1].Label != "YouTube" {
		t.Fatalf("groups %+v", rep.Groups)
	}
	n.want("bluesky", brief(rep.Groups[0].Series), []string{"1:-:5", "0:-:0", "0:-:0"})
	n.want("youtube", brief(rep.Groups[1].Series), []string{"0:0:0", "1:7:7", "0:0:0"})
	byAccount := n.report(p, analytics.Filter{BrandID: &n.brands[0]}, analytics.ByAccount)
	if len(byAccount.Groups) != 2 || byAccount.Groups[0].Label[:1] != "h" {
		t.Errorf("accounts %+v", byAccount.Groups)
	}
	if rep := n.report(p, analytics.Filter{BrandID: &n.brands[1]}, ""); rep.Total.Posts != 0 {
		t.Errorf("of the other brand %s", line(rep.Total))
	}
	if rep := n.report(p, analytics.Filter{AccountID: &n.accounts[1]}, analytics.ByBrand); line(rep.Total) != "1:7:7" || rep.Groups[0].Label != "Brand 0" {
		t.Errorf("of an account %+v", rep)
	}
}
