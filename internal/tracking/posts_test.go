package tracking_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"trackbot/internal/fault"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
	"trackbot/internal/testkit"
	"trackbot/internal/tracking"
)

// shelf is a tenant's posts in the database and in memory, where the lists are reckoned a second time.
type shelf struct {
	*fixture
	reader   *tracking.Reader
	client   uuid.UUID
	accounts []shelfAccount
	posts    []shelfPost
}

type shelfAccount struct {
	id, brand, group uuid.UUID
	platform         string
}

type shelfPost struct {
	id           uuid.UUID
	account      shelfAccount
	kind         string
	published    time.Time
	views, likes *int64
	text         string
}

// The values of the posts are few, so that many are equal.
var (
	shelfEpoch = time.Date(2026, 3, 1, 12, 0, 0, 123456000, time.UTC)
	shelfKinds = []string{"post", "video", "reply"}
	shelfTexts = []string{"100% Sale_now", "100x SALEXnow", `back\slash`, "ÄRGER", ""}
)

func newShelf(t *testing.T) *shelf {
	t.Helper()
	url := testkit.NewDB(t).OwnerURL
	open := func(role store.Role) *store.Store {
		st, err := store.Open(t.Context(), url, role, store.WithMaxConns(2))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(st.Close)
		return st
	}
	s := &shelf{fixture: &fixture{t: t, admin: open(store.RoleAdmin)}, reader: tracking.NewReader(open(store.RoleAPI))}
	for _, guild := range []string{"200000000000000002", "200000000000000001"} { // the first is somebody else
		s.client, _, _ = s.tenant(guild)
		s.accounts, s.posts = nil, nil
		north, south := s.brand("North"), s.brand("South")
		first, second, third := s.group(north), s.group(north), s.group(south)
		s.place("rss", north, first)
		s.place("bluesky", north, first)
		s.place("bluesky", north, second)
		s.place("mastodon", south, third)
		for i := range 60 {
			s.add(s.accounts[i%4], shelfKinds[i%3], shelfEpoch.Add(time.Duration(i%5)*time.Hour), count(i%7), count(i*i%4), shelfTexts[i%len(shelfTexts)])
		}
	}
	return s
}

// count is n less 1, and unknown for 0.
func count(n int) *int64 {
	if n == 0 {
		return nil
	}
	c := int64(n - 1)
	return &c
}

func (s *shelf) brand(name string) uuid.UUID {
	id := uuid.New()
	s.exec(`INSERT INTO brands (client_id, id, name) VALUES ($1, $2, $3)`, s.client, id, name)
	return id
}

func (s *shelf) group(brand uuid.UUID) uuid.UUID {
	id := uuid.New()
	s.exec(`INSERT INTO account_groups (client_id, id, brand_id, name) VALUES ($1, $2, $3, $4)`, s.client, id, brand, id.String())
	return id
}

// place tracks an account of a platform in a group.
func (s *shelf) place(platform string, brand, group uuid.UUID) {
	src := s.source(1)
	s.exec(`UPDATE sources SET platform = $2 WHERE id = $1`, src, platform)
	s.accounts = append(s.accounts, shelfAccount{s.track(s.client, brand, group, src), brand, group, platform})
}

func (s *shelf) add(a shelfAccount, kind string, published time.Time, views, likes *int64, text string) shelfPost {
	s.t.Helper()
	p := shelfPost{uuid.New(), a, kind, published, views, likes, text}
	s.exec(`WITH sp AS (INSERT INTO source_posts (id, source_id, external_id, fingerprint, published_at)
			SELECT $2::uuid, source_id, $2::text, '', $7 FROM client_accounts WHERE id = $3 RETURNING id)
		INSERT INTO posts (client_id, id, account_id, brand_id, group_id, source_post_id, platform, kind, external_id, url, published_at, first_seen_at, views, likes, body)
		SELECT $1, $2::uuid, $3, $4, $5, id, $6, $8, $2::text, '', $7, now(), $9, $10, $11 FROM sp`,
		s.client, p.id, a.id, a.brand, a.group, a.platform, published, kind, views, likes, text)
	s.posts = append(s.posts, p)
	return p
}

