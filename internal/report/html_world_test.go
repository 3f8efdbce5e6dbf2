package report

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/mainstay-oss/mainstay/internal/message"
)

// A pageWorld describes a believable document to be made: what is asked of the page is the same whatever the figures.
type pageWorld struct {
	name      string
	command   string
	upstreams int
	cohort    bool
	deep      bool
}

func some[T any](v T) *T { return &v }

var pageWorlds = []pageWorld{
	{name: "small", command: "scan", upstreams: 8, deep: true},
	{name: "company", command: "scan", upstreams: 41, deep: true},
	{name: "large", command: "scan", upstreams: 300, deep: true},
	{name: "vast", command: "scan", upstreams: 1000, deep: true},
	{name: "cohort", command: "scan", upstreams: 97, cohort: true},
	{name: "plan", command: "plan", upstreams: 41, deep: true},
	{name: "nothing", command: "scan", upstreams: 0},
	{name: "one", command: "scan", upstreams: 1},
}

var (
	owners  = []string{"gorilla", "kubernetes", "spf13", "hashicorp", "lodash", "pallets", "apache", "tidwall", "open-telemetry", "grpc", "prometheus", "sindresorhus", "babel", "etcd-io", "jackc", "klauspost", "mattn", "redis", "naver", "toss"}
	stems   = []string{"mux", "ingress-nginx", "viper", "hcl", "lodash", "click", "commons-text", "gjson", "collector", "grpc-go", "client_golang", "got", "core", "bbolt", "pgx", "compress", "go-sqlite3", "node-redis", "pinpoint", "slash"}
	endings = []string{"", "-tools", "-go", "-js", "-parser", "-plugin", "-utils", "-client"}
)

