package tracking

import (
	"context"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"trackbot/internal/audit"
	"trackbot/internal/fault"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

const maxName = 100 // code points, as the tables check

// CreateBrand adds a brand. Refusals: validation_failed (name), conflict, tier_limit.
func (c *Catalog) CreateBrand(ctx context.Context, by audit.By, clientID uuid.UUID, name string) (db.Brand, error) {
	var brand db.Brand
	name, err := cleanName(name)
	if err != nil {
		return brand, err
	}
	err = c.st.InTenantTx(ctx, clientID, func(tx store.Conn) error {
		use, err := lockUse(ctx, tx, clientID)
		if err != nil {
			return err
		}
		if err := use.roomForBrand(); err != nil {
			return err
		}
		if brand, err = insertBrand(ctx, tx, by, clientID, name); err != nil {
			return err
		}
		return use.warnOfBrands(ctx, tx)
	})
	return brand, err
}

func insertBrand(ctx context.Context, tx store.Conn, by audit.By, clientID uuid.UUID, name string) (db.Brand, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return db.Brand{}, fmt.Errorf("make brand id: %w", err)
	}
	brand, err := db.New().InsertBrand(ctx, tx, db.InsertBrandParams{ClientID: clientID, ID: id, Name: name})
	if err != nil {
		return db.Brand{}, brandTaken(err, name)
	}
	return brand, audit.Append(ctx, tx, audit.Entry{
		ClientID: clientID, By: by, Action: audit.BrandCreated, TargetType: audit.TargetBrand, TargetID: id.String(),
		Changes: []audit.Change{{Field: "name", New: name}},
	})
}

// RenameBrand changes a brand's name; the same name again is no change.
// Refusals: validation_failed (name), not_found, conflict.
func (c *Catalog) RenameBrand(ctx context.Context, by audit.By, clientID, brandID uuid.UUID, name string) (db.Brand, error) {
	var brand db.Brand
	name, err := cleanName(name)
	if err != nil {
		return brand, err
	}
	err = c.st.InTenantTx(ctx, clientID, func(tx store.Conn) error {
		old, err := lockBrand(ctx, tx, clientID, brandID)
		if err != nil {
			return err
		}
		if brand = old; old.Name == name {
			return nil
		}
		brand, err = db.New().RenameBrand(ctx, tx, db.RenameBrandParams{ClientID: clientID, ID: brandID, Name: name})
		if err != nil {
			return brandTaken(err, name)
		}
		return audit.Append(ctx, tx, audit.Entry{
			ClientID: clientID, By: by, Action: audit.BrandUpdated, TargetType: audit.TargetBrand, TargetID: brandID.String(),
			Changes: []audit.Change{{Field: "name", Old: old.Name, New: name}},
		})
	})
	return brand, err
}

// DeleteBrand removes a brand with its groups, accounts and their posts. Refusals: not_found.
func (c *Catalog) DeleteBrand(ctx context.Context, by audit.By, clientID, brandID uuid.UUID) error {
	return c.st.InTenantTx(ctx, clientID, func(tx store.Conn) error {
		q := db.New()
		sources, err := q.LockSourcesOf(ctx, tx, db.LockSourcesOfParams{ClientID: clientID, BrandID: &brandID})
		if err != nil {
			return fmt.Errorf("lock sources of brand: %w", err)
		}
		brand, err := lockBrand(ctx, tx, clientID, brandID)
		if err != nil {
			return err
		}
		if err := q.DeleteBrand(ctx, tx, clientID, brandID); err != nil {
			return fmt.Errorf("delete brand: %w", err)
		}
		if err := q.ReviewSources(ctx, tx, sources); err != nil {
			return fmt.Errorf("review sources: %w", err)
		}
		return audit.Append(ctx, tx, audit.Entry{
			ClientID: clientID, By: by, Action: audit.BrandDeleted, TargetType: audit.TargetBrand, TargetID: brandID.String(),
			Changes: []audit.Change{{Field: "name", Old: brand.Name}, {Field: "accounts", Old: len(sources), New: 0}},
		})
	})
}

func lockBrand(ctx context.Context, tx store.Conn, clientID, brandID uuid.UUID) (db.Brand, error) {
	brand, err := db.New().LockBrand(ctx, tx, clientID, brandID)
	if store.IsNotFound(err) {
		return brand, fault.Wrap(err, fault.NotFound, "There is no such brand.")
	}
	if err != nil {
		return brand, fmt.Errorf("lock brand: %w", err)
	}
	return brand, nil
}

func brandTaken(err error, name string) error {
	if constraint, ok := store.IsConflict(err); ok && constraint == "brands_by_name" {
		return fault.Wrap(err, fault.Conflict, fmt.Sprintf("There is a brand called “%s” already.", name))
	}
	return fmt.Errorf("write brand: %w", err)
}

// cleanName takes surrounding and repeated white space off a name and refuses what is no name.
func cleanName(name string) (string, error) {
	refuse := func(why string) (string, error) {
		return "", fault.Invalid(fault.Field{Name: "name", Message: why})
	}
	if !utf8.ValidString(name) {
		return refuse("The name is not valid text.")
	}
	name = strings.Join(strings.Fields(name), " ")
	switch {
	case name == "" || strings.IndexFunc(name, visible) < 0:
		return refuse("A name is needed.")
	case utf8.RuneCountInString(name) > maxName:
		return refuse(fmt.Sprintf("A name has at most %d characters.", maxName))
	case strings.IndexFunc(name, unicode.IsControl) >= 0:
		return refuse("A name holds no control characters.")
	}
	return name, nil
}

// visible holds for what leaves a mark: a name of format characters alone would look empty.
func visible(r rune) bool {
	return unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.Is(unicode.Cf, r)
}
