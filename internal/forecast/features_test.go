package forecast

import (
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/need"
	"github.com/mainstay-oss/mainstay/internal/vitals"
)

func TestFeatures(t *testing.T) {
	t.Parallel()
	h := world(`
		commit 3..353/10 ann by bob #7
		commit 40..80/20 bob
		commit 400..700/30 ann
		commit 400..640/60 cat
		commit 5 bot-renovate
		commit 6 bob merge #8
		commit 1000 dan
		tag 30
		tag 90
		tag 500
	`)
	f, ok := FeaturesAt(vitals.NewMeter(h), asOf)
	if !ok {
		t.Fatal("not active")
	}
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"Commits12m", f.Commits12m, 36 + 3},
		{"Commits3m", f.Commits3m, 9 + 3},
		{"Commits1m", f.Commits1m, 3}, // 3, 13, 23 days ago
		{"CommitsPrev12m", f.CommitsPrev12m, 11 + 5},
		{"PeakCommits12m", f.PeakCommits12m, 39},
		{"DaysSinceCommit", f.DaysSinceCommit, 3},
		{"UsualGap", f.UsualGap, 10},
		{"Weeks3m", f.Weeks3m, 11}, // of the days 3, 13, … 83 and 40, 60, 80: weeks 0 1 3 4 6 7 9 10 11 and 5 8
		{"Contributors12m", f.Contributors12m, 2},
		{"Newcomers12m", f.Newcomers12m, 1}, // bob: a merge does not count as a beginning
		{"AbsenceFactor", f.AbsenceFactor, 1},
		{"BusiestCommits", f.BusiestCommits, 36},
		{"SecondCommits", f.SecondCommits, 3},
		{"BusiestPrev", f.BusiestPrev, 11.0 / 16},
		{"RegularsPrev", f.RegularsPrev, 2}, // cat: 400, 460, 520, 580, 640
		{"Regulars12m", f.Regulars12m, 1},
		{"Departed", f.Departed, 5.0 / (11 + 5 + 18)}, // cat's; ann goes on; 18 of ann's from 183 days ago on
		{"BusiestTenure", f.BusiestTenure, 700.0 / 365},
		{"BusiestDays", f.BusiestDays, 3},
		{"Releases12m", f.Releases12m, 2},
		{"DaysSinceRelease", f.DaysSinceRelease, 30},
		{"Age", f.Age, 1000.0 / 365},
		{"Merged12m", f.Merged12m, 2},
		{"Merged3m", f.Merged3m, 2},
		{"OtherHands", f.OtherHands, 36.0 / 39},
		{"Weekends", f.Weekends, 13.0 / 39},
		{"Added", f.Added, 0},
		{"CommitsEver", f.CommitsEver, 36 + 3 + 11 + 5 + 1},
		{"PeakAgo", f.PeakAgo, 0},
		{"LongestGap24m", f.LongestGap24m, 47}, // from 400 to 353 days ago
		{"Contributors6m", f.Contributors6m, 2},
		{"ContributorsPrev12m", f.ContributorsPrev12m, 2},
		{"Monthly6m", f.Monthly6m, (1 + 2 + 2 + 1 + 1 + 1) / 6.0}, // bob 40 and 60 days ago in the second stretch, 80 in the third
		{"Newcomers3m", f.Newcomers3m, 1},
		{"NewcomersPrev12m", f.NewcomersPrev12m, 2}, // cat began 640 days ago, ann 700
		{"Others3m", f.Others3m, 3},
		{"Others6m", f.Others6m, 3},
		{"Effective12m", f.Effective12m, 39 * 39 / (36.0*36 + 9)},
		{"EffectivePrev", f.EffectivePrev, 16 * 16 / (11.0*11 + 25)},
		{"RegularsKept", f.RegularsKept, 0.5},
		{"Known", f.Known, 50.0 / 56},
		{"BusiestMonths", f.BusiestMonths, 12},
		{"BusiestEver", f.BusiestEver, 47.0 / 56},
		{"MergedPrev12m", f.MergedPrev12m, 0},
		{"Merges12m", f.Merges12m, 1},
		{"Late", f.Late, 0},
		{"Lasting", f.Lasting, against(3, 12, 700.0/365) + against(40, 2, 80.0/365)},
	} {
		if math.Abs(c.got-c.want) > 1e-9 {
			t.Errorf("%s = %v, want %v", c.name, c.got, c.want)
		}
	}
}

