//go:build unix

package e2e_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"trackbot/api"
)

// silence is how long a stream may say nothing: its comments come every 15 s.
const silence = 40 * time.Second

// watchOn keeps a live stream open and comes back where it was whenever it is lost.
func (c *chaos) watchOn(ctx context.Context, tn *tenant, replica string) {
	last := ""
	for wait(ctx, readEvery) {
		last = c.stream(ctx, tn, replica, last)
	}
}

// stream reads one connection to its end and returns the id of its last event.
func (c *chaos) stream(ctx context.Context, tn *tenant, replica, last string) string {
	b := c.fleet.berths[replica]
	began := time.Now()
	ctx, hangUp := context.WithCancel(ctx)
	defer hangUp()
	watchdog := time.AfterFunc(silence, hangUp)
	defer watchdog.Stop()
	viewer := newClient("http://" + b.env["LISTEN_ADDR"] + "/api/v1")
	viewer.http.Timeout = 0
	viewer.token = tn.key
	defer viewer.http.CloseIdleConnections()
	req, err := viewer.request(ctx, http.MethodGet, "/guilds/"+tn.guild+"/status/stream", nil)
	if err != nil {
		c.wrong.add("harness: %v", err)
		return last
	}
	if last != "" {
		req.Header.Set("Last-Event-ID", last)
	}
	resp, err := viewer.http.Do(req)
	if err != nil {
		return last // the API is away, or the run is over
	}
	defer resp.Body.Close() // to its end, or to ours
	if resp.StatusCode != http.StatusOK {
		c.judge(ctx, b, "the stream", began, answer{resp.StatusCode, resp.Header, []byte("unavailable")}, nil)
		return last
	}
	kind, heard := "", began
	for lines := bufio.NewScanner(resp.Body); lines.Scan(); heard = time.Now() {
		watchdog.Reset(silence)
		name, value, _ := strings.Cut(lines.Text(), ": ")
		switch name {
		case "event":
			kind = value
		case "id":
			last = value
		case "data":
			c.tally.events.Add(1)
			c.look(tn, kind, value)
		}
	}
	if time.Since(heard) >= silence && !b.disturbed(heard) {
		c.wrong.add("the stream of %s said nothing for %s", b.name, silence)
	}
	return last
}

// look reads an event: it is whole, and the tenant's own.
func (c *chaos) look(tn *tenant, kind, data string) {
	if kind != "post" {
		if !json.Valid([]byte(data)) {
			c.wrong.add("half an event: %s", data)
		}
		return
	}
	var p api.Post
	if err := json.Unmarshal([]byte(data), &p); err != nil {
		c.wrong.add("half an event: %v in %s", err, data)
		return
	}
	c.mustOwn(tn, said(p))
}

// order orders a file; the same key until it is acknowledged.
func (c *chaos) order(ctx context.Context, tn *tenant) {
	tn.mu.Lock()
	format := []string{"csv", "jsonl"}[tn.ordered%2]
	key := fmt.Sprintf("order-%s-%d", tn.guild, tn.ordered)
	tn.mu.Unlock()
	a, err := c.try(ctx, tn, anyAPI(), http.MethodPost, "/exports", map[string]any{"kind": "posts", "format": format}, map[string]string{"Idempotency-Key": key})
	if err != nil || a.status != http.StatusAccepted {
		return
	}
	var made api.Export
	if err := json.Unmarshal(a.body, &made); err != nil {
		c.wrong.add("half an export: %v", err)
		return
	}
	c.tally.orders.Add(1)
	tn.mu.Lock()
	defer tn.mu.Unlock()
	tn.ordered++
	tn.orders = append(tn.orders, &parcel{id: made.ID.String(), format: format})
}

// collect looks at the orders and takes those that have ended off the list.
func (c *chaos) collect(ctx context.Context, tn *tenant) {
	tn.mu.Lock()
	open := tn.orders
	tn.orders = nil
	tn.mu.Unlock()
	open = slices.DeleteFunc(slices.Clone(open), func(o *parcel) bool { return c.ended(ctx, tn, o) })
	tn.mu.Lock()
	defer tn.mu.Unlock()
	tn.orders = append(tn.orders, open...)
}

// ended holds that an export that is done is whole, and that one that has failed says so; then it is deleted.
func (c *chaos) ended(ctx context.Context, tn *tenant, o *parcel) bool {
	path := "/exports/" + o.id
	a, err := c.try(ctx, tn, anyAPI(), http.MethodGet, path, nil, nil)
	if err == nil && a.status == http.StatusNotFound {
		if !o.ended {
			c.wrong.add("an export that was acknowledged is not there: %s", a.body)
		}
		return true
	}
	if err != nil || a.status != http.StatusOK {
		return false
	}
	var x api.Export
	if err := json.Unmarshal(a.body, &x); err != nil {
		c.wrong.add("half an export: %v", err)
		return true
	}
	if !o.ended && !c.whole(ctx, tn, o, x) {
		return false
	}
	o.ended = true
	a, err = c.try(ctx, tn, anyAPI(), http.MethodDelete, path, nil, nil)
	return err == nil && a.status == http.StatusNoContent
}

// whole looks at an export that has ended; false: it has not, or nobody answers.
func (c *chaos) whole(ctx context.Context, tn *tenant, o *parcel, x api.Export) bool {
	switch x.State {
	case "failed":
		if x.Error.IsNull() || x.Error.MustGet() == "" {
			c.wrong.add("an export failed and does not say why")
		}
		c.tally.failed.Add(1)
		return true
	case "done":
		file, err := c.try(ctx, tn, anyAPI(), http.MethodGet, "/exports/"+o.id+"/download", nil, nil)
		if err != nil || file.status != http.StatusOK {
			return false
		}
		if rows, err := countLines(o.format, file.body); err != nil || int64(rows) != x.Rows {
			c.wrong.add("an export of %d rows has %d in its file: %v", x.Rows, rows, err)
		}
		c.tally.files.Add(1)
		return true
	}
	return false
}
