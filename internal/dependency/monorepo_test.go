package dependency

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"syscall"
	"testing"
	"time"

	"github.com/mainstay-oss/mainstay/internal/locktest"
)

// readInventoryOf names, in the environment, a folder that the test binary is to read in place of testing.
const readInventoryOf = "MAINSTAY_TEST_INVENTORY_OF"

func TestMain(m *testing.M) {
	if dir := os.Getenv(readInventoryOf); dir != "" {
		readAlone(dir)
		return
	}
	os.Exit(m.Run())
}

// taken is what reading a folder took, in a process that does nothing else.
type taken struct {
	Files, Packages, Gaps int
	Read, Graph           time.Duration
	peak                  int64 // bytes resident
}

func readAlone(dir string) {
	if os.Getenv("GOGC") == "" { // as the program does
		debug.SetGCPercent(50)
	}
	start := time.Now()
	inv, err := Read(context.Background(), dir, Options{})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	t := taken{Files: len(inv.Files), Gaps: len(inv.Gaps), Read: time.Since(start)}
	t.Packages = len(inv.Graph().Nodes)
	t.Graph = time.Since(start) - t.Read
	json.NewEncoder(os.Stdout).Encode(t)
}

// takes reads a folder in a process of its own.
func takes(b *testing.B, dir string) (t taken) {
	b.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), readInventoryOf+"="+dir)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, os.Stderr
	if err := cmd.Run(); err != nil {
		b.Fatal(err)
	}
	if err := json.Unmarshal(out.Bytes(), &t); err != nil {
		b.Fatal(err)
	}
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		t.peak = usage.Maxrss
		if runtime.GOOS == "linux" { // kilobytes there, bytes elsewhere
			t.peak *= 1024
		}
	}
	return t
}

// BenchmarkMonorepo reads and merges 500 lockfiles with 20,000 distinct packages, of all kinds mixed and of each alone,
// and of JavaScript's files 2,000 packages each. It reports
//
//	s          wall time of the inventory and its graph, in a process of its own
//	peak-MB    largest resident size of that process
//	4x-files   time for 500 files over time for 125 of them: 4 where time is linear
//
// Run: go test ./internal/dependency -run '^$' -bench Monorepo -benchtime 1x
func BenchmarkMonorepo(b *testing.B) {
	b.Run("mixed", func(b *testing.B) {
		measureMonorepo(b, func(root string, files int) { locktest.Mixed(b, root, files) })
	})
	for _, k := range locktest.Kinds {
		b.Run(fmt.Sprintf("%s-%d", k.Label, k.Packages), func(b *testing.B) {
			measureMonorepo(b, func(root string, files int) {
				for i := range files {
					locktest.Write(b, root, i, k, k.Packages, locktest.Distinct)
				}
			})
		})
	}
}

func measureMonorepo(b *testing.B, write func(root string, files int)) {
	const files = 500
	part, whole := b.TempDir(), b.TempDir()
	write(part, files/4)
	write(whole, files)
	var few, all taken
	var fewTime, allTime time.Duration
	for b.Loop() {
		few, all = takes(b, part), takes(b, whole)
		if all.Files != files {
			b.Fatalf("%d files read", all.Files)
		}
		fewTime += few.Read + few.Graph
		allTime += all.Read + all.Graph
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(allTime.Seconds()/float64(b.N), "s")
	b.ReportMetric(all.Graph.Seconds(), "graph-s")
	b.ReportMetric(float64(all.peak)/(1<<20), "peak-MB")
	b.ReportMetric(allTime.Seconds()/fewTime.Seconds(), "4x-files")
	b.ReportMetric(float64(all.Packages), "packages")
	b.ReportMetric(float64(all.Gaps), "gaps")
}
