package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var (
	ours   = NamesKey("cohort", "ai")
	theirs = NamesKey("cohort", "cncf")
)

func n(i int) *int { return &i }

func seen(date, key, upstream string, figures ...int) Observation {
	o := Observation{Date: date, Key: key, Upstream: upstream}
	for i, p := range []**int{&o.Subjects, &o.Packages, &o.Downloads, &o.Dependents} {
		if i < len(figures) {
			*p = n(figures[i])
		}
	}
	return o
}

func midnight(date string) time.Time {
	t, err := time.Parse(time.DateOnly, date)
	if err != nil {
		panic(err)
	}
	return t
}

var forever = midnight("9999-12-31")

func open(t testing.TB, dir string) *Reach {
	t.Helper()
	r, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func keep(t testing.TB, r *Reach, all ...Observation) {
	t.Helper()
	if err := r.Append(context.Background(), all); err != nil {
		t.Fatal(err)
	}
}

func series(t testing.TB, r *Reach, key string, asOf time.Time) map[string][]Observation {
	t.Helper()
	got, problems, err := r.Series(key, asOf)
	if err != nil || len(problems) != 0 {
		t.Fatalf("problems %v, error %v", problems, err)
	}
	return got
}

func content(t testing.TB, r *Reach) string {
	t.Helper()
	b, err := os.ReadFile(r.path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func holding(t testing.TB, text string) *Reach {
	t.Helper()
	r := open(t, t.TempDir())
	if err := os.WriteFile(r.path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestSeries(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "state", "mainstay")
	r := open(t, dir)
	if got := series(t, r, ours, forever); len(got) != 0 {
		t.Errorf("before anything was kept: %v", got)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("reading made the folder")
	}
	keep(t, r, seen("2025-06-15", ours, "github.com/acme/valve", 1, 2), seen("2025-06-15", ours, "github.com/acme/pump", 3, 4, 500, 60))
	keep(t, r, seen("2025-06-15", theirs, "github.com/acme/pump", 9, 9, 9, 9), seen("2025-06-15", ours, "github.com/acme/pump", 3, 4, 510, 60))
	keep(t, open(t, dir), seen("2025-06-14", ours, "github.com/acme/pump", 1, 1, 1, 1), seen("2025-07-01", ours, "github.com/acme/pump"))

	want := `{"date":"2025-06-15","key":"KEY","upstream":"github.com/acme/pump","subjects":3,"packages":4,"downloads":500,"dependents":60}
{"date":"2025-06-15","key":"KEY","upstream":"github.com/acme/valve","subjects":1,"packages":2,"downloads":null,"dependents":null}
`
	if got := content(t, r); !strings.HasPrefix(got, strings.ReplaceAll(want, "KEY", ours)) {
		t.Errorf("the file begins so:\n%s", got)
	}
	if diff := cmp.Diff(map[string][]Observation{
		"github.com/acme/pump": {
			seen("2025-06-14", ours, "github.com/acme/pump", 1, 1, 1, 1), seen("2025-06-15", ours, "github.com/acme/pump", 3, 4, 510, 60), seen("2025-07-01", ours, "github.com/acme/pump"),
		},
		"github.com/acme/valve": {seen("2025-06-15", ours, "github.com/acme/valve", 1, 2)},
	}, series(t, r, ours, forever)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// Nothing after the date has influence.
	if got := series(t, r, ours, midnight("2025-06-14")); len(got) != 1 || len(got["github.com/acme/pump"]) != 1 {
		t.Errorf("as of the first day: %v", got)
	}
	for path, want := range map[string]os.FileMode{dir: 0o700, r.path: 0o600} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm()&^want != 0 {
			t.Errorf("%s: %v %v", path, info.Mode(), err)
		}
	}
}

// What the file says of a day already is not said again; what has changed is, and back.
func TestAppendSaysNothingTwice(t *testing.T) {
	t.Parallel()
	r := open(t, t.TempDir())
	a, b := seen("2025-06-15", ours, "github.com/acme/pump", 1, 1, 5), seen("2025-06-15", ours, "github.com/acme/pump", 1, 1, 6)
	for i, c := range []struct {
		o     []Observation
		lines int
	}{
		{[]Observation{a}, 1}, {[]Observation{a, a}, 1}, {[]Observation{b}, 2}, {[]Observation{a}, 3}, {nil, 3},
		{[]Observation{seen("2025-06-16", ours, "github.com/acme/pump", 1, 1, 5)}, 4},
		{[]Observation{seen("2025-06-15", theirs, "github.com/acme/pump", 1, 1, 5)}, 5},
		{[]Observation{seen("2025-06-15", ours, "github.com/acme/pump", 1, 1)}, 6},
	} {
		keep(t, r, c.o...)
		if got := strings.Count(content(t, r), "\n"); got != c.lines {
			t.Errorf("step %d: %d lines, want %d", i, got, c.lines)
		}
	}
}

// A writer that was killed leaves the beginning of a line, of whatever length. It is no problem, the next writer cuts it off, and
// all lines before it stay as they are.
func TestTornLine(t *testing.T) {
	t.Parallel()
	whole := open(t, t.TempDir())
	keep(t, whole, seen("2025-06-13", ours, "github.com/acme/pump", 1, 1, 5), seen("2025-06-14", ours, "github.com/acme/pump", 1, 1, 6))
	before := content(t, whole)
	keep(t, whole, seen("2025-06-15", ours, "github.com/acme/pump", 1, 1, 7))
	all := content(t, whole)
	for end := len(before); end <= len(all); end++ {
		r := holding(t, all[:end])
		days := 2
		if end >= len(all)-1 { // only the end of the line is missing
			days = 3
		}
		if got := series(t, r, ours, forever)["github.com/acme/pump"]; len(got) != days {
			t.Fatalf("%d bytes of the last line: %d days, want %d", end-len(before), len(got), days)
		}
		keep(t, r, seen("2025-06-16", ours, "github.com/acme/pump", 1, 1, 8))
		if got := series(t, r, ours, forever)["github.com/acme/pump"]; len(got) != days+1 || *got[days].Downloads != 8 {
			t.Fatalf("%d bytes of the last line: then %d days, want %d", end-len(before), len(got), days+1)
		}
		if !strings.HasPrefix(content(t, r), before) {
			t.Fatalf("%d bytes of the last line: a line before it has changed", end-len(before))
		}
	}
}

// Without locks nobody knows whether a line is still being written: it is left, and the next begins a line of its own.
func TestWithoutLocks(t *testing.T) {
	t.Parallel()
	torn := `{"date":"2025-06-14","key":"` + ours
	r := holding(t, torn)
	r.lock = func(context.Context, *os.File) (bool, error) { return false, nil }
	keep(t, r, seen("2025-06-15", ours, "github.com/acme/pump", 1))
	keep(t, r, seen("2025-06-16", ours, "github.com/acme/pump", 1))
	got, problems, err := r.Series(ours, forever)
	if err != nil || len(got["github.com/acme/pump"]) != 2 || len(problems) != 1 || problems[0].Line != 1 || !strings.HasPrefix(content(t, r), torn) {
		t.Errorf("%v, problems %v, error %v", got, problems, err)
	}
}

func TestLinesThatCannotBeRead(t *testing.T) {
	t.Parallel()
	good := `{"date":"2025-06-15","key":"` + ours + `","upstream":"github.com/acme/pump","subjects":1,"packages":1,"downloads":null,"dependents":null,"later":{"a":[1]}}`
	for bad, detail := range map[string]string{
		"hello":                                  "not an observation: invalid character 'h' looking for beginning of value",
		`{"date":"2025-06-15","key"`:             "the line is cut short",
		good + good:                              "not an observation: invalid character '{' after top-level value",
		"null":                                   `date "" is no day, YYYY-MM-DD`,
		strings.Replace(good, "-15", "-31", 1):   `date "2025-06-31" is no day, YYYY-MM-DD`,
		strings.Replace(good, ours, ours[1:], 1): `key "` + ours[1:] + `" is not one of 16 hexadecimal digits`,
		strings.Replace(good, ours, "../../../../etc/"[:16], 1):             `key "../../../../etc/" is not one of 16 hexadecimal digits`,
		strings.Replace(good, "github.com/acme/pump", "", 1):                `upstream "" is no name of one`,
		strings.Replace(good, "acme/pump", `acme\u001b[2J/pump`, 1):         `upstream "github.com/acme\x1b[2J/pump" is no name of one`,
		strings.Replace(good, `"subjects":1`, `"subjects":-1`, 1):           "subjects -1 is less than none",
		strings.Replace(good, `"downloads":null`, `"downloads":1.5`, 1):     "not an observation: json: cannot unmarshal number 1.5 into Go struct field Observation.downloads of type int",
		strings.Replace(good, `"later"`, `"`+strings.Repeat("x", 5000), 1):  "longer than 4096 bytes",
		strings.Replace(good, `"packages":1`, `"packages":"1"`, 1) + "\r\t": "not an observation: json: cannot unmarshal string into Go struct field Observation.packages of type int",
	} {
		r := holding(t, good+"\n\n"+bad+"\n"+strings.Replace(good, "-15", "-16", 1)+"\r\n")
		got, problems, err := r.Series(ours, forever)
		if err != nil || len(got["github.com/acme/pump"]) != 2 {
			t.Errorf("%.60s: %v, error %v", bad, got, err)
		}
		if diff := cmp.Diff([]Problem{{File: r.path, Line: 3, Detail: detail}}, problems); diff != "" {
			t.Errorf("%.60s (-want +got):\n%s", bad, diff)
		}
	}
	r := holding(t, strings.Repeat("x\n", 1000)+good)
	got, problems, err := r.Series(ours, forever)
	if err != nil || len(got) != 1 || len(problems) != maxProblems || !strings.HasSuffix(problems[maxProblems-1].Error(), "; and 990 lines more that cannot be read") {
		t.Errorf("%v, problems %v, error %v", got, problems, err)
	}
}

// What is not of our making is left, and the line after it is ours.
func TestForeignText(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"notes of mine", `{"date":5}`, `{"x"`, "{\"date\":\n?", strings.Repeat("x", 3*maxLine), strings.Repeat("x", 3*maxLine) + lineStart + strings.Repeat("x", maxLine-len(lineStart)), `{"date":"` + strings.Repeat("x", maxLine)} {
		r := holding(t, text)
		keep(t, r, seen("2025-06-15", ours, "github.com/acme/pump", 1))
		got, problems, err := r.Series(ours, forever)
		if err != nil || len(got) != 1 || len(problems) == 0 || !strings.HasPrefix(content(t, r), text+"\n") {
			t.Errorf("%.20s: %v, problems %v, error %v", text, got, problems, err)
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	good := seen("2025-06-15", ours, "github.com/acme/pump", 1)
	for name, bad := range map[string]Observation{
		"date":     seen("2025-6-15", ours, "github.com/acme/pump"),
		"no date":  seen("", ours, "github.com/acme/pump"),
		"key":      seen("2025-06-15", "/home/ada/shop", "github.com/acme/pump"),
		"upstream": seen("2025-06-15", ours, "github.com/acme/\npump"),
		"length":   seen("2025-06-15", ours, strings.Repeat("x", maxUpstream+1)),
		"negative": seen("2025-06-15", ours, "github.com/acme/pump", 1, -1),
	} {
		r := open(t, t.TempDir())
		if err := r.Append(t.Context(), []Observation{good, bad}); err == nil {
			t.Errorf("%s was kept", name)
		}
		if _, err := os.Stat(r.path); err == nil {
			t.Errorf("%s: half of it was kept", name)
		}
	}
	// The longest name that is taken can be read again, however it is escaped.
	r := open(t, t.TempDir())
	long := strings.Repeat("<", maxUpstream)
	keep(t, r, seen("2025-06-15", ours, long, 1<<62, 1<<62, 1<<62, 1<<62))
	if got := series(t, r, ours, forever); len(got[long]) != 1 {
		t.Errorf("%v", got)
	}

	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(file); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("a file as a folder: %v", err)
	}
	r = open(t, t.TempDir())
	if err := os.Mkdir(r.path, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := r.Append(t.Context(), []Observation{good}); err == nil || !strings.Contains(err.Error(), r.path) {
		t.Errorf("a folder as the file: %v", err)
	}
	if _, _, err := r.Series(ours, forever); err == nil || !strings.Contains(err.Error(), r.path) {
		t.Errorf("a folder as the file: %v", err)
	}
}

func TestTooLarge(t *testing.T) {
	t.Parallel()
	r := open(t, t.TempDir())
	keep(t, r, seen("2025-06-15", ours, "github.com/acme/pump", 1))
	before := content(t, r)
	r.limit = int64(len(before)) + 10
	err := r.Append(t.Context(), []Observation{seen("2025-06-16", ours, "github.com/acme/pump", 1)})
	if err == nil || !strings.Contains(err.Error(), r.path) || content(t, r) != before {
		t.Errorf("%v, and the file holds\n%s", err, content(t, r))
	}
	series(t, r, ours, forever) // what is there can still be read
	r.limit = int64(len(before)) - 1
	if _, _, err := r.Series(ours, forever); err == nil || !strings.Contains(err.Error(), "move it elsewhere") {
		t.Errorf("%v", err)
	}
}

// Whoever cannot have the lock gives up with the caller's patience, and has written nothing.
func TestLockHeldByOther(t *testing.T) {
	t.Parallel()
	r := open(t, t.TempDir())
	keep(t, r, seen("2025-06-15", ours, "github.com/acme/pump", 1))
	before := content(t, r)
	other, err := os.OpenFile(r.path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	if held, err := lock(t.Context(), other); err != nil || !held {
		t.Skipf("no locks here: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := r.Append(ctx, []Observation{seen("2025-06-16", ours, "github.com/acme/pump", 1)}); !errors.Is(err, context.Canceled) || content(t, r) != before {
		t.Errorf("%v", err)
	}
	if got := series(t, r, ours, forever); len(got) != 1 { // readers do not wait
		t.Errorf("%v", got)
	}
	other.Close()
	keep(t, r, seen("2025-06-16", ours, "github.com/acme/pump", 1))
}

// FuzzReach: whatever the file holds, an observation that is added can be read, and so can all that could be read before.
func FuzzReach(f *testing.F) {
	r := open(f, f.TempDir())
	keep(f, r, seen("2025-06-13", ours, "github.com/acme/pump", 1, 1, 5), seen("2025-06-14", ours, "github.com/acme/valve"))
	text := content(f, r)
	f.Add([]byte(text))
	f.Add([]byte(text[:len(text)-30]))
	f.Add([]byte(text[:len(text)-1]))
	f.Add([]byte("\r\n\x00" + text + "x"))
	f.Add(bytes.Repeat([]byte("y"), 2*maxLine))
	f.Fuzz(func(t *testing.T, text []byte) {
		r := holding(t, string(text))
		before, _, err := r.Series(ours, forever)
		if err != nil {
			t.Fatal(err)
		}
		added := seen("2025-06-15", ours, "github.com/acme/added", 1, 2, 3, 4)
		keep(t, r, added)
		after, problems, err := r.Series(ours, forever)
		if err != nil || len(problems) > maxProblems {
			t.Fatalf("%d problems, error %v", len(problems), err)
		}
		old := before[added.Upstream]
		i := 0
		for i < len(old) && old[i].Date < added.Date {
			i++
		}
		rest := old[i:]
		if len(rest) > 0 && rest[0].Date == added.Date {
			rest = rest[1:]
		}
		before[added.Upstream] = slices.Concat(old[:i], []Observation{added}, rest)
		if diff := cmp.Diff(before, after); diff != "" {
			t.Errorf("(-before +after):\n%s", diff)
		}
	})
}

func BenchmarkSeries(b *testing.B) {
	r := open(b, b.TempDir())
	var all []Observation
	for day := range 365 {
		for i := range 200 {
			all = append(all, seen(midnight("2025-01-01").AddDate(0, 0, day).Format(time.DateOnly), ours, fmt.Sprintf("github.com/acme/upstream-%d", i), 3, 14, 415621, 1038))
		}
	}
	keep(b, r, all...)
	info, err := os.Stat(r.path)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(info.Size())
	for b.Loop() {
		if _, _, err := r.Series(ours, forever); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAppend(b *testing.B) {
	r := open(b, b.TempDir())
	day := midnight("2025-01-01")
	for b.Loop() {
		day = day.AddDate(0, 0, 1)
		var all []Observation
		for i := range 200 {
			all = append(all, seen(day.Format(time.DateOnly), ours, fmt.Sprintf("github.com/acme/upstream-%d", i), 3, 14, 415621, 1038))
		}
		keep(b, r, all...)
	}
}
