package bench

import (
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/google/osv-scalibr/extractor/filesystem"

	"github.com/mainstay-oss/mainstay/internal/dependency"
	"github.com/mainstay-oss/mainstay/internal/need"
)

// A readable is a file that both read, with the extractors that take it.
type readable struct {
	folder, file, shown string
	data                []byte
	info                fs.FileInfo
	takers              []filesystem.Extractor
}

func readables(b *testing.B) []readable {
	b.Helper()
	cases := filepath.Join(need.Shared(b), "data", "cases")
	list := newScalibr(b)
	var all []readable
	for _, c := range allCases(b) {
		if c.format == "" || c.shown == "" || c.err != nil {
			continue
		}
		r := readable{folder: filepath.Join(cases, c.caseName), file: c.file, shown: c.shown}
		name := filepath.Join(r.folder, filepath.FromSlash(c.file))
		var err error
		if r.data, err = os.ReadFile(name); err != nil {
			b.Fatal(err)
		}
		if r.info, err = os.Stat(name); err != nil {
			b.Fatal(err)
		}
		r.takers = takers(list, r.shown, r.info)
		all = append(all, r)
	}
	return all
}

// BenchmarkPeers parses every file of the cases that both read, from memory, one after the other, with Mainstay and with
// osv-scalibr's extractors by turns. "ratio" is Mainstay's time by theirs. Mainstay also makes the graph, depths and scopes.
func BenchmarkPeers(b *testing.B) {
	all := readables(b)
	bytes := 0
	for _, r := range all {
		bytes += len(r.data)
	}
	var ours, theirs time.Duration
	var packages [2]int
	turns := []func(){
		func() {
			began := time.Now()
			for _, r := range all {
				file, _, _, err := dependency.Parse(r.file, r.data)
				if err != nil {
					b.Fatal(err)
				}
				packages[0] += len(file.Packages)
			}
			ours += time.Since(began)
		},
		func() {
			began := time.Now()
			for _, r := range all {
				for _, e := range r.takers {
					found, err := extract(e, r.folder, r.shown, r.data, r.info)
					if err != nil {
						b.Fatal(err)
					}
					packages[1] += len(found)
				}
			}
			theirs += time.Since(began)
		},
	}
	n := 0
	for b.Loop() {
		for i := range turns {
			runtime.GC()
			turns[(i+n)%2]()
		}
		n++
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(len(all)), "files")
	b.ReportMetric(float64(bytes)/1e6, "MB")
	b.ReportMetric(float64(packages[0])/float64(n), "packages")
	b.ReportMetric(float64(packages[1])/float64(n), "their-entries")
	b.ReportMetric(ours.Seconds()*1000/float64(n), "ms")
	b.ReportMetric(theirs.Seconds()*1000/float64(n), "their-ms")
	b.ReportMetric(ours.Seconds()/theirs.Seconds(), "ratio")
}
