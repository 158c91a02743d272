package httpapi_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"trackbot/internal/account"
	"trackbot/internal/fault"
	"trackbot/internal/httpapi"
	"trackbot/internal/plan"
	"trackbot/internal/store"
	"trackbot/internal/testkit"
)

const stripePath = "/api/v1/webhooks/stripe"

// stripeSigned is the header that Stripe sends with a body.
func stripeSigned(body, secret string, at time.Time) string {
	mac := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(mac, "%d.%s", at.Unix(), body)
	return fmt.Sprintf("t=%d,v1=%s,v1=%s", at.Unix(), strings.Repeat("0", 64), hex.EncodeToString(mac.Sum(nil)))
}

func TestStripesWebhookTakesWhatStripeSignedAndNothingElse(t *testing.T) {
	t.Parallel()
	const secret = "whsec_1"
	st, err := store.Open(t.Context(), testkit.NewDB(t).OwnerURL, store.RoleAPI, store.WithMaxConns(2))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(st.Close)
	deps := ready()
	deps.Accounts = &account.Service{}
	deps.Sales = plan.NewSales(st, plan.SalesConfig{StripeSecret: secret, Stripe: plan.Catalogue{"price_1": plan.Pro}})
	h, err := httpapi.New(deps)
	if err != nil {
		t.Fatal(err)
	}
	send := func(body, signature string) *httptest.ResponseRecorder {
		return call{method: "POST", path: stripePath, token: "none", body: body, header: map[string]string{"Stripe-Signature": signature}}.send(h)
	}
	const sold = `{"id":"evt_1","type":"customer.subscription.created","created":1,"data":{"object":{"id":"sub_1","customer":"cus_1","status":"active","items":{"data":[{"price":{"id":"price_1","product":"prod_1"}}]}}}}`
	for _, body := range []string{sold, sold, `{"id":"evt_2","type":"payout.paid","created":1,"data":{"object":{}}}`} {
		if w := send(body, stripeSigned(body, secret, time.Now())); w.Code != http.StatusNoContent {
			t.Errorf("%s: got %d %s", body, w.Code, w.Body)
		}
	}
	for name, signature := range map[string]string{
		"none": "", "of another": stripeSigned(sold, "whsec_2", time.Now()), "replayed later": stripeSigned(sold, secret, time.Now().Add(-6*time.Minute)),
	} {
		w := send(sold, signature)
		if p := problemOf(t, w); w.Code != http.StatusUnauthorized || string(p.Code) != string(fault.Unauthenticated) {
			t.Errorf("%s: got %d %s", name, w.Code, w.Body)
		}
	}
	if w := send(`{"id":`, stripeSigned(`{"id":`, secret, time.Now())); w.Code != http.StatusBadRequest {
		t.Errorf("signed nonsense: got %d", w.Code)
	}
	huge := `{"id":"` + strings.Repeat("x", 1<<20) + `"}`
	if w := send(huge, stripeSigned(huge, secret, time.Now())); w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("over 1 MiB: got %d", w.Code)
	}
	if w := send(sold, strings.Repeat("v", 1025)); w.Code != http.StatusBadRequest {
		t.Errorf("a header beyond all bounds: got %d", w.Code)
	}
}

func TestStripesWebhookIsOffWithoutItsSecret(t *testing.T) {
	t.Parallel()
	deps := ready()
	deps.Accounts = &account.Service{}
	for _, sales := range []*plan.Sales{nil, plan.NewSales(nil, plan.SalesConfig{})} {
		deps.Sales = sales
		h, err := httpapi.New(deps)
		if err != nil {
			t.Fatal(err)
		}
		if w := (call{method: "POST", path: stripePath, token: "none", body: `{"id":"evt_1","type":"x"}`}).send(h); w.Code != http.StatusNotImplemented || problemOf(t, w).Title != "Not set up here" {
			t.Errorf("got %d %s", w.Code, w.Body)
		}
	}
}
