package tracking

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/accountfile"
	"trackbot/internal/audit"
	"trackbot/internal/fault"
	"trackbot/internal/source"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

const (
	importers      = 16               // lines resolved at the same time
	importResolves = 15 * time.Second // in all; what is not resolved by then has failed or is learning
	importPatience = 24 * time.Second // in all, under the time that an answer of the API may take
)

// ImportStatus is what became of a line.
type ImportStatus string

// What may become of a line.
const (
	ImportCreated ImportStatus = "created"
	ImportExists  ImportStatus = "exists"
	ImportFailed  ImportStatus = "failed"
)

// Imported is the report of one line.
type Imported struct {
	Line      int
	Status    ImportStatus
	AccountID uuid.UUID // of the account, also where it existed; Nil where there is none
	Message   string    // what is wrong, or worth knowing; may be ""
}

// Import tracks the accounts of a file, each line for itself: one that fails leaves no trace and the others go on.
// A line goes to the group it names, which is made if need be, in the brand it names, else in that of groupID; one
// that names no group goes to groupID. Without groupID the group where accounts without one go stands in for it, and is
// made when the first line needs it. Lines are resolved a few at a time, for 15 s in all.
//
// Refusals: not_found (group). Everything else is in the report, in the order of the lines.
func (c *Catalog) Import(ctx context.Context, by audit.By, clientID, groupID uuid.UUID, lines []accountfile.Line) ([]Imported, error) {
	if groupID != uuid.Nil {
		if _, err := lockGroup(ctx, c.st.Tenant(clientID), clientID, groupID); err != nil {
			return nil, err
		}
	}
	ctx, cancel := context.WithTimeout(ctx, importPatience)
	defer cancel()
	i := importing{catalog: c, by: by, clientID: clientID, base: groupID, seen: map[sourceKey]int{}}
	resolved, wait := i.resolveAll(ctx, lines)
	defer wait()
	report := make([]Imported, len(lines))
	for n, line := range lines {
		report[n] = i.one(ctx, line, <-resolved[n])
		report[n].Line = line.Number
	}
	return report, nil
}

type importing struct {
	catalog  *Catalog
	by       audit.By
	clientID uuid.UUID
	base     uuid.UUID         // group of the lines that name none; Nil: as for any account without one
	seen     map[sourceKey]int // accounts of lines before → line
}

type sourceKey struct{ platform, externalID string }

type answer struct {
	in    NewAccount
	found resolved
	err   error
}

// resolveAll asks the platforms for all lines. Each line's channel gets one answer; wait returns when nothing runs any more.
func (i *importing) resolveAll(ctx context.Context, lines []accountfile.Line) (answers []chan answer, wait func()) {
	asking, cancel := context.WithTimeout(ctx, importResolves)
	answers = make([]chan answer, len(lines))
	for n := range lines {
		answers[n] = make(chan answer, 1)
	}
	next := make(chan int)
	var workers sync.WaitGroup
	for range min(importers, len(lines)) {
		workers.Go(func() {
			for n := range next {
				answers[n] <- i.resolve(asking, lines[n])
			}
		})
	}
	workers.Go(func() {
		defer close(next)
		for n := range lines {
			next <- n
		}
	})
	return answers, func() { cancel(); workers.Wait() }
}

func (i *importing) resolve(ctx context.Context, line accountfile.Line) answer {
	in := NewAccount{Platform: line.Platform, Input: line.Input, ChannelID: line.ChannelID}
	if in.Platform == "" {
		in.Platform = source.Auto
	}
	if line.Fault != "" {
		return answer{err: fault.New(fault.ValidationFailed, line.Fault)}
	}
	if err := in.check(); err != nil {
		return answer{err: err}
	}
	found, err := i.catalog.resolve(ctx, in)
	return answer{in, found, err}
}

// one stores a line's account, unless something speaks against it.
func (i *importing) one(ctx context.Context, line accountfile.Line, a answer) Imported {
	if a.err != nil {
		return failed(a.err)
	}
	key := sourceKey{a.found.account.Platform, a.found.account.ExternalID}
	var id uuid.UUID
	err := i.catalog.st.InTenantTx(ctx, i.clientID, func(tx store.Conn) error {
		a.in.group = func() (db.AccountGroup, error) { return i.group(ctx, tx, line) }
		account, err := addAccount(ctx, tx, i.by, i.clientID, a.in, a.found)
		id = account.ClientAccount.ID
		return err
	})
	var tracked *alreadyTracked
	switch {
	case err == nil:
		i.seen[key] = line.Number
		return Imported{Status: ImportCreated, AccountID: id, Message: a.found.doubt}
	case !errors.As(err, &tracked):
		return failed(err)
	case i.seen[key] > 0:
		return Imported{Status: ImportExists, AccountID: tracked.accountID, Message: fmt.Sprintf("The same account as in line %d.", i.seen[key])}
	}
	return Imported{Status: ImportExists, AccountID: tracked.accountID, Message: fault.From(err).Detail}
}

// group finds or makes the group that a line names.
func (i *importing) group(ctx context.Context, tx store.Conn, line accountfile.Line) (db.AccountGroup, error) {
	if line.Group == "" && line.Brand == "" {
		return groupFor(ctx, tx, i.by, i.clientID, i.base)
	}
	brand, err := i.brand(ctx, tx, line.Brand)
	if err != nil {
		return db.AccountGroup{}, err
	}
	name := line.Group
	if name == "" {
		name = fallbackName
	}
	if name, err = cleanName(name); err != nil {
		return db.AccountGroup{}, err
	}
	group, err := db.New().GetGroupByName(ctx, tx, db.GetGroupByNameParams{ClientID: i.clientID, BrandID: brand.ID, Name: name})
	if store.IsNotFound(err) {
		return insertGroup(ctx, tx, i.by, brand, name)
	}
	if err != nil {
		return group, fmt.Errorf("look for group: %w", err)
	}
	return group, nil
}

func (i *importing) brand(ctx context.Context, tx store.Conn, name string) (db.Brand, error) {
	if name == "" {
		base, err := groupFor(ctx, tx, i.by, i.clientID, i.base)
		if err != nil {
			return db.Brand{}, err
		}
		return lockBrand(ctx, tx, i.clientID, base.BrandID)
	}
	name, err := cleanName(name)
	if err != nil {
		return db.Brand{}, err
	}
	brand, err := db.New().GetBrandByName(ctx, tx, i.clientID, name)
	if !store.IsNotFound(err) {
		if err != nil {
			return brand, fmt.Errorf("look for brand: %w", err)
		}
		return brand, nil
	}
	use, err := lockUse(ctx, tx, i.clientID)
	if err != nil {
		return brand, err
	}
	if err := use.roomForBrand(); err != nil {
		return brand, err
	}
	if brand, err = insertBrand(ctx, tx, i.by, i.clientID, name); err != nil {
		return brand, err
	}
	return brand, use.warnOfBrands(ctx, tx)
}

// failed puts what is wrong with a line into a sentence. What only the log should know stays out of it.
func failed(err error) Imported {
	out := Imported{Status: ImportFailed, Message: "This line could not be stored; send it again."}
	refusal := fault.From(err)
	switch {
	case refusal == nil:
		if errors.Is(err, context.DeadlineExceeded) {
			out.Message = "There was no time left for this line; send it again."
		}
	case len(refusal.Fields) > 0:
		var said []string
		for _, f := range refusal.Fields {
			said = append(said, f.Message)
		}
		out.Message = strings.Join(said, " ")
	case refusal.Code != fault.Internal && refusal.Detail != "":
		out.Message = refusal.Detail
	}
	return out
}
