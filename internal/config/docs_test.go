package config_test

import (
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"trackbot/internal/config"
)

// defaults maps each variable that Config reads to its default as its tag writes it.
func defaults() map[string]string {
	out := map[string]string{}
	for field := range reflect.TypeFor[config.Config]().Fields() {
		out[field.Tag.Get("env")] = field.Tag.Get("default")
	}
	return out
}

// documented reads name and default of each variable that a file at the module's root documents;
// the pattern's groups are the two.
func documented(t *testing.T, name, pattern string) map[string]string {
	t.Helper()
	body, err := os.ReadFile(filepath.Join("..", "..", name))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, match := range regexp.MustCompile(pattern).FindAllStringSubmatch(string(body), -1) {
		if _, twice := out[match[1]]; twice {
			t.Errorf("%s documents %s twice", name, match[1])
		}
		out[match[1]] = strings.Trim(match[2], "` ")
	}
	return out
}

func checkDocumented(t *testing.T, name string, got map[string]string) {
	t.Helper()
	want := defaults()
	for _, variable := range slices.Sorted(maps.Keys(want)) {
		value, found := got[variable]
		switch {
		case !found:
			t.Errorf("%s does not document %s", name, variable)
		case value != want[variable]:
			t.Errorf("%s gives %s the default %q, the program %q", name, variable, value, want[variable])
		}
	}
	for _, variable := range slices.Sorted(maps.Keys(got)) {
		if _, known := want[variable]; !known {
			t.Errorf("%s documents %s, which the program does not read", name, variable)
		}
	}
}

func TestReadmeTableNamesEveryVariableWithItsDefault(t *testing.T) {
	t.Parallel()
	rows := documented(t, "README.md", "(?m)^\\| `([A-Z][A-Z0-9_]+)`[^|]*\\|([^|]*)\\|")
	checkDocumented(t, "README.md", rows)
}

func TestEnvExampleNamesEveryVariableWithItsDefault(t *testing.T) {
	t.Parallel()
	lines := documented(t, ".env.example", `(?m)^#?([A-Z][A-Z0-9_]+)=(.*)$`)
	checkDocumented(t, ".env.example", lines)
}

func TestEnvExampleHoldsNoSecret(t *testing.T) {
	t.Parallel()
	lines := documented(t, ".env.example", `(?m)^#?([A-Z][A-Z0-9_]+)=(.*)$`)
	for field := range reflect.TypeFor[config.Config]().Fields() {
		if name := field.Tag.Get("env"); field.Type == reflect.TypeFor[config.Secret]() && lines[name] != "" {
			t.Errorf("%s has a value", name)
		}
	}
}
