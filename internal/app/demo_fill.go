package app

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/audit"
	"trackbot/internal/config"
	"trackbot/internal/plan"
	"trackbot/internal/source"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
	"trackbot/internal/tracking"
)

// live waits until the bot has taken the guilds in, fills them on the first start, tells that all is
// ready and publishes until ctx ends.
func (w *demoWorld) live(ctx context.Context, url, base string, cfg config.Config, ready func()) error {
	admin, err := store.Open(ctx, url, store.RoleAdmin, store.WithMaxConns(2))
	if err != nil {
		return err
	}
	defer admin.Close()
	api, err := store.Open(ctx, url, store.RoleAPI, store.WithMaxConns(2))
	if err != nil {
		return err
	}
	defer api.Close()
	sources := newSources(cfg, api)
	defer sources.Close()
	f := filler{admin: admin, q: db.New(), catalog: tracking.NewCatalog(api, sources), base: base, world: w}
	for _, g := range demoGuilds() {
		if err := f.fill(ctx, g); err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return err
		}
	}
	ready()
	return w.publish(ctx)
}

// filler fills the demo's guilds through the product's own rules.
type filler struct {
	admin   *store.Store
	q       *db.Queries
	catalog *tracking.Catalog
	base    string
	world   *demoWorld
}

// joinPatience is how long the bot may take to join the demo's guilds.
const joinPatience = 60 * time.Second

func (f filler) fill(ctx context.Context, g demoGuild) error {
	sub, err := f.joined(ctx, g)
	if err != nil {
		return err
	}
	accounts, err := f.q.ListClients(ctx, f.admin.Shared())
	if err != nil {
		return fmt.Errorf("list demo guilds: %w", err)
	}
	for _, c := range accounts {
		if c.ID == sub.ID && c.Accounts > 0 {
			return nil // a demo that was filled before
		}
	}
	err = f.admin.InTx(ctx, func(tx store.Conn) error {
		_, err := plan.Set(ctx, tx, plan.Word{ClientID: sub.ID, Tier: plan.Pro, Reason: "the demo's plan", By: byOperator()}, time.Now())
		return err
	})
	if err != nil {
		return fmt.Errorf("set plan of demo guild: %w", err)
	}
	for _, b := range g.brands {
		if err := f.brand(ctx, sub.ID, b); err != nil {
			return fmt.Errorf("fill demo guild %s: %w", g.name, err)
		}
	}
	if err := f.q.InsertHistoricUsage(ctx, f.admin.Shared(), sub.ID); err != nil {
		return fmt.Errorf("fill usage of demo guild %s: %w", g.name, err)
	}
	return nil
}

// joined waits for the bot to take the guild in.
func (f filler) joined(ctx context.Context, g demoGuild) (db.GetSubscriptionByGuildRow, error) {
	ctx, cancel := context.WithTimeout(ctx, joinPatience)
	defer cancel()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		sub, err := f.q.GetSubscriptionByGuild(ctx, f.admin.Shared(), g.id)
		if err == nil || !store.IsNotFound(err) {
			return sub, err
		}
		select {
		case <-ctx.Done():
			return sub, fmt.Errorf("the bot did not join %s: %w", g.name, ctx.Err())
		case <-tick.C:
		}
	}
}

func demoBy() audit.By {
	return audit.By{Actor: audit.Actor{ID: demoManager, Type: audit.User, Name: "mara"}, Source: audit.FromDashboard}
}

func (f filler) brand(ctx context.Context, clientID uuid.UUID, b demoBrand) error {
	brand, err := f.catalog.CreateBrand(ctx, demoBy(), clientID, b.name)
	if err != nil {
		return err
	}
	for _, g := range b.groups {
		group, err := f.catalog.CreateGroup(ctx, demoBy(), clientID, brand.ID, g.name)
		if err != nil {
			return err
		}
		for _, name := range g.sources {
			if err := f.account(ctx, clientID, group, g.channel, name); err != nil {
				return err
			}
		}
	}
	return nil
}

func (f filler) account(ctx context.Context, clientID uuid.UUID, group db.AccountGroup, channel, name string) error {
	for _, d := range demoSources() {
		if d.short() != name {
			continue
		}
		account, err := f.catalog.AddAccount(ctx, demoBy(), clientID, tracking.NewAccount{
			Platform: d.platform, Input: d.address(f.base), GroupID: group.ID, ChannelID: channel,
		})
		if err != nil {
			return fmt.Errorf("track %s: %w", name, err)
		}
		return f.history(ctx, account, d)
	}
	return fmt.Errorf("no demo source %s", name)
}

// address is what a person would type to track the source.
func (d demoSource) address(base string) string {
	switch d.platform {
	case rss:
		return base + "/feeds/" + d.name + ".xml"
	case youtube:
		return base + "/youtube/@" + d.name
	case mastodon:
		return "@" + d.name + "@" + strings.TrimPrefix(base, "http://")
	default:
		return "@" + d.name
	}
}

// The past of the demo: posts from 90 days ago up to those that the simulated platforms still show.
const (
	historyDays   = 90
	historyNewest = 6 * 24 * time.Hour
	historyGap    = 26 * time.Hour
)

