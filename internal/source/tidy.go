package source

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"
)

const (
	maxIDLen    = 512 // longer identities are stored as their hash
	maxPosts    = 500
	minPostYear = 1990 // dates before are the defaults of broken software
	maxPostYear = 2200
)

// tidied puts every result of an adapter in order, in one place for all of them.
type tidied struct{ Adapter }

// Resolve tidies what the adapter resolves.
func (t tidied) Resolve(ctx context.Context, input string) (Account, error) {
	acct, err := t.Adapter.Resolve(ctx, input)
	if err != nil {
		return Account{}, err
	}
	return tidyAccount(acct), nil
}

// Fetch tidies what the adapter fetches.
func (t tidied) Fetch(ctx context.Context, req FetchRequest) (FetchResult, error) {
	res, err := t.Adapter.Fetch(ctx, req)
	if err != nil {
		return FetchResult{}, err
	}
	res.Posts = tidyPosts(res.Posts)
	res.NextAfter = clampHint(res.NextAfter)
	if res.Account != nil {
		acct := tidyAccount(*res.Account)
		res.Account = &acct
	}
	return res, nil
}

// Measure tidies what the adapter measures.
func (t tidied) Measure(ctx context.Context, accountID string, postIDs []string) (map[string]Metrics, error) {
	got, err := t.Adapter.Measure(ctx, accountID, postIDs)
	if err != nil {
		return nil, err
	}
	for id, m := range got {
		got[id] = tidyMetrics(m)
	}
	return got, nil
}

func tidyAccount(a Account) Account {
	a.Handle = clip(cleanLine(a.Handle), maxNameRunes)
	a.DisplayName = clip(cleanLine(a.DisplayName), maxNameRunes)
	a.URL = webURL(nil, a.URL)
	a.AvatarURL = webURL(nil, a.AvatarURL)
	a.Followers = countable(a.Followers)
	return a
}

// tidyPosts bounds every field, drops what has no identity and keeps the first of each identity.
func tidyPosts(posts []Post) []Post {
	seen := make(map[string]bool, len(posts))
	out := posts[:0]
	for _, p := range posts {
		p.ExternalID = boundedID(p.ExternalID)
		if p.ExternalID == "" || seen[p.ExternalID] || len(out) == maxPosts {
			continue
		}
		seen[p.ExternalID] = true
		out = append(out, tidyPost(p))
	}
	return out
}

func tidyPost(p Post) Post {
	p.Title = clip(cleanLine(p.Title), maxTitleRunes)
	p.Body = clip(clean(p.Body), maxBodyRunes)
	p.AuthorName = clip(cleanLine(p.AuthorName), maxNameRunes)
	p.URL = webURL(nil, p.URL)
	p.ThumbnailURL = webURL(nil, p.ThumbnailURL)
	p.PublishedAt = believable(p.PublishedAt)
	if p.EditedAt != nil {
		edited := believable(*p.EditedAt)
		if p.EditedAt = &edited; !edited.After(p.PublishedAt) {
			p.EditedAt = nil
		}
	}
	if p.Metrics != nil {
		m := tidyMetrics(*p.Metrics)
		p.Metrics = &m
	}
	return p
}

func tidyMetrics(m Metrics) Metrics {
	return Metrics{countable(m.Views), countable(m.Likes), countable(m.Comments), countable(m.Shares), m.Gone}
}

// countable drops a negative count: no figure is better than a false one.
func countable(n *int64) *int64 {
	if n != nil && *n < 0 {
		return nil
	}
	return n
}

// believable is t in UTC, zero if it is a date no post can have.
func believable(t time.Time) time.Time {
	if t.Year() < minPostYear || t.Year() > maxPostYear {
		return time.Time{}
	}
	return t.UTC()
}

// boundedID makes an identity storable; a very long one becomes its hash.
func boundedID(id string) string {
	id = clean(id)
	if len(id) > maxIDLen {
		return hashID(id)
	}
	return id
}

func hashID(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil))
}
