package export_test

import (
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/xuri/excelize/v2"

	"trackbot/internal/export"
	"trackbot/internal/store/db"
)

func ptr[T any](v T) *T { return &v }

// csvRows reads a file as a spreadsheet program does.
func csvRows(t *testing.T, body string) (columns []string, rows []map[string]string) {
	t.Helper()
	body, marked := strings.CutPrefix(body, "\ufeff")
	if !marked {
		t.Error("the file does not begin with a byte order mark")
	}
	if strings.Count(body, "\n") != strings.Count(body, "\r\n") {
		t.Error("lines do not end as RFC 4180 has it")
	}
	lines, err := csv.NewReader(strings.NewReader(body)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, column := range lines[0] {
			row[column] = line[i]
		}
		rows = append(rows, row)
	}
	return lines[0], rows
}

func TestPostsAreThoseOfTheListInItsOrderAndOfTheTenantAlone(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for _, x := range []tenant{d.theirs, d.mine} {
		d.post(x, "newest", ptr(int64(9007199254740993)))
		d.post(x, "older", nil)
		d.post(x, "oldest", ptr(int64(0)))
	}
	_, rows := csvRows(t, d.made(d.mine, export.Posts, export.CSV, `{"q":"OLD"}`))
	if len(rows) != 2 || rows[0]["title"] != "older" || rows[1]["title"] != "oldest" {
		t.Fatalf("rows %v", rows)
	}
	want := map[string]string{
		"brand": "mine brand", "group": "mine group", "account": "mine.example", "body": "of mine", "platform": "bluesky", "kind": "post",
		"published_at": "2026-03-01T11:59:00.000Z", "views": "", "likes": "", "edited_at": "", "url": "https://x.example/1",
	}
	got := map[string]string{}
	for column := range want {
		got[column] = rows[0][column]
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("row (-want +got):\n%s", diff)
	}
	if rows[1]["views"] != "0" {
		t.Errorf("views %q: zero and unknown must differ", rows[1]["views"])
	}
}

func TestPeriodBoundsTheRows(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for range 4 { // at 12:00, 11:59, 11:58, 11:57
		d.post(d.mine, "x", nil)
	}
	e, err := d.svc.Request(t.Context(), d.by(), d.mine.client, export.Order{
		Kind: export.Posts, Format: export.CSV, Filters: json.RawMessage(`{"from":"2026-03-01T11:58:00Z","to":"2026-03-01T12:00:00Z"}`),
		From: time.Date(2026, 3, 1, 11, 58, 0, 0, time.UTC), To: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC),
	})
	if err != nil {
		t.Fatal(err)
	}
	d.run(d.runner(export.RunnerConfig{}))
	if _, rows := csvRows(t, d.content(e)); len(rows) != 2 || d.get(e).Rows != 2 {
		t.Errorf("%d rows, the export says %d, want 2", len(rows), d.get(e).Rows)
	}
}

func TestTextNeverBecomesAFormula(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	evil := []string{`=HYPERLINK("http://x.example","y")`, "+1", "-1", "@SUM(1)", "\tx", "\rx", "＝1", "＋1", "－1", "＠x", `'=1`, "a=b", "say \"hi\",\nthen"}
	for _, title := range evil {
		d.post(d.mine, title, nil)
	}
	_, rows := csvRows(t, d.made(d.mine, export.Posts, export.CSV, `{}`))
	if len(rows) != len(evil) {
		t.Fatalf("%d rows", len(rows))
	}
	for i, title := range evil {
		want := title
		if i < 10 {
			want = "'" + title
		}
		want = strings.ReplaceAll(want, "\r", "") // encoding/csv reads a lone carriage return within quotes as it is
		if got := strings.ReplaceAll(rows[i]["title"], "\r", ""); got != want {
			t.Errorf("cell %q, want %q", got, want)
		}
	}
}

func TestJSONLinesKeepTypesAndNulls(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.post(d.mine, "=kept \u2028 as it is", ptr(int64(9007199254740993)))
	body := d.made(d.mine, export.Posts, export.JSONL, `{}`)
	if !strings.HasSuffix(body, "}\n") || strings.Count(body, "\n") != 1 {
		t.Fatalf("not one object a line: %q", body)
	}
	decoder := json.NewDecoder(strings.NewReader(body))
	decoder.UseNumber()
	var row map[string]any
	if err := decoder.Decode(&row); err != nil {
		t.Fatal(err)
	}
	if row["title"] != "=kept \u2028 as it is" || row["views"] != json.Number("9007199254740993") || row["likes"] != nil || row["publishedAt"] != "2026-03-01T12:00:00.000Z" || row["externalId"] == nil {
		t.Errorf("row %v", row)
	}
	if _, there := row["likes"]; !there {
		t.Error("an unknown figure is missing instead of null")
	}
	for name := range row {
		if strings.Contains(name, "_") {
			t.Errorf("%s is not named as in the API's answers", name)
		}
	}
}

