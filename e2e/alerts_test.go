package e2e_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"trackbot/internal/sim"
)

const (
	rulesFile = "../deploy/prometheus/alerts.yaml"
	boardsDir = "../deploy/grafana"
)

// observe runs the tool that holds Prometheus' own parser and engine; paths are from its folder.
func observe(t *testing.T, args ...string) (stdout []byte, err error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", append([]string{"run", "."}, args...)...)
	cmd.Dir = "../tools/observe"
	var out, complaints bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaints
	if err = cmd.Run(); err != nil {
		err = fmt.Errorf("observe %s: %w\n%s%s", args[0], err, out.String(), complaints.String())
	}
	return out.Bytes(), err
}

// The tests stand in promtool's form beside the rules; each alert has one that makes it fire and one that does not.
func TestEachAlertFiresWhenItShouldAndOnlyThen(t *testing.T) {
	t.Parallel()
	out, err := observe(t, "test", "../../deploy/prometheus/tests/alerts.yaml")
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%s", bytes.TrimSpace(out))
}

// A rule that no test holds, or one that does not fire as its test says, has to be found.
func TestAnAlertThatNoLongerFiresIsFound(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ change, into, want string }{
		"a threshold out of reach": {`max(trackbot_audit_chains_broken) > 0`, `max(trackbot_audit_chains_broken) > 99`, "TrackbotAuditLogBroken fires): TrackbotAuditLogBroken at 5m"},
		"one that always fires":    {`max(trackbot_audit_chains_broken) > 0`, `max(trackbot_audit_chains_broken) >= 0`, "TrackbotAuditLogBroken: whole"},
		"another name":             {`alert: TrackbotAuditLogBroken`, `alert: TrackbotAuditBroken`, "TrackbotAuditBroken: no test makes it fire"},
	} {
		folder := t.TempDir()
		rules, tests := readText(t, rulesFile), readText(t, "../deploy/prometheus/tests/alerts.yaml")
		if !strings.Contains(rules, tc.change) {
			t.Fatalf("%s: nothing to change", name)
		}
		writeText(t, filepath.Join(folder, "alerts.yaml"), strings.Replace(rules, tc.change, tc.into, 1))
		writeText(t, filepath.Join(folder, "tests.yaml"), strings.ReplaceAll(tests, "../alerts.yaml", "alerts.yaml"))
		if _, err := observe(t, "test", filepath.Join(folder, "tests.yaml")); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: got %v, want %q", name, err, tc.want)
		}
	}
}

func TestDashboardsAreAsTheToolMakesThem(t *testing.T) {
	t.Parallel()
	fresh := t.TempDir()
	if _, err := observe(t, "boards", fresh); err != nil {
		t.Fatal(err)
	}
	made, err := filepath.Glob(filepath.Join(fresh, "*.json"))
	if err != nil || len(made) != 7 {
		t.Fatalf("%d boards, %v", len(made), err)
	}
	for _, path := range made {
		if kept := readText(t, filepath.Join(boardsDir, filepath.Base(path))); kept != readText(t, path) {
			t.Errorf("%s differs: go run -C tools/observe . boards ../../deploy/grafana", filepath.Base(path))
		}
	}
	for _, path := range boards(t) {
		if !slices.ContainsFunc(made, func(m string) bool { return filepath.Base(m) == filepath.Base(path) }) {
			t.Errorf("%s is made by nothing", path)
		}
	}
}

// grafanaBoard is what Grafana insists on when it provisions a dashboard.
type grafanaBoard struct {
	UID, Title    string
	SchemaVersion int
	Panels        []struct {
		ID          int
		Type, Title string
		GridPos     struct{ H, W, X, Y int }
		Datasource  struct{ Type, UID string }
		Targets     []struct{ RefID, Expr string }
	}
	Templating struct {
		List []struct{ Name, Type string }
	}
}

