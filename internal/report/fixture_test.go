package report

import (
	"fmt"

	"github.com/mainstay-oss/mainstay/internal/message"
)

var languages = []message.Printer{{Lang: message.English}, {Lang: message.Korean}}

// in gives the English or the Korean wording.
func in(p message.Printer, en, ko string) string {
	if p.Lang == message.Korean {
		return ko
	}
	return en
}

// hostile drives terminals, reverses reading direction, breaks out of cells, and starts formulas.
const hostile = "=cmd|' /C calc'!A0\x1b]0;owned\x07\x1b[2J\u202egnp.exe\u2066|<script>alert(1)</script>`[x](http://evil.example)\r\n@all"

func months(perMonth ...int) []int {
	all := make([]int, 24)
	for i := range all {
		all[i] = perMonth[i*len(perMonth)/24]
	}
	return all
}

func activeVitals(commits, people, factor int, share float64, months []int) *Vitals {
	return &Vitals{AsOf: "2025-07-01", Commits12m: commits, Commits3m: commits / 5, Contributors12m: people,
		ContributorAbsenceFactor: &factor, TopShare: &share, Newcomers12m: people / 3, DepartedShare: ptr(0.21),
		DaysSinceCommit: ptr(3), Releases12m: 14, DaysSinceRelease: ptr(22), PullsOpened12m: ptr(280), PullsMerged12m: 190,
		FirstCommit: ptr("2016-02-08"), LastCommit: ptr("2025-06-28"), Months: months}
}

func outlook(p message.Printer, stop, collapse, low, high float64, band string) *Outlook {
	return &Outlook{Probability12m: &stop, Collapse12m: &collapse, Interval: []float64{low, high}, Band: band,
		Reasons: []Reason{
			{Code: "top_share", Weight: 0.9, Text: in(p, "one person made 62 % of the commits of the last year; the average is 31 %",
				"한 사람이 최근 1년 커밋의 62 %를 작성했습니다(평균 31 %)")},
			{Code: "newcomers", Weight: -0.3, Text: in(p, "34 people made their first commit in the last year", "최근 1년 동안 34명이 첫 커밋을 작성했습니다")},
		},
		Precedents: []Precedent{{Upstream: "github.com/example/router", AsOf: "2019-04-01", Outcome: "stop",
			Text: in(p, "github.com/example/router stood like this on 2019-04-01 and stopped within two years",
				"github.com/example/router: 2019-04-01에 비슷한 상태였고 2년 안에 중단되었습니다")}}}
}

