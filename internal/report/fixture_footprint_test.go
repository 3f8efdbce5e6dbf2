package report

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/mainstay-oss/mainstay/internal/message"
)

// A ledger is one upstream of the footprint fixture: how many commits a quarter, and which part of them is whose at the
// beginning and at the end of the twelve quarters.
type ledger struct {
	id                   string
	commits              int
	acme, bogi, nobody   [2]float64
	people               int
	listed               int // people listed in governance files; 0 where none could be read
	seats, paper, unsure int // of these Acme's, on paper, and attributable to nobody
	pulls                int // outsiders who open pulls in a quarter; -1 where pull heads are not known
}

var ledgers = []ledger{
	{"github.com/example/kv-store", 400, [2]float64{0.05, 0.3}, [2]float64{0, 0.04}, [2]float64{0.7, 0.3}, 90, 14, 4, 1, 2, 41},
	{"github.com/example/placement", 160, [2]float64{0.02, 0.12}, [2]float64{0, 0}, [2]float64{0.9, 0.7}, 40, 7, 1, 1, 3, 12},
	{"gitlab.com/example/group/scheduler", 90, [2]float64{0.2, 0.1}, [2]float64{0.1, 0.35}, [2]float64{0.3, 0.2}, 24, 9, 0, 0, 1, -1},
	{"github.com/example/wire-format", 30, [2]float64{0, 0.04}, [2]float64{0, 0}, [2]float64{1, 0.9}, 9, 0, 0, 0, 0, 3},
	{"github.com/한국/저장소-연결", 60, [2]float64{0, 0}, [2]float64{0.2, 0.5}, [2]float64{0.6, 0.5}, 15, 3, 0, 0, 1, 5},
	{"github.com/example/finished-parser", 0, [2]float64{}, [2]float64{}, [2]float64{}, 0, 2, 0, 0, 0, 0},
}

// footprint is the standing of two organisations in six upstreams over twelve quarters, with ranks that are not known, seats
// held on paper, sources of hashes without names, and one upstream whose pulls are not known.
func footprint(p message.Printer) *Document {
	doc := &Document{
		SchemaVersion: SchemaVersion, Tool: Tool{"mainstay", "0.1.0"}, Command: "footprint", Language: in(p, "en", "ko"), AsOf: "2025-05-20",
		Subjects: []Subject{{ID: "data.txt", Path: "data.txt", Kind: "cohort"}},
		Summary: Summary{Upstreams: 7, Unknown: 1, Active: 5, Quiet: 1,
			NotRead: in(p, "1 upstream: git.example.org unreachable.", "업스트림 1개: git.example.org에 연결할 수 없음.")},
		Gaps: []Gap{{Stage: "history", Kind: "host-unreachable", What: "git.example.org", Count: 1, Why: in(p, "git.example.org could not be reached and was not tried again",
			"git.example.org에 연결할 수 없어 다시 시도하지 않았습니다"), Hint: in(p, "check the network or proxy", "네트워크나 프록시를 확인하십시오")}},
		Next: []string{"mainstay footprint --org 'Acme Data' --cohort data.txt --names", "mainstay plan --goal standing --org 'Acme Data' --cohort data.txt"},
	}
	f := &Footprint{Notes: []string{
		in(p, "E-mail domains see little: who commits from a private address is attributed to nobody.", "전자 우편 도메인으로 알 수 있는 것은 적습니다. 개인 주소로 커밋한 사람은 누구의 소속으로도 보지 않습니다."),
		in(p, "Teams listed in governance files are not opened.", "거버넌스 파일에 적힌 팀은 구성원을 펼쳐 보지 않습니다."),
	}}
	doc.Footprint = f
	acme := Organisation{Name: "Acme Data", Includes: []string{"Acme Labs", "Acme Cloud"}}
	bogi := Organisation{Name: "보기전자"}
	all := [2]Standing{}
	for i, l := range ledgers {
		attribution := Attribution{Upstream: l.id}
		for k, o := range []*Organisation{&acme, &bogi} {
			s := l.standing(k)
			sumUp(&all[k], &s)
			if s.Last12m.Commits > 0 {
				o.Upstreams = append(o.Upstreams, s)
			}
			attribution.Commits, attribution.Attributed = s.Last12m.CommitsAll, s.Last12m.CommitsAll-s.Last12m.CommitsOpen
		}
		if attribution.Commits > 0 {
			attribution.Share = ptr(float64(attribution.Attributed) / float64(attribution.Commits))
			attribution.ToSettle = ptr(0)
			if *attribution.Share < settled {
				attribution.ToSettle = ptr(i)
				for n := range i {
					attribution.People = append(attribution.People, Open{Commits: 40 / (n + 1)})
				}
			} else {
				attribution.ElephantFactor = ptr(2)
			}
		}
		f.Attribution = append(f.Attribution, attribution)
	}
	slices.SortFunc(f.Attribution, func(a, b Attribution) int { return cmp.Compare(a.Upstream, b.Upstream) })
	together := Attribution{ToSettle: ptr(9)}
	for _, a := range f.Attribution {
		together.Commits += a.Commits
		together.Attributed += a.Attributed
	}
	together.Share = ptr(float64(together.Attributed) / float64(together.Commits))
	f.Attribution = append([]Attribution{together}, f.Attribution...)
	i := slices.IndexFunc(f.Attribution, func(a Attribution) bool { return a.Upstream == ledgers[1].id })
	f.Attribution[i].People = []Open{{Name: ptr("김해수"), Commits: 31}, {Commits: 12}}
	f.Attribution[i].ToSettle = ptr(2)

	for k, o := range []*Organisation{&acme, &bogi} {
		o.InAll = all[k]
		slices.SortFunc(o.Upstreams, func(a, b Standing) int { return cmp.Compare(b.Last12m.Commits, a.Last12m.Commits) })
		share := o.InAll.Last12m.Share
		o.Text = in(p,
			fmt.Sprintf("%s made %.0f to %.0f %% of the commits to 6 upstreams in 12 months; its rank is not known.", o.Name, share[0]*100, share[1]*100),
			fmt.Sprintf("%s: 최근 12개월 동안 업스트림 6개의 커밋 가운데 %.0f~%.0f %%를 작성했으며, 순위는 알 수 없습니다.", o.Name, share[0]*100, share[1]*100))
	}
	f.Organisations = []Organisation{acme, bogi}
	a, b := acme.InAll.Last12m.Share, bogi.InAll.Last12m.Share
	doc.Summary.Sentence = in(p,
		fmt.Sprintf("Acme Data made %.0f to %.0f %% of the commits to 6 upstreams in the last 12 months, 보기전자 %.0f to %.0f %%.", a[0]*100, a[1]*100, b[0]*100, b[1]*100),
		fmt.Sprintf("최근 12개월 동안 업스트림 6개의 커밋 가운데 Acme Data가 %.0f~%.0f %%, 보기전자가 %.0f~%.0f %%를 작성했습니다.", a[0]*100, a[1]*100, b[0]*100, b[1]*100))
	return doc
}

