package bot

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

const secret = "0f9c3b7a1e5d48620f9c3b7a1e5d4862"

// The numbers were made with OpenSSL.
func TestSignaturesAreThoseOfTheScheme(t *testing.T) {
	t.Parallel()
	const body = `{"shardCount":1,"guildCount":12,"status":"online","version":"1.4.0"}`
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPut, "https://api.example.com/api/v1/bot/health", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "Application/JSON")
	Key{ID: "default", Secret: []byte(secret)}.sign(r, []byte(body), time.Unix(1_760_000_000, 0), "AAECAwQFBgcICQoLDA0ODw")
	for name, want := range map[string]string{
		"X-Trackbot-Key-Id":         "default",
		"X-Trackbot-Timestamp":      "1760000000",
		"X-Trackbot-Nonce":          "AAECAwQFBgcICQoLDA0ODw",
		"X-Trackbot-Content-SHA256": "135f0ad26a6c64f65665165b426a0e701c1ec5d1cb7f93f06fc9f539c5c539f7",
		"X-Trackbot-Signature":      "v1=45990e9815cb66b5fea0b76697763951f25380d678ce34f067f08b191c5e3558",
	} {
		if got := r.Header.Values(name); len(got) != 1 || got[0] != want {
			t.Errorf("%s: got %q, want %s", name, got, want)
		}
	}
}

func TestNoNonceIsUsedTwice(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 1000 {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://api.example.com/", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		Key{ID: "default", Secret: []byte(secret)}.Sign(r, nil, time.Now())
		nonce := r.Header.Get("X-Trackbot-Nonce")
		if seen[nonce] || len(nonce) != 22 {
			t.Fatalf("nonce %q", nonce)
		}
		seen[nonce] = true
	}
}
