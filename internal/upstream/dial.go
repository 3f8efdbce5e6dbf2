package upstream

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"syscall"
	"time"
)

var errPrivate = errors.New("a private address; requests go there only if your own configuration names the host")

// privateRanges are those that net/netip has no word for.
var privateRanges = func() []netip.Prefix {
	var all []netip.Prefix
	for _, s := range []string{
		"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
		"64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/32", "2001:db8::/32", "2002::/16", "fec0::/10",
	} {
		all = append(all, netip.MustParsePrefix(s))
	}
	return all
}()

// private says whether an IP address is anything but one of the public internet; ranges that wrap IPv4 addresses count too.
func private(ip netip.Addr) bool {
	ip = ip.Unmap().WithZone("")
	if !ip.IsValid() || !ip.IsGlobalUnicast() || ip.IsPrivate() {
		return true
	}
	for _, p := range privateRanges {
		if p.Contains(ip) {
			return true
		}
	}
	return false
}

// guardedDial connects to a host. Every address that its name resolves to is checked at the moment of connecting, so that no
// answer of a name server can change in between; a refused one is used only if allowed says yes to the host.
func guardedDial(timeout time.Duration, allowed func(host string) bool, refused func(netip.Addr) bool) func(ctx context.Context, network, addr string) (net.Conn, error) {
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		host, _, err := net.SplitHostPort(addr)
		if err != nil {
			return nil, err
		}
		d := net.Dialer{Timeout: timeout, Control: func(_, address string, _ syscall.RawConn) error {
			ap, err := netip.ParseAddrPort(address)
			if err != nil {
				return err
			}
			if refused(ap.Addr()) && !allowed(host) {
				return errPrivate
			}
			return nil
		}}
		return d.DialContext(ctx, network, addr)
	}
}
