package footprint

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/people"
	"github.com/mainstay-oss/mainstay/internal/vitals"
)

// A fact is one human commit, or one pull, for the plain rule.
type fact struct {
	at      int64
	who     string
	org     string // "" if open, "alone" if independent
	asOf    int64  // of its upstream
	confide float64
}

// plainFacts lists the commits and pulls of upstreams with people named by a string that is the same in all upstreams.
func plainFacts(upstreams []*Upstream, asOf []int64) (commits, pulls []fact) {
	same := map[string]string{} // person → person, by address
	find := func(s string) string {
		for same[s] != "" {
			s = same[s]
		}
		return s
	}
	owner := map[string]string{}
	name := func(i int, h *history.History, persons *people.Persons, identity int32) string {
		id := h.Identities[identity]
		who := fmt.Sprint(i, " person ", persons.Of(identity))
		if persons.Of(identity) < 0 {
			who = fmt.Sprint(i, " address ", id.Email)
			if id.Email == "" {
				who = fmt.Sprint(i, " name ", id.Name)
			}
		}
		return who
	}
	for i, u := range upstreams {
		h := u.Meter.History()
		persons := people.NewIndex(h).At(asOf[i])
		for n := range h.Identities {
			id := h.Identities[n]
			if h.Hashed || id.Email == "" || id.Domain == "unknown" {
				continue
			}
			who := find(name(i, h, persons, int32(n)))
			if other := owner[id.Email]; other == "" {
				owner[id.Email] = who
			} else if other = find(other); other != who {
				same[who] = other
			}
		}
	}
	for i, u := range upstreams {
		h := u.Meter.History()
		persons := people.NewIndex(h).At(asOf[i])
		of := func(c people.Claim) string {
			switch {
			case c.Evidence == people.NoEvidence:
				return ""
			case c.Organisation < 0:
				return "alone"
			}
			return u.Organisations[c.Organisation]
		}
		for n, c := range h.Commits {
			if h.Human(&c) && c.Committed <= asOf[i] {
				claim := u.Claims.Commit(n)
				commits = append(commits, fact{c.Committed, find(name(i, h, persons, c.Author)), of(claim), asOf[i], float64(claim.Confidence)})
			}
		}
		for _, p := range h.Pulls {
			if !h.Identities[p.Author].Bot && p.Authored < asOf[i] {
				pulls = append(pulls, fact{at: p.Authored, who: find(name(i, h, persons, p.Author)), org: of(u.Claims.Of(p.Author, p.Authored))})
			}
		}
	}
	return commits, pulls
}

// plainPresence is the definition written down plainly: every question of every stretch goes through all commits.
func plainPresence(p Period, facts []fact, in func(f *fact) bool, asked [][]string, g int, latest int64) Presence {
	r := Presence{Period: p}
	seen, inside, openly, attributed := map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}
	orgs := map[string]int{}
	confidence := 0.0
	for _, f := range facts {
		if !in(&f) {
			continue
		}
		r.CommitsAll++
		seen[f.who] = true
		switch f.org {
		case "":
			r.CommitsOpen++
			openly[f.who] = true
			continue
		case "alone":
		default:
			side := f.org
			for i, names := range asked { // the largest that holds it
				if slices.Contains(names, f.org) && (len(side) < 3 || side[:2] != "of" || len(names) > len(asked[side[2]-'0'])) {
					side = fmt.Sprint("of", i)
				}
			}
			if slices.Contains(asked[g], f.org) {
				side = "own"
				r.Commits++
				confidence += f.confide
				inside[f.who] = true
			}
			orgs[side]++
		}
		attributed[f.who] = true
	}
	r.People, r.PeopleAll = len(inside), len(seen)
	for who := range openly {
		if !attributed[who] {
			r.PeopleOpen++
		}
	}
	stayed, stayedAll, watched := 0, 0, latest
	for who := range seen {
		first, here, stays := int64(math.MaxInt64), false, false
		for _, f := range facts {
			if f.who == who {
				first = min(first, f.at)
			}
		}
		for _, f := range facts {
			if f.who == who {
				here = here || f.at == first && in(&f)
				stays = stays || f.at > first+vitals.Year && f.at <= first+2*vitals.Year
			}
		}
		if !here {
			continue
		}
		r.FirstTimersAll++
		for _, f := range facts {
			if f.who == who && f.at == first {
				watched = min(watched, f.asOf)
				break
			}
		}
		if stays {
			stayedAll++
		}
		if inside[who] {
			r.FirstTimers++
			if stays {
				stayed++
			}
		}
	}
	if p.Until+730*86400 <= watched {
		r.Stayed, r.StayedAll = &stayed, &stayedAll
	}
	if r.CommitsAll > 0 {
		all := float64(r.CommitsAll)
		r.Share = []float64{float64(r.Commits) / all, float64(r.Commits+r.CommitsOpen) / all}
	}
	if r.Commits > 0 {
		mean := confidence / float64(r.Commits)
		r.Confidence = &mean
	}
	r.Organisations = len(orgs)
	if r.Commits+r.CommitsOpen == 0 {
		return r
	}
	delete(orgs, "own")
	rank, best := 1, 1
	var need []int
	for _, n := range orgs {
		if n > r.Commits {
			rank++
		} else {
			need = append(need, r.Commits+1-n)
		}
		if n > r.Commits+r.CommitsOpen {
			best++
		}
	}
	slices.Sort(need)
	for range openly {
		need = append(need, r.Commits+1)
	}
	worst, left := rank, r.CommitsOpen
	for i, n := range need {
		if left -= n; left < 0 || i == len(openly) {
			break
		}
		worst++
	}
	r.RankRange = []int{best, worst}
	if r.Commits > 0 && float64(r.CommitsAll-r.CommitsOpen)/float64(r.CommitsAll) >= 0.6 {
		r.Rank = &rank
	}
	return r
}

