package httpapi_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	base     = "/api/v1/guilds/" + guild
	settings = `{"timezone":"Europe/Berlin","locale":"en-GB","notificationsEnabled":true,"defaultChannelId":null,` +
		`"mentionRoleId":null,"quietHours":{"start":"22:00","end":"07:30"},"digest":"off","dashboardAccess":"members",` +
		`"embedColor":"#5865f2","weeklyScorecard":true,"breakoutFactor":3}`
	challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
	secret    = "s3cr3t-value"
)

type validation struct {
	name string
	call call
	want map[string]string // field → message; nil: it gets through
}

func TestValidationNamesEachFaultAndRepeatsNoValue(t *testing.T) {
	t.Parallel()
	h := newAPI(t)
	for _, c := range append(queryCases(), bodyCases()...) {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if c.call.method == "" {
				c.call.method = http.MethodGet
			}
			w := c.call.send(h)
			if c.want == nil {
				if w.Code != http.StatusNotImplemented {
					t.Fatalf("valid request: got %d %s", w.Code, w.Body)
				}
				return
			}
			p := problemOf(t, w)
			if w.Code != http.StatusBadRequest || p.Code != "validation_failed" {
				t.Fatalf("got %d %s", w.Code, w.Body)
			}
			if diff := cmp.Diff(c.want, fields(p)); diff != "" {
				t.Errorf("fields (-want +got):\n%s", diff)
			}
			if strings.Contains(w.Body.String(), secret) {
				t.Errorf("the value is repeated: %s", w.Body)
			}
		})
	}
}

