package history

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// readFiles is our own reader. It answers only where everything is as expected; every error that is not an *Error means
// that git should be asked.
func readFiles(ctx context.Context, gitDir string, opts ReadOptions) (h *History, err error) {
	// A mapped file that another process cuts short faults when it is read. Only that fault is caught.
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			if fault, ok := p.(interface {
				runtime.Error
				Addr() uintptr
			}); ok {
				h, err = nil, fmt.Errorf("a file changed while it was read: %w", fault)
				return
			}
			panic(p)
		}
	}()
	root, err := os.OpenRoot(gitDir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	if err := checkFormat(root); err != nil {
		return nil, err
	}
	refs, err := readRefs(root, opts.Pulls)
	if err != nil {
		return nil, err
	}
	tip, err := refs.tip()
	if err != nil {
		return nil, err
	}
	s, err := openStore(root)
	if err != nil {
		return nil, err
	}
	defer s.close()
	a := newAssembly(opts)
	seen, err := s.walk(ctx, tip, a)
	if err != nil {
		return nil, err
	}
	if err := s.readTags(ctx, refs.tags, seen, a); err != nil {
		return nil, err
	}
	if err := s.readPulls(ctx, refs.pulls, seen, a); err != nil {
		return nil, err
	}
	if err := s.readNewest(tip, a); err != nil {
		return nil, err
	}
	return a.history(), nil
}

// checkFormat refuses what our own reader does not read: work trees with a common directory, alternates, grafts, SHA-256
// and reftable. A shallow clone is an error of its own.
func checkFormat(root *os.Root) error {
	for _, name := range [...]string{"commondir", "reftable", "objects/info/alternates", "objects/info/http-alternates", "info/grafts"} {
		if _, err := root.Lstat(name); err == nil {
			return fmt.Errorf("repository with %s: %w", name, errUnsupported)
		} else if !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if info, err := root.Lstat("shallow"); err == nil && info.Size() > 0 {
		return errShallow()
	}
	config, err := readSmall(root, "config", 1<<20)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // as git would, take the defaults
	}
	if err != nil {
		return err
	}
	// Both words mean nothing else wherever they stand, so there is no need to parse the file.
	config = bytes.ToLower(config)
	if bytes.Contains(config, []byte("objectformat")) || bytes.Contains(config, []byte("refstorage")) {
		return fmt.Errorf("repository with extensions: %w", errUnsupported)
	}
	return nil
}

func errShallow() error {
	return &Error{Kind: gap.Shallow, Detail: "the repository is a shallow clone"}
}

// A store gives the objects of a repository, packed and loose.
type store struct {
	root  *os.Root
	packs []*pack // the one that was found in last comes first
	maps  [][]byte
	packReader
	file  *bufio.Reader
	loose io.ReadCloser
	text  []byte
}

// maxPacks bounds the files that are mapped at the same time; kernels allow some 65,000 mappings.
const maxPacks = 4096

// openStore maps the packs of a repository. Packs without index are being written and are left out, as git does.
func openStore(root *os.Root) (*store, error) {
	s := &store{root: root}
	if err := s.openPacks(); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *store) openPacks() error {
	dir, err := s.root.Open("objects/pack")
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer dir.Close()
	entries, err := dir.ReadDir(-1)
	if err != nil {
		return err
	}
	for _, e := range entries {
		name, ok := strings.CutSuffix(e.Name(), ".idx")
		if !ok || !strings.HasPrefix(name, "pack-") {
			continue
		}
		if len(s.packs) == maxPacks {
			return fmt.Errorf("more than %d packs: %w", maxPacks, errUnsupported)
		}
		index, err := s.mapped("objects/pack/" + name + ".idx")
		if err != nil {
			return err
		}
		data, err := s.mapped("objects/pack/" + name + ".pack")
		if err != nil {
			return err
		}
		p, err := openPack(index, data)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		s.packs = append(s.packs, p)
	}
	return nil
}

