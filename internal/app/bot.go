package app

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"

	"trackbot/internal/bot"
	"trackbot/internal/command"
	"trackbot/internal/config"
	"trackbot/internal/fleet"
	"trackbot/internal/guild"
	"trackbot/internal/notifier"
	"trackbot/internal/route"
	"trackbot/internal/store"
	"trackbot/internal/tracking"
	"trackbot/internal/worker"
)

func runBot(ctx context.Context, e env) error {
	if e.cfg.BotMode == config.BotByAPI {
		return runRemoteBot(ctx, e)
	}
	st, err := e.openStore(ctx, config.Bot, store.RoleBot)
	if err != nil {
		return err
	}
	defer st.Close()
	sources := newSources(e.cfg, st)
	defer sources.Close()
	guilds := guild.New(st, guild.Config{DashboardURL: e.cfg.DashboardURL, BotID: e.cfg.BotID})
	rules := command.Rules{
		Guilds: guilds, Health: guild.NewReader(st, e.cfg.HeartbeatInterval, time.Now),
		Catalog: tracking.NewCatalog(st, sources), Tracked: tracking.NewReader(st), Routes: route.New(st),
	}
	var sales bot.Sales
	if len(e.cfg.DiscordPlans) > 0 {
		sales = newSales(e, st)
	}
	return work(ctx, e, guilds, command.New(rules, e.cfg.DashboardURL, e.log), sales)
}

// work runs the bot on whatever keeps what it is told and does what commands ask for.
func work(ctx context.Context, e env, memory bot.Memory, commands bot.Commands, sales bot.Sales) error {
	b := bot.New(bot.Config{
		Token: e.cfg.DiscordBotToken.Reveal(), GatewayURL: e.cfg.DiscordGatewayURL, DashboardURL: e.cfg.DashboardURL,
		Version: Version, Heartbeat: e.cfg.HeartbeatInterval, UserAgent: userAgent(e.cfg), Logger: e.log,
		Registerer: e.metrics, Sales: sales,
	}, memory, commands, newDiscord(e))
	e.ops.readyWhen(b.Ready)
	return b.Run(ctx)
}

func runNotifier(ctx context.Context, e env) error {
	st, err := e.openStore(ctx, config.Notifier, store.RoleNotifier)
	if err != nil {
		return err
	}
	defer st.Close()
	client := newDiscord(e)
	member := takePart(ctx, e, st, fleet.Discord, client.Divide)
	defer giveBack(ctx, e, member)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return worker.Keep(ctx, e.log.With("task", "take_part"), fleet.Every, member.Beat) })
	group.Go(func() error {
		return notifier.New(st, client, e.log, notifier.Config{
			Lease: e.cfg.ClaimLease, TestClock: e.cfg.TestClock(), Registerer: e.metrics, Pulse: e.pulse, Tracer: e.tracer,
		}).Run(ctx)
	})
	return group.Wait()
}
