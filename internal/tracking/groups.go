package tracking

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"trackbot/internal/audit"
	"trackbot/internal/fault"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// GroupChange says what to change of a group; nil leaves it as it is.
type GroupChange struct {
	Name    *string
	BrandID *uuid.UUID
}

// CreateGroup adds a group to a brand. Refusals: validation_failed (name), not_found (brand), conflict.
func (c *Catalog) CreateGroup(ctx context.Context, by audit.By, clientID, brandID uuid.UUID, name string) (db.AccountGroup, error) {
	var group db.AccountGroup
	name, err := cleanName(name)
	if err != nil {
		return group, err
	}
	err = c.st.InTenantTx(ctx, clientID, func(tx store.Conn) error {
		brand, err := lockBrand(ctx, tx, clientID, brandID)
		if err != nil {
			return err
		}
		group, err = insertGroup(ctx, tx, by, brand, name)
		return err
	})
	return group, err
}

func insertGroup(ctx context.Context, tx store.Conn, by audit.By, brand db.Brand, name string) (db.AccountGroup, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return db.AccountGroup{}, fmt.Errorf("make group id: %w", err)
	}
	group, err := db.New().InsertGroup(ctx, tx, db.InsertGroupParams{ClientID: brand.ClientID, ID: id, BrandID: brand.ID, Name: name})
	if err != nil {
		return db.AccountGroup{}, groupTaken(err, name)
	}
	return group, audit.Append(ctx, tx, audit.Entry{
		ClientID: brand.ClientID, By: by, Action: audit.GroupCreated, TargetType: audit.TargetGroup, TargetID: id.String(),
		Changes: []audit.Change{{Field: "name", New: name}, {Field: "brandId", New: brand.ID}, {Field: "brand", New: brand.Name}},
	})
}

// UpdateGroup renames a group or moves it to another brand; its accounts and posts follow.
// Refusals: validation_failed (name), not_found (group, brand), conflict.
func (c *Catalog) UpdateGroup(ctx context.Context, by audit.By, clientID, groupID uuid.UUID, ch GroupChange) (db.AccountGroup, error) {
	var group db.AccountGroup
	if ch.Name != nil {
		name, err := cleanName(*ch.Name)
		if err != nil {
			return group, err
		}
		ch.Name = &name
	}
	err := c.st.InTenantTx(ctx, clientID, func(tx store.Conn) error {
		var err error
		group, err = updateGroup(ctx, tx, by, clientID, groupID, ch)
		return err
	})
	return group, err
}

func updateGroup(ctx context.Context, tx store.Conn, by audit.By, clientID, groupID uuid.UUID, ch GroupChange) (db.AccountGroup, error) {
	q := db.New()
	if ch.BrandID != nil { // sources before accounts, as everywhere
		if _, err := q.LockSourcesOf(ctx, tx, db.LockSourcesOfParams{ClientID: clientID, GroupID: &groupID}); err != nil {
			return db.AccountGroup{}, fmt.Errorf("lock sources of group: %w", err)
		}
	}
	old, err := lockGroup(ctx, tx, clientID, groupID)
	if err != nil {
		return old, err
	}
	to := db.UpdateGroupParams{ClientID: clientID, ID: groupID, Name: old.Name, BrandID: old.BrandID}
	var changes []audit.Change
	if ch.Name != nil && *ch.Name != old.Name {
		to.Name = *ch.Name
		changes = append(changes, audit.Change{Field: "name", Old: old.Name, New: to.Name})
	}
	if ch.BrandID != nil && *ch.BrandID != old.BrandID {
		brand, err := lockBrand(ctx, tx, clientID, *ch.BrandID)
		if err != nil {
			return old, err
		}
		to.BrandID = brand.ID
		changes = append(changes, audit.Change{Field: "brandId", Old: old.BrandID, New: brand.ID})
	}
	if len(changes) == 0 {
		return old, nil
	}
	group, err := q.UpdateGroup(ctx, tx, to)
	if err != nil {
		return old, groupTaken(err, to.Name)
	}
	if to.BrandID != old.BrandID {
		if err := q.MovePostsOfGroup(ctx, tx, db.MovePostsOfGroupParams{ClientID: clientID, GroupID: groupID, BrandID: to.BrandID}); err != nil {
			return old, fmt.Errorf("move posts of group: %w", err)
		}
	}
	return group, audit.Append(ctx, tx, audit.Entry{
		ClientID: clientID, By: by, Action: audit.GroupUpdated, TargetType: audit.TargetGroup, TargetID: groupID.String(), Changes: changes,
	})
}

// DeleteGroup removes a group with its accounts and their posts. Refusals: not_found.
func (c *Catalog) DeleteGroup(ctx context.Context, by audit.By, clientID, groupID uuid.UUID) error {
	return c.st.InTenantTx(ctx, clientID, func(tx store.Conn) error {
		q := db.New()
		sources, err := q.LockSourcesOf(ctx, tx, db.LockSourcesOfParams{ClientID: clientID, GroupID: &groupID})
		if err != nil {
			return fmt.Errorf("lock sources of group: %w", err)
		}
		group, err := lockGroup(ctx, tx, clientID, groupID)
		if err != nil {
			return err
		}
		if err := q.DeleteGroup(ctx, tx, clientID, groupID); err != nil {
			return fmt.Errorf("delete group: %w", err)
		}
		if err := q.ReviewSources(ctx, tx, sources); err != nil {
			return fmt.Errorf("review sources: %w", err)
		}
		return audit.Append(ctx, tx, audit.Entry{
			ClientID: clientID, By: by, Action: audit.GroupDeleted, TargetType: audit.TargetGroup, TargetID: groupID.String(),
			Changes: []audit.Change{
				{Field: "name", Old: group.Name}, {Field: "brandId", Old: group.BrandID}, {Field: "accounts", Old: len(sources), New: 0},
			},
		})
	})
}

func lockGroup(ctx context.Context, tx store.Conn, clientID, groupID uuid.UUID) (db.AccountGroup, error) {
	group, err := db.New().LockGroup(ctx, tx, clientID, groupID)
	if store.IsNotFound(err) {
		return group, fault.Wrap(err, fault.NotFound, "There is no such group.")
	}
	if err != nil {
		return group, fmt.Errorf("lock group: %w", err)
	}
	return group, nil
}

func groupTaken(err error, name string) error {
	if constraint, ok := store.IsConflict(err); ok && constraint == "account_groups_by_name" {
		return fault.Wrap(err, fault.Conflict, fmt.Sprintf("The brand has a group called “%s” already.", name))
	}
	return fmt.Errorf("write group: %w", err)
}
