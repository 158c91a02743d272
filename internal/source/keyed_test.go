package source_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"trackbot/internal/sim"
	"trackbot/internal/source"
)

// studio is the simulator as the platforms that need keys, with a clock.
type studio struct {
	*sim.Sim
	t    *testing.T
	base string
	*source.Registry

	mu  sync.Mutex
	now time.Time
}

func (s *studio) clock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

func (s *studio) advance(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(d)
}

func newStudio(t *testing.T, edit func(*sim.Config, *source.Config)) *studio {
	t.Helper()
	s := &studio{t: t, now: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)}
	world, cfg := sim.Config{Now: s.clock}, source.Config{
		Now: s.clock, YouTubeAPIKey: "sim-youtube-key", TwitchClientID: "sim-twitch-client", TwitchClientSecret: "sim-twitch-secret",
	}
	if edit != nil {
		edit(&world, &cfg)
	}
	s.Sim = sim.New(world)
	t.Cleanup(s.Sim.Close)
	s.base = serve(t, s.Handler()).URL
	cfg.YouTubeFeedURL, cfg.YouTubeAPIURL = s.base+"/youtube/feeds/videos.xml", s.base+"/youtube/api/v3"
	cfg.TwitchAPIURL, cfg.TwitchTokenURL = s.base+"/twitch/helix", s.base+"/twitch/oauth2/token"
	s.Registry = registry(t, cfg)
	return s
}

func (s *studio) add(f func(sim.SourceSpec) (string, error), spec sim.SourceSpec) string {
	s.t.Helper()
	key, err := f(spec)
	if err != nil {
		s.t.Fatal(err)
	}
	return key
}

func (s *studio) publish(key string, spec sim.PostSpec) string {
	s.t.Helper()
	id, err := s.Publish(key, spec)
	if err != nil {
		s.t.Fatal(err)
	}
	return id
}

func (s *studio) fetch(platform, account, cursor string) source.FetchResult {
	s.t.Helper()
	res, err := adapter(s.t, s.Registry, platform).Fetch(testContext(s.t), source.FetchRequest{ExternalID: account, Cursor: cursor})
	if err != nil {
		s.t.Fatal(err)
	}
	return res
}

// calls counts requests of a path that were answered with a status, 0 for any.
func (s *studio) calls(path string, status int) (n int) {
	for _, r := range s.Requests(path) {
		if status == 0 || r.Status == status {
			n++
		}
	}
	return n
}

const films = "UCabcdefghijklmnopqrstuv"

func kinds(posts []source.Post) map[string]string {
	out := map[string]string{}
	for _, p := range posts {
		out[p.ExternalID] = p.Kind
	}
	return out
}

// budget is a budget in memory.
type budget struct {
	mu    sync.Mutex
	left  int
	spent int
}

func (b *budget) Spend(_ context.Context, _ string, units, keep int) (bool, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.left-units < keep {
		return false, nil
	}
	b.left -= units
	b.spent += units
	return true, nil
}

func (b *budget) Exhaust(context.Context, string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.left = 0
	return nil
}

