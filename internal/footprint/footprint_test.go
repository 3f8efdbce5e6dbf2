package footprint

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mainstay-oss/mainstay/internal/gittest"
	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/people"
	"github.com/mainstay-oss/mainstay/internal/vitals"
)

const small = `
commit 2020-01-15 ann@acme x3
commit 2020-01-20 bob@bolt x2
commit 2020-02-01 cho@open
commit 2020-03-31 bot1@acme x5
commit 2020-03-31 ann@acme merge
commit 2020-04-01 dee@labs
commit 2020-04-01 ann@open x2
commit 2020-05-01 eve@alone
commit 2021-01-10 bob@bolt
commit 2021-02-20 ann@acme
commit 2022-05-01 dee@labs
commit 2022-05-02 fay@open x4
commit 2022-05-03 ann@acme x6
commit 2022-05-04 bob@bolt
commit 2023-02-10 fay@open
commit 2023-02-10T00:00:01 ann@acme x100
pull 2020-01-01 gil@open
pull 2020-02-02 gil@open
pull 2020-02-03 gil@open
pull 2020-02-03 bot2@open
pull 2020-02-04 hal@acme
pull 2020-02-04 ann@acme
pull 2020-02-05 ann@open
pull 2020-02-06 bob@bolt
pull 2019-12-31 ivo@open
pull 2022-05-03 bob@bolt
pull 2023-02-10 bob@bolt
`

