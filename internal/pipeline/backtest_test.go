package pipeline

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/mainstay-oss/mainstay/internal/forecast"
	"github.com/mainstay-oss/mainstay/internal/gap"
	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/message"
	"github.com/mainstay-oss/mainstay/internal/need"
	"github.com/mainstay-oss/mainstay/internal/report"
)

// spell is a history in which one person commits every five days from one date to another; it was watched until the end of 2024.
func spell(repo, from, to string) *history.History {
	h := &history.History{
		Upstream:      "github.com/" + repo,
		Identities:    []history.Identity{{Name: "Ann", Email: "ann@example.org", Domain: "example.org"}},
		ObservedUntil: time.Date(2024, 12, 31, 0, 0, 0, 0, time.UTC),
	}
	begin, _ := time.Parse(time.DateOnly, from)
	end, _ := time.Parse(time.DateOnly, to)
	for d := begin; !d.After(end); d = d.AddDate(0, 0, 5) {
		h.Commits = append(h.Commits, history.Commit{Committed: d.Unix(), Authored: d.Unix(), Parents: 1})
	}
	return h
}

// shelve writes histories as archives below a new folder.
func shelve(t *testing.T, histories ...*history.History) string {
	t.Helper()
	root := t.TempDir()
	for _, h := range histories {
		dir := filepath.Join(root, history.ArchiveName(h.Upstream))
		if err := history.WriteArchive(dir, h, []byte("a key of sixteen"), history.ArchiveOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func judged(t *testing.T, retired string, folders ...string) *Backtested {
	t.Helper()
	b := Backtest{Folders: folders, Judge: forecast.Default().Judge(), Workers: 2}
	if retired != "" {
		list, err := forecast.ReadRetirements(strings.NewReader(retired))
		if err != nil {
			t.Fatal(err)
		}
		b.Retired = list
	}
	done, err := b.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return done
}

// predictions reads what WritePredictions writes: repo and date to the other fields.
func predictions(t *testing.T, done *Backtested) map[string][]string {
	t.Helper()
	var b bytes.Buffer
	if err := done.WritePredictions(&b); err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(records[0], ","); got != "repo,as_of,probability_12m,collapse_12m,fragility,stop,collapse" {
		t.Fatalf("heading %s", got)
	}
	rows := map[string][]string{}
	last := ""
	for _, r := range records[1:] {
		key := r[0] + " " + r[1]
		if key <= last {
			t.Errorf("%s stands after %s", key, last)
		}
		last = key
		for _, p := range r[2:5] {
			if x, err := strconv.ParseFloat(p, 64); err != nil || !(x > 0 && x < 1) {
				t.Errorf("%s: %q is no probability", key, p)
			}
		}
		rows[key] = r[2:]
	}
	return rows
}

func TestPredictions(t *testing.T) {
	t.Parallel()
	folder := shelve(t, spell("acme/pump", "2013-01-01", "2019-03-07"), spell("acme/valve", "2014-01-01", "2024-12-30"), spell("acme/hose", "2013-01-01", "2024-12-30"))
	rows := predictions(t, judged(t, "acme/hose\t2020-05-05\n", folder))
	for key, want := range map[string]string{
		"acme/pump 2017-07-01":  "0 0",
		"acme/pump 2018-04-01":  "1 1",
		"acme/pump 2019-07-01":  "1 1", // 116 days after the last commit
		"acme/pump 2019-10-01":  "absent",
		"acme/valve 2015-01-01": "0 0",
		"acme/valve 2014-10-01": "absent", // too young
		"acme/valve 2022-10-01": "0 0",
		"acme/valve 2023-04-01": " ", // not yet known
		"acme/valve 2024-10-01": " ",
		"acme/hose 2019-04-01":  "0 0",
		"acme/hose 2019-07-01":  "1 1", // retired within the year, though work goes on
		"acme/hose 2020-04-01":  "1 1",
		"acme/hose 2020-07-01":  "absent",
	} {
		got := "absent"
		if r, ok := rows[key]; ok {
			got = strings.Join(r[3:], " ")
		}
		if got != want {
			t.Errorf("%s: outcomes %q, want %q", key, got, want)
		}
	}
}

// TestAsTheArchiveCallsIt: the capitals of meta.json stay, and a name that a spreadsheet would run does not.
func TestAsTheArchiveCallsIt(t *testing.T) {
	t.Parallel()
	folder := shelve(t, spell("acme/pump", "2013-01-01", "2019-03-07"))
	meta := filepath.Join(folder, "acme+pump", "meta.json")
	for repo, want := range map[string]string{"Acme/Pump": "Acme/Pump", "=acme/pump": "'=acme/pump"} {
		rewrite(t, meta, `("repo": *)"[^"]*"`, `${1}"`+repo+`"`)
		done := judged(t, "acme/PUMP\t2018-01-01\n", folder)
		if _, ok := predictions(t, done)[want+" 2017-10-01"]; !ok {
			t.Errorf("%s is not called %s", repo, want)
		}
		if listed := done.Projects[0].Retired != nil; listed != (repo == "Acme/Pump") {
			t.Errorf("%s is listed: %v", repo, listed)
		}
	}
}

// TestWhatCannotBeReadIsAGap: damage of every kind is told with folder, file and cause; the rest is judged.
func TestWhatCannotBeReadIsAGap(t *testing.T) {
	t.Parallel()
	names := []string{"fine", "cut", "tags", "meta", "gone", "nothing"}
	var all []*history.History
	for _, n := range names {
		all = append(all, spell("acme/"+n, "2013-01-01", "2019-03-07"))
	}
	folder := shelve(t, all...)
	file := func(name, file string) string { return filepath.Join(folder, "acme+"+name, file) }
	whole, err := os.ReadFile(file("cut", "commits.tsv.gz"))
	if err != nil {
		t.Fatal(err)
	}
	for path, data := range map[string][]byte{
		file("cut", "commits.tsv.gz"): whole[:len(whole)/2],
		file("tags", "tags.tsv"):      []byte("created\ttag\n12\tv1\nsoon\tv2\n"),
		file("meta", "meta.json"):     []byte(`{"repo": "acme/../meta"}`),
		file("nothing", "meta.json"):  nil,
	} {
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Remove(file("gone", "commits.tsv.gz")); err != nil {
		t.Fatal(err)
	}
	for _, aside := range []string{"notes", ".hidden"} { // no archives, and not told of
		if err := os.Mkdir(filepath.Join(folder, aside), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	done := judged(t, "", folder)
	if len(done.Projects) != 1 || done.Projects[0].Repo != "acme/fine" || done.Archives != len(names) {
		t.Errorf("%d of %d archives were judged", len(done.Projects), done.Archives)
	}
	var got []string
	for _, g := range done.Gaps {
		rel, err := filepath.Rel(folder, filepath.FromSlash(g.File))
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprintf("%s:%d %s %s", filepath.ToSlash(rel), g.Line, g.Kind, g.What))
		if g.Stage != gap.History || g.Detail == "" {
			t.Errorf("%+v", g)
		}
	}
	slices.Sort(got)
	for i, want := range []string{"acme+cut/commits.tsv.gz:", "acme+gone/commits.tsv.gz:0 unreadable", "acme+meta/meta.json:0 corrupt", "acme+nothing/meta.json:0", "acme+tags/tags.tsv:3 corrupt"} {
		if i >= len(got) || !strings.HasPrefix(got[i], want) {
			t.Errorf("gaps %v; want one that begins with %s", got, want)
		}
	}
	doc := done.Document(forecast.Default(), nil, message.Printer{}, "test")
	if doc.Counts.Unreadable != 5 || len(doc.Gaps) != 5 || !strings.Contains(doc.Gaps[0].Hint, "mainstay archive") {
		t.Errorf("%+v", doc.Gaps)
	}
}

func TestWhatIsLeftOut(t *testing.T) {
	t.Parallel()
	first := shelve(t, spell("acme/pump", "2013-01-01", "2019-03-07"), spell("acme/tiny", "2019-01-01", "2019-03-07"))
	second := shelve(t, spell("acme/pump", "2013-01-01", "2024-03-07"))
	done := judged(t, "", first, second)
	if len(done.Projects) != 1 || done.Small != 1 || done.Duplicates != 1 || len(done.Gaps) != 0 {
		t.Errorf("%d projects, %d small, %d twice, gaps %v", len(done.Projects), done.Small, done.Duplicates, done.Gaps)
	}
	if rows := predictions(t, done); rows["acme/pump 2022-01-01"] != nil {
		t.Error("the second archive of a project was judged")
	}
	// An archive may be named itself.
	if alone := judged(t, "", filepath.Join(second, "acme+pump")); len(alone.Projects) != 1 {
		t.Errorf("%d projects", len(alone.Projects))
	}
}

func TestNoArchives(t *testing.T) {
	t.Parallel()
	b := Backtest{Folders: []string{t.TempDir()}, Judge: forecast.Default().Judge()}
	if _, err := b.Run(context.Background()); !errors.Is(err, ErrNoArchives) {
		t.Errorf("%v", err)
	}
	b.Folders = []string{filepath.Join(t.TempDir(), "none")}
	if _, err := b.Run(context.Background()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v", err)
	}
	ctx, stop := context.WithCancel(context.Background())
	stop()
	b.Folders = []string{shelve(t, spell("acme/pump", "2013-01-01", "2019-03-07"))}
	if _, err := b.Run(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// TestTheSharedHistories is the whole backtest, as doc/forecast.md has it: no figure is under the card, no training project is
// judged by what saw it, and nothing depends on how many archives are read side by side.
func TestTheSharedHistories(t *testing.T) {
	t.Parallel()
	data := filepath.Join(need.Shared(t), "data")
	file, err := os.Open(filepath.Join(data, "retired.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	retired, err := forecast.ReadRetirements(file)
	if err != nil {
		t.Fatal(err)
	}
	model := forecast.Default()
	b := Backtest{Folders: []string{filepath.Join(data, "histories")}, Retired: retired, Judge: model.Judge(), Workers: 3}
	done, err := b.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if len(done.Gaps) > 0 {
		t.Errorf("gaps: %v", done.Gaps)
	}
	if err := forecast.UnderCard(done.Figures(), model.Figures); err != nil {
		t.Error(err)
	}
	doc := done.Document(model, retired, message.Printer{}, "test")
	if c := doc.Counts; c.Projects != len(model.Projects) || c.OutOfFold != c.Projects || c.Quarters != model.Rows || c.QuartersUnknown == 0 || *c.RetiredListed != retired.Count() {
		t.Errorf("%+v", c)
	}
	ours := predictions(t, done)
	if len(ours) != doc.Counts.Quarters+doc.Counts.QuartersUnknown {
		t.Errorf("%d predictions", len(ours))
	}
	for _, line := range independent(t, filepath.Join(data, "measures.csv")) {
		got := ours[line["repo"]+" "+line["as_of"]]
		if got == nil || got[3] != line["stop"] || got[4] != line["collapse"] {
			t.Errorf("%s %s: outcomes %v, computed elsewhere %s %s", line["repo"], line["as_of"], got, line["stop"], line["collapse"])
		}
	}
	if err := report.WriteBacktest(io.Discard, doc, "json", report.Options{}); err != nil {
		t.Error(err)
	}
}
