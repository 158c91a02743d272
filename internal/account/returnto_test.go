package account_test

import (
	"net/url"
	"strings"
	"testing"

	"trackbot/internal/account"
)

func TestReturnToIsAPathOnTheDashboard(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]bool{
		"/": true, "/guilds": true, "/guilds/1?tab=posts&q=a%20b#x": true, "/%5cevil.test": true, "/a//b": true, "/@evil.test": true,
		"/" + strings.Repeat("a", 511): true,

		"": false, "guilds": false, "//evil.test": false, `/\evil.test`: false, `\/evil.test`: false, `/a\b`: false,
		"https://evil.test": false, "javascript:alert(1)": false, " /": false, "/a b": false, "/\tevil": false, "/\n/evil.test": false,
		"/\x00": false, "/\x7f": false, "/ü": false, "/a\r\nSet-Cookie: x": false, "/" + strings.Repeat("a", 512): false,
	} {
		if got := account.ValidReturnTo(in); got != want {
			t.Errorf("%q: got %v", in, got)
		}
	}
}

func FuzzReturnToNeverLeavesTheDashboard(f *testing.F) {
	for _, seed := range []string{"/", "/a?b#c", "//x", `/\x`, "/\t/x", "/.//x", "/..//x", "/%2f/x"} {
		f.Add(seed)
	}
	base, err := url.Parse(dashboard)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, in string) {
		if !account.ValidReturnTo(in) {
			return
		}
		if in[0] != '/' || strings.HasPrefix(in, "//") || strings.ContainsAny(in, "\\\r\n\t \x00") {
			t.Fatalf("%q was let through", in)
		}
		if ref, err := url.Parse(in); err == nil {
			if to := base.ResolveReference(ref); to.Host != base.Host || to.Scheme != base.Scheme {
				t.Fatalf("%q leads to %s", in, to)
			}
		}
	})
}
