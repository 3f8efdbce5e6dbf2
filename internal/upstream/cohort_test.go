package upstream

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/mainstay-oss/mainstay/internal/need"
)

var datePattern = regexp.MustCompile(`^[12][0-9]{3}-[01][0-9]-[0-3][0-9]$`)

func TestBuiltInCohorts(t *testing.T) {
	t.Parallel()
	least := map[string]int{"ai": 100, "apache": 100, "cncf": 250}
	for _, name := range Cohorts {
		members, err := Cohort(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if len(members) < least[name] {
			t.Errorf("%s has %d members", name, len(members))
		}
		for _, m := range members {
			if !strings.HasPrefix(m.Upstream, "github.com/") || m.Weight != 1 || m.Name == "" || m.Note == "" {
				t.Errorf("%s: %+v", name, m)
			}
		}
		text, err := cohortLists.ReadFile("cohorts/" + name + ".tsv")
		if err != nil || !strings.Contains(string(text), "# Source: ") {
			t.Errorf("%s says no source, %v", name, err)
		}
	}
}

// Every AI, CNCF and Apache project that comes with a history is in a list.
func TestCohortsHoldTheHistoriesAtHand(t *testing.T) {
	t.Parallel()
	in := make(map[string]bool)
	for _, name := range Cohorts {
		members, err := Cohort(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range members {
			in[m.Upstream] = true
		}
	}
	folders, err := filepath.Glob(filepath.Join(need.Shared(t), "data", "histories", "*+*"))
	if err != nil || len(folders) < 200 {
		t.Fatalf("%d histories, %v", len(folders), err)
	}
	covered := 0
	for _, f := range folders {
		id := "github.com/" + strings.ToLower(strings.Replace(filepath.Base(f), "+", "/", 1))
		if in[id] {
			covered++
		} else if strings.HasPrefix(id, "github.com/apache/") || strings.HasPrefix(id, "github.com/huggingface/") {
			t.Errorf("%s is in no cohort", id)
		}
	}
	t.Logf("%d of %d histories are members of a cohort", covered, len(folders))
	if covered < 100 {
		t.Errorf("only %d of %d histories are members of a cohort", covered, len(folders))
	}
}

func TestCohortFile(t *testing.T) {
	t.Parallel()
	path := write(t, filepath.Join(t.TempDir(), "ours.txt"), "\ufeff# what we care about\r\n\r\ngithub.com/Gorilla/Mux 2.5 # router\r\nhttps://gitlab.com/a/b/c.git\ncode.acme.internal/x/y\t3\tOur Tool\tsince 2020\n")
	got, err := Cohort(path)
	if err != nil {
		t.Fatal(err)
	}
	want := []Member{
		{"code.acme.internal/x/y", "https://code.acme.internal/x/y", "Our Tool", 3, "since 2020"},
		{"github.com/gorilla/mux", "https://github.com/Gorilla/Mux", "Mux", 2.5, ""},
		{"gitlab.com/a/b/c", "https://gitlab.com/a/b/c", "c", 1, ""},
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	for text, want := range map[string]string{
		"":                                  "f: names no upstream",
		"# nothing":                         "f: names no upstream",
		"github.com/a/b\nnonsense":          "f:2: ",
		"github.com/a/b\n\ngithub.com/A/B/": "f:3: github.com/a/b stands in line 1 already",
		"github.com/a/b 0":                  `f:1: weight "0"`,
		"github.com/a/b NaN":                `f:1: weight "NaN"`,
		"github.com/a/b -1":                 `f:1: weight "-1"`,
		"github.com/a/b 1 name":             "f:1: want an upstream",
		"github.com/a/b\t1\tna\x1bme":       "f:1: control characters",
		"github.com/a/b\xff":                "f:1: not UTF-8",
		"ext::sh -c x":                      "f:1: ",
		"# " + strings.Repeat("x", 5000):    "f:1: ",
		"github.com/a/b\n" + strings.Repeat("# xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n", 200_000): "the list is too long",
	} {
		if m, err := ReadCohort(strings.NewReader(text), "f"); err == nil || m != nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: %v, want %q", text, err, want)
		}
	}
	if _, err := ReadCohort(iotest.ErrReader(os.ErrPermission), "f"); err == nil {
		t.Error("a read error is silent")
	}
	if _, err := Cohort("no-such-list"); err == nil || !strings.Contains(err.Error(), "ai, apache, cncf") {
		t.Errorf("got %v", err)
	}
	if _, err := Cohort(t.TempDir()); err == nil {
		t.Error("a folder was read as a list")
	}
}

func FuzzCohort(f *testing.F) {
	for _, s := range []string{"github.com/a/b 2\n# x\nhttps://gitlab.com/a/b/c\t1\tN\tnote", "\ufeffgithub.com/a/b#x", "a\tb\tc\td\te", " # ", "github.com/a/b 1e999"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		members, err := ReadCohort(strings.NewReader(text), "f")
		if (err == nil) != (len(members) > 0) {
			t.Fatalf("%d members, %v", len(members), err)
		}
		for i, m := range members {
			if !strictID.MatchString(m.Upstream) || !strictURL.MatchString(m.URL) || !(m.Weight > 0) || i > 0 && members[i-1].Upstream >= m.Upstream {
				t.Fatalf("%+v", members)
			}
		}
	})
}

func TestNotices(t *testing.T) {
	t.Parallel()
	known := Published().Of("github.com/Kubernetes/ingress-nginx")
	if len(known) != 2 || known[0].Kind != Announced || known[0].Date != "2025-11-11" || known[1].Kind != Archived || known[1].Date != "2026-03-24" {
		t.Errorf("ingress-nginx: %+v", known)
	}
	if known := Published().Of("github.com/kubernetes/kubernetes"); known != nil {
		t.Errorf("Kubernetes has ended? %+v", known)
	}
	rows := 0
	for line := range strings.Lines(noticeTable) {
		if !strings.HasPrefix(line, "#") {
			rows++
		}
	}
	notices := 0
	for id, all := range Published() {
		notices += len(all)
		for _, n := range all {
			if a, err := ParseGiven(id); err != nil || a.ID != id || !datePattern.MatchString(n.Date) || n.Source == "" ||
				n.Kind != Archived && n.Kind != Deprecated && n.Kind != Retired && n.Kind != Announced {
				t.Errorf("%s: %+v, %v", id, n, err)
			}
		}
	}
	if notices != rows || rows < 50 {
		t.Errorf("%d notices in %d rows", notices, rows)
	}
}

func TestVanityTable(t *testing.T) {
	t.Parallel()
	rows := 0
	for line := range strings.Lines(vanityTable) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		rows++
		prefix, repository, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if !ok || strings.Contains(repository, "\t") {
			t.Errorf("%q: want two columns", line)
		}
		path := prefix
		if strings.Contains(repository, "{1}") {
			path += "/name"
		}
		c, ok := fromModulePath(path + "/v2")
		if want := strings.ReplaceAll(repository, "{1}", "name"); !ok || c.ID != want || c.Folder != "" || c.method != VanityTable {
			t.Errorf("%s: %+v, want %s", path, c, want)
		}
	}
	if rows != len(vanity()) {
		t.Errorf("%d rows, %d prefixes: one stands twice", rows, len(vanity()))
	}
}

func TestMethodTable(t *testing.T) {
	t.Parallel()
	seen := make(map[Method]bool)
	last := 1.0
	for _, m := range Methods {
		if seen[m.Name] || m.Confidence <= 0 || m.Confidence > last || m.Reason == "" {
			t.Errorf("%+v: twice, out of order or without reason", m)
		}
		seen[m.Name], last = true, m.Confidence
	}
}
