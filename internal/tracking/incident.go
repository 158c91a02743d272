package tracking

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/source"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// An incident is declared from the latest outcome of each account of a host that was asked within one of
// these windows. Accounts that have failed for longer have troubles of their own and do not count.
const (
	justNow   = 10 * time.Minute
	ofLate    = time.Hour
	sinceLong = 6 * time.Hour
)

// Where there are few accounts all of them must fail; where there are many, two of three, and more than
// chance brings together.
const (
	fewSources   = 3
	leastFailing = 3
	mostNeeded   = 50 // failures that suffice however many accounts there are
	shareNeeded  = 20 // one in so many accounts, below that

	// Of a platform of many servers, as feeds are, so many on so many servers may be the network's fault.
	platformSources = 5
	platformHosts   = 3
)

const (
	reopenWithin  = time.Hour       // an incident that comes back so soon is the same one
	catchUpWithin = 5 * time.Minute // the accounts of an incident that ended are asked within this
	mostProof     = 20              // successes in a row that prove the end of any incident

	// A small host that stays down for so long is no passing trouble: its accounts are failing.
	giveUpAfter = 48 * time.Hour
	smallHost   = 10
)

// watchLock keeps all but one process from watching at a time. The number has no meaning.
const watchLock = 7_301_450_220

// platformKinds are the failures that may be a platform's. A word about the account itself is believed.
func platformKinds() []string {
	return []string{string(source.Transient), string(source.RateLimited), string(source.AuthRequired), string(source.Malformed)}
}

// isIncident judges the outcomes on one host: of all its accounts, those that began to fail and those that answered.
func isIncident(sources, failing, ok int64) bool {
	if sources <= fewSources {
		return failing >= 2 && ok == 0
	}
	return failing >= max(leastFailing, min(sources/shareNeeded, mostNeeded)) && failing >= 2*ok
}

// Watch looks for platforms and hosts on which most accounts fail at once: it opens an incident, takes the
// blame from the accounts, and when they answer again ends it and has them catch up. All of it stands in
// the database, so a restart changes nothing. Of several workers one watches at a time.
func (p *Polls) Watch(ctx context.Context) error {
	return p.store.InTx(ctx, func(tx store.Conn) error {
		if mine, err := p.queries.TryLock(ctx, tx, watchLock); err != nil || !mine {
			return err
		}
		now := p.clock()
		if err := p.openIncidents(ctx, tx, now); err != nil {
			return err
		}
		open, err := p.queries.ListOpenIncidents(ctx, tx)
		if err != nil {
			return fmt.Errorf("list open incidents: %w", err)
		}
		for _, incident := range open {
			if err := p.tend(ctx, tx, incident, now); err != nil {
				return err
			}
		}
		return nil
	})
}

// ErrNoIncident says that no such incident is open.
var ErrNoIncident = errors.New("there is no such open incident")

// CloseIncident ends an incident by hand: its accounts are all asked again soon. Where they still fail it opens anew.
func (p *Polls) CloseIncident(ctx context.Context, id uuid.UUID) (db.PlatformIncident, error) {
	var closed db.PlatformIncident
	err := p.store.InTx(ctx, func(tx store.Conn) error {
		open, err := p.queries.ListOpenIncidents(ctx, tx)
		if err != nil {
			return fmt.Errorf("list open incidents: %w", err)
		}
		at := slices.IndexFunc(open, func(i db.PlatformIncident) bool { return i.ID == id })
		if at < 0 {
			return ErrNoIncident
		}
		closed = open[at]
		return p.endIncident(ctx, tx, closed, p.clock())
	})
	return closed, err
}

// OpenIncidents counts the open incidents by platform.
func (p *Polls) OpenIncidents(ctx context.Context) (map[string]int64, error) {
	rows, err := p.queries.CountOpenIncidents(ctx, p.store.Shared())
	if err != nil {
		return nil, fmt.Errorf("count open incidents: %w", err)
	}
	open := make(map[string]int64, len(rows))
	for _, row := range rows {
		open[row.Platform] = row.Incidents
	}
	return open, nil
}

func (p *Polls) openIncidents(ctx context.Context, tx store.Conn, now time.Time) error {
	hosts, err := p.queries.ListSuspectHosts(ctx, tx, db.ListSuspectHostsParams{
		JustNow: now.Add(-justNow), OfLate: now.Add(-ofLate), LongAgo: now.Add(-sinceLong), Kinds: platformKinds(),
	})
	if err != nil {
		return fmt.Errorf("list suspect hosts: %w", err)
	}
	for _, h := range hosts {
		if isIncident(h.Sources, h.FailingNow, h.OkNow) || isIncident(h.Sources, h.FailingOfLate, h.OkOfLate) || isIncident(h.Sources, h.FailingLong, h.OkLong) {
			if err := p.open(ctx, tx, h.Platform, h.Host, now); err != nil {
				return err
			}
		}
	}
	platforms, err := p.queries.ListSuspectPlatforms(ctx, tx, db.ListSuspectPlatformsParams{
		JustNow: now.Add(-justNow), MinSources: platformSources, MinHosts: platformHosts,
	})
	if err != nil {
		return fmt.Errorf("list suspect platforms: %w", err)
	}
	for _, s := range platforms {
		answering, err := p.queries.CountAnswering(ctx, tx, db.CountAnsweringParams{Platform: s.Platform, Since: now.Add(-justNow), Enough: s.Failing/2 + 1})
		if err != nil {
			return fmt.Errorf("count answering sources: %w", err)
		}
		if s.Failing >= 2*answering {
			if err := p.open(ctx, tx, s.Platform, "", now); err != nil {
				return err
			}
		}
	}
	return nil
}

