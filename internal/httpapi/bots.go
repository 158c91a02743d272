package httpapi

import (
	"context"
	"errors"

	"trackbot/api"
	"trackbot/internal/command"
	"trackbot/internal/fault"
	"trackbot/internal/guild"
)

// What bots without access to the database need to do their work: the rules behind these calls are
// those that the built-in bot calls itself.

// bot writes for the bot that a call names.
func (s *Server) bot(id *api.BotID) *guild.Registry { return s.reports.Bot(orEmptyID(id)) }

func orEmptyID(id *api.BotID) string {
	if id == nil {
		return ""
	}
	return *id
}

// onboard takes a guild that was told whole.
func (s *Server) onboard(ctx context.Context, req api.PutBotGuildRequestObject, icon string) (api.PutBotGuildResponseObject, error) {
	reg := s.bot(req.Params.BotID)
	_, err := reg.Find(ctx, req.GuildID)
	isNew := fault.Is(err, fault.NotFound)
	if err != nil && !isNew {
		return nil, err
	}
	g := describedGuild(req.GuildID, icon, *req.Body)
	g.Channels = toChannels(*req.Body.Channels)
	clientID, err := reg.Onboard(ctx, g)
	if err != nil {
		return nil, err
	}
	state := api.BotGuildState{GuildID: req.GuildID, ClientID: clientID}
	if isNew {
		return api.PutBotGuild201JSONResponse(state), nil
	}
	return api.PutBotGuild200JSONResponse(state), nil
}

// PatchBotGuild takes what has changed in a guild.
func (s *Server) PatchBotGuild(ctx context.Context, req api.PatchBotGuildRequestObject) (api.PatchBotGuildResponseObject, error) {
	reg, c := s.bot(req.Params.BotID), req.Body
	if c.Unavailable != nil && *c.Unavailable {
		if err := reg.MarkUnavailable(ctx, req.GuildID); err != nil {
			return nil, err
		}
	}
	if c.Guild != nil {
		if err := update(ctx, reg, req.GuildID, *c.Guild); err != nil {
			return nil, err
		}
	}
	if c.Roles != nil {
		if err := reg.SyncRoles(ctx, req.GuildID, toRoles(*c.Roles)); err != nil {
			return nil, err
		}
	}
	if c.Channels != nil {
		if err := reg.SyncChannels(ctx, req.GuildID, toChannels(*c.Channels)); err != nil {
			return nil, err
		}
	}
	if c.Channel != nil {
		if err := reg.SyncChannel(ctx, req.GuildID, toChannel(*c.Channel)); err != nil {
			return nil, err
		}
	}
	if c.DeletedChannelID != nil {
		if err := reg.ForgetChannel(ctx, req.GuildID, *c.DeletedChannelID); err != nil {
			return nil, err
		}
	}
	return api.PatchBotGuild204Response{}, nil
}

func update(ctx context.Context, reg *guild.Registry, guildID string, g api.BotGuild) error {
	icon, ok := iconHash(guildID, g.IconURL)
	switch {
	case !ok:
		return errIcon("guild.iconUrl")
	case g.Roles == nil:
		return invalid("guild.roles", "is required: all roles belong to what has changed")
	}
	return reg.Update(ctx, describedGuild(guildID, icon, g))
}

// describedGuild leaves the channels out.
func describedGuild(id, icon string, g api.BotGuild) guild.Guild {
	out := guild.Guild{ID: id, Name: g.Name, IconHash: icon, OwnerID: g.OwnerID, Roles: toRoles(*g.Roles)}
	if g.SystemChannelID != nil {
		out.SystemChannelID = *g.SystemChannelID
	}
	if g.Locale != nil {
		out.Locale = *g.Locale
	}
	return out
}

func toChannels(list api.BotChannels) []guild.Channel {
	out := make([]guild.Channel, len(list))
	for i, c := range list {
		out[i] = toChannel(c)
	}
	return out
}

func toChannel(c api.BotChannel) guild.Channel {
	return guild.Channel{ID: c.ID, Name: c.Name, Type: string(c.Type), Position: int(c.Position), CanSend: c.CanSend}
}

func toRoles(list api.BotRoles) []guild.Role {
	out := make([]guild.Role, len(list))
	for i, r := range list {
		out[i] = guild.Role{
			ID: r.ID, Name: r.Name, Color: int(r.Color), Mentionable: r.Mentionable, Position: int(r.Position), Permissions: r.Permissions,
		}
	}
	return out
}

