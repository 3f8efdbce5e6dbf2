package footprint

import (
	"testing"

	"github.com/mainstay-oss/mainstay/internal/history"
)

func TestTotal(t *testing.T) {
	t.Parallel()
	asked := [][]string{{"acme"}, {"bolt"}}
	one := world("host/o/one", `
commit 2020-01-10 ann@acme x2
commit 2020-02-10 bob@open
commit 2021-03-01 cho@bolt x2
pull 2020-02-02 dee@open
pull 2020-02-03 bob@open`)
	two := world("host/o/two", `
commit 2020-04-10 ann@acme
commit 2020-04-11 dee@open
commit 2020-04-12 bob@elsewhere
commit 2021-02-01 ann@acme
commit 2021-02-02 zed@bolt
pull 2020-02-04 dee@open
pull 2020-05-05 cho@bolt`)
	asOf := date("2022-12-31")
	results := []*Result{
		Measure(upstreamOf(one, nil), asked, asOf),
		Measure(upstreamOf(two, nil), asked, asOf),
	}
	r := Total(results, asked)
	// ann is one person, who came in the first quarter; bob with another address is two. dee has asked in one and worked in two.
	// By 2023-01-01 two years have passed since 2020 for nobody: the date of the measures is a day earlier.
	same(t, "acme", withWork(r.Standings[0].String()), `
2020 2020-01-01..2021-01-01 whole: commits 3+2/6 share 0.500-0.833 sure 0.500, people 1+2/4, first 1/4 stayed -/-, rank 1 in 1-1 of 2
2021 2021-01-01..2022-01-01 whole: commits 1+0/4 share 0.250-0.250 sure 0.500, people 1+0/3, first 0/2 stayed -/-, rank 2 in 2-2 of 2
2020-Q1 2020-01-01..2020-04-01 whole: commits 2+1/3 share 0.667-1.000 sure 0.500, people 1+1/2, first 1/2 stayed 1/1, rank 1 in 1-1 of 1
2020-Q2 2020-04-01..2020-07-01 whole: commits 1+1/3 share 0.333-0.667 sure 0.500, people 1+1/3, first 0/2 stayed 0/0, rank 1 in 1-2 of 2
2021-Q1 2021-01-01..2021-04-01 whole: commits 1+0/4 share 0.250-0.250 sure 0.500, people 1+0/3, first 0/2 stayed -/-, rank 2 in 2-2 of 2
pull authors 2 1 0 0 0 0 0 0 0 0 0 0`)
	if r.Upstream != "" || r.AsOf != asOf || r.Hashed != 0 || r.PullsUnknown != 0 || r.Attribution.People != nil {
		t.Errorf("%+v", r)
	}
}

// TestPeopleAcrossUpstreams: by which addresses two persons of two upstreams are one.
func TestPeopleAcrossUpstreams(t *testing.T) {
	t.Parallel()
	person := func(upstream, name, email, domain string, hashed bool) *Result {
		h := world(upstream, "commit 2020-01-01 a@open")
		h.Identities[0] = history.Identity{Name: name, Email: email, Domain: domain}
		h.Hashed = hashed
		return Measure(upstreamOf(h, nil), nil, date("2020-07-01"))
	}
	for _, c := range []struct {
		name          string
		email, domain string
		host          string
		hashed        bool
		want          int
	}{
		{"an address", "ann@acme.example", "acme.example", "host", false, 1},
		{"hashes", "ann@acme.example", "acme.example", "host", true, 2},
		{"no address", "", history.DomainUnknown, "host", false, 2},
		{"an address of one machine", "root@localhost", history.DomainUnknown, "host", false, 2},
		{"nobody's address", "no-reply@acme.example", history.DomainNoReply, "host", false, 2},
		{"a login of the same forge", "ann@noreply", history.DomainNoReply, "host", false, 1},
		{"a login of another forge", "ann@noreply", history.DomainNoReply, "elsewhere", false, 2},
	} {
		a := person("host/o/a", "Ann", c.email, c.domain, false)
		b := person(c.host+"/o/b", "Ann", c.email, c.domain, c.hashed)
		r := Total([]*Result{a, b}, [][]string{{"acme"}})
		if got := r.Standings[0].Last12m.PeopleAll; got != c.want {
			t.Errorf("%s: %d people, want %d", c.name, got, c.want)
		}
		if want := map[bool]int{true: 1}[c.hashed]; r.Hashed != want {
			t.Errorf("%s: %d hashed, want %d", c.name, r.Hashed, want)
		}
	}
}

// TestTotalOfUnlikeDates: whether people stayed is not known where they came, if that was not watched long enough; later
// stretches are those of the upstreams that still were.
func TestTotalOfUnlikeDates(t *testing.T) {
	t.Parallel()
	asked := [][]string{{"acme"}}
	old := world("host/o/old", "commit 2020-01-10 ann@acme\ncommit 2020-06-01 bob@open")
	fresh := world("host/o/fresh", "commit 2020-05-10 cho@acme\ncommit 2020-11-01 gus@bolt\ncommit 2022-06-01 gus@bolt\ncommit 2023-06-01 cho@acme")
	fresh.PullsKnown = false
	empty := world("host/o/empty", "commit 2020-05-10 bot@acme")
	results := []*Result{
		Measure(upstreamOf(old, nil), asked, date("2020-08-01")), // after which nobody knows
		Measure(upstreamOf(fresh, nil), asked, date("2023-07-01")),
		Measure(upstreamOf(empty, nil), asked, date("2019-07-01")), // without work it is not behind
	}
	r := Total(results, asked)
	same(t, "acme", withWork(r.Standings[0].String()), `
12m 2022-07-01..2023-07-01 whole: commits 2+1/3 share 0.667-1.000 sure 0.500, people 2+1/3, first 1/2 stayed -/-, rank 1 in 1-1 of 1
2020 2020-01-01..2021-01-01 whole: commits 2+1/4 share 0.500-0.750 sure 0.500, people 2+1/4, first 2/4 stayed -/-, rank 1 in 1-1 of 2
2022 2022-01-01..2023-01-01 whole: commits 0+0/1 share 0.000-0.000, people 0+0/1, first 0/0 stayed -/-, rank - of 1
2023 2023-01-01..2024-01-01: commits 1+0/1 share 1.000-1.000 sure 0.500, people 1+0/1, first 0/0 stayed -/-, rank 1 in 1-1 of 1
2020-Q1 2020-01-01..2020-04-01 whole: commits 1+0/1 share 1.000-1.000 sure 0.500, people 1+0/1, first 1/1 stayed -/-, rank 1 in 1-1 of 1
2020-Q2 2020-04-01..2020-07-01 whole: commits 1+1/2 share 0.500-1.000 sure 0.500, people 1+1/2, first 1/2 stayed -/-, rank - in 1-1 of 1
2020-Q4 2020-10-01..2021-01-01 whole: commits 0+0/1 share 0.000-0.000, people 0+0/1, first 0/1 stayed 0/1, rank - of 1
2022-Q2 2022-04-01..2022-07-01 whole: commits 0+0/1 share 0.000-0.000, people 0+0/1, first 0/0 stayed -/-, rank - of 1
2023-Q2 2023-04-01..2023-07-01 whole: commits 1+0/1 share 1.000-1.000 sure 0.500, people 1+0/1, first 0/0 stayed -/-, rank 1 in 1-1 of 1
pull authors - - - - - - - - - - - - - -`)
	if r.AsOf != date("2023-07-01") || r.PullsUnknown != 1 {
		t.Errorf("as of %s, %d without pulls", day(r.AsOf), r.PullsUnknown)
	}
}
