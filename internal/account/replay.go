package account

import (
	"context"
	"net/netip"

	"github.com/google/uuid"

	"trackbot/internal/audit"
	"trackbot/internal/store"
)

// Origin is where a request came from, for the record.
type Origin struct {
	IP        netip.Addr
	UserAgent string
	RequestID string
}

// replay is a single-use secret that came a second time and has ended its session.
type replay struct {
	sessionID uuid.UUID
	reason    string
	from      Origin
}

// noteReplay tells the managers of the user's guilds, in the audit log of each, that a member's
// session ended because a secret of it was used twice. A session belongs to no tenant, so the
// entries follow its end, and one that cannot be written does not bring the session back.
func (s *Service) noteReplay(ctx context.Context, r replay) {
	s.forgetAll()
	ctx = context.WithoutCancel(ctx)
	s.cfg.Log.WarnContext(ctx, "session ended by replay", "session_id", r.sessionID.String(), "reason", r.reason)
	guilds, err := s.guildsOfSession(ctx, r.sessionID)
	if err != nil {
		s.cfg.Log.ErrorContext(ctx, "replay not audited", "session_id", r.sessionID.String(), "error", err.Error())
		return
	}
	for _, g := range guilds[:min(len(guilds), maxTokenGuilds)] {
		err := s.store.InTenantTx(ctx, g.ClientID, func(tx store.Conn) error {
			return audit.Append(ctx, tx, r.entry(g.ClientID))
		})
		if err != nil {
			s.cfg.Log.ErrorContext(ctx, "replay not audited", "session_id", r.sessionID.String(), "client_id", g.ClientID.String(), "error", err.Error())
		}
	}
}

func (s *Service) guildsOfSession(ctx context.Context, id uuid.UUID) ([]Guild, error) {
	session, err := s.q.GetSession(ctx, s.store.Shared(), id)
	if err != nil {
		return nil, err
	}
	return s.guildsOf(ctx, session.UserID)
}

func (r replay) entry(clientID uuid.UUID) audit.Entry {
	return audit.Entry{
		ClientID: clientID,
		By: audit.By{
			Actor: audit.Actor{ID: "api", Type: audit.System, Name: "Trackbot"}, Source: audit.FromSystem,
			RequestID: r.from.RequestID, IP: r.from.IP, UserAgent: r.from.UserAgent,
		},
		Action: audit.SessionRevoked, TargetType: audit.TargetSession, TargetID: r.sessionID.String(),
		Changes: []audit.Change{{Field: "revokedReason", New: r.reason}},
	}
}
