package opening

import (
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"

	"github.com/mainstay-oss/mainstay/internal/forecast"
	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/need"
	"github.com/mainstay-oss/mainstay/internal/people"
	"github.com/mainstay-oss/mainstay/internal/vitals"
)

// trio is a project of three: ann is busiest, bob of late, cat hardly; dan is gone.
const trio = `
	1..331/10 ann
	3..183/20 bob
	200..350/50 cat
	900 ann
	400..700/20 dan
`

func number(m *vitals.Meter, names ...string) func(person int32) bool {
	persons, h := m.Persons(asOf), m.History()
	return func(p int32) bool {
		for i := range h.Identities {
			if persons.Of(int32(i)) == p && slices.Contains(names, h.Identities[i].Name) {
				return true
			}
		}
		return false
	}
}

func TestDepartures(t *testing.T) {
	t.Parallel()
	m := vitals.NewMeter(world(trio))
	c, active := crewAt(m, asOf)
	if !active || len(c.people) != 3 {
		t.Fatalf("%+v, %v", c, active)
	}
	const ann, bob, cat, all = 34, 10, 4, 48
	f := c.features
	if f.Commits12m != all || c.people[0].commits != ann || c.people[1].commits != bob || c.people[2].commits != cat {
		t.Fatalf("the crew is %+v of %v commits", c.people, f.Commits12m)
	}
	a := func(i int, days float64) float64 { return c.people[i].against(days) }
	dead := func(days float64, who ...int) float64 {
		for _, i := range who {
			f.Lasting += a(i, days) - a(i, c.people[i].days)
		}
		return f.Lasting
	}
	for _, x := range []struct {
		name string
		got  forecast.Features
		want func(f *forecast.Features)
	}{
		{"bob silent", c.silent([]bool{false, true, false}), func(f *forecast.Features) {
			f.Commits3m, f.Commits1m, f.Weeks3m, f.DaysSinceCommit = 9, 3, 9, 1 // ann's: 1, 11, … 81 days ago, each in another week
			f.Contributors12m, f.SecondCommits = 2, cat
			f.Departed += (1 - f.Departed) * bob / all
			f.Lasting = dead(183, 1)
		}},
		{"ann, who is the busiest, is left to the fragility", c.silent([]bool{true, true, false}), func(f *forecast.Features) {
			*f = c.silent([]bool{false, true, false})
		}},
		{"cat silent, who was anyway", c.silent([]bool{false, false, true}), func(f *forecast.Features) {
			f.Contributors12m = 2
			f.Departed += (1 - f.Departed) * cat / all
		}},
		{"nobody", c.silent([]bool{false, false, false}), func(f *forecast.Features) { f.Measured = nil }},
		{"ann as one", c.asOne([]bool{true, false, false}, 0), func(f *forecast.Features) {}},
		{"ann and bob as one", c.asOne([]bool{true, true, false}, 0), func(f *forecast.Features) {
			f.Commits3m, f.Commits1m, f.Weeks3m, f.DaysSinceCommit = 9, 3, 9, 1
			f.Contributors12m, f.BusiestCommits, f.SecondCommits = 2, ann+bob, cat
			f.BusiestPrev += float64(bob) / all
			f.Lasting -= min(a(0, 1), a(1, 3))
		}},
		{"all as one", c.asOne([]bool{true, true, true}, 0), func(f *forecast.Features) {
			f.Commits3m, f.Commits1m, f.Weeks3m, f.DaysSinceCommit = 9, 3, 9, 1
			f.Contributors12m, f.BusiestCommits, f.SecondCommits = 1, all, 0
			f.BusiestPrev += float64(bob+cat) / all
			f.Lasting = max(a(0, 1), a(1, 3), a(2, 200))
		}},
		{"bob and cat as one", c.asOne([]bool{false, true, true}, 1), func(f *forecast.Features) {
			f.Contributors12m, f.BusiestCommits, f.SecondCommits = 2, bob+cat, ann // bob's recent work stays in
			f.BusiestPrev += float64(bob+cat-ann) / all
			f.Lasting -= min(a(1, 3), a(2, 200))
		}},
	} {
		f = c.features
		want := c.features
		want.Measured = &f
		x.want(&want)
		if (x.got.Measured == nil) != (want.Measured == nil) || x.got.Measured != nil && !alike(*x.got.Measured, c.features) {
			t.Errorf("%s: what was measured is %+v", x.name, x.got.Measured)
		}
		if x.got.Measured, want.Measured = nil, nil; !alike(x.got, want) {
			t.Errorf("%s: %+v\nwant %+v", x.name, x.got, want)
		}
	}
}

