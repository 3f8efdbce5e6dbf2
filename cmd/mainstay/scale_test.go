package main

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/mainstay-oss/mainstay/internal/gittest"
	"github.com/mainstay-oss/mainstay/internal/need"
)

// BenchmarkScanBesideGitLog scans the 200 largest of the shared histories, turned into bare repositories, from command line
// to JSON, and reads the same columns with git log, one repository after the other, as a script would. It reports
//
//	scan/gitlog   wall time of the scan over wall time of git log
//	peak-MB       largest resident size of the scan
//
// Run: go test ./cmd/mainstay -run '^$' -bench ScanBesideGitLog -benchtime 3x
func BenchmarkScanBesideGitLog(b *testing.B) {
	git := need.Git(b)
	shared := need.Shared(b)
	root := b.TempDir()
	ids := gittest.Mirrors(b, root, filepath.Join(shared, "data", "histories"), 200)
	cohort := filepath.Join(b.TempDir(), "largest.txt")
	if err := os.WriteFile(cohort, []byte(strings.Join(ids, "\n")+"\n"), 0o644); err != nil {
		b.Fatal(err)
	}
	program := filepath.Join(b.TempDir(), "mainstay")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		b.Fatalf("go build: %s", out)
	}
	repositories, err := filepath.Glob(filepath.Join(root, "*", "*", "*.git"))
	if err != nil || len(repositories) != len(ids) {
		b.Fatalf("%d repositories for %d upstreams", len(repositories), len(ids))
	}
	var ours, theirs time.Duration
	var peak int64
	for b.Loop() {
		start := time.Now()
		scan := exec.Command(program, "scan", "--cohort", cohort, "--mirrors", root, "--offline", "-f", "json", "--store", "none", "--cache", b.TempDir())
		scan.Stdout, scan.Stderr = io.Discard, os.Stderr
		if err := scan.Run(); err != nil {
			b.Fatal(err)
		}
		ours += time.Since(start)
		peak = max(peak, peakBytes(scan.ProcessState))

		start = time.Now()
		for _, dir := range repositories {
			log := exec.Command(git, "-C", dir, "-c", "log.mailmap=false", "log",
				"--format=%ct%x09%at%x09%P%x09%an%x09%ae%x09%cn%x09%ce%x09%s", "HEAD")
			log.Stdout = io.Discard
			if err := log.Run(); err != nil {
				b.Fatalf("%s: %v", dir, err)
			}
		}
		theirs += time.Since(start)
	}
	b.ReportMetric(ours.Seconds()/theirs.Seconds(), "scan/gitlog")
	b.ReportMetric(float64(peak)/(1<<20), "peak-MB")
	b.ReportMetric(ours.Seconds()/float64(b.N), "s/scan")
}

// peakBytes is the largest resident size of an ended process; Linux counts it in kilobytes, other systems in bytes.
func peakBytes(p *os.ProcessState) int64 {
	usage, ok := p.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	if runtime.GOOS == "linux" {
		return usage.Maxrss * 1024
	}
	return usage.Maxrss
}
