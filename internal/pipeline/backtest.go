package pipeline

import (
	"cmp"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/mainstay-oss/mainstay/internal/forecast"
	"github.com/mainstay-oss/mainstay/internal/gap"
	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/vitals"
)

// ErrNoArchives tells that a backtest found no history archive to judge.
var ErrNoArchives = errors.New("no history archives")

// A Backtest judges forecasts by what came of the upstreams in folders of history archives.
type Backtest struct {
	Folders []string // each an archive, or a folder of archives; of two archives of one upstream the first is judged
	Retired *forecast.Retirements
	Judge   forecast.Judge
	Workers int // archives read side by side; at least 1

	// Progress is told of each step; it may be called from several goroutines.
	Progress func(Step)
}

// A Backtested is what was judged, and what could not be.
type Backtested struct {
	forecast.Backtest
	Archives   int // found
	Small      int // archives of fewer than vitals.MinCommits commits, which do not count
	Duplicates int // archives of an upstream that an earlier archive was judged for
	Gaps       []gap.Gap

	figures []forecast.TaskFigures
}

// Figures are those of the forecast.Backtest, computed once.
func (b *Backtested) Figures() []forecast.TaskFigures {
	if b.figures == nil {
		b.figures = b.Backtest.Figures()
	}
	return b.figures
}

// Run reads every archive once. What cannot be read is a gap; that nothing could be is an error.
func (b *Backtest) Run(ctx context.Context) (*Backtested, error) {
	dirs, err := archives(b.Folders)
	if err != nil {
		return nil, err
	}
	if len(dirs) == 0 {
		return nil, ErrNoArchives
	}
	var (
		wait  sync.WaitGroup
		mutex sync.Mutex
		done  int
		found = make([]one, len(dirs))
		slots = make(chan struct{}, max(b.Workers, 1))
	)
	for i, dir := range dirs {
		slots <- struct{}{}
		if ctx.Err() != nil {
			break
		}
		wait.Go(func() {
			defer func() { <-slots }()
			found[i] = b.read(dir)
			mutex.Lock()
			defer mutex.Unlock()
			done++
			if b.Progress != nil {
				b.Progress(Step{Stage: "histories", Done: done, Total: len(dirs), What: found[i].project.Repo})
			}
		})
	}
	wait.Wait()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return b.collect(found), nil
}

// one is what came of one archive.
type one struct {
	dir      string
	upstream string
	commits  int
	project  forecast.Project
	failure  *gap.Gap
}

// read judges one archive, and lets go of its history.
func (b *Backtest) read(dir string) one {
	o := one{dir: dir}
	h, err := history.ReadArchive(dir, "")
	var repo string
	if err == nil {
		repo, err = repoOf(dir)
	}
	if err != nil {
		g := gap.Gap{Stage: gap.History, Kind: gap.Corrupt, File: filepath.ToSlash(dir), Detail: err.Error()}
		var e *history.Error
		if errors.As(err, &e) {
			g = e.Gap()
		}
		if g.What = cmp.Or(g.What, repo); g.What == "" {
			g.What = filepath.Base(dir)
		}
		o.failure = &g
		return o
	}
	o.upstream, o.commits = h.Upstream, len(h.Commits)
	retired := b.Retired.Of(h.Upstream)
	if retired == nil {
		retired = b.Retired.Of(repo)
	}
	o.project = b.Judge.Project(h, repo, retired)
	return o
}

// collect puts the archives together, sorted by repo, whatever the order in which they were read.
func (b *Backtest) collect(found []one) *Backtested {
	out := &Backtested{Archives: len(found), Backtest: forecast.Backtest{Listed: b.Retired != nil}}
	seen := map[string]bool{}
	for _, o := range found {
		switch {
		case o.failure != nil:
			out.Gaps = append(out.Gaps, *o.failure)
		case seen[o.upstream]:
			out.Duplicates++
		default:
			seen[o.upstream] = true
			if o.commits < vitals.MinCommits {
				out.Small++
				continue
			}
			out.Projects = append(out.Projects, o.project)
		}
	}
	gap.Sort(out.Gaps)
	slices.SortStableFunc(out.Projects, func(a, b forecast.Project) int { return strings.Compare(a.Repo, b.Repo) })
	return out
}

// archives lists the folders that hold or should hold a history archive: a folder itself, or those directly in it.
func archives(folders []string) ([]string, error) {
	var dirs []string
	for _, folder := range folders {
		if looksLikeArchive(folder) {
			dirs = append(dirs, folder)
			continue
		}
		entries, err := os.ReadDir(folder)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			dir := filepath.Join(folder, e.Name())
			if e.Name()[0] != '.' && looksLikeArchive(dir) {
				dirs = append(dirs, dir)
			}
		}
	}
	return dirs, nil
}

// looksLikeArchive tells whether a folder holds one of the files that every archive has. If another is missing, that is told
// when it is read.
func looksLikeArchive(dir string) bool {
	for _, name := range []string{"meta.json", "commits.tsv.gz"} {
		if _, err := os.Lstat(filepath.Join(dir, name)); err == nil {
			return true
		}
	}
	return false
}

// repoOf reads what an archive calls its project. The archive has been read before, so its meta.json is small and sound.
func repoOf(dir string) (string, error) {
	file, err := os.Open(filepath.Join(dir, "meta.json"))
	if err != nil {
		return "", err
	}
	defer file.Close()
	var meta struct {
		Repo string `json:"repo"`
	}
	if err := json.NewDecoder(io.LimitReader(file, 1<<20)).Decode(&meta); err != nil {
		return "", fmt.Errorf("meta.json: %w", err)
	}
	return meta.Repo, nil
}

// WritePredictions writes one record per project and quarter at which it was active, by repo and date: what was forecast and
// what came, an empty field where that is not yet known.
func (b *Backtested) WritePredictions(w io.Writer) error {
	out := csv.NewWriter(w)
	if err := out.Write(predictionColumns); err != nil {
		return err
	}
	for i := range b.Projects {
		p := &b.Projects[i]
		for k := range p.Cases {
			c := &p.Cases[k]
			record := []string{repoCell(p.Repo), day(c.AsOf), probability(c.Stop), probability(c.Collapse), probability(c.Fragility), bit(c.Outcome.Stop), bit(c.Outcome.Collapse)}
			if err := out.Write(record); err != nil {
				return err
			}
		}
	}
	out.Flush()
	return out.Error()
}

var predictionColumns = []string{"repo", "as_of", "probability_12m", "collapse_12m", "fragility", "stop", "collapse"}

// repoCell gives a name that others chose as text, also to a spreadsheet that would take it for a formula.
func repoCell(repo string) string {
	if strings.HasPrefix(repo, "=") || strings.HasPrefix(repo, "+") || strings.HasPrefix(repo, "@") {
		return "'" + repo
	}
	return repo
}

// probability writes the shortest decimal that reads back as the same number.
func probability(p float64) string { return strconv.FormatFloat(p, 'f', -1, 64) }

func bit(outcome *bool) string {
	switch {
	case outcome == nil:
		return ""
	case *outcome:
		return "1"
	}
	return "0"
}
