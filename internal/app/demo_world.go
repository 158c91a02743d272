package app

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"trackbot/internal/sim"
)

// The people of the demo. Their ids and those of guilds and channels are fixed, so that a demo
// that is started again finds its data.
const (
	demoManager = "300000000000000001"
	demoMember  = "300000000000000002"
)

// demoGuild is a guild of the demo and what it tracks: brand → group → names of sources.
type demoGuild struct {
	id, name string
	channels []sim.ChannelSpec
	brands   []demoBrand
}

type demoBrand struct {
	name   string
	groups []demoGroup
}

type demoGroup struct {
	name    string
	channel string // "": the guild's default
	sources []string
}

func demoGuilds() []demoGuild {
	return []demoGuild{
		{
			id: "400000000000000001", name: "Harbour Studio",
			channels: []sim.ChannelSpec{
				{ID: "410000000000000001", Name: "newsroom", System: true, Topic: "What our clients and their rivals publish"},
				{ID: "410000000000000002", Name: "coffee"},
				{ID: "410000000000000003", Name: "rivals"},
			},
			brands: []demoBrand{
				{"Coffee", []demoGroup{{"Own channels", "410000000000000002", []string{"roast", "roastery", "barista"}}, {"Rivals", "410000000000000003", []string{"brew"}}}},
				{"Outdoor", []demoGroup{{"Own channels", "", []string{"trail", "summit"}}, {"Creators", "", []string{"climber", "hiker"}}}},
			},
		},
		{
			id: "400000000000000002", name: "Field Notes",
			channels: []sim.ChannelSpec{
				{ID: "420000000000000001", Name: "general", System: true}, {ID: "420000000000000002", Name: "video"},
			},
			brands: []demoBrand{
				{"Museum", []demoGroup{{"Own channels", "", []string{"gallery", "curator"}}, {"Video", "420000000000000002", []string{"atelier"}}}},
				{"Cycling", []demoGroup{{"Own channels", "", []string{"wheels", "hiker"}}}},
			},
		},
	}
}

// demoSource is an account of a simulated platform.
type demoSource struct {
	platform, name, title string
	followers             int64
	words                 []string // what its posts are about
}

const (
	rss      = "rss"
	bluesky  = "bluesky"
	mastodon = "mastodon"
	youtube  = "youtube"
)

func demoSources() []demoSource {
	coffee, outdoor, art, bikes := []string{"a washed lot from Huila", "the winter blend", "pouring a slow V60", "our new cups"},
		[]string{"the ridge at dawn", "packing light for the hut", "a storm above the pass", "new soles"},
		[]string{"the blue room", "a restored panel", "night at the gallery", "paper and ink"},
		[]string{"gravel in the rain", "a wheel build", "the Sunday loop", "brakes, explained"}
	return []demoSource{
		{rss, "roast", "The Roast Journal", 0, coffee},
		{bluesky, "roastery.example", "Roastery", 18400, coffee},
		{youtube, "barista", "Barista Bench", 96200, coffee},
		{mastodon, "brew", "Brew Rivals", 5100, coffee},
		{rss, "trail", "Trail Magazine", 0, outdoor},
		{bluesky, "summit.example", "Summit Gear", 41250, outdoor},
		{youtube, "climber", "The Climber", 310400, outdoor},
		{mastodon, "hiker", "Hiker's Log", 12800, outdoor},
		{rss, "gallery", "Gallery Notes", 0, art},
		{bluesky, "curator.example", "The Curator", 7300, art},
		{youtube, "atelier", "Atelier", 54900, art},
		{mastodon, "wheels", "Wheels & Roads", 9900, bikes},
	}
}

// short is the name without the domain that Bluesky's handles carry.
func (d demoSource) short() string {
	if d.platform == bluesky {
		return d.name[:len(d.name)-len(".example")]
	}
	return d.name
}

// text is the nth thing the source has to say.
func (d demoSource) text(n int) string {
	openings := []string{"Today:", "New here:", "We tried", "Notes on", "Behind the scenes:", "You asked for"}
	return openings[n%len(openings)] + " " + d.words[(n/len(openings)+n)%len(d.words)]
}

// post makes the nth post of the source.
func (d demoSource) post(n int, id string, at time.Time) sim.PostSpec {
	spec := sim.PostSpec{ID: id, Title: d.text(n), Text: d.text(n) + ". More in the full story.", PublishedAt: at, ImageURL: fmt.Sprintf("/media/%s-%d.png", d.short(), n%7)}
	switch d.platform {
	case youtube:
		spec.Kind = "video"
		if n%4 == 0 {
			spec.Kind = "short"
		}
	case bluesky, mastodon:
		spec.Title = ""
	}
	return spec
}

type demoWorld struct {
	sim  *sim.Sim
	keys map[string]string // name of a source → its key in the simulator
	log  *slog.Logger
}

// recentPosts is how many posts a source shows at the start, over the last five days.
const recentPosts = 8

func newDemoWorld(log *slog.Logger) (*demoWorld, error) {
	// With internet access real Bluesky accounts can be tracked beside the simulated ones.
	simulator := sim.New(sim.Config{Limits: sim.Limits{Mastodon: -1, Bluesky: -1}, BlueskyUpstream: "https://public.api.bsky.app"})
	w := &demoWorld{sim: simulator, keys: map[string]string{}, log: log}
	for _, u := range []sim.UserSpec{
		{ID: demoManager, Username: "mara", GlobalName: "Mara (manager)"}, {ID: demoMember, Username: "noor", GlobalName: "Noor (member)"},
	} {
		if _, err := w.sim.AddUser(u); err != nil {
			return nil, err
		}
	}
	for _, g := range demoGuilds() {
		_, err := w.sim.AddGuild(sim.GuildSpec{
			ID: g.id, Name: g.name, OwnerID: demoManager, Channels: g.channels, Members: []sim.MemberSpec{{UserID: demoMember}},
		})
		if err != nil {
			return nil, err
		}
	}
	for _, d := range demoSources() {
		if err := w.addSource(d); err != nil {
			return nil, err
		}
	}
	return w, nil
}

func (w *demoWorld) addSource(d demoSource) error {
	add := map[string]func(sim.SourceSpec) (string, error){
		rss: w.sim.AddFeed, bluesky: w.sim.AddBlueskyAccount, mastodon: w.sim.AddMastodonAccount, youtube: w.sim.AddYouTubeChannel,
	}[d.platform]
	key, err := add(sim.SourceSpec{Name: d.name, Title: d.title, Followers: d.followers, Avatar: "/media/" + d.short() + ".png"})
	if err != nil {
		return err
	}
	w.keys[d.short()] = key
	for n := range recentPosts {
		at := time.Now().Add(-time.Duration(recentPosts-n) * 15 * time.Hour)
		if _, err := w.sim.Publish(key, d.post(n, fmt.Sprintf("%s-%d", d.short(), n), at)); err != nil {
			return err
		}
	}
	return nil
}

// publishEvery is the pause between two new posts of the demo.
const publishEvery = 6 * time.Second

// publish lets one source after another say something new until ctx ends.
func (w *demoWorld) publish(ctx context.Context) error {
	sources := demoSources()
	tick := time.NewTicker(publishEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			d := sources[rand.IntN(len(sources))]
			if _, err := w.sim.Publish(w.keys[d.short()], d.post(rand.IntN(1000), "", time.Now())); err != nil {
				return fmt.Errorf("publish demo post: %w", err)
			}
		}
	}
}
