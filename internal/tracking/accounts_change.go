package tracking

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"trackbot/internal/audit"
	"trackbot/internal/guild"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// AccountChange says what to change of an account; nil leaves it as it is.
type AccountChange struct {
	GroupID   *uuid.UUID
	ChannelID *string // "": the guild's default channel
	Paused    *bool
}

// ChangeAccount moves an account to another group (its posts follow), gives it a channel, pauses or
// resumes it, all or nothing; one entry in the log for each. What was published while it was paused
// is stored after the resumption and not announced.
//
// Refusals: not_found (account, group), validation_failed (channelId), tier_limit (resuming what the plan paused).
func (c *Catalog) ChangeAccount(ctx context.Context, by audit.By, clientID, accountID uuid.UUID, ch AccountChange) (Account, error) {
	var account Account
	err := c.st.InTenantTx(ctx, clientID, func(tx store.Conn) error {
		e := edit{tx: tx, by: by, clientID: clientID}
		if err := e.begin(ctx, accountID, ch.Paused != nil); err != nil {
			return err
		}
		if ch.GroupID != nil {
			if err := e.move(ctx, *ch.GroupID); err != nil {
				return err
			}
		}
		if ch.ChannelID != nil {
			if err := e.setChannel(ctx, *ch.ChannelID); err != nil {
				return err
			}
		}
		if ch.Paused != nil {
			if err := e.setPaused(ctx, *ch.Paused); err != nil {
				return err
			}
		}
		var err error
		account, err = getAccount(ctx, tx, clientID, accountID)
		return err
	})
	return account, err
}

// RemoveAccount stops tracking an account and deletes its posts. The source goes on for
// those who track it too. Refusals: not_found.
func (c *Catalog) RemoveAccount(ctx context.Context, by audit.By, clientID, accountID uuid.UUID) error {
	return c.st.InTenantTx(ctx, clientID, func(tx store.Conn) error {
		e := edit{tx: tx, by: by, clientID: clientID}
		if err := e.begin(ctx, accountID, false); err != nil {
			return err
		}
		account, err := getAccount(ctx, tx, clientID, accountID)
		if err != nil {
			return err
		}
		if err := db.New().DeleteAccount(ctx, tx, clientID, accountID); err != nil {
			return fmt.Errorf("delete account: %w", err)
		}
		if err := e.review(ctx); err != nil {
			return err
		}
		return e.log(ctx, audit.AccountRemoved,
			audit.Change{Field: "platform", Old: account.Source.Platform}, audit.Change{Field: "handle", Old: account.Source.Handle},
			audit.Change{Field: "url", Old: account.Source.URL},
			audit.Change{Field: "brandId", Old: account.ClientAccount.BrandID}, audit.Change{Field: "groupId", Old: account.ClientAccount.GroupID},
		)
	})
}

// edit is the change of one account within its transaction.
type edit struct {
	tx       store.Conn
	by       audit.By
	clientID uuid.UUID
	account  db.ClientAccount
	use      Use // only when asked for
}

// begin locks in the order that everyone keeps: plan, source, account.
func (e *edit) begin(ctx context.Context, accountID uuid.UUID, withPlan bool) error {
	var err error
	if withPlan {
		if e.use, err = lockUse(ctx, e.tx, e.clientID); err != nil {
			return err
		}
	}
	q := db.New()
	if _, err = q.LockSourcesOf(ctx, e.tx, db.LockSourcesOfParams{ClientID: e.clientID, AccountID: &accountID}); err != nil {
		return fmt.Errorf("lock source of account: %w", err)
	}
	e.account, err = q.LockAccount(ctx, e.tx, e.clientID, accountID)
	if store.IsNotFound(err) {
		return noAccount(err)
	}
	if err != nil {
		return fmt.Errorf("lock account: %w", err)
	}
	return nil
}

func (e *edit) move(ctx context.Context, groupID uuid.UUID) error {
	if groupID == e.account.GroupID {
		return nil
	}
	group, err := lockGroup(ctx, e.tx, e.clientID, groupID)
	if err != nil {
		return err
	}
	q := db.New()
	to := db.MoveAccountParams{ClientID: e.clientID, ID: e.account.ID, BrandID: group.BrandID, GroupID: group.ID}
	if err := q.MoveAccount(ctx, e.tx, to); err != nil {
		return fmt.Errorf("move account: %w", err)
	}
	posts := db.MovePostsOfAccountParams{ClientID: e.clientID, AccountID: e.account.ID, BrandID: group.BrandID, GroupID: group.ID}
	if err := q.MovePostsOfAccount(ctx, e.tx, posts); err != nil {
		return fmt.Errorf("move posts of account: %w", err)
	}
	return e.log(ctx, audit.AccountMoved,
		audit.Change{Field: "groupId", Old: e.account.GroupID, New: group.ID},
		audit.Change{Field: "brandId", Old: e.account.BrandID, New: group.BrandID})
}

func (e *edit) setChannel(ctx context.Context, channelID string) error {
	if channelID != "" {
		// Also for the channel it has: choosing it anew ends its pause.
		if err := guild.ChooseChannel(ctx, e.tx, e.by, e.clientID, channelID, "channelId"); err != nil {
			return err
		}
	}
	to := optional(channelID)
	if old := e.account.ChannelID; (old == nil && to == nil) || (old != nil && to != nil && *old == *to) {
		return nil
	}
	if err := db.New().SetAccountChannel(ctx, e.tx, db.SetAccountChannelParams{ClientID: e.clientID, ID: e.account.ID, ChannelID: to}); err != nil {
		return fmt.Errorf("set channel of account: %w", err)
	}
	return e.log(ctx, audit.AccountChannelChanged, audit.Change{Field: "channelId", Old: e.account.ChannelID, New: to})
}

func (e *edit) setPaused(ctx context.Context, paused bool) error {
	if paused == (e.account.Paused != nil) {
		return nil
	}
	q := db.New()
	if paused {
		reason := "Paused by a manager."
		if err := q.PauseAccount(ctx, e.tx, db.PauseAccountParams{ClientID: e.clientID, ID: e.account.ID, Reason: reason}); err != nil {
			return fmt.Errorf("pause account: %w", err)
		}
		if err := e.review(ctx); err != nil {
			return err
		}
		return e.log(ctx, audit.AccountPaused, audit.Change{Field: "paused", New: "paused"})
	}
	if *e.account.Paused == "paused_by_plan" {
		if err := e.use.roomForAccount(); err != nil {
			return err
		}
	}
	if err := q.ResumeAccount(ctx, e.tx, e.clientID, e.account.ID); err != nil {
		return fmt.Errorf("resume account: %w", err)
	}
	if err := q.RestartSource(ctx, e.tx, e.account.SourceID); err != nil {
		return fmt.Errorf("restart source: %w", err)
	}
	return e.log(ctx, audit.AccountResumed, audit.Change{Field: "paused", Old: e.account.Paused})
}

// review asks the worker to see whether anyone still tracks the source.
func (e *edit) review(ctx context.Context) error {
	if err := db.New().ReviewSources(ctx, e.tx, []uuid.UUID{e.account.SourceID}); err != nil {
		return fmt.Errorf("review source: %w", err)
	}
	return nil
}

func (e *edit) log(ctx context.Context, action audit.Action, changes ...audit.Change) error {
	return audit.Append(ctx, e.tx, audit.Entry{
		ClientID: e.clientID, By: e.by, Action: action,
		TargetType: audit.TargetAccount, TargetID: e.account.ID.String(), Changes: changes,
	})
}
