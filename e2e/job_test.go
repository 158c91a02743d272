package e2e_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"trackbot/api"
	"trackbot/internal/sim"
)

// fromPostToChannel is generous; what it took is in the log and should be under 5 s.
const fromPostToChannel = 15 * time.Second

// The main job: the bot joins, a manager follows a feed, a new post stands in the channel, the API tells.
func TestAPostOfATrackedFeedReachesItsChannelOnceAndTheAPITells(t *testing.T) {
	t.Parallel()
	s := newSystem(t, sim.Config{})
	feed, err := s.sim.AddFeed(sim.SourceSpec{Name: "roast", Title: "The Roast Journal"})
	if err != nil {
		t.Fatal(err)
	}
	s.publish(t, feed, sim.PostSpec{Title: "There before", PublishedAt: time.Now().Add(-time.Hour)})
	s.start(t, "api")
	s.start(t, "worker")
	s.start(t, "notifier")
	s.join(t)
	s.checkGreeting(t)

	added := s.slash(t, "track add", map[string]any{"account": s.base + "/site/roast"})
	if title := added.Message.Embeds[0].Title; title != "Following The Roast Journal" {
		t.Fatalf("the answer says %q", title)
	}
	c := s.signIn(t, owner)
	account := s.awaitPolled(t, c, 1)[0]
	began := time.Now()
	id := s.publish(t, feed, sim.PostSpec{Title: "A washed lot from Huila", Text: "@everyone @here <@" + owner + "> look", URL: s.base + "/site/roast/posts/1"})
	awaitFor(t, fromPostToChannel, "the post in its channel", func() bool { return len(s.titles(newsroom)) > 0 })
	t.Logf("the post stood in its channel after %s", time.Since(began).Round(time.Millisecond))

	s.awaitPolledAgain(t, c, 2)
	messages := s.sim.Messages(newsroom)
	if len(messages) != 2 || messages[1].Embeds[0].Title != "A washed lot from Huila" {
		t.Fatalf("the channel holds %d messages, want the greeting and the new post alone: %+v", len(messages), messages)
	}
	for _, m := range messages {
		if pings := m.Pings(); len(pings) > 0 {
			t.Errorf("%q pings %v", text(m.Embeds[0]), pings)
		}
	}
	checkPosts(t, c, account, id, messages[1])
	checkGuild(t, c)
	s.checkMember(t)
	s.checkStranger(t)
}

// checkGreeting: the bot says in the system channel what to do next, and the guild has its settings.
func (s *system) checkGreeting(t *testing.T) {
	t.Helper()
	await(t, "the greeting", func() bool { return len(s.sim.Messages(newsroom)) > 0 })
	greeting := s.sim.Messages(newsroom)[0]
	if len(greeting.Embeds) != 1 || !strings.Contains(greeting.Embeds[0].Description, "/track add") {
		t.Errorf("the greeting does not name the next step: %+v", greeting)
	}
	n := s.count(t, `SELECT count(*) FROM clients c JOIN guild_settings g ON g.client_id = c.id AND g.default_channel_id = $2
		JOIN subscriptions p ON p.client_id = c.id AND p.tier = 'free' WHERE c.guild_id = $1`, guildID, newsroom)
	if n != 1 {
		t.Errorf("%d tenants with settings and a plan", n)
	}
}

func (s *system) accounts(t *testing.T, c *client) []api.Account {
	t.Helper()
	return get[api.AccountList](t, c, "/guilds/"+guildID+"/accounts").Items
}

// awaitPolled waits for the baseline of n accounts and returns them.
func (s *system) awaitPolled(t *testing.T, c *client, n int) (accounts []api.Account) {
	t.Helper()
	await(t, "the first polls", func() bool {
		accounts = s.accounts(t, c)
		return len(accounts) == n && !slices.ContainsFunc(accounts, func(a api.Account) bool { return a.LastPolledAt.IsNull() })
	})
	return accounts
}

// awaitPolledAgain waits until every account was polled so many times from now on.
func (s *system) awaitPolledAgain(t *testing.T, c *client, times int) {
	t.Helper()
	for range times {
		since := time.Now()
		await(t, "another poll", func() bool {
			return !slices.ContainsFunc(s.accounts(t, c), func(a api.Account) bool {
				return !a.LastPolledAt.MustGet().After(since)
			})
		})
	}
}

