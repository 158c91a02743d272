package guild

import (
	"context"
	"fmt"
	"regexp"

	"github.com/google/uuid"

	"trackbot/internal/audit"
	"trackbot/internal/fault"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// The least and the greatest factor of breakouts, as the contract has them.
const (
	LeastBreakout    = 2
	GreatestBreakout = 20
)

// Settings returns a tenant's settings.
func (r *Registry) Settings(ctx context.Context, clientID uuid.UUID) (db.GuildSetting, error) {
	row, err := db.New().GetGuildSettings(ctx, r.st.Tenant(clientID), clientID)
	if err != nil {
		return row, fmt.Errorf("read settings: %w", err)
	}
	return row, nil
}

// AdjustSettings changes some settings of those that hold at the moment and returns all of them as they are then.
// What changes nothing leaves no trace. Refusals: validation_failed, as in ReplaceSettings.
func (r *Registry) AdjustSettings(ctx context.Context, by audit.By, clientID uuid.UUID, change func(*Settings)) (db.GuildSetting, error) {
	var saved db.GuildSetting
	err := r.st.InTenantTx(ctx, clientID, func(tx store.Conn) error {
		old, err := db.New().LockGuildSettings(ctx, tx, clientID)
		if err != nil {
			return fmt.Errorf("lock settings: %w", err)
		}
		to := settingsOf(old)
		change(&to)
		to, faults := to.checked()
		if faults = append(faults, to.misshapen()...); len(faults) > 0 {
			return fault.Invalid(faults...)
		}
		saved, err = to.save(ctx, tx, by, old)
		return err
	})
	return saved, err
}

func settingsOf(s db.GuildSetting) Settings {
	return Settings{
		Timezone: s.Timezone, Locale: s.Locale, NotificationsEnabled: s.NotificationsEnabled,
		DefaultChannelID: s.DefaultChannelID, MentionRoleID: s.MentionRoleID, QuietStart: s.QuietHoursStart, QuietEnd: s.QuietHoursEnd,
		Digest: s.Digest, DashboardAccess: s.DashboardAccess, EmbedColor: s.EmbedColor, BreakoutFactor: s.BreakoutFactor,
		WeeklyScorecard: &s.WeeklyScorecard,
	}
}

// misshapen tells what the contract would have refused before it came here.
func (s Settings) misshapen() (faults []fault.Field) {
	clock := regexp.MustCompile(`^([01][0-9]|2[0-3]):[0-5][0-9]$`)
	for name, at := range map[string]*string{"quietHours.start": s.QuietStart, "quietHours.end": s.QuietEnd} {
		if at != nil && !clock.MatchString(*at) {
			faults = append(faults, fault.Field{Name: name, Message: "must be a time of the day from 00:00 to 23:59"})
		}
	}
	if f := s.BreakoutFactor; f != nil && !(*f >= LeastBreakout && *f <= GreatestBreakout) {
		why := fmt.Sprintf("must be from %d to %d", LeastBreakout, GreatestBreakout)
		faults = append(faults, fault.Field{Name: "breakoutFactor", Message: why})
	}
	switch s.Digest {
	case "off", "hourly", "daily":
	default:
		faults = append(faults, fault.Field{Name: "digest", Message: "must be off, hourly or daily"})
	}
	return faults
}
