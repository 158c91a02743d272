package app

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/audit"
	"trackbot/internal/delivery"
	"trackbot/internal/fault"
	"trackbot/internal/health"
	"trackbot/internal/route"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
	"trackbot/internal/tracking"
)

// ShowStatus prints queues, leases, incidents, bots and who waits longest.
func ShowStatus(ctx context.Context, out Output) error {
	return asOperator(ctx, func(st *store.Store, _ *db.Queries) error { return showStatus(ctx, st, out) })
}

func showStatus(ctx context.Context, st *store.Store, out Output) error {
	o, err := health.NewReader(st, time.Now).Overview(ctx)
	if err != nil {
		return err
	}
	if out.JSON {
		return out.document(o)
	}
	var queues, leases, bots, waits [][]string
	for _, q := range o.Queues {
		queues = append(queues, []string{q.Queue, num(q.Depth), age(q.OldestSeconds), num(q.WithinMinute), num(q.WithinTen - q.WithinMinute), num(q.WithinHour - q.WithinTen), num(q.Depth - q.WithinHour)})
	}
	for _, l := range o.Leases {
		leases = append(leases, []string{l.Kind, num(l.Held), age(l.LongestSeconds)})
	}
	for _, b := range o.Bots {
		bots = append(bots, []string{b.ID, b.Status, num(int64(b.GuildCount)), num(int64(b.ShardCount)), b.Version, age(b.SilentSeconds) + " ago"})
	}
	for _, w := range o.Waits {
		waits = append(waits, []string{w.GuildID, w.Name, w.Tier, num(w.Waiting), age(w.OldestSeconds)})
	}
	sections := []error{
		out.list("queues", nil, []string{"QUEUE", "DUE", "OLDEST", "<1M", "<10M", "<1H", "OLDER"}, queues),
		out.section("leases", []string{"WORK", "UNDER WAY", "LONGEST FOR"}, leases),
		out.section("incidents", incidentHeads(), incidentLines(o.Incidents)),
		out.section("bots", []string{"BOT", "STATUS", "GUILDS", "SHARDS", "VERSION", "HEARD OF"}, bots),
		out.section("tenants that wait for a message", []string{"GUILD", "NAME", "TIER", "MESSAGES", "OLDEST"}, waits),
	}
	fmt.Fprintf(out.W, "\naudit: %d chains, %d broken\n", o.Audit.Chains, o.Audit.Broken)
	return errors.Join(sections...)
}

func num(n int64) string { return strconv.FormatInt(n, 10) }

// section is a list with a line before it.
func (o Output) section(name string, heads []string, lines [][]string) error {
	fmt.Fprintln(o.W)
	return o.list(name, nil, heads, lines)
}

func incidentHeads() []string {
	return []string{"INCIDENT", "PLATFORM", "HOST", "SINCE", "ACCOUNTS HELD"}
}

func incidentLines(rows []db.ListOpenIncidentsWithReachRow) (lines [][]string) {
	for _, i := range rows {
		host := i.Host
		if host == "" {
			host = "(all)"
		}
		lines = append(lines, []string{i.ID.String(), i.Platform, host, i.StartedAt.UTC().Format(time.RFC3339), num(i.Held)})
	}
	return lines
}

// ListIncidents prints the open incidents of platforms.
func ListIncidents(ctx context.Context, out Output) error {
	return asOperator(ctx, func(st *store.Store, q *db.Queries) error { return listIncidents(ctx, st, q, out) })
}

func listIncidents(ctx context.Context, st *store.Store, q *db.Queries, out Output) error {
	rows, err := q.ListOpenIncidentsWithReach(ctx, st.Shared())
	if err != nil {
		return fmt.Errorf("list incidents: %w", err)
	}
	return out.list("incidents", rows, incidentHeads(), incidentLines(rows))
}

// CloseIncident ends an incident by hand.
func CloseIncident(ctx context.Context, id string, out Output) error {
	return asOperator(ctx, func(st *store.Store, _ *db.Queries) error { return closeIncident(ctx, st, id, out) })
}

func closeIncident(ctx context.Context, st *store.Store, id string, out Output) error {
	which, err := uuid.Parse(id)
	if err != nil {
		return fmt.Errorf("%q is no id of an incident: `trackbot admin incident list` prints them", id)
	}
	closed, err := tracking.NewPolls(st, tracking.Schedule{}, time.Now).CloseIncident(ctx, which)
	if errors.Is(err, tracking.ErrNoIncident) {
		return fmt.Errorf("incident %s is not open: `trackbot admin incident list` prints those that are", id)
	}
	if err != nil {
		return err
	}
	if out.JSON {
		return out.document(closed)
	}
	_, err = fmt.Fprintf(out.W, "%s %s: closed; its accounts are asked again within minutes. If they still fail, it opens anew.\n", closed.Platform, closed.Host)
	return err
}

// ReplayOrder is which dead deliveries are sent again.
type ReplayOrder struct {
	GuildID string        // "": of all guilds
	Since   time.Duration // how far back they were queued
	Reason  string        // "": whatever it was
	DryRun  bool
	Limit   int
}

// Replay sends messages that were given up again, in the order they were queued. Each is in its guild's audit log.
func Replay(ctx context.Context, o ReplayOrder, out Output) error {
	return asOperator(ctx, func(st *store.Store, q *db.Queries) error { return replayDead(ctx, st, q, o, out) })
}