func checkPosts(t *testing.T, c *client, account api.Account, id string, message sim.Message) {
	t.Helper()
	posts := c.posts(t, guildID)
	if len(posts) != 2 {
		t.Fatalf("%d posts, want the one of the baseline and the new one", len(posts))
	}
	post, old := posts[0], posts[1]
	if !strings.HasSuffix(post.ExternalID, id) || post.AccountID != account.ID || post.Platform != "rss" || post.Delivery.State != "sent" {
		t.Errorf("the new post: %+v", post)
	}
	if got := post.Delivery.MessageURL.MustGet(); !strings.HasSuffix(got, "/"+guildID+"/"+newsroom+"/"+message.ID) {
		t.Errorf("its message is at %s, want %s", got, message.ID)
	}
	if old.Delivery.State == "sent" || old.Delivery.State == "pending" {
		t.Errorf("the baseline's post has the delivery %+v", old.Delivery)
	}
	if one := get[api.Post](t, c, "/guilds/"+guildID+"/posts/"+post.ID.String()); one.ExternalID != post.ExternalID {
		t.Errorf("the post alone is %+v", one)
	}
}

func checkGuild(t *testing.T, c *client) {
	t.Helper()
	guilds := get[api.GuildList](t, c, "/guilds").Items
	if len(guilds) != 1 || guilds[0].ID != guildID || !guilds[0].CanManage || guilds[0].Bot.Status != "online" {
		t.Errorf("guilds: %+v", guilds)
	}
	detail := get[api.GuildDetail](t, c, "/guilds/"+guildID)
	if detail.Name != "Harbour Studio" || detail.Counts.Accounts != 1 || detail.Counts.Posts30D != 2 || detail.Settings.DefaultChannelID.MustGet() != newsroom {
		t.Errorf("guild: %+v", detail)
	}
	if brands := get[api.BrandList](t, c, "/guilds/"+guildID+"/brands").Items; len(brands) != 1 {
		t.Errorf("brands: %+v", brands)
	}
	status := get[api.GuildStatus](t, c, "/guilds/"+guildID+"/status")
	if status.Bot.Status != "online" || status.Bot.GuildCount != 1 || status.Queue.Notify.Depth != 0 || len(status.Sources) != 1 {
		t.Errorf("status: %+v", status)
	}
	usage := get[api.Usage](t, c, "/guilds/"+guildID+"/usage")
	if usage.Totals.Polls < 3 || usage.Totals.NotificationsSent < 1 || usage.Totals.PostsTracked < 1 {
		t.Errorf("usage: %+v", usage.Totals)
	}
}

// checkMember: whoever may not manage the guild reads and does not write.
func (s *system) checkMember(t *testing.T) {
	t.Helper()
	c := s.signIn(t, member)
	if detail := get[api.GuildDetail](t, c, "/guilds/"+guildID); detail.CanManage {
		t.Errorf("a member may manage: %+v", detail)
	}
	if n := len(c.posts(t, guildID)); n != 2 {
		t.Errorf("a member sees %d posts", n)
	}
	if a := c.call(t, http.MethodPost, "/guilds/"+guildID+"/brands", map[string]string{"name": "Mine"}); a.status != http.StatusForbidden {
		t.Errorf("a member's write is answered %d %s", a.status, a.body)
	}
}

// checkStranger: to whoever is no member, the guild does not exist.
func (s *system) checkStranger(t *testing.T) {
	t.Helper()
	c := s.signIn(t, stranger)
	if guilds := get[api.GuildList](t, c, "/guilds").Items; len(guilds) != 0 {
		t.Errorf("a stranger sees %+v", guilds)
	}
	for _, path := range []string{"", "/posts", "/accounts", "/status"} {
		real := c.call(t, http.MethodGet, "/guilds/"+guildID+path, nil)
		none := c.call(t, http.MethodGet, "/guilds/499999999999999999"+path, nil)
		if real.status != http.StatusNotFound || none.status != real.status || !bytes.Equal(withoutRequestID(t, real), withoutRequestID(t, none)) {
			t.Errorf("%s: %d %s for a guild that exists, %d %s for none", path, real.status, real.body, none.status, none.body)
		}
	}
}

func withoutRequestID(t *testing.T, a answer) []byte {
	t.Helper()
	var problem struct {
		RequestID string `json:"requestId"`
	}
	if err := json.Unmarshal(a.body, &problem); err != nil || problem.RequestID == "" {
		t.Fatalf("no problem with a request id: %s, %v", a.body, err)
	}
	return bytes.ReplaceAll(a.body, []byte(problem.RequestID), nil)
}
