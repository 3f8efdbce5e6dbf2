package history

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mainstay-oss/mainstay/internal/gap"
	"github.com/mainstay-oss/mainstay/internal/gittest"
	"github.com/mainstay-oss/mainstay/internal/need"
)

var endOfTime = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)

// changesWorld has every kind of change, a side branch and its merge.
const changesWorld = `
	file pump.c
	| a pump
	file doc/pump.md
	| how to
	2020-01-01 Ada <Ada@Example.org>
	file pump.c
	| a better pump
	2020-01-02 Bob <1+bob@users.noreply.github.com>
	file side.c
	| beside
	2020-01-03 Cy <cy@example.org> side
	move pump.c src/pump.c
	2020-01-04 Ada <ada@example.org>
	2020-01-05 Ada <ada@example.org> "nothing at all"
	2020-01-06 Ada <ada@example.org> merge
	delete doc/pump.md
	move side.c src/side.c
	2020-01-07 dependabot[bot] <support@dependabot.com>
`

// line gives a change as text, to be compared.
func line(h *History, c Change) string {
	who := "?"
	if c.Author >= 0 {
		who = h.Identities[c.Author].Name + " <" + h.Identities[c.Author].Email + ">"
	}
	text := fmt.Sprintf("%d %s %c %q", c.Committed, who, "?AMDR"[c.Kind], c.Path)
	if c.Old != "" {
		text += fmt.Sprintf(" %q", c.Old)
	}
	return text
}

