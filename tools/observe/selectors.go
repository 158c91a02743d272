package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

// selectors are the labels that are asked of each metric.
type selectors map[string]map[string]bool

func (s selectors) sorted() map[string][]string {
	out := map[string][]string{}
	for metric, names := range s {
		out[metric] = slices.Sorted(maps.Keys(names))
	}
	return out
}

// add notes what an expression asks for: the metrics, and the labels that select or group their series. A label that
// groups is asked of every metric below it.
func (s selectors) add(expr string) error {
	tree, err := parser.NewParser(parser.Options{}).ParseExpr(expr)
	if err != nil {
		return fmt.Errorf("%s: %w", expr, err)
	}
	parser.Inspect(tree, func(node parser.Node, path []parser.Node) error {
		selector, ok := node.(*parser.VectorSelector)
		if !ok {
			return nil
		}
		asked := s[selector.Name]
		if asked == nil {
			asked = map[string]bool{}
			s[selector.Name] = asked
		}
		for _, m := range selector.LabelMatchers {
			if m.Name != labels.MetricName {
				asked[m.Name] = true
			}
		}
		for _, above := range path {
			if sum, ok := above.(*parser.AggregateExpr); ok && !sum.Without {
				for _, name := range sum.Grouping {
					asked[name] = true
				}
			}
		}
		return nil
	})
	return nil
}

func (s selectors) addRules(path string) error {
	rules, err := readRules(path)
	if err != nil {
		return err
	}
	for _, r := range rules {
		if err := s.add(r.Expr); err != nil {
			return err
		}
	}
	return nil
}

// board is what is read of a dashboard.
type board struct {
	Panels     []panel `json:"panels"`
	Templating struct {
		List []struct {
			Name  string `json:"name"`
			Type  string `json:"type"`
			Query any    `json:"query"`
		} `json:"list"`
	} `json:"templating"`
}

type panel struct {
	Title   string `json:"title"`
	Targets []struct {
		Expr         string `json:"expr"`
		LegendFormat string `json:"legendFormat"`
	} `json:"targets"`
	Panels []panel `json:"panels"`
}

// addBoard notes what the panels and variables of a dashboard ask for.
func (s selectors) addBoard(path string) error {
	body, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var b board
	if err := json.Unmarshal(body, &b); err != nil {
		return err
	}
	for _, p := range b.Panels {
		for _, q := range slices.Concat([]panel{p}, p.Panels) {
			for _, t := range q.Targets {
				if err := s.add(filled(t.Expr)); err != nil {
					return fmt.Errorf("panel %q: %w", q.Title, err)
				}
			}
		}
	}
	for _, v := range b.Templating.List {
		if v.Type != "query" {
			continue
		}
		if err := s.addVariable(fmt.Sprint(v.Query)); err != nil {
			return fmt.Errorf("variable %q: %w", v.Name, err)
		}
	}
	return nil
}

// addVariable reads label_values(expression, label), the one form of query that the boards use.
func (s selectors) addVariable(query string) error {
	found := regexp.MustCompile(`label_values\((.*),\s*(\w+)\)`).FindStringSubmatch(query)
	if found == nil {
		return fmt.Errorf("%q is no label_values(expression, label)", query)
	}
	return s.add("sum by (" + found[2] + ") (" + filled(found[1]) + ")")
}

// filled puts something in the place of Grafana's variables, so that the rest is an expression.
func filled(expr string) string {
	expr = strings.NewReplacer("$__rate_interval", "5m", "$__interval", "1m", "$__range", "1h").Replace(expr)
	return regexp.MustCompile(`\$\{?\w+(:\w+)?\}?`).ReplaceAllString(expr, "x")
}
