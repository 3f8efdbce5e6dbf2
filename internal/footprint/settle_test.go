package footprint

import (
	"fmt"
	"strings"
	"testing"

	"github.com/mainstay-oss/mainstay/internal/history"
)

func TestAttribution(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, world, out, want string }{
		{"enough is known", "commit 2020-01-02 ann@acme x3\ncommit 2020-01-03 bob@open x2", "",
			"3/5 = 0.600, elephant 1, to settle 0 []"},
		{"one is enough", "commit 2020-01-02 ann@acme x2\ncommit 2020-01-03 bob@open x2\ncommit 2020-01-04 cho@open x1", "",
			"2/5 = 0.400, elephant -, to settle 1 [bob@open 2]"},
		{"two are needed", "commit 2020-01-03 bob@open x2\ncommit 2020-01-04 cho@open x1\ncommit 2020-01-02 dee@open x2", "",
			"0/5 = 0.000, elephant -, to settle 2 [dee@open 2, bob@open 2]"},
		{"who opted out is passed over", "commit 2020-01-03 bob@open x3\ncommit 2020-01-04 cho@open x2\ncommit 2020-01-02 dee@acme x1", "bob",
			"1/6 = 0.167, elephant -, to settle - []"},
		{"and does not always matter", "commit 2020-01-03 bob@open x3\ncommit 2020-01-04 cho@open x3\ncommit 2020-01-02 dee@acme x1\ncommit 2020-01-02 eve@bolt x1", "bob",
			"2/8 = 0.250, elephant -, to settle 1 [cho@open 3]"},
		{"no organisation's work is attributed", "commit 2020-01-02 ann@alone x2\ncommit 2020-01-03 bob@acme x1\ncommit 2020-01-03 cho@bolt x1", "",
			"4/4 = 1.000, elephant 2, to settle 0 []"},
		{"organisations make less than half", "commit 2020-01-02 ann@alone x3\ncommit 2020-01-03 bob@acme x1\ncommit 2020-01-03 cho@bolt x1", "",
			"5/5 = 1.000, elephant -, to settle 0 []"},
		{"elephant", "commit 2020-01-02 ann@acme x4\ncommit 2020-01-03 bob@bolt x3\ncommit 2020-01-03 cho@core x3", "",
			"10/10 = 1.000, elephant 2, to settle 0 []"},
		{"365 days", "commit 2018-01-02 bob@open x9\ncommit 2019-07-01 bob@open\ncommit 2019-07-02T00:00:01 ann@acme\ncommit 2020-07-01 bob@open", "",
			"1/2 = 0.500, elephant -, to settle 1 [bob@open 1]"},
	} {
		h := world("host/o/n", c.world)
		u := upstreamOf(h, nil)
		if c.out != "" {
			u.OptedOut = func(id *history.Identity) bool { return id.Name == c.out }
		}
		r := Measure(u, nil, date("2020-07-01"))
		got, want := r.Attribution, c.want
		var people []string
		for _, p := range got.People {
			people = append(people, fmt.Sprint(h.Identities[p.Identity].Email, " ", p.Commits))
		}
		got.People = nil
		if line := strings.TrimSuffix(got.String(), "[]") + "[" + strings.Join(people, ", ") + "]"; line != want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, line, want)
		}
		total := Total([]*Result{r}, nil).Attribution
		if total.String() != got.String() {
			t.Errorf("%s: alone %s, in all %s", c.name, &got, &total)
		}
	}
}

// TestNamesOfTheOpen: a person is named by the string that most of their open commits bear, among equals by the latest.
func TestNamesOfTheOpen(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ world, want string }{
		{"commit 2020-01-01 ann@acme x5\ncommit 2020-01-02 ann@open x6\ncommit 2020-01-03 ann@later x5", "ann@open 11"},
		{"commit 2020-01-01 ann@acme x5\ncommit 2020-01-02 ann@open x5\ncommit 2020-01-03 ann@later x5", "ann@later 10"},
		{"commit 2020-01-01 ann@acme x5\ncommit 2020-01-02 ann@open x5\ncommit 2020-01-02 ann@later x5", "ann@open 10"},
		{"commit 2018-01-01 ann@open x50\ncommit 2020-01-02 ann@open x5\ncommit 2020-01-02 ann@later x6", "ann@later 11"},
	} {
		h := world("host/o/n", c.world)
		for i := range h.Identities {
			if h.Identities[i].Domain == "later" {
				h.Identities[i].Domain = "open"
			}
		}
		p := Measure(upstreamOf(h, nil), nil, date("2020-07-01")).Attribution.People
		if len(p) != 1 || fmt.Sprint(h.Identities[p[0].Identity].Email, " ", p[0].Commits) != c.want {
			t.Errorf("%s: %+v, want %s", c.world, p, c.want)
		}
	}
}
