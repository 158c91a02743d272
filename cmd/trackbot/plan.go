package main

import (
	"context"
	"os"

	"trackbot/internal/app"
)

type planCmd struct {
	Link     planLinkCmd     `cmd:"" help:"Say which guild a customer or subscription of Stripe's has bought for."`
	Unlinked planUnlinkedCmd `cmd:"" help:"List what was bought at Stripe for no guild that is known."`
}

type planLinkCmd struct {
	whichClient
	Reference string `arg:"" help:"Stripe's customer (cus_…), for all of its subscriptions, or one subscription (sub_…)."`
	Reason    string `help:"Why, for the guild's audit log."`
}

// Help tells what a link does.
func (planLinkCmd) Help() string {
	return "For subscriptions that were made in Stripe by hand, without trackbot_client in their metadata. What has been heard of them counts at once, " +
		"what comes later finds the guild. The link counts before what a checkout says; linking to another guild moves it there. " +
		"A subscription that names another guild in its metadata follows a link of its own alone (sub_…)."
}

// Run links.
func (c planLinkCmd) Run(ctx context.Context) error {
	return app.LinkPlan(ctx, app.LinkOrder{Client: c.Client, Reference: c.Reference, Reason: c.Reason}, os.Stdout)
}

type planUnlinkedCmd struct{ printing }

// Run lists.
func (c planUnlinkedCmd) Run(ctx context.Context) error { return app.ListUnlinked(ctx, c.output()) }
