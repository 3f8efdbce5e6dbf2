package history

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// readGit reads a history with the git program: references from for-each-ref, reachability from rev-list, objects from
// cat-file. The bytes of commits and tags are parsed as our own reader parses them.
//
// A repository is hostile input, its configuration too: only plumbing commands run that start no hook, editor, signature
// check or filter, and gitLocal bars every transport, so that a partial clone fetches nothing.
func readGit(ctx context.Context, gitDir string, opts ReadOptions) (*History, error) {
	if _, err := exec.LookPath("git"); err != nil {
		return nil, fmt.Errorf("%w: %v", errNoGit, err)
	}
	g := &gitReader{gitDir: gitDir}
	shallow, err := g.output(ctx, 64, "rev-parse", "--is-shallow-repository")
	if err != nil {
		return nil, err
	}
	if string(trimSpace(shallow)) == "true" {
		return nil, errShallow()
	}
	refs, err := g.refs(ctx, opts.Pulls)
	if err != nil {
		return nil, err
	}
	tip, err := refs.tip()
	if err != nil {
		return nil, err
	}
	a := newAssembly(opts)
	dates, err := g.walk(ctx, tip, a)
	if err != nil {
		return nil, err
	}
	if err := g.readTags(ctx, refs.tags, dates, a); err != nil {
		return nil, err
	}
	if err := g.readPulls(ctx, refs.pulls, a); err != nil {
		return nil, err
	}
	if a.aliases, err = g.mailmap(ctx, tip); err != nil {
		return nil, err
	}
	if a.statement, err = g.statement(ctx, tip, a.opts.Upstream, dates[tip]); err != nil {
		return nil, err
	}
	return a.history(), nil
}

var errNoGit = errors.New("no git program")

type gitReader struct{ gitDir string }

// run starts a git command that can reach nothing but the repository, hands its output to read and waits for its end.
func (g *gitReader) run(ctx context.Context, input io.Reader, read func(*bufio.Reader) error, args ...string) error {
	outer := ctx
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	cmd := gitLocal(ctx, g.gitDir, args...)
	cmd.Stdin = input
	message := &head{limit: 8 << 10, cut: true}
	cmd.Stderr = message
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	readErr := read(bufio.NewReaderSize(out, 64<<10))
	if readErr != nil {
		cancel() // git may have more to say than anybody reads
	}
	waitErr := cmd.Wait()
	switch {
	case outer.Err() != nil:
		return outer.Err()
	case waitErr != nil && (readErr == nil || errors.Is(readErr, io.ErrUnexpectedEOF)):
		return &gitError{command: args[0], message: string(message.kept), err: waitErr}
	}
	return readErr
}

// output gives the first limit bytes that a command writes.
func (g *gitReader) output(ctx context.Context, limit int64, args ...string) (text []byte, err error) {
	err = g.run(ctx, nil, func(r *bufio.Reader) (err error) {
		text, err = io.ReadAll(io.LimitReader(r, limit))
		return err
	}, args...)
	return text, err
}

func (g *gitReader) refs(ctx context.Context, pulls bool) (*refs, error) {
	r := new(refs)
	// Quiet and failing: HEAD is detached.
	head, err := g.output(ctx, 8192, "symbolic-ref", "-q", "HEAD")
	if err == nil {
		r.head = string(trimSpace(head))
	} else {
		text, err := g.output(ctx, 256, "rev-parse", "--verify", "--end-of-options", "HEAD^{commit}")
		if err != nil {
			return nil, err
		}
		id, ok := parseID(trimSpace(text))
		if !ok {
			return nil, errHash(text)
		}
		r.detached = &id
	}
	args := []string{"for-each-ref", "--format=%(objectname) %(refname)", "refs/heads", "refs/tags"}
	if pulls {
		args = append(args, "refs/pull", "refs/merge-requests")
	}
	if r.head != "" && !strings.HasPrefix(r.head, "refs/heads/") && validRef([]byte(r.head)) {
		args = append(args, r.head)
	}
	err = g.run(ctx, nil, func(out *bufio.Reader) error {
		return eachLine(out, func(line []byte) error {
			object, name, ok := bytes.Cut(line, []byte(" "))
			id, isID := parseID(object)
			if !ok || !isID {
				return errHash(object)
			}
			if string(name) == r.head {
				r.branches = append(r.branches, ref{r.head, id})
				return nil
			}
			return r.add(name, id, pulls)
		})
	}, args...)
	return r, err
}

// errHash says that a name is no SHA-1 name.
func errHash(name []byte) error {
	return &Error{Kind: gap.Unsupported, Detail: fmt.Sprintf("object name of %d digits: only SHA-1 repositories are read", len(trimSpace(name)))}
}

