package main

import (
	"context"
	"os"

	"trackbot/internal/app"
)

type clientArchiveCmd struct {
	Guild string `arg:"" help:"Discord id of the guild."`
	File  string `arg:"" help:"File to write; it must not be there." type:"path"`
}

// Run writes the archive.
func (c clientArchiveCmd) Run(ctx context.Context) error {
	return app.ArchiveClient(ctx, c.Guild, c.File, os.Stdout)
}

type clientDeleteCmd struct {
	Guild   string `arg:"" help:"Discord id of the guild."`
	Confirm string `required:"" help:"The guild's name, to be sure."`
	Now     bool   `help:"Without the grace of seven days; it cannot be undone."`
}

// Run plans the deletion.
func (c clientDeleteCmd) Run(ctx context.Context) error {
	return app.DeleteClient(ctx, c.Guild, c.Confirm, c.Now, os.Stdout)
}

type clientKeepCmd struct {
	Guild string `arg:"" help:"Discord id of the guild."`
}

// Run undoes a planned deletion.
func (c clientKeepCmd) Run(ctx context.Context) error {
	return app.KeepClient(ctx, c.Guild, os.Stdout)
}

type userCmd struct {
	Delete userDeleteCmd `cmd:"" help:"Delete a person's account and sessions; the worker takes their name out of the logs."`
}

type userDeleteCmd struct {
	User string `arg:"" help:"Discord id of the person."`
}

// Run deletes the account.
func (c userDeleteCmd) Run(ctx context.Context) error {
	return app.DeleteUser(ctx, c.User, os.Stdout)
}
