package forecast

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/mainstay-oss/mainstay/internal/need"
	"github.com/mainstay-oss/mainstay/internal/vitals"
)

var table = sync.OnceValues(func() ([]Row, error) {
	data, err := os.ReadFile("table.csv")
	if err != nil {
		return nil, err
	}
	return ReadTable(bytes.NewReader(data))
})

func rowsOfTable(t testing.TB) []Row {
	t.Helper()
	rows, err := table()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// gate refuses figures under what doc/forecast.md promises.
func gate(f Figures) error {
	var failures []error
	atLeast := func(name string, got, want float64) {
		if !(got >= want) {
			failures = append(failures, fmt.Errorf("%s is %.3f, under %.3f", name, got, want))
		}
	}
	atLeast("AUC of stop", f.Stop.AUC, 0.850)
	atLeast("average precision of stop", f.Stop.AP, 0.335)
	atLeast("recall of stop at 5 % false alarms", f.Stop.Recall5, 0.41)
	atLeast("skill of stop", f.Stop.Skill, 0.165)
	atLeast("calibration of stop (1 - ECE)", 1-f.Stop.ECE, 0.99)
	atLeast("AUC of collapse", f.Collapse.AUC, 0.72)
	atLeast("average precision of collapse", f.Collapse.AP, 0.38)
	atLeast("calibration of collapse (1 - ECE)", 1-f.Collapse.ECE, 0.98)
	atLeast("AUC of fragility", f.Fragility.AUC, 0.805)
	atLeast("average precision of fragility", f.Fragility.AP, 0.525)
	atLeast("calibration of fragility (1 - ECE)", 1-f.Fragility.ECE, 0.975)
	return errors.Join(failures...)
}

// TestTrainingAgain trains from the table as a clean clone can: the same bytes, and figures as the card promises.
func TestTrainingAgain(t *testing.T) {
	t.Parallel()
	m, err := Train(rowsOfTable(t))
	if err != nil {
		t.Fatal(err)
	}
	got, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, embedded) {
		t.Error("training from table.csv does not give model.json; run: go run ./internal/forecast/train")
	}
	if err := gate(m.Figures); err != nil {
		t.Error(err)
	}
}

// TestGateRefusesNonsense trains on shuffled outcomes, and judges a constant: both must fail.
func TestGateRefusesNonsense(t *testing.T) {
	t.Parallel()
	rows := slices.Clone(rowsOfTable(t))
	random := rand.New(rand.NewPCG(11, 12))
	random.Shuffle(len(rows), func(i, j int) {
		a, b := &rows[i], &rows[j]
		a.Stop, b.Stop = b.Stop, a.Stop
		a.Collapse, b.Collapse = b.Collapse, a.Collapse
		a.Left, b.Left = b.Left, a.Left
	})
	x := make([][]float64, len(rows))
	for i := range rows {
		x[i] = inputs(&rows[i].Features)
	}
	blind := &Model{Terms: Default().Terms, Folds: make([]regressions, folds)}
	parallel(folds, func(k int) { blind.Folds[k] = regress(rows, x, k) })
	blind.Forests = plant(rows, blind.table(x))
	f := blind.OutOfFold(rows).Figures()
	if err := gate(f); err == nil || f.Stop.AUC > 0.56 || f.Stop.AUC < 0.44 {
		t.Errorf("a model of shuffled outcomes passes: AUC %.3f", f.Stop.AUC)
	}

	constant := Forecasts{Rows: rowsOfTable(t)}
	for range constant.Rows {
		constant.Stop = append(constant.Stop, 0.059)
		constant.Collapse = append(constant.Collapse, 0.167)
		constant.Fragility = append(constant.Fragility, 0.2)
	}
	if gate(constant.Figures()) == nil {
		t.Error("a constant passes the gate")
	}
}

