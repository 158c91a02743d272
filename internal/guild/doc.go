// Package guild keeps the tenants: a client for every Discord guild the bot has
// joined, with its settings, plan, channels and roles.
//
// A guild's life, as the gateway tells it:
//
//	          joined: client, settings, free plan, greeting
//	(none) ───────────────────────────────────────────────► live ◄──┐
//	                                                        │  │    │ back
//	                                                 outage │  └──► unavailable
//	                         removed: sources are left      ▼
//	          ┌────────────────────────────────────────── removed
//	          └──► rejoined: the data is there, greeted again ──► live
//
// An outage is not a removal: an unavailable guild keeps everything running.
//
// Beside that an operator may suspend a tenant, whether its guild is there or not. Whether anything is done for a tenant is
// the column clients.active, which is neither removed nor suspended: the one place that decides it for all services.
package guild

import (
	"cmp"

	"trackbot/internal/audit"
	"trackbot/internal/store"
)

// The kinds of channels.
const (
	Text         = "text"
	Announcement = "announcement"
	Voice        = "voice"
	Stage        = "stage"
	Forum        = "forum"
	Category     = "category"
	Other        = "other"
)

// Guild is a guild as Discord describes it at one moment.
type Guild struct {
	ID, Name        string
	IconHash        string // may be empty
	OwnerID         string
	SystemChannelID string // may be empty
	Locale          string // the guild's preferred one
	Channels        []Channel
	Roles           []Role
}

// Channel is a channel as the bot sees it. CanSend: the bot may post cards there.
type Channel struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Type     string `json:"type"`
	Position int    `json:"position"`
	CanSend  bool   `json:"can_send"`
}

// Role is a role; Permissions is Discord's decimal bit set.
type Role struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Color       int    `json:"color"`
	Mentionable bool   `json:"mentionable"`
	Position    int    `json:"position"`
	Permissions string `json:"permissions"`
}

// Config is what a Registry may be told.
type Config struct {
	DashboardURL string // linked to in greetings; "": no link
	BotID        string // which bot speaks; "": MainBot
}

// MainBot is the id of the built-in bot.
const MainBot = "main"

// Registry writes what the gateway says into the tenants. It is safe for
// concurrent use; the events of one guild must come in order.
type Registry struct {
	st  *store.Store
	cfg Config
}

// New returns a Registry on a store of the bot's role, or of the API's for a bot that has no store.
func New(st *store.Store, cfg Config) *Registry {
	cfg.BotID = cmp.Or(cfg.BotID, MainBot)
	return &Registry{st: st, cfg: cfg}
}

// bySelf is the bot acting on what Discord tells it.
func bySelf() audit.By {
	return audit.By{Actor: audit.Actor{ID: "trackbot", Type: audit.Bot, Name: "Trackbot"}, Source: audit.FromBot}
}
