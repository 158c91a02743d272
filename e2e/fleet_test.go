package e2e_test

import (
	"io"
	"maps"
	"net/http"
	"regexp"
	"testing"

	"trackbot/internal/sim"
)

// Processes of a kind know of each other, and of their end, by the real program.
func TestProcessesDivideWhatBelongsToAllOfThem(t *testing.T) {
	t.Parallel()
	s := newSystem(t, sim.Config{})
	run := func(service, egress string) (*process, string) {
		env := maps.Clone(s.env)
		env["METRICS_ADDR"], env["EGRESS"] = freeAddr(t), egress
		return start(t, env, service), "http://" + env["METRICS_ADDR"] + "/metrics"
	}
	among := func(what, at, want string) {
		t.Helper()
		await(t, what, func() bool { return membersAt(at) == want })
	}
	first, atFirst := run("notifier", "")
	among("the only notifier to have all", atFirst, "1")
	second, atSecond := run("notifier", "")
	among("a second notifier to know of the first", atSecond, "2")
	among("the first to know of the second", atFirst, "2")
	_, atHere := run("worker", "here")
	_, atThere := run("worker", "there")
	_, atAlsoThere := run("worker", "there")
	among("workers of one address to divide its patience", atAlsoThere, "2")
	among("both of them", atThere, "2")
	among("a worker of another address to have its own", atHere, "1")
	second.stop(t)
	among("the first to have all again", atFirst, "1")
	first.stop(t)
	if n := s.count(t, `SELECT count(*) FROM processes WHERE budget = 'discord'`); n != 0 {
		t.Errorf("%d notifiers have not left", n)
	}
}

// membersAt is the figure of a process, empty while it does not answer.
func membersAt(address string) string {
	answer, err := http.Get(address)
	if err != nil {
		return ""
	}
	defer answer.Body.Close() // it was only read
	body, err := io.ReadAll(answer.Body)
	found := regexp.MustCompile(`(?m)^trackbot_budget_members\{[^}]*\} (\d+)$`).FindSubmatch(body)
	if err != nil || found == nil {
		return ""
	}
	return string(found[1])
}
