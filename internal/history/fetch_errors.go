package history

import (
	"errors"
	"regexp"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// What git, curl and ssh say when a fetch fails, in lower case and without what they quote; the first row that matches decides. Texts are those of
// git 2.39 to 2.51, curl 7 and 8 with OpenSSL and GnuTLS, and OpenSSH 8 to 10, in the C locale.
var fetchFailures = []struct {
	kind  gap.Kind
	texts []string
}{
	// The host answers: the repository is gone, private, or was never there. A forge does not say which.
	{gap.Vanished, []string{
		"repository not found", "could not read username", "could not read password", "terminal prompts disabled", "authentication failed",
		"returned error: 401", "returned error: 403", "returned error: 404", "returned error: 410", "returned error: 451",
		"does not appear to be a git repository", "not valid: is this a git repository", "project not found", "access denied",
		"repository '' not found", "could not be found or you don't have permission", "permission denied (publickey",
	}},
	{gap.Shallow, []string{"shallow update not allowed", "source repository is shallow"}},
	// The host, or the way there, does not.
	{gap.HostUnreachable, []string{
		"could not resolve", "couldn't resolve", "name or service not known", "temporary failure in name resolution",
		"failed to connect", "couldn't connect", "could not connect", "connection refused", "connection timed out", "connection reset", "connection closed by",
		"operation timed out", "timed out", "timeout was reached", "operation too slow", "network is unreachable", "no route to host",
		"empty reply from server", "recv failure", "send failure", "from proxy", "resolve proxy", "proxy connect", "proxy tunnel", "kex_exchange_identification", "banner exchange",
		"host key verification failed", "no matching host key",
		"ssl: ", "ssl_connect", "ssl_error", "ssl connect", "ssl certificate", "gnutls_handshake", "tls connect", "certificate verify", "certificate verification failed",
		"returned error: 429", "returned error: 502", "returned error: 503", "returned error: 504",
	}},
	{gap.Corrupt, []string{"bad object", "corrupt", "index-pack failed", "did not send all necessary objects", "bad pack", "inflate"}},
}

// quoted are addresses and names of references, which may hold any word.
var quoted = regexp.MustCompile(`'[^'\n]*'`)

// kindOfFetch tells from git's message why a fetch failed.
func kindOfFetch(message string) gap.Kind {
	message = strings.ToLower(quoted.ReplaceAllString(message, "''"))
	for _, f := range fetchFailures {
		for _, text := range f.texts {
			if strings.Contains(message, text) {
				return f.kind
			}
		}
	}
	// Git says this of whatever keeps it from an answer of an HTTP server.
	if strings.Contains(message, "unable to access") && !strings.Contains(message, "returned error") {
		return gap.HostUnreachable
	}
	return gap.NoHistory
}

// said tells whether a fetch failed with one of these words.
func said(err error, words ...string) bool {
	var e *gitError
	if !errors.As(err, &e) {
		return false
	}
	for _, w := range words {
		if strings.Contains(e.message, w) {
			return true
		}
	}
	return false
}

// refusesFilter: the transport, not the server, knows no filters. A server that does not know them is no failure.
func refusesFilter(err error) bool {
	return said(err, "does not support --filter", "does not support filter", "does not support object filtering")
}

// lacksHead: the repository is empty, or HEAD names a branch that is not there.
func lacksHead(err error) bool { return said(err, "couldn't find remote ref HEAD") }
