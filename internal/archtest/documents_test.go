package archtest_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
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
