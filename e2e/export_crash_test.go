package e2e_test

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"trackbot/api"
	"trackbot/internal/sim"
)

// exportRows take a worker a second or so.
const exportRows = 40_000

// A worker is killed in the middle of writing an export: no file is handed out, and the next worker makes all of it anew.
func TestExportSurvivesAKilledWorkerComplete(t *testing.T) {
	t.Parallel()
	s := newSystem(t, sim.Config{})
	dir := t.TempDir()
	s.env["EXPORT_DIR"] = dir
	s.start(t, "api")
	s.join(t)
	c := s.signIn(t, owner)
	s.exec(t, `UPDATE subscriptions SET tier = 'enterprise'`)
	s.fillPosts(t, c, exportRows)
	order := read[api.Export](t, c.call(t, http.MethodPost, "/guilds/"+guildID+"/exports", map[string]any{"kind": "posts", "format": "csv"}), http.StatusAccepted)

	first := s.start(t, "worker")
	await(t, "a file that is half written", func() bool { return halfWritten(t, dir) })
	first.kill()
	if n := s.count(t, `SELECT count(*) FROM exports WHERE state = 'running'`); n != 1 {
		t.Fatal("the export had ended before the worker was killed")
	}
	path := "/guilds/" + guildID + "/exports/" + order.ID.String()
	if a := c.call(t, http.MethodGet, path+"/download", nil); a.status == http.StatusOK {
		t.Error("a file that is half written is handed out")
	}
	s.start(t, "worker")
	awaitFor(t, 2*time.Minute, "the export to be done", func() bool {
		return get[api.Export](t, c, path).State == "done"
	})
	checkExport(t, c.call(t, http.MethodGet, path+"/download", nil))
	if n := s.count(t, `SELECT count(*) FROM exports WHERE state = 'done' AND attempts = 2 AND rows = $1`, exportRows); n != 1 {
		t.Error("the export was not made by the second try")
	}
}

// halfWritten tells whether a part of a file is on the disk.
func halfWritten(t *testing.T, dir string) (there bool) {
	t.Helper()
	parts, err := filepath.Glob(filepath.Join(dir, "*", "*.part"))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range parts {
		info, err := os.Stat(p)
		there = there || err == nil && info.Size() > 0 // it may be gone by now
	}
	return there
}

// checkExport holds that each post is in the file once.
func checkExport(t *testing.T, a answer) {
	t.Helper()
	if a.status != http.StatusOK {
		t.Fatalf("the download is answered %d %s", a.status, a.body)
	}
	seen := map[string]bool{}
	lines := bytes.Split(bytes.TrimSuffix(a.body, []byte("\r\n")), []byte("\r\n"))
	for _, line := range lines[1:] {
		id, _, _ := strings.Cut(string(line), ",")
		seen[id] = true
	}
	if len(lines)-1 != exportRows || len(seen) != exportRows {
		t.Errorf("the file has %d rows of %d posts, want %d", len(lines)-1, len(seen), exportRows)
	}
}

// fillPosts gives the guild an account with so many posts.
func (s *system) fillPosts(t *testing.T, c *client, n int) {
	t.Helper()
	group, source := s.newGroup(t, c), uuid.Must(uuid.NewV7())
	s.exec(t, `INSERT INTO sources (id, platform, external_id, handle, display_name, url, lane, next_poll_at)
		VALUES ($1, 'rss', 'full', 'full', 'Full', $2, 1, now() + interval '1 day')`, source, s.base+"/feeds/full.xml")
	s.exec(t, `INSERT INTO client_accounts (client_id, id, brand_id, group_id, source_id, baseline_at)
		SELECT client_id, $2, brand_id, id, $2, now() FROM account_groups WHERE id = $1`, uuid.UUID(group), source)
	s.exec(t, fmt.Sprintf(`WITH sp AS (INSERT INTO source_posts (id, source_id, external_id, fingerprint, published_at)
			SELECT gen_random_uuid(), $1, 'p' || n, '', now() - make_interval(secs => n) FROM generate_series(1, %d) n RETURNING *)
		INSERT INTO posts (client_id, id, account_id, brand_id, group_id, source_post_id, platform, kind, external_id, url, title, body, published_at, first_seen_at)
		SELECT a.client_id, sp.id, a.id, a.brand_id, a.group_id, sp.id, 'rss', 'post', sp.external_id, 'https://x.example/1', 'Title', repeat('text ', 60), sp.published_at, now()
		FROM sp JOIN client_accounts a ON a.source_id = sp.source_id`, n), source)
}