// TestFoldsAreBlind trains without one project's fold after turning its outcomes over: its out-of-fold forecasts stay.
func TestFoldsAreBlind(t *testing.T) {
	t.Parallel()
	rows := slices.Clone(rowsOfTable(t))
	fold := Fold("kubernetes-retired/heapster")
	x := make([][]float64, len(rows))
	for i := range rows {
		x[i] = inputs(&rows[i].Features)
		if Fold(rows[i].Repo) == fold {
			rows[i].Stop, rows[i].Collapse, rows[i].Left = !rows[i].Stop, !rows[i].Collapse, !rows[i].Left
			x[i] = make([]float64, len(terms))
		}
	}
	if got, want := fmt.Sprint(regress(rows, x, fold)), fmt.Sprint(Default().Folds[fold]); got != want {
		t.Errorf("the regressions of fold %d depend on its own rows", fold)
	}
	total := 0
	for k := range folds {
		n := 0
		for _, p := range Default().Projects {
			if Fold(p) == k {
				n++
			}
		}
		if n < 10 {
			t.Errorf("fold %d holds %d projects", k, n)
		}
		total += n
	}
	if total != len(Default().Projects) {
		t.Errorf("folds hold %d of %d projects", total, len(Default().Projects))
	}
}

func TestFor(t *testing.T) {
	t.Parallel()
	m := Default()
	f := rowsOfTable(t)[0].Features
	if got := m.For("github.com/kubernetes/ingress-nginx"); got != m {
		t.Error("Ingress NGINX was trained on, or is judged by another model")
	}
	trained := m.Projects[0]
	blind := m.For("github.com/" + strings.ToLower(trained))
	if blind == m {
		t.Fatalf("%s is judged by the model that saw it", trained)
	}
	stop, _, _ := blind.Chances(f)
	all := m.OutOfFold([]Row{{Repo: trained, Features: f}})
	if stop != all.Stop[0] {
		t.Errorf("For gives %v, OutOfFold %v", stop, all.Stop[0])
	}
	if o := blind.Outlook(f); o.Interval[0] > o.Stop || o.Interval[1] < o.Stop {
		t.Errorf("blind interval %v around %v", o.Interval, o.Stop)
	}
}

// TestCaseHistoriesAreNotTrainedOn keeps the cases that are for show out of the table.
func TestCaseHistoriesAreNotTrainedOn(t *testing.T) {
	t.Parallel()
	dirs, err := filepath.Glob(filepath.Join(need.Shared(t), "data", "case-histories", "*", "meta.json"))
	if err != nil || len(dirs) == 0 {
		t.Fatalf("no case histories: %v", err)
	}
	for _, d := range dirs {
		repo := strings.Replace(filepath.Base(filepath.Dir(d)), "+", "/", 1)
		if _, trained := Default().Trained("github.com/" + repo); trained {
			t.Errorf("%s is for show and was trained on", repo)
		}
	}
}

// TestOutlooksHold checks what an Outlook promises on every row of the table.
func TestOutlooksHold(t *testing.T) {
	t.Parallel()
	m := Default()
	bandsSeen := map[string]int{}
	for _, r := range rowsOfTable(t) {
		o := m.Outlook(r.Features)
		bandsSeen[o.Band]++
		if !(o.Stop > 0 && o.Stop <= o.Collapse && o.Collapse < 1 && o.Fragility > 0 && o.Fragility < 1) {
			t.Fatalf("%s %s: %+v", r.Repo, r.AsOf, o)
		}
		if !(0 <= o.Interval[0] && o.Interval[0] <= o.Stop && o.Stop <= o.Interval[1] && o.Interval[1] <= 1) {
			t.Fatalf("%s %s: interval %v around %v", r.Repo, r.AsOf, o.Interval, o.Stop)
		}
		if n := len(o.Reasons); n < 1 || n > maxReasons {
			t.Fatalf("%s %s: %d reasons", r.Repo, r.AsOf, n)
		}
		for i, reason := range o.Reasons {
			if (reason.Weight > 0) != (o.Stop >= 0.03) || i > 0 && math.Abs(reason.Weight) > math.Abs(o.Reasons[i-1].Weight) {
				t.Fatalf("%s %s: reasons %v", r.Repo, r.AsOf, o.Reasons)
			}
			if !slices.Contains(Codes(), reason.Code) {
				t.Fatalf("reason %q is not among the codes", reason.Code)
			}
		}
	}
	for _, b := range []string{Calm, Watch, High, Severe} {
		if bandsSeen[b] == 0 {
			t.Errorf("band %s never occurs: %v", b, bandsSeen)
		}
	}
}

