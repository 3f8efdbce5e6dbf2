package people

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/need"
)

// whole attributes a history as of its last commit, by the embedded table alone.
func whole(h *history.History) *Attribution {
	end := h.Commits[len(h.Commits)-1].Committed
	var r *Register
	return r.Attribute(h, NewIndex(h).At(end), end)
}

// TestDomainsOfCaseHistories counts the lines of archives that end in a company's domain, without package history.
func TestDomainsOfCaseHistories(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		archive, organisation string
		domains               []string // all of domains.tsv
		own, human            int
	}{
		{"tikv+pd", "PingCAP", []string{"pingcap.com", "pingcap.cn", "tidb.io"}, 345, 4894},
		{"apache+inlong", "Tencent", []string{"tencent.com"}, 109, 5233},
	} {
		dir := filepath.Join(need.Shared(t), "data", "case-histories", c.archive)
		own, human := countDomains(t, filepath.Join(dir, "commits.tsv.gz"), c.domains)
		h, err := history.ReadArchive(dir, "")
		if err != nil {
			t.Fatal(err)
		}
		a := whole(h)
		byDomain, all, inAll := 0, 0, 0
		for i := range h.Commits {
			if !h.Human(&h.Commits[i]) {
				continue
			}
			all++
			if claim := a.Commit(i); claim.Known() && claim.Organisation == a.Number(c.organisation) {
				inAll++
				if claim.Evidence == FromDomain {
					byDomain++
				}
			}
		}
		if byDomain != own || all != human || own != c.own || human != c.human {
			t.Errorf("%s: %d of %d human commits by %s, counted plainly %d of %d, want %d of %d", c.archive, byDomain, all, c.organisation, own, human, c.own, c.human)
		}
		t.Logf("%s: %d of %d human commits carry a domain of %s (%.1f %%); %d are attributed to it (%.1f %%)",
			c.archive, own, human, c.organisation, percent(own, human), inAll, percent(inAll, human))
	}
}

// countDomains counts human commits, and those of an author at one of the domains, in the table of an archive.
func countDomains(t *testing.T, file string, domains []string) (own, human int) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(z)
	lines.Scan()
	heading := strings.Split(lines.Text(), "\t")
	column := func(row []string, name string) string { return row[slices.Index(heading, name)] }
	for lines.Scan() {
		row := strings.Split(lines.Text(), "\t")
		if parents := column(row, "parents"); parents != "0" && parents != "1" || column(row, "bot") != "0" {
			continue
		}
		human++
		domain := "." + column(row, "author_domain")
		if slices.ContainsFunc(domains, func(d string) bool { return strings.HasSuffix(domain, "."+d) }) {
			own++
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return own, human
}

func percent(part, all int) float64 { return 100 * float64(part) / float64(max(all, 1)) }

// evidence says by what the human commits of a history are attributed.
func evidence(h *history.History) string {
	a := whole(h)
	var by [FromOtherAddress + 1]int
	human, doubted := 0, 0
	for i := range h.Commits {
		if !h.Human(&h.Commits[i]) {
			continue
		}
		human++
		c := a.Commit(i)
		by[c.Evidence]++
		if c.Evidence == FromOtherAddress && c.Confidence < byOtherAddress*confidenceOfCommonKnowledge*byParentDomain {
			doubted++
		}
	}
	return fmt.Sprintf("of %6d human commits %5d by their domain (%4.1f %%), %5d more by another address (%+.1f %%, %d of them in doubt)",
		human, by[FromDomain], percent(by[FromDomain], human), by[FromOtherAddress], percent(by[FromOtherAddress], human), doubted)
}

// TestWhatOtherAddressesAdd says, with -v, how many commits the table of domains tells of, and how many more the other addresses of
// the same people. It fails only where nothing can be told at all.
func TestWhatOtherAddressesAdd(t *testing.T) {
	t.Parallel()
	t.Run("case histories", func(t *testing.T) {
		archives, err := filepath.Glob(filepath.Join(need.Shared(t), "data", "case-histories", "*", "meta.json"))
		if err != nil || len(archives) == 0 {
			t.Fatalf("%d case histories, %v", len(archives), err)
		}
		read := 0
		for _, meta := range archives {
			h, err := history.ReadArchive(filepath.Dir(meta), "")
			if err != nil {
				t.Log(err) // that archives are whole is for the tests of package history to say
				continue
			}
			t.Logf("%-36s %s", h.Upstream, evidence(h))
			read++
		}
		if read < 5 {
			t.Errorf("only %d of %d case histories can be read", read, len(archives))
		}
	})
	t.Run("repositories", func(t *testing.T) {
		mirrors := need.Mirrors(t)
		read := 0
		for _, upstream := range []string{"github.com/kubernetes/ingress-nginx", "github.com/tikv/pd", "github.com/apache/inlong", "github.com/apache/rocketmq"} {
			dir := filepath.Join(mirrors, filepath.FromSlash(upstream)+".git")
			if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
				t.Logf("no %s among the mirrors", upstream)
				continue
			}
			h, err := history.ReadRepository(t.Context(), dir, history.ReadOptions{Upstream: upstream, IsBot: IsBot})
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%-36s %s", upstream, evidence(h))
			read++
		}
		if read == 0 {
			t.Errorf("none of the repositories is among the mirrors in %s", mirrors)
		}
	})
}
