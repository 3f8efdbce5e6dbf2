package pipeline

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/mainstay-oss/mainstay/internal/forecast"
	"github.com/mainstay-oss/mainstay/internal/forecast/reference"
	"github.com/mainstay-oss/mainstay/internal/gap"
	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/message"
	"github.com/mainstay-oss/mainstay/internal/opening"
	"github.com/mainstay-oss/mainstay/internal/report"
	"github.com/mainstay-oss/mainstay/internal/vitals"
)

// shelf is a source of histories: what is not on it fails as said.
type shelf struct {
	held map[string]*history.History
	kind gap.Kind
}

func (s shelf) Find(_ context.Context, id, _ string) (*history.History, error) {
	if h := s.held[id]; h != nil {
		return h, nil
	}
	return nil, &history.Error{Kind: s.kind, Upstream: id, Host: "github.com"}
}

func (s shelf) Local(ctx context.Context, id string) (*history.History, error) {
	return s.Find(ctx, id, "")
}

func (shelf) Repository(_ context.Context, id string) (*history.Repository, error) {
	return nil, &history.Error{Kind: gap.NoHistory, Upstream: id}
}

func (s shelf) Pulls(_ context.Context, h *history.History) (*history.History, error) { return h, nil }

func midnight(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

// steady is a history of one commit every so many days by each of the people, watched until its end.
func steady(id, from, to string, every int, people ...string) *history.History {
	h := &history.History{Upstream: id, Source: history.Archive, ObservedUntil: midnight(to), PullsKnown: true}
	for _, who := range people {
		h.Identities = append(h.Identities, history.Identity{Name: who, Email: who + "@home", Domain: "home"})
	}
	for at := midnight(from).Unix() + 3600; at < midnight(to).Unix(); at += int64(every) * vitals.Day {
		for i := range people {
			h.Commits = append(h.Commits, history.Commit{Committed: at + int64(i), Authored: at, Author: int32(i), Committer: int32(i), Parents: 1})
		}
	}
	return h
}

// small is a cohort of three projects, the first of which is asked for.
func small(t *testing.T) *reference.Cohort {
	t.Helper()
	var tracks []reference.Track
	for _, p := range []struct {
		repo, from, to string
		every          int
		people         []string
		retired        string
	}{
		{"Acme/Pump", "2013-02-02", "2020-03-20", 5, []string{"ann", "bob"}, ""},
		{"acme/valve", "2013-03-03", "2020-05-05", 6, []string{"cat", "dan"}, ""},
		{"acme/gone", "2013-01-03", "2017-05-05", 4, []string{"eve", "fay"}, "2017-06-01"},
	} {
		var retired *int64
		if p.retired != "" {
			at := midnight(p.retired).Unix()
			retired = &at
		}
		track, ok, err := reference.Measure(steady("github.com/"+strings.ToLower(p.repo), p.from, p.to, p.every, p.people...), p.repo, retired)
		if err != nil || !ok {
			t.Fatal(p.repo, ok, err)
		}
		tracks = append(tracks, track)
	}
	data, err := reference.Encode(tracks)
	if err != nil {
		t.Fatal(err)
	}
	c, err := reference.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func asked(t *testing.T, s shelf, asOf string, lang message.Lang) *report.Document {
	t.Helper()
	p := &Pipeline{Histories: s, Model: forecast.Default(), Reference: small(t), Printer: message.Printer{Lang: lang}, Version: "test", AsOf: midnight(asOf), Workers: 1}
	doc, err := p.Inspect(context.Background(), "github.com/acme/pump", "", "", Look{})
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestTheCohortStandsIn(t *testing.T) {
	t.Parallel()
	for _, lang := range []message.Lang{message.English, message.Korean} {
		doc := asked(t, shelf{kind: gap.HostUnreachable}, "2026-05-05", lang)
		u := doc.Upstreams[0]
		if u.History == nil || u.History.Source != "reference" || u.History.ObservedUntil != "2020-03-20" || u.Vitals.AsOf != "2020-03-01" {
			t.Fatalf("history %+v of %+v", u.History, u)
		}
		if u.State != "active" || u.Outlook == nil || u.Loss == nil || u.Attention == nil || u.Vitals.Commits12m != 146 || len(u.WhatIf) != 4 {
			t.Errorf("state %s, outlook %+v, loss %v, vitals %+v, %d cases", u.State, u.Outlook, u.Loss, u.Vitals, len(u.WhatIf))
		}
		if u.Load != nil || len(u.People) > 0 || u.Vitals.PullsOpened12m == nil {
			t.Errorf("load %+v, people %v", u.Load, u.People)
		}
		if last := u.Series[len(u.Series)-1]; last.AsOf != "2020-03-01" || u.Series[0].AsOf != "2013-04-01" || last.Probability12m == nil {
			t.Errorf("series from %s to %+v", u.Series[0].AsOf, last)
		}
		if len(doc.Gaps) != 1 || doc.Gaps[0].Kind != "host-unreachable" {
			t.Errorf("gaps %+v", doc.Gaps)
		}
		for _, text := range []string{doc.Summary.Sentence, doc.Summary.NotRead} {
			if !strings.Contains(text, "2020-0") {
				t.Errorf("%q does not say of when the figures are", text)
			}
		}
		for _, pr := range u.Outlook.Precedents {
			if strings.HasSuffix(pr.Upstream, "/pump") || strings.ContainsAny(pr.Text, "{}[]") {
				t.Errorf("precedent %+v", pr)
			}
		}
		if len(u.Outlook.Precedents) == 0 {
			t.Error("no precedent")
		}
	}
	doc := asked(t, shelf{kind: gap.Offline}, "2016-02-20", message.English)
	if u := doc.Upstreams[0]; u.Vitals == nil || u.Vitals.AsOf != "2016-02-01" || u.Vitals.ContributorAbsenceFactor == nil {
		t.Errorf("as of 2016: %+v", u.Vitals)
	}
}

func TestTheCohortStandsInForNothingElse(t *testing.T) {
	t.Parallel()
	real := steady("github.com/acme/pump", "2013-02-02", "2019-05-05", 30, "zoe")
	for name, c := range map[string]struct {
		shelf      shelf
		asOf, want string
	}{
		"a history is at hand":       {shelf{held: map[string]*history.History{"github.com/acme/pump": real}}, "2020-02-02", "archive"},
		"before its first month":     {shelf{kind: gap.Offline}, "2013-02-20", ""},
		"the repository is empty":    {shelf{kind: gap.EmptyRepository}, "2020-02-02", ""},
		"the repository has gone":    {shelf{kind: gap.Vanished}, "2020-02-02", "reference"},
		"the time has run out":       {shelf{kind: gap.OutOfBudget}, "2020-02-02", "reference"},
		"what is at hand is damaged": {shelf{kind: gap.Corrupt}, "2020-02-02", "reference"},
	} {
		doc := asked(t, c.shelf, c.asOf, message.English)
		u := doc.Upstreams[0]
		got := ""
		if u.History != nil {
			got = u.History.Source
		}
		if got != c.want || c.want == "" && (u.State != "unknown" || u.Loss != nil) {
			t.Errorf("%s: source %q, state %s; want %q", name, got, u.State, c.want)
		}
	}
	p := &Pipeline{Histories: shelf{kind: gap.Offline}, Model: forecast.Default(), AsOf: midnight("2020-02-02"), Workers: 1}
	if doc, err := p.Inspect(context.Background(), "github.com/acme/pump", "", "", Look{}); err != nil || doc.Upstreams[0].State != "unknown" {
		t.Errorf("without a cohort: %v", err)
	}
}

// TestPrecedentsInWords writes every kind of precedent in both languages.
func TestPrecedentsInWords(t *testing.T) {
	t.Parallel()
	on := midnight("2015-04-01")
	base := reference.Precedent{Repo: "acme/pump", AsOf: on, Outcome: reference.Continued, Commits12m: 146, TopShare: 0.5, SecondYear: 120,
		Later: midnight("2020-03-01"), State: vitals.Active}
	with := func(change func(*reference.Precedent)) *reference.Precedent {
		c := base
		change(&c)
		return &c
	}
	for want, c := range map[string]*reference.Precedent{
		"and 4 years later still active": &base,
		"4 years later it was quiet":     with(func(c *reference.Precedent) { c.State = vitals.Quiet }),
		"as acme/pump was 9 months before it was retired (2015-04-01; 146 commits in a year, the busiest person 50 %)": with(func(c *reference.Precedent) {
			c.Outcome, c.Retired, c.State = reference.Stop, midnight("2016-01-05"), vitals.Ended
		}),
		"1 month before it was retired": with(func(c *reference.Precedent) {
			c.Outcome, c.Retired, c.State = reference.Stop, midnight("2015-04-05"), vitals.Ended
		}),
		"it was retired 4 years later": with(func(c *reference.Precedent) { c.Retired, c.State = midnight("2019-05-05"), vitals.Ended }),
		"stopped, with 1 commit in the second year after": with(func(c *reference.Precedent) {
			c.Outcome, c.SecondYear, c.State = reference.Stop, 1, vitals.Quiet
		}),
		"second year after; 4 years later it was active again": with(func(c *reference.Precedent) { c.Outcome, c.SecondYear = reference.Stop, 0 }),
		"its work stopped within two years": with(func(c *reference.Precedent) {
			c.Outcome, c.SecondYear, c.State = reference.Stop, -1, vitals.Quiet
		}),
		"fell to 20 commits in the second year after": with(func(c *reference.Precedent) { c.Outcome, c.SecondYear = reference.Collapse, 20 }),
		"fell to under a fifth within two years":      with(func(c *reference.Precedent) { c.Outcome, c.SecondYear = reference.Collapse, -1 }),
	} {
		english := (&Pipeline{Printer: message.Printer{Lang: message.English}}).precedent(c)
		korean := (&Pipeline{Printer: message.Printer{Lang: message.Korean}}).precedent(c)
		if !strings.Contains(english, want) {
			t.Errorf("%q; want %q", english, want)
		}
		if !strings.Contains(korean, "acme/pump") || !strings.Contains(korean, "50 %") || strings.ContainsAny(english+korean, "{}[]") {
			t.Errorf("%q", korean)
		}
	}
}

// TestSupposedCases: what is asked for is answered in its order; the words give the rhythm that is really supposed.
func TestSupposedCases(t *testing.T) {
	t.Parallel()
	h := steady("github.com/acme/pump", "2013-02-02", "2020-05-05", 20, "zoe", "yan") // 18 commits a year each
	p := &Pipeline{Histories: shelf{}, Model: forecast.Default(), AsOf: midnight("2020-05-01"), Workers: 1}
	if cases := p.InspectHistory(context.Background(), h, nil, "", Look{}).Upstreams[0].WhatIf; len(cases) != len(opening.StandardCases()) || cases[2].Case != "busiest leaves" {
		t.Errorf("unasked: %+v", cases)
	}
	for _, text := range []string{"busiest leaves, +2@6", "+1@200"} {
		c, err := opening.ParseCase(text)
		if err != nil {
			t.Fatal(err)
		}
		p.WhatIf = append(p.WhatIf, c)
	}
	u := p.InspectHistory(context.Background(), h, nil, "", Look{}).Upstreams[0]
	if len(u.WhatIf) != 2 || u.WhatIf[0].Case != "busiest leaves, +2@6" || u.WhatIf[1].Case != "+1@200" {
		t.Fatalf("%+v", u.WhatIf)
	}
	leaves, joins := u.WhatIf[0], u.WhatIf[1]
	if leaves.Fragility != nil || len(leaves.Interval) != 0 || *leaves.Loss != max(*leaves.Loss, *leaves.Collapse12m) || !strings.Contains(leaves.Text, "6 commits a year each") {
		t.Errorf("%+v", leaves)
	}
	busiest := fmt.Sprintf("with %d commits a year", int(*u.Vitals.TopShare*float64(u.Vitals.Commits12m)+0.5))
	if joins.Fragility == nil || len(joins.Interval) != 2 || *joins.Loss > *u.Loss || !strings.Contains(joins.Text, busiest) {
		t.Errorf("%+v; want %q", joins, busiest)
	}
	quiet := steady("github.com/acme/pump", "2013-02-02", "2015-05-05", 20, "zoe")
	quiet.ObservedUntil = midnight("2020-05-05")
	if u := p.InspectHistory(context.Background(), quiet, nil, "", Look{}).Upstreams[0]; u.State != "quiet" || len(u.WhatIf) != 0 {
		t.Errorf("%s: %+v", u.State, u.WhatIf)
	}
}