func TestTheDataAPITellsMoreThanTheFeed(t *testing.T) {
	t.Parallel()
	units := &budget{left: 10_000}
	s := newStudio(t, func(_ *sim.Config, c *source.Config) { c.YouTubeBudget = units })
	key := s.add(s.AddYouTubeChannel, sim.SourceSpec{Name: "films", ID: films, Title: "Films", Followers: 1234})
	long, short := s.publish(key, sim.PostSpec{Title: "Long", Text: "About it"}), s.publish(key, sim.PostSpec{Title: "Short", Kind: "short"})
	live := s.publish(key, sim.PostSpec{Title: "Live", Kind: "live"})
	if err := s.SetMetrics(key, long, sim.Metrics{Views: 100, Likes: 10, Replies: 3}); err != nil {
		t.Fatal(err)
	}
	for _, input := range []string{films, "@films", "https://www.youtube.com/watch?v=" + long, "https://youtu.be/" + short, "https://www.youtube.com/user/films"} {
		got, err := s.Resolve(testContext(t), source.Auto, input)
		if input == "@films" {
			got, err = s.Resolve(testContext(t), source.YouTube, input)
		}
		if err != nil || got.ExternalID != films || got.Handle != "@films" || value(got.Followers) != 1234 || got.AvatarURL == "" {
			t.Errorf("%s: %+v %v", input, got, err)
		}
	}
	before := units.spent
	res := s.fetch(source.YouTube, films, "")
	if got := kinds(res.Posts); got[long] != "video" || got[short] != "short" || got[live] != "live" {
		t.Errorf("kinds %v", got)
	}
	if units.spent-before != 3 || res.Account == nil || value(res.Account.Followers) != 1234 {
		t.Errorf("the first poll cost %d units and tells %+v", units.spent-before, res.Account)
	}
	for _, p := range res.Posts {
		if p.ExternalID == long && (value(p.Metrics.Views) != 100 || value(p.Metrics.Comments) != 3 || p.Body != "About it" || p.PublishedAt.IsZero()) {
			t.Errorf("post %+v", p)
		}
	}
	feeds := s.calls("/youtube/feeds/videos.xml", 0)
	before = units.spent
	again := s.fetch(source.YouTube, films, res.Cursor)
	if kinds(again.Posts)[short] != "short" || units.spent-before != 2 || s.calls("/youtube/feeds/videos.xml", 0) != feeds {
		t.Errorf("the second poll gives %v for %d units and reads the feed %d times", kinds(again.Posts), units.spent-before, s.calls("/youtube/feeds/videos.xml", 0)-feeds)
	}
	if _, err := s.Resolve(testContext(t), source.YouTube, "@nobody"); source.KindOf(err) != source.NotFound {
		t.Errorf("nobody: %v", err)
	}
}

func TestAPIAndFeedTellOfTheSamePost(t *testing.T) {
	t.Parallel()
	s := newStudio(t, nil)
	key := s.add(s.AddYouTubeChannel, sim.SourceSpec{Name: "films", ID: films, Title: "Films"})
	s.publish(key, sim.PostSpec{Title: "Long", Text: "About it"})
	s.publish(key, sim.PostSpec{Title: "Short", Kind: "short"})
	byAPI := s.fetch(source.YouTube, films, "")
	s.UseYouTubeQuota(10_000)
	byFeed := s.fetch(source.YouTube, films, byAPI.Cursor)
	seen := map[string]source.Post{}
	for _, p := range byFeed.Posts {
		seen[p.ExternalID] = p
	}
	for _, p := range byAPI.Posts {
		f := seen[p.ExternalID]
		fromFeed := strings.TrimPrefix(f.URL, s.base+"/youtube")
		if p.Title != f.Title || p.Body != f.Body || p.Kind != f.Kind || strings.TrimPrefix(p.URL, "https://www.youtube.com") != fromFeed || !p.PublishedAt.Truncate(time.Second).Equal(f.PublishedAt) {
			t.Errorf("by API %+v\nby feed %+v", p, f)
		}
	}
	if len(byAPI.Posts) != 2 || len(seen) != 2 {
		t.Errorf("%d and %d posts", len(byAPI.Posts), len(seen))
	}
}

func TestTheFeedStandsInWhenTheQuotaIsSpent(t *testing.T) {
	t.Parallel()
	units := &budget{left: 3002}
	s := newStudio(t, func(w *sim.Config, c *source.Config) { c.YouTubeBudget = units })
	key := s.add(s.AddYouTubeChannel, sim.SourceSpec{Name: "films", ID: films})
	id := s.publish(key, sim.PostSpec{Title: "Long"})
	poll := func(why string, wantAPI int) {
		t.Helper()
		s.ResetRequests()
		if res := s.fetch(source.YouTube, films, ""); len(res.Posts) != 1 || res.Posts[0].ExternalID != id {
			t.Errorf("%s: %+v", why, res.Posts)
		}
		if got := s.calls("/youtube/api/v3/**", 0); got != wantAPI {
			t.Errorf("%s: %d calls of the API, want %d", why, got, wantAPI)
		}
	}
	poll("with units for polls", 2)
	poll("with what measuring needs", 0)
	if got := s.MeasureAll(testContext(t), source.YouTube, []source.PostRef{{AccountID: films, PostID: id}}); len(got.Figures) != 1 || units.left != 2999 {
		t.Errorf("measuring: %+v, %d units left", got, units.left)
	}
	units.left = 10_000
	s.UseYouTubeQuota(10_000)
	poll("when YouTube says it is spent", 1)
	poll("from then on", 0)
	if units.left != 0 {
		t.Errorf("%d units left", units.left)
	}
	s.UseYouTubeQuota(0)
	units.left = 150
	if _, err := s.Resolve(testContext(t), source.YouTube, films); err != nil || units.left != 149 {
		t.Errorf("resolving: %v, %d units left", err, units.left)
	}
}

