package app

import (
	"bytes"
	"testing"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/store/db"
	"trackbot/internal/tracking"
)

// Streams go on behind the largest id they have told: one of the past must not be larger than those to come.
func TestPostsOfTheDemosPastComeBeforeThoseThatFollow(t *testing.T) {
	t.Parallel()
	d := demoSource{platform: youtube, name: "n", title: "T", followers: 10, words: []string{"a", "b"}}
	account := tracking.Account{ClientAccount: db.ClientAccount{ClientID: uuid.New()}, Source: db.Source{ID: uuid.New()}}
	another := account
	another.ClientAccount.ClientID = uuid.New()
	at, last := time.Now().Add(-90*24*time.Hour), uuid.Nil
	for n := range 200 {
		p := historicPost(account, d, n, at.Add(time.Duration(n)*time.Hour))
		if bytes.Compare(p.ID[:], last[:]) <= 0 || p.ID.Version() != 7 || p.ID.Variant() != uuid.RFC4122 {
			t.Fatalf("post %d has id %s after %s", n, p.ID, last)
		}
		if same := historicPost(another, d, n, p.PublishedAt.Add(time.Second)); same.SourcePostID != p.SourcePostID {
			t.Errorf("post %d is another one for another guild", n)
		}
		last = p.ID
	}
	if next := uuid.Must(uuid.NewV7()); bytes.Compare(next[:], last[:]) <= 0 {
		t.Errorf("a new post has id %s, one of the past %s", next, last)
	}
}
