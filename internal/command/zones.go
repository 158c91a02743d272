package command

import (
	"slices"
	"strings"
	"time"

	"trackbot/internal/discord"
)

// zones are time zones to pick from, west to east; every other IANA name may be typed.
func zones() []string {
	return []string{
		"Pacific/Honolulu", "America/Anchorage", "America/Los_Angeles", "America/Denver", "America/Phoenix", "America/Mexico_City",
		"America/Chicago", "America/Bogota", "America/Lima", "America/New_York", "America/Toronto", "America/Halifax", "America/Santiago",
		"America/Sao_Paulo", "America/Argentina/Buenos_Aires", "Atlantic/Azores", "UTC", "Europe/London", "Europe/Dublin", "Europe/Lisbon",
		"Africa/Lagos", "Europe/Amsterdam", "Europe/Berlin", "Europe/Brussels", "Europe/Copenhagen", "Europe/Madrid", "Europe/Oslo",
		"Europe/Paris", "Europe/Prague", "Europe/Rome", "Europe/Stockholm", "Europe/Vienna", "Europe/Warsaw", "Europe/Zurich",
		"Africa/Cairo", "Africa/Johannesburg", "Europe/Athens", "Europe/Bucharest", "Europe/Helsinki", "Europe/Kyiv", "Asia/Jerusalem",
		"Europe/Istanbul", "Africa/Nairobi", "Asia/Riyadh", "Asia/Dubai", "Asia/Karachi", "Asia/Kolkata", "Asia/Dhaka", "Asia/Bangkok",
		"Asia/Ho_Chi_Minh", "Asia/Jakarta", "Asia/Hong_Kong", "Asia/Manila", "Asia/Shanghai", "Asia/Singapore", "Asia/Taipei",
		"Australia/Perth", "Asia/Seoul", "Asia/Tokyo", "Australia/Adelaide", "Australia/Brisbane", "Australia/Sydney", "Pacific/Auckland",
	}
}

// zoneChoices offers zones that hold what was typed, with the time it is there.
func zoneChoices(typed, current string, now time.Time) []Choice {
	typed = strings.ReplaceAll(strings.ToLower(strings.TrimSpace(typed)), " ", "_")
	names := slices.DeleteFunc(zones(), func(name string) bool { return name == current || !strings.Contains(strings.ToLower(name), typed) })
	if strings.Contains(strings.ToLower(current), typed) {
		names = append([]string{current}, names...)
	}
	var out []Choice
	for _, name := range names[:min(len(names), discord.MaxChoices)] {
		if zone, err := time.LoadLocation(name); err == nil {
			out = append(out, Choice{name + " · " + now.In(zone).Format("15:04"), name})
		}
	}
	return out
}
