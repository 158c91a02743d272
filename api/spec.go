package api

import _ "embed"

//go:embed openapi.yaml
var spec []byte

// Spec gives a copy of the contract, OpenAPI 3.1 in YAML.
func Spec() []byte { return append([]byte(nil), spec...) }
