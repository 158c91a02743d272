package delivery

import "strings"

// sentences say of the reasons what a manager needs to know.
var sentences = map[string]string{
	ReasonNotificationsOff:   "Notifications were switched off in the settings.",
	ReasonKind:               "No route announces this kind of post.",
	ReasonFiltered:           "The include or exclude words kept it back.",
	ReasonRoutePaused:        "The route is paused.",
	ReasonNoChannel:          "No channel is set for it: neither a route, nor the account, nor the settings name one.",
	ReasonExpired:            "It had waited for more than a day and was no news any more.",
	ReasonRateLimited:        "Discord asked to wait a moment; it follows by itself.",
	ReasonUnavailable:        "Discord did not answer; it is tried again by itself.",
	ReasonHeld:               "Sending to Discord stands still for a moment; it follows by itself.",
	ReasonGaveUp:             "Discord did not answer for about six hours.",
	ReasonMessageRefused:     "Discord refused the message, as plain text too.",
	ReasonUnknownChannel:     "The channel is gone; choose another one.",
	ReasonMissingAccess:      "Trackbot cannot see the channel; give it View Channel there, then resume.",
	ReasonMissingPermissions: "Trackbot may not post in the channel; give it Send Messages and Embed Links there, then resume.",
	ReasonQuietHours:         "It waits for the end of the quiet hours.",
	ReasonDigest:             "It waits for the next digest.",
	ReasonPlanLimit:          "The plan's messages of the day are used up; it follows as a digest after midnight (UTC).",
	ReasonRecovered:          "It was over before it was told.",
}

// Explain says a reason in a sentence for a manager; what is none of ours it returns as it is.
func Explain(reason string) string {
	if s, ok := sentences[reason]; ok {
		return s
	}
	if code, ok := strings.CutPrefix(reason, "discord_"); ok {
		return "Discord refused the message for good (code " + code + ")."
	}
	if status, ok := strings.CutPrefix(reason, "http_"); ok {
		return "Discord refused the message for good (HTTP " + status + ")."
	}
	return reason
}
