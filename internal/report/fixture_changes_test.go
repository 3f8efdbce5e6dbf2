package report

import (
	"fmt"

	"github.com/mainstay-oss/mainstay/internal/message"
)

// earlier is the scan a month before, when less had ended and other things were used.
func earlier(p message.Printer) *Document {
	doc := scan(p)
	doc.AsOf, doc.Tool.Version = "2025-06-01", "0.0.9"
	u := func(id string) *Upstream { return upstreamOf(doc, id) }
	u("github.com/kubernetes/ingress-nginx").Outlook.Band = "watch"
	mux := u("github.com/gorilla/mux")
	mux.State, mux.Notices, mux.Outlook = "active", nil, outlook(p, 0.2, 0.3, 0.1, 0.3, "high")
	errors := u("github.com/pkg/errors")
	errors.State, errors.QuietKind = "active", nil
	u("github.com/mattn/go-runewidth").Outlook.Band = "calm"
	u("github.com/mattn/go-runewidth").History.Source = "mirror"
	u("github.com/spf13/pflag").Attention.Rank = 19
	u("git.example.org/lost/one").State = "active"
	u("git.example.org/lost/one").History = &History{Source: "archive"}
	u("github.com/example/silent").State, u("github.com/example/silent").QuietKind = "unknown", nil
	u("github.com/example/silent").History = nil
	u("github.com/example/old").Notices = nil
	var kept []Upstream
	for _, u := range doc.Upstreams {
		if u.ID != "go.googlesource.com/text" && u.ID != "github.com/example/"+hostile {
			kept = append(kept, u)
		}
	}
	doc.Upstreams = append(kept, Upstream{ID: "github.com/example/removed", State: "quiet"})
	doc.Packages = []Package{{PURL: "pkg:golang/github.com/gorilla/mux@v1.8.0", Direct: true, Scope: "runtime"}}
	for i := range 7 {
		doc.Packages = append(doc.Packages, Package{PURL: fmt.Sprintf("pkg:npm/%%40example/part-%d@1.%d.0", i, i), Direct: i == 6, Scope: "dev"})
	}
	doc.Gaps = []Gap{doc.Gaps[2], {Stage: "resolution", Kind: "unresolved", What: "pkg:npm/private", Count: 1}}
	return doc
}

// changed is the scan beside the one of a month before.
func changed(p message.Printer) *Document {
	doc := scan(p)
	doc.Changes = Compare(earlier(p), doc, Since{Source: "store", Ran: ptr("2025-06-02")})
	return doc
}

// unchanged is the scan twice on one day.
func unchanged(p message.Printer) *Document {
	doc := scan(p)
	doc.Changes = Compare(scan(p), doc, Since{Source: "store", Ran: ptr("2025-07-01")})
	return doc
}
