package app

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"trackbot/internal/embeddedpg"
)

func TestASecondDemoOnTheSameFolderIsRefused(t *testing.T) {
	t.Setenv("DATABASE_URL", "")
	dir, err := os.MkdirTemp("", "trackbot-demo-") // not t.TempDir, which the server's user may not enter
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	first, err := embeddedpg.Start(t.Context(), embeddedpg.Config{DataDir: filepath.Join(dir, "pg"), Fast: true})
	if err != nil {
		t.Fatal(err)
	}
	demo := func() error {
		_, stop, err := demoDatabase(t.Context(), DemoConfig{DataDir: dir}, slog.New(slog.DiscardHandler))
		if err == nil {
			stop()
		}
		return err
	}
	if err := demo(); err == nil || !strings.Contains(err.Error(), "a demo runs on "+dir) {
		t.Errorf("while the first runs: %v", err)
	}
	if err := first.Stop(context.WithoutCancel(t.Context())); err != nil {
		t.Fatal(err)
	}
	if err := demo(); err != nil {
		t.Errorf("after the first has ended: %v", err)
	}
}
