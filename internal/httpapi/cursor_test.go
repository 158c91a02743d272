package httpapi_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"net/http"
	"regexp"
	"testing"
	"time"

	"trackbot/api"
	"trackbot/internal/fault"
	"trackbot/internal/httpapi"
)

type sortKey struct {
	PublishedAt time.Time
	ID          string
}

func cursors(t testing.TB, key byte) *httpapi.Cursors {
	t.Helper()
	c, err := httpapi.NewCursors(bytes.Repeat([]byte{key}, 32))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var own = httpapi.Scope{Tenant: "a", Route: "GET /posts", Filters: "platform=rss"}

func TestCursorsLeadBackToTheirSortKey(t *testing.T) {
	t.Parallel()
	c := cursors(t, 'k')
	want := sortKey{time.Date(2026, 11, 22, 20, 13, 0, 123456000, time.UTC), someID}
	text := c.Encode(own, want)
	if !regexp.MustCompile(`^[A-Za-z0-9_-]+$`).MatchString(text) || len(text) > 1024 {
		t.Errorf("%q does not fit the contract", text)
	}
	var got sortKey
	if err := c.Decode(own, text, &got); err != nil || !got.PublishedAt.Equal(want.PublishedAt) || got.ID != want.ID {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestCursorsOfAFormerKeyCountWhileItIsKnown(t *testing.T) {
	t.Parallel()
	former, latter := bytes.Repeat([]byte{'k'}, 32), bytes.Repeat([]byte{'n'}, 32)
	rotated, err := httpapi.NewCursors(latter, former)
	if err != nil {
		t.Fatal(err)
	}
	var got sortKey
	if err := rotated.Decode(own, cursors(t, 'k').Encode(own, sortKey{ID: someID}), &got); err != nil || got.ID != someID {
		t.Errorf("a page of the former key: %v, %v", got, err)
	}
	if err := cursors(t, 'n').Decode(own, rotated.Encode(own, sortKey{ID: someID}), &got); err != nil {
		t.Errorf("cursors are not made with the first key: %v", err)
	}
	if err := rotated.Decode(own, cursors(t, 'x').Encode(own, sortKey{ID: someID}), &got); err == nil {
		t.Error("a key that nobody knows counts")
	}
	if _, err := httpapi.NewCursors(latter, former[:31]); err == nil {
		t.Error("a short former key was taken")
	}
}

func TestForeignAndForgedCursorsAreRefused(t *testing.T) {
	t.Parallel()
	c := cursors(t, 'k')
	text := c.Encode(own, sortKey{ID: someID})
	raw, _ := base64.RawURLEncoding.DecodeString(text)
	for name, try := range map[string]struct {
		scope httpapi.Scope
		text  string
	}{
		"other tenant":           {httpapi.Scope{Tenant: "b", Route: own.Route, Filters: own.Filters}, text},
		"other route":            {httpapi.Scope{Tenant: own.Tenant, Route: "GET /audit", Filters: own.Filters}, text},
		"other filters":          {httpapi.Scope{Tenant: own.Tenant, Route: own.Route}, text},
		"parts shifted":          {httpapi.Scope{Tenant: "aG", Route: "ET /posts", Filters: own.Filters}, text},
		"other key":              {own, cursors(t, 'x').Encode(own, sortKey{ID: someID})},
		"empty":                  {own, ""},
		"cut off":                {own, text[:10]},
		"no base64url":           {own, text + "="},
		"only a MAC":             {own, base64.RawURLEncoding.EncodeToString(raw[:17])},
		"other version":          {own, base64.RawURLEncoding.EncodeToString(append([]byte{2}, raw[1:]...))},
		"JSON without MAC":       {own, base64.RawURLEncoding.EncodeToString([]byte(`{"ID":"x"}`))},
		"something after it":     {own, base64.RawURLEncoding.EncodeToString(append(bytes.Clone(raw), ' '))},
		"same bytes, other text": {own, text[:len(text)-1] + "_"},
	} {
		var got sortKey
		err := c.Decode(try.scope, try.text, &got)
		fe := fault.From(err)
		if fe == nil || fe.Code != fault.ValidationFailed || len(fe.Fields) != 1 || fe.Fields[0].Name != "cursor" {
			t.Errorf("%s: got %v", name, err)
		}
		if got != (sortKey{}) {
			t.Errorf("%s: read %v", name, got)
		}
	}
	for i := range raw {
		forged := bytes.Clone(raw)
		forged[i] ^= 1
		if err := c.Decode(own, base64.RawURLEncoding.EncodeToString(forged), &sortKey{}); err == nil {
			t.Errorf("byte %d may be changed", i)
		}
	}
}

func TestScopeIsTheTenantTheRouteAndTheFilters(t *testing.T) {
	t.Parallel()
	var got []httpapi.Scope
	h := brandsWith(t, ready(), func(ctx context.Context) (api.ListBrandsResponseObject, error) {
		got = append(got, httpapi.ScopeOf(ctx))
		if httpapi.TenantFrom(ctx).ClientID != client || httpapi.ActorFrom(ctx).UserID == "" || httpapi.RequestID(ctx) == "" || !httpapi.CallerIP(ctx).IsValid() {
			t.Errorf("context: %v, %v", httpapi.TenantFrom(ctx), httpapi.ActorFrom(ctx))
		}
		return brandPage(), nil
	})
	for _, query := range []string{"", "?limit=1", "?cursor=abc&limit=7"} {
		if w := (call{method: "GET", path: base + "/brands" + query}).send(h); w.Code != http.StatusOK {
			t.Fatalf("%s: got %d %s", query, w.Code, w.Body)
		}
	}
	want := httpapi.Scope{Tenant: client.String(), Route: "GET /api/v1/guilds/{guildId}/brands"}
	for i, s := range got {
		if s != want {
			t.Errorf("page %d: %+v, want %+v", i, s, want)
		}
	}
}

func FuzzCursor(f *testing.F) {
	c := cursors(f, 'k')
	f.Add(c.Encode(own, sortKey{ID: someID}))
	f.Add("AQ")
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		var got sortKey
		if err := c.Decode(own, text, &got); err == nil && c.Encode(own, got) != text {
			t.Fatalf("%q was read as %v, which is written otherwise", text, got)
		}
	})
}