func changesOf(t testing.TB, r *Repository, h *History, asOf time.Time) (lines []string) {
	t.Helper()
	if err := r.Changes(t.Context(), h, asOf, func(c Change) error {
		lines = append(lines, line(h, c))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return lines
}

func historyOf(t testing.TB, dir string) (*History, *Repository) {
	t.Helper()
	h, err := ReadRepository(t.Context(), dir, ReadOptions{Upstream: "github.com/acme/pump"})
	if err != nil {
		t.Fatal(err)
	}
	return h, NewFinder(Config{Offline: true}).RepositoryAt(dir, h.Upstream)
}

func TestChanges(t *testing.T) {
	t.Parallel()
	h, r := historyOf(t, gittest.Build(t, changesWorld))
	all := []string{
		`1577880000 Ada <ada@example.org> A "doc/pump.md"`,
		`1577880000 Ada <ada@example.org> A "pump.c"`,
		`1577966400 Bob <bob@noreply> M "pump.c"`,
		`1578052800 Cy <cy@example.org> A "side.c"`,
		`1578139200 Ada <ada@example.org> R "src/pump.c" "pump.c"`,
		`1578398400 dependabot[bot] <support@dependabot.com> D "doc/pump.md"`,
		`1578398400 dependabot[bot] <support@dependabot.com> R "src/side.c" "side.c"`,
	}
	for _, c := range []struct {
		asOf    string
		changes []string
		files   []string
	}{
		{"2020-01-09", all, []string{"src/pump.c", "src/side.c"}},
		{"2020-01-07", all[:5], []string{"doc/pump.md", "side.c", "src/pump.c"}},
		// What was merged later was not there yet, however old.
		{"2020-01-06", slices.Concat(all[:3], all[4:5]), []string{"doc/pump.md", "src/pump.c"}},
		{"2020-01-03", all[:3], []string{"doc/pump.md", "pump.c"}},
	} {
		at, err := time.Parse(time.DateOnly, c.asOf)
		if err != nil {
			t.Fatal(err)
		}
		got := changesOf(t, r, h, at)
		slices.Sort(got)
		want := slices.Sorted(slices.Values(c.changes))
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: changes (-want +got):\n%s", c.asOf, d)
		}
		s, err := r.Tree(t.Context(), at)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(c.files, s.Files); d != "" {
			t.Errorf("%s: files (-want +got):\n%s", c.asOf, d)
		}
	}
	before := time.Date(2019, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, asOf := range []time.Time{before, {}} {
		if _, err := r.Tree(t.Context(), asOf); kindOfError(t, err) != gap.EmptyRepository {
			t.Errorf("before the first commit: %v", err)
		}
	}
	stop := errors.New("stop")
	if err := r.Changes(t.Context(), h, endOfTime, func(Change) error { return stop }); err != stop {
		t.Errorf("an error of the caller's came back as %v", err)
	}
	hashed := *h
	hashed.Hashed = true
	if err := r.Changes(t.Context(), &hashed, endOfTime, nil); kindOfError(t, err) != gap.NoHistory {
		t.Errorf("with the history of an archive: %v", err)
	}
	// Who is in no history is nobody.
	if err := r.Changes(t.Context(), &History{}, endOfTime, func(c Change) error {
		if c.Author != -1 {
			t.Errorf("author %d of no history", c.Author)
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
}

func kindOfError(t testing.TB, err error) gap.Kind {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("not an *Error: %v", err)
	}
	return e.Kind
}

// TestChangesBegunAnew: a branch whose first parents end in a new root still has its past, which a merge brought.
func TestChangesBegunAnew(t *testing.T) {
	t.Parallel()
	h, r := historyOf(t, gittest.Build(t, `
		file old.c
		| old
		2019-01-01 Ada <ada@example.org>
		file old2.c
		| old, too
		2019-06-01 Ada <ada@example.org>
		branch main
		file new.c
		| new
		2020-01-01 Bob <bob@example.org> orphan
		2020-02-01 Bob <bob@example.org> merge
	`))
	// gittest merges a new root into the old line; turned round, the new line comes first.
	tip := strings.Fields(plainGit(t, r.dir, "", "log", "-1", "--format=%T %P %H"))
	merged := strings.TrimSpace(plainGit(t, r.dir, "", "commit-tree", "-p", tip[2], "-p", tip[1], "-m", "merge", tip[0]))
	plainGit(t, r.dir, "", "update-ref", "refs/heads/main", merged)
	s, err := r.Tree(t.Context(), time.Date(2019, 7, 1, 0, 0, 0, 0, time.UTC))
	if err != nil || !slices.Equal(s.Files, []string{"old.c", "old2.c"}) {
		t.Errorf("%v, %v", s, err)
	}
	if got := changesOf(t, r, h, endOfTime); len(got) != 3 {
		t.Errorf("changes %q", got)
	}
}

// hostilePaths are paths as git takes them and a careless reader does not.
var hostilePaths = []string{
	"-", "--output=x", ":100644 100644 0 0 M", "a\nb", "\n:x", "tab\there", `quo"te`, `back\slash`, " blank ", "\x01\x1b[31m", "\xff\xfe", "김철수.c", "a/b/c/d/e/f/g/h",
	strings.Repeat("long/", 800) + "x", // 4,001 bytes
}

// TestChangesOfHostilePaths: names do what they say whatever they are, and those that no file system holds are passed over.
func TestChangesOfHostilePaths(t *testing.T) {
	t.Parallel()
	repository := &gittest.Repository{}
	commit := gittest.Commit{Author: gittest.Person{Name: ":100644 Ada", Email: "ada@example.org"}, Authored: 1500000000, Committed: 1500000000, Parents: 1}
	for i, path := range append(slices.Clone(hostilePaths), strings.Repeat("toolong/", 800), strings.Repeat("x", 100_000)) {
		path = strings.TrimSuffix(path, "/")
		c := commit
		c.Committed += int64(i)
		c.Files = []gittest.File{{Path: path, Content: path}}
		repository.Commits = append(repository.Commits, c)
	}
	dir := filepath.Join(t.TempDir(), "hostile.git")
	repository.Build(t, dir)
	h, r := historyOf(t, dir)
	var got []string
	if err := r.Changes(t.Context(), h, endOfTime, func(c Change) error {
		if c.Author < 0 || c.Kind != Added {
			t.Errorf("change %+v", c)
		}
		got = append(got, c.Path)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(hostilePaths, got); d != "" {
		t.Errorf("paths (-want +got):\n%s", d)
	}
	s, err := r.Tree(t.Context(), endOfTime)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(slices.Sorted(slices.Values(hostilePaths)), s.Files); d != "" {
		t.Errorf("files (-want +got):\n%s", d)
	}
}

// TestChangesOfLinks: links and submodules are no files; what becomes one is gone, what was one is new.
func TestChangesOfLinks(t *testing.T) {
	t.Parallel()
	r := newHandmade(t)
	blob := r.object("blob", "text")
	bytesOf := func(id string) string {
		name, _ := parseID([]byte(id))
		return string(name[:])
	}
	var tip string
	for i, tree := range []string{
		"100644 a\x00" + bytesOf(blob) + "120000 b\x00" + bytesOf(blob) + "160000 c\x00" + bytesOf(blob),
		"120000 a\x00" + bytesOf(blob) + "100755 b\x00" + bytesOf(blob) + "100644 c\x00" + bytesOf(blob),
		"100755 b\x00" + bytesOf(blob) + "160000 c\x00" + bytesOf(blob) + "120000 d\x00" + bytesOf(blob),
	} {
		r.tree = r.object("tree", tree)
		var parents []string
		if tip != "" {
			parents = []string{tip}
		}
		tip = r.commit(signed(i)+"\nlinks\n", parents...)
	}
	r.ref("refs/heads/main", tip)
	h, repository := historyOf(t, r.dir)
	var got []string
	for _, l := range changesOf(t, repository, h, endOfTime) {
		got = append(got, strings.SplitN(l, "> ", 2)[1])
	}
	if d := cmp.Diff([]string{`A "a"`, `D "a"`, `A "b"`, `A "c"`, `D "c"`}, got); d != "" {
		t.Errorf("changes (-want +got):\n%s", d)
	}
	if s, err := repository.Tree(t.Context(), endOfTime); err != nil || !slices.Equal(s.Files, []string{"b"}) {
		t.Errorf("files %v, %v", s, err)
	}
}

// TestChangesOfOddAuthors: author strings lead to the identities that the history has, however they are written.
func TestChangesOfOddAuthors(t *testing.T) {
	t.Parallel()
	r := newHandmade(t)
	var tip string
	for i, odd := range oddCommits {
		if strings.Contains(odd, "after the end of time") {
			continue // where a date that does not fit is read as 0, git leaves the commit out as one of the far future
		}
		id, _ := parseID([]byte(r.object("blob", fmt.Sprint(i))))
		r.tree = r.object("tree", "100644 f\x00"+string(id[:]))
		var parents []string
		if tip != "" {
			parents = []string{tip}
		}
		tip = r.commit(odd, parents...)
	}
	r.ref("refs/heads/main", tip)
	h, repository := historyOf(t, r.dir)
	type signed struct {
		who string
		at  int64
	}
	var want, got []signed
	for _, c := range h.Commits {
		want = append(want, signed{h.Identities[c.Author].Name + h.Identities[c.Author].Email, c.Committed})
	}
	if err := repository.Changes(t.Context(), h, endOfTime.AddDate(10, 0, 0), func(c Change) error {
		if c.Author < 0 {
			t.Errorf("nobody at %d", c.Committed)
			return nil
		}
		got = append(got, signed{h.Identities[c.Author].Name + h.Identities[c.Author].Email, c.Committed})
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	order := func(a, b signed) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) }
	slices.SortFunc(want, order)
	slices.SortFunc(got, order)
	if d := cmp.Diff(want, got, cmp.AllowUnexported(signed{})); d != "" {
		t.Errorf("authors and dates (-history +changes):\n%s", d)
	}
}

// TestChangesWhateverTheSettings: neither the user's configuration nor the repository's own changes what is told, and nothing
// that they name is run. Not parallel: it sets the environment.
func TestChangesWhateverTheSettings(t *testing.T) {
	dir := gittest.Build(t, "file .mailmap\n| Eve <eve@example.org> <ada@example.org>\nfile .gitattributes\n| * diff=own\n2019-12-31 Ada <ada@example.org>\n"+changesWorld)
	h, r := historyOf(t, dir)
	want := changesOf(t, r, h, endOfTime)
	ran := filepath.Join(t.TempDir(), "ran")
	order := filepath.Join(t.TempDir(), "order")
	if err := os.WriteFile(order, []byte("*.c\n*.md\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(t.TempDir(), "program")
	if err := os.WriteFile(program, []byte("#!/bin/sh\ntouch "+ran+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	settings := filepath.Join(t.TempDir(), "gitconfig")
	text := `
[core]
	quotePath = true
	abbrev = 4
	pager = ` + program + `
	fsmonitor = ` + program + `
[color]
	ui = always
[diff]
	renames = false
	renameLimit = 1
	orderFile = ` + order + `
	external = ` + program + `
	noprefix = true
	relative = true
	ignoreSubmodules = all
[diff "own"]
	textconv = ` + program + `
	command = ` + program + `
[log]
	mailmap = true
	showRoot = false
	showSignature = true
	diffMerges = first-parent
	date = relative
	abbrevCommit = true
	decorate = full
[format]
	pretty = oneline
[i18n]
	logOutputEncoding = ISO-8859-1
[gpg]
	program = ` + program + `
`
	if err := os.WriteFile(settings, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Setenv("GIT_CONFIG_GLOBAL", settings)
	if d := cmp.Diff(want, changesOf(t, r, h, endOfTime)); d != "" {
		t.Errorf("with the user's settings:\n%s", d)
	}
	f, err := os.OpenFile(filepath.Join(dir, "config"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(text); err != nil {
		t.Fatal(err)
	}
	f.Close()
	if d := cmp.Diff(want, changesOf(t, r, h, endOfTime)); d != "" {
		t.Errorf("with the repository's settings:\n%s", d)
	}
	if _, err := os.Stat(ran); err == nil {
		t.Error("a program of the settings was run")
	}
}

// agreeWithGit holds changes against git log in the form for people, with a command and a parser that share nothing with ours.
func agreeWithGit(t *testing.T, dir string) {
	t.Helper()
	h, r := historyOf(t, dir)
	tip := strings.TrimSpace(plainGit(t, dir, "", "rev-parse", "HEAD"))
	text := plainGit(t, dir, "", "-c", "core.quotePath=false", "-c", "diff.renameLimit=0", "log", "--encoding=none", "--topo-order", "--no-merges", "--find-renames=100%",
		"--name-status", "--format=commit%x00%ct%x00%an%x00%ae", tip)
	var want []string
	var commit []string // lines of one commit
	head := ""
	for l := range strings.Lines(text + "commit\x00\x00\x00\n") {
		l = strings.TrimSuffix(l, "\n")
		if rest, ok := strings.CutPrefix(l, "commit\x00"); ok {
			slices.Reverse(commit)
			want = append(want, commit...)
			commit = nil
			f := strings.Split(rest, "\x00")
			who := identityOf(f[1], f[2])
			head = f[0] + " " + who.Name + " <" + who.Email + "> "
			continue
		}
		if l == "" {
			continue
		}
		f := strings.Split(l, "\t")
		for i, path := range f[1:] {
			if path[0] != '"' {
				path = `"` + path + `"`
			}
			f[i+1] = path
		}
		switch f[0][0] {
		case 'R':
			commit = append(commit, head+"R "+f[2]+" "+f[1])
		default:
			commit = append(commit, head+f[0][:1]+" "+f[1])
		}
	}
	slices.Reverse(want)
	var got []string
	if err := r.Changes(t.Context(), h, endOfTime, func(c Change) error {
		l := line(h, c)
		if strings.ContainsFunc(c.Path+c.Old, func(r rune) bool { return r > '~' }) {
			l = fmt.Sprintf("%d %s <%s> %c \"%s\"", c.Committed, h.Identities[c.Author].Name, h.Identities[c.Author].Email, "?AMDR"[c.Kind], c.Path)
			if c.Old != "" {
				l += ` "` + c.Old + `"`
			}
		}
		got = append(got, l)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	// Links and submodules, which git log's words do not tell from files, are few; they are taken out by hand.
	odd := map[string]bool{}
	for l := range strings.Lines(plainGit(t, dir, "", "-c", "core.quotePath=false", "log", "--no-merges", "--raw", "--no-renames", "--no-abbrev", "--format=", tip)) {
		if m := strings.Fields(l); len(m) > 4 && (strings.HasPrefix(m[0], ":12") || strings.HasPrefix(m[0], ":16") || strings.HasPrefix(m[1], "12") || strings.HasPrefix(m[1], "16")) {
			path := strings.TrimSuffix(l[strings.IndexByte(l, '\t')+1:], "\n")
			odd[`"`+strings.Trim(path, `"`)+`"`] = true
		}
	}
	plain := func(lines []string) []string {
		return slices.DeleteFunc(lines, func(l string) bool {
			for path := range odd {
				if strings.Contains(l, " "+path) {
					return true
				}
			}
			return false
		})
	}
	want, got = plain(want), plain(got)
	if len(want) < 3 {
		t.Fatalf("only %d changes", len(want))
	}
	if !slices.Equal(want, got) {
		t.Errorf("%d changes by git log, %d by ours (-git +ours):\n%.3000s", len(want), len(got), cmp.Diff(want, got))
	}
	s, err := r.Tree(t.Context(), endOfTime)
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	for l := range strings.Lines(plainGit(t, dir, "", "-c", "core.quotePath=false", "ls-tree", "-r", "--full-tree", tip)) {
		if mode, path, _ := strings.Cut(strings.TrimSuffix(l, "\n"), "\t"); strings.HasPrefix(mode, "100") {
			files = append(files, path)
		}
	}
	slices.Sort(files)
	if s.Commit != tip || !slices.Equal(files, s.Files) {
		t.Errorf("snapshot of %s has %d files, git's of %s %d", s.Commit, len(s.Files), tip, len(files))
	}
	t.Logf("%d changes, %d files", len(got), len(s.Files))
}

func TestChangesAsGitLog(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"", "loose\n", "repack\n"} {
		agreeWithGit(t, gittest.Build(t, mode+changesWorld))
	}
}

func TestChangesAsGitLogReal(t *testing.T) {
	dirs, err := filepath.Glob(filepath.Join(need.Mirrors(t), "*", "*", "*.git"))
	if err != nil || len(dirs) == 0 {
		t.Fatalf("no mirrors: %v", err)
	}
	for _, dir := range dirs {
		t.Run(filepath.Base(dir), func(t *testing.T) { agreeWithGit(t, dir) })
	}
}

// FuzzChangeLog: whatever git log could write, reading it ends, keeps its promises and holds no more memory than it was given.
func FuzzChangeLog(f *testing.F) {
	dir := gittest.Build(f, changesWorld)
	real := plainGit(f, dir, "", changeLogArgs...)
	f.Add([]byte(real))
	f.Add([]byte(real[:len(real)-7]))
	f.Add([]byte(strings.ReplaceAll(real, "pump", strings.Repeat("p", 5000))))
	f.Add([]byte(strings.ReplaceAll(real, " R100", " T")))
	f.Add([]byte(strings.ReplaceAll(real, "100644", "120000")))
	f.Add([]byte(":100644 100644 a b M\x00x\x00"))
	h := &History{Identities: []Identity{{Name: "Ada", Email: "ada@example.org"}}}
	f.Fuzz(func(t *testing.T, text []byte) {
		changes := 0
		l := newChangeLog(bufio.NewReader(bytes.NewReader(text)), h)
		err := l.read(func(c Change) error {
			changes++
			if c.Kind < Added || c.Kind > Renamed || c.Path == "" || len(c.Path) > maxPath || len(c.Old) > maxPath || (c.Old != "") != (c.Kind == Renamed) || c.Author < -1 || c.Author > 0 {
				t.Errorf("change %+v", c)
			}
			return nil
		})
		if err == io.EOF {
			t.Error("the end is no error")
		}
		if changes > bytes.Count(text, []byte{0}) {
			t.Errorf("%d changes of %d bytes", changes, len(text))
		}
	})
}
