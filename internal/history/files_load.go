package history

import (
	"bufio"
	"context"
	"fmt"
	"slices"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// An objectSet collects object names, each once, in the order in which they were met.
type objectSet struct {
	ids  []objectID
	seen map[objectID]bool
}

func (w *objectSet) add(id objectID) {
	if w.seen == nil {
		w.seen = make(map[objectID]bool)
	}
	if !w.seen[id] {
		w.seen[id] = true
		w.ids = append(w.ids, id)
	}
}

// An object that was read, or why it was not.
type object struct {
	raw    []byte
	lack   gap.Kind
	detail string
}

// load reads objects of one kind, of at most limit bytes each. What is missing is fetched first if that is allowed.
func (q *fileQuery) load(ctx context.Context, ids []objectID, kind objectKind, limit int64) (map[objectID]object, error) {
	got := make(map[objectID]object, len(ids))
	var present, missing []objectID
	check := func(id objectID, found objectKind, size int64) {
		switch {
		case found == 0:
			missing = append(missing, id)
		case found != kind:
			got[id] = object{lack: gap.Corrupt, detail: fmt.Sprintf("%v is of another kind than its folder says", id)}
		case size > limit:
			got[id] = object{lack: gap.TooLarge, detail: fmt.Sprintf("%d bytes; at most %d are read", size, limit)}
		case kind == blobObject && q.text+size > maxFilesText:
			got[id] = object{lack: gap.TooLarge, detail: fmt.Sprintf("more than %d bytes of such files", int64(maxFilesText))}
		default:
			if kind == blobObject {
				q.text += size
			}
			present = append(present, id)
		}
	}
	if err := q.sizes(ctx, ids, check); err != nil {
		return nil, err
	}
	if len(missing) > 0 {
		if err := q.fetch(ctx, missing); err != nil {
			return nil, err
		}
		again := missing
		missing = nil
		if err := q.sizes(ctx, again, check); err != nil {
			return nil, err
		}
	}
	for _, id := range missing {
		lack := object{lack: gap.NoHistory, detail: "not in this copy"}
		if q.refused != nil {
			lack.lack, lack.detail = q.refused.Kind, q.refused.Gap().Detail
		}
		got[id] = lack
	}
	keep := func(int, objectKind, int64) (bool, error) { return true, nil }
	err := q.git.catFile(ctx, present, "--batch", keep, func(i int, found objectKind, _ int64, raw []byte) error {
		if found != kind {
			got[present[i]] = object{lack: gap.Corrupt, detail: "it changed while it was read"}
			return nil
		}
		got[present[i]] = object{raw: slices.Clone(raw)}
		return nil
	})
	return got, err
}

// sizes asks for the kinds and sizes of objects. Kind 0 is one that is missing.
func (q *fileQuery) sizes(ctx context.Context, ids []objectID, f func(id objectID, kind objectKind, size int64)) error {
	answered := 0
	ask := func(ids []objectID) error {
		return q.git.catFile(ctx, ids, "--batch-check", nil, func(i int, kind objectKind, size int64, _ []byte) error {
			answered = i + 1
			f(ids[i], kind, size)
			return nil
		})
	}
	err := ask(ids)
	if !said(err, "promisor remote") {
		return err
	}
	// In a partial clone git would fetch what is missing, may not, and dies of the first such object. A list of what is there
	// is looked through without asking for anything.
	rest := ids[answered:]
	present, err := q.git.present(ctx, rest)
	if err != nil {
		return err
	}
	var there []objectID
	for _, id := range rest {
		if present[id] {
			there = append(there, id)
		} else {
			f(id, 0, 0)
		}
	}
	return ask(there)
}

// present tells which objects a repository holds.
func (g *gitReader) present(ctx context.Context, ids []objectID) (map[objectID]bool, error) {
	found := make(map[objectID]bool, len(ids))
	for _, id := range ids {
		found[id] = false
	}
	err := g.run(ctx, nil, func(out *bufio.Reader) error {
		return eachLine(out, func(line []byte) error {
			if id, ok := parseID(line); ok {
				if _, asked := found[id]; asked {
					found[id] = true
				}
			}
			return nil
		})
	}, "cat-file", "--batch-all-objects", "--batch-check=%(objectname)", "--unordered", "--buffer")
	return found, err
}
