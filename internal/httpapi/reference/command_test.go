package reference_test

import (
	"html"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"trackbot/internal/httpapi/reference"
)

const calls = `
openapi: 3.1.0
info: {title: Calls, version: "1"}
servers: [{url: /v1}]
tags: [{name: Things}]
components: {schemas: {Name: {type: string}}}
paths:
  /guilds/{guildId}/things:
    parameters: [{name: guildId, in: path, required: true, schema: {type: string}}]
    get:
      operationId: listThings
      tags: [Things]
      x-permission: guild:read
      parameters: [{name: q, in: query, schema: {type: string}}, {name: groupId, in: query, required: true, schema: {type: string}}]
      responses: {'200': {description: They.}}
    put:
      operationId: replaceThing
      tags: [Things]
      x-permission: guild:manage
      parameters: [{name: If-Match, in: header, required: true, schema: {type: string}}]
      requestBody: {content: {application/json: {schema: {type: object, example: {name: "it's"}}}}}
      responses: {'204': {description: Done.}}
    post:
      operationId: sendThings
      tags: [Things]
      x-permission: session
      requestBody: {content: {text/csv: {schema: {type: string}}}}
      responses: {'204': {description: Done.}}
  /hooks:
    post:
      operationId: hook
      tags: [Things]
      x-permission: webhook:other
      responses: {'204': {description: Done.}}
`

func TestCallsAreShownAsOneWouldTypeThem(t *testing.T) {
	t.Parallel()
	doc, err := openapi3.NewLoader().LoadFromData([]byte(calls))
	if err != nil {
		t.Fatal(err)
	}
	b, _, err := reference.Page(doc)
	if err != nil {
		t.Fatal(err)
	}
	page := html.UnescapeString(string(b))
	bearer := " \\\n  -H \"Authorization: Bearer $TOKEN\""
	for _, want := range []string{
		`<pre>curl "$HOST/v1/guilds/$GUILD_ID/things?groupId=$GROUP_ID"` + bearer + "</pre>",
		`<pre>curl -X PUT "$HOST/v1/guilds/$GUILD_ID/things"` + bearer + " \\\n  -H \"If-Match: $IF_MATCH\"" +
			" \\\n  -H \"Content-Type: application/json\" -d '{\n  \"name\": \"it'\\''s\"\n}'</pre>",
		`<pre>curl -X POST "$HOST/v1/guilds/$GUILD_ID/things"` + bearer + " \\\n  -H \"Content-Type: text/csv\" --data-binary @file</pre>",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not have\n%s", want)
		}
	}
	if n := strings.Count(page, "<pre>curl"); n != 3 {
		t.Errorf("%d calls are shown", n)
	}
}