// makeDocument makes the document of a world; the same for the same world and language.
func makeDocument(w pageWorld, lang message.Lang) *Document {
	rnd := rand.New(rand.NewPCG(uint64(w.upstreams), 7))
	ko := lang == message.Korean
	say := func(en, korean string) string {
		if ko {
			return korean
		}
		return en
	}
	doc := &Document{
		Tool: Tool{"mainstay", "0.1.0"}, Command: w.command, Language: string(lang), AsOf: "2025-07-01",
		Subjects: []Subject{{"storefront", "services/storefront", "folder"}, {"payments", "services/payments", "folder"}, {"platform-cluster", "cluster/bom.cdx.json", "sbom"}},
		Next:     []string{"mainstay inspect github.com/kubernetes/ingress-nginx", "mainstay plan --engineers 2", "mainstay scan --cohort ai --lang ko -f html -o report.html"},
		Passed:   []Passed{{say("files under testdata and node_modules", "testdata와 node_modules 아래의 파일"), 14}},
		Gaps: []Gap{
			{Stage: "history", Kind: "host-unreachable", What: "git.example.org", Why: say("the host did not answer and was not tried again", "호스트가 응답하지 않아 다시 시도하지 않았습니다"), Hint: say("check the network, or give --mirrors", "네트워크를 확인하거나 --mirrors를 지정하십시오"), Count: 12},
			{Stage: "inventory", Kind: "truncated", File: "legacy/package-lock.json", Line: some(4021), Why: say("the file ends too early", "파일이 중간에 끊겼습니다"), Hint: say("write the file again with the tool that made it", "파일을 만든 도구로 다시 생성하십시오"), Count: 1},
			{Stage: "upstream", Kind: "unresolved", What: "pkg:npm/%40toss/internal-widgets@2.0.1", Why: say("no repository was found for the package", "패키지의 저장소를 찾지 못했습니다"), Hint: say("name its upstream in mainstay.yaml", "mainstay.yaml에 업스트림을 지정하십시오"), Count: 1},
		},
	}
	if w.cohort {
		doc.Subjects = []Subject{{"ai", "ai", "cohort"}}
	}
	for i := range w.upstreams {
		u := makeUpstream(rnd, i, w, say)
		doc.Upstreams = append(doc.Upstreams, u)
		purl := fmt.Sprintf("pkg:golang/%s@v1.%d.0", u.ID, i)
		pkg := Package{PURL: purl, Direct: u.Exposure.Direct, Scope: "runtime", Subjects: []string{doc.Subjects[i%len(doc.Subjects)].ID}, File: "services/storefront/go.mod", Line: some(i + 5), Upstream: some(u.ID)}
		for d := 1; d < u.Exposure.Depth; d++ {
			pkg.Path = append(pkg.Path, fmt.Sprintf("pkg:golang/github.com/%s/%s@v1.%d.0", owners[(i+d)%20], stems[(i+d)%20], d))
		}
		doc.Packages = append(doc.Packages, pkg)
	}
	slices.SortStableFunc(doc.Upstreams, func(a, b Upstream) int {
		return cmp.Compare(lossOf(b)*b.Exposure.Score, lossOf(a)*a.Exposure.Score)
	})
	s := &doc.Summary
	for i := range doc.Upstreams {
		u := &doc.Upstreams[i]
		s.Upstreams++
		switch u.State {
		case "active":
			s.Active++
		case "quiet":
			s.Quiet++
		case "ended":
			s.Ended++
		default:
			s.Unknown++
		}
		if u.Outlook != nil && (u.Outlook.Band == "high" || u.Outlook.Band == "severe") {
			s.High++
		}
		if u.Vitals != nil && u.State != "ended" && u.Vitals.ContributorAbsenceFactor != nil && *u.Vitals.ContributorAbsenceFactor == 1 {
			s.OnePerson++
		}
		if u.Loss != nil {
			s.Ranked++
			u.Attention = &Attention{Rank: s.Ranked, Score: *u.Loss * u.Exposure.Score, Why: whyOf(u, say)}
		}
	}
	s.Packages, s.Direct, s.Resolved = len(doc.Packages), s.Upstreams/3, s.Upstreams
	s.Sentence = say(fmt.Sprintf("You stand on %d upstreams; %d rest on one person; %d have ended.", s.Upstreams, s.OnePerson, s.Ended),
		fmt.Sprintf("업스트림 %d개 위에 서 있습니다. %d개는 한 사람에게 의존하고, %d개는 종료되었습니다.", s.Upstreams, s.OnePerson, s.Ended))
	s.NotRead = say("14 things were not read: one host did not answer, one file is cut short.", "14건을 읽지 못했습니다. 호스트 하나가 응답하지 않았고 파일 하나가 중간에 끊겼습니다.")
	if n := len(doc.Upstreams); n > 2 {
		doc.Plan = &Plan{Engineers: 2}
		for _, i := range []int{0, 2}[:map[bool]int{true: 2, false: 1}[w.command == "plan"]] {
			u := doc.Upstreams[i]
			doc.Plan.Openings = append(doc.Plan.Openings, Opening{Upstream: u.ID, Engineers: 1, Exposure: u.Exposure.Score, LossBefore: lossOf(u), LossAfter: lossOf(u) * 0.36, Fall: lossOf(u) * 0.64, Text: say(
				"One person made 72 % of last year's commits, and 143 of 210 pull requests from others found no reviewer. A second regular contributor would lower the chance of a stop from 31 % to 12 %. Begin with the controller's reload path, which nobody but that person has touched for two years.",
				"작년 커밋의 72 %를 한 사람이 작성했고, 외부에서 온 풀 리퀘스트 210건 가운데 143건은 검토자를 찾지 못했습니다. 정기 기여자가 한 명 늘면 중단 확률이 31 %에서 12 %로 낮아집니다. 지난 2년 동안 그 한 사람만 손댄 컨트롤러의 재적재 경로부터 시작하는 것이 좋습니다.")})
		}
	}
	Normalise(doc)
	return doc
}

func lossOf(u Upstream) float64 {
	if u.Loss == nil {
		return -1
	}
	return *u.Loss
}

func whyOf(u *Upstream, say func(en, ko string) string) []string {
	why := []string{}
	if u.State == "ended" {
		why = append(why, say("its end was announced on 2025-03-24", "2025-03-24에 종료가 공지되었습니다"))
	}
	if v := u.Vitals; v != nil && v.TopShare != nil && *v.TopShare > 0.3 {
		why = append(why, say("one person made "+message.Percent(*v.TopShare)+" of the last year's commits", "작년 커밋의 "+message.Percent(*v.TopShare)+" 한 사람이 작성"))
	}
	if u.Fragility != nil && *u.Fragility.Score > 0.2 {
		why = append(why, say("should that person leave, maintenance would stop with a chance of "+message.Percent(*u.Fragility.Score), "그 사람이 떠나면 유지보수가 중단될 확률 "+message.Percent(*u.Fragility.Score)))
	}
	return append(why, say(fmt.Sprintf("%d of your packages come from it", len(u.Packages)), fmt.Sprintf("사용 중인 패키지 %d개의 출처", len(u.Packages))))
}

