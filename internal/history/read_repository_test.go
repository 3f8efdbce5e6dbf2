package history

import (
	"bytes"
	"compress/zlib"
	"context"
	"crypto/sha1"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mainstay-oss/mainstay/internal/gap"
	"github.com/mainstay-oss/mainstay/internal/gittest"
	"github.com/mainstay-oss/mainstay/internal/need"
)

// A handmade repository is written object by object, so that it can hold what git itself would not write.
type handmade struct {
	t    testing.TB
	dir  string
	tree string // the empty tree
}

func newHandmade(t testing.TB) *handmade {
	need.Git(t)
	r := &handmade{t: t, dir: t.TempDir()}
	plainGit(t, r.dir, "", "init", "-q", "--bare", "-b", "main", ".")
	r.tree = r.object("tree", "")
	return r
}

// object writes a loose object and gives its name.
func (r *handmade) object(kind, text string) string {
	r.t.Helper()
	raw := fmt.Sprintf("%s %d\x00%s", kind, len(text), text)
	id := fmt.Sprintf("%x", sha1.Sum([]byte(raw)))
	r.file("objects/"+id[:2]+"/"+id[2:], string(deflate(r.t, []byte(raw), zlib.DefaultCompression)))
	return id
}

// commit writes a commit with the given lines after its tree and parents.
func (r *handmade) commit(rest string, parents ...string) string {
	r.t.Helper()
	text := "tree " + r.tree + "\n"
	for _, p := range parents {
		text += "parent " + p + "\n"
	}
	return r.object("commit", text+rest)
}

func (r *handmade) file(name, text string) {
	r.t.Helper()
	path := filepath.Join(r.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		r.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		r.t.Fatal(err)
	}
}

func (r *handmade) ref(name, id string) { r.file(name, id+"\n") }

func (r *handmade) git(args ...string) string { return plainGit(r.t, r.dir, "", args...) }

// signed gives author and committer lines of a day's number.
func signed(day int) string {
	at := 1_500_000_000 + day*86400
	return fmt.Sprintf("author Ada <ada@example.org> %d +0100\ncommitter Bob <Bob@Example.ORG> %d -0500\n", at, at+60)
}

