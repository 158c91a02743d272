package discord

import (
	"fmt"
	"math/big"
)

// Permission is one bit of a permission set, by its number.
type Permission uint

// The permissions Trackbot asks about (Discord API docs: Permissions).
const (
	PermAdministrator         Permission = 3
	PermManageGuild           Permission = 5
	PermViewChannel           Permission = 10
	PermSendMessages          Permission = 11
	PermEmbedLinks            Permission = 14
	PermReadMessageHistory    Permission = 16
	PermMentionEveryone       Permission = 17
	PermUseCommands           Permission = 31
	PermSendMessagesInThreads Permission = 38
)

// maxPermissionDigits bounds what is parsed: 64 digits hold over 200 permissions.
const maxPermissionDigits = 64

// ParsePermissions reads a permission set as Discord writes it: a decimal
// number without sign that may exceed 64 bits.
func ParsePermissions(s string) (*big.Int, error) {
	if s == "" || len(s) > maxPermissionDigits {
		return nil, fmt.Errorf("read permissions: %d digits", len(s))
	}
	for _, r := range s {
		if r < '0' || r > '9' {
			return nil, fmt.Errorf("read permissions: %q is not a decimal number", s)
		}
	}
	n, _ := new(big.Int).SetString(s, 10)
	return n, nil
}

// PermissionSet returns the set of the given permissions.
func PermissionSet(perms ...Permission) *big.Int {
	n := new(big.Int)
	for _, p := range perms {
		n.SetBit(n, int(p), 1)
	}
	return n
}

// HasPermission reports whether set holds p, directly or as an administrator's.
func HasPermission(set *big.Int, p Permission) bool {
	return set != nil && (set.Bit(int(p)) == 1 || set.Bit(int(PermAdministrator)) == 1)
}

// CanManage reports whether someone may manage a guild: its owner, or a holder
// of ADMINISTRATOR or MANAGE_GUILD. What cannot be read grants nothing.
func CanManage(owner bool, permissions string) bool {
	if owner {
		return true
	}
	set, err := ParsePermissions(permissions)
	return err == nil && HasPermission(set, PermManageGuild)
}

// GuildPermissions returns what a member may do in the guild as a whole
// (Discord API docs: Permissions, Permission Hierarchy and Overwrites). The
// owner gets ADMINISTRATOR.
func GuildPermissions(g Guild, userID string, memberRoles []string) *big.Int {
	if g.OwnerID != "" && g.OwnerID == userID {
		return PermissionSet(PermAdministrator)
	}
	held := map[string]bool{g.ID: true}
	for _, id := range memberRoles {
		held[id] = true
	}
	set := new(big.Int)
	for _, r := range g.Roles {
		if !held[r.ID] {
			continue
		}
		if p, err := ParsePermissions(r.Permissions); err == nil {
			set.Or(set, p)
		}
	}
	return set
}

// ChannelPermissions applies a channel's overwrites to a member's guild
// permissions: first @everyone's, then those of the roles together, then the
// member's own. Administrators are beyond overwrites.
func ChannelPermissions(base *big.Int, ch Channel, guildID, userID string, memberRoles []string) *big.Int {
	set := new(big.Int).Set(base)
	if HasPermission(base, PermAdministrator) {
		return set
	}
	held := map[string]bool{}
	for _, id := range memberRoles {
		held[id] = true
	}
	var roleAllow, roleDeny, ownAllow, ownDeny big.Int
	for _, o := range ch.Overwrites {
		allow, errAllow := ParsePermissions(o.Allow)
		deny, errDeny := ParsePermissions(o.Deny)
		if errAllow != nil || errDeny != nil {
			continue
		}
		switch {
		case o.ID == guildID:
			set.AndNot(set, deny).Or(set, allow)
		case o.Type == overwriteRole && held[o.ID]:
			roleAllow.Or(&roleAllow, allow)
			roleDeny.Or(&roleDeny, deny)
		case o.Type == overwriteMember && o.ID == userID:
			ownAllow.Or(&ownAllow, allow)
			ownDeny.Or(&ownDeny, deny)
		}
	}
	set.AndNot(set, &roleDeny).Or(set, &roleAllow)
	return set.AndNot(set, &ownDeny).Or(set, &ownAllow)
}

const (
	overwriteRole   = 0
	overwriteMember = 1
)

// CanPost reports whether a holder of set can post cards into such a channel.
func CanPost(set *big.Int, t ChannelType) bool {
	send := PermSendMessages
	if t.IsThread() {
		send = PermSendMessagesInThreads
	}
	return t.Messageable() && HasPermission(set, PermViewChannel) && HasPermission(set, send) &&
		HasPermission(set, PermEmbedLinks)
}
