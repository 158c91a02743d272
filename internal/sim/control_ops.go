package sim

import (
	"context"
	"fmt"
	"net/url"
)

// The bodies of the control API that are no Go type of their own.
type (
	guildRef struct {
		GuildID string `json:"guildId"`
	}
	channelRef struct {
		ChannelID string `json:"channelId"`
	}
	idResult struct {
		ID string `json:"id"`
	}
	postRef struct {
		Source string `json:"source"`
		ID     string `json:"id"`
	}
)

func (s *Sim) discordOperations() map[string]operation {
	return map[string]operation{
		"users.add":  op(func(_ context.Context, in UserSpec) (User, error) { return s.AddUser(in) }),
		"users.list": get(func(none) []User { return s.Users() }),
		"guilds.add": op(func(_ context.Context, in GuildSpec) (idResult, error) {
			id, err := s.AddGuild(in)
			return idResult{id}, err
		}),
		"guilds.update": do(func(in struct {
			guildRef
			Name    string `json:"name"`
			OwnerID string `json:"ownerId"`
		},
		) error {
			return s.UpdateGuild(in.GuildID, in.Name, in.OwnerID)
		}),
		"guilds.unavailable": do(func(in struct {
			guildRef
			Unavailable bool `json:"unavailable"`
		},
		) error {
			return s.SetUnavailable(in.GuildID, in.Unavailable)
		}),
		"bot.invite": do(func(in guildRef) error { return s.InviteBot(in.GuildID) }),
		"bot.kick":   do(func(in guildRef) error { return s.KickBot(in.GuildID) }),
		"members.add": do(func(in struct {
			guildRef
			MemberSpec
		},
		) error {
			return s.AddMember(in.GuildID, in.MemberSpec)
		}),
		"members.remove": do(func(in struct {
			guildRef
			UserID string `json:"userId"`
		},
		) error {
			return s.RemoveMember(in.GuildID, in.UserID)
		}),
		"roles.add": op(func(_ context.Context, in struct {
			guildRef
			RoleSpec
		},
		) (idResult, error) {
			id, err := s.AddRole(in.GuildID, in.RoleSpec)
			return idResult{id}, err
		}),
		"roles.permissions": do(func(in struct {
			guildRef
			RoleID      string      `json:"roleId"`
			Permissions Permissions `json:"permissions"`
		},
		) error {
			return s.SetRolePermissions(in.GuildID, in.RoleID, in.Permissions)
		}),
		"roles.delete": do(func(in struct {
			guildRef
			RoleID string `json:"roleId"`
		},
		) error {
			return s.DeleteRole(in.GuildID, in.RoleID)
		}),
		"channels.add": op(func(_ context.Context, in struct {
			guildRef
			ChannelSpec
		},
		) (idResult, error) {
			id, err := s.AddChannel(in.GuildID, in.ChannelSpec)
			return idResult{id}, err
		}),
		"channels.rename": do(func(in struct {
			channelRef
			Name string `json:"name"`
		},
		) error {
			return s.RenameChannel(in.ChannelID, in.Name)
		}),
		"channels.delete": do(func(in channelRef) error { return s.DeleteChannel(in.ChannelID) }),
		"permissions.remove": do(func(in struct {
			channelRef
			Permissions Permissions `json:"permissions"`
		},
		) error {
			return s.RemovePermission(in.ChannelID, in.Permissions)
		}),
		"permissions.restore": do(func(in struct {
			channelRef
			Permissions Permissions `json:"permissions"`
		},
		) error {
			return s.RestorePermission(in.ChannelID, in.Permissions)
		}),
		"messages.list":             get(func(in channelRef) []Message { return append([]Message{}, s.Messages(in.ChannelID)...) }),
		"commands.list":             get(func(in guildRef) []Command { return s.Commands(in.GuildID) }),
		"interactions.run":          op(s.Run),
		"interactions.autocomplete": op(s.Autocomplete),
		"interactions.get":          op(func(_ context.Context, in idResult) (Outcome, error) { return s.OutcomeOf(in.ID) }),
		"oauth.authorize": op(func(_ context.Context, in struct {
			UserID  string `json:"userId"`
			GuildID string `json:"guildId"`
			URL     string `json:"url"`
		},
		) (object, error) {
			u, err := url.Parse(in.URL)
			if err != nil {
				return nil, fmt.Errorf("parse url: %w", err)
			}
			to, err := s.Authorize(in.UserID, in.GuildID, u.Query())
			return object{"redirect": to}, err
		}),
		"oauth.expire": act(s.ExpireTokens),
		"oauth.deauthorize": op(func(ctx context.Context, in struct {
			UserID string `json:"userId"`
		},
		) (none, error) {
			return none{}, s.Deauthorize(ctx, in.UserID)
		}),
		"webhook.send": op(func(ctx context.Context, in struct {
			URL    string `json:"url"`
			Type   string `json:"type"`
			Data   any    `json:"data"`
			Forged bool   `json:"forged"`
		},
		) (object, error) {
			status, err := s.SendWebhookEvent(ctx, in.URL, in.Type, in.Data, in.Forged)
			return object{"status": status}, err
		}),
		"config.set": do(func(in struct {
			RedirectURIs     []string `json:"redirectUris"`
			WebhookEventsURL *string  `json:"webhookEventsUrl"`
		},
		) error {
			s.Reconfigure(in.RedirectURIs, in.WebhookEventsURL)
			return nil
		}),
		"state": get(func(none) pageState { return s.pageState() }),
	}
}

