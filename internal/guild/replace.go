package guild

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/audit"
	"trackbot/internal/fault"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// Settings are what a manager may set, all of it.
type Settings struct {
	Timezone             string // IANA name
	Locale               string // BCP 47
	NotificationsEnabled bool
	DefaultChannelID     *string // nil: posts without a channel of their own go nowhere
	MentionRoleID        *string
	QuietStart, QuietEnd *string // "22:00"; both or none
	Digest               string  // off, hourly, daily
	DashboardAccess      string  // members, managers
	EmbedColor           string  // #rrggbb
	BreakoutFactor       *float64
	WeeklyScorecard      *bool // nil: as it is
}

// ReplaceSettings puts all settings in the place of those whose version current accepts; its refusal is handed on. What is
// waiting to be sent stays where it was queued; quiet hours and digests apply to it as they are now. Settings that change
// nothing leave no trace. Refusals: validation_failed, naming each field at fault.
func (r *Registry) ReplaceSettings(ctx context.Context, by audit.By, clientID uuid.UUID, to Settings, current func(version int64) error) error {
	to, faults := to.checked()
	if len(faults) > 0 {
		return fault.Invalid(faults...)
	}
	return r.st.InTenantTx(ctx, clientID, func(tx store.Conn) error {
		old, err := db.New().LockGuildSettings(ctx, tx, clientID)
		if err != nil {
			return fmt.Errorf("lock settings: %w", err)
		}
		if err := current(old.Version); err != nil {
			return err
		}
		if to.WeeklyScorecard == nil {
			to.WeeklyScorecard = &old.WeeklyScorecard
		}
		_, err = to.save(ctx, tx, by, old)
		return err
	})
}

// save writes checked settings in the place of old, which is locked, with their entry in the log.
func (s Settings) save(ctx context.Context, tx store.Conn, by audit.By, old db.GuildSetting) (db.GuildSetting, error) {
	changes := s.changes(old)
	if len(changes) == 0 {
		return old, nil
	}
	if err := s.choose(ctx, tx, by, old); err != nil {
		return old, err
	}
	saved, err := db.New().ReplaceSettings(ctx, tx, s.row(old.ClientID))
	if err != nil {
		return old, fmt.Errorf("replace settings: %w", err)
	}
	return saved, logSettings(ctx, tx, old.ClientID, by, changes...)
}

// choose makes sure of the channel and the role, where they are others: one that was chosen and cannot be used any more
// does not keep anybody from setting something else.
func (s Settings) choose(ctx context.Context, tx store.Conn, by audit.By, old db.GuildSetting) error {
	var faults []fault.Field
	if s.MentionRoleID != nil && !equal(s.MentionRoleID, old.MentionRoleID) {
		problem, err := roleProblem(ctx, tx, old.ClientID, *s.MentionRoleID)
		if err != nil {
			return err
		}
		faults = append(faults, problem...)
	}
	if s.DefaultChannelID != nil && !equal(s.DefaultChannelID, old.DefaultChannelID) {
		err := ChooseChannel(ctx, tx, by, old.ClientID, *s.DefaultChannelID, "defaultChannelId")
		if refusal := fault.From(err); refusal != nil && refusal.Code == fault.ValidationFailed {
			faults = append(faults, refusal.Fields...)
		} else if err != nil {
			return err
		}
	}
	if len(faults) > 0 {
		return fault.Invalid(faults...)
	}
	return nil
}

func roleProblem(ctx context.Context, tx store.Conn, clientID uuid.UUID, roleID string) ([]fault.Field, error) {
	role, err := db.New().GetMentionableRole(ctx, tx, clientID, roleID)
	switch {
	case store.IsNotFound(err):
		return []fault.Field{{Name: "mentionRoleId", Message: "There is no such role in this server."}}, nil
	case err != nil:
		return nil, fmt.Errorf("read role: %w", err)
	case role.IsEveryone: // mentioning it by its id mentions nobody
		return []fault.Field{{Name: "mentionRoleId", Message: "Everyone cannot be mentioned by new posts. Choose another role."}}, nil
	}
	return nil, nil
}

// Faults tells what is wrong with settings that are well-formed each, so that it can be told together with what is not.
func (s Settings) Faults() []fault.Field {
	_, faults := s.checked()
	return faults
}

