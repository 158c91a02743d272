package main

func trackingBoard() dashboard {
	return boardOf(
		"tracking", "Tracking", "Asking the platforms: how many accounts are due, what comes of it, what waits.",
		figures(
			"Now",
			figure("Accounts due", "", "none", `max(trackbot_queue_depth{queue="poll"})`, 1000, 10000),
			figure("Oldest due", "", "s", `max(trackbot_queue_oldest_seconds{queue="poll"})`, 60, 900),
			figure("Posts to measure", "", "none", `max(trackbot_queue_depth{queue="measure"})`, 10000, 100000),
			figure("Last usable answer", "Of any platform, to any worker.", "s", `time() - max(trackbot_fetch_last_success_timestamp_seconds)`, 900, 1800),
			figure("Failing accounts", "", "none", `sum(max by (platform) (trackbot_sources{state="failing"}))`, 0, 0),
			figure("Incidents", "", "none", `sum(max by (platform) (trackbot_platform_incidents))`, 1, 0),
		),
		charts(
			"Polls",
			stacked("By outcome", "put_off: the host was busy with others.", "ops", line{`sum by (outcome) (rate(trackbot_polls_total[$__rate_interval]))`, "{{outcome}}"}),
			chart("Failures by platform", "", "percentunit", line{`sum by (platform) (rate(trackbot_polls_total{outcome!~"ok|put_off"}[$__rate_interval])) / sum by (platform) (rate(trackbot_polls_total{outcome!="put_off"}[$__rate_interval]))`, "{{platform}}"}),
			chart("From due to asked", "", "s", quantiles("trackbot_poll_lag_seconds", "", "")...),
			chart("Time a platform takes, 95 %", "", "s", slowEnd("trackbot_fetch_seconds", "platform")),
			chart("Due", "", "none", line{`max by (queue) (trackbot_queue_depth{queue=~"poll|measure"})`, "{{queue}}"}),
			chart("Age of the oldest", "", "s", line{`max by (queue) (trackbot_queue_oldest_seconds{queue=~"poll|measure"})`, "{{queue}}"}),
		),
		charts(
			"Accounts",
			stacked("By state", "", "none", line{`sum by (state) (max by (platform, state) (trackbot_sources))`, "{{state}}"}),
			stacked("By platform", "", "none", line{`sum by (platform) (max by (platform, state) (trackbot_sources))`, "{{platform}}"}),
			chart("Incidents", "Open ones.", "none", line{`max by (platform) (trackbot_platform_incidents)`, "{{platform}}"}),
			stacked("Posts measured", "untold: the platform did not answer for them.", "ops", line{`sum by (platform, outcome) (rate(trackbot_measured_posts_total[$__rate_interval]))`, "{{platform}} {{outcome}}"}),
		),
		charts(
			"Push and tasks",
			stacked("Subscriptions to hubs", "", "none", line{`max by (state) (trackbot_websub_subscriptions)`, "{{state}}"}),
			chart("Pushes", "ignored: not to be believed.", "ops", line{`sum by (outcome) (rate(trackbot_websub_pushes_total[$__rate_interval]))`, "{{outcome}}"}),
			chart("Since the last success of each task", "", "s", line{`time() - max by (task) (trackbot_task_last_success_timestamp_seconds)`, "{{task}}"}),
			chart("Time of tasks, 95 %", "", "s", slowEnd("trackbot_task_seconds", "task")),
			chart("Tasks that fail", "", "ops", line{`sum by (task) (rate(trackbot_task_runs_total{outcome="failed"}[$__rate_interval]))`, "{{task}}"}),
		),
	)
}

