package history_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mainstay-oss/mainstay/internal/gap"
	"github.com/mainstay-oss/mainstay/internal/history"
)

const (
	commitsHead = "committed\tauthored\tauthor_tz\tparents\tauthor_name\tauthor_email\tauthor_domain\tcommitter_email\tcommitter_domain\tbot\tpull\tcoauthors\n"
	pullsHead   = "number\tauthored\thead_committed\tauthor_email\tbot\n"
	twoCommits  = commitsHead +
		"1577966400\t1577966400\t540\t0\ta02e76e6d85f\tc04d834aa512\tfreemail\tc04d834aa512\tfreemail\t0\t0\t-\n" +
		"1578052800\t1578052000\t-300\t2\t-\t-\tunknown\tc04d834aa512\tfreemail\t1\t12\ta02e76e6d85f,c04d834aa512\n"
	aMeta = `{"repo": "acme/pump", "observed_until": 1600000000}`
)

// A folder is an archive as text: the tables that end in .gz are packed when it is written.
type folder map[string]string

// sound is an archive that can be read.
func sound() folder {
	return folder{
		"meta.json": aMeta, "commits.tsv.gz": twoCommits, "tags.tsv": "created\ttag\n1578000000\tv1.0\n",
		"pulls.tsv.gz": pullsHead + "12\t1577960000\t1577960001\tc04d834aa512\t0\n13\t1577960002\t1577960003\tbbbbbbbbbbbb\t0\n",
	}
}

func (f folder) with(name, text string) folder {
	out := folder{}
	for n, t := range f {
		out[n] = t
	}
	out[name] = text
	return out
}

func packed(text string) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write([]byte(text))
	z.Close()
	return b.Bytes()
}