func replayDead(ctx context.Context, st *store.Store, q *db.Queries, o ReplayOrder, out Output) error {
	if o.GuildID != "" {
		if _, err := findClient(ctx, st, q, o.GuildID); err != nil {
			return err
		}
	}
	rows, err := q.ListDeadDeliveries(ctx, st.Shared(), db.ListDeadDeliveriesParams{
		Since: time.Now().Add(-o.Since), GuildID: o.GuildID, Reason: o.Reason, MaxRows: int32(o.Limit),
	})
	if err != nil {
		return fmt.Errorf("list dead deliveries: %w", err)
	}
	done, left := 0, map[string]int{}
	for _, row := range rows {
		if o.DryRun {
			left[row.Reason]++
			continue
		}
		_, err := route.New(st).Replay(ctx, byOperator(), row.ClientID, route.Order{PostID: *row.PostID, DeliveryID: &row.ID})
		switch {
		case fault.Is(err, fault.Conflict) || fault.Is(err, fault.NotFound): // somebody was first, or there is nowhere to send it to
			left[row.Reason]++
		case err != nil:
			return fmt.Errorf("replay delivery %s, after %d others: %w", row.ID, done, err)
		default:
			done++
		}
	}
	return tellReplay(o, out, done, len(rows), left)
}

func tellReplay(o ReplayOrder, out Output, done, found int, left map[string]int) error {
	if out.JSON {
		return out.document(map[string]any{"found": found, "replayed": done, "leftByReason": left, "dryRun": o.DryRun})
	}
	verb := "could not be sent again: their channels are gone or they are under way"
	if o.DryRun {
		verb = "would be sent again"
	}
	if !o.DryRun || found == 0 {
		fmt.Fprintf(out.W, "%d of %d dead deliveries are in their lines again\n", done, found)
	}
	for reason, n := range left {
		fmt.Fprintf(out.W, "%d (%s) %s\n", n, reason, verb)
	}
	if found == o.Limit {
		fmt.Fprintf(out.W, "There may be more: run it again, or raise --limit.\n")
	}
	return nil
}

// VerifyAllAudits checks the chain of every tenant's log and fails when one is broken.
func VerifyAllAudits(ctx context.Context, out Output) error {
	return asOperator(ctx, func(st *store.Store, q *db.Queries) error { return verifyAudits(ctx, st, q, out) })
}

// verdict is what was found of one log.
type verdict struct {
	GuildID, Name      string
	Entries, BrokenSeq int64
	Reason             string
}

func verifyAudits(ctx context.Context, st *store.Store, q *db.Queries, out Output) error {
	clients, err := q.ListClients(ctx, st.Shared())
	if err != nil {
		return fmt.Errorf("list clients: %w", err)
	}
	verdicts, broken := []verdict{}, 0
	var lines [][]string
	for _, c := range clients {
		report, err := audit.Verify(ctx, st.Shared(), c.ID)
		if err != nil {
			return err
		}
		v := verdict{c.GuildID, c.Name, report.Entries, report.BrokenSeq, report.Reason}
		state := "whole"
		if v.BrokenSeq != 0 {
			broken++
			state = fmt.Sprintf("BROKEN at entry %d: %s", v.BrokenSeq, v.Reason)
		}
		verdicts = append(verdicts, v)
		lines = append(lines, []string{c.GuildID, c.Name, num(v.Entries), state})
	}
	if err := out.list("logs", verdicts, []string{"GUILD", "NAME", "ENTRIES", "CHAIN"}, lines); err != nil {
		return err
	}
	if broken > 0 {
		return fmt.Errorf("%d audit logs are broken", broken)
	}
	return nil
}

// ShowClient prints what there is to know of one tenant, named by its guild's id or its own.
func ShowClient(ctx context.Context, which string, out Output) error {
	return asOperator(ctx, func(st *store.Store, q *db.Queries) error { return showClient(ctx, st, q, which, out) })
}

func showClient(ctx context.Context, st *store.Store, q *db.Queries, which string, out Output) error {
	client, err := findClient(ctx, st, q, which)
	if err != nil {
		return err
	}
	c, err := q.GetClientForOperator(ctx, st.Shared(), client.ID)
	if err != nil {
		return fmt.Errorf("read client: %w", err)
	}
	if out.JSON {
		return out.document(c)
	}
	chain := "not checked yet"
	if c.AuditChecked != nil {
		chain = many(*c.AuditChecked, "entry") + " checked"
	}
	if c.AuditBroken > 0 {
		chain = fmt.Sprintf("BROKEN at entry %d", c.AuditBroken)
	}
	return out.list("client", nil, []string{c.Name, c.GuildID}, [][]string{
		{"client", c.ID.String()},
		{"owner", c.OwnerID},
		{"since", day(&c.CreatedAt)},
		{"removed", day(c.RemovedAt)},
		{"suspended", strings.TrimSpace(day(c.SuspendedAt) + " " + c.SuspendedReason)},
		{"unavailable since", day(c.UnavailableSince)},
		{"bot", c.BotID},
		{"plan", fmt.Sprintf("%s, from %s, grace until %s", c.Tier, c.TierSource, day(c.GraceUntil))},
		{"accounts", fmt.Sprintf("%d of %d, %d paused, %d failing; %d brands, %d routes", c.Accounts, c.AccountsLimit, c.AccountsPaused, c.AccountsFailing, c.Brands, c.Routes)},
		{"notifications", fmt.Sprintf("%d of %d today; on: %t, default channel %s, %d channels paused", c.NotificationsToday, c.NotificationsPerDay, c.NotificationsEnabled, orDash(c.DefaultChannelID), c.ChannelsPaused)},
		{"deliveries", fmt.Sprintf("%d waiting, %d %s, %d dead in 7 days", c.DeliveriesWaiting, c.DeliveriesHeld, delivery.StateHeld, c.DeliveriesDead)},
		{"today", fmt.Sprintf("%d polls, %d requests; %d exports under way", c.PollsToday, c.ApiRequestsToday, c.ExportsWaiting)},
		{"audit chain", chain},
	})
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
