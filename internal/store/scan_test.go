package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// scanned is a scan with a document of its own.
func scanned(asOf, document string) *Scan {
	return &Scan{Key: ours, AsOf: asOf, Ran: "2025-06-15", Version: "v1", Document: []byte(document)}
}

func keepScan(t testing.TB, s *Store, scan *Scan) {
	t.Helper()
	if err := s.Keep(context.Background(), scan); err != nil {
		t.Fatal(err)
	}
}

// last is the document of the last scan on a day; empty for none.
func last(t testing.TB, s *Store, asOf string) string {
	t.Helper()
	scan, err := s.Last(context.Background(), ours, midnight(asOf))
	if err != nil {
		t.Fatal(err)
	}
	if scan == nil {
		return ""
	}
	return string(scan.Document)
}

// TestLast: the last scan is the one of the latest date that is not after the day asked for, and of one date the one that ran last.
func TestLast(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	if got := last(t, s, "2025-06-15"); got != "" {
		t.Errorf("before any: %s", got)
	}
	if dates, err := s.Dates(t.Context(), ours, 10); err != nil || dates != nil {
		t.Errorf("before any: %v, %v", dates, err)
	}
	if there(s.file) {
		t.Error("reading made the file")
	}
	keepScan(t, s, scanned("2025-06-14", "a"))
	keepScan(t, s, scanned("2025-06-15", "b"))
	keepScan(t, s, scanned("2024-06-15", "a look back"))
	other := scanned("2025-06-15", "another subject")
	other.Key = theirs
	keepScan(t, s, other)
	for asOf, want := range map[string]string{"2025-06-15": "b", "2030-01-01": "b", "2025-06-14": "a", "2025-06-13": "a look back", "2024-06-15": "a look back", "2024-06-14": ""} {
		if got := last(t, s, asOf); got != want {
			t.Errorf("as of %s: %q, want %q", asOf, got, want)
		}
	}
	keepScan(t, s, scanned("2025-06-15", "c"))
	got, err := s.Last(t.Context(), ours, midnight("2025-06-15"))
	if diff := cmp.Diff(&Scan{Key: ours, AsOf: "2025-06-15", Ran: "2025-06-15", Version: "v1", Document: []byte("c")}, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if dates, err := s.Dates(t.Context(), ours, 2); err != nil || !cmp.Equal(dates, []string{"2025-06-15", "2025-06-14"}) {
		t.Errorf("%v, %v", dates, err)
	}
	for name, spoil := range map[string]func(*Scan){
		"date": func(s *Scan) { s.AsOf = "yesterday" }, "day": func(s *Scan) { s.Ran = "" }, "key": func(s *Scan) { s.Key = "/home/ada" },
	} {
		bad := scanned("2025-06-15", "d")
		spoil(bad)
		if err := s.Keep(t.Context(), bad); err == nil || last(t, s, "2025-06-15") != "c" {
			t.Errorf("a bad %s: %v", name, err)
		}
	}
}

// text is JSON of about so many bytes, as different from another's as their seeds are.
func text(seed uint64, size int) string {
	rng := rand.New(rand.NewPCG(seed, 7))
	var b strings.Builder
	for b.Len() < size {
		fmt.Fprintf(&b, `{"id":"github.com/acme/u%d","commits_12m":%d,"top_share_12m":%f},`, rng.IntN(1000), rng.IntN(5000), rng.Float64())
	}
	return b.String()
}

// TestDocuments: each document comes back to the byte, whether it stands alone or with another; much alike ones take little room.
func TestDocuments(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	documents := []string{"", "short", text(1, 300_000)}
	for i := range 20 { // small changes
		documents = append(documents, strings.Replace(documents[2], "acme", fmt.Sprintf("acme%d", i), i*50))
	}
	documents = append(documents, text(2, 300_000), text(2, 299_000), text(1, 300_000), "")
	for i, d := range documents {
		keepScan(t, s, scanned(midnight("2025-01-01").AddDate(0, 0, i).Format(time.DateOnly), d))
	}
	for i, want := range documents {
		if got := last(t, s, midnight("2025-01-01").AddDate(0, 0, i).Format(time.DateOnly)); got != want {
			t.Errorf("document %d has %d bytes, want %d; they differ", i, len(got), len(want))
		}
	}
	if alone := count(t, s, `SELECT * FROM scan WHERE base IS NULL`); alone > 6 {
		t.Errorf("%d of %d documents stand alone", alone, len(documents))
	}
	if bad := count(t, s, `SELECT * FROM scan JOIN scan AS base ON base.id = scan.base WHERE base.base IS NOT NULL`); bad != 0 {
		t.Errorf("%d documents need more than one other", bad)
	}
	var whole, little float64
	if err := s.db.QueryRow(`SELECT max(length(document)), avg(length(document)) FILTER (WHERE base IS NOT NULL) FROM scan`).Scan(&whole, &little); err != nil || little > whole/8 {
		t.Errorf("a document like another takes %g bytes, the other %g; %v", little, whole, err)
	}
	// A document that is not what was written is told of as damage.
	if _, err := s.db.Exec(`UPDATE scan SET document = zeroblob(50)`); err != nil {
		t.Fatal(err)
	}
	var is *Error
	if _, err := s.Last(t.Context(), ours, forever); !errors.As(err, &is) || is.Kind != Damaged {
		t.Errorf("%v", err)
	}
}

// large is a scan of 5,000 packages of 1,000 upstreams, of which a few change from day to day.
func large(day int) *Scan {
	scan := &Scan{Key: ours, AsOf: midnight("2025-01-01").AddDate(0, 0, day).Format(time.DateOnly), Ran: "2025-06-15", Version: "v1"}
	var doc bytes.Buffer
	var upstreams []string
	rng := rand.New(rand.NewPCG(1, 1))
	daily := rand.New(rand.NewPCG(uint64(day), 1))
	for i := range 1000 {
		name, p := fmt.Sprintf("github.com/acme-%d/upstream-%d", rng.IntN(1000), i), rng.Float64()
		if i%3 == 0 { // measured anew every day
			p = daily.Float64()
		}
		upstreams = append(upstreams, name)
		fmt.Fprintf(&doc, `{"id":%q,"state":"active","vitals":{"commits_12m":%d,"top_share_12m":%v},"outlook":{"probability_12m":%v},"loss":%v}`, name, rng.IntN(3000), p, p, p)
	}
	for i := range 5000 {
		version := rng.IntN(20)
		if i%500 == day%500 {
			version = 20 + day
		}
		purl, upstream := fmt.Sprintf("pkg:npm/package-%d@1.%d.0", i, version), upstreams[i%1000]
		fmt.Fprintf(&doc, `{"purl":%q,"direct":%v,"scope":"runtime","subjects":["."],"requires":["pkg:npm/package-%d@1.0.0"],"upstream":%q}`, purl, i%50 == 0, rng.IntN(5000), upstream)
	}
	scan.Document = doc.Bytes()
	return scan
}

// BenchmarkKeep keeps scans of 5,000 packages, one a day, and tells how large the database grows by each.
func BenchmarkKeep(b *testing.B) {
	s := open(b, b.TempDir())
	day := 0
	for b.Loop() {
		keepScan(b, s, large(day))
		day++
	}
	if _, err := s.db.Exec(`PRAGMA wal_checkpoint(TRUNCATE)`); err != nil {
		b.Fatal(err)
	}
	info, err := os.Stat(s.file)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(info.Size())/float64(day), "B/scan")
	b.ReportMetric(float64(len(large(0).Document)), "B/document")
}
