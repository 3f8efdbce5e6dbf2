package vitals

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/need"
)

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
			h, err := history.ReadArchive(dir, "")
			if err != nil {
				corpus.err = err
				return
			}
			corpus.all[strings.Replace(filepath.Base(dir), "+", "/", 1)] = h
		}
		corpus.retired = map[string]int64{}
		retired, err := os.ReadFile(filepath.Join(data, "retired.tsv"))
		if err != nil {
			corpus.err = err
			return
		}
		for _, line := range strings.Split(strings.TrimSpace(string(retired)), "\n")[1:] {
			f := strings.Split(line, "\t")
			corpus.retired[f[0]] = date(f[1])
		}
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