// oddCommits are what follows tree and parents in commits as they occur in old and converted repositories.
var oddCommits = []string{
	"author  Ada Space  <ada@example.org> 1500000000 +0100\ncommitter Bob <bob@example.org> 1500000000 +0100\n\nname in spaces\n",
	"author <> 1500000001 +0000\ncommitter <> 1500000001 +0000\n\nnobody\n",
	"author Ada <> 1500000002 +0000\ncommitter  <bob@example.org> 1500000002 +0000\n\nno address, no name\n",
	"author Ada <ada@example.org>> 1500000003 +0000\ncommitter Bob <b<ob@example.org> 1500000003 +0545\n\nbrackets\n",
	"author Ada <ada@example.org> x> 1500000004 -0330\ncommitter Bob < bob@example.org > 1500000004 +0000\n\nmore brackets\n",
	"author Ada <ada@example.org> 0 +0000\ncommitter Bob <bob@example.org> 0 +0000\n\n1970\n",
	"author Ada <ada@example.org> 4102444800 +0000\ncommitter Bob <bob@example.org> 4102444800 +0000\n\n2100\n",
	"author Ada <ada@example.org> 99999999999999999999999 +0000\ncommitter Bob <bob@example.org> 99999999999999999999999 +0000\n\nafter the end of time\n",
	"author Ada <ada@example.org>\ncommitter Bob <bob@example.org>\n\nno date\n",
	"author Ada <ada@example.org> yesterday +0000\ncommitter Bob <bob@example.org> noon +0000\n\nno number\n",
	"author Ada ada@example.org 1500000005 +0000\ncommitter Bob 1500000005 +0000\n\nno brackets\n",
	"author J\xf6rg <j\xf6rg@example.org> 1500000006 +0000\ncommitter \xff\xfe <bob@example.org> 1500000006 +0000\nencoding ISO-8859-1\n\nLatin 1 (#3)\n",
	"author \uae40\ucca0\uc218 <cs@example.kr> 1500000007 +0900\ncommitter \uae40\ucca0\uc218 <CS@EXAMPLE.KR> 1500000007 +0900\nencoding UTF-8\n\nKorean (#4)\n",
	"author Ada <ada@example.org> 1500000008 +0000\r\ncommitter Bob <bob@example.org> 1500000008 +0000\n\nCRLF in a header\n",
	"author Ada <ada@example.org> 1500000009 +0000\ncommitter Bob <bob@example.org> 1500000009 +0000\n\nCRLF in the message (#5)\r\n\r\nbody\r\n",
	"author Ada <ada@example.org> 1500000010 +0000\ncommitter Bob <bob@example.org> 1500000010 +0000\n\n\n\n  \nblank lines first (#6)  \n",
	"author Ada <ada@example.org> 1500000011 +0000\ncommitter Bob <bob@example.org> 1500000011 +0000\n\n",
	"author Ada <ada@example.org> 1500000012 +0000\ncommitter Bob <bob@example.org> 1500000012 +0000\n",
	"author Ada <ada@example.org> 1500000013 +0000\ncommitter Bob <bob@example.org> 1500000013 +0000\n\nno line feed at the end (#7)",
	"author Ada <ada@example.org> 1500000014 +0000\ncommitter Bob <bob@example.org> 1500000014 +0000\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n author Eve <eve@example.org> 1 +0000\n" +
		" iQEzBAABCAAdFiEE\n -----END PGP SIGNATURE-----\n\nMerge pull request #8 from ada/pump\n",
	"author Ada <ada@example.org> 1500000015 +0000\ncommitter Bob <bob@example.org> 1500000015 +0000\nmergetag object 0000000000000000000000000000000000000000\n type commit\n tag v1\n" +
		" tagger Eve <eve@example.org> 1 +0000\n \n note (#9)\nHG:extra branch:default\n\nMerge tag 'v1'\n",
	"author Ada <49+Ada-L@users.noreply.github.com> 1500000016 +1400\ncommitter GitHub <noreply@github.com> 1500000016 -1200\n\nMerge PR #10: pump\n",
	"author dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com> 1500000017 +0000\ncommitter GitHub <noreply@github.com> 1500000017 +0000\n\nAuto merge of #11 - x\n",
	"author Ada <ada@example.org> 1500000018 +0000\ncommitter Bob <bob@example.org> 1500000018 +0000\n\ncut\x00here (#12)\n",
	"author Ada <ada@example.org> 1500000019   +0200\ncommitter Bob <bob@example.org>    1500000019 +0200\n\nspaces before the zone\n",
}

