package account

import (
	"strings"

	"github.com/google/uuid"

	"trackbot/internal/store"
)

// AccessChanged makes this process look again at the sessions and rights that a notice of
// store.ChannelAccess is about: at all of them when notices may have been lost. It returns at once.
func (s *Service) AccessChanged(n store.Notice) {
	kind, id, _ := strings.Cut(n.Payload, " ")
	switch {
	case n.Missed:
		s.forgetAll()
	case kind == "user":
		s.forgetUser(id)
	case kind == "guild":
		s.access.DropIf(func(k accessKey, _ membership) bool { return k.guildID == id })
		s.live.DropIf(func(k accessKey, _ liveAnswer) bool { return k.guildID == id })
	case kind == "client":
		client, err := uuid.Parse(id)
		s.access.DropIf(func(_ accessKey, m membership) bool { return err != nil || m.clientID != nil && *m.clientID == client })
	default: // of a later version
		s.forgetAll()
	}
}

// forgetUser makes this process look again at a user's sessions and rights; other processes are told
// by the database in the transaction of the change, and look again after cacheLife at the latest.
func (s *Service) forgetUser(userID string) {
	s.sessions.DropIf(func(k sessionKey, _ struct{}) bool { return k.userID == userID })
	s.access.DropIf(func(k accessKey, _ membership) bool { return k.userID == userID })
	s.live.DropIf(func(k accessKey, _ liveAnswer) bool { return k.userID == userID })
}

func (s *Service) forgetAll() {
	s.sessions.Drop()
	s.access.Drop()
	s.live.Drop()
}
