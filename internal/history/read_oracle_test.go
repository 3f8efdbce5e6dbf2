package history

import (
	"bytes"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// plainGit runs git on a repository of the test's own making.
func plainGit(t testing.TB, dir string, stdin string, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", append([]string{"-C", dir, "-c", "log.mailmap=false", "-c", "protocol.allow=never"}, args...)...)
	cmd.Env = append(os.Environ(), "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL="+os.DevNull, "LC_ALL=C",
		"GIT_AUTHOR_NAME=A", "GIT_AUTHOR_EMAIL=a@example.org", "GIT_AUTHOR_DATE=1600000000 +0000",
		"GIT_COMMITTER_NAME=C", "GIT_COMMITTER_EMAIL=c@example.org", "GIT_COMMITTER_DATE=1600000000 +0000")
	cmd.Stdin = strings.NewReader(stdin)
	var out, message bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &message
	if err := cmd.Run(); err != nil {
		t.Fatalf("git %v: %v: %s", args, err, message.String())
	}
	return out.String()
}

// logColumns are the columns of git log that a history is made of, separated by NUL bytes.
const logColumns = "--format=%H%x00%P%x00%an%x00%ae%x00%at%x00%ad%x00%cn%x00%ce%x00%ct%x00%s"

// A logRow is one commit as git log tells it.
type logRow struct {
	author, committer   Identity
	authored, committed int64
	zone                string
	parents             int
	pull                int32
}

// gitLog gives the commits of a repository as git log tells them, in the order of a History: an independent reading, in
// which git itself takes the commits apart.
func gitLog(t testing.TB, dir string) (rows []logRow) {
	t.Helper()
	type named struct {
		logRow
		id string
	}
	var all []named
	for line := range strings.Lines(plainGit(t, dir, "", "log", "--encoding=none", "--date=format:%z", logColumns)) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\x00")
		if len(f) != 10 {
			t.Fatalf("git log gave %q", line)
		}
		var r named
		r.id = f[0]
		r.parents = len(strings.Fields(f[1]))
		r.author, r.committer = identityOf(f[2], f[3]), identityOf(f[6], f[7])
		r.authored, r.committed = seconds(f[4]), seconds(f[8])
		if r.zone = f[5]; r.zone == "" {
			r.zone = "+0000"
		}
		r.pull = pullNamed([]byte(f[9]))
		all = append(all, r)
	}
	slices.SortFunc(all, func(a, b named) int {
		if a.committed != b.committed {
			if a.committed < b.committed {
				return -1
			}
			return 1
		}
		return strings.Compare(a.id, b.id)
	})
	for _, r := range all {
		rows = append(rows, r.logRow)
	}
	return rows
}

// seconds reads a date as git log prints it: nothing where it found none, the digits as they stand where they do not fit.
func seconds(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

func identityOf(name, email string) Identity {
	e, domain := normalEmail(trimSpace([]byte(email)))
	return Identity{Name: normalName(trimSpace([]byte(name))), Email: e, Domain: domain}
}

// logRows gives the commits of a history as rows.
func logRows(h *History) (rows []logRow) {
	for _, c := range h.Commits {
		sign, zone := "+", int(c.AuthorTZ)
		if zone < 0 {
			sign, zone = "-", -zone
		}
		digits := strconv.Itoa(10000 + zone/60*100 + zone%60)[1:]
		rows = append(rows, logRow{
			author: h.Identities[c.Author], committer: h.Identities[c.Committer],
			authored: c.Authored, committed: c.Committed, zone: sign + digits, parents: int(c.Parents), pull: c.Pull,
		})
	}
	return rows
}

// readBoth reads a repository both ways, requires that they agree in everything and gives the history. With odd set our own
// reader has to hand the repository on to git.
func readBoth(t testing.TB, dir string, odd bool) *History {
	t.Helper()
	opts := ReadOptions{Upstream: "forge.example/Some/Thing", Pulls: true, IsBot: func(name, _ string) bool { return strings.Contains(name, "[bot]") }}
	gitDir, err := findGitDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	byGit, err := readGit(t.Context(), gitDir, opts)
	if err != nil {
		t.Fatalf("git: %v", err)
	}
	own, err := readFiles(t.Context(), gitDir, opts)
	if odd {
		if err == nil {
			t.Fatal("our own reader took a repository that it does not support")
		}
		if own, err = ReadRepository(t.Context(), dir, opts); err != nil {
			t.Fatal(err)
		}
	}
	if err != nil {
		t.Fatalf("our own reader: %v", err)
	}
	if d := cmp.Diff(byGit, own); d != "" {
		t.Fatalf("the two ways differ (-git +own):\n%s", d)
	}
	return own
}
