package vitals

import (
	"strings"

	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/people"
)

// QuietKind tells quiet upstreams apart by what was asked of them.
type QuietKind string

// Kinds of quiet; doc/measures.md defines each.
const (
	Finished QuietKind = "finished" // next to nothing is asked of it
	Waiting  QuietKind = "waiting"  // outsiders ask and get no answer
	Unsure   QuietKind = "unsure"   // what was asked is not known, or says too little
)

// The rule for kinds of quiet. The thresholds were chosen on testdata/quiet_labels.tsv; doc/measures.md has the figures.
const (
	askedFrom    = Year     // asked since the last human commit, and at least within this, because a typo mended is no answer,
	askedAtMost  = 2 * Year // but not before this, because who asked then has given up
	askedPatient = 30 * Day // a younger pull is not waiting yet

	insiderCommits = 10 // human commits that make an insider,
	insiderPart    = 10 // or this part of all: a tenth

	manyAsk   = 5 // so many outsiders without an answer are waiting,
	someAsk   = 3 // and so many if they are
	usualPart = 5 // this part of the outsiders of a usual year of the past: a fifth
	fewAsk    = 1 // so many at most, and it is finished

	muteFrom  = 5   // so many outsiders' pulls with none ever taken, or
	mutePulls = 3   // fewer than so many in a history of
	muteLong  = 100 // so many human commits: pulls are not how this upstream is asked
)

// Asked is what outsiders asked of an upstream: the pulls that they opened in a window, which begins at the last human
// commit, but at least 365 and at most 730 days before the date, and ends 30 days before it. An outsider is neither a bot nor
// an insider: somebody with ten human commits up to the date, or a tenth of all.
type Asked struct {
	Outsiders int      // persons who opened those pulls that were not taken up to the date
	Pulls     int      // these pulls
	Taken     int      // other pulls of the window, which were: a commit names them, or is their head by author and author date
	Oldest    int      // days since the oldest of Pulls, 0 without any
	Usual     *float64 // outsiders with pulls in a usual year before the window, taken or not; nil with less than a year of past

	past      int // outsiders' pulls before the window
	pastTaken int // of these, taken up to the date
}

// Asked counts what was asked as of t; nil where pull heads are not known.
func (m *Meter) Asked(t int64) *Asked {
	if !m.h.PullsKnown {
		return nil
	}
	upTo := m.upTo(t)
	from := t - askedFrom
	if upTo > 0 {
		from = min(from, m.human[upTo-1].at)
	}
	from = max(from, t-askedAtMost)

	persons := m.index.At(t)
	inside := m.insiders(persons, upTo)
	type year struct {
		who int32
		n   int64
	}
	var a Asked
	asking, usual := map[int32]struct{}{}, map[year]struct{}{}
	first, oldest := from, t
	taken := m.takenPulls()
	for i := range m.h.Pulls {
		p := &m.h.Pulls[i]
		if p.Authored > t-askedPatient || m.h.Identities[p.Author].Bot {
			continue
		}
		who := m.asker(persons, p)
		if who >= 0 && inside[who] != 0 {
			continue
		}
		switch {
		case p.Authored <= from:
			a.past++
			if taken[i] <= t {
				a.pastTaken++
			}
			first = min(first, p.Authored)
			usual[year{who, (from - p.Authored) / Year}] = struct{}{}
		case taken[i] <= t:
			a.Taken++
		default:
			a.Pulls++
			asking[who] = struct{}{}
			oldest = min(oldest, p.Authored)
		}
	}
	a.Outsiders = len(asking)
	a.Oldest = int((t - oldest) / Day)
	if past := from - first; past >= Year {
		perYear := float64(len(usual)) * Year / float64(past)
		a.Usual = &perYear
	}
	return &a
}