// open opens an incident unless it is open.
func (p *Polls) open(ctx context.Context, tx store.Conn, platform, host string, now time.Time) error {
	since := now.Add(-p.schedule.scaled(reopenWithin))
	reopened, err := p.queries.ReopenIncident(ctx, tx, db.ReopenIncidentParams{Platform: platform, Host: host, Since: since})
	if err != nil {
		return fmt.Errorf("reopen incident: %w", err)
	}
	if reopened > 0 {
		return nil
	}
	id, err := uuid.NewV7()
	if err != nil {
		return fmt.Errorf("make incident id: %w", err)
	}
	if err := p.queries.OpenIncident(ctx, tx, db.OpenIncidentParams{ID: id, Platform: platform, Host: host, StartedAt: now}); err != nil {
		return fmt.Errorf("open incident: %w", err)
	}
	return nil
}

// tend holds the accounts that an open incident has hit and ends it when they are well.
func (p *Polls) tend(ctx context.Context, tx store.Conn, i db.PlatformIncident, now time.Time) error {
	_, err := p.queries.HoldSources(ctx, tx, db.HoldSourcesParams{
		Platform: i.Platform, Host: i.Host, Since: i.StartedAt.Add(-sinceLong), Kinds: platformKinds(),
		Reason: incidentReason(i.Platform, i.Host), At: now, RetryUntil: now.Add(p.schedule.scaled(incidentRetry)),
	})
	if err != nil {
		return fmt.Errorf("hold sources: %w", err)
	}
	n, err := p.queries.CountIncident(ctx, tx, db.CountIncidentParams{Platform: i.Platform, Host: i.Host, StartedAt: i.StartedAt})
	if err != nil {
		return fmt.Errorf("count incident: %w", err)
	}
	all := n.Held + n.Recovered
	proof := max(min(all, leastFailing), min(all/shareNeeded, mostProof))
	switch {
	case n.Held == 0 || n.Recovered >= proof:
		return p.endIncident(ctx, tx, i, now)
	case all < smallHost && now.Sub(i.StartedAt) > p.schedule.scaled(giveUpAfter):
		return p.giveUp(ctx, tx, i, now)
	}
	return nil
}

func (p *Polls) endIncident(ctx context.Context, tx store.Conn, i db.PlatformIncident, now time.Time) error {
	if err := p.queries.EndIncident(ctx, tx, now, i.ID); err != nil {
		return fmt.Errorf("end incident: %w", err)
	}
	_, err := p.queries.ReleaseSources(ctx, tx, db.ReleaseSourcesParams{
		Platform: i.Platform, Host: i.Host, At: now, SpreadUntil: now.Add(p.schedule.scaled(catchUpWithin)),
	})
	if err != nil {
		return fmt.Errorf("release sources: %w", err)
	}
	return nil
}

func (p *Polls) giveUp(ctx context.Context, tx store.Conn, i db.PlatformIncident, now time.Time) error {
	if err := p.queries.EndIncident(ctx, tx, now, i.ID); err != nil {
		return fmt.Errorf("end incident: %w", err)
	}
	reason := fmt.Sprintf("%s has not answered since %s.", troubled(i.Platform, i.Host), i.StartedAt.UTC().Format("2 January 2006"))
	if _, err := p.queries.BlameSources(ctx, tx, db.BlameSourcesParams{Platform: i.Platform, Host: i.Host, At: now, Reason: reason}); err != nil {
		return fmt.Errorf("blame sources: %w", err)
	}
	// The accounts' own alerts follow.
	return p.queries.MarkIncidentTold(ctx, tx, db.MarkIncidentToldParams{ToldAt: now, Ended: true, ID: i.ID})
}

// incidentReason is the sentence of an account whose platform fails.
func incidentReason(platform, host string) string {
	return troubled(platform, host) + " fails for most accounts at the moment, so it is not this account. New posts follow once it answers again."
}

// IncidentWords says what fails of a platform: all of it, or the hosts that have an incident; "" when none has.
func IncidentWords(platform string, hosts []string) string {
	if len(hosts) == 0 {
		return ""
	}
	names := make([]string, 0, len(hosts))
	for _, host := range hosts {
		if name := troubled(platform, host); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	verb := " fails"
	if len(names) > 1 {
		verb = " fail"
	}
	return strings.Join(names, ", ") + verb + " for most accounts at the moment. New posts follow once it is over."
}

// troubled names what has an incident: the platform, or the one server of it.
func troubled(platform, host string) string {
	switch {
	case platform == source.YouTube:
		return "YouTube"
	case platform == source.Bluesky:
		return "Bluesky"
	case host != "":
		return "The server " + host
	case platform == source.Mastodon:
		return "Mastodon"
	default:
		return "Reading feeds"
	}
}
