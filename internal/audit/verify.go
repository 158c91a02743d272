package audit

import (
	"bytes"
	"context"
	"fmt"

	"github.com/google/uuid"

	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

const verifyPage = 1000

// Report is what Verify found.
type Report struct {
	Entries   int64  // that were found sound
	BrokenSeq int64  // the first entry that is not; 0: the chain is whole
	Reason    string // what is wrong with it
}

// Verify recomputes the tenant's chain from its first entry to its head. Entries appended
// meanwhile are left for the next time. An error means that the log could not be read.
func Verify(ctx context.Context, conn store.Conn, clientID uuid.UUID) (Report, error) {
	c := checker{previous: genesis()}
	return c.run(ctx, conn, clientID)
}

// run goes on from where the checker stands to the head.
func (c *checker) run(ctx context.Context, conn store.Conn, clientID uuid.UUID) (Report, error) {
	q := db.New()
	ends, err := q.GetAuditEnds(ctx, conn, clientID)
	if err != nil {
		return Report{}, fmt.Errorf("read audit head: %w", err)
	}
	for c.salt = ends.Salt; c.seq < ends.HeadSeq; {
		rows, err := q.ListAuditChain(ctx, conn, db.ListAuditChainParams{
			ClientID: clientID, AfterSeq: c.seq, LastSeq: ends.HeadSeq, MaxRows: verifyPage,
		})
		if err != nil {
			return Report{}, fmt.Errorf("read audit entries: %w", err)
		}
		if len(rows) == 0 {
			return c.broken("the entry is missing"), nil
		}
		for _, r := range rows {
			if reason := c.check(r); reason != "" {
				return c.broken(reason), nil
			}
		}
	}
	switch {
	case ends.HeadSeq < c.seq: // the chain was longer once
		return Report{Entries: ends.HeadSeq, BrokenSeq: ends.HeadSeq + 1, Reason: "the entry is missing"}, nil
	case ends.HeadSeq > 0 && !bytes.Equal(ends.HeadHash, c.previous):
		return Report{Entries: c.seq - 1, BrokenSeq: c.seq, Reason: "the head names another last entry"}, nil
	case ends.LastSeq > ends.HeadSeq:
		return c.broken("the entry is not part of the chain"), nil
	}
	return Report{Entries: c.seq}, nil
}

// checker stands behind entry seq, the last one found sound.
type checker struct {
	salt     []byte
	seq      int64
	previous []byte
}

func (c *checker) broken(reason string) Report {
	return Report{Entries: c.seq, BrokenSeq: c.seq + 1, Reason: reason}
}

// check steps over r and returns "" if r is the sound next entry.
func (c *checker) check(r db.AuditLog) string {
	switch {
	case r.Seq != c.seq+1:
		return "the entry is missing"
	case !bytes.Equal(r.Previous, c.previous):
		return "the entry does not follow the one before it"
	}
	if reason := altered(c.salt, r); reason != "" {
		return reason
	}
	c.seq, c.previous = r.Seq, r.Hash
	return ""
}

// altered says what of an entry is not as it was written, "" if all is.
func altered(salt []byte, r db.AuditLog) string {
	switch {
	case !bytes.Equal(r.Hash, entryHash(r)):
		return "the entry was altered"
	case !erased(r) && !bytes.Equal(r.OriginHash, originHash(salt, r)):
		return "the address or user agent was altered"
	case r.ActorAlias != nil && !hasLeft(r) && !bytes.Equal(r.ActorHash, actorHash(salt, r)):
		return "the actor was altered"
	}
	return ""
}

// hasLeft tells whether the alias stands in the place of the person.
func hasLeft(r db.AuditLog) bool { return r.ActorID == *r.ActorAlias && r.ActorName == "" }

// erased tells whether address and user agent are gone: erased on request, or never there.
func erased(r db.AuditLog) bool { return r.IpAddress == nil && r.UserAgent == "" }
