package httpapi

import (
	"context"
	"net/http"
	"net/url"
	"regexp"

	"github.com/oapi-codegen/nullable"

	"trackbot/api"
	"trackbot/internal/audit"
	"trackbot/internal/guild"
	"trackbot/internal/signed"
)

// MachineGate lets signed calls in: the MachineVerifier of shared keys.
type MachineGate struct{ verifier *signed.Verifier }

var _ MachineVerifier = MachineGate{}

// NewMachineGate returns the gate of those who hold the verifier's keys.
func NewMachineGate(v *signed.Verifier) MachineGate { return MachineGate{verifier: v} }

// Verify takes a signature once, and notes whose it is.
func (g MachineGate) Verify(r *http.Request, body []byte) error {
	keyID, err := g.verifier.Verify(r.Context(), signed.Request{
		Method: r.Method, Path: r.URL.EscapedPath(), Query: r.URL.RawQuery, Header: r.Header, Body: body,
	})
	recordOf(r.Context()).machine = keyID
	return err
}

// byMachine is the holder of a key making a change, for the log.
func byMachine(ctx context.Context) audit.By {
	from := originOf(ctx)
	return audit.By{
		Actor:  audit.Actor{ID: recordOf(ctx).machine, Type: audit.System, Name: "Bot"},
		Source: audit.FromSystem, RequestID: from.RequestID, IP: from.IP, UserAgent: from.UserAgent,
	}
}

// PutBotHealth notes a heartbeat.
func (s *Server) PutBotHealth(ctx context.Context, req api.PutBotHealthRequestObject) (api.PutBotHealthResponseObject, error) {
	beat := guild.Beat{
		Shards: req.Body.ShardCount, Guilds: req.Body.GuildCount, Status: guild.BotStatus(req.Body.Status), Version: req.Body.Version,
	}
	if err := s.bot(req.Params.BotID).Beat(ctx, beat); err != nil {
		return nil, err
	}
	return api.PutBotHealth204Response{}, nil
}

// PutBotGuild makes a guild a tenant, or brings it up to date.
func (s *Server) PutBotGuild(ctx context.Context, req api.PutBotGuildRequestObject) (api.PutBotGuildResponseObject, error) {
	icon, ok := iconHash(req.GuildID, req.Body.IconURL)
	if !ok {
		return nil, errIcon("iconUrl")
	}
	switch whole := req.Body.Channels != nil; {
	case whole && req.Body.Roles != nil:
		return s.onboard(ctx, req, icon)
	case whole:
		return nil, invalid("roles", "is required with channels")
	case req.Body.Roles != nil:
		return nil, invalid("channels", "is required with roles")
	}
	clientID, made, err := s.reports.Enroll(ctx, byMachine(ctx), orEmptyID(req.Params.BotID), guild.Guild{
		ID: req.GuildID, Name: req.Body.Name, IconHash: icon, OwnerID: req.Body.OwnerID,
	})
	if err != nil {
		return nil, err
	}
	state := api.BotGuildState{GuildID: req.GuildID, ClientID: clientID}
	if made {
		return api.PutBotGuild201JSONResponse(state), nil
	}
	return api.PutBotGuild200JSONResponse(state), nil
}

func errIcon(field string) error {
	return invalid(field, "must be the address of a picture, such as the server's icon at cdn.discordapp.com")
}

// iconHash reads a guild's icon out of its address, the reverse of iconURL (Discord API docs: Image
// Formatting). A picture elsewhere is none, so that people's browsers load pictures from Discord alone.
func iconHash(guildID string, address nullable.Nullable[string]) (hash string, ok bool) {
	text, err := address.Get()
	if err != nil || text == "" {
		return "", true
	}
	form := regexp.MustCompile(`^https://cdn\.discordapp\.com/icons/([0-9]+)/([0-9A-Za-z_]{1,64})\.(?:png|jpe?g|webp|gif)(?:\?[0-9A-Za-z=&]*)?$`)
	if parts := form.FindStringSubmatch(text); parts != nil && parts[1] == guildID {
		return parts[2], true
	}
	elsewhere, err := url.Parse(text)
	return "", err == nil && (elsewhere.Scheme == "https" || elsewhere.Scheme == "http") && elsewhere.Host != ""
}

// DeleteBotGuild ends a tenant's life until the bot comes back.
func (s *Server) DeleteBotGuild(ctx context.Context, req api.DeleteBotGuildRequestObject) (api.DeleteBotGuildResponseObject, error) {
	if err := s.reports.Remove(ctx, byMachine(ctx), orEmptyID(req.Params.BotID), req.GuildID); err != nil {
		return nil, err
	}
	return api.DeleteBotGuild204Response{}, nil
}

// GetBotGuildConfig tells a bot what a guild pays for and has set.
func (s *Server) GetBotGuildConfig(ctx context.Context, req api.GetBotGuildConfigRequestObject) (api.GetBotGuildConfigResponseObject, error) {
	config, err := s.reports.Config(ctx, req.GuildID)
	if err != nil {
		return nil, err
	}
	return api.GetBotGuildConfig200JSONResponse{
		GuildID: req.GuildID, ClientID: config.ClientID, Tier: api.Tier(config.Entitlement.Tier),
		Limits: toLimits(config.Entitlement), Settings: toSettings(config.GuildSetting),
	}, nil
}
