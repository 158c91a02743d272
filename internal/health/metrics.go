package health

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// out takes figures one by one.
type out struct{ ch chan<- prometheus.Metric }

// labels are names and values in turn.
func (o out) put(kind prometheus.ValueType, name, help string, value float64, labels ...string) {
	var names, values []string
	for i := 0; i+1 < len(labels); i += 2 {
		names, values = append(names, labels[i]), append(values, labels[i+1])
	}
	o.ch <- prometheus.MustNewConstMetric(prometheus.NewDesc(name, help, names, nil), kind, value, values...)
}

func (o out) gauge(name, help string, value float64, labels ...string) {
	o.put(prometheus.GaugeValue, name, help, value, labels...)
}

func (o out) counter(name, help string, value float64, labels ...string) {
	o.put(prometheus.CounterValue, name, help, value, labels...)
}

func (q quickFigures) tell(o out) {
	for _, r := range q.queues {
		o.gauge("trackbot_queue_depth", "What is due and not done, by queue: poll, measure, notify, held, export.", float64(r.Depth), "queue", r.Queue)
		o.gauge("trackbot_queue_oldest_seconds", "How long the oldest of a queue has been due; 0 of an empty one.", r.OldestSeconds, "queue", r.Queue)
	}
	for _, b := range q.bots {
		o.gauge("trackbot_bot_heartbeat_age_seconds", "Time since a bot last told the database that it lives.", b.SilentSeconds, "bot", b.ID)
		o.gauge("trackbot_bot_guilds", "Guilds that a bot serves, as it last told.", float64(b.GuildCount), "bot", b.ID)
		for _, status := range []string{"online", "degraded", "offline"} {
			value := 0.0
			if b.Status == status {
				value = 1
			}
			o.gauge("trackbot_bot_status", "1 for the status that a bot last told.", value, "bot", b.ID, "status", status)
		}
	}
}

func (s slowFigures) tell(o out) {
	o.gauge("trackbot_figures_read_timestamp_seconds", "When the figures of the service as a whole were last read.", float64(s.at.UnixNano())/float64(time.Second))
	for _, r := range s.sources {
		o.gauge("trackbot_sources", "Accounts at platforms that somebody tracks, by platform and state.", float64(r.Sources), "platform", r.Platform, "state", r.State)
	}
	for _, r := range s.tenants {
		o.gauge("trackbot_tenants", "Tenants by plan.", float64(r.Tenants), "tier", r.Tier)
		o.gauge("trackbot_tenants_in_grace", "Tenants in the days of grace after a downgrade, by plan.", float64(r.InGrace), "tier", r.Tier)
		o.gauge("trackbot_tenants_suspended", "Tenants that an operator has suspended, by plan.", float64(r.Suspended), "tier", r.Tier)
	}
	for _, r := range s.subscriptions {
		o.gauge("trackbot_websub_subscriptions", "Subscriptions to WebSub hubs by state.", float64(r.Subscriptions), "state", r.State)
	}
	o.gauge("trackbot_audit_chains", "Audit chains that have been checked.", float64(s.audit.Chains))
	o.gauge("trackbot_audit_chains_broken", "Audit chains that the last check found broken.", float64(s.audit.Broken))
	o.gauge("trackbot_audit_oldest_check_seconds", "Time since the chain that has waited longest was last checked from its first entry.", s.audit.OldestWholeSeconds)
	s.tellDatabase(o)
	s.tellTenants(o)
}

func (s slowFigures) tellDatabase(o out) {
	d := s.database
	o.gauge("trackbot_database_size_bytes", "Size of the database on disk.", float64(d.SizeBytes))
	o.gauge("trackbot_database_backends", "Connections to the database, of whomever.", float64(d.Backends))
	o.gauge("trackbot_database_backends_limit", "Connections that the server takes in all (max_connections).", float64(d.MaxConnections))
	o.counter("trackbot_database_commits_total", "Transactions committed.", float64(d.Commits))
	o.counter("trackbot_database_rollbacks_total", "Transactions rolled back.", float64(d.Rollbacks))
	o.counter("trackbot_database_blocks_fetched_total", "Blocks asked for.", float64(d.BlocksFetched))
	o.counter("trackbot_database_blocks_hit_total", "Blocks found in the server's memory.", float64(d.BlocksHit))
	o.counter("trackbot_database_deadlocks_total", "Deadlocks found by the server.", float64(d.Deadlocks))
	o.counter("trackbot_database_temp_bytes_total", "Bytes that queries wrote to temporary files.", float64(d.TempBytes))
	for _, t := range s.tables {
		o.gauge("trackbot_database_table_bytes", "Size of a table with its indexes.", float64(t.Bytes), "table", t.Name)
		o.gauge("trackbot_database_table_live_rows", "Rows of a table, as PostgreSQL estimates them.", float64(t.LiveRows), "table", t.Name)
		o.gauge("trackbot_database_table_dead_rows", "Rows of a table that wait for a vacuum, as PostgreSQL estimates them.", float64(t.DeadRows), "table", t.Name)
	}
}

// tellTenants names tenants, the ten at the top of each figure and no more: see docs/adr/0031.
func (s slowFigures) tellTenants(o out) {
	for _, r := range s.busiest {
		o.gauge("trackbot_tenant_used_today", "Use today (UTC) of the ten tenants that used most, by figure.", float64(r.Used), "figure", r.Figure, "guild", r.GuildID, "tier", r.Tier)
	}
	for _, r := range s.waits {
		o.gauge("trackbot_tenant_waiting_deliveries", "Due deliveries of the ten tenants whose oldest has waited longest.", float64(r.Waiting), "guild", r.GuildID, "tier", r.Tier)
		o.gauge("trackbot_tenant_oldest_delivery_seconds", "How long the oldest due delivery of those tenants has waited.", r.OldestSeconds, "guild", r.GuildID, "tier", r.Tier)
	}
}
