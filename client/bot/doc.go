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
// That is enough for a bot of one's own. One that is to take the built-in bot's place, as `trackbot bot`
// itself does with BOT_MODE=api, passes on all that it is told:
//
//	READY                               client.Guilds: what Discord does not list was left meanwhile
//	guild, channel and role events      client.ChangeGuild; status 404: client.PutGuild
//	slash commands, autocompletion      client.Command, client.Complete
//	RESUME, and about once a second     client.Session, client.SaveSession, client.ForgetSession
//
// The key is one that the API knows: an id and its secret, as they stand in its BOT_HMAC_SECRET
// (id:secret, several by comma; a secret without an id has the id "default"). To change it, add the
// new pair there, move the bots, then take the old pair out.
//
// Each request is signed anew by Key.Sign and counts once, so call the method again to repeat a
// call; all but Command may be repeated without another effect. The clock must be right within 60 seconds. Path and query
// are signed too: nothing between the bot and the API may rewrite them.
package bot
