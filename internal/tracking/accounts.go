package tracking

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/audit"
	"trackbot/internal/fault"
	"trackbot/internal/guild"
	"trackbot/internal/source"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

const (
	resolveTimeout = 10 * time.Second
	fallbackName   = "General" // of the brand and group of an account that names none
)

// Resolver finds the real account behind what a person typed; source.Registry is one.
type Resolver interface {
	Resolve(ctx context.Context, platform, input string) (source.Account, error)
}

// Catalog keeps what each tenant follows. Every change is audited in its own
// transaction. It is safe for concurrent use.
type Catalog struct {
	st       *store.Store
	resolver Resolver
}

// NewCatalog returns a Catalog on a store of the API's or the bot's role.
func NewCatalog(st *store.Store, resolver Resolver) *Catalog {
	return &Catalog{st: st, resolver: resolver}
}

// NewAccount asks for an account to be tracked.
type NewAccount struct {
	Platform       string // one of source's, or source.Auto
	Input          string // a handle or an address
	InputName      string // what refusals call the input; "handle" if empty
	GroupID        uuid.UUID
	ChannelID      string // "": the guild's default channel
	AnnounceLatest bool   // announce the newest post of the baseline

	group func() (db.AccountGroup, error) // instead of GroupID, asked within the transaction
}

// Account is a tracked account with its source and place.
type Account = db.GetTrackedAccountRow

// AddAccount tracks an account. Without a group it goes to the one called General, else to the
// oldest, and the first account of a tenant brings brand and group along.
//
// The platform is asked first, for at most 10 s. If it does not answer the account is made all the
// same, in state learning with a reason, and the worker finds out who it is (Polls.Identify).
//
// Refusals: validation_failed (the input by its name, platform, channelId), not_found (group),
// conflict (tracked already), tier_limit, unavailable (the platform gives no answer).
func (c *Catalog) AddAccount(ctx context.Context, by audit.By, clientID uuid.UUID, in NewAccount) (Account, error) {
	if err := in.check(); err != nil {
		return Account{}, err
	}
	// Whoever has no room, or no such group, learns it before the platform is asked.
	use, err := Entitlement(ctx, c.st.Tenant(clientID), clientID)
	if err != nil {
		return Account{}, err
	}
	if err := use.roomForAccount(); err != nil {
		return Account{}, err
	}
	if in.GroupID != uuid.Nil {
		if _, err := lockGroup(ctx, c.st.Tenant(clientID), clientID, in.GroupID); err != nil {
			return Account{}, err
		}
	}
	found, err := c.resolve(ctx, in)
	if err != nil {
		return Account{}, err
	}
	var account Account
	err = c.st.InTenantTx(ctx, clientID, func(tx store.Conn) error {
		account, err = addAccount(ctx, tx, by, clientID, in, found)
		return err
	})
	return account, err
}

func addAccount(ctx context.Context, tx store.Conn, by audit.By, clientID uuid.UUID, in NewAccount, found resolved) (Account, error) {
	use, err := lockUse(ctx, tx, clientID)
	if err != nil {
		return Account{}, err
	}
	src, err := upsertSource(ctx, tx, clientID, found)
	if err != nil {
		return Account{}, err
	}
	if err := refuseTracked(ctx, tx, clientID, src); err != nil {
		return Account{}, err
	}
	if err := use.roomForAccount(); err != nil {
		return Account{}, err
	}
	if in.group == nil {
		in.group = func() (db.AccountGroup, error) { return groupFor(ctx, tx, by, clientID, in.GroupID) }
	}
	group, err := in.group()
	if err != nil {
		return Account{}, err
	}
	if in.ChannelID != "" {
		if err := guild.ChooseChannel(ctx, tx, by, clientID, in.ChannelID, "channelId"); err != nil {
			return Account{}, err
		}
	}
	id, err := uuid.NewV7()
	if err != nil {
		return Account{}, fmt.Errorf("make account id: %w", err)
	}
	err = db.New().InsertAccount(ctx, tx, db.InsertAccountParams{
		ClientID: clientID, ID: id, BrandID: group.BrandID, GroupID: group.ID, SourceID: src.ID,
		ChannelID: optional(in.ChannelID), AnnounceLatest: in.AnnounceLatest,
	})
	if err != nil {
		return Account{}, fmt.Errorf("insert account: %w", err)
	}
	account, err := getAccount(ctx, tx, clientID, id)
	if err != nil {
		return Account{}, err
	}
	err = audit.Append(ctx, tx, audit.Entry{
		ClientID: clientID, By: by, Action: audit.AccountAdded, TargetType: audit.TargetAccount, TargetID: id.String(),
		Changes: []audit.Change{
			{Field: "platform", New: src.Platform},
			{Field: "handle", New: src.Handle},
			{Field: "url", New: src.URL},
			{Field: "brandId", New: group.BrandID},
			{Field: "groupId", New: group.ID},
			{Field: "channelId", New: account.ClientAccount.ChannelID},
			{Field: "announceLatest", New: in.AnnounceLatest},
		},
	})
	if err != nil {
		return account, err
	}
	return account, use.warnOfAccounts(ctx, tx)
}

