package upstream

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mainstay-oss/mainstay/internal/dependency"
)

// What a lockfile passes on counts where the registry said nothing, and of its deprecation where the registry does not know the
// version.
func TestOrSaid(t *testing.T) {
	t.Parallel()
	said := dependency.Said{Released: "2024-05-01", Deprecated: "use\tvalve " + strings.Repeat("x", 400), File: "a/lock.json"}
	text := "use valve " + strings.Repeat("x", 290) + "…"
	today := time.Date(2025, 6, 1, 23, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		registry Facts
		said     dependency.Said
		want     Facts
	}{
		"nothing": {},
		"the file alone": {Facts{}, said,
			Facts{Released: "2024-05-01", Deprecated: text, DeprecatedOn: "2025-06-01", DeprecatedAlone: true, Source: "a/lock.json", Observed: "2025-06-01"}},
		"the registry knows the latest": {Facts{Latest: "2.0.0", Source: "registry.example", Observed: "2025-05-31"}, said,
			Facts{Released: "2024-05-01", Latest: "2.0.0", Deprecated: text, DeprecatedOn: "2025-06-01", DeprecatedAlone: true, Source: "registry.example", Observed: "2025-05-31"}},
		"the registry knows the version": {Facts{Released: "2024-05-02", Source: "registry.example", Observed: "2025-05-31"}, said,
			Facts{Released: "2024-05-02", Source: "registry.example", Observed: "2025-05-31"}},
		"the registry says it too": {Facts{Deprecated: "gone", DeprecatedOn: "2025-05-31", Source: "registry.example", Observed: "2025-05-31"}, said,
			Facts{Released: "2024-05-01", Deprecated: "gone", DeprecatedOn: "2025-05-31", Source: "registry.example", Observed: "2025-05-31"}},
		"the file says nothing": {Facts{Latest: "2.0.0", Source: "registry.example"}, dependency.Said{}, Facts{Latest: "2.0.0", Source: "registry.example"}},
	} {
		if diff := cmp.Diff(c.want, c.registry.orSaid(c.said, today)); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
	}
}

// What files say reaches the resolution without a request, whatever their order, and does not make a notice of the upstream: it
// is of one version.
func TestResolveWhatFilesSay(t *testing.T) {
	t.Parallel()
	const purl = "pkg:npm/pump@1.0.0"
	hints := []dependency.Hint{{Kind: "vcs", URL: "https://github.com/acme/pump"}}
	queries := []Query{
		{PURL: purl, Hints: hints, Said: dependency.Said{Released: "2024-05-02", Deprecated: "old", File: "a.json"}},
		{PURL: purl, Hints: hints, Said: dependency.Said{Released: "2024-05-01", Deprecated: "gone", File: "b.json"}},
	}
	want := Facts{Released: "2024-05-01", Deprecated: "gone", DeprecatedOn: "2025-06-01", DeprecatedAlone: true, Source: "a.json", Observed: "2025-06-01"}
	for range 2 {
		w := newWorld("")
		r := w.resolver(t, Config{Offline: true, Environ: []string{"HOME=" + t.TempDir()}})
		r.fetch.now = func() time.Time { return time.Date(2025, 6, 1, 12, 0, 0, 0, time.UTC) }
		got, gaps := r.Resolve(t.Context(), queries)
		if diff := cmp.Diff(want, got[purl].Facts); diff != "" || got[purl].Upstream != "github.com/acme/pump" || len(gaps) > 0 || len(w.sent()) > 0 {
			t.Errorf("%+v, %v, sent %q (-want +got)\n%s", got[purl], gaps, w.sent(), diff)
		}
		if notices := DeprecatedUpstreams(got); len(notices) > 0 {
			t.Errorf("%+v", notices)
		}
		slices.Reverse(queries)
	}
}
