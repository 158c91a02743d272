package httpapi

import (
	"net/netip"
	"slices"
	"strings"
)

// ClientIP is the address a request came from: the peer, or if the peer is a trusted proxy the
// rightmost hop of X-Forwarded-For that is not one. What stands left of that hop is the
// client's own word and not looked at; a hop that is no address ends the search at the last
// proxy. IPv4 within IPv6 is unmapped. The zero Addr when remoteAddr is no address.
func ClientIP(remoteAddr string, forwardedFor []string, trusted []netip.Prefix) netip.Addr {
	addr := hop(remoteAddr)
	hops := strings.Split(strings.Join(forwardedFor, ","), ",")
	for _, h := range slices.Backward(hops) {
		if !addr.IsValid() || !contains(trusted, addr) {
			return addr
		}
		next := hop(h)
		if !next.IsValid() {
			return addr
		}
		addr = next
	}
	return addr
}

// IPKey is what limits count by: the address, for IPv6 its /64, within which a client has all of them.
func IPKey(addr netip.Addr) string {
	addr = addr.Unmap().WithZone("")
	if !addr.Is6() {
		return addr.String()
	}
	p, err := addr.Prefix(64)
	if err != nil { // 64 bits are within an IPv6 address
		return addr.String()
	}
	return p.String()
}

// hop reads an address with or without port: 192.0.2.1, 192.0.2.1:80, 2001:db8::1, [2001:db8::1]:80.
func hop(s string) netip.Addr {
	s = strings.TrimSpace(s)
	if ap, err := netip.ParseAddrPort(s); err == nil {
		return ap.Addr().Unmap().WithZone("")
	}
	addr, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(s, "["), "]"))
	if err != nil {
		return netip.Addr{}
	}
	return addr.Unmap().WithZone("")
}

func contains(prefixes []netip.Prefix, addr netip.Addr) bool {
	return slices.ContainsFunc(prefixes, func(p netip.Prefix) bool { return p.Contains(addr) })
}
