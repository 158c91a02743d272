package httpapi

import (
	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"

	"trackbot/api"
	"trackbot/internal/account"
)

// cdnURL is where Discord serves images (Discord API docs: Reference, Image Formatting).
const cdnURL = "https://cdn.discordapp.com/"

func orEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// textOrNull is null for an empty text.
func textOrNull(s string) nullable.Nullable[string] {
	if s == "" {
		return nullable.NewNullNullable[string]()
	}
	return nullable.NewNullableWithValue(s)
}

// imageURL is the address of an image of Discord's, null without a hash.
func imageURL(kind, id, hash string) nullable.Nullable[string] {
	if hash == "" {
		return nullable.NewNullNullable[string]()
	}
	return nullable.NewNullableWithValue(cdnURL + kind + "/" + id + "/" + hash + ".png")
}

func tokenPair(p account.TokenPair) api.TokenPair {
	return api.TokenPair{
		AccessToken: p.AccessToken, TokenType: api.TokenPairTokenTypeBearer, ExpiresIn: int(p.ExpiresIn.Seconds()),
		RefreshToken: p.RefreshToken, RefreshExpiresAt: api.At(p.RefreshExpiresAt),
	}
}

func meOf(me account.Me) api.Me {
	out := api.Me{
		User: api.User{
			ID: me.UserID, Username: me.Username, GlobalName: textOrNull(me.GlobalName),
			AvatarURL: imageURL("avatars", me.UserID, me.AvatarHash),
		},
		Session: api.CurrentSession{ID: me.SessionID, CreatedAt: api.At(me.CreatedAt), ExpiresAt: api.At(me.ExpiresAt)},
		Guilds:  make([]api.MeGuild, len(me.Guilds)),
	}
	for i, g := range me.Guilds {
		out.Guilds[i] = api.MeGuild{
			ID: g.ID, ClientID: g.ClientID, Name: g.Name, IconURL: imageURL("icons", g.ID, g.IconHash),
			Permissions: g.Permissions, CanManage: g.CanManage,
		}
	}
	return out
}

func sessionItems(sessions []account.Session, current uuid.UUID) []api.Session {
	items := make([]api.Session, len(sessions))
	for i, s := range sessions {
		items[i] = api.Session{
			ID: s.ID, CreatedAt: api.At(s.CreatedAt), ExpiresAt: api.At(s.ExpiresAt), LastUsedAt: api.AtOrNull(&s.LastUsedAt),
			UserAgent: textOrNull(s.UserAgent), IPAddress: nullable.NewNullNullable[string](), Current: s.ID == current,
		}
		if s.IP.IsValid() {
			items[i].IPAddress.Set(s.IP.String())
		}
	}
	return items
}