// asker tells who opened a pull: the number of a person who can be told apart by commits, or, for those who have none yet, a
// number below 0 that stands for their address.
func (m *Meter) asker(persons *people.Persons, p *history.Pull) int32 {
	if who := persons.Of(p.Author); who >= 0 {
		return who
	}
	return -1 - m.addresses()[p.Author]
}

// addresses gives for each identity the first one with the same address. An archive knows the author of a pull by the address
// alone, so that names must not matter here.
func (m *Meter) addresses() []int32 {
	if m.address != nil {
		return m.address
	}
	first := map[string]int32{}
	m.address = make([]int32, len(m.h.Identities))
	for i := range m.h.Identities {
		m.address[i] = int32(i)
		email := strings.ToLower(m.h.Identities[i].Email)
		if email == "" || email == "-" {
			continue
		}
		if same, ok := first[email]; ok {
			m.address[i] = same
		} else {
			first[email] = int32(i)
		}
	}
	return m.address
}

// insiders marks by number the persons who made enough of the first human commits to have a say.
func (m *Meter) insiders(persons *people.Persons, upTo int) []int {
	inside := m.counts.reset(persons.Count())
	for _, w := range m.human[:upTo] {
		inside[persons.Of(w.author)]++
	}
	for who, n := range inside {
		if !insider(n, upTo) {
			inside[who] = 0
		}
	}
	return inside
}

// insider tells whether somebody with so many of all human commits has a say.
func insider(commits, all int) bool {
	return commits > 0 && (commits >= insiderCommits || insiderPart*commits >= all)
}

// takenPulls gives for each pull when it was taken: the date of the first commit that names it, or that has the address and
// author date of its head, as a merge or rebase leaves it; never if there is none.
func (m *Meter) takenPulls() []int64 {
	if m.taken != nil {
		return m.taken
	}
	type head struct {
		authored int64
		address  int32
	}
	address := m.addresses()
	byNumber, byHead := map[int32]int{}, map[head]int{}
	m.taken = make([]int64, len(m.h.Pulls))
	next := make([]int, len(m.h.Pulls)) // another pull with the same head
	for i := range m.h.Pulls {
		p := &m.h.Pulls[i]
		m.taken[i] = never
		byNumber[p.Number] = i
		h := head{p.Authored, address[p.Author]}
		next[i] = -1
		if twin, ok := byHead[h]; ok {
			next[i] = twin
		}
		byHead[h] = i
	}
	for i := range m.h.Commits {
		c := &m.h.Commits[i]
		if j, ok := byNumber[c.Pull]; ok && c.Pull > 0 {
			m.taken[j] = min(m.taken[j], c.Committed)
		}
		h := head{c.Authored, address[c.Author]}
		if j, ok := byHead[h]; ok {
			delete(byHead, h) // commits come oldest first: no later one is its taking
			for ; j >= 0; j = next[j] {
				m.taken[j] = min(m.taken[j], c.Committed)
			}
		}
	}
	return m.taken
}

// quiet tells the kind of a quiet upstream.
func (m *Meter) quiet(t int64) QuietKind {
	a := m.Asked(t)
	upTo := m.upTo(t)
	switch {
	case a == nil:
		return Unsure
	case a.mute(upTo):
		return Unsure
	case a.Outsiders >= manyAsk,
		a.Outsiders >= someAsk && a.Usual != nil && usualPart*float64(a.Outsiders) >= *a.Usual:
		return Waiting
	case a.Outsiders > fewAsk:
		return Unsure
	case upTo > 0 && m.human[0].at > t-activeAge:
		return Unsure // too young to be called finished
	}
	return Finished
}

// mute tells whether the pulls of an upstream with so many human commits say nothing: because it works by other ways, patches
// by mail or another forge, or because it moved and its pulls stayed behind.
func (a *Asked) mute(commits int) bool {
	pulls, taken := a.past+a.Pulls+a.Taken, a.pastTaken+a.Taken
	return pulls >= muteFrom && taken == 0 || pulls < mutePulls && commits >= muteLong
}
