package httpapi

import "trackbot/internal/fault"

// errNotBuilt is the answer, 501, of a call that is not built yet or not set up here.
func errNotBuilt() error { return fault.New(fault.NotImplemented, "This call is not built yet.") }
