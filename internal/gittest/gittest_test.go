package gittest_test

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mainstay-oss/mainstay/internal/gittest"
	"github.com/mainstay-oss/mainstay/internal/need"
)

func git(t testing.TB, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", append([]string{"--git-dir=" + dir}, args...)...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
	return string(out)
}

func TestBuild(t *testing.T) {
	t.Parallel()
	const world = `
		# Two people and a bot.
		file .mailmap
		| Ada <ada@example.org> <ada@old.example>
		2020-01-02 Ada <ada@example.org>
		2020-01-03T23:30:00+0900 Ada <ada@old.example> "fix the pump (#12)" committer Bob <bob@example.org> 2020-01-09
		2020-01-10 <nobody@example.org> repeat 3 every 12h
		tag v1.0
		2020-02-01 Bob <bob@example.org> side
		2020-02-02 Bob <bob@example.org> merge
		2020-02-03 <> merge 3
		tag-annotated v1.1 2020-02-05
		2020-02-04 dependabot[bot] <> orphan
		2020-02-05 Bob <bob@example.org> merge
		pull 7 2020-01-12 Cy <cy@example.org>
		pull 3 2020-01-04 Dee <dee@example.org> committer Bob <bob@example.org> 2020-01-05
	`
	want := `
2020-02-05T12:00:00Z|Bob|bob@example.org|Bob|2020-02-05T12:00:00Z|2|change 10
2020-02-04T12:00:00Z|dependabot[bot]||dependabot[bot]|2020-02-04T12:00:00Z|0|change 9
2020-02-03T12:00:00Z||||2020-02-03T12:00:00Z|3|change 8
2020-02-02T12:00:00Z|Bob|bob@example.org|Bob|2020-02-02T12:00:00Z|2|change 7
2020-02-01T12:00:00Z|Bob|bob@example.org|Bob|2020-02-01T12:00:00Z|1|change 6
2020-01-11T12:00:00Z||nobody@example.org||2020-01-11T12:00:00Z|1|change 5
2020-01-11T00:00:00Z||nobody@example.org||2020-01-11T00:00:00Z|1|change 4
2020-01-10T12:00:00Z||nobody@example.org||2020-01-10T12:00:00Z|1|change 3
2020-01-03T23:30:00+09:00|Ada|ada@old.example|Bob|2020-01-09T12:00:00Z|1|fix the pump (#12)
2020-01-02T12:00:00Z|Ada|ada@example.org|Ada|2020-01-02T12:00:00Z|0|change 1`
	refs := `refs/heads/main commit
refs/pull/3/head commit
refs/pull/7/head commit
refs/tags/v1.0 commit
refs/tags/v1.1 tag
`
	for _, mode := range []string{"", "loose\n", "repack\n"} {
		dir := gittest.Build(t, mode+world)
		var got strings.Builder
		for line := range strings.Lines(git(t, dir, "log", "--date-order", "--format=%aI|%an|%ae|%cn|%cI|%P|%s")) {
			fields := strings.Split(line, "|")
			fields[5] = string(rune('0' + len(strings.Fields(fields[5]))))
			got.WriteString(strings.ReplaceAll(strings.Join(fields, "|"), "+00:00", "Z"))
		}
		if strings.TrimSpace(got.String()) != strings.TrimSpace(want) {
			t.Errorf("%q: log\n%swant\n%s", mode, got.String(), want)
		}
		if got := git(t, dir, "for-each-ref", "--format=%(refname) %(objecttype)"); got != refs {
			t.Errorf("%q: refs\n%swant\n%s", mode, got, refs)
		}
		if got := git(t, dir, "show", "HEAD:.mailmap"); got != "Ada <ada@example.org> <ada@old.example>\n" {
			t.Errorf(".mailmap is %q", got)
		}
		if out := git(t, dir, "fsck", "--strict", "--no-dangling", "--connectivity-only"); out != "" {
			t.Errorf("%q: fsck: %s", mode, out)
		}
	}
}

func TestFiles(t *testing.T) {
	t.Parallel()
	dir := gittest.Build(t, `
		file a
		| one
		file b
		| two
		2020-01-01 Ada <ada@example.org>
		file c
		| three
		2020-01-02 Bob <bob@example.org> side
		move a d
		delete b
		2020-01-03 Ada <ada@example.org>
		2020-01-04 Ada <ada@example.org> merge
	`)
	want := "D\tb\nR100\ta\td\nA\tc\nA\ta\nA\tb\n"
	if got := git(t, dir, "log", "-M", "--format=", "--name-status", "--no-merges", "--date-order"); got != want {
		t.Errorf("changes %q, want %q", got, want)
	}
	if got := git(t, dir, "ls-tree", "-r", "--name-only", "HEAD"); got != "c\nd\n" {
		t.Errorf("files after the merge: %q", got)
	}
}

func TestParseErrors(t *testing.T) {
	t.Parallel()
	for _, world := range []string{
		"tag v1", "yesterday Ada <a@x>", "2020-01-02 Ada", "2020-01-02 Ada <a@x> twice", "| text", "file a\n| b",
		"2020-01-02 Ada <a@x> repeat few", "2020-01-02 Ada <a@x> repeat 2 every often", "pull x 2020-01-02 Ada <a@x>", "move a", "delete", "delete a\n| text", "move a b\n| text",
	} {
		if _, err := gittest.Parse(world); err == nil || !strings.Contains(err.Error(), "line 1") && !strings.Contains(err.Error(), "line 2") && !strings.HasPrefix(err.Error(), "file") {
			t.Errorf("%q: error %v", world, err)
		}
	}
}

func TestServe(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	gittest.BuildAt(t, filepath.Join(root, "acme", "pump.git"), "file a\n| text\n2020-01-02 Ada <ada@example.org> repeat 9\n")
	server := gittest.Serve(t, root)
	if n := len(server.Requests()); n != 0 {
		t.Errorf("%d requests before any", n)
	}
	dir := filepath.Join(t.TempDir(), "clone.git")
	out, err := exec.Command("git", "clone", "--bare", "--filter=tree:0", server.URL+"/acme/pump.git", dir).CombinedOutput()
	if err != nil || strings.Contains(string(out), "warning") {
		t.Fatalf("clone: %v\n%s", err, out)
	}
	if n := len(server.Requests()); n < 2 {
		t.Errorf("%d requests for a clone", n)
	}
	if got := git(t, dir, "count-objects", "-v"); !strings.Contains(got, "in-pack: 9\n") {
		t.Errorf("a treeless clone of nine commits holds\n%s", got)
	}
}

func TestArchive(t *testing.T) {
	t.Parallel()
	archive := filepath.Join(need.Shared(t), "data", "histories", "BurntSushi+ripgrep")
	dir := gittest.FromArchive(t, archive)
	if got := strings.TrimSpace(git(t, dir, "rev-list", "--count", "HEAD")); got != "2287" {
		t.Errorf("%s commits, want 2287", got)
	}
	if got := strings.Count(git(t, dir, "for-each-ref", "refs/pull"), "\n"); got != 1150 {
		t.Errorf("%d pulls, want 1150", got)
	}
	if got := strings.Count(git(t, dir, "for-each-ref", "refs/tags"), "\n"); got != 272 {
		t.Errorf("%d tags, want 272", got)
	}
}

func BenchmarkMirrors(b *testing.B) {
	folder := filepath.Join(need.Shared(b), "data", "histories")
	for b.Loop() {
		gittest.Mirrors(b, b.TempDir(), folder, 200)
	}
}