func queryCases() []validation {
	get := func(query string) call { return call{path: base + query} }
	return []validation{
		{"no query", get("/posts"), nil},
		{"every filter", get("/posts?brandId=" + someID + "&platform=rss&kind=post&from=2026-11-01&to=2026-11-22T20:13:00Z&q=%C3%BC&sort=views&limit=100&cursor=abc"), nil},
		{"limit smallest", get("/posts?limit=1"), nil},
		{"limit 0", get("/posts?limit=0"), map[string]string{"limit": "must be at least 1"}},
		{"limit 101", get("/posts?limit=101"), map[string]string{"limit": "must be at most 100"}},
		{"limit no number", get("/posts?limit=" + secret), map[string]string{"limit": "must be an integer"}},
		{"limit fraction", get("/posts?limit=1.5"), map[string]string{"limit": "must be an integer"}},
		{"limit exponent", get("/posts?limit=1e1"), map[string]string{"limit": "must be an integer"}},
		{"limit empty", get("/posts?limit="), map[string]string{"limit": "must not be empty"}},
		{"limit twice", get("/posts?limit=1&limit=2"), map[string]string{"limit": "is given more than once"}},
		{"unknown parameter", get("/posts?nope=" + secret), map[string]string{"nope": "is not a parameter of this call"}},
		{"parameter in another case", get("/posts?Limit=1"), map[string]string{"Limit": "is not a parameter of this call"}},
		{"unknown and out of bounds", get("/posts?nope=1&limit=0"), map[string]string{"nope": "is not a parameter of this call", "limit": "must be at least 1"}},
		{"enum", get("/posts?sort=" + secret), map[string]string{"sort": "must be one of publishedAt, views, likes"}},
		{"platform auto is for creation", get("/posts?platform=auto"), map[string]string{"platform": "must be one of rss, bluesky, mastodon, youtube, twitch, x, instagram, tiktok"}},
		{"uuid", get("/posts?brandId=" + secret), map[string]string{"brandId": "must be a UUID"}},
		{"uuid in braces", get("/posts?brandId=%7B" + someID + "%7D"), map[string]string{"brandId": "must be a UUID"}},
		{"time", get("/posts?from=yesterday"), map[string]string{"from": "must be an RFC 3339 date or time"}},
		{"day that is none", get("/posts?from=2026-02-30"), map[string]string{"from": "must be an RFC 3339 date or time"}},
		{"search too long", get("/posts?q=" + strings.Repeat("x", 101)), map[string]string{"q": "must have at most 100 characters"}},
		{"search with U+0000", get("/posts?q=a%00b"), map[string]string{"q": "is not text"}},
		{"search not UTF-8", get("/posts?q=%ff"), map[string]string{"q": "is not text"}},
		{"query not well-formed", get("/posts?q=%zz"), map[string]string{"query": "is not well-formed"}},
		{"semicolon in the query", get("/posts?limit=1;q=x"), map[string]string{"query": "is not well-formed"}},
		{"cursor alphabet", get("/posts?cursor=a%2Bb"), map[string]string{"cursor": "must match ^[A-Za-z0-9_-]+$"}},
		{"long unknown name is cut", get("/posts?" + strings.Repeat("n", 200) + "=1"), map[string]string{strings.Repeat("n", 64) + "…": "is not a parameter of this call"}},
		{"optional parameter", call{method: "POST", path: base + "/accounts/import", body: "url\n", contentType: "text/csv"}, nil},
		{"login", call{path: "/api/v1/auth/discord?challenge=" + challenge + "&state=s&returnTo=/guilds", token: "none"}, nil},
		{"login without challenge", call{path: "/api/v1/auth/discord?state=s", token: "none"}, map[string]string{"challenge": "is required"}},
		{"returnTo elsewhere", call{path: "/api/v1/auth/discord?challenge=" + challenge + "&state=s&returnTo=//" + secret, token: "none"}, map[string]string{"returnTo": `must match ^/([!-.0-\[\]-~][!-\[\]-~]*)?$`}},
		{"returnTo with backslash", call{path: "/api/v1/auth/discord?challenge=" + challenge + `&state=s&returnTo=/%5C` + secret, token: "none"}, map[string]string{"returnTo": `must match ^/([!-.0-\[\]-~][!-\[\]-~]*)?$`}},
		{"returnTo absolute", call{path: "/api/v1/auth/discord?challenge=" + challenge + "&state=s&returnTo=https://" + secret, token: "none"}, map[string]string{"returnTo": `must match ^/([!-.0-\[\]-~][!-\[\]-~]*)?$`}},
		{"callback ignores what it does not know", call{path: "/api/v1/auth/discord/callback?code=c&state=s&iss=x&iss=y", token: "none"}, nil},
		{"header too long", call{path: base + "/status/stream", header: map[string]string{"Last-Event-ID": strings.Repeat("9", 129)}}, map[string]string{"Last-Event-ID": "must have at most 128 characters"}},
		{"idempotency key", call{method: "POST", path: base + "/exports", body: `{"kind":"posts","format":"csv"}`, header: map[string]string{"Idempotency-Key": "a b"}}, map[string]string{"Idempotency-Key": "must match ^[!-~]{1,255}$"}},
	}
}

