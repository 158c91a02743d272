package httpapi_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// wantInContract holds a successful answer to the schema that the contract has for its status.
func wantInContract(t *testing.T, op contractOperation, answer *httptest.ResponseRecorder) {
	t.Helper()
	response := op.Responses.Status(answer.Code)
	if response == nil {
		t.Errorf("%s: %d is not in the contract", op, answer.Code)
		return
	}
	media := response.Value.Content.Get(answer.Header().Get("Content-Type"))
	if media == nil {
		t.Errorf("%s: %d as %q is not in the contract", op, answer.Code, answer.Header().Get("Content-Type"))
		return
	}
	if !strings.Contains(answer.Header().Get("Content-Type"), "json") { // a file
		return
	}
	var body any
	if err := json.Unmarshal(answer.Body.Bytes(), &body); err != nil {
		t.Fatal(err)
	}
	if err := media.Schema.Value.VisitJSON(body, openapi3.VisitAsResponse(), openapi3.MultiErrors(), openapi3.EnableJSONSchema2020()); err != nil {
		t.Errorf("%s: %v\n%s", op, err, answer.Body)
	}
}

func TestReadsAnswerAsTheContractSays(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, newSignInWorld(t), "Newsroom")
	own := n.property()
	bare := n.account(n.group(n.brand("Bare"), "Bare"), "rss", "bare")
	n.exec("UPDATE client_accounts SET baseline_at = NULL WHERE id = $1", bare)
	n.post(bare, "post", "", 2)
	read := 0
	for _, op := range operations(t) {
		if op.method != http.MethodGet || op.OperationID == "streamGuildStatus" {
			continue // a stream needs a connection
		}
		if op.permission() != "guild:read" && op.OperationID != "listGuilds" {
			continue
		}
		c := attempt(t, op, n.guildID, own, own)
		c.token = n.token
		c.path = unfiltered(t, c.path) // so that both kinds of rows are shown
		answer := c.send(n)
		if answer.Code == http.StatusNotImplemented {
			continue
		}
		read++
		if op.Responses.Status(http.StatusOK).Value.Content.Get("application/json") == nil { // a file
			if media := answer.Header().Get("Content-Type"); answer.Code != http.StatusOK || op.Responses.Status(http.StatusOK).Value.Content.Get(media) == nil {
				t.Errorf("%s: got %d as %q", op, answer.Code, media)
			}
			wantAgain(t, op, n, c, answer)
			continue
		}
		if answer.Code != http.StatusOK || answer.Header().Get("ETag") == "" || answer.Header().Get("X-Request-Id") == "" || answer.Header().Get("Cache-Control") != "private, no-cache" {
			t.Errorf("%s: got %d with %v", op, answer.Code, answer.Header())
		}
		wantInContract(t, op, answer)
		wantAgain(t, op, n, c, answer)
	}
	if read < 9 {
		t.Errorf("only %d reads are built", read)
	}
}

// wantAgain holds that who has an answer is told that it is still right. A status says when it was made, which may have
// passed into another interval in between.
func wantAgain(t *testing.T, op contractOperation, h http.Handler, c call, answer *httptest.ResponseRecorder) {
	t.Helper()
	for range 3 {
		tag := answer.Header().Get("ETag")
		c.header = map[string]string{"If-None-Match": tag}
		again := c.send(h)
		if again.Code == http.StatusNotModified && tag != "" && again.Body.Len() == 0 && again.Header().Get("ETag") == tag {
			return
		}
		answer = again
	}
	t.Errorf("%s: %d with %q when read again", op, answer.Code, answer.Header().Get("ETag"))
}

// unfiltered is a path without the filters by an object.
func unfiltered(t *testing.T, path string) string {
	t.Helper()
	u, err := url.Parse(path)
	if err != nil {
		t.Fatal(err)
	}
	query := u.Query()
	for _, name := range []string{"brandId", "groupId", "accountId"} {
		query.Del(name)
	}
	u.RawQuery = query.Encode()
	return u.String()
}
