package governance

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mainstay-oss/mainstay/internal/gap"
	"github.com/mainstay-oss/mainstay/internal/history"
)

// show gives a listed person as one short line: "line role @login address name", without what is not known.
func show(l Listed) string {
	text := fmt.Sprintf("%d %s", l.Line, l.Role)
	if l.Login != "" {
		text += " @" + l.Login
	}
	if l.Address != "" {
		text += " " + l.Address
	}
	if l.Name != "" {
		text += " " + l.Name
	}
	return text
}

func showAll(list []Listed) (lines []string) {
	for _, l := range list {
		lines = append(lines, show(l))
	}
	return lines
}

// wants parts an expectation into its lines.
func wants(text string) (lines []string) {
	for line := range strings.Lines(strings.TrimSpace(text)) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// A reading of one file: what it lists, its teams, and its problems as "line kind".
type readCase struct {
	name, path, text string
	want             string
	teams            []string
	problems         []string
}

func (c readCase) check(t *testing.T, more ...history.File) {
	t.Helper()
	l, gaps := Read(append(more, history.File{Path: c.path, Text: c.text}))
	if diff := cmp.Diff(wants(c.want), showAll(l.People)); diff != "" {
		t.Errorf("%s: %s", c.name, diff)
	}
	if !slices.Equal(l.Teams, c.teams) {
		t.Errorf("%s: teams %q, want %q", c.name, l.Teams, c.teams)
	}
	var problems []string
	for _, g := range gaps {
		problems = append(problems, fmt.Sprintf("%d %s", g.Line, g.Kind))
		if g.Stage != gap.History || g.File == "" || g.Count < 1 || g.Detail == "" {
			t.Errorf("%s: gap %+v", c.name, g)
		}
	}
	if !slices.Equal(problems, c.problems) {
		t.Errorf("%s: problems %q, want %q", c.name, problems, c.problems)
	}
	for i := range l.People {
		if !slices.Contains(l.Files, l.People[i].File) {
			t.Errorf("%s: %s is not among the files %q", c.name, l.People[i].File, l.Files)
		}
	}
}

func TestWanted(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]bool{
		"OWNERS": true, "OWNERS_ALIASES": true, "CODEOWNERS": true, ".github/CODEOWNERS": true, "docs/CODEOWNERS": true, ".gitlab/CODEOWNERS": true,
		"MAINTAINERS": true, "MAINTAINERS.md": true, "Maintainers.rst": true, "docs/MAINTAINERS.txt": true, ".github/MAINTAINERS.md": true,
		"OWNERS.md": true, "CODE_OWNERS.TXT": true, "GOVERNANCE.md": true, "docs/governance.md": true, "COMMITTERS": true,
		// A folder's own OWNERS are no say in the whole.
		"docs/OWNERS": false, ".github/OWNERS": false, "owners": false, "docs/OWNERS_ALIASES": false, "src/CODEOWNERS": false, "codeowners": false,
		// Who wrote something has no seat for that.
		"AUTHORS": false, "CONTRIBUTORS.md": false, "THANKS": false, "README.md": false, ".asf.yaml": false,
		"docs/deep/MAINTAINERS": false, "MAINTAINERS.yml": false, "MAINTAINERS_GUIDE.md": false, "": false, "/": false,
	} {
		if Wanted(path) != want {
			t.Errorf("%q: %v", path, !want)
		}
	}
}

// TestReadTogether: files are read side by side, one strange one costs itself, and of several CODEOWNERS one counts.
func TestReadTogether(t *testing.T) {
	t.Parallel()
	l, gaps := Read([]history.File{
		{Path: "docs/CODEOWNERS", Text: "* @nobody @acme/none\n"},
		{Path: ".github/CODEOWNERS", Text: "* @ann @acme/core\n/docs/ @bob @acme/core\n"},
		{Path: "OWNERS", Text: "approvers:\n- admins\n- cho\nnonsense\n"},
		{Path: "OWNERS_ALIASES", Text: "aliases:\n  admins:\n  - dee\n  - &x\n"},
		{Path: "MAINTAINERS", Text: "Eve Example <eve@example.org>\n\x00"},
		{Path: "MAINTAINERS.md", Text: "See the [list](https://example.com/list).\n"},
		{Path: "GOVERNANCE.md", Text: "# Maintainers\n\n- Fay Example (@fay)\n"},
		{Path: "AUTHORS", Text: "Gus Example <gus@example.org>\n"},
		{Path: "README.md", Text: "# Maintainers\n\n- @hal\n"},
	})
	var got []string
	for _, p := range l.People {
		got = append(got, p.File+":"+show(p))
	}
	want := wants(`
		.github/CODEOWNERS:1 owner @ann
		.github/CODEOWNERS:2 owner @bob
		GOVERNANCE.md:3 maintainer @fay Fay Example
		OWNERS:3 approver @cho
		OWNERS_ALIASES:3 approver @dee`)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if !slices.Equal(l.Teams, []string{"acme/core"}) {
		t.Errorf("teams %q", l.Teams)
	}
	if !slices.Equal(l.Files, []string{".github/CODEOWNERS", "GOVERNANCE.md", "OWNERS", "OWNERS_ALIASES"}) {
		t.Errorf("files %q", l.Files)
	}
	var problems []string
	for _, g := range gaps {
		problems = append(problems, fmt.Sprintf("%s:%d %s", g.File, g.Line, g.Kind))
	}
	if diff := cmp.Diff([]string{"MAINTAINERS:0 encoding", "OWNERS:4 syntax", "OWNERS_ALIASES:4 syntax"}, problems); diff != "" {
		t.Error(diff)
	}
	// The order of the files has no influence.
	if again, _ := Read(nil); len(again.People)+len(again.Teams)+len(again.Files) > 0 {
		t.Errorf("nothing gave %+v", again)
	}
}

// TestReadBounds: a file of strangers costs bounded memory, and what is left out is told.
func TestReadBounds(t *testing.T) {
	t.Parallel()
	var wrong, crowd strings.Builder
	for i := range 6000 {
		fmt.Fprintf(&wrong, "*.c owner%d\n", i)
		fmt.Fprintf(&crowd, "*.c @owner%d\n", i)
	}
	l, gaps := Read([]history.File{{Path: "CODEOWNERS", Text: wrong.String()}})
	if len(l.People) != 0 || len(gaps) != 11 || gaps[0].Count != 5990 || gaps[1].Line != 1 {
		t.Errorf("%d people, %d gaps: %+v", len(l.People), len(gaps), gaps[:min(2, len(gaps))])
	}
	l, gaps = Read([]history.File{{Path: "CODEOWNERS", Text: crowd.String()}})
	if len(l.People) != mostPeople || len(gaps) != 1 || gaps[0].Kind != gap.TooLarge {
		t.Errorf("%d people, gaps %+v", len(l.People), gaps)
	}
	// Text that is not UTF-8 is read as ISO 8859-1, as many old files are.
	l, gaps = Read([]history.File{{Path: "MAINTAINERS", Text: "J\xf6rg Br\xfccke <joerg@example.org>\n"}})
	if len(gaps) > 0 || len(l.People) != 1 || l.People[0].Name != "Jörg Brücke" {
		t.Errorf("%+v %+v", l.People, gaps)
	}
}
