// Package sim is a local world for Trackbot: a Discord and the platforms whose
// posts it follows, in memory, on one listener. The demo and the tests talk to
// it with the real clients; it knows nothing of the product.
//
// It follows the documentation of what it stands in for, errors and limits
// included: Discord API docs (REST, gateway v10, OAuth2, interactions), the
// lexicons of app.bsky, the Mastodon API docs, RSS 2.0, RFC 4287, JSON Feed 1.1,
// YouTube's channel feed and Data API v3, W3C WebSub and Twitch's Helix. Where Discord publishes no figure, the choice is
// named beside it. Not simulated: transport compression and ETF, voice,
// threads, components' clicks, modals, user installs.
//
// # Addresses
//
//	/api/v10/…            Discord REST            (DISCORD_API_URL)
//	/oauth2/authorize     the consent page        (DISCORD_AUTHORIZE_URL)
//	/gateway              the websocket, which /gateway/bot names
//	/feeds/{name}.xml     RSS; also .atom, .json; /site/{name} is the page that names them
//	/xrpc/…               Bluesky's AppView       (BLUESKY_APPVIEW_URL is the base itself)
//	/api/v1/…, /@{user}, /@{user}.rss, /.well-known/webfinger   Mastodon
//	/youtube/feeds/videos.xml?channel_id=…        (YOUTUBE_FEED_URL), /youtube/@{handle}, /youtube/channel/{id}
//	/youtube/api/v3/…                             (YOUTUBE_API_URL) the Data API; /youtube/hub (YOUTUBE_HUB_URL) WebSub
//	/twitch/helix/…       Helix (TWITCH_API_URL); /twitch/oauth2/token (TWITCH_TOKEN_URL)
//	/media/{name}.png     a made-up picture
//	/sim/                 the page for people
//	/sim/control/{op}     the control API
//
// # A session of the gateway
//
//	        IDENTIFY                 connection lost
//	(new) ───────────▶ connected ─────────────────────▶ waiting
//	                    ▲    │                            │  │
//	                    │    │ close 1000/1001, op 9      │  │ ResumeWindow over,
//	                    │    ▼ false, RestartGateway      │  │ buffer overrun
//	                    │  (gone) ◀───────────────────────│──┘
//	                    └───────────────── RESUME ────────┘
//
// Events are numbered and kept while a session waits, and replayed before RESUMED.
//
// # Control API
//
// POST {base}/sim/control/{op} with Content-Type application/json; the fields
// are those of the Go types named here, durations are nanoseconds. 200 carries
// the result, 400 {"error"}. Client calls it from Go.
//
//	users.add UserSpec → User                users.list → []User
//	guilds.add GuildSpec → {id}              guilds.update {guildId, name, ownerId}
//	guilds.unavailable {guildId, unavailable}
//	bot.invite {guildId}                     bot.kick {guildId}
//	members.add {guildId, MemberSpec}        members.remove {guildId, userId}
//	roles.add {guildId, RoleSpec} → {id}     roles.permissions {guildId, roleId, permissions}
//	roles.delete {guildId, roleId}
//	channels.add {guildId, ChannelSpec} → {id}   channels.rename {channelId, name}
//	channels.delete {channelId}
//	permissions.remove {channelId, permissions}  permissions.restore {…}  the bot's, in one channel
//	messages.list {channelId} → []Message, oldest first
//	commands.list {guildId} → []Command
//	entitlements.grant EntitlementSpec → {id}    entitlements.end {id, endsAt}
//	entitlements.delete {id}                 entitlements.list → []Entitlement
//	interactions.run Invocation → Outcome    interactions.autocomplete Invocation → Outcome
//	interactions.get {id} → Outcome
//	oauth.authorize {userId, guildId, url} → {redirect}   a click on Authorize at that authorize URL
//	oauth.expire                             oauth.deauthorize {userId}
//	webhook.send {url, type, data, forged} → {status}
//	config.set {redirectUris, webhookEventsUrl}
//	sources.add {platform, SourceSpec} → {key}   sources.list → []SourceInfo
//	sources.remove {source}
//	posts.publish {source, PostSpec} → {id}  posts.edit {source, id, …}
//	posts.remove {source, id}                posts.metrics {source, id, metrics}
//	hub.config HubConfig   hub.subscriptions → []HubSubscription
//	hub.push {callback, body, algorithm, secret} → {status}
//	youtube.quota → QuotaStats   youtube.use {used}
//	streams.start StreamSpec → {id}   streams.stop {source}   twitch.expire
//	gateway.drop .zombie .reconnect .heartbeat .restart
//	gateway.pause {on}   gateway.close {code}   gateway.invalidate {resumable}
//	gateway.sessions → []GatewaySession      gateway.stats → GatewayStats
//	faults.add Fault → {id}   faults.remove {id} ("" for all)   faults.list → []Fault
//	requests.counts → []RequestCount   requests.list {path glob} → []Request   requests.reset
//	state → what the page shows
package sim
