package app

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"trackbot/internal/config"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

const (
	oldestPostgres = 150000
	clockWarn      = 5 * time.Second
	clockFail      = 30 * time.Second // the leeway of tokens; signatures of machines allow a minute
	keyOld         = 90 * 24 * time.Hour
	connectionsMax = 0.8
)

// roleOf is the database role that a service acts as.
func roleOf(s config.Service) store.Role {
	return map[config.Service]store.Role{
		config.API: store.RoleAPI, config.Bot: store.RoleBot, config.Worker: store.RoleWorker, config.Notifier: store.RoleNotifier,
	}[s]
}

// checkDatabase looks at the server, the schema and what each service may do there.
func (d *doctor) checkDatabase(ctx context.Context) {
	url := d.cfg.DatabaseURL.Reveal()
	for _, s := range []config.Service{config.API, config.Bot, config.Worker, config.Notifier} {
		if url == "" && d.runs(s) {
			url = d.cfg.URLFor(s)
		}
	}
	if url == "" {
		d.skip("database", "there is no address")
		return
	}
	asking, cancel := context.WithTimeout(ctx, doctorPatience)
	defer cancel()
	found, err := store.Diagnose(asking, url, d.now)
	if err != nil {
		d.fail("database", err.Error(), "Is the server running and reachable from here, and are name, password and database of DATABASE_URL right? `psql \"$DATABASE_URL\"` tries the same.")
		return
	}
	d.judgeServer(found)
	d.judgeClock("clock of database", found.ClockOffset)
	if !d.judgeSchema(found) {
		return
	}
	for _, s := range []config.Service{config.API, config.Bot, config.Worker, config.Notifier} {
		if d.runs(s) {
			d.checkRole(ctx, s)
		}
	}
	d.checkBots(ctx)
}

func (d *doctor) judgeServer(found store.Diagnosis) {
	const check = "database"
	version := fmt.Sprintf("PostgreSQL %d.%d as %s", found.Version/10000, found.Version%100, found.User)
	switch {
	case found.Version < oldestPostgres:
		d.fail(check, version+": too old", "Use PostgreSQL 15 or later.")
	case found.Standby:
		d.fail(check, version+": it is a standby and takes no writes", "Set DATABASE_URL to the primary.")
	case found.Superuser:
		d.warn(check, version+": a superuser passes by every protection between tenants", "Use a login role that owns the database and has CREATEROLE: CREATE ROLE trackbot LOGIN CREATEROLE PASSWORD '…'; ALTER DATABASE … OWNER TO trackbot.")
	default:
		d.ok(check, "%s, %d of %d connections taken", version, found.Backends, found.MaxConnections)
	}
	if float64(found.Backends) > connectionsMax*float64(found.MaxConnections) {
		d.warn(check, fmt.Sprintf("%d of %d connections are taken", found.Backends, found.MaxConnections), "Raise max_connections, or run fewer processes: each takes up to four a core and role.")
	}
}

// judgeClock takes how far another clock is ahead of ours.
func (d *doctor) judgeClock(check string, ahead time.Duration) {
	off := fmt.Sprintf("%s off", ahead.Round(time.Millisecond))
	const fix = "Set this machine's clock: timedatectl set-ntp true, or chrony. Tokens allow 30 s, signatures of bots a minute."
	switch {
	case ahead.Abs() >= clockFail:
		d.fail(check, off, fix)
	case ahead.Abs() >= clockWarn:
		d.warn(check, off, fix)
	default:
		d.ok(check, "%s", off)
	}
}

