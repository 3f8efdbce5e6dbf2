package vitals

import "sort"

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
