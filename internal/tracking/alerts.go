package tracking

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/delivery"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// A state is told when it has lasted, so that what flaps is told seldom and what passes never; a guild gets
// what came together in one message.
const (
	tellTroubleAfter  = 15 * time.Minute
	tellRecoveryAfter = 30 * time.Minute
	tellAgainAfter    = 6 * time.Hour // of one account
	tellGuildAgain    = 30 * time.Minute
	tellIncidentAfter = 30 * time.Minute
	tellOverAfter     = 15 * time.Minute

	maxTold   = 500 // accounts or guilds in one go
	maxListed = 10  // accounts named in one message
)

const (
	troubleColor  = 0xF0B232
	recoveryColor = 0x3BA55D
)

// Tell enqueues what the guilds have not been told of their accounts and of incidents: one notice for each
// change of state and one for its end. It is safe to run in several processes at once.
func (p *Polls) Tell(ctx context.Context) error {
	return errors.Join(p.tellAccounts(ctx), p.tellIncidents(ctx))
}

func (p *Polls) tellAccounts(ctx context.Context) error {
	now := p.clock()
	ago := func(d time.Duration) time.Time { return now.Add(-p.schedule.scaled(d)) }
	rows, err := p.queries.ListUntoldAccounts(ctx, p.store.Shared(), db.ListUntoldAccountsParams{
		TroubleBefore: ago(tellTroubleAfter), RecoveryBefore: ago(tellRecoveryAfter),
		AgainBefore: ago(tellAgainAfter), SpacedSince: ago(tellGuildAgain), MaxRows: maxTold,
	})
	if err != nil {
		return fmt.Errorf("list untold accounts: %w", err)
	}
	var failures []error
	for start := 0; start < len(rows); {
		end := start + 1
		for end < len(rows) && rows[end].ClientID == rows[start].ClientID {
			end++
		}
		if err := p.tellGuild(ctx, rows[start:end], now); err != nil {
			failures = append(failures, fmt.Errorf("tell client %s: %w", rows[start].ClientID, err))
		}
		start = end
	}
	return errors.Join(failures...)
}

// errToldElsewhere undoes what would be told of some accounts alone, because another process has just told of the others
// or they are gone: the next look has what is left.
var errToldElsewhere = errors.New("told by another process")

// tellGuild tells one guild of the changed states of its accounts, unless another process has.
func (p *Polls) tellGuild(ctx context.Context, changes []db.ListUntoldAccountsRow, now time.Time) error {
	id, err := uuid.NewV7()
	if err != nil {
		return fmt.Errorf("make notice key: %w", err)
	}
	first := changes[0]
	params := db.MarkToldAccountsParams{ClientID: first.ClientID, ToldAt: now}
	for _, c := range changes {
		params.Ids, params.OldStates, params.States = append(params.Ids, c.ID), append(params.OldStates, c.ToldState), append(params.States, c.State)
	}
	err = p.store.InTx(ctx, func(tx store.Conn) error {
		marked, err := p.queries.MarkToldAccounts(ctx, tx, params)
		if err != nil {
			return fmt.Errorf("mark told accounts: %w", err)
		}
		if len(marked) < len(changes) {
			return errToldElsewhere
		}
		return delivery.EnqueueNotice(ctx, tx, delivery.Notice{
			ClientID: first.ClientID, ChannelID: first.ChannelID, Key: "accounts:" + id.String(), Message: accountsNotice(changes),
		})
	})
	if errors.Is(err, errToldElsewhere) {
		return nil
	}
	return err
}

func accountsNotice(changes []db.ListUntoldAccountsRow) delivery.Message {
	m := delivery.Message{Title: fmt.Sprintf("%d accounts changed their state", len(changes)), Color: recoveryColor}
	if len(changes) == 1 {
		m.Title = delivery.Escape(changes[0].DisplayName) + " " + changeWords(changes[0].State)
	}
	var lines []string
	for i, c := range changes {
		if c.State != StateOK {
			m.Color = troubleColor
		}
		if i < maxListed {
			lines = append(lines, changeLine(c, len(changes) > 1))
		}
	}
	if more := len(changes) - maxListed; more > 0 {
		lines = append(lines, fmt.Sprintf("…and %d more. The dashboard lists them all.", more))
	}
	m.Body = strings.Join(lines, "\n")
	return m
}

