package governance

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mainstay-oss/mainstay/internal/history"
)

const tablesText = `Maintainers
===========

See [the documentation](https://example.com/docs) to learn about the role.

**Active Maintainers**

| Name | GitHub | Chat | email
|------|--------|------|----------------------
| Ann Example | [anne][anne] | @ann-on-chat | <Ann@Example.org>
| Bob van Example | [@bob](https://github.com/bob)| bob | |
| 조은 예 | cho | | cho@example.org

**Retired Maintainers**

| Name | GitHub | Chat | email
|------|--------|------|----------------------
| Old Example | [old][old] | old | <old@example.org>

## Triage

| Name | GitHub |
|:-----|-------:|
| Dee Example | [dee](https://github.com/dee) |

## Areas

| Area | Maintainers | Since |
| ---- | ----------- | ----- |
| Storage | @eve, [Fay Example](https://github.com/fay) | 2020 |
| Docs | @acme/docs | 2021 |
| Web | Gus Example | emeritus |

| Word | Meaning |
|------|---------|
| @hal | somebody |

Name | Role | Login
---- | ---- | -----
Ida Example | Reviewer | ida
Jon Example | Emeritus | jon
Kim Example | Maintainer | kim

[anne]: https://github.com/AnnE
[old]: https://github.com/old
`

const listsText = `# Pump owners

* See [CONTRIBUTING.md](CONTRIBUTING.md) for general guidelines, and mail security@example.com.
* Join us in [the Pump organisation](https://github.com/pump).

This page lists all active maintainers.

# Senior maintainers
<!--- If you modify this list, tell
* @nobody
-->

* Ann Example ([ann](https://github.com/ann)) (Ann@Example.org)
  * Catch-all, "all the things", and generally trying to make herself obsolete. Ping @zed for more.
* Bob Example <bob@example.org> ([bob](https://github.com/bob))
  * 2 year term expires 2022-05-26
* To be filled

## Docs

- [Cho Example](https://gitlab.com/cho), [Example Works](https://works.example)
- [dee](https://github.com/dee), Example LLC
- [Eve Example] (Example Works)
- core, storage: @fay, @gus and @hal
- ida@example.org - documentation
- maintainers@example.org
- Jon Example @jon (slack: @jonny)
- https://github.com/kim
- [Lea](mailto:lea@example.org)
- Max Example @max (emeritus)
- [ ] Ned Example @ned
- @acme/team
- @k8s-ci-robot

## Reviewers

1. Oda Example <oda@example.org>
2. @pat

## Steering Committee

* Quin Example @quin

## Emeriti

Former maintainers include:

* Ron Example @ron

### Of the docs

* Sue Example @sue

## How to become a maintainer

* Ask @tim

## Thanks to our contributors

* @uma

~~~
# Maintainers
* @vic
~~~

[eve example]: https://github.com/eve
`

const plainText = `The maintainers are generally available in Slack at
https://chat.example in #pump. Write to pump@lists.example.org or see @acme.

In alphabetical order:

Ann Example, Example Works <ann@example.org> (github: @ann, slack: @annie)
Bob Example <bob@example.org> (@bob)
Daniel, Dao Example <dao@example.org>
Maintainer: Cho Example <cho@example.org>
Author: Dee Example <dee@example.org>
@eve is the main maintainer, others may help: ask @fay or @gus.
Please mail Hal Example <hal@example.org>.
"ida","Ida Example","Ida@example.org"
jon@example.org    - ADT, Core

Former maintainers:

Kim Example <kim@example.org>

Reviewers:

Lea Example <lea@example.org>
`

