package history

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// A ref is a name for an object.
type ref struct {
	name string // in full, as refs/tags/v1.0
	id   objectID
}

// A pullRef is the head of a pull request as a forge keeps it.
type pullRef struct {
	number int32
	id     objectID
}

// refs are the references of a repository that matter here. Both ways of reading fill it.
type refs struct {
	head     string    // the branch that HEAD names; empty if HEAD is detached
	detached *objectID // the commit that a detached HEAD names
	branches []ref     // refs/heads/
	tags     []ref     // refs/tags/
	pulls    []pullRef // refs/pull/N/head (GitHub, Gitea, Forgejo) and refs/merge-requests/N/head (GitLab)
}

// maxRefs bounds how many references of a repository are kept; the largest known repositories have some 300,000.
const maxRefs = 4_000_000

// add files a reference under its kind and drops the ones that are of no use, and those whose names git would refuse.
func (r *refs) add(name []byte, id objectID, pulls bool) error {
	if id == (objectID{}) || !validRef(name) {
		return nil
	}
	switch {
	case bytes.HasPrefix(name, []byte("refs/heads/")):
		r.branches = append(r.branches, ref{string(name), id})
	case bytes.HasPrefix(name, []byte("refs/tags/")):
		r.tags = append(r.tags, ref{string(name), id})
	case pulls:
		if n, ok := pullNumber(name); ok {
			r.pulls = append(r.pulls, pullRef{n, id})
		}
	}
	if len(r.branches)+len(r.tags)+len(r.pulls) > maxRefs {
		return &Error{Kind: gap.TooLarge, Detail: fmt.Sprintf("more than %d references", maxRefs)}
	}
	return nil
}

// pullNumber gives N of refs/pull/N/head or refs/merge-requests/N/head. A few projects of 2011 have a pull numbered 0.
func pullNumber(name []byte) (n int32, ok bool) {
	rest, ok := bytes.CutPrefix(name, []byte("refs/pull/"))
	if !ok {
		if rest, ok = bytes.CutPrefix(name, []byte("refs/merge-requests/")); !ok {
			return 0, false
		}
	}
	n, digits := leadingNumber(rest)
	if digits == 0 || digits > 1 && (n == 0 || rest[0] == '0') || string(rest[digits:]) != "/head" {
		return 0, false
	}
	return n, true
}

// tip gives the commit that the default branch names: HEAD's branch; if HEAD names a branch that does not exist, main, master
// or the only branch.
func (r *refs) tip() (objectID, error) {
	if r.detached != nil {
		return *r.detached, nil
	}
	for _, name := range [...]string{r.head, "refs/heads/main", "refs/heads/master"} {
		for _, b := range r.branches {
			if b.name == name {
				return b.id, nil
			}
		}
	}
	switch len(r.branches) {
	case 0:
		return objectID{}, &Error{Kind: gap.EmptyRepository, Detail: "no branch has a commit"}
	case 1:
		return r.branches[0].id, nil
	}
	return objectID{}, &Error{Kind: gap.NoHistory, Detail: fmt.Sprintf(
		"HEAD names %s, which does not exist, and none of the %d branches is main or master", strings.TrimPrefix(r.head, "refs/heads/"), len(r.branches))}
}

// validRef tells whether a name keeps the rules of git-check-ref-format(1), so that it can be shown, handed on and joined to
// a path without harm.
func validRef(name []byte) bool {
	if !bytes.HasPrefix(name, []byte("refs/")) || len(name) > 4096 {
		return false
	}
	for part := range bytes.SplitSeq(name, []byte("/")) {
		if len(part) == 0 || part[0] == '.' || bytes.HasSuffix(part, []byte(".lock")) {
			return false
		}
	}
	for i, c := range name {
		if c <= ' ' || c == 0x7f || bytes.IndexByte([]byte("~^:?*[\\"), c) >= 0 {
			return false
		}
		if i > 0 && (c == '.' && name[i-1] == '.' || c == '{' && name[i-1] == '@') {
			return false
		}
	}
	return name[len(name)-1] != '.'
}