// TestReadOddCommits reads commits that are out of the ordinary, in each way that git can keep them: both of our readers and
// git log agree.
func TestReadOddCommits(t *testing.T) {
	t.Parallel()
	for name, pack := range packings {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newHandmade(t)
			var tip string
			for i, odd := range oddCommits {
				switch {
				case i == 0:
					tip = r.commit(odd)
				case i%5 == 0: // a merge of an octopus of sides
					tip = r.commit(odd, tip, r.commit(signed(i), tip), r.commit(signed(i+100), tip), r.commit(signed(i+200)))
				default:
					tip = r.commit(odd, tip)
				}
			}
			a, b := r.commit(signed(300), tip), r.commit(signed(301), tip) // criss-cross
			tip = r.commit(signed(303), r.commit(signed(302), a, b), r.commit(signed(302), b, a))
			for i := range 60 { // each like the one before it and unlike those long before, for long chains of deltas
				text := signed(400+i) + "\nchange the pump once more\n\n"
				for word := i * 8; word < i*8+80; word++ {
					text += fmt.Sprintf("%x ", sha1.Sum([]byte{byte(word), byte(word >> 8)}))[:12]
				}
				tip = r.commit(text, tip)
			}
			r.ref("refs/heads/main", tip)
			r.ref("refs/tags/v1", tip)
			r.ref("refs/tags/tree", r.tree)
			r.ref("refs/tags/of-tree", r.object("tag", "object "+r.tree+"\ntype tree\ntag of-tree\ntagger Ada <ada@example.org> 1500000000 +0000\n\n"))
			signedTag := r.object("tag", "object "+a+"\ntype commit\ntag v2\ntagger Ada <ada@example.org> 1600000000 +0000\n\nnote\n")
			r.ref("refs/tags/v2", signedTag)
			r.ref("refs/tags/nested", r.object("tag", "object "+signedTag+"\ntype tag\ntag nested\n\nno tagger\n"))
			r.ref("refs/tags/old", r.object("tag", "object "+b+"\ntype commit\ntag old\n"))
			r.ref("refs/pull/7/head", r.commit(oddCommits[21], a))
			r.ref("refs/pull/8/head", b)
			r.ref("refs/pull/8/merge", tip)
			r.ref("refs/merge-requests/9/head", r.commit(oddCommits[22], a))
			pack(r)

			h := readBoth(t, r.dir, false)
			got := logRows(h) // git log knows no bots
			for i := range got {
				got[i].author.Bot, got[i].committer.Bot = false, false
			}
			if d := cmp.Diff(gitLog(t, r.dir), got, cmp.AllowUnexported(logRow{})); d != "" {
				t.Errorf("git log differs (-git log +ours):\n%s", d)
			}
			var tags []string
			for _, tag := range h.Tags {
				tags = append(tags, fmt.Sprint(tag.Name, " ", tag.Created))
			}
			want := []string{"old 1526006460", "v1 1539657660", "nested 1600000000", "v2 1600000000"}
			if !cmp.Equal(tags, want) {
				t.Errorf("tags %q, want %q", tags, want)
			}
			var pulls []string
			for _, p := range h.Pulls {
				pulls = append(pulls, fmt.Sprint(p.Number, " ", h.Identities[p.Author].Email, " ", p.Authored, " ", p.HeadCommitted))
			}
			want = []string{"7 ada-l@noreply 1500000016 1500000016", "8 ada@example.org 1526006400 1526006460", "9 dependabot[bot]@noreply 1500000017 1500000017"}
			if !cmp.Equal(pulls, want) {
				t.Errorf("pulls %q, want %q", pulls, want)
			}
		})
	}
}

// packings are the ways in which git keeps the same objects.
var packings = map[string]func(*handmade){
	"loose":  func(*handmade) {},
	"packed": func(r *handmade) { r.git("repack", "-adq"); r.git("pack-refs", "--all") },
	"deltas": func(r *handmade) { r.git("repack", "-adfq", "--window=250", "--depth=50") },
	"long chains of deltas": func(r *handmade) {
		r.git("repack", "-adfq", "--window=2", "--depth=50")
		r.git("pack-refs", "--all")
		if n := strings.Count(r.git("verify-pack", "-v", onlyIndex(r)), "chain length"); n < 10 {
			r.t.Fatalf("chains of %d lengths: the test wants long ones", n)
		}
	},
	"deltas by name": func(r *handmade) {
		r.git("-c", "repack.useDeltaBaseOffset=false", "repack", "-adfq", "--window=250", "--depth=50")
	},
	"half packed": func(r *handmade) {
		main, err := os.ReadFile(filepath.Join(r.dir, "refs/heads/main"))
		if err != nil {
			r.t.Fatal(err)
		}
		tip := strings.TrimSpace(string(main))
		r.git("update-ref", "refs/heads/main", tip+"~40")
		r.git("update-ref", "refs/heads/other", tip+"~40")
		r.git("pack-refs", "--all") // now stale for main
		plainGit(r.t, r.dir, tip+"~30\n", "pack-objects", "-q", "--revs", "objects/pack/pack")
		plainGit(r.t, r.dir, tip+"~10\n^"+tip+"~35\n", "pack-objects", "-q", "--revs", "objects/pack/pack")
		r.git("prune-packed")
		r.git("update-ref", "refs/heads/main", tip)
	},
}

func onlyIndex(r *handmade) string {
	found, err := filepath.Glob(filepath.Join(r.dir, "objects/pack/*.idx"))
	if err != nil || len(found) != 1 {
		r.t.Fatalf("indexes %v, %v", found, err)
	}
	return found[0]
}

