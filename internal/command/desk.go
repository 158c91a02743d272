package command

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"strings"

	"trackbot/internal/audit"
	"trackbot/internal/fault"
	"trackbot/internal/guild"
	"trackbot/internal/route"
	"trackbot/internal/store/db"
	"trackbot/internal/tracking"
)

// ErrUnknownGuild says that a command comes from a guild that is not known, or was left: it has to be
// onboarded first.
var ErrUnknownGuild = errors.New("guild is not known")

// ErrUnknown refuses a command that does not exist, or not there.
var ErrUnknown error = fault.New(fault.NotFound, "This command works in a server and in its present form. If Discord shows you an older one, reload it with Ctrl+R.")

// Rules are what commands are done with. All are needed.
type Rules struct {
	Guilds  *guild.Registry
	Health  *guild.Reader
	Catalog *tracking.Catalog
	Tracked *tracking.Reader
	Routes  *route.Desk
}

// Desk does what commands ask for, on the rules. It is safe for concurrent use.
type Desk struct {
	guilds       *guild.Registry
	health       *guild.Reader
	catalog      *tracking.Catalog
	tracked      *tracking.Reader
	routes       *route.Desk
	dashboardURL string
	log          *slog.Logger
	actions      map[string]action
}

// New returns a Desk; dashboardURL is linked to in answers, "" for no links.
func New(rules Rules, dashboardURL string, log *slog.Logger) *Desk {
	return &Desk{
		guilds: rules.Guilds, health: rules.Health, catalog: rules.Catalog, tracked: rules.Tracked, routes: rules.Routes,
		dashboardURL: dashboardURL, log: log, actions: actions(),
	}
}

// action is what a command does. One that only reads answers at once, members too where the settings let
// them read; the others are for managers, are acknowledged first and may take their time.
type action struct {
	reads bool
	run   func(r *request, ctx context.Context) (Reply, error)
}

// request is a command that a member has given in a guild.
type request struct {
	*Desk
	in       Invocation
	options  Options
	client   db.Client
	settings db.GuildSetting
	by       audit.By
}

func actions() map[string]action {
	return map[string]action{
		"track add":         {run: (*request).trackAdd},
		"track remove":      {run: (*request).trackRemove},
		"track list":        {reads: true, run: (*request).trackList},
		"account show":      {reads: true, run: (*request).accountShow},
		"account check":     {run: (*request).accountCheck},
		"account pause":     {run: (*request).accountPause},
		"account resume":    {run: (*request).accountResume},
		"brand add":         {run: (*request).brandAdd},
		"brand rename":      {run: (*request).brandRename},
		"brand remove":      {run: (*request).brandRemove},
		"brand list":        {reads: true, run: (*request).brandList},
		"group add":         {run: (*request).groupAdd},
		"group rename":      {run: (*request).groupRename},
		"group remove":      {run: (*request).groupRemove},
		"group list":        {reads: true, run: (*request).groupList},
		"channel set":       {run: (*request).channelSet},
		"channel show":      {reads: true, run: (*request).channelShow},
		"channel clear":     {run: (*request).channelClear},
		"route add":         {run: (*request).routeAdd},
		"route change":      {run: (*request).routeChange},
		"route list":        {reads: true, run: (*request).routeList},
		"route pause":       {run: (*request).routePause},
		"route resume":      {run: (*request).routeResume},
		"route remove":      {run: (*request).routeRemove},
		"quiet set":         {run: (*request).quietSet},
		"quiet off":         {run: (*request).quietOff},
		"digest":            {run: (*request).digest},
		"breakout set":      {run: (*request).breakoutSet},
		"breakout off":      {run: (*request).breakoutOff},
		"notifications on":  {run: (*request).notificationsOn},
		"notifications off": {run: (*request).notificationsOff},
		"settings":          {reads: true, run: (*request).showSettings},
		"posts":             {reads: true, run: (*request).posts},
		"why":               {reads: true, run: (*request).why},
		"replay":            {run: (*request).replay},
		"status":            {reads: true, run: (*request).status},
		"dashboard":         {reads: true, run: (*request).dashboard},
	}
}

// Run does what a command asks for if its member may ask. The reply is there in any case.
func (d *Desk) Run(ctx context.Context, c Invocation) (Reply, error) {
	act, known := d.actions[c.Name]
	if !known {
		return d.refusal(c, ErrUnknown), ErrUnknown
	}
	r := &request{Desk: d, in: c, options: c.Options, by: actor(c)}
	err := r.admit(ctx, act.reads)
	if err == nil {
		var answer Reply
		if answer, err = act.run(r, ctx); err == nil {
			return r.inColors(answer), nil
		}
	}
	return d.refusal(c, err), err
}

// Reads tells whether a command only reads, and whether there is such a command.
func Reads(name string) (reads, known bool) {
	act, known := actions()[name]
	return act.reads, known
}

// openToMembers is the setting that lets everybody in a guild read.
const openToMembers = "members"

// admit finds the tenant and checks the invoker's permission, as Discord told it with this very command.
func (r *request) admit(ctx context.Context, reads bool) error {
	client, err := r.guilds.Find(ctx, r.in.GuildID)
	if fault.Is(err, fault.NotFound) {
		return errors.Join(ErrUnknownGuild, err)
	}
	if err != nil {
		return err
	}
	if client.RemovedAt != nil {
		return errors.Join(ErrUnknownGuild, fault.New(fault.NotFound, "Trackbot is no longer in this server."))
	}
	r.client = client
	if r.settings, err = r.guilds.Settings(ctx, client.ID); err != nil {
		return err
	}
	switch suspended := guild.SuspensionOf(client); {
	case suspended != nil && !reads && r.manages():
		return guild.ErrSuspended(suspended.Reason)
	case r.manages() || reads && r.settings.DashboardAccess == openToMembers:
		return nil
	case reads:
		return fault.New(fault.Forbidden, "In this server only members with the permission **Manage Server** may see this. One of them can open it to all in the dashboard's settings.")
	}
	if err := r.guilds.Refuse(ctx, r.by, client.ID, client.GuildID, "/"+strings.Fields(r.in.Name)[0]); err != nil {
		return err
	}
	return fault.New(fault.Forbidden, "Only members with the permission **Manage Server** can do this. Ask one of them, or have the permission given to one of your roles.")
}

// manages tells whether the invoker may change things here.
func (r *request) manages() bool { return r.in.Member.CanManage() }

// inColors gives an answer without trouble the color that the guild has chosen for its messages.
func (r *request) inColors(answer Reply) Reply {
	if answer.Color != colorInfo && answer.Color != colorDone {
		return answer
	}
	if chosen, err := strconv.ParseInt(strings.TrimPrefix(r.settings.EmbedColor, "#"), 16, 32); err == nil {
		answer.Color = int(chosen)
	}
	return answer
}

func actor(c Invocation) audit.By {
	return audit.By{
		Actor:  audit.Actor{ID: c.Member.ID, Type: audit.User, Name: c.Member.Name},
		Source: audit.FromBot, RequestID: c.ID,
	}
}
