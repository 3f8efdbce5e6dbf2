package opening

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/mainstay-oss/mainstay/internal/forecast"
)

func TestTasks(t *testing.T) {
	t.Parallel()
	n := func(i int) *int { return &i }
	x := func(f float64) *float64 { return &f }
	pulls := []Pull{{12345, 1}, {9, 20}, {8, 30}, {7, 40}, {6, 50}, {5, 60}}
	for _, c := range []struct {
		name   string
		undone Undone
		want   string // kind and place
	}{
		{"nothing known", Undone{Regulars: 2}, ""},
		{"pulls alone", Undone{Regulars: 2, Pulls: pulls}, "open-pull 12345, open-pull 9, open-pull 8, open-pull 7, open-pull 6"},
		{"all at once", Undone{
			Pulls: pulls, CommitsSinceRelease: n(30), ReleaseBacklog: x(1.5), Regulars: 1,
			Folders: []Folder{{"a", 10, 9}, {"b", 10, 8}, {"c", 10, 7}},
		}, "orphaned-folder a, orphaned-folder b, open-pull 12345, overdue-release , second-maintainer "},
		{"a release in its time", Undone{Regulars: 2, CommitsSinceRelease: n(30), ReleaseBacklog: x(1)}, ""},
		{"nobody regular", Undone{}, "second-maintainer "},
		{"listed, one at work", Undone{Regulars: 5, Listed: n(4), ActiveListed: n(1)}, "second-maintainer "},
		{"listed, two at work", Undone{Regulars: 0, Listed: n(4), ActiveListed: n(2)}, ""},
		{"nobody listed", Undone{Regulars: 1, Listed: n(0), ActiveListed: n(0)}, "second-maintainer "},
		{"the whole project", Undone{Regulars: 2, Folders: []Folder{{"", 20, 12}, {"a", 10, 4}}}, "orphaned-folder "},
		{"its folder rather than the root", Undone{Regulars: 2, Folders: []Folder{{"", 20, 12}, {"a", 10, 8}}}, "orphaned-folder a"},
		{"less than half", Undone{Regulars: 2, Folders: []Folder{{"a", 10, 4}, {"b", 10, 5}, {"c", 0, 0}}}, "orphaned-folder b"},
		{"nested", Undone{Regulars: 2, Folders: []Folder{{"a", 10, 9}, {"a/b", 9, 9}, {"ab", 2, 2}}}, "orphaned-folder a/b, orphaned-folder ab"},
		{"nested, the outer holds more", Undone{Regulars: 2, Folders: []Folder{{"a/b/c", 5, 5}, {"a/b", 9, 6}, {"a", 10, 9}}}, "orphaned-folder a"},
	} {
		for range 2 { // the order of the folders does not matter
			tasks := Tasks(c.undone)
			var got []string
			for _, task := range tasks {
				got = append(got, fmt.Sprintf("%s %s", task.Kind, task.Where))
				inCatalogue(t, task.Sentence)
			}
			if strings.Join(got, ", ") != c.want {
				t.Errorf("%s: %v, want %s", c.name, got, c.want)
			}
			slices.Reverse(c.undone.Folders)
		}
	}
	if args := Tasks(Undone{Regulars: 2, Pulls: pulls})[0].Sentence.Args; args[0] != "12345" {
		t.Errorf("a pull's number is written %v: not to be grouped by thousands", args[0])
	}
}

func TestWayToSeat(t *testing.T) {
	t.Parallel()
	median := 400
	for _, c := range []struct {
		way  WayToSeat
		want string
	}{
		{WayToSeat{}, ""},
		{WayToSeat{Days: []int{1}, Median: &median}, ""}, // of what no file says
		{WayToSeat{Files: []string{"OWNERS", "MAINTAINERS.md"}, Days: []int{300, 500}, Median: &median, Newcomers: 10, Stayed: 2},
			"plan.seat.days [OWNERS, MAINTAINERS.md 2 400] plan.seat.stay [10 2]"},
		{WayToSeat{Files: []string{"OWNERS"}}, "plan.seat.files [OWNERS]"},
		{WayToSeat{Newcomers: 3}, "plan.seat.stay [3 0]"},
	} {
		var got []string
		for _, s := range c.way.Sentences() {
			got = append(got, fmt.Sprint(s.Key, " ", s.Args))
			inCatalogue(t, s)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%+v: %v, want %s", c.way, got, c.want)
		}
	}
}

func TestIdle(t *testing.T) {
	t.Parallel()
	o := forecast.Outlook{Stop: 0.1, Interval: [2]float64{0.05, 0.2}, Fragility: 0.4}
	for _, c := range []struct {
		idle Idle
		want string
	}{
		{Idle{Exposure: 0.5, Subjects: 3, Packages: 4, Outlook: o}, "plan.idle [3 4 0.5 0.1 0.05 0.2 0.4 0.27]"},
		{Idle{Exposure: 0.5, Subjects: 1, Outlook: o}, "plan.idle.cohort [0.1 0.05 0.2 0.4 0.27]"},
	} {
		s := c.idle.Sentence()
		inCatalogue(t, s)
		if got := fmt.Sprint(s.Key, " ", s.Args); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
}
