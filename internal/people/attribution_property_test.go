package people

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mainstay-oss/mainstay/internal/history"
)

var someDomains = []string{"10up.com", "6wind.com", "lab.6wind.com", "deis.com", "gmail.com", "apache.org", "one.example", "acme.example", "localhost"}

// someHistory makes a history of a few people with many addresses, on days that often coincide.
func someHistory(r *rand.Rand) *history.History {
	var lines []string
	day := 0
	for range 5 + r.IntN(60) {
		day += r.IntN(4) * r.IntN(30)
		name := string("ABCDE"[r.IntN(5)])
		address := fmt.Sprintf("%s%d@%s", strings.ToLower(name), r.IntN(3), someDomains[r.IntN(len(someDomains))])
		switch {
		case r.IntN(5) == 0:
			address = strings.ToLower(name) + "@noreply"
		case name == "E":
			address = "e@gmail.com" // of whom domains say nothing
		}
		lines = append(lines, fmt.Sprintf("%d|%s|%s", day-400, name, address))
	}
	return employed(strings.Join(lines, "\n"))
}

// someSpans makes a row of at, with dates round those of someHistory.
func someSpans(r *rand.Rand) string {
	day := func() string { return start.AddDate(0, 0, r.IntN(1000)-500).Format("2006-01-02") }
	var rows []string
	for range 1 + r.IntN(3) {
		row := "{organisation: " + []string{"Acme", "Mill", "10up", "independent"}[r.IntN(4)]
		if r.IntN(2) == 0 {
			row += ", from: " + day()
		}
		if r.IntN(2) == 0 {
			row += ", until: " + day()
		}
		rows = append(rows, row+"}")
	}
	return "[" + strings.Join(rows, ", ") + "]"
}

// someFiles make a file and a list that speak of some of the addresses of a history. The entries of people stand last.
func someFiles(r *rand.Rand, h *history.History) files {
	var yaml, list strings.Builder
	yaml.WriteString("lists: [a.tsv]\norganisations:\n  - {name: Acme, domains: [acme.example]}\n  - {name: Mill, parent: Acme, domains: [{domain: one.example, until: 2020-06-01}]}\n")
	if r.IntN(3) == 0 {
		fmt.Fprintf(&yaml, "opt_out: ['%s']\n", h.Identities[r.IntN(len(h.Identities))].Email)
	}
	yaml.WriteString("people:\n  - {emails: [somebody@else.example], at: Pump}\n")
	for i := range h.Identities {
		switch r.IntN(8) {
		case 0:
			fmt.Fprintf(&yaml, "  - {emails: ['%s'], at: %s}\n", h.Identities[i].Email, someSpans(r))
		case 1:
			fmt.Fprintf(&list, "%s\tMill\t%d-01-01\n", h.Identities[i].Email, 2019+r.IntN(3))
		case 2:
			if r.IntN(8) == 0 {
				fmt.Fprintf(&yaml, "  - {name: %s, at: %s}\n", h.Identities[i].Name, someSpans(r))
			}
		}
	}
	list.WriteString("x@y.example\tPump\n")
	return files{"affiliations.yaml": yaml.String(), "a.tsv": list.String()}
}

// attribution attributes as of a day by files, whose problems are of no interest here.
func (f files) attribution(t *testing.T, h *history.History, day int64) *Attribution {
	t.Helper()
	r := &affiliationsReader{}
	if err := r.read(f["affiliations.yaml"]); err != nil {
		t.Fatal(err)
	}
	r.file.lists = append(r.file.lists, readList(f["a.tsv"], &problems{}))
	return NewRegister(&r.file).Attribute(h, NewIndex(h).At(at(day)), at(day))
}

// TestClaimsAreValid: whatever the evidence, a claim names an organisation that there is, and is as sure as evidence can be.
func TestClaimsAreValid(t *testing.T) {
	t.Parallel()
	seen := map[Evidence]int{}
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 1))
		h := someHistory(r)
		a := someFiles(r, h).attribution(t, h, 100)
		if !slices.IsSorted(a.Organisations) || len(slices.Compact(slices.Clone(a.Organisations))) != len(a.Organisations) {
			t.Fatalf("seed %d: organisations %v", seed, a.Organisations)
		}
		check := func(c Claim) {
			t.Helper()
			seen[c.Evidence]++
			known := c.Organisation >= Nobody && int(c.Organisation) < len(a.Organisations) && c.Confidence > 0 && c.Confidence <= 1
			if c.Known() && !known || !c.Known() && c != unknown || c.Evidence > FromOtherAddress {
				t.Fatalf("seed %d: %+v of %v", seed, c, a.Organisations)
			}
		}
		for i := range h.Commits {
			if h.Commits[i].Committed > at(100) {
				break
			}
			c := a.Commit(i)
			check(c)
			if of := a.Of(h.Commits[i].Author, h.Commits[i].Committed); of != c {
				t.Fatalf("seed %d: commit %d says %+v, its author at its time %+v", seed, i, c, of)
			}
			if a.OptedOut(h.Commits[i].Author) && c.Known() {
				t.Fatalf("seed %d: who opted out is attributed", seed)
			}
		}
		for i := range h.Identities {
			check(a.Of(int32(i), at(int64(r.IntN(2000)-1000))))
		}
	}
	for e := NoEvidence; e <= FromOtherAddress; e++ {
		if seen[e] < 100 {
			t.Errorf("evidence %d was seen %d times", e, seen[e])
		}
	}
}

