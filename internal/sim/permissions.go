package sim

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// Permissions is Discord's permission bit set, written as a decimal string in JSON.
type Permissions uint64

// The permissions that the simulator knows the meaning of (Discord API docs: Permissions).
const (
	PermAdministrator      Permissions = 1 << 3
	PermManageChannels     Permissions = 1 << 4
	PermManageGuild        Permissions = 1 << 5
	PermAddReactions       Permissions = 1 << 6
	PermViewChannel        Permissions = 1 << 10
	PermSendMessages       Permissions = 1 << 11
	PermManageMessages     Permissions = 1 << 13
	PermEmbedLinks         Permissions = 1 << 14
	PermAttachFiles        Permissions = 1 << 15
	PermReadMessageHistory Permissions = 1 << 16
	PermMentionEveryone    Permissions = 1 << 17
	PermManageRoles        Permissions = 1 << 28
	PermUseCommands        Permissions = 1 << 31

	permAll      Permissions = 1<<53 - 1
	permEveryone             = PermViewChannel | PermSendMessages | PermEmbedLinks | PermAttachFiles |
		PermReadMessageHistory | PermAddReactions | PermUseCommands
)

// MarshalJSON writes a decimal string, for the set is wider than a JSON number.
func (p Permissions) MarshalJSON() ([]byte, error) {
	return []byte(`"` + strconv.FormatUint(uint64(p), 10) + `"`), nil
}

// UnmarshalJSON reads a decimal string or a number.
func (p *Permissions) UnmarshalJSON(b []byte) error {
	n, err := strconv.ParseUint(strings.Trim(string(b), `"`), 10, 64)
	if err != nil {
		return fmt.Errorf("parse permissions: %w", err)
	}
	*p = Permissions(n)
	return nil
}

func (p Permissions) has(want Permissions) bool { return p&want == want }

// Overwrite is a channel's exception for a role (type 0) or member (type 1).
type Overwrite struct {
	ID    string      `json:"id"`
	Type  int         `json:"type"`
	Allow Permissions `json:"allow"`
	Deny  Permissions `json:"deny"`
}

// basePermissions are those of a member's roles, without ownership.
func (g *guild) basePermissions(userID string) Permissions {
	m := g.members[userID]
	if m == nil {
		return 0
	}
	var p Permissions
	for _, r := range g.roles {
		if r.ID == g.id || m.hasRole(r.ID) {
			p |= r.Permissions
		}
	}
	return p
}

// guildPermissions add what an owner and an administrator have implicitly.
func (g *guild) guildPermissions(userID string) Permissions {
	p := g.basePermissions(userID)
	if g.ownerID == userID || p.has(PermAdministrator) {
		return permAll
	}
	return p
}

// channelPermissions apply the overwrites in the documented order: everyone, roles, member.
func (g *guild) channelPermissions(userID string, ch *channel) Permissions {
	m := g.members[userID]
	if m == nil {
		return 0
	}
	p := g.guildPermissions(userID)
	if p == permAll {
		return p
	}
	var roles, member Overwrite
	for _, o := range ch.Overwrites {
		switch {
		case o.Type == 0 && o.ID == g.id:
			p = p&^o.Deny | o.Allow
		case o.Type == 0 && m.hasRole(o.ID):
			roles.Deny |= o.Deny
			roles.Allow |= o.Allow
		case o.Type == 1 && o.ID == userID:
			member = o
		}
	}
	p = p&^roles.Deny | roles.Allow
	p = p&^member.Deny | member.Allow
	if !p.has(PermViewChannel) {
		return 0 // a channel that is not seen gives no other right
	}
	return p
}

var (
	_ json.Marshaler   = Permissions(0)
	_ json.Unmarshaler = (*Permissions)(nil)
)