// eachLine calls f for every line; lines of more than 64 KiB are an error.
func eachLine(r *bufio.Reader, f func([]byte) error) error {
	for {
		line, err := r.ReadSlice('\n')
		if err == io.EOF && len(line) == 0 {
			return nil
		}
		if err != nil {
			return fmt.Errorf("line of git's output: %w", err)
		}
		if err := f(line[:len(line)-1]); err != nil {
			return err
		}
	}
}

// walk reads every commit reachable from tip into a and gives their committer dates. Parents are counted as rev-list gives
// them, which knows of grafts.
func (g *gitReader) walk(ctx context.Context, tip objectID, a *assembly) (map[objectID]int64, error) {
	var ids []objectID
	var parents []uint8
	err := g.run(ctx, nil, func(out *bufio.Reader) error {
		return eachID(out, func(id objectID, others int) error {
			ids, parents = append(ids, id), append(parents, uint8(min(others, 255)))
			return nil
		})
	}, "rev-list", "--parents", tip.String(), "--")
	if err != nil {
		return nil, err
	}
	if len(ids) == 0 {
		return nil, &Error{Kind: gap.Corrupt, Detail: fmt.Sprintf("the default branch names %v, which is no commit", tip)}
	}
	dates := make(map[objectID]int64, len(ids))
	err = g.objects(ctx, ids, func(i int, kind objectKind, raw []byte) error {
		if kind != commitObject {
			return &Error{Kind: gap.Corrupt, Detail: fmt.Sprintf("%v is no commit", ids[i])}
		}
		h, err := parseCommit(raw)
		if err != nil {
			return fmt.Errorf("%v: %w", ids[i], err)
		}
		a.addCommit(ids[i], &h)
		a.commits[i].Parents = parents[i]
		dates[ids[i]] = a.commits[i].Committed
		return nil
	})
	return dates, err
}

// eachID calls f for every line of object names with the first name and the number of others. A line may be of any length.
func eachID(r *bufio.Reader, f func(id objectID, others int) error) error {
	for {
		var word [41]byte
		if _, err := io.ReadFull(r, word[:]); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		id, ok := parseID(word[:40])
		if !ok {
			return errHash(word[:40])
		}
		others := 0
		for word[40] == ' ' {
			if _, err := io.ReadFull(r, word[:]); err != nil {
				return err
			}
			others++
		}
		if word[40] != '\n' {
			return errHash(make([]byte, 41))
		}
		if err := f(id, others); err != nil {
			return err
		}
	}
}

// objects reads objects with one cat-file and calls f for each in order; kind is 0 if the object is missing. The bytes are
// good until f returns; blobs and trees come without bytes.
func (g *gitReader) objects(ctx context.Context, ids []objectID, f func(i int, kind objectKind, raw []byte) error) error {
	keep := func(i int, kind objectKind, size int64) (bool, error) {
		if kind != commitObject && kind != tagObject {
			return false, nil
		}
		if size > maxObject {
			return false, &Error{Kind: gap.TooLarge, Detail: fmt.Sprintf("%v: %v", ids[i], errTooLarge)}
		}
		return true, nil
	}
	return g.catFile(ctx, ids, "--batch", keep, func(i int, kind objectKind, _ int64, raw []byte) error { return f(i, kind, raw) })
}

// catFile asks one cat-file for objects and calls f for each in order; kind is 0 if the object is missing. With --batch the
// bytes of those that keep wants come along, good until f returns; with --batch-check there are none.
func (g *gitReader) catFile(ctx context.Context, ids []objectID, mode string, keep func(i int, kind objectKind, size int64) (bool, error),
	f func(i int, kind objectKind, size int64, raw []byte) error) error {
	if len(ids) == 0 {
		return nil
	}
	ask, answer := io.Pipe()
	defer ask.Close() // ends the writer when git is gone
	go func() {
		w := bufio.NewWriterSize(answer, 32<<10)
		for _, id := range ids {
			if _, err := w.WriteString(id.String() + "\n"); err != nil {
				return
			}
		}
		answer.CloseWithError(w.Flush())
	}()
	return g.run(ctx, ask, func(out *bufio.Reader) error {
		var buf bytes.Buffer
		for i := range ids {
			line, err := out.ReadSlice('\n')
			if err != nil {
				return unexpected(err)
			}
			fields := bytes.Fields(line)
			if len(fields) == 2 && string(fields[1]) == "missing" {
				if err := f(i, 0, 0, nil); err != nil {
					return err
				}
				continue
			}
			if len(fields) != 3 || kindNamed(fields[1]) == 0 {
				return fmt.Errorf("git cat-file answered %q", line)
			}
			kind := kindNamed(fields[1])
			size, err := strconv.ParseInt(string(fields[2]), 10, 64)
			if err != nil {
				return fmt.Errorf("git cat-file answered %q", line)
			}
			buf.Reset()
			if mode == "--batch" {
				wanted, err := keep(i, kind, size)
				if err != nil {
					return err
				}
				left := size + 1 // and the line feed
				if wanted {
					if _, err := io.CopyN(&buf, out, size); err != nil {
						return unexpected(err)
					}
					left = 1
				}
				if _, err := io.CopyN(io.Discard, out, left); err != nil {
					return unexpected(err)
				}
			}
			if err := f(i, kind, size, buf.Bytes()); err != nil {
				return err
			}
		}
		return nil
	}, "cat-file", mode)
}