func deliveryBoard() dashboard {
	return boardOf(
		"delivery", "Delivery", "From a post in the database to a message in a channel, and exports.",
		figures(
			"Now",
			figure("Messages due", "", "none", `max(trackbot_queue_depth{queue="notify"})`, 500, 5000),
			figure("Oldest due", "", "s", `max(trackbot_queue_oldest_seconds{queue="notify"})`, 60, 300),
			figure("Held beyond their time", "Quiet hours or a digest's window have ended.", "none", `max(trackbot_queue_depth{queue="held"})`, 50, 500),
			figure("Sending is held for", "For Discord's sake.", "s", `max(trackbot_sending_held_seconds)`, 1, 60),
			figure("Given up in an hour", "", "none", `sum(increase(trackbot_deliveries_total{outcome="dead"}[1h]))`, 5, 50),
			figure("Exports under way", "", "none", `max(trackbot_queue_depth{queue="export"})`, 20, 100),
		),
		charts(
			"Messages",
			stacked("By outcome", "found: an earlier try had arrived; waiting: a limit, no try used up; paused: the channel is closed to the bot.", "ops", line{`sum by (outcome) (rate(trackbot_deliveries_total[$__rate_interval]))`, "{{outcome}}"}),
			stacked("Delivered, by kind", "", "ops", line{`sum by (kind) (rate(trackbot_deliveries_total{outcome=~"sent|found"}[$__rate_interval]))`, "{{kind}}"}),
			chart("From found to delivered", "Of posts that were not held.", "s", quantiles("trackbot_delivery_seconds", `{since="detected"}`, "")...),
			chart("From published to delivered", "What a reader feels; the platform's own delay and the account's interval are in it.", "s", quantiles("trackbot_delivery_seconds", `{since="published"}`, "")...),
			chart("Due", "", "none", line{`max by (queue) (trackbot_queue_depth{queue=~"notify|held"})`, "{{queue}}"}),
			chart("Age of the oldest", "", "s", line{`max by (queue) (trackbot_queue_oldest_seconds{queue=~"notify|held"})`, "{{queue}}"}),
			chart("Channels being served", "", "none", line{`sum by (instance) (trackbot_sending_channels)`, "{{instance}}"}),
			chart("Given up", "Part of what came to an end.", "percentunit", line{`sum(rate(trackbot_deliveries_total{outcome="dead"}[$__rate_interval])) / sum(rate(trackbot_deliveries_total{outcome=~"sent|found|dead"}[$__rate_interval]))`, "dead"}),
		),
		charts(
			"Exports",
			stacked("Tries", "", "ops", line{`sum by (outcome) (rate(trackbot_exports_total[$__rate_interval]))`, "{{outcome}}"}),
			chart("Time to make, 95 %", "", "s", slowEnd("trackbot_export_seconds", "format")),
			chart("Rows", "", "rowsps", line{`sum(rate(trackbot_export_rows_total[$__rate_interval]))`, "rows"}),
			chart("Waiting", "", "s", line{`max(trackbot_queue_oldest_seconds{queue="export"})`, "oldest"}),
		),
	)
}

func discordBoard() dashboard {
	return boardOf(
		"discord", "Discord", "Calls, limits and the gateway.",
		figures(
			"Now",
			figure("Shards ready", "", "none", `sum(trackbot_discord_gateway_shards_ready)`, 0, 0),
			figure("Last sign of life", "Of the shard that has waited longest for one.", "s", `time() - min(max by (shard) (trackbot_discord_gateway_last_ack_timestamp_seconds))`, 90, 180),
			figure("Towards the ban", "Refused calls in ten minutes; this program stops at 9,000, Discord bans at 10,000.", "none", `max(trackbot_discord_invalid_requests)`, 500, 4500),
			figure("Refused for their number", "A second.", "reqps", `sum(rate(trackbot_discord_requests_total{status="429"}[5m]))`, 0.05, 0.5),
			figure("Guilds", "As the bots told.", "none", `sum(max by (bot) (trackbot_bot_guilds))`, 0, 0),
			figure("Bot reported", "", "s", `max(trackbot_bot_heartbeat_age_seconds)`, 90, 180),
		),
		charts(
			"Calls",
			stacked("By status", "0: no answer.", "reqps", line{`sum by (status) (rate(trackbot_discord_requests_total[$__rate_interval]))`, "{{status}}"}),
			chart("By route", "", "reqps", line{`topk(10, sum by (route) (rate(trackbot_discord_requests_total[$__rate_interval])))`, "{{route}}"}),
			chart("Time of an answer, 95 %", "", "s", slowEnd("trackbot_discord_request_seconds", "route")),
			chart("Not sent", "What Discord would have refused.", "reqps", line{`sum by (reason) (rate(trackbot_discord_held_back_total[$__rate_interval]))`, "{{reason}}"}),
			chart("Waited for a limit", "In this program, so that Discord need not refuse.", "s", quantiles("trackbot_discord_limit_wait_seconds", "", "")...),
			chart("Processes that share", "The token's second among notifiers, the patience of platforms among workers of one address.", "none", line{`max by (service) (trackbot_budget_members)`, "{{service}}"}),
			chart("Refused calls in ten minutes", "", "none", line{`max by (instance) (trackbot_discord_invalid_requests)`, "{{instance}}"}, line{`max(trackbot_discord_invalid_requests_limit)`, "limit"}),
		),
		charts(
			"Gateway",
			chart("Time of a heartbeat", "", "s", line{`max by (shard) (trackbot_discord_gateway_latency_seconds)`, "{{shard}}"}),
			chart("Since the last heartbeat was acknowledged", "", "s", line{`time() - max by (shard) (trackbot_discord_gateway_last_ack_timestamp_seconds)`, "{{shard}}"}),
			chart("Connections ended", "By reason.", "ops", line{`sum by (reason) (rate(trackbot_discord_gateway_reconnects_total[$__rate_interval]))`, "{{reason}}"}),
			chart("Events", "", "ops", line{`sum by (type) (rate(trackbot_discord_gateway_events_total[$__rate_interval]))`, "{{type}}"}),
			chart("Bots by status", "", "none", line{`sum by (status) (max by (bot, status) (trackbot_bot_status))`, "{{status}}"}),
		),
	)
}