func makeUpstream(rnd *rand.Rand, i int, w pageWorld, say func(en, ko string) string) Upstream {
	id := "github.com/" + owners[i%20] + "/" + stems[(i*7+i/20)%20] + endings[(i/20)%8]
	if i >= 160 {
		id += fmt.Sprint(i)
	}
	if i%23 == 5 {
		id = "gitlab.com/group/sub/" + stems[i%20] + fmt.Sprint(i)
	}
	depth := 1
	if w.deep {
		depth = []int{1, 1, 1, 2, 2, 2, 2, 3, 3, 4}[rnd.IntN(10)]
		if w.upstreams > 100 && i%3 != 0 {
			depth += rnd.IntN(3)
		}
		if i < 3 {
			depth = i + 1
		}
	}
	subjects := 1 + rnd.IntN(3)
	if w.cohort {
		subjects = 3
	}
	u := Upstream{ID: id, Packages: []string{fmt.Sprintf("pkg:golang/%s@v1.%d.0", id, i)},
		Exposure: Exposure{Score: float64(subjects) / 3 / float64(depth), Direct: depth == 1, Depth: depth, Subjects: subjects, Packages: 1 + rnd.IntN(4)},
		History:  &History{Source: "mirror", Commits: 800 + rnd.IntN(20000), ObservedUntil: "2025-06-28"}}
	dice := rnd.Float64()
	if i == 0 {
		dice = 0.99
	}
	factor := 1 + int(math.Abs(rnd.NormFloat64())*4)
	if dice > 0.93 {
		factor = 1
	}
	top := min(0.93, 0.75/math.Sqrt(float64(factor))+rnd.Float64()*0.15)
	v := &Vitals{AsOf: "2025-06-28", Commits12m: 20 + rnd.IntN(900), Contributors12m: factor*3 + rnd.IntN(30), ContributorAbsenceFactor: &factor, TopShare: &top,
		Newcomers12m: rnd.IntN(30), DepartedShare: some(rnd.Float64() * 0.5), DaysSinceCommit: some(rnd.IntN(40)), Releases12m: rnd.IntN(12), DaysSinceRelease: some(rnd.IntN(300)),
		PullsOpened12m: some(rnd.IntN(400)), PullsMerged12m: rnd.IntN(300), FirstCommit: some("2016-02-08"), LastCommit: some(fmt.Sprintf("2025-06-%02d", 1+rnd.IntN(28)))}
	for m := range 24 {
		v.Months = append(v.Months, int(math.Max(0, 30+18*math.Sin(float64(m)/3+float64(i))+10*rnd.NormFloat64()-float64(m)*dice*1.3)))
	}
	u.Vitals = v
	switch {
	case dice < 0.04:
		u.State, u.Vitals, u.History = "unknown", nil, nil
	case dice < 0.08:
		u.State, u.Loss = "ended", some(1.0)
		u.Notices = []Notice{{"archived", "2025-03-24", "https://example.org/blog/retirement", say("The repository was archived.", "저장소가 보관 처리되었습니다.")}}
		for m := 15; m < 24; m++ {
			v.Months[m] = 0
		}
	case dice < 0.17:
		kinds := []string{"finished", "waiting", "unsure"}
		u.State, u.QuietKind, u.Loss = "quiet", &kinds[i%3], some([]float64{0.05, 0.5, 0.25}[i%3])
		v.ContributorAbsenceFactor, v.TopShare, v.Commits12m, v.Contributors12m = nil, nil, 0, 0
		for m := 8; m < 24; m++ {
			v.Months[m] = 0
		}
	default:
		u.State = "active"
		p := 0.004 + rnd.Float64()*0.022
		switch {
		case dice > 0.965:
			p = 0.27 + rnd.Float64()*0.2
		case dice > 0.9:
			p = 0.11 + rnd.Float64()*0.12
		case dice > 0.74:
			p = 0.03 + rnd.Float64()*0.06
		}
		f := min(0.6, 0.05+top*top*0.5+p*0.3)
		band := "calm"
		switch {
		case p >= 0.25:
			band = "severe"
		case p >= 0.1:
			band = "high"
		case p >= 0.03:
			band = "watch"
		}
		if i%37 == 11 {
			band = "unsure"
		}
		u.Outlook = &Outlook{Probability12m: &p, Collapse12m: some(min(p*1.6, 1)), Interval: []float64{p * 0.6, min(p*1.5, 1)}, Band: band, Reasons: []Reason{
			{"share", say("one person made "+message.Percent(top)+" of the year's commits", "한 해 커밋의 "+message.Percent(top)+" 한 사람이 작성"), 1.31},
			{"departed", say("the people behind 41 % of earlier work have fallen silent", "이전 작업의 41 % 해당하는 사람들이 활동을 멈춤"), 0.74},
			{"newcomers", say("7 newcomers in the last year", "최근 1년 동안 새 기여자 7명"), -0.42},
			{"age", say("nine years of unbroken work", "9년 동안 이어진 작업"), -0.28}}}
		u.Fragility = &Fragility{Score: &f, KeyShare: &top, SecondShare: some(top / 3), AbsenceFactor24mAgo: some(factor + 2)}
		u.Loss = some(1 - (1-*u.Outlook.Collapse12m)*(1-0.27*f))
	}
	return u
}

