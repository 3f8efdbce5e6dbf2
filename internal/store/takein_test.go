package store

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// line is a line as earlier versions wrote it.
func line(date, upstream, downloads string) string {
	return `{"date":"` + date + `","key":"` + ours + `","upstream":"` + upstream + `","subjects":1,"packages":1,"downloads":` + downloads + `,"dependents":null}` + "\n"
}

// holding is a store in whose folder an earlier version has left a text file.
func holding(t testing.TB, text string) *Store {
	t.Helper()
	s := open(t, t.TempDir())
	if err := os.WriteFile(s.reachFile(), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return s
}

// aside gives what is left of the text file under its new name.
func aside(t testing.TB, s *Store) string {
	t.Helper()
	if _, err := os.Stat(s.reachFile()); err == nil {
		t.Fatal("the text file has its old name")
	}
	b, err := os.ReadFile(s.reachFile() + ".imported")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestTakeIn: what an earlier version kept is in the database, the last word of each day, and the file is there under another
// name. It happens once, whether the first to come reads or writes.
func TestTakeIn(t *testing.T) {
	t.Parallel()
	text := line("2025-06-15", "github.com/acme/pump", "500") + line("2025-06-14", "github.com/acme/pump", "1") + line("2025-06-15", "github.com/acme/pump", "510") + line("2025-06-15", "github.com/acme/valve", "null")
	want := map[string][]Observation{
		"github.com/acme/pump":  {seen("2025-06-14", ours, "github.com/acme/pump", 1, 1, 1), seen("2025-06-15", ours, "github.com/acme/pump", 1, 1, 510)},
		"github.com/acme/valve": {seen("2025-06-15", ours, "github.com/acme/valve", 1, 1)},
	}
	reads := holding(t, text)
	if diff := cmp.Diff(want, series(t, reads, ours, forever)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if aside(t, reads) != text {
		t.Error("the text has changed")
	}
	writes := holding(t, text)
	keep(t, writes, seen("2025-06-14", ours, "github.com/acme/pump", 1, 1, 7))
	want["github.com/acme/pump"][0] = seen("2025-06-14", ours, "github.com/acme/pump", 1, 1, 7)
	if diff := cmp.Diff(want, series(t, writes, ours, forever)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// Who was killed before the file had its new name leaves it to be read again; what was said since then stays.
	for _, name := range []string{".imported", ".imported.2"} {
		if err := os.WriteFile(writes.reachFile(), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		again := open(t, filepath.Dir(writes.file))
		if diff := cmp.Diff(want, series(t, again, ours, forever)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if _, err := os.Stat(writes.reachFile() + name); err != nil {
			t.Error(err)
		}
	}
}

// TestTakeInIsOurs: a file of that name beside a database of another name may be anybody's.
func TestTakeInIsOurs(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	text := line("2025-06-15", "github.com/acme/pump", "5")
	if err := os.WriteFile(filepath.Join(dir, "reach.jsonl"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s := Open(filepath.Join(dir, "other.db"))
	defer s.Close()
	keep(t, s, seen("2025-06-15", ours, "github.com/acme/valve", 1))
	if got := series(t, s, ours, forever); len(got) != 1 {
		t.Errorf("%v", got)
	}
	if got, err := os.ReadFile(filepath.Join(dir, "reach.jsonl")); err != nil || string(got) != text {
		t.Errorf("%q, %v", got, err)
	}
}

// A writer that was killed leaves the beginning of a line, of whatever length. It is no problem, and no line before it is lost.
func TestTakeInOfATornLine(t *testing.T) {
	t.Parallel()
	before := line("2025-06-13", "github.com/acme/pump", "5") + line("2025-06-14", "github.com/acme/pump", "6")
	all := before + line("2025-06-15", "github.com/acme/pump", "7")
	for end := len(before); end <= len(all); end += 7 {
		f, err := os.Create(filepath.Join(t.TempDir(), "reach.jsonl"))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if _, err := f.WriteString(all[:end]); err != nil {
			t.Fatal(err)
		}
		days := 0
		problems, err := readReach(f, maxFile, func(Observation) { days++ })
		want := 2
		if end >= len(all)-1 { // only the end of the line is missing
			want = 3
		}
		if err != nil || len(problems) != 0 || days != want {
			t.Errorf("%d bytes of the last line: %d days, want %d; problems %v, error %v", end-len(before), days, want, problems, err)
		}
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
		s := holding(t, good+"\n\n"+bad+"\n"+strings.Replace(good, "-15", "-16", 1)+"\r\n")
		got, problems, err := s.Series(t.Context(), ours, forever)
		if err != nil || len(got["github.com/acme/pump"]) != 2 {
			t.Errorf("%.60s: %v, error %v", bad, got, err)
		}
		if diff := cmp.Diff([]Problem{{File: s.reachFile() + ".imported", Line: 3, Detail: detail}}, problems); diff != "" {
			t.Errorf("%.60s (-want +got):\n%s", bad, diff)
		}
	}
	s := holding(t, strings.Repeat("x\n", 1000)+good)
	got, problems, err := s.Series(t.Context(), ours, forever)
	if err != nil || len(got) != 1 || len(problems) != maxProblems || !strings.HasSuffix(problems[maxProblems-1].Error(), "; and 990 lines more that cannot be read") {
		t.Errorf("%v, problems %v, error %v", got, problems, err)
	}
}

// TestTakeInRefusals: a file that cannot be taken in is left as it is, and the error names it.
func TestTakeInRefusals(t *testing.T) {
	t.Parallel()
	large := holding(t, "")
	if err := os.Truncate(large.reachFile(), maxFile+1); err != nil {
		t.Fatal(err)
	}
	folder := open(t, t.TempDir())
	if err := os.Mkdir(folder.reachFile(), 0o700); err != nil {
		t.Fatal(err)
	}
	for want, s := range map[string]*Store{"over 64 MiB; move it elsewhere": large, "not a regular file": folder} {
		_, _, err := s.Series(t.Context(), ours, forever)
		var is *Error
		if !errors.As(err, &is) || is.File != s.reachFile() || !strings.Contains(err.Error(), want) {
			t.Errorf("%v; want %s", err, want)
		}
		if _, err := os.Stat(s.reachFile()); err != nil {
			t.Error(err)
		}
	}
}

// Whoever cannot have the lock gives up with the caller's patience, and has taken in nothing.
func TestLockHeldByOther(t *testing.T) {
	t.Parallel()
	s := holding(t, line("2025-06-15", "github.com/acme/pump", "5"))
	other, err := os.OpenFile(s.reachFile(), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	if held, err := lock(t.Context(), other); err != nil || !held {
		t.Skipf("no locks here: %v", err)
	}
	if db, err := s.prepare(t.Context()); err != nil {
		t.Fatal(err)
	} else {
		db.Close()
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	f, err := openReach(s.reachFile())
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := lock(ctx, f); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	other.Close()
	if got := series(t, s, ours, forever); len(got) != 1 {
		t.Errorf("%v", got)
	}
}

// FuzzReadReach: whatever the file holds, what follows on a line of its own can be read, and so can all that could be read before.
func FuzzReadReach(f *testing.F) {
	text := line("2025-06-13", "github.com/acme/pump", "5") + line("2025-06-14", "github.com/acme/valve", "null")
	f.Add([]byte(text))
	f.Add([]byte(text[:len(text)-30]))
	f.Add([]byte(text[:len(text)-1]))
	f.Add([]byte("\r\n\x00" + text + "x"))
	f.Add(bytes.Repeat([]byte("y"), 2*maxLine))
	f.Fuzz(func(t *testing.T, text []byte) {
		read := func(text []byte) (all []Observation) {
			file, err := os.Create(filepath.Join(t.TempDir(), "reach.jsonl"))
			if err != nil {
				t.Fatal(err)
			}
			defer file.Close()
			if _, err := file.Write(text); err != nil {
				t.Fatal(err)
			}
			problems, err := readReach(file, maxFile, func(o Observation) { all = append(all, o) })
			if err != nil || len(problems) > maxProblems {
				t.Fatalf("%d problems, error %v", len(problems), err)
			}
			return all
		}
		before := read(text)
		after := read(append(append(bytes.Clone(text), '\n'), line("2025-06-15", "github.com/acme/added", "3")...))
		want := append(before, seen("2025-06-15", ours, "github.com/acme/added", 1, 1, 3))
		if diff := cmp.Diff(want, after); diff != "" {
			t.Errorf("(-before +after):\n%s", diff)
		}
	})
}
