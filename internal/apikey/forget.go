package apikey

import (
	"crypto/sha256"
	"strings"

	"trackbot/internal/store"
)

// AccessChanged makes this process look again at the keys that a notice of store.ChannelAccess is about: at all of
// them when notices may have been lost. It returns at once.
func (s *Service) AccessChanged(n store.Notice) {
	kind, id, _ := strings.Cut(n.Payload, " ")
	switch {
	case n.Missed:
		s.forget(func(Holder) bool { return true })
	case kind == "user": // a key is told by its id; see migrations/00071_key_access.sql
		s.forget(func(h Holder) bool { return h.ID.String() == id })
	case kind == "guild":
		s.forget(func(h Holder) bool { return h.GuildID == id })
	case kind == "client":
		s.forget(func(h Holder) bool { return h.ClientID.String() == id })
	default: // of a later version
		s.forget(func(Holder) bool { return true })
	}
}

func (s *Service) forget(match func(Holder) bool) {
	s.holders.DropIf(func(_ [sha256.Size]byte, h Holder) bool { return match(h) })
}
