package httpapi_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/uuid"
)

// marker stands in every text of the other tenant.
const marker = "zq7marker"

// ids are values for the contract's parameters and fields that name an object.
type ids map[string]string

// property gives a tenant one of everything, marked, and returns the ids by the names the contract has for them.
func (n *newsroom) property() ids {
	n.t.Helper()
	brand := n.brand("Brand " + marker)
	group := n.group(brand, "Group "+marker)
	account := n.account(group, "bluesky", marker)
	channel := n.channel()
	post := n.post(account, "post", "Title "+marker, 1)
	n.exec("UPDATE posts SET views = 7, likes = 7, body = $2, author_name = $2, url = 'https://' || $2 WHERE id = $1", post, marker)
	n.measure(post, "0 seconds", 7)
	n.exec(`INSERT INTO audit_log (client_id, seq, id, created_at, guild_id, actor_id, actor_type, action, target_type, target_id, changes, source, origin_hash, previous, hash)
		VALUES ($1, 7, gen_random_uuid(), now(), $2, '', 'system', 'brand.created', 'brand', '', '[]', 'system', '', '', '')`, n.client, n.guildID)
	n.exec("INSERT INTO audit_heads (client_id, seq, hash, salt) VALUES ($1, 7, '', '')", n.client)
	n.exec(`INSERT INTO follower_metrics (source_id, measured_at, followers) SELECT source_id, now(), 7 FROM client_accounts WHERE client_id = $1`, n.client)
	of := ids{
		"brandId": id(brand), "groupId": id(group), "accountId": id(account), "postId": id(post), "channelId": channel,
		"deliveryId": id(n.deliver(post, channel, "sent", "600000000000000001")), "mentionRoleId": n.role(marker), "defaultChannelId": channel,
		"exportId": id(newID()), "routeId": id(newID()), "shareId": id(newID()), "keyId": id(newID()),
	}
	n.finishedExport(of["exportId"])
	n.exec("INSERT INTO routes (client_id, id, brand_id, channel_id, template) VALUES ($1, $2, $3, $4, $5)", n.client, of["routeId"], brand, channel, marker)
	n.exec("INSERT INTO shares (client_id, id, brand_id, token_hash, created_by, expires_at) VALUES ($1, $2, $3, $4, $5, now() + interval '1 day')",
		n.client, of["shareId"], brand, of["shareId"], marker)
	n.exec("INSERT INTO api_keys (client_id, id, key_id, secret_hash, name, scopes, created_by) VALUES ($1, $2, $3, '', $4, '{read}', $5)",
		n.client, of["keyId"], strings.ReplaceAll(of["keyId"], "-", "")[20:28], marker, n.owner)
	n.exec("INSERT INTO usage_daily VALUES ($1, current_date, 7777777, 7777777, 7777777, 7777777, 7777777)", n.client)
	return of
}

// nobodys are ids of the same kinds that nothing has.
func (of ids) nobodys() ids {
	random := ids{}
	for name, value := range of {
		random[name] = uuid.NewString()
		if !strings.Contains(value, "-") {
			random[name] = "999999999999999999"
		}
	}
	return random
}

// attempt is a request of the contract about certain objects.
func attempt(t *testing.T, op contractOperation, guildID string, path, inside ids) call {
	t.Helper()
	c := sample(t, op)
	c.header["X-Request-Id"] = "the-same-for-all"
	c.path = op.path
	query := url.Values{}
	for _, ref := range slices.Concat(op.item.Parameters, op.Parameters) {
		p := ref.Value
		switch {
		case p.Name == "If-Match":
			c.header[p.Name] = `W/"v1.x"` // what has never been changed
		case p.In == openapi3.ParameterInPath && p.Name == "guildId":
			c.path = strings.ReplaceAll(c.path, "{guildId}", guildID)
		case p.In == openapi3.ParameterInPath:
			if path[p.Name] == "" {
				t.Fatalf("%s: this test has no %s of another tenant", op, p.Name)
			}
			c.path = strings.ReplaceAll(c.path, "{"+p.Name+"}", path[p.Name])
		case p.In == openapi3.ParameterInQuery && p.Schema.Value.Format == "uuid":
			if inside[p.Name] == "" {
				t.Fatalf("%s: this test has no %s of another tenant", op, p.Name)
			}
			query.Set(p.Name, inside[p.Name])
		case p.In == openapi3.ParameterInQuery && p.Required:
			query.Set(p.Name, sampleValue(p))
		}
	}
	if len(query) > 0 {
		c.path += "?" + query.Encode()
	}
	if c.contentType == "application/json" {
		c.body = bodyAbout(t, op, inside)
	}
	return c
}