// alike compares what departures move, up to rounding.
func alike(a, b forecast.Features) bool {
	near := func(x, y float64) bool { return math.Abs(x-y) < 1e-9 || math.IsNaN(x) && math.IsNaN(y) }
	return near(a.Commits3m, b.Commits3m) && near(a.Commits1m, b.Commits1m) && near(a.Weeks3m, b.Weeks3m) &&
		near(a.DaysSinceCommit, b.DaysSinceCommit) && near(a.Contributors12m, b.Contributors12m) &&
		near(a.BusiestCommits, b.BusiestCommits) && near(a.SecondCommits, b.SecondCommits) && near(a.BusiestPrev, b.BusiestPrev) &&
		near(a.Departed, b.Departed) && near(a.Lasting, b.Lasting) && a.Commits12m == b.Commits12m && a.Added == b.Added
}

func TestLeave(t *testing.T) {
	t.Parallel()
	m, model := vitals.NewMeter(world(trio)), forecast.Default()
	f, _ := forecast.FeaturesAt(m, asOf)
	stop, _, fragility := model.Chances(f)
	leave := func(names ...string) Departure {
		d, active := Leave(model, m, asOf, number(m, names...))
		if !active {
			t.Fatal("not active")
		}
		return d
	}
	if d := leave(); d != (Departure{Stop: stop}) {
		t.Errorf("nobody leaves: %+v, stop %v", d, stop)
	}
	if d := leave("dan"); d != (Departure{Stop: stop}) {
		t.Errorf("who has gone already leaves: %+v", d)
	}
	if d := leave("ann"); d.People != 1 || d.Share != 34.0/48 || math.Abs(d.Stop-max(stop, fragility)) > 1e-9 || d.Nobody {
		t.Errorf("the busiest leaves: %+v, fragility %v", d, fragility)
	}
	if d := leave("bob", "cat"); d.People != 2 || d.Share != 14.0/48 || d.Stop <= stop || d.Stop >= fragility {
		t.Errorf("the others leave: %+v, stop %v, fragility %v", d, stop, fragility)
	}
	if d := leave("ann", "bob"); d.Stop <= fragility || d.Nobody {
		t.Errorf("two leave: %+v, fragility %v", d, fragility)
	}
	if d := leave("ann", "bob", "cat"); d.People != 3 || d.Share != 1 || !d.Nobody || d.Stop < emptyStop {
		t.Errorf("all leave: %+v", d)
	}
	if _, active := Leave(model, vitals.NewMeter(world("1..11/1 ann\n900 ann")), asOf, number(m)); active {
		t.Error("a departure from an upstream that is not active")
	}
	later := world(trio)
	later.Commits = append(later.Commits, history.Commit{Committed: asOf + 1, Author: 1, Committer: 1, Parents: 1})
	if d, _ := Leave(model, vitals.NewMeter(later), asOf, number(m, "bob")); d != leave("bob") {
		t.Errorf("what came later matters: %+v", d)
	}
}

func TestVerdict(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		lower, upper float64
		want         Verdict
	}{{0.5, 0.6, Stops}, {0.49, 0.5, MayStop}, {0.1, 0.49, GoesOn}} {
		if got := (Drill{Lower: Departure{Stop: c.lower}, Upper: Departure{Stop: c.upper}}).Verdict(); got != c.want {
			t.Errorf("%v to %v: %s, want %s", c.lower, c.upper, got, c.want)
		}
	}
	m, model := vitals.NewMeter(world(trio)), forecast.Default()
	f, _ := forecast.FeaturesAt(m, asOf)
	stop, _, _ := model.Chances(f)
	d, active := NewDrill(model, m, asOf, number(m, "bob"), number(m, "cat"))
	both, _ := Leave(model, m, asOf, number(m, "bob", "cat"))
	bob, _ := Leave(model, m, asOf, number(m, "bob"))
	if !active || d.Before != stop || d.Lower != bob || d.Upper != both {
		t.Errorf("%+v, want %v, %+v, %+v", d, stop, bob, both)
	}
}

