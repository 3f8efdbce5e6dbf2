package vitals

import (
	"encoding/csv"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/need"
	"github.com/mainstay-oss/mainstay/internal/people"
)

// differences are all the places in which we and the other hand's table part, by column. doc/measures.md says why.
var differences = map[string]int{
	"contributors_12m": 5,  // blank addresses
	"newcomers_12m":    6,  // blank addresses
	"departed_share":   11, // 4 blank addresses, 7 shares of nothing
	"pulls_opened_12m": 89, // no pull heads in the archive: not known
	"busiest_left":     28, // ties
}

// TestMeasuresAgree compares vitals and outcomes with those that another hand computed in another language, column by
// column, and the set of project-quarters that count. Where we part from that table on purpose, its conventions are
// followed here once more, and then not one of its figures may differ.
func TestMeasuresAgree(t *testing.T) {
	t.Parallel()
	all, retired := sharedCorpus(t)
	heading, theirs := measuresTable(t)

	rows, parted := 0, map[string]int{}
	for _, repo := range slices.Sorted(maps.Keys(all)) {
		ours, alike := NewMeter(all[repo]), NewMeter(blankAddressJoins(all[repo]))
		var end *int64
		if r, ok := retired[repo]; ok {
			end = &r
		}
		for _, q := range ours.Quarters(end) {
			day := time.Unix(q, 0).UTC().Format(time.DateOnly)
			want := theirs[repo][day]
			if want == nil {
				t.Errorf("%s %s counts here only", repo, day)
				continue
			}
			delete(theirs[repo], day)
			rows++

			got := measuresRow(repo, day, ours.At(q), ours.Outcome(q, end))
			for i := range want {
				if got[i] != want[i] {
					parted[heading[i]]++
				}
			}
			got = measuresRow(repo, day, alike.At(q), alike.Outcome(q, end))
			if got[departedColumn] == "" {
				got[departedColumn] = "0.0000"
			}
			if got[openedColumn] == "" {
				got[openedColumn] = "0"
			}
			got[leftColumn] = truth(leftBySmallestHash(alike, q))
			for i := range want {
				if got[i] != want[i] {
					t.Errorf("%s %s %s: %s here, %s there", repo, day, heading[i], got[i], want[i])
				}
			}
		}
		for day := range theirs[repo] {
			t.Errorf("%s %s counts there only", repo, day)
		}
	}
	if rows != 6414 {
		t.Errorf("%d project-quarters count, not 6414", rows)
	}
	if !maps.Equal(parted, differences) {
		t.Errorf("we part from the table in %v, the documented differences are %v", parted, differences)
	}
}

const (
	departedColumn = 8
	openedColumn   = 10
	leftColumn     = 14
)

// measuresTable reads measures.csv: its rows by repository and date.
func measuresTable(t *testing.T) (heading []string, byRepo map[string]map[string][]string) {
	t.Helper()
	f, err := os.Open(filepath.Join(need.Shared(t), "data", "measures.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	table, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	byRepo = map[string]map[string][]string{}
	for _, row := range table[1:] {
		if byRepo[row[0]] == nil {
			byRepo[row[0]] = map[string][]string{}
		}
		byRepo[row[0]][row[1]] = row
	}
	return table[0], byRepo
}

// measuresRow writes a row as measures.csv has it.
func measuresRow(repo, day string, v Vitals, o Outcome) []string {
	number := func(n *int) string {
		if n == nil {
			return ""
		}
		return strconv.Itoa(*n)
	}
	fraction := func(f *float64) string {
		if f == nil {
			return ""
		}
		return strconv.FormatFloat(*f, 'f', 4, 64)
	}
	return []string{
		repo, day, strconv.Itoa(v.Commits12m), strconv.Itoa(v.Commits3m), strconv.Itoa(v.Contributors12m),
		number(v.ContributorAbsenceFactor), fraction(v.TopShare), strconv.Itoa(v.Newcomers12m), fraction(v.DepartedShare),
		strconv.Itoa(v.Releases12m), number(v.PullsOpened12m), strconv.Itoa(v.PullsMerged12m),
		truth(o.Stop), truth(o.Collapse), truth(o.BusiestLeft),
	}
}

func truth(b *bool) string {
	switch {
	case b == nil:
		return ""
	case *b:
		return "1"
	}
	return "0"
}

// blankAddressJoins copies h with the blank address made an address like any other.
func blankAddressJoins(h *history.History) *history.History {
	other := *h
	other.Identities = slices.Clone(h.Identities)
	for i := range other.Identities {
		if other.Identities[i].Email == "" {
			other.Identities[i].Email = "blank"
		}
	}
	return &other
}

// leftBySmallestHash is Outcome's BusiestLeft with ties broken by the smallest hash that stands for a person. In the other
// hand's forest that is the address at the root, where each commit puts the root of its name under the root of its address.
func leftBySmallestHash(m *Meter, t int64) *bool {
	parent := map[string]string{}
	find := func(s string) string {
		for parent[s] != "" {
			s = parent[s]
		}
		return s
	}
	for i := range m.h.Commits {
		if m.h.Commits[i].Committed > t {
			break
		}
		id := &m.h.Identities[m.h.Commits[i].Author]
		if name, address := find("name "+id.Name), find(id.Email); id.Name != "" && name != address {
			parent[name] = address
		}
	}

	before := m.human[m.upTo(t-Year):m.upTo(t)]
	second := m.human[m.upTo(t+Year):m.upTo(t+2*Year)]
	persons := m.index.At(t)
	counts := m.count(persons, before)
	busiest, smallest := int32(-1), ""
	for _, w := range before {
		p, root := persons.Of(w.author), find(m.h.Identities[w.author].Email)
		if busiest < 0 || counts[p] > counts[busiest] || counts[p] == counts[busiest] && root < smallest {
			busiest, smallest = p, root
		}
	}
	left := gone(busiest, persons, before, second, people.NewIndex(m.h).At(t+2*Year))
	return &left
}
