package export_test

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"trackbot/internal/export"
)

// unpack reads an archive: the lines of each file, and what the manifest says.
func unpack(t *testing.T, content string) (lines map[string][]string, rows map[string]int) {
	t.Helper()
	packed, err := zip.NewReader(strings.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	lines, rows = map[string][]string{}, map[string]int{}
	for _, f := range packed.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		var text bytes.Buffer
		if _, err := text.ReadFrom(r); err != nil { // checks the sum too
			t.Fatal(err)
		}
		if f.Name == "manifest.json" {
			var about struct {
				Format string `json:"format"`
				Files  []struct {
					Name string `json:"name"`
					Rows int    `json:"rows"`
				} `json:"files"`
			}
			if err := json.Unmarshal(text.Bytes(), &about); err != nil || about.Format != "trackbot archive 1" {
				t.Errorf("manifest %s: %v", text.String(), err)
			}
			for _, listed := range about.Files {
				rows[listed.Name] = listed.Rows
			}
			continue
		}
		lines[f.Name] = []string{}
		for scan := bufio.NewScanner(&text); scan.Scan(); {
			lines[f.Name] = append(lines[f.Name], scan.Text())
		}
	}
	return lines, rows
}

// fillAll gives a tenant a row in each table that goes into an archive.
func (d *desk) fillAll(x tenant, guild string) {
	d.t.Helper()
	channel := "5" + guild[1:]
	for _, step := range []struct {
		sql  string
		args []any
	}{
		{"INSERT INTO guild_channels (client_id, id, name, type, can_send) VALUES ($1, $2, $3, 'text', true)", []any{x.client, channel, x.name}},
		{"INSERT INTO guild_roles (client_id, id, name, mentionable, permissions) VALUES ($1, $2, $3, true, '0')", []any{x.client, channel, x.name}},
		{"INSERT INTO routes (client_id, id, brand_id, channel_id) VALUES ($1, gen_random_uuid(), $2, $3)", []any{x.client, x.brand, channel}},
		{"INSERT INTO deliveries (client_id, id, kind, post_id, channel_id, state, detected_at) SELECT $1, gen_random_uuid(), 'post', id, $2, 'sent', now() FROM posts WHERE client_id = $1", []any{x.client, channel}},
		{"INSERT INTO post_metrics (source_post_id, measured_at, likes) SELECT source_post_id, now(), 1 FROM posts WHERE client_id = $1", []any{x.client}},
		{"INSERT INTO follower_metrics (source_id, measured_at, followers) SELECT source_id, now(), 7 FROM client_accounts WHERE client_id = $1", []any{x.client}},
		{"INSERT INTO usage_daily (client_id, day, polls) VALUES ($1, current_date, 1)", []any{x.client}},
		{"INSERT INTO api_keys (client_id, id, key_id, secret_hash, name, scopes, created_by) VALUES ($1, gen_random_uuid(), $2, 'hush-hush', $3, '{read}', '1')", []any{x.client, guild[10:], x.name}},
		{"INSERT INTO shares (client_id, id, brand_id, token_hash, created_by, expires_at) VALUES ($1, gen_random_uuid(), $2, $3, '1', now())", []any{x.client, x.brand, []byte("hush-hush" + guild)}},
		{"INSERT INTO plan_grants (source, id, holder, client_id, live, event_at) VALUES ('operator', ($1::uuid)::text, 'operator', $1::uuid, true, now())", []any{x.client}},
	} {
		d.exec(step.sql, step.args...)
	}
}

