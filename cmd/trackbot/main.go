// Command trackbot follows social accounts and posts what is new in Discord. One binary
// runs each service: the API, the bot, the worker, the notifier.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // the time zones of guilds, wherever the binary runs

	"github.com/alecthomas/kong"

	"trackbot/internal/app"
	"trackbot/internal/config"
	"trackbot/internal/fault"
)

type cli struct {
	Version kong.VersionFlag `help:"Print the version."`

	API      serviceCmd `cmd:"" name:"api" help:"Serve the HTTP API, the dashboard's only gateway."`
	Bot      serviceCmd `cmd:"" help:"Run the Discord bot: onboarding, slash commands, health beacon."`
	Worker   serviceCmd `cmd:"" help:"Poll sources, store posts and metrics."`
	Notifier serviceCmd `cmd:"" help:"Send what is due to Discord."`
	All      serviceCmd `cmd:"" help:"Run the four services in one process."`
	Migrate  migrateCmd `cmd:"" help:"Bring the database schema up to date, or show its state."`
	Config   configCmd  `cmd:"" help:"Print the configuration in force, secrets redacted."`
	Doctor   doctorCmd  `cmd:"" help:"Check configuration, database, Discord, addresses and disk, with a remedy for each fault."`
	Health   healthCmd  `cmd:"" name:"healthcheck" help:"Ask the service that runs with this environment for its health; ends with 1 when it is not well."`
	Demo     demoCmd    `cmd:"" help:"Run everything locally with a simulated Discord and platforms."`
	Admin    adminCmd   `cmd:"" help:"Operate the service: tenants, plans, audit, keys."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	if len(os.Args) == 1 {
		os.Args = append(os.Args, "--help")
	}
	var c cli
	parser := kong.Parse(&c, kong.Name("trackbot"), kong.ShortUsageOnError(),
		kong.Description("Follows social accounts and posts what is new in Discord."),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Vars{"version": app.Version}, kong.BindTo(ctx, (*context.Context)(nil)))
	go func() { // a second signal ends the program at once
		<-ctx.Done()
		stop()
	}()
	if err := parser.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "trackbot:", sentence(err))
		os.Exit(1)
	}
}

// sentence is what is said of an error: of a refusal of the rules its sentence, without the code that programs read.
func sentence(err error) string {
	if refusal := fault.From(err); refusal != nil && errors.Unwrap(refusal) == nil && len(refusal.Fields) == 0 {
		return refusal.Detail
	}
	return err.Error()
}

type serviceCmd struct{}

// Run starts the service that the command is named after.
func (serviceCmd) Run(ctx context.Context, k *kong.Context) error {
	return app.Run(ctx, config.Service(k.Selected().Name))
}