func TestMeasure(t *testing.T) {
	t.Parallel()
	u := upstreamOf(world("host/o/small", small), map[string]float32{"acme": 0.9, "labs": 0.6})
	r := Measure(u, [][]string{{"acme", "labs"}, {"bolt"}, {"nowhere"}}, date("2023-02-10"))
	if r.Upstream != "host/o/small" || r.AsOf != date("2023-02-10") {
		t.Errorf("%s as of %s", r.Upstream, day(r.AsOf))
	}
	for g, want := range []string{`
12m 2022-02-10..2023-02-10 whole: commits 7+5/13 share 0.538-0.923 sure 0.857, people 2+1/4, first 0/1 stayed -/-, rank 1 in 1-1 of 2
2020 2020-01-01..2021-01-01 whole: commits 4+3/10 share 0.400-0.700 sure 0.825, people 2+1/5, first 2/5 stayed 1/1, rank 1 in 1-2 of 2
2021 2021-01-01..2022-01-01 whole: commits 1+0/2 share 0.500-0.500 sure 0.900, people 1+0/2, first 0/0 stayed -/-, rank 1 in 1-1 of 2
2022 2022-01-01..2023-01-01 whole: commits 7+4/12 share 0.583-0.917 sure 0.857, people 2+1/4, first 0/1 stayed -/-, rank 1 in 1-1 of 2
2023 2023-01-01..2024-01-01: commits 0+0/0, people 0+0/0, first 0/0 stayed -/-, rank - of 0
2020-Q1 2020-01-01..2020-04-01 whole: commits 3+1/6 share 0.500-0.667 sure 0.900, people 1+1/3, first 1/3 stayed 1/1, rank 1 in 1-1 of 2
2020-Q2 2020-04-01..2020-07-01 whole: commits 1+2/4 share 0.250-0.750 sure 0.600, people 1+1/3, first 1/2 stayed 0/0, rank - in 1-2 of 1
2020-Q3 2020-07-01..2020-10-01 whole: commits 0+0/0, people 0+0/0, first 0/0 stayed 0/0, rank - of 0
2020-Q4 2020-10-01..2021-01-01 whole: commits 0+0/0, people 0+0/0, first 0/0 stayed 0/0, rank - of 0
2021-Q1 2021-01-01..2021-04-01 whole: commits 1+0/2 share 0.500-0.500 sure 0.900, people 1+0/2, first 0/0 stayed -/-, rank 1 in 1-1 of 2
2021-Q2 2021-04-01..2021-07-01 whole: commits 0+0/0, people 0+0/0, first 0/0 stayed -/-, rank - of 0
2021-Q3 2021-07-01..2021-10-01 whole: commits 0+0/0, people 0+0/0, first 0/0 stayed -/-, rank - of 0
2021-Q4 2021-10-01..2022-01-01 whole: commits 0+0/0, people 0+0/0, first 0/0 stayed -/-, rank - of 0
2022-Q1 2022-01-01..2022-04-01 whole: commits 0+0/0, people 0+0/0, first 0/0 stayed -/-, rank - of 0
2022-Q2 2022-04-01..2022-07-01 whole: commits 7+4/12 share 0.583-0.917 sure 0.857, people 2+1/4, first 0/1 stayed -/-, rank 1 in 1-1 of 2
2022-Q3 2022-07-01..2022-10-01 whole: commits 0+0/0, people 0+0/0, first 0/0 stayed -/-, rank - of 0
2022-Q4 2022-10-01..2023-01-01 whole: commits 0+0/0, people 0+0/0, first 0/0 stayed -/-, rank - of 0
2023-Q1 2023-01-01..2023-04-01: commits 0+0/0, people 0+0/0, first 0/0 stayed -/-, rank - of 0
pull authors 2 0 0 0 0 0 0 0 0 1 0 0 0`, `
12m 2022-02-10..2023-02-10 whole: commits 1+5/13 share 0.077-0.462 sure 0.500, people 1+1/4, first 0/1 stayed -/-, rank 2 in 2-3 of 2
2020 2020-01-01..2021-01-01 whole: commits 2+3/10 share 0.200-0.500 sure 0.500, people 1+1/5, first 1/5 stayed 0/1, rank 2 in 1-3 of 2
2021 2021-01-01..2022-01-01 whole: commits 1+0/2 share 0.500-0.500 sure 0.500, people 1+0/2, first 0/0 stayed -/-, rank 1 in 1-1 of 2
2022 2022-01-01..2023-01-01 whole: commits 1+4/12 share 0.083-0.417 sure 0.500, people 1+1/4, first 0/1 stayed -/-, rank 2 in 2-3 of 2
2020-Q1 2020-01-01..2020-04-01 whole: commits 2+1/6 share 0.333-0.500 sure 0.500, people 1+1/3, first 1/3 stayed 0/1, rank 2 in 1-2 of 2
2020-Q2 2020-04-01..2020-07-01 whole: commits 0+2/4 share 0.000-0.500, people 0+1/3, first 0/2 stayed 0/0, rank - in 1-3 of 1
2021-Q1 2021-01-01..2021-04-01 whole: commits 1+0/2 share 0.500-0.500 sure 0.500, people 1+0/2, first 0/0 stayed -/-, rank 1 in 1-1 of 2
2022-Q2 2022-04-01..2022-07-01 whole: commits 1+4/12 share 0.083-0.417 sure 0.500, people 1+1/4, first 0/1 stayed -/-, rank 2 in 2-3 of 2
pull authors 3 0 0 0 0 0 0 0 0 0 0 0 0`, `
12m 2022-02-10..2023-02-10 whole: commits 0+5/13 share 0.000-0.385, people 0+1/4, first 0/1 stayed -/-, rank - in 2-4 of 2
2020 2020-01-01..2021-01-01 whole: commits 0+3/10 share 0.000-0.300, people 0+1/5, first 0/5 stayed 0/1, rank - in 2-5 of 2
2021 2021-01-01..2022-01-01 whole: commits 0+0/2 share 0.000-0.000, people 0+0/2, first 0/0 stayed -/-, rank - of 2
2022 2022-01-01..2023-01-01 whole: commits 0+4/12 share 0.000-0.333, people 0+1/4, first 0/1 stayed -/-, rank - in 2-4 of 2
2020-Q1 2020-01-01..2020-04-01 whole: commits 0+1/6 share 0.000-0.167, people 0+1/3, first 0/3 stayed 0/1, rank - in 3-4 of 2
2020-Q2 2020-04-01..2020-07-01 whole: commits 0+2/4 share 0.000-0.500, people 0+1/3, first 0/2 stayed 0/0, rank - in 1-3 of 1
2021-Q1 2021-01-01..2021-04-01 whole: commits 0+0/2 share 0.000-0.000, people 0+0/2, first 0/0 stayed -/-, rank - of 2
2022-Q2 2022-04-01..2022-07-01 whole: commits 0+4/12 share 0.000-0.333, people 0+1/4, first 0/1 stayed -/-, rank - in 2-4 of 2
pull authors 4 0 0 0 0 0 0 0 0 1 0 0 0`} {
		got := r.Standings[g].String()
		if g > 0 { // the empty stretches are those of the first
			got = withWork(got)
		}
		same(t, "standing", got, want)
	}
	same(t, "attribution", r.Attribution.String(), "8/13 = 0.615, elephant 1, to settle 0 []")
}