func bodyCases() []validation {
	brand := func(body string) call { return call{method: "POST", path: base + "/brands", body: body} }
	route := func(body string) call { return call{method: "POST", path: base + "/routes", body: body} }
	put := func(body string) call {
		return call{method: "PUT", path: base + "/settings", body: body, header: map[string]string{"If-Match": `W/"v1.x"`}}
	}
	return []validation{
		{"brand", brand(`{"name":"Northwind"}`), nil},
		{"charset", call{method: "POST", path: base + "/brands", body: `{"name":"N"}`, contentType: "application/json; charset=UTF-8"}, nil},
		{"no body", call{method: "POST", path: base + "/brands", contentType: "application/json"}, map[string]string{"body": "is required"}},
		{"optional body left out", call{method: "POST", path: base + "/posts/" + someID + "/deliveries"}, nil},
		{"missing field", brand(`{}`), map[string]string{"name": "is required"}},
		{"unknown field", brand(`{"name":"N","` + "colour" + `":"` + secret + `"}`), map[string]string{"colour": "is not a known field"}},
		{"two unknown fields", brand(`{"name":"N","a":1,"b":2}`), map[string]string{"a": "is not a known field", "b": "is not a known field"}},
		{"field in another case", brand(`{"Name":"N"}`), map[string]string{"Name": "is not a known field", "name": "is required"}},
		{"repeated field", brand(`{"name":"N","name":"` + secret + `"}`), map[string]string{"name": "is given more than once"}},
		{"wrong type", brand(`{"name":17}`), map[string]string{"name": "must be a string"}},
		{"null", brand(`{"name":null}`), map[string]string{"name": "must not be null"}},
		{"empty text", brand(`{"name":""}`), map[string]string{"name": "must not be empty"}},
		{"blank text", brand(`{"name":"   "}`), map[string]string{"name": "must not be blank"}},
		{"text too long", brand(`{"name":"` + strings.Repeat("x", 101) + `"}`), map[string]string{"name": "must have at most 100 characters"}},
		{"100 characters of several bytes", brand(`{"name":"` + strings.Repeat("ü", 100) + `"}`), nil},
		{"U+0000", brand(`{"name":"a\u0000b"}`), map[string]string{"name": "must not hold U+0000"}},
		{"not UTF-8", brand("{\"name\":\"\xff\"}"), map[string]string{"body": "is not UTF-8"}},
		{"array for an object", brand(`[]`), map[string]string{"body": "must be an object"}},
		{"null for an object", brand(`null`), map[string]string{"body": "must not be null"}},
		{"no JSON", brand(secret), map[string]string{"body": "is not valid JSON"}},
		{"cut off", brand(`{"name":"N"`), map[string]string{"body": "is not valid JSON"}},
		{"trailing comma", brand(`{"name":"N",}`), map[string]string{"body": "is not valid JSON"}},
		{"something after it", brand(`{"name":"N"} {}`), map[string]string{"body": "goes on after the JSON value"}},
		{"rubbish after it", brand(`{"name":"N"} x`), map[string]string{"body": "goes on after the JSON value"}},
		{"nested too deeply", brand(`{"name":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + `}`), map[string]string{"body": "is nested too deeply"}},
		{"nothing to change", call{method: "PATCH", path: base + "/accounts/" + someID, body: `{}`}, map[string]string{"body": "must have at least 1 field"}},
		{"null clears a channel", call{method: "PATCH", path: base + "/accounts/" + someID, body: `{"channelId":null}`}, nil},
		{"not a snowflake", call{method: "PATCH", path: base + "/accounts/" + someID, body: `{"channelId":"` + secret + `"}`}, map[string]string{"channelId": "must match ^[0-9]{17,20}$"}},
		{"settings", put(settings), nil},
		{"quiet hours off", put(strings.Replace(settings, `{"start":"22:00","end":"07:30"}`, "null", 1)), nil},
		{"quiet hours wrong inside", put(strings.Replace(settings, "07:30", "25:00", 1)), map[string]string{"quietHours.end": "must match ^([01][0-9]|2[0-3]):[0-5][0-9]$, such as 07:30"}},
		{"quiet hours incomplete", put(strings.Replace(settings, `,"end":"07:30"`, "", 1)), map[string]string{"quietHours.end": "is required"}},
		{"quiet hours unknown field", put(strings.Replace(settings, `"end"`, `"stop":"07:00","end"`, 1)), map[string]string{"quietHours.stop": "is not a known field"}},
		{"factor below", put(strings.Replace(settings, ":3}", ":1.9}", 1)), map[string]string{"breakoutFactor": "must be at least 2"}},
		{"factor beyond float64", put(strings.Replace(settings, ":3}", ":1e999}", 1)), map[string]string{"breakoutFactor": "must be a number or null"}},
		{"number as text", put(strings.Replace(settings, ":3}", `:"3"}`, 1)), map[string]string{"breakoutFactor": "must be a number or null"}},
		{"bool as text", put(strings.Replace(settings, ":true", `:"true"`, 1)), map[string]string{"notificationsEnabled": "must be a boolean"}},
		{"colour", put(strings.Replace(settings, "#5865f2", "blue", 1)), map[string]string{"embedColor": "must match ^#[0-9a-fA-F]{6}$, such as #5865f2"}},
		{"route", route(`{"brandId":"` + someID + `","channelId":"` + guild + `","kinds":["post"]}`), nil},
		{"item of a list", route(`{"channelId":"` + guild + `","kinds":["post","` + secret + `"]}`), map[string]string{"kinds.1": "must be one of post, video, short, live, reply, repost"}},
		{"item twice", route(`{"channelId":"` + guild + `","kinds":["post","post"]}`), map[string]string{"kinds": "must not hold an item twice"}},
		{"empty list", route(`{"channelId":"` + guild + `","kinds":[]}`), map[string]string{"kinds": "must have at least 1 item"}},
		{"time in a body", call{method: "POST", path: base + "/api-keys", body: `{"name":"K","scopes":["read"],"expiresAt":"tomorrow"}`}, map[string]string{"expiresAt": "must be an RFC 3339 time"}},
		{"filters of an export", call{method: "POST", path: base + "/exports", body: `{"kind":"posts","format":"csv","filters":{"from":"x"}}`}, map[string]string{"filters.from": "must be an RFC 3339 date or time"}},
		{"body where none is taken", call{method: "DELETE", path: base + "/brands/" + someID, body: `{}`}, map[string]string{"body": "is not taken by this call"}},
		{"body on a read", call{method: "GET", path: base + "/brands", body: `{}`}, map[string]string{"body": "is not taken by this call"}},
	}
}

func TestMediaTypeOfTheBodyIsChecked(t *testing.T) {
	t.Parallel()
	h := newAPI(t)
	for _, c := range []struct {
		name string
		call call
		want int
	}{
		{"form", call{contentType: "application/x-www-form-urlencoded"}, http.StatusUnsupportedMediaType},
		{"text", call{contentType: "text/plain"}, http.StatusUnsupportedMediaType},
		{"other charset", call{contentType: "application/json; charset=latin1"}, http.StatusUnsupportedMediaType},
		{"no media type", call{contentType: " "}, http.StatusUnsupportedMediaType},
		{"encoded", call{header: map[string]string{"Content-Encoding": "gzip"}}, http.StatusUnsupportedMediaType},
		{"problem+json is not json", call{contentType: "application/problem+json"}, http.StatusUnsupportedMediaType},
		{"any case", call{contentType: "Application/JSON"}, http.StatusNotImplemented},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.call.method, c.call.path, c.call.body = "POST", base+"/brands", `{"name":"N"}`
			w := c.call.send(h)
			if p := problemOf(t, w); w.Code != c.want {
				t.Errorf("got %d %s, want %d", w.Code, p.Code, c.want)
			}
		})
	}
	csv := call{method: "POST", path: base + "/accounts/import?groupId=" + someID, body: "url\nx\n", contentType: "text/csv"}
	if w := csv.send(h); w.Code != http.StatusNotImplemented {
		t.Errorf("csv: got %d %s", w.Code, w.Body)
	}
	csv.contentType = "application/json"
	if w := csv.send(h); w.Code != http.StatusUnsupportedMediaType {
		t.Errorf("json for an import: got %d %s", w.Code, w.Body)
	}
}

func TestSettingsNeedIfMatch(t *testing.T) {
	t.Parallel()
	c := call{method: "PUT", path: base + "/settings", body: settings}
	w := c.send(newAPI(t))
	if p := problemOf(t, w); w.Code != http.StatusPreconditionRequired || p.Code != "precondition_required" {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
}