func TestProse(t *testing.T) {
	t.Parallel()
	for _, c := range []readCase{
		{name: "tables", path: "MAINTAINERS.md", text: tablesText, want: `
			10 maintainer @AnnE ann@example.org Ann Example
			11 maintainer @bob Bob van Example
			12 maintainer @cho cho@example.org 조은 예
			30 maintainer @eve
			30 maintainer @fay
			40 reviewer @ida Ida Example
			42 maintainer @kim Kim Example`, teams: []string{"acme/docs"}},
		{name: "lists", path: "OWNERS.md", text: listsText, want: `
			13 owner @ann ann@example.org Ann Example
			15 owner @bob bob@example.org Bob Example
			21 owner @cho Cho Example
			22 owner @dee
			23 owner @eve Eve Example
			24 owner @fay
			24 owner @gus
			24 owner @hal
			25 owner ida@example.org
			27 owner @jon Jon Example
			28 owner @kim
			29 owner lea@example.org
			31 owner @ned Ned Example
			37 reviewer oda@example.org Oda Example
			38 reviewer @pat
			42 governance @quin Quin Example`, teams: []string{"acme/team"}},
		{name: "plain", path: "MAINTAINERS", text: plainText, want: `
			6 maintainer @ann ann@example.org Ann Example
			7 maintainer @bob bob@example.org Bob Example
			8 maintainer dao@example.org
			9 maintainer cho@example.org Cho Example
			11 maintainer @eve
			13 maintainer @ida ida@example.org Ida Example
			14 maintainer jon@example.org
			22 reviewer lea@example.org Lea Example`},
		{name: "as Prometheus", path: "MAINTAINERS.md", text: "@ann is the main maintainer, some parts have others:\n\n* `cmd`\n  * `promtool`: @bob\n* `Makefile` and related build configuration: @cho, @dee\n\nFor brevity see the docs of @eve.\n", want: `
			1 maintainer @ann
			4 maintainer @bob
			5 maintainer @cho
			5 maintainer @dee`},
		{name: "HTML", path: "MAINTAINERS.md", text: "## Team\n\n<table><tr><td>\n<a href=\"https://github.com/ann\">\n<img src=\"https://github.com/ann.png?s=75\" width=\"75\"><br />\nAnn Example\n</a></td></tr></table>\n", want: "4 maintainer @ann"},
		{name: "reStructuredText", path: "MAINTAINERS.rst", text: "Maintainers\n~~~~~~~~~~~\n\n* Ann Example <ann@example.org>\n\nAlumni\n~~~~~~\n\n* Bob Example <bob@example.org>\n", want: "4 maintainer ann@example.org Ann Example"},
		{name: "containerd", path: "MAINTAINERS", text: "# Pump project maintainers & reviewers\n#\n# REVIEWERS\n# GitHub ID, Name, Email address\n\"ann\",\"Ann Example\",\"ann@example.org\"\n# COMMITTERS\nbob,Bob Example,bob@example.org\n", want: `
			5 reviewer @ann ann@example.org Ann Example
			7 maintainer @bob bob@example.org Bob Example`},
		{name: "a link to the list", path: "MAINTAINERS.md", text: "# Maintainers\n\nMaintainers are in the [list](https://github.com/acme/community/blob/main/Maintainers.md).\n"},
	} {
		c.check(t)
	}
}

// TestCharters: in GOVERNANCE only lists below a heading that names who decides count.
func TestCharters(t *testing.T) {
	t.Parallel()
	for _, c := range []readCase{
		{name: "lists of people", text: `# Governance

Write to @nobody. The maintainers are:

* @early

## Steering Committee

The members are:

* Ann Example <ann@example.org> ([ann](https://github.com/ann))

@plain lines are prose.

## Maintainers

| Name | GitHub |
|------|--------|
| Bob Example | @bob |

## Technical Committee chairs

- @cho

## Maintainer responsibilities

- Ask @dee

## Becoming a Committer

* nominated by @eve

## Contributors

* @fay

## Members

* @gus

### Voting members of the TSC

* @hal

## Past committers

* @ida
`, want: `
			11 governance @ann ann@example.org Ann Example
			19 maintainer @bob Bob Example
			23 governance @cho`},
		{name: "rules alone", text: `# Project Governance

## Collaborators

The team is @acme/collaborators. Collaborators have:

* Commit access to the [pump][] repository

## Technical Steering Committee

A subset of the Collaborators forms the committee, see [the README](./README.md).

* Technical direction, discussed by @-mentions of the whole committee over weeks by @acme/tsc and @ann

[pump]: https://github.com/acme/pump
`},
	} {
		c.path = "GOVERNANCE.md"
		c.check(t)
	}
}

func TestJudge(t *testing.T) {
	t.Parallel()
	for heading, want := range map[string]section{
		"Maintainers": seats, "Core Maintainers of this repository": seats, "Active maintainers (in alphabetical order)": seats, "Committers": seats, "메인테이너": seats,
		"Core team": seats, "Tech Leads": seats, "Security maintainers": seats, "Code Owners": seats,
		"Steering Committee": board, "Technical Steering Committee (TSC)": board, "TSC members": board, "Governing Board": board, "BDFL": board,
		"Reviewers": reviews, "Emeritus": bygone, "Emeritus Maintainers": bygone, "Past TSC members": bygone, "Inactive committers": bygone, "명예 메인테이너": bygone,
		"Contributors": nobody, "Maintainers and contributors": nobody, "Friends of Pump": nobody, "Triage": nobody, "Security team": nobody, "Organization Members": members,
		"How to be maintainer?": nobody, "Becoming a Maintainer": nobody, "Maintainer Responsibilities": nobody, "Adding a new maintainer": nobody, "TSC meetings": nobody, "Initial authors": nobody,
		"Catalog": silent, "": silent, "Core": silent, "Project Areas": silent,
	} {
		if got := judge(heading); got != want {
			t.Errorf("%q: %d, want %d", heading, got, want)
		}
	}
}