func TestMembers(t *testing.T) {
	t.Parallel()
	m := vitals.NewMeter(world(`
		1..100/5 ann@redhat.com
		2..100/5 bob@ibm.com
		3..100/5 cat@nobody.example
		4..100/5 dan@apache.org
		5..100/5 eve@nobody.example
		200 eve@redhat.com
		6..50/5 fay@ibm.com
		51..300/5 fay@redhat.com
		400..500/5 gus@redhat.com
		900 ann@redhat.com
	`))
	h := m.History()
	// The table of domains says for whom redhat.com and ibm.com speak; eve and fay have two addresses each, and one name.
	claims := (*people.Register)(nil).Attribute(h, m.Persons(asOf), asOf)
	name, _ := people.Organisation("redhat.com", asOf)
	attributed, open := Members(m, claims, []string{name, "Unheard Of"}, asOf)
	persons := m.Persons(asOf)
	for i := range h.Identities {
		who, p := h.Identities[i].Name, persons.Of(int32(i))
		if got, want := attributed(p), who == "ann" || who == "eve"; got != want {
			t.Errorf("%s is attributed: %v", who, got)
		}
		if got, want := open(p), who == "cat" || who == "dan"; got != want {
			t.Errorf("%s is open: %v", who, got)
		}
	}
	busiest := Busiest(m, asOf)
	for i := range h.Identities {
		if p := persons.Of(int32(i)); busiest(p) != (p == m.People(asOf)[0].Person) {
			t.Errorf("%s is the busiest: %v", h.Identities[i].Name, busiest(p))
		}
	}
	if none := Busiest(vitals.NewMeter(world("900 ann")), asOf); none(-1) || none(0) {
		t.Error("somebody is the busiest of nobody")
	}
}

// TestCrewAgreesWithFeatures computes anew, from the commits of real histories, what departures rest on.
func TestCrewAgreesWithFeatures(t *testing.T) {
	t.Parallel()
	model := forecast.Default()
	compared := 0
	for _, h := range archives(t, filepath.Join(need.Root(t), "histories"), 4) {
		m, own := vitals.NewMeter(h), model.For(h.Upstream)
		for _, at := range m.ActiveQuarters(nil) {
			c, active := crewAt(m, at)
			if !active {
				continue
			}
			compared++
			again := c.features
			again.Lasting = 0
			for i := range c.people[:min(len(c.people), lastingOf)] {
				again.Lasting += c.people[i].against(c.people[i].days)
			}
			c.recent(&again, make([]bool, len(c.people)))
			if !alike(again, c.features) {
				t.Fatalf("%s at %d: %+v, measured %+v", h.Upstream, at, again, c.features)
			}
			d := c.without(own, Busiest(m, at))
			if s := Suppose(own, c.features, Case{Leaves: true}); math.Abs(d.Stop-s.Stop) > 1e-9 && !d.Nobody {
				t.Fatalf("%s at %d: the drill says %v where the busiest leaves, the what-if %v", h.Upstream, at, d.Stop, s.Stop)
			}
		}
	}
	if compared < 300 {
		t.Errorf("only %d quarters were compared", compared)
	}
}

// TestMoreLeaversNeverHelp lets one more leave, in any order, until nobody is left, by every model that may judge.
func TestMoreLeaversNeverHelp(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(10, 10))
	models := append(forecast.Default().Parts(), forecast.Default())
	steps, rose := 0, 0
	for _, h := range archives(t, filepath.Join(need.Root(t), "histories"), 2) {
		m := vitals.NewMeter(h)
		quarters := m.ActiveQuarters(nil)
		for i := random.IntN(3); i < len(quarters); i += 3 {
			c, active := crewAt(m, quarters[i])
			if !active {
				continue
			}
			model := models[random.IntN(len(models))]
			order := random.Perm(len(c.people))
			if random.IntN(2) == 0 { // of the busiest in random order, since most have few commits
				order = random.Perm(min(len(c.people), 6))
			}
			gone := map[int32]bool{}
			before := c.without(model, func(int32) bool { return false })
			for _, i := range order[:min(len(order), 30)] {
				gone[c.people[i].person] = true
				after := c.without(model, func(p int32) bool { return gone[p] })
				if after.Stop < before.Stop || after.Share < before.Share || after.People != before.People+1 || after.Stop > 1 {
					t.Fatalf("%s at %d: %+v becomes %+v when number %d leaves too", h.Upstream, c.t, before, after, i)
				}
				steps++
				if after.Stop > before.Stop {
					rose++
				}
				before = after
			}
		}
	}
	if steps < 2000 || rose < steps/2 {
		t.Errorf("%d steps, in %d the probability rose", steps, rose)
	}
}