func TestDashboardsHaveUniqueNamesAndPanelsThatDoNotOverlap(t *testing.T) {
	t.Parallel()
	uids, titles := map[string]string{}, map[string]string{}
	for _, path := range boards(t) {
		var b grafanaBoard
		if err := json.Unmarshal([]byte(readText(t, path)), &b); err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		if uids[b.UID] != "" || titles[b.Title] != "" || !regexp.MustCompile(`^[a-z0-9-]{1,40}$`).MatchString(b.UID) || b.SchemaVersion < 36 || len(b.Panels) == 0 {
			t.Errorf("%s: uid %q (also of %q), title %q (also of %q), schema %d, %d panels", path, b.UID, uids[b.UID], b.Title, titles[b.Title], b.SchemaVersion, len(b.Panels))
		}
		uids[b.UID], titles[b.Title] = path, path
		if len(b.Templating.List) == 0 || b.Templating.List[0].Name != "datasource" || b.Templating.List[0].Type != "datasource" {
			t.Errorf("%s: the first variable must choose the datasource", path)
		}
		checkPanels(t, path, b)
	}
}

func checkPanels(t *testing.T, path string, b grafanaBoard) {
	t.Helper()
	taken, ids := map[[2]int]string{}, map[int]bool{}
	for _, p := range b.Panels {
		if ids[p.ID] || p.ID == 0 || p.Title == "" {
			t.Errorf("%s: panel %q has id %d", path, p.Title, p.ID)
		}
		ids[p.ID] = true
		if p.Type != "row" && (len(p.Targets) == 0 || p.Datasource.UID != "${datasource}") {
			t.Errorf("%s: panel %q asks %q for %d series", path, p.Title, p.Datasource.UID, len(p.Targets))
		}
		for x := p.GridPos.X; x < p.GridPos.X+p.GridPos.W; x++ {
			for y := p.GridPos.Y; y < p.GridPos.Y+p.GridPos.H; y++ {
				if other := taken[[2]int{x, y}]; other != "" || x > 23 {
					t.Fatalf("%s: %q lies over %q or beyond the edge", path, p.Title, other)
				}
				taken[[2]int{x, y}] = p.Title
			}
		}
	}
}

func TestEachAlertHasItsRunbook(t *testing.T) {
	t.Parallel()
	runbooks := readText(t, "../docs/runbooks.md")
	named := regexp.MustCompile(`(?m)^\s+- alert: (\w+)$`).FindAllStringSubmatch(readText(t, rulesFile), -1)
	links := regexp.MustCompile(`runbook_url: docs/runbooks\.md#(\w+)`).FindAllStringSubmatch(readText(t, rulesFile), -1)
	if len(named) == 0 || len(named) != len(links) {
		t.Fatalf("%d alerts, %d links", len(named), len(links))
	}
	for i, alert := range named {
		if links[i][1] != strings.ToLower(alert[1]) {
			t.Errorf("%s links to %s", alert[1], links[i][1])
		}
		part, _, _ := strings.Cut(after(runbooks, "\n### "+alert[1]+"\n"), "\n#")
		for _, question := range []string{"**Means**", "**Look**", "**Do**"} {
			if !strings.Contains(part, question) {
				t.Errorf("the runbook of %s does not answer %s", alert[1], question)
			}
		}
	}
	for _, written := range regexp.MustCompile(`(?m)^### (Trackbot\w+)$`).FindAllStringSubmatch(runbooks, -1) {
		if !slices.ContainsFunc(named, func(n []string) bool { return n[1] == written[1] }) {
			t.Errorf("the runbook of %s is of no alert", written[1])
		}
	}
}

func after(text, mark string) string {
	_, rest, _ := strings.Cut(text, mark)
	return rest
}

// A rule on a metric or label that nobody exports never fires, and a panel on one stays empty. What there is, is what the
// running program tells once there is something of everything to be told.
func TestEveryMetricAndLabelOfRulesAndDashboardsIsExported(t *testing.T) {
	t.Parallel()
	s := newSystem(t, sim.Config{Gateway: sim.GatewayConfig{HeartbeatInterval: 500 * time.Millisecond}})
	s.somethingOfEverything(t)
	env := maps.Clone(s.env)
	env["METRICS_ADDR"] = freeAddr(t)
	p := start(t, env, "all")
	if err := s.sim.InviteBot(guildID); err != nil {
		t.Fatal(err)
	}
	asked := map[string][]string{}
	files := []string{"../../deploy/prometheus/alerts.yaml"}
	for _, board := range boards(t) {
		files = append(files, "../"+board)
	}
	out, err := observe(t, append([]string{"selectors"}, files...)...)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(out, &asked); err != nil || len(asked) < 50 {
		t.Fatalf("%d metrics, %v", len(asked), err)
	}
	for _, own := range []string{"up", "ALERTS"} { // Prometheus' own
		delete(asked, own)
	}
	var missing []string
	defer func() {
		if t.Failed() {
			t.Logf("not exported: %v", missing)
		}
	}()
	await(t, "the metrics of rules and dashboards", func() bool {
		if p.ended() {
			t.Fatalf("all ended: %v", p.err)
		}
		missing = missingIn(t, "http://"+env["METRICS_ADDR"]+"/metrics", asked)
		return len(missing) == 0
	})
	t.Logf("exported: %d metrics", len(asked))
}

