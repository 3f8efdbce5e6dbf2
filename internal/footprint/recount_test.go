package footprint

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/need"
	"github.com/mainstay-oss/mainstay/internal/people"
	"github.com/mainstay-oss/mainstay/internal/vitals"
)

// cases are the upstreams whose footprints are counted once more by other means, from the domains alone.
var cases = []struct {
	upstream, organisation string
	domains                []string // of the organisation, with everything under them
}{
	{"github.com/tikv/pd", "PingCAP", []string{"pingcap.com", "pingcap.cn", "tidb.io"}},
	{"github.com/apache/inlong", "Tencent", []string{"tencent.com"}},
}

// asOfCases is a date that lies before the day on which the archives, and any mirror made since, were last observed.
const asOfCases = "2025-01-01"

// awkProgram counts the lines "year, address, name" by year: all, and those of the domains given as a pattern. A bot is whoever
// has the word bot or robot in the name or before the @: in these two repositories that finds the same four as the table of
// package people. No .mailmap is applied, by git neither: the address counts that stands in the commit. Merges are left out
// by git.
const awkProgram = `
BEGIN { FS = "\t" }
{
	who = tolower($3); address = tolower($2); local = address; sub(/@.*/, "", local)
	if (match(who, /(^|[^a-z])(ro)?bot([^a-z]|$)/) || match(local, /(^|[^a-z])(ro)?bot([^a-z]|$)/)) next
	all[$1]++
	if (match(address, "@([^@]*\\.)?(" domains ")$")) own[$1]++
}
END { for (year in all) print year, own[year] + 0, all[year] }`

// TestFootprintsAgainstGitAndAwk counts with git and awk, which share no code with us.
func TestFootprintsAgainstGitAndAwk(t *testing.T) {
	t.Parallel()
	mirrors := need.Mirrors(t)
	git, awk := need.Git(t), need.Awk(t)
	counted := 0
	for _, c := range cases {
		dir := filepath.Join(mirrors, filepath.FromSlash(c.upstream)+".git")
		if _, err := os.Stat(dir); err != nil {
			t.Logf("no %s among the mirrors", c.upstream)
			continue
		}
		log := exec.Command(git, "-c", "log.mailmap=false", "-c", "protocol.allow=never", "--git-dir", dir,
			"log", "--no-merges", "--date=format-local:%Y", "--format=%cd%x09%ae%x09%an", "HEAD")
		log.Env = append(os.Environ(), "TZ=UTC", "GIT_TERMINAL_PROMPT=0")
		pipe, err := log.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		count := exec.Command(awk, "-v", "domains="+strings.ReplaceAll(strings.Join(c.domains, "|"), ".", "[.]"), awkProgram)
		count.Stdin = pipe
		count.Env = append(os.Environ(), "LC_ALL=C")
		if err := log.Start(); err != nil {
			t.Fatal(err)
		}
		out, err := count.Output()
		if err != nil {
			t.Fatal(err)
		}
		if err := log.Wait(); err != nil {
			t.Fatal(err)
		}
		want := map[string][2]int{}
		for line := range strings.Lines(string(out)) {
			var year string
			var own, all int
			if _, err := fmt.Sscan(line, &year, &own, &all); err != nil {
				t.Fatalf("%q: %v", line, err)
			}
			want[year] = [2]int{own, all}
		}
		h, err := history.ReadRepository(t.Context(), dir, history.ReadOptions{Upstream: c.upstream, IsBot: people.IsBot})
		if err != nil {
			t.Fatal(err)
		}
		recounted(t, c.upstream, c.organisation, h, want)
		counted++
	}
	if counted == 0 {
		t.Errorf("none of the cases is among the mirrors in %s", mirrors)
	}
}

