package reference_test

import (
	"crypto/sha256"
	"encoding/base64"
	"regexp"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"trackbot/internal/httpapi/reference"
)

const document = `
openapi: 3.1.0
info: {title: Sample, version: "1", description: "First.\n\n**Second** with ` + "`code`" + ` & <b>.\n\n| code | meaning |\n|---|---|\n| ` + "`gone`" + ` | not there |"}
servers: [{url: /v1}]
tags: [{name: Two words, description: Things.}]
paths:
  /things/{id}:
    get:
      operationId: getThing
      tags: [Two words]
      summary: One <thing>
      x-permission: public
      security: [{apiKey: [read]}]
      parameters: [{name: id, in: path, required: true, schema: {type: integer, minimum: 1}}]
      responses:
        '200': {description: It., content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
components:
  schemas:
    Thing:
      type: object
      required: [name]
      properties:
        alias: {oneOf: [{$ref: '#/components/schemas/Name'}, {type: 'null'}]}
        name: {$ref: '#/components/schemas/Name'}
        sizes: {type: array, items: {$ref: '#/components/schemas/Name'}}
      example: {name: "<x>"}
    Name: {type: string, maxLength: 9, enum: [a, b]}
`

func render(t *testing.T) (page, policy string) {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData([]byte(document))
	if err != nil {
		t.Fatal(err)
	}
	b, policy, err := reference.Page(doc)
	if err != nil {
		t.Fatal(err)
	}
	return string(b), policy
}

func TestPageShowsWhatTheDocumentSays(t *testing.T) {
	t.Parallel()
	page, _ := render(t)
	for _, want := range []string{
		"<p><strong>Second</strong> with <code>code</code> &amp; &lt;b&gt;.</p>",
		`<tr id="gone"><td><code>gone</code></td><td>not there</td></tr>`,
		`<h2 id="tag-two-words">Two words</h2>`, `<details id="getThing">`, "One &lt;thing&gt;", "/v1/things/{id}", "API keys too",
		`≥ 1`, `<a href="#schema-Thing">Thing</a>`, `<a href="#schema-Name">Name</a> or null`,
		`array of <a href="#schema-Name">Name</a>`, "a | b, length ≤ 9", "&#34;name&#34;: &#34;\\u003cx\\u003e&#34;",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not have %s", want)
		}
	}
	if strings.Index(page, "<code>name</code>") > strings.Index(page, "<code>alias</code>") {
		t.Error("an optional field stands before the required one")
	}
}

func TestPageNeedsNothingItsPolicyForbids(t *testing.T) {
	t.Parallel()
	page, policy := render(t)
	style := regexp.MustCompile(`(?s)<style>(.*)</style>`).FindStringSubmatch(page)
	if style == nil {
		t.Fatal("no style")
	}
	sum := sha256.Sum256([]byte(style[1]))
	if want := "style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; !strings.Contains(policy, want) {
		t.Errorf("policy %s, the style is %s", policy, want)
	}
	if !strings.HasPrefix(policy, "default-src 'none'; ") {
		t.Errorf("policy %s", policy)
	}
	if found := regexp.MustCompile(`<script|<link|<img|style="|src=|https?://| on[a-z]+="`).FindString(page); found != "" {
		t.Errorf("the page has %s", found)
	}
}
