package governance

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"github.com/mainstay-oss/mainstay/internal/history"
)

const aliasesText = `# See the OWNERS docs.
aliases:
  pump-maintainers:
  - Ann
  - bob # since 2020
  - pump-chairs

  pump-chairs:
    - cho
    - pump-maintainers # a circle
  pump-reviewers: [dee, "eve"]
  pump-emeritus:
  - old
`

func TestOwners(t *testing.T) {
	t.Parallel()
	for _, c := range []readCase{
		{name: "Kubernetes", text: `
# See the OWNERS docs.

approvers:
- ann
- bob # Bob Example <Bob@example.org> <bob@old.example>
reviewers:
  - cho
emeritus_approvers:
- old # 2020-04-02
labels:
- area/docs
options:
  no_parent_owners: true
`, want: `
			5 approver @ann
			6 approver @bob bob@example.org Bob Example
			8 reviewer @cho`},
		{name: "one after the other in brackets", text: "approvers: [ann, 'bob', \"cho\"]\nreviewers: [\n  dee,   # first\n  eve ]\nassignees: []\n", want: `
			1 approver @ann
			1 approver @bob
			1 approver @cho
			3 reviewer @dee
			4 reviewer @eve`},
		{name: "filters", text: `
filters:
  ".*":
    approvers:
    - ann
  "\\.go$":
    reviewers: [bob]
    labels: [go]
  'docs/.*':
    emeritus_approvers: [old]
`, want: "5 approver @ann\n7 reviewer @bob"},
		{name: "Helm and Argo", text: "maintainers:\n  - ann\nowners:\n- bob\ntriage:\n  - cho\nemeritus:\n  - dee\n", want: "2 maintainer @ann\n4 owner @bob"},
		{name: "of old", text: "assignees:\n  - ann\r\n  - bob\r\n", want: "2 approver @ann\n3 approver @bob"},
		{name: "teams, addresses, at signs and bots", text: "approvers:\n- acme/core\n- Ann@Example.org\n- \"@bob\"\n- dependabot[bot]\n- k8s-ci-robot\n", want: `
			3 approver ann@example.org
			4 approver @bob`, teams: []string{"acme/core"}, problems: []string{"5 syntax"}},
		{name: "strange lines", text: `
approvers:
	- ann
- bob: yes
- *alias
- "open
- cho
nonsense
- dee
reviewers: |
  not a list
  - eve
- two words
`, want: "3 approver @ann\n7 approver @cho\n9 approver @dee", problems: []string{"3 syntax", "4 syntax", "5 syntax", "6 syntax", "8 syntax", "13 syntax"}},
		{name: "an entry without a key", text: "- ann\napprovers:\n- bob\n", want: "3 approver @bob", problems: []string{"1 syntax"}},
		{name: "a bracket that does not end", text: "approvers: [ann,\nbob\n", want: "1 approver @ann\n2 approver @bob", problems: []string{"1 syntax"}},
		{name: "other keys", text: "people:\n- ann\n", problems: []string{"2 unsupported"}},
		{name: "nobody", text: "# nobody yet\n"},
		{name: "nested below what is none of ours", text: "other:\n  approvers:\n  - ann\napprovers: [bob]\n", want: "4 approver @bob"},
		{name: "Chromium", text: `set noparent
ann@chromium.example
bob@chromium.example  # for the docs
per-file *.mojom=file://ipc/SECURITY_OWNERS
per-file *_test.cc=cho@chromium.example, dee@chromium.example
include /base/OWNERS
*
# COMPONENT: Internals
who?
`, want: `
			2 owner ann@chromium.example
			3 owner bob@chromium.example
			5 owner cho@chromium.example
			5 owner dee@chromium.example`, problems: []string{"9 syntax"}},
	} {
		c.path = "OWNERS"
		c.check(t)
	}
}

func TestOwnersAliases(t *testing.T) {
	t.Parallel()
	aliases := history.File{Path: "OWNERS_ALIASES", Text: aliasesText}
	for _, c := range []readCase{
		{name: "expanded, each once though they name each other", text: "approvers:\n- Pump-Maintainers\n- fay\nreviewers:\n- pump-reviewers\n", want: `
			3 approver @fay
			4 approver @Ann
			5 approver @bob
			9 approver @cho
			11 reviewer @dee
			11 reviewer @eve`},
		{name: "those whom nobody names are not listed", text: "approvers: [pump-chairs]\n", want: `
			4 approver @Ann
			5 approver @bob
			9 approver @cho`},
	} {
		c.path = "OWNERS"
		c.check(t, aliases)
	}
	// Alone they give nobody anything.
	l, gaps := Read([]history.File{aliases})
	if len(l.People) > 0 || len(l.Files) > 0 || len(gaps) > 0 {
		t.Errorf("%+v %+v", l, gaps)
	}
}

