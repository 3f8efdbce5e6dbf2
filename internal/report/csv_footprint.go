package report

import (
	"iter"
	"strconv"
)

// A period is the work of an organisation in one upstream, or in all, in one stretch of time, with the seats and the reach
// that belong to it; nil where there are none.
type period struct {
	organisation, upstream string
	*Presence
	seats *Seats
	reach *Reach
}

// footprintColumns of the CSV format for a footprint. The order is part of the contract: new columns are added at the end.
var footprintColumns = []column[period]{
	{"organisation", func(r *period) string { return textCell(r.organisation) }},
	{"upstream", func(r *period) string { return textCell(r.upstream) }},
	{"period", func(r *period) string { return textCell(r.Period) }},
	{"from", func(r *period) string { return textCell(r.From) }},
	{"until", func(r *period) string { return textCell(r.Until) }},
	{"whole", func(r *period) string { return strconv.FormatBool(r.Whole) }},
	{"commits", func(r *period) string { return strconv.Itoa(r.Commits) }},
	{"commits_open", func(r *period) string { return strconv.Itoa(r.CommitsOpen) }},
	{"commits_all", func(r *period) string { return strconv.Itoa(r.CommitsAll) }},
	{"share_low", func(r *period) string { return nth(r.Share, 0) }},
	{"share_high", func(r *period) string { return nth(r.Share, 1) }},
	{"confidence", func(r *period) string { return optional(r.Confidence, number) }},
	{"people", func(r *period) string { return strconv.Itoa(r.People) }},
	{"people_open", func(r *period) string { return strconv.Itoa(r.PeopleOpen) }},
	{"people_all", func(r *period) string { return strconv.Itoa(r.PeopleAll) }},
	{"first_timers", func(r *period) string { return strconv.Itoa(r.FirstTimers) }},
	{"first_timers_all", func(r *period) string { return strconv.Itoa(r.FirstTimersAll) }},
	{"stayed", func(r *period) string { return optional(r.Stayed, strconv.Itoa) }},
	{"stayed_all", func(r *period) string { return optional(r.StayedAll, strconv.Itoa) }},
	{"rank", func(r *period) string { return optional(r.Rank, strconv.Itoa) }},
	{"rank_range_best", func(r *period) string { return r.place(0) }},
	{"rank_range_worst", func(r *period) string { return r.place(1) }},
	{"organisations", func(r *period) string { return strconv.Itoa(r.Organisations) }},
	{"seats_as_of", func(r *period) string { return optional(r.seats, func(s Seats) string { return textCell(s.AsOf) }) }},
	{"seats_listed", func(r *period) string {
		return optional(r.seats, func(s Seats) string { return strconv.Itoa(s.Listed) })
	}},
	{"seats", func(r *period) string {
		return optional(r.seats, func(s Seats) string { return strconv.Itoa(s.Seats) })
	}},
	{"seats_open", func(r *period) string { return optional(r.seats, func(s Seats) string { return strconv.Itoa(s.Open) }) }},
	{"seats_share_low", func(r *period) string { return optional(r.seats, func(s Seats) string { return nth(s.Share, 0) }) }},
	{"seats_share_high", func(r *period) string { return optional(r.seats, func(s Seats) string { return nth(s.Share, 1) }) }},
	{"seats_active", func(r *period) string {
		return optional(r.seats, func(s Seats) string { return strconv.Itoa(s.Active) })
	}},
	{"seats_paper", func(r *period) string {
		return optional(r.seats, func(s Seats) string { return strconv.Itoa(s.Paper) })
	}},
	{"pull_authors", func(r *period) string { return r.used(func(u *Reach) *int { return u.PullAuthors }) }},
	{"observed_on", func(r *period) string {
		return optional(r.reach, func(u Reach) string { return textCell(u.ObservedOn) })
	}},
	{"subjects", func(r *period) string { return r.used(func(u *Reach) *int { return u.Subjects }) }},
	{"packages", func(r *period) string { return r.used(func(u *Reach) *int { return u.Packages }) }},
	{"downloads", func(r *period) string { return r.used(func(u *Reach) *int { return u.Downloads }) }},
	{"dependents", func(r *period) string { return r.used(func(u *Reach) *int { return u.Dependents }) }},
}

func (r *period) place(i int) string {
	if i >= len(r.RankRange) {
		return ""
	}
	return strconv.Itoa(r.RankRange[i])
}

func (r *period) used(of func(*Reach) *int) string {
	if r.reach == nil {
		return ""
	}
	return optional(of(r.reach), strconv.Itoa)
}

// footprintRecords goes through all organisations, each first in all upstreams and then in each, and there through the last
// 365 days, the years and the quarters.
func footprintRecords(f *Footprint) iter.Seq[*period] {
	return func(yield func(*period) bool) {
		for i := range f.Organisations {
			o := &f.Organisations[i]
			if !standingRecords(o.Name, &o.InAll, yield) {
				return
			}
			for j := range o.Upstreams {
				if !standingRecords(o.Name, &o.Upstreams[j], yield) {
					return
				}
			}
		}
	}
}

// standingRecords gives the seats as they were at the start of a year or quarter, and the newest with the last 365 days; the
// reach belongs to its quarter.
func standingRecords(organisation string, s *Standing, yield func(*period) bool) bool {
	if !yield(&period{organisation, s.Upstream, &s.Last12m, latestSeats(s), nil}) {
		return false
	}
	seats, reach := map[string]*Seats{}, map[string]*Reach{}
	for i := range s.Seats {
		seats[s.Seats[i].AsOf] = &s.Seats[i]
	}
	for i := range s.Reach {
		reach[s.Reach[i].Quarter] = &s.Reach[i]
	}
	for _, stretches := range [][]Presence{s.Years, s.Quarters} {
		for i := range stretches {
			p := &stretches[i]
			if !yield(&period{organisation, s.Upstream, p, seats[p.From], reach[p.Period]}) {
				return false
			}
		}
	}
	return true
}
