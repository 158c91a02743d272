package account

import (
	"context"

	"github.com/google/uuid"

	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// Foresight is what the checks of a request are going to ask, as far as its token tells: to be asked in one round
// trip, after which Authenticate and Access find the answers in memory. It decides nothing.
type Foresight struct {
	UserID    string
	ClientID  uuid.UUID // of the guild, as the token has it; Access tells whether that is so
	Questions []store.Question
}

// Foresee tells what the checks of a request to a guild will ask; false for a token that does not count or does not
// name the guild.
func (s *Service) Foresee(accessToken, guildID string) (Foresight, bool) {
	p, err := s.tokens.holder(s.cfg.Keys, accessToken, s.cfg.Now())
	if err != nil {
		return Foresight{}, false
	}
	claim := p.claim(guildID)
	if claim == nil {
		return Foresight{}, false
	}
	f := Foresight{UserID: p.UserID, ClientID: claim.ClientID}
	if take := s.sessions.Foresee(sessionKey{p.SessionID, p.UserID}); take != nil {
		f.Questions = append(f.Questions, s.foreseeSession(p, take))
	}
	if take := s.access.Foresee(accessKey{p.UserID, guildID}); take != nil {
		f.Questions = append(f.Questions, s.foreseeAccess(p, guildID, take))
	}
	return f, true
}

func (s *Service) foreseeSession(p *Principal, take func(struct{}, bool)) store.Question {
	var found bool
	return store.Question{
		On: s.store.Shared(),
		Read: func(ctx context.Context, conn store.Conn) error {
			_, err := s.q.GetLiveSession(ctx, conn, p.SessionID, p.UserID)
			found = err == nil
			return unlessNone(err)
		},
		Done: func(err error) { take(struct{}{}, err == nil && found) },
	}
}

// foreseeAccess leaves it to Access to ask again where there is more to do than to read.
func (s *Service) foreseeAccess(p *Principal, guildID string, take func(membership, bool)) store.Question {
	var row db.GetGuildAccessRow
	var found bool
	return store.Question{
		On: s.store.Directory([]string{guildID}),
		Read: func(ctx context.Context, conn store.Conn) (err error) {
			row, err = s.q.GetGuildAccess(ctx, conn, accessOf(p.UserID, guildID))
			found = err == nil && !row.SyncDue && !row.TouchDue
			return unlessNone(err)
		},
		Done: func(err error) { take(standing(row), err == nil && found) },
	}
}

func unlessNone(err error) error {
	if store.IsNotFound(err) {
		return nil
	}
	return err
}