func (f folder) write(t testing.TB) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for name, text := range f {
		data := []byte(text)
		if strings.HasSuffix(name, ".gz") && !strings.HasPrefix(text, "raw:") {
			data = packed(text)
		}
		data = bytes.TrimPrefix(data, []byte("raw:"))
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestReadArchive(t *testing.T) {
	t.Parallel()
	want := []string{
		"github.com/acme/pump archive hashed=true pulls=true until 2020-09-13 12:26:40 +0000 UTC",
		"commit 1577966400 1577966400 540 0 by a02e76e6d85f <c04d834aa512> freemail bot=false, c04d834aa512 freemail, pull 0",
		"commit 1578052800 1578052000 -300 2 by  <> unknown bot=true, c04d834aa512 freemail, pull 12",
		"tag 1578000000 v1.0",
		"pull 12 1577960000 1577960001 by c04d834aa512 bot=false",
		"pull 13 1577960002 1577960003 by bbbbbbbbbbbb bot=false",
	}
	for name, f := range map[string]folder{
		"plain": sound(),
		"columns moved and added": sound().with("tags.tsv", "note\ttag\tcreated\nx\tv1.0\t1578000000\n").
			with("pulls.tsv.gz", "bot\tauthor_email\tstate\tnumber\thead_committed\tauthored\n"+
				"0\tbbbbbbbbbbbb\topen\t13\t1577960003\t1577960002\n0\tc04d834aa512\topen\t12\t1577960001\t1577960000\n"),
		"lines end as on Windows": sound().with("tags.tsv", "created\ttag\r\n1578000000\tv1.0\r\n"),
		"counts":                  sound().with("meta.json", `{"repo":"Acme/Pump","observed_until":1600000000,"commits":2,"tags":1,"pulls":2,"more":[]}`),
		"host in repo":            sound().with("meta.json", `{"repo":"github.com/acme/pump","observed_until":1600000000}`),
		"host apart":              sound().with("meta.json", `{"host":"GitHub.com","repo":"acme/pump","observed_until":1600000000}`),
	} {
		h, err := history.ReadArchive(f.write(t), "")
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(want, readable(h)); diff != "" {
			t.Errorf("%s: want -, got +\n%s", name, diff)
		}
	}
	if h, err := history.ReadArchive(sound().write(t), "Example.org/a/b"); err != nil || h.Upstream != "example.org/a/b" {
		t.Errorf("named by the caller: %v", err)
	}
}

// TestPullsKnown: a table without rows says nothing unless meta.json does.
func TestPullsKnown(t *testing.T) {
	t.Parallel()
	empty := sound().with("pulls.tsv.gz", pullsHead)
	none := sound().with("pulls.tsv.gz", pullsHead)
	delete(none, "pulls.tsv.gz")
	for _, c := range []struct {
		name string
		f    folder
		want bool
	}{
		{"rows", sound(), true},
		{"no rows", empty, false},
		{"no table", none, false},
		{"no rows, and known", empty.with("meta.json", `{"repo":"acme/pump","pulls_known":true}`), true},
	} {
		h, err := history.ReadArchive(c.f.write(t), "")
		if err != nil || h.PullsKnown != c.want {
			t.Errorf("%s: known %v, error %v", c.name, err == nil && h.PullsKnown, err)
		}
	}
}

// row gives the commits with one value of the second row (line 3) replaced.
func row(column int, value string) string {
	lines := strings.SplitAfter(twoCommits, "\n")
	fields := strings.Split(strings.TrimSuffix(lines[2], "\n"), "\t")
	fields[column] = value
	lines[2] = strings.Join(fields, "\t") + "\n"
	return strings.Join(lines, "")
}

func TestBadArchives(t *testing.T) {
	t.Parallel()
	cut := packed(strings.Repeat(twoCommits[len(commitsHead):], 50))
	for _, c := range []struct {
		name string
		f    folder
		kind gap.Kind
		want string // in the error
	}{
		{"no gzip", sound().with("commits.tsv.gz", "raw:"+twoCommits), gap.Corrupt, "commits.tsv.gz: corrupt: gzip"},
		{"empty file", sound().with("commits.tsv.gz", "raw:"), gap.Corrupt, "commits.tsv.gz: corrupt: the file is truncated"},
		{"truncated", sound().with("commits.tsv.gz", "raw:"+string(packed(twoCommits)[:100])), gap.Corrupt, "truncated"},
		{"checksum cut off", sound().with("commits.tsv.gz", "raw:"+string(cut[:len(cut)-4])), gap.Corrupt, "commits.tsv.gz:"},
		{"checksum wrong", sound().with("commits.tsv.gz", "raw:"+string(append(packed(twoCommits)[:len(packed(twoCommits))-5], 1, 2, 3, 4, 5))), gap.Corrupt, "commits.tsv.gz:4: corrupt: gzip"},
		{"no header", sound().with("commits.tsv.gz", ""), gap.Corrupt, "no header"},
		{"no column", sound().with("commits.tsv.gz", strings.Replace(twoCommits, "author_tz", "zone", 1)), gap.Corrupt, `commits.tsv.gz:1: corrupt: no column "author_tz"`},
		{"column twice", sound().with("tags.tsv", "created\ttag\ttag\n"), gap.Corrupt, `tags.tsv:1: corrupt: two columns "tag"`},
		{"too few fields", sound().with("tags.tsv", "created\ttag\n12\tv1\n12\n"), gap.Corrupt, "tags.tsv:3: corrupt: 1 fields, the header has 2"},
		{"too many fields", sound().with("tags.tsv", "created\ttag\n12\tv1\tx\ty\n"), gap.Corrupt, "tags.tsv:2: corrupt: 4 fields, the header has 2"},
		{"empty line", sound().with("tags.tsv", "created\ttag\n\n"), gap.Corrupt, "tags.tsv:2: corrupt: 1 fields"},
		{"last line cut", sound().with("tags.tsv", "created\ttag\n12\tv1"), gap.Corrupt, "tags.tsv:2: corrupt: the last line has no end"},
		{"no number", sound().with("commits.tsv.gz", row(0, "soon")), gap.Corrupt, `commits.tsv.gz:3: corrupt: committed "soon" is not a number`},
		{"empty number", sound().with("commits.tsv.gz", row(1, "")), gap.Corrupt, `authored "" is not a number`},
		{"fraction", sound().with("commits.tsv.gz", row(1, "1.5")), gap.Corrupt, `authored "1.5" is not a number`},
		{"huge number", sound().with("commits.tsv.gz", row(0, "99999999999999999999999999")), gap.Corrupt, "is not a number"},
		{"date far off", sound().with("commits.tsv.gz", row(0, "2000000000000")), gap.Corrupt, "is not between"},
		{"zone", sound().with("commits.tsv.gz", row(2, "40000")), gap.Corrupt, "author_tz"},
		{"parents", sound().with("commits.tsv.gz", row(3, "-1")), gap.Corrupt, "parents"},
		{"bot", sound().with("commits.tsv.gz", row(9, "2")), gap.Corrupt, "bot"},
		{"pull", sound().with("commits.tsv.gz", row(10, "9999999999")), gap.Corrupt, "pull"},
		{"hash without end", sound().with("commits.tsv.gz", row(5, strings.Repeat("a", 300))), gap.Corrupt, "author_email"},
		{"line without end", sound().with("commits.tsv.gz", row(11, strings.Repeat("a,", 40000))), gap.TooLarge, "commits.tsv.gz:3: too-large: a line"},
		{"bad pull row", sound().with("pulls.tsv.gz", pullsHead+"x\t1\t1\ta\t0\n"), gap.Corrupt, "pulls.tsv.gz:2"},
		{"count of commits", sound().with("meta.json", `{"repo":"acme/pump","commits":3}`), gap.Corrupt, "2 rows, meta.json promises 3"},
		{"count of tags", sound().with("meta.json", `{"repo":"acme/pump","tags":0}`), gap.Corrupt, "tags.tsv"},
		{"count of pulls", sound().with("meta.json", `{"repo":"acme/pump","pulls":5}`), gap.Corrupt, "pulls.tsv.gz"},
		{"no commits", sound().with("commits.tsv.gz", commitsHead), gap.EmptyRepository, "no commits"},
		{"meta", sound().with("meta.json", "{"), gap.Corrupt, "meta.json: corrupt: unexpected end"},
		{"meta names nothing", sound().with("meta.json", "{}"), gap.Corrupt, "owner/name"},
		{"meta names a path", sound().with("meta.json", `{"repo":"../../etc/passwd"}`), gap.Corrupt, "owner/name"},
		{"meta names an option", sound().with("meta.json", `{"repo":"-x/y"}`), gap.Corrupt, "owner/name"},
		{"meta date", sound().with("meta.json", `{"repo":"acme/pump","observed_until":90000000000000}`), gap.Corrupt, "not a date"},
		{"huge meta", sound().with("meta.json", `{"repo":"acme/pump","x":"`+strings.Repeat("x", 2<<20)+`"}`), gap.Corrupt, "longer than"},
	} {
		dir := c.f.write(t)
		h, err := history.ReadArchive(dir, "")
		if h != nil || err == nil {
			t.Errorf("%s: was read", c.name)
			continue
		}
		if got := kind(t, err); got != c.kind || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), filepath.ToSlash(dir)) {
			t.Errorf("%s: %v, want %s: %s", c.name, err, c.kind, c.want)
		}
	}
	missing := sound()
	delete(missing, "tags.tsv")
	if _, err := history.ReadArchive(missing.write(t), ""); kind(t, err) != gap.Unreadable || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no tags.tsv: %v", err)
	}
	pipe := sound().write(t)
	os.Remove(filepath.Join(pipe, "tags.tsv"))
	if err := os.Mkdir(filepath.Join(pipe, "tags.tsv"), 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := history.ReadArchive(pipe, ""); kind(t, err) != gap.Corrupt || !strings.Contains(err.Error(), "regular") {
		t.Errorf("a folder for a file: %v", err)
	}
}

