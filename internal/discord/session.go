package discord

import (
	"context"
	"time"
)

// Session is a shard's place in Discord's stream of events. The zero value:
// there is none, the shard has to identify.
type Session struct {
	ID         string
	ResumeURL  string // where to resume
	Seq        int64  // of the last event
	ShardCount int    // a session belongs to its number of shards
}

func (s Session) exists() bool { return s.ID != "" }

// SessionStore keeps the shards' sessions beyond the process, so that the next
// one resumes behind the last handled event. Calls for one shard never overlap.
// A failing store costs nothing but events repeated or, after a restart, missed.
type SessionStore interface {
	// LoadSession returns what was saved last, the zero Session if nothing was.
	LoadSession(ctx context.Context, shard int) (Session, error)
	// SaveSession replaces what is saved. The zero Session: forget it.
	SaveSession(ctx context.Context, shard int, s Session) error
}

const (
	storeTimeout     = 5 * time.Second
	defaultSaveEvery = time.Second
)