func TestAKeyThatYouTubeRefusesIsLeftAloneForAnHour(t *testing.T) {
	t.Parallel()
	s := newStudio(t, func(_ *sim.Config, c *source.Config) { c.YouTubeAPIKey = "wrong" })
	s.publish(s.add(s.AddYouTubeChannel, sim.SourceSpec{Name: "films", ID: films}), sim.PostSpec{Title: "Long"})
	for _, want := range []int{1, 1} {
		if res := s.fetch(source.YouTube, films, ""); len(res.Posts) != 1 || s.calls("/youtube/api/v3/**", 0) != want {
			t.Errorf("%d posts after %d calls", len(res.Posts), s.calls("/youtube/api/v3/**", 0))
		}
	}
	s.advance(61 * time.Minute)
	if s.fetch(source.YouTube, films, ""); s.calls("/youtube/api/v3/**", 0) != 2 {
		t.Error("the key is not tried again")
	}
	for _, r := range s.Requests("/youtube/api/v3/**") {
		if strings.Contains(r.Query, "wrong") {
			t.Error("the key stands in an address")
		}
	}
}

func TestVideosOfAllChannelsAreMeasuredFiftyAUnit(t *testing.T) {
	t.Parallel()
	s := newStudio(t, nil)
	var refs []source.PostRef
	for i := range 6 {
		channel := fmt.Sprintf("UCabcdefghijklmnopqrst%02d", i)
		key := s.add(s.AddYouTubeChannel, sim.SourceSpec{Name: fmt.Sprint("c", i), ID: channel})
		for range 20 {
			refs = append(refs, source.PostRef{AccountID: channel, PostID: s.publish(key, sim.PostSpec{Title: "V"})})
		}
	}
	gone := source.PostRef{AccountID: "UCabcdefghijklmnopqrst00", PostID: "zzzzzzzzzzz"}
	got := s.MeasureAll(testContext(t), source.YouTube, append(refs, gone))
	if len(got.Figures) != 121 || len(got.Failed) != 0 || !got.Figures[gone].Gone || s.YouTubeQuota().Used != 3 {
		t.Errorf("%d measured, %d failed, %d units", len(got.Figures), len(got.Failed), s.YouTubeQuota().Used)
	}
	s.UseYouTubeQuota(10_000)
	if got := s.MeasureAll(testContext(t), source.YouTube, refs); len(got.Figures) != 6*15 {
		t.Errorf("the feeds give the figures of %d videos", len(got.Figures))
	}
}

