package worker

import (
	"context"
	"log/slog"
	"time"
)

// Keep runs round at once and then at every interval until ctx ends, and returns nil. A round that fails is logged,
// and the next is tried all the same.
func Keep(ctx context.Context, log *slog.Logger, every time.Duration, round func(context.Context) error) error {
	for {
		if err := round(ctx); err != nil && ctx.Err() == nil {
			log.ErrorContext(ctx, "upkeep failed", "error", err)
		}
		if !pause(ctx, every) {
			return nil
		}
	}
}
