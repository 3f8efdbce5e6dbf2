package store

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// Bounds of the file. A run adds some hundred lines of about 150 bytes to each day.
const (
	maxFile     = 64 << 20
	maxLine     = 4 << 10
	maxProblems = 10 // that are told one by one
)

const reachFile = "reach.jsonl"

// Reach is the observations of reach, in one file of JSON Lines that only ever grows. Several processes may use it at once.
type Reach struct {
	dir, path string
	limit     int64
	lock      func(context.Context, *os.File) (held bool, err error)
}

// Open gives the observations in a folder. The folder and the file are made when something is first kept there.
func Open(dir string) (*Reach, error) {
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		return nil, &fs.PathError{Op: "open store", Path: dir, Err: errors.New("not a folder")}
	}
	return &Reach{dir: dir, path: filepath.Join(dir, reachFile), limit: maxFile, lock: lock}, nil
}

// Append keeps observations; what the file already says of a day is not said again. They are on the disk when it returns
// without an error; with one, no line that was there before is lost.
func (r *Reach) Append(ctx context.Context, all []Observation) (err error) {
	for _, o := range all {
		if err := o.check(); err != nil {
			return fmt.Errorf("observation of %s: %w", o.Upstream, err)
		}
	}
	if len(all) == 0 {
		return nil
	}
	if err := os.MkdirAll(r.dir, 0o700); err != nil {
		return err
	}
	_, err = os.Stat(r.path)
	created := errors.Is(err, fs.ErrNotExist)
	f, err := r.open(os.O_RDWR | os.O_CREATE | os.O_APPEND)
	if err != nil {
		return err
	}
	defer func() { err = cmp.Or(err, f.Close()) }() // which ends the lock
	alone, err := r.lock(ctx, f)
	if err != nil {
		return &fs.PathError{Op: "lock", Path: r.path, Err: err}
	}
	size, err := r.mend(f, alone)
	if err != nil {
		return err
	}
	text, err := r.news(f, all)
	if err != nil || len(text) == 0 {
		return err
	}
	if !alone && size > 0 {
		text = append([]byte("\n"), text...) // others may be writing; an empty line harms nobody
	}
	if size+int64(len(text)) > r.limit {
		return r.tooLarge()
	}
	if _, err := f.Write(text); err != nil {
		if alone {
			err = errors.Join(err, os.Truncate(r.path, size))
		}
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if created {
		syncFolder(r.dir)
	}
	return nil
}

func (r *Reach) tooLarge() error {
	return &fs.PathError{Op: "use", Path: r.path, Err: fmt.Errorf("over %d MiB; move it elsewhere, and a new one begins", r.limit>>20)}
}

// open opens the file if it is one: opening a pipe would wait for somebody at its other end.
func (r *Reach) open(how int) (*os.File, error) {
	if info, err := os.Stat(r.path); err == nil && !info.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "open", Path: r.path, Err: errors.New("not a regular file")}
	}
	return os.OpenFile(r.path, how, 0o600)
}

// mend sees to it that the next line begins a line, and gives the size of the file. A writer that was killed may have left the
// beginning of a line; where nobody else can be writing it is cut off. What is not of our making is left and its line ended.
func (r *Reach) mend(f *os.File, alone bool) (int64, error) {
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil || size == 0 || !alone {
		return size, err
	}
	from := max(size-maxLine, 0)
	end := make([]byte, size-from)
	if _, err := f.ReadAt(end, from); err != nil {
		return 0, err
	}
	last := end[bytes.LastIndexByte(end, '\n')+1:]
	if len(last) == 0 {
		return size, nil
	}
	whole := from == 0 || len(last) < len(end) // no line of ours is longer than what was read
	if _, err := parse(last); whole && errors.Is(err, errCut) {
		size -= int64(len(last))
		return size, os.Truncate(r.path, size)
	}
	_, err = f.Write([]byte("\n"))
	return size + 1, err
}

// news gives the lines that say something that is not the last word of its day already.
func (r *Reach) news(f *os.File, all []Observation) ([]byte, error) {
	dates := make(map[string]bool)
	for _, o := range all {
		dates[o.Date] = true
	}
	last := make(map[place]Observation)
	if _, err := r.each(f, func(o Observation) {
		if dates[o.Date] {
			last[o.place()] = o
		}
	}); err != nil {
		return nil, err
	}
	var text bytes.Buffer
	for _, o := range slices.SortedStableFunc(slices.Values(all), func(a, b Observation) int {
		return cmp.Or(cmp.Compare(a.Date, b.Date), cmp.Compare(a.Key, b.Key), cmp.Compare(a.Upstream, b.Upstream))
	}) {
		if old, ok := last[o.place()]; ok && old.equal(o) {
			continue
		}
		last[o.place()] = o
		line, err := json.Marshal(o)
		if err != nil {
			return nil, err
		}
		text.Write(append(line, '\n'))
	}
	return text.Bytes(), nil
}

// Series gives what was observed under a key, by upstream, the oldest first: up to the day asOf, and of each day the last word.
func (r *Reach) Series(key string, asOf time.Time) (map[string][]Observation, []Problem, error) {
	until := asOf.UTC().Format(time.DateOnly)
	last := make(map[place]Observation)
	f, err := r.open(os.O_RDONLY)
	if errors.Is(err, fs.ErrNotExist) {
		return map[string][]Observation{}, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	problems, err := r.each(f, func(o Observation) {
		if o.Key == key && o.Date <= until {
			last[o.place()] = o
		}
	})
	if err != nil {
		return nil, nil, err
	}
	out := make(map[string][]Observation)
	for _, o := range last {
		out[o.Upstream] = append(out[o.Upstream], o)
	}
	for _, series := range out {
		slices.SortFunc(series, func(a, b Observation) int { return cmp.Compare(a.Date, b.Date) })
	}
	return out, problems, nil
}

// each calls visit with every observation, in the order of the file.
func (r *Reach) each(f *os.File, visit func(Observation)) ([]Problem, error) {
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, err
	case info.Size() > r.limit:
		return nil, r.tooLarge()
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
				bad = nil // being written, or left by a writer that was killed; the next one mends it
			}
		}
		switch {
		case bad == nil:
		case len(problems) < maxProblems:
			problems = append(problems, Problem{File: r.path, Line: number, Detail: bad.Error()})
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
