package main

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql/parser"
	"go.yaml.in/yaml/v3"
)

// suite is a file of tests in promtool's form.
type suite struct {
	RuleFiles []string       `yaml:"rule_files"`
	Every     model.Duration `yaml:"evaluation_interval"`
	Tests     []testCase     `yaml:"tests"`

	rules []rulefmt.Rule
}

type testCase struct {
	Name     string         `yaml:"name"`
	Interval model.Duration `yaml:"interval"`
	Series   []series       `yaml:"input_series"`
	Alerts   []expectation  `yaml:"alert_rule_test"`
}

type series struct {
	Series string `yaml:"series"`
	Values string `yaml:"values"`
}

// expectation is which alerts fire at a time; none: that one does not.
type expectation struct {
	At    model.Duration `yaml:"eval_time"`
	Alert string         `yaml:"alertname"`
	Want  []firing       `yaml:"exp_alerts"`
}

type firing struct {
	Labels      map[string]string `yaml:"exp_labels"`
	Annotations map[string]string `yaml:"exp_annotations"`
}

// readSuite reads tests and the rules that they name, as strictly as Prometheus reads rules.
func readSuite(path string) (*suite, error) {
	body, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	s := &suite{}
	decoder := yaml.NewDecoder(bytes.NewReader(body))
	decoder.KnownFields(true)
	if err := decoder.Decode(s); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	for _, name := range s.RuleFiles {
		rules, err := readRules(filepath.Join(filepath.Dir(path), name))
		if err != nil {
			return nil, err
		}
		s.rules = append(s.rules, rules...)
	}
	if s.Every == 0 {
		s.Every = model.Duration(time.Minute)
	}
	return s, nil
}

func readRules(path string) ([]rulefmt.Rule, error) {
	groups, faults := rulefmt.ParseFile(path, false, model.UTF8Validation, parser.NewParser(parser.Options{}), slog.New(slog.DiscardHandler))
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	var out []rulefmt.Rule
	for _, g := range groups.Groups {
		out = append(out, g.Rules...)
	}
	return out, nil
}

// untested names the alerts of which no test shows that they fire, or none that they do not.
func (s *suite) untested() []string {
	fires, rests := map[string]bool{}, map[string]bool{}
	for _, t := range s.Tests {
		for _, a := range t.Alerts {
			fires[a.Alert] = fires[a.Alert] || len(a.Want) > 0
			rests[a.Alert] = rests[a.Alert] || len(a.Want) == 0
		}
	}
	var out []string
	for _, r := range s.rules {
		if !fires[r.Alert] {
			out = append(out, r.Alert+": no test makes it fire")
		}
		if !rests[r.Alert] {
			out = append(out, r.Alert+": no test keeps it from firing")
		}
	}
	return out
}
