package archtest_test

import (
	"strings"
	"testing"
)

// A file that is longer surely has more than one subject.
const (
	maxGoLines         = 500
	maxTypeScriptLines = 300
)

func TestHandWrittenFilesAreShort(t *testing.T) {
	t.Parallel()
	for _, f := range load(t, ".go", ".ts", ".tsx") {
		limit := maxTypeScriptLines
		if strings.HasSuffix(f.name, ".go") {
			limit = maxGoLines
		}
		generated := f.generated || strings.HasSuffix(f.name, ".d.ts")
		if !generated && f.lines > limit {
			t.Errorf("%s has %d lines, more than %d", f.name, f.lines, limit)
		}
	}
}
