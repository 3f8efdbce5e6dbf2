package history

import (
	"errors"
	"net"
	"net/url"
	"strings"
)

// A remote is an address to fetch from that has been looked at.
type remote struct {
	url    string
	host   string // without port
	dialed string // host:port to try a connection with; empty where git does not connect directly (ssh has its own settings)
}

// parseRemote looks at an address that git is to be given. Only HTTP and SSH are left: in ext:: an address is a command, file:
// and plain paths read this machine, git: has no protection against who listens in between.
func parseRemote(address string) (*remote, error) {
	if err := notOption("address", address); err != nil {
		return nil, err
	}
	if !strings.Contains(address, "://") {
		// user@host:path, but not C:\path and not ext::command.
		before, path, ok := strings.Cut(address, ":")
		_, host, at := strings.Cut(before, "@")
		if !ok || !at || host == "" || host[0] == '-' || before[0] == '-' || strings.ContainsAny(before, `/\`) || path == "" || path[0] == ':' {
			return nil, errors.New("not an http, https or ssh address")
		}
		return &remote{url: address, host: strings.ToLower(host)}, nil
	}
	u, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("not an address")
	}
	r := &remote{url: address, host: strings.ToLower(u.Hostname())}
	if r.host == "" || r.host[0] == '-' || strings.Trim(u.Path, "/") == "" {
		return nil, errors.New("an address without host or path")
	}
	port := map[string]string{"https": "443", "http": "80"}[u.Scheme]
	switch {
	case u.Scheme == "ssh":
		return r, nil
	case port == "":
		return nil, errors.New("not an http, https or ssh address")
	case u.Port() != "":
		port = u.Port()
	}
	r.dialed = net.JoinHostPort(r.host, port)
	return r, nil
}
