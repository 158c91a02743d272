package discord_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"trackbot/internal/discord"
)

func TestNoMoreThanFiftyRequestsInAnySecond(t *testing.T) {
	t.Parallel()
	limits(t, discord.Config{MaxWait: time.Minute}, []func() *http.Response{give(200, `{}`)}, func(c *discord.Client, s *scripted) {
		var wg sync.WaitGroup
		for i := range 230 {
			wg.Go(func() {
				time.Sleep(time.Duration(i) * 3 * time.Millisecond)
				if err := post(t, c, fmt.Sprint(100000+i)); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if len(s.sent) != 230 {
			t.Fatalf("%d sent", len(s.sent))
		}
		for i := 50; i < len(s.sent); i++ {
			if span := s.sent[i].Sub(s.sent[i-50]); span < time.Second {
				t.Fatalf("51 requests within %s", span)
			}
		}
		within(t, "all sent", s.sent[229].Sub(s.sent[0]), 4*time.Second, 5*time.Second)
	})
}

func TestMaxWait(t *testing.T) {
	t.Parallel()
	exhausted := []func() *http.Response{
		give(200, `{}`, bucketHeaders("b", 1, 0, "2")...), give(200, `{}`, bucketHeaders("b", 1, 0, "5")...),
	}
	t.Run("waits no longer than allowed", func(t *testing.T) {
		t.Parallel()
		limits(t, discord.Config{MaxWait: 3 * time.Second}, exhausted, func(c *discord.Client, s *scripted) {
			_ = post(t, c, channelA)
			began := time.Now()
			if err := post(t, c, channelA); err != nil {
				t.Fatal(err)
			}
			within(t, "sent", time.Since(began), 2*time.Second, 2*time.Second)
			began = time.Now()
			limited(t, post(t, c, channelA))
			within(t, "refused", time.Since(began), 0, 0)
			if s.count() != 2 {
				t.Errorf("%d sent", s.count())
			}
		})
	})
	t.Run("does not wait past the caller's deadline", func(t *testing.T) {
		t.Parallel()
		limits(t, discord.Config{MaxWait: time.Minute}, exhausted, func(c *discord.Client, _ *scripted) {
			_ = post(t, c, channelA)
			ctx, cancel := context.WithTimeout(context.Background(), time.Second)
			defer cancel()
			began := time.Now()
			_, err := c.CreateMessage(ctx, channelA, discord.MessageCreate{Content: "x"})
			limited(t, err)
			within(t, "refused", time.Since(began), 0, 0)
		})
	})
	t.Run("ends with the caller", func(t *testing.T) {
		t.Parallel()
		limits(t, discord.Config{MaxWait: time.Minute}, exhausted, func(c *discord.Client, s *scripted) {
			_ = post(t, c, channelA)
			ctx, cancel := context.WithCancel(context.Background())
			time.AfterFunc(time.Second, cancel)
			_, err := c.CreateMessage(ctx, channelA, discord.MessageCreate{Content: "x"})
			if !errors.Is(err, context.Canceled) || !discord.NotSent(err) || s.count() != 1 {
				t.Errorf("%v after %d", err, s.count())
			}
		})
	})
}

func TestGuardHoldsBackBeforeDiscordBans(t *testing.T) {
	t.Parallel()
	limits(t, discord.Config{InvalidLimit: 20, PerSecond: 1000}, []func() *http.Response{
		give(403, `{"message":"Missing Access","code":50001}`),
	}, func(c *discord.Client, s *scripted) {
		for i := range 30 {
			err := post(t, c, channelA)
			if (i >= 20) != errors.Is(err, discord.ErrInvalidRequestGuard) {
				t.Fatalf("call %d: %v", i, err)
			}
			time.Sleep(time.Second)
		}
		if s.count() != 20 || c.InvalidRequests() != 20 {
			t.Errorf("%d sent, %d counted", s.count(), c.InvalidRequests())
		}
		err := c.RespondInteraction(context.Background(), channelB, "token", discord.InteractionResponse{Type: discord.CallbackPong})
		wait, ok := discord.RetryAfter(err)
		if !errors.Is(err, discord.ErrInvalidRequestGuard) || !ok || !discord.NotSent(err) {
			t.Fatalf("interaction: %v", err)
		}
		// The first of them were sent half a minute ago.
		within(t, "eases", wait, 9*time.Minute+20*time.Second, 9*time.Minute+50*time.Second)
		time.Sleep(wait - time.Millisecond)
		if err := post(t, c, channelA); !errors.Is(err, discord.ErrInvalidRequestGuard) {
			t.Errorf("just before: %v", err)
		}
		time.Sleep(time.Millisecond)
		if err := post(t, c, channelA); errors.Is(err, discord.ErrInvalidRequestGuard) {
			t.Errorf("after the wait: %v", err)
		}
	})
}

func TestRefusedBotTokenIsTriedEverMoreRarely(t *testing.T) {
	t.Parallel()
	refused := give(401, `{"message":"401: Unauthorized","code":0}`)
	limits(t, discord.Config{}, []func() *http.Response{
		refused, refused, refused, refused, refused, refused, give(200, `{}`),
	}, func(c *discord.Client, s *scripted) {
		began := time.Now()
		for s.count() < 6 {
			if err := post(t, c, channelA); !errors.Is(err, discord.ErrUnauthorized) {
				t.Fatal(err)
			}
			time.Sleep(time.Second)
		}
		within(t, "six tries", s.sent[5].Sub(began), 30*time.Minute, 31*time.Minute)
		if err := post(t, c, channelA); !errors.Is(err, discord.ErrUnauthorized) || !discord.NotSent(err) {
			t.Errorf("held back: %v", err)
		}
		// Users' tokens have nothing to do with it.
		if _, err := c.Me(context.Background(), "access"); err != nil {
			t.Errorf("user: %v", err)
		}
		time.Sleep(15 * time.Minute)
		for range 3 {
			if err := post(t, c, channelA); err != nil {
				t.Errorf("healed: %v", err)
			}
		}
	})
}

func TestNetworkFaultGivesThePlaceBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := 0
		c := discord.New(discord.Config{Transport: roundTrip(func(*http.Request) (*http.Response, error) {
			if n++; n%2 == 0 {
				return nil, errors.New("connection reset")
			}
			return answer(200, `{}`, bucketHeaders("b", 5, 4, "1")...), nil
		})})
		for range 20 {
			_ = post(t, c, channelA)
			time.Sleep(time.Second)
		}
		if err := post(t, c, channelA); discord.NotSent(err) {
			t.Errorf("held back: %v", err)
		}
	})
}

func TestLimitsOfPastInteractionsAreForgotten(t *testing.T) {
	t.Parallel()
	limits(t, discord.Config{}, []func() *http.Response{
		give(200, `{}`, bucketHeaders("hook", 5, 4, "2")...),
	}, func(c *discord.Client, _ *scripted) {
		for i := range 5000 {
			if _, err := c.EditInteractionResponse(context.Background(), channelA, fmt.Sprint(i), discord.InteractionMessage{}); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Second)
		}
		if n := discord.Buckets(c); n > 700 {
			t.Errorf("%d limits remembered", n)
		}
	})
}