type historyPost struct {
	ID            uuid.UUID  `json:"id"`
	ExternalID    string     `json:"external_id"`
	Fingerprint   string     `json:"fingerprint"`
	PublishedAt   time.Time  `json:"published_at"`
	NextMeasureAt *time.Time `json:"next_measure_at"`

	ClientID     uuid.UUID `json:"client_id"`
	AccountID    uuid.UUID `json:"account_id"`
	BrandID      uuid.UUID `json:"brand_id"`
	GroupID      uuid.UUID `json:"group_id"`
	SourcePostID uuid.UUID `json:"source_post_id"`
	Kind         string    `json:"kind"`
	URL          string    `json:"url"`
	Title        string    `json:"title"`
	Body         string    `json:"body"`
	AuthorName   string    `json:"author_name"`
	ThumbnailURL string    `json:"thumbnail_url"`
	figures
	MeasuredAt *time.Time `json:"measured_at"`
}

type figures struct {
	Views    *int64 `json:"views"`
	Likes    *int64 `json:"likes"`
	Comments *int64 `json:"comments"`
	Shares   *int64 `json:"shares"`
}

type historyFigures struct {
	SourcePostID uuid.UUID `json:"source_post_id"`
	At           time.Time `json:"measured_at"`
	figures
}

// history writes an account's past as polls and measurements would have left it. A source whose past
// another guild has brought keeps it and gives this one a copy of the posts.
func (f filler) history(ctx context.Context, account tracking.Account, d demoSource) error {
	now := time.Now().UTC().Truncate(time.Second)
	random := rand.New(rand.NewPCG(uint64(len(d.name)), uint64(d.followers)+7)) // demo data
	var posts []historyPost
	var snapshots []historyFigures
	n := recentPosts
	for at := now.Add(-historyDays * 24 * time.Hour); at.Before(now.Add(-historyNewest)); n++ {
		p := historicPost(account, d, n, at)
		if d.platform != rss {
			own := snapshotsOf(&p, d, random.Float64(), now)
			snapshots = append(snapshots, own...)
		}
		posts = append(posts, p)
		at = at.Add(historyGap/2 + time.Duration(random.Int64N(int64(historyGap))))
	}
	return f.admin.InTx(ctx, func(tx store.Conn) error {
		body, err := json.Marshal(posts)
		if err != nil {
			return err
		}
		if err := f.q.InsertHistoricSourcePosts(ctx, tx, account.Source.ID, body); err != nil {
			return fmt.Errorf("insert demo source posts: %w", err)
		}
		err = f.q.InsertPosts(ctx, tx, db.InsertPostsParams{Platform: d.platform, FirstSeenAt: now, Posts: body})
		if err != nil {
			return fmt.Errorf("insert demo posts: %w", err)
		}
		if len(snapshots) == 0 {
			return nil
		}
		if body, err = json.Marshal(snapshots); err != nil {
			return err
		}
		return f.q.InsertHistoricMetrics(ctx, tx, body)
	})
}

func historicPost(account tracking.Account, d demoSource, n int, at time.Time) historyPost {
	spec := d.post(n, "", at)
	external := fmt.Sprintf("%s-past-%d", d.short(), n)
	// It follows from the source and the number, so that two guilds share the source's post.
	shared := uuid.NewSHA1(account.Source.ID, []byte(external))
	kind := spec.Kind
	if kind == "" {
		kind = source.KindPost
	}
	return historyPost{
		ID: historicID(shared, at), SourcePostID: shared, ExternalID: external, Fingerprint: `\x00`, PublishedAt: at,
		ClientID: account.ClientAccount.ClientID, AccountID: account.ClientAccount.ID,
		BrandID: account.ClientAccount.BrandID, GroupID: account.ClientAccount.GroupID,
		Kind: kind, URL: account.Source.URL + "#" + external, Title: spec.Title, Body: spec.Text, AuthorName: d.title,
	}
}

// historicID is an id of a moment, as those of posts that are polled are: whoever follows posts by their ids takes the largest
// for the newest.
func historicID(sourcePostID uuid.UUID, at time.Time) uuid.UUID {
	id := sourcePostID
	binary.BigEndian.PutUint32(id[:4], uint32(at.UnixMilli()>>16))
	binary.BigEndian.PutUint16(id[4:6], uint16(at.UnixMilli()))
	id[6] = id[6]&0x0f | 0x70 // RFC 9562 §5.7
	return id
}

// snapshotsOf walks the measuring ladder of a post up to now; the last figures become the post's own.
func snapshotsOf(p *historyPost, d demoSource, luck float64, now time.Time) []historyFigures {
	peak := float64(d.followers) * (0.02 + 0.3*luck*luck)
	at := p.PublishedAt.Add(20 * time.Minute)
	var out []historyFigures
	for {
		grown := peak * (1 - math.Exp(-at.Sub(p.PublishedAt).Hours()/30))
		likes, comments, shares := int64(grown/12), int64(grown/140), int64(grown/60)
		own := figures{Likes: &likes}
		switch d.platform {
		case youtube:
			views := int64(grown)
			own.Views = &views
		default:
			own.Comments, own.Shares = &comments, &shares
		}
		out = append(out, historyFigures{SourcePostID: p.SourcePostID, At: at, figures: own})
		next := tracking.NextMeasurement(p.PublishedAt, at)
		measured := at
		p.figures, p.MeasuredAt = own, &measured
		if next == nil || next.After(now) {
			return out // the platform no longer shows the post, so it is not measured again
		}
		at = *next
	}
}