// TestReasonsAreFaithful takes each named cause away, its group's terms put to the average, and forecasts anew with all that is
// shipped: a cause that raises the risk must leave a lower probability behind, one that lowers it a higher one, and the
// log-odds must move by the weight that is said.
func TestReasonsAreFaithful(t *testing.T) {
	t.Parallel()
	seen := map[string]int{}
	for i, r := range rowsOfTable(t) {
		if i%7 != 0 {
			continue
		}
		m := Default()
		if i%2 == 0 {
			m = m.For("github.com/" + r.Repo)
		}
		o := m.Outlook(r.Features)
		x := m.within(inputs(&r.Features))
		without := func(code string) (stop, fragility float64) {
			group, _, _ := strings.Cut(code, "-")
			y := slices.Clone(x)
			for j := range terms {
				if terms[j].group == group {
					y[j] = m.Terms[j].Mean
				}
			}
			stop, _, fragility = m.chances(input{y, y, m.levels(y)})
			return stop, fragility
		}
		check := func(reason Reason, before, after float64) {
			seen[reason.Code]++
			moved := math.Log(before/(1-before)) - math.Log(after/(1-after))
			if (before > after) != (reason.Weight > 0) || math.Abs(moved-reason.Weight) > 1e-9 {
				t.Fatalf("%s %s: taking %s away makes %v of %v; its weight is said to be %v", r.Repo, r.AsOf, reason.Code, after, before, reason.Weight)
			}
		}
		for _, reason := range o.Reasons {
			stop, _ := without(reason.Code)
			check(reason, o.Stop, stop)
		}
		for _, reason := range o.FragilityReasons {
			_, fragility := without(reason.Code)
			check(reason, o.Fragility, fragility)
		}
	}
	for _, code := range []string{"pace", "rhythm", "bursts", "size", "share", "newcomers", "lasting", "team", "departed", "busiest"} {
		if seen[code] == 0 {
			t.Errorf("%s is never a reason: %v", code, seen)
		}
	}
}

// TestEveryReasonHasItsSentence reads the catalogue as text: a stage does not import the words.
func TestEveryReasonHasItsSentence(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(filepath.Join(need.Root(t), "internal", "message", "catalogue", "reason.txt"))
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, line := range strings.Split(string(data), "\n") {
		if code, ok := strings.CutPrefix(line, "reason."); ok {
			keys = append(keys, code)
		}
	}
	codes := Codes()
	slices.Sort(keys)
	slices.Sort(codes)
	if !slices.Equal(keys, codes) {
		t.Errorf("catalogue has %v, the code %v", keys, codes)
	}
	for _, g := range []string{groupPace, groupRhythm, groupBursts, groupSize, groupShare, groupNewcomers, groupLasting, groupTeam, groupDeparted, groupBusiest,
		groupReleases, groupMerges, groupHands, groupWeekends, groupAge} {
		for _, f := range []Features{{}, {SecondCommits: 1, BusiestPrev: math.NaN(), Departed: math.NaN(), DaysSinceRelease: math.NaN()}, {SecondCommits: 1, Merged12m: 1}} {
			if code, _ := sentence(g, &f); !slices.Contains(codes, code) {
				t.Errorf("group %s gives the unlisted code %s", g, code)
			}
		}
	}
}

func TestBand(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		p, low, high float64
		want         string
	}{
		{0.01, 0.005, 0.02, Calm},
		{0.03, 0.02, 0.05, Watch},
		{0.0999, 0.05, 0.2, Watch},
		{0.10, 0.05, 0.2, High},
		{0.25, 0.2, 0.3, Severe},
		{0.9, 0.8, 1, Severe},
		{0.05, 0.02, 0.11, Unsure},
		{0.2, 0.09, 0.26, Unsure},
		{0.2, 0.01, 0.9, Unsure},
	} {
		if got := Band(c.p, [2]float64{c.low, c.high}); got != c.want {
			t.Errorf("Band(%v, %v to %v) = %s, want %s", c.p, c.low, c.high, got, c.want)
		}
	}
}

