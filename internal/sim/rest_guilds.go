package sim

import (
	"cmp"
	"slices"
	"strconv"
	"time"
)

func guildRoutes(s *Sim) []apiRoute {
	return []apiRoute{
		{"GET /guilds/{guild}", authBot, "guild", "guild", false, s.getGuild},
		{"GET /guilds/{guild}/channels", authBot, "guild", "guild", false, s.getChannels},
		{"GET /guilds/{guild}/roles", authBot, "guild", "guild", false, s.getRoles},
		{"GET /guilds/{guild}/members", authBot, "guild-members", "guild", false, s.listMembers},
		{"GET /guilds/{guild}/members/{user}", authBot, "guild-member", "guild", false, s.getMember},
		{"GET /users/@me", authEither, "user", "", false, s.getMe},
		{"GET /users/{user}", authBot, "user", "", false, s.getUser},
		{"GET /users/@me/guilds", authEither, "user-guilds", "", false, s.getMyGuilds},
		{"GET /users/@me/guilds/{guild}/member", authUser, "user-guild-member", "guild", false, s.getMyMember},
		{"DELETE /users/@me/guilds/{guild}", authBot, "leave-guild", "", false, s.leaveGuild},
		{"GET /gateway", authNone, "gateway", "", false, s.getGateway},
		{"GET /gateway/bot", authBot, "gateway-bot", "", false, s.getGatewayBot},
		{"GET /applications/@me", authBot, "application", "", false, s.getApplication},
		{"GET /oauth2/applications/@me", authBot, "application", "", false, s.getApplication},
	}
}

// guildFor finds a guild of the path that the bot is in.
func (c *call) guildFor() (*guild, *apiError) {
	id, e := c.pathID("guild")
	if e != nil {
		return nil, e
	}
	switch g := c.sim.guilds[id]; {
	case g == nil:
		return nil, errUnknownGuild()
	case !g.hasBot:
		return nil, errMissingAccess()
	default:
		return g, nil
	}
}

func (s *Sim) getGuild(c *call) (any, *apiError) {
	id, e := c.pathID("guild")
	if e != nil {
		return nil, e
	}
	g := s.botGuild(id)
	if g == nil {
		return nil, errUnknownGuild() // a guild without the bot looks like none
	}
	o := s.guildObject(g)
	if q := c.URL.Query().Get("with_counts"); q == "true" || q == "True" || q == "1" {
		o["approximate_member_count"], o["approximate_presence_count"] = len(g.members), 1
	}
	return o, nil
}

func (s *Sim) getChannels(c *call) (any, *apiError) {
	g, e := c.guildFor()
	if e != nil {
		return nil, e
	}
	list := make([]Channel, 0, len(g.channels))
	for _, ch := range g.channels {
		list = append(list, ch.Channel)
	}
	return list, nil
}

func (s *Sim) getRoles(c *call) (any, *apiError) {
	g, e := c.guildFor()
	if e != nil {
		return nil, e
	}
	return g.roles, nil
}

// listMembers needs the privileged members intent (Discord API docs: List Guild Members).
func (s *Sim) listMembers(c *call) (any, *apiError) {
	g, e := c.guildFor()
	if e != nil {
		return nil, e
	}
	if s.cfg.Gateway.PrivilegedIntents&intentGuildMembers == 0 {
		return nil, errMissingAccess()
	}
	var f formErrors
	limit := f.number("limit", c.URL.Query().Get("limit"), 1, 1, 1000)
	if e := f.err(); e != nil {
		return nil, e
	}
	after, _ := strconv.ParseUint(c.URL.Query().Get("after"), 10, 64)
	ids := slices.Clone(g.memberOrder)
	slices.SortFunc(ids, bySnowflake)
	list := []*Member{}
	for _, id := range ids {
		if snowflake(id) > after && len(list) < limit {
			list = append(list, g.members[id])
		}
	}
	return list, nil
}

// bySnowflake orders ids by number, which is by age.
func bySnowflake(a, b string) int { return cmp.Compare(snowflake(a), snowflake(b)) }

func (s *Sim) getMember(c *call) (any, *apiError) {
	g, e := c.guildFor()
	if e != nil {
		return nil, e
	}
	id, e := c.pathID("user")
	if e != nil {
		return nil, e
	}
	if s.users[id] == nil {
		return nil, errUnknownUser()
	}
	if m := g.members[id]; m != nil {
		return m, nil
	}
	return nil, errUnknownMember()
}

func (s *Sim) getMe(c *call) (any, *apiError) {
	if !c.bot() && !c.token.grant.has("identify") {
		return nil, errMissingAccess()
	}
	return userObject(c.user), nil
}

