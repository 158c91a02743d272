package delivery_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"trackbot/internal/delivery/deliverytest"
)

// Claims happen several times a second for ever, so they must not look at channels that rest.
func TestClaimSearchesOnlyTheDueChannels(t *testing.T) {
	t.Parallel()
	w := deliverytest.New(t)
	c := w.Client(t)
	w.Exec(t, `INSERT INTO channel_queues (client_id, channel_id) SELECT $1, n::text FROM generate_series(1, 20000) n`, c.ID)
	c.Posts(t, 1)
	sql := query(t, "ClaimChannels")
	for name, value := range map[string]string{
		"@lease_token": "gen_random_uuid()", "@lease_seconds": "30", "@per_client": "8", "@slots": "32",
	} {
		sql = strings.ReplaceAll(sql, name, value)
	}
	rows, err := w.Notifier.Shared().Query(t.Context(), "EXPLAIN (COSTS OFF) "+sql)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var plan []string
	for rows.Next() {
		var line string
		must(t, rows.Scan(&line))
		plan = append(plan, line)
	}
	must(t, rows.Err())
	text := strings.Join(plan, "\n")
	if !strings.Contains(text, "channel_queues_due") || strings.Contains(text, "Seq Scan on channel_queues") {
		t.Errorf("the claim does not use its index:\n%s", text)
	}
}

// query returns the text of a named query.
func query(t *testing.T, name string) string {
	t.Helper()
	all, err := os.ReadFile("../store/queries/delivery.sql")
	must(t, err)
	found := regexp.MustCompile(`(?s)-- name: ` + name + ` :\w+\n(.*?);\n`).FindSubmatch(all)
	if found == nil {
		t.Fatalf("no query %s", name)
	}
	return string(found[1])
}
