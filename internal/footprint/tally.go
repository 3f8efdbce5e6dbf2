package footprint

import (
	"math"

	"github.com/mainstay-oss/mainstay/internal/vitals"
)

// Presence is the work of one organisation in one stretch of time.
type Presence struct {
	Period
	Commits        int       // human commits attributed to the organisation
	CommitsOpen    int       // human commits attributable to nobody
	CommitsAll     int       // all human commits
	Share          []float64 // lower and upper end of its share of the commits; nil without commits
	Confidence     *float64  // mean confidence of the evidence behind Commits; nil without any
	People         int       // people with commits attributed to it
	PeopleOpen     int       // people with commits attributable to nobody and none attributed, be it to no organisation
	PeopleAll      int       // all people with human commits
	FirstTimers    int       // of People, those whose first human commit lies here
	FirstTimersAll int       // of PeopleAll, the same
	Stayed         *int      // of FirstTimers, with a human commit in the second year after the first; nil until two years have passed, wherever they came
	StayedAll      *int      // of FirstTimersAll, the same
	Rank           *int      // place among the organisations by commits; nil where under 60 % are attributed, and without commits of its own
	RankRange      []int     // best and worst place that the open commits leave; nil without commits of its own or open ones
	Organisations  int       // organisations with commits
}

// A tally goes through the deeds of one or more lanes.
type tally struct {
	lanes         []*lane
	who           [][]int32 // by lane and person there: the person in all; nil if there is one lane
	of            [][]int32 // by lane and organisation there: the organisation in all; nil likewise
	persons       int
	organisations []string
	asked         []group
	asOf          int64   // the latest date of measures of the lanes
	first         []int64 // by person: first human commit
	stayed        []bool  // by person: with a human commit in the second year after the first

	// State of one stretch. A mark belongs to it if it has its number.
	number int32
	mark   []int32 // by person
	facts  []uint8 // by person: what the marked did
	inside []int32 // by person: marked by stretch and organisation asked for
	marks  int32   // the last used in inside
	counts counts
}

// What somebody did in a stretch.
const (
	didOpen       uint8 = 1 << iota // a commit attributable to nobody
	didAttributed                   // a commit that is attributed
	didFirst                        // their first human commit
)

// newTally prepares one lane, or all of them with what joins them.
func newTally(lanes []*lane, j *joined, asked [][]string) *tally {
	t := &tally{lanes: lanes}
	if j != nil {
		t.who, t.of, t.persons, t.organisations = j.who, j.of, j.persons, j.organisations
	} else {
		t.persons, t.organisations = lanes[0].persons, lanes[0].organisations
	}
	for _, l := range lanes {
		t.asOf = max(t.asOf, l.asOf)
	}
	t.asked = groups(asked, t.organisations)
	t.mark, t.facts, t.inside = make([]int32, t.persons), make([]uint8, t.persons), make([]int32, t.persons)
	t.counts.commits = make([]int, len(t.organisations))
	t.lives()
	return t
}

func (t *tally) person(lane int, p int32) int32 {
	if t.who == nil {
		return p
	}
	return t.who[lane][p]
}

func (t *tally) organisation(lane int, o int32) int32 {
	if t.of == nil || o < 0 {
		return o
	}
	return t.of[lane][o]
}

// lives finds when people came, and whether they stayed.
func (t *tally) lives() {
	t.first, t.stayed = make([]int64, t.persons), make([]bool, t.persons)
	for i := range t.first {
		t.first[i] = math.MaxInt64
	}
	for i, l := range t.lanes {
		for k := range l.deeds {
			p := t.person(i, l.deeds[k].person)
			t.first[p] = min(t.first[p], l.deeds[k].at)
		}
	}
	for i, l := range t.lanes {
		for k := range l.deeds {
			p := t.person(i, l.deeds[k].person)
			if since := l.deeds[k].at - t.first[p]; since > vitals.Year && since <= 2*vitals.Year {
				t.stayed[p] = true
			}
		}
	}
}

