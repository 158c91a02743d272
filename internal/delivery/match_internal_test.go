package delivery

import (
	"slices"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"
)

var (
	anAccount = uuid.MustParse("00000000-0000-0000-0000-00000000000a")
	aGroup    = uuid.MustParse("00000000-0000-0000-0000-00000000000b")
	aBrand    = uuid.MustParse("00000000-0000-0000-0000-00000000000c")
	another   = uuid.MustParse("00000000-0000-0000-0000-00000000000f")
)

func routeTo(channel string, change ...func(*route)) route {
	r := route{id: uuid.New(), accountID: &anAccount, channelID: channel, kinds: []string{"post", "video", "short", "live"}}
	for _, c := range change {
		c(&r)
	}
	return r
}

func ofGroup(id uuid.UUID) func(*route) { return func(r *route) { r.accountID, r.groupID = nil, &id } }

func ofBrand(id uuid.UUID) func(*route)   { return func(r *route) { r.accountID, r.brand = nil, &id } }
func ofAccount(id uuid.UUID) func(*route) { return func(r *route) { r.accountID = &id } }
func paused(r *route)                     { r.paused = true }
func kinds(k ...string) func(*route)      { return func(r *route) { r.kinds = k } }
func including(w ...string) func(*route)  { return func(r *route) { r.includes = w } }
func excluding(w ...string) func(*route)  { return func(r *route) { r.excludes = w } }

func TestDecideNamesTheChannelsOrTheReason(t *testing.T) {
	t.Parallel()
	own := "own"
	post := NewPost{AccountID: anAccount, GroupID: aGroup, BrandID: aBrand, Kind: "post", Title: "Summer sale", Body: "Half price, party on"}
	with := func(change func(*NewPost)) NewPost { p := post; change(&p); return p }
	tests := []struct {
		name     string
		rules    clientRules
		post     NewPost
		channels []string
		reason   string
	}{
		{"switched off", clientRules{defaultChannel: "def", routes: []route{routeTo("a")}}, post, nil, ReasonNotificationsOff},
		{"default channel", clientRules{enabled: true, defaultChannel: "def"}, post, []string{"def"}, ""},
		{"account's channel before default", clientRules{enabled: true, defaultChannel: "def"}, with(func(p *NewPost) { p.AccountChannelID = &own }), []string{"own"}, ""},
		{"no channel at all", clientRules{enabled: true}, post, nil, ReasonNoChannel},
		{"reply without a route", clientRules{enabled: true, defaultChannel: "def"}, with(func(p *NewPost) { p.Kind = "reply" }), nil, ReasonKind},
		{"repost without a route", clientRules{enabled: true, defaultChannel: "def"}, with(func(p *NewPost) { p.Kind = "repost" }), nil, ReasonKind},
		{"short without a route", clientRules{enabled: true, defaultChannel: "def"}, with(func(p *NewPost) { p.Kind = "short" }), []string{"def"}, ""},
		{"route of the account", clientRules{enabled: true, defaultChannel: "def", routes: []route{routeTo("a")}}, post, []string{"a"}, ""},
		{"routes of account, group and brand", clientRules{enabled: true, routes: []route{routeTo("c", ofBrand(aBrand)), routeTo("b", ofGroup(aGroup)), routeTo("a")}}, post, []string{"a", "b", "c"}, ""},
		{"route of another account", clientRules{enabled: true, defaultChannel: "def", routes: []route{routeTo("x", ofAccount(another))}}, post, []string{"def"}, ""},
		{"two routes to one channel", clientRules{enabled: true, routes: []route{routeTo("a"), routeTo("a", ofBrand(aBrand))}}, post, []string{"a"}, ""},
		{"paused route does not fall back", clientRules{enabled: true, defaultChannel: "def", routes: []route{routeTo("a", paused)}}, post, nil, ReasonRoutePaused},
		{"paused beside active", clientRules{enabled: true, routes: []route{routeTo("a", paused), routeTo("b")}}, post, []string{"b"}, ""},
		{"kind not wanted", clientRules{enabled: true, defaultChannel: "def", routes: []route{routeTo("a", kinds("video"))}}, post, nil, ReasonKind},
		{"reply wanted by a route", clientRules{enabled: true, routes: []route{routeTo("a", kinds("reply"))}}, with(func(p *NewPost) { p.Kind = "reply" }), []string{"a"}, ""},
		{"included word", clientRules{enabled: true, routes: []route{routeTo("a", including("SALE", "news"))}}, post, []string{"a"}, ""},
		{"included word missing", clientRules{enabled: true, routes: []route{routeTo("a", including("news"))}}, post, nil, ReasonFiltered},
		{"included word within another", clientRules{enabled: true, routes: []route{routeTo("a", including("art"))}}, post, nil, ReasonFiltered},
		{"excluded word", clientRules{enabled: true, routes: []route{routeTo("a", excluding("half price"))}}, post, nil, ReasonFiltered},
		{"excluded beats included", clientRules{enabled: true, routes: []route{routeTo("a", including("sale"), excluding("party"))}}, post, nil, ReasonFiltered},
		{"one of two routes filters", clientRules{enabled: true, routes: []route{routeTo("a", excluding("sale")), routeTo("b")}}, post, []string{"b"}, ""},
		{"the filter is told before the pause", clientRules{enabled: true, routes: []route{routeTo("a", paused), routeTo("b", excluding("sale"))}}, post, nil, ReasonFiltered},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var channels []string
			var reason string
			for _, target := range tt.rules.decide(tt.post) {
				if target.detail == "" {
					t.Errorf("target %+v explains nothing", target)
				}
				if reason = target.reason; reason == "" {
					channels = append(channels, target.channelID)
				}
			}
			if !slices.Equal(channels, tt.channels) || reason != tt.reason {
				t.Errorf("decide = %v %q, want %v %q", channels, reason, tt.channels, tt.reason)
			}
		})
	}
}

