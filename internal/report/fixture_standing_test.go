package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/message"
)

// governance is that of the founding case: four are listed, one is at work.
func governance() *Governance {
	g := &Governance{AsOf: "2025-07-01", Files: []string{"OWNERS", "OWNERS_ALIASES"}, Listed: 4, Active: 1, Paper: 3}
	listed := []int{2, 3, 3, 5, 6, 6, 7, 7, 7, 8, 8, 8, 9, 9, 8, 6, 5, 5, 4, 4, 4, 4}
	active := []int{2, 3, 3, 4, 5, 5, 6, 5, 5, 5, 5, 4, 5, 4, 4, 3, 3, 2, 2, 2, 1, 1}
	for i := range listed {
		unmatched := 0
		if i >= 9 && i < 13 {
			unmatched = 1
		}
		g.Series = append(g.Series, SeatsPoint{AsOf: fmt.Sprintf("%d-%02d-01", 2020+(i+1)/4, (i+1)%4*3+1), Listed: listed[i], Active: active[i],
			Paper: listed[i] - active[i] - unmatched, Unmatched: unmatched})
	}
	return g
}

func wayIn() *WayIn {
	return &WayIn{OutsidePulls: ptr(412), OutsideMerged: ptr(171), MergedShare: ptr(171.0 / 412), Newcomers: 96, Stayed: 11, StayedShare: ptr(11.0 / 96),
		DaysToSeat: []int{398, 611, 274, 1320, 455}, MedianToSeat: ptr(455), Tractability: ptr(0.27)}
}

// leaves are the folders of a controller with the files in each, and how many of them are orphaned.
var leaves = []struct {
	path            string
	files, orphaned int
}{
	{"", 6, 2}, {"build", 9, 4}, {"build/kind", 4, 1}, {"charts/ingress-nginx", 14, 3}, {"charts/ingress-nginx/templates", 38, 9}, {"charts/ingress-nginx/tests", 22, 0},
	{"cmd/annotations", 2, 0}, {"cmd/dataplane", 3, 0}, {"cmd/nginx", 5, 1}, {"cmd/plugin", 16, 16}, {"cmd/waitshutdown", 1, 1}, {"docs/user-guide", 11, 7}, {"hack", 8, 6},
	{"images/custom-error-pages", 4, 4}, {"images/nginx/rootfs", 9, 6}, {"images/opentelemetry", 7, 5}, {"images/test-runner", 6, 0}, {"internal/admission", 5, 1},
	{"internal/ingress/annotations", 42, 12}, {"internal/ingress/annotations/auth", 12, 11}, {"internal/ingress/annotations/canary", 6, 5}, {"internal/ingress/annotations/modsecurity", 4, 4},
	{"internal/ingress/annotations/ratelimit", 6, 4}, {"internal/ingress/controller", 31, 9}, {"internal/ingress/controller/config", 7, 3}, {"internal/ingress/controller/store", 26, 14},
	{"internal/ingress/controller/template", 19, 11}, {"internal/ingress/metric/collectors", 17, 15}, {"internal/ingress/status", 6, 5}, {"internal/k8s", 9, 2}, {"internal/net/ssl", 11, 8},
	{"pkg/apis", 7, 2}, {"pkg/util/file", 6, 3}, {"rootfs/etc/nginx/lua", 34, 27}, {"rootfs/etc/nginx/lua/balancer", 16, 15}, {"rootfs/etc/nginx/lua/test", 21, 19},
	{"test/e2e/annotations", 58, 14}, {"test/e2e/framework", 24, 8}, {"test/e2e/settings", 47, 31}, {"test/e2e/tcpudp", 3, 3},
}

