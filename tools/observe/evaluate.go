package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/template"
	"github.com/prometheus/prometheus/tsdb/chunks"
	"github.com/prometheus/prometheus/util/annotations"
)

// run tells which expectations the rules do not meet.
func (s *suite) run() (faults []string) {
	engine := promql.NewEngine(promql.EngineOpts{MaxSamples: 1e6, Timeout: time.Minute, LookbackDelta: 5 * time.Minute, EnableAtModifier: true, EnableNegativeOffset: true})
	defer engine.Close()
	for i, t := range s.Tests {
		name := fmt.Sprintf("test %d (%s)", i+1, t.Name)
		data, err := t.load()
		if err != nil {
			faults = append(faults, name+": "+err.Error())
			continue
		}
		for _, want := range t.Alerts {
			if err := s.check(engine, data, want); err != nil {
				faults = append(faults, fmt.Sprintf("%s: %s at %s: %s", name, want.Alert, want.At, err))
			}
		}
	}
	return faults
}

// load makes the series of a test; they begin at the epoch.
func (t testCase) load() (memory, error) {
	var out memory
	for _, s := range t.Series {
		name, values, err := parser.NewParser(parser.Options{}).ParseSeriesDesc(s.Series + " " + s.Values)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.Series, err)
		}
		var samples []chunks.Sample
		for i, v := range values {
			if !v.Omitted {
				samples = append(samples, sample{t: int64(i) * time.Duration(t.Interval).Milliseconds(), f: v.Value})
			}
		}
		out = append(out, storage.NewListSeries(name, samples))
	}
	return out, nil
}

// check evaluates the rule of an expectation from the epoch to its time and compares what fires then.
func (s *suite) check(engine *promql.Engine, data memory, want expectation) error {
	at := slices.IndexFunc(s.rules, func(r rulefmt.Rule) bool { return r.Alert == want.Alert })
	if at < 0 {
		return fmt.Errorf("there is no such alert")
	}
	got, err := fire(engine, data, s.rules[at], time.Duration(s.Every), time.Duration(want.At))
	if err != nil {
		return err
	}
	var wanted []string
	for _, f := range want.Want {
		f.Labels = maps.Clone(f.Labels)
		if f.Labels == nil {
			f.Labels = map[string]string{}
		}
		f.Labels["alertname"] = want.Alert
		wanted = append(wanted, f.String())
	}
	slices.Sort(wanted)
	if !slices.Equal(got, wanted) {
		return fmt.Errorf("fires\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(wanted, "\n  "))
	}
	return nil
}

// String names labels and annotations in their order.
func (f firing) String() string {
	return labels.FromMap(f.Labels).String() + " " + labels.FromMap(f.Annotations).String()
}

// fire lists what fires at a time, as Prometheus does: what the expression has told for as long as `for` asks.
func fire(engine *promql.Engine, data memory, r rulefmt.Rule, every, at time.Duration) ([]string, error) {
	since := map[string]time.Duration{}
	var firing []string
	for now := time.Duration(0); now <= at; now += every {
		ts := time.UnixMilli(now.Milliseconds())
		found, err := ask(engine, data, r.Expr, ts)
		if err != nil {
			return nil, err
		}
		active := map[string]time.Duration{}
		firing = nil
		for _, sample := range found {
			key := sample.Metric.String()
			active[key] = now
			if began, ok := since[key]; ok {
				active[key] = began
			}
			if now-active[key] >= time.Duration(r.For) {
				alert, err := expand(engine, data, r, sample, ts)
				if err != nil {
					return nil, err
				}
				firing = append(firing, alert.String())
			}
		}
		since = active
	}
	slices.Sort(firing)
	return firing, nil
}

func ask(engine *promql.Engine, data memory, expr string, ts time.Time) (promql.Vector, error) {
	query, err := engine.NewInstantQuery(context.Background(), data, nil, expr, ts)
	if err != nil {
		return nil, err
	}
	defer query.Close()
	result := query.Exec(context.Background())
	if result.Err != nil {
		return nil, result.Err
	}
	if scalar, err := result.Scalar(); err == nil {
		return promql.Vector{{T: scalar.T, F: scalar.V}}, nil
	}
	found, err := result.Vector()
	return slices.Clone(found), err // the query's own memory ends with it
}

// expand fills the templates of a rule, with an error for one that Prometheus could not fill.
func expand(engine *promql.Engine, data memory, r rulefmt.Rule, s promql.Sample, ts time.Time) (firing, error) {
	told := s.Metric.Map()
	fill := func(text string) (string, error) {
		const short = `{{$labels := .Labels}}{{$value := .Value}}`
		expander := template.NewTemplateExpander(context.Background(), short+text, r.Alert, template.AlertTemplateData(told, nil, "", s), model.TimeFromUnixNano(ts.UnixNano()),
			func(_ context.Context, expr string, ts time.Time) (promql.Vector, error) {
				return ask(engine, data, expr, ts)
			}, nil, nil)
		return expander.Expand()
	}
	alert := firing{Labels: maps.Clone(told), Annotations: map[string]string{}}
	delete(alert.Labels, labels.MetricName)
	alert.Labels["alertname"] = r.Alert
	for name, text := range r.Labels {
		value, err := fill(text)
		if err != nil {
			return firing{}, err
		}
		alert.Labels[name] = value
	}
	for name, text := range r.Annotations {
		value, err := fill(text)
		if err != nil {
			return firing{}, err
		}
		alert.Annotations[name] = value
	}
	return alert, nil
}

// memory is a storage of some series.
type memory []*storage.SeriesEntry

// Querier implements storage.Queryable.
func (m memory) Querier(int64, int64) (storage.Querier, error) {
	return &storage.MockQuerier{SelectMockFunction: func(_ bool, _ *storage.SelectHints, matchers ...*labels.Matcher) storage.SeriesSet {
		var found []storage.Series
		for _, s := range m {
			if matches(s.Labels(), matchers) {
				found = append(found, s)
			}
		}
		return &seriesSet{found: found, at: -1}
	}}, nil
}

func matches(l labels.Labels, matchers []*labels.Matcher) bool {
	return !slices.ContainsFunc(matchers, func(m *labels.Matcher) bool { return !m.Matches(l.Get(m.Name)) })
}

// seriesSet walks over series.
type seriesSet struct {
	found []storage.Series
	at    int
}

func (s *seriesSet) Next() bool                        { s.at++; return s.at < len(s.found) }
func (s *seriesSet) At() storage.Series                { return s.found[s.at] }
func (s *seriesSet) Err() error                        { return nil }
func (s *seriesSet) Warnings() annotations.Annotations { return nil }
