package people

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// checkProblems wants of problems that they can be printed on a line, are not too many, and lie in the text.
func checkProblems(t *testing.T, found []Problem, text string) {
	t.Helper()
	if len(found) > maxProblems+1 {
		t.Errorf("%d problems", len(found))
	}
	for _, p := range found {
		if p.Line < 0 || p.Line > strings.Count(text, "\n")+1 {
			t.Errorf("line %d of %d: %v", p.Line, strings.Count(text, "\n")+1, p)
		}
		line := p.String()
		if !utf8.ValidString(line) || strings.ContainsFunc(line, func(r rune) bool { return unicode.IsControl(r) }) || len(line) > 5000 {
			t.Errorf("cannot be printed: %q", line)
		}
	}
}

// checkRegister asks a register for everything that can be asked, and wants answers that agree.
func checkRegister(t *testing.T, f *AffiliationsFile) {
	t.Helper()
	r := NewRegister(f)
	for spelling, name := range r.names {
		if canonical, ok := r.Canonical(spelling); !ok || canonical != name {
			t.Errorf("%q is %q, and then %q", spelling, name, canonical)
		}
		checkName(t, r, name)
	}
	var lines []string
	for address := range r.rolls[0].byAddress {
		if !strings.ContainsAny(address, "|\n") && len(lines) < 50 {
			lines = append(lines, "1|Ann|"+address, "2|Ann|ann@10up.com", "3|Bob|"+address)
		}
	}
	if len(lines) == 0 {
		return
	}
	h := employed(strings.Join(lines, "\n"))
	a := r.Attribute(h, NewIndex(h).At(at(2)), at(2))
	for i := range a.commits {
		if c := a.Commit(i); c.Organisation < Nobody || int(c.Organisation) >= len(a.Organisations) || c.Confidence < 0 || c.Confidence > 1 || !c.Known() && c != unknown {
			t.Errorf("%+v of %v", c, a.Organisations)
		}
	}
}

// checkName asks about one organisation, known or not.
func checkName(t *testing.T, r *Register, name string) {
	t.Helper()
	canonical, ok := r.Canonical(name)
	within := r.Within(name)
	switch {
	case !ok && (canonical != "" || len(within) != 1 || within[0] != name):
		t.Errorf("%q is not known, and yet %q, %q", name, canonical, within)
	case ok:
		if again, _ := r.Canonical(canonical); again != canonical {
			t.Errorf("%q is %q is %q", name, canonical, again)
		}
		sorted := slices.Sorted(slices.Values(within[1:]))
		if within[0] != canonical || !slices.Equal(sorted, within[1:]) || len(slices.Compact(sorted)) != len(within)-1 || slices.Contains(sorted, canonical) {
			t.Errorf("within %q: %q", canonical, within)
		}
	}
}

const seedYAML = `# Who worked for whom.
organisations:
  - name: Brightwater
    aliases: [Brightwater Ltd, BW]
    domains:
      - brightwater.example
      - {domain: old.example, until: 2021-04-01}
  - {name: Harbour Labs, parent: bw, domains: [harbour.example]}
people:
  - name: Ann Example
    emails: [ann@brightwater.example, "ann.example@freemail.example"]
    logins: [annex]
    at:
      - {organisation: Harbour Labs, until: 2020-02}
      - organisation: Brightwater
        from: 2020-02-01
  - {name: 홍길순, at: independent}
opt_out:
  - 12+bob@users.noreply.github.com
  - sha256:89fc83f682b5eeb73a8fccb73d43deeee9f58041fc232c15a43cc349132e1273
`

func FuzzAffiliations(f *testing.F) {
	for _, seed := range []string{
		seedYAML,
		"---\npeople:\n- emails: a@one.example\n  at: Acme\n- emails: [a@one.example]\n  at: [{organisation: Mill, from: 2021, until: 2020}]\n...\n",
		"{organisations: [{name: A, parent: B}, {name: b, parent: C}, {name: C, parent: A}], lists: [a.tsv, ../b], opt_out: []}",
		"organisations:\n  - {name: A, aliases: [B]}\n  - {name: B, domains: [gmail.com, x.example]}\n  - {name: a, domains: [x.example], parent: self}\n",
		"people:\n  - name: |\n      Ann\n      - not an entry\n    emails:\n      - >-\n        a@one.example\n    at: \"Ac\\u006de\"\nx: *a\n",
		"people:\n  - {emails: [a@one.example], at: [Acme, Mill, {organisation: \"\"}]} # comment\n\n  # another\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) || len(text) > 1<<16 {
			t.Skip("a table is text, and of a size that somebody would write")
		}
		r := &affiliationsReader{problems: problems{file: "affiliations.yaml"}}
		if err := r.read(text); err != nil {
			if s := err.Error(); !strings.HasPrefix(s, "[") || strings.ContainsFunc(s, unicode.IsControl) {
				t.Errorf("no place, or not to be printed: %q", s)
			}
			return
		}
		checkProblems(t, r.problems.sorted(), text)
		checkRolls(t, r.file.people)
		checkRegister(t, &r.file)
	})
}

