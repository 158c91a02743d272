package app

import (
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"
)

// Output is where and how a command of the operator's tells what it found.
type Output struct {
	W    io.Writer
	JSON bool // one document of camelCase fields, for programs
}

// many is a number of things with their name: 1 guild, 2 guilds, 3 entries.
func many[N int | int32 | int64](n N, one string) string {
	switch {
	case n == 1:
	case strings.HasSuffix(one, "y"):
		one = strings.TrimSuffix(one, "y") + "ies"
	default:
		one += "s"
	}
	return fmt.Sprintf("%d %s", n, one)
}

// list prints rows as a table, or all of it as JSON under a name.
func (o Output) list(name string, rows any, heads []string, lines [][]string) error {
	if o.JSON {
		return o.document(map[string]any{name: rows})
	}
	if len(lines) == 0 {
		_, err := fmt.Fprintf(o.W, "no %s\n", name)
		return err
	}
	table := tabwriter.NewWriter(o.W, 0, 8, 2, ' ', 0)
	fmt.Fprintln(table, strings.Join(heads, "\t"))
	for _, line := range lines {
		fmt.Fprintln(table, strings.Join(line, "\t"))
	}
	return table.Flush()
}

// document prints a value as JSON with camelCase names.
func (o Output) document(v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("write json: %w", err)
	}
	var loose any
	if err := json.Unmarshal(body, &loose); err != nil {
		return fmt.Errorf("write json: %w", err)
	}
	body, err = json.MarshalIndent(renamed(loose), "", "  ")
	if err != nil {
		return fmt.Errorf("write json: %w", err)
	}
	_, err = fmt.Fprintln(o.W, string(body))
	return err
}

// renamed gives the names of Go's fields the form that the API's have: GuildID → guildId.
func renamed(v any) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = renamed(v[i])
		}
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, value := range v {
			out[camel(name)] = renamed(value)
		}
		return out
	}
	return v
}

func camel(name string) string {
	words := regexp.MustCompile(`[A-Z]+`).ReplaceAllStringFunc(name, func(run string) string {
		if len(run) == 1 {
			return run
		}
		return run[:1] + strings.ToLower(run[1:])
	})
	if words == "" {
		return words
	}
	return string(unicode.ToLower(rune(words[0]))) + words[1:]
}

// age writes seconds as people say them.
func age(seconds float64) string {
	return time.Duration(seconds * float64(time.Second)).Round(time.Second).String()
}

func day(t *time.Time) string {
	if t == nil {
		return "-"
	}
	return t.UTC().Format(time.DateOnly)
}
