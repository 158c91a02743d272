package store

import (
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"
)

// poolCollector tells a pool's figures at the moment of a scrape, at no cost to queries.
type poolCollector struct {
	pool  *pgxpool.Pool
	gauge map[string]func(*pgxpool.Stat) float64 // by state of a connection
	conns, limit,
	acquires, waits, waited, given *prometheus.Desc
}

// Collector exposes the pool's figures, labelled with the database role it acts as.
func (s *Store) Collector(role Role) prometheus.Collector {
	labels := prometheus.Labels{"role": string(role)}
	desc := func(name, help string, variable ...string) *prometheus.Desc {
		return prometheus.NewDesc(name, help, variable, labels)
	}
	return &poolCollector{
		pool: s.pool,
		gauge: map[string]func(*pgxpool.Stat) float64{
			"idle":         func(st *pgxpool.Stat) float64 { return float64(st.IdleConns()) },
			"in_use":       func(st *pgxpool.Stat) float64 { return float64(st.AcquiredConns()) },
			"constructing": func(st *pgxpool.Stat) float64 { return float64(st.ConstructingConns()) },
		},
		conns:    desc("trackbot_db_pool_connections", "Connections of the process's pool, by state.", "state"),
		limit:    desc("trackbot_db_pool_connections_limit", "Connections that the pool may have."),
		acquires: desc("trackbot_db_pool_acquires_total", "Connections taken from the pool."),
		waits:    desc("trackbot_db_pool_empty_acquires_total", "Connections taken after waiting, since none was idle."),
		waited:   desc("trackbot_db_pool_acquire_wait_seconds_total", "Time spent waiting for a connection when none was idle."),
		given:    desc("trackbot_db_pool_canceled_acquires_total", "Waits for a connection that were given up."),
	}
}

// Describe implements prometheus.Collector.
func (c *poolCollector) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{c.conns, c.limit, c.acquires, c.waits, c.waited, c.given} {
		ch <- d
	}
}

// Collect implements prometheus.Collector.
func (c *poolCollector) Collect(ch chan<- prometheus.Metric) {
	st := c.pool.Stat()
	for state, read := range c.gauge {
		ch <- prometheus.MustNewConstMetric(c.conns, prometheus.GaugeValue, read(st), state)
	}
	ch <- prometheus.MustNewConstMetric(c.limit, prometheus.GaugeValue, float64(st.MaxConns()))
	counter := func(d *prometheus.Desc, v float64) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, v)
	}
	counter(c.acquires, float64(st.AcquireCount()))
	counter(c.waits, float64(st.EmptyAcquireCount()))
	counter(c.waited, st.EmptyAcquireWaitTime().Seconds())
	counter(c.given, float64(st.CanceledAcquireCount()))
}
