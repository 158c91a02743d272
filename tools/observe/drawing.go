package main

// drawing is a panel.
type drawing struct {
	ID          int      `json:"id"`
	Type        string   `json:"type"`
	Title       string   `json:"title"`
	Description string   `json:"description,omitempty"`
	Grid        grid     `json:"gridPos"`
	Datasource  *source  `json:"datasource,omitempty"`
	Targets     []target `json:"targets,omitempty"`
	Fields      *fields  `json:"fieldConfig,omitempty"`
	Options     any      `json:"options,omitempty"`
	Transforms  []any    `json:"transformations,omitempty"`
	Collapsed   *bool    `json:"collapsed,omitempty"`
}

type grid struct {
	H int `json:"h"`
	W int `json:"w"`
	X int `json:"x"`
	Y int `json:"y"`
}

type target struct {
	RefID   string `json:"refId"`
	Expr    string `json:"expr"`
	Legend  string `json:"legendFormat,omitempty"`
	Instant bool   `json:"instant,omitempty"`
	Format  string `json:"format,omitempty"`
	Range   bool   `json:"range"`
	Source  source `json:"datasource"`
}

type fields struct {
	Defaults  defaults `json:"defaults"`
	Overrides []any    `json:"overrides"`
}

type defaults struct {
	Unit       string     `json:"unit"`
	Min        *float64   `json:"min,omitempty"`
	NoValue    string     `json:"noValue,omitempty"`
	Color      colorMode  `json:"color"`
	Thresholds thresholds `json:"thresholds"`
	Custom     any        `json:"custom,omitempty"`
}

type colorMode struct {
	Mode string `json:"mode"`
}

type thresholds struct {
	Mode  string `json:"mode"`
	Steps []step `json:"steps"`
}

type step struct {
	Color string   `json:"color"`
	Value *float64 `json:"value"` // null: from the beginning
}

// line is an expression with the legend of its lines.
type line struct{ expr, legend string }

func of(panel string, title, about, unit string, lines []line) *drawing {
	from, zero := prometheus(), 0.0
	p := &drawing{Type: panel, Title: title, Description: about, Datasource: &from, Fields: &fields{
		Defaults: defaults{
			Unit: unit, Min: &zero, Color: colorMode{"palette-classic"},
			Thresholds: thresholds{"absolute", []step{{Color: "green"}}},
		},
		Overrides: []any{},
	}}
	for i, l := range lines {
		p.Targets = append(p.Targets, target{RefID: string(rune('A' + i)), Expr: l.expr, Legend: l.legend, Range: true, Source: from})
	}
	return p
}

// chart draws lines over time.
func chart(title, about, unit string, lines ...line) *drawing {
	p := of("timeseries", title, about, unit, lines)
	p.Fields.Defaults.Custom = map[string]any{
		"drawStyle": "line", "lineWidth": 1, "fillOpacity": 8, "showPoints": "never", "spanNulls": false, "lineInterpolation": "linear",
	}
	p.Options = map[string]any{
		"legend":  map[string]any{"displayMode": "table", "placement": "bottom", "showLegend": true, "calcs": []string{"lastNotNull", "max"}},
		"tooltip": map[string]any{"mode": "multi", "sort": "desc"},
	}
	return p
}

// stacked draws lines that add up.
func stacked(title, about, unit string, lines ...line) *drawing {
	p := chart(title, about, unit, lines...)
	custom := p.Fields.Defaults.Custom.(map[string]any)
	custom["stacking"], custom["fillOpacity"] = map[string]any{"mode": "normal", "group": "A"}, 30
	return p
}

// figure shows one number, amber and red from the given values on; zeros leave it green.
func figure(title, about, unit, expr string, amber, red float64) *drawing {
	p := of("stat", title, about, unit, []line{{expr, ""}})
	p.Targets[0].Instant, p.Targets[0].Range = true, false
	p.Fields.Defaults.Color.Mode, p.Fields.Defaults.NoValue = "thresholds", "none"
	if amber > 0 {
		p.Fields.Defaults.Thresholds.Steps = append(p.Fields.Defaults.Thresholds.Steps, step{"orange", &amber})
	}
	if red > 0 {
		p.Fields.Defaults.Thresholds.Steps = append(p.Fields.Defaults.Thresholds.Steps, step{"red", &red})
	}
	p.Options = map[string]any{
		"colorMode": "value", "graphMode": "none", "justifyMode": "auto", "textMode": "auto", "orientation": "auto",
		"reduceOptions": map[string]any{"calcs": []string{"lastNotNull"}, "fields": "", "values": false},
	}
	return p
}

// table lists what an expression tells now, the largest first. Columns that say nothing to people are left out.
func table(title, about, unit, expr, value string) *drawing {
	p := of("table", title, about, unit, []line{{expr, ""}})
	p.Targets[0].Instant, p.Targets[0].Range, p.Targets[0].Format = true, false, "table"
	p.Options = map[string]any{"showHeader": true, "sortBy": []any{map[string]any{"displayName": value, "desc": true}}}
	p.Transforms = []any{map[string]any{"id": "organize", "options": map[string]any{
		"excludeByName": map[string]bool{"Time": true}, "renameByName": map[string]string{"Value": value},
	}}}
	return p
}
