// Package deploy_test holds the files of this folder to the program that they run: settings, secrets, ports, probes,
// names that have to meet, and how far each process is confined. It starts nothing.
package deploy_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"trackbot/internal/config"
)

// services are the processes of the program, by the name of their command.
var services = []config.Service{config.API, config.Bot, config.Worker, config.Notifier}

func text(t *testing.T, name string) string {
	t.Helper()
	body, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// documents reads every document of a YAML file.
func documents(t *testing.T, name string) (out []node) {
	t.Helper()
	dec := yaml.NewDecoder(bytes.NewReader([]byte(text(t, name))))
	for {
		var n map[string]any
		err := dec.Decode(&n)
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		out = append(out, node{n})
	}
}

// node is a place in a YAML document; one that is not there is empty.
type node struct{ v any }

// at goes down by keys.
func (n node) at(keys ...string) node {
	for _, key := range keys {
		m, _ := n.v.(map[string]any)
		n = node{m[key]}
	}
	return n
}

func (n node) items() (out []node) {
	list, _ := n.v.([]any)
	for _, item := range list {
		out = append(out, node{item})
	}
	return out
}

// keys are the names in a mapping, in order.
func (n node) keys() []string {
	m, _ := n.v.(map[string]any)
	out := make([]string, 0, len(m))
	for key := range m {
		out = append(out, key)
	}
	slices.Sort(out)
	return out
}

func (n node) str() string {
	s, _ := n.v.(string)
	return s
}

func (n node) strs() (out []string) {
	for _, item := range n.items() {
		out = append(out, item.str())
	}
	return out
}

func (n node) yes() bool { return n.v == true }

// lines reads NAME=value of a file, comments apart; with examples also those that are commented out.
func lines(t *testing.T, name string, examples bool) map[string]string {
	t.Helper()
	pattern := `(?m)^([A-Z][A-Z0-9_]+)=(.*)$`
	if examples {
		pattern = `(?m)^#?([A-Z][A-Z0-9_]+)=(.*)$`
	}
	out := map[string]string{}
	for _, match := range regexp.MustCompile(pattern).FindAllStringSubmatch(text(t, name), -1) {
		out[match[1]] = match[2]
	}
	return out
}

// settings are the variables that the program reads, true for secrets, which may come from a file as NAME_FILE.
func settings() map[string]bool {
	out := map[string]bool{}
	for field := range reflect.TypeFor[config.Config]().Fields() {
		out[field.Tag.Get("env")] = field.Type == reflect.TypeFor[config.Secret]()
	}
	return out
}

// isSetting tells whether the program reads a variable.
func isSetting(name string) bool {
	all := settings()
	if _, ok := all[name]; ok {
		return true
	}
	return all[strings.TrimSuffix(name, "_FILE")]
}

// dashboardSettings are the variables that the dashboard reads, and those of the server it is built on.
func dashboardSettings(t *testing.T) []string {
	t.Helper()
	out := []string{"SESSION_KEYS_FILE", "CLIENT_ADDRESS_SECRET_FILE", "NODE_ENV", "NEXT_TELEMETRY_DISABLED", "HOSTNAME", "PORT"}
	for _, match := range regexp.MustCompile(`(?m)^  ([A-Z][A-Z0-9_]+): `).FindAllStringSubmatch(text(t, "../dashboard/lib/env.ts"), -1) {
		out = append(out, match[1])
	}
	if len(out) < 9 {
		t.Fatalf("read %v of the dashboard", out)
	}
	return out
}
