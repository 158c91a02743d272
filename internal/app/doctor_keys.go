package app

import (
	"context"
	"fmt"

	"trackbot/internal/account"
	"trackbot/internal/store"
)

// checkEncryption tells what still needs a former value of ENCRYPTION_KEY, and what none of them opens.
func (d *doctor) checkEncryption(ctx context.Context, st *store.Store) {
	const check = "encryption key"
	cfg, err := account.FromConfig(d.cfg)
	if err != nil {
		d.skip(check, "the configuration has none to look with")
		return
	}
	accounts, err := account.New(st, nil, cfg)
	if err != nil {
		d.fail(check, err.Error(), "Set ENCRYPTION_KEY as .env.example says.")
		return
	}
	use, err := accounts.KeyUse(ctx)
	if err != nil {
		d.fail(check, err.Error(), "See the check of the database.")
		return
	}
	if use.LostGrants+use.LostSessions > 0 {
		d.warn(check, fmt.Sprintf("no value opens %s and %s", many(use.LostGrants, "Discord grant"), many(use.LostSessions, "session")),
			"If a former key was dropped too early put it back, behind a comma. Otherwise these people sign in again, which replaces both.")
	}
	switch {
	case use.Older() > 0:
		d.warn(check, fmt.Sprintf("a former value still opens %s and %s", many(use.OlderGrants, "Discord grant"), many(use.OlderSessions, "session")),
			"Keep it in ENCRYPTION_KEY. The api seals grants anew at its start and hourly; sessions change at their next refresh, or end 14 days after their last.")
	case len(cfg.OtherKeys) > 0:
		d.ok(check, "nothing needs a former value any more: it can be dropped; %s, %s", many(use.Grants, "Discord grant"), many(use.Sessions, "session"))
	default:
		d.ok(check, "opens %s and %s", many(use.Grants, "Discord grant"), many(use.Sessions, "session"))
	}
}