// TestListsAgreeWithYAML: what a whole parser of YAML accepts of such files reads the same here. The other way round it need not:
// this one goes on behind what a whole parser refuses.
func TestListsAgreeWithYAML(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(7, 7))
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	compared := 0
	for range 3000 {
		var b strings.Builder
		b.WriteString(pick("", "", "---\n", "# head\n", "\n"))
		keys := []string{"approvers", "reviewers", "labels", "emeritus_approvers", `"quoted key"`, "'single'"}
		r.Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
		for _, key := range keys[:1+r.IntN(5)] {
			names := make([]string, r.IntN(4))
			for i := range names {
				names[i] = pick("ann", "Bob-1", `"cho"`, `'dee'`, `'e''ve'`, `"a\"b"`, "x_y", "a.b", "ann@example.org", "acme/core", "a#b", `"#hash"`, "~", "null", "n:o")
			}
			comment := func() string { return pick("", "", "", " # x: [y]", "   # don't", " # \"") }
			switch {
			case len(names) == 0:
				fmt.Fprintf(&b, "%s:%s%s\n", key, pick("", " []", " ~"), comment())
			case r.IntN(3) == 0:
				fmt.Fprintf(&b, "%s: [%s]%s\n", key, strings.Join(names, pick(",", ", ", " , ")), comment())
			case r.IntN(4) == 0:
				fmt.Fprintf(&b, "%s: [%s\n  %s ]%s\n", key, strings.Join(names, ","), pick("", ","), comment())
			default:
				indent := pick("", "  ", "    ")
				fmt.Fprintf(&b, "%s:%s\n", key, comment())
				for _, n := range names {
					fmt.Fprintf(&b, "%s%s%s%s\n", pick("", "", "\n", "# c\n"), indent+"-"+pick(" ", "  "), n, comment())
				}
			}
		}
		text := b.String()
		var whole map[string]any
		if err := yaml.Unmarshal([]byte(text), &whole); err != nil {
			continue
		}
		want := map[string][]string{}
		plain := true
		for key, value := range whole {
			switch list := value.(type) {
			case nil:
			case []any:
				for _, v := range list {
					s, ok := v.(string)
					plain = plain && (ok || v == nil)
					if ok {
						want[key] = append(want[key], s)
					}
				}
			default:
				plain = false
			}
		}
		if !plain {
			continue
		}
		got := map[string][]string{}
		for _, e := range readLists(text, func(line int, detail string) { t.Errorf("%q: line %d: %s", text, line, detail) }) {
			got[e.path[0]] = append(got[e.path[0]], e.value)
		}
		compared++
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%s\n%s", text, diff)
		}
	}
	if compared < 1000 {
		t.Errorf("only %d were compared", compared)
	}
}

var ownersSeeds = []string{
	aliasesText,
	"# See the OWNERS docs at https://go.k8s.io/owners\napprovers:\n  - ann            # Ann Example <ann@example.org> <a@example.com>\nemeritus_approvers:\n- bob\n",
	"filters:\n  .*:\n    approvers:\n      - sig-approvers\n    reviewers:\n      - sig-reviewers\n  \"go\\\\.(mod|sum)$\":\n    approvers: [dep-approvers]\n",
	"options:\n  no_parent_owners: true\nreviewers:\n- ann\napprovers:\n- ann\nlabels:\n- sig/x\n",
	"set noparent\nann@chromium.example\nper-file *.h=bob@chromium.example\nfile://base/OWNERS\n*\n",
	"approvers: &a [x, *a]\n? y\n", "a:\n b:\n  c:\n   d:\n    e:\n     f:\n      g:\n       h:\n        i: j\n", "approvers: [[[[[\n", "\"\\", "- - - -\n", "approvers:\r\n\t- x\r\n",
}

func FuzzOwners(f *testing.F) {
	for _, s := range ownersSeeds {
		f.Add(s, aliasesText)
		f.Add("approvers: [pump-maintainers]\n", s)
	}
	f.Fuzz(func(t *testing.T, owners, aliases string) {
		files := []history.File{{Path: "OWNERS", Text: owners}, {Path: "OWNERS_ALIASES", Text: aliases}}
		l := sane(t, files)
		for i := range l.People {
			if r := l.People[i].Role; r == Board {
				t.Errorf("%s out of OWNERS", show(l.People[i]))
			}
		}
		if l := sane(t, []history.File{{Path: "OWNERS", Text: commented(owners)}, files[1]}); len(l.People)+len(l.Teams) > 0 {
			t.Errorf("comments list %q", showAll(l.People))
		}
	})
}

// commented makes every line a comment.
func commented(text string) string {
	return "#" + strings.ReplaceAll(strings.TrimPrefix(text, "\ufeff"), "\n", "\n#")
}

// sane reads files and checks what holds whatever they say.
func sane(t *testing.T, files []history.File) Listing {
	t.Helper()
	l, gaps := Read(files)
	lines := map[string]int{}
	for _, f := range files {
		lines[f.Path] = strings.Count(f.Text, "\n") + 1
	}
	for i := range l.People {
		p := &l.People[i]
		switch {
		case p.Login == "" && p.Address == "" && p.Name == "",
			p.Login != "" && !loginPattern.MatchString(p.Login),
			p.Address != "" && (!addressPattern.MatchString(p.Address) || p.Address != strings.ToLower(p.Address)),
			p.Role == "",
			p.Line < 1 || p.Line > lines[p.File],
			!slices.Contains(l.Files, p.File):
			t.Errorf("%+v of %d lines", *p, lines[p.File])
		}
	}
	if len(gaps) > len(files)*(mostProblems+1)+1 {
		t.Errorf("%d gaps", len(gaps))
	}
	for _, g := range gaps {
		if g.Line < 0 || g.Line > lines[g.File] || g.Detail == "" {
			t.Errorf("%+v", g)
		}
	}
	again, _ := Read(files)
	if diff := cmp.Diff(l, again); diff != "" {
		t.Errorf("a second reading differs: %s", diff)
	}
	return l
}