// plainStandings measures upstreams together by the plain rule.
func plainStandings(upstreams []*Upstream, asOf []int64, asked [][]string) []Standing {
	commits, pulls := plainFacts(upstreams, asOf)
	latest, known := slices.Max(asOf), true
	first, dated := time.Unix(0, 0).UTC(), false
	for i, u := range upstreams {
		work := false
		for _, c := range u.Meter.History().Commits {
			work = work || u.Meter.History().Human(&c) && c.Committed <= asOf[i]
		}
		if work {
			known = known && u.Meter.History().PullsKnown
		}
	}
	for _, f := range commits {
		if at := time.Unix(f.at, 0).UTC(); f.at < f.asOf && (!dated || at.Before(first)) {
			first, dated = at, true
		}
	}
	standings := make([]Standing, len(asked))
	for g := range asked {
		s := &standings[g]
		s.Last12m = plainPresence(Period{"12m", latest - 365*86400, latest, true}, commits, func(f *fact) bool { return f.at > f.asOf-vitals.Year }, asked, g, latest)
		// The calendar, day by day of the Go library's.
		for _, months := range []int{12, 3} {
			begin := time.Date(first.Year(), 1+(first.Month()-1)/time.Month(months)*time.Month(months), 1, 0, 0, 0, 0, time.UTC)
			for ; dated && begin.Unix() < latest; begin = begin.AddDate(0, months, 0) {
				p := Period{From: begin.Unix(), Until: begin.AddDate(0, months, 0).Unix()}
				p.Whole = p.Until <= latest
				p.Name = begin.Format("2006")
				if months == 3 {
					p.Name += fmt.Sprint("-Q", int(begin.Month()+2)/3)
				}
				within := func(f *fact) bool { return f.at >= p.From && f.at < p.Until && f.at < f.asOf }
				presence := plainPresence(p, commits, within, asked, g, latest)
				if months == 12 {
					s.Years = append(s.Years, presence)
					continue
				}
				s.Quarters = append(s.Quarters, presence)
				if !known {
					s.PullAuthors = append(s.PullAuthors, nil)
					continue
				}
				authors, inside := map[string]bool{}, map[string]bool{}
				for _, f := range pulls {
					if f.at >= p.From && f.at < p.Until {
						authors[f.who] = true
						if f.org != "" && slices.Contains(asked[g], f.org) {
							inside[f.who] = true
						}
					}
				}
				n := len(authors) - len(inside)
				s.PullAuthors = append(s.PullAuthors, &n)
			}
		}
	}
	return standings
}

// TestAgreesWithThePlainRule compares alone and in all with the definitions written down plainly.
func TestAgreesWithThePlainRule(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for round := range 40 {
		var upstreams []*Upstream
		var dates []int64
		var results []*Result
		for i := range 1 + r.IntN(4) {
			u := upstreamOf(randomWorld(r, fmt.Sprint("host/o/", i)), map[string]float32{"acme": 0.75, "bolt": 0.25})
			at := date("2022-07-01")
			if r.IntN(2) == 0 {
				at += (r.Int64N(600) - 300) * vitals.Day
			}
			got := Measure(u, randomAsked, at)
			upstreams, dates, results = append(upstreams, u), append(dates, at), append(results, got)
			compare(t, fmt.Sprint(round, " alone"), got.Standings, plainStandings([]*Upstream{u}, []int64{at}, randomAsked))
		}
		compare(t, fmt.Sprint(round, " in all"), Total(results, randomAsked).Standings, plainStandings(upstreams, dates, randomAsked))
		if t.Failed() {
			return
		}
	}
}

func compare(t *testing.T, what string, got, want []Standing) {
	t.Helper()
	for g := range want {
		same(t, fmt.Sprint(what, " ", g), got[g].String(), want[g].String())
	}
}