// territory counts each folder with all below it, as the document does.
func territory() *Territory {
	t := &Territory{AsOf: "2025-07-01", PassedOver: 187, Authors: 61, TruckFactor: ptr(3)}
	folders := map[string]*Folder{}
	for i, l := range leaves {
		t.Files, t.Orphaned = t.Files+l.files, t.Orphaned+l.orphaned
		for path := l.path; ; path = path[:max(strings.LastIndexByte(path, '/'), 0)] {
			if folders[path] == nil {
				folders[path] = &Folder{Path: path, LastChange: fmt.Sprintf("202%d-%02d-%02d", 2+i%4, 1+i%6, 1+i%28)}
			}
			f := folders[path]
			f.Files, f.Orphaned = f.Files+l.files, f.Orphaned+l.orphaned
			if path == "" {
				break
			}
		}
	}
	t.OrphanedShare = ptr(float64(t.Orphaned) / float64(t.Files))
	for _, f := range folders {
		known := f.Files - f.Orphaned
		f.Knowing = min(known, 1+known/9)
		for i := range min(f.Knowing, 3) {
			files := max(known/(i+2), 1)
			f.Successors = append(f.Successors, Successor{Files: files, Share: float64(files) / float64(f.Files), LastChange: fmt.Sprintf("2025-0%d-1%d", 6-i, i)})
		}
		t.Folders = append(t.Folders, *f)
	}
	slices.SortFunc(t.Folders, func(a, b Folder) int { return cmp.Or(cmp.Compare(b.Orphaned, a.Orphaned), cmp.Compare(a.Path, b.Path)) })
	return t
}

// standingCase is the founding case with its territory; some folders bear hostile names, and some people want to be named.
func standingCase(p message.Printer) *Document {
	doc := inspect(p)
	u := &doc.Upstreams[0]
	u.Governance, u.WayIn, u.Territory = governance(), wayIn(), territory()
	u.Territory.Folders[2].Successors[0].Name = ptr("김메인 테이너")
	u.Territory.Folders[3].Successors[0].Name = ptr(hostile)
	u.Territory.Folders[5].Path = "internal/" + hostile
	doc.Next = []string{"mainstay plan --engineers 2 github.com/kubernetes/ingress-nginx", "mainstay inspect github.com/kubernetes/ingress-nginx --territory --names"}
	return doc
}

// planned is a plan of two openings in full, with the arithmetic, for engineers of an organisation.
func planned(p message.Printer) *Document {
	doc := plan(p)
	first, second := &doc.Plan.Openings[0], &doc.Plan.Openings[1]
	doc.Plan.Engineers, doc.Plan.Days, doc.Plan.Goal, doc.Plan.Organisation = 3, ptr(60), "exposure", "Acme Cloud"
	doc.Upstreams[0].WayIn, doc.Upstreams[0].Governance, doc.Upstreams[0].Territory = wayIn(), governance(), territory()
	first.Engineers, first.FallInterval, first.Tractability, first.Fit, first.Worth = 2, []float64{0.18, 0.41}, 0.27, ptr(0.8), 1*0.31*0.27*0.8
	first.First = []Task{
		{Kind: "orphaned-folder", Where: "rootfs/etc/nginx/lua", Text: in(p, "61 of 71 files have no author at work; one person at work has changed 5 of them.",
			"파일 71개 중 61개에 활동 중인 저자가 없습니다. 활동 중인 한 사람이 그중 5개를 변경했습니다.")},
		{Kind: "open-pull", Where: "13067", Text: in(p, "Opened 96 days ago by an outsider; no commit names it.", "96일 전에 외부에서 열렸으며, 이를 언급한 커밋이 없습니다.")},
		{Kind: "overdue-release", Text: in(p, "41 commits wait for a release; 24 are usual.", "커밋 41개가 릴리스를 기다리고 있습니다. 평소에는 24개입니다.")},
		{Kind: "second-maintainer", Text: in(p, "One of four listed maintainers is at work.", "등재된 메인테이너 네 명 가운데 한 명만 활동 중입니다.")},
	}
	first.Seat = in(p, "The last five who were listed took 455 days (median) from their first commit; the list stands in OWNERS_ALIASES.",
		"최근에 등재된 다섯 명은 첫 커밋부터 455일(중앙값)이 걸렸습니다. 명단은 OWNERS_ALIASES에 있습니다.")
	first.Idle = in(p, "As it is, maintenance collapses with a chance of 48 % in the second year from now; 3 packages of yours ride on it.",
		"지금 상태라면 앞으로 두 번째 해에 활동이 급감할 확률이 48 %입니다. 사용 중인 패키지 3개가 여기에 기대고 있습니다.")
	first.Explain = []string{
		in(p, "fall in loss: 0.62 − 0.31 = 0.31 (2 engineers × 60 days: 29 commits a year each)", "예상 손실 감소: 0.62 − 0.31 = 0.31 (엔지니어 2명 × 60일: 1인당 연 29커밋)"),
		in(p, "worth: 1.00 × 0.31 × 0.27 × 0.80 = 0.067", "계획 가치: 1.00 × 0.31 × 0.27 × 0.80 = 0.067"),
	}
	second.FallInterval, second.Tractability, second.Worth = []float64{0.04, 0.13}, 0.4, 0.5*0.19*0.4
	second.First = []Task{{Kind: "second-maintainer", Text: in(p, "One person made 84 % of the commits.", "한 사람이 커밋의 84 %를 작성했습니다.")}}
	second.Idle = in(p, "As it is, maintenance collapses with a chance of 20 % in the second year from now.", "지금 상태라면 앞으로 두 번째 해에 활동이 급감할 확률이 20 %입니다.")
	doc.Plan.Notes = []string{in(p, "The figures compare with projects that have such a person; they are no proof that sending one has this effect.",
		"이 수치는 그런 기여자가 있는 프로젝트와 비교한 값이며, 실제로 인력을 투입했을 때의 효과를 보장하지는 않습니다.")}
	return doc
}