// scan is a document with upstreams of every state, long and hostile names, and every kind of null.
func scan(p message.Printer) *Document {
	doc := &Document{
		SchemaVersion: SchemaVersion, Tool: Tool{"mainstay", "0.1.0"}, Command: "scan", Language: in(p, "en", "ko"), AsOf: "2025-07-01",
		Summary: Summary{Sentence: in(p, "You stand on 14 upstreams; 6 rest on one person; 2 have ended.",
			"업스트림 14개 위에 서 있습니다. 6개는 한 사람에게 기대고 있고, 2개는 종료되었습니다."),
			Upstreams: 14, Ranked: 12, Active: 7, Quiet: 3, Ended: 2, Unknown: 2, OnePerson: 6, High: 3, Packages: 212, Direct: 24, Resolved: 209,
			NotRead: in(p, "2 upstreams: git.example.org unreachable; 3 packages without a repository; 1 lockfile cut short.",
				"업스트림 2개: git.example.org에 연결할 수 없음, 저장소를 찾지 못한 패키지 3개, 중간에 끊긴 락파일 1개.")},
		Subjects: []Subject{{ID: "platform", Path: "examples/platform", Kind: "folder"}},
		Packages: []Package{
			{PURL: "pkg:golang/github.com/gorilla/mux@v1.8.1", Direct: true, Scope: "runtime", Subjects: []string{"platform"},
				File: "go.mod", Line: ptr(7), Upstream: ptr("github.com/gorilla/mux"),
				Resolution: &Resolution{Method: "module-path", Confidence: 1, Evidence: "github.com/gorilla/mux"},
				Registry:   &Registry{Released: ptr("2023-11-05"), Latest: ptr("v1.8.1"), LatestReleased: ptr("2023-11-05"), Publishers: ptr(2), Source: "registry.example", Observed: ptr("2025-07-01")}},
			{PURL: "pkg:npm/%40acme/valve@2.0.1", Direct: true, Scope: "runtime", Subjects: []string{"platform"}, File: "web/package-lock.json", Line: ptr(30),
				Notices: []Notice{{Kind: "deprecated", Date: "2025-03-01", Source: "registry.example", Text: in(p, "use @acme/tap", "@acme/tap 사용")}}},
			{PURL: "pkg:pypi/pump@1.0.0", Scope: "runtime", Subjects: []string{"platform"}, File: "requirements.txt", Line: ptr(3),
				Notices: []Notice{{Kind: "yanked", Date: "2025-05-20", Source: "registry.example", Text: "yanked"}, {Kind: hostile, Date: "2025-05-20", Source: hostile, Text: hostile}}},
			{PURL: "pkg:npm/" + hostile, Scope: "dev", Subjects: []string{"platform"}, Path: []string{"pkg:npm/%40types/node@22.0.0"}, File: hostile},
		},
		Plan:   &Plan{Engineers: 1, Openings: openings(p)[:1]},
		Passed: []Passed{{Reason: "testdata", Count: 3}, {Reason: "excluded", Count: 1}, {Reason: hostile, Count: 2}},
		Gaps: []Gap{
			{Stage: "inventory", Kind: "truncated", File: "web/package-lock.json", Line: ptr(812), Why: in(p, "the file ends too early", "파일이 중간에 끊겼습니다"),
				Hint: in(p, "write the file again with the tool that made it", "파일을 만든 도구로 다시 생성하십시오"), Count: 1},
			{Stage: "inventory", Kind: "bad-purl", File: hostile, What: hostile, Why: hostile, Hint: hostile, Count: 1},
			{Stage: "history", Kind: "host-unreachable", What: "git.example.org", Why: in(p, "git.example.org could not be reached and was not tried again",
				"git.example.org에 연결할 수 없어 다시 시도하지 않았습니다"), Hint: in(p, "check the network or proxy", "네트워크나 프록시를 확인하십시오"), Count: 2},
		},
		Next: []string{"mainstay inspect github.com/kubernetes/ingress-nginx", "mainstay plan --engineers 2 examples/platform",
			"mainstay scan examples/platform --format html --output report.html"},
	}
	why := func(u *Upstream, en, ko string) {
		u.Attention = &Attention{Score: u.Exposure.Score * *u.Loss, Why: []string{in(p, en, ko),
			in(p, fmt.Sprintf("%d packages of yours ride on it", u.Exposure.Packages), fmt.Sprintf("사용 중인 패키지 %d개가 여기에 기대고 있음", u.Exposure.Packages))}}
	}
	add := func(id, state string, exposure float64, packages int, loss *float64, en, ko string) *Upstream {
		doc.Upstreams = append(doc.Upstreams, Upstream{ID: id, State: state, Loss: loss, Packages: []string{"pkg:golang/" + id + "@v1.0.0"},
			Exposure: Exposure{Score: exposure, Direct: exposure > 0.5, Depth: int(1 / exposure), Subjects: 1, Packages: packages}})
		u := &doc.Upstreams[len(doc.Upstreams)-1]
		if loss != nil {
			why(u, en, ko)
			u.Attention.Rank = len(doc.Upstreams)
			u.History = &History{Source: "archive", Commits: 8432, ObservedUntil: "2025-11-12"}
		}
		return u
	}
	u := add("github.com/kubernetes/ingress-nginx", "active", 1, 3, ptr(0.62), "one person made 62 % of the last year's 323 commits, and the absence factor fell from 7 to 1 in eighteen months",
		"한 사람이 최근 1년 커밋 323개 중 62 %를 작성했고, 기여자 부재 계수가 18개월 사이 7에서 1로 줄었음")
	u.Vitals, u.Outlook = activeVitals(323, 104, 1, 0.624, months(41, 38, 35, 30, 33, 28, 22, 25, 31, 24, 20, 27)), outlook(p, 0.342, 0.48, 0.21, 0.49, "severe")
	u.Fragility = &Fragility{Score: ptr(0.43), KeyShare: ptr(0.624), SecondShare: ptr(0.052), AbsenceFactor24mAgo: ptr(7), ListedMaintainers: ptr(4), ActiveMaintainers: ptr(2)}
	u.Load = &Load{PullsOpened12m: ptr(280), PullsMerged12m: 190, CommitsSinceRelease: ptr(41), CommitsPerRelease: ptr(23.5),
		ReleaseBacklog: ptr(41 / 23.5), Regulars12m: 3, NewOutsiders12m: ptr(96), OutsidersPerRegular: ptr(32.0), WaitingOutsiders: ptr(38),
		WaitingPulls: ptr(44), WaitingDays: ptr(352)}
	u = add("github.com/gorilla/mux", "ended", 1, 1, ptr(1.0), "archived on 2022-12-09 by its maintainers", "2022-12-09에 메인테이너가 보관 처리했음")
	u.Notices = []Notice{{Kind: "archived", Date: "2022-12-09", Source: "https://github.com/gorilla/mux", Text: "The Gorilla project has been archived."}}
	u.Vitals = &Vitals{AsOf: "2025-07-01", DaysSinceCommit: ptr(935), FirstCommit: ptr("2012-10-02"), LastCommit: ptr("2022-12-09"), Months: make([]int, 24)}
	u = add("gitlab.example.com/a-rather-long-group/with-a-subgroup/and-another-one/parser-generator", "active", 0.5, 2, ptr(0.41),
		"commits fell from 212 to 19 in a year", "커밋이 1년 사이 212개에서 19개로 줄었음")
	u.Vitals, u.Outlook = activeVitals(19, 4, 1, 0.71, months(20, 18, 17, 9, 4, 2, 1, 1)), outlook(p, 0.187, 0.39, 0.02, 0.44, "unsure")
	u = add("github.com/mattn/go-runewidth", "active", 0.5, 1, ptr(0.33), "one person made 84 % of 61 commits", "한 사람이 커밋 61개 중 84 %를 작성했음")
	u.Vitals, u.Outlook = activeVitals(61, 9, 1, 0.84, months(3, 0, 8, 2)), outlook(p, 0.121, 0.2, 0.06, 0.2, "high")
	u.Vitals.AsOf = "2025-03-14"
	u = add("github.com/pkg/errors", "quiet", 0.5, 1, ptr(0.5), "no commit for 1,340 days, and 12 pull requests opened since", "1,340일 동안 커밋이 없고 그 뒤 풀 리퀘스트 12개가 열렸음")
	u.QuietKind, u.Vitals = ptr("waiting"), &Vitals{AsOf: "2025-07-01", DaysSinceCommit: ptr(1340), Months: make([]int, 24)}
	u.Load = &Load{}
	u = add("github.com/한국/오픈소스-라이브러리-이름이-아주-긴-저장소-이름", "active", 0.5, 1, ptr(0.2), "two people made half of the commits", "두 사람이 커밋의 절반을 작성했음")
	u.Vitals, u.Outlook = activeVitals(120, 12, 2, 0.31, months(1, 2, 4, 8, 16, 32)), outlook(p, 0.072, 0.11, 0.04, 0.12, "watch")
	u = add("github.com/spf13/pflag", "active", 0.33, 1, ptr(0.12), "three people made half of the commits", "세 사람이 커밋의 절반을 작성했음")
	u.Vitals, u.Outlook = activeVitals(54, 31, 3, 0.22, months(5, 3, 4, 6)), outlook(p, 0.0004, 0.02, 0.0001, 0.002, "calm")
	u = add("github.com/example/"+hostile, "active", 0.25, 1, ptr(0.11), hostile, hostile)
	u.Vitals, u.Outlook = activeVitals(80, 7, 1, 0.5, months(7)), outlook(p, 0.051, 0.09, 0.03, 0.08, "watch")
	u = add("golang.org/x/term", "quiet", 0.25, 1, ptr(0.05), "nothing was asked of it since its last commit", "마지막 커밋 이후 요청된 일이 없음")
	u.QuietKind, u.Vitals = ptr("finished"), &Vitals{AsOf: "2025-07-01", Commits12m: 8, Contributors12m: 3, Months: months(1, 0, 0, 2)}
	u = add("go.googlesource.com/text", "active", 0.2, 4, ptr(0.04), "calm: 11 people make half of the commits", "안정적: 11명이 커밋의 절반을 작성함")
	u.Vitals, u.Outlook = activeVitals(1480, 88, 11, 0.09, months(120, 118, 131, 99)), outlook(p, 0.004, 0.01, 0.002, 0.01, "calm")
	u = add("github.com/example/old", "ended", 0.1, 1, ptr(1.0), "deprecated on 2024-02-01", "2024-02-01에 지원 중단을 알렸음")
	u.Notices = []Notice{{Kind: "deprecated", Date: "2024-02-01", Source: "go.mod", Text: "Deprecated: use example.org/new."}}
	u = add("github.com/example/silent", "quiet", 0.1, 1, ptr(0.25), "no commit for 500 days", "500일 동안 커밋이 없음")
	u.QuietKind = ptr("unsure")
	add("git.example.org/lost/one", "unknown", 0.1, 1, nil, "", "")
	add("git.example.org/lost/two", "unknown", 0.1, 1, nil, "", "")
	return doc
}

