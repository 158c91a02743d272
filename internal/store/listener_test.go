package store_test

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"trackbot/internal/store"
	"trackbot/internal/testkit"
)

const (
	news  store.Channel = "test_news"
	other store.Channel = "test_other"
)

// ear keeps what a subscriber was told.
type ear struct{ heard chan store.Notice }

func newEar() ear                   { return ear{make(chan store.Notice, 100)} }
func (e ear) tell(n store.Notice)   { e.heard <- n }
func missed() store.Notice          { return store.Notice{Missed: true} }
func payload(s string) store.Notice { return store.Notice{Payload: s} }
func (e ear) next(t *testing.T) store.Notice {
	t.Helper()
	select {
	case n := <-e.heard:
		return n
	case <-time.After(patience):
		t.Fatal("nothing was told")
		return store.Notice{}
	}
}

func (e ear) want(t *testing.T, want ...store.Notice) {
	t.Helper()
	for _, w := range want {
		if got := e.next(t); got != w {
			t.Fatalf("told %+v, want %+v", got, w)
		}
	}
}

func openAPI(t *testing.T, url string) *store.Store {
	t.Helper()
	st, err := store.Open(t.Context(), url, store.RoleAPI, store.WithMaxConns(2))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(st.Close)
	return st
}

// run lets the listener hear until the test ends; it must then end without an error.
func run(t *testing.T, l *store.Listener) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	var done sync.WaitGroup
	done.Go(func() {
		if err := l.Run(ctx); err != nil {
			t.Errorf("run listener: %v", err)
		}
	})
	t.Cleanup(func() { cancel(); done.Wait() })
}

func notify(t *testing.T, st *store.Store, ch store.Channel, payload string) {
	t.Helper()
	if err := store.Notify(t.Context(), st.Shared(), ch, payload); err != nil {
		t.Fatal(err)
	}
}

func TestNoticesReachEverySubscriberOfTheirChannelInEveryProcess(t *testing.T) {
	t.Parallel()
	address := testkit.NewDB(t).OwnerURL
	here, there := openAPI(t, address), openAPI(t, address)
	first, second, elsewhere, apart := newEar(), newEar(), newEar(), newEar()
	a, b := here.NewListener(store.ListenerConfig{}), there.NewListener(store.ListenerConfig{})
	a.Subscribe(news, first.tell)
	a.Subscribe(news, second.tell)
	a.Subscribe(other, apart.tell)
	b.Subscribe(news, elsewhere.tell)
	run(t, a)
	run(t, b)
	for _, e := range []ear{first, second, elsewhere, apart} {
		e.want(t, missed()) // what came before it heard
	}
	notify(t, here, news, "one")
	notify(t, there, news, "two")
	for _, e := range []ear{first, second, elsewhere} {
		e.want(t, payload("one"), payload("two"))
	}
	notify(t, here, other, "three")
	apart.want(t, payload("three"))
}

func TestNoticeIsToldWhenItsChangeCommitsAndNotOtherwise(t *testing.T) {
	t.Parallel()
	st := openAPI(t, testkit.NewDB(t).OwnerURL)
	e, l := newEar(), st.NewListener(store.ListenerConfig{})
	l.Subscribe(news, e.tell)
	run(t, l)
	e.want(t, missed())
	undone := errors.New("undone")
	for _, end := range []error{undone, nil} {
		err := st.InTx(t.Context(), func(tx store.Conn) error {
			for range 3 { // equal ones arrive once
				if err := store.Notify(t.Context(), tx, news, fmt.Sprint(end)); err != nil {
					return err
				}
			}
			return end
		})
		if !errors.Is(err, end) {
			t.Fatal(err)
		}
	}
	notify(t, st, news, "last")
	e.want(t, payload("<nil>"), payload("last"))
}

func TestListenerTakesUpAChannelWhileItHears(t *testing.T) {
	t.Parallel()
	st := openAPI(t, testkit.NewDB(t).OwnerURL)
	l := st.NewListener(store.ListenerConfig{})
	run(t, l)
	for i := range 3 {
		ch := store.Channel(fmt.Sprint("test_late_", i))
		e := newEar()
		cancel := l.Subscribe(ch, e.tell)
		e.want(t, missed())
		notify(t, st, ch, "one")
		e.want(t, payload("one"))
		cancel()
		again := newEar()
		l.Subscribe(ch, again.tell) // the channel is heard already
		notify(t, st, ch, "two")
		for again.next(t) != payload("two") {
		}
		if len(e.heard) != 0 {
			t.Errorf("told %+v after the end of the subscription", <-e.heard)
		}
	}
}

func TestListenerThatLostItsConnectionComesBackAndSaysSo(t *testing.T) {
	t.Parallel()
	address := testkit.NewDB(t).OwnerURL
	st := openAPI(t, address)
	e, l := newEar(), st.NewListener(store.ListenerConfig{})
	l.Subscribe(news, e.tell)
	run(t, l)
	e.want(t, missed())
	for i := range 3 {
		killListeners(t, address)
		e.want(t, missed())
		text := fmt.Sprint("after ", i)
		notify(t, st, news, text)
		e.want(t, payload(text))
	}
}

// killListeners ends the listeners' connections as an operator or a fail-over would.
func killListeners(t *testing.T, address string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context()) // nothing is written
	var n int
	err = conn.QueryRow(t.Context(), `SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
		WHERE datname = current_database() AND application_name LIKE '% listener'`).Scan(&n)
	if err != nil || n == 0 {
		t.Fatalf("ended %d listeners: %v", n, err)
	}
}

func TestListenerNoticesThatASilentConnectionIsDead(t *testing.T) {
	t.Parallel()
	direct := testkit.NewDB(t).OwnerURL
	address, err := url.Parse(direct)
	if err != nil {
		t.Fatal(err)
	}
	c := newCable(t, address.Host)
	address.Host = c.listener.Addr().String()
	st := openAPI(t, address.String())
	e, l := newEar(), st.NewListener(store.ListenerConfig{Quiet: 20 * time.Millisecond})
	l.Subscribe(news, e.tell)
	run(t, l)
	e.want(t, missed())
	notify(t, st, news, "one") // many quiet times later it still hears
	e.want(t, payload("one"))
	if !l.Hearing() {
		t.Error("a connection that answers counts as lost")
	}
	c.cut()
	for l.Hearing() {
		select {
		case n := <-e.heard:
			t.Fatalf("told %+v", n)
		case <-t.Context().Done():
			t.Fatal("a dead connection counts as heard")
		default:
		}
	}
}

func TestSubscribersAreToldInOrder(t *testing.T) {
	t.Parallel()
	st := openAPI(t, testkit.NewDB(t).OwnerURL)
	e, l := newEar(), st.NewListener(store.ListenerConfig{Quiet: time.Millisecond}) // interrupted all the time
	l.Subscribe(news, e.tell)
	run(t, l)
	e.want(t, missed())
	var want, got []string
	for i := range 90 {
		want = append(want, fmt.Sprint(i))
		notify(t, st, news, fmt.Sprint(i))
	}
	for range want {
		got = append(got, e.next(t).Payload)
	}
	if !slices.Equal(got, want) {
		t.Errorf("told %v", got)
	}
}
