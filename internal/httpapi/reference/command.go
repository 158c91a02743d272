package reference

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/getkin/kin-openapi/openapi3"
)

var placeholder = regexp.MustCompile(`\{(\w+)\}`)

// command is a call of the operation as one would type it: variables for what is the caller's, the required headers and
// parameters, the example of the body. Calls that other services sign have none.
func command(method, path, permission string, params []*openapi3.Parameter, body *openapi3.RequestBody) string {
	if strings.HasPrefix(permission, "internal:") || strings.HasPrefix(permission, "webhook:") {
		return ""
	}
	var b strings.Builder
	b.WriteString("curl ")
	if method != "GET" {
		b.WriteString("-X " + method + " ")
	}
	b.WriteString(`"$HOST` + placeholder.ReplaceAllStringFunc(path, func(name string) string { return "$" + shout(name[1:len(name)-1]) }))
	query := byte('?')
	for _, p := range params {
		if p.In == "query" && p.Required {
			b.WriteByte(query)
			b.WriteString(p.Name + "=$" + shout(p.Name))
			query = '&'
		}
	}
	b.WriteByte('"')
	if permission == "session" || strings.HasPrefix(permission, "guild:") {
		b.WriteString(" \\\n  -H \"Authorization: Bearer $TOKEN\"")
	}
	for _, p := range params {
		if p.In == "header" && p.Required {
			b.WriteString(" \\\n  -H \"" + p.Name + ": $" + shout(p.Name) + "\"")
		}
	}
	if body != nil {
		b.WriteString(data(body))
	}
	return b.String()
}

// data sends the example of a JSON body, or a file where there is none.
func data(body *openapi3.RequestBody) string {
	json := body.Content["application/json"]
	if json == nil {
		for media := range body.Content {
			return " \\\n  -H \"Content-Type: " + media + "\" --data-binary @file"
		}
		return ""
	}
	sent := "@body.json"
	if example := json.Schema.Value.Example; example != nil {
		sent = "'" + strings.ReplaceAll(pretty(example), "'", `'\''`) + "'"
	}
	return " \\\n  -H \"Content-Type: application/json\" -d " + sent
}

// shout writes a name as variables of a shell are: guildId becomes GUILD_ID.
func shout(name string) string {
	var b strings.Builder
	for _, r := range name {
		switch {
		case r == '-':
			b.WriteByte('_')
			continue
		case unicode.IsUpper(r) && b.Len() > 0 && !strings.HasSuffix(b.String(), "_"):
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToUpper(r))
	}
	return b.String()
}