// withWork leaves out the stretches without commits.
func withWork(standing string) string {
	return strings.Join(slices.DeleteFunc(strings.Split(standing, "\n"), func(line string) bool {
		return strings.Contains(line, "commits 0+0/0")
	}), "\n")
}

func TestNothingToMeasure(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"commit 2020-01-02 ann@acme merge\ncommit 2020-01-03 bot@acme\npull 2020-01-03 bob@bolt",
		"commit 2023-02-11 ann@acme",
	} {
		r := Measure(upstreamOf(world("host/o/none", text), nil), [][]string{{"acme"}}, date("2023-02-10"))
		same(t, "standing", r.Standings[0].String(), "12m 2022-02-10..2023-02-10 whole: commits 0+0/0, people 0+0/0, first 0/0 stayed -/-, rank - of 0\npull authors")
		same(t, "attribution", r.Attribution.String(), "0/0 = -, elephant -, to settle - []")
		total := Total([]*Result{r}, [][]string{{"acme"}})
		same(t, "total", total.Standings[0].String(), r.Standings[0].String())
	}
}

// TestSecondYear is open on the left, as every window.
func TestSecondYear(t *testing.T) {
	t.Parallel()
	for again, want := range map[string]string{
		"2020-12-31":          "0/0", // 365 days after 2020-01-01
		"2020-12-31T00:00:01": "1/1",
		"2021-12-31":          "1/1",
		"2021-12-31T00:00:01": "0/0",
	} {
		h := world("host/o/n", "commit 2020-01-01 ann@acme\ncommit "+again+" ann@open")
		for asOf, want := range map[string]string{"2022-03-31": "-/-", "2022-04-01": want} { // 730 days after 2020-04-01
			q := &Measure(upstreamOf(h, nil), [][]string{{"acme"}}, date(asOf)).Standings[0].Quarters[0]
			if got := maybe(q.Stayed) + "/" + maybe(q.StayedAll); got != want || q.FirstTimers != 1 {
				t.Errorf("again on %s, as of %s: %s, want %s", again, asOf, q, want)
			}
		}
	}
}

// TestPullAuthorsWithoutAddress are told apart by name, and are the same person in every pull.
func TestPullAuthorsWithoutAddress(t *testing.T) {
	t.Parallel()
	h := world("host/o/n", "commit 2020-01-01 ann@acme\npull 2020-01-02 bob@open\npull 2020-01-03 cho@open\npull 2020-01-04 bob@open")
	for i := range h.Identities[1:] {
		h.Identities[1+i].Email = ""
	}
	r := Measure(upstreamOf(h, nil), [][]string{{"acme"}}, date("2020-02-01"))
	if got := maybe(r.Standings[0].PullAuthors[0]); got != "2" {
		t.Errorf("%s pull authors, want 2", got)
	}
}

