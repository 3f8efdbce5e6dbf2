package store

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
)

// Bounds of the text file in which earlier versions kept reach (doc/decisions/0007-reach-is-a-text-file.md).
const (
	maxFile     = 64 << 20
	maxLine     = 4 << 10
	maxProblems = 10 // that are told one by one
)

// reachFile is where that file lies: beside a database that has its usual name. What lies beside one of another name is not ours;
// then it is empty.
func (s *Store) reachFile() string {
	dir, name := filepath.Split(s.file)
	if name != fileName {
		return ""
	}
	return filepath.Join(dir, "reach.jsonl")
}

// takeIn reads that file into the database, in one transaction, and gives it another name; it is never deleted. Whoever is
// killed on the way leaves it to the next to do the same again, which then adds nothing. What the database says of a day
// already is the later word.
func (s *Store) takeIn(ctx context.Context, db *sql.DB) (err error) {
	file := s.reachFile()
	if !there(file) {
		return nil
	}
	f, err := openReach(file)
	if errors.Is(err, fs.ErrNotExist) { // another process was quicker
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { err = cmp.Or(err, ignoreClosed(f.Close())) }() // which ends the lock
	if _, err := lock(ctx, f); err != nil {
		return &fs.PathError{Op: "lock", Path: file, Err: err}
	}
	// Another process may have been at it while this one waited.
	ours, err := f.Stat()
	if err != nil {
		return err
	}
	if now, err := os.Stat(file); err != nil || !os.SameFile(ours, now) {
		return nil
	}
	last := make(map[place]Observation)
	problems, err := readReach(f, maxFile, func(o Observation) { last[o.place()] = o })
	if err != nil {
		return err
	}
	all := slices.SortedFunc(func(yield func(Observation) bool) {
		for _, o := range last {
			if !yield(o) {
				return
			}
		}
	}, func(a, b Observation) int {
		return cmp.Or(cmp.Compare(a.Key, b.Key), cmp.Compare(a.Upstream, b.Upstream), cmp.Compare(a.Date, b.Date))
	})
	if err := within(ctx, db, func(tx *sql.Tx) error { return insertReach(ctx, tx, all, `DO NOTHING`) }); err != nil {
		return err
	}
	if runtime.GOOS == "windows" { // where an open file keeps its name
		if err := f.Close(); err != nil {
			return err
		}
	}
	renamed, err := setAside(file)
	for i := range problems {
		problems[i].File = renamed
	}
	s.problems = problems
	return err
}

// Problems are the lines that could not be read of the text file that this process took in.
func (s *Store) Problems() []Problem {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.problems
}

func ignoreClosed(err error) error {
	if errors.Is(err, os.ErrClosed) {
		return nil
	}
	return err
}

// setAside gives a file a name that none has yet: with .imported, .imported.2 and so on behind it.
func setAside(file string) (string, error) {
	for n := 1; ; n++ {
		name := file + ".imported"
		if n > 1 {
			name += fmt.Sprintf(".%d", n)
		}
		if there(name) {
			continue
		}
		if err := os.Rename(file, name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return name, err
		}
		syncFolder(filepath.Dir(file))
		return name, nil
	}
}

// openReach opens the file if it is one: opening a pipe would wait for somebody at its other end.
func openReach(file string) (*os.File, error) {
	info, err := os.Stat(file)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, &fs.PathError{Op: "open", Path: file, Err: errors.New("not a regular file")}
	}
	return os.OpenFile(file, os.O_RDWR, 0) // some systems lock only what can be written
}

// readReach calls visit with every observation, in the order of the file. The beginning of a line at its end was left by a
// writer that was killed, and was never told to be kept.
func readReach(f *os.File, limit int64, visit func(Observation)) ([]Problem, error) {
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, err
	case info.Size() > limit:
		return nil, &fs.PathError{Op: "read", Path: f.Name(), Err: fmt.Errorf("over %d MiB; move it elsewhere", limit>>20)}
	}
	in := bufio.NewReaderSize(io.NewSectionReader(f, 0, info.Size()), maxLine)
	var problems []Problem
	more := 0
	for number := 1; ; number++ {
		line, err := in.ReadSlice('\n')
		long := errors.Is(err, bufio.ErrBufferFull)
		for errors.Is(err, bufio.ErrBufferFull) {
			_, err = in.ReadSlice('\n')
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		ended := err == nil
		var bad error
		if text := bytes.TrimRight(line, " \t\r\n"); long {
			bad = fmt.Errorf("longer than %d bytes", maxLine)
		} else if len(text) > 0 {
			var o Observation
			if o, bad = parse(text); bad == nil {
				visit(o)
			} else if !ended && errors.Is(bad, errCut) {
				bad = nil
			}
		}
		switch {
		case bad == nil:
		case len(problems) < maxProblems:
			problems = append(problems, Problem{File: f.Name(), Line: number, Detail: bad.Error()})
		default:
			more++
		}
		if !ended {
			if more > 0 {
				problems[maxProblems-1].Detail += fmt.Sprintf("; and %d lines more that cannot be read", more)
			}
			return problems, nil
		}
	}
}