// TestPlainCases asks that the model says the obvious of histories where the right answer is plain.
func TestPlainCases(t *testing.T) {
	t.Parallel()
	m := Default()
	outlook := func(text string) Outlook {
		f, ok := FeaturesAt(vitals.NewMeter(world(text)), asOf)
		if !ok {
			t.Fatal("not active")
		}
		return m.Outlook(f)
	}
	busy := `
		commit 1..2500/2 ann
		commit 2..2000/3 bob
		commit 3..1500/4 cat
		commit 1..300/20 dan
		commit 5..330/25 eve
		tag 20..2500/60`
	fading := `
		commit 100..120/2 ann
		commit 130..360/20 ann
		commit 366..1000/4 ann
		commit 366..900/3 bob
		tag 800..1000/60`
	calm, bad := outlook(busy), outlook(fading)
	if calm.Stop > 0.03 || calm.Band != Calm || bad.Stop < 0.25 || bad.Stop < 10*calm.Stop || bad.Fragility < calm.Fragility {
		t.Errorf("a busy project: %+v\na fading one: %+v", calm, bad)
	}
	for _, r := range append(bad.Reasons, bad.FragilityReasons...) {
		if r.Weight <= 0 {
			t.Errorf("reason %s of a severe outlook lowers the risk", r.Code)
		}
	}
}

// TestOddFeaturesStayInBounds gives the model what hostile histories can give: dates of 1970, a million commits.
func TestOddFeaturesStayInBounds(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(13, 14))
	sizes := []float64{0, 1, 12, 1e3, 1e6, 1e9}
	for range 2000 {
		f := Features{Commits12m: 12, BusiestCommits: 1, Age: 1}
		for _, c := range columns {
			*c.field(&f) = sizes[random.IntN(len(sizes))]
		}
		f.Commits12m = max(f.Commits12m, 12)
		f.BusiestCommits = min(max(f.BusiestCommits, 1), f.Commits12m)
		f.Age = max(f.Age, 1)
		o := Default().Outlook(f)
		if !(o.Stop >= 0 && o.Stop <= o.Collapse && o.Collapse <= 1 && o.Fragility >= 0 && o.Fragility <= 1) || len(o.Reasons) == 0 {
			t.Fatalf("%+v gives %+v", f, o)
		}
	}
}

func TestParseModelRefuses(t *testing.T) {
	t.Parallel()
	for name, broken := range map[string]string{
		"nothing":        "",
		"no terms":       "{}",
		"another term":   strings.Replace(string(embedded), `"fall_3m"`, `"fell_3m"`, 1),
		"a weight off":   strings.Replace(string(embedded), `"weights":[`, `"weights":[0.5,`, 1),
		"no base64":      strings.Replace(string(embedded), `"refit_trees":"`, `"refit_trees":"*`, 1),
		"no trees":       strings.Replace(string(embedded), "\"forests\":{\n\"stop\":\"", `"forests":{"stop":"","spare":"`, 1),
		"half a tree":    strings.Replace(string(embedded), `"refit_trees":"`, `"refit_trees":"AQAB`, 1),
		"a term too far": strings.Replace(string(embedded), `"refit_trees":"`, `"refit_trees":"`+farTree, 1),
		"cut":            string(embedded[:len(embedded)/2]),
	} {
		if _, err := ParseModel([]byte(broken)); err == nil || broken == string(embedded) {
			t.Errorf("%s: no error", name)
		}
	}
}

// farTree is a tree that asks for term 200: two leaves below one node, as base64.
const farTree = "yAD/AAD/AAD/"