// TestReadWorlds reads repositories that gittest makes from text.
func TestReadWorlds(t *testing.T) {
	t.Parallel()
	need.Git(t)
	const world = `
2020-01-02 Ada <ada@example.org>
2020-01-03 Bob <bob@example.org> "fix the pump (#12)"
2020-01-04 Ada <ada@example.org> committer Bob <bob@example.org> 2020-01-09
tag v1.0
2020-02-01 Bob <bob@old.example> side
2020-02-02 Ada <ada@example.org> merge
2020-03-01 Ada <ada@example.org> repeat 30 every 7d
tag-annotated v1.1 2020-11-05
file .mailmap
| Bob <bob@example.org> <bob@old.example>
2020-12-01 Ada <ada@example.org>
pull 7 2020-02-02 Eve <eve@example.org>
`
	for _, form := range []string{"", "loose\n", "repack\n"} {
		dir := gittest.Build(t, world+form)
		h := readBoth(t, dir, false)
		if d := cmp.Diff(gitLog(t, dir), logRows(h), cmp.AllowUnexported(logRow{})); d != "" {
			t.Errorf("git log differs (-git log +ours):\n%s", d)
		}
		if d := cmp.Diff([]Alias{{Name: "Bob", Email: "bob@example.org", OldEmail: "bob@old.example"}}, h.Aliases); d != "" {
			t.Errorf("%q: aliases (-want +got):\n%s", form, d)
		}
		if len(h.Commits) != 36 || len(h.Tags) != 2 || len(h.Pulls) != 1 || !h.PullsKnown || h.Upstream != "forge.example/some/thing" {
			t.Errorf("%q: %d commits, %d tags, %d pulls (known: %v) of %s", form, len(h.Commits), len(h.Tags), len(h.Pulls), h.PullsKnown, h.Upstream)
		}
		if got := h.ObservedUntil.Format("2006-01-02"); got != "2020-12-01" {
			t.Errorf("%q: observed until %s", form, got)
		}
		plain, err := ReadRepository(t.Context(), dir, ReadOptions{})
		if err != nil || plain.Pulls != nil || plain.PullsKnown {
			t.Errorf("%q: without Pulls: %v, %v", form, plain.Pulls, err)
		}
	}
}

