package sim

import (
	"image"
	"image/color"
	"image/png"
	"math"
	"net/http"
	"strings"
)

// Size of the made-up pictures.
const (
	mediaWidth  = 480
	mediaHeight = 270
)

// serveMedia draws a picture that depends on its name alone: a soft gradient
// with a few discs, so that thumbnails and avatars look like something.
func serveMedia(w http.ResponseWriter, r *http.Request) {
	name, ok := strings.CutSuffix(r.PathValue("file"), ".png")
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "image/png")
	w.Header().Set("Cache-Control", "public, max-age=86400, immutable")
	_ = (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(w, paint(name))
}

type disc struct{ x, y, r, light float64 }

func paint(seed string) image.Image {
	hue := float64(hash(seed) % 360)
	var discs []disc
	for _, n := range []string{"a", "b", "c", "d"} {
		h := hash(seed + n)
		discs = append(discs, disc{
			float64(h % mediaWidth), float64(h >> 9 % mediaHeight), 30 + float64(h>>18%90), 0.06 + float64(h>>25%12)/100,
		})
	}
	img := image.NewRGBA(image.Rect(0, 0, mediaWidth, mediaHeight))
	for y := range mediaHeight {
		for x := range mediaWidth {
			t := (float64(x)/mediaWidth + float64(y)/mediaHeight) / 2
			light := 0.42 + 0.2*t
			for _, d := range discs {
				dist := math.Hypot(float64(x)-d.x, float64(y)-d.y)
				light += d.light * min(max(d.r-dist, 0), 1)
			}
			img.SetRGBA(x, y, hsl(hue+60*t, 0.55, min(light, 0.92)))
		}
	}
	return img
}

// hsl converts hue in degrees, saturation and lightness (CSS Color 4 §7).
func hsl(h, s, l float64) color.RGBA {
	channel := func(n float64) uint8 {
		k := math.Mod(n+h/30, 12)
		return uint8(255 * (l - s*min(l, 1-l)*max(-1, min(k-3, 9-k, 1))))
	}
	return color.RGBA{channel(0), channel(8), channel(4), 255}
}
