// Package reference renders an OpenAPI document as one page for reading,
// without scripts and without anything from elsewhere.
package reference

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"

	"github.com/getkin/kin-openapi/openapi3"
)

//go:embed page.gohtml
var pageSource string

//go:embed page.css
var style string

// Page gives the page and the Content-Security-Policy it is served with: nothing but its own style.
func Page(doc *openapi3.T) (page []byte, policy string, err error) {
	t, err := template.New("page").Funcs(template.FuncMap{"md": markdown}).Parse(pageSource)
	if err != nil {
		return nil, "", fmt.Errorf("parse reference template: %w", err)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, view(doc)); err != nil {
		return nil, "", fmt.Errorf("render reference: %w", err)
	}
	sum := sha256.Sum256([]byte(style))
	policy = "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	return b.Bytes(), policy, nil
}
