package httpapi_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"trackbot/api"
	"trackbot/internal/export"
	"trackbot/internal/fault"
	"trackbot/internal/filestore"
	"trackbot/internal/store"
)

// newFiles is a folder of exports for one test.
func newFiles(t *testing.T) *filestore.Disk {
	t.Helper()
	files, err := filestore.NewDisk(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = files.Close() })
	return files
}

// exportDesk is a newsroom with what makes its exports.
type exportDesk struct {
	*newsroom
	runner *export.Runner
}

func newExportDesk(t *testing.T) exportDesk {
	t.Helper()
	n := newNewsroom(t, newSignInWorld(t), "Press")
	n.post(n.account(n.group(n.brand("North"), "1"), "bluesky", "north"), "post", "Title", 1)
	url := n.url
	runner := export.NewRunner(openStore(t, url, store.RoleWorker), openStore(t, url, store.RoleExport), n.files, slog.New(slog.DiscardHandler),
		export.RunnerConfig{Idle: time.Millisecond})
	return exportDesk{n, runner}
}

// ask sends a call with headers as name and value by turns.
func (n *newsroom) ask(method, path, token, body string, headers ...string) *httptest.ResponseRecorder {
	n.t.Helper()
	r := httptest.NewRequestWithContext(n.t.Context(), method, path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+token)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	n.ServeHTTP(w, r)
	return w
}

// order asks for an export and expects its acceptance.
func (d exportDesk) order(body string, headers ...string) api.Export {
	d.t.Helper()
	w := d.ask(http.MethodPost, d.path("/exports"), d.token, body, headers...)
	if w.Code != http.StatusAccepted {
		d.t.Fatalf("order: %d %s", w.Code, w.Body)
	}
	var e api.Export
	d.must(json.Unmarshal(w.Body.Bytes(), &e))
	return e
}

// make works until the export has ended.
func (d exportDesk) make(e api.Export) api.Export {
	d.t.Helper()
	ctx, stop := context.WithTimeout(d.t.Context(), 20*time.Second)
	defer stop()
	ended := make(chan struct{})
	go func() { defer close(ended); _ = d.runner.Run(ctx) }()
	for e.State == "queued" || e.State == "running" {
		w := d.ask(http.MethodGet, d.path("/exports/"+e.ID.String()), d.token, "")
		if w.Code != http.StatusOK || ctx.Err() != nil {
			d.t.Fatalf("wait for the export: %d %s", w.Code, w.Body)
		}
		e = decode[api.Export](d.t, w)
	}
	stop()
	<-ended
	return e
}

func TestExportIsOrderedMadeAndTaken(t *testing.T) {
	t.Parallel()
	d := newExportDesk(t)
	e := d.order(`{"kind":"posts","format":"csv","filters":{"platform":"bluesky"}}`, "Idempotency-Key", "k1")
	if e.State != "queued" || !e.Bytes.IsNull() || e.Filters.Platform == nil || *e.Filters.Platform != "bluesky" || !e.ExpiresAt.IsNull() {
		t.Errorf("ordered: %+v", e)
	}
	if again := d.order(`{"format":"csv","kind":"posts","filters":{"platform":"bluesky"}}`, "Idempotency-Key", "k1"); again.ID != e.ID {
		t.Error("the same order made a second export")
	}
	download := d.path("/exports/" + e.ID.String() + "/download")
	if w := d.ask(http.MethodGet, download, d.token, ""); w.Code != http.StatusConflict {
		t.Errorf("taken before it is ready: %d", w.Code)
	}
	e = d.make(e)
	if e.State != "done" || e.Rows != 1 || e.Bytes.IsNull() || e.ExpiresAt.IsNull() {
		t.Fatalf("made: %+v", e)
	}
	whole := d.ask(http.MethodGet, download, d.token, "")
	h := whole.Header()
	if whole.Code != http.StatusOK || int64(whole.Body.Len()) != e.Bytes.MustGet() || h.Get("Content-Type") != "text/csv; charset=utf-8" ||
		!strings.HasPrefix(h.Get("Content-Disposition"), `attachment; filename="trackbot-posts-`) || h.Get("Accept-Ranges") != "bytes" || h.Get("Cache-Control") != "private, no-cache" {
		t.Errorf("taken: %d, %d bytes, headers %v", whole.Code, whole.Body.Len(), h)
	}
	tag := h.Get("ETag")
	rest := d.ask(http.MethodGet, download, d.token, "", "Range", "bytes=10-", "If-Range", tag)
	if rest.Code != http.StatusPartialContent || rest.Body.String() != whole.Body.String()[10:] || !strings.HasPrefix(rest.Header().Get("Content-Range"), "bytes 10-") {
		t.Errorf("resumed: %d, %v", rest.Code, rest.Header())
	}
	if changed := d.ask(http.MethodGet, download, d.token, "", "Range", "bytes=10-", "If-Range", `"else"`); changed.Code != http.StatusOK || changed.Body.Len() != whole.Body.Len() {
		t.Errorf("resumed another file: %d", changed.Code)
	}
	for _, part := range []string{"bytes=99999999-", "bytes=5-1", "bytes=x"} {
		beyond := d.ask(http.MethodGet, download, d.token, "", "Range", part)
		if h := beyond.Header(); beyond.Code != http.StatusRequestedRangeNotSatisfiable || h.Get("Content-Disposition")+h.Get("ETag") != "" ||
			part == "bytes=99999999-" && h.Get("Content-Range") != fmt.Sprintf("bytes */%d", whole.Body.Len()) {
			t.Errorf("%s: %d, %v", part, beyond.Code, h)
		}
		wantProblem(t, problemOf(t, beyond), fault.RangeNotSatisfiable)
	}
	if same := d.ask(http.MethodGet, download, d.token, "", "If-None-Match", tag); same.Code != http.StatusNotModified || same.Body.Len() != 0 {
		t.Errorf("taken again unchanged: %d", same.Code)
	}
	if w := d.ask(http.MethodDelete, d.path("/exports/"+e.ID.String()), d.token, ""); w.Code != http.StatusNoContent {
		t.Errorf("deleted: %d %s", w.Code, w.Body)
	}
	if w := d.ask(http.MethodGet, download, d.token, ""); w.Code != http.StatusNotFound {
		t.Errorf("taken after it was deleted: %d", w.Code)
	}
}