// judgeSchema tells whether the services can work with it.
func (d *doctor) judgeSchema(found store.Diagnosis) bool {
	const check = "schema"
	switch {
	case len(found.Pending) > 0:
		fix := "Run `trackbot migrate up` with this DATABASE_URL."
		if !found.OwnsDatabase || !found.CreateRole && !found.Superuser {
			fix += " Its role needs to own the database and to have CREATEROLE, and " + found.User + " does not."
		}
		d.fail(check, fmt.Sprintf("%d migrations are missing: %s", len(found.Pending), firstFew(found.Pending)), fix)
		return false
	case found.Ahead:
		d.warn(check, "it is ahead of this program: a newer one has migrated it", "That is right in the middle of an upgrade. Otherwise update this program.")
	default:
		d.ok(check, "every migration is applied")
	}
	return true
}

func firstFew(names []string) string {
	const few = 3
	if len(names) <= few {
		return strings.Join(names, ", ")
	}
	return strings.Join(names[:few], ", ") + ", …"
}

// checkRole connects as a service does.
func (d *doctor) checkRole(ctx context.Context, s config.Service) {
	check := "role of " + string(s)
	ctx, cancel := context.WithTimeout(ctx, doctorPatience)
	defer cancel()
	st, err := store.Open(ctx, d.cfg.URLFor(s), roleOf(s), store.WithMaxConns(1))
	if errors.Is(err, store.ErrSchema) {
		d.fail(check, fmt.Sprintf("the role %s does not exist", roleOf(s)), "Run `trackbot migrate up`: it makes the roles.")
		return
	}
	if err != nil {
		d.fail(check, err.Error(), fmt.Sprintf("The login of %s must be a member of %s: GRANT %s TO that login; `trackbot migrate up` grants it to DATABASE_URL's.", s, roleOf(s), roleOf(s)))
		return
	}
	defer st.Close()
	if s == config.API {
		if err := st.CheckTenancy(ctx); err != nil {
			d.fail(check, err.Error(), "The API does not start like this. Undo what was changed in the schema or the role by hand; a restored database needs `trackbot migrate up`.")
			return
		}
		d.checkKey(ctx, st)
		d.checkEncryption(ctx, st)
	}
	d.ok(check, "acts as %s", roleOf(s))
}

// checkKey looks at the age of the key that signs access tokens.
func (d *doctor) checkKey(ctx context.Context, st *store.Store) {
	key, err := db.New().GetJWTKeyAge(ctx, st.Shared())
	switch age := d.now().Sub(key.FirstUsedAt); {
	case store.IsNotFound(err):
		d.ok("signing key", "not used yet")
	case err != nil:
		d.fail("signing key", err.Error(), "See the check of the database.")
	case age >= keyOld:
		d.warn("signing key", fmt.Sprintf("in use for %d days", int(age.Hours()/24)), "`trackbot admin key rotate` prints a new one and how to bring it in.")
	default:
		d.ok("signing key", "in use for %d days", int(age.Hours()/24))
	}
}

// checkBots tells whether a bot reports, where the operator's role can be taken.
func (d *doctor) checkBots(ctx context.Context) {
	if d.cfg.DatabaseURL == "" {
		return
	}
	st, err := store.Open(ctx, d.cfg.DatabaseURL.Reveal(), store.RoleAdmin, store.WithMaxConns(1))
	if err != nil {
		d.skip("bots", "the operator's role cannot be taken: "+err.Error())
		return
	}
	defer st.Close()
	bots, err := db.New().ListBots(ctx, st.Shared())
	if err != nil {
		d.fail("bots", err.Error(), "See the check of the database.")
		return
	}
	if len(bots) == 0 {
		d.skip("bots", "none has reported yet")
	}
	for _, b := range bots {
		silent := time.Duration(b.SilentSeconds * float64(time.Second)).Round(time.Second)
		if b.Status == "offline" || silent > 3*d.cfg.HeartbeatInterval {
			d.warn("bots", fmt.Sprintf("%s is offline, last heard of %s ago", b.ID, silent), "Start `trackbot bot`, or delete its row of bot_health if it is gone for good.")
			continue
		}
		d.ok("bots", "%s is %s, %s, %s, version %s", b.ID, b.Status, many(b.GuildCount, "guild"), many(b.ShardCount, "shard"), b.Version)
	}
}
