package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"text/tabwriter"
	"time"

	"trackbot/internal/app"
	"trackbot/internal/config"
)

type migrateCmd struct {
	Up     migrateUpCmd     `cmd:"" help:"Apply the migrations that are missing. Safe to run from several replicas at once."`
	Status migrateStatusCmd `cmd:"" help:"List the migrations and whether each is applied."`
}

type migrateUpCmd struct{}

// Run applies the missing migrations.
func (migrateUpCmd) Run(ctx context.Context) error { return app.MigrateUp(ctx, os.Stdout) }

type migrateStatusCmd struct{}

// Run lists the migrations.
func (migrateStatusCmd) Run(ctx context.Context) error { return app.MigrateStatus(ctx, os.Stdout) }

type configCmd struct {
	For string `arg:"" optional:"" default:"all" enum:"api,bot,worker,notifier,all,operator" help:"Service whose needs are checked."`
}

// Run prints the configuration and reports its faults.
func (c configCmd) Run() error {
	cfg, err := config.FromEnvironment(config.Service(c.For))
	w := tabwriter.NewWriter(os.Stdout, 0, 8, 2, ' ', 0)
	for _, s := range cfg.Settings() {
		fmt.Fprintf(w, "%s\t%s\n", s.Name, s.Value)
	}
	if flushErr := w.Flush(); flushErr != nil {
		return flushErr
	}
	if err != nil {
		return fmt.Errorf("the configuration for %s has faults:\n%w", c.For, err)
	}
	return nil
}

type healthCmd struct {
	Ready bool `help:"Ask whether it is ready to work (/readyz), not merely alive (/healthz)."`
}

// Run asks.
func (c healthCmd) Run(ctx context.Context) error { return app.HealthCheck(ctx, c.Ready) }

type demoCmd struct {
	Addr      string `default:"127.0.0.1:8080" help:"Address of the API."`
	Sim       string `default:"127.0.0.1:8090" help:"Address of the simulated Discord and platforms."`
	Dashboard string `default:"127.0.0.1:8081" help:"Address of the dashboard; off: without it."`
	Data      string `help:"Folder of the demo's database; by default .trackbot beside the working directory." type:"path"`
}

// Run serves the demo until it is interrupted.
func (c demoCmd) Run(ctx context.Context) error {
	return app.Demo(ctx, app.DemoConfig{APIAddr: c.Addr, SimAddr: c.Sim, DashboardAddr: c.Dashboard, DataDir: c.Data}, os.Stdout)
}

type adminCmd struct {
	Tier   tierCmd   `cmd:"" help:"Change the plan of a guild."`
	Plan   planCmd   `cmd:"" help:"Link what was bought at Stripe to a guild by hand."`
	Client clientCmd `cmd:"" aliases:"clients" help:"List tenants, suspend and resume them, archive, delete and keep what they have."`
	User   userCmd   `cmd:"" help:"Delete a person's account."`
	Audit  auditCmd  `cmd:"" help:"Check the audit log, erase addresses from it."`
	Key    keyCmd    `cmd:"" help:"Make new secrets, rotate the signing secret."`

	Status   statusCmd   `cmd:"" help:"Show queues, leases, incidents, bots and who waits longest."`
	Incident incidentCmd `cmd:"" help:"List and close incidents of platforms."`
	Replay   replayCmd   `cmd:"" help:"Send messages again that were given up, after their cause is mended."`
}

type tierCmd struct {
	Set   tierSetCmd   `cmd:"" help:"Set the plan of a guild, whatever was bought for it."`
	Clear tierClearCmd `cmd:"" help:"Take a plan that was set back: what was bought for the guild counts again."`
}

type tierSetCmd struct {
	Guild  string        `arg:"" help:"Discord id of the guild."`
	Tier   string        `arg:"" enum:"free,pro,enterprise" help:"free, pro or enterprise."`
	For    time.Duration `help:"How long it holds, such as 720h; without it until it is cleared."`
	Reason string        `help:"Why, for the guild's audit log."`
}

