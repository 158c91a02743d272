package tracking_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"trackbot/internal/audit"
	"trackbot/internal/fault"
	"trackbot/internal/source"
	"trackbot/internal/store"
	"trackbot/internal/testkit"
	"trackbot/internal/tracking"
)

// office is a database with two tenants, mine and theirs, and a catalog on it.
type office struct {
	t            *testing.T
	url          string
	admin        *store.Store
	catalog      *tracking.Catalog
	platform     *platform
	mine, theirs uuid.UUID
	by           audit.By
}

const (
	newsChannel   = "500000000000000001" // text, the bot may post
	quietChannel  = "500000000000000002" // text, it may not
	voiceChannel  = "500000000000000003"
	pausedChannel = "500000000000000004" // text, Discord has refused it
)

// platform stands for the Internet: it resolves "name" to the account name, unless told otherwise.
type platform struct {
	mu      sync.Mutex
	err     error
	calls   atomic.Int32
	resolve func(ctx context.Context)
	refuse  func(input string) error
}

// resolveOnly makes the platform refuse what refuse does not let pass.
func (o *office) resolveOnly(refuse func(input string) error) {
	o.platform.mu.Lock()
	defer o.platform.mu.Unlock()
	o.platform.refuse = refuse
}

func (p *platform) fail(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.err = err
}

func (p *platform) Resolve(ctx context.Context, _, input string) (source.Account, error) {
	p.calls.Add(1)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.resolve != nil {
		p.resolve(ctx)
	}
	if p.err != nil {
		return source.Account{}, p.err
	}
	if p.refuse != nil {
		if err := p.refuse(input); err != nil {
			return source.Account{}, err
		}
	}
	followers := int64(7)
	return source.Account{
		Platform: source.Bluesky, ExternalID: "did:plc:" + strings.ToLower(input), Handle: input, DisplayName: strings.ToUpper(input),
		URL: "https://bsky.app/profile/" + input, Followers: &followers,
	}, nil
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{t: t, url: testkit.NewDB(t).OwnerURL, platform: &platform{}, by: audit.By{
		Actor:  audit.Actor{ID: "300000000000000001", Type: audit.User, Name: "Manager"},
		Source: audit.FromDashboard, RequestID: "req-1",
	}}
	o.admin = o.open(store.RoleAdmin)
	o.mine, o.theirs = o.tenant("100000000000000001"), o.tenant("100000000000000002")
	o.as(store.RoleAPI)
	return o
}

func (o *office) open(role store.Role, opts ...store.Option) *store.Store {
	o.t.Helper()
	st, err := store.Open(o.t.Context(), o.url, role, opts...)
	o.must(err)
	o.t.Cleanup(st.Close)
	return st
}

// as makes the catalog work with a role.
func (o *office) as(role store.Role, opts ...store.Option) {
	o.t.Helper()
	o.catalog = tracking.NewCatalog(o.open(role, opts...), o.platform)
}

func (o *office) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) exec(sql string, args ...any) {
	o.t.Helper()
	_, err := o.admin.Shared().Exec(o.t.Context(), sql, args...)
	o.must(err)
}

func (o *office) tenant(guildID string) uuid.UUID {
	o.t.Helper()
	id := uuid.Must(uuid.NewV7())
	o.exec("INSERT INTO clients (id, guild_id, name, owner_id) VALUES ($1, $2, 'Newsroom', '200000000000000001')", id, guildID)
	o.exec("INSERT INTO subscriptions (client_id) VALUES ($1)", id)
	o.exec(`INSERT INTO guild_channels (client_id, id, name, type, can_send, paused_at, paused_reason) VALUES
		($1, $2, 'news', 'text', true, NULL, NULL), ($1, $3, 'quiet', 'text', false, NULL, NULL),
		($1, $4, 'talk', 'voice', true, NULL, NULL), ($1, $5, 'paused', 'text', true, now(), 'missing_access')`,
		id, newsChannel, quietChannel, voiceChannel, pausedChannel)
	return id
}

func (o *office) brand(client uuid.UUID, name string) uuid.UUID {
	o.t.Helper()
	brand, err := o.catalog.CreateBrand(o.t.Context(), o.by, client, name)
	o.must(err)
	return brand.ID
}

func (o *office) group(client, brand uuid.UUID, name string) uuid.UUID {
	o.t.Helper()
	group, err := o.catalog.CreateGroup(o.t.Context(), o.by, client, brand, name)
	o.must(err)
	return group.ID
}