// TestAttributionIsDeterministic: the same again gives the same, and the order of commits of one second, and of author strings,
// has no influence.
func TestAttributionIsDeterministic(t *testing.T) {
	t.Parallel()
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 2))
		h := someHistory(r)
		f := someFiles(r, h)
		a := f.attribution(t, h, forever)
		if again := f.attribution(t, h, forever); !slices.Equal(a.commits, again.commits) || !slices.Equal(a.Organisations, again.Organisations) {
			t.Fatalf("seed %d: another time otherwise", seed)
		}
		order := r.Perm(len(h.Commits))
		slices.SortStableFunc(order, func(i, j int) int { return int(h.Commits[i].Committed - h.Commits[j].Committed) })
		who := r.Perm(len(h.Identities))
		other := &history.History{ObservedUntil: h.ObservedUntil, Identities: make([]history.Identity, len(h.Identities))}
		for i, to := range who {
			other.Identities[to] = h.Identities[i]
		}
		for _, i := range order {
			c := h.Commits[i]
			c.Author, c.Committer = int32(who[c.Author]), int32(who[c.Committer])
			other.Commits = append(other.Commits, c)
		}
		b := f.attribution(t, other, forever)
		for k, i := range order {
			if got, want := show(b, b.Commit(k)), show(a, a.Commit(i)); got != want {
				t.Fatalf("seed %d: commit %d is %s, in another order %s", seed, i, want, got)
			}
		}
	}
}

// TestKnowingMorePeople: a person who is added to the file makes no known commit unknown; and if none of their commits was
// attributed before, no organisation's share gets wider: [attributed, attributed and unknown].
func TestKnowingMorePeople(t *testing.T) {
	t.Parallel()
	narrowed := 0
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 3))
		h := someHistory(r)
		f := someFiles(r, h)
		persons := NewIndex(h).At(at(forever))
		before := f.attribution(t, h, forever)

		who := persons.Of(int32(r.IntN(len(h.Identities))))
		if e := slices.IndexFunc(h.Identities, func(id history.Identity) bool { return id.Name == "E" }); e >= 0 && r.IntN(2) == 0 {
			who = persons.Of(int32(e))
		}
		var addresses []string
		for i := range h.Identities {
			if persons.Of(int32(i)) == who {
				addresses = append(addresses, "'"+h.Identities[i].Email+"'")
			}
		}
		more := files{"a.tsv": f["a.tsv"], "affiliations.yaml": f["affiliations.yaml"] +
			fmt.Sprintf("  - {emails: [%s], at: %s}\n", strings.Join(addresses, ", "), someSpans(r))}
		after := more.attribution(t, h, forever)

		attributedBefore := false
		for i := range h.Commits {
			was, is := before.Commit(i), after.Commit(i)
			if was.Known() && !is.Known() {
				t.Fatalf("seed %d: commit %d was %s and is unknown", seed, i, show(before, was))
			}
			attributedBefore = attributedBefore || was.Known() && persons.Of(h.Commits[i].Author) == who
		}
		if attributedBefore {
			continue
		}
		low, high := shares(before)
		low2, high2 := shares(after)
		for name := range merge(low, low2) {
			if low2[name] < low[name] || high2.of(name) > high.of(name) {
				t.Fatalf("seed %d: %s had %d to %d, and has %d to %d", seed, name, low[name], high.of(name), low2[name], high2.of(name))
			}
			if low2[name] > low[name] {
				narrowed++
			}
		}
	}
	if narrowed < 20 {
		t.Errorf("only %d shares got narrower: too few to tell", narrowed)
	}
}

// uppers are upper ends: those of organisations, and that of one that has no commit.
type uppers struct {
	own     map[string]int
	unknown int
}

