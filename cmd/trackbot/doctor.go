package main

import (
	"context"
	"os"

	"trackbot/internal/app"
	"trackbot/internal/config"
)

type doctorCmd struct {
	For    string `arg:"" optional:"" default:"all" enum:"api,bot,worker,notifier,all" help:"Service whose needs are checked: api, bot, worker, notifier or all."`
	Guilds int    `default:"20" help:"How many guilds' permissions are looked at, the largest first."`
	JSON   bool   `name:"json" help:"Print the findings as JSON."`
	Strict bool   `help:"End with 1 on warnings too."`
}

// Help tells what is checked.
func (doctorCmd) Help() string {
	return "Checks the configuration, the database (version, role, migrations, rights of the services, clock), Discord (token, application, " +
		"gateway, clock, permissions where messages are sent), the dashboard's address and the place of exports. Each fault comes with a remedy. " +
		"It ends with 0 when nothing needs mending, with 1 otherwise. It changes nothing."
}

// Run checks.
func (c doctorCmd) Run(ctx context.Context) error {
	return app.Doctor(ctx, app.DoctorOrder{Service: config.Service(c.For), Guilds: c.Guilds, JSON: c.JSON, Strict: c.Strict}, os.Stdout)
}
