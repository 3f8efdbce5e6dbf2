package store

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
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

// batches keeps batches of observations of upstreams named after the writer, and a scan with each, and tells of each batch that is kept.
func batches(dir, name string, count int, out io.Writer) error {
	s := Open(FileIn(dir))
	defer s.Close()
	for i := range count {
		var all []Observation
		for j := range perBatch {
			all = append(all, seen("2025-06-15", ours, fmt.Sprintf("%s/%d/%d", name, i, j), i, j))
		}
		if err := s.Append(context.Background(), all); err != nil {
			return err
		}
		if err := s.Keep(context.Background(), scanOf(name, i)); err != nil {
			return err
		}
		if _, err := fmt.Fprintln(out, i); err != nil {
			return err
		}
	}
	return nil
}

// scanOf is a scan whose document tells the writer and the batch.
func scanOf(name string, batch int) *Scan {
	return &Scan{Key: ours, AsOf: "2025-06-15", Ran: "2025-06-15", Version: name, Document: []byte(text(uint64(batch/3), 20_000) + fmt.Sprint(name, batch))}
}

// writer prepares a process that appends batches.
func writer(dir, name string, count int) *exec.Cmd {
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), "STORE_TEST_WRITES_TO="+dir, "STORE_TEST_NAME="+name, "STORE_TEST_BATCHES="+strconv.Itoa(count))
	return cmd
}

// TestManyWriters: goroutines and processes at once, from the making of the database on; what each kept is there.
func TestManyWriters(t *testing.T) {
	t.Parallel()
	const writers, count = 4, 10
	dir := t.TempDir()
	if err := os.WriteFile(open(t, dir).reachFile(), []byte(line("2025-06-15", "github.com/acme/pump", "5")), 0o600); err != nil {
		t.Fatal(err)
	}
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
	if got, want := len(series(t, open(t, dir), ours, forever)), 2*writers*count*perBatch+1; got != want {
		t.Errorf("%d upstreams, want %d", got, want)
	}
}

// TestKilledWriter kills a process that writes, 200 times, each time at another point: from before it has made the database to
// far into its work, and while it takes in what an earlier version kept in a text file. What it had told to be kept is there, whole; what it
// had not told is there whole or not at all; the text file is there as long as it is not in the database; and the database is sound.
func TestKilledWriter(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir)
	rng := rand.New(rand.NewPCG(1, 2))
	kept := make(map[string]int) // batches by writer
	rounds := 200
	if raced { // which looks at one process; what is killed here is another
		rounds = 10
	}
	var texts []string
	for round := range rounds {
		name := fmt.Sprintf("w%d", round)
		if !there(s.reachFile()) {
			texts = append(texts, "text/"+name)
			if err := os.WriteFile(s.reachFile(), []byte(line("2025-06-15", "text/"+name, "5")), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		cmd := writer(dir, name, 1_000_000)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for told := rng.IntN(4); told > 0 && lines.Scan(); told-- {
			kept[name]++
		}
		spin(rng.IntN(10_000_000))
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		for lines.Scan() { // what it told before it died
			kept[name]++
		}
		_ = cmd.Wait() // it was killed
		sound(t, s)
		complete(t, s, name, kept[name])
		if !there(s.reachFile()) {
			tookIn(t, s, texts)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	tookIn(t, open(t, dir), texts)
	if aside, err := filepath.Glob(s.reachFile() + ".imported*"); err != nil || len(aside) != len(texts) || len(texts) < rounds/4 {
		t.Errorf("of %d text files %d are set aside, error %v", len(texts), len(aside), err)
	}
	total := 0
	for name, n := range kept { // what was kept before later writers were killed
		complete(t, s, name, n)
		total += n
	}
	if total < rounds {
		t.Errorf("only %d batches were told to be kept in %d rounds", total, rounds)
	}
}

// sound checks the whole database.
func sound(t *testing.T, s *Store) {
	t.Helper()
	db, err := s.writing(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var said string
	if err := db.QueryRow(`PRAGMA integrity_check`).Scan(&said); err != nil || said != "ok" {
		t.Fatalf("the database is %q, error %v", said, err)
	}
}

// complete wants so many batches of a writer, or one more, of which it did not live to tell; and each whole.
func complete(t *testing.T, s *Store, name string, told int) {
	t.Helper()
	all := count(t, s, `SELECT * FROM upstream JOIN reach ON upstream = id
		WHERE name GLOB '`+name+`/*' AND date = '2025-06-15' AND packages = substr(name, -length(packages))`)
	if all != told*perBatch && all != (told+1)*perBatch {
		t.Fatalf("%s told of %d batches, and %d observations are there", name, told, all)
	}
	db, err := s.writing(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	rows, err := db.Query(`SELECT id FROM scan WHERE version = ? ORDER BY id`, name)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var ids []int64
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	rows.Close() // the only connection
	if len(ids) != told && len(ids) != told+1 {
		t.Fatalf("%s told of %d batches, and %d scans are there", name, told, len(ids))
	}
	for i, id := range ids {
		if document, err := unpack(t.Context(), db, id); err != nil || string(document) != string(scanOf(name, i).Document) {
			t.Fatalf("scan %d of %s is not what was kept: %v", i, name, err)
		}
	}
}

// tookIn wants what stood in text files.
func tookIn(t *testing.T, s *Store, upstreams []string) {
	t.Helper()
	if got := count(t, s, `SELECT * FROM upstream JOIN reach ON upstream = id WHERE name GLOB 'text/*' AND downloads = 5`); got != len(upstreams) {
		t.Fatalf("%d of %d text files are in the database", got, len(upstreams))
	}
}

var spun int

// spin lets a little time pass without looking at a clock.
func spin(n int) {
	for i := range n {
		spun ^= i
	}
}
