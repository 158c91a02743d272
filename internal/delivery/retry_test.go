package delivery_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"trackbot/internal/delivery"
)

func TestEightTriesSpanAboutSixHours(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		id := uuid.UUID(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "id"))
		d := &delivery.Delivery{ID: id}
		var total, last time.Duration
		for try := 1; ; try++ {
			step := delivery.Decide(d, delivery.Failure{Cause: delivery.CauseUnavailable})
			if step.State == delivery.StateDead {
				if try != delivery.MaxTries {
					t.Fatalf("dead after try %d, want %d", try, delivery.MaxTries)
				}
				break
			}
			if step.Wait <= last {
				t.Fatalf("wait %s after %s: not growing", step.Wait, last)
			}
			last, total, d.Attempts = step.Wait, total+step.Wait, step.Attempts
		}
		if total < 5*time.Hour || total > 7*time.Hour {
			t.Fatalf("tries span %s", total)
		}
	})
}

func TestDecideIsTheRetryTable(t *testing.T) {
	t.Parallel()
	const none = time.Duration(-1)
	id := uuid.MustParse("01890000-0000-7000-8000-000000000001")
	tests := []struct {
		name string
		d    delivery.Delivery
		f    delivery.Failure
		want delivery.Step
	}{
		{
			"a 429 waits and counts as no try",
			delivery.Delivery{Attempts: 3},
			delivery.Failure{Cause: delivery.CauseRateLimited, RetryAfter: 7 * time.Second},
			delivery.Step{State: "retry", Reason: "rate_limited", Attempts: 3, Wait: 7 * time.Second, Event: "rate_limited"},
		},
		{
			"a known limit leaves no trail",
			delivery.Delivery{},
			delivery.Failure{Cause: delivery.CauseRateLimited, RetryAfter: time.Second, NotSent: true},
			delivery.Step{State: "retry", Reason: "rate_limited", Wait: time.Second},
		},
		{
			"held back",
			delivery.Delivery{Attempts: 1},
			delivery.Failure{Cause: delivery.CauseHeld, RetryAfter: time.Minute, NotSent: true},
			delivery.Step{State: "retry", Reason: "sending_held", Attempts: 1, Wait: time.Minute},
		},
		{
			"unavailable may have arrived",
			delivery.Delivery{},
			delivery.Failure{Cause: delivery.CauseUnavailable, Detail: "502"},
			delivery.Step{State: "retry", Reason: "discord_unavailable", Attempts: 1, Wait: delivery.Backoff(1, id), MayHaveLeft: true, Event: "failed", Detail: "502"},
		},
		{
			"unavailable with a hint",
			delivery.Delivery{},
			delivery.Failure{Cause: delivery.CauseUnavailable, RetryAfter: 20 * time.Minute},
			delivery.Step{State: "retry", Reason: "discord_unavailable", Attempts: 1, Wait: 20 * time.Minute, MayHaveLeft: true, Event: "failed"},
		},
		{
			"an absurd hint is bounded",
			delivery.Delivery{},
			delivery.Failure{Cause: delivery.CauseUnavailable, RetryAfter: 20 * time.Hour},
			delivery.Step{State: "retry", Reason: "discord_unavailable", Attempts: 1, Wait: time.Hour, MayHaveLeft: true, Event: "failed"},
		},
		{
			"the last try",
			delivery.Delivery{Attempts: 7},
			delivery.Failure{Cause: delivery.CauseUnavailable},
			delivery.Step{State: "dead", Reason: "gave_up", Attempts: 8, Wait: none, MayHaveLeft: true, Event: "gave_up"},
		},
		{
			"a refused channel pauses and keeps the delivery",
			delivery.Delivery{Attempts: 2},
			delivery.Failure{Cause: delivery.CauseChannelRefused, Reason: delivery.ReasonMissingAccess},
			delivery.Step{State: "retry", Reason: "missing_access", Attempts: 2, Wait: none, PauseChannel: true, Event: "channel_paused"},
		},
		{
			"a refused card is tried as text",
			delivery.Delivery{},
			delivery.Failure{Cause: delivery.CauseMessageRefused, Reason: delivery.ReasonMessageRefused},
			delivery.Step{State: "retry", Reason: "message_refused", Plain: true, Wait: none, Again: true, Event: "plain_text"},
		},
		{
			"refused text is dead",
			delivery.Delivery{Plain: true},
			delivery.Failure{Cause: delivery.CauseMessageRefused, Reason: delivery.ReasonMessageRefused},
			delivery.Step{State: "dead", Reason: "message_refused", Plain: true, Wait: none, Event: "refused"},
		},
		{
			"any other refusal is dead",
			delivery.Delivery{},
			delivery.Failure{Cause: delivery.CauseRefused, Reason: "discord_200000"},
			delivery.Step{State: "dead", Reason: "discord_200000", Wait: none, Event: "refused"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.d.ID = id
			if diff := cmp.Diff(tt.want, delivery.Decide(&tt.d, tt.f)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
