package plan

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/fault"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// stripeID is the shape of Stripe's ids.
const stripeID = `^[A-Za-z0-9_]{1,255}$`

// stripeEvent is what Stripe tells (Stripe API docs: Event). Created is in seconds, of which one may hold several.
type stripeEvent struct {
	ID      string `json:"id"`
	Type    string `json:"type"`
	Created int64  `json:"created"`
	Data    struct {
		Object json.RawMessage `json:"object"`
	} `json:"data"`
}

// stripeRef is an id, or the object of that id where Stripe was asked to expand it.
type stripeRef string

// UnmarshalJSON reads either; null is "".
func (r *stripeRef) UnmarshalJSON(data []byte) error {
	var object struct {
		ID string `json:"id"`
	}
	if len(data) > 0 && data[0] == '{' {
		if err := json.Unmarshal(data, &object); err != nil {
			return err
		}
		*r = stripeRef(object.ID)
		return nil
	}
	var id *string
	if err := json.Unmarshal(data, &id); err != nil {
		return err
	}
	if id != nil {
		*r = stripeRef(*id)
	}
	return nil
}

// stripeSubscription is what counts of one (Stripe API docs: Subscription). The period's end stands on the items since API
// version 2025-03-31, on the subscription before.
type stripeSubscription struct {
	ID        string            `json:"id"`
	Customer  stripeRef         `json:"customer"`
	Status    string            `json:"status"`
	CancelAt  *int64            `json:"cancel_at"`
	PeriodEnd int64             `json:"current_period_end"`
	Metadata  map[string]string `json:"metadata"`
	Items     struct {
		Data []struct {
			PeriodEnd int64 `json:"current_period_end"`
			Price     struct {
				ID        string            `json:"id"`
				Product   stripeRef         `json:"product"`
				LookupKey string            `json:"lookup_key"`
				Metadata  map[string]string `json:"metadata"`
			} `json:"price"`
		} `json:"data"`
	} `json:"items"`
}

// stripeCheckout is what counts of a finished checkout (Stripe API docs: Checkout Session).
type stripeCheckout struct {
	Mode         string    `json:"mode"`
	Customer     stripeRef `json:"customer"`
	Subscription stripeRef `json:"subscription"`
	Reference    string    `json:"client_reference_id"`
}

// MetadataKey is the field of a subscription's metadata by which it names its tenant.
const MetadataKey = "trackbot_client"

// otherKeys are those that may name the tenant too, by its id or that of its guild.
func otherKeys() []string { return []string{"clientId", "client_id", "guildId", "guild_id"} }

// tierKey is the field of a subscription's or a price's metadata that says which plan it is, where no catalogue does.
const tierKey = "tier"

// Stripe takes an event as it was sent, with its signature. What Trackbot has no use for is taken and dropped: Stripe sends
// again what is refused. Refusals: not_implemented, unauthenticated, validation_failed (body).
func (s *Sales) Stripe(ctx context.Context, signature string, body []byte) error {
	if s.cfg.StripeSecret == "" {
		return fault.New(fault.NotImplemented, "Stripe is not set up here.")
	}
	if !SignedByStripe(signature, body, s.cfg.StripeSecret, s.cfg.Now()) {
		return fault.New(fault.Unauthenticated, "The signature is wrong or too old.")
	}
	var e stripeEvent
	if err := json.Unmarshal(body, &e); err != nil || !isStripeID(e.ID) {
		return errUnreadable()
	}
	switch {
	case strings.HasPrefix(e.Type, "customer.subscription."):
		return s.stripeSubscription(ctx, e)
	case e.Type == "checkout.session.completed":
		return s.stripeCheckout(ctx, e)
	}
	return nil
}

func errUnreadable() error {
	return fault.Invalid(fault.Field{Name: "body", Message: "is not an event of Stripe that can be read"})
}

func isStripeID(s string) bool { return regexp.MustCompile(stripeID).MatchString(s) }

func (s *Sales) stripeSubscription(ctx context.Context, e stripeEvent) error {
	var sub stripeSubscription
	if err := json.Unmarshal(e.Data.Object, &sub); err != nil || !isStripeID(sub.ID) || !isStripeID(string(sub.Customer)) {
		return errUnreadable()
	}
	grant := s.grantOf(e, sub)
	return s.take(ctx, news{source: Stripe, holder: grant.Holder, why: e.Type + " " + e.ID, write: func(ctx context.Context, tx store.Conn) ([]string, error) {
		if _, err := s.q.PutGrant(ctx, tx, grant); err != nil {
			return nil, fmt.Errorf("put grant: %w", err)
		}
		return []string{grant.ID}, nil
	}})
}

