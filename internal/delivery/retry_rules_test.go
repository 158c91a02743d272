package delivery_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"trackbot/internal/delivery"
)

func aDelivery(t *rapid.T) *delivery.Delivery {
	return &delivery.Delivery{
		ID: uuid.New(), Kind: rapid.SampledFrom([]string{delivery.KindPost, delivery.KindDigest, delivery.KindNotice, delivery.KindBreakout}).Draw(t, "kind"),
		Attempts: rapid.IntRange(0, delivery.MaxTries-1).Draw(t, "attempts"), Plain: rapid.Bool().Draw(t, "plain"),
	}
}

func aFailure(t *rapid.T, causes ...delivery.Cause) delivery.Failure {
	return delivery.Failure{
		Cause: rapid.SampledFrom(causes).Draw(t, "cause"), Reason: "because", Detail: "detail", NotSent: rapid.Bool().Draw(t, "unsent"),
		RetryAfter: time.Duration(rapid.Int64Range(0, int64(48*time.Hour)).Draw(t, "after")),
	}
}

// 429, and what is known to be one: waits as long as asked for, and does not count as a try.
func TestALimitWaitsAndCountsNoTry(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d, f := aDelivery(t), aFailure(t, delivery.CauseRateLimited, delivery.CauseHeld)
		s := delivery.Decide(d, f)
		if s.State != delivery.StateRetry || s.Attempts != d.Attempts || s.Plain != d.Plain || s.Again || s.PauseChannel || s.MayHaveLeft {
			t.Fatalf("%+v", s)
		}
		if s.Wait < f.RetryAfter || s.Wait > f.RetryAfter+time.Millisecond {
			t.Fatalf("waits %s, asked for %s", s.Wait, f.RetryAfter)
		}
	})
}

// 5xx and network: each counts, and what Discord asks for is a floor within an hour.
func TestAnUnavailableDiscordCountsATryAndWaits(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d, f := aDelivery(t), aFailure(t, delivery.CauseUnavailable)
		s := delivery.Decide(d, f)
		if s.Attempts != d.Attempts+1 || s.MayHaveLeft == f.NotSent || s.Plain != d.Plain || s.Again || s.PauseChannel {
			t.Fatalf("%+v", s)
		}
		if d.Attempts+1 == delivery.MaxTries {
			if s.State != delivery.StateDead || s.Wait >= 0 {
				t.Fatalf("after the last try: %+v", s)
			}
			return
		}
		if s.State != delivery.StateRetry || s.Wait < min(f.RetryAfter, time.Hour) || s.Wait < delivery.Backoff(s.Attempts, d.ID) {
			t.Fatalf("waits %s after %d tries, asked for %s", s.Wait, s.Attempts, f.RetryAfter)
		}
	})
}

// 10003, 50001, 50013: the channel is paused, its delivery stays as it was.
func TestARefusedChannelKeepsItsDelivery(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d, f := aDelivery(t), aFailure(t, delivery.CauseChannelRefused)
		s := delivery.Decide(d, f)
		if !s.PauseChannel || s.State != delivery.StateRetry || s.Attempts != d.Attempts || s.Plain != d.Plain || s.Wait >= 0 || s.Again || s.MayHaveLeft || s.Reason != f.Reason {
			t.Fatalf("%+v", s)
		}
	})
}

// 50035: plain text once and at once, then dead. Any other refusal is dead.
func TestARefusedMessageIsTriedAsTextOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d, f := aDelivery(t), aFailure(t, delivery.CauseMessageRefused, delivery.CauseRefused)
		s := delivery.Decide(d, f)
		again := f.Cause == delivery.CauseMessageRefused && !d.Plain
		if s.Again != again || (s.State == delivery.StateDead) == again || s.Attempts != d.Attempts || s.PauseChannel || s.MayHaveLeft || s.Wait >= 0 {
			t.Fatalf("%+v", s)
		}
		if again && !s.Plain {
			t.Fatal("the second try is no text")
		}
	})
}

// Whatever happens in whatever order: a delivery ends after at most eight tries and one as text.
func TestEveryDeliveryEnds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := &delivery.Delivery{ID: uuid.New()}
		ended := 0
		for range 200 {
			f := aFailure(t, delivery.CauseUnavailable, delivery.CauseMessageRefused, delivery.CauseRateLimited, delivery.CauseChannelRefused)
			s := delivery.Decide(d, f)
			if s.State == delivery.StateDead {
				ended++
				break
			}
			if s.Attempts < d.Attempts || d.Plain && !s.Plain {
				t.Fatal("a step back")
			}
			d.Attempts, d.Plain = s.Attempts, s.Plain
		}
		if ended == 0 && d.Attempts >= delivery.MaxTries {
			t.Fatalf("after %d tries it goes on", d.Attempts)
		}
	})
}
