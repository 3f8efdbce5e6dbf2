package governance

import (
	"testing"

	"github.com/mainstay-oss/mainstay/internal/history"
)

const linuxText = `List of maintainers

	M: *Mail* patches to: FullName <address@domain>

Maintainers List
----------------

3WARE SAS/SATA-RAID SCSI DRIVERS
M:	Ann Example <ann@example.org>
M:	"Bob B. Example" <Bob@Example.com>
R:	Cho Example <cho@example.org>
L:	linux-scsi@vger.example
S:	Supported
F:	drivers/scsi/3w-*

OLD DRIVER
M:	Dee Example <dee@example.org>
S:	Orphan
F:	drivers/old/

A LIST
M:	linux-foo@lists.example.org
M:	eve@example.org
S:	Maintained

THE REST
M:
S:	Buried alive in reporters
`

const dockerText = `# Pump maintainers file
#
# It is structured to be consumable by both humans and programs.

[Rules]
	[Rules.maintainers]
		title = "What is a maintainer?"
		text = """
There are different types of maintainers
[Org]
people = [ "nobody" ]
"""
[Org]
	bdfl = "eve"
	"Chief Operator" = "fay"
	[Org."Core maintainers"]
		# They have the last word.
		people = [
			"ann", # since 2015
			"bob",
			"k8s-ci-robot"
		]
	[Org.Reviewers]
		people = [ "cho" ]
	[Org.Curators]
		people = [
			"dee"
		]
	[Org.Alumni]
		people = [ "old" ]
	[Org.Subsystems.registry]
		people = ["gus", "unheard-of"]
[people]
	[people.ann]
	Name = "Ann Example"
	Email = "Ann@Example.org"
	GitHub = "AnnE"
	[People.bob]
	Name = "Bob Example"
	Github = "bob"
	[people.cho]
	Email = "cho@example.org"
	[people.eve]
	Name = "Eve Example"
	[people.gus]
	GitHub = "gus"
`

func TestMaintainersWithFields(t *testing.T) {
	t.Parallel()
	for _, c := range []readCase{
		{name: "Linux", path: "MAINTAINERS", text: linuxText, want: `
			9 maintainer ann@example.org Ann Example
			10 maintainer bob@example.com Bob B. Example
			11 reviewer cho@example.org Cho Example
			23 maintainer eve@example.org`},
		{name: "LLVM", path: "CODE_OWNERS.TXT", text: `This file is a list of the people responsible.

N: Ann Example
E: Ann@Example.org
D: Everything else
N: Bob van Example
E: bob@example.com, bob@example.org
H: bob

N: Cho Example
D: Nothing
`, want: `
			3 owner ann@example.org Ann Example
			6 owner Bob van Example
			10 owner Cho Example`},
		{name: "Docker", path: "MAINTAINERS", text: dockerText, want: `
			14 governance Eve Example
			19 maintainer @AnnE ann@example.org Ann Example
			20 maintainer @bob Bob Example
			24 reviewer cho@example.org
			32 maintainer @gus
			32 maintainer @unheard-of`},
		{name: "Docker, damaged", path: "MAINTAINERS", text: "[Org.Maintainers]\npeople = [\n\"ann\n\"bob\",\n]\nnonsense\n[people.bob]\nGitHub=\"bobby\"\n", want: "4 maintainer @bobby",
			problems: []string{"3 syntax", "6 syntax"}},
	} {
		c.check(t)
	}
}

func FuzzMaintainers(f *testing.F) {
	for _, s := range []string{
		linuxText, dockerText,
		"N: Ann Example\nE: ann@example.org\nD: x\n\nE: lonely@example.org\n",
		"M: a@b.c\nS: Obsolete\nR: \nM: <>\nM: x <y\n",
		"[people.x]\nName = \"\"\"\n[Org]\npeople = [[[\n\"\n",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		sane(t, []history.File{{Path: "MAINTAINERS", Text: text}})
		r := &reader{file: "MAINTAINERS"}
		readFields(r, text)
		readToml(r, text)
	})
}
