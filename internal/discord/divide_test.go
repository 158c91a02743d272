package discord_test

import (
	"net/http"
	"testing"
	"time"

	"trackbot/internal/discord"
)

// Two notifiers send no more in a second than the token has, from the moment each knows of the other.
func TestTheTokensSecondIsDividedAmongItsProcesses(t *testing.T) {
	t.Parallel()
	limits(t, discord.Config{}, []func() *http.Response{give(200, `{}`)}, func(c *discord.Client, _ *scripted) {
		burst := func() (sent int) {
			for range 80 {
				if post(t, c, channelA) == nil {
					sent++
				}
			}
			return sent
		}
		for _, step := range []struct {
			among, want int
			pause       time.Duration
		}{
			{1, 50, time.Second},
			{2, 25, time.Second},
			{2, 25, time.Second / 2},
			{3, 0, time.Second / 2}, // what was sent half a second ago still counts
			{3, 16, 0},
			{1, 34, time.Second}, // alone again within the second of the sixteen
			{200, 1, time.Second},
			{0, 50, 0},
		} {
			c.Divide(step.among)
			if got := burst(); got != step.want {
				t.Errorf("among %d: %d sent, want %d", step.among, got, step.want)
			}
			time.Sleep(step.pause)
		}
	})
}
