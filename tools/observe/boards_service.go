package main

// quantiles draws the median and the slow end of a histogram, by a label if one is given.
func quantiles(metric, selector, by string) []line {
	group, legend := "le", ""
	if by != "" {
		group, legend = "le, "+by, " {{"+by+"}}"
	}
	rate := "sum by (" + group + ") (rate(" + metric + "_bucket" + selector + "[$__rate_interval]))"
	return []line{
		{"histogram_quantile(0.5, " + rate + ")", "median" + legend},
		{"histogram_quantile(0.95, " + rate + ")", "95 %" + legend},
		{"histogram_quantile(0.99, " + rate + ")", "99 %" + legend},
	}
}

func slowEnd(metric, by string) line {
	return line{"histogram_quantile(0.95, sum by (le, " + by + ") (rate(" + metric + "_bucket[$__rate_interval])))", "{{" + by + "}}"}
}

func overviewBoard() dashboard {
	return boardOf(
		"overview", "Overview", "Is the service well? Begin here, go on by the links at the top.",
		figures(
			"Now",
			figure("Alerts firing", "Of Trackbot's rules.", "none", `count(ALERTS{alertname=~"Trackbot.*", alertstate="firing"}) or vector(0)`, 1, 0),
			figure("API errors", "Part of the answers that are errors of ours.", "percentunit", `sum(rate(trackbot_http_requests_total{status="5xx"}[5m])) / sum(rate(trackbot_http_requests_total[5m]))`, 0.005, 0.02),
			figure("API, 95 %", "One request in twenty takes longer.", "s", `histogram_quantile(0.95, sum by (le) (rate(trackbot_http_request_seconds_bucket[5m])))`, 0.5, 1),
			figure("Oldest account due", "", "s", `max(trackbot_queue_oldest_seconds{queue="poll"})`, 60, 900),
			figure("Oldest message due", "", "s", `max(trackbot_queue_oldest_seconds{queue="notify"})`, 60, 300),
			figure("Platform incidents", "Open ones.", "none", `sum(max by (platform) (trackbot_platform_incidents))`, 1, 0),
			figure("Bots silent for", "The longest time since a bot reported.", "s", `max(trackbot_bot_heartbeat_age_seconds)`, 90, 180),
			figure("Tenants", "Guilds that the bot is in.", "none", `sum(max by (tier) (trackbot_tenants))`, 0, 0),
			figure("Accounts tracked", "Each counted once, however many tenants track it.", "none", `sum(max by (platform, state) (trackbot_sources))`, 0, 0),
			figure("Messages in an hour", "Delivered to Discord.", "none", `sum(increase(trackbot_deliveries_total{outcome=~"sent|found"}[1h]))`, 0, 0),
			figure("Live streams", "Dashboards that watch.", "none", `sum(trackbot_live_streams)`, 0, 0),
			figure("Audit chains broken", "", "none", `max(trackbot_audit_chains_broken)`, 0, 1),
		),
		charts(
			"Flow",
			stacked("Requests", "By class of status.", "reqps", line{`sum by (status) (rate(trackbot_http_requests_total[$__rate_interval]))`, "{{status}}"}),
			chart("Age of what is due", "How long the oldest of each queue has been due.", "s", line{`max by (queue) (trackbot_queue_oldest_seconds)`, "{{queue}}"}),
			stacked("Polls", "By outcome.", "ops", line{`sum by (outcome) (rate(trackbot_polls_total[$__rate_interval]))`, "{{outcome}}"}),
			stacked("Messages", "By outcome.", "ops", line{`sum by (outcome) (rate(trackbot_deliveries_total[$__rate_interval]))`, "{{outcome}}"}),
			chart("From found to delivered", "Of posts that were not held.", "s", quantiles("trackbot_delivery_seconds", `{since="detected"}`, "")...),
			chart("Since the last round of each loop", "A line that rises is a loop that is stuck.", "s", line{`time() - min by (service, loop) (trackbot_loop_last_pass_timestamp_seconds)`, "{{service}} {{loop}}"}),
		),
		charts(
			"Processes",
			chart("Processors used", "", "none", line{`rate(process_cpu_seconds_total{job="trackbot"}[$__rate_interval])`, "{{instance}}"}),
			chart("Memory", "Resident.", "bytes", line{`process_resident_memory_bytes{job="trackbot"}`, "{{instance}}"}),
			chart("Goroutines", "", "none", line{`go_goroutines{job="trackbot"}`, "{{instance}}"}),
			chart("Open files", "Of those that the process may have.", "percentunit", line{`process_open_fds{job="trackbot"} / process_max_fds{job="trackbot"}`, "{{instance}}"}),
		),
	)
}