func TestWorkbookHasTypedCells(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.post(d.mine, "=1+1", ptr(int64(1234)))
	d.post(d.mine, strings.Repeat("é", 40000), nil)
	book, err := excelize.OpenReader(strings.NewReader(d.made(d.mine, export.Posts, export.XLSX, `{}`)))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	columns, err := book.GetRows("Sheet1")
	if err != nil || len(columns) != 3 {
		t.Fatalf("%d rows, error %v", len(columns), err)
	}
	at := func(column string, row int) string {
		for i, name := range columns[0] {
			if name == column {
				cell, _ := excelize.CoordinatesToCellName(i+1, row)
				return cell
			}
		}
		t.Fatalf("no column %s", column)
		return ""
	}
	if title, _ := book.GetCellValue("Sheet1", at("title", 2)); title != "=1+1" {
		t.Errorf("title %q", title)
	}
	if formula, _ := book.GetCellFormula("Sheet1", at("title", 2)); formula != "" {
		t.Errorf("the title is the formula %q", formula)
	}
	if kind, _ := book.GetCellType("Sheet1", at("views", 2)); kind != excelize.CellTypeNumber && kind != excelize.CellTypeUnset {
		t.Errorf("views have cell type %v", kind)
	}
	if when, _ := book.GetCellValue("Sheet1", at("published_at", 2)); when != "2026-03-01 12:00:00" {
		t.Errorf("published %q", when)
	}
	if title, _ := book.GetCellValue("Sheet1", at("title", 3)); len([]rune(title)) != 32767 {
		t.Errorf("%d characters in a cell", len([]rune(title)))
	}
	if likes, _ := book.GetCellValue("Sheet1", at("likes", 2)); likes != "" {
		t.Errorf("likes %q, want nothing", likes)
	}
}

func TestAccountsAndUsageAreThoseOfTheirPages(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	today := time.Now().UTC().Format(time.DateOnly)
	d.exec("INSERT INTO usage_daily VALUES ($1, $2::text::date, 1, 2, 3, 4, 5), ($3, $2::text::date, 6, 7, 8, 9, 10)", d.mine.client, today, d.theirs.client)
	accounts, usage := d.order(d.mine, export.Accounts, export.CSV, `{"platform":"bluesky"}`), d.order(d.mine, export.Usage, export.CSV, `{}`)
	none := d.order(d.mine, export.Accounts, export.CSV, `{"state":"gone"}`)
	d.run(d.runner(export.RunnerConfig{Parallel: 1}))
	if _, rows := csvRows(t, d.content(accounts)); len(rows) != 1 || rows[0]["handle"] != "mine.example" || rows[0]["state"] != "learning" || rows[0]["followers"] != "" {
		t.Errorf("accounts %v", rows)
	}
	if _, rows := csvRows(t, d.content(none)); len(rows) != 0 {
		t.Errorf("accounts in no such state: %v", rows)
	}
	_, days := csvRows(t, d.content(usage))
	if last := days[len(days)-1]; len(days) != 30 || last["date"] != today || last["polls"] != "1" {
		t.Errorf("%d days, the last %v", len(days), last)
	}
	if n := d.count("SELECT exports FROM usage_daily WHERE client_id = $1 AND day = $2::text::date", d.mine.client, today); n != 5+3 {
		t.Errorf("%d exports metered, want 3 more than the 5 before", n)
	}
}

