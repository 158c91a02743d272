package recent_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"trackbot/internal/recent"
)

func TestMemoryAsksOncePerLife(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := recent.New[string, int](5*time.Second, 10, time.Now)
		var asked atomic.Int64
		ask := func(context.Context) (int, error) { time.Sleep(time.Second); return int(asked.Add(1)), nil }
		for range 10 {
			go func() { _, _ = m.Get(context.Background(), "a", ask) }()
		}
		synctest.Wait()
		time.Sleep(2 * time.Second)
		if v, err := m.Get(context.Background(), "a", ask); v != 1 || err != nil {
			t.Errorf("got answer %d, %v", v, err)
		}
		time.Sleep(5 * time.Second)
		if v, _ := m.Get(context.Background(), "a", ask); v != 2 {
			t.Errorf("an answer outlived its time: %d", v)
		}
	})
}

func TestMemoryForgetsWhatWasAskedBeforeADrop(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := recent.New[string, int](5*time.Second, 10, time.Now)
		go func() {
			_, _ = m.Get(context.Background(), "a", func(context.Context) (int, error) { time.Sleep(time.Second); return 1, nil })
		}()
		synctest.Wait()
		m.Drop()
		if v, _ := m.Get(context.Background(), "a", func(context.Context) (int, error) { return 2, nil }); v != 2 {
			t.Errorf("joined a question from before the drop: %d", v)
		}
		time.Sleep(2 * time.Second)
		if v, _ := m.Get(context.Background(), "a", func(context.Context) (int, error) { return 3, nil }); v != 2 {
			t.Errorf("the older answer was kept: %d", v)
		}
	})
}

func TestMemoryIsBoundedAndKeepsNoErrors(t *testing.T) {
	t.Parallel()
	now := time.Now()
	m := recent.New[string, int](5*time.Second, 10, func() time.Time { return now })
	for i := range 95 {
		if _, err := m.Get(context.Background(), fmt.Sprint(i), func(context.Context) (int, error) { return i, nil }); err != nil {
			t.Fatal(err)
		}
		if n := m.Len(); n > 10 {
			t.Fatalf("%d entries", n)
		}
		now = now.Add(time.Second)
	}
	if _, err := m.Get(context.Background(), "x", func(context.Context) (int, error) { return 0, errors.New("down") }); err == nil {
		t.Error("the error was lost")
	}
	if v, err := m.Get(context.Background(), "x", func(context.Context) (int, error) { return 7, nil }); v != 7 || err != nil {
		t.Errorf("got %d, %v", v, err)
	}
}
