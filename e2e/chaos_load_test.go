//go:build unix

package e2e_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"time"

	"trackbot/api"
)

const (
	publishEvery = 400 * time.Millisecond // of each source
	readEvery    = 250 * time.Millisecond
	changeEvery  = 900 * time.Millisecond
	addEvery     = 2 * time.Second
	orderEvery   = 2 * time.Second
	renameEvery  = 1500 * time.Millisecond
	refreshEvery = 2500 * time.Millisecond
	hurryEvery   = time.Second

	// mostAdded is how many accounts a tenant adds on the way; each is polled every second from then on.
	mostAdded = 8
)

// tasks are what people and the world do meanwhile. Each ends with its context.
func (c *chaos) tasks() []func(context.Context) {
	out := []func(context.Context){c.publishOn, every(hurryEvery, c.hurry)}
	for _, tn := range c.tenants {
		out = append(out,
			every(readEvery, func(ctx context.Context) { c.read(ctx, tn) }),
			every(changeEvery, func(ctx context.Context) { c.change(ctx, tn) }),
			every(addEvery, func(ctx context.Context) { c.add(ctx, tn) }),
			every(orderEvery, func(ctx context.Context) { c.order(ctx, tn); c.collect(ctx, tn) }),
			every(renameEvery, func(context.Context) { c.rename(tn) }),
			func(ctx context.Context) { c.refreshOn(ctx, tn) },
		)
		for _, replica := range apis {
			out = append(out, func(ctx context.Context) { c.watchOn(ctx, tn, replica) })
		}
	}
	return out
}

func every(d time.Duration, do func(context.Context)) func(context.Context) {
	return func(ctx context.Context) {
		for wait(ctx, d) {
			do(ctx)
		}
	}
}

func anyAPI() string { return apis[rand.IntN(len(apis))] }

// publishOn brings out the next post of each source whenever the product is not so far behind that a
// feed, which shows its latest 30, would lose one.
func (c *chaos) publishOn(ctx context.Context) {
	for wait(ctx, publishEvery) {
		seen, err := c.seen(ctx)
		if err != nil {
			continue // the database is away
		}
		for _, f := range c.sources() {
			n := c.published[f.name]
			if n-seen[f.name] >= crashBacklog {
				continue
			}
			if _, err := c.sim.Publish(f.key, f.post(n)); err != nil {
				c.wrong.add("harness: publish: %v", err)
				continue
			}
			c.published[f.name]++
			c.tally.published.Add(1)
		}
	}
}

// sources are those with routes, each once.
func (c *chaos) sources() (out []followed) {
	for _, tn := range c.tenants {
		for _, f := range tn.routes {
			if !slices.ContainsFunc(out, func(o followed) bool { return o.key == f.key }) {
				out = append(out, f)
			}
		}
	}
	return out
}

// seen counts what is stored of each source.
func (c *chaos) seen(ctx context.Context) (map[string]int, error) {
	rows, err := c.admin.Shared().Query(ctx, `SELECT s.url || ' ' || s.handle, count(p.id) FROM sources s LEFT JOIN source_posts p ON p.source_id = s.id GROUP BY s.id`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]int{}
	for rows.Next() {
		var said string
		var n int
		if err := rows.Scan(&said, &n); err != nil {
			return nil, err
		}
		for _, f := range c.sources() {
			if strings.Contains(said, f.name) {
				out[f.name] = n
			}
		}
	}
	return out, rows.Err()
}

// hurry does to waits what the hours do that a run does not have: a back-off ends now. Those of deliveries do so
// while Discord is well, for it has not failed all those hours.
func (c *chaos) hurry(ctx context.Context) {
	waits := []string{
		`UPDATE sources SET next_poll_at = now() WHERE next_poll_at > now() + interval '2 seconds' AND lease_token IS NULL`,
		`UPDATE exports SET not_before = now() WHERE state = 'queued' AND not_before > now() + interval '2 seconds'`,
	}
	if c.discordFaults.Load() == 0 {
		waits = append(waits,
			`UPDATE deliveries SET retry_at = now() WHERE state = 'retry' AND retry_at > now() + interval '2 seconds'`,
			`UPDATE channel_queues SET due_at = now() WHERE due_at > now() + interval '2 seconds' AND lease_token IS NULL`)
	}
	for _, sql := range waits {
		if _, err := c.admin.Shared().Exec(ctx, sql); err != nil {
			return // the database is away
		}
	}
}

