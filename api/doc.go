// Package api is the outer contract: openapi.yaml, written by hand, and the Go
// types and server interface generated from it. Whatever stands on the wire is
// one of these types; nothing but internal/httpapi imports them.
package api
