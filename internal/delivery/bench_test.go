package delivery_test

import (
	"fmt"
	"testing"

	"trackbot/internal/delivery"
	"trackbot/internal/delivery/deliverytest"
)

// BenchmarkClaim measures one claim of eight channels, with their messages and their return, while
// so many channels are due.
func BenchmarkClaim(b *testing.B) {
	for _, due := range []int{100, 1000, 10000} {
		b.Run(fmt.Sprintf("due=%d", due), func(b *testing.B) {
			w := deliverytest.New(b)
			for range 4 {
				w.Client(b).Backlog(b, due/4, 2)
			}
			o := delivery.NewOutbox(w.Notifier, lease)
			for b.Loop() {
				channels, err := o.Claim(b.Context(), 8, 8)
				if err != nil || len(channels) != 8 {
					b.Fatalf("%d channels, error %v", len(channels), err)
				}
				for _, ch := range channels {
					if err := o.Release(b.Context(), ch); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}

// BenchmarkRender measures what laying out a post costs.
func BenchmarkRender(b *testing.B) {
	post := samplePosts()["long"]
	for b.Loop() {
		delivery.Render(post)
	}
}