func (u uppers) of(name string) int { return u.own[name] + u.unknown }

func shares(a *Attribution) (map[string]int, uppers) {
	own := map[string]int{}
	open := 0
	for _, c := range a.commits {
		switch {
		case !c.Known():
			open++
		case c.Organisation != Nobody:
			own[a.Organisations[c.Organisation]]++
		}
	}
	return own, uppers{own, open}
}

func merge(a, b map[string]int) map[string]bool {
	all := map[string]bool{}
	for name := range a {
		all[name] = true
	}
	for name := range b {
		all[name] = true
	}
	return all
}

// TestOtherAddressesAgreeWithThePlainRule: the rule of doc/measures.md written down without any thought of speed.
func TestOtherAddressesAgreeWithThePlainRule(t *testing.T) {
	t.Parallel()
	found, doubted := 0, 0
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 4))
		h := someHistory(r)
		f := someFiles(r, h)
		day := int64(r.IntN(600) - 400)
		a := f.attribution(t, h, day)
		persons := NewIndex(h).At(at(day))
		var want, got []string
		for i := range a.commits {
			c := &h.Commits[i]
			own := a.identities[c.Author].at(c.Committed)
			if own.Known() || a.out[c.Author] {
				continue
			}
			var before, after *Claim
			var sooner, later int64
			for j := range a.commits {
				o := &h.Commits[j]
				evidence := a.identities[o.Author].at(o.Committed)
				distance := c.Committed - o.Committed
				if persons.Of(o.Author) != persons.Of(c.Author) || h.Identities[o.Author].Email == h.Identities[c.Author].Email ||
					!evidence.Known() || max(distance, -distance) > 180*86400 {
					continue
				}
				if distance >= 0 && (before == nil || distance < sooner || distance == sooner && last(evidence, *before)) {
					before, sooner = &evidence, distance
				}
				if distance < 0 && (after == nil || -distance < later || -distance == later && last(*after, evidence)) {
					after, later = &evidence, -distance
				}
			}
			claim := unknown
			switch {
			case before != nil && (after == nil || sooner <= later):
				claim = *before
			case after != nil:
				claim = *after
			}
			if claim.Known() {
				found++
				claim.Evidence = FromOtherAddress
				claim.Confidence *= byOtherAddress
				if before != nil && after != nil && before.Organisation != after.Organisation {
					doubted++
					claim.Confidence *= byConflict
				}
			}
			want, got = append(want, fmt.Sprintf("%d %s", i, show(a, claim))), append(got, fmt.Sprintf("%d %s", i, show(a, a.commits[i])))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("seed %d: by the rule -, by the code +\n%s", seed, diff)
		}
	}
	if found < 500 || doubted < 50 {
		t.Errorf("only %d claims, %d in doubt: too few to tell", found, doubted)
	}
}

// last tells whether a stands after b among evidence of one second.
func last(a, b Claim) bool {
	if a.Organisation != b.Organisation {
		return a.Organisation > b.Organisation
	}
	return a.Confidence > b.Confidence
}

// TestSpansAgreeWithThePlainRule: of the spans that hold at a time that counts which began last, of these the one that ends first,
// and of these the first in the file.
func TestSpansAgreeWithThePlainRule(t *testing.T) {
	t.Parallel()
	for seed := range uint64(2000) {
		r := rand.New(rand.NewPCG(seed, 5))
		var spans []span
		for i := range r.IntN(8) {
			s := span{from: always, until: still, organisation: fmt.Sprint("O", i), line: i}
			if r.IntN(4) > 0 {
				s.from = int64(r.IntN(12))
			}
			if r.IntN(4) > 0 {
				s.until = int64(r.IntN(12))
			}
			if s.from < s.until {
				spans = append(spans, s)
			}
		}
		given := slices.Clone(spans)
		settled := arrange(spans, &problems{})
		for i := range settled {
			if s := settled[i]; s.from >= s.until || i > 0 && settled[i-1].until > s.from {
				t.Fatalf("seed %d: %v is not in order, or overlaps", seed, settled)
			}
		}
		for _, at := range []int64{always, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, still - 1} {
			var want, got string
			var best *span
			for i := range given {
				s := &given[i]
				if s.from <= at && at < s.until && (best == nil || s.from > best.from || s.from == best.from && s.until < best.until) {
					best, want = s, s.organisation
				}
			}
			for _, s := range settled {
				if s.from <= at && at < s.until {
					got = s.organisation
				}
			}
			if got != want {
				t.Fatalf("seed %d at %d: %q, want %q\n%v\n%v", seed, at, got, want, given, settled)
			}
		}
	}
}