// TestRepository measures a repository, as it is read, by the domains that the program knows.
func TestRepository(t *testing.T) {
	t.Parallel()
	dir := gittest.Build(t, `
file .mailmap
| Ann <ann@redhat.com> <ann@home.example>
2020-01-02 Ann <ann@REDHAT.com>
2020-01-03 Ann Other <ann@home.example>
2020-01-04 Bob <1234+bob@users.noreply.github.com>
2020-01-05 dependabot[bot] <support@github.com>
2020-01-06 Cho <cho@ibm.com> side
2020-01-07 Ann <ann@redhat.com> merge
2020-01-08 Dee <dee@lab.redhat.com> committer Eve <eve@ibm.com> 2020-04-02
2020-02-02 Dee <dee@debian.org>
pull 1 2020-02-02 Fay <fay@ibm.com>
pull 2 2020-02-03 Ann <ann@redhat.com>
pull 3 2020-04-03 renovate[bot] <bot@renovateapp.com>
fetched 2020-05-01`)
	h, err := history.ReadRepository(t.Context(), dir, history.ReadOptions{Upstream: "github.com/o/n", IsBot: people.IsBot, Pulls: true})
	if err != nil {
		t.Fatal(err)
	}
	at := vitals.AsOf(h, time.Unix(date("2099-01-01"), 0)).Unix()
	r := Measure(domainsAlone(h, at), [][]string{{"Red Hat"}, {"IBM"}}, at)
	for g, want := range []string{`
2020-Q1 2020-01-01..2020-04-01 whole: commits 1+3/5 share 0.200-0.800 sure -, people 1+2/4, first 1/4 stayed -/-, rank - in 1-3 of 2
2020-Q2 2020-04-01..2020-07-01: commits 1+0/1 share 1.000-1.000 sure -, people 1+0/1, first 0/0 stayed -/-, rank 1 in 1-1 of 1
pull authors 1 0`, `
2020-Q1 2020-01-01..2020-04-01 whole: commits 1+3/5 share 0.200-0.800 sure -, people 1+2/4, first 1/4 stayed -/-, rank - in 1-3 of 2
2020-Q2 2020-04-01..2020-07-01: commits 0+0/1 share 0.000-0.000, people 0+0/1, first 0/0 stayed -/-, rank - of 1
pull authors 1 0`} {
		lines := strings.Split(regexp.MustCompile(`sure [0-9.]+`).ReplaceAllString(r.Standings[g].String(), "sure -"), "\n")
		same(t, fmt.Sprint(g), strings.Join(lines[2:], "\n"), want)
	}
}

// TestPullsUnknown: no pulls looked for is not no pulls opened.
func TestPullsUnknown(t *testing.T) {
	t.Parallel()
	h := world("host/o/small", small)
	h.PullsKnown = false
	r := Measure(upstreamOf(h, nil), [][]string{{"acme"}}, date("2020-08-10"))
	if got := r.Standings[0].String(); !strings.HasSuffix(got, "pull authors - - -") {
		t.Error(got)
	}
}

// TestAbsurdDates: one commit of a broken clock must not make endless quarters, and no commit gets lost in the 365 days.
func TestAbsurdDates(t *testing.T) {
	t.Parallel()
	h := world("host/o/odd", "commit 1950-01-01 ann@acme\ncommit 1970-01-01 ann@acme\ncommit 2020-01-01 ann@acme\ncommit 2200-01-01 ann@acme")
	h.Commits[0].Committed = -1 << 60
	h.Commits[3].Committed = 1 << 60
	r := Measure(upstreamOf(h, nil), [][]string{{"acme"}}, date("2020-04-01"))
	s := &r.Standings[0]
	if len(s.Years) != 51 || len(s.Quarters) != 201 || s.Years[0].Name != "1970" || s.Quarters[200].Name != "2020-Q1" || !s.Quarters[200].Whole {
		t.Errorf("%d years, %d quarters from %s to %+v", len(s.Years), len(s.Quarters), s.Years[0].Name, s.Quarters[len(s.Quarters)-1])
	}
	sum := 0
	for _, q := range s.Quarters {
		sum += q.Commits
	}
	if sum != 2 || s.Last12m.Commits != 1 {
		t.Errorf("%d commits in quarters, %d in 365 days", sum, s.Last12m.Commits)
	}
}

func same(t *testing.T, what, got, want string) {
	t.Helper()
	got, want = strings.TrimSpace(got), strings.TrimSpace(want)
	if got == want {
		return
	}
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range max(len(g), len(w)) {
		switch {
		case i >= len(w):
			t.Errorf("%s, line %d: %q is too much", what, i+1, g[i])
		case i >= len(g):
			t.Errorf("%s, line %d: %q is missing", what, i+1, w[i])
		case g[i] != w[i]:
			t.Errorf("%s, line %d:\n got %s\nwant %s", what, i+1, g[i], w[i])
		}
	}
}
