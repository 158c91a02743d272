package tracking

import "trackbot/internal/source"

// incidentReason is the sentence of an account whose platform fails.
func incidentReason(platform, host string) string {
	return troubled(platform, host) + " fails for most accounts at the moment, so it is not this account. New posts follow once it answers again."
}

// troubled names what has an incident: the platform, or the one server of it.
func troubled(platform, host string) string {
	switch {
	case platform == source.YouTube:
		return "YouTube"
	case platform == source.Bluesky:
		return "Bluesky"
	case host != "":
		return "The server " + host
	case platform == source.Mastodon:
		return "Mastodon"
	default:
		return "Reading feeds"
	}
}