func upsertSource(ctx context.Context, tx store.Conn, clientID uuid.UUID, found resolved) (db.Source, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return db.Source{}, fmt.Errorf("make source id: %w", err)
	}
	a := found.account
	src, err := db.New().UpsertSource(ctx, tx, db.UpsertSourceParams{
		ID: id, Platform: a.Platform, ExternalID: a.ExternalID, Handle: a.Handle, DisplayName: a.DisplayName, URL: a.URL,
		AvatarUrl: a.AvatarURL, Followers: a.Followers, Lane: Lane(clientID), StateReason: found.doubt, Resolved: found.doubt == "",
	})
	if err != nil {
		return db.Source{}, fmt.Errorf("upsert source: %w", err)
	}
	return src, nil
}

// refuseTracked refuses with conflict what the tenant tracks already. No other
// request can come between: both hold the tenant's plan.
func refuseTracked(ctx context.Context, tx store.Conn, clientID uuid.UUID, src db.Source) error {
	have, err := db.New().GetAccountBySource(ctx, tx, clientID, src.ID)
	if store.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look for account: %w", err)
	}
	name := src.Handle
	if src.DisplayName != "" && src.DisplayName != name {
		name = fmt.Sprintf("%s (%s)", src.DisplayName, name) // a feed's handle is its host, which may have others
	}
	return fault.Wrap(&alreadyTracked{have.ID}, fault.Conflict,
		fmt.Sprintf("%s is tracked already, in %s › %s.", name, have.BrandName, have.GroupName))
}

// alreadyTracked names the account that is there.
type alreadyTracked struct{ accountID uuid.UUID }

func (e *alreadyTracked) Error() string { return "account " + e.accountID.String() + " tracks it" }

// groupFor returns the group named, or the one for accounts that name none.
func groupFor(ctx context.Context, tx store.Conn, by audit.By, clientID, groupID uuid.UUID) (db.AccountGroup, error) {
	if groupID != uuid.Nil {
		return lockGroup(ctx, tx, clientID, groupID)
	}
	q := db.New()
	group, err := q.GetFallbackGroup(ctx, tx, clientID, fallbackName)
	if err == nil {
		return group, nil
	}
	if !store.IsNotFound(err) {
		return group, fmt.Errorf("look for group: %w", err)
	}
	brand, err := q.GetFirstBrand(ctx, tx, clientID)
	if store.IsNotFound(err) {
		brand, err = insertBrand(ctx, tx, by, clientID, fallbackName)
	}
	if err != nil {
		return group, fmt.Errorf("find brand for account: %w", err)
	}
	return insertGroup(ctx, tx, by, brand, fallbackName)
}

func getAccount(ctx context.Context, conn store.Conn, clientID, accountID uuid.UUID) (Account, error) {
	account, err := db.New().GetTrackedAccount(ctx, conn, clientID, accountID)
	if store.IsNotFound(err) {
		return account, noAccount(err)
	}
	if err != nil {
		return account, fmt.Errorf("read account: %w", err)
	}
	return account, nil
}

func noAccount(err error) error {
	return fault.Wrap(err, fault.NotFound, "There is no such account.")
}

// AccountState is the state of an account as the contract names it, since when and why.
func AccountState(a db.ClientAccount, s db.Source) (state string, since time.Time, reason string) {
	if a.Paused != nil && a.PausedSince != nil {
		return *a.Paused, *a.PausedSince, a.PausedReason
	}
	return s.State, s.StateSince, s.StateReason
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
