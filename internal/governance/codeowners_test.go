package governance

import (
	"testing"

	"github.com/mainstay-oss/mainstay/internal/history"
)

func TestCodeOwners(t *testing.T) {
	t.Parallel()
	for _, c := range []readCase{
		{name: "GitHub", path: ".github/CODEOWNERS", text: `
# Everything.
*       @ann @acme/core # and a comment with @nobody

/docs/  Bob@Example.org @ann
*.js	@cho
/build/logs/
path\ with\ spaces/ @dee
\#odd @eve
/web/ @renovate[bot] @dependabot
`, want: `
			3 owner @ann
			5 owner bob@example.org
			5 owner @ann
			6 owner @cho
			8 owner @dee
			9 owner @eve`, teams: []string{"acme/core"}, problems: []string{"10 syntax"}},
		{name: "GitLab", path: ".gitlab/CODEOWNERS", text: `
* @ann
[Documentation][2] @bob docs@example.org cho@example.org
docs/
README.md
^[Database] @acme/sub/team
model/db/ @@maintainer @dee.example
[Odd
[ Two words ] @eve
`, want: `
			2 owner @ann
			3 owner @bob
			3 owner cho@example.org
			7 owner @dee.example
			9 owner @eve`, teams: []string{"@maintainer", "acme/sub/team"}, problems: []string{"8 syntax"}},
		{name: "no owners", path: "CODEOWNERS", text: "* ann, @bob;\n*.c @ @-x @a/ http://x\n", want: "1 owner @bob",
			problems: []string{"1 syntax", "2 syntax", "2 syntax", "2 syntax", "2 syntax"}},
		{name: "old line ends and a mark of order", path: "CODEOWNERS", text: "\ufeff* @ann\r\n*.go @bob\r\n", want: "1 owner @ann\n2 owner @bob"},
	} {
		c.check(t)
	}
}

func FuzzCodeOwners(f *testing.F) {
	for _, s := range []string{
		"# comment\n*  @ann @acme/team\n/docs/ docs@example.org\n*.go @bob # inline\n",
		"[Section]\n*.rb @ann\n^[Optional][2] @group @group/sub\nlib/\n\n[Database] @@developer\n",
		"path\\ with\\ spaces @ann\n\\#hash @bob\n!negated @cho\n[unclosed\n",
		"*\n@ann\n* @ann@bob\n* a@b\n*\t@\u00e9\n",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		l := sane(t, []history.File{{Path: "CODEOWNERS", Text: text}})
		for i := range l.People {
			if l.People[i].Role != Owner || l.People[i].Name != "" {
				t.Errorf("%+v", l.People[i])
			}
		}
		if l := sane(t, []history.File{{Path: "CODEOWNERS", Text: commented(text)}}); len(l.People)+len(l.Teams) > 0 {
			t.Errorf("comments list %q", showAll(l.People))
		}
	})
}
