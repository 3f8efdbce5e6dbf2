package history

import (
	"context"
	"fmt"
	"os/exec"
	"slices"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// A Snapshot is what the default branch held at a date, of the files that were asked for.
type Snapshot struct {
	Date      int64  // as asked, Unix seconds
	Commit    string // name of the commit that was the newest then; empty where the branch had none yet
	Committed int64  // its committer date
	Files     []File // by path
	Lacks     []Lack // what could not be had, by path
}

// A File is a regular file as it stood in a commit.
type File struct {
	Path string // slash-separated, from the root of the repository
	Text string
}

// A Lack is something that a snapshot should hold and does not.
type Lack struct {
	Path   string   // a file, or a folder with a slash at its end; empty: all of the snapshot
	Kind   gap.Kind // TooLarge; NoHistory where this copy lacks it; or why it could not be fetched
	Detail string
}

// folders in which files are looked for, besides the root: where forges look for them.
var fileFolders = []string{".github", ".gitlab", "docs"}

// Bounds of what FilesAt keeps. Two snapshots that hold the same file share its text.
const (
	maxFile      = 1 << 20  // bytes of one file
	maxFiles     = 200      // of one snapshot
	maxFilesText = 64 << 20 // bytes of all different files together
)

// FilesAt gives, for each date, the files in the root folder, .github, .gitlab and docs whose path is wanted, as they stood on
// the default branch. Links and submodules are no files. A file that a copy lacks, or that is too large, is a lack of the
// snapshot.
//
// The state at a date is that of the newest commit on the chain of first parents with a committer date up to it. Newest is
// first of all by date: of the commits dated within a day before the latest such date it is the last of the chain. So a clock
// that was off by hours does no harm, and a commit of today that claims to be of 1970, or one of 2037 in the midst of the
// chain, is not taken for the state of years. What is dated later than the date has no influence.
//
// A mirror is read as it is: nothing is fetched. For an entry of the cache, which holds commits alone, what is missing is
// fetched in at most three requests to git (root folders, other folders, files), unless the Finder is offline.
//
// The error is an *Error: of kind NoHistory (no repository, no git), EmptyRepository, Corrupt, Unsupported (SHA-256),
// Unreadable or OutOfBudget.
func (r *Repository) FilesAt(ctx context.Context, dates []int64, want func(path string) bool) ([]Snapshot, error) {
	g, tip, err := r.open(ctx)
	if err != nil {
		return nil, err
	}
	chain, err := g.mainline(ctx, tip)
	if err != nil {
		return nil, r.failure(err)
	}
	q := &fileQuery{git: g, repository: r, want: want}
	defer q.close()
	snapshots, err := q.snapshots(ctx, dates, chain)
	if err != nil {
		return nil, r.failure(err)
	}
	return snapshots, nil
}

// open finds the repository and the newest commit of its default branch.
func (r *Repository) open(ctx context.Context) (*gitReader, objectID, error) {
	if _, err := exec.LookPath("git"); err != nil {
		return nil, objectID{}, r.failure(&Error{Kind: gap.NoHistory, Detail: "git is not installed", Err: err})
	}
	gitDir, err := findGitDir(r.dir)
	if err != nil {
		return nil, objectID{}, r.failure(err)
	}
	g := &gitReader{gitDir: gitDir}
	refs, err := g.refs(ctx, false)
	if err != nil {
		return nil, objectID{}, r.failure(err)
	}
	tip, err := refs.tip()
	if err != nil {
		return nil, objectID{}, r.failure(err)
	}
	return g, tip, nil
}

// failure gives err as an *Error about this repository.
func (r *Repository) failure(err error) *Error {
	e := failure(r.upstream, gap.Corrupt, err)
	if e.File == "" && e.Kind != gap.OutOfBudget {
		placed := *e
		placed.File = r.dir
		return &placed
	}
	return e
}

// A fileQuery reads the files of many dates, each folder and file once.
type fileQuery struct {
	git        *gitReader
	repository *Repository
	want       func(path string) bool
	fetcher    *objectFetcher // nil until something is missing that may be fetched
	refused    *Error         // why nothing more is fetched
	text       int64          // bytes kept so far
}

// A folder of a snapshot, by the name of its tree.
type folder struct {
	prefix string // path with a slash at its end; empty for the root
	tree   objectID
}

func (q *fileQuery) snapshots(ctx context.Context, dates []int64, chain []mainCommit) ([]Snapshot, error) {
	list := make([]Snapshot, len(dates))
	states := newStates(chain)
	roots := make([]*mainCommit, len(dates))
	var trees, blobs objectSet
	for i, t := range dates {
		list[i].Date = t
		if c := states.at(t); c != nil {
			list[i].Commit, list[i].Committed, roots[i] = c.id.String(), c.committed, c
			trees.add(c.tree)
		}
	}
	top, err := q.load(ctx, trees.ids, treeObject, maxObject)
	if err != nil {
		return nil, err
	}
	// The folders of the root folders, all in one go.
	inside := make([][]folder, len(dates))
	trees = objectSet{}
	for i, c := range roots {
		if c == nil {
			continue
		}
		root := top[c.tree]
		inside[i] = []folder{{"", c.tree}}
		if root.lack != "" {
			continue
		}
		for _, e := range treeEntries(root.raw) {
			if e.mode == "40000" && slices.Contains(fileFolders, e.name) {
				inside[i] = append(inside[i], folder{e.name + "/", e.id})
				trees.add(e.id)
			}
		}
	}
	nested, err := q.load(ctx, trees.ids, treeObject, maxObject)
	if err != nil {
		return nil, err
	}
	places := make([][]treeFile, len(dates))
	for i, folders := range inside {
		for _, f := range folders {
			tree := nested[f.tree]
			if f.prefix == "" {
				tree = top[f.tree]
			}
			if tree.lack != "" {
				list[i].Lacks = append(list[i].Lacks, Lack{Path: f.prefix, Kind: tree.lack, Detail: tree.detail})
				continue
			}
			places[i] = append(places[i], q.files(f.prefix, tree.raw)...)
		}
		if n := len(places[i]); n > maxFiles {
			list[i].Lacks = append(list[i].Lacks, Lack{Kind: gap.TooLarge, Detail: fmt.Sprintf("%d files; %d are read", n, maxFiles)})
			places[i] = places[i][:maxFiles] // those of the root folder come first
		}
		slices.SortFunc(places[i], treeFile.compare)
		for _, p := range places[i] {
			blobs.add(p.id)
		}
	}
	texts, err := q.load(ctx, blobs.ids, blobObject, maxFile)
	if err != nil {
		return nil, err
	}
	shared := make(map[objectID]string, len(texts))
	for id, blob := range texts {
		shared[id] = string(blob.raw)
	}
	for i := range list {
		for _, p := range places[i] {
			if blob := texts[p.id]; blob.lack != "" {
				list[i].Lacks = append(list[i].Lacks, Lack{Path: p.path, Kind: blob.lack, Detail: blob.detail})
				continue
			}
			list[i].Files = append(list[i].Files, File{Path: p.path, Text: shared[p.id]})
		}
		slices.SortFunc(list[i].Lacks, func(a, b Lack) int { return strings.Compare(a.Path, b.Path) })
	}
	return list, nil
}