func (s *store) mapped(name string) ([]byte, error) {
	f, size, err := openWithin(s.root, name)
	if err != nil {
		return nil, err
	}
	defer f.Close() // the mapping stays
	data, err := mapFile(f, size)
	if err != nil {
		return nil, err
	}
	s.maps = append(s.maps, data)
	return data, nil
}

func (s *store) close() {
	for _, m := range s.maps {
		unmapFile(m)
	}
}

// object gives an object if its kind is wanted, else the kind alone. The bytes are good until the next call.
func (s *store) object(id objectID, want ...objectKind) (objectKind, []byte, error) {
	for i, p := range s.packs {
		if offset, ok := p.index.find(&id); ok {
			if i > 0 { // neighbours in history are mostly neighbours in packs
				s.packs[0], s.packs[i] = p, s.packs[0]
			}
			kind, data, err := s.read(p, offset, want...)
			if err != nil {
				return 0, nil, fmt.Errorf("%v: %w", id, err)
			}
			return kind, data, nil
		}
	}
	kind, data, err := s.looseObject(id, want)
	if err != nil {
		return 0, nil, fmt.Errorf("%v: %w", id, err)
	}
	return kind, data, nil
}

// looseObject reads an object that is a file of its own: zlib over "kind size NUL data".
func (s *store) looseObject(id objectID, want []objectKind) (objectKind, []byte, error) {
	name := id.String()
	f, _, err := openWithin(s.root, "objects/"+name[:2]+"/"+name[2:])
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil, errMissing
	}
	if err != nil {
		return 0, nil, err
	}
	defer f.Close()
	if s.file == nil {
		s.file = bufio.NewReader(f)
	} else {
		s.file.Reset(f)
	}
	if s.loose == nil {
		s.loose, err = zlib.NewReader(s.file)
	} else {
		err = s.loose.(zlib.Resetter).Reset(s.file, nil)
	}
	if err != nil {
		return 0, nil, errDamaged
	}
	var head [32]byte
	n, err := io.ReadFull(s.loose, head[:])
	if err != nil && err != io.ErrUnexpectedEOF {
		return 0, nil, errDamaged
	}
	header, data, ok := bytes.Cut(head[:n], []byte{0})
	word, digits, _ := bytes.Cut(header, []byte(" "))
	kind := kindNamed(word)
	size, count := leadingNumber(digits)
	if !ok || kind == 0 || count == 0 || count != len(digits) {
		return 0, nil, errDamaged
	}
	if !wanted(kind, want) {
		return kind, nil, nil
	}
	if size > maxObject {
		return 0, nil, errTooLarge
	}
	body := bytes.NewBuffer(append(s.text[:0], data...))
	_, err = body.ReadFrom(io.LimitReader(s.loose, int64(size)+1-int64(len(data))))
	s.text = body.Bytes()
	if err != nil || len(s.text) != int(size) {
		return 0, nil, errDamaged
	}
	return kind, s.text, nil
}

// walk reads every commit reachable from tip into a and gives the place of each in a.commits.
func (s *store) walk(ctx context.Context, tip objectID, a *assembly) (map[objectID]int32, error) {
	seen := map[objectID]int32{tip: 0}
	stack := []objectID{tip}
	for n := int32(0); len(stack) > 0; n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		id := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		h, err := s.commit(id)
		if err != nil {
			return nil, err
		}
		seen[id] = n
		a.addCommit(id, &h)
		for i := h.count() - 1; i >= 0; i-- {
			p := h.parent(i)
			if _, ok := seen[p]; !ok {
				seen[p] = -1
				stack = append(stack, p)
			}
		}
	}
	return seen, nil
}

// commit reads one commit; it must be one.
func (s *store) commit(id objectID) (h commitHeader, err error) {
	kind, raw, err := s.object(id, commitObject)
	if err != nil {
		return h, err
	}
	if kind != commitObject {
		return h, fmt.Errorf("%v is no commit: %w", id, errUnsupported)
	}
	if h, err = parseCommit(raw); err != nil {
		return h, fmt.Errorf("%v: %w", id, err)
	}
	return h, nil
}

