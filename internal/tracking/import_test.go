package tracking_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"trackbot/internal/accountfile"
	"trackbot/internal/fault"
	"trackbot/internal/source"
	"trackbot/internal/store"
	"trackbot/internal/tracking"
)

func (o *office) parse(file string) []accountfile.Line {
	o.t.Helper()
	media := "text/csv"
	if strings.HasPrefix(file, "<") {
		media = "text/x-opml"
	}
	lines, err := accountfile.Parse(media, []byte(file))
	o.must(err)
	return lines
}

// imports sends a file to a group and gives the report without ids, as "line status message".
func (o *office) imports(group uuid.UUID, file string) (report []string, raw []tracking.Imported) {
	o.t.Helper()
	raw, err := o.catalog.Import(o.t.Context(), o.by, o.mine, group, o.parse(file))
	o.must(err)
	for _, r := range raw {
		report = append(report, strings.TrimSpace(fmt.Sprintf("%d %s %s", r.Line, r.Status, r.Message)))
		if (r.Status == tracking.ImportFailed) != (r.AccountID == uuid.Nil) {
			o.t.Errorf("line %d is %s with account %s", r.Line, r.Status, r.AccountID)
		}
	}
	return report, raw
}

// places lists what is tracked as "brand › group: handle".
func (o *office) places(client uuid.UUID) []string {
	o.t.Helper()
	rows, err := o.catalog.FindAccounts(o.t.Context(), client, tracking.Search{Limit: 100})
	o.must(err)
	var out []string
	for _, row := range rows {
		out = append(out, row.BrandName+" › "+row.GroupName+": "+row.Source.Handle)
	}
	return out
}

func TestOneBadLineDoesNotSpoilTheRest(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.exec("UPDATE subscriptions SET tier = 'pro'")
	group := o.group(o.mine, o.brand(o.mine, "North"), "Own")
	have := o.add(o.mine, group, "here")
	o.resolveOnly(func(input string) error {
		if strings.HasPrefix(input, "no") {
			return &source.Error{Kind: source.NotFound, Public: "There is no such account."}
		}
		return nil
	})
	report, raw := o.imports(group, "handle,platform,group,brand,channelId\n"+
		"ada,,,,\nnobody,,,,\nADA,,,,\nhere,,,,\nbob,,rivals,,\neve,myspace,,,\nliz,,,,"+voiceChannel+"\njoe,,"+strings.Repeat("x", 101)+",,\nsue,,RIVALS,South,"+newsChannel+"\n,,lost,,\n")
	want := []string{
		"2 created", "3 failed There is no such account.", "4 exists The same account as in line 2.", "5 exists HERE (here) is tracked already, in North › Own.",
		"6 created", "7 failed This platform is not supported.", "8 failed Posts can only go to text and announcement channels.",
		"9 failed A name has at most 100 characters.", "10 created", "11 failed This line names no account.",
	}
	if diff := cmp.Diff(want, report); diff != "" {
		t.Error(diff)
	}
	if raw[3].AccountID != have.ClientAccount.ID || raw[2].AccountID != raw[0].AccountID {
		t.Error("what exists is not named")
	}
	if diff := cmp.Diff([]string{"North › Own: ada", "North › Own: here", "North › rivals: bob", "South › RIVALS: sue"}, o.places(o.mine)); diff != "" {
		t.Error(diff)
	}
	if n := o.count("SELECT count(*) FROM audit_log WHERE client_id = $1 AND action = 'account.added'", o.mine); n != 4 {
		t.Errorf("%d additions in the log", n)
	}
	if n := o.count("SELECT count(*) FROM account_groups WHERE client_id = $1", o.mine); n != 3 {
		t.Errorf("%d groups: a line that failed left one", n)
	}
	again, _ := o.imports(group, "handle,group\nada,\nbob,rivals\n")
	if len(again) != 2 || !strings.HasPrefix(again[0], "2 exists ") || !strings.HasPrefix(again[1], "3 exists ") {
		t.Errorf("sent again: %v", again)
	}
}

func TestLinesBeyondThePlanFailWithTheLimit(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	group := o.group(o.mine, o.brand(o.mine, "North"), "Own")
	o.exec("UPDATE plans SET accounts = 2, brands = 1 WHERE tier = 'free'")
	report, _ := o.imports(group, "handle,brand\na,\nb,South\nc,\nd,\na,\n")
	for i, want := range []string{"2 created", "3 failed The free plan has room for 1 brands", "4 created", "5 failed The free plan tracks 2 accounts", "6 exists"} {
		if !strings.HasPrefix(report[i], want) {
			t.Errorf("got %s, want %s…", report[i], want)
		}
	}
}

func TestSlowLinesAreLearningOrCanBeSentAgain(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	group := o.group(o.mine, o.brand(o.mine, "North"), "Own")
	o.platform.fail(&source.Error{Kind: source.Transient, Public: "The source did not answer in time."})
	report, raw := o.imports(group, "url\nhttps://a.test/feed.xml\nhttps://a.test/blog\nhttps://www.twitch.tv/videos/1\n")
	if report[0] != "2 created The source did not answer in time." || report[1] != "3 created The source did not answer in time." ||
		!strings.HasPrefix(report[2], "4 failed The source did not answer in time.") {
		t.Errorf("report %v", report)
	}
	if n := o.count("SELECT count(*) FROM account_items WHERE id = $1 AND state = 'learning' AND state_reason <> ''", raw[0].AccountID); n != 1 {
		t.Error("the feed is not learning with a reason")
	}
}