// standing is the ledger as the standing of one organisation: 0 is Acme, 1 is Bogi.
func (l *ledger) standing(k int) Standing {
	s := Standing{Upstream: l.id}
	for q := range 12 { // from 2022-Q3 to 2025-Q2, the last one running
		year, quarter := 2022+(q+2)/4, (q+2)%4
		t := float64(q) / 11
		commits := l.commits + q%3*l.commits/10
		if q == 11 {
			commits = commits * 5 / 9
		}
		at := func(part [2]float64) int { return int(float64(commits)*(part[0]+(part[1]-part[0])*t) + 0.5) }
		people := func(n int) int { return (n*l.people + commits - 1) / max(commits, 1) }
		mine, nobody := at([][2]float64{l.acme, l.bogi}[k]), at(l.nobody)
		o := Presence{Period: fmt.Sprintf("%d-Q%d", year, quarter+1), From: fmt.Sprintf("%d-%02d-01", year, quarter*3+1), Until: fmt.Sprintf("%d-%02d-01", year+(quarter+1)/4, (quarter+1)%4*3+1), Whole: q < 11,
			Commits: mine, CommitsOpen: nobody, CommitsAll: commits, People: people(mine), PeopleOpen: people(nobody), PeopleAll: people(commits),
			FirstTimers: people(mine) / 6, FirstTimersAll: people(commits) / 8}
		if q < 4 {
			o.Stayed, o.StayedAll = ptr((o.FirstTimers+1)/2), ptr(o.FirstTimersAll/3)
		}
		o.settle()
		s.Quarters = append(s.Quarters, o)
		if l.listed > 0 && q > 2 {
			seats := Seats{AsOf: o.From, Listed: l.listed, Open: l.unsure}
			if k == 0 {
				seats.Seats = l.seats * q / 11
				seats.Paper = min(l.paper, seats.Seats)
				seats.Active = seats.Seats - seats.Paper
			}
			seats.Share = []float64{float64(seats.Seats) / float64(l.listed), float64(seats.Seats+seats.Open) / float64(l.listed)}
			s.Seats = append(s.Seats, seats)
		}
		reach := Reach{Quarter: o.Period}
		if l.pulls >= 0 && q > 1 {
			reach.PullAuthors = ptr(l.pulls + q*l.pulls/8)
		}
		if q == 11 {
			reach.ObservedOn, reach.Subjects, reach.Packages, reach.Downloads = "2025-05-19", ptr(1), ptr(14), ptr(l.commits*321)
			if k == 0 {
				reach.Dependents = ptr(l.commits * 3)
			}
		}
		s.Reach = append(s.Reach, reach)
	}
	s.Last12m = sumOf("12m", "2024-05-20", "2025-05-20", s.Quarters[8:])
	s.Last12m.Stayed, s.Last12m.StayedAll = nil, nil
	for _, y := range [][2]int{{0, 2}, {2, 6}, {6, 10}, {10, 12}} {
		year := 2022 + (y[0]+2)/4
		o := sumOf(fmt.Sprint(year), fmt.Sprintf("%d-01-01", year), fmt.Sprintf("%d-01-01", year+1), s.Quarters[y[0]:y[1]])
		s.Years = append(s.Years, o)
	}
	return s
}

