package territory

import (
	"testing"
	"time"

	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/need"
	"github.com/mainstay-oss/mainstay/internal/people"
)

// of measures a repository as of a date.
func of(t testing.TB, f *history.Finder, id string, asOf time.Time) *Territory {
	t.Helper()
	h, err := f.Local(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	r, err := f.Repository(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	territory, err := Measure(t.Context(), r, h, people.NewIndex(h).At(asOf.Unix()), asOf)
	if err != nil {
		t.Fatal(err)
	}
	return territory
}

// TestTruckFactorLabelled computes the truck factors that Avelino et al. published, of the repositories as they were on 25
// February 2015. One more or less is within what a snapshot of another day, joined author strings and the choice of files do.
func TestTruckFactorLabelled(t *testing.T) {
	finder := history.NewFinder(history.Config{Mirrors: []string{need.Mirrors(t)}, Offline: true, IsBot: people.IsBot})
	asOf := time.Date(2015, 2, 25, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		id        string
		published int
	}{
		{"github.com/d3/d3", 1}, {"github.com/pallets/flask", 1}, {"github.com/celery/celery", 1}, {"github.com/hashicorp/vagrant", 1},
		{"github.com/ReactiveX/RxJava", 1}, {"github.com/less/less.js", 1}, {"github.com/expressjs/express", 2}, {"github.com/rubocop/rubocop", 3},
	} {
		t.Run(c.id, func(t *testing.T) {
			territory := of(t, finder, c.id, asOf)
			t.Logf("| `%s` | %d | %d | %d | %d | %d |", c.id, c.published, len(territory.TruckFactor), territory.Authors, territory.Files, territory.Orphaned)
			if got := len(territory.TruckFactor); got < c.published-1 || got > c.published+1 || got == 0 {
				t.Errorf("truck factor %d, published %d", got, c.published)
			}
		})
	}
}
