package opening

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// A Task is something to pick up first.
type Task struct {
	Kind     TaskKind
	Where    string // a folder, or the number of a pull; may be empty
	Sentence Sentence
}

// TaskKind names what there is to do; the strings are part of the JSON contract (doc/output.md).
type TaskKind string

// Kinds of tasks.
const (
	OrphanedFolder   TaskKind = "orphaned-folder"
	OpenPull         TaskKind = "open-pull"
	OverdueRelease   TaskKind = "overdue-release"
	SecondMaintainer TaskKind = "second-maintainer"
)

// Undone is what is known to lie undone at an upstream. What is not known is nil or empty.
type Undone struct {
	Folders []Folder // orphaned or not, nested ones too, in any order
	Pulls   []Pull   // newest first; no commit names them

	CommitsSinceRelease *int     // as in vitals.Load
	ReleaseBacklog      *float64 // as in vitals.Load

	Listed       *int // persons whom the project's files name as maintainers; nil where it has no such files
	ActiveListed *int // of these, with a commit in 365 days
	Regulars     int  // as in vitals.Load
}

// A Folder is a folder of the code with all below it.
type Folder struct {
	Path     string // slash-separated; empty for the root
	Files    int    // source files
	Orphaned int    // of these, none of whose authors is at work any more
}

// A Pull is a pull request that no commit names.
type Pull struct {
	Number int
	Days   int // since it was opened
}

const (
	mostTasks   = 5
	mostFolders = 2
)

// Tasks lists what to pick up first, at most five: orphaned folders and pulls, with which somebody new can begin, then an overdue
// release and a missing second maintainer, for which one must be trusted.
func Tasks(u Undone) []Task {
	var last []Task
	if u.ReleaseBacklog != nil && *u.ReleaseBacklog > 1 && u.CommitsSinceRelease != nil && *u.CommitsSinceRelease > 0 {
		last = append(last, Task{OverdueRelease, "", Sentence{"plan.task.release", []any{*u.CommitsSinceRelease, *u.ReleaseBacklog}}})
	}
	switch {
	case u.Listed != nil && u.ActiveListed != nil && *u.Listed > 0:
		if *u.ActiveListed <= 1 {
			last = append(last, Task{SecondMaintainer, "", Sentence{"plan.task.listed", []any{*u.Listed, *u.ActiveListed}}})
		}
	case u.Regulars <= 1:
		last = append(last, Task{SecondMaintainer, "", Sentence{"plan.task.regulars", []any{u.Regulars}}})
	}
	var tasks []Task
	for _, f := range orphans(u.Folders) {
		key := "plan.task.folder"
		if f.Path == "" {
			key = "plan.task.root"
		}
		tasks = append(tasks, Task{OrphanedFolder, f.Path, Sentence{key, []any{f.Path, f.Orphaned, f.Files}}})
	}
	for _, p := range u.Pulls[:min(len(u.Pulls), mostTasks-len(last)-len(tasks))] {
		tasks = append(tasks, Task{OpenPull, strconv.Itoa(p.Number), Sentence{"plan.task.pull", []any{strconv.Itoa(p.Number), p.Days}}})
	}
	return append(tasks, last...)
}

// orphans picks the folders most of which nobody knows any more: at least half of their files are orphaned, no other holds more
// orphaned files, and neither lies in the other; of equals the deeper. The root is picked only if nothing in it is.
func orphans(folders []Folder) []Folder {
	folders = slices.DeleteFunc(slices.Clone(folders), func(f Folder) bool { return f.Orphaned <= 0 || 2*f.Orphaned < f.Files })
	slices.SortFunc(folders, func(a, b Folder) int {
		return cmp.Or(cmp.Compare(len(b.Path), 0)-cmp.Compare(len(a.Path), 0), cmp.Compare(b.Orphaned, a.Orphaned),
			cmp.Compare(len(b.Path), len(a.Path)), strings.Compare(a.Path, b.Path))
	})
	var picked []Folder
	for _, f := range folders {
		if len(picked) < mostFolders && !slices.ContainsFunc(picked, func(p Folder) bool { return within(p.Path, f.Path) || within(f.Path, p.Path) }) {
			picked = append(picked, f)
		}
	}
	return picked
}

// within tells whether a path lies in a folder or is it.
func within(path, folder string) bool {
	return folder == "" || path == folder || strings.HasPrefix(path, folder+"/")
}
