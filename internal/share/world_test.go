package share_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
	_ "time/tzdata" // the same rules wherever the test runs

	"github.com/google/uuid"

	"trackbot/internal/delivery"
	"trackbot/internal/delivery/deliverytest"
	"trackbot/internal/share"
	"trackbot/internal/store"
)

// monday is one at 09:00 UTC, in the ISO week 2026-W48.
var monday = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// office is a world with what tells scorecards, on a clock of its own.
type office struct {
	*deliverytest.World
	figures *store.Store
	now     time.Time
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{World: deliverytest.New(t), now: monday}
	var err error
	if o.figures, err = store.Open(t.Context(), o.URL, store.RoleExport); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(o.figures.Close)
	return o
}

func (o *office) weekly() *share.Weekly {
	return share.NewWeekly(o.Worker, o.figures, "https://dashboard.example", func() time.Time { return o.now })
}

// round looks once at a time.
func (o *office) round(t *testing.T, at time.Time) {
	t.Helper()
	o.now = at
	if err := o.weekly().Round(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// client is a tenant in a zone whose account has been tracked for long.
func (o *office) client(t *testing.T, zone string) *deliverytest.Client {
	t.Helper()
	c := o.Client(t)
	o.Exec(t, "UPDATE guild_settings SET timezone = $2 WHERE client_id = $1", c.ID, zone)
	o.Exec(t, "UPDATE client_accounts SET created_at = '2020-01-01' WHERE client_id = $1", c.ID)
	return c
}

// post stores one that was published at a time.
func (o *office) post(t *testing.T, c *deliverytest.Client, at time.Time) uuid.UUID {
	t.Helper()
	id := c.Post(t).PostID
	o.Exec(t, "UPDATE posts SET published_at = $2 WHERE id = $1", id, at)
	return id
}

// told lists the scorecards of a tenant as channel, key's end and message.
func (o *office) told(t *testing.T, c *deliverytest.Client) (channels, keys []string, messages []delivery.Message) {
	t.Helper()
	var rows []byte
	o.Scan(t, `SELECT coalesce(jsonb_agg(jsonb_build_object('channel', channel_id, 'key', notice_key, 'message', payload) ORDER BY seq), '[]')
		FROM deliveries WHERE client_id = $1 AND notice_key LIKE 'scorecard:%'`, []any{c.ID}, &rows)
	var notices []struct {
		Channel, Key string
		Message      delivery.Message
	}
	if err := json.Unmarshal(rows, &notices); err != nil {
		t.Fatal(err)
	}
	for _, n := range notices {
		channels, keys, messages = append(channels, n.Channel), append(keys, strings.TrimPrefix(n.Key, "scorecard:")), append(messages, n.Message)
	}
	return channels, keys, messages
}

func (o *office) count(t *testing.T, c *deliverytest.Client) int {
	t.Helper()
	_, keys, _ := o.told(t, c)
	return len(keys)
}

// atOnce runs rounds of several workers together.
func (o *office) atOnce(t *testing.T, workers int) {
	t.Helper()
	var wg sync.WaitGroup
	errs := make([]error, workers)
	for i := range workers {
		wg.Go(func() { errs[i] = o.weekly().Round(t.Context()) })
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			t.Error(err)
		}
	}
}

// asOwner changes the schema.
func (o *office) asOwner(t *testing.T, ddl string) {
	t.Helper()
	address, err := url.Parse(o.URL)
	if err != nil {
		t.Fatal(err)
	}
	st, err := store.Open(t.Context(), o.URL, store.Role(address.User.Username()))
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	if _, err := st.Shared().Exec(t.Context(), ddl); err != nil {
		t.Fatal(err)
	}
}

func (o *office) route(t *testing.T, c *deliverytest.Client, brand uuid.UUID, channel string) (id uuid.UUID) {
	t.Helper()
	id = uuid.Must(uuid.NewV7())
	o.Exec(t, "INSERT INTO routes (client_id, id, brand_id, channel_id) VALUES ($1, $2, $3, $4)", c.ID, id, brand, channel)
	return id
}

func brandKey(c *deliverytest.Client, week string) string { return fmt.Sprintf("%s:%s", c.Brand, week) }
