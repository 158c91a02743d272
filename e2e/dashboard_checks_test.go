package e2e_test

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// dashboardFolder is the dashboard's, seen from this package.
var dashboardFolder = filepath.Join("..", "dashboard")

// checkLimit is for one check of the dashboard on a busy machine.
const checkLimit = 5 * time.Minute

// dashboard runs a script of the dashboard with Node.js and fails the test when the script fails.
func dashboard(t *testing.T, script string, args ...string) {
	t.Helper()
	if out, err := nodeScript(t, script, args...); err != nil {
		t.Fatalf("%s: %v\n%s", script, err, out)
	}
}

func nodeScript(t *testing.T, script string, args ...string) (*log, error) {
	t.Helper()
	if _, err := exec.LookPath("node"); err != nil {
		t.Fatal("the dashboard's tests need Node.js 20.19 or newer, and there is no `node` in PATH")
	}
	ctx, cancel := context.WithTimeout(t.Context(), checkLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, "node", append([]string{script}, args...)...)
	out := &log{}
	cmd.Dir, cmd.Stdout, cmd.Stderr = dashboardFolder, out, out
	cmd.Env = append(os.Environ(), "CI=1", "FORCE_COLOR=0", "NEXT_TELEMETRY_DISABLED=1")
	return out, cmd.Run()
}

func TestDashboardTypesAreThoseOfTheContract(t *testing.T) {
	t.Parallel()
	dashboard(t, "scripts/prepare.mjs")
	dashboard(t, "scripts/schema.mjs", "--check")
}

func TestDashboardHasCleanStyleAndTypes(t *testing.T) {
	t.Parallel()
	dashboard(t, "scripts/prepare.mjs", "--build") // makes the types of the routes
	dashboard(t, "node_modules/@biomejs/biome/bin/biome", "ci", ".")
	dashboard(t, "node_modules/typescript/bin/tsc", "--noEmit", "--incremental", "false")
}

// The ceilings of docs/adr/0022-first-load-javascript.md; the login's, a page without scripts, is held in the browser.
func TestDashboardPagesLoadLittleJavaScriptAtFirst(t *testing.T) {
	t.Parallel()
	dashboard(t, "scripts/prepare.mjs", "--build")
	dashboard(t, "scripts/budget.mjs")
}

// Each test of the dashboard's own units is a subtest here.
func TestDashboardUnits(t *testing.T) {
	t.Parallel()
	dashboard(t, "scripts/prepare.mjs")
	report := filepath.Join(t.TempDir(), "report.json")
	out, err := nodeScript(t, "node_modules/vitest/vitest.mjs", "run", "--reporter=json", "--outputFile="+report)
	reportSubtests(t, "vitest", report, vitestResults, err, out)
}

// outcome is a test that another runner has run.
type outcome struct {
	name    string
	failure string // "": it passed
	skipped bool
}

// reportSubtests makes the results of another runner subtests. A run without results, or that failed outside of its
// tests, has failed, and so has a test that was skipped.
func reportSubtests(t *testing.T, runner, file string, parse func([]byte) ([]outcome, error), runErr error, out *log) {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%s left no report: %v\n%s", runner, runErr, out.tail(60))
	}
	outcomes, err := parse(raw)
	if err != nil || len(outcomes) == 0 {
		t.Fatalf("%s ran nothing: %v, %v\n%s", runner, err, runErr, out.tail(60))
	}
	failed := false
	for _, o := range outcomes {
		t.Run(o.name, func(t *testing.T) {
			if o.skipped {
				failed = true
				t.Error("it was skipped")
			}
			if o.failure != "" {
				failed = true
				t.Error(o.failure)
			}
		})
	}
	if runErr != nil && !failed {
		t.Errorf("%s failed beside its tests: %v\n%s", runner, runErr, out.tail(60))
	}
}

func vitestResults(raw []byte) ([]outcome, error) {
	var report struct {
		TestResults []struct {
			Name, Message    string
			AssertionResults []struct {
				FullName, Status string
				FailureMessages  []string
			}
		}
	}
	if err := json.Unmarshal(raw, &report); err != nil {
		return nil, err
	}
	var out []outcome
	for _, file := range report.TestResults {
		if len(file.AssertionResults) == 0 {
			out = append(out, outcome{name: filepath.Base(file.Name), failure: "has no tests: " + file.Message})
		}
		for _, test := range file.AssertionResults {
			o := outcome{name: filepath.Base(file.Name) + "/" + test.FullName, skipped: test.Status == "skipped" || test.Status == "todo"}
			if test.Status == "failed" {
				o.failure = "failed: " + strings.Join(test.FailureMessages, "\n")
			}
			out = append(out, o)
		}
	}
	return out, nil
}

// playwrightSuite is a file or a describe block of Playwright's report.
type playwrightSuite struct {
	Title  string
	Suites []playwrightSuite
	Specs  []struct {
		Title string
		Tests []struct {
			Status  string // expected, unexpected, flaky, skipped
			Results []struct {
				Duration int // ms
				Errors   []struct{ Message string }
			}
		}
	}
}

func playwrightResults(raw []byte) ([]outcome, error) {
	var report playwrightSuite
	if err := json.Unmarshal(raw, &report); err != nil {
		return nil, err
	}
	return report.outcomes(""), nil
}

func (s playwrightSuite) outcomes(within string) []outcome {
	var out []outcome
	for _, spec := range s.Specs {
		for _, test := range spec.Tests {
			o := outcome{name: within + spec.Title, skipped: test.Status == "skipped"}
			for _, result := range test.Results {
				for _, e := range result.Errors {
					o.failure += e.Message + "\n"
				}
			}
			if test.Status == "unexpected" && o.failure == "" {
				o.failure = "failed without a message"
			}
			out = append(out, o)
		}
	}
	for _, inner := range s.Suites {
		out = append(out, inner.outcomes(within+inner.Title+"/")...)
	}
	return out
}