// maxTagDepth bounds tags of tags.
const maxTagDepth = 16

func (s *store) readTags(ctx context.Context, tags []ref, seen map[objectID]int32, a *assembly) error {
	for i, t := range tags {
		if i%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		created, ok, err := s.tagDate(t.id, seen, a)
		if err != nil {
			return fmt.Errorf("%s: %w", t.name, err)
		}
		if ok {
			a.addTag(t.name, created)
		}
	}
	return nil
}

// tagDate gives the date of the outermost tag that has one, else that of the commit; not ok if there is no commit at the end.
func (s *store) tagDate(id objectID, seen map[objectID]int32, a *assembly) (created int64, ok bool, err error) {
	dated := false
	for range maxTagDepth {
		if n, ok := seen[id]; ok {
			if !dated {
				created = a.commits[n].Committed
			}
			return created, true, nil
		}
		kind, raw, err := s.object(id, commitObject, tagObject)
		if err != nil {
			return 0, false, err
		}
		switch kind {
		case commitObject:
			h, err := parseCommit(raw)
			if err == nil && !dated {
				created = parseSignature(h.committer).when
			}
			return created, err == nil, err
		case tagObject:
			h, err := parseTag(raw)
			if err != nil {
				return 0, false, err
			}
			if !dated && h.tagger != nil {
				created, dated = parseSignature(h.tagger).when, true
			}
			id = h.object
		default:
			return 0, false, nil
		}
	}
	return 0, false, fmt.Errorf("tags nested more than %d deep: %w", maxTagDepth, errUnsupported)
}

func (s *store) readPulls(ctx context.Context, pulls []pullRef, seen map[objectID]int32, a *assembly) error {
	for i, p := range pulls {
		if i%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if n, ok := seen[p.id]; ok {
			a.addPull(p.number, a.commits[n])
			continue
		}
		h, err := s.commit(p.id)
		if err != nil {
			return fmt.Errorf("head of pull request %d: %w", p.number, err)
		}
		a.addPull(p.number, a.commitOf(&h))
	}
	return nil
}

// readNewest reads .mailmap and the README of the newest commit where its tree and these files are present; in a partial clone
// they may not be.
func (s *store) readNewest(tip objectID, a *assembly) error {
	h, err := s.commit(tip)
	if err != nil {
		return err
	}
	date := parseSignature(h.committer).when
	id, ok := parseID(h.tree)
	if !ok {
		return errBogusCommit
	}
	kind, tree, err := s.object(id, treeObject)
	if errors.Is(err, errMissing) || err == nil && kind != treeObject {
		return nil
	}
	if err != nil {
		return err
	}
	// Both are looked up before the next object takes the tree's place in memory.
	mailmap, hasMailmap := treeEntry(tree, ".mailmap")
	readme, file, hasReadme := readmeIn(tree)
	if hasMailmap {
		text, err := s.blob(mailmap)
		if err != nil {
			return err
		}
		a.aliases = parseMailmap(text)
	}
	if hasReadme {
		// A history is worth reading whatever its README is like.
		if text, err := s.blob(readme); err == nil {
			a.statement = statementIn(file, text, a.opts.Upstream, date)
		}
	}
	return nil
}

// blob gives the content of a file, nothing if it is not present.
func (s *store) blob(id objectID) ([]byte, error) {
	kind, text, err := s.object(id, blobObject)
	if errors.Is(err, errMissing) || err == nil && kind != blobObject {
		return nil, nil
	}
	return text, err
}

// treeEntry finds a regular file in a tree: entries are "mode name NUL" and 20 bytes of name.
func treeEntry(tree []byte, name string) (id objectID, ok bool) {
	for len(tree) > 0 {
		head, rest, found := bytes.Cut(tree, []byte{0})
		if !found || len(rest) < 20 {
			return id, false
		}
		mode, file, _ := bytes.Cut(head, []byte(" "))
		if string(file) == name {
			return objectID(rest[:20]), string(mode) == "100644" || string(mode) == "100755"
		}
		tree = rest[20:]
	}
	return id, false
}