// somethingOfEverything makes a tenant with what some figures are about: a subscription to a hub, an audit chain that was
// checked, use, and a message that nobody can send, since its channel is leased for an hour.
func (s *system) somethingOfEverything(t *testing.T) {
	t.Helper()
	for _, sql := range []string{
		`INSERT INTO clients (id, guild_id, name, owner_id) VALUES ('00000000-0000-0000-0000-000000000001', '400000000000000077', 'Guild', '300000000000000001')`,
		`INSERT INTO subscriptions (client_id) SELECT id FROM clients`,
		`INSERT INTO usage_daily (client_id, day, polls, posts_tracked, notifications_sent, api_requests) SELECT id, (now() AT TIME ZONE 'UTC')::date, 5, 5, 5, 5 FROM clients`,
		`INSERT INTO channel_queues (client_id, channel_id, due_at, lease_token, lease_until) SELECT id, '410000000000000077', now(), gen_random_uuid(), now() + interval '1 hour' FROM clients`,
		`INSERT INTO deliveries (client_id, id, kind, notice_key, channel_id, payload, state, detected_at) SELECT id, id, 'notice', 'n', '410000000000000077', '{}', 'pending', now() FROM clients`,
		`INSERT INTO sources (id, platform, external_id, handle, display_name, url, lane, state, next_poll_at)
			VALUES ('00000000-0000-0000-0000-000000000002', 'youtube', 'UCxxxxxxxxxxxxxxxxxxxxxx', '@x', 'X', 'https://youtube.test', 1, 'ok', now() + interval '1 day')`,
		`INSERT INTO websub_subscriptions (id, source_id, token, secret, hub_url, topic_url, state) VALUES (gen_random_uuid(), '00000000-0000-0000-0000-000000000002', 't', 's', 'https://hub.test', 'https://topic.test', 'active')`,
	} {
		if _, err := s.admin.Shared().Exec(t.Context(), sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
}

// missingIn lists the metrics, and labels of metrics, of which the address tells no series.
func missingIn(t *testing.T, address string, asked map[string][]string) (missing []string) {
	t.Helper()
	resp, err := http.Get(address)
	if err != nil {
		return []string{"all"}
	}
	defer resp.Body.Close() // it was only read
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]map[string]bool{}
	for name, family := range families {
		for _, m := range family.GetMetric() {
			for _, suffix := range []string{"", "_bucket", "_count", "_sum"} {
				if (suffix != "") != (family.GetType().String() == "HISTOGRAM") && suffix != "" {
					continue
				}
				if told[name+suffix] == nil {
					told[name+suffix] = map[string]bool{"job": true, "instance": true, "le": suffix == "_bucket"} // the first two are added by Prometheus
				}
				for _, l := range m.GetLabel() {
					told[name+suffix][l.GetName()] = true
				}
			}
		}
	}
	for name, labels := range asked {
		if told[name] == nil {
			missing = append(missing, name)
		}
		for _, label := range labels {
			if told[name] != nil && !told[name][label] {
				missing = append(missing, name+"{"+label+"}")
			}
		}
	}
	return missing
}

func boards(t *testing.T) []string {
	t.Helper()
	found, err := filepath.Glob(boardsDir + "/*.json")
	if err != nil || len(found) == 0 {
		t.Fatalf("%d boards, %v", len(found), err)
	}
	return found
}

func readText(t *testing.T, path string) string {
	t.Helper()
	body, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func writeText(t *testing.T, path, body string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
}
