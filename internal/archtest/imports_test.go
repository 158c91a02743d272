package archtest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

type layer string

const (
	command  layer = "command"
	wiring   layer = "wiring"
	contract layer = "contract"
	edge     layer = "edge"
	rules    layer = "rules"
	outside  layer = "outside"
	database layer = "database"
	leaf     layer = "leaf"
	alone    layer = "alone"   // shares no code with the product
	support  layer = "support" // for tests
	tests    layer = "tests"   // nothing but tests
)

// layers places every package, the subpackages with their parent. A new package has to be placed here.
func layers() map[string]layer {
	return map[string]layer{
		"cmd/trackbot":                   command,
		"internal/app":                   wiring,
		"api":                            contract,
		"internal/bot":                   edge,
		"internal/sim":                   alone,
		"client/bot":                     alone,
		"bench":                          tests,
		"e2e":                            tests,
		"deploy":                         tests,
		"internal/testkit":               support,
		"internal/delivery/deliverytest": support,
		"internal/embeddedpg":            alone,
		"internal/httpapi":               edge,
		"internal/worker":                edge,
		"internal/notifier":              edge,
		"internal/account":               rules,
		"internal/guild":                 rules,
		"internal/tracking":              rules,
		"internal/delivery":              rules,
		"internal/route":                 rules,
		"internal/export":                rules,
		"internal/fleet":                 rules,
		"internal/erasure":               rules,
		"internal/live":                  rules,
		"internal/usage":                 rules,
		"internal/analytics":             rules,
		"internal/share":                 rules,
		"internal/limit":                 rules,
		"internal/plan":                  rules,
		"internal/signed":                rules,
		"internal/audit":                 rules,
		"internal/push":                  rules,
		"internal/health":                rules,
		"internal/command":               rules,
		"internal/apikey":                rules,
		"internal/warm":                  rules,
		"internal/discord":               outside,
		"internal/source":                outside,
		"internal/filestore":             outside,
		"internal/store":                 database,
		"internal/config":                leaf,
		"internal/fault":                 leaf,
		"internal/pulse":                 leaf,
		"internal/recent":                leaf,
		"internal/tracing":               leaf,
		"internal/accountfile":           leaf,
		"internal/archtest":              tests,
	}
}

// below tells which layers the code of a layer may import. Rules build on each other; edges never do.
func below() map[layer][]layer {
	return map[layer][]layer{
		command:  {wiring, leaf},
		wiring:   {edge, rules, outside, database, leaf, contract, alone},
		edge:     {rules, outside, database, leaf, contract},
		rules:    {rules, outside, database, leaf},
		outside:  {leaf},
		database: {leaf},
		support:  {rules, outside, database, leaf, alone, support},
	}
}

// importers tells who alone, tests apart, may import a package or what lies under its path.
func importers() map[string][]string {
	return map[string][]string{
		// The wire's types meet the inner model in one place.
		"trackbot/api": {"internal/httpapi"},
		// SQL is written in one place.
		"github.com/jackc/pgx/v5":     {"internal/store", "internal/testkit", "internal/embeddedpg"},
		"github.com/pressly/goose/v3": {"internal/store"},
		// Another Discord library could take the place of this one.
		"github.com/coder/websocket": {"internal/discord", "internal/sim"},
		"trackbot/internal/discord":  {"internal/bot", "internal/command", "internal/notifier", "internal/app"},
		// Adapters work for tracking; the bot and the worker name platforms and hand them on.
		"trackbot/internal/source": {"internal/tracking", "internal/worker", "internal/bot", "internal/command", "internal/app"},
		// Requests leave by discord, source and filestore alone; the others answer them.
		"net/http":                     {"internal/discord", "internal/source", "internal/filestore", "internal/httpapi", "internal/app", "internal/sim", "api", "client/bot"},
		"trackbot/internal/sim":        {"internal/app"},
		"trackbot/internal/embeddedpg": {"internal/app", "internal/testkit"},
	}
}

// within tells whether the path is the parent or lies under it.
func within(path, parent string) bool {
	return path == parent || strings.HasPrefix(path, parent+"/")
}

// home is the placed package to which a package belongs, "" for one that is not placed.
func home(pkg string) string {
	longest := ""
	for placed := range layers() {
		if within(pkg, placed) && len(placed) > len(longest) {
			longest = placed
		}
	}
	return longest
}

// broken lists the rules that a file's imports break.
func broken(f sourceFile) []string {
	from := home(f.pkg())
	if from == "" {
		return []string{fmt.Sprintf("%s: package %s is not placed in a layer", f.name, f.pkg())}
	}
	var out []string
	for _, imported := range f.imports {
		if why := refusal(f, from, imported); why != "" {
			out = append(out, fmt.Sprintf("%s imports %s: %s", f.name, imported, why))
		}
	}
	return out
}

