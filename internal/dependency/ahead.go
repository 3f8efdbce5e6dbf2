package dependency

import (
	"path"
	"runtime"
)

// mostReaders bounds the files that are in memory at a time.
const mostReaders = 8

// An outcome is what became of one file.
type outcome struct {
	file File
	bad  problems
	ok   bool
	fail *problem // in place of the others: it could not be read at all
}

// ahead parses files side by side while the walk goes on, and gives them in its order, so that the result does not depend
// on who was faster. At most twice as many files wait as there are readers.
type ahead struct {
	r     *reading
	tasks chan *task
	order []*task
}

type task struct {
	rel    string
	format *format
	done   chan outcome
}

// readAhead starts the readers. Each has a memory of its own; strings that last are shared by all.
func (r *reading) readAhead() *ahead {
	n := min(runtime.GOMAXPROCS(0), mostReaders)
	a := &ahead{r: r, tasks: make(chan *task, 2*n)}
	for range n {
		go func() {
			seen := newMemory()
			for t := range a.tasks {
				t.done <- r.read(t.rel, t.format, seen)
			}
		}()
	}
	return a
}

// add lets a file be parsed, and takes what is finished before it.
func (a *ahead) add(rel string, format *format) {
	t := &task{rel: rel, format: format, done: make(chan outcome, 1)}
	for len(a.order) == cap(a.tasks) {
		a.take()
	}
	a.order = append(a.order, t)
	a.tasks <- t
}

// take waits for the file that was added first.
func (a *ahead) take() {
	t := a.order[0]
	a.order = a.order[1:]
	p := <-t.done
	if t.format.manifest && a.r.manifests[path.Dir(t.rel)] != nil {
		return // read together with a lockfile
	}
	a.r.take(t.rel, t.format, p)
}

// end waits for all files.
func (a *ahead) end() {
	close(a.tasks)
	for len(a.order) > 0 {
		a.take()
	}
}
