//go:build unix

package history

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

// BenchmarkReadBesideGitLog reads repositories made from the largest archives, and those that MAINSTAY_REPOSITORIES lists
// (paths, separated as in PATH), beside git log with the columns that a history is made of. The metric git-log-ratio is our
// time by git log's, measured in turns in the same run; cpu-ratio is the same of processor time.
func BenchmarkReadBesideGitLog(b *testing.B) {
	need.Git(b)
	for _, dir := range filepath.SplitList(os.Getenv("MAINSTAY_REPOSITORIES")) {
		b.Run(filepath.Base(filepath.Dir(dir)), func(b *testing.B) { benchmarkBeside(b, dir) })
	}
	for _, name := range [...]string{"istio+istio", "emberjs+ember.js", "kubernetes+minikube"} {
		b.Run(name, func(b *testing.B) {
			dir := gittest.FromArchive(b, filepath.Join(need.Shared(b), "data/histories", name))
			benchmarkBeside(b, dir)
		})
	}
}

func benchmarkBeside(b *testing.B, dir string) {
	columns := strings.ReplaceAll(logColumns, "%ad%x00", "")
	var log, own, logCPU, ownCPU time.Duration
	var commits int
	for b.Loop() {
		start := time.Now()
		cmd := exec.Command("git", "--git-dir="+dir, "-c", "protocol.allow=never", "-c", "log.mailmap=false", "log", columns)
		cmd.Stdout = io.Discard
		if err := cmd.Run(); err != nil {
			b.Fatal(err)
		}
		log += time.Since(start)
		logCPU += cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
		start, used := time.Now(), processTime(b)
		h, err := ReadRepository(b.Context(), dir, ReadOptions{})
		if err != nil {
			b.Fatal(err)
		}
		own += time.Since(start)
		ownCPU += processTime(b) - used
		commits = len(h.Commits)
	}
	b.ReportMetric(float64(own)/float64(log), "git-log-ratio")
	b.ReportMetric(float64(ownCPU)/float64(logCPU), "cpu-ratio")
	b.ReportMetric(float64(own.Nanoseconds())/float64(b.N*commits), "ns/commit")
	b.ReportMetric(float64(commits), "commits")
	b.ReportMetric(float64(historySize(b, dir)), "history-bytes")
	b.ReportMetric(0, "ns/op") // of both together: says nothing
}

// historySize gives the memory that a history holds once it is read.
func historySize(b *testing.B, dir string) uint64 {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	h, err := ReadRepository(b.Context(), dir, ReadOptions{Pulls: true})
	if err != nil {
		b.Fatal(err)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	runtime.KeepAlive(h)
	return after.HeapAlloc - before.HeapAlloc
}

// processTime gives the processor time that this process has used, which other work on the machine does not change.
func processTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkReadRepository measures our own reader alone, for profiles.
func BenchmarkReadRepository(b *testing.B) {
	dirs := filepath.SplitList(os.Getenv("MAINSTAY_REPOSITORIES"))
	if len(dirs) == 0 {
		dirs = []string{gittest.FromArchive(b, filepath.Join(need.Shared(b), "data/histories/emberjs+ember.js"))}
	}
	for _, pulls := range []string{"commits", "pulls"} {
		b.Run(pulls, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				for _, dir := range dirs {
					if _, err := ReadRepository(b.Context(), dir, ReadOptions{Pulls: pulls == "pulls"}); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}
