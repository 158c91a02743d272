package httpapi_test

import (
	"net/netip"
	"strings"
	"testing"

	"trackbot/internal/httpapi"
)

var proxies = []netip.Prefix{
	netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("127.0.0.1/32"), netip.MustParsePrefix("2001:db8:1::/48"),
}

func TestClientIPIsTheRightmostUntrustedHop(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, peer string
		forwarded  []string
		want       string
	}{
		{"no proxy", "198.51.100.7:1234", nil, "198.51.100.7"},
		{"untrusted peer's word does not count", "198.51.100.7:1234", []string{"203.0.113.9"}, "198.51.100.7"},
		{"one proxy", "10.0.0.1:80", []string{"203.0.113.9"}, "203.0.113.9"},
		{"client's own claim left of it", "10.0.0.1:80", []string{"1.1.1.1, 203.0.113.9"}, "203.0.113.9"},
		{"two proxies", "10.0.0.1:80", []string{"203.0.113.9, 10.0.0.2"}, "203.0.113.9"},
		{"several headers", "10.0.0.1:80", []string{"1.1.1.1", "203.0.113.9, 10.0.0.2"}, "203.0.113.9"},
		{"all trusted", "10.0.0.1:80", []string{"10.0.0.3, 10.0.0.2"}, "10.0.0.3"},
		{"proxy without header", "10.0.0.1:80", nil, "10.0.0.1"},
		{"empty header", "10.0.0.1:80", []string{""}, "10.0.0.1"},
		{"no address right", "10.0.0.1:80", []string{"203.0.113.9, unknown"}, "10.0.0.1"},
		{"no address behind a proxy", "10.0.0.1:80", []string{"unknown, 10.0.0.2"}, "10.0.0.2"},
		{"empty hop", "10.0.0.1:80", []string{"203.0.113.9,"}, "10.0.0.1"},
		{"hop with port", "10.0.0.1:80", []string{"203.0.113.9:5555"}, "203.0.113.9"},
		{"IPv6", "[2001:db8:1::1]:80", []string{"2001:db8:2::9"}, "2001:db8:2::9"},
		{"IPv6 in brackets", "10.0.0.1:80", []string{"[2001:db8:2::9]"}, "2001:db8:2::9"},
		{"IPv6 with port", "10.0.0.1:80", []string{"[2001:db8:2::9]:443"}, "2001:db8:2::9"},
		{"mapped IPv4 hop", "10.0.0.1:80", []string{"::ffff:203.0.113.9"}, "203.0.113.9"},
		{"mapped IPv4 proxy", "[::ffff:10.0.0.1]:80", []string{"203.0.113.9"}, "203.0.113.9"},
		{"mapped IPv4 proxy in the chain", "127.0.0.1:80", []string{"203.0.113.9, ::ffff:10.0.0.2"}, "203.0.113.9"},
		{"zone", "[fe80::1%eth0]:80", nil, "fe80::1"},
		{"peer without port", "198.51.100.7", nil, "198.51.100.7"},
		{"no address", "@", nil, "invalid IP"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := httpapi.ClientIP(c.peer, c.forwarded, proxies).String(); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestIPKeyCountsAnIPv6NetworkAsOne(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"203.0.113.9":          "203.0.113.9",
		"::ffff:203.0.113.9":   "203.0.113.9",
		"2001:db8:2:3:4:5:6:7": "2001:db8:2:3::/64",
		"2001:db8:2:3:ffff::1": "2001:db8:2:3::/64",
		"2001:db8:2:4::1":      "2001:db8:2:4::/64",
		"fe80::1%eth0":         "fe80::/64",
	} {
		if got := httpapi.IPKey(netip.MustParseAddr(in)); got != want {
			t.Errorf("%s: got %s, want %s", in, got, want)
		}
	}
	if got := httpapi.IPKey(netip.Addr{}); got != "invalid IP" {
		t.Errorf("no address: got %s", got)
	}
}

func FuzzClientIP(f *testing.F) {
	f.Add("10.0.0.1:80", "203.0.113.9, 10.0.0.2")
	f.Add("198.51.100.7:1", "1.1.1.1")
	f.Add("[::ffff:10.0.0.1]:80", "[2001:db8::1]:80,,x")
	f.Fuzz(func(t *testing.T, peer, forwarded string) {
		got := httpapi.ClientIP(peer, []string{forwarded}, proxies)
		if got.Is4In6() || got.Zone() != "" {
			t.Fatalf("%q, %q: %s is not in its shortest form", peer, forwarded, got)
		}
		direct := httpapi.ClientIP(peer, nil, proxies)
		trusted := false
		for _, p := range proxies {
			trusted = trusted || direct.IsValid() && p.Contains(direct)
		}
		if !trusted && got != direct {
			t.Fatalf("%q: its word %q counted: %s", peer, forwarded, got)
		}
		if got != direct && !strings.Contains(forwarded, ".") && !strings.Contains(forwarded, ":") {
			t.Fatalf("%q, %q: %s comes from nowhere", peer, forwarded, got)
		}
		_ = httpapi.IPKey(got)
	})
}
