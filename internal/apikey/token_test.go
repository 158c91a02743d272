package apikey_test

import (
	"strings"
	"testing"
	"time"

	"trackbot/internal/apikey"
	"trackbot/internal/fault"
	"trackbot/internal/store"
	"trackbot/internal/testkit"
)

// What is not a key costs no question: the database is away, and all but the genuine form is refused all the same.
func TestWhatIsNoKeyAsksTheDatabaseNothing(t *testing.T) {
	t.Parallel()
	st, err := store.Open(t.Context(), testkit.NewDB(t).OwnerURL, store.RoleAPI)
	if err != nil {
		t.Fatal(err)
	}
	st.Close()
	keys := apikey.New(st, time.Now)
	good, _ := apikey.NewToken()
	if _, err := keys.Find(t.Context(), good); err == nil || fault.Is(err, fault.Unauthenticated) {
		t.Fatalf("a well-formed key was refused without asking: %v", err)
	}
	last := good[len(good)-1]
	other := byte('0')
	if last == '0' {
		other = '1'
	}
	for name, token := range map[string]string{
		"empty": "", "prefix": "tb_live_", "wrong checksum": good[:len(good)-1] + string(other), "shorter": good[:len(good)-1], "longer": good + "0",
		"secret changed": strings.Replace(good, good[20:22], flip(good[20:22]), 1), "id changed": good[:8] + flip(good[8:10]) + good[10:],
		"test key": "tb_test_" + good[8:], "in capitals": strings.ToUpper(good), "line break": good[:30] + "\n" + good[31:], "not base62": good[:30] + "-" + good[31:],
	} {
		if _, err := keys.Find(t.Context(), token); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func flip(s string) string {
	return strings.Map(func(r rune) rune {
		if r == 'a' {
			return 'b'
		}
		return 'a'
	}, s)
}

func TestKeysDiffer(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 1000 {
		token, id := apikey.NewToken()
		if seen[token] || seen[id] || len(token) != 53 || token[8:16] != id {
			t.Fatalf("%s, %s", token, id)
		}
		seen[token], seen[id] = true, true
	}
}

func FuzzFind(f *testing.F) {
	good, _ := apikey.NewToken()
	f.Add(good)
	f.Add("tb_live_00000000_000000000000000000000000000000000000")
	f.Fuzz(func(t *testing.T, token string) {
		if id, ok := apikey.Parse(token); ok && (len(token) != 53 || !strings.HasPrefix(token, "tb_live_"+id+"_")) {
			t.Errorf("%q passes as %q", token, id)
		}
	})
}
