package gittest

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Person is a name and an address as they stand in a commit. Both may be empty.
type Person struct{ Name, Email string }

// A File is what a commit does to one file: it writes it or, with Old, moves it there as it was or, with Gone, deletes it.
type File struct {
	Path, Content string
	Old           string
	Gone          bool
}

// A Commit is one commit to be made. Times are Unix seconds (not negative), zones minutes east of UTC.
type Commit struct {
	Author, Committer     Person
	Authored, Committed   int64
	AuthorTZ, CommitterTZ int
	Subject               string
	Parents               int // 2 or more makes a merge; 0 and 1 continue the branch
	Side, Orphan          bool
	Files                 []File
}

// A Tag is a tag on a commit. With Created 0 it is lightweight.
type Tag struct {
	Name    string
	On      int // index into Commits
	Created int64
}

// A Pull is a pull request's head commit. Its parent is the newest commit of the default branch that is not younger.
type Pull struct {
	Number              int
	Author, Committer   Person
	Authored, Committed int64
	TZ                  int
}

// A Repository is what Write makes into a bare repository.
type Repository struct {
	Branch  string // of HEAD; main if empty
	Commits []Commit
	Tags    []Tag
	Pulls   []Pull // by rising number
	Fetched int64  // when it was last fetched, as its files tell: Unix seconds; 0: when it is made
	Loose   bool   // leave objects loose and refs unpacked
	Repack  bool   // repack with deltas
}

// Write makes the bare repository in dir, which must not exist. The same repository always gets the same object names.
func (r *Repository) Write(dir string) error {
	branch := r.Branch
	if branch == "" {
		branch = "main"
	}
	for _, sub := range []string{"objects/info", "objects/pack", "refs/heads", "refs/tags", "info"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o755); err != nil {
			return err
		}
	}
	for name, text := range map[string]string{
		"HEAD":   "ref: refs/heads/" + branch + "\n",
		"config": "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	if r.Fetched != 0 {
		path, at := filepath.Join(dir, "FETCH_HEAD"), time.Unix(r.Fetched, 0)
		if err := os.WriteFile(path, nil, 0o644); err != nil {
			return err
		}
		if err := os.Chtimes(path, at, at); err != nil {
			return err
		}
	}
	if len(r.Commits) == 0 {
		return nil
	}
	marks := filepath.Join(dir, "marks")
	limit := "fastimport.unpackLimit=1"
	if r.Loose {
		limit = "fastimport.unpackLimit=1000000"
	}
	err := git(dir, func(w *bufio.Writer) { r.stream(w, branch) },
		"-c", limit, "-c", "core.logAllRefUpdates=false", "fast-import", "--quiet", "--force", "--date-format=raw-permissive", "--export-marks="+marks)
	if err != nil {
		return err
	}
	hashes, err := readMarks(marks)
	if err != nil {
		return err
	}
	if err := os.Remove(marks); err != nil {
		return err
	}
	pulls := map[string]string{}
	for i, p := range r.Pulls {
		pulls[fmt.Sprintf("refs/pull/%d/head", p.Number)] = hashes[len(r.Commits)+i+1]
	}
	if r.Loose {
		for ref, hash := range pulls {
			path := filepath.Join(dir, filepath.FromSlash(ref))
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				return err
			}
			if err := os.WriteFile(path, []byte(hash+"\n"), 0o644); err != nil {
				return err
			}
		}
		return nil
	}
	if err := git(dir, nil, "pack-refs", "--all"); err != nil {
		return err
	}
	if err := addPacked(filepath.Join(dir, "packed-refs"), pulls); err != nil {
		return err
	}
	if r.Repack {
		return git(dir, nil, "repack", "-q", "-a", "-d", "-f", "--depth=50", "--window=50")
	}
	return nil
}

