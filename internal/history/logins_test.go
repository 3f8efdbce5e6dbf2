package history_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mainstay-oss/mainstay/internal/gittest"
	"github.com/mainstay-oss/mainstay/internal/history"
)

func TestLogins(t *testing.T) {
	t.Parallel()
	const world = `
		2020-01-02 Ada <ada@example.org>
		2020-01-03 Marco <marco@home.example> side
		2020-01-04 robot[bot] <r@example.org> merge "Merge pull request #7 from Gacko/topic/one"
		2020-01-05 Marco <1+gacko@users.noreply.github.com> side
		2020-01-06 Ada <ada@example.org> merge "Merge pull request #8 from Gacko/two"
		2020-01-07 Ada <ada@example.org> side
		2020-01-08 Ada <ada@example.org> merge "Merge branch 'x' into main"
		2020-01-09 Ada <ada@example.org> "Merge pull request #9 from eve/x"
		2020-01-10 Ada <ada@example.org> side
		2020-01-11 Ada <ada@example.org> merge 3 "Merge pull request #10 from eve/x"
	`
	for _, mode := range []string{"", "loose\n"} {
		dir := gittest.Build(t, mode+world)
		h, err := history.ReadRepository(t.Context(), dir, history.ReadOptions{Upstream: pump})
		if err != nil {
			t.Fatal(err)
		}
		got, err := repositoryOf(dir).Logins(t.Context(), h)
		if err != nil {
			t.Fatal(err)
		}
		type row struct{ Date, Login, Email string }
		var rows []row
		for _, l := range got {
			for _, d := range []string{"2020-01-04", "2020-01-06", "2020-01-08", "2020-01-11"} {
				if day(t, d).Unix() == l.Merged {
					rows = append(rows, row{d, l.Login, h.Identities[l.Identity].Email})
				}
			}
		}
		want := []row{{"2020-01-04", "gacko", "marco@home.example"}, {"2020-01-06", "gacko", "gacko@noreply"}}
		if diff := cmp.Diff(want, rows); diff != "" || len(got) != len(rows) {
			t.Errorf("%s", diff)
		}
		// Another history knows none of these people.
		if got, err := repositoryOf(dir).Logins(t.Context(), &history.History{}); err != nil || len(got) > 0 {
			t.Errorf("%v %v", got, err)
		}
	}
}