// TestReadElsewhere reads repositories that our own reader hands on to git, and working copies.
func TestReadElsewhere(t *testing.T) {
	t.Parallel()
	need.Git(t)
	const world = "2020-01-02 Ada <ada@example.org>\n2020-01-03 Bob <bob@example.org>\n2020-01-04 Bob <bob@example.org>\n"
	clone := func(t *testing.T, args ...string) string {
		dir := filepath.Join(t.TempDir(), "clone")
		from := gittest.Build(t, world)
		plainGit(t, from, "", append(append([]string{"-c", "protocol.allow=always", "clone", "-q"}, args...), from, dir)...)
		return dir
	}
	for _, c := range []struct {
		name    string
		make    func(t *testing.T) string
		odd     bool
		commits int
	}{
		{"working copy", func(t *testing.T) string { return clone(t) }, false, 3},
		{"detached HEAD", func(t *testing.T) string {
			dir := clone(t)
			plainGit(t, dir, "", "checkout", "-q", "--detach", "HEAD~1")
			return dir
		}, false, 2},
		{"work tree of its own", func(t *testing.T) string {
			dir := clone(t)
			tree := filepath.Join(t.TempDir(), "tree")
			plainGit(t, dir, "", "worktree", "add", "-q", "-b", "side", tree, "HEAD~1")
			return tree
		}, true, 2},
		{"separate git directory", func(t *testing.T) string {
			return clone(t, "--separate-git-dir="+filepath.Join(t.TempDir(), "elsewhere"))
		}, false, 3},
		{"alternates", func(t *testing.T) string { return clone(t, "--shared") }, true, 3},
		{"grafts", func(t *testing.T) string {
			dir := clone(t, "--bare")
			tip := strings.TrimSpace(plainGit(t, dir, "", "rev-parse", "HEAD~1"))
			if err := os.MkdirAll(filepath.Join(dir, "info"), 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, "info/grafts"), []byte(tip+"\n"), 0o666); err != nil {
				t.Fatal(err)
			}
			return dir
		}, true, 2},
		{"replaced commit", func(t *testing.T) string {
			dir := clone(t, "--bare")
			plainGit(t, dir, "", "replace", "--graft", "HEAD~1")
			return dir
		}, true, 2},
		{"branch by symbolic reference", func(t *testing.T) string {
			dir := clone(t, "--bare")
			plainGit(t, dir, "", "branch", "release", "HEAD~1")
			plainGit(t, dir, "", "symbolic-ref", "refs/heads/stable", "refs/heads/release")
			plainGit(t, dir, "", "symbolic-ref", "HEAD", "refs/heads/stable")
			return dir
		}, true, 2},
		{"HEAD outside the branches", func(t *testing.T) string {
			dir := clone(t, "--bare")
			plainGit(t, dir, "", "update-ref", "refs/remotes/origin/main", "HEAD~2")
			plainGit(t, dir, "", "symbolic-ref", "HEAD", "refs/remotes/origin/main")
			return dir
		}, true, 1},
		{"HEAD names no branch", func(t *testing.T) string {
			dir := clone(t, "--bare")
			plainGit(t, dir, "", "branch", "other", "HEAD~1")
			plainGit(t, dir, "", "symbolic-ref", "HEAD", "refs/heads/gone")
			return dir
		}, false, 3},
		{"only branch", func(t *testing.T) string {
			dir := clone(t, "--bare")
			plainGit(t, dir, "", "branch", "-m", "main", "trunk")
			plainGit(t, dir, "", "symbolic-ref", "HEAD", "refs/heads/gone")
			return dir
		}, false, 3},
		{"damaged copy of an object beside a good one", func(t *testing.T) string {
			dir := clone(t, "--bare")
			plainGit(t, dir, "", "repack", "-adq")
			tip := strings.TrimSpace(plainGit(t, dir, "", "rev-parse", "HEAD"))
			packs, err := filepath.Glob(filepath.Join(dir, "objects/pack/*.pack"))
			if err != nil || len(packs) != 1 {
				t.Fatal(packs, err)
			}
			raw, err := os.ReadFile(packs[0])
			if err != nil {
				t.Fatal(err)
			}
			plainGit(t, dir, plainGit(t, dir, "", "cat-file", "commit", tip), "hash-object", "-t", "commit", "-w", "--stdin")
			unpackOne(t, dir, tip)
			raw[16] ^= 0xff // in the midst of the first object, which is the newest commit
			if err := os.Chmod(packs[0], 0o666); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(packs[0], raw, 0o666); err != nil {
				t.Fatal(err)
			}
			return dir
		}, true, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := readBoth(t, c.make(t), c.odd)
			if len(h.Commits) != c.commits {
				t.Errorf("%d commits, want %d", len(h.Commits), c.commits)
			}
		})
	}
}

// unpackOne writes a loose copy of a packed commit.
func unpackOne(t *testing.T, dir, id string) {
	r := &handmade{t: t, dir: dir}
	if got := r.object("commit", plainGit(t, dir, "", "cat-file", "commit", id)); got != id {
		t.Fatalf("copy of %s is %s", id, got)
	}
}