func TestTwitchChannelsAreFollowedByVideosAndStreams(t *testing.T) {
	t.Parallel()
	s := newStudio(t, nil)
	key := s.add(s.AddTwitchChannel, sim.SourceSpec{Name: "ada", ID: "42", Title: "Ada"})
	video := s.publish(key, sim.PostSpec{Title: "Highlights", Text: "of the week"})
	for _, input := range []string{"https://www.twitch.tv/Ada", "twitch.tv/ada/videos", "https://m.twitch.tv/ada?x=1", "https://www.twitch.tv/videos/" + video} {
		got, err := s.Resolve(testContext(t), source.Auto, input)
		if err != nil || got.ExternalID != "42" || got.Handle != "ada" || got.DisplayName != "Ada" || got.URL != "https://www.twitch.tv/ada" {
			t.Errorf("%s: %+v %v", input, got, err)
		}
	}
	for input, kind := range map[string]source.ErrorKind{"https://www.twitch.tv/nobody": source.NotFound, "https://www.twitch.tv/directory/all": source.Unsupported, "https://www.twitch.tv/videos/1": source.NotFound} {
		_, err := s.Resolve(testContext(t), source.Auto, input)
		wantKind(t, err, kind)
	}
	res := s.fetch(source.Twitch, "42", "")
	if got := kinds(res.Posts); len(got) != 1 || got[video] != "video" || res.Account == nil {
		t.Errorf("off air: %v", got)
	}
	stream, err := s.StartStream(sim.StreamSpec{Source: key, Title: "On air", Game: "Chess", Viewers: 7})
	if err != nil {
		t.Fatal(err)
	}
	s.advance(time.Minute)
	res = s.fetch(source.Twitch, "42", res.Cursor)
	if got := kinds(res.Posts); got["live:"+stream] != "live" || value(res.Posts[0].Metrics.Views) != 7 || !strings.Contains(res.Posts[0].ThumbnailURL, "640x360") {
		t.Errorf("on air: %+v", res.Posts)
	}
	got := s.MeasureAll(testContext(t), source.Twitch, []source.PostRef{{AccountID: "42", PostID: "live:" + stream}, {AccountID: "42", PostID: video}, {AccountID: "42", PostID: "9"}, {AccountID: "42", PostID: "live:0"}})
	if len(got.Figures) != 3 || value(got.Figures[source.PostRef{AccountID: "42", PostID: "live:" + stream}].Views) != 7 || !got.Figures[source.PostRef{AccountID: "42", PostID: "9"}].Gone {
		t.Errorf("measured %+v", got)
	}
	_ = s.RemoveSource(key)
	s.advance(13 * time.Hour)
	_, err = adapter(t, s.Registry, source.Twitch).Fetch(testContext(t), source.FetchRequest{ExternalID: "42", Cursor: res.Cursor})
	wantKind(t, err, source.NotFound)
}

func TestAStreamThatBreaksOffAndComesBackIsOnePost(t *testing.T) {
	t.Parallel()
	s := newStudio(t, nil)
	key := s.add(s.AddTwitchChannel, sim.SourceSpec{Name: "ada", ID: "42"})
	cursor, start := "", func() string {
		id, err := s.StartStream(sim.StreamSpec{Source: key})
		if err != nil {
			t.Fatal(err)
		}
		return "live:" + id
	}
	post := func() string {
		t.Helper()
		res := s.fetch(source.Twitch, "42", cursor)
		cursor = res.Cursor
		for _, p := range res.Posts {
			if p.Kind == "live" {
				return p.ExternalID
			}
		}
		return ""
	}
	first := start()
	if got := post(); got != first {
		t.Fatalf("post %s of stream %s", got, first)
	}
	for range 3 { // off for four minutes, back under another id
		s.StopStream(key)
		s.advance(2 * time.Minute)
		if post() != "" {
			t.Error("off air, yet a post")
		}
		s.advance(2 * time.Minute)
		if start() == first || post() != first {
			t.Error("a stream that came back is another post")
		}
	}
	s.StopStream(key)
	s.advance(time.Hour)
	second := start()
	if got := post(); got != second {
		t.Errorf("a stream an hour later is %s, want %s", got, second)
	}
}

func TestTwitchTokensAreReplacedOnce(t *testing.T) {
	t.Parallel()
	s := newStudio(t, nil)
	s.add(s.AddTwitchChannel, sim.SourceSpec{Name: "ada", ID: "42"})
	s.fetch(source.Twitch, "42", "")
	s.fetch(source.Twitch, "42", "")
	if n := s.calls("/twitch/oauth2/token", 0); n != 1 {
		t.Errorf("%d tokens", n)
	}
	s.ExpireTwitchTokens()
	s.advance(time.Minute)
	s.fetch(source.Twitch, "42", "")
	if n, refused := s.calls("/twitch/oauth2/token", 0), s.calls("/twitch/helix/**", 401); n != 2 || refused != 1 {
		t.Errorf("%d tokens after %d refusals", n, refused)
	}
	s.advance(60*24*time.Hour - time.Minute)
	s.fetch(source.Twitch, "42", "")
	if n, refused := s.calls("/twitch/oauth2/token", 0), s.calls("/twitch/helix/**", 401); n != 3 || refused != 1 {
		t.Errorf("before its end: %d tokens after %d refusals", n, refused)
	}
	s.AddFault(sim.Fault{Path: "/twitch/helix/**", Status: 401, Body: `{"status":401}`})
	s.advance(time.Minute)
	before := s.calls("/twitch/helix/**", 401)
	_, err := adapter(t, s.Registry, source.Twitch).Fetch(testContext(t), source.FetchRequest{ExternalID: "42"})
	if wantKind(t, err, source.AuthRequired); s.calls("/twitch/helix/**", 401)-before != 2 {
		t.Errorf("refused for good: %d calls", s.calls("/twitch/helix/**", 401)-before)
	}
}

