package e2e_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

const (
	// addressSecret is shared by the dashboard of short tokens and its API, which trusts no proxy: as on Vercel, whose
	// functions call from any address. platformHeader is where that dashboard's platform tells the browser's.
	addressSecret  = "5d2b8f0c6e9a41738d5f2c0b7e6a9d148c3f5b70"
	platformHeader = "X-Real-Ip"
)

// callersAreToldApart holds that the API sees browsers, where the dashboard signs their addresses, and nobody else's word.
func (d *dashboardStack) callersAreToldApart(t *testing.T, api, server *process) {
	page := "/shares/" + strings.Repeat("A", 43)
	for id, c := range map[string]struct {
		url    string
		header map[string]string
		want   string
	}{
		"browser-one": {d.shortURL + "/api/v1" + page, map[string]string{platformHeader: "203.0.113.71"}, "203.0.113.71"},
		"browser-two": {d.shortURL + "/api/v1" + page, map[string]string{platformHeader: "2001:db8:7::2", "X-Forwarded-For": "198.51.100.1"}, "2001:db8:7::2"},
		"page-of-one": {d.shortURL + page, map[string]string{platformHeader: "203.0.113.73"}, "203.0.113.73"},
		"its-own-say": {d.shortURL + "/api/v1" + page, map[string]string{"X-Trackbot-Client": "v1;1;203.0.113.74;AAAA", "X-Forwarded-For": "203.0.113.74"}, "127.0.0.1"},
		"straight-to": {d.shortAPI + "/api/v1" + page, map[string]string{"X-Trackbot-Client": "v1;1;203.0.113.75;AAAA", platformHeader: "203.0.113.75"}, "127.0.0.1"},
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.url, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("X-Request-Id", id)
		for name, value := range c.header {
			r.Header.Set(name, value)
		}
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close() // only the log of the API is looked at
		var got string
		await(t, "the API to log "+id, func() bool {
			got = callerOf(api.log.String(), id)
			return got != ""
		})
		if got != c.want {
			t.Errorf("%s: the API saw %s, want %s", id, got, c.want)
		}
	}
	for _, p := range []*process{api, server} {
		if strings.Contains(p.log.String(), addressSecret) {
			t.Errorf("the log of %s tells the secret", p.name)
		}
	}
}

// callerOf is the address that a log names for a request.
func callerOf(log, id string) string {
	for line := range strings.SplitSeq(log, "\n") {
		var entry struct {
			RequestID string `json:"request_id"`
			ClientIP  string `json:"client_ip"`
		}
		if json.Unmarshal([]byte(line), &entry) == nil && entry.RequestID == id && entry.ClientIP != "" {
			return entry.ClientIP
		}
	}
	return ""
}
