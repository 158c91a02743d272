package route

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"trackbot/internal/audit"
	"trackbot/internal/fault"
	"trackbot/internal/guild"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// maxRoutes of a guild: each post is held against those that aim at it, and people have to find their way.
const maxRoutes = 500

// Target is what a route aims at; just one of the ids is set.
type Target struct{ AccountID, GroupID, BrandID *uuid.UUID }

// check refuses what aims at nothing or at several.
func (t Target) check() error {
	given := 0
	for _, id := range []*uuid.UUID{t.AccountID, t.GroupID, t.BrandID} {
		if id != nil {
			given++
		}
	}
	if given == 1 {
		return nil
	}
	why := "Give one of accountId, groupId and brandId."
	return fault.Invalid(fault.Field{Name: "accountId", Message: why}, fault.Field{Name: "groupId", Message: why}, fault.Field{Name: "brandId", Message: why})
}

// Wish is a route to be.
type Wish struct {
	Target
	ChannelID     string
	Kinds         []string // none: those that are announced by default
	Include       []string
	Exclude       []string
	MentionRoleID *string
	Template      string
}

// DefaultKinds are announced where a route does not say: what people call posts.
func DefaultKinds() []string { return []string{"post", "video", "short", "live"} }

// List returns at most limit routes older than before (nil: from the newest).
func (d *Desk) List(ctx context.Context, clientID uuid.UUID, before *uuid.UUID, limit int) ([]db.RouteItem, error) {
	at := uuid.Max
	if before != nil {
		at = *before
	}
	rows, err := d.queries.ListRouteItems(ctx, d.st.Tenant(clientID), db.ListRouteItemsParams{ClientID: clientID, BeforeID: at, MaxRows: int32(limit)})
	if err != nil {
		return nil, fmt.Errorf("list routes: %w", err)
	}
	return rows, nil
}

func get(ctx context.Context, conn store.Conn, clientID, id uuid.UUID) (db.RouteItem, error) {
	row, err := db.New().GetRouteItem(ctx, conn, clientID, id)
	if store.IsNotFound(err) {
		return row, noRoute(err)
	}
	if err != nil {
		return row, fmt.Errorf("read route: %w", err)
	}
	return row, nil
}

func noRoute(err error) error { return fault.Wrap(err, fault.NotFound, "There is no such route.") }

// Create adds a route. Refusals: validation_failed (target, channelId, mentionRoleId, template),
// not_found (what it aims at), conflict (the same route is there, or too many are).
func (d *Desk) Create(ctx context.Context, by audit.By, clientID uuid.UUID, w Wish) (db.RouteItem, error) {
	var item db.RouteItem
	if err := w.check(); err != nil {
		return item, err
	}
	if len(w.Kinds) == 0 {
		w.Kinds = DefaultKinds()
	}
	id, err := uuid.NewV7()
	if err != nil {
		return item, fmt.Errorf("make route id: %w", err)
	}
	row := db.Route{
		ClientID: clientID, ID: id, AccountID: w.AccountID, GroupID: w.GroupID, BrandID: w.BrandID, ChannelID: w.ChannelID,
		Kinds: sorted(w.Kinds), Include: texts(w.Include), Exclude: texts(w.Exclude), MentionRoleID: w.MentionRoleID, Template: w.Template,
	}
	err = d.st.InTenantTx(ctx, clientID, func(tx store.Conn) error {
		if err := checkTexts(ctx, tx, clientID, row); err != nil {
			return err
		}
		if err := d.room(ctx, tx, row); err != nil {
			return err
		}
		if err := guild.ChooseChannel(ctx, tx, by, clientID, row.ChannelID, "channelId"); err != nil {
			return err
		}
		if err := d.insert(ctx, tx, row); err != nil {
			return err
		}
		if item, err = get(ctx, tx, clientID, id); err != nil {
			return err
		}
		return log(ctx, tx, by, row.ClientID, audit.RouteCreated, id, differences(db.Route{}, row))
	})
	return item, err
}

// room refuses a route too many, and one that is there already. Parallel calls wait for one another.
func (d *Desk) room(ctx context.Context, tx store.Conn, row db.Route) error {
	if _, err := d.queries.LockGuildSettings(ctx, tx, row.ClientID); err != nil {
		return fmt.Errorf("lock settings: %w", err)
	}
	n, err := d.queries.CountRoutes(ctx, tx, db.CountRoutesParams{
		AccountID: row.AccountID, GroupID: row.GroupID, BrandID: row.BrandID, ChannelID: row.ChannelID,
		Kinds: row.Kinds, Include: row.Include, Exclude: row.Exclude, ClientID: row.ClientID,
	})
	switch {
	case err != nil:
		return fmt.Errorf("count routes: %w", err)
	case n.SameRoutes > 0:
		return fault.New(fault.Conflict, "There is a route with this target, channel, kinds and words already.")
	case n.AllRoutes >= maxRoutes:
		return fault.Newf(fault.Conflict, "There are %d routes already, which is as many as a server may have. Remove one first.", n.AllRoutes)
	}
	return nil
}

func (d *Desk) insert(ctx context.Context, tx store.Conn, row db.Route) error {
	err := d.queries.InsertRoute(ctx, tx, db.InsertRouteParams{
		ClientID: row.ClientID, ID: row.ID, AccountID: row.AccountID, GroupID: row.GroupID, BrandID: row.BrandID, ChannelID: row.ChannelID,
		Kinds: row.Kinds, Include: row.Include, Exclude: row.Exclude, MentionRoleID: row.MentionRoleID, Template: row.Template,
	})
	if _, missing := store.IsMissingReference(err); missing {
		return fault.Wrap(err, fault.NotFound, "There is nothing here that the route could aim at.")
	}
	if err != nil {
		return fmt.Errorf("insert route: %w", err)
	}
	return nil
}

// Delete removes a route; what it has queued still leaves. Refusals: not_found.
func (d *Desk) Delete(ctx context.Context, by audit.By, clientID, id uuid.UUID) error {
	return d.st.InTenantTx(ctx, clientID, func(tx store.Conn) error {
		old, err := lock(ctx, tx, clientID, id)
		if err != nil {
			return err
		}
		if err := d.queries.DeleteRoute(ctx, tx, clientID, id); err != nil {
			return fmt.Errorf("delete route: %w", err)
		}
		return log(ctx, tx, by, clientID, audit.RouteDeleted, id, differences(old, db.Route{}))
	})
}

func lock(ctx context.Context, tx store.Conn, clientID, id uuid.UUID) (db.Route, error) {
	row, err := db.New().LockRoute(ctx, tx, clientID, id)
	if store.IsNotFound(err) {
		return row, noRoute(err)
	}
	if err != nil {
		return row, fmt.Errorf("lock route: %w", err)
	}
	return row, nil
}

func log(ctx context.Context, tx store.Conn, by audit.By, clientID uuid.UUID, action audit.Action, id uuid.UUID, changes []audit.Change) error {
	return audit.Append(ctx, tx, audit.Entry{
		ClientID: clientID, By: by, Action: action, TargetType: audit.TargetRoute, TargetID: id.String(), Changes: changes,
	})
}

// sorted is in the order that lists of kinds have everywhere.
func sorted(kinds []string) []string {
	order := []string{"post", "video", "short", "live", "reply", "repost"}
	return slices.DeleteFunc(order, func(kind string) bool { return !slices.Contains(kinds, kind) })
}

func texts(words []string) []string {
	if words == nil {
		return []string{}
	}
	return words
}
