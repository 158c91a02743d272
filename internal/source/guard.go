package source

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
)

// maxURLLen bounds every address we request or hand on.
const maxURLLen = 2048

// specialNets are the networks that are not the public Internet although they look like it: the IANA
// IPv4 special-purpose registry whole, multicast, and the special parts of 2000::/3. netip's
// predicates (IsPrivate, IsGlobalUnicast) miss most of them.
func specialNets() []netip.Prefix {
	return []netip.Prefix{
		netip.MustParsePrefix("0.0.0.0/8"),       // this network
		netip.MustParsePrefix("10.0.0.0/8"),      // private
		netip.MustParsePrefix("100.64.0.0/10"),   // carrier-grade NAT
		netip.MustParsePrefix("127.0.0.0/8"),     // loopback
		netip.MustParsePrefix("169.254.0.0/16"),  // link-local, cloud metadata
		netip.MustParsePrefix("172.16.0.0/12"),   // private
		netip.MustParsePrefix("192.0.0.0/24"),    // protocol assignments
		netip.MustParsePrefix("192.0.2.0/24"),    // documentation
		netip.MustParsePrefix("192.31.196.0/24"), // AS112
		netip.MustParsePrefix("192.52.193.0/24"), // AMT
		netip.MustParsePrefix("192.88.99.0/24"),  // 6to4 relays
		netip.MustParsePrefix("192.168.0.0/16"),  // private
		netip.MustParsePrefix("192.175.48.0/24"), // AS112
		netip.MustParsePrefix("198.18.0.0/15"),   // benchmarking
		netip.MustParsePrefix("198.51.100.0/24"), // documentation
		netip.MustParsePrefix("203.0.113.0/24"),  // documentation
		netip.MustParsePrefix("224.0.0.0/4"),     // multicast
		netip.MustParsePrefix("240.0.0.0/4"),     // reserved, broadcast
		netip.MustParsePrefix("2001::/23"),       // Teredo, ORCHID, benchmarking
		netip.MustParsePrefix("2001:db8::/32"),   // documentation
		netip.MustParsePrefix("2002::/16"),       // 6to4 carries an IPv4 address
		netip.MustParsePrefix("2620:4f:8000::/48"),
		netip.MustParsePrefix("3fff::/20"), // documentation
	}
}

// guard decides which addresses may be spoken to.
type guard struct {
	allowLoopback bool // loopback on any port too, for tests and the demo
	special       []netip.Prefix
	globalV6      netip.Prefix
}

func newGuard(allowLoopback bool) *guard {
	return &guard{
		allowLoopback: allowLoopback,
		special:       specialNets(),
		globalV6:      netip.MustParsePrefix("2000::/3"),
	}
}

// checkURL applies the rules that need no look-up: scheme, port, userinfo, length.
func (g *guard) checkURL(u *url.URL) *Error {
	const public = "This address may not be fetched: only http and https on the usual ports are."
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return refuse(Blocked, public, "scheme %q is not allowed", u.Scheme)
	case u.Hostname() == "" || u.Opaque != "":
		return refuse(Blocked, public, "address has no host")
	case u.User != nil:
		return refuse(Blocked, "Addresses with a user name or password are not fetched.", "address has userinfo")
	case len(u.String()) > maxURLLen:
		return refuse(Blocked, "The address is too long.", "address is longer than %d bytes", maxURLLen)
	}
	if port := u.Port(); port != "" && port != "80" && port != "443" && !g.allowLoopback {
		return refuse(Blocked, public, "port %s is not allowed", port)
	}
	return nil
}

// control is the net.Dialer's hook. It sees the resolved address just before connect, so a name
// that resolves differently the second time (DNS rebinding) gains nothing.
func (g *guard) control(network, address string, _ syscall.RawConn) error {
	if network != "tcp4" && network != "tcp6" {
		return blockedAddr(fmt.Errorf("network %s is not allowed", network))
	}
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return blockedAddr(fmt.Errorf("parse address: %w", err))
	}
	ip := to.Addr().Unmap()
	if g.allowLoopback && ip.IsLoopback() {
		return nil
	}
	if to.Port() != 80 && to.Port() != 443 {
		return blockedAddr(fmt.Errorf("port %d is not allowed", to.Port()))
	}
	if !g.public(ip) {
		return blockedAddr(fmt.Errorf("address %s is not public", ip))
	}
	return nil
}

func blockedAddr(err error) *Error {
	return &Error{Kind: Blocked, Public: "This address does not lead to the public Internet.", Err: err}
}

// public tells whether ip is on the public Internet.
func (g *guard) public(ip netip.Addr) bool {
	ip = ip.Unmap()
	if !ip.IsValid() || ip.Zone() != "" || (ip.Is6() && !g.globalV6.Contains(ip)) {
		return false
	}
	for _, p := range g.special {
		if p.Contains(ip) {
			return false
		}
	}
	return true
}

// plainHTTP tells whether host (with or without a port) may be spoken to over http where a platform
// is https only: loopback, when that is allowed at all.
func (g *guard) plainHTTP(host string) bool {
	if !g.allowLoopback {
		return false
	}
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host = strings.Trim(host, "[]")
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || (err == nil && ip.IsLoopback())
}