// TestReadPartialClone reads a treeless partial clone: no tree is looked for, nothing is fetched, and .mailmap is read once it
// is there.
func TestReadPartialClone(t *testing.T) {
	t.Parallel()
	need.Git(t)
	from := gittest.Build(t, "file .mailmap\n| Bob <bob@example.org> <bob@old.example>\n2020-01-02 Ada <ada@example.org>\n2020-01-03 Bob <bob@old.example>\n")
	dir := filepath.Join(t.TempDir(), "clone.git")
	plainGit(t, from, "", "config", "uploadpack.allowFilter", "true")
	plainGit(t, from, "", "config", "uploadpack.allowAnySHA1InWant", "true")
	plainGit(t, from, "", "-c", "protocol.allow=always", "clone", "-q", "--bare", "--filter=tree:0", "file://"+filepath.ToSlash(from), dir)
	if h := readBoth(t, dir, false); len(h.Commits) != 2 || h.Aliases != nil {
		t.Errorf("%d commits, aliases %v", len(h.Commits), h.Aliases)
	}
	if n := strings.Count(plainGit(t, dir, "", "cat-file", "--batch-all-objects", "--batch-check"), " tree "); n != 0 {
		t.Errorf("%d trees were fetched", n)
	}
	plainGit(t, dir, "", "-c", "protocol.allow=always", "show", "HEAD:.mailmap")
	if h := readBoth(t, dir, false); len(h.Aliases) != 1 {
		t.Errorf("aliases %v", h.Aliases)
	}
}

// TestReadErrors reads what cannot be read.
func TestReadErrors(t *testing.T) {
	t.Parallel()
	need.Git(t)
	const world = "2020-01-02 Ada <ada@example.org>\n2020-01-03 Bob <bob@example.org> repeat 40 every 1d\ntag v1\n"
	packFile := func(t *testing.T, dir, ext string, change func([]byte) []byte) string {
		found, err := filepath.Glob(filepath.Join(dir, "objects/pack/*"+ext))
		if err != nil || len(found) != 1 {
			t.Fatal(found, err)
		}
		raw, err := os.ReadFile(found[0])
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(found[0], 0o666); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(found[0], change(raw), 0o666); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	for _, c := range []struct {
		name string
		make func(t *testing.T) string
		want gap.Kind
	}{
		{"no folder", func(t *testing.T) string { return filepath.Join(t.TempDir(), "none") }, gap.Unreadable},
		{"a file", func(t *testing.T) string {
			path := filepath.Join(t.TempDir(), "file")
			if err := os.WriteFile(path, nil, 0o666); err != nil {
				t.Fatal(err)
			}
			return path
		}, gap.Unreadable},
		{"no repository", func(t *testing.T) string { return t.TempDir() }, gap.NoHistory},
		{"empty", func(t *testing.T) string { return newHandmade(t).dir }, gap.EmptyRepository},
		{"several branches, none the default", func(t *testing.T) string {
			dir := gittest.Build(t, world)
			plainGit(t, dir, "", "branch", "one")
			plainGit(t, dir, "", "branch", "-m", "main", "two")
			plainGit(t, dir, "", "symbolic-ref", "HEAD", "refs/heads/three")
			return dir
		}, gap.NoHistory},
		{"shallow", func(t *testing.T) string {
			from, dir := gittest.Build(t, world), filepath.Join(t.TempDir(), "clone")
			plainGit(t, from, "", "-c", "protocol.allow=always", "clone", "-q", "--depth=2", "file://"+filepath.ToSlash(from), dir)
			return dir
		}, gap.Shallow},
		{"SHA-256", func(t *testing.T) string {
			dir := t.TempDir()
			plainGit(t, dir, "", "init", "-q", "--bare", "--object-format=sha256", "-b", "main", ".")
			tree := strings.TrimSpace(plainGit(t, dir, "", "hash-object", "-t", "tree", "-w", os.DevNull))
			plainGit(t, dir, "", "update-ref", "refs/heads/main", strings.TrimSpace(plainGit(t, dir, "", "commit-tree", "-m", "x", tree)))
			return dir
		}, gap.Unsupported},
		{"pack cut short", func(t *testing.T) string {
			return packFile(t, gittest.Build(t, world), ".pack", func(b []byte) []byte { return b[:len(b)/2] })
		}, gap.Corrupt},
		{"pack emptied", func(t *testing.T) string {
			return packFile(t, gittest.Build(t, world), ".pack", func([]byte) []byte { return nil })
		}, gap.Corrupt},
		{"byte changed in a pack", func(t *testing.T) string {
			return packFile(t, gittest.Build(t, world), ".pack", func(b []byte) []byte { b[40] ^= 0x55; return b })
		}, gap.Corrupt},
		{"index cut short", func(t *testing.T) string {
			return packFile(t, gittest.Build(t, world), ".idx", func(b []byte) []byte { return b[:len(b)-30] })
		}, gap.Corrupt},
		{"index of noise", func(t *testing.T) string {
			return packFile(t, gittest.Build(t, world), ".idx", func(b []byte) []byte { return bytes.Repeat([]byte{0xa5}, len(b)) })
		}, gap.Corrupt},
		{"missing parent", func(t *testing.T) string {
			r := newHandmade(t)
			r.ref("refs/heads/main", r.commit(signed(1), strings.Repeat("12", 20)))
			return r.dir
		}, gap.Corrupt},
		{"branch names a missing commit", func(t *testing.T) string {
			r := newHandmade(t)
			r.ref("refs/heads/main", strings.Repeat("12", 20))
			return r.dir
		}, gap.Corrupt},
		{"branch names a tree", func(t *testing.T) string {
			r := newHandmade(t)
			r.ref("refs/heads/main", r.tree)
			return r.dir
		}, gap.Corrupt},
		{"commit without tree", func(t *testing.T) string {
			r := newHandmade(t)
			r.ref("refs/heads/main", r.object("commit", signed(1)))
			return r.dir
		}, gap.Corrupt},
		{"commit with half a parent", func(t *testing.T) string {
			r := newHandmade(t)
			r.ref("refs/heads/main", r.object("commit", "tree "+r.tree+"\nparent 1234\n"+signed(1)))
			return r.dir
		}, gap.Corrupt},
		{"commit of 17 MiB", func(t *testing.T) string {
			r := newHandmade(t)
			r.ref("refs/heads/main", r.commit(signed(1)+"\n"+strings.Repeat("long ", 17<<20/5)))
			return r.dir
		}, gap.TooLarge},
		{"loose object of noise", func(t *testing.T) string {
			r := newHandmade(t)
			id := r.commit(signed(1))
			r.file("objects/"+id[:2]+"/"+id[2:], "noise")
			r.ref("refs/heads/main", id)
			return r.dir
		}, gap.Corrupt},
		{"branch of noise", func(t *testing.T) string {
			r := newHandmade(t)
			r.ref("refs/heads/main", "../../../../etc/passwd")
			return r.dir
		}, gap.Corrupt},
		{"HEAD of noise", func(t *testing.T) string {
			r := newHandmade(t)
			r.file("HEAD", "noise")
			return r.dir
		}, gap.Corrupt},
		{"HEAD that leads out", func(t *testing.T) string {
			r := newHandmade(t)
			r.file("HEAD", "ref: refs/heads/../../../elsewhere\n")
			return r.dir
		}, gap.Corrupt},
		{"packed-refs of noise", func(t *testing.T) string {
			r := newHandmade(t)
			r.file("packed-refs", "noise")
			return r.dir
		}, gap.Corrupt},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h, err := ReadRepository(t.Context(), c.make(t), ReadOptions{Upstream: "Forge.example/a/b", Pulls: true})
			var e *Error
			if h != nil || !errors.As(err, &e) || e.Kind != c.want || e.Upstream != "forge.example/a/b" {
				t.Errorf("got %v, want kind %s", err, c.want)
			}
		})
	}
}

