package bot_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

// without is an API in front of Discord that lacks calls.
type without []string

func (lacks without) RoundTrip(r *http.Request) (*http.Response, error) {
	for _, call := range lacks {
		if r.Method == http.MethodGet && strings.Contains(r.URL.Path, call) {
			return &http.Response{
				StatusCode: http.StatusNotFound, Header: http.Header{"Content-Type": {"application/json"}}, Request: r,
				Body: io.NopCloser(strings.NewReader(`{"message":"404: Not Found","code":0}`)),
			}, nil
		}
	}
	return http.DefaultTransport.RoundTrip(r)
}

func TestABotThatIsNotToldWhoItIsLearnsItAndTakesItsGuildsIn(t *testing.T) {
	t.Parallel()
	for _, lacks := range []without{{"/applications/@me"}, {"/applications/@me", "/users/@me"}, {"/applications/@me", "/users/@me", "/members/"}} {
		t.Run(strings.Join(lacks, " "), func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			s.transport = lacks
			s.start()
			s.holds("EXISTS (SELECT FROM clients c JOIN guild_channels g ON g.client_id = c.id WHERE c.guild_id = $1 AND g.can_send)", s.guild)
		})
	}
}
