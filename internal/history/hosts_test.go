package history

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// TestPatience: packets that vanish cost no more than the patience in all, however many hosts there are and though they are
// asked one after the other.
func TestPatience(t *testing.T) {
	t.Parallel()
	var spent time.Duration
	hs := &hosts{connect: func(_ context.Context, _ string, limit time.Duration) (time.Duration, error) {
		spent += limit
		return limit, errors.New("timed out")
	}}
	hs.settled.Do(func() { hs.direct = true })
	ask := func(context.Context) error { t.Error("a dead host was asked"); return nil }
	for i := range 50 {
		for range 3 {
			err := hs.prove(t.Context(), &remote{host: "h", dialed: fmt.Sprintf("h%d:443", i)}, "", ask)
			if e := asUnreachable(err); e == nil {
				t.Fatalf("host %d: %v", i, err)
			}
		}
	}
	if spent > Patience {
		t.Errorf("%s spent on dead hosts", spent)
	}
}

// TestPatienceAlive: when another host has answered, a dead one is still tried.
func TestPatienceAlive(t *testing.T) {
	t.Parallel()
	var tried []string
	hs := &hosts{connect: func(_ context.Context, address string, limit time.Duration) (time.Duration, error) {
		tried = append(tried, address)
		if address == "good:443" {
			return 0, nil
		}
		return limit, errors.New("timed out")
	}}
	hs.settled.Do(func() { hs.direct = true })
	fine := func(context.Context) error { return nil }
	prove := func(host string) error {
		return hs.prove(t.Context(), &remote{host: host, dialed: host + ":443"}, "", fine)
	}
	if err := prove("good"); err != nil {
		t.Fatal(err)
	}
	for i := range 9 {
		if err := prove(fmt.Sprint("dead", i)); asUnreachable(err) == nil {
			t.Errorf("%v", err)
		}
	}
	// The first two are tried twice, until patience is out.
	if len(tried) != 1+2*2+7 {
		t.Errorf("tries: %v", tried)
	}
}

// TestSilence: hosts that accept connections and say nothing get what is left of the patience, then nothing; once a host has
// answered, each gets a little.
func TestSilence(t *testing.T) {
	t.Parallel()
	hs := &hosts{limit: Patience / 10}
	hs.settled.Do(func() {})
	var asked []time.Duration
	silent := func(ctx context.Context) error {
		until, _ := ctx.Deadline()
		asked = append(asked, time.Until(until))
		<-ctx.Done()
		return ctx.Err()
	}
	for i := range 6 {
		if err := hs.prove(t.Context(), &remote{host: fmt.Sprint("h", i)}, "", silent); asUnreachable(err) == nil {
			t.Errorf("%v", err)
		}
	}
	var all time.Duration
	for _, d := range asked {
		all += d
	}
	if len(asked) < 2 || len(asked) == 6 || asked[0] > firstReply/10 || all > Patience/10 {
		t.Errorf("waits: %v", asked)
	}
	hs.alive = true
	hs.waste(Patience / 10)
	asked = nil
	if err := hs.prove(t.Context(), &remote{host: "late"}, "", silent); asUnreachable(err) == nil || len(asked) != 1 || asked[0] > longReply/10 {
		t.Errorf("%v, waits %v", err, asked)
	}
}

// TestStrikes: two failures in a row end a host, a success between them does not count.
func TestStrikes(t *testing.T) {
	t.Parallel()
	hs := &hosts{}
	hs.settled.Do(func() {})
	r := &remote{host: "h", dialed: "h:443"}
	asked := 0
	prove := func() error {
		return hs.prove(t.Context(), r, "", func(context.Context) error { asked++; return nil })
	}
	lost := &Error{Kind: gap.HostUnreachable, Detail: "reset"}
	for i, step := range []struct {
		report error
		dead   bool
	}{{lost, false}, {nil, false}, {lost, false}, {&Error{Kind: gap.Vanished}, false}, {lost, false}, {lost, true}, {nil, true}} {
		hs.report(r, step.report)
		if err := prove(); (err != nil) != step.dead {
			t.Errorf("step %d: %v", i, err)
		}
	}
	if asked != 1 {
		t.Errorf("asked %d times", asked)
	}
}