// TestReadWhileCut cuts a pack short while it is being read: the fault is an error, not the end of the program.
func TestReadWhileCut(t *testing.T) {
	t.Parallel()
	need.Git(t)
	world := ""
	for i := range 200 {
		world += fmt.Sprintf("2020-01-02 Ada%d <ada%d@example.org>\n", i, i)
	}
	dir := gittest.Build(t, world)
	packs, err := filepath.Glob(filepath.Join(dir, "objects/pack/*.pack"))
	if err != nil || len(packs) != 1 {
		t.Fatal(packs, err)
	}
	if err := os.Chmod(packs[0], 0o666); err != nil {
		t.Fatal(err)
	}
	asked := 0
	_, err = ReadRepository(t.Context(), dir, ReadOptions{IsBot: func(string, string) bool {
		if asked++; asked == 5 {
			if err := os.Truncate(packs[0], 0); err != nil {
				t.Error(err)
			}
		}
		return false
	}})
	var e *Error
	if !errors.As(err, &e) || e.Kind != gap.Corrupt {
		t.Errorf("got %v, want kind corrupt", err)
	}
}

// TestReadCancelled stops when its context does, whichever way it reads.
func TestReadCancelled(t *testing.T) {
	t.Parallel()
	need.Git(t)
	dir := gittest.Build(t, "2020-01-02 Ada <ada@example.org> repeat 3000 every 1h\n")
	for _, read := range []func(context.Context, string, ReadOptions) (*History, error){ReadRepository, readFiles, readGit} {
		ctx, cancel := context.WithCancel(t.Context())
		_, err := read(ctx, dir, ReadOptions{IsBot: func(string, string) bool { cancel(); return false }})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	}
	_, err := ReadRepository(cancelled(t), dir, ReadOptions{Upstream: "a/b/c"})
	var e *Error
	if !errors.As(err, &e) || e.Kind != gap.OutOfBudget {
		t.Errorf("got %v, want kind out-of-budget", err)
	}
}

