package upstream

import (
	"strings"
	"testing"
)

// A document that is too large is not read again the next time; the latest manifest is asked for in its place.
func TestLargeNPMDocument(t *testing.T) {
	t.Parallel()
	w := newWorld("-- npm.example/pump/latest --\n{\"version\": \"2.0.0\", \"repository\": \"acme/pump\"}\n")
	w.files["npm.example/pump"] = `{"readme": "` + strings.Repeat("x", maxManifest) + `"}`
	q := npm("pump", "1.0.0", "")
	q.Direct = true
	cache := t.TempDir()
	for _, sent := range []int{2, 0} {
		w.requests = nil
		r := w.resolver(t, Config{Cache: cache, Environ: []string{"npm_config_registry=https://npm.example"}})
		got, gaps := r.Resolve(t.Context(), []Query{q})
		if res := got[q.PURL]; short(res) != "github.com/acme/pump | npm-repository 0.85" || res.Latest != "2.0.0" || len(gaps) > 0 {
			t.Errorf("%+v %v", res, gaps)
		}
		if n := len(w.sent()); n != sent {
			t.Errorf("%d requests, want %d: %q", n, sent, w.sent())
		}
	}
}

func FuzzNPMDocument(f *testing.F) {
	for _, s := range []string{
		`{"dist-tags":{"latest":"1.0.0"},"time":{"1.0.0":"2020-01-01T00:00:00Z","0.1.0":"2019-01-01T00:00:00Z"},"versions":{"1.0.0":{"deprecated":"use\nb","repository":"o/r"}},"maintainers":[{}]}`,
		`{"time":{"1.0.0":"2020-01-01T00:00:00Z","unpublished":{}}}`, `{"versions":{"1.0.0":[]},"dist-tags":7}`, `[]`, `{"versions":`,
	} {
		f.Add([]byte(s), "1.0.0")
	}
	f.Fuzz(func(t *testing.T, b []byte, version string) {
		a, err := readNPMDocument(b, "name")
		if err != nil && (a.found != nil || a.facts != nil) {
			t.Fatal("half a result")
		}
		checkCandidates(t, a.found)
		if a.facts != nil {
			checkFacts(t, a.facts(version))
			checkFacts(t, a.facts(""))
		}
	})
}
