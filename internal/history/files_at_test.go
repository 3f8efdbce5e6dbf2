package history_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/mainstay-oss/mainstay/internal/gap"
	"github.com/mainstay-oss/mainstay/internal/gittest"
	"github.com/mainstay-oss/mainstay/internal/history"
)

const ruledWorld = `
	2020-01-02 Ada <ada@example.org>
	file OWNERS
	| approvers: [ada]
	file docs/OWNERS
	| approvers: [dee]
	file docs/deep/OWNERS
	| approvers: [nobody]
	file src/OWNERS
	| approvers: [nobody]
	2020-02-01 Ada <ada@example.org>
	file .github/CODEOWNERS
	| * @ada
	file README
	| a pump
	2020-03-01 Bob <bob@example.org>
	file OWNERS
	| approvers: [ada, bob]
	2020-04-01 Bob <bob@example.org>
	2020-05-01 Bob <bob@example.org>
`

// owners wants the files that the worlds of these tests are about.
func owners(path string) bool { return strings.HasSuffix(path, "OWNERS") }

func dates(t testing.TB, days ...string) (list []int64) {
	for _, d := range days {
		list = append(list, day(t, d).Unix()-12*3600) // midnight
	}
	return list
}

// repositoryOf gives a bare repository as one of the user's own.
func repositoryOf(dir string) *history.Repository {
	return silent(history.Config{}).RepositoryAt(dir, pump)
}

// content is a snapshot without names of commits.
type content struct {
	Files []history.File
	Lacks []history.Lack
}

func contents(snapshots []history.Snapshot) (list []content) {
	for _, s := range snapshots {
		list = append(list, content{s.Files, s.Lacks})
	}
	return list
}

func TestFilesAt(t *testing.T) {
	t.Parallel()
	january := history.File{Path: "OWNERS", Text: "approvers: [ada]\n"}
	dee := history.File{Path: "docs/OWNERS", Text: "approvers: [dee]\n"}
	code := history.File{Path: ".github/CODEOWNERS", Text: "* @ada\n"}
	april := history.File{Path: "OWNERS", Text: "approvers: [ada, bob]\n"}
	want := []content{
		{}, {}, // before the first commit, before the first file
		{Files: []history.File{january, dee}},
		{Files: []history.File{code, january, dee}},
		{Files: []history.File{code, april, dee}},
		{Files: []history.File{code, april, dee}},
		{Files: []history.File{january, dee}}, // dates may come in any order
	}
	for _, mode := range []string{"", "loose\n", "repack\n", "branch trunk\n"} {
		r := repositoryOf(gittest.Build(t, mode+ruledWorld))
		got, err := r.FilesAt(t.Context(), dates(t, "2020-01-02", "2020-02-01", "2020-02-02", "2020-03-02", "2020-04-02", "2026-01-01", "2020-02-02"), owners)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, contents(got), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%q: %s", mode, diff)
		}
	}
}

// TestFilesAtOfAWorkTree: a working copy is read as it is committed, not as it lies there.
func TestFilesAtOfAWorkTree(t *testing.T) {
	t.Parallel()
	bare := gittest.Build(t, ruledWorld)
	work := filepath.Join(t.TempDir(), "work")
	if out, err := exec.Command("git", "clone", "-q", bare, work).CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	if err := os.WriteFile(filepath.Join(work, "OWNERS"), []byte("approvers: [eve]\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	at := dates(t, "2020-03-02", "2020-06-01")
	want, err := repositoryOf(bare).FilesAt(t.Context(), at, owners)
	if err != nil {
		t.Fatal(err)
	}
	got, err := repositoryOf(work).FilesAt(t.Context(), at, owners)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" || len(got[1].Files) != 3 {
		t.Error(diff)
	}
}

// git runs git on a repository of the test's own making.
func git(t testing.TB, dir, stdin string, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", append([]string{"--git-dir=" + dir}, args...)...)
	cmd.Env = append(os.Environ(), "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL="+os.DevNull, "LC_ALL=C",
		"GIT_AUTHOR_NAME=A", "GIT_AUTHOR_EMAIL=a@example.org", "GIT_AUTHOR_DATE=1600000000 +0000",
		"GIT_COMMITTER_NAME=C", "GIT_COMMITTER_EMAIL=c@example.org", "GIT_COMMITTER_DATE=1600000000 +0000")
	cmd.Stdin = strings.NewReader(stdin)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("git %v: %v", args, err)
	}
	return string(out)
}

