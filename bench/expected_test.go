package bench

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/mainstay-oss/mainstay/internal/need"
)

// TestBothAgainstExpected asks whether EXPECT.tsv, which Mainstay's own tests hold, says something else than two readers that
// were written apart and agree with each other. Then one of three is wrong, and likelier the table.
func TestBothAgainstExpected(t *testing.T) {
	table, err := os.ReadFile(filepath.Join(need.Shared(t), "data", "cases", "EXPECT.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	byFile := map[[2]string]compared{}
	for _, c := range allCases(t) {
		if c.format != "" && c.shown != "" {
			byFile[[2]string{c.caseName, c.file}] = c
		}
	}
	asked := 0
	for line := range strings.Lines(string(table)) {
		col := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
		c, ok := byFile[[2]string{col[0], col[2]}]
		if !ok {
			continue
		}
		measure, value := col[3], col[4]
		switch measure {
		case "packages":
			ours, theirs := c.ours.versioned(), c.theirs.versioned()
			if len(ours) != len(theirs) || len(ours) != countBoth(ours, theirs) {
				continue
			}
			asked++
			if want, err := strconv.Atoi(value); err != nil || want != len(ours) {
				t.Errorf("%s/%s: both read the same %d packages with a version, EXPECT.tsv says %s", c.caseName, c.file, len(ours), value)
			}
		case "+purl", "-purl":
			k, err := key(value)
			if err != nil {
				t.Fatal(err)
			}
			_, version := splitVersion(k)
			ours, theirs := c.ours[k], c.theirs[k]
			if measure == "-purl" && version == "" { // forbids every version
				ours, theirs = ours || c.ours.hasOf(k), theirs || c.theirs.hasOf(k)
			}
			if ours != theirs {
				continue
			}
			asked++
			if ours != (measure == "+purl") {
				t.Errorf("%s/%s: both speak against EXPECT.tsv's %s %s", c.caseName, c.file, measure, value)
			}
		}
	}
	t.Logf("%d rows of EXPECT.tsv in which both agree", asked)
	if asked < 100 {
		t.Errorf("only %d rows were asked about", asked)
	}
}

// versioned gives the packages that have a version: only these count in EXPECT.tsv.
func (s set) versioned() set {
	some := set{}
	for k := range s {
		if _, version := splitVersion(k); version != "" {
			some[k] = true
		}
	}
	return some
}

func countBoth(a, b set) int {
	n := 0
	for k := range a {
		if b[k] {
			n++
		}
	}
	return n
}
