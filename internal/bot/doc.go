// Package bot is Trackbot's presence in Discord: it listens to the gateway, keeps
// the tenants in step with their guilds and answers slash commands. Whatever is
// posted into a channel is the notifier's business; the bot only answers those
// who speak to it.
//
//	                      ┌─► guild events ──► roster ──► guild rules
//	gateway ──► handler ──┤       (in order, each done before the next)
//	                      └─► interactions ──► commands ──► rules ──► answer
//	                              (side by side, within seconds)
//	shards' states ──► beacon ──► bot_health
//
// A guild event counts as handled when the database has it, and the place in
// the stream is stored behind it, so a bot that dies resumes where it was. A
// command that changes something is acknowledged first: Discord accepts that
// once, so a command that is told twice is not done twice.
package bot
