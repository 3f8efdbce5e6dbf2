package store

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// TestMain lets the test's own program be the processes that write: it is then given a folder, a name, and how many batches.
func TestMain(m *testing.M) {
	if dir := os.Getenv("STORE_TEST_WRITES_TO"); dir != "" {
		count, err := strconv.Atoi(os.Getenv("STORE_TEST_BATCHES"))
		if err == nil {
			err = batches(dir, os.Getenv("STORE_TEST_NAME"), count, os.Stdout)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

const perBatch = 25

// batches appends batches of observations of upstreams named after the writer, and tells of each that is kept.
func batches(dir, name string, count int, out io.Writer) error {
	r, err := Open(dir)
	if err != nil {
		return err
	}
	for i := range count {
		var all []Observation
		for j := range perBatch {
			all = append(all, seen("2025-06-15", ours, fmt.Sprintf("%s/%d/%d", name, i, j), i, j))
		}
		if err := r.Append(context.Background(), all); err != nil {
			return err
		}
		if _, err := fmt.Fprintln(out, i); err != nil {
			return err
		}
	}
	return nil
}

// writer prepares a process that appends batches.
func writer(dir, name string, count int) *exec.Cmd {
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), "STORE_TEST_WRITES_TO="+dir, "STORE_TEST_NAME="+name, "STORE_TEST_BATCHES="+strconv.Itoa(count))
	return cmd
}

// TestManyWriters: goroutines and processes at once; every line of each is there, whole and once.
func TestManyWriters(t *testing.T) {
	t.Parallel()
	const writers, count = 4, 20
	dir := t.TempDir()
	var wg sync.WaitGroup
	for i := range writers {
		wg.Go(func() {
			if err := batches(dir, fmt.Sprintf("goroutine%d", i), count, io.Discard); err != nil {
				t.Error(err)
			}
		})
		wg.Go(func() {
			if out, err := writer(dir, fmt.Sprintf("process%d", i), count).CombinedOutput(); err != nil {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
	wg.Wait()
	r := open(t, dir)
	got := series(t, r, ours, forever)
	if len(got) != 2*writers*count*perBatch || strings.Count(content(t, r), "\n") != len(got) {
		t.Errorf("%d upstreams in %d lines, want %d", len(got), strings.Count(content(t, r), "\n"), 2*writers*count*perBatch)
	}
}

// TestKilledWriter kills a process that appends, at another point each time. What it had told to be kept is there, what was
// there before has not changed, and the next writer finds a file that it can use.
func TestKilledWriter(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	r := open(t, dir)
	rng := rand.New(rand.NewPCG(1, 2))
	kept := make(map[string]int) // batches by writer
	before := ""
	const rounds = 40
	for round := range rounds {
		name := fmt.Sprintf("w%d", round)
		cmd := writer(dir, name, 1_000_000)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for told := rng.IntN(6); told > 0 && lines.Scan(); told-- {
			kept[name]++
		}
		spin(rng.IntN(2_000_000))
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		for lines.Scan() { // what it told before it died
			kept[name]++
		}
		_ = cmd.Wait() // it was killed

		if before != "" && !strings.HasPrefix(content(t, r), before) {
			t.Fatalf("round %d: what was there before has changed", round)
		}
		got, problems, err := r.Series(ours, forever)
		if err != nil || len(problems) != 0 {
			t.Fatalf("round %d: problems %v, error %v", round, problems, err)
		}
		for name, batches := range kept {
			for i := range batches {
				for j := range perBatch {
					if got[fmt.Sprintf("%s/%d/%d", name, i, j)] == nil {
						t.Fatalf("round %d: line %d of batch %d of %s is lost", round, j, i, name)
					}
				}
			}
		}
		keep(t, r, seen("2025-06-15", ours, "between/"+name, round))
		before = content(t, r)
		if !strings.HasSuffix(before, "\n") {
			t.Fatalf("round %d: the file does not end with a line", round)
		}
	}
	total := 0
	for _, n := range kept {
		total += n
	}
	if total < rounds {
		t.Errorf("only %d batches were told to be kept in %d rounds", total, rounds)
	}
	if _, problems, _ := r.Series(ours, forever); len(problems) != 0 {
		t.Errorf("problems %v", problems)
	}
}

var spun int

// spin lets a little time pass without looking at a clock.
func spin(n int) {
	for i := range n {
		spun ^= i
	}
}