func openings(p message.Printer) []Opening {
	return []Opening{
		{Upstream: "github.com/kubernetes/ingress-nginx", Engineers: 1, Exposure: 1, LossBefore: 0.62, LossAfter: 0.31, Fall: 0.31,
			Text: in(p, "A second regular contributor to github.com/kubernetes/ingress-nginx would lower the chance that it collapses from 48 % to 19 %. One person made 201 of 323 commits; 190 pull requests were merged and 280 opened. Three packages of yours ride on it.",
				"github.com/kubernetes/ingress-nginx: 꾸준한 기여자가 한 명 늘면 급감 확률이 48 %에서 19 %로 낮아집니다. 커밋 323개 중 201개를 한 사람이 작성했고, 풀 리퀘스트 280개 중 190개가 병합되었습니다. 사용 중인 패키지 3개가 여기에 기대고 있습니다.")},
		{Upstream: "github.com/mattn/go-runewidth", Engineers: 1, Exposure: 0.5, LossBefore: 0.33, LossAfter: 0.14, Fall: 0.095,
			Text: in(p, "A second regular contributor to github.com/mattn/go-runewidth would lower the chance that it collapses from 20 % to 8 %.",
				"github.com/mattn/go-runewidth: 꾸준한 기여자가 한 명 늘면 급감 확률이 20 %에서 8 %로 낮아집니다.")},
	}
}