// makeInspection makes the document of one upstream with forty quarters behind it and a published end.
func makeInspection(lang message.Lang) *Document {
	doc := makeDocument(pageWorld{command: "inspect", upstreams: 1}, lang)
	ko := lang == message.Korean
	u := &doc.Upstreams[0]
	u.ID = "github.com/kubernetes/ingress-nginx"
	doc.Subjects = []Subject{{u.ID, u.ID, "purl"}}
	doc.Summary.Sentence = "One person made 62 % of the last year's commits to ingress-nginx; eighteen months ago it took seven people to make half of them."
	if ko {
		doc.Summary.Sentence = "ingress-nginx의 작년 커밋 62 %는 한 사람이 작성했습니다. 18개월 전에는 일곱 사람이 절반을 나누어 맡았습니다."
	}
	for q := range 40 {
		life := math.Sin(float64(q)/39*math.Pi) + 0.15
		factor := max(1, int(9*life)-2*max(0, q-33))
		top := 0.1 + 0.5/float64(factor)
		point := Point{AsOf: fmt.Sprintf("%d-%02d-01", 2015+(q+3)/4, (q+3)%4*3+1), Commits12m: int(1400 * life), Contributors12m: int(220 * life), ContributorAbsenceFactor: &factor, TopShare: &top, State: "active"}
		if q >= 4 {
			point.Probability12m, point.Fragility = some(0.01+math.Pow(float64(q)/39, 6)*0.3), some(0.1+0.4/float64(factor))
		}
		u.Series = append(u.Series, point)
	}
	for i, s := range []float64{0.62, 0.11, 0.06, 0.05, 0.03, 0.02, 0.02, 0.01} {
		u.People = append(u.People, Person{Share: s, Commits12m: int(s * 412), Since: "2018-03-12", LastCommit: fmt.Sprintf("2025-06-%02d", 27-i)})
	}
	u.Notices = []Notice{{"retired", "2025-06-24", "https://example.org/statement", "Maintenance will end in March 2026."}}
	p := message.Printer{Lang: lang}
	u.Outlook.Precedents = []Precedent{
		{"github.com/example/gateway", "2019-04-01", "stop", p.Text("precedent.retired", "example/gateway", 9, "2019-04-01", 388, 0.66)},
		{"github.com/example/router", "2016-07-01", "continued", p.Text("precedent.active", "example/router", "2016-07-01", 450, 0.58, 5)},
	}
	u.WhatIf = []WhatIf{
		{"+1", p.Text("whatif.join", 1, 48), some(0.21), []float64{0.12, 0.33}, some(0.31), some(0.29), some(0.36)},
		{"+2", p.Text("whatif.join", 2, 48), some(0.18), []float64{0.09, 0.3}, some(0.27), some(0.22), some(0.31)},
		{"busiest leaves", p.Text("whatif.leaves"), some(0.43), nil, some(0.66), nil, some(0.66)},
		{"busiest leaves, +1", p.Text("whatif.both", 1, 48), some(0.29), nil, some(0.52), nil, some(0.52)},
	}
	u.Governance, u.WayIn, u.Territory = governance(), wayIn(), territory()
	Normalise(doc)
	return doc
}

// makeDrill makes the document of a drill in which somebody leaves six upstreams.
func makeDrill(lang message.Lang) *Document {
	doc := makeDocument(pageWorld{command: "drill", upstreams: 41, deep: true}, lang)
	doc.Plan = nil
	doc.Drill = &Drill{Who: "busiest", Threshold: 0.25, Text: doc.Summary.Sentence}
	for i, verdict := range []string{"stops", "stops", "may-stop", "goes-on", "goes-on", "goes-on"} {
		low := 0.5 / float64(i+1)
		doc.Drill.Upstreams = append(doc.Drill.Upstreams, DrillUpstream{Upstream: doc.Upstreams[i].ID, People: []int{1, 1}, Share: []float64{low, low}, Before: some(low / 4),
			Probability: []float64{low, low * 1.6}, Verdict: verdict})
	}
	doc.Drill.Subjects = []DrillSubject{{"storefront", []string{doc.Upstreams[0].ID, doc.Upstreams[1].ID}, []string{doc.Upstreams[2].ID}}, {"payments", nil, []string{doc.Upstreams[2].ID}}}
	Normalise(doc)
	return doc
}

func renderPage(t testing.TB, doc *Document, lang message.Lang) string {
	t.Helper()
	var b bytes.Buffer
	if err := writeHTML(&b, doc, Options{Printer: message.Printer{Lang: lang}}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