// gather puts quarters together; people who come again count once.
func sumOf(name, from, until string, quarters []Presence) Presence {
	o := Presence{Period: name, From: from, Until: until, Whole: true, Stayed: ptr(0), StayedAll: ptr(0)}
	for _, q := range quarters {
		o.Commits += q.Commits
		o.CommitsOpen += q.CommitsOpen
		o.CommitsAll += q.CommitsAll
		o.People, o.PeopleOpen, o.PeopleAll = max(o.People, q.People), max(o.PeopleOpen, q.PeopleOpen), max(o.PeopleAll, q.PeopleAll)
		o.FirstTimers += q.FirstTimers
		o.FirstTimersAll += q.FirstTimersAll
		o.Whole = o.Whole && (q.Whole || name == "12m")
		if q.Stayed == nil || o.Stayed == nil {
			o.Stayed, o.StayedAll = nil, nil
			continue
		}
		o.Stayed, o.StayedAll = ptr(*o.Stayed+*q.Stayed), ptr(*o.StayedAll+*q.StayedAll)
	}
	o.settle()
	return o
}

// settle fills what follows from the counts.
func (o *Presence) settle() {
	o.Share, o.RankRange, o.Rank, o.Confidence, o.Organisations = nil, nil, nil, nil, 0
	if o.CommitsAll == 0 {
		return
	}
	all := float64(o.CommitsAll)
	o.Organisations = 14
	o.Share = []float64{float64(o.Commits) / all, float64(o.Commits+o.CommitsOpen) / all}
	o.RankRange = []int{1, 9}
	if float64(o.CommitsOpen)/all <= 1-settled {
		o.Rank, o.RankRange = ptr(2), []int{1, 3}
	}
	if o.Commits > 0 {
		o.Confidence = ptr(0.9)
	}
}

// sumUp adds the standing in one upstream to the standing in all.
func sumUp(all, s *Standing) {
	if all.Quarters == nil {
		all.Last12m, all.Years, all.Quarters = s.Last12m, slices.Clone(s.Years), slices.Clone(s.Quarters)
		all.Seats, all.Reach = slices.Clone(s.Seats), slices.Clone(s.Reach)
		return
	}
	add := func(to *Presence, o *Presence) {
		to.Commits += o.Commits
		to.CommitsOpen += o.CommitsOpen
		to.CommitsAll += o.CommitsAll
		to.People += o.People
		to.PeopleOpen += o.PeopleOpen
		to.PeopleAll += o.PeopleAll
		to.FirstTimers += o.FirstTimers
		to.FirstTimersAll += o.FirstTimersAll
		if to.Stayed != nil && o.Stayed != nil {
			to.Stayed, to.StayedAll = ptr(*to.Stayed+*o.Stayed), ptr(*to.StayedAll+*o.StayedAll)
		}
		to.settle()
	}
	add(&all.Last12m, &s.Last12m)
	for i := range s.Years {
		add(&all.Years[i], &s.Years[i])
	}
	for i := range s.Quarters {
		add(&all.Quarters[i], &s.Quarters[i])
		to, o := &all.Reach[i], &s.Reach[i]
		if to.PullAuthors != nil && o.PullAuthors != nil {
			to.PullAuthors = ptr(*to.PullAuthors + *o.PullAuthors)
		}
		if to.Downloads != nil {
			to.Downloads = ptr(*to.Downloads + *o.Downloads)
		}
		if to.Dependents != nil {
			to.Dependents = ptr(*to.Dependents + *o.Dependents)
		}
	}
	for i := range s.Seats {
		to, o := &all.Seats[i], &s.Seats[i]
		to.Listed += o.Listed
		to.Seats += o.Seats
		to.Open += o.Open
		to.Active += o.Active
		to.Paper += o.Paper
		to.Share = []float64{float64(to.Seats) / float64(to.Listed), float64(to.Seats+to.Open) / float64(to.Listed)}
	}
}