// userObject adds the fields that only one's own user shows.
func userObject(u *User) object {
	return object{
		"id": u.ID, "username": u.Username, "discriminator": u.Discriminator, "global_name": u.GlobalName,
		"avatar": u.Avatar, "bot": u.Bot, "public_flags": u.PublicFlags, "flags": u.PublicFlags,
		"banner": nil, "accent_color": nil, "avatar_decoration_data": nil,
		"mfa_enabled": true, "locale": "en-US", "premium_type": 0,
	}
}

func (s *Sim) getUser(c *call) (any, *apiError) {
	id, e := c.pathID("user")
	if e != nil {
		return nil, e
	}
	if u := s.users[id]; u != nil {
		return u, nil
	}
	return nil, errUnknownUser()
}

// getMyGuilds lists guilds by id; permissions leave out what ownership implies
// (Discord API docs: Get Current User Guilds).
func (s *Sim) getMyGuilds(c *call) (any, *apiError) {
	if !c.bot() && !c.token.grant.has("guilds") {
		return nil, errMissingAccess()
	}
	q := c.URL.Query()
	var f formErrors
	limit := f.number("limit", q.Get("limit"), 200, 1, 200)
	if e := f.err(); e != nil {
		return nil, e
	}
	counts := q.Get("with_counts") == "true" || q.Get("with_counts") == "1"
	mine := []*guild{}
	for _, id := range s.guildOrder {
		if g := s.guilds[id]; g.members[c.user.ID] != nil {
			mine = append(mine, g)
		}
	}
	slices.SortFunc(mine, func(a, b *guild) int { return bySnowflake(a.id, b.id) })
	after, _ := strconv.ParseUint(q.Get("after"), 10, 64)
	before, _ := strconv.ParseUint(q.Get("before"), 10, 64)
	list := []object{}
	for _, g := range mine {
		id := snowflake(g.id)
		if id <= after || before != 0 && id >= before || len(list) >= limit {
			continue
		}
		o := object{
			"id": g.id, "name": g.name, "icon": g.icon, "banner": nil, "owner": g.ownerID == c.user.ID,
			"permissions": g.basePermissions(c.user.ID), "features": []string{},
		}
		if counts {
			o["approximate_member_count"], o["approximate_presence_count"] = len(g.members), 1
		}
		list = append(list, o)
	}
	return list, nil
}

func (s *Sim) getMyMember(c *call) (any, *apiError) {
	id, e := c.pathID("guild")
	if e != nil {
		return nil, e
	}
	g := s.guilds[id]
	if !c.token.grant.has("guilds.members.read") {
		return nil, errMissingAccess()
	}
	if g == nil || g.members[c.user.ID] == nil {
		return nil, errUnknownGuild()
	}
	return g.members[c.user.ID], nil
}

func (s *Sim) leaveGuild(c *call) (any, *apiError) {
	id, e := c.pathID("guild")
	if e != nil {
		return nil, e
	}
	g := s.botGuild(id)
	if g == nil {
		return nil, errUnknownGuild()
	}
	s.leave(g)
	return nil, nil
}

func (s *Sim) gatewayURL(c *call) string { return "ws" + c.base[len("http"):] + "/gateway" }

func (s *Sim) getGateway(c *call) (any, *apiError) {
	return object{"url": s.gatewayURL(c)}, nil
}

func (s *Sim) getGatewayBot(c *call) (any, *apiError) {
	now := s.now()
	used, reset := 0, int64(0)
	for _, t := range s.gw.started {
		if left := t.Add(24 * time.Hour).Sub(now); left > 0 {
			used++
			reset = max(reset, left.Milliseconds())
		}
	}
	return object{
		"url": s.gatewayURL(c), "shards": s.cfg.Gateway.Shards,
		"session_start_limit": object{
			"total": s.cfg.Gateway.Identifies, "remaining": max(s.cfg.Gateway.Identifies-used, 0),
			"reset_after": reset, "max_concurrency": s.cfg.Gateway.MaxConcurrency,
		},
	}, nil
}

func (s *Sim) getApplication(*call) (any, *apiError) {
	return s.applicationObject(), nil
}

func (s *Sim) applicationObject() object {
	return object{
		"id": s.cfg.ClientID, "name": s.cfg.AppName, "icon": nil, "description": "", "bot_public": true,
		"bot_require_code_grant": false, "bot": s.bot, "verify_key": s.PublicKey(), "flags": 0,
		"redirect_uris": append([]string{}, s.cfg.RedirectURIs...), "approximate_guild_count": s.botGuildCount(),
		"team": nil, "summary": "",
	}
}

func (s *Sim) botGuildCount() int {
	n := 0
	for _, g := range s.guilds {
		if g.hasBot {
			n++
		}
	}
	return n
}