// bodyAbout is the contract's example with every field that names an object set, as far as they go together.
func bodyAbout(t *testing.T, op contractOperation, inside ids) string {
	t.Helper()
	schema := op.RequestBody.Value.Content["application/json"].Schema.Value
	raw, err := json.Marshal(schema.Example)
	if err != nil {
		t.Fatal(err)
	}
	body := map[string]any{}
	if err := json.Unmarshal(raw, &body); err != nil {
		t.Fatal(err)
	}
	target := false
	for _, name := range slices.Sorted(maps.Keys(schema.Properties)) {
		field := schema.Properties[name].Value
		if !strings.HasSuffix(name, "Id") || field.Format != "uuid" && !strings.Contains(field.Pattern, "{17,20}") {
			continue
		}
		if inside[name] == "" {
			t.Fatalf("%s: this test has no %s of another tenant", op, name)
		}
		if oneOf := op.OperationID == "createRoute" && name != "channelId" && name != "mentionRoleId"; oneOf && target {
			continue
		} else if oneOf {
			delete(body, "accountId")
			target = true
		}
		body[name] = inside[name]
	}
	if raw, err = json.Marshal(body); err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// guildOperations are those under a guild, which the matrix covers: new ones too.
func guildOperations(t *testing.T) []contractOperation {
	t.Helper()
	ops := slices.DeleteFunc(operations(t), func(op contractOperation) bool { return !strings.HasPrefix(op.path, "/api/v1/guilds/{guildId}") })
	if len(ops) < 40 {
		t.Fatalf("only %d operations under a guild", len(ops))
	}
	return ops
}

// rows is what a tenant has in every table that knows tenants.
func (n *newsroom) rows() map[string]string {
	n.t.Helper()
	tables := one[[]string](n, `SELECT array_agg(c.table_name::text) FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
		WHERE c.table_schema = 'public' AND c.column_name = 'client_id' AND t.table_type = 'BASE TABLE'`)
	if len(tables) < 15 {
		n.t.Fatalf("only %d tables know tenants", len(tables))
	}
	rows := map[string]string{}
	for _, table := range tables {
		rows[table] = one[string](n, fmt.Sprintf("SELECT coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '') FROM %s t WHERE client_id = $1", table), n.client)
	}
	return rows
}

// fence is two tenants: one who looks, and one who must not be there for them.
type fence struct {
	t            *testing.T
	mine, theirs *newsroom
	own, foreign ids
	nobodys      ids
}

func newFence(t *testing.T) *fence {
	w := newSignInWorld(t)
	f := &fence{t: t, mine: newNewsroom(t, w, "Mine"), theirs: newNewsroom(t, w, "Theirs-"+marker)}
	f.own, f.foreign = f.mine.property(), f.theirs.property()
	f.nobodys = f.foreign.nobodys()
	f.mine.unmark()
	f.mine.exec("UPDATE subscriptions SET tier = 'pro'") // so that no plan refuses first
	return f
}

// send is a request of mine, whose answer must not tell of theirs.
func (f *fence) send(c call) (status int, dump string) {
	f.t.Helper()
	c.token = f.mine.token
	answer := c.send(f.mine)
	dump = headerDump(answer.Header()) + answer.Body.String()
	for _, secret := range []string{marker, f.theirs.guildID, f.theirs.client.String(), "7777777"} {
		if strings.Contains(strings.ToLower(dump), secret) {
			f.t.Errorf("%s %s tells %s of another tenant: %s", c.method, c.path, secret, dump)
		}
	}
	return answer.Code, dump
}

// alike checks that two requests of the same operation, about what is theirs and about what is nobody's, get
// the same answer, byte for byte, with one of the states.
func (f *fence) alike(op contractOperation, theirs, nobodys call, states ...int) {
	f.t.Helper()
	if theirs.path == nobodys.path && theirs.body == nobodys.body {
		if op.method == http.MethodGet {
			f.send(theirs)
		}
		return
	}
	status, got := f.send(theirs)
	if _, want := f.send(nobodys); got != want || !slices.Contains(states, status) {
		f.t.Errorf("%s %s of another: %d\n%s\nof nobody:\n%s", theirs.method, theirs.path, status, got, want)
	}
}

func TestTenantsDoNotExistForOneAnother(t *testing.T) {
	t.Parallel()
	newFence(t).holds()
}

// holds goes through every operation under a guild with every id of theirs that it takes.
func (f *fence) holds() {
	t := f.t
	t.Helper()
	before := f.theirs.rows()
	const missing, notSetUp = http.StatusNotFound, http.StatusNotImplemented
	for _, op := range guildOperations(t) {
		f.alike(op, attempt(t, op, f.theirs.guildID, f.foreign, f.foreign), attempt(t, op, "999999999999999999", f.nobodys, f.nobodys), missing)
		within := []int{missing, notSetUp, http.StatusBadRequest}
		if op.method == http.MethodGet {
			within = append(within, http.StatusOK) // a filter by what is not there finds nothing
		}
		if strings.Count(op.path, "{") > 1 {
			f.alike(op, attempt(t, op, f.mine.guildID, f.foreign, f.own), attempt(t, op, f.mine.guildID, f.nobodys, f.own), missing, notSetUp)
		}
		f.alike(op, attempt(t, op, f.mine.guildID, f.own, f.foreign), attempt(t, op, f.mine.guildID, f.own, f.nobodys), within...)
		for name := range f.own { // each alone, since the first that is refused ends a request
			theirs, nobodys := maps.Clone(f.own), maps.Clone(f.own)
			theirs[name], nobodys[name] = f.foreign[name], f.nobodys[name]
			f.alike(op, attempt(t, op, f.mine.guildID, f.own, theirs), attempt(t, op, f.mine.guildID, f.own, nobodys), within...)
		}
	}
	after := f.theirs.rows()
	for table, want := range before {
		if after[table] != want {
			t.Errorf("%s of the other tenant has changed from\n%s\nto\n%s", table, want, after[table])
		}
	}
}

// The ids of the matrix are real: their owner finds what they name.
func TestTenantsFindWhatIsTheirOwn(t *testing.T) {
	t.Parallel()
	f := newFence(t)
	for _, op := range guildOperations(t) {
		if op.method != http.MethodGet || op.OperationID == "streamGuildStatus" { // a stream needs a connection
			continue
		}
		c := attempt(t, op, f.theirs.guildID, f.foreign, f.foreign)
		c.token = f.theirs.token
		answer := c.send(f.theirs)
		if answer.Code != http.StatusOK && answer.Code != http.StatusNotImplemented {
			t.Errorf("%s %s: got %d %s", op.method, c.path, answer.Code, answer.Body)
		}
		if strings.Contains(answer.Body.String(), `"items":[]`) {
			t.Errorf("%s %s: the owner finds nothing", op.method, c.path)
		}
	}
}

// unmark takes the marker out of a tenant's own rows.
func (n *newsroom) unmark() {
	n.t.Helper()
	n.exec("UPDATE brands SET name = 'B' WHERE client_id = $1", n.client)
	n.exec("UPDATE account_groups SET name = 'G' WHERE client_id = $1", n.client)
	n.exec("UPDATE routes SET template = '' WHERE client_id = $1", n.client)
	n.exec("UPDATE guild_roles SET name = 'R' WHERE client_id = $1", n.client)
	n.exec("UPDATE shares SET created_by = '' WHERE client_id = $1", n.client)
	n.exec("UPDATE api_keys SET name = 'K', created_by = '' WHERE client_id = $1", n.client)
	n.exec("UPDATE posts SET title = 'T', body = '', author_name = '', url = '' WHERE client_id = $1", n.client)
	n.exec("UPDATE sources SET handle = 'own', url = 'https://own.test' WHERE id IN (SELECT source_id FROM client_accounts WHERE client_id = $1)", n.client)
	n.exec("UPDATE usage_daily SET polls = 1, posts_tracked = 1, notifications_sent = 1, api_requests = 1, exports = 1 WHERE client_id = $1", n.client)
}