// standings measures every organisation in every stretch.
func (t *tally) standings() []Standing {
	list, years := stretches(t.lanes, t.asOf)
	standings := make([]Standing, len(t.asked))
	for i := range list {
		s := &list[i]
		all := t.everybody(s)
		for g := range t.asked {
			p := t.presence(s, &t.asked[g], all)
			switch into := &standings[g]; {
			case i == 0:
				into.Last12m = p
			case i <= years:
				into.Years = append(into.Years, p)
			default:
				into.Quarters = append(into.Quarters, p)
			}
		}
	}
	for g := range t.asked {
		standings[g].PullAuthors = t.pullAuthors(list[1+years:], &t.asked[g])
	}
	return standings
}

// counts are the commits of one stretch.
type counts struct {
	commits []int   // by organisation
	with    []int32 // organisations with commits
	all     int
	open    int
	people  int // with open commits
}

func (c *counts) reset() {
	for _, o := range c.with {
		c.commits[o] = 0
	}
	*c = counts{commits: c.commits, with: c.with[:0]}
}

func (c *counts) add(organisation int32) {
	c.all++
	switch {
	case organisation == open:
		c.open++
	case organisation >= 0:
		if c.commits[organisation] == 0 {
			c.with = append(c.with, organisation)
		}
		c.commits[organisation]++
	}
}

// known tells whether enough commits are attributed to compare organisations.
func (c *counts) known() bool { return c.all > 0 && 100*(c.all-c.open) >= attributed*c.all }

// everybody counts what is the same for every organisation, and marks who did what.
func (t *tally) everybody(s *stretch) (p Presence) {
	t.number++
	t.counts.reset()
	p.Period = s.Period
	stayed, watched := 0, t.asOf // until when those who came here were, where they came
	for i, l := range t.lanes {
		for _, d := range s.deeds(l) {
			t.counts.add(t.organisation(i, d.organisation))
			who := t.person(i, d.person)
			if t.mark[who] != t.number {
				t.mark[who], t.facts[who] = t.number, 0
				p.PeopleAll++
			}
			before := t.facts[who]
			now := before
			if d.organisation == open {
				now |= didOpen
			} else {
				now |= didAttributed
			}
			if d.at == t.first[who] {
				now |= didFirst
			}
			t.facts[who] = now
			fresh := now &^ before
			if fresh&didOpen != 0 {
				t.counts.people++
			}
			switch both := didOpen | didAttributed; {
			case fresh&didOpen != 0 && now&didAttributed == 0:
				p.PeopleOpen++
			case fresh&didAttributed != 0 && now&both == both:
				p.PeopleOpen--
			}
			if fresh&didFirst != 0 {
				p.FirstTimersAll++
				watched = min(watched, l.asOf)
				if t.stayed[who] {
					stayed++
				}
			}
		}
	}
	p.CommitsOpen, p.CommitsAll = t.counts.open, t.counts.all
	if s.Until+2*vitals.Year <= watched {
		p.StayedAll = &stayed
	}
	return p
}

// presence measures one organisation in the stretch that everybody has just gone through.
func (t *tally) presence(s *stretch, g *group, all Presence) Presence {
	p := all
	t.marks++
	stayed, confidence := 0, int64(0)
	for i, l := range t.lanes {
		for _, d := range s.deeds(l) {
			o := t.organisation(i, d.organisation)
			if o < 0 || !g.member(o) {
				continue
			}
			p.Commits++
			confidence += int64(d.confidence)
			who := t.person(i, d.person)
			if t.inside[who] == t.marks {
				continue
			}
			t.inside[who] = t.marks
			p.People++
			if t.facts[who]&didFirst != 0 {
				p.FirstTimers++
				if t.stayed[who] {
					stayed++
				}
			}
		}
	}
	if p.StayedAll != nil {
		p.Stayed = &stayed
	}
	if p.CommitsAll > 0 {
		p.Share = []float64{
			float64(p.Commits) / float64(p.CommitsAll),
			float64(p.Commits+p.CommitsOpen) / float64(p.CommitsAll),
		}
	}
	if p.Commits > 0 {
		mean := float64(confidence) / millionths / float64(p.Commits)
		p.Confidence = &mean
	}
	g.rank(&t.counts, &p)
	return p
}
