package main

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/mainstay-oss/mainstay/internal/forecast"
	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/vitals"
)

// makeTable measures every archive below a folder, two at a time, and gives the table in a fixed order.
func makeTable(histories, retiredFile string) ([]byte, error) {
	retired, err := readRetired(retiredFile)
	if err != nil {
		return nil, err
	}
	found, err := filepath.Glob(filepath.Join(histories, "*", "meta.json"))
	if err != nil || len(found) == 0 {
		return nil, fmt.Errorf("no history archives in %s", histories)
	}
	var (
		wait  sync.WaitGroup
		mutex sync.Mutex
		rows  []forecast.Row
		first error
		slots = make(chan struct{}, runtime.GOMAXPROCS(0))
	)
	for _, meta := range found {
		slots <- struct{}{}
		wait.Go(func() {
			defer func() { <-slots }()
			some, err := archiveRows(filepath.Dir(meta), retired)
			mutex.Lock()
			defer mutex.Unlock()
			rows = append(rows, some...)
			if first == nil {
				first = err
			}
		})
	}
	wait.Wait()
	if first != nil {
		return nil, first
	}
	slices.SortFunc(rows, func(a, b forecast.Row) int {
		return cmp.Or(strings.Compare(a.Repo, b.Repo), strings.Compare(a.AsOf, b.AsOf))
	})
	var out bytes.Buffer
	err = forecast.WriteTable(&out, rows)
	return out.Bytes(), err
}

// archiveRows gives the project-quarters of one archive that count.
func archiveRows(dir string, retired map[string]int64) ([]forecast.Row, error) {
	repo, err := repoOf(dir)
	if err != nil {
		return nil, err
	}
	h, err := history.ReadArchive(dir, "github.com/"+strings.ToLower(repo))
	if err != nil {
		return nil, err
	}
	var end *int64
	if at, ok := retired[repo]; ok {
		end = &at
	}
	m := vitals.NewMeter(h)
	var rows []forecast.Row
	for _, t := range m.Quarters(end) {
		f, ok := forecast.FeaturesAt(m, t)
		o := m.Outcome(t, end)
		if !ok || o.Stop == nil || o.Collapse == nil || o.BusiestLeft == nil {
			return nil, fmt.Errorf("%s: quarter %d counts but has no features or no outcome", repo, t)
		}
		rows = append(rows, forecast.Row{
			Repo: repo, AsOf: time.Unix(t, 0).UTC().Format(time.DateOnly), Features: f,
			Stop: *o.Stop, Collapse: *o.Collapse, Left: *o.BusiestLeft,
		})
	}
	return rows, nil
}

// repoOf reads the project's name, with its own capitals, from an archive's meta.json.
func repoOf(dir string) (string, error) {
	data, err := os.ReadFile(filepath.Join(dir, "meta.json"))
	if err != nil {
		return "", err
	}
	var meta struct {
		Repo string `json:"repo"`
	}
	if err := json.Unmarshal(data, &meta); err != nil || meta.Repo == "" {
		return "", fmt.Errorf("%s: meta.json names no repo: %v", dir, err)
	}
	return meta.Repo, nil
}

// readRetired reads retirement dates (00:00 UTC) by owner/name.
func readRetired(path string) (map[string]int64, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	in := csv.NewReader(bytes.NewReader(data))
	in.Comma, in.LazyQuotes, in.FieldsPerRecord = '\t', true, -1
	lines, err := in.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	retired := map[string]int64{}
	for i, line := range lines {
		if i == 0 && line[0] == "repo" {
			continue
		}
		if len(line) < 2 {
			return nil, fmt.Errorf("%s line %d: want repo and date", path, i+1)
		}
		day, err := time.Parse(time.DateOnly, line[1])
		if err != nil {
			return nil, fmt.Errorf("%s line %d: %w", path, i+1, err)
		}
		retired[line[0]] = day.Unix()
	}
	return retired, nil
}
