package archtest_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// licenceTexts tells licences apart by a sentence that stands in no other.
var licenceTexts = []struct{ name, says string }{
	{"Apache-2.0", `Apache License,?\s+Version 2\.0`},
	{"MPL-2.0", `Mozilla Public License,? (v\.|[Vv]ersion )\s*2\.0`},
	{"GPL", `GNU (LESSER |AFFERO )?GENERAL PUBLIC LICENSE`},
	{"BSD-3-Clause", `(?s)Redistribution and use in source and binary forms.*[Nn]either the names? of`},
	{"BSD-2-Clause", `Redistribution and use in source and binary forms`},
	{"MIT", `(?s)Permission is hereby granted, free of charge.*The above copyright notice and this\s+permission notice`},
	{"ISC", `Permission to use, copy, modify, and(/or)? distribute this software for any`},
	{"Unlicense", `This is free and unencumbered software released into the public domain`},
	{"CC0-1.0", `CC0 1\.0 Universal`},
}

// permissive licences may be linked into the program under its own.
var permissive = []string{"Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "MIT", "ISC", "Unlicense", "CC0-1.0"}

// licenceIn names the licence of a module's folder, "" when no file tells it.
func licenceIn(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if !regexp.MustCompile(`(?i)^(licen[cs]e|copying|unlicense)`).MatchString(entry.Name()) || entry.IsDir() {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		for _, known := range licenceTexts {
			if regexp.MustCompile(known.says).Match(text) {
				return known.name
			}
		}
	}
	return ""
}

// Every module that is linked into the program may be. `make licences` prints the list.
func TestLicencesOfTheProgramArePermissive(t *testing.T) {
	t.Parallel()
	list := exec.Command("go", "list", "-deps", "-f", `{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}} {{.Dir}}{{end}}{{end}}`, "./cmd/trackbot")
	list.Dir = root
	out, err := list.Output()
	if err != nil {
		t.Fatalf("list modules: %v", err)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	slices.Sort(lines)
	lines = slices.DeleteFunc(slices.Compact(lines), func(line string) bool { return line == "" })
	if len(lines) < 30 {
		t.Fatalf("only %d modules are seen", len(lines))
	}
	for _, line := range lines {
		part := strings.SplitN(line, " ", 3)
		licence := licenceIn(t, part[2])
		t.Logf("%-14s %s %s", licence, part[0], part[1])
		if !slices.Contains(permissive, licence) {
			t.Errorf("%s %s has licence %q", part[0], part[1], licence)
		}
	}
}

// What the dashboard is made of: packages that run, and those that only build and test it.
func TestLicencesOfTheDashboardArePermissive(t *testing.T) {
	t.Parallel()
	body, err := os.ReadFile(filepath.Join(root, "dashboard", "package-lock.json"))
	if err != nil {
		t.Fatal(err)
	}
	var lock struct {
		Packages map[string]struct {
			Version, License string
			Dev              bool
		}
	}
	if err := json.Unmarshal(body, &lock); err != nil {
		t.Fatal(err)
	}
	may := append([]string{"0BSD", "MIT-0", "MIT AND ISC AND BSD-3-Clause", "BlueOak-1.0.0", "Python-2.0", "MIT OR Apache-2.0", "(MIT OR CC0-1.0)", "SIL OPEN FONT LICENSE", "CC-BY-4.0"}, permissive...)
	ran := 0
	for name, p := range lock.Packages {
		switch {
		case name == "":
		case !p.Dev:
			ran++
			t.Logf("%-14s %s %s", p.License, strings.TrimPrefix(name, "node_modules/"), p.Version)
			// The image optimizer's libraries (LGPL) are optional, unused and left out of what is deployed: see below.
			if !slices.Contains(may, p.License) && !strings.HasPrefix(name, "node_modules/@img/") {
				t.Errorf("%s has licence %q", name, p.License)
			}
		case p.License != "MPL-2.0" && p.License != "" && !slices.Contains(may, p.License):
			t.Errorf("%s, which builds or tests, has licence %q", name, p.License)
		}
	}
	if ran < 50 {
		t.Fatalf("only %d packages are seen", ran)
	}
	config, err := os.ReadFile(filepath.Join(root, "dashboard", "next.config.ts"))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"unoptimized: true", `"node_modules/@img/**"`} {
		if !strings.Contains(string(config), line) {
			t.Errorf("the image optimizer is deployed: next.config.ts lacks %s", line)
		}
	}
}
