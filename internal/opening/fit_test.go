package opening

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestFit(t *testing.T) {
	t.Parallel()
	const nothing = -1
	for _, c := range []struct {
		name  string
		team  Team
		files map[string]int
		want  float64
	}{
		{"nobody has shown anything", Team{}, map[string]int{"Go": 10}, nothing},
		{"languages not known", Team{Changes: map[string]int{"Go": 10}}, nil, nothing},
		{"no source files", Team{Changes: map[string]int{"Go": 10}}, map[string]int{"Go": 0}, nothing},
		{"another language", Team{Changes: map[string]int{"Go": 1000}}, map[string]int{"C": 10}, 0.5},
		{"half known", Team{Changes: map[string]int{"Go": 20}}, map[string]int{"Go": 10}, 0.75},
		{"a quarter of it half known", Team{Changes: map[string]int{"Go": 20}}, map[string]int{"Go": 10, "C": 30}, 0.5 + 0.5/4/2},
		{"no matter what else they do", Team{Changes: map[string]int{"Go": 20, "Rust": 5000}}, map[string]int{"Go": 10}, 0.75},
		{"at home", Team{Commits: map[string]int{"here": 3}}, map[string]int{"C": 10}, 1},
		{"at home, languages not known", Team{Commits: map[string]int{"here": 100}}, nil, 1},
		{"a first commit", Team{Commits: map[string]int{"here": 1}}, map[string]int{"C": 10}, 0.5 + 0.5/3},
		{"a first commit, languages not known", Team{Commits: map[string]int{"here": 1}}, nil, 0.75 + 0.25/3},
		{"at home elsewhere", Team{Commits: map[string]int{"there": 100}}, map[string]int{"C": 10}, 0.5},
	} {
		got := c.team.Fit("here", c.files)
		if got == nil {
			if c.want != nothing {
				t.Errorf("%s: not known, want %v", c.name, c.want)
			}
			continue
		}
		if math.Abs(*got-c.want) > 1e-12 {
			t.Errorf("%s: %v, want %v", c.name, *got, c.want)
		}
	}
}

// TestFitIsMonotone asks that whatever more a team shows never lowers its fit, and that it stays between a half and one.
func TestFitIsMonotone(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(9, 9))
	languages := []string{"Go", "C", "Rust", "Python"}
	for range 2000 {
		team, files := Team{Changes: map[string]int{"Go": 1}, Commits: map[string]int{"here": random.IntN(5)}}, map[string]int{"Go": 1}
		for _, l := range languages {
			team.Changes[l], files[l] = random.IntN(100), random.IntN(100)
		}
		before := team.Fit("here", files)
		if before == nil {
			continue
		}
		if random.IntN(3) == 0 {
			team.Commits["here"]++
		} else {
			team.Changes[languages[random.IntN(4)]] += random.IntN(50)
		}
		if after := team.Fit("here", files); *after < *before-1e-12 || *after > 1 || *before < 0.5 {
			t.Fatalf("%v becomes %v with %v of %v", *before, *after, team, files)
		}
	}
}