func changeWords(state string) string {
	switch state {
	case StateGone:
		return "no longer exists"
	case StateFailing:
		return "cannot be read"
	case StateQuiet:
		return "has gone quiet"
	default:
		return "works again"
	}
}

func changeLine(c db.ListUntoldAccountsRow, named bool) string {
	var line strings.Builder
	if named {
		fmt.Fprintf(&line, "**%s** %s. ", delivery.Escape(c.DisplayName), changeWords(c.State))
	}
	if c.StateReason != "" && c.State != StateOK {
		line.WriteString(delivery.Escape(c.StateReason) + " ")
	}
	fmt.Fprintf(&line, "Since <t:%d:f>.", c.StateSince.Unix())
	switch c.State {
	case StateGone:
		line.WriteString(" Give it its new handle or stop tracking it.")
	case StateFailing:
		line.WriteString(" It is tried again by itself, less and less often.")
	}
	return line.String()
}

func (p *Polls) tellIncidents(ctx context.Context) error {
	now := p.clock()
	rows, err := p.queries.ListUntoldIncidents(ctx, p.store.Shared(), now.Add(-p.schedule.scaled(tellIncidentAfter)), now.Add(-p.schedule.scaled(tellOverAfter)))
	if err != nil {
		return fmt.Errorf("list untold incidents: %w", err)
	}
	for _, incident := range rows {
		if err := p.tellIncident(ctx, incident); err != nil {
			return err
		}
		told := db.MarkIncidentToldParams{ToldAt: now, Ended: incident.EndedAt != nil, ID: incident.ID}
		if err := p.queries.MarkIncidentTold(ctx, p.store.Shared(), told); err != nil {
			return fmt.Errorf("mark incident told: %w", err)
		}
	}
	return nil
}

// tellIncident tells every guild that the incident concerns; the key keeps it from being told twice.
func (p *Polls) tellIncident(ctx context.Context, i db.PlatformIncident) error {
	startKey := "incident:" + i.ID.String() + ":start"
	key, ended := startKey, i.EndedAt != nil
	if ended {
		key = "incident:" + i.ID.String() + ":end"
	}
	for {
		guilds, err := p.queries.ListIncidentGuilds(ctx, p.store.Shared(), db.ListIncidentGuildsParams{
			Platform: i.Platform, Host: i.Host, Ended: ended, NoticeKey: key, StartKey: startKey, MaxRows: maxTold,
		})
		if err != nil {
			return fmt.Errorf("list guilds of incident: %w", err)
		}
		for _, g := range guilds {
			notice := delivery.Notice{ClientID: g.ClientID, ChannelID: g.ChannelID, Key: key, Message: incidentNotice(i, g.Accounts)}
			if err := p.store.InTx(ctx, func(tx store.Conn) error { return delivery.EnqueueNotice(ctx, tx, notice) }); err != nil {
				return err
			}
		}
		if len(guilds) < maxTold {
			return nil
		}
	}
}

func incidentNotice(i db.PlatformIncident, accounts int64) delivery.Message {
	name := delivery.Escape(troubled(i.Platform, i.Host))
	if i.EndedAt != nil {
		return delivery.Message{
			Title: name + " works again", Color: recoveryColor,
			Body: fmt.Sprintf("It failed from <t:%d:f> to <t:%d:f>. What was posted meanwhile follows now.", i.StartedAt.Unix(), i.EndedAt.Unix()),
		}
	}
	count := "one account"
	if accounts > 1 {
		count = fmt.Sprintf("%d accounts", accounts)
	}
	return delivery.Message{
		Title: name + " fails for most accounts", Color: troubleColor,
		Body: fmt.Sprintf("Since <t:%d:f> it gives no usable answers; %s here wait for it. Nothing is to be done: posts follow once it answers again.", i.StartedAt.Unix(), count),
	}
}
