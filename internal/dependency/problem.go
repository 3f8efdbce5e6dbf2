package dependency

import (
	"path"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// mostProblems is how many problems of one kind in one file are told one by one; the rest are counted together.
const mostProblems = 10

// problems collects what is wrong with one file, in bounded memory.
type problems struct {
	list []problem
	more map[gap.Kind]int // beyond mostProblems
}

// add records one more problem of a kind; describe gives its line, what and detail and is only called while few.
func (p *problems) add(kind gap.Kind, describe func() (line int, what, detail string)) {
	p.addIn("", kind, describe)
}

// addIn records one more problem in a file that this one includes.
func (p *problems) addIn(file string, kind gap.Kind, describe func() (line int, what, detail string)) {
	n := 0
	for _, q := range p.list {
		if q.kind == kind {
			n++
		}
	}
	if n == mostProblems {
		if p.more == nil {
			p.more = map[gap.Kind]int{}
		}
		p.more[kind]++
		return
	}
	line, what, detail := describe()
	p.list = append(p.list, problem{kind: kind, line: line, what: strings.Clone(what), detail: strings.Clone(detail), file: file}) // not a piece of the file's text, which would stay
}

// gaps turns the problems of a file into gaps.
func (p *problems) gaps(file string) []gap.Gap {
	var gaps []gap.Gap
	for _, q := range p.list {
		at := file
		if q.file != "" {
			at = path.Join(path.Dir(file), q.file)
		}
		gaps = append(gaps, gap.Gap{Stage: gap.Inventory, Kind: q.kind, File: at, Line: q.line, What: q.what, Detail: q.detail, Count: 1})
	}
	for kind, n := range p.more {
		gaps = append(gaps, gap.Gap{Stage: gap.Inventory, Kind: kind, File: file, Detail: "more of the same", Count: n})
	}
	gap.Sort(gaps)
	return gaps
}