// TestFilesAtAgreesWithGit: over random worlds the commit is the one that the rule gives, written down contents, and the files
// are what git itself lists and shows of it.
func TestFilesAtAgreesWithGit(t *testing.T) {
	t.Parallel()
	paths := []string{"OWNERS", "docs/OWNERS", ".github/CODEOWNERS", ".gitlab/CODEOWNERS", "src/OWNERS", "docs/a/OWNERS", "README", "docs"}
	for seed := range uint64(9) {
		r := rand.New(rand.NewPCG(seed, 1))
		world := &gittest.Repository{Repack: seed%3 == 0, Loose: seed%3 == 1}
		now, start := day(t, "2020-01-01").Unix(), day(t, "2020-01-01").Unix()
		for i := range 40 {
			now += r.Int64N(5 * 86400)
			c := gittest.Commit{Author: gittest.Person{Name: "Ada", Email: "ada@example.org"}, Subject: strconv.Itoa(i), Parents: 1, Authored: now, Committed: now}
			switch r.IntN(12) {
			case 0:
				c.Committed -= r.Int64N(30 * 86400) // a wrong clock
			case 1:
				c.Committed = r.Int64N(1 << 31)
			case 2:
				c.Side = true
			case 3:
				c.Parents = 2
			}
			for range r.IntN(3) {
				p := paths[r.IntN(len(paths)-1)]
				c.Files = append(c.Files, gittest.File{Path: p, Content: fmt.Sprintf("%d %d\n", i, r.IntN(3))})
			}
			world.Commits = append(world.Commits, c)
		}
		dir := filepath.Join(t.TempDir(), "r.git")
		world.Build(t, dir)
		var at []int64
		for range 12 {
			at = append(at, start-20*86400+r.Int64N(150*86400))
		}
		snapshots, err := repositoryOf(dir).FilesAt(t.Context(), at, owners)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range snapshots {
			want := plainRule(t, dir, s.Date)
			if s.Commit != want {
				t.Errorf("seed %d, %d: commit %q, want %q", seed, s.Date, s.Commit, want)
			}
			if want == "" {
				continue
			}
			var files []history.File
			for _, path := range strings.Split(git(t, dir, "", "ls-tree", "-r", "--name-only", want), "\n") {
				folder := filepath.Dir(path)
				if owners(path) && slices.Contains([]string{".", "docs", ".github", ".gitlab"}, folder) {
					files = append(files, history.File{Path: path, Text: git(t, dir, "", "show", want+":"+path)})
				}
			}
			slices.SortFunc(files, func(a, b history.File) int { return strings.Compare(a.Path, b.Path) })
			if diff := cmp.Diff(content{Files: files}, content{s.Files, s.Lacks}, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("seed %d, %d: %s", seed, s.Date, diff)
			}
		}
	}
}

