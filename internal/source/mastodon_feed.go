package source

import (
	"context"
	"net/url"
	"path"
	"strings"
)

// fallBack reads the feed of an account whose API has closed. Its posts have the same identities, so
// nothing is announced twice, and the cursor stays, so that the API goes on where it was.
func (a *mastodonAdapter) fallBack(ctx context.Context, account *url.URL, cursor mastodonCursor, req FetchRequest, closedErr error) (FetchResult, error) {
	if cursor.User == "" {
		var who mastodonAccount
		if _, err := a.get(ctx, account, &who); err != nil || who.Username == "" {
			return FetchResult{}, closedErr
		}
		cursor.User = who.Username
	}
	origin := originOf(account)
	req.Cursor = cursor.encode()
	res, err := a.fetchFeed(ctx, origin.JoinPath("/@"+cursor.User+".rss"), req)
	if KindOf(err) == NotFound {
		res, err = a.fetchFeed(ctx, origin.JoinPath("/@"+cursor.User+"/feed.rss"), req)
	}
	if KindOf(err) == NotFound {
		return FetchResult{}, closedErr
	}
	return res, err
}

// fetchFeed reads an account's RSS feed and gives its posts the identities they have in the API.
func (a *mastodonAdapter) fetchFeed(ctx context.Context, feed *url.URL, req FetchRequest) (FetchResult, error) {
	res, err := a.feeds.fetchFeed(ctx, feed, req)
	if err != nil {
		return FetchResult{}, err
	}
	res.MovedTo = ""
	for i := range res.Posts {
		res.Posts[i].ExternalID = statusID(res.Posts[i].ExternalID)
		res.Posts[i].Title = ""
	}
	if res.Account != nil {
		acct := feedAccount(feed, *res.Account)
		acct.ExternalID = req.ExternalID
		res.Account = &acct
	}
	return res, nil
}

// feedAccount describes the account behind a feed at /@user.rss or /@user/feed.rss.
func feedAccount(feed *url.URL, seen Account) Account {
	name, _, _ := strings.Cut(strings.TrimPrefix(feed.Path, "/@"), "/")
	name = strings.TrimSuffix(name, ".rss")
	origin := originOf(feed)
	return Account{
		Platform: Mastodon, ExternalID: feed.String(), Handle: "@" + name + "@" + feed.Host,
		DisplayName: seen.DisplayName, URL: origin.JoinPath("@" + name).String(), AvatarURL: seen.AvatarURL,
	}
}

// statusID is the last part of a status's address, which is its id in the API.
func statusID(guid string) string {
	u, err := url.Parse(guid)
	if err != nil || u.Host == "" {
		return guid
	}
	if id := path.Base(u.Path); isStatusID(id) {
		return id
	}
	return guid
}

// isStatusID holds for Mastodon's snowflakes and GoToSocial's ULIDs.
func isStatusID(s string) bool {
	return s != "" && len(s) <= 64 && strings.Trim(s, "0123456789ABCDEFGHJKMNPQRSTVWXYZabcdefghjkmnpqrstvwxyz") == ""
}

// laterID compares ids of statuses: longer snowflakes are later, and equally long ids sort as text.
func laterID(a, b string) bool {
	if len(a) != len(b) {
		return len(a) > len(b)
	}
	return a > b
}

// Measure reads the account's newest page, which has the figures of 40 posts at once, then those not
// on it one by one. A post that fails costs only itself.
func (a *mastodonAdapter) Measure(ctx context.Context, accountID string, postIDs []string) (map[string]Metrics, error) {
	account, err := url.Parse(accountID)
	out := make(map[string]Metrics, len(postIDs))
	if err != nil || !strings.HasPrefix(account.Path, mastodonAccounts) {
		return out, nil // followed by feed, which has no figures
	}
	want := make(map[string]bool, len(postIDs))
	for _, id := range postIDs {
		want[id] = isStatusID(id)
	}
	var failed error
	if len(postIDs) > 1 {
		page, err := a.statuses(ctx, account, "", mastodonPage)
		if closed(err) {
			return out, nil
		}
		if failed = err; err != nil && KindOf(err) != NotFound {
			return nil, err
		}
		a.collect(page, want, out)
	}
	singles := 0
	for _, id := range postIDs {
		if _, done := out[id]; done || !want[id] || singles == maxSingles {
			continue
		}
		singles++
		st, err := a.status(ctx, account, id)
		if kind := KindOf(err); kind == NotFound || kind == Gone {
			out[id] = Metrics{Gone: true}
			continue
		}
		if err != nil {
			failed = err
			if KindOf(err) == RateLimited || ctx.Err() != nil {
				break
			}
			continue
		}
		if st.Reblog == nil {
			out[id] = st.metrics()
		}
	}
	if len(out) == 0 && failed != nil && KindOf(failed) != NotFound {
		return nil, failed
	}
	return out, nil
}

func (a *mastodonAdapter) collect(page list[mastodonStatus], want map[string]bool, out map[string]Metrics) {
	for i := range page {
		if st := &page[i]; want[st.ID] && st.Reblog == nil {
			out[st.ID] = st.metrics()
		}
	}
}

func (a *mastodonAdapter) status(ctx context.Context, account *url.URL, id string) (*mastodonStatus, error) {
	var st mastodonStatus
	_, err := a.get(ctx, originOf(account).JoinPath("/api/v1/statuses", id), &st)
	return &st, err
}