func TestExportsAreListedNewestFirst(t *testing.T) {
	t.Parallel()
	d := newExportDesk(t)
	first, second := d.order(`{"kind":"usage","format":"jsonl"}`), d.order(`{"kind":"accounts","format":"xlsx"}`)
	page := decode[api.ExportList](t, d.ask(http.MethodGet, d.path("/exports?limit=1"), d.token, ""))
	if len(page.Items) != 1 || page.Items[0].ID != second.ID || page.NextCursor.IsNull() {
		t.Fatalf("first page %+v", page)
	}
	page = decode[api.ExportList](t, d.ask(http.MethodGet, d.path("/exports?limit=1&cursor="+page.NextCursor.MustGet()), d.token, ""))
	if len(page.Items) != 1 || page.Items[0].ID != first.ID || !page.NextCursor.IsNull() {
		t.Errorf("second page %+v", page)
	}
}

func TestMembersTakeWhatManagersOrderedButNotTheLog(t *testing.T) {
	t.Parallel()
	d := newExportDesk(t)
	member := d.member("reader")
	if w := d.ask(http.MethodPost, d.path("/exports"), member, `{"kind":"posts","format":"csv"}`); w.Code != http.StatusForbidden {
		t.Errorf("a member orders: %d", w.Code)
	}
	posts := d.make(d.order(`{"kind":"posts","format":"csv"}`))
	if w := d.ask(http.MethodGet, d.path("/exports/"+posts.ID.String()+"/download"), member, ""); w.Code != http.StatusOK {
		t.Errorf("a member takes posts: %d", w.Code)
	}
	d.exec("UPDATE exports SET kind = 'audit'")
	if w := d.ask(http.MethodGet, d.path("/exports/"+posts.ID.String()+"/download"), member, ""); w.Code != http.StatusForbidden {
		t.Errorf("a member takes the log: %d", w.Code)
	}
	if w := d.ask(http.MethodDelete, d.path("/exports/"+posts.ID.String()), member, ""); w.Code != http.StatusForbidden {
		t.Errorf("a member deletes: %d", w.Code)
	}
}

func TestFiltersThatTheKindLacksAreNamed(t *testing.T) {
	t.Parallel()
	d := newExportDesk(t)
	for body, field := range map[string]string{
		`{"kind":"usage","format":"csv","filters":{"q":"x"}}`:                               "filters.q",
		`{"kind":"posts","format":"csv","filters":{"from":"2026-03-02","to":"2026-03-01"}}`: "filters.to",
		`{"kind":"accounts","format":"csv","filters":{"accountId":"` + someID + `"}}`:       "filters.accountId",
	} {
		w := d.ask(http.MethodPost, d.path("/exports"), d.token, body)
		if w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), `"`+field+`"`) {
			t.Errorf("%s: %d %s", body, w.Code, w.Body)
		}
	}
}

func TestLargeFileOutlivesTheServersLimit(t *testing.T) {
	t.Parallel()
	d := newExportDesk(t)
	e := d.make(d.order(`{"kind":"posts","format":"csv"}`))
	server := httptest.NewUnstartedServer(d.newsroom)
	server.Config.WriteTimeout = time.Nanosecond // over before the first byte
	server.Start()
	t.Cleanup(server.Close)
	r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+d.path("/exports/"+e.ID.String()+"/download"), nil)
	r.Header.Set("Authorization", "Bearer "+d.token)
	res, err := server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || int64(len(body)) != e.Bytes.MustGet() {
		t.Errorf("%d bytes, error %v", len(body), err)
	}
}

// finishedExport gives the guild an export with its file, and one that waits.
func (n *newsroom) finishedExport(id string) {
	n.t.Helper()
	name := n.client.String() + "/" + id + ".csv"
	file, err := n.files.Create(n.t.Context(), name)
	n.must(err)
	_, err = io.WriteString(file, "id\r\n")
	n.must(err)
	_, err = file.Commit()
	n.must(err)
	n.exec(`INSERT INTO exports (client_id, id, kind, format, idempotency_key, requested_by, state, location, rows, bytes, finished_at, expires_at)
		VALUES ($1, $2, 'posts', 'csv', '', $3, 'done', $4, 1, 4, now(), now() + interval '1 day')`, n.client, id, marker, name)
	n.exec("INSERT INTO exports (client_id, id, kind, format, requested_by) VALUES ($1, gen_random_uuid(), 'posts', 'csv', $2)", n.client, marker)
}
