// Command make writes the embedded reference cohort anew, the same bytes each time.
//
//	go run ./internal/forecast/reference/make --histories DIR --retired FILE    from a folder of history archives
//	go run ./internal/forecast/reference/make --judge                           how good its precedents are; writes nothing
//
// It is run from anywhere inside the repository.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"github.com/mainstay-oss/mainstay/internal/forecast"
	"github.com/mainstay-oss/mainstay/internal/forecast/reference"
	"github.com/mainstay-oss/mainstay/internal/history"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("make", flag.ContinueOnError)
	flags.SetOutput(stderr)
	histories := flags.String("histories", "", "folder of history archives")
	retired := flags.String("retired", "", "tab-separated list of retirement dates: repo, date, evidence")
	judge := flags.Bool("judge", false, "print how good the precedents of the embedded cohort are, and write nothing")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	var err error
	switch {
	case *judge && flags.NFlag() == 1 && flags.NArg() == 0:
		err = reference.Default().Judge().Report(stdout)
	case !*judge && *histories != "" && *retired != "" && flags.NArg() == 0:
		err = write(*histories, *retired, stdout)
	default:
		fmt.Fprintln(stderr, "make: want --histories and --retired together, or --judge alone; see --help")
		return 2
	}
	if err != nil {
		fmt.Fprintln(stderr, "make:", err)
		return 4
	}
	return 0
}

func write(histories, retired string, stdout io.Writer) error {
	home, err := packageFolder()
	if err != nil {
		return err
	}
	data, projects, err := build(histories, retired)
	if err != nil {
		return err
	}
	path := filepath.Join(home, "cohort.bin")
	if err := os.WriteFile(path, data, 0o644); err != nil {
		return err
	}
	fmt.Fprintf(stdout, "wrote %s: %d projects, %d bytes\n", path, projects, len(data))
	return nil
}

// build measures every archive below a folder, as many at a time as there are processors.
func build(histories, retiredFile string) (data []byte, projects int, err error) {
	retired, err := readRetired(retiredFile)
	if err != nil {
		return nil, 0, err
	}
	found, err := filepath.Glob(filepath.Join(histories, "*", "meta.json"))
	if err != nil || len(found) == 0 {
		return nil, 0, fmt.Errorf("no history archives in %s", histories)
	}
	var (
		wait   sync.WaitGroup
		mutex  sync.Mutex
		tracks []reference.Track
		first  error
		slots  = make(chan struct{}, runtime.GOMAXPROCS(0))
	)
	for _, meta := range found {
		slots <- struct{}{}
		wait.Go(func() {
			defer func() { <-slots }()
			track, ok, err := measure(meta, retired)
			mutex.Lock()
			defer mutex.Unlock()
			if ok {
				tracks = append(tracks, track)
			}
			if first == nil {
				first = err
			}
		})
	}
	wait.Wait()
	if first != nil {
		return nil, 0, first
	}
	data, err = reference.Encode(tracks)
	return data, len(tracks), err
}

// measure follows the project of one archive.
func measure(metaFile string, retired *forecast.Retirements) (reference.Track, bool, error) {
	data, err := os.ReadFile(metaFile)
	if err != nil {
		return reference.Track{}, false, err
	}
	var meta struct {
		Repo string `json:"repo"`
	}
	if err := json.Unmarshal(data, &meta); err != nil || meta.Repo == "" {
		return reference.Track{}, false, fmt.Errorf("%s names no repo: %v", metaFile, err)
	}
	h, err := history.ReadArchive(filepath.Dir(metaFile), "github.com/"+strings.ToLower(meta.Repo))
	if err != nil {
		return reference.Track{}, false, err
	}
	return reference.Measure(h, meta.Repo, retired.Of(meta.Repo))
}

// readRetired reads retirement dates.
func readRetired(path string) (*forecast.Retirements, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	list, err := forecast.ReadRetirements(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return list, nil
}

// packageFolder finds internal/forecast/reference of the module around the working directory.
func packageFolder() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		home := filepath.Join(dir, "internal", "forecast", "reference")
		if _, err := os.Stat(filepath.Join(home, "build.go")); err == nil {
			return home, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", errors.New("not inside the repository of Mainstay")
		}
		dir = up
	}
}