func TestAnImportWithoutAGroupMakesOneWhenALineNeedsIt(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.imports(uuid.Nil, "handle,brand,group\na,North,Own\n")
	if n := o.count("SELECT count(*) FROM account_groups WHERE client_id = $1", o.mine); n != 1 {
		t.Errorf("%d groups for a line that names its own", n)
	}
	_, report := o.imports(uuid.Nil, "handle,brand,group\nb,,\nc,,Other\n")
	for _, r := range report {
		if r.Status != tracking.ImportCreated {
			t.Errorf("%+v", r)
		}
	}
	if n := o.count("SELECT count(*) FROM account_groups g JOIN brands b ON b.id = g.brand_id WHERE g.client_id = $1 AND b.name = 'North' AND g.name IN ('Own', 'Other')", o.mine); n != 2 {
		t.Errorf("%d groups in the brand there is", n)
	}
}

func TestImportsGoToOnesOwnGroupsAlone(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	foreign := o.group(o.theirs, o.brand(o.theirs, "North"), "Own")
	for _, group := range []uuid.UUID{foreign, uuid.New()} {
		_, err := o.catalog.Import(t.Context(), o.by, o.mine, group, o.parse("handle\na\n"))
		o.wantRefusal(err, fault.NotFound)
	}
	if n := o.platform.calls.Load(); n != 0 {
		t.Errorf("the platform was asked %d times", n)
	}
	mine := o.group(o.mine, o.brand(o.mine, "South"), "Own")
	o.imports(mine, "handle,brand\na,North\n")
	if n := o.count("SELECT count(*) FROM client_accounts WHERE client_id = $1", o.theirs); n != 0 {
		t.Error("a line went to another tenant's brand of the same name")
	}
}

func TestManyLinesAreResolvedAtTheSameTime(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.exec("UPDATE subscriptions SET tier = 'enterprise'")
	group := o.group(o.mine, o.brand(o.mine, "North"), "Own")
	var file strings.Builder
	file.WriteString("handle\n")
	for i := range 100 {
		fmt.Fprintf(&file, "user%d\n", i)
	}
	crowd := &crowd{arrived: make(chan struct{}, 100)}
	o.catalog = tracking.NewCatalog(o.open(store.RoleAPI), crowd)
	report, _ := o.imports(group, file.String())
	for i, line := range report {
		if line != fmt.Sprintf("%d created", i+2) {
			t.Errorf("got %s", line)
		}
	}
	if crowd.lonely {
		t.Error("lines were resolved one after the other")
	}
}

// crowd answers the first only when a second has arrived.
type crowd struct {
	platform
	arrived chan struct{}
	lonely  bool
}

func (c *crowd) Resolve(ctx context.Context, platform, input string) (source.Account, error) {
	if c.arrived <- struct{}{}; input == "user0" {
		<-c.arrived
		select {
		case <-c.arrived:
		case <-time.After(14 * time.Second):
			c.lonely = true
		}
	}
	return c.platform.Resolve(ctx, platform, input)
}

// What is exported imports to the same accounts in the same places.
func TestExportAndImportAreARoundTrip(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.exec("UPDATE subscriptions SET tier = 'enterprise'")
	o.catalog = tracking.NewCatalog(o.open(store.RoleAPI), anyPlatform{})
	north, south := o.brand(o.mine, "North & Co"), o.brand(o.mine, "South")
	for input, group := range map[string]uuid.UUID{
		"rss https://a.test/feed.xml?x=1&y=2": o.group(o.mine, north, "Own"), "bluesky did:plc:ada": o.group(o.mine, north, "Rivals"),
		"youtube UCabcdefghijklmnopqrstuv": o.group(o.mine, south, "Own"), "mastodon @ada@b.test": o.group(o.mine, south, "<Odd> \"names\""),
		"twitch ada": o.group(o.mine, south, "Streams"),
	} {
		platform, account, _ := strings.Cut(input, " ")
		if _, err := o.tryAdd(o.mine, tracking.NewAccount{Platform: platform, Input: account, GroupID: group}); err != nil {
			t.Fatal(err)
		}
	}
	entries, err := o.catalog.Entries(t.Context(), o.mine)
	o.must(err)
	var file bytes.Buffer
	o.must(accountfile.WriteOPML(&file, "T", time.Now(), entries))
	lines, err := accountfile.Parse("text/x-opml", file.Bytes())
	o.must(err)
	anywhere := o.group(o.theirs, o.brand(o.theirs, "Elsewhere"), "Own")
	report, err := o.catalog.Import(t.Context(), o.by, o.theirs, anywhere, lines)
	o.must(err)
	for _, r := range report {
		if r.Status != tracking.ImportCreated {
			t.Errorf("line %d %s %s", r.Line, r.Status, r.Message)
		}
	}
	if diff := cmp.Diff(o.places(o.mine), o.places(o.theirs)); diff != "" || len(report) != 5 {
		t.Errorf("%d lines, %s", len(report), diff)
	}
	if n := o.count("SELECT count(*) FROM sources"); n != 5 {
		t.Errorf("%d sources: an import made another of the same account", n)
	}
}

// anyPlatform takes what is typed for the account, on the platform said.
type anyPlatform struct{}

func (anyPlatform) Resolve(_ context.Context, platform, input string) (source.Account, error) {
	id := input
	if platform == source.Mastodon || platform == source.Twitch {
		id = "id of " + input
	}
	return source.Account{Platform: platform, ExternalID: id, Handle: input, DisplayName: strings.ToUpper(input), URL: "https://x.test/" + input}, nil
}