// stream writes the input of git fast-import. Mark i+1 is Commits[i]; the marks of the pulls follow.
func (r *Repository) stream(w *bufio.Writer, branch string) {
	var aside []File             // what the side branch did to files
	tip, side, before := 0, 0, 0 // marks: newest of the default branch, of the side branch, of what an orphan left behind
	for i, c := range r.Commits {
		mark := i + 1
		ref, from := "refs/heads/"+branch, tip
		var merge []int
		switch {
		case c.Orphan && tip != 0:
			// A new root: the branch starts afresh and the next merge brings the old line back.
			fmt.Fprintf(w, "reset %s\n\n", ref)
			before, from = tip, 0
		case c.Side:
			ref = "refs/heads/gittest-side"
			if side != 0 {
				from = side
			}
		case c.Parents >= 2 && tip != 0:
			others := []int{side}
			if before != 0 {
				from, others = before, []int{tip, side}
			}
			for _, m := range others {
				if m != 0 && len(merge) < c.Parents-1 {
					merge = append(merge, m)
				}
			}
			// Older commits serve as further parents; near the root one may serve twice.
			for m := tip - 1; len(merge) < c.Parents-1; m-- {
				merge = append(merge, max(m, 1))
			}
			c.Files = slices.Concat(aside, c.Files)
			side, before, aside = 0, 0, nil
		}
		fmt.Fprintf(w, "commit %s\nmark :%d\n", ref, mark)
		person(w, "author", c.Author, c.Authored, c.AuthorTZ)
		person(w, "committer", c.Committer, c.Committed, c.CommitterTZ)
		data(w, c.Subject)
		if from != 0 {
			fmt.Fprintf(w, "from :%d\n", from)
		}
		for _, m := range merge {
			fmt.Fprintf(w, "merge :%d\n", m)
		}
		for _, f := range c.Files {
			switch {
			case f.Gone:
				fmt.Fprintf(w, "D %s\n", quoted(f.Path))
			case f.Old != "":
				fmt.Fprintf(w, "R %s %s\n", quoted(f.Old), quoted(f.Path))
			default:
				fmt.Fprintf(w, "M 100644 inline %s\n", quoted(f.Path))
				data(w, f.Content)
			}
		}
		w.WriteByte('\n')
		if c.Side {
			side = mark
			aside = append(aside, c.Files...)
		} else {
			tip = mark
		}
	}
	on := 0
	for i, p := range r.Pulls {
		for on+1 < len(r.Commits) && r.Commits[on+1].Committed <= p.Committed {
			on++
		}
		for on > 0 && r.Commits[on].Committed > p.Committed {
			on--
		}
		// All pulls are made on one branch that is dropped: a ref for each would be a file for each.
		fmt.Fprintf(w, "commit refs/heads/gittest-pull\nmark :%d\n", len(r.Commits)+i+1)
		person(w, "author", p.Author, p.Authored, p.TZ)
		person(w, "committer", p.Committer, p.Committed, p.TZ)
		data(w, "pull "+strconv.Itoa(p.Number))
		fmt.Fprintf(w, "from :%d\n\n", on+1)
	}
	for _, tag := range r.Tags {
		if tag.Created == 0 {
			fmt.Fprintf(w, "reset refs/tags/%s\nfrom :%d\n\n", tag.Name, tag.On+1)
			continue
		}
		fmt.Fprintf(w, "tag %s\nfrom :%d\n", tag.Name, tag.On+1)
		person(w, "tagger", Person{"Tagger", "tagger@example.org"}, tag.Created, 0)
		data(w, tag.Name)
	}
	for _, ref := range []string{"refs/heads/gittest-side", "refs/heads/gittest-pull"} {
		fmt.Fprintf(w, "reset %s\nfrom %040d\n\n", ref, 0)
	}
	w.WriteString("done\n")
}

func person(w *bufio.Writer, role string, p Person, at int64, zone int) {
	sign := '+'
	if zone < 0 {
		sign, zone = '-', -zone
	}
	name := p.Name
	if name != "" {
		name += " "
	}
	fmt.Fprintf(w, "%s %s<%s> %d %c%02d%02d\n", role, name, p.Email, at, sign, zone/60, zone%60)
}

// quoted gives a path as fast-import reads any bytes.
func quoted(path string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := range len(path) {
		switch c := path[i]; {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c < ' ' || c > '~':
			fmt.Fprintf(&b, `\%03o`, c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}

func data(w *bufio.Writer, text string) {
	fmt.Fprintf(w, "data %d\n%s\n", len(text), text)
}

// git runs git on the repository in dir with nothing but its own configuration.
func git(dir string, stdin func(*bufio.Writer), args ...string) error {
	cmd := exec.Command("git", append([]string{"--git-dir=" + dir}, args...)...)
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1", "LC_ALL=C",
		// Without these fast-import gives memory back to the system after every object (glibc), a third of its time.
		"MALLOC_TRIM_THRESHOLD_=1000000000", "MALLOC_TOP_PAD_=8000000", "MALLOC_MMAP_THRESHOLD_=1000000000")
	var message bytes.Buffer
	cmd.Stderr = &message
	if stdin != nil {
		pr, pw := io.Pipe()
		cmd.Stdin = pr
		go func() {
			w := bufio.NewWriterSize(pw, 1<<16)
			stdin(w)
			pw.CloseWithError(w.Flush())
		}()
		defer pr.Close()
	}
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("git %s: %w: %s", strings.Join(args, " "), err, message.Bytes())
	}
	return nil
}

// readMarks reads the object names that fast-import gave to the marks.
func readMarks(path string) (map[int]string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	hashes := map[int]string{}
	for line := range strings.Lines(string(text)) {
		mark, hash, ok := strings.Cut(strings.TrimSpace(strings.TrimPrefix(line, ":")), " ")
		n, err := strconv.Atoi(mark)
		if !ok || err != nil {
			return nil, fmt.Errorf("%s: strange line %q", path, line)
		}
		hashes[n] = hash
	}
	return hashes, nil
}

// addPacked adds refs to a packed-refs file.
func addPacked(path string, refs map[string]string) error {
	if len(refs) == 0 {
		return nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	type entry struct{ ref, text string }
	var entries []entry
	for line := range strings.Lines(string(text)) {
		switch {
		case strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "^"):
			entries[len(entries)-1].text += line
		default:
			entries = append(entries, entry{strings.TrimSpace(line[41:]), line})
		}
	}
	for ref, hash := range refs {
		entries = append(entries, entry{ref, hash + " " + ref + "\n"})
	}
	slices.SortFunc(entries, func(a, b entry) int { return strings.Compare(a.ref, b.ref) })
	var out bytes.Buffer
	out.WriteString("# pack-refs with: peeled fully-peeled sorted \n")
	for _, e := range entries {
		out.WriteString(e.text)
	}
	return os.WriteFile(path, out.Bytes(), 0o644)
}