// plainRule finds the commit that stood at t: of the first parents dated within a day before the latest date up to t, the one
// nearest the tip.
func plainRule(t testing.TB, dir string, at int64) string {
	type commit struct {
		id   string
		date int64
	}
	var chain []commit
	for line := range strings.Lines(git(t, dir, "", "log", "--first-parent", "--format=%H %ct", "HEAD")) {
		f := strings.Fields(line)
		date, err := strconv.ParseInt(f[1], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		chain = append(chain, commit{f[0], date})
	}
	latest := int64(-1)
	for _, c := range chain {
		if c.date <= at {
			latest = max(latest, c.date)
		}
	}
	for _, c := range chain {
		if c.date <= at && c.date > latest-86400 {
			return c.id
		}
	}
	return ""
}

// TestFilesAtWithWrongClocks: a commit of 1970 does not pass for the state of decades, nor one of 2037 for that of the years to
// come, and hours of skew between two machines do not hide the later of their commits.
func TestFilesAtWithWrongClocks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, world, at, want string }{
		{"a commit of 1970 comes last", `
			file OWNERS
			| one
			2020-01-02 Ada <ada@example.org>
			file OWNERS
			| two
			1970-01-02 Ada <ada@example.org>`, "2021-01-01", "one\n"},
		{"and is all there is in 1980", `
			file OWNERS
			| one
			2020-01-02 Ada <ada@example.org>
			file OWNERS
			| two
			1970-01-02 Ada <ada@example.org>`, "1980-01-01", "two\n"},
		{"a commit of 2037 in the midst", `
			file OWNERS
			| one
			2037-01-02 Ada <ada@example.org>
			file OWNERS
			| two
			2020-01-02 Ada <ada@example.org>`, "2021-01-01", "two\n"},
		{"an hour of skew", `
			file OWNERS
			| one
			2020-01-02T11:00:00Z Ada <ada@example.org>
			file OWNERS
			| two
			2020-01-02T10:00:00Z Ada <ada@example.org>`, "2021-01-01", "two\n"},
		{"but not what is dated later than the date", `
			file OWNERS
			| one
			2020-01-02T11:00:00Z Ada <ada@example.org>
			file OWNERS
			| two
			2020-01-03T00:00:01Z Ada <ada@example.org>`, "2020-01-03", "one\n"},
		{"the author's date is none", `
			file OWNERS
			| one
			2020-01-02 Ada <ada@example.org>
			file OWNERS
			| two
			2020-01-03 Ada <ada@example.org> committer Bob <b@example.org> 2020-03-01`, "2020-02-01", "one\n"},
		{"a side branch is not the default branch", `
			file OWNERS
			| one
			2020-01-02 Ada <ada@example.org>
			file OWNERS
			| two
			2020-01-10 Ada <ada@example.org> side
			2020-03-01 Ada <ada@example.org> merge`, "2020-02-01", "one\n"},
	} {
		got, err := repositoryOf(gittest.Build(t, c.world)).FilesAt(t.Context(), dates(t, c.at), owners)
		if err != nil || len(got[0].Files) != 1 || got[0].Files[0].Text != c.want {
			t.Errorf("%s: %v, %v, want %q", c.name, got, err, c.want)
		}
	}
}

// TestFilesAtOfOddTrees: links and submodules are no files, what is too large or too much is told.
func TestFilesAtOfOddTrees(t *testing.T) {
	t.Parallel()
	dir := gittest.Build(t, ruledWorld)
	blob := func(text string) string {
		return strings.TrimSpace(git(t, dir, text, "hash-object", "-w", "--stdin"))
	}
	tree := func(lines string) string { return strings.TrimSpace(git(t, dir, lines, "mktree", "--missing")) }
	head := strings.TrimSpace(git(t, dir, "", "rev-parse", "HEAD"))
	small := blob("small\n")
	docs := tree(fmt.Sprintf("120000 blob %s\tOWNERS\n100755 blob %s\tb.OWNERS\n040000 tree %s\tdeep.OWNERS\n", small, small, tree("")))
	var many strings.Builder
	for i := range 250 {
		fmt.Fprintf(&many, "100644 blob %s\t%03dOWNERS\n", small, i)
	}
	root := tree(fmt.Sprintf("100644 blob %s\tOWNERS\n160000 commit %s\tS.OWNERS\n120000 blob %s\tL.OWNERS\n160000 commit %s\t.github\n040000 tree %s\tdocs\n040000 tree %s\t.gitlab\n100644 blob %s\tE.OWNERS\n100644 blob %s\tM.OWNERS\n",
		blob(strings.Repeat("x", 1<<20+1)), head, small, head, docs, tree(many.String()), blob(""), strings.Repeat("1", 40)))
	commit := strings.TrimSpace(git(t, dir, "odd\n", "commit-tree", root, "-p", head))
	git(t, dir, "", "update-ref", "refs/heads/main", commit)

	got, err := repositoryOf(dir).FilesAt(t.Context(), dates(t, "2021-01-01"), owners)
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, f := range got[0].Files {
		paths = append(paths, f.Path)
	}
	// The root folder comes first: three files, of which one is read.
	if len(paths) != 198 || paths[0] != ".gitlab/000OWNERS" || paths[196] != ".gitlab/196OWNERS" || paths[197] != "E.OWNERS" || got[0].Commit != commit {
		t.Errorf("%d files of %s, the last %v", len(paths), got[0].Commit, paths[max(0, len(paths)-2):])
	}
	var lacks []string
	for _, l := range got[0].Lacks {
		lacks = append(lacks, fmt.Sprintf("%s %s", l.Path, l.Kind))
	}
	if diff := cmp.Diff([]string{" too-large", "M.OWNERS no-history", "OWNERS too-large"}, lacks); diff != "" {
		t.Error(diff)
	}

	// Without the many, the rest is told one by one.
	got, err = repositoryOf(dir).FilesAt(t.Context(), dates(t, "2021-01-01"), func(p string) bool { return owners(p) && !strings.HasPrefix(p, ".gitlab") })
	if err != nil {
		t.Fatal(err)
	}
	want := content{
		Files: []history.File{{Path: "E.OWNERS"}, {Path: "docs/b.OWNERS", Text: "small\n"}},
		Lacks: []history.Lack{
			{Path: "M.OWNERS", Kind: gap.NoHistory, Detail: "not in this copy"},
			{Path: "OWNERS", Kind: gap.TooLarge, Detail: "1048577 bytes; at most 1048576 are read"},
		},
	}
	if diff := cmp.Diff(want, contents(got)[0]); diff != "" {
		t.Error(diff)
	}
}

