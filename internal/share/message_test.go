package share_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"trackbot/internal/analytics"
	"trackbot/internal/delivery"
	"trackbot/internal/share"
	"trackbot/internal/store/db"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func number(n int64) *int64 { return &n }

// account is one with its posts and followers of the week.
func account(platform, name, address string, posts int64, followers, earlier *int64) share.Account {
	return share.Account{
		ListScorecardAccountsRow: db.ListScorecardAccountsRow{ID: uuid.New(), Platform: platform, Handle: "handle", DisplayName: name, URL: address, Followers: followers},
		Earlier:                  earlier, Total: analytics.Figures{Posts: posts},
	}
}

func sampleCard(t *testing.T, zoneName string, from time.Time) share.Scorecard {
	t.Helper()
	zone := analytics.Zone(zoneName)
	y, m, d := from.Date()
	p, err := analytics.NewPeriod(analytics.StartOfDay(y, m, d, zone), analytics.StartOfDay(y, m, d+7, zone), from, zone, analytics.Day)
	if err != nil {
		t.Fatal(err)
	}
	asOf := time.Date(2026, 11, 23, 7, 58, 0, 0, time.UTC)
	return share.Scorecard{
		GetShareHeadRow: db.GetShareHeadRow{BrandName: "Northwind", GuildName: "Guild", Timezone: zoneName},
		Report:          analytics.Report{Period: p, Total: analytics.Figures{Posts: 3}, Before: analytics.Figures{Posts: 3}, AsOf: &asOf},
	}
}

func sampleCards(t *testing.T) map[string]share.Scorecard {
	t.Helper()
	week := time.Date(2026, 11, 16, 0, 0, 0, 0, time.UTC)
	full := sampleCard(t, "Europe/Berlin", week)
	full.Total = analytics.Figures{Posts: 42, Views: number(1234567), Likes: number(900), Comments: number(75), Shares: number(0)}
	full.Before = analytics.Figures{Posts: 40, Views: number(987654), Likes: number(1800), Comments: number(0)}
	full.Followers, full.FollowersBefore = number(10450), number(10000)
	full.Accounts = []share.Account{
		account("bluesky", "Quiet", "https://bsky.app/profile/q", 0, number(50), nil),
		account("youtube", "Northwind", "https://youtube.com/@northwind", 42, number(10400), number(10000)),
		account("rss", "", "", 1, nil, nil),
	}
	full.TopPosts = []db.ListTopPostsRow{
		{Platform: "youtube", URL: "https://youtube.com/watch?v=1", Title: "The best video", Likes: number(1000), Comments: number(1)},
		{Platform: "bluesky", URL: "https://bsky.app/p/(2)", Body: "Just a thought\nof two lines", Likes: number(1)},
		{Platform: "twitch", URL: "https://twitch.tv/v/3", Views: number(70)},
	}
	hostile := sampleCard(t, "UTC", week)
	hostile.BrandName, hostile.AsOf = "@everyone **<@1>** [x](https://evil.example)", nil
	hostile.TopPosts = []db.ListTopPostsRow{
		{Platform: "rss", URL: "javascript:alert(1)", Title: "@here <@&1> ](https://evil.example)", Likes: number(2)},
		{Platform: "rss", URL: "https://example.org/@everyone", Title: "`x` ||y||", Likes: number(2)},
	}
	hostile.Accounts = []share.Account{account("rss", "# <#1>\n> @everyone", "https://a:b@example.org", 1, nil, nil)}
	long := sampleCard(t, "UTC", time.Date(2026, 12, 28, 0, 0, 0, 0, time.UTC))
	long.BrandName = strings.Repeat("*brand* ", 20)
	for i := range 5 {
		long.TopPosts = append(long.TopPosts, db.ListTopPostsRow{Platform: "rss", URL: "https://example.org/" + strings.Repeat("a", 90+500*(i%2)), Title: strings.Repeat("*_`", 60), Likes: number(int64(9 - i))})
	}
	for i := range 30 {
		long.Accounts = append(long.Accounts, account("mastodon", fmt.Sprintf("%02d %s", i, strings.Repeat("_", 60)), "https://example.org/"+strings.Repeat("b", 60+i), 1, number(1), number(2)))
	}
	return map[string]share.Scorecard{"full": full, "hostile": hostile, "long": long, "bare": sampleCard(t, "UTC", time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC))}
}

func TestScorecardsLookAsInTheGoldenFiles(t *testing.T) {
	t.Parallel()
	for name, card := range sampleCards(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := share.Message(card, "#ffaa00", "https://dashboard.example/", "100000000000000001")
			got, err := json.MarshalIndent(m, "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, '\n')
			file := filepath.Join("testdata", name+".json")
			if *update {
				if err := os.WriteFile(file, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != string(want) {
				t.Errorf("%s differs; run with -update and look at it\n%s", file, got)
			}
		})
	}
}

// The limits are Discord's (API docs: Embed Limits).
func TestScorecardsFitDiscordAndPingNobody(t *testing.T) {
	t.Parallel()
	for name, card := range sampleCards(t) {
		m := share.Message(card, "#ffaa00", "", "100000000000000001")
		total := utf8.RuneCountInString(m.Title + m.Body + m.Footer)
		all := m.Title + m.Body
		for _, f := range m.Fields {
			if n := utf8.RuneCountInString(f.Value); n > 1024 || n == 0 || f.Name == "" || len(f.Name) > 256 {
				t.Errorf("%s: field %q of %d", name, f.Name, n)
			}
			total += utf8.RuneCountInString(f.Name + f.Value)
			all += f.Value
		}
		if utf8.RuneCountInString(m.Title) > 256 || len(m.Fields) > 25 || total > 6000 {
			t.Errorf("%s: title of %d, %d fields, %d in all", name, utf8.RuneCountInString(m.Title), len(m.Fields), total)
		}
		for _, ping := range []string{"@everyone", "@here", " <@", "\n<@", "(<@", " <#"} {
			if strings.Contains(all, ping) {
				t.Errorf("%s holds %q: %s", name, ping, all)
			}
		}
		if m.Content != "" || m.MentionRoleID != "" || m.AlsoMention != nil || m.Buttons != nil {
			t.Errorf("%s: %+v", name, m)
		}
	}
}

// Whoever takes over after a crash looks in the channel for what may have left: a card without an address is known by
// its title and body.
func TestScorecardsOfOneChannelAreToldApart(t *testing.T) {
	t.Parallel()
	cards := sampleCards(t)
	one, other := cards["full"], cards["full"]
	other.BrandName = "Another"
	later := sampleCard(t, "Europe/Berlin", time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC))
	seen := map[[3]string]bool{}
	for _, c := range []share.Scorecard{one, other, later} {
		var m delivery.Message = share.Message(c, "#ffaa00", "", "")
		seen[[3]string{m.URL, m.Title, m.Body}] = true
		if m.URL != "" {
			t.Errorf("leads to %s", m.URL)
		}
	}
	if len(seen) != 3 {
		t.Errorf("%d differ", len(seen))
	}
}