// TestArchiveBomb: a small file that unpacks without end is refused in bounded time and memory.
func TestArchiveBomb(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("packs hundreds of megabytes: run without -short")
	}
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(z, commitsHead)
	line := strings.SplitAfter(twoCommits, "\n")[1]
	block := []byte(strings.Repeat(line, 1000))
	for range 4001 {
		z.Write(block)
	}
	z.Close()
	_, err = history.ReadArchive(sound().with("commits.tsv.gz", "raw:"+b.String()).write(t), "")
	if kind(t, err) != gap.TooLarge || !strings.Contains(err.Error(), "more than 4000000 rows") {
		t.Errorf("%v from %d bytes", err, b.Len())
	}
}

// FuzzReadArchive: whatever stands in the files, reading ends with a history that keeps its promises or with an *Error, and a
// history can be written again.
func FuzzReadArchive(f *testing.F) {
	s := sound()
	f.Add([]byte(s["meta.json"]), []byte(s["commits.tsv.gz"]), []byte(s["tags.tsv"]), []byte(s["pulls.tsv.gz"]), []byte("name\temail\told_name\told_email\n-\ta\t-\tb\n"), false)
	f.Add([]byte(`{"repo":"gitlab.example/a/b/c","commits":2,"pulls_known":false}`), []byte(row(0, "-5")), []byte("created\ttag\n"), []byte(pullsHead), []byte(nil), false)
	f.Add([]byte(aMeta), packed(twoCommits)[:90], []byte(nil), packed(pullsHead), []byte(nil), true)
	f.Fuzz(func(t *testing.T, meta, commits, tags, pulls, aliases []byte, raw bool) {
		dir := folder{"meta.json": string(meta), "tags.tsv": string(tags)}
		prefix := ""
		if raw {
			prefix = "raw:"
		}
		dir["commits.tsv.gz"], dir["pulls.tsv.gz"] = prefix+string(commits), prefix+string(pulls)
		if len(aliases) > 0 {
			dir["aliases.tsv"] = string(aliases)
		}
		h, err := history.ReadArchive(dir.write(t), "")
		if err != nil {
			if h != nil || !errors.As(err, new(*history.Error)) {
				t.Fatalf("%v and %T", h, err)
			}
			return
		}
		for i, c := range h.Commits {
			if int(c.Author) >= len(h.Identities) || int(c.Committer) >= len(h.Identities) || i > 0 && c.Committed < h.Commits[i-1].Committed {
				t.Fatalf("commit %d: %+v", i, c)
			}
		}
		for i, p := range h.Pulls {
			if int(p.Author) >= len(h.Identities) || i > 0 && p.Number < h.Pulls[i-1].Number {
				t.Fatalf("pull %d: %+v", i, p)
			}
		}
		again := filepath.Join(t.TempDir(), "again")
		if err := history.WriteArchive(again, h, testKey, history.ArchiveOptions{}); err != nil {
			for _, tag := range h.Tags {
				if tag.Name == "" || strings.ContainsAny(tag.Name, "\t\r\n") {
					return
				}
			}
			t.Fatal(err)
		}
		second, err := history.ReadArchive(again, "")
		if err != nil {
			t.Fatal(err)
		}
		if len(second.Commits) != len(h.Commits) || len(second.Pulls) != len(h.Pulls) || len(second.Tags) != len(h.Tags) || second.PullsKnown != h.PullsKnown {
			t.Fatalf("%v\n%v", readable(h), readable(second))
		}
	})
}