func TestDecideOfTwoRoutesToOneChannelTakesTheNearest(t *testing.T) {
	t.Parallel()
	near, far := routeTo("a"), routeTo("a", ofBrand(aBrand))
	rules := clientRules{enabled: true, routes: []route{far, near}}
	got := rules.decide(NewPost{AccountID: anAccount, GroupID: aGroup, BrandID: aBrand, Kind: "post"})
	if len(got) != 1 || got[0].routeID != near.id {
		t.Errorf("decide = %+v, want the account's route %s", got, near.id)
	}
}

// Whatever the rules: a post gets each channel once, or exactly one row that says why not; and a
// channel is chosen exactly if a route that accepts the post names it, or nothing aims at the post.
func TestDecideIsExactForAnyRules(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		id := rapid.SampledFrom([]uuid.UUID{anAccount, aGroup, aBrand, another})
		word := rapid.SampledFrom([]string{"sale", "news", "red"})
		kind := rapid.SampledFrom([]string{"post", "video", "short", "live", "reply", "repost"})
		anyRoute := rapid.Custom(func(t *rapid.T) route {
			target := id.Draw(t, "target")
			r := route{id: uuid.New(), channelID: rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "channel"), paused: rapid.Bool().Draw(t, "paused")}
			[]func(){func() { r.accountID = &target }, func() { r.groupID = &target }, func() { r.brand = &target }}[rapid.IntRange(0, 2).Draw(t, "level")]()
			r.kinds = rapid.SliceOf(kind).Draw(t, "kinds")
			r.includes = rapid.SliceOfN(word, 0, 2).Draw(t, "includes")
			r.excludes = rapid.SliceOfN(word, 0, 1).Draw(t, "excludes")
			return r
		})
		rules := clientRules{
			enabled: rapid.Bool().Draw(t, "enabled"), defaultChannel: rapid.SampledFrom([]string{"", "def"}).Draw(t, "default"),
			routes: rapid.SliceOfN(anyRoute, 0, 6).Draw(t, "routes"),
		}
		words := rapid.SliceOf(word).Draw(t, "words")
		post := NewPost{AccountID: anAccount, GroupID: aGroup, BrandID: aBrand, Kind: kind.Draw(t, "kind")}
		for _, w := range words {
			post.Body += w + " "
		}

		want := map[string]bool{}
		aimed := false
		for _, r := range rules.routes {
			if !(is(r.accountID, anAccount) || is(r.groupID, aGroup) || is(r.brand, aBrand)) {
				continue
			}
			aimed = true
			in := len(r.includes) == 0 || overlap(words, r.includes)
			if rules.enabled && !r.paused && in && !overlap(words, r.excludes) && slices.Contains(r.kinds, post.Kind) {
				want[r.channelID] = true
			}
		}
		if rules.enabled && !aimed && rules.defaultChannel != "" && post.Kind != "reply" && post.Kind != "repost" {
			want[rules.defaultChannel] = true
		}

		got := map[string]bool{}
		targets := rules.decide(post)
		for _, target := range targets {
			if target.reason != "" {
				if len(targets) != 1 || target.channelID != "" {
					t.Fatalf("a skipped row among others: %+v", targets)
				}
				continue
			}
			if got[target.channelID] {
				t.Fatalf("channel %s twice: %+v", target.channelID, targets)
			}
			got[target.channelID] = true
		}
		if len(targets) == 0 || len(got) != len(want) {
			t.Fatalf("decide = %v, want %v", targets, want)
		}
		for channel := range want {
			if !got[channel] {
				t.Fatalf("decide = %v, want %v", targets, want)
			}
		}
	})
}

func is(have *uuid.UUID, want uuid.UUID) bool { return have != nil && *have == want }

func overlap(a, b []string) bool {
	return slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) })
}

func TestHaystackFindsWholeWordsInAnyCase(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text, word string
		want       bool
	}{
		{"Summer SALE now", "sale", true},
		{"wholesale", "sale", false},
		{"sales", "sale", false},
		{"wholesale and a sale", "sale", true},
		{"#sale!", "sale", true},
		{"#sale", "#sale", true},
		{"a half\n  price", "half price", true},
		{"日本語の新作発表", "新作", true},
		{"ÉTÉ indien", "été", true},
		{"C++ rocks", "c++", true},
		{"anything", "", false},
		{"anything", "  ", false},
		{"", "x", false},
		{"ab\xff sale \xff", "sale", true},
	}
	for _, tt := range tests {
		if got := newHaystack(tt.text).has(tt.word); got != tt.want {
			t.Errorf("%q has %q = %v, want %v", tt.text, tt.word, got, tt.want)
		}
	}
}
