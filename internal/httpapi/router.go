package httpapi

import (
	"errors"
	"fmt"
	"net/http"
	"path"
	"strings"

	"trackbot/internal/fault"
)

// router routes by the contract: api.HandlerWithOptions registers the generated handlers in
// it, and each gets the frame of its operation put around it. It is safe for concurrent
// use once complete has returned nil.
type router struct {
	mux      *http.ServeMux
	contract *contract
	wrap     func(*operation, http.Handler) http.Handler
	refuse   func(http.ResponseWriter, *http.Request, error)
	mounted  map[string]bool
	errs     []error
}

func newRouter(
	c *contract,
	wrap func(*operation, http.Handler) http.Handler,
	refuse func(http.ResponseWriter, *http.Request, error),
) *router {
	return &router{mux: http.NewServeMux(), contract: c, wrap: wrap, refuse: refuse, mounted: map[string]bool{}}
}

// HandleFunc mounts the handler of an operation. A pattern that is not the contract's makes complete fail.
func (rt *router) HandleFunc(pattern string, h func(http.ResponseWriter, *http.Request)) {
	op, ok := rt.contract.ops[pattern]
	if !ok {
		rt.errs = append(rt.errs, fmt.Errorf("%s is not in the contract", pattern))
		return
	}
	rt.mounted[pattern] = true
	rt.mux.Handle(pattern, rt.wrap(op, http.HandlerFunc(h)))
}

// complete tells what of the contract has no handler.
func (rt *router) complete() error {
	for _, pattern := range rt.contract.patterns() {
		if !rt.mounted[pattern] {
			rt.errs = append(rt.errs, fmt.Errorf("%s has no handler", pattern))
		}
	}
	return errors.Join(rt.errs...)
}

// ServeHTTP routes; a path that is not written in its shortest form is not found, where the mux would redirect.
func (rt *router) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == path.Clean(r.URL.Path) {
		if _, pattern := rt.mux.Handler(r); pattern != "" {
			rt.mux.ServeHTTP(w, r)
			return
		}
		if allowed := rt.allowed(r); allowed != "" {
			rt.otherMethod(w, r, allowed)
			return
		}
	}
	rt.refuse(w, r, fault.New(fault.NotFound, ""))
}

func (rt *router) otherMethod(w http.ResponseWriter, r *http.Request, allowed string) {
	w.Header().Set("Allow", allowed)
	if r.Method == http.MethodOptions {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	rt.refuse(w, r, fault.New(fault.MethodNotAllowed, "This address does not take that method; see Allow."))
}

// allowed lists the methods of the request's path, "" when there is no such path.
func (rt *router) allowed(r *http.Request) string {
	var methods []string
	probe := *r
	for _, m := range []string{
		http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete,
	} {
		probe.Method = m
		if _, pattern := rt.mux.Handler(&probe); pattern != "" {
			methods = append(methods, m)
		}
	}
	if methods == nil {
		return ""
	}
	return strings.Join(append(methods, http.MethodOptions), ", ")
}