func refusal(f sourceFile, from, imported string) string {
	pkg, ours := strings.CutPrefix(imported, module)
	to := home(pkg)
	if ours && to == from {
		return ""
	}
	if f.isTest() || layers()[from] == tests {
		return testRefusal(from, to, ours)
	}
	for path, by := range importers() {
		if within(imported, path) && !slices.Contains(by, from) {
			return "only " + strings.Join(by, ", ") + " may"
		}
	}
	if ours && !slices.Contains(below()[layers()[from]], layers()[to]) {
		return fmt.Sprintf("%s may not import %s", layers()[from], layers()[to])
	}
	return ""
}

// Tests reach further, but an edge is tested without the others and the contract through httpapi.
func testRefusal(from, to string, ours bool) string {
	switch {
	case !ours || layers()[from] == tests:
		return ""
	case layers()[from] == edge && layers()[to] == edge:
		return "edges are tested alone"
	case layers()[to] == contract && from != "internal/httpapi":
		return "only internal/httpapi may"
	}
	return ""
}

func TestImportsRunDownward(t *testing.T) {
	t.Parallel()
	files := load(t, ".go")
	if len(files) < 100 {
		t.Fatalf("only %d files are seen", len(files))
	}
	for _, f := range files {
		if within(f.name, "tools") { // a module of its own
			continue
		}
		for _, fault := range broken(f) {
			t.Error(fault)
		}
	}
}

func TestForbiddenImportsAreFound(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		file, imported string
		want           bool // refused
	}{
		{"cmd/trackbot/main.go", "trackbot/internal/app", false},
		{"cmd/trackbot/main.go", "trackbot/internal/store", true},
		{"internal/app/api.go", "trackbot/internal/httpapi", false},
		{"internal/app/api.go", "trackbot/internal/testkit", true},
		{"internal/app/demo.go", "trackbot/internal/sim", false},
		{"internal/httpapi/auth.go", "trackbot/internal/discord", true},
		{"internal/httpapi/auth.go", "trackbot/internal/app", true},
		{"internal/httpapi/x.go", "trackbot/internal/httpapi/reference", false},
		{"internal/httpapi/x.go", "trackbot/internal/bot", true},
		{"internal/httpapi/x_test.go", "trackbot/internal/bot", true},
		{"internal/httpapi/x.go", "trackbot/internal/store/db", false},
		{"internal/httpapi/x.go", "github.com/jackc/pgx/v5/pgconn", true},
		{"internal/bot/x.go", "trackbot/api", true},
		{"internal/bot/x_test.go", "trackbot/api", true},
		{"internal/bot/x.go", "github.com/coder/websocket", true},
		{"internal/bot/x.go", "net/http", true},
		{"internal/bot/x_test.go", "net/http/httptest", false},
		{"internal/bot/x.go", "trackbot/internal/sim", true},
		{"internal/bot/x_test.go", "trackbot/internal/sim", false},
		{"internal/guild/x.go", "trackbot/internal/audit", false},
		{"internal/guild/x.go", "trackbot/internal/discord", true},
		{"internal/guild/x.go", "trackbot/internal/httpapi", true},
		{"internal/usage/x.go", "net/http", true},
		{"internal/store/x.go", "github.com/jackc/pgx/v5/pgxpool", false},
		{"internal/store/x.go", "trackbot/internal/audit", true},
		{"internal/store/x_test.go", "trackbot/internal/testkit", false},
		{"internal/delivery/x.go", "trackbot/internal/delivery/deliverytest", true},
		{"internal/delivery/deliverytest/x.go", "trackbot/internal/testkit", false},
		{"internal/source/x.go", "trackbot/internal/store", true},
		{"internal/sim/x.go", "trackbot/internal/discord", true},
		{"internal/sim/x.go", "trackbot/internal/fault", true},
		{"internal/fault/x.go", "trackbot/internal/config", true},
		{"client/bot/x.go", "trackbot/internal/fault", true},
		{"client/bot/x.go", "trackbot/api", true},
		{"internal/config/x.go", "time", false},
		{"internal/helpers/x.go", "time", true},
	} {
		f := sourceFile{name: tc.file, imports: []string{tc.imported}}
		if got := broken(f); (len(got) > 0) != tc.want {
			t.Errorf("%s imports %s: found %q, want a fault: %t", tc.file, tc.imported, got, tc.want)
		}
	}
}