// Run sets the tier.
func (c tierSetCmd) Run(ctx context.Context) error {
	return app.SetTier(ctx, app.TierOrder{GuildID: c.Guild, Tier: c.Tier, For: c.For, Reason: c.Reason}, os.Stdout)
}

type tierClearCmd struct {
	Guild  string `arg:"" help:"Discord id of the guild."`
	Reason string `help:"Why, for the guild's audit log."`
}

// Run takes the tier back.
func (c tierClearCmd) Run(ctx context.Context) error {
	return app.ClearTier(ctx, app.TierOrder{GuildID: c.Guild, Reason: c.Reason}, os.Stdout)
}

type clientCmd struct {
	List    clientListCmd    `cmd:"" help:"List the tenants."`
	Show    clientShowCmd    `cmd:"" help:"Show a tenant: plan, limits, what it tracks, what waits or failed, use today."`
	Archive clientArchiveCmd `cmd:"" help:"Write everything of a guild into a zip file of JSON lines."`
	Delete  clientDeleteCmd  `cmd:"" help:"Plan the deletion of everything of a guild; the worker does it, the bot leaves."`
	Keep    clientKeepCmd    `cmd:"" help:"Undo a planned deletion."`
	Suspend clientSuspendCmd `cmd:"" help:"Stop all that is done for a tenant; its people can still read, export and leave."`
	Resume  clientResumeCmd  `cmd:"" help:"Serve a suspended tenant again, without announcing what was published meanwhile."`
}

type clientListCmd struct{ printing }

// Run lists the tenants.
func (c clientListCmd) Run(ctx context.Context) error { return app.ListClients(ctx, c.output()) }

type auditCmd struct {
	Verify auditVerifyCmd `cmd:"" help:"Check the hash chain of a guild's audit log and name the first broken row."`
	Erase  auditEraseCmd  `cmd:"" help:"Clear addresses and user agents from a guild's audit log; the chain stays valid."`
}

type auditEraseCmd struct {
	Guild  string `arg:"" help:"Discord id of the guild."`
	Actor  string `help:"Only those of this actor: a Discord user id." xor:"all" required:""`
	Before day    `help:"Only those of entries before this day (YYYY-MM-DD, UTC)." placeholder:"DAY" optional:""`
	All    bool   `help:"Everybody's." xor:"all" required:""`
}

// Run erases.
func (c auditEraseCmd) Run(ctx context.Context) error {
	return app.EraseAudit(ctx, c.Guild, c.Actor, c.Before.Time, os.Stdout)
}

// day is the beginning of a day in UTC.
type day struct{ time.Time }

// UnmarshalText reads YYYY-MM-DD.
func (d *day) UnmarshalText(text []byte) (err error) {
	if d.Time, err = time.Parse(time.DateOnly, string(text)); err != nil {
		return fmt.Errorf("%q is no day such as %s", text, time.Now().UTC().Format(time.DateOnly))
	}
	return nil
}

type auditVerifyCmd struct {
	Guild string `arg:"" optional:"" help:"Discord id of the guild."`
	All   bool   `help:"Every tenant's log, instead of one guild's."`
	printing
}

// Run verifies the chain.
func (c auditVerifyCmd) Run(ctx context.Context) error {
	switch {
	case c.All == (c.Guild != ""):
		return errors.New("name a guild, or --all")
	case c.All:
		return app.VerifyAllAudits(ctx, c.output())
	}
	return app.VerifyAudit(ctx, c.Guild, os.Stdout)
}

type keyCmd struct {
	Rotate keyRotateCmd `cmd:"" help:"Print a new signing secret and how to put it into use."`
	New    keyNewCmd    `cmd:"" help:"Print a new value for a secret of the environment."`
}

type keyRotateCmd struct{}

// Run prints the secret and the steps.
func (keyRotateCmd) Run() error { return app.RotateKey(os.Stdout) }