func (o *office) add(client, group uuid.UUID, handle string) tracking.Account {
	o.t.Helper()
	account, err := o.tryAdd(client, tracking.NewAccount{Platform: source.Auto, Input: handle, GroupID: group})
	o.must(err)
	return account
}

func (o *office) tryAdd(client uuid.UUID, in tracking.NewAccount) (tracking.Account, error) {
	return o.catalog.AddAccount(o.t.Context(), o.by, client, in)
}

// post gives an account a post of its own.
func (o *office) post(a tracking.Account) {
	o.t.Helper()
	id := uuid.Must(uuid.NewV7())
	o.exec("INSERT INTO source_posts (id, source_id, external_id, fingerprint, published_at) VALUES ($1, $2, $3, '', now())", id, a.Source.ID, id.String())
	o.exec(`INSERT INTO posts (client_id, id, account_id, brand_id, group_id, source_post_id, platform, kind, external_id, url, published_at, first_seen_at)
		VALUES ($1, $2, $3, $4, $5, $2, 'bluesky', 'post', $6, '', now(), now())`,
		a.ClientAccount.ClientID, id, a.ClientAccount.ID, a.ClientAccount.BrandID, a.ClientAccount.GroupID, id.String())
}

// count gives the number that a query returns.
func (o *office) count(sql string, args ...any) (n int) {
	o.t.Helper()
	o.must(o.admin.Shared().QueryRow(o.t.Context(), sql, args...).Scan(&n))
	return n
}

type entry struct {
	Action, Target, Actor, Source, Request string
	Changes                                []audit.Change
}

// log is the tenant's audit log from its entry number from on.
func (o *office) log(client uuid.UUID, from int) []entry {
	o.t.Helper()
	rows, err := o.admin.Shared().Query(o.t.Context(), `SELECT action, target_type || ':' || target_id, actor_id, source, request_id, changes
		FROM audit_log WHERE client_id = $1 AND seq >= $2 ORDER BY seq`, client, from)
	o.must(err)
	defer rows.Close()
	entries := []entry{}
	for rows.Next() {
		var e entry
		var changes string
		o.must(rows.Scan(&e.Action, &e.Target, &e.Actor, &e.Source, &e.Request, &changes))
		o.must(json.Unmarshal([]byte(changes), &e.Changes))
		entries = append(entries, e)
	}
	o.must(rows.Err())
	return entries
}

// wantLog checks the log from an entry on; changes are written as field, old, new, field, …
func (o *office) wantLog(client uuid.UUID, from int, want ...entry) {
	o.t.Helper()
	for i := range want {
		want[i].Actor, want[i].Source, want[i].Request = o.by.ID, string(o.by.Source), o.by.RequestID
	}
	if want == nil {
		want = []entry{}
	}
	if diff := cmp.Diff(want, o.log(client, from)); diff != "" {
		o.t.Errorf("audit log: %s", diff)
	}
	report, err := audit.Verify(o.t.Context(), o.admin.Shared(), client)
	o.must(err)
	if report.BrokenSeq != 0 {
		o.t.Errorf("audit chain: %+v", report)
	}
}

func changes(fieldOldNew ...any) []audit.Change {
	var out []audit.Change
	for i := 0; i+2 < len(fieldOldNew); i += 3 {
		out = append(out, audit.Change{Field: fieldOldNew[i].(string), Old: fieldOldNew[i+1], New: fieldOldNew[i+2]})
	}
	return out
}

// wantRefusal checks the code of a refusal and, if given, the fields it names.
func (o *office) wantRefusal(err error, code fault.Code, fields ...string) {
	o.t.Helper()
	refusal := fault.From(err)
	if refusal == nil || refusal.Code != code || refusal.Detail == "" {
		o.t.Errorf("error %v, want %s", err, code)
		return
	}
	var named []string
	for _, f := range refusal.Fields {
		named = append(named, f.Name)
	}
	if diff := cmp.Diff(fields, named); diff != "" {
		o.t.Errorf("fields of %v: %s", err, diff)
	}
}

// atOnce calls fn n times in parallel and counts the codes that come back, "" for success.
func atOnce(n int, fn func(i int) error) map[fault.Code]int {
	codes := make(chan fault.Code, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			err := fn(i)
			switch {
			case err == nil:
				codes <- ""
			case fault.From(err) != nil:
				codes <- fault.From(err).Code
			default:
				codes <- fault.Code(fmt.Sprint(err))
			}
		})
	}
	wg.Wait()
	close(codes)
	got := map[fault.Code]int{}
	for c := range codes {
		got[c]++
	}
	return got
}
