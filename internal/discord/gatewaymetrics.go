package discord

import (
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// gatewayMetrics count what happens on the gateway. A nil *gatewayMetrics counts nothing.
type gatewayMetrics struct {
	events     *prometheus.CounterVec
	reconnects *prometheus.CounterVec
	readyCount prometheus.Gauge
	latency    *prometheus.GaugeVec
	lastAck    *prometheus.GaugeVec
}

func newGatewayMetrics(reg prometheus.Registerer) *gatewayMetrics {
	if reg == nil {
		return nil
	}
	m := &gatewayMetrics{
		events: register(reg, prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "trackbot_discord_gateway_events_total",
			Help: "Gateway events handled, by type.",
		}, []string{"type"})),
		reconnects: register(reg, prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "trackbot_discord_gateway_reconnects_total",
			Help: "Gateway connections ended and to be made again, by reason.",
		}, []string{"reason"})),
		readyCount: register(reg, prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "trackbot_discord_gateway_shards_ready",
			Help: "Shards connected and ready.",
		})),
		latency: register(reg, prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "trackbot_discord_gateway_latency_seconds",
			Help: "Time until the last heartbeat of the shard was acknowledged.",
		}, []string{"shard"})),
		lastAck: register(reg, prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "trackbot_discord_gateway_last_ack_timestamp_seconds",
			Help: "When Discord last acknowledged a heartbeat of the shard; at first, when the shard began.",
		}, []string{"shard"})),
	}
	for _, reason := range []string{"dial", "close", "reconnect", "invalid", "zombie", "protocol", "stop"} {
		m.reconnects.WithLabelValues(reason) // there before its first
	}
	return m
}

func (m *gatewayMetrics) handled(event string) {
	if m != nil {
		m.events.WithLabelValues(event).Inc()
	}
}

func (m *gatewayMetrics) reconnect(reason string) {
	if m != nil {
		m.reconnects.WithLabelValues(reason).Inc()
	}
}

func (m *gatewayMetrics) moved(from, to ShardState) {
	switch {
	case m == nil || from == to:
	case to == ShardReady:
		m.readyCount.Inc()
	case from == ShardReady:
		m.readyCount.Dec()
	}
}

func (m *gatewayMetrics) acked(shard int, latency time.Duration) {
	if m != nil {
		m.latency.WithLabelValues(strconv.Itoa(shard)).Set(latency.Seconds())
		m.lastAck.WithLabelValues(strconv.Itoa(shard)).SetToCurrentTime()
	}
}

// began makes the shard's series, so that one that never connects is seen.
func (m *gatewayMetrics) began(shard int) {
	if m != nil {
		m.lastAck.WithLabelValues(strconv.Itoa(shard)).SetToCurrentTime()
	}
}