func TestAnArchiveHoldsEverythingOfItsTenantAndNothingElse(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.manyPosts(d.mine, 2300)
	d.manyPosts(d.theirs, 3)
	d.fillAll(d.mine, "200000000000000001")
	d.fillAll(d.theirs, "200000000000000002")
	e := d.order(d.mine, export.Archive, export.Zip, `{}`)
	d.run(d.runner(export.RunnerConfig{}))
	done := d.get(e)
	content := string(d.content(e))
	lines, manifest := unpack(t, content)
	total := 0
	for name, rows := range lines {
		total += len(rows)
		if len(rows) == 0 || manifest[name] != len(rows) {
			t.Errorf("%s has %d rows, the manifest says %d", name, len(rows), manifest[name])
		}
		for _, row := range rows {
			if !json.Valid([]byte(row)) {
				t.Fatalf("%s holds a line that is no JSON: %s", name, row)
			}
			for _, foreign := range []string{"theirs", d.theirs.client.String(), "200000000000000002", "hush", "\\\\x68757368", d.mine.client.String() + `","id`} {
				if strings.Contains(row, foreign) {
					t.Fatalf("%s holds %q: %s", name, foreign, row)
				}
			}
		}
	}
	if done.State != "done" || done.Rows != int64(total) {
		t.Errorf("%s with %d rows told, %d in the files", done.State, done.Rows, total)
	}
	for name, want := range map[string]int{"posts.jsonl": 2300, "post_metrics.jsonl": 2300, "deliveries.jsonl": 2300, "accounts.jsonl": 1, "followers.jsonl": 1} {
		if len(lines[name]) != want || len(unique(lines[name])) != want {
			t.Errorf("%s has %d rows, %d different ones, want %d", name, len(lines[name]), len(unique(lines[name])), want)
		}
	}
}

func unique(rows []string) map[string]bool {
	set := map[string]bool{}
	for _, row := range rows {
		set[row] = true
	}
	return set
}

// A table that knows tenants is in the archive or has a reason not to be.
func TestEveryTableIsInTheArchiveOrHasAReason(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.post(d.mine, "x", nil)
	d.fillAll(d.mine, "200000000000000001")
	e := d.order(d.mine, export.Archive, export.Zip, `{}`)
	d.run(d.runner(export.RunnerConfig{}))
	lines, _ := unpack(t, string(d.content(e)))
	files := map[string]string{
		"guild_settings": "settings", "subscriptions": "plan", "plan_grants": "plan_grants", "guild_channels": "channels", "guild_roles": "roles",
		"brands": "brands", "account_groups": "groups", "client_accounts": "accounts", "routes": "routes", "posts": "posts",
		"deliveries": "deliveries", "usage_daily": "usage", "shares": "shares", "api_keys": "api_keys", "exports": "exports", "audit_log": "audit_log",
	}
	reasons := map[string]string{
		"audit_heads": "the end of the chain, which the log ends with, and the salt that keeps aliases secret", "audit_checks": "our own notes",
		"channel_queues": "the state of work", "delivery_replays": "keys that keep a call from counting twice",
		"figures": "sums of the posts", "figure_days": "sums of the posts", "figure_marks": "sums of the posts", "plan_links": "the seller's own names",
	}
	var tables []string
	err := d.admin.Shared().QueryRow(t.Context(), `SELECT array_agg(c.relname::text) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'client_id'
		WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace`).Scan(&tables)
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range tables {
		if file := files[table]; file == "" && reasons[table] == "" {
			t.Errorf("%s is neither in the archive nor left out for a reason", table)
		} else if file != "" && len(lines[file+".jsonl"]) == 0 {
			t.Errorf("%s should be in %s.jsonl, of %v", table, file, fmt.Sprint(lines))
		}
	}
	if !slices.Contains(tables, "posts") {
		t.Error("the catalogue was not read")
	}
}

// What somebody may take of their own does not depend on what they pay.
func TestAnArchiveIsNotCutByThePlan(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.exec("UPDATE plans SET export_rows = 2")
	d.manyPosts(d.mine, 5)
	e := d.order(d.mine, export.Archive, export.Zip, `{}`)
	d.run(d.runner(export.RunnerConfig{}))
	lines, _ := unpack(t, string(d.content(e)))
	if len(lines["posts.jsonl"]) != 5 {
		t.Errorf("%d posts", len(lines["posts.jsonl"]))
	}
}

func TestAnArchiveIsAZipWithoutFilters(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for _, o := range []export.Order{
		{Kind: export.Archive, Format: export.CSV, Filters: json.RawMessage(`{}`)},
		{Kind: export.Posts, Format: export.Zip, Filters: json.RawMessage(`{}`)},
		{Kind: export.Archive, Format: export.Zip, Filters: json.RawMessage(`{"q":"x"}`)},
	} {
		if _, err := d.svc.Request(t.Context(), d.by(), d.mine.client, o); err == nil {
			t.Errorf("%+v was taken", o)
		}
	}
}
