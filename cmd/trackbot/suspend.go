package main

import (
	"context"
	"os"

	"trackbot/internal/app"
)

// whichClient names a tenant.
type whichClient struct {
	Client string `arg:"" help:"Discord id of the guild, or id of the client."`
}

type clientSuspendCmd struct {
	whichClient
	Reason string `required:"" help:"Why, in words for the guild's people: the dashboard shows them, and so does the audit log."`
}

// Help tells what stops and what does not.
func (clientSuspendCmd) Help() string {
	return "Accounts are not polled any more, messages wait, alerts and scorecards are not made, pushes of hubs and shared links are ignored, API keys and " +
		"changes are refused. People still sign in, read, export, revoke keys and links, and can have everything deleted. What is bought or ends at a seller " +
		"is noted all the same. It takes hold within seconds and holds over a removal and return of the bot. Suspending twice changes nothing."
}

// Run suspends.
func (c clientSuspendCmd) Run(ctx context.Context) error {
	return app.SuspendClient(ctx, c.Client, c.Reason, os.Stdout)
}

type clientResumeCmd struct {
	whichClient
	Reason string `required:"" help:"Why, for the guild's audit log."`
}

// Run resumes.
func (c clientResumeCmd) Run(ctx context.Context) error {
	return app.ResumeClient(ctx, c.Client, c.Reason, os.Stdout)
}