// want is the list as memory has it.
func (s *shelf) want(f tracking.PostFilter) []uuid.UUID {
	found := slices.DeleteFunc(slices.Clone(s.posts), func(p shelfPost) bool {
		return !is(f.AccountID, p.account.id) || !is(f.GroupID, p.account.group) || !is(f.BrandID, p.account.brand) ||
			!is(f.Platform, p.account.platform) || !is(f.Kind, p.kind) || !f.From.IsZero() && p.published.Before(f.From) ||
			!f.To.IsZero() && !p.published.Before(f.To) || f.Search != nil && !strings.Contains(strings.ToLower(p.text), strings.ToLower(*f.Search))
	})
	slices.SortFunc(found, func(a, b shelfPost) int {
		later := 0
		switch f.Sort {
		case tracking.SortViews:
			later = cmp.Compare(known(b.views), known(a.views))
		case tracking.SortLikes:
			later = cmp.Compare(known(b.likes), known(a.likes))
		default:
			later = b.published.Compare(a.published)
		}
		return cmp.Or(later, bytes.Compare(b.id[:], a.id[:]))
	})
	ids := make([]uuid.UUID, len(found))
	for i, p := range found {
		ids[i] = p.id
	}
	return ids
}

func is[T comparable](want *T, have T) bool { return want == nil || *want == have }

func known(n *int64) int64 {
	if n == nil {
		return -1
	}
	return *n
}

// failer is what testing and rapid have in common.
type failer interface {
	Fatalf(format string, args ...any)
}

// walk reads a list page by page, as the API does: one row more than shown tells whether there is another page,
// and the position makes its way through JSON. between is called after each page.
func (s *shelf) walk(t failer, f tracking.PostFilter, size int, between func()) []uuid.UUID {
	var at *tracking.PostPosition
	ids := []uuid.UUID{}
	for {
		rows, err := s.reader.ListPosts(s.t.Context(), s.client, f, at, size+1)
		if err != nil {
			t.Fatalf("list posts: %v", err)
		}
		for _, row := range rows[:min(size, len(rows))] {
			ids = append(ids, row.ID)
		}
		if len(rows) <= size {
			return ids
		}
		if len(ids) > len(s.posts) {
			t.Fatalf("the pages do not end")
		}
		at = again(t, tracking.PositionOf(rows[size-1], f.Sort))
		between()
	}
}

func again(t failer, at tracking.PostPosition) *tracking.PostPosition {
	raw, err := json.Marshal(at)
	if err != nil {
		t.Fatalf("write position: %v", err)
	}
	var read tracking.PostPosition
	if err := json.Unmarshal(raw, &read); err != nil {
		t.Fatalf("read position: %v", err)
	}
	return &read
}