func apiBoard() dashboard {
	const chosen = `{route=~"$route"}`
	return boardOf(
		"api", "API", "Requests by route: how many, how many fail, how long they take; limits and live streams.",
		charts(
			"Requests",
			stacked("By class of status", "", "reqps", line{`sum by (status) (rate(trackbot_http_requests_total` + chosen + `[$__rate_interval]))`, "{{status}}"}),
			chart("Time taken", "Of the routes chosen.", "s", quantiles("trackbot_http_request_seconds", chosen, "")...),
			chart("Busiest routes", "", "reqps", line{`topk(10, sum by (method, route) (rate(trackbot_http_requests_total` + chosen + `[$__rate_interval])))`, "{{method}} {{route}}"}),
			chart("Slowest routes, 95 %", "", "s", line{`topk(10, histogram_quantile(0.95, sum by (le, method, route) (rate(trackbot_http_request_seconds_bucket` + chosen + `[$__rate_interval]))))`, "{{method}} {{route}}"}),
			chart("Errors of ours by route", "", "reqps", line{`sum by (method, route) (rate(trackbot_http_requests_total{status="5xx", route=~"$route"}[$__rate_interval])) > 0`, "{{method}} {{route}}"}),
			chart("Problems by code", "As the contract names them.", "reqps", line{`sum by (code) (rate(trackbot_http_problems_total[$__rate_interval]))`, "{{code}}"}),
			chart("Being answered", "", "none", line{`sum by (instance) (trackbot_http_requests_in_flight)`, "{{instance}}"}),
			chart("Addresses vouched for", "By a dashboard that shares CLIENT_ADDRESS_SECRET. Refused ones count as the dashboard's own: another secret, or a clock that is off.", "reqps", line{`sum by (outcome) (rate(trackbot_http_vouched_addresses_total[$__rate_interval]))`, "{{outcome}}"}),
			chart("Refused by a limit", "user, login, share: exact caps; tenant, key: budgets of the plan.", "reqps", line{`sum by (limit) (rate(trackbot_limit_refusals_total[$__rate_interval]))`, "{{limit}}"}),
		),
		charts(
			"Live",
			chart("Streams", "", "none", line{`sum by (instance) (trackbot_live_streams)`, "{{instance}}"}),
			chart("Frames", "Comments included.", "ops", line{`sum by (instance) (rate(trackbot_live_frames_total[$__rate_interval]))`, "{{instance}}"}),
			chart("Hears the database's notices", "0: what they speed up takes its usual time.", "none", line{`min by (service, instance) (trackbot_listener_hearing)`, "{{service}} {{instance}}"}),
			chart("Age of the signing key", "An alert asks for a new one after 90 days.", "s", line{`max(trackbot_jwt_key_age_seconds)`, "age"}),
		),
	).with("route", "Route", "label_values(trackbot_http_requests_total, route)")
}

func tenantsBoard() dashboard {
	return boardOf(
		"tenants", "Tenants", "Who uses most and who waits longest. No more than ten tenants are named for each figure; all others are in the dashboard's own usage pages and in `trackbot admin client show`.",
		charts(
			"Plans",
			stacked("Tenants by plan", "", "none", line{`max by (tier) (trackbot_tenants)`, "{{tier}}"}),
			chart("In grace after a downgrade", "", "none", line{`max by (tier) (trackbot_tenants_in_grace)`, "{{tier}}"}),
			chart("Suspended", "By an operator: nothing is polled or sent for them, and their people read the reason.", "none", line{`max by (tier) (trackbot_tenants_suspended)`, "{{tier}}"}),
			chart("Refused by the plan's limits", "Requests beyond the budget of a tenant or a key.", "reqps", line{`sum by (limit) (rate(trackbot_limit_refusals_total{limit=~"tenant|key"}[$__rate_interval]))`, "{{limit}}"}),
			chart("Refused as beyond the plan", "Accounts, brands and exports that the plan does not hold.", "reqps", line{`sum(rate(trackbot_http_problems_total{code="tier_limit"}[$__rate_interval]))`, "tier_limit"}),
		),
		charts(
			"Those at the top",
			chart("Polls today", "Since midnight UTC.", "none", line{`max by (guild, tier) (trackbot_tenant_used_today{figure="polls", guild=~"$guild"})`, "{{guild}} ({{tier}})"}),
			chart("Notifications today", "", "none", line{`max by (guild, tier) (trackbot_tenant_used_today{figure="notifications", guild=~"$guild"})`, "{{guild}} ({{tier}})"}),
			chart("Requests today", "", "none", line{`max by (guild, tier) (trackbot_tenant_used_today{figure="api_requests", guild=~"$guild"})`, "{{guild}} ({{tier}})"}),
			chart("Posts today", "", "none", line{`max by (guild, tier) (trackbot_tenant_used_today{figure="posts", guild=~"$guild"})`, "{{guild}} ({{tier}})"}),
			chart("Longest waits", "How long a tenant's oldest due message has waited.", "s", line{`max by (guild, tier) (trackbot_tenant_oldest_delivery_seconds{guild=~"$guild"})`, "{{guild}} ({{tier}})"}),
			table("Waiting messages", "Of the tenants that wait longest.", "none", `max by (guild, tier) (trackbot_tenant_waiting_deliveries{guild=~"$guild"})`, "Messages"),
		),
	).with("guild", "Guild", "label_values(trackbot_tenant_used_today, guild)")
}