// checked brings the settings into their one form and tells what is wrong with them.
func (s Settings) checked() (Settings, []fault.Field) {
	var faults []fault.Field
	refuse := func(field, why string) { faults = append(faults, fault.Field{Name: field, Message: why}) }
	if !knownZone(s.Timezone) {
		refuse("timezone", "is not the IANA name of a time zone, such as Europe/Berlin")
	}
	if s.Locale = canonicalLocale(s.Locale); !regexp.MustCompile(bcp47).MatchString(s.Locale) {
		refuse("locale", "is not a language and a region, such as en-GB")
	}
	if s.QuietStart != nil && s.QuietEnd != nil && *s.QuietStart == *s.QuietEnd {
		refuse("quietHours.end", "must differ from the start")
	}
	s.EmbedColor = strings.ToLower(s.EmbedColor)
	return s, faults
}

// knownZone tells whether a name is that of a zone everywhere: not the machine's own, and of no private directory of its.
func knownZone(name string) bool {
	for _, own := range []string{"Local", "localtime", "Factory", "posixrules", ""} {
		if name == own {
			return false
		}
	}
	if strings.HasPrefix(name, "posix/") || strings.HasPrefix(name, "right/") {
		return false
	}
	_, err := time.LoadLocation(name)
	return err == nil
}

// bcp47 is language, script, region and variants in their usual case (RFC 5646 §2.1), without extensions.
const bcp47 = `^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?(-([a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*$`

// canonicalLocale writes a tag in its usual case (RFC 5646 §2.1.1).
func canonicalLocale(tag string) string {
	parts := strings.Split(strings.ToLower(tag), "-")
	for i, part := range parts {
		switch {
		case i == 0:
		case len(part) == 2:
			parts[i] = strings.ToUpper(part)
		case len(part) == 4 && (part[0] < '0' || part[0] > '9'):
			parts[i] = strings.ToUpper(part[:1]) + part[1:]
		}
	}
	return strings.Join(parts, "-")
}

// changes are the fields that differ, in the order of the contract.
func (s Settings) changes(old db.GuildSetting) []audit.Change {
	var out []audit.Change
	field := func(name string, differs bool, before, after any) {
		if differs {
			out = append(out, audit.Change{Field: name, Old: before, New: after})
		}
	}
	field("timezone", s.Timezone != old.Timezone, old.Timezone, s.Timezone)
	field("locale", s.Locale != old.Locale, old.Locale, s.Locale)
	field("notificationsEnabled", s.NotificationsEnabled != old.NotificationsEnabled, old.NotificationsEnabled, s.NotificationsEnabled)
	field("defaultChannelId", !equal(s.DefaultChannelID, old.DefaultChannelID), old.DefaultChannelID, s.DefaultChannelID)
	field("mentionRoleId", !equal(s.MentionRoleID, old.MentionRoleID), old.MentionRoleID, s.MentionRoleID)
	field("quietHours", !equal(s.QuietStart, old.QuietHoursStart) || !equal(s.QuietEnd, old.QuietHoursEnd),
		quietHours(old.QuietHoursStart, old.QuietHoursEnd), quietHours(s.QuietStart, s.QuietEnd))
	field("digest", s.Digest != old.Digest, old.Digest, s.Digest)
	field("dashboardAccess", s.DashboardAccess != old.DashboardAccess, old.DashboardAccess, s.DashboardAccess)
	field("embedColor", s.EmbedColor != old.EmbedColor, old.EmbedColor, s.EmbedColor)
	field("breakoutFactor", !same(s.BreakoutFactor, old.BreakoutFactor), old.BreakoutFactor, s.BreakoutFactor)
	field("weeklyScorecard", *s.WeeklyScorecard != old.WeeklyScorecard, old.WeeklyScorecard, *s.WeeklyScorecard)
	return out
}

func quietHours(start, end *string) any {
	if start == nil || end == nil {
		return nil
	}
	return map[string]string{"start": *start, "end": *end}
}

func same(a, b *float64) bool { return (a == nil) == (b == nil) && (a == nil || *a == *b) }

func (s Settings) row(clientID uuid.UUID) db.ReplaceSettingsParams {
	return db.ReplaceSettingsParams{
		ClientID: clientID, Timezone: s.Timezone, Locale: s.Locale, NotificationsEnabled: s.NotificationsEnabled,
		DefaultChannelID: s.DefaultChannelID, MentionRoleID: s.MentionRoleID, QuietHoursStart: s.QuietStart, QuietHoursEnd: s.QuietEnd,
		Digest: s.Digest, DashboardAccess: s.DashboardAccess, EmbedColor: s.EmbedColor, BreakoutFactor: s.BreakoutFactor,
		WeeklyScorecard: *s.WeeklyScorecard,
	}
}
