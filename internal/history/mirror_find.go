package history

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// folders looks up paths without regard to case and remembers what it has listed.
type folders struct {
	mu     sync.Mutex
	listed map[string]map[string][]string // folder → name in lower case → names
}

// find gives the repositories of an upstream below root, the one in lower case or else the first by name first. There can be
// several, differing in case.
func (f *folders) find(root, id string) []string {
	found := []string{root}
	parts := strings.Split(id+".git", "/")
	for _, part := range parts {
		var next []string
		for _, dir := range found {
			for _, name := range f.names(dir, part) {
				next = append(next, filepath.Join(dir, name))
			}
		}
		found = next
	}
	return slices.DeleteFunc(found, func(dir string) bool {
		info, err := os.Stat(dir)
		return err != nil || !info.IsDir()
	})
}

// names gives the names in dir that are part but for their case.
func (f *folders) names(dir, part string) []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	names, ok := f.listed[dir]
	if !ok {
		names = make(map[string][]string)
		entries, _ := os.ReadDir(dir) // a folder that cannot be listed holds nothing for us
		for _, e := range entries {
			lower := strings.ToLower(e.Name())
			if e.Name() == lower {
				names[lower] = slices.Insert(names[lower], 0, lower)
			} else {
				names[lower] = append(names[lower], e.Name())
			}
		}
		if f.listed == nil {
			f.listed = make(map[string]map[string][]string)
		}
		f.listed[dir] = names
	}
	return names[part]
}

// mirrorTime gives when a repository that somebody else keeps was last brought up to date, as far as its files show: git
// writes FETCH_HEAD at each fetch, also if there was nothing new, and HEAD when a repository is cloned. Packs and packed
// references change at housekeeping too and prove nothing.
func mirrorTime(dir string) time.Time {
	gitDir, err := findGitDir(dir)
	if err != nil {
		return time.Time{}
	}
	for _, name := range []string{"FETCH_HEAD", "HEAD"} {
		if info, err := os.Stat(filepath.Join(gitDir, name)); err == nil {
			return info.ModTime()
		}
	}
	return time.Time{}
}

// observed gives until when a history is known to have been watched: when it was fetched, and at least until its newest commit
// or pull head. Dates after now cannot be true; they, and a fetch after now, prove nothing.
func observed(h *History, fetched, now time.Time) time.Time {
	limit := now.Unix()
	newest := int64(0)
	for i := len(h.Commits) - 1; i >= 0; i-- {
		if c := h.Commits[i].Committed; c <= limit {
			newest = c
			break
		}
	}
	for i := range h.Pulls {
		if at := h.Pulls[i].HeadCommitted; at <= limit {
			newest = max(newest, at)
		}
	}
	if !fetched.IsZero() {
		newest = max(newest, min(fetched.Unix(), limit))
	}
	return time.Unix(newest, 0).UTC()
}
