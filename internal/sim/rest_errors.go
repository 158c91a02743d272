package sim

import (
	"encoding/json"
	"net/http"
	"strings"
)

// apiError is an error as Discord writes it (Discord API docs: Error Messages, JSON Error Codes).
type apiError struct {
	Status  int    `json:"-"`
	Message string `json:"message"`
	Code    int    `json:"code"`
	Errors  object `json:"errors,omitempty"`

	raw any // replaces the body: rate limits, OAuth
}

func (e *apiError) encode(h http.Header) (int, []byte) {
	h.Set("Content-Type", "application/json")
	if e.raw != nil {
		return e.Status, mustJSON(e.raw)
	}
	return e.Status, mustJSON(e)
}

func writeAPIError(w http.ResponseWriter, e *apiError) {
	status, out := e.encode(w.Header())
	w.WriteHeader(status)
	_, _ = w.Write(out)
}

func errUnauthorized() *apiError {
	return &apiError{Status: http.StatusUnauthorized, Message: "401: Unauthorized"}
}

func errRoute() *apiError { return &apiError{Status: http.StatusNotFound, Message: "404: Not Found"} }

func errUnknown(code int, what string) *apiError {
	return &apiError{Status: http.StatusNotFound, Code: code, Message: "Unknown " + what}
}

func errUnknownChannel() *apiError     { return errUnknown(10003, "Channel") }
func errUnknownGuild() *apiError       { return errUnknown(10004, "Guild") }
func errUnknownMember() *apiError      { return errUnknown(10007, "Member") }
func errUnknownMessage() *apiError     { return errUnknown(10008, "Message") }
func errUnknownUser() *apiError        { return errUnknown(10013, "User") }
func errUnknownWebhook() *apiError     { return errUnknown(10015, "Webhook") }
func errUnknownInteraction() *apiError { return errUnknown(10062, "interaction") }

func errMissingAccess() *apiError {
	return &apiError{Status: http.StatusForbidden, Code: 50001, Message: "Missing Access"}
}

func errMissingPermissions() *apiError {
	return &apiError{Status: http.StatusForbidden, Code: 50013, Message: "Missing Permissions"}
}

func errEmptyMessage() *apiError {
	return &apiError{Status: http.StatusBadRequest, Code: 50006, Message: "Cannot send an empty message"}
}

// formErrors collects the nested errors of 50035 Invalid Form Body.
type formErrors struct{ root object }

// add notes an error at a dotted path such as "embeds.0.title"; "" is the body itself.
func (f *formErrors) add(path, code, message string) {
	if f.root == nil {
		f.root = object{}
	}
	at := f.root
	if path != "" {
		for _, key := range strings.Split(path, ".") {
			next, ok := at[key].(object)
			if !ok {
				next = object{}
				at[key] = next
			}
			at = next
		}
	}
	list, _ := at["_errors"].([]object)
	at["_errors"] = append(list, object{"code": code, "message": message})
}

// err is nil when nothing was added.
func (f *formErrors) err() *apiError {
	if f.root == nil {
		return nil
	}
	return &apiError{Status: http.StatusBadRequest, Code: 50035, Message: "Invalid Form Body", Errors: f.root}
}

// pathID returns a path value that must be a snowflake.
func (c *call) pathID(name string) (string, *apiError) {
	id := c.PathValue(name)
	if snowflake(id) != 0 {
		return id, nil
	}
	var f formErrors
	quoted, err := json.Marshal(id)
	if err != nil {
		panic(err) // a string always encodes
	}
	f.add(name+"_id", "NUMBER_TYPE_COERCE", "Value "+string(quoted)+" is not snowflake.")
	return "", f.err()
}