func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// readTags follows tags to their commits, all of one depth at a time.
func (g *gitReader) readTags(ctx context.Context, tags []ref, dates map[objectID]int64, a *assembly) error {
	type open struct {
		name  string
		when  int64
		dated bool
	}
	var ids []objectID
	var names []open
	visit := func(t open, id objectID) {
		if date, ok := dates[id]; ok {
			if !t.dated {
				t.when = date
			}
			a.addTag(t.name, t.when)
			return
		}
		ids, names = append(ids, id), append(names, t)
	}
	for _, t := range tags {
		visit(open{name: t.name}, t.id)
	}
	for range maxTagDepth {
		ask, asked := ids, names
		ids, names = nil, nil
		err := g.objects(ctx, ask, func(i int, kind objectKind, raw []byte) error {
			t := asked[i]
			switch kind {
			case commitObject:
				h, err := parseCommit(raw)
				if err != nil {
					return fmt.Errorf("%s: %w", t.name, err)
				}
				if !t.dated {
					t.when = parseSignature(h.committer).when
				}
				a.addTag(t.name, t.when)
			case tagObject:
				h, err := parseTag(raw)
				if err != nil {
					return fmt.Errorf("%s: %w", t.name, err)
				}
				if !t.dated && h.tagger != nil {
					t.when, t.dated = parseSignature(h.tagger).when, true
				}
				visit(t, h.object)
			}
			return nil
		})
		if err != nil || len(ids) == 0 {
			return err
		}
	}
	return nil // deeper ones are no releases
}

func (g *gitReader) readPulls(ctx context.Context, pulls []pullRef, a *assembly) error {
	ids := make([]objectID, len(pulls))
	for i, p := range pulls {
		ids[i] = p.id
	}
	return g.objects(ctx, ids, func(i int, kind objectKind, raw []byte) error {
		if kind != commitObject {
			return nil
		}
		h, err := parseCommit(raw)
		if err != nil {
			return fmt.Errorf("head of pull request %d: %w", pulls[i].number, err)
		}
		a.addPull(pulls[i].number, a.commitOf(&h))
		return nil
	})
}

// mailmap gives the entries of .mailmap of the newest commit. Where git cannot give it, as in a partial clone, there are none.
func (g *gitReader) mailmap(ctx context.Context, tip objectID) ([]Alias, error) {
	entry, err := g.output(ctx, 1024, "ls-tree", "-z", tip.String(), "--", ".mailmap")
	if err != nil {
		return nil, ctx.Err()
	}
	fields := bytes.Fields(entry) // mode, type, name, path
	if len(fields) != 4 || string(fields[0]) != "100644" && string(fields[0]) != "100755" {
		return nil, ctx.Err()
	}
	id, ok := parseID(fields[2])
	if !ok {
		return nil, ctx.Err()
	}
	text, err := g.output(ctx, maxObject+1, "cat-file", "blob", id.String())
	if err != nil || len(text) > maxObject {
		return nil, ctx.Err()
	}
	return parseMailmap(text), nil
}

// statement gives what the README of the newest commit says; nothing where git cannot give it, as in a partial clone.
func (g *gitReader) statement(ctx context.Context, tip objectID, upstream string, date int64) (*Statement, error) {
	list, err := g.output(ctx, maxObject+1, "ls-tree", "-z", tip.String())
	if err != nil || len(list) > maxObject {
		return nil, ctx.Err()
	}
	id, file, ok := readmeListed(list)
	if !ok {
		return nil, ctx.Err()
	}
	text, err := g.output(ctx, maxObject+1, "cat-file", "blob", id.String())
	if err != nil || len(text) > maxObject {
		return nil, ctx.Err()
	}
	return statementIn(file, text, upstream, date), nil
}
