package tracking

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/google/uuid"

	"trackbot/internal/accountfile"
	"trackbot/internal/source"
	"trackbot/internal/store/db"
)

// maxExported is above what any plan tracks.
const maxExported = 100_000

// Entries are a tenant's accounts as a subscription list writes them, by brand, group and name. What they are
// identified by is what an import resolves to the same account.
func (c *Catalog) Entries(ctx context.Context, clientID uuid.UUID) ([]accountfile.Entry, error) {
	rows, err := c.FindAccounts(ctx, clientID, Search{Limit: maxExported})
	if err != nil {
		return nil, err
	}
	entries := make([]accountfile.Entry, len(rows))
	for i, row := range rows {
		entries[i] = entry(row.Source)
		entries[i].Brand, entries[i].Group = row.BrandName, row.GroupName
	}
	slices.SortStableFunc(entries, func(a, b accountfile.Entry) int {
		return cmp.Or(strings.Compare(a.Brand, b.Brand), strings.Compare(a.Group, b.Group))
	})
	return entries, nil
}

// entry names an account by what does not change where that can be typed, and its feed where it has one.
func entry(s db.Source) accountfile.Entry {
	e := accountfile.Entry{Platform: s.Platform, Account: s.ExternalID, Name: cmp.Or(s.DisplayName, s.Handle), Page: s.URL}
	switch s.Platform {
	case source.RSS:
		e.Feed = s.ExternalID
	case source.Bluesky:
		e.Feed = "https://bsky.app/profile/" + url.PathEscape(s.ExternalID) + "/rss"
	case source.YouTube:
		e.Feed = "https://www.youtube.com/feeds/videos.xml?" + url.Values{"channel_id": {s.ExternalID}}.Encode()
	case source.Mastodon:
		e.Account, e.Feed = s.Handle, s.URL+".rss"
	default:
		e.Account = s.Handle
	}
	return e
}
