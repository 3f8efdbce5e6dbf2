package people

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mainstay-oss/mainstay/internal/history"
)

// employed is a world of lines "day | name | address", whose identities have the domains of their addresses as a repository's do.
func employed(text string) *history.History {
	h := world(strings.ReplaceAll(strings.TrimSpace(text), "\n", "|\n") + "|")
	for i := range h.Identities {
		id := &h.Identities[i]
		_, domain, _ := strings.Cut(id.Email, "@")
		if class := history.DomainClass(domain); class == history.DomainUnknown || class == history.DomainNoReply {
			domain = class
		}
		id.Domain = domain
	}
	return h
}

// files are affiliations.yaml and the lists beside it, by name.
type files map[string]string

// read reads them; where is their folder.
func (f files) read(t testing.TB) (file *AffiliationsFile, found []Problem, where string) {
	t.Helper()
	where = t.TempDir()
	for name, text := range f {
		if err := os.WriteFile(filepath.Join(where, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	file, found, err := ReadAffiliations(filepath.Join(where, "affiliations.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return file, found, where
}

// register is a register of files in which nothing is wrong.
func (f files) register(t testing.TB) *Register {
	t.Helper()
	file, found, _ := f.read(t)
	if len(found) > 0 {
		t.Fatalf("problems: %v", found)
	}
	return NewRegister(file)
}

// show writes a claim as "organisation evidence confidence", "?" where nothing is known.
func show(a *Attribution, c Claim) string {
	if !c.Known() {
		if c != unknown {
			return fmt.Sprintf("unknown, but %+v", c)
		}
		return "?"
	}
	name := "nobody"
	if c.Organisation != Nobody {
		name = a.Organisations[c.Organisation]
	}
	evidence := map[Evidence]string{FromFile: "file", FromList: "list", FromDomain: "domain", FromOtherAddress: "other"}[c.Evidence]
	return fmt.Sprintf("%s %s %.2f", name, evidence, c.Confidence)
}

// attributed writes the claims of all commits as of a day.
func attributed(r *Register, h *history.History, day int64) string {
	a := r.Attribute(h, NewIndex(h).At(at(day)), at(day))
	var all []string
	for i := range h.Commits {
		if h.Commits[i].Committed <= at(day) {
			all = append(all, show(a, a.Commit(i)))
		}
	}
	return strings.Join(all, ", ")
}

const forever = 3000 // days

// TestEvidence: each kind of evidence by itself, and which goes first.
func TestEvidence(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		files files
		world string
		want  string
	}{
		{"a domain of a public list", nil, "1|Ann|ann@6wind.com", "6WIND domain 0.85"},
		{"a domain that says so itself", nil, "1|Ann|ann@10up.com", "10up domain 0.80"},
		{"a domain by common knowledge", nil, "1|Ann|ann@2gis.ru", "2GIS domain 0.70"},
		{"a domain under one", nil, "1|Ann|ann@lab.10up.com", "10up domain 0.76"},
		{"a domain with an end", nil, "-1000|Ann|ann@deis.com\n1|Bob|bob@deis.com", "Engine Yard domain 0.70, Microsoft domain 0.85"},
		{"classes of domains", nil, "1|Ann|ann@gmail.com\n1|Bob|bob@noreply\n1|Cho|cho@localhost\n1|Dan|", "?, ?, ?, ?"},
		{"a community employs nobody", nil, "1|Ann|ann@apache.org\n1|Bob|bob@people.debian.org", "?, ?"},

		{"file", files{"affiliations.yaml": "people: [{emails: [Ann@One.example], at: Acme}]"}, "1|Ann|ann@one.example", "Acme file 1.00"},
		{"file, by login", files{"affiliations.yaml": "people: [{logins: [Ann], at: Acme}]"}, "1|Ann|ann@noreply\n1|Bob|bob@noreply", "Acme file 1.00, ?"},
		{"file, a no-reply address as it stands", files{"affiliations.yaml": "people: [{emails: [12+Ann@users.noreply.github.com], at: Acme}]"}, "1|Ann|ann@noreply", "Acme file 1.00"},
		{"file, by name alone", files{"affiliations.yaml": "people: [{name: Ann, at: Acme}]"}, "1|Ann|a@one.example\n1|ann|b@one.example", "Acme file 1.00, ?"},
		{"file, a name beside addresses is for who reads it", files{"affiliations.yaml": "people: [{name: Ann, emails: [a@one.example], at: Acme}]"}, "1|Ann|b@two.example", "?"},
		{"file, for nobody", files{"affiliations.yaml": "people: [{emails: [ann@10up.com], at: Independent}]"}, "1|Ann|ann@10up.com", "nobody file 1.00"},
		{"file, its domain", files{"affiliations.yaml": "organisations: [{name: Acme, domains: [one.example]}]"}, "1|Ann|ann@one.example\n1|Bob|bob@lab.one.example", "Acme domain 1.00, Acme domain 0.95"},
		{"file, its domain until and from then on",
			files{"affiliations.yaml": "organisations: [{name: Acme, domains: [{domain: one.example, until: 2020-01-03}]}, {name: Mill, domains: [{domain: one.example, until: 2020-01-05}]}]"},
			"1|Ann|ann@one.example\n2|Ann|ann@one.example\n4|Ann|ann@one.example", "Acme domain 1.00, Mill domain 1.00, ?"},
		{"file, in place of the table", files{"affiliations.yaml": "organisations: [{name: Acme, domains: [{domain: 10up.com, until: 2020-01-03}]}]"},
			"1|Ann|ann@10up.com\n2|Ann|ann@10up.com", "Acme domain 1.00, ?"},
		{"file, a community's domain", files{"affiliations.yaml": "organisations: [{name: Acme, domains: [apache.org]}]"}, "1|Ann|ann@apache.org", "Acme domain 1.00"},
		{"table, nearer by than the file", files{"affiliations.yaml": "organisations: [{name: Acme, domains: [edu.tr]}]"}, "1|Ann|ann@29mayis.edu.tr\n1|Bob|bob@other.edu.tr",
			"Istanbul 29 Mayis University domain 0.85, Acme domain 0.95"},

		{"list", files{"affiliations.yaml": "lists: [a.tsv]", "a.tsv": "ann@one.example\tAcme"}, "1|Ann|ann@one.example", "Acme list 0.90"},
		{"list, for nobody, and not found", files{"affiliations.yaml": "lists: [a.tsv]", "a.tsv": "ann@10up.com\t(Independent)\nbob@10up.com\tNotFound\n"},
			"1|Ann|ann@10up.com\n1|Bob|bob@10up.com", "nobody list 0.90, 10up domain 0.80"},

		{"file before domain", files{"affiliations.yaml": "people: [{emails: [ann@10up.com], at: Acme}]"}, "1|Ann|ann@10up.com", "Acme file 1.00"},
		{"file before list", files{"affiliations.yaml": "people: [{emails: [ann@10up.com], at: Acme}]\nlists: [a.tsv]", "a.tsv": "ann@10up.com\tMill"}, "1|Ann|ann@10up.com", "Acme file 1.00"},
		{"list before domain, be it the file's", files{"affiliations.yaml": "organisations: [{name: Acme, domains: [10up.com]}]\nlists: [a.tsv]", "a.tsv": "ann@10up.com\tMill"},
			"1|Ann|ann@10up.com", "Mill list 0.90"},
		{"lists in their order", files{"affiliations.yaml": "lists: [b.tsv, a.tsv]", "a.tsv": "ann@one.example\tAcme", "b.tsv": "ann@one.example\tMill\t\t2020-01-03"},
			"1|Ann|ann@one.example\n2|Ann|ann@one.example", "Mill list 0.90, Acme list 0.90"},
		{"where the first says nothing the next does",
			files{"affiliations.yaml": "people: [{emails: [ann@10up.com], at: [{organisation: Acme, from: 2020-01-03, until: 2020-01-04}]}]\nlists: [a.tsv]", "a.tsv": "ann@10up.com\tMill\t2020-01-02\t2020-01-05"},
			"0|Ann|ann@10up.com\n1|Ann|ann@10up.com\n2|Ann|ann@10up.com\n3|Ann|ann@10up.com\n4|Ann|ann@10up.com",
			"10up domain 0.80, Mill list 0.90, Acme file 1.00, Mill list 0.90, 10up domain 0.80"},
		{"own domain before other address", files{"affiliations.yaml": "people: [{emails: [ann@one.example], at: Acme}]"}, "1|Ann|ann@one.example\n1|Ann|ann@10up.com", "Acme file 1.00, 10up domain 0.80"},
		{"address before name", files{"affiliations.yaml": "people: [{name: Ann, at: Acme}, {emails: [ann@one.example], at: [{organisation: Mill, until: 2020-01-03}]}]"},
			"1|Ann|ann@one.example\n2|Ann|ann@one.example", "Mill file 1.00, Acme file 1.00"},

		{"other address, up to 180 days before", nil, "0|Ann|ann@10up.com\n180|Ann|ann@gmail.com\n181|Ann|ann@gmail.com", "10up domain 0.80, 10up other 0.64, ?"},
		{"other address, up to 180 days after", nil, "0|Ann|ann@gmail.com\n1|Ann|ann@gmail.com\n181|Ann|ann@10up.com", "?, 10up other 0.64, 10up domain 0.80"},
		{"other address, of somebody else", nil, "0|Ann|ann@10up.com\n1|Bob|bob@gmail.com", "10up domain 0.80, ?"},
		{"other address, the file's", files{"affiliations.yaml": "people: [{emails: [a@one.example], at: independent}]"}, "0|Ann|a@one.example\n1|Ann|a@10upp.example", "nobody file 1.00, nobody other 0.80"},
		{"other address, of a community's member", nil, "0|Ann|ann@apache.org\n1|Ann|ann@10up.com", "10up other 0.64, 10up domain 0.80"},
		{"other address, the nearest, and doubt", nil, "0|Ann|ann@6wind.com\n6|Ann|ann@gmail.com\n10|Ann|ann@10up.com", "6WIND domain 0.85, 10up other 0.32, 10up domain 0.80"},
		{"other address, the earlier of two as near", nil, "0|Ann|ann@6wind.com\n5|Ann|ann@gmail.com\n10|Ann|ann@10up.com", "6WIND domain 0.85, 6WIND other 0.34, 10up domain 0.80"},
		{"other address, of one mind", nil, "0|Ann|ann@6wind.com\n5|Ann|ann@gmail.com\n10|Ann|ann@6wind.com", "6WIND domain 0.85, 6WIND other 0.68, 6WIND domain 0.85"},
		{"other address, no doubt by what is too far", nil, "0|Ann|ann@6wind.com\n181|Ann|ann@gmail.com\n182|Ann|ann@10up.com", "6WIND domain 0.85, 10up other 0.64, 10up domain 0.80"},
		{"other address, for somebody and for nobody", files{"affiliations.yaml": "people: [{emails: [a@one.example], at: independent}]"}, "0|Ann|a@one.example\n4|Ann|ann@gmail.com\n10|Ann|ann@10up.com",
			"nobody file 1.00, nobody other 0.40, 10up domain 0.80"},
		{"other address, in the same second", nil, "5|Ann|ann@gmail.com\n5|Ann|ann@10up.com", "10up other 0.64, 10up domain 0.80"},
		{"other, not the same address at another time", files{"affiliations.yaml": "people: [{emails: [ann@gmail.com], at: [{organisation: Acme, until: 2020-01-02}]}]"},
			"0|Ann|ann@gmail.com\n1|Ann|ann@gmail.com", "Acme file 1.00, ?"},
		{"other address, past the same one", files{"affiliations.yaml": "people: [{emails: [ann@gmail.com], at: [{organisation: Acme, from: 2020-01-03, until: 2020-01-04}]}]"},
			"0|Ann|ann@10up.com\n2|Ann|ann@gmail.com\n3|Ann|ann@gmail.com", "10up domain 0.80, Acme file 1.00, 10up other 0.64"},
		{"what another address says is passed on to nobody", nil, "0|Ann|ann@10up.com\n100|Ann|ann@gmail.com\n200|Ann|ann@gmail.com", "10up domain 0.80, 10up other 0.64, ?"},

		{"the file's spelling, and its aliases", files{"affiliations.yaml": "organisations: [{name: Ten Up, aliases: [10up]}]\nlists: [a.tsv]", "a.tsv": "bob@one.example\t10UP\n"},
			"1|Ann|ann@10up.com\n1|Bob|bob@one.example", "Ten Up domain 0.80, Ten Up list 0.90"},
		{"the table's spelling", files{"affiliations.yaml": "people: [{emails: [bob@one.example], at: '6wind'}]\nlists: [a.tsv]", "a.tsv": "cho@one.example\t6Wind S.A.\ndan@one.example\tMill  Ltd.\neve@one.example\tmill ltd.\n"},
			"1|Bob|bob@one.example\n1|Cho|cho@one.example\n1|Dan|dan@one.example\n1|Eve|eve@one.example", "6WIND file 1.00, 6WIND list 0.90, Mill Ltd. list 0.90, Mill Ltd. list 0.90"},
		{"legal forms stand in the user's file for what they are", files{"affiliations.yaml": "people: [{emails: [bob@one.example], at: 6WIND SA}]"}, "1|Bob|bob@one.example", "6WIND SA file 1.00"},
	} {
		var r *Register
		if c.files != nil {
			r = c.files.register(t)
		}
		if got := attributed(r, employed(c.world), forever); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

// TestDates: which of several spans counts when; days from 2020-01-01.
func TestDates(t *testing.T) {
	t.Parallel()
	for at, want := range map[string]string{
		"Acme": "AAAAAA",
		"[{organisation: Acme, until: 2020-01-03}, {organisation: Mill, from: 2020-01-03}]":                                      "AAMMMM",
		"[{organisation: Mill, from: 2020-01-03}, {organisation: Acme, until: 2020-01-03}]":                                      "AAMMMM", // in any order
		"[{organisation: Acme, until: 2020-01-03}, Mill]":                                                                        "AAMMMM", // short for the above
		"[{organisation: Acme, from: 2020-01-02, until: 2020-01-03}, {organisation: Mill, from: 2020-01-04, until: 2020-01-06}]": ".A.MM.",
		"[{organisation: Acme, until: 2020-01-03}, {organisation: independent, from: 2020-01-04}]":                               "AA.NNN",
		"[{organisation: Acme, until: 2020-01}, {organisation: Mill, from: 2020}]":                                               "MMMMMM",
	} {
		if got := timeline(t, at, 0); got != want {
			t.Errorf("%s:\n got %s\nwant %s", at, got, want)
		}
	}
	for at, want := range map[string]string{
		"[{organisation: Acme, from: 2020-01-02}, {organisation: Mill, from: 2020-01-04}]":  ".AAMMM", // the later from its beginning on
		"[{organisation: Acme}, {organisation: Mill, from: 2020-01-02, until: 2020-01-04}]": "AMMAAA", // and the earlier again after it
		"[Acme, Mill]": "AAAAAA", // the first
		"[{organisation: Acme, from: 2020-01-02, until: 2020-01-06}, {organisation: Mill, from: 2020-01-02, until: 2020-01-04}]": ".MMAA.", // who ends first
		"[{organisation: Acme, until: 2020-01-05}, {organisation: Mill, from: 2020-01-02, until: 2020-01-04}]":                   "AMMA..",
	} {
		if got := timeline(t, at, 1); got != want {
			t.Errorf("%s:\n got %s\nwant %s", at, got, want)
		}
	}
}

// timeline gives for whom Ann worked on each of six days, by a row of at; n is how many overlaps it is to have.
func timeline(t *testing.T, row string, n int) string {
	t.Helper()
	file, found, _ := files{"affiliations.yaml": "people: [{name: Ann, emails: [ann@one.example], at: " + row + "}]"}.read(t)
	if len(found) != n || n > 0 && found[0].Kind != Overlap {
		t.Errorf("%s: problems %v", row, found)
	}
	var b strings.Builder
	h := employed("0|Ann|ann@one.example\n1|Ann|ann@one.example\n2|Ann|ann@one.example\n3|Ann|ann@one.example\n4|Ann|ann@one.example\n5|Ann|ann@one.example")
	for _, claim := range strings.Split(attributed(NewRegister(file), h, forever), ", ") {
		b.WriteString(map[string]string{"Acme": "A", "Mill": "M", "nobody": "N", "?": "."}[strings.Fields(claim)[0]])
	}
	return b.String()
}

// TestNilRegister: it knows the table of domains alone.
func TestNilRegister(t *testing.T) {
	t.Parallel()
	var r *Register
	h := employed("0|Ann|ann@deis.com\n1|Ann|ann@gmail.com\n2|Bob|bob@one.example")
	if got, want := attributed(r, h, forever), "Microsoft domain 0.85, Microsoft other 0.68, ?"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if r.OptedOut(&h.Identities[0]) || slices.Contains(r.OptOuts(h, NewIndex(h).At(at(forever))), true) {
		t.Error("somebody opted out of nothing")
	}
	if NewRegister(nil) != nil {
		t.Error("a register of no file")
	}
}

// TestNothingAfterTheDateIsEvidence: later commits are none, nor do they have claims.
func TestNothingAfterTheDateIsEvidence(t *testing.T) {
	t.Parallel()
	h := employed("0|Ann|ann@gmail.com\n10|Ann|ann@10up.com\n20|Ann|ann@6wind.com")
	for day, want := range map[int64]string{
		5: "?", 9: "?", 10: "10up other 0.64, 10up domain 0.80", 19: "10up other 0.64, 10up domain 0.80", 20: "10up other 0.64, 10up domain 0.80, 6WIND domain 0.85",
	} {
		if got := attributed(nil, h, day); got != want {
			t.Errorf("day %d: %s, want %s", day, got, want)
		}
	}
	// Not for author strings either, whatever the time that they are asked for.
	var r *Register
	a := r.Attribute(h, NewIndex(h).At(at(5)), at(5))
	if got := show(a, a.Of(0, at(15))); got != "?" {
		t.Errorf("as of day 5: %s", got)
	}
}

// TestOf asks for author strings at times at which they have no commit, and for those that never had one.
func TestOf(t *testing.T) {
	t.Parallel()
	h := employed("0|Ann|ann@6wind.com\n300|Ann|ann@gmail.com\n400|Bob|bob@10up.com\n900|Cho|cho@10up.com")
	var r *Register
	a := r.Attribute(h, NewIndex(h).At(at(600)), at(600))
	for _, c := range []struct {
		identity int32
		day      int64
		want     string
	}{
		{0, 500, "6WIND domain 0.85"}, {1, 0, "6WIND other 0.68"}, {1, 180, "6WIND other 0.68"}, {1, -180, "6WIND other 0.68"},
		{1, 181, "?"}, {1, -181, "?"}, {2, 0, "10up domain 0.80"}, {3, 100, "10up domain 0.80"},
	} {
		if got := show(a, a.Of(c.identity, at(c.day))); got != c.want {
			t.Errorf("identity %d on day %d: %s, want %s", c.identity, c.day, got, c.want)
		}
	}
	for _, end := range []int64{math.MinInt64, math.MaxInt64} {
		if got := show(a, a.Of(1, end)); got != "?" {
			t.Errorf("at the end of time: %s", got)
		}
	}
	if a.Number("6WIND") != 1 || a.Number("10up") != 0 || a.Number("Acme") != -1 {
		t.Errorf("numbers of %v", a.Organisations)
	}
}

// TestOptOuts: by any of their author strings the whole person is out, and nobody else.
func TestOptOuts(t *testing.T) {
	t.Parallel()
	h := employed("0|Ann|ann@10up.com\n1|Ann|ann@gmail.com\n2|Ann D.|ann@gmail.com\n3|Bob|bob@10up.com\n4|Bob|bob@noreply\n5|root|root@one.example")
	h.Identities = append(h.Identities, // they have committed, and authored nothing
		history.Identity{Name: "Ann D.", Email: "ann@three.example", Domain: "three.example"},
		history.Identity{Name: "root", Email: "root@two.example", Domain: "two.example"})
	const ann, bob, root = "Acme file 1.00, Acme file 1.00, Acme file 1.00, ", "10up domain 0.80, 10up other 0.64, ", "Acme file 1.00"
	const annOut, bobOut, rootOut = "?, ?, ?, ", "?, ?, ", "?"
	for entry, c := range map[string]struct{ claims, out string }{
		"x@y.example":                     {ann + bob + root, "........"},
		"ANN@gmail.com":                   {annOut + bob + root, "xxx...x."},
		"ann@10up.com":                    {annOut + bob + root, "xxx...x."},
		"bob@noreply":                     {ann + bobOut + root, "...xx..."},
		"77+bob@users.noreply.github.com": {ann + bobOut + root, "...xx..."},
		"root@one.example":                {ann + bob + rootOut, ".....x.."}, // a generic name is not enough
		"root@two.example":                {ann + bob + root, ".......x"},
		// printf %s ann@gmail.com | sha256sum
		"sha256:89fc83f682b5eeb73a8fccb73d43deeee9f58041fc232c15a43cc349132e1273": {annOut + bob + root, "xxx...x."},
		"SHA256:89FC83F682B5EEB73A8FCCB73D43DEEEE9F58041FC232C15A43CC349132E1273": {annOut + bob + root, "xxx...x."},
		// printf %s bob@noreply | sha256sum
		"sha256:" + sum("bob@noreply"): {ann + bobOut + root, "...xx..."},
	} {
		r := files{"affiliations.yaml": "people: [{emails: [ann@gmail.com, ann@10up.com, root@one.example], at: Acme}]\nopt_out: ['" + entry + "']"}.register(t)
		if got := attributed(r, h, forever); got != c.claims {
			t.Errorf("%s:\n got %s\nwant %s", entry, got, c.claims)
		}
		a := r.Attribute(h, NewIndex(h).At(at(forever)), at(forever))
		var out strings.Builder
		for i := range h.Identities {
			if !a.OptedOut(int32(i)) {
				out.WriteByte('.')
				continue
			}
			out.WriteByte('x')
			if a.Of(int32(i), at(0)).Known() {
				t.Errorf("%s: %s is attributed", entry, h.Identities[i].Email)
			}
		}
		if out.String() != c.out {
			t.Errorf("%s: out are %s, want %s", entry, &out, c.out)
		}
	}
	r := files{"affiliations.yaml": "opt_out: [ann@gmail.com]"}.register(t)
	for i, want := range []bool{false, true, true, false, false, false, false, false} {
		if got := r.OptedOut(&h.Identities[i]); got != want {
			t.Errorf("%s by itself: %v", h.Identities[i].Email, got)
		}
	}
}

// TestWithin: the tree of organisations, by whatever spelling.
func TestWithin(t *testing.T) {
	t.Parallel()
	r := files{"affiliations.yaml": `
organisations:
  - {name: Acme, aliases: [Acme Group]}
  - {name: Mill, parent: acme group}
  - {name: Pump, parent: MILL}
  - {name: 10up, parent: Acme}
  - {name: Lone}
  - {name: Valve, parent: Google}
lists: [a.tsv]
`, "a.tsv": "ann@one.example\tBolt GmbH\nbob@one.example\tPump Ltd\n"}.register(t)
	for name, want := range map[string]string{
		"Acme": "Acme 10up Mill Pump", "ACME  group": "Acme 10up Mill Pump", "mill": "Mill Pump", "Pump": "Pump", "pump ltd": "Pump", "lone": "Lone", "google": "Google Valve", "bolt gmbh": "Bolt GmbH",
		"nobody knows": "nobody knows", "red hat": "Red Hat",
	} {
		if got := strings.Join(r.Within(name), " "); got != want {
			t.Errorf("within %s: %s, want %s", name, got, want)
		}
	}
	var none *Register
	if got := none.Within("RED hat"); !slices.Equal(got, []string{"Red Hat"}) {
		t.Errorf("without a register: %v", got)
	}
}

func TestCanonical(t *testing.T) {
	t.Parallel()
	r := files{"affiliations.yaml": "organisations: [{name: Ten Up, aliases: [10up, Ten]}, {name: red HAT}]\npeople: [{emails: [a@one.example], at: Mill}]\nlists: [a.tsv]",
		"a.tsv": "bob@one.example\tBolt  Inc.\n"}.register(t)
	var none *Register
	for _, c := range []struct {
		r          *Register
		name, want string
	}{
		{none, "RED  HAT", "Red Hat"}, {none, "10UP", "10up"}, {none, "Mill", ""}, {none, "", ""}, {none, "Apache", ""},
		{r, "red hat", "red HAT"}, {r, "ten", "Ten Up"}, {r, "10Up", "Ten Up"}, {r, "MILL", "Mill"}, {r, "bolt inc.", "Bolt Inc."}, {r, "Bolt", ""}, {r, "google", "Google"},
	} {
		if got, ok := c.r.Canonical(c.name); got != c.want || ok != (c.want != "") {
			t.Errorf("%q: %q (%v), want %q", c.name, got, ok, c.want)
		}
	}
}

func TestSimilar(t *testing.T) {
	t.Parallel()
	r := files{"affiliations.yaml": "organisations: [{name: Brightwater, aliases: [BW Group]}, {name: Brightwater Labs}]"}.register(t)
	var none *Register
	for _, c := range []struct {
		r          *Register
		name, want string
	}{
		{r, "Brigthwater", "Brightwater"}, // two letters exchanged
		{r, "brightwater", "Brightwater, Brightwater Labs"},
		{r, "bw grou", "Brightwater"},
		{r, "", ""}, {r, "   ", ""}, {r, strings.Repeat("x", 10_000), ""},
		{none, "PingCap Inc", "PingCAP"}, {none, "Tencnt", "Tencent"}, {none, "Brigthwater", ""},
	} {
		if got := strings.Join(c.r.Similar(c.name), ", "); got != c.want {
			t.Errorf("%.20s: %q, want %q", c.name, got, c.want)
		}
	}
}

// BenchmarkAttribute: a hundred thousand commits, by many people, and by one under as many addresses within a few seconds.
func BenchmarkAttribute(b *testing.B) {
	const n = 100_000
	signers := map[string]func(i int) (history.Identity, int64){
		"people": func(i int) (history.Identity, int64) {
			domain := []string{"gmail.com", "6wind.com", "one.example"}[i/7%3]
			return history.Identity{Name: fmt.Sprint("P", i%2000), Email: fmt.Sprintf("p%d@%s", i%2000, domain), Domain: domain}, int64(i) * 1000
		},
		"addresses": func(i int) (history.Identity, int64) {
			domain := []string{"gmail.com", "6wind.com", "10up.com"}[i%3]
			return history.Identity{Name: "Ann", Email: fmt.Sprintf("p%d@%s", i, domain), Domain: domain}, int64(i / 50_000)
		},
	}
	var list strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&list, "p%d@one.example\tAcme\t2000-01-01\t2010-01-01\n", i)
	}
	r := files{"affiliations.yaml": "lists: [a.tsv]", "a.tsv": list.String()}.register(b)
	for _, name := range slices.Sorted(maps.Keys(signers)) {
		h := &history.History{}
		known := map[history.Identity]int32{}
		for i := range n {
			id, at := signers[name](i)
			k, ok := known[id]
			if !ok {
				k = int32(len(h.Identities))
				known[id] = k
				h.Identities = append(h.Identities, id)
			}
			h.Commits = append(h.Commits, history.Commit{Committed: at, Author: k})
		}
		persons := NewIndex(h).At(math.MaxInt64)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				r.Attribute(h, persons, math.MaxInt64)
			}
		})
	}
}

func sum(address string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(address))) }
