package e2e_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"trackbot/api"
	"trackbot/internal/sim"
)

const guide = "../docs/api-guide.md"

// step is a fenced block of the guide.
type step struct {
	line     int
	language string // sh, json, http, text; "sign-in" where a browser goes to Discord
	text     string
}

func readGuide(t *testing.T) (steps []step) {
	t.Helper()
	body, err := os.ReadFile(guide)
	if err != nil {
		t.Fatal(err)
	}
	var open *step
	for i, line := range strings.Split(string(body), "\n") {
		language, fence := strings.CutPrefix(line, "```")
		switch {
		case open == nil && fence:
			open = &step{line: i + 1, language: language}
		case fence:
			steps = append(steps, *open)
			open = nil
		case open != nil:
			open.text += line + "\n"
		case line == "<!-- sign-in -->":
			steps = append(steps, step{line: i + 1, language: "sign-in"})
		}
	}
	return steps
}

// shell runs the guide's commands one after the other in one folder, with what they set kept between them.
type shell struct {
	dir    string
	output string
}

func (s *shell) state() string { return filepath.Join(s.dir, "state.sh") }

// set gives the commands a variable.
func (s *shell) set(t *testing.T, name, value string) {
	t.Helper()
	f, err := os.OpenFile(s.state(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() // a later step would miss it
	if _, err := fmt.Fprintf(f, "export %s='%s'\n", name, value); err != nil {
		t.Fatal(err)
	}
}

// get reads a variable that a command has set.
func (s *shell) get(t *testing.T, name string) string {
	t.Helper()
	s.run(t, step{text: "printf %s \"$" + name + "\"\n"})
	return s.output
}

func (s *shell) run(t *testing.T, st step) {
	t.Helper()
	script := "set -eu\n. ./state.sh\nset -a\n" + st.text + "set +a\nexport -p > state.sh\n"
	cmd := exec.CommandContext(t.Context(), "sh", "-c", script)
	cmd.Dir = s.dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + s.dir}
	out, err := cmd.Output()
	s.output = string(out)
	if err != nil {
		t.Fatalf("%s:%d: %v\n%s", guide, st.line, err, s.output)
	}
}

// like tells where an answer differs from what the guide shows: a name that is missing, a value of another type, an
// error of another code. null in the guide, and a value that is not there yet, may be anything.
func like(at string, shown, got any) []string {
	switch want := shown.(type) {
	case map[string]any:
		have, ok := got.(map[string]any)
		if !ok {
			return []string{fmt.Sprintf("%s is %v", at, got)}
		}
		var out []string
		for name, value := range want {
			found, ok := have[name]
			if !ok {
				out = append(out, at+"."+name+" is missing")
				continue
			}
			out = append(out, like(at+"."+name, value, found)...)
		}
		return out
	case []any:
		have, ok := got.([]any)
		if !ok || len(want) > 0 && len(have) == 0 {
			return []string{fmt.Sprintf("%s is %v", at, got)}
		}
		if len(want) == 0 {
			return nil
		}
		return like(at+"[0]", want[0], have[0])
	case nil:
		return nil
	}
	exact := regexp.MustCompile(`\.(code|status|digest|tokenType)$`)
	if fmt.Sprintf("%T", shown) != fmt.Sprintf("%T", got) || exact.MatchString(at) && shown != got && at != "answer.bot.status" {
		return []string{fmt.Sprintf("%s is %v, the guide shows %v", at, got, shown)}
	}
	return nil
}

// contains tells whether each line of the pattern stands in the text, in order, with anything in the place of "…".
func contains(text, pattern string) bool {
	for line := range strings.SplitSeq(strings.TrimSpace(pattern), "\n") {
		for piece := range strings.SplitSeq(line, "…") {
			at := strings.Index(text, piece)
			if at < 0 {
				return false
			}
			text = text[at+len(piece):]
		}
	}
	return true
}

// sameHead tells what of a status line and headers is missing.
func sameHead(text, pattern string) (missing []string) {
	for line := range strings.SplitSeq(strings.TrimSpace(pattern), "\n") {
		name, _, _ := strings.Cut(line, ":")
		if strings.HasPrefix(line, "HTTP/1.1 ") {
			name = strings.Join(strings.Fields(line)[:2], " ")
		}
		if !strings.Contains("\n"+strings.ToLower(text), "\n"+strings.ToLower(name)) {
			missing = append(missing, name)
		}
	}
	return missing
}

func (s *shell) compare(t *testing.T, st step) {
	t.Helper()
	switch st.language {
	case "json":
		var shown, got any
		if err := json.Unmarshal([]byte(st.text), &shown); err != nil {
			t.Fatalf("%s:%d: %v", guide, st.line, err)
		}
		if err := json.Unmarshal([]byte(s.output), &got); err != nil {
			t.Fatalf("%s:%d: %v in %s", guide, st.line, err, s.output)
		}
		for _, fault := range like("answer", shown, got) {
			t.Errorf("%s:%d: %s\n%s", guide, st.line, fault, s.output)
		}
	case "http":
		if missing := sameHead(s.output, st.text); len(missing) > 0 {
			t.Errorf("%s:%d: %v is missing in\n%s", guide, st.line, missing, s.output)
		}
	case "text":
		if !contains(s.output, st.text) {
			t.Errorf("%s:%d: the answer is\n%s", guide, st.line, s.output)
		}
	}
}

// Every command of the guide runs as it stands there, and its answer is what the guide shows.
func TestCommandsOfTheGuideDoWhatItSays(t *testing.T) {
	t.Parallel()
	const botSecret = "0f9c3b7a1e5d48620f9c3b7a1e5d4862"
	s := newSystem(t, sim.Config{})
	s.env["BOT_HMAC_SECRET"], s.env["EXPORT_DIR"] = botSecret, t.TempDir()
	feed, err := s.sim.AddFeed(sim.SourceSpec{Name: "blog"})
	if err != nil {
		t.Fatal(err)
	}
	for _, title := range []string{"One", "Two", "Three"} {
		s.publish(t, feed, sim.PostSpec{Title: title})
	}
	s.start(t, "api")
	s.join(t)
	s.start(t, "worker")
	c := s.signIn(t, owner)
	key := create[api.APIKeyCreated](t, c, "/guilds/"+guildID+"/api-keys", map[string]any{"name": "guide", "scopes": []string{"read", "write"}})

	sh := &shell{dir: t.TempDir()}
	given := map[string]string{"API": s.api, "GUILD": guildID, "KEY": key.Key, "FEED": s.base + "/feeds/blog.xml"}
	for name, value := range given {
		sh.set(t, name, value)
	}
	sh.set(t, "BOT_SECRET", botSecret)
	commands := 0
	for _, st := range readGuide(t) {
		switch {
		case st.language == "sign-in":
			sh.set(t, "CODE", s.agree(t, sh))
		case st.language != "sh":
			sh.compare(t, st)
		case strings.HasPrefix(st.text, "API="): // what the reader fills in
			for line := range strings.SplitSeq(strings.TrimSpace(st.text), "\n") {
				if name, _, _ := strings.Cut(line, "="); given[name] == "" {
					t.Errorf("%s:%d: %s is set by nobody", guide, st.line, name)
				}
			}
		default:
			if strings.Contains(st.text, "PAGE=") {
				await(t, "the posts of the baseline", func() bool { return len(c.posts(t, guildID)) == 3 })
			}
			sh.run(t, st)
			commands += strings.Count(st.text, "curl ")
		}
	}
	if commands < 25 {
		t.Errorf("only %d commands were run", commands)
	}
}

// agree is what the person's browser does between two of the guide's commands; it returns the login code.
func (s *system) agree(t *testing.T, sh *shell) string {
	t.Helper()
	c := newClient(s.api)
	query := url.Values{"challenge": {sh.get(t, "CHALLENGE")}, "state": {sh.get(t, "STATE")}, "returnTo": {"/guilds"}}
	begun := c.call(t, http.MethodGet, "/auth/discord?"+query.Encode(), nil)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, consent(t, c, begun.header.Get("Location"), owner), nil)
	if err != nil {
		t.Fatal(err)
	}
	cookie, _, _ := strings.Cut(begun.header.Get("Set-Cookie"), ";")
	req.Header.Set("Cookie", cookie)
	home, err := url.Parse(c.send(t, req).header.Get("Location"))
	if err != nil || home.Query().Get("code") == "" {
		t.Fatalf("sent home to %s, %v", home, err)
	}
	return home.Query().Get("code")
}
