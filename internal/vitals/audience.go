package vitals

// Audience counts the people, no bots, who made a human commit or opened a pull in the 365 days up to t. Where pull heads are not
// known only those with commits count.
func (m *Meter) Audience(t int64) int {
	persons := m.index.At(t)
	came := map[int32]struct{}{}
	for _, w := range m.human[m.upTo(t-Year):m.upTo(t)] {
		came[persons.Of(w.author)] = struct{}{}
	}
	for i := range m.h.Pulls {
		p := &m.h.Pulls[i]
		if p.Authored > t-Year && p.Authored <= t && !m.h.Identities[p.Author].Bot {
			came[m.asker(persons, p)] = struct{}{}
		}
	}
	return len(came)
}
