package httpapi

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"time"

	"trackbot/api"
	"trackbot/internal/account"
	"trackbot/internal/guild"
	"trackbot/internal/live"
	"trackbot/internal/store/db"
)

// Events writes the events of live streams as the contract's schemas have them.
type Events struct{}

var _ live.Encoder = Events{}

// Status writes a status event.
func (Events) Status(s guild.Status) ([]byte, error) { return json.Marshal(toStatus(s)) }

// Post writes a post event.
func (Events) Post(p db.PostItem, guildID string) ([]byte, error) {
	return json.Marshal(toPost(p, guildID))
}

// Export writes an export event.
func (Events) Export(e db.Export) ([]byte, error) {
	out, err := toExport(e)
	if err != nil {
		return nil, err
	}
	return json.Marshal(out)
}

// StillChecker tells whether an actor that was let in earlier may still read the guild: for what outlives the
// check at its start. A refusal is the fault that a new request would meet.
type StillChecker interface {
	Still(ctx context.Context, actor Actor, guildID string) error
}

// keyStreamLife is how long the stream of an actor without an end of its own lasts.
const keyStreamLife = time.Hour

// StreamGuildStatus opens a live stream.
func (s *Server) StreamGuildStatus(ctx context.Context, req api.StreamGuildStatusRequestObject) (api.StreamGuildStatusResponseObject, error) {
	if r, ok := ctx.Value(requestKey{}).(*http.Request); ok && r.Method == http.MethodHead {
		return streamHead{}, nil
	}
	actor, tenant := ActorFrom(ctx).slim(TenantFrom(ctx).GuildID), TenantFrom(ctx)
	viewer := live.Viewer{ClientID: tenant.ClientID, GuildID: tenant.GuildID, ID: actor.ID(), Until: actor.ExpiresAt}
	if viewer.Until.IsZero() {
		viewer.Until = s.now().Add(keyStreamLife)
	}
	viewer.Still = func(ctx context.Context) error { return s.still.Still(ctx, actor, tenant.GuildID) }
	if id := req.Params.LastEventID; id != nil {
		viewer.LastEventID = *id
	}
	if err := s.live.Admit(viewer); err != nil {
		return nil, err
	}
	return liveStream{hub: s.live, viewer: viewer}, nil
}

// streamHead answers HEAD, which has no content (RFC 9110 §9.3.2): nothing is opened.
type streamHead struct{}

// VisitStreamGuildStatusResponse writes the head.
func (streamHead) VisitStreamGuildStatusResponse(w http.ResponseWriter) error {
	streamHeaders(w.Header())
	w.WriteHeader(http.StatusOK)
	return nil
}

func streamHeaders(h http.Header) {
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // proxies must pass events on at once
}

// liveStream takes the connection over: a stream costs no goroutine and none of the server's buffers.
type liveStream struct {
	hub    *live.Hub
	viewer live.Viewer
}

// headLimit bounds the writing of the head.
const headLimit = 5 * time.Second

// VisitStreamGuildStatusResponse writes the head and hands the connection to the hub.
func (l liveStream) VisitStreamGuildStatusResponse(w http.ResponseWriter) error {
	h := w.Header()
	streamHeaders(h)
	h.Set("Connection", "close") // the body ends with the connection (RFC 9112 §6.3)
	conn, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		l.hub.Withdraw(l.viewer)
		return fmt.Errorf("take the connection over: %w", err)
	}
	if err := begin(conn, buffered.Reader, h); err != nil { // nobody is there to be told
		_ = conn.Close()
		l.hub.Withdraw(l.viewer)
		return nil
	}
	l.hub.Join(l.viewer, conn)
	return nil
}

// begin writes the head of a successful answer.
func begin(conn net.Conn, sent *bufio.Reader, header http.Header) error {
	if sent.Buffered() > 0 {
		return errors.New("the caller sent more than its request")
	}
	var head bytes.Buffer
	head.WriteString("HTTP/1.1 200 OK\r\nDate: " + time.Now().UTC().Format(http.TimeFormat) + "\r\n")
	if err := header.Write(&head); err != nil {
		return err
	}
	head.WriteString("\r\n")
	if err := conn.SetDeadline(time.Now().Add(headLimit)); err != nil {
		return err
	}
	if _, err := conn.Write(head.Bytes()); err != nil {
		return err
	}
	return conn.SetReadDeadline(time.Time{})
}

// slim is the actor with no more than one guild needs, for what keeps it long.
func (a Actor) slim(guildID string) Actor {
	if a.principal != nil {
		p := *a.principal
		p.Guilds = slices.DeleteFunc(slices.Clone(p.Guilds), func(g account.GuildClaim) bool { return g.ID != guildID })
		a.principal = &p
	}
	return a
}
