package people

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestProblems: each kind of what can be wrong with a part of a file is told with its place, and with what to do; the rest counts.
// Problems are written as "kind file:line what; remedy", of which the text must begin with what is wanted.
func TestProblems(t *testing.T) {
	t.Parallel()
	const yaml = "affiliations.yaml"
	for _, c := range []struct {
		name  string
		files files
		want  []string
	}{
		{"keys", files{yaml: "people:\n  - {emails: [a@one.example], at: Acme, role: boss}\norganisation:\n  - name: Acme\nopt_outs: []\nx: 1\n"}, []string{
			`unknown-key affiliations.yaml:2: "role" is no key here; it is passed over; the keys here are name, emails, logins, at`,
			`unknown-key affiliations.yaml:3: "organisation" is no key here; it is passed over; did you mean organisations?`,
			`unknown-key affiliations.yaml:5: "opt_outs" is no key here; it is passed over; did you mean opt_out?`,
			`unknown-key affiliations.yaml:6: "x" is no key here; it is passed over; the keys here are organisations, people, opt_out, lists`,
		}},
		{"keys twice", files{yaml: "people:\n  - name: Ann\n    name: Bob\n    at: Acme\npeople:\n  - {name: Cho, at: Acme}\n"}, []string{
			"twice affiliations.yaml:3: name stands twice in one entry; the first counts; put both",
			"twice affiliations.yaml:5: people stands on line 1 already; both are read; put its entries",
		}},
		{"forms", files{yaml: "people:\n  - Ann\n  - {name: [Ann], emails: [a@one.example], at: Acme}\n  - {emails: [{a: b}, c@one.example], at: Acme}\n  - {at: Acme}\norganisations:\n  - {domains: [one.example]}\n  - {name: independent}\nopt_out: [[x]]\njust words\n"}, []string{
			"malformed affiliations.yaml:2: a person has no keys; it is passed over; its keys are name, emails",
			"malformed affiliations.yaml:3: name is a collection; it is passed over; write one value",
			"malformed affiliations.yaml:4: expected an address; the entry is passed over; write an address",
			"malformed affiliations.yaml:5: nothing to know the person by; the entry is passed over; add emails or logins",
			"malformed affiliations.yaml:7: an organisation without a name; it is passed over; add its name",
			`malformed affiliations.yaml:8: "independent" means that somebody works for no organisation; the entry is passed over; give it another name`,
			"malformed affiliations.yaml:9: expected an address, or sha256: and the hash of one; the entry is passed over; write",
			"malformed affiliations.yaml:10: no key; write one of the keys",
		}},
		{"addresses", files{yaml: "people:\n  - emails: [ann, '@one.example', a b@one.example, no-reply@one.example, ok@one.example]\n    logins: [a@b, '', x/y, fine]\n    at: Acme\nopt_out:\n  - ann\n  - sha256:12\n  - sha256:zz\n"}, []string{
			`malformed affiliations.yaml:2: "ann" is no address; it is passed over; write name@host, or put`,
			`malformed affiliations.yaml:2: "@one.example" is no address`,
			`malformed affiliations.yaml:2: "a b@one.example" is no address`,
			`malformed affiliations.yaml:2: "no-reply@one.example" is nobody's own; it is passed over; name addresses of one person`,
			"malformed affiliations.yaml:3: expected the name of an account",
			`malformed affiliations.yaml:3: "a@b" is no login; it is passed over; write the name of the account alone`,
			`malformed affiliations.yaml:3: "x/y" is no login`,
			`malformed affiliations.yaml:6: "ann" is no address; nobody opts out by it; write name@host, login@noreply or sha256: and a hash`,
			`malformed affiliations.yaml:7: "sha256:12" is no hash; nobody opts out by it; write sha256: and the 64`,
			`malformed affiliations.yaml:8: "sha256:zz" is no hash`,
		}},
		{"domains", files{yaml: "organisations:\n  - name: Acme\n    domains: [gmail.com, com, one.example, {domain: two.example, until: soon}, {until: 2020}]\n  - name: Mill\n    domains:\n      - one.example\n"}, []string{
			`malformed affiliations.yaml:3: anybody can have an address at "gmail.com" (freemail); it is passed over; name its people`,
			`malformed affiliations.yaml:3: "com" is no domain; it is passed over; write what stands behind the @`,
			`malformed affiliations.yaml:3: "soon" is no date; the domain is passed over; write YYYY-MM-DD`,
			`malformed affiliations.yaml:3: "" is no domain`,
			`overlap affiliations.yaml:6: one.example is "Acme"'s already (line 3); there it counts; leave it with one of them, or say until when`,
		}},
		{"dates", files{yaml: "people:\n  - emails: [a@one.example]\n    at:\n      - {organisation: Acme, from: 2020-02-01, until: 2020-01-01}\n      - {organisation: Mill, from: 01.02.2020}\n      - organisation: Pump\n        from: 2021\n        until: 2023\n      - {organisation: Valve, from: 2022}\n"}, []string{
			"reversed affiliations.yaml:4: from 2020-02-01 until 2020-01-01: the end is not after the beginning; the row is passed over; exchange the dates",
			`malformed affiliations.yaml:5: "01.02.2020" is no date; the row is passed over; write YYYY-MM-DD`,
			`overlap affiliations.yaml:9: "Valve" overlaps "Pump" (line 6); where both hold the later one counts, from 2022-01-01 on; give the earlier one an end`,
		}},
		{"overlaps", files{yaml: "people:\n  - emails: [a@one.example]\n    at:\n      - Acme\n      - Mill\n      - independent\n  - emails: [b@one.example]\n    at:\n      - {organisation: Acme, from: 2020, until: 2022}\n      - {organisation: Mill, from: 2020, until: 2021}\n      - {organisation: mill, from: 2020-05, until: 2021}\n"}, []string{
			`overlap affiliations.yaml:5: "Mill" and "Acme" (line 4) at the same time; the first counts; remove one`,
			`overlap affiliations.yaml:6: independent and "Acme" (line 4) at the same time; the first counts`,
			`overlap affiliations.yaml:9: "Acme" begins on the same day as "Mill" (line 10); the one that ends first counts until its end`,
			`overlap affiliations.yaml:11: "mill" overlaps "Acme" (line 9)`,
		}},
		{"twice", files{yaml: "people:\n  - {emails: [a@one.example, A@one.example], at: Acme}\n  - {logins: [ann], at: Acme}\n  - {emails: [1+ann@users.noreply.github.com, a@one.example], at: Mill}\n  - {name: Cho, at: Acme}\n  - {name: Cho, at: Mill}\n"}, []string{
			`twice affiliations.yaml:4: "ann@noreply" stands in the entry on line 3 too; there it counts; leave it with one of them`,
			`twice affiliations.yaml:4: "a@one.example" stands in the entry on line 2 too`,
			`twice affiliations.yaml:6: "Cho" stands in the entry on line 5 too`,
		}},
		{"organisations twice", files{yaml: "organisations:\n  - {name: Acme, parent: Mill}\n  - {name: ACME, parent: Pump}\n  - {name: Mill, aliases: [acme, Big Mill]}\n  - {name: Pump, aliases: [big mill]}\n  - {name: acme, parent: mill}\n"}, []string{
			`twice affiliations.yaml:3: "ACME" stands on line 2 already; both entries are read as one; write one entry`,
			`twice affiliations.yaml:3: a second parent of "Acme"; that on line 2 counts; leave one`,
			`twice affiliations.yaml:4: alias "acme" names the organisation on line 2 too; there it counts; leave it with one`,
			`twice affiliations.yaml:5: alias "big mill" names the organisation on line 4 too`,
			`twice affiliations.yaml:6: "acme" stands on line 2 already`,
		}},
		{"circles", files{yaml: "organisations:\n  - {name: Acme, parent: Mill}\n  - {name: Mill, aliases: [The Mill], parent: Pump}\n  - {name: Pump, parent: the mill}\n  - {name: Self, parent: self}\n"}, []string{
			`circle affiliations.yaml:3: "Mill" in "Pump" in "Mill": organisations cannot be part of each other; none of these has a parent now; remove one of the parents`,
			`circle affiliations.yaml:5: "Self" in "Self": organisations`,
		}},
		{"unfilled", files{yaml: "people:\n  - {emails: [a@one.example]}\n  - {emails: [b@one.example], at: [{organisation: \"\"}]}\n  - {emails: [c@one.example], at: [{organisation: Unknown, from: 2020}, Acme]}\n"}, []string{
			"unfilled affiliations.yaml:2: no organisation under at; the entry is passed over; fill this in",
			"unfilled affiliations.yaml:3: no organisation; the row is passed over; fill this in",
			"unfilled affiliations.yaml:4: no organisation; the row is passed over; fill this in",
		}},
		{"lists", files{yaml: "lists:\n  - absent.tsv\n  - ../b.tsv\n  - a.tsv\n  - ./a.tsv\n  - empty\n  - odd\n", "a.tsv": "ann@one.example\tAcme\n", "empty": "# nothing\n\n", "odd": "what is this\n"}, []string{
			`bad-list affiliations.yaml:2: list "absent.tsv" cannot be read: `,
			`bad-list affiliations.yaml:3: list "../b.tsv" leads out of the folder; copy it beside this file`,
			`twice affiliations.yaml:5: list "./a.tsv" stands on line 4 already; remove one`,
			"bad-list empty: nothing in it; write into it",
			"bad-list odd: the format is not known; doc/affiliations.md has the formats",
		}},
		{"a table", files{yaml: "lists: [a.csv]", "a.csv": "Email, organisation\n# a comment\n\nann@one.example\nann,Acme\nann@one.example,Acme,,,x\nann@one.example,Acme,2020-01-01,2019-01-01\nann@one.example,Acme,2020-13-01\n" +
			"ann@one.example,\"Acme, Inc\n\"ann@one.example\",\"Acme, \"\"the\"\" Inc\",2020,2022\nann@one.example,Mill,2021\n"}, []string{
			"malformed a.csv:4: 1 columns; the row is passed over; write address, organisation, from and until",
			`malformed a.csv:5: "ann" is no address; the row is passed over; write name@host`,
			"malformed a.csv:6: 5 columns; the row is passed over",
			"reversed a.csv:7: from 2020-01-01 until 2019-01-01",
			`malformed a.csv:8: "2020-13-01" is no date`,
			"malformed a.csv:9: quotation marks do not match; the row is passed over; a cell that holds a comma",
			`overlap a.csv:11: "Mill" overlaps "Acme, "the" Inc" (line 10); where both hold the later one counts, from 2021-01-01 on`,
		}},
		{"blocks", files{yaml: "lists: [a.txt]", "a.txt": "# people\n\tAcme\nann: ann!one.example, nothing, bob!one.example\n\tAcme until 2020-01-01\n\tMill from 2019-01-01\nno colon here\n\tAcme\nbob: bob!one.example\n\tMill from 2020-01-01 until 2020-01-01\n\tPump until 20x\n"}, []string{
			"malformed a.txt:2: an organisation of nobody; it is passed over; put it under a line with addresses",
			`malformed a.txt:3: "nothing" is no address; it is passed over; write name!host`,
			`overlap a.txt:5: "Mill" overlaps "Acme" (line 4)`,
			"malformed a.txt:6: no colon; the lines under it are passed over too; write login: address, address",
			`twice a.txt:8: "bob@one.example" stands on line 3 too; there it counts; leave it with one of them`,
			"reversed a.txt:9: from 2020-01-01 until 2020-01-01",
			`malformed a.txt:10: "20x" is no date`,
		}},
	} {
		// Wherever the mistakes stand, what is right beside them counts.
		c.files[yaml] += "\n"
		if !strings.Contains(c.files[yaml], "people") {
			c.files[yaml] += "people: [{emails: [right@one.example], at: Right}]\n"
		} else {
			c.files["right.tsv"] = "right@one.example\tRight\n"
			c.files[yaml] += "lists: [right.tsv]\n"
		}
		file, found, where := c.files.read(t)
		var got []string
		for _, p := range found {
			got = append(got, string(p.Kind)+" "+strings.ReplaceAll(p.String(), where+string(filepath.Separator), ""))
		}
		if len(got) != len(c.want) || !slices.EqualFunc(got, c.want, strings.HasPrefix) {
			t.Errorf("%s: got -, want +\n%s", c.name, cmp.Diff(got, c.want))
		}
		for _, p := range found {
			if p.Remedy == "" {
				t.Errorf("%s: no remedy: %v", c.name, p)
			}
		}
		if got := attributed(NewRegister(file), employed("1|R|right@one.example"), forever); !strings.HasPrefix(got, "Right ") {
			t.Errorf("%s: what is right is %s", c.name, got)
		}
	}
}

