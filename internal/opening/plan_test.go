package opening

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/mainstay-oss/mainstay/internal/forecast"
	"github.com/mainstay-oss/mainstay/internal/need"
	"github.com/mainstay-oss/mainstay/internal/vitals"
)

// candidates draws n real project-quarters, some with their figures moved about, with whatever a plan weighs by.
func candidates(t testing.TB, random *rand.Rand, n int) []Candidate {
	all := rows(t)
	maybe := func() *float64 {
		if random.IntN(3) == 0 {
			return nil
		}
		x := random.Float64()
		return &x
	}
	var c []Candidate
	for i := range n {
		f := all[random.IntN(len(all))].Features
		if random.IntN(2) == 0 {
			f.Commits3m *= random.Float64()
			f.Commits1m = min(f.Commits1m, f.Commits3m)
			f.DaysSinceCommit += random.Float64() * 100
			f.SecondCommits *= random.Float64()
			f.Lasting *= random.Float64()
			f.Contributors12m = 1 + math.Floor(f.Contributors12m*random.Float64())
		}
		c = append(c, Candidate{
			Upstream: fmt.Sprintf("u%04d", i), Exposure: random.Float64(), Features: f,
			Weight: maybe(), Tractability: maybe(), Fit: maybe(),
		})
	}
	return c
}

// best tries every way of sending engineers and gives what is won in all, by the definition.
func best(m *forecast.Model, c []Candidate, fits bool, engineers int, rhythm float64) float64 {
	if len(c) == 0 {
		return 0
	}
	weight := c[0].Exposure
	if c[0].Weight != nil {
		weight = *c[0].Weight
	}
	tractability := vitals.CommonTractability
	if c[0].Tractability != nil {
		tractability = *c[0].Tractability
	}
	fit := 1.0
	switch {
	case c[0].Fit != nil:
		fit = *c[0].Fit
	case fits:
		fit = CommonFit
	}
	f := c[0].Features
	before := stand(m, f).Loss
	most := 0.0
	for n := range engineers + 1 {
		if n > 0 {
			f = WithContributor(f, rhythm)
		}
		most = max(most, weight*(before-stand(m, f).Loss)*tractability*fit+best(m, c[1:], fits, engineers-n, rhythm))
	}
	return most
}

func TestPlanIsTheBestOfAll(t *testing.T) {
	t.Parallel()
	m := forecast.Default()
	random := rand.New(rand.NewPCG(2, 2))
	shared := 0
	for range 150 {
		c := candidates(t, random, 1+random.IntN(4))
		engineers, rhythm := 1+random.IntN(4), []float64{1, 5, 20, RegularRhythm, 80}[random.IntN(5)]
		plan := Plan(m, c, engineers, rhythm)
		total, sent := 0.0, 0
		for _, o := range plan {
			total += o.Worth
			sent += o.Engineers
			if o.Engineers > 1 {
				shared++
			}
			if math.Abs(o.Fall-o.Exposure*(o.Before.Loss-o.After.Loss)) > 1e-15 || o.Worth <= 0 {
				t.Fatalf("fall %v, worth %v of %+v", o.Fall, o.Worth, o)
			}
			if o.After != o.Steps[o.Engineers-1] || len(o.Steps) != o.Engineers {
				t.Fatalf("steps of %+v", o)
			}
		}
		fits := false
		for _, x := range c {
			fits = fits || x.Fit != nil
		}
		if want := best(m, c, fits, engineers, rhythm); total < 0.99*want-float64(engineers)*leastFall {
			t.Fatalf("the plan gains %v, the best of all ways %v", total, want)
		} else if want > 0.05 && total < 0.99*want {
			t.Fatalf("the plan gains %v, under 99 %% of %v", total, want)
		}
		if sent > engineers {
			t.Fatalf("%d engineers sent of %d", sent, engineers)
		}
	}
	if shared == 0 {
		t.Error("no plan ever sent two engineers to one upstream")
	}
}

// TestPlanNeedsNoOthers compares with a plan that asks the model about every place.
func TestPlanNeedsNoOthers(t *testing.T) {
	t.Parallel()
	m := forecast.Default()
	random := rand.New(rand.NewPCG(6, 6))
	spared := 0
	for round := range 12 {
		c := candidates(t, random, 150)
		engineers := 1 + random.IntN(6)
		var all, some []place
		for i := range c {
			p := place{Candidate: c[i], factors: c[i].factors(true), rhythm: RegularRhythm, model: m}
			p.before = stand(m, p.Features)
			some = append(some, p)
			p.climb(engineers)
			all = append(all, p)
		}
		some = promising(some, engineers)
		spared += len(all) - len(some)
		worth := func(places []place) (sum float64) {
			tables := make([][]float64, len(places))
			for i := range places {
				tables[i] = places[i].table()
			}
			for i, n := range allocate(tables, engineers) {
				if n > 0 {
					sum += tables[i][n-1]
				}
			}
			return sum
		}
		if a, s := worth(all), worth(some); math.Abs(a-s) > 1e-12 {
			t.Errorf("round %d: all places are worth %v, %d of them %v", round, a, len(some), s)
		}
	}
	if spared == 0 {
		t.Error("no place was ever left out")
	}
}