func TestPersonName(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Ann Example": "Ann Example", "**Ann Example**": "Ann Example", "Ann van der Example, Works": "Ann van der Example", "Ann Example (Works)": "Ann Example",
		"Ann Example - docs": "Ann Example", "Łukasz Öz": "Łukasz Öz", "홍길동": "홍길동", "李 明": "李 明", "Ann O'Example": "Ann O'Example", "Jean-Luc P. Example": "Jean-Luc P. Example",
		"ann": "", "Ann": "", "ann example": "", "All senior maintainers": "", "To be filled": "", "Release 2": "", "": "", "A B C D E F": "", "Write <x>": "",
	} {
		if got := personName(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestProfile(t *testing.T) {
	t.Parallel()
	for target, want := range map[string]string{
		"https://github.com/ann": "ann", "http://www.github.com/ann/": "ann", "https://gitlab.example.org/ann": "ann", "https://git.sr.ht/~ann": "ann", "https://github.com/ann?tab=x#y": "ann",
		"https://github.com/acme/pump": "", "https://github.com/": "", "https://github.com/orgs": "", "https://example.com/ann": "", "https://github.com.example/ann": "", "github.com/ann": "",
		"https://github.com/ann.png": "", "https://github.com/a%20b": "", "https://[": "",
	} {
		if got := profile(target); got != want {
			t.Errorf("%q: %q, want %q", target, got, want)
		}
	}
}

var proseSeeds = []string{
	tablesText, listsText, plainText,
	"# Maintainers\n\n| a | b |\n|---|\n| @x | y | z | w |\n||\n|",
	"[a]: https://github.com/a\n* [a][a] [b] [a](b) ![c](https://github.com/c) [[d]](e) [](f)\n",
	"<!-- a --> * @b <!-- c\n--> @d <!--\n```\n@e\n", "=====\n# \n## #\n**\n__x__\n:\n*:\n", "* <a href=\"https://github.com/x\">@y</a> mailto:z@example.org <z@example.org>\n",
	"- [x](https://github.com/x?y=%zz) @@role @a/b/c @- `@q` \\@r slack: @s\n",
}

func FuzzProse(f *testing.F) {
	for _, s := range proseSeeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		strict := sane(t, []history.File{{Path: "GOVERNANCE.md", Text: text}})
		free := sane(t, []history.File{{Path: "MAINTAINERS.md", Text: text}})
		r := &reader{file: "MAINTAINERS.md"}
		if text, ok := r.decode(text); ok {
			readProse(r, text, Maintainer, true)
			// A charter never lists somebody whom a file of people would not.
			lines := map[int]bool{}
			for _, l := range r.people {
				lines[l.Line] = true
			}
			for _, l := range strict.People {
				if !lines[l.Line] {
					t.Errorf("%s in a charter alone", show(l))
				}
			}
		}
		_ = free
		// Below a heading of past people nobody is listed, as long as no other heading ends it.
		quiet := strings.Map(func(c rune) rune {
			if strings.ContainsRune("#=-~^*+_:", c) {
				return ' '
			}
			return c
		}, text)
		if l := sane(t, []history.File{{Path: "MAINTAINERS.md", Text: "# Emeritus\n\n" + quiet}}); len(l.People) > 0 && !strings.Contains(quiet, "[people.") && !strings.Contains(quiet, "[People.") {
			t.Errorf("past people: %q", showAll(l.People))
		}
	})
}

// TestProseOfTheSameBytes: the order of files and of map keys has no influence.
func TestProseOfTheSameBytes(t *testing.T) {
	t.Parallel()
	files := []history.File{{Path: "OWNERS.md", Text: listsText}, {Path: "MAINTAINERS.md", Text: tablesText}, {Path: "OWNERS", Text: ownersSeeds[1]}}
	want, _ := Read(files)
	slices.Reverse(files)
	got, _ := Read(files)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