// grantOf is what an event says of a subscription. Paid late is still granted: Stripe tries again for weeks, and says so when
// it gives up.
func (s *Sales) grantOf(e stripeEvent, sub stripeSubscription) db.PutGrantParams {
	products := make([]string, 0, 2*len(sub.Items.Data))
	for _, item := range sub.Items.Data {
		products = append(products, item.Price.ID, string(item.Price.Product))
	}
	grant := db.PutGrantParams{
		Source: string(Stripe), ID: sub.ID, Holder: string(sub.Customer), Product: printable(strings.Join(products, " ")), Tier: s.cfg.Stripe.tierOf(products...),
		Live:    sub.Status == "active" || sub.Status == "trialing" || sub.Status == "past_due",
		EventAt: time.Unix(e.Created, 0), EventRank: rankOf(e, sub),
	}
	for _, key := range append([]string{MetadataKey}, otherKeys()...) {
		if named := printable(sub.Metadata[key]); named != "" {
			grant.Named = &named
			break
		}
	}
	if grant.Tier == nil {
		grant.Tier = tierSaid(sub)
	}
	if sub.CancelAt != nil {
		grant.EndsAt = ptr(time.Unix(*sub.CancelAt, 0))
	}
	return grant
}

// tierSaid is the largest plan that a subscription or its prices say they are: nobody but the seller can write there.
func tierSaid(sub stripeSubscription) *string {
	said := []string{sub.Metadata[tierKey]}
	for _, item := range sub.Items.Data {
		said = append(said, item.Price.Metadata[tierKey], item.Price.LookupKey)
	}
	return Catalogue{Pro: Pro, Enterprise: Enterprise}.tierOf(said...)
}

// rankOf orders the events of one second: a subscription is made before it changes and changes before it ends, its first
// payment and each new period come after what was before; what is left the event's id decides.
func rankOf(e stripeEvent, sub stripeSubscription) string {
	kind := 1
	switch e.Type {
	case "customer.subscription.created":
		kind = 0
	case "customer.subscription.deleted":
		kind = 2
	}
	paid := 1
	if sub.Status == "incomplete" {
		paid = 0
	}
	end := sub.PeriodEnd
	for _, item := range sub.Items.Data {
		end = max(end, item.PeriodEnd)
	}
	return fmt.Sprintf("%d%d%012d%s", kind, paid, end, e.ID)
}

// stripeCheckout notes which tenant a customer bought for.
func (s *Sales) stripeCheckout(ctx context.Context, e stripeEvent) error {
	var c stripeCheckout
	if err := json.Unmarshal(e.Data.Object, &c); err != nil {
		return errUnreadable()
	}
	clientID, err := uuid.Parse(c.Reference)
	if c.Mode != "subscription" || err != nil || !isStripeID(string(c.Customer)) || !isStripeID(string(c.Subscription)) {
		return nil // sold for something else
	}
	link := db.PutPlanLinkParams{Holder: string(c.Customer), ClientID: clientID, EventAt: time.Unix(e.Created, 0), EventID: e.ID}
	return s.take(ctx, news{source: Stripe, holder: link.Holder, why: e.Type + " " + e.ID, write: func(ctx context.Context, tx store.Conn) ([]string, error) {
		known, err := s.known(ctx, tx, clientID)
		if err != nil {
			return nil, err
		}
		if !known {
			s.cfg.Log.WarnContext(ctx, "a checkout names no tenant that is known", "event", e.ID, "holder", link.Holder)
			return nil, nil
		}
		for _, reference := range []string{string(c.Subscription), ""} {
			link.Reference = reference
			if err := s.q.PutPlanLink(ctx, tx, link); err != nil {
				return nil, fmt.Errorf("link holder: %w", err)
			}
		}
		return nil, nil
	}})
}

// printable drops what PostgreSQL takes in no text, and cuts what is too long to be an id.
func printable(s string) string {
	const most = 500
	return strings.ToValidUTF8(strings.ReplaceAll(s[:min(len(s), most)], "\x00", ""), "")
}