func TestLogIsExportedAsItWasWritten(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for _, x := range []tenant{d.theirs, d.mine} { // an order is an entry
		d.order(x, export.Usage, export.CSV, `{"from":"2026-01-01"}`)
	}
	e := d.order(d.mine, export.Audit, export.JSONL, `{"action":"export.requested"}`)
	none := d.order(d.mine, export.Audit, export.CSV, `{"actorId":"nobody"}`)
	d.run(d.runner(export.RunnerConfig{Parallel: 1}))
	var rows []map[string]any
	for line := range strings.Lines(d.content(e)) {
		var row map[string]any
		if err := json.Unmarshal([]byte(line), &row); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
	if len(rows) != 3 || rows[0]["seq"] != 3.0 || rows[2]["actorName"] != "Mara" || rows[2]["ipAddress"] != nil {
		t.Fatalf("rows %v", rows)
	}
	if changes, ok := rows[2]["changes"].([]any); !ok || len(changes) != 3 {
		t.Errorf("changes %v, want the three fields", rows[2]["changes"])
	}
	if columns, rows := csvRows(t, d.content(none)); len(rows) != 0 || columns[0] != "seq" {
		t.Errorf("%d entries of nobody under %v", len(rows), columns)
	}
}

func TestOrdersAreRefusedWithAReason(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	order := func(kind export.Kind, filters, key string) (db.Export, error) {
		return d.svc.Request(t.Context(), d.by(), d.mine.client, export.Order{Kind: kind, Format: export.CSV, Filters: json.RawMessage(filters), Key: key})
	}
	_, err := order(export.Usage, `{"platform":"rss","q":"x"}`, "")
	wantCode(t, err, "validation_failed")
	if !strings.Contains(err.Error(), "filters.platform") || !strings.Contains(err.Error(), "filters.q") {
		t.Errorf("error %v does not name the fields", err)
	}
	first, err := order(export.Posts, `{"q":"x","platform":"rss"}`, "once")
	if err != nil {
		t.Fatal(err)
	}
	again, err := order(export.Posts, `{"platform":"rss","q":"x"}`, "once")
	if err != nil || again.ID != first.ID {
		t.Errorf("the same order again: %v, error %v", again.ID, err)
	}
	_, err = order(export.Posts, `{"q":"y"}`, "once")
	wantCode(t, err, "conflict")
	d.exec("UPDATE exports SET created_at = now() - interval '25 hours'")
	if late, err := order(export.Posts, `{"q":"y"}`, "once"); err != nil || late.ID == first.ID {
		t.Errorf("a key of yesterday: %v, error %v", late.ID, err)
	}
	for range 8 {
		if _, err := order(export.Posts, `{}`, ""); err != nil {
			t.Fatal(err)
		}
	}
	_, err = order(export.Posts, `{}`, "")
	wantCode(t, err, "conflict")
	if n := d.count("SELECT count(*) FROM audit_log WHERE client_id = $1 AND action = 'export.requested'", d.mine.client); n != 10 {
		t.Errorf("%d orders in the log, want 10", n)
	}
}

func TestPlanBoundsTheRows(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.exec("UPDATE plans SET export_rows = 2 WHERE tier = 'pro'")
	d.manyPosts(d.mine, 3)
	_, err := d.svc.Request(t.Context(), d.by(), d.mine.client, export.Order{Kind: export.Posts, Format: export.CSV, Filters: json.RawMessage(`{}`)})
	wantCode(t, err, "tier_limit")
	e := d.order(d.mine, export.Posts, export.CSV, `{"q":"title 1"}`)
	grown := d.order(d.theirs, export.Posts, export.CSV, `{}`)
	d.manyPosts(d.theirs, 3) // after the order
	d.run(d.runner(export.RunnerConfig{}))
	if row := d.get(e); row.State != "done" || row.Rows != 1 {
		t.Errorf("within the plan: %s, %d rows", row.State, row.Rows)
	}
	if row := d.get(grown); row.State != "failed" || !strings.Contains(deref(row.Error), "more than the 2 rows") {
		t.Errorf("grown beyond the plan: %s, %q", row.State, deref(row.Error))
	}
	if names := d.fileNames(); len(names) != 1 {
		t.Errorf("files %v, want that of the first alone", names)
	}
}

func TestExportOfAnotherTenantIsNotThere(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	theirs := d.order(d.theirs, export.Posts, export.CSV, `{}`)
	_, err := d.svc.Get(t.Context(), d.mine.client, theirs.ID)
	wantCode(t, err, "not_found")
	wantCode(t, d.svc.Delete(t.Context(), d.by(), d.mine.client, theirs.ID), "not_found")
	if rows, err := d.svc.List(t.Context(), d.mine.client, nil, 10); err != nil || len(rows) != 0 {
		t.Errorf("list %v, error %v", rows, err)
	}
	if d.get(theirs).State != "queued" {
		t.Error("the other's export was touched")
	}
}

func TestListGoesBackInTime(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	var want []uuid.UUID
	for range 3 {
		want = append([]uuid.UUID{d.order(d.mine, export.Posts, export.CSV, `{}`).ID}, want...)
	}
	first, err := d.svc.List(t.Context(), d.mine.client, nil, 2)
	if err != nil || len(first) != 2 || first[0].ID != want[0] || first[1].ID != want[1] {
		t.Fatalf("first page %v, error %v", first, err)
	}
	if rest, err := d.svc.List(t.Context(), d.mine.client, &first[1].ID, 2); err != nil || len(rest) != 1 || rest[0].ID != want[2] {
		t.Errorf("second page %v, error %v", rest, err)
	}
}
