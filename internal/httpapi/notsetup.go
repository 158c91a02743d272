package httpapi

import "trackbot/internal/fault"

// errNotSetUp is the answer, 501, of a call whose settings this installation does not have.
func errNotSetUp() error {
	return fault.New(fault.NotImplemented, "This call is not set up at this installation.")
}