// TestPlanIsBlind asks that a plan judges a training project by the model that never saw it, as its outlook does.
func TestPlanIsBlind(t *testing.T) {
	t.Parallel()
	m := forecast.Default()
	r := rows(t)[0]
	id := "github.com/" + strings.ToLower(r.Repo)
	want := stand(m.For(id), r.Features)
	plan := Plan(m, []Candidate{{Upstream: id, Exposure: 1, Features: r.Features}}, 1, RegularRhythm)
	if len(plan) != 1 || plan[0].Before != want || want == stand(m, r.Features) {
		t.Errorf("plan %+v, outlook %+v", plan, want)
	}
}

// TestPlansGrow asks that a plan with one more engineer is worth no less, whatever the order of the candidates, and that the
// best openings stand first.
func TestPlansGrow(t *testing.T) {
	t.Parallel()
	m := forecast.Default()
	random := rand.New(rand.NewPCG(3, 3))
	c := candidates(t, random, 20)
	before := 0.0
	for engineers := range 12 {
		plan := Plan(m, c, engineers, RegularRhythm)
		random.Shuffle(len(c), func(i, j int) { c[i], c[j] = c[j], c[i] })
		if a, b := brief(plan), brief(Plan(m, c, engineers, RegularRhythm)); a != b {
			t.Fatalf("the order of the candidates matters:\n%s\n%s", a, b)
		}
		worth := 0.0
		for i, o := range plan {
			worth += o.Worth
			if i > 0 && o.Worth > plan[i-1].Worth {
				t.Fatalf("opening %d is worth more than the one before", i+1)
			}
		}
		if worth < before-1e-12 {
			t.Fatalf("%d engineers are worth %v, one fewer %v", engineers, worth, before)
		}
		before = worth
	}
	if plan := Plan(m, nil, 3, RegularRhythm); len(plan) != 0 {
		t.Errorf("a plan without candidates: %v", plan)
	}
	c[0].Exposure, c[0].Weight = 0, nil
	if plan := Plan(m, c[:1], 3, RegularRhythm); len(plan) != 0 {
		t.Errorf("a plan for what nobody rides on: %v", plan)
	}
}

func brief(plan []Opening) (all string) {
	for _, o := range plan {
		all += fmt.Sprintln(o.Upstream, o.Engineers, o.Before, o.Steps, o.Fall, o.FallInterval, o.Worth, o.Sentences)
	}
	return all
}