func TestFilesAtFailures(t *testing.T) {
	t.Parallel()
	mirror := gittest.Build(t, ruledWorld)
	stopped, stop := context.WithCancel(t.Context())
	stop()
	fail := func(name string, ctx context.Context, dir string, want gap.Kind) {
		t.Helper()
		snapshots, err := repositoryOf(dir).FilesAt(ctx, dates(t, "2020-03-02"), owners)
		if snapshots != nil || kind(t, err) != want {
			t.Errorf("%s: %v, want %s", name, err, want)
		}
		if _, err := repositoryOf(dir).Logins(ctx, &history.History{}); kind(t, err) != want {
			t.Errorf("%s: logins: %v, want %s", name, err, want)
		}
	}
	fail("time is up", stopped, mirror, gap.OutOfBudget)
	fail("no repository", t.Context(), t.TempDir(), gap.NoHistory)
	fail("no folder", t.Context(), filepath.Join(t.TempDir(), "none"), gap.Unreadable)
	fail("empty", t.Context(), gittest.Build(t, ""), gap.EmptyRepository)

	sha256 := t.TempDir()
	git(t, sha256, "", "init", "-q", "--bare", "--object-format=sha256", "-b", "main", sha256)
	commit := git(t, sha256, "x\n", "commit-tree", strings.TrimSpace(git(t, sha256, "", "mktree")))
	git(t, sha256, "", "update-ref", "refs/heads/main", strings.TrimSpace(commit))
	fail("SHA-256", t.Context(), sha256, gap.Unsupported)

	packs, err := filepath.Glob(filepath.Join(mirror, "objects", "pack", "*.pack"))
	if err != nil || len(packs) != 1 {
		t.Fatalf("%v %v", packs, err)
	}
	os.Chmod(packs[0], 0o600)
	if err := os.Truncate(packs[0], 40); err != nil {
		t.Fatal(err)
	}
	fail("damaged", t.Context(), mirror, gap.Corrupt)
}

// TestFilesAtDamage: a damaged file is a lack, and the others are still read.
func TestFilesAtDamage(t *testing.T) {
	t.Parallel()
	dir := gittest.Build(t, "loose\n"+ruledWorld)
	id := strings.TrimSpace(git(t, dir, "", "rev-parse", "HEAD:OWNERS"))
	object := filepath.Join(dir, "objects", id[:2], id[2:])
	os.Chmod(object, 0o600)
	if err := os.WriteFile(object, []byte("no object"), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := repositoryOf(dir).FilesAt(t.Context(), dates(t, "2020-02-02", "2021-01-01"), owners)
	if err != nil {
		t.Fatal(err)
	}
	if len(got[0].Files) != 2 || len(got[0].Lacks) != 0 || len(got[1].Files) != 2 || len(got[1].Lacks) != 1 || got[1].Lacks[0].Path != "OWNERS" {
		t.Errorf("%+v", got)
	}
}