func (s *Sim) platformOperations() map[string]operation {
	return map[string]operation{
		"sources.add": op(func(_ context.Context, in struct {
			Platform string `json:"platform"`
			SourceSpec
		},
		) (object, error) {
			switch in.Platform {
			case PlatformFeed, PlatformBluesky, PlatformMastodon, PlatformYouTube, PlatformTwitch:
				key, err := s.addSource(in.Platform, in.SourceSpec)
				return object{"key": key}, err
			}
			return nil, fmt.Errorf("add source: unknown platform %q", in.Platform)
		}),
		"sources.list": get(func(none) []SourceInfo { return s.Sources() }),
		"sources.remove": do(func(in struct {
			Source string `json:"source"`
		},
		) error {
			return s.RemoveSource(in.Source)
		}),
		"posts.publish": op(func(_ context.Context, in struct {
			Source string `json:"source"`
			PostSpec
		},
		) (idResult, error) {
			id, err := s.Publish(in.Source, in.PostSpec)
			return idResult{id}, err
		}),
		"posts.edit": do(func(in struct {
			Source string `json:"source"`
			PostSpec
		},
		) error {
			return s.EditPost(in.Source, in.ID, in.PostSpec)
		}),
		"posts.remove": do(func(in postRef) error { return s.RemovePost(in.Source, in.ID) }),
		"posts.metrics": do(func(in struct {
			postRef
			Metrics Metrics `json:"metrics"`
		},
		) error {
			return s.SetMetrics(in.Source, in.ID, in.Metrics)
		}),
	}
}

func (s *Sim) gatewayOperations() map[string]operation {
	type flag struct {
		On bool `json:"on"`
	}
	return map[string]operation{
		"gateway.drop":      act(s.DropGateway),
		"gateway.zombie":    act(s.MakeZombies),
		"gateway.reconnect": act(s.RequestReconnect),
		"gateway.heartbeat": act(s.RequestHeartbeat),
		"gateway.restart":   act(s.RestartGateway),
		"gateway.pause":     do(func(in flag) error { s.PauseGateway(in.On); return nil }),
		"gateway.close": do(func(in struct {
			Code int `json:"code"`
		},
		) error {
			s.CloseGateway(in.Code)
			return nil
		}),
		"gateway.invalidate": do(func(in struct {
			Resumable bool `json:"resumable"`
		},
		) error {
			s.InvalidateSessions(in.Resumable)
			return nil
		}),
		"gateway.sessions": get(func(none) []GatewaySession { return s.GatewaySessions() }),
		"gateway.stats":    get(func(none) GatewayStats { return s.GatewayStats() }),
	}
}

func (s *Sim) faultOperations() map[string]operation {
	return map[string]operation{
		"faults.add":      get(func(in Fault) idResult { return idResult{s.AddFault(in)} }),
		"faults.remove":   do(func(in idResult) error { s.RemoveFault(in.ID); return nil }),
		"faults.list":     get(func(none) []Fault { return s.Faults() }),
		"requests.counts": get(func(none) []RequestCount { return s.RequestCounts() }),
		"requests.list": get(func(in struct {
			Path string `json:"path"`
		},
		) []Request {
			return s.Requests(in.Path)
		}),
		"requests.reset": act(s.ResetRequests),
	}
}
