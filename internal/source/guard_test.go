package source_test

import (
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"trackbot/internal/source"
)

func TestOnlyPublicAddressesAreSpokenTo(t *testing.T) {
	t.Parallel()
	blocked := []string{
		"0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255",
		"127.0.0.1", "127.8.9.1", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.192",
		"192.0.2.7", "192.31.196.1", "192.52.193.1", "192.88.99.1", "192.168.1.1", "192.175.48.1",
		"198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255",
		"240.0.0.1", "255.255.255.255",
		"::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1",
		"64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "100::1", "2001::1", "2001:1ff::1", "2001:10::1", "2001:20::1",
		"2001:db8::1", "2002:7f00:1::", "2002:a9fe:a9fe::1", "2620:4f:8000::1", "3fff::1",
		"5f00::1", "fc00::1", "fd12:3456::1", "fe80::1", "fec0::1", "ff02::1", "1fff:ffff::1", "4000::1",
	}
	for _, s := range blocked {
		if source.PublicAddr(netip.MustParseAddr(s)) {
			t.Errorf("%s counts as public", s)
		}
	}
	public := []string{
		"1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.1", "172.15.255.255", "172.32.0.1", "192.0.1.1",
		"198.17.255.255", "198.20.0.1", "223.255.255.255", "::ffff:8.8.8.8",
		"2001:200::1", "2001:4860:4860::8888", "2606:4700::1111", "2a00:1450::1", "3ffe::1",
	}
	for _, s := range public {
		if !source.PublicAddr(netip.MustParseAddr(s)) {
			t.Errorf("%s counts as not public", s)
		}
	}
	if source.PublicAddr(netip.Addr{}) || source.PublicAddr(netip.MustParseAddr("2606:4700::1%eth0")) {
		t.Error("an invalid or zoned address counts as public")
	}
}

func TestConnectIsCheckedOnTheResolvedAddress(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		loopback         bool
		network, address string
		ok               bool
	}{
		{false, "tcp4", "8.8.8.8:443", true},
		{false, "tcp4", "8.8.8.8:80", true},
		{false, "tcp4", "8.8.8.8:22", false},
		{false, "tcp4", "127.0.0.1:443", false},
		{false, "tcp6", "[::1]:443", false},
		{false, "tcp6", "[::ffff:127.0.0.1]:80", false},
		{false, "tcp6", "[fe80::1%eth0]:80", false},
		{false, "udp4", "8.8.8.8:443", false},
		{false, "unix", "/run/socket", false},
		{true, "tcp4", "127.0.0.1:8080", true},
		{true, "tcp4", "127.9.9.9:1", true},
		{true, "tcp6", "[::1]:8080", true},
		{true, "tcp4", "10.0.0.1:80", false},
		{true, "tcp4", "192.168.0.1:443", false},
		{true, "tcp4", "169.254.169.254:80", false},
		{true, "tcp4", "8.8.8.8:8080", false},
		{true, "tcp4", "8.8.8.8:443", true},
	} {
		err := source.CheckControl(tc.loopback, tc.network, tc.address)
		if (err == nil) != tc.ok {
			t.Errorf("loopback=%t %s %s: %v", tc.loopback, tc.network, tc.address, err)
		}
	}
}

func TestAddressesAreCheckedBeforeAnyLookup(t *testing.T) {
	t.Parallel()
	for s, ok := range map[string]bool{
		"https://example.com/feed":                         true,
		"http://example.com:80/feed":                       true,
		"https://example.com:443/feed":                     true,
		"https://example.com:8443/feed":                    false,
		"ftp://example.com/feed":                           false,
		"file:///etc/passwd":                               false,
		"gopher://example.com":                             false,
		"https:///feed":                                    false,
		"https:example.com":                                false,
		"https://user@example.com/":                        false,
		"https://user:pw@example.com/":                     false,
		"https://example.com/" + strings.Repeat("a", 2048): false,
	} {
		if err := source.CheckURL(false, s); (err == nil) != ok {
			t.Errorf("%.60s: %v", s, err)
		}
	}
}

func TestLoopbackIsBlockedUnlessAllowed(t *testing.T) {
	t.Parallel()
	srv := serve(t, http.NotFoundHandler())
	r := source.New(source.Config{})
	t.Cleanup(r.Close)
	a := adapter(t, r, source.RSS)
	for _, u := range []string{srv.URL, "http://localhost/feed", "http://127.0.0.1/", "http://[::1]/", "http://0.0.0.0/", "http://[::ffff:127.0.0.1]/"} {
		_, err := a.Fetch(testContext(t), source.FetchRequest{ExternalID: u})
		wantKind(t, err, source.Blocked)
	}
}

func TestRedirectsAreCheckedLikeFirstAddresses(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	for path, target := range map[string]string{
		"/private":  "http://10.1.2.3/",
		"/metadata": "http://169.254.169.254/latest/meta-data/",
		"/mapped":   "http://[::ffff:192.168.0.1]/",
		"/nat64":    "http://[64:ff9b::a00:1]/",
		"/file":     "file:///etc/passwd",
		"/userinfo": "http://user@example.com/",
		"/long":     "/" + strings.Repeat("a", 3000),
	} {
		mux.Handle(path, http.RedirectHandler(target, http.StatusFound))
	}
	mux.Handle("/loop", http.RedirectHandler("/loop", http.StatusFound))
	srv := serve(t, mux)
	a := adapter(t, registry(t, source.Config{}), source.RSS)
	for path, kind := range map[string]source.ErrorKind{
		"/private": source.Blocked, "/metadata": source.Blocked, "/mapped": source.Blocked, "/nat64": source.Blocked,
		"/file": source.Blocked, "/userinfo": source.Blocked, "/long": source.Blocked, "/loop": source.Malformed,
	} {
		_, err := a.Fetch(testContext(t), source.FetchRequest{ExternalID: srv.URL + path})
		e := wantKind(t, err, kind)
		if strings.Contains(e.Public, "10.1.2.3") {
			t.Errorf("%s: the manager is told an inner address", path)
		}
	}
}