func checkRolls(t *testing.T, l roll) {
	t.Helper()
	for _, spans := range l.people {
		for i, s := range spans {
			if s.from >= s.until || i > 0 && spans[i-1].until > s.from {
				t.Errorf("spans %v", spans)
			}
		}
	}
	for address, person := range l.byAddress {
		if !isAddress(address) || GenericAddress(address) || int(person) >= len(l.people) {
			t.Errorf("address %q of person %d of %d", address, person, len(l.people))
		}
	}
}

func FuzzList(f *testing.F) {
	for _, seed := range []string{
		"# This is a list of people and their affiliations.\nann: 12345+ann!users.noreply.github.com, ann!one.example, ann.example!freemail.example\n\tIndependent until 2015-03-01\n\tBrightwater Ltd from 2015-03-01 until 2019-08-01\n\tHarbour Labs GmbH from 2019-08-01\nbob: bob!one.example\n\tNotFound\n",
		"ann: ann!one.example\n\tAcme\nann: ann!two.example, ann!one.example\n\t爱奇艺 · Internship from 2020-09-01 until 2021-03-01\n",
		"email\torganisation\tfrom\tuntil\nann@one.example\tAcme Inc.\t-\t2020-01-02\nann@one.example\tMill\t2020-01-02\t\n# a comment\nbob@noreply\t(Independent)\n",
		"email,organisation,from,until\r\nann@one.example,\"Acme, Inc.\",,2020\r\n\"bob@one.example\",\"The \"\"Mill\"\"\",2020-05,\r\n",
		"\tAcme\n", "a,b\n", "a@b.example,\"\n", "x: \n  y\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			t.Skip("a list is text")
		}
		p := problems{file: "list"}
		list := readList(text, &p)
		checkProblems(t, p.sorted(), text)
		checkRolls(t, list)
		checkRegister(t, &AffiliationsFile{names: map[string]string{}, people: list, lists: []roll{list}})
	})
}

func FuzzNames(f *testing.F) {
	r := &affiliationsReader{}
	if err := r.read(seedYAML); err != nil {
		f.Fatal(err)
	}
	register := NewRegister(&r.file)
	for _, seed := range [][2]string{
		{"", "BW"}, {"brightwater  ltd", "Brightwatre"}, {"Harbor", "Harbour Labs"}, {"pingcap", "PingCAP"}, {"Red Hat, Inc.", "red hat"}, {"サムスン", "サムソン"}, {"\xff", "a b"},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, name, other string) {
		checkName(t, register, name)
		checkName(t, nil, name)
		a, b := []rune(name), []rune(other)
		a, b = a[:min(len(a), maxCompared)], b[:min(len(b), maxCompared)]
		var d distances
		want := plainDistance(a, b)
		for limit := range 5 {
			if got := d.between(a, b, limit); got != want && (got <= limit || want <= limit) {
				t.Errorf("between %q and %q: %d, want %d (up to %d)", string(a), string(b), got, want, limit)
			}
		}
		near := nearest(name, []string{other, "Harbour Labs"}, 1)
		if len(near) == 0 && fold(name) != "" && (fold(name) == fold(other) || fold(name) == "harbour labs") {
			t.Errorf("%q is not near itself", name)
		}
	})
}

// plainDistance is the number of letters to put in, take out, exchange or swap, by the whole table.
func plainDistance(a, b []rune) int {
	table := make([][]int, len(a)+1)
	for i := range table {
		table[i] = make([]int, len(b)+1)
		for j := range table[i] {
			switch {
			case i == 0:
				table[i][j] = j
			case j == 0:
				table[i][j] = i
			case a[i-1] == b[j-1]:
				table[i][j] = table[i-1][j-1]
			default:
				table[i][j] = 1 + min(table[i-1][j-1], table[i-1][j], table[i][j-1])
			}
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				table[i][j] = min(table[i][j], table[i-2][j-2]+1)
			}
		}
	}
	return table[len(a)][len(b)]
}