// inspect is the founding case in depth.
func inspect(p message.Printer) *Document {
	doc := scan(p)
	doc.Command, doc.Plan, doc.Passed, doc.Gaps = "inspect", nil, nil, nil
	doc.Upstreams = doc.Upstreams[:1]
	doc.Summary = Summary{Sentence: in(p,
		"One person made 62 % of the 323 commits of the last year. The absence factor fell from 7 to 1 in eighteen months.",
		"지난 1년의 커밋 323건 가운데 62 %를 한 사람이 했습니다. 부재 계수(absence factor)가 18개월 사이 7에서 1로 떨어졌습니다."), Upstreams: 1, Ranked: 1, Active: 1, OnePerson: 1, High: 1}
	doc.Next = []string{"mainstay inspect github.com/kubernetes/ingress-nginx --format html --output ingress-nginx.html", "mainstay scan ."}
	u := &doc.Upstreams[0]
	factors := []int{9, 11, 12, 14, 15, 17, 17, 16, 15, 12, 9, 8, 8, 7, 7, 6, 7, 6, 5, 3, 3, 2, 1}
	for i, f := range factors {
		year, quarter := 2020+i/4, i%4*3+1
		share := 0.1 + 0.5/float64(f)
		point := Point{AsOf: fmt.Sprintf("%d-%02d-01", year, quarter), Commits12m: 300 + 20*f - i*3, Contributors12m: 90 + 6*f,
			ContributorAbsenceFactor: ptr(f), TopShare: &share, State: "active"}
		if i > 3 {
			point.Probability12m, point.Fragility = ptr(0.3/float64(f)), ptr(0.4/float64(f))
		}
		u.Series = append(u.Series, point)
	}
	last := &u.Series[len(u.Series)-1]
	last.TopShare, last.Commits12m, last.Contributors12m = ptr(0.624), 323, 104
	for i, share := range []float64{0.624, 0.052, 0.031, 0.022, 0.015, 0.012, 0.009, 0.009, 0.006, 0.006} {
		u.People = append(u.People, Person{Share: share, Commits12m: int(share*323 + 0.5), Since: fmt.Sprintf("20%02d-03-14", 17+i%8), LastCommit: "2025-06-20"})
	}
	u.WhatIf = []WhatIf{
		{Case: "+1", Text: p.Text("whatif.join", 1, 48), Probability12m: ptr(0.21), Interval: []float64{0.12, 0.33}, Collapse12m: ptr(0.31), Fragility: ptr(0.29), Loss: ptr(0.36)},
		{Case: "busiest leaves", Text: p.Text("whatif.leaves"), Probability12m: ptr(0.43), Collapse12m: ptr(0.66), Loss: ptr(0.66)},
		{Case: "busiest leaves, +1", Text: p.Text("whatif.both", 1, 48), Probability12m: ptr(0.29), Collapse12m: ptr(0.52), Loss: ptr(0.52)},
		{Case: hostile, Text: hostile},
	}
	u.People[1].Name, u.People[2].Name = ptr("김메인 테이너"), ptr("Mallory \x1b[31m\u202eyrollaM with a very long name")
	return doc
}

// plan is a plan for two engineers.
func plan(p message.Printer) *Document {
	doc := scan(p)
	doc.Command, doc.Plan = "plan", &Plan{Engineers: 2, Goal: "exposure", Openings: openings(p)}
	for i := range doc.Plan.Openings {
		o := &doc.Plan.Openings[i]
		o.Tractability, o.Worth = 0.4, o.Fall*0.4
	}
	return doc
}

// mixed is the scan with histories from several places.
func mixed(p message.Printer) *Document {
	doc := scan(p)
	for i, source := range []string{"mirror", "cache", "network", "archive"} {
		doc.Upstreams[i].History.Source = source
	}
	return doc
}