func TestFactors(t *testing.T) {
	t.Parallel()
	x := func(f float64) *float64 { return &f }
	for _, c := range []struct {
		name      string
		candidate Candidate
		fits      bool
		want      Factors
	}{
		{"nothing known", Candidate{Exposure: 0.5}, false, Factors{0.5, vitals.CommonTractability, nil}},
		{"fits of others known", Candidate{Exposure: 0.5}, true, Factors{0.5, vitals.CommonTractability, x(0.75)}},
		{"all known", Candidate{Exposure: 0.5, Weight: x(0), Tractability: x(0.2), Fit: x(0.9)}, true, Factors{0, 0.2, x(0.9)}},
	} {
		if got := c.candidate.factors(c.fits); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

func TestRhythm(t *testing.T) {
	t.Parallel()
	if got := Rhythm(nil); got != RegularRhythm {
		t.Errorf("of no days: %v", got)
	}
	for days, want := range map[int]float64{220: RegularRhythm, 110: RegularRhythm / 2, 1: 1, 55: 12, 365: RegularRhythm * 365.0 / 220} {
		if got := Rhythm(&days); math.Abs(got-want) > 1e-12 {
			t.Errorf("%d days: %v, want %v", days, got, want)
		}
	}
}

// TestFallInterval asks, over the table, that the interval holds the fall and stays between none and all of the loss; and reports how
// wide it is, against the interval of a stop where both ways can be gone.
func TestFallInterval(t *testing.T) {
	t.Parallel()
	m := forecast.Default()
	parts := m.Parts()
	var half, against []float64
	for i, r := range rows(t) {
		if i%16 != 0 {
			continue
		}
		before, after := stand(m, r.Features), stand(m, WithContributor(r.Features, RegularRhythm))
		fall := before.Loss - after.Loss
		ends := fallInterval(parts, r.Features, RegularRhythm, 1, before.Loss, after.Loss)
		if !(0 <= ends[0] && ends[0] <= fall && fall <= ends[1] && ends[1] <= before.Loss) {
			t.Fatalf("%s %s: %v, fall %v of %v", r.Repo, r.AsOf, ends, fall, before.Loss)
		}
		if fall < 0.01 {
			continue
		}
		half = append(half, (ends[1]-ends[0])/2/fall)
		odds := func(p float64) float64 { return math.Log(p / (1 - p)) }
		var stops []float64
		for _, p := range parts {
			stop, _, _ := p.Chances(r.Features)
			stops = append(stops, odds(stop))
		}
		o := m.Outlook(r.Features)
		against = append(against, 2*jackknifed*jackknife(stops)/(odds(o.Interval[1])-odds(o.Interval[0])))
	}
	t.Logf("%d falls of a point or more: half the interval is %.2f of the fall in the median; of stop it is %.1f times as wide as the outlook's",
		len(half), median(half), median(against))
	if w := median(half); w < 0.1 || w > 0.8 {
		t.Errorf("half the interval is %.2f of the fall in the median", w)
	}
	same := fallInterval([]*forecast.Model{m, m, m}, rows(t)[0].Features, RegularRhythm, 1, 0.5, 0.4)
	if math.Abs(same[0]-0.1) > 1e-12 || math.Abs(same[1]-0.1) > 1e-12 {
		t.Errorf("models that agree part by %v", same)
	}
	if got := jackknife([]float64{1, 2, 3}); math.Abs(got-math.Sqrt(2*2.0/3)) > 1e-12 {
		t.Errorf("the jackknife of 1, 2, 3 is %v", got)
	}
}

// TestExplain computes every line anew from the figures that it shows.
func TestExplain(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(7, 7))
	seen := map[string]bool{}
	for range 10 {
		c := candidates(t, random, 12)
		for i := range c {
			if random.IntN(2) == 0 {
				c[i].Fit = nil
			}
		}
		for _, o := range Plan(forecast.Default(), c, 8, RegularRhythm) {
			var product, loss float64
			for _, s := range o.Explain() {
				seen[s.Key] = true
				n := func(i int) float64 { return s.Args[i].(float64) }
				switch s.Key {
				case "plan.explain.exposure", "plan.explain.weight":
					product = n(0)
				case "plan.explain.before":
					if math.Abs(1-(1-n(0))*(1-n(1)*n(2))-n(3)) > 1e-12 {
						t.Errorf("%v", s)
					}
					loss = n(3)
				case "plan.explain.step":
					if math.Abs(1-(1-n(2))*(1-n(3)*n(4))-n(5)) > 1e-12 || math.Abs(loss-n(5)-n(6)) > 1e-12 {
						t.Errorf("%v after %v", s, loss)
					}
					loss = n(5)
				case "plan.explain.fall":
					if loss != n(1) || n(0)-n(1) != n(2) {
						t.Errorf("%v", s)
					}
					product *= n(2)
				case "plan.explain.interval":
					if fall := o.Before.Loss - o.After.Loss; n(0) > fall || n(1) < fall {
						t.Errorf("%v does not hold %v", s, fall)
					}
				case "plan.explain.tractability", "plan.explain.tractability.common", "plan.explain.fit", "plan.explain.fit.common":
					product *= n(0)
				case "plan.explain.worth", "plan.explain.worth.fit":
					if end := n(len(s.Args) - 1); math.Abs(product-end) > 1e-12 || end != o.Worth {
						t.Errorf("%v, not %v", s, product)
					}
					product = math.NaN()
				default:
					t.Errorf("unknown line %s", s.Key)
				}
			}
			if !math.IsNaN(product) {
				t.Errorf("the arithmetic does not end in a worth: %v", o.Explain())
			}
		}
	}
	for _, key := range []string{"plan.explain.exposure", "plan.explain.weight", "plan.explain.tractability.common", "plan.explain.fit.common"} {
		if !seen[key] {
			t.Errorf("no opening was explained by %s", key)
		}
	}
	for _, o := range Plan(forecast.Default(), []Candidate{{Upstream: "a", Exposure: 1, Features: rows(t)[0].Features}}, 1, RegularRhythm) {
		if lines := o.Explain(); lines[len(lines)-1].Key != "plan.explain.worth" {
			t.Errorf("without a fit: %v", lines)
		}
	}
}

// inCatalogue reads the catalogue as text: a stage does not import the words.
func inCatalogue(t *testing.T, sentences ...Sentence) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(need.Root(t), "internal", "message", "catalogue", "plan.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range sentences {
		if !strings.Contains("\n"+string(data), "\n"+s.Key+"\n") {
			t.Errorf("no text for %s", s.Key)
		}
	}
}

func TestSentencesAreInTheCatalogue(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(4, 4))
	c := candidates(t, random, 26)
	c[0].Features.SecondCommits = 0
	for _, o := range Plan(forecast.Default(), c, 100, RegularRhythm) {
		inCatalogue(t, o.Sentences...)
		inCatalogue(t, o.Explain()...)
	}
}

func BenchmarkPlan5000(b *testing.B) {
	c := candidates(b, rand.New(rand.NewPCG(5, 5)), 5000)
	for b.Loop() {
		Plan(forecast.Default(), c, 10, RegularRhythm)
	}
}

// BenchmarkPlan5000Alike is the hardest case: all count alike, as in a cohort.
func BenchmarkPlan5000Alike(b *testing.B) {
	c := candidates(b, rand.New(rand.NewPCG(5, 5)), 5000)
	for i := range c {
		c[i].Exposure, c[i].Weight, c[i].Tractability, c[i].Fit = 1, nil, nil, nil
	}
	for b.Loop() {
		Plan(forecast.Default(), c, 10, RegularRhythm)
	}
}
