package pipeline

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mainstay-oss/mainstay/internal/report"
	"github.com/mainstay-oss/mainstay/internal/upstream"
)

// What was seen or published after the pipeline's date is not known then.
func TestFactsOfADay(t *testing.T) {
	t.Parallel()
	two := 2
	facts := upstream.Facts{Released: "2024-02-03", Latest: "1.2.0", LatestReleased: "2024-08-09", Publishers: &two,
		Deprecated: "use valve", DeprecatedOn: "2024-10-11", Yanked: "leaks", YankedOn: "2025-06-01", Source: "registry.example", Observed: "2025-06-01"}
	text := func(s string) *string { return &s }
	deprecated := report.Notice{Kind: "deprecated", Date: "2024-10-11", Source: "registry.example", Text: "use valve"}
	yanked := report.Notice{Kind: "yanked", Date: "2025-06-01", Source: "registry.example", Text: "leaks"}
	for day, want := range map[string]report.Package{
		"2025-06-01": {Registry: &report.Registry{Released: text("2024-02-03"), Latest: text("1.2.0"), LatestReleased: text("2024-08-09"), Publishers: &two, Source: "registry.example",
			Observed: text("2025-06-01")}, Notices: []report.Notice{deprecated, yanked}},
		"2025-05-31": {Registry: &report.Registry{Released: text("2024-02-03"), Latest: text("1.2.0"), LatestReleased: text("2024-08-09"), Source: "registry.example"},
			Notices: []report.Notice{deprecated}},
		"2024-08-08": {Registry: &report.Registry{Released: text("2024-02-03"), Source: "registry.example"}},
		"2024-02-02": {},
	} {
		at, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		var got report.Package
		(&Pipeline{AsOf: at}).addFacts(&got, facts)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", day, diff)
		}
	}
	var none report.Package
	(&Pipeline{AsOf: time.Date(2025, 6, 1, 0, 0, 0, 0, time.UTC)}).addFacts(&none, upstream.Facts{Source: "registry.example", Observed: "2025-06-01"})
	if none.Registry != nil || none.Notices != nil {
		t.Errorf("%+v", none)
	}
}
