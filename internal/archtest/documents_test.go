package archtest_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A control that names a test which is gone is held by nobody.
func TestSecurityPagesNameTestsThatExist(t *testing.T) {
	t.Parallel()
	var there []string
	declared := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz|Benchmark)\w+)\(`)
	for _, f := range load(t, ".go") {
		if !f.isTest() {
			continue
		}
		body, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(f.name)))
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range declared.FindAllSubmatch(body, -1) {
			there = append(there, string(match[1]))
		}
	}
	named := regexp.MustCompile("`((?:Test|Fuzz|Benchmark)[A-Z0-9]\\w+)`")
	for _, page := range []string{"security.md", "security-audit.md", "capacity.md"} {
		body, err := os.ReadFile(filepath.Join(root, "docs", page))
		if err != nil {
			t.Fatal(err)
		}
		found := named.FindAllSubmatch(body, -1)
		if len(found) < 4 {
			t.Errorf("%s names %d tests", page, len(found))
		}
		for _, match := range found {
			if !slices.Contains(there, string(match[1])) {
				t.Errorf("%s names %s, which is not there", page, match[1])
			}
		}
	}
}

// What the guide says stands on the screen stands in the dashboard's source.
func TestUserGuideNamesWhatStandsOnTheScreen(t *testing.T) {
	t.Parallel()
	var screens strings.Builder
	for _, f := range load(t, ".ts", ".tsx") {
		if !strings.HasPrefix(f.name, "dashboard/") || strings.Contains(f.name, ".test.") || strings.Contains(f.name, ".spec.") {
			continue
		}
		body, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(f.name)))
		if err != nil {
			t.Fatal(err)
		}
		screens.Write(body)
	}
	guide, err := os.ReadFile(filepath.Join(root, "docs", "user-guide.md"))
	if err != nil {
		t.Fatal(err)
	}
	source := regexp.MustCompile(`\s+`).ReplaceAllString(screens.String(), " ")
	named := regexp.MustCompile(`\*\*([^*]+)\*\*`).FindAllSubmatch(guide, -1)
	if len(named) < 60 {
		t.Fatalf("only %d names are seen", len(named))
	}
	for _, match := range named {
		for name := range strings.SplitSeq(string(match[1]), " → ") {
			if name = strings.TrimSuffix(name, "."); name != "manager" && name != "member" && !strings.Contains(source, name) {
				t.Errorf("%q stands nowhere on the screen", name)
			}
		}
	}
	for _, match := range regexp.MustCompile(`\]\((screenshots/[^)]+)\)`).FindAllSubmatch(guide, -1) {
		if _, err := os.Stat(filepath.Join(root, "docs", string(match[1]))); err != nil {
			t.Error(err)
		}
	}
}
