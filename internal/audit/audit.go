// Package audit writes the log of changes: one entry in the transaction of each
// change, so that without the entry there is no change. A tenant's entries have
// a seq without gaps, and each carries the SHA-256 of itself and of the one
// before it:
//
//	entry 1 ──hash──► entry 2 ──hash──► … ──hash──► entry n = head
//
// Append extends the chain, Verify recomputes it and names the first entry that
// was altered, taken out or added behind its back. Address and user agent are
// outside the chain but for a salted hash, so erasing them keeps it valid. So are
// the actor's id and name: the chain covers an alias, which takes their place when
// a person leaves, and a salted hash of both.
package audit

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// ActorType is the kind of who made a change.
type ActorType string

// The kinds of actors.
const (
	User   ActorType = "user"
	System ActorType = "system"
	Bot    ActorType = "bot"
	APIKey ActorType = "api_key"
)

// Source is the way a change came in.
type Source string

// The ways in.
const (
	FromDashboard Source = "dashboard"
	FromBot       Source = "bot"
	FromAPI       Source = "api"
	FromSystem    Source = "system"
)

// Actor is who made a change. ID is the Discord id of a user, the id of a key, or the name of a process.
type Actor struct {
	ID   string
	Type ActorType
	Name string // as people know it at this moment
}

// By is who made a change and from where. RequestID, IP and UserAgent are
// those of the HTTP request, if there was one.
type By struct {
	Actor
	Source    Source
	RequestID string
	IP        netip.Addr
	UserAgent string
}

// Change is one field before and after. The values are written as JSON; nil stands for nothing there.
type Change struct {
	Field string `json:"field"`
	Old   any    `json:"old"`
	New   any    `json:"new"`
}

// Entry is one change of one target. Its guild is the tenant's.
type Entry struct {
	ClientID   uuid.UUID
	By         By
	Action     Action
	TargetType Target
	TargetID   string
	Changes    []Change
}

const (
	maxName      = 100
	maxRequestID = 128
	maxUserAgent = 512
)

// Append adds e to its tenant's chain. tx must be the transaction of the change itself; the
// chain stays locked until it ends, so append last and keep what follows short.
func Append(ctx context.Context, tx store.Conn, e Entry) error {
	changes, err := encodeChanges(e.Changes)
	if err != nil {
		return fmt.Errorf("encode audit changes: %w", err)
	}
	head, err := lockHead(ctx, tx, e.ClientID)
	if err != nil {
		return fmt.Errorf("lock audit chain: %w", err)
	}
	id, err := uuid.NewV7()
	if err != nil {
		return fmt.Errorf("make audit id: %w", err)
	}
	row := db.AuditLog{
		ClientID: e.ClientID, Seq: head.Seq + 1, ID: id,
		CreatedAt: time.Now().UTC().Truncate(time.Microsecond), // PostgreSQL keeps microseconds
		GuildID:   head.GuildID,
		ActorID:   text(e.By.ID, maxName), ActorType: string(e.By.Type), ActorName: text(e.By.Name, maxName),
		Action: string(e.Action), TargetType: string(e.TargetType), TargetID: text(e.TargetID, maxName),
		Changes: changes, Source: string(e.By.Source), RequestID: text(e.By.RequestID, maxRequestID),
		IpAddress: address(e.By.IP), UserAgent: text(e.By.UserAgent, maxUserAgent),
		Previous: head.Hash,
	}
	row.OriginHash = originHash(head.Salt, row)
	alias := actorAlias(head.Salt, row.ActorID)
	row.ActorAlias, row.ActorHash = &alias, actorHash(head.Salt, row)
	row.Hash = entryHash(row)
	if err := db.New().AppendAudit(ctx, tx, db.AppendAuditParams(row)); err != nil {
		return fmt.Errorf("append audit entry: %w", err)
	}
	return nil
}

// lockHead returns the end of the chain, which it starts when there is none.
func lockHead(ctx context.Context, tx store.Conn, clientID uuid.UUID) (db.LockAuditHeadRow, error) {
	q := db.New()
	head, err := q.LockAuditHead(ctx, tx, clientID)
	if !store.IsNotFound(err) {
		return head, err
	}
	salt := make([]byte, 32)
	_, _ = rand.Read(salt) // never returns an error (crypto/rand)
	start := db.StartAuditHeadParams{ClientID: clientID, Hash: genesis(), Salt: salt}
	if err := q.StartAuditHead(ctx, tx, start); err != nil {
		return db.LockAuditHeadRow{}, err
	}
	return q.LockAuditHead(ctx, tx, clientID)
}

// text makes s storable in at most limit characters: valid UTF-8 without NUL, which PostgreSQL refuses.
func text(s string, limit int) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
	if runes := []rune(s); len(runes) > limit {
		return string(runes[:limit])
	}
	return s
}

func address(ip netip.Addr) *netip.Addr {
	if !ip.IsValid() {
		return nil
	}
	ip = ip.Unmap().WithZone("")
	return &ip
}
