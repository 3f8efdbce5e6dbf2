package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mainstay-oss/mainstay/internal/forecast"
	"github.com/mainstay-oss/mainstay/internal/gap"
	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/message"
	"github.com/mainstay-oss/mainstay/internal/report"
	"github.com/mainstay-oss/mainstay/internal/upstream"
)

var today = time.Date(2025, 7, 1, 0, 0, 0, 0, time.UTC)

// weekly is a history with a commit a week by each of so many people, through the four years before today.
func weekly(id string, people int) *history.History {
	h := &history.History{Upstream: id, Source: history.Mirror, ObservedUntil: today}
	for i := range people {
		h.Identities = append(h.Identities, history.Identity{Name: fmt.Sprintf("Person %d", i), Email: fmt.Sprintf("p%d@example.org", i), Domain: "example.org"})
	}
	for week := 208; week > 0; week-- {
		for i := range people {
			at := today.AddDate(0, 0, -7*week).Unix() + int64(i)
			h.Commits = append(h.Commits, history.Commit{Committed: at, Authored: at, Author: int32(i), Committer: int32(i), Parents: 1})
		}
	}
	return h
}

// shelves is a source of histories for tests.
type shelves struct {
	near, far map[string]*history.History // at hand, and over the network
	hold      chan struct{}               // the network answers only when it is closed or its context ends; nil: at once
	asked     chan string                 // told of each upstream that the network is asked for, if not nil
	noPulls   error                       // why pull heads cannot be had

	mu    sync.Mutex
	pulls []string // upstreams whose pull heads were fetched
}

func (s *shelves) Local(_ context.Context, id string) (*history.History, error) {
	if h := s.near[id]; h != nil {
		return h, nil
	}
	return nil, &history.Error{Kind: gap.NoHistory, Upstream: id}
}

func (s *shelves) Find(ctx context.Context, id, _ string) (*history.History, error) {
	if ctx.Err() != nil {
		return nil, &history.Error{Kind: gap.OutOfBudget, Upstream: id}
	}
	if h := s.near[id]; h != nil {
		return h, nil
	}
	if s.asked != nil {
		s.asked <- id
	}
	if s.hold != nil {
		select {
		case <-s.hold:
		case <-ctx.Done():
			return nil, &history.Error{Kind: gap.OutOfBudget, Upstream: id}
		}
	}
	if h := s.far[id]; h != nil {
		return h, nil
	}
	return nil, &history.Error{Kind: gap.Vanished, Upstream: id}
}

func (s *shelves) Pulls(_ context.Context, h *history.History) (*history.History, error) {
	if s.noPulls != nil {
		return nil, s.noPulls
	}
	s.mu.Lock()
	s.pulls = append(s.pulls, h.Upstream)
	s.mu.Unlock()
	with := *h
	with.PullsKnown = true
	return &with, nil
}

func (s *shelves) Repository(_ context.Context, id string) (*history.Repository, error) {
	return nil, &history.Error{Kind: gap.NoHistory, Upstream: id}
}

// byPath resolves module paths to themselves.
type byPath struct{}

func (byPath) GoMod(context.Context, string, string) ([]byte, error) { return nil, fs.ErrNotExist }

func (byPath) Resolve(_ context.Context, queries []upstream.Query) (map[string]upstream.Resolution, []gap.Gap) {
	out := map[string]upstream.Resolution{}
	for _, q := range queries {
		out[q.PURL] = upstream.Resolution{Upstream: q.Name, URL: "https://" + q.Name, Method: upstream.ModulePath, Confidence: 1}
	}
	return out, nil
}

