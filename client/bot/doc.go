// Package bot calls Trackbot's API on behalf of a bot that has no access to its database. It
// depends on nothing but the standard library.
//
//	client, err := bot.New("https://api.example.com", bot.Key{ID: "default", Secret: secret}, bot.Config{})
//	...
//	every 30 seconds                    client.ReportHealth
//	GUILD_CREATE, at start and on joins client.PutGuild
//	GUILD_DELETE without unavailable    client.DeleteGuild
//	before acting in a guild            client.GuildConfig
//
// The key is one that the API knows: an id and its secret, as they stand in its BOT_HMAC_SECRET
// (id:secret, several by comma; a secret without an id has the id "default"). To change it, add the
// new pair there, move the bots, then take the old pair out.
//
// Each request is signed anew by Key.Sign and counts once, so call the method again to repeat a
// call; all four may be repeated. The clock must be right within 60 seconds. Path and query
// are signed too: nothing between the bot and the API may rewrite them.
package bot
