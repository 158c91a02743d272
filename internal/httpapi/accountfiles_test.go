package httpapi_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/uuid"

	"trackbot/api"
	"trackbot/internal/fault"
)

func (n *newsroom) importFile(group uuid.UUID, media, file string) *httptest.ResponseRecorder {
	n.t.Helper()
	return call{method: "POST", path: n.path("/accounts/import?groupId=" + id(group)), token: n.token, contentType: media, body: file}.send(n)
}

func TestAFileOfAccountsIsImportedWithAReport(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, newSignInWorld(t), "Newsroom")
	group := n.group(n.brand("B"), "G")
	report := decode[api.ImportReport](t, n.importFile(group, "text/csv; charset=utf-8", "url,group\nhttps://bsky.app/profile/ada,\nhttps://bsky.app/profile/nobody,\nhttps://bsky.app/profile/bob,New\n"))
	if report.Created != 2 || report.Failed != 1 || report.Existing != 0 || len(report.Lines) != 3 {
		t.Fatalf("report %+v", report)
	}
	bad := report.Lines[1]
	if bad.Line != 3 || bad.Status != api.ImportLineStatusFailed || !bad.AccountID.IsNull() || bad.Message.MustGet() != "The platform knows no such account." {
		t.Errorf("line %+v", bad)
	}
	opml := `<opml version="2.0"><body><outline text="G"><outline xmlUrl="https://bsky.app/profile/ada"/></outline></body></opml>`
	for _, media := range []string{"text/x-opml", "text/xml", "application/xml"} {
		report := decode[api.ImportReport](t, n.importFile(group, media, opml))
		if report.Existing != 1 || report.Lines[0].AccountID.IsNull() || report.Lines[0].Status != api.ImportLineStatusExists {
			t.Errorf("%s: %+v", media, report)
		}
	}
}

func TestFilesThatCannotBeImportedSayWhy(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, newSignInWorld(t), "Newsroom")
	group := n.group(n.brand("B"), "G")
	for file, why := range map[string]string{
		"a,b\n":     "The first line must name the columns",
		"url\n":     "The file has no accounts.",
		"url\n\xff": "The file is not UTF-8.",
		"url\n" + strings.Repeat("https://a.test\n", 1001): "The file has more than 1000 accounts",
	} {
		p := problemOf(t, n.importFile(group, "text/csv", file))
		wantProblem(t, p, fault.ValidationFailed)
		if !strings.HasPrefix(fields(p)["body"], why) {
			t.Errorf("%.20q: %v", file, fields(p))
		}
	}
	wantProblem(t, problemOf(t, n.importFile(group, "text/xml", "<html/>")), fault.ValidationFailed)
	wantProblem(t, problemOf(t, n.importFile(uuid.New(), "text/csv", "url\nhttps://a.test\n")), fault.NotFound)
	wantProblem(t, problemOf(t, n.importFile(group, "application/json", "{}")), fault.UnsupportedMediaType)
	wantProblem(t, problemOf(t, n.importFile(group, "text/csv", "url\n"+strings.Repeat("x", 1<<20))), fault.PayloadTooLarge)
	wantProblem(t, problemOf(t, n.importFile(group, "text/csv", "")), fault.ValidationFailed)
	answer := call{method: "POST", path: n.path("/accounts/import?groupId=" + id(group)), token: n.member("mia"), contentType: "text/csv", body: "url\nx\n"}.send(n)
	wantProblem(t, problemOf(t, answer), fault.Forbidden)
}

func TestTrackedAccountsAreTakenAwayAsOPML(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, newSignInWorld(t), "Newsroom")
	n.account(n.group(n.brand("North & Co"), "Own"), "bluesky", "ada")
	answer := call{method: "GET", path: n.path("/accounts/export.opml"), token: n.member("mia")}.send(n)
	h := answer.Header()
	if answer.Code != http.StatusOK || h.Get("Content-Type") != "text/x-opml" || h.Get("Content-Disposition") != `attachment; filename="trackbot-accounts.opml"` ||
		h.Get("Content-Length") != fmt.Sprint(answer.Body.Len()) {
		t.Errorf("%d %v", answer.Code, h)
	}
	for _, want := range []string{`text="North &amp; Co"`, `text="Own"`, `tb:platform="bluesky"`} {
		if !strings.Contains(answer.Body.String(), want) {
			t.Errorf("%s is missing: %s", want, answer.Body)
		}
	}
	group := n.group(n.brand("Elsewhere"), "G")
	report := decode[api.ImportReport](t, n.importFile(group, "text/x-opml", answer.Body.String()))
	if len(report.Lines) != 1 || report.Failed != 0 {
		t.Errorf("sent back: %+v", report)
	}
}