// project writes a go.mod that requires the modules, and gives its folder.
func project(t *testing.T, modules ...string) string {
	t.Helper()
	text := "module example.org/app\n"
	for _, m := range modules {
		text += "require " + m + " v1.0.0\n"
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

func over(s *shelves) *Pipeline {
	return &Pipeline{Resolver: byPath{}, Histories: s, Model: forecast.Default(), AsOf: today, Workers: 2}
}

func kinds(doc *report.Document) []string {
	var out []string
	for _, g := range doc.Gaps {
		out = append(out, g.Kind)
	}
	return out
}

// TestBudgetGivesUpTheNetworkAlone: what lies at hand is read, however late it is.
func TestBudgetGivesUpTheNetworkAlone(t *testing.T) {
	t.Parallel()
	s := &shelves{
		near: map[string]*history.History{"github.com/acme/pump": weekly("github.com/acme/pump", 1)},
		hold: make(chan struct{}),
	}
	p := over(s)
	p.Budget = time.Nanosecond
	doc, err := p.Scan(context.Background(), Request{Path: project(t, "github.com/acme/pump", "github.com/acme/valve")})
	if err != nil {
		t.Fatal(err)
	}
	if doc.Summary.Ranked != 1 {
		t.Errorf("%d upstreams ranked, want the one at hand", doc.Summary.Ranked)
	}
	if !slices.Contains(kinds(doc), "out-of-budget") {
		t.Errorf("gaps %v do not tell that the time ran out", kinds(doc))
	}
}

// TestInterruptionIsToldAsOne, and keeps what is known.
func TestInterruptionIsToldAsOne(t *testing.T) {
	t.Parallel()
	s := &shelves{
		near:  map[string]*history.History{"github.com/acme/pump": weekly("github.com/acme/pump", 1)},
		hold:  make(chan struct{}),
		asked: make(chan string, 8),
	}
	ctx, interrupt := context.WithCancel(context.Background())
	go func() {
		<-s.asked
		interrupt()
	}()
	doc, err := over(s).Scan(ctx, Request{Path: project(t, "github.com/acme/pump", "github.com/acme/valve")})
	if err != nil {
		t.Fatal(err)
	}
	if doc.Summary.Ranked != 1 || !slices.Contains(kinds(doc), "interrupted") || slices.Contains(kinds(doc), "out-of-budget") {
		t.Errorf("%d ranked, gaps %v", doc.Summary.Ranked, kinds(doc))
	}
}

// TestEarlyAnswer comes while a host still keeps us waiting, with what is known by then; the whole answer follows.
func TestEarlyAnswer(t *testing.T) {
	t.Parallel()
	s := &shelves{
		near:  map[string]*history.History{"github.com/acme/pump": weekly("github.com/acme/pump", 1)},
		far:   map[string]*history.History{"github.com/acme/valve": weekly("github.com/acme/valve", 3)},
		hold:  make(chan struct{}),
		asked: make(chan string, 8),
	}
	p := over(s)
	now := make(chan time.Time)
	p.FirstAnswer = now
	early := make(chan *report.Document, 1)
	p.Early = func(doc *report.Document) { early <- doc }
	go func() {
		<-s.asked // the one at hand comes first, as both are direct and ids decide
		now <- today
		early <- <-early
		close(s.hold)
	}()
	doc, err := p.Scan(context.Background(), Request{Path: project(t, "github.com/acme/pump", "github.com/acme/valve")})
	if err != nil {
		t.Fatal(err)
	}
	if first := <-early; first.Summary.Upstreams != 2 || first.Summary.Ranked > 1 {
		t.Errorf("the early answer ranks %d of %d", first.Summary.Ranked, first.Summary.Upstreams)
	}
	if doc.Summary.Ranked != 2 {
		t.Errorf("the answer ranks %d of 2", doc.Summary.Ranked)
	}
}

// TestPullsOfTheFirst are fetched, and of those alone; where they cannot be had, the measures stand and a gap says so.
func TestPullsOfTheFirst(t *testing.T) {
	t.Parallel()
	s := &shelves{far: map[string]*history.History{}}
	var modules []string
	for i := range 15 {
		id := fmt.Sprintf("github.com/acme/part%02d", i)
		s.far[id] = weekly(id, 1+i%3)
		s.far[id].Source = history.Network
		modules = append(modules, id)
	}
	dir := project(t, modules...)
	doc, err := over(s).Scan(context.Background(), Request{Path: dir})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(s.pulls); n < first || n >= len(modules) {
		t.Errorf("pull heads of %d upstreams were fetched; %d are shown first", n, first)
	}
	for _, u := range doc.Upstreams[:first] {
		if u.Vitals.PullsOpened12m == nil {
			t.Errorf("%s, rank %d: pulls are not known", u.ID, u.Attention.Rank)
		}
	}

	s.noPulls = &history.Error{Kind: gap.HostUnreachable, Host: "github.com", Err: errors.New("refused")}
	doc, err = over(s).Scan(context.Background(), Request{Path: dir})
	if err != nil {
		t.Fatal(err)
	}
	if doc.Summary.Ranked != len(modules) || !slices.Contains(kinds(doc), "host-unreachable") || doc.Summary.NotRead == "" {
		t.Errorf("%d ranked, gaps %v, not read: %q", doc.Summary.Ranked, kinds(doc), doc.Summary.NotRead)
	}
}

// TestWorkersDoNotShow: the same document however many read side by side.
func TestWorkersDoNotShow(t *testing.T) {
	t.Parallel()
	s := &shelves{near: map[string]*history.History{}}
	var modules []string
	for i := range 12 {
		id := fmt.Sprintf("github.com/acme/part%02d", i)
		if i%4 != 3 {
			s.near[id] = weekly(id, 1+i%5)
		}
		modules = append(modules, id)
	}
	dir := project(t, modules...)
	var docs []*report.Document
	for _, workers := range []int{1, 8} {
		p := over(s)
		p.Workers = workers
		doc, err := p.Scan(context.Background(), Request{Path: dir})
		if err != nil {
			t.Fatal(err)
		}
		docs = append(docs, doc)
	}
	if diff := cmp.Diff(docs[0], docs[1]); diff != "" {
		t.Errorf("one worker and eight differ:\n%s", diff)
	}
}

// TestNothingIsSilentlyHealthy: whenever there is a gap, the line on what was not read says something.
func TestNothingIsSilentlyHealthy(t *testing.T) {
	t.Parallel()
	dir := project(t, "github.com/acme/pump")
	for name, content := range map[string]string{"a/pom.xml": "<project/>", "b/pom.xml": "<project/>", "c/package-lock.json": ""} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	s := &shelves{near: map[string]*history.History{"github.com/acme/pump": weekly("github.com/acme/pump", 2)}}
	doc, err := over(s).Scan(context.Background(), Request{Path: dir})
	if err != nil {
		t.Fatal(err)
	}
	if len(doc.Gaps) == 0 || !strings.Contains(doc.Summary.NotRead, "3 files") {
		t.Errorf("gaps %v, not read: %q", kinds(doc), doc.Summary.NotRead)
	}
}

// TestEntriesAreNoMissingHistory: a bad line in a file about people is no reason why histories are missing, and has no upstream
// to be told with.
func TestEntriesAreNoMissingHistory(t *testing.T) {
	t.Parallel()
	p := &Pipeline{Printer: message.Printer{Lang: message.English}}
	bad := gap.Gap{Stage: gap.People, Kind: gap.BadEntry, File: "people.yaml", Count: 1}
	offline := gap.Gap{Stage: gap.History, Kind: gap.Offline, Count: 1}
	for _, c := range []struct {
		targets []*target
		gaps    []gap.Gap
		want    string
	}{
		{nil, []gap.Gap{bad, bad}, "2 entries in files about people or in the store could not be used."},
		{[]*target{{}}, []gap.Gap{offline, bad}, "No history could be had for 1 of 1 upstreams (offline: 1); 1 entry in files about people or in the store could not be used."},
	} {
		if got := p.notRead(c.targets, c.gaps); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

// TestReachIsNoMissingRepository: that nobody said how much a package is used does not mean that its repository was not found.
func TestReachIsNoMissingRepository(t *testing.T) {
	t.Parallel()
	p := &Pipeline{}
	for lang, want := range map[message.Lang]string{
		message.English: "Downloads and dependents of 7 packages could not be looked up.",
		message.Korean:  "패키지 7개의 다운로드 수와 의존 패키지 수를 조회하지 못했습니다.",
	} {
		p.Printer = message.Printer{Lang: lang}
		if got := p.notRead(nil, []gap.Gap{{Stage: gap.Upstream, Kind: gap.NoReach, Count: 7}}); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