// TestManyProblems: no file fills the memory, or the screen, with what is wrong with it.
func TestManyProblems(t *testing.T) {
	t.Parallel()
	_, found, _ := files{
		"affiliations.yaml": "people:\n" + strings.Repeat("  - x\n", 250) + "lists: [a.tsv]\n",
		"a.tsv":             "a@one.example\tAcme\n" + strings.Repeat("x\n", maxProblems+1),
	}.read(t)
	if len(found) != 2*(maxProblems+1) {
		t.Fatalf("%d problems", len(found))
	}
	for i, want := range map[int]string{maxProblems: "150 more problems", 2*maxProblems + 1: "1 more problems"} {
		if p := found[i]; p.Kind != MoreProblems || p.Line != 0 || p.What != want {
			t.Errorf("%d: %+v, want %s", i, p, want)
		}
	}
}

// TestUnreadable: what is no file of YAML is an error that begins with its path, and with the place where there is one.
func TestUnreadable(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, c := range map[string]struct{ text, want string }{
		"broken":    {"people:\n  - {emails: [a@one.example}\n", ": [2:"},
		"quote":     {"people:\n  - name: \"Ann\n    at: Acme\n", ": [2:"},
		"anchor":    {"people:\n  - &a {name: Ann}\n  - *a\n", ": [2:5] anchors"},
		"tag":       {"people: !!binary x\n", ": [1:9] tags"},
		"keys":      {"people:\n  - ? x\n", ": [2:5] keys with ?"},
		"deep":      {"people: " + strings.Repeat("[", 50) + strings.Repeat("]", 50), ": [1:"},
		"documents": {"people: []\n---\nopt_out: []\n", ": [2:1] a second document"},
		"list":      {"- people\n", ": [1:1] expected one of the keys organisations"},
		"left":      {"people:\n    - {name: Ann, at: Acme}\n  x\n", ": [3:3] neither under"},
		"latin":     {"people: [{name: J\xf6rg, at: Acme}]\n", ": not UTF-8"},
		"large":     {strings.Repeat("#", maxAffiliations+1), ": larger than"},
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, _, err := ReadAffiliations(path); err == nil || !strings.HasPrefix(err.Error(), path+c.want) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	for _, path := range []string{dir, filepath.Join(dir, "absent")} {
		if _, _, err := ReadAffiliations(path); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// TestLinkedListStaysInside: a list may be a link, but not one that leads out of the folder.
func TestLinkedListStaysInside(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("links need a privilege on Windows")
	}
	outside := filepath.Join(t.TempDir(), "secret")
	dir := t.TempDir()
	for path, text := range map[string]string{
		outside: "s@one.example\tSecret\n", filepath.Join(dir, "real"): "a@one.example\tAcme\n", filepath.Join(dir, "affiliations.yaml"): "lists: [in, out]\n",
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, to := range map[string]string{"in": "real", "out": outside} {
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	file, found, err := ReadAffiliations(filepath.Join(dir, "affiliations.yaml"))
	if err != nil || len(found) != 1 || found[0].Kind != BadList || !strings.Contains(found[0].What, `"out"`) {
		t.Errorf("%v, %v", found, err)
	}
	if got, want := attributed(NewRegister(file), employed("1|A|a@one.example\n1|S|s@one.example"), forever), "Acme list 0.90, ?"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// TestFormsOfYAML: the same file, written in every way that people write lists and keys.
func TestFormsOfYAML(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"blocks":        "people:\n  - name: Ann\n    emails:\n      - ann@one.example\n      - ann@two.example\n    at:\n      - organisation: Acme\n        until: 2020-01-03\nopt_out:\n  - bob@one.example\n",
		"no indent":     "people:\n- name: Ann\n  emails:\n  - ann@one.example\n  - ann@two.example\n  at:\n  - organisation: Acme\n    until: 2020-01-03\nopt_out:\n- bob@one.example\n",
		"braces":        "{people: [{name: Ann, emails: [ann@one.example, ann@two.example], at: [{organisation: Acme, until: 2020-01-03}]}], opt_out: [bob@one.example]}",
		"json":          "{\n\t\"people\": [{\"name\": \"Ann\", \"emails\": [\"ann@one.example\", \"ann@two.example\"],\n\t\"at\": [{\"organisation\": \"Acme\", \"until\": \"2020-01-03\"}]}],\n\t\"opt_out\": [\"bob@one.example\"]\n}\n",
		"single values": "people: {emails: [ann@one.example, ann@two.example], at: {organisation: Acme, until: 2020-01-03}}\nopt_out: bob@one.example\n",
		"quotes":        "'people':\n  - 'emails': ['ann@one.example', \"ann@two.example\"]\n    at: [{'organisation': Acme, until: '2020-01-03'}]\n\"opt_out\": ['bob@one.example']\n",
		"comments":      "\ufeff# ours\r\n---\r\npeople: # who\r\n\r\n  # Ann\r\n  - emails: [ann@one.example, ann@two.example] # hers\r\n    # where\r\n    at: # when\r\n      - {organisation: Acme, until: 2020-01-03}\r\nopt_out:\r\n  - bob@one.example # no\r\n...\r\n",
	} {
		r := files{"affiliations.yaml": text}.register(t)
		h := employed("1|A|ann@one.example\n1|A B|ann@two.example\n2|A|ann@one.example\n1|Bob|bob@one.example")
		if got, want := attributed(r, h, forever), "Acme file 1.00, Acme file 1.00, ?, ?"; got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
		if !r.OptedOut(&h.Identities[2]) {
			t.Errorf("%s: Bob did not opt out", name)
		}
	}
	for _, text := range []string{"", "# nothing\n", "---\n", "people:\n", "people: []\n", "people: null\nlists:\nopt_out: ~\norganisations: []\n"} {
		if got := attributed(files{"affiliations.yaml": text}.register(t), employed("1|A|ann@10up.com"), forever); got != "10up domain 0.80" {
			t.Errorf("%q: %s", text, got)
		}
	}
}

// TestListFormats: the same people as a block of gitdm, and as tables.
func TestListFormats(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"blocks":     "# people\nann: 12+Ann!users.noreply.github.com, ann!one.example\n\tAcme Inc. until 2020-01-02\n\tIndependent from 2020-01-02 until 2020-01-03\n\tMill from 2020-01-03\ncho: cho!one.example\n\tNotFound\n",
		"blocks @":   "ann: ann@noreply, ann@one.example\r\n    Acme Inc. until 2020-01-02\r\n\r\n    Independent from 2020-01-02 until 2020-01-03\r\n    Mill from 2020-01-03\r\n",
		"table":      "email\torganisation\tfrom\tuntil\nann@noreply\tAcme Inc.\t-\t2020-01-02\nann@one.example\tAcme Inc.\t\t2020-01-02\nann@one.example\tIndependent\t2020-01-02\t2020-01-03\nann@one.example\tMill\t2020-01-03\t\n",
		"commas":     "ann!noreply,Acme Inc.,,2020-01-02\n\"ann!one.example\", \"Acme Inc.\", , 2020-01-02\nann!one.example,Independent,2020-01-02,2020-01-03\nann!one.example,Mill,2020-01-03,-\n",
		"not sorted": "E-Mail,x\nann@one.example,Mill,2020-01-03\nann@noreply,Acme Inc.,,2020-01-02\nann@one.example,Acme Inc.,,2020-01-02\nann@one.example,Independent,2020-01-02,2020-01-03\n",
	} {
		r := files{"affiliations.yaml": "lists: [a]", "a": text}.register(t)
		h := employed("0|A|ann@noreply\n0|B|ann@one.example\n1|B|ann@one.example\n2|B|ann@one.example\n2|C|cho@one.example")
		if got, want := attributed(r, h, forever), "Acme Inc. list 0.90, Acme Inc. list 0.90, nobody list 0.90, Mill list 0.90, ?"; got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

// TestListsAreBounded: one over the bound is told, and what came before counts.
func TestListsAreBounded(t *testing.T) {
	t.Parallel()
	const room = 3
	for name, text := range map[string]string{
		"table":     "ann@one.example\tAcme\nb@two.example\tB\nc@two.example\tB\nd@two.example\tB\n\ne@two.example\tB\n",
		"rows":      "ann: ann!one.example\n\tAcme\n\tMill\n\tPump\n",
		"addresses": "ann: ann!one.example, b!two.example, c!two.example, d!two.example\n",
	} {
		p := problems{file: name}
		l := &listReader{roll: roll{byAddress: map[string]int32{}}, problems: &p, rows: maxRows - room}
		if name == "table" {
			l.table(text, '\t')
		} else {
			l.blocks(text)
		}
		rows := 0
		for _, spans := range l.people {
			rows += len(spans)
		}
		kept := fmt.Sprintf("%d %d", len(l.byAddress), rows)
		if want := map[string]string{"table": "3 3", "rows": "1 1", "addresses": "2 0"}[name]; kept != want {
			t.Errorf("%s: addresses and rows kept are %s, want %s", name, kept, want)
		}
		if len(p.list) != 1 || !strings.HasPrefix(p.list[0].What, fmt.Sprintf("more than %d rows", maxRows)) {
			t.Errorf("%s: %v", name, p.list)
		}
	}
}

// TestHostileAffiliations: a large file, however it is made, neither crashes nor hangs.
func TestHostileAffiliations(t *testing.T) {
	t.Parallel()
	const size = 128 << 10
	var circle, addresses strings.Builder
	circle.WriteString("organisations:\n")
	addresses.WriteString("people:\n")
	for i := 0; circle.Len() < size; i++ {
		fmt.Fprintf(&circle, "  - {name: o%d, parent: o%d}\n", i, i+1)
	}
	n := strings.Count(circle.String(), "\n") - 1
	fmt.Fprintf(&circle, "  - {name: o%d, parent: o0}\n", n)
	for i := 0; addresses.Len() < size; i++ {
		fmt.Fprintf(&addresses, "  - {emails: [a%d@one.example], at: [{organisation: A%d, from: %d, until: 9999}]}\n", i, i, 1000+i%9000)
	}
	for name, text := range map[string]string{
		"circle":    circle.String(),
		"addresses": addresses.String(),
		"sections":  strings.Repeat("people: []\n", size/11),
		"dashes":    "people:\n" + strings.Repeat("- - - - -\n", size/10),
		"flow":      "people: [" + strings.Repeat("{},", 20_000) + "]\n",
		"one entry": "people:\n  - at: [" + strings.Repeat("{organisation: A},", 3_500) + "]\n    name: Ann\n",
		"one line":  "people: " + strings.Repeat("x", size),
		"colons":    strings.Repeat(":", size),
		"quotes":    "people: " + strings.Repeat("\"", size),
	} {
		path := filepath.Join(t.TempDir(), "affiliations.yaml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		file, found, err := ReadAffiliations(path)
		if err == nil {
			NewRegister(file)
		}
		if name == "circle" && (len(found) != 1 || found[0].Kind != Circle || len(found[0].What) > 300) {
			t.Errorf("circle: %d problems", len(found))
		}
	}
}
