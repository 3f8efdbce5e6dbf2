package history

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// readRefs reads HEAD, loose and packed references from the files of a git directory. Nothing outside root is touched:
// os.Root refuses links that lead out. What is unusual (links, symbolic references below refs/, files without a name in
// them) is left to git.
func readRefs(root *os.Root, pulls bool) (*refs, error) {
	r := new(refs)
	head, err := readSmall(root, "HEAD", 4096)
	if err != nil {
		return nil, err
	}
	if name, ok := bytes.CutPrefix(head, []byte("ref:")); ok {
		r.head = string(trimSpace(name))
		if !bytes.HasPrefix([]byte(r.head), []byte("refs/heads/")) || !validRef([]byte(r.head)) {
			return nil, fmt.Errorf("HEAD names no branch: %w", errUnsupported)
		}
	} else {
		id, ok := parseID(trimSpaceRight(head))
		if !ok {
			return nil, fmt.Errorf("HEAD names neither branch nor commit: %w", errUnsupported)
		}
		r.detached = &id
	}
	loose := map[string]bool{}
	for _, dir := range [...]string{"refs/heads", "refs/tags", "refs/pull", "refs/merge-requests", "refs/replace"} {
		if !pulls && (dir == "refs/pull" || dir == "refs/merge-requests") {
			continue
		}
		if err := readLooseRefs(root, dir, loose, r, pulls); err != nil {
			return nil, err
		}
	}
	return r, readPackedRefs(root, loose, r, pulls)
}

// readLooseRefs reads the files below one folder of references.
func readLooseRefs(root *os.Root, dir string, loose map[string]bool, r *refs, pulls bool) error {
	return fs.WalkDir(root.FS(), dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil && path == dir && errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil:
			return err
		case d.IsDir():
			return nil
		case !d.Type().IsRegular():
			return fmt.Errorf("%s is no regular file: %w", path, errUnsupported)
		case !validRef([]byte(path)):
			return nil // a lock, or what git would pass over with a warning
		case dir == "refs/replace":
			return fmt.Errorf("replaced objects: %w", errUnsupported)
		}
		text, err := readSmall(root, path, 4096)
		if err != nil {
			return err
		}
		id, ok := parseID(trimSpaceRight(text))
		if !ok {
			return fmt.Errorf("%s names no object: %w", path, errUnsupported)
		}
		if len(loose) >= maxRefs {
			return fmt.Errorf("too many references: %w", errUnsupported)
		}
		loose[path] = true
		return r.add([]byte(path), id, pulls)
	})
}

// readPackedRefs adds the references of the file packed-refs that no loose one overrides.
func readPackedRefs(root *os.Root, loose map[string]bool, r *refs, pulls bool) error {
	f, size, err := openWithin(root, "packed-refs")
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	if size == 0 {
		return nil
	}
	text, err := mapFile(f, size)
	if err != nil {
		return err
	}
	defer unmapFile(text)
	for len(text) > 0 {
		line, rest, ended := bytes.Cut(text, []byte("\n"))
		text = rest
		switch {
		case len(line) > 0 && (line[0] == '#' || line[0] == '^'): // capabilities; what the tag before it points to
			continue
		case !ended, len(line) < 42, line[40] != ' ':
			return fmt.Errorf("packed-refs has a line that names no reference: %w", errUnsupported)
		}
		id, ok := parseID(line[:40])
		if !ok {
			return fmt.Errorf("packed-refs has a line that names no object: %w", errUnsupported)
		}
		name := line[41:]
		if bytes.HasPrefix(name, []byte("refs/replace/")) {
			return fmt.Errorf("replaced objects: %w", errUnsupported)
		}
		if len(loose) > 0 && loose[string(name)] {
			continue
		}
		if err := r.add(name, id, pulls); err != nil {
			return err
		}
	}
	return nil
}

// readSmall reads a regular file of at most limit bytes.
func readSmall(root *os.Root, name string, limit int64) ([]byte, error) {
	f, size, err := openWithin(root, name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if size > limit {
		return nil, fmt.Errorf("%s is larger than %d bytes: %w", name, limit, errUnsupported)
	}
	return io.ReadAll(io.LimitReader(f, limit))
}

// openWithin opens a file of the git directory and refuses everything that is none: a named pipe or a device would never end.
func openWithin(root *os.Root, name string) (f *os.File, size int64, err error) {
	if f, err = root.OpenFile(name, os.O_RDONLY|nonBlocking, 0); err != nil {
		return nil, 0, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s is no regular file: %w", name, errUnsupported)
	}
	if err != nil {
		f.Close()
		return nil, 0, err
	}
	return f, info.Size(), nil
}
