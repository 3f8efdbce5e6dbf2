package upstream

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed notices.tsv
var noticeTable string

// A notice is a published end.
type notice struct{ kind, date, source string }

// notices maps upstreams to their published ends. The table is part of the program: a bad row is a bug, which the tests find.
var notices = sync.OnceValue(func() map[string]notice {
	m := make(map[string]notice)
	for line := range strings.Lines(noticeTable) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(f) == 4 && !strings.HasPrefix(line, "#") {
			m[f[0]] = notice{f[1], f[2], f[3]}
		}
	}
	return m
})

// Notice gives the published end of an upstream, if the embedded table knows one: its kind (archived, deprecated, retired),
// its date (YYYY-MM-DD) and who said so. An upstream without a notice may still have ended: the table is short.
func Notice(upstream string) (kind, date, source string, ok bool) {
	n, ok := notices()[strings.ToLower(upstream)]
	return n.kind, n.date, n.source, ok
}