// shortFootprint is one organisation in one upstream over two quarters, for the golden JSON.
func shortFootprint(p message.Printer) *Document {
	doc := footprint(p)
	f := doc.Footprint
	f.Organisations, f.Attribution = f.Organisations[:1], f.Attribution[:2]
	o := &f.Organisations[0]
	o.Upstreams = o.Upstreams[1:2]
	for _, s := range []*Standing{&o.InAll, &o.Upstreams[0]} {
		s.Years, s.Quarters, s.Seats, s.Reach = s.Years[2:3], s.Quarters[10:], s.Seats[8:], s.Reach[11:]
	}
	return doc
}

// emptyFootprints are documents of the command in which little or nothing is said.
func emptyFootprints() map[string]*Document {
	bare := func(f *Footprint) *Document {
		return &Document{Command: "footprint", AsOf: "2025-07-01", Language: "en", Summary: Summary{Sentence: "Nothing is known."}, Footprint: f}
	}
	return map[string]*Document{
		"none":          bare(nil),
		"no one":        bare(&Footprint{}),
		"no upstream":   bare(&Footprint{Organisations: []Organisation{{Name: "Acme"}}, Attribution: []Attribution{{ToSettle: ptr(0)}}}),
		"no name":       bare(&Footprint{Organisations: []Organisation{{}, {}}}),
		"one quarter":   bare(&Footprint{Organisations: []Organisation{{Name: "Acme", InAll: Standing{Quarters: []Presence{{Period: "2025-Q2", CommitsAll: 4, CommitsOpen: 1, Share: []float64{0.5, 0.75}}}}}}}),
		"no commits":    bare(&Footprint{Organisations: []Organisation{{Name: "Acme", InAll: Standing{Years: []Presence{{Period: "2025"}}, Quarters: []Presence{{Period: "2025-Q1"}, {Period: "2025-Q2"}}}, Upstreams: []Standing{{Upstream: "github.com/example/a"}}}}, Attribution: []Attribution{{}, {Upstream: "github.com/example/a"}}}),
		"only seats":    bare(&Footprint{Organisations: []Organisation{{Name: "Acme", InAll: Standing{Seats: []Seats{{AsOf: "2025-04-01"}}}}}}),
		"only a wish":   bare(&Footprint{Organisations: []Organisation{{Name: "Acme", InAll: Standing{Reach: []Reach{{Quarter: "2025-Q1"}}}}}}),
		"overlap":       bare(&Footprint{Organisations: []Organisation{{Name: "A", InAll: Standing{Last12m: Presence{Commits: 9, CommitsAll: 10}}}, {Name: "A1", InAll: Standing{Last12m: Presence{Commits: 5, CommitsAll: 10}}}}, Attribution: []Attribution{{Commits: 10, Attributed: 9, Share: ptr(0.9)}}}),
		"eight of them": bare(&Footprint{Organisations: slices.Repeat([]Organisation{{Name: "Acme"}}, 8)}),
	}
}

// poisonedFootprint holds hostile text wherever a footprint holds text of others.
func poisonedFootprint(p message.Printer) *Document {
	doc := footprint(p)
	f := doc.Footprint
	doc.Summary.Sentence, f.Notes = hostile, []string{hostile}
	for i := range f.Organisations {
		o := &f.Organisations[i]
		o.Name, o.Text, o.Includes = hostile, hostile+"!", []string{hostile, "", hostile, hostile}
		for j := range o.Upstreams {
			o.Upstreams[j].Upstream = "github.com/example/" + hostile
		}
		for _, s := range append([]Standing{o.InAll}, o.Upstreams...) {
			for j := range s.Quarters {
				s.Quarters[j].Period = hostile
			}
			for j := range s.Reach {
				s.Reach[j].Quarter = hostile
			}
		}
	}
	for i := range f.Attribution[1:] {
		a := &f.Attribution[i+1]
		a.Upstream, a.People = hostile, []Open{{Name: ptr(hostile), Commits: 3}}
	}
	return doc
}