func cancelled(t *testing.T) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}

// TestReadWithoutGit reads an ordinary repository where there is no git program, and says what it lacks for another.
func TestReadWithoutGit(t *testing.T) {
	need.Git(t)
	dir := gittest.Build(t, "2020-01-02 Ada <ada@example.org> repeat 3 every 1h\n")
	shared := filepath.Join(t.TempDir(), "shared.git")
	plainGit(t, dir, "", "-c", "protocol.allow=always", "clone", "-q", "--bare", "--shared", ".", shared)
	t.Setenv("PATH", t.TempDir())
	h, err := ReadRepository(t.Context(), dir, ReadOptions{})
	if err != nil || len(h.Commits) != 3 {
		t.Errorf("%v", err)
	}
	_, err = ReadRepository(t.Context(), shared, ReadOptions{})
	var e *Error
	if !errors.As(err, &e) || e.Kind != gap.Unsupported || !strings.Contains(e.Detail, "alternates") {
		t.Errorf("got %v", err)
	}
}

// TestReadTouchesNoNetwork reads a treeless clone whose configuration names a program as its transport, and one at every other
// place where some git command would run it.
func TestReadTouchesNoNetwork(t *testing.T) {
	t.Parallel()
	need.Git(t)
	from := gittest.Build(t, "file .mailmap\n| Bob <bob@example.org> <bob@old.example>\n2020-01-02 Ada <ada@example.org>\n")
	dir := filepath.Join(t.TempDir(), "clone.git")
	plainGit(t, from, "", "config", "uploadpack.allowFilter", "true")
	plainGit(t, from, "", "-c", "protocol.allow=always", "clone", "-q", "--bare", "--filter=tree:0", "file://"+filepath.ToSlash(from), dir)
	trap := filepath.Join(t.TempDir(), "sprung")
	for _, setting := range [][2]string{
		{"remote.origin.url", "ext::touch " + trap}, {"protocol.ext.allow", "always"}, {"protocol.allow", "always"},
		{"core.sshCommand", "touch " + trap}, {"core.fsmonitor", "touch " + trap}, {"core.pager", "touch " + trap}, {"gpg.program", trap},
		{"log.showSignature", "true"}, {"core.alternateRefsCommand", "touch " + trap}, {"core.askPass", trap},
	} {
		plainGit(t, dir, "", "config", setting[0], setting[1])
	}
	// The trap works: git without our switches springs it.
	careless := exec.Command("git", "--git-dir="+dir, "ls-tree", "HEAD")
	careless.Env = append(os.Environ(), "GIT_NO_LAZY_FETCH=0")
	_ = careless.Run() // fails, as what was run is no transport
	if err := os.Remove(trap); err != nil {
		t.Fatalf("git did not run the program that the repository names: %v", err)
	}
	if h, err := readGit(t.Context(), dir, ReadOptions{Pulls: true}); err != nil || len(h.Commits) != 1 || h.Aliases != nil {
		t.Errorf("%v", err)
	}
	if _, err := os.Stat(trap); err == nil {
		t.Error("reading ran a program that the repository names")
	}
}
