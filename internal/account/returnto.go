package account

import "strings"

const maxReturnTo = 512

// ValidReturnTo tells whether s is a path on the dashboard and can be nothing else to any
// browser: one slash at the start, no backslash, no space, no control or non-ASCII byte.
func ValidReturnTo(s string) bool {
	if s == "" || len(s) > maxReturnTo || s[0] != '/' {
		return false
	}
	if len(s) > 1 && s[1] == '/' {
		return false
	}
	return visible(s) && !strings.Contains(s, `\`)
}

// visible tells whether every byte is printable ASCII other than space.
func visible(s string) bool {
	for i := range len(s) {
		if s[i] < 0x21 || s[i] > 0x7E {
			return false
		}
	}
	return true
}
