package route

import (
	"context"
	"fmt"
	"reflect"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/audit"
	"trackbot/internal/delivery"
	"trackbot/internal/fault"
	"trackbot/internal/guild"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// Change says what to change of a route; nil leaves it as it is.
type Change struct {
	ChannelID               *string
	Kinds, Include, Exclude *[]string
	MentionRoleID           **string // nil inside: no role of its own
	Template                *string
	Active                  *bool // false pauses, true resumes
}

func (c Change) apply(r db.Route) db.Route {
	if c.ChannelID != nil {
		r.ChannelID = *c.ChannelID
	}
	if c.Kinds != nil {
		r.Kinds = sorted(*c.Kinds)
	}
	if c.Include != nil {
		r.Include = *c.Include
	}
	if c.Exclude != nil {
		r.Exclude = *c.Exclude
	}
	if c.MentionRoleID != nil {
		r.MentionRoleID = *c.MentionRoleID
	}
	if c.Template != nil {
		r.Template = *c.Template
	}
	switch {
	case c.Active == nil:
	case *c.Active:
		r.PausedAt, r.PausedReason = nil, ""
	case r.PausedAt == nil:
		now := time.Now().UTC().Truncate(time.Microsecond)
		r.PausedAt, r.PausedReason = &now, "Paused by a manager."
	}
	return r
}

// Change changes, pauses or resumes a route, all or nothing. A channel that is chosen, anew too, and
// the channel of a route that is resumed must take messages; a pause of it ends.
// Refusals: not_found, validation_failed (channelId, mentionRoleId, template, state).
func (d *Desk) Change(ctx context.Context, by audit.By, clientID, id uuid.UUID, ch Change) (db.RouteItem, error) {
	var item db.RouteItem
	err := d.st.InTenantTx(ctx, clientID, func(tx store.Conn) error {
		old, err := lock(ctx, tx, clientID, id)
		if err != nil {
			return err
		}
		row := ch.apply(old)
		if err := checkTexts(ctx, tx, clientID, row); err != nil {
			return err
		}
		if field := ch.chooses(); field != "" {
			if err := guild.ChooseChannel(ctx, tx, by, clientID, row.ChannelID, field); err != nil {
				return err
			}
		}
		changes := differences(old, row)
		if len(changes) > 0 {
			if err := d.update(ctx, tx, row); err != nil {
				return err
			}
		}
		if item, err = get(ctx, tx, clientID, id); err != nil || len(changes) == 0 {
			return err
		}
		return log(ctx, tx, by, clientID, audit.RouteUpdated, id, changes)
	})
	return item, err
}

// chooses names the field by which a channel is to take messages from now on, "" when none says so.
func (c Change) chooses() string {
	switch {
	case c.ChannelID != nil:
		return "channelId"
	case c.Active != nil && *c.Active:
		return "state"
	}
	return ""
}

func (d *Desk) update(ctx context.Context, tx store.Conn, r db.Route) error {
	err := d.queries.UpdateRoute(ctx, tx, db.UpdateRouteParams{
		ChannelID: r.ChannelID, Kinds: r.Kinds, Include: r.Include, Exclude: r.Exclude, MentionRoleID: r.MentionRoleID,
		Template: r.Template, PausedAt: r.PausedAt, PausedReason: r.PausedReason, ClientID: r.ClientID, ID: r.ID,
	})
	if err != nil {
		return fmt.Errorf("update route: %w", err)
	}
	return nil
}

// checkTexts refuses a template that cannot be filled and a role that the guild does not have.
func checkTexts(ctx context.Context, conn store.Conn, clientID uuid.UUID, r db.Route) error {
	if why := delivery.CheckTemplate(r.Template); why != "" {
		return fault.Invalid(fault.Field{Name: "template", Message: why})
	}
	if r.MentionRoleID == nil {
		return nil
	}
	role, err := db.New().GetKnownRole(ctx, conn, clientID, *r.MentionRoleID)
	switch {
	case store.IsNotFound(err):
		return fault.Invalid(fault.Field{Name: "mentionRoleId", Message: "There is no such role in this server."})
	case err != nil:
		return fmt.Errorf("read role: %w", err)
	case role.Name == "@everyone":
		return fault.Invalid(fault.Field{Name: "mentionRoleId", Message: "Everyone is no role that can be mentioned."})
	}
	return nil
}

// differences are the fields that differ, by the names the contract has for them.
func differences(old, now db.Route) []audit.Change {
	state := func(r db.Route) any {
		switch {
		case r.ID == uuid.Nil:
			return nil
		case r.PausedAt != nil:
			return "paused"
		}
		return "active"
	}
	fields := []audit.Change{
		{Field: "accountId", Old: id(old.AccountID), New: id(now.AccountID)},
		{Field: "groupId", Old: id(old.GroupID), New: id(now.GroupID)},
		{Field: "brandId", Old: id(old.BrandID), New: id(now.BrandID)},
		{Field: "channelId", Old: text(old.ChannelID), New: text(now.ChannelID)},
		{Field: "kinds", Old: list(old.Kinds), New: list(now.Kinds)},
		{Field: "include", Old: list(old.Include), New: list(now.Include)},
		{Field: "exclude", Old: list(old.Exclude), New: list(now.Exclude)},
		{Field: "mentionRoleId", Old: text(deref(old.MentionRoleID)), New: text(deref(now.MentionRoleID))},
		{Field: "template", Old: text(old.Template), New: text(now.Template)},
		{Field: "state", Old: state(old), New: state(now)},
	}
	var changes []audit.Change
	for _, f := range fields {
		if !reflect.DeepEqual(f.Old, f.New) {
			changes = append(changes, f)
		}
	}
	return changes
}

func id(v *uuid.UUID) any {
	if v == nil {
		return nil
	}
	return v.String()
}

func text(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func list(words []string) any {
	if len(words) == 0 {
		return nil
	}
	return words
}

func deref[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}
