package tracking_test

import (
	"testing"

	"trackbot/internal/source"
	"trackbot/internal/tracking"
)

func TestOffersAreThoseOfThePlatformsAdapter(t *testing.T) {
	t.Parallel()
	sources := source.New(source.Config{})
	t.Cleanup(sources.Close)
	offers := tracking.NewOffers(sources)
	for platform, want := range map[string]tracking.Offers{
		source.RSS:     {},
		source.Bluesky: {Likes: true, Comments: true, Shares: true},
		"myspace":      {},
	} {
		if got := offers(platform); got != want {
			t.Errorf("%s offers %+v, want %+v", platform, got, want)
		}
	}
	if !offers(source.YouTube).Views {
		t.Error("youtube offers no views")
	}
}
