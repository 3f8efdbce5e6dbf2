package vitals

import (
	"math"
	"sort"
)

// QuietKind tells quiet upstreams apart by what was asked of them since their last human commit.
type QuietKind string

// Kinds of quiet; doc/measures.md defines each.
const (
	Finished QuietKind = "finished" // nothing was asked
	Waiting  QuietKind = "waiting"  // outsiders opened pulls
	Unsure   QuietKind = "unsure"   // it is not known what was asked, or the upstream is too young to say
)

// The rule for active.
const (
	activeCommits = 12        // human commits in the last year
	activeSilence = 120 * Day // one of them within
	activeAge     = Year      // the first human commit is at least this old
)

// State says what can be said as of t before any forecast. notice is the date of the earliest published end (Unix
// seconds), nil if none is known. The kind is empty unless the state is Quiet. A nil Meter stands for no history.
func (m *Meter) State(t int64, notice *int64) (State, QuietKind) {
	switch {
	case notice != nil && *notice <= t:
		return Ended, ""
	case m == nil, sort.Search(len(m.h.Commits), func(i int) bool { return m.h.Commits[i].Committed > t }) == 0:
		return Unknown, ""
	case m.active(t):
		return Active, ""
	}
	return Quiet, m.quiet(t)
}

func (m *Meter) active(t int64) bool {
	upTo := m.upTo(t)
	return upTo-m.upTo(t-Year) >= activeCommits &&
		m.human[upTo-1].at > t-activeSilence &&
		m.human[0].at <= t-activeAge
}

// quiet looks at the pulls that were opened after the last human commit.
func (m *Meter) quiet(t int64) QuietKind {
	upTo := m.upTo(t)
	if !m.h.PullsKnown {
		return Unsure
	}
	since := int64(math.MinInt64 / 2)
	if upTo > 0 {
		since = m.human[upTo-1].at
	}
	persons := m.index.At(t)
	inside := m.counts.reset(persons.Count()) // who worked in the year before the silence
	for _, w := range m.human[m.upTo(since-Year):upTo] {
		inside[persons.Of(w.author)] = 1
	}
	for i := range m.h.Pulls {
		p := &m.h.Pulls[i]
		if p.Authored <= since || p.Authored > t || m.h.Identities[p.Author].Bot {
			continue
		}
		if who := persons.Of(p.Author); who < 0 || inside[who] == 0 {
			return Waiting
		}
	}
	if upTo > 0 && m.human[0].at > t-activeAge {
		return Unsure // too young to be called finished
	}
	return Finished
}
