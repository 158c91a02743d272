package sim

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// Publish adds a post to a source and returns its id there.
func (s *Sim) Publish(sourceKey string, spec PostSpec) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	src := s.sources[sourceKey]
	if src == nil {
		return "", fmt.Errorf("publish: unknown source %q", sourceKey)
	}
	if spec.PublishedAt.IsZero() {
		spec.PublishedAt = s.now()
		// Cursors are times, so posts of a burst must not share one.
		if n := len(src.posts); n > 0 && !spec.PublishedAt.After(src.posts[n-1].PublishedAt) {
			spec.PublishedAt = src.posts[n-1].PublishedAt.Add(time.Millisecond)
		}
	}
	spec.PublishedAt = spec.PublishedAt.UTC().Truncate(time.Millisecond)
	def(&spec.HalfLife, 6*time.Hour)
	if spec.Kind == "" {
		spec.Kind = "post"
		if src.platform == PlatformYouTube || src.platform == PlatformTwitch {
			spec.Kind = "video"
		}
	}
	if spec.ID == "" {
		spec.ID = src.postID(spec.PublishedAt, s.next(s.now()))
	}
	if src.post(spec.ID) != nil {
		return "", fmt.Errorf("publish: id %q is taken", spec.ID)
	}
	p := &platformPost{PostSpec: spec}
	i := len(src.posts)
	for i > 0 && src.posts[i-1].PublishedAt.After(spec.PublishedAt) {
		i--
	}
	src.posts = slices.Insert(src.posts, i, p)
	s.sourceChanged(src)
	s.pushNews(src, p)
	return spec.ID, nil
}

// postID makes up an id in the platform's form that sorts by time.
func (src *source) postID(at time.Time, seed string) string {
	switch src.platform {
	case PlatformBluesky:
		return tid(at, seed)
	case PlatformMastodon:
		for n := at.UnixMilli() << 16; ; n++ {
			if id := fmt.Sprint(n); src.post(id) == nil {
				return id
			}
		}
	case PlatformYouTube:
		return token(seed, 11, base64URL)
	case PlatformTwitch:
		return "2" + token(seed, 9, "0123456789")
	default:
		return seed
	}
}

// tid is a timestamp identifier: 13 characters that sort by time (AT Protocol: Record Key).
func tid(at time.Time, seed string) string {
	const alphabet = "234567abcdefghijklmnopqrstuvwxyz"
	n := uint64(at.UnixMicro())<<10 | hash(seed)&0x3ff
	out := make([]byte, 13)
	for i := len(out) - 1; i >= 0; i-- {
		out[i] = alphabet[n&31]
		n >>= 5
	}
	return string(out)
}

func (src *source) post(id string) *platformPost {
	for _, p := range slices.Backward(src.posts) {
		if p.ID == id {
			return p
		}
	}
	return nil
}

func (s *Sim) sourceChanged(src *source) {
	src.revision++
	// Last-Modified has whole seconds, so a change within one second must still move it.
	src.modified = maxTime(s.now(), src.modified.Add(time.Second))
	s.touch()
}

func maxTime(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// EditPost changes the text, title, address or image of a post; empty fields stay.
func (s *Sim) EditPost(sourceKey, id string, change PostSpec) error {
	return s.withPost(sourceKey, id, func(_ *source, p *platformPost) {
		for _, f := range []struct {
			field *string
			value string
		}{{&p.Title, change.Title}, {&p.Text, change.Text}, {&p.URL, change.URL}, {&p.ImageURL, change.ImageURL}} {
			if f.value != "" {
				*f.field = f.value
			}
		}
		if !change.PublishedAt.IsZero() {
			p.PublishedAt = change.PublishedAt.UTC()
		}
		p.edited = s.now()
	})
}

// SetMetrics fixes a post's counters, which then no longer grow.
func (s *Sim) SetMetrics(sourceKey, id string, m Metrics) error {
	return s.withPost(sourceKey, id, func(_ *source, p *platformPost) { p.fixed = &m })
}

// RemovePost deletes a post.
func (s *Sim) RemovePost(sourceKey, id string) error {
	return s.withPost(sourceKey, id, func(src *source, p *platformPost) {
		src.posts = slices.DeleteFunc(src.posts, func(q *platformPost) bool { return q == p })
	})
}

func (s *Sim) withPost(sourceKey, id string, do func(*source, *platformPost)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	src := s.sources[sourceKey]
	if src == nil || src.post(id) == nil {
		return fmt.Errorf("change post: unknown source %q or post %q", sourceKey, id)
	}
	do(src, src.post(id))
	s.sourceChanged(src)
	return nil
}

// at is what the counters show at a moment: growth from 0 towards the peak.
func (p *platformPost) at(now time.Time) Metrics {
	if p.fixed != nil {
		return *p.fixed
	}
	peak := p.Peak
	if peak == nil {
		peak = plausible(p.ID)
	}
	share := 1 - math.Exp2(-max(now.Sub(p.PublishedAt).Hours(), 0)/p.HalfLife.Hours())
	grown := func(n int64) int64 { return int64(math.Round(float64(n) * share)) }
	return Metrics{grown(peak.Views), grown(peak.Likes), grown(peak.Reposts), grown(peak.Replies), grown(peak.Quotes)}
}

// plausible is a peak with the long tail that real posts have.
func plausible(seed string) *Metrics {
	tail := func(name string, low, high float64) int64 {
		u := float64(hash(seed+name)%10_000) / 10_000
		return int64(low * math.Pow(high/low, u*u))
	}
	likes := tail("likes", 12, 4000)
	return &Metrics{
		Views: likes*tail("views", 12, 60) + 40, Likes: likes, Reposts: likes*tail("reposts", 4, 30)/100 + 1,
		Replies: likes*tail("replies", 3, 20)/100 + 1, Quotes: likes * tail("quotes", 1, 8) / 100,
	}
}
