package vitals

import (
	"testing"
)

// BenchmarkQuarters measures every history of the shared data at every quarter that counts, with outcomes: what a
// backtest needs. One operation is the whole corpus.
func BenchmarkQuarters(b *testing.B) {
	all, retired := sharedCorpus(b)
	for b.Loop() {
		rows := 0
		for repo, h := range all {
			m := NewMeter(h)
			var end *int64
			if r, ok := retired[repo]; ok {
				end = &r
			}
			for _, t := range m.Quarters(end) {
				m.At(t)
				m.Outcome(t, end)
				rows++
			}
		}
		b.ReportMetric(float64(rows), "rows")
	}
}

// BenchmarkOne measures one history of 25,000 commits once, from scratch.
func BenchmarkOne(b *testing.B) {
	all, _ := sharedCorpus(b)
	h := all["apache/ambari"]
	if h == nil {
		b.Fatal("no apache/ambari")
	}
	for b.Loop() {
		At(h, date("2018-01-01"))
	}
}