func TestTrainRefuses(t *testing.T) {
	t.Parallel()
	rows := rowsOfTable(t)
	if _, err := Train(nil); err == nil {
		t.Error("trained on nothing")
	}
	if _, err := Train(rows[:50]); err == nil {
		t.Error("trained on one project")
	}
	broken := slices.Clone(rows)
	broken[3].Features.Age = math.NaN()
	if _, err := Train(broken); err == nil || !strings.Contains(err.Error(), "age") {
		t.Errorf("trained on an age that is no number: %v", err)
	}
}

func BenchmarkOutlook(b *testing.B) {
	m := Default()
	f := rowsOfTable(b)[100].Features
	for b.Loop() {
		m.Outlook(f)
	}
}

func BenchmarkTrain(b *testing.B) {
	rows := rowsOfTable(b)
	for b.Loop() {
		if _, err := Train(rows); err != nil {
			b.Fatal(err)
		}
	}
}

// TestTheCardSaysTheFigures holds doc/forecast.md against the model's own figures and weights.
func TestTheCardSaysTheFigures(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(filepath.Join(need.Root(t), "doc", "forecast.md"))
	if err != nil {
		t.Fatal(err)
	}
	card := strings.ReplaceAll(string(data), "−", "-")
	m := Default()
	for _, f := range []Metrics{m.Figures.Stop, m.Figures.Collapse, m.Figures.Fragility} {
		for _, figure := range []string{
			fmt.Sprintf("**%.3f**", f.AUC), fmt.Sprintf("**%.3f**", f.AP), fmt.Sprintf("Brier %.4f", f.Brier), fmt.Sprintf("%.3f, ECE", f.Skill), fmt.Sprintf("%.4f", f.ECE),
		} {
			if !strings.Contains(card, figure) && !strings.Contains(card, "prevalence "+strings.TrimSuffix(figure, ", ECE")) {
				t.Errorf("doc/forecast.md does not say %s", figure)
			}
		}
	}
	for i, r := range m.Terms {
		line := ""
		for _, l := range strings.Split(card, "\n") {
			if strings.HasPrefix(l, "| "+r.Name+" |") {
				line = l
			}
		}
		cells := strings.Split(line, "|")
		if i >= linear {
			if len(cells) != 6 || strings.TrimSpace(cells[4]) != two(r.Mean) {
				t.Errorf("doc/forecast.md, term %s: %q, want 4 cells and the mean %s", r.Name, line, two(r.Mean))
			}
			continue
		}
		if len(cells) != 10 {
			t.Errorf("doc/forecast.md has no row of 8 cells for the term %s: %q", r.Name, line)
			continue
		}
		sign := map[int]string{1: "+", -1: "-", 0: ""}[terms[i].sign]
		for k, want := range []string{sign, two(r.Mean), two(m.Stop.Weights[i]), two(m.Collapse.Weights[i]), two(m.Fragility.Weights[i])} {
			if got := strings.TrimSpace(cells[4+k]); got != want {
				t.Errorf("doc/forecast.md, term %s: %q, want %q", r.Name, got, want)
			}
		}
	}
}

// two writes a figure as the card does: two decimals, a plain 0 for a weight that is held there.
func two(x float64) string {
	if x == 0 {
		return "0"
	}
	return fmt.Sprintf("%.2f", x)
}

// TestPartsAreBlind asks that the part without a project's fold is the model that judges it.
func TestPartsAreBlind(t *testing.T) {
	t.Parallel()
	m := Default()
	parts := m.Parts()
	if len(parts) != folds {
		t.Fatalf("%d parts", len(parts))
	}
	f := Features{Commits12m: 100, CommitsEver: 500, BusiestCommits: 50, Contributors12m: 3, Age: 4, Lasting: 2, Effective12m: 2, EffectivePrev: 2, Growth36m: 1}
	for _, repo := range m.Projects[:20] {
		stop, collapse, fragility := m.For("github.com/" + repo).Chances(f)
		if s, c, g := parts[Fold(repo)].Chances(f); s != stop || c != collapse || g != fragility {
			t.Errorf("%s is judged by %v %v %v, the part without it says %v %v %v", repo, stop, collapse, fragility, s, c, g)
		}
	}
}
