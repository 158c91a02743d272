package account

import (
	"math/big"
	"strings"
)

// maxPermissionDigits is far above what Discord's permission bits need today.
const maxPermissionDigits = 64

// manageBits are ADMINISTRATOR (0x8) and MANAGE_GUILD (0x20) (Discord API docs: Permissions).
var manageBits = big.NewInt(0x8 | 0x20)

// CanManage tells whether someone may change a guild: its owner, ADMINISTRATOR or MANAGE_GUILD.
// A permission string that is no decimal number grants nothing.
func CanManage(owner bool, permissions string) bool {
	if owner {
		return true
	}
	bits, ok := new(big.Int).SetString(permissionString(permissions), 10)
	return ok && bits.And(bits, manageBits).Sign() != 0
}

// permissionString returns s if it is a decimal number, else "0".
func permissionString(s string) string {
	if s == "" || len(s) > maxPermissionDigits || strings.Trim(s, "0123456789") != "" {
		return "0"
	}
	return s
}
