package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// dashboard is a Grafana dashboard in the form that provisioning reads (schema 39, Grafana 10.4 and later).
type dashboard struct {
	UID           string     `json:"uid"`
	Title         string     `json:"title"`
	Description   string     `json:"description"`
	Tags          []string   `json:"tags"`
	Editable      bool       `json:"editable"`
	GraphTooltip  int        `json:"graphTooltip"` // 1: one crosshair for all panels
	SchemaVersion int        `json:"schemaVersion"`
	Refresh       string     `json:"refresh"`
	Timezone      string     `json:"timezone"`
	Time          timeRange  `json:"time"`
	Links         []link     `json:"links"`
	Annotations   notes      `json:"annotations"`
	Templating    variables  `json:"templating"`
	Panels        []*drawing `json:"panels"`
}

type timeRange struct {
	From string `json:"from"`
	To   string `json:"to"`
}

type link struct {
	Title       string   `json:"title"`
	Type        string   `json:"type"`
	Tags        []string `json:"tags"`
	AsDropdown  bool     `json:"asDropdown"`
	IncludeVars bool     `json:"includeVars"`
	KeepTime    bool     `json:"keepTime"`
}

type notes struct {
	List []note `json:"list"`
}

// note marks the time while an alert fires.
type note struct {
	Name       string `json:"name"`
	Enable     bool   `json:"enable"`
	IconColor  string `json:"iconColor"`
	Datasource source `json:"datasource"`
	Expr       string `json:"expr"`
	Step       string `json:"step"`
	TitleForm  string `json:"titleFormat"`
}

type source struct {
	Type string `json:"type"`
	UID  string `json:"uid"`
}

// prometheus is the source that the board's first variable names, so that a board fits any Grafana.
func prometheus() source { return source{"prometheus", "${datasource}"} }

type variables struct {
	List []variable `json:"list"`
}

type variable struct {
	Name       string  `json:"name"`
	Label      string  `json:"label"`
	Type       string  `json:"type"`
	Query      any     `json:"query"`
	Datasource *source `json:"datasource,omitempty"`
	Refresh    int     `json:"refresh"` // 2: whenever the time range changes
	IncludeAll bool    `json:"includeAll"`
	Multi      bool    `json:"multi"`
	AllValue   string  `json:"allValue,omitempty"`
	Sort       int     `json:"sort,omitempty"`
	Current    any     `json:"current"`
}

// boardOf is a dashboard with rows of panels beneath each other.
func boardOf(name, title, description string, rows ...row) dashboard {
	b := dashboard{
		UID: "trackbot-" + name, Title: "Trackbot / " + title, Description: description, Tags: []string{"trackbot"},
		GraphTooltip: 1, SchemaVersion: 39, Refresh: "30s", Timezone: "browser", Time: timeRange{"now-6h", "now"},
		Links: []link{{Title: "Trackbot", Type: "dashboards", Tags: []string{"trackbot"}, AsDropdown: true, KeepTime: true}},
		Annotations: notes{[]note{{
			Name: "Critical alerts", Enable: true, IconColor: "red", Datasource: prometheus(), Step: "60s",
			Expr: `ALERTS{alertname=~"Trackbot.*", alertstate="firing", severity="critical"}`, TitleForm: "{{alertname}}",
		}}},
		Templating: variables{[]variable{{
			Name: "datasource", Label: "Prometheus", Type: "datasource", Query: "prometheus", Refresh: 1, Current: struct{}{},
		}}},
	}
	y, id := 0, 0
	add := func(p *drawing, x, w, h int) {
		id++
		p.ID, p.Grid = id, grid{h, w, x, y}
		b.Panels = append(b.Panels, p)
	}
	for _, r := range rows {
		add(&drawing{Type: "row", Title: r.title}, 0, 24, 1)
		y++
		for at, p := range r.panels {
			add(p, at%r.across*(24/r.across), 24/r.across, r.height)
			if at%r.across == r.across-1 || at == len(r.panels)-1 {
				y += r.height
			}
		}
	}
	return b
}

// with adds a variable to choose from the values of a label.
func (b dashboard) with(name, label, query string) dashboard {
	from := prometheus()
	b.Templating.List = append(b.Templating.List, variable{
		Name: name, Label: label, Type: "query", Query: query, Datasource: &from, Refresh: 2, IncludeAll: true, Multi: true, AllValue: ".*", Sort: 1,
		Current: map[string]any{"text": []string{"All"}, "value": []string{"$__all"}},
	})
	return b
}

// row is a line of panels of one size; what does not fit goes into the next line.
type row struct {
	title          string
	across, height int
	panels         []*drawing
}

func figures(title string, panels ...*drawing) row { return row{title, 6, 4, panels} }
func charts(title string, panels ...*drawing) row  { return row{title, 2, 8, panels} }

// writeBoards writes all dashboards into a folder, a file each.
func writeBoards(folder string) error {
	for name, b := range map[string]dashboard{
		"overview": overviewBoard(), "api": apiBoard(), "tracking": trackingBoard(), "delivery": deliveryBoard(),
		"discord": discordBoard(), "database": databaseBoard(), "tenants": tenantsBoard(),
	} {
		body, err := json.MarshalIndent(b, "", "  ")
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(folder, name+".json"), append(body, '\n'), 0o644); err != nil {
			return fmt.Errorf("write board: %w", err)
		}
	}
	return nil
}
