package bench

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the tables of README.md anew")

// sides are what a difference may be: a package that one reads alone, or one that both read and one alone gives a version.
var sides = []string{"ours", "theirs", "version:ours", "version:theirs"}

// A difference is one package of one file.
type difference struct {
	caseName, file string
	side           string // of sides
	purl           string // of a version: without it
}

// differences gives what is different about a file, in order.
func (c compared) differences() []difference {
	var all []difference
	one := func(mine, other set, side string) {
		for _, k := range slices.Sorted(maps.Keys(mine)) {
			name, version := splitVersion(k)
			switch {
			case other[k]:
			case version != "" && other[name] && !mine[name]:
				all = append(all, difference{c.caseName, c.file, "version:" + side, name})
			case version == "" && !mine.hasOf(k) && other.hasOf(k): // told of as the other's version
			default:
				all = append(all, difference{c.caseName, c.file, side, k})
			}
		}
	}
	one(c.ours, c.theirs, "ours")
	one(c.theirs, c.ours, "theirs")
	return all
}

// hasOf says whether a set has the package of this name with a version.
func (s set) hasOf(name string) bool {
	for k := range s {
		if n, v := splitVersion(k); v != "" && n == name {
			return true
		}
	}
	return false
}

// splitVersion takes a canonical purl apart.
func splitVersion(k string) (name, version string) {
	if i := strings.LastIndexByte(k, '@'); i > strings.LastIndexByte(k, '/') {
		return k[:i], k[i+1:]
	}
	return k, ""
}

// An explanation is one row of differences.tsv: it says why so many differences are there.
type explanation struct {
	line                 int
	text                 string // the row, for messages
	caseName, file, purl *regexp.Regexp
	side, kind           string
	count, found         int
}

// kinds of explanations, as README.md tells them.
var kinds = []string{"own", "part", "toolchain", "range", "managed", "groups", "source", "manifest", "encoding", "purl", "format", "unread"}

// pattern makes a regular expression of a text in which "*" stands for anything.
func pattern(text string) *regexp.Regexp {
	return regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(text), `\*`, ".*") + "$")
}

func explanations(t *testing.T) []*explanation {
	t.Helper()
	table, err := os.ReadFile("differences.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var all []*explanation
	n := 0
	for line := range strings.Lines(string(table)) {
		n++
		line = strings.TrimRight(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		col := strings.Split(line, "\t")
		if len(col) != 7 {
			t.Fatalf("differences.tsv:%d: %d columns, not 7: case, file, side, count, purl, kind, why", n, len(col))
		}
		count, err := strconv.Atoi(col[3])
		if err != nil || count < 1 || !slices.Contains(sides, col[2]) || !slices.Contains(kinds, col[5]) || col[6] == "" {
			t.Fatalf("differences.tsv:%d: not a side, a count from 1, a kind and a reason", n)
		}
		all = append(all, &explanation{
			line: n, text: line, caseName: pattern(col[0]), file: pattern(col[1]), side: col[2], count: count, purl: pattern(col[4]), kind: col[5],
		})
	}
	return all
}

func (e *explanation) explains(d difference) bool {
	return e.side == d.side && e.caseName.MatchString(d.caseName) && e.file.MatchString(d.file) && e.purl.MatchString(d.purl)
}

// TestDifferences holds what Mainstay reads of the cases against what osv-scalibr reads. Each difference has its reason in
// differences.tsv, where the first row that matches takes it; each row takes as many as it says.
func TestDifferences(t *testing.T) {
	cases := allCases(t)
	rows := explanations(t)
	var unexplained []difference
	files := 0
	for _, c := range cases {
		if c.format != "" && c.shown != "" {
			files++
		}
		if c.err != nil {
			t.Logf("osv-scalibr on %s/%s: %v", c.caseName, c.file, c.err)
		}
		for _, d := range c.differences() {
			i := slices.IndexFunc(rows, func(e *explanation) bool { return e.explains(d) })
			if i < 0 {
				unexplained = append(unexplained, d)
				continue
			}
			rows[i].found++
		}
	}
	if files < 60 {
		t.Errorf("only %d files were read by both", files)
	}
	for i, d := range unexplained {
		if i == 200 {
			t.Errorf("and %d more", len(unexplained)-i)
			break
		}
		t.Errorf("not in differences.tsv: %s\t%s\t%s\t1\t%s", d.caseName, d.file, d.side, d.purl)
	}
	for _, e := range rows {
		if e.found != e.count {
			t.Errorf("differences.tsv:%d: explains %d differences: %s", e.line, e.found, e.text)
		}
	}
	if !t.Failed() {
		holdREADME(t, summary(cases), byKind(rows))
	}
}

// summary is the table of files in README.md.
func summary(cases []compared) string {
	var b strings.Builder
	b.WriteString("| case | file | ours | theirs | both | only ours | only theirs |\n|---|---|--:|--:|--:|--:|--:|\n")
	sum := [5]int{}
	for _, c := range cases {
		both := countBoth(c.ours, c.theirs)
		if len(c.ours)+len(c.theirs) == 0 {
			continue
		}
		n := [5]int{len(c.ours), len(c.theirs), both, len(c.ours) - both, len(c.theirs) - both}
		text := [5]string{}
		for i := range n {
			sum[i] += n[i]
			text[i] = strconv.Itoa(n[i])
		}
		if c.format == "" {
			text[0] = "not read"
		}
		if c.shown == "" {
			text[1] = "not read"
		}
		fmt.Fprintf(&b, "| %s | `%s` | %s |\n", c.caseName, c.file, strings.Join(text[:], " | "))
	}
	fmt.Fprintf(&b, "| all | | %d | %d | %d | %d | %d |\n", sum[0], sum[1], sum[2], sum[3], sum[4])
	return b.String()
}

// byKind is the table of reasons in README.md.
func byKind(rows []*explanation) string {
	count := map[string][4]int{}
	for _, e := range rows {
		n := count[e.kind]
		n[slices.Index(sides, e.side)] += e.found
		count[e.kind] = n
	}
	var b strings.Builder
	b.WriteString("| kind | only ours | only theirs | version only ours | version only theirs |\n|---|--:|--:|--:|--:|\n")
	for _, k := range kinds {
		if n, ok := count[k]; ok {
			fmt.Fprintf(&b, "| %s | %d | %d | %d | %d |\n", k, n[0], n[1], n[2], n[3])
		}
	}
	return b.String()
}

// holdREADME holds the tables that README.md has between marks, or writes them with -update.
func holdREADME(t *testing.T, tables ...string) {
	t.Helper()
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	want := string(text)
	for i, name := range []string{"summary", "kinds"} {
		begin, end := "<!-- "+name+" -->\n", "<!-- end of "+name+" -->"
		before, rest, ok1 := strings.Cut(want, begin)
		_, after, ok2 := strings.Cut(rest, end)
		if !ok1 || !ok2 {
			t.Fatalf("README.md has no marks for %s", name)
		}
		want = before + begin + tables[i] + end + after
	}
	switch {
	case want == string(text):
	case *update:
		if err := os.WriteFile("README.md", []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Error("the tables of README.md are old: go test -run TestDifferences -update")
	}
}