func TestTwitchKeysThatAreWrongSaySo(t *testing.T) {
	t.Parallel()
	for _, edit := range []func(*source.Config){
		func(c *source.Config) { c.TwitchClientID = "x" }, func(c *source.Config) { c.TwitchClientSecret = "x" },
	} {
		s := newStudio(t, func(_ *sim.Config, c *source.Config) { edit(c) })
		_, err := s.Resolve(testContext(t), source.Twitch, "ada")
		if e := wantKind(t, err, source.AuthRequired); !strings.Contains(e.Public, "keys") {
			t.Errorf("says %s", e.Public)
		}
	}
}

func TestAHundredChannelsCostOneCallForStreams(t *testing.T) {
	t.Parallel()
	s := newStudio(t, nil)
	var ids []string
	for i := range 150 {
		ids = append(ids, fmt.Sprint(1000+i))
		s.add(s.AddTwitchChannel, sim.SourceSpec{Name: fmt.Sprint("c", i), ID: ids[i]})
	}
	for _, id := range ids { // from now on all are known
		s.fetch(source.Twitch, id, "")
	}
	s.advance(time.Minute)
	s.ResetRequests()
	var group sync.WaitGroup
	for _, id := range ids {
		group.Go(func() { s.fetch(source.Twitch, id, "") })
	}
	group.Wait()
	if n := s.calls("/twitch/helix/streams", 0); n != 2 {
		t.Errorf("%d calls for 150 channels", n)
	}
}

func TestTwitchsLimitSpeaksForTheHost(t *testing.T) {
	t.Parallel()
	s := newStudio(t, func(w *sim.Config, c *source.Config) { w.Limits.Twitch, c.HostRate, c.HostBurst = 2, 1000, 1000 })
	s.add(s.AddTwitchChannel, sim.SourceSpec{Name: "ada", ID: "42"})
	for range 3 {
		_, _ = s.Resolve(testContext(t), source.Twitch, "ada")
	}
	if wait := s.HostLimit(strings.TrimPrefix(s.base, "http://")); wait < 30*time.Second || wait > time.Minute {
		t.Errorf("the host is free in %s", wait)
	}
}

func TestHubsAreAskedWithAFormAndNoRedirect(t *testing.T) {
	t.Parallel()
	s := newStudio(t, func(_ *sim.Config, c *source.Config) { c.Push = true })
	hub, topic, ok := s.Topic(source.YouTube, films)
	if !ok || hub != "https://pubsubhubbub.appspot.com/subscribe" || topic != s.base+"/youtube/feeds/videos.xml?channel_id="+films {
		t.Errorf("%s %s %t", hub, topic, ok)
	}
	if _, _, ok := s.Topic(source.RSS, "https://a.test"); ok {
		t.Error("a feed has push")
	}
	ask := source.HubRequest{Hub: s.base + "/youtube/hub", Topic: topic, Callback: s.base + "/nowhere", Secret: "s"}
	if err := s.AskHub(testContext(t), ask); err != nil {
		t.Error(err)
	}
	s.ConfigureHub(sim.HubConfig{Refuse: true})
	if err := s.AskHub(testContext(t), ask); err == nil {
		t.Error("a refusal is no error")
	}
	s.AddFault(sim.Fault{Path: "/youtube/hub", Status: 307, Headers: map[string]string{"Location": s.base + "/elsewhere"}})
	if err := s.AskHub(testContext(t), ask); source.KindOf(err) != source.Malformed || s.calls("/elsewhere", 0) != 0 {
		t.Errorf("a redirect: %v", err)
	}
	off := newStudio(t, nil)
	if _, _, ok := off.Topic(source.YouTube, films); ok {
		t.Error("push without an address that hubs can reach")
	}
}