// TestFootprintsAgainstArchives counts the lines of the archives of the same upstreams without package history.
func TestFootprintsAgainstArchives(t *testing.T) {
	t.Parallel()
	for _, c := range cases {
		dir := filepath.Join(need.Shared(t), "data", "case-histories", strings.Replace(strings.TrimPrefix(c.upstream, "github.com/"), "/", "+", 1))
		want := map[string][2]int{}
		f, err := os.Open(filepath.Join(dir, "commits.tsv.gz"))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		z, err := gzip.NewReader(f)
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(z)
		lines.Scan() // the heading
		for lines.Scan() {
			// committed, authored, author_tz, parents, author_name, author_email, author_domain, committer_email, committer_domain, bot, pull
			f := strings.Split(lines.Text(), "\t")
			if f[9] == "1" || f[3] != "0" && f[3] != "1" {
				continue
			}
			seconds, err := strconv.ParseInt(f[0], 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			year := time.Unix(seconds, 0).UTC().Format("2006")
			n := want[year]
			n[1]++
			for _, d := range c.domains {
				if f[6] == d || strings.HasSuffix(f[6], "."+d) {
					n[0]++
				}
			}
			want[year] = n
		}
		if lines.Err() != nil {
			t.Fatal(lines.Err())
		}
		h, err := history.ReadArchive(dir, "")
		if err != nil {
			t.Fatal(err)
		}
		recounted(t, c.upstream, c.organisation, h, want)
	}
}

// recounted compares the years of an organisation with commits counted otherwise: its own and all.
func recounted(t *testing.T, upstream, organisation string, h *history.History, want map[string][2]int) {
	t.Helper()
	at := date(asOfCases)
	r := Measure(domainsAlone(h, at), [][]string{{organisation}}, at)
	own := 0
	for _, y := range r.Standings[0].Years {
		own += y.Commits
		if got := [2]int{y.Commits, y.CommitsAll}; got != want[y.Name] {
			t.Errorf("%s %s: %d of %d commits are %s's, counted otherwise %d of %d", upstream, y.Name, got[0], got[1], organisation, want[y.Name][0], want[y.Name][1])
		}
		if y.Share != nil && y.Share[0] != float64(want[y.Name][0])/float64(want[y.Name][1]) {
			t.Errorf("%s %s: share %v", upstream, y.Name, y.Share)
		}
		t.Logf("%s (%s): %s", upstream, h.Source, &y)
	}
	if own == 0 {
		t.Errorf("%s: nothing is attributed to %s", upstream, organisation)
	}
}

// TestWhatDomainsSee tells how far the domains alone go in the shared archives, and that the people who would settle the rest
// would: with them the share reaches 60 %, and without the last it does not.
func TestWhatDomainsSee(t *testing.T) {
	t.Parallel()
	dirs, err := filepath.Glob(filepath.Join(need.Shared(t), "data", "histories", "*", "meta.json"))
	if err != nil || len(dirs) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	var shares []float64
	var people []int
	for _, meta := range dirs {
		h, err := history.ReadArchive(filepath.Dir(meta), "")
		if err != nil {
			t.Fatal(err)
		}
		at := vitals.AsOf(h, time.Unix(date("2026-07-01"), 0)).Unix()
		a := Measure(domainsAlone(h, at), nil, at).Attribution
		if a.Commits < 12 {
			continue
		}
		shares = append(shares, *a.Share)
		reached := a.Attributed
		for i, p := range a.People {
			if 100*reached >= 60*a.Commits || i > 0 && p.Commits > a.People[i-1].Commits {
				t.Errorf("%s: %s", h.Upstream, &a)
			}
			reached += p.Commits
		}
		if a.ToSettle == nil || *a.ToSettle != len(a.People) || 100*reached < 60*a.Commits {
			t.Errorf("%s: %s", h.Upstream, &a)
		}
		if *a.ToSettle > 0 {
			people = append(people, *a.ToSettle)
		}
	}
	if len(shares) == 0 || len(people) == 0 {
		t.Fatalf("%d upstreams, %d of them under 60 %%", len(shares), len(people))
	}
	slices.Sort(shares)
	slices.Sort(people)
	t.Logf("%d upstreams with 12 commits in the 365 days before they were last observed; %d reach 60 %%; the median share is %.3f; "+
		"half of the others would with %d people, the most needs %d", len(shares), len(shares)-len(people), shares[len(shares)/2],
		people[len(people)/2], people[len(people)-1])
}