// read is what dashboards do all day; a page holds posts of the tenant's own sources alone.
func (c *chaos) read(ctx context.Context, tn *tenant) {
	paths := []string{"/posts?limit=100", "/accounts?limit=100", "/status", "/exports", "/analytics", ""}
	path := paths[rand.IntN(len(paths))]
	a, err := c.try(ctx, tn, anyAPI(), http.MethodGet, path, nil, nil)
	c.tally.reads.Add(1)
	if err != nil || a.status != http.StatusOK || !strings.HasPrefix(path, "/posts") {
		return
	}
	var page api.PostList
	if err := json.Unmarshal(a.body, &page); err != nil {
		c.wrong.add("half a page of posts: %v", err)
	}
	for _, p := range page.Items {
		c.mustOwn(tn, said(p))
	}
}

// said is what a post says: its body, or its title where it has nothing else.
func said(p api.Post) string {
	if p.Platform == "bluesky" {
		return p.Body.MustGet()
	}
	return p.Title.MustGet()
}

// mustOwn holds that a post is of one of the tenant's sources.
func (c *chaos) mustOwn(tn *tenant, text string) {
	if !slices.ContainsFunc(tn.routes, func(f followed) bool { return strings.HasPrefix(text, f.name+" no ") }) {
		c.wrong.add("%s was shown %q, which is not its own", tn.name, text)
	}
}

// change gives the guild's messages another color, each once.
func (c *chaos) change(ctx context.Context, tn *tenant) {
	a, err := c.try(ctx, tn, anyAPI(), http.MethodGet, "", nil, nil)
	if err != nil || a.status != http.StatusOK {
		return
	}
	var detail api.GuildDetail
	if err := json.Unmarshal(a.body, &detail); err != nil {
		c.wrong.add("half a guild: %v", err)
		return
	}
	tn.mu.Lock()
	color := fmt.Sprintf("#%06x", len(tn.colors)+len(tn.maybe)+1)
	tn.mu.Unlock()
	detail.Settings.EmbedColor = color
	a, err = c.try(ctx, tn, anyAPI(), http.MethodPut, "/settings", detail.Settings, map[string]string{"If-Match": a.header.Get("ETag")})
	tn.mu.Lock()
	defer tn.mu.Unlock()
	switch {
	case err == nil && a.status == http.StatusOK:
		tn.colors, tn.last = append(tn.colors, color), []string{color}
		c.tally.changes.Add(1)
	case err != nil || a.status == http.StatusServiceUnavailable: // it may have happened
		tn.maybe, tn.last = append(tn.maybe, color), append(tn.last, color)
	default: // 412 after a change that was not heard of
	}
}

// add tracks one more account, again until it is acknowledged.
func (c *chaos) add(ctx context.Context, tn *tenant) {
	tn.mu.Lock()
	handle := ""
	for n := 0; n < mostAdded && handle == ""; n++ {
		if h := fmt.Sprintf("%s/feeds/side-%d.xml", c.base, n); !tn.added[h] {
			handle = h
		}
	}
	tn.mu.Unlock()
	if handle == "" {
		return
	}
	a, err := c.try(ctx, tn, anyAPI(), http.MethodPost, "/accounts", map[string]any{"platform": "rss", "handle": handle, "groupId": tn.group}, nil)
	if err != nil || a.status != http.StatusCreated && a.status != http.StatusConflict {
		return
	}
	c.tally.accounts.Add(1)
	tn.mu.Lock()
	defer tn.mu.Unlock()
	tn.added[handle] = true
}

// rename changes a channel's name in Discord; the bot hears of it, sooner or later.
func (c *chaos) rename(tn *tenant) {
	tn.mu.Lock()
	defer tn.mu.Unlock()
	tn.renames++
	tn.renamed = fmt.Sprintf("name-%d", tn.renames)
	if err := c.sim.RenameChannel(tn.channel, tn.renamed); err != nil {
		c.wrong.add("harness: rename: %v", err)
	}
}

// countLines counts the rows of a file of an export.
func countLines(format string, body []byte) (rows int, err error) {
	if format == "csv" {
		if !bytes.HasSuffix(body, []byte("\r\n")) {
			return 0, fmt.Errorf("the file ends in the middle of a line")
		}
		return bytes.Count(body, []byte("\r\n")) - 1, nil
	}
	for line := range bytes.Lines(body) {
		if !json.Valid(line) {
			return 0, fmt.Errorf("line %d is no JSON: %.80q", rows+1, line)
		}
		rows++
	}
	return rows, nil
}