func TestKindOfFetch(t *testing.T) {
	t.Parallel()
	for message, want := range map[string]gap.Kind{
		"fatal: repository 'https://github.com/acme/proxy/' not found":                                                                            gap.Vanished,
		"fatal: could not read Username for 'https://github.com': terminal prompts disabled":                                                      gap.Vanished,
		"remote: The project you were looking for could not be found or you don't have permission to view it.\nfatal: Could not read from remote": gap.Vanished,
		"ERROR: Repository not found.\nfatal: Could not read from remote repository.":                                                             gap.Vanished,
		"fatal: unable to access 'https://a/b/': The requested URL returned error: 403":                                                           gap.Vanished,
		"fatal: unable to access 'https://a/timed out/': The requested URL returned error: 500":                                                   gap.NoHistory,
		"fatal: unable to access 'https://a/b/': The requested URL returned error: 503":                                                           gap.HostUnreachable,
		"fatal: unable to access 'https://a/b/': Could not resolve host: a":                                                                       gap.HostUnreachable,
		"fatal: unable to access 'https://a/b/': Failed to connect to a port 443 after 1 ms: Couldn't connect to server":                          gap.HostUnreachable,
		"fatal: unable to access 'https://a/b/': Received HTTP code 407 from proxy after CONNECT":                                                 gap.HostUnreachable,
		"fatal: unable to access 'https://a/b/': SSL: certificate subject name (x) does not match target host name 'a'":                           gap.HostUnreachable,
		"fatal: unable to access 'https://a/b/': a message of some later curl":                                                                    gap.HostUnreachable,
		"ssh: connect to host a port 22: Connection refused\r\nfatal: Could not read from remote repository.":                                     gap.HostUnreachable,
		"Host key verification failed.\r\nfatal: Could not read from remote repository.":                                                          gap.HostUnreachable,
		"git@github.com: Permission denied (publickey).\r\nfatal: Could not read from remote repository.":                                         gap.Vanished,
		"error: RPC failed; curl 56 Recv failure: Connection reset by peer\nfatal: early EOF":                                                     gap.HostUnreachable,
		"fatal: fetch-pack: invalid index-pack output\nerror: inflate: data stream error (incorrect data check)":                                  gap.Corrupt,
		"fatal: transport 'ext' not allowed":                                                                                                      gap.NoHistory,
	} {
		if got := kindOfFetch(message); got != want {
			t.Errorf("%s: %s, want %s", message, got, want)
		}
	}
}

func TestParseRemote(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{ // host and where a connection is tried, "" for refused
		"https://GitHub.com/acme/pump":       "github.com github.com:443",
		"http://127.0.0.1:8080/acme/pump":    "127.0.0.1 127.0.0.1:8080",
		"https://[::1]:8443/acme/pump":       "::1 [::1]:8443",
		"ssh://git@github.com:22/acme/pump":  "github.com ",
		"git@github.com:acme/pump.git":       "github.com ",
		"file:///etc/passwd":                 "",
		"/etc/passwd":                        "",
		"../pump":                            "",
		"C:\\pump":                           "",
		"ext::sh -c id":                      "",
		"a@ext::sh":                          "",
		"git://github.com/acme/pump":         "",
		"ftp://github.com/acme/pump":         "",
		"https://github.com":                 "",
		"https:///acme/pump":                 "",
		"--upload-pack=id":                   "",
		"-oProxyCommand=id@host:x":           "",
		"x@-oProxyCommand=id:x":              "",
		"ssh://-oProxyCommand=id/x":          "",
		"https://github.com/acme/pump\nhttp": "",
		"":                                   "",
	} {
		got := ""
		if r, err := parseRemote(address); err == nil {
			got = r.host + " " + r.dialed
		}
		if got != want {
			t.Errorf("%q: %q, want %q", address, got, want)
		}
	}
}