// ListBotGuilds tells a bot that has connected anew where it is believed to be.
func (s *Server) ListBotGuilds(ctx context.Context, req api.ListBotGuildsRequestObject) (api.ListBotGuildsResponseObject, error) {
	shard, shards := 0, 1
	if req.Params.ShardID != nil {
		shard = int(*req.Params.ShardID)
	}
	if req.Params.ShardCount != nil {
		shards = int(*req.Params.ShardCount)
	}
	if shard >= shards {
		return nil, invalid("shardId", "must be less than shardCount")
	}
	ids, err := s.bot(req.Params.BotID).Live(ctx, shard, shards)
	if err != nil {
		return nil, err
	}
	return api.ListBotGuilds200JSONResponse{GuildIds: ids}, nil
}

// GetBotSession tells where a shard resumes.
func (s *Server) GetBotSession(ctx context.Context, req api.GetBotSessionRequestObject) (api.GetBotSessionResponseObject, error) {
	p, err := s.bot(req.Params.BotID).Place(ctx, req.ShardID)
	if err != nil {
		return nil, err
	}
	if p.SessionID == "" {
		return nil, fault.New(fault.NotFound, "The shard has to begin anew.")
	}
	return api.GetBotSession200JSONResponse{SessionID: p.SessionID, ResumeURL: p.ResumeURL, Sequence: p.Sequence, ShardCount: p.ShardCount}, nil
}

// PutBotSession notes how far a shard has followed.
func (s *Server) PutBotSession(ctx context.Context, req api.PutBotSessionRequestObject) (api.PutBotSessionResponseObject, error) {
	b := req.Body
	if req.ShardID >= b.ShardCount {
		return nil, invalid("shardCount", "must be more than the shard's id")
	}
	place := guild.StreamPlace{SessionID: b.SessionID, ResumeURL: b.ResumeURL, Sequence: b.Sequence, ShardCount: b.ShardCount}
	if err := s.bot(req.Params.BotID).SavePlace(ctx, req.ShardID, place); err != nil {
		return nil, err
	}
	return api.PutBotSession204Response{}, nil
}

// DeleteBotSession notes that a shard cannot resume.
func (s *Server) DeleteBotSession(ctx context.Context, req api.DeleteBotSessionRequestObject) (api.DeleteBotSessionResponseObject, error) {
	if err := s.bot(req.Params.BotID).SavePlace(ctx, req.ShardID, guild.StreamPlace{}); err != nil {
		return nil, err
	}
	return api.DeleteBotSession204Response{}, nil
}

// RunBotCommand does what a member has asked a bot for.
func (s *Server) RunBotCommand(ctx context.Context, req api.RunBotCommandRequestObject) (api.RunBotCommandResponseObject, error) {
	reply, err := s.commands.Run(ctx, invocation(req.GuildID, *req.Body))
	refused := fault.From(err)
	switch {
	case errors.Is(err, command.ErrUnknownGuild):
		return nil, fault.Wrap(err, fault.NotFound, "Trackbot does not know this server yet.")
	case err != nil && refused == nil:
		return nil, err
	}
	outcome := "ok"
	if refused != nil {
		outcome = string(refused.Code)
	}
	return api.RunBotCommand200JSONResponse(toBotReply(reply, outcome)), nil
}

// CompleteBotCommand offers values for the option that a member is typing.
func (s *Server) CompleteBotCommand(ctx context.Context, req api.CompleteBotCommandRequestObject) (api.CompleteBotCommandResponseObject, error) {
	found, err := s.commands.Complete(ctx, invocation(req.GuildID, *req.Body))
	if err != nil {
		return nil, err
	}
	choices := make([]api.BotChoice, len(found))
	for i, c := range found {
		choices[i] = api.BotChoice{Name: c.Name, Value: c.Value}
	}
	return api.CompleteBotCommand200JSONResponse{Choices: choices}, nil
}

func invocation(guildID string, c api.BotCommand) command.Invocation {
	out := command.Invocation{
		ID: c.InteractionID, GuildID: guildID, ChannelID: c.ChannelID, Name: c.Name, Options: command.Options{},
		Member: command.Member{ID: c.Member.ID, Name: c.Member.Name, Permissions: c.Member.Permissions},
	}
	for _, o := range c.Options {
		out.Options[o.Name] = o.Value
		if o.Focused != nil && *o.Focused {
			out.Focused = o.Name
		}
	}
	return out
}

func toBotReply(r command.Reply, outcome string) api.BotReply {
	out := api.BotReply{
		Outcome: outcome, Color: int32(r.Color), Title: r.Title, URL: r.URL, Body: r.Body, Footer: r.Footer, Thumbnail: r.Thumbnail,
		Fields: make([]api.BotReplyField, len(r.Fields)), Buttons: make([]api.BotReplyButton, len(r.Buttons)),
	}
	for i, f := range r.Fields {
		out.Fields[i] = api.BotReplyField{Name: f.Name, Value: f.Value}
	}
	for i, b := range r.Buttons {
		out.Buttons[i] = api.BotReplyButton{Text: b.Text, URL: b.URL}
	}
	return out
}
