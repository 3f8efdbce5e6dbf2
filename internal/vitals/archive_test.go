package vitals

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/need"
)

// readArchive reads a well-formed history archive of the shared data.
func readArchive(dir string) (*history.History, error) {
	h := &history.History{Source: history.Archive, Hashed: true, PullsKnown: true}
	var meta struct {
		Repo          string `json:"repo"`
		ObservedUntil int64  `json:"observed_until"`
	}
	b, err := os.ReadFile(filepath.Join(dir, "meta.json"))
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(b, &meta); err != nil {
		return nil, err
	}
	h.Upstream = "github.com/" + strings.ToLower(meta.Repo)
	h.ObservedUntil = time.Unix(meta.ObservedUntil, 0)

	known := map[history.Identity]int32{}
	identity := func(id history.Identity) int32 {
		n, ok := known[id]
		if !ok {
			n = int32(len(h.Identities))
			known[id] = n
			h.Identities = append(h.Identities, id)
		}
		return n
	}
	number := func(s string) int64 {
		n, e := strconv.ParseInt(s, 10, 64)
		if e != nil && err == nil {
			err = e
		}
		return n
	}
	if e := rows(filepath.Join(dir, "commits.tsv.gz"), 12, func(f []string) {
		h.Commits = append(h.Commits, history.Commit{
			Committed: number(f[0]), Authored: number(f[1]), AuthorTZ: int16(number(f[2])), Parents: uint8(number(f[3])),
			Author:    identity(history.Identity{Name: f[4], Email: f[5], Domain: f[6], Bot: f[9] == "1"}),
			Committer: identity(history.Identity{Email: f[7], Domain: f[8]}),
			Pull:      int32(number(f[10])),
		})
	}); e != nil {
		return nil, e
	}
	if e := rows(filepath.Join(dir, "tags.tsv"), 2, func(f []string) {
		h.Tags = append(h.Tags, history.Tag{Created: number(f[0]), Name: f[1]})
	}); e != nil {
		return nil, e
	}
	if e := rows(filepath.Join(dir, "pulls.tsv.gz"), 5, func(f []string) {
		h.Pulls = append(h.Pulls, history.Pull{
			Number: int32(number(f[0])), Authored: number(f[1]), HeadCommitted: number(f[2]),
			Author: identity(history.Identity{Email: f[3], Bot: f[4] == "1"}),
		})
	}); e != nil {
		return nil, e
	}
	return h, err
}

// rows calls do for every row but the heading of a tab-separated file, packed or not.
func rows(path string, columns int, do func([]string)) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(path, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			return err
		}
	}
	scan := bufio.NewScanner(r)
	scan.Buffer(nil, 1<<20)
	scan.Scan()
	for scan.Scan() {
		fields := strings.Split(scan.Text(), "\t")
		if len(fields) != columns {
			return fmt.Errorf("%s: %d fields, not %d", path, len(fields), columns)
		}
		do(fields)
	}
	return scan.Err()
}

// corpus holds the histories of the shared data, read once for all tests.
var corpus struct {
	once    sync.Once
	all     map[string]*history.History // by owner/name
	retired map[string]int64
	err     error
}

func sharedCorpus(t testing.TB) (all map[string]*history.History, retired map[string]int64) {
	t.Helper()
	data := filepath.Join(need.Shared(t), "data")
	corpus.once.Do(func() {
		dirs, err := filepath.Glob(filepath.Join(data, "histories", "*", "meta.json"))
		if err != nil || len(dirs) == 0 {
			corpus.err = fmt.Errorf("no histories in %s: %v", data, err)
			return
		}
		corpus.all = make(map[string]*history.History, len(dirs))
		for _, meta := range dirs {
			dir := filepath.Dir(meta)
			h, err := readArchive(dir)
			if err != nil {
				corpus.err = err
				return
			}
			corpus.all[strings.Replace(filepath.Base(dir), "+", "/", 1)] = h
		}
		corpus.retired = map[string]int64{}
		corpus.err = rows(filepath.Join(data, "retired.tsv"), 3, func(f []string) {
			corpus.retired[f[0]] = date(f[1])
		})
	})
	if corpus.err != nil {
		t.Fatal(corpus.err)
	}
	return corpus.all, corpus.retired
}

// date gives 00:00 UTC of a YYYY-MM-DD.
func date(s string) int64 {
	d, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return d.Unix()
}