func TestFeaturesWhereMissing(t *testing.T) {
	t.Parallel()
	f, ok := FeaturesAt(vitals.NewMeter(world("commit 10..200/10 ann\ncommit 900 ann")), asOf)
	if !ok || !math.IsNaN(f.BusiestPrev) || !math.IsNaN(f.DaysSinceRelease) || f.SecondCommits != 0 {
		t.Errorf("%+v, %v", f, ok)
	}
	for i, x := range inputs(&f) {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			t.Errorf("term %s is %v", terms[i].name, x)
		}
	}
	for name, text := range map[string]string{
		"few commits": "commit 1..11/1 ann\ncommit 900 ann",
		"silent":      "commit 121..300/5 ann\ncommit 900 ann",
		"young":       "commit 1..300/5 ann",
	} {
		if _, ok := FeaturesAt(vitals.NewMeter(world(text)), asOf); ok {
			t.Errorf("%s: features of an upstream that is not active", name)
		}
	}
}

// TestWeekendsAreLocal moves one commit over midnight by its author's time zone: asOf is a Wednesday, so 4 days before is a
// Saturday.
func TestWeekendsAreLocal(t *testing.T) {
	t.Parallel()
	for tz, want := range map[int16]bool{0: true, -60: false, 60: true, 840: true} {
		c := history.Commit{Authored: asOf - 4*vitals.Day, AuthorTZ: tz}
		if weekend, _ := localTime(&c); weekend != want {
			t.Errorf("time zone %d: weekend = %v", tz, weekend)
		}
	}
	c := history.Commit{Authored: -5*vitals.Day + 17*3600 + 3599, AuthorTZ: -60} // 1969-12-27 was a Saturday
	if weekend, hour := localTime(&c); !weekend || hour != 16 {
		t.Errorf("before 1970: weekend = %v, hour %d", weekend, hour)
	}
}

// scramble replaces everything after t by noise: other people, other bots, other dates, pulls and tags, or nothing at all.
func scramble(h *history.History, t int64, random *rand.Rand) *history.History {
	s := *h
	s.Identities = slices.Clone(h.Identities)
	s.Identities = append(s.Identities, history.Identity{Name: "new", Email: "new@away"})
	s.Commits = slices.DeleteFunc(slices.Clone(h.Commits), func(c history.Commit) bool { return c.Committed > t })
	s.Tags = slices.DeleteFunc(slices.Clone(h.Tags), func(g history.Tag) bool { return g.Created > t })
	s.Pulls = nil
	later := func() int64 { return t + 1 + random.Int64N(2*vitals.Year) }
	for range random.IntN(500) {
		// Any two strings may meet in a later commit; that joins persons after t and must not before.
		a := int32(len(s.Identities))
		x, y := s.Identities[random.IntN(len(h.Identities))], s.Identities[random.IntN(len(h.Identities))]
		s.Identities = append(s.Identities, history.Identity{Name: x.Name, Email: y.Email, Domain: y.Domain})
		s.Commits = append(s.Commits, history.Commit{
			Committed: later(), Authored: t - random.Int64N(vitals.Year), Author: a, Committer: a,
			Parents: uint8(random.IntN(3)), Pull: random.Int32N(50),
		})
		s.Pulls = append(s.Pulls, history.Pull{Number: random.Int32N(50), Author: a, Authored: later()})
	}
	for range random.IntN(20) {
		s.Tags = append(s.Tags, history.Tag{Created: later(), Name: "later"})
	}
	sortHistory(&s)
	return &s
}

func same(a, b Features) bool {
	for _, c := range columns {
		x, y := *c.field(&a), *c.field(&b)
		if x != y && !(math.IsNaN(x) && math.IsNaN(y)) {
			return false
		}
	}
	return true
}

// TestNothingAfterTheDateCounts scrambles the future of invented and, where they are to be had, real histories.
func TestNothingAfterTheDateCounts(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	compared := 0
	check := func(h *history.History, from, step int64) {
		for at := from; at < h.Commits[len(h.Commits)-1].Committed; at += step {
			before, active := FeaturesAt(vitals.NewMeter(h), at)
			after, still := FeaturesAt(vitals.NewMeter(scramble(h, at, random)), at)
			if active != still || !same(before, after) {
				t.Fatalf("%s at %d: %+v became %+v", h.Upstream, at, before, after)
			}
			if active {
				compared++
			}
		}
	}
	h := world(`
		commit 3..1500/9 ann by bob #7
		commit 40..900/13 bob
		commit 5..800/31 cat
		tag 30..900/60
	`)
	check(h, asOf-2*vitals.Year, 50*vitals.Day)
	if compared == 0 {
		t.Fatal("nothing was compared")
	}
	t.Run("archives", func(t *testing.T) {
		data := filepath.Join(need.Shared(t), "data", "histories")
		dirs, err := os.ReadDir(data)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i < len(dirs); i += 24 {
			h, err := history.ReadArchive(filepath.Join(data, dirs[i].Name()), "")
			if err != nil {
				continue // the folder may hold other files
			}
			if len(h.Commits) < 20_000 {
				check(h, h.Commits[0].Committed+vitals.Year, vitals.Year)
			}
		}
		if compared < 30 {
			t.Errorf("only %d comparisons", compared)
		}
	})
}
