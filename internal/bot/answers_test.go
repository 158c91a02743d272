package bot_test

import (
	"encoding/json"
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestAnswersReadAsWritten holds the whole of each kind of answer, ids and times apart, against testdata.
func TestAnswersReadAsWritten(t *testing.T) {
	t.Parallel()
	s := tracked(t)
	s.publish("The launch", "skipped", "filtered")
	var out strings.Builder
	give := func(path string, options ...any) {
		answer := s.run(path, options...)
		body, err := json.MarshalIndent(answer.Message.Embeds[0], "", "  ")
		s.must(err)
		out.WriteString("/" + path + "\n" + string(body) + "\n\n")
	}
	give("route add", "channel", s.news, "group", "creators", "kinds", "videos", "include", "launch, big sale", "role", s.roleID("Managers"))
	give("route pause", "route", "creators")
	give("route list")
	give("account show", "account", "ada")
	give("account pause", "account", "ada")
	give("quiet set", "from", "22:00", "to", "7:30", "timezone", "UTC")
	give("digest", "rhythm", "hourly")
	give("breakout set", "factor", 3)
	give("settings")
	give("posts", "sort", "likes")
	give("why", "post", "launch")
	give("replay", "post", "launch")
	give("status")
	give("route remove", "route", "nothing")
	got := blurred(s, out.String())
	const file = "testdata/answers.golden"
	if *update {
		s.must(os.MkdirAll("testdata", 0o755))
		s.must(os.WriteFile(file, []byte(got), 0o644))
	}
	want, err := os.ReadFile(file)
	s.must(err)
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("answers differ; -update rewrites them: %s", diff)
	}
}

// blurred replaces what differs from run to run.
func blurred(s *scene, text string) string {
	text = strings.NewReplacer(s.general, "GENERAL", s.news, "NEWS", s.guild, "GUILD", s.roleID("Managers"), "ROLE", s.base, "BASE",
		`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(text)
	for _, rule := range [][2]string{
		{`<t:\d+:(\w)>`, "<t:TIME:$1>"},
		{`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`, "UUID"},
		{`now \d\d:\d\d`, "now CLOCK"},
		{`connected, \d+ ms`, "connected"},
		{`\\nIt is quiet now, until <t:TIME:t>\.|\\n🌙 until <t:TIME:t>`, ""},
	} {
		text = regexp.MustCompile(rule[0]).ReplaceAllString(text, rule[1])
	}
	return text
}
