package main

import (
	"context"
	"os"
	"time"

	"trackbot/internal/app"
)

// printing is how a command tells what it found.
type printing struct {
	JSON bool `name:"json" help:"Print JSON for programs."`
}

func (p printing) output() app.Output { return app.Output{W: os.Stdout, JSON: p.JSON} }

type statusCmd struct{ printing }

// Run shows the state of the service.
func (c statusCmd) Run(ctx context.Context) error { return app.ShowStatus(ctx, c.output()) }

type clientShowCmd struct {
	whichClient
	printing
}

// Run shows a tenant.
func (c clientShowCmd) Run(ctx context.Context) error {
	return app.ShowClient(ctx, c.Client, c.output())
}

type incidentCmd struct {
	List  incidentListCmd  `cmd:"" help:"List the open incidents and how many accounts each holds."`
	Close incidentCloseCmd `cmd:"" help:"End an incident: its accounts are asked again. It opens anew if they still fail."`
}

type incidentListCmd struct{ printing }

// Run lists the incidents.
func (c incidentListCmd) Run(ctx context.Context) error { return app.ListIncidents(ctx, c.output()) }

type incidentCloseCmd struct {
	ID string `arg:"" help:"Id of the incident, as the list prints it."`
	printing
}

// Run ends the incident.
func (c incidentCloseCmd) Run(ctx context.Context) error {
	return app.CloseIncident(ctx, c.ID, c.output())
}

type replayCmd struct {
	Guild  string        `arg:"" optional:"" help:"Discord id of the guild; without it, of all."`
	Since  time.Duration `default:"24h" help:"How far back the messages were queued."`
	Reason string        `help:"Only those given up for this reason, as --dry-run prints it."`
	DryRun bool          `help:"Count them by reason and send nothing."`
	Limit  int           `default:"1000" help:"No more than this at a time."`
	printing
}

// Run sends them again.
func (c replayCmd) Run(ctx context.Context) error {
	return app.Replay(ctx, app.ReplayOrder{GuildID: c.Guild, Since: c.Since, Reason: c.Reason, DryRun: c.DryRun, Limit: c.Limit}, c.output())
}

type keyNewCmd struct {
	For string `arg:"" enum:"jwt,encryption,hmac" help:"jwt (JWT_SECRET), encryption (ENCRYPTION_KEY) or hmac (BOT_HMAC_SECRET)."`
}

// Run prints the secret.
func (c keyNewCmd) Run() error { return app.NewKey(c.For, os.Stdout) }