func drawFilter(t *rapid.T, s *shelf) tracking.PostFilter {
	a := rapid.SampledFrom(append(slices.Clone(s.accounts), shelfAccount{uuid.New(), uuid.New(), uuid.New(), "youtube"}))
	maybe := func(name string, likely int) bool { return rapid.IntRange(1, 6).Draw(t, name) <= likely }
	f := tracking.PostFilter{Sort: rapid.SampledFrom([]tracking.PostSort{"", tracking.SortPublished, tracking.SortViews, tracking.SortLikes}).Draw(t, "sort")}
	if maybe("by account", 1) {
		f.AccountID = new(a.Draw(t, "account").id)
	}
	if maybe("by group", 2) {
		f.GroupID = new(a.Draw(t, "group").group)
	}
	if maybe("by brand", 2) {
		f.BrandID = new(a.Draw(t, "brand").brand)
	}
	if maybe("by platform", 2) {
		f.Platform = new(a.Draw(t, "platform").platform)
	}
	if maybe("by kind", 2) {
		f.Kind = new(rapid.SampledFrom(shelfKinds).Draw(t, "kind"))
	}
	if maybe("by text", 2) {
		f.Search = new(rapid.SampledFrom([]string{"100", "%", "_", "x", `\`, "sale_NOW", "ärg", "%%", "now"}).Draw(t, "text"))
	}
	if maybe("from", 2) {
		f.From = shelfEpoch.Add(time.Duration(rapid.IntRange(-1, 5).Draw(t, "from hour")) * time.Hour)
	}
	if maybe("to", 2) {
		f.To = shelfEpoch.Add(time.Duration(rapid.IntRange(-1, 6).Draw(t, "to hour")) * time.Hour)
	}
	return f
}

func TestPagesShowEveryPostOnceInOrderWhateverTheFilters(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	rapid.Check(t, func(t *rapid.T) {
		f := drawFilter(t, s)
		size := rapid.IntRange(1, 70).Draw(t, "size")
		if got, want := s.walk(t, f, size, func() {}), s.want(f); !slices.Equal(got, want) {
			t.Fatalf("pages of %d by %+v:\ngot  %v\nwant %v", size, f, got, want)
		}
	})
}

// The filters of one post, in every combination and order, find it and what is like it.
func TestFiltersCombine(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	p := s.posts[0]
	set := []func(*tracking.PostFilter){
		func(f *tracking.PostFilter) { f.AccountID = &p.account.id },
		func(f *tracking.PostFilter) { f.GroupID = &p.account.group },
		func(f *tracking.PostFilter) { f.BrandID = &p.account.brand },
		func(f *tracking.PostFilter) { f.Platform = &p.account.platform },
		func(f *tracking.PostFilter) { f.Kind = &p.kind },
		func(f *tracking.PostFilter) { f.Search = &p.text },
		func(f *tracking.PostFilter) { f.From = p.published },
		func(f *tracking.PostFilter) { f.To = p.published.Add(2 * time.Hour) },
	}
	for _, sort := range []tracking.PostSort{"", tracking.SortViews, tracking.SortLikes} {
		for chosen := range 1 << len(set) {
			f := tracking.PostFilter{Sort: sort}
			for i, apply := range set {
				if chosen&(1<<i) != 0 {
					apply(&f)
				}
			}
			want := s.want(f)
			if got := s.walk(t, f, 1+chosen%11, func() {}); !slices.Equal(got, want) || !slices.Contains(want, p.id) {
				t.Fatalf("filters %b by %q:\ngot  %v\nwant %v", chosen, sort, got, want)
			}
		}
	}
}

func TestPagesShowEveryPostOnceWhileOthersArrive(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	n := 100 // each is newer and more liked than all before
	for _, sort := range []tracking.PostSort{tracking.SortPublished, tracking.SortViews, tracking.SortLikes} {
		f := tracking.PostFilter{Sort: sort}
		want := s.want(f)
		got := s.walk(t, f, 7, func() {
			n++
			s.add(s.accounts[0], "post", shelfEpoch.Add(time.Duration(n)*time.Hour), count(n), count(n), "new")
		})
		if !slices.Equal(got, want) {
			t.Errorf("by %s:\ngot  %v\nwant %v", sort, got, want)
		}
	}
}

func TestPostOfAnotherTenantIsNotThere(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	mine := s.posts[0].id
	if post, err := s.reader.GetPost(t.Context(), s.client, mine); err != nil || post.ID != mine || post.ClientID != s.client {
		t.Errorf("own post: %+v, %v", post, err)
	}
	other := scan[uuid.UUID](s.fixture, `SELECT id FROM clients WHERE guild_id = '200000000000000002'`)
	var answers []string
	for _, id := range []uuid.UUID{mine, uuid.New()} {
		post, err := s.reader.GetPost(t.Context(), other, id)
		if !fault.Is(err, fault.NotFound) || post != (db.PostItem{}) {
			t.Errorf("post %v, error %v", post, err)
		}
		answers = append(answers, fmt.Sprint(fault.From(err).Detail))
	}
	if answers[0] != answers[1] {
		t.Errorf("answers differ: %q", answers)
	}
}