func databaseBoard() dashboard {
	return boardOf(
		"database", "Database", "PostgreSQL and the pools of the processes.",
		charts(
			"Pools",
			chart("In use", "Part of the pool.", "percentunit", line{`sum by (service, role, instance) (trackbot_db_pool_connections{state="in_use"}) / sum by (service, role, instance) (trackbot_db_pool_connections_limit)`, "{{service}} {{role}} {{instance}}"}),
			chart("Waiting for a connection", "Seconds waited in a second: 1 is one caller who always waits.", "s", line{`sum by (service, role, instance) (rate(trackbot_db_pool_acquire_wait_seconds_total[$__rate_interval]))`, "{{service}} {{role}} {{instance}}"}),
			chart("Taken", "", "ops", line{`sum by (service, role) (rate(trackbot_db_pool_acquires_total[$__rate_interval]))`, "{{service}} {{role}}"}),
			chart("Taken after waiting, or given up", "", "ops", line{`sum by (service, role) (rate(trackbot_db_pool_empty_acquires_total[$__rate_interval]))`, "{{service}} {{role}} waited"}, line{`sum by (service, role) (rate(trackbot_db_pool_canceled_acquires_total[$__rate_interval]))`, "{{service}} {{role}} given up"}),
		),
		charts(
			"Server",
			chart("Connections", "", "none", line{`max(trackbot_database_backends)`, "open"}, line{`max(trackbot_database_backends_limit)`, "limit"}),
			chart("Transactions", "", "ops", line{`max(rate(trackbot_database_commits_total[$__rate_interval]))`, "committed"}, line{`max(rate(trackbot_database_rollbacks_total[$__rate_interval]))`, "rolled back"}),
			chart("Found in memory", "Part of the blocks asked for.", "percentunit", line{`max(rate(trackbot_database_blocks_hit_total[$__rate_interval])) / max(rate(trackbot_database_blocks_fetched_total[$__rate_interval]))`, "hits"}),
			chart("Deadlocks and temporary files", "", "none", line{`max(increase(trackbot_database_deadlocks_total[$__rate_interval]))`, "deadlocks"}, line{`max(rate(trackbot_database_temp_bytes_total[$__rate_interval]))`, "bytes a second"}),
		),
		charts(
			"Size",
			chart("Database", "", "bytes", line{`max(trackbot_database_size_bytes)`, "size"}),
			chart("Largest tables", "With their indexes.", "bytes", line{`topk(10, max by (table) (trackbot_database_table_bytes))`, "{{table}}"}),
			chart("Dead rows", "They wait for a vacuum.", "none", line{`topk(10, max by (table) (trackbot_database_table_dead_rows))`, "{{table}}"}),
			table("Tables", "Rows as PostgreSQL estimates them.", "none", `max by (table) (trackbot_database_table_live_rows)`, "Rows"),
			chart("Audit chains", "", "none", line{`max(trackbot_audit_chains)`, "checked"}, line{`max(trackbot_audit_chains_broken)`, "broken"}),
			chart("Longest time since a whole check of a chain", "Each is checked once a day.", "s", line{`max(trackbot_audit_oldest_check_seconds)`, "age"}),
			chart("Age of these figures", "", "s", line{`time() - max(trackbot_figures_read_timestamp_seconds)`, "age"}),
		),
	)
}