// known is a plan for becoming known, with hostile words in all its new fields.
func known(p message.Printer) *Document {
	doc := planned(p)
	doc.Plan.Goal, doc.Plan.Days, doc.Plan.Organisation = "standing", nil, hostile
	first, second := &doc.Plan.Openings[0], &doc.Plan.Openings[1]
	first.Weight, first.Explain, first.Worth = ptr(0.92), nil, 0.92*0.31*0.27*0.8
	second.Weight, second.Seat, second.Idle, second.Explain = ptr(0.4), hostile, hostile, []string{hostile}
	second.First = []Task{{hostile, hostile, hostile}, {"open-pull", "7", ""}, {}}
	doc.Plan.Notes = []string{hostile}
	return doc
}

// drill is what would stop if an organisation left: a verdict of each kind, one that is not known, and hostile words.
func drill(p message.Printer) *Document {
	doc := scan(p)
	doc.Command, doc.Plan = "drill", nil
	doc.Subjects = []Subject{{ID: "storefront", Path: "services/storefront", Kind: "folder"}, {ID: "payments", Path: "services/payments", Kind: "folder"}, {ID: ".", Path: ".", Kind: "folder"}}
	doc.Drill = &Drill{Who: "Initech", Threshold: 0.25, Text: in(p, "If Initech's people left tomorrow, maintenance would likely stop at 1 of 4 upstreams that they work on; 2 of 3 subjects rest on it.",
		"Initech 사람들이 내일 떠난다면 이들이 작업하는 업스트림 4개 가운데 1개의 유지보수가 중단될 가능성이 큽니다. 대상 3개 가운데 2개가 여기에 기대고 있습니다."),
		Upstreams: []DrillUpstream{
			{Upstream: "github.com/kubernetes/ingress-nginx", People: []int{1, 3}, Share: []float64{0.624, 0.71}, Before: ptr(0.342), Probability: []float64{0.43, 0.55}, Verdict: "stops"},
			{Upstream: "gitlab.example.com/a-rather-long-group/with-a-subgroup/and-another-one/parser-generator", People: []int{0, 2}, Share: []float64{0, 0.71}, Before: ptr(0.187), Probability: []float64{0.187, 0.48}, Verdict: "may-stop"},
			{Upstream: "go.googlesource.com/text", People: []int{4, 4}, Share: []float64{0.061, 0.061}, Before: ptr(0.004), Probability: []float64{0.006, 0.006}, Verdict: "goes-on"},
			{Upstream: "github.com/example/silent", People: []int{1, 1}, Verdict: "goes-on"},
			{Upstream: "github.com/example/" + hostile, People: []int{2, 1}, Share: []float64{0.3, 0.1}, Probability: []float64{0.9, 0.1}, Verdict: hostile},
		},
		Subjects: []DrillSubject{
			{Subject: "storefront", Stops: []string{"github.com/kubernetes/ingress-nginx"}, MayStop: []string{"gitlab.example.com/a-rather-long-group/with-a-subgroup/and-another-one/parser-generator"}},
			{Subject: ".", Stops: []string{"github.com/kubernetes/ingress-nginx"}},
			{Subject: hostile, MayStop: []string{hostile}},
		},
		Notes: []string{in(p, "38 % of the commits could be attributed; the upper ends count everybody whose affiliation is not known.",
			"커밋의 38 %만 소속을 확인할 수 있었습니다. 상한은 소속을 알 수 없는 사람을 모두 포함합니다."), hostile},
	}
	doc.Next = []string{"mainstay drill --busiest examples/platform", "mainstay plan --engineers 2 examples/platform"}
	return doc
}
