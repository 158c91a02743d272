package bot_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"trackbot/internal/sim"
)

// lateAnswers lets something happen between Discord's answer about a guild and its arrival, once.
type lateAnswers struct {
	http.Transport
	path string
	once sync.Once
	do   func()
}

func (l *lateAnswers) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := l.Transport.RoundTrip(r)
	if r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, l.path) {
		l.once.Do(l.do)
	}
	return answer, err
}

// The bot is invited again while Discord's word that it is not in the guild is on its way.
func TestAGuildThatIsBackIsNotTakenForOneThatIsGone(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	stay, err := s.AddGuild(sim.GuildSpec{Name: "Stays", OwnerID: s.owner.ID})
	s.must(err)
	stop := s.start()
	s.joined()
	s.holds("(SELECT count(*) = 2 FROM clients)")
	stop()
	s.must(s.KickBot(s.guild))
	s.RestartGateway() // the session is gone, and with it the event
	arrived := make(chan struct{})
	late := &lateAnswers{path: "/guilds/" + s.guild, do: func() {
		defer close(arrived)
		if err := s.UpdateGuild(s.guild, "Back", ""); err != nil {
			t.Error(err)
		}
		if err := s.InviteBot(s.guild); err != nil {
			t.Error(err)
		}
		s.holds("EXISTS (SELECT FROM clients WHERE guild_id = $1 AND name = 'Back')", s.guild)
	}}
	t.Cleanup(late.CloseIdleConnections)
	s.transport = late
	s.start()
	<-arrived
	s.holds("(SELECT last_heartbeat > $1::timestamptz + interval '500 milliseconds' FROM bot_health)", read[string](s, "SELECT now()::text"))
	if n := read[int](s, "SELECT count(*) FROM clients WHERE removed_at IS NULL AND guild_id IN ($1, $2)", s.guild, stay); n != 2 {
		t.Errorf("%d of 2 guilds are served", n)
	}
}
