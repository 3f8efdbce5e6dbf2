package gittest

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/mainstay-oss/mainstay/internal/need"
)

// FromArchive makes a bare repository that, when read, gives the same measures as the history archive in archiveDir, in a
// new temporary folder. Hashes become names and addresses; blank ones stay blank; a bot carries "[bot]".
// The repository counts as fetched when the archive was observed.
func FromArchive(t testing.TB, archiveDir string) (dir string) {
	t.Helper()
	r, _, err := ParseArchive(archiveDir)
	if err != nil {
		t.Fatalf("gittest: %v", err)
	}
	dir = filepath.Join(t.TempDir(), "repository.git")
	r.Build(t, dir)
	return dir
}

// Mirror makes a bare repository at root/github.com/<owner>/<name>.git of one history archive, and gives the upstream.
func Mirror(t testing.TB, root, archiveDir string) (upstream string) {
	t.Helper()
	need.Git(t)
	upstream, err := mirror(root, archiveDir)
	if err != nil {
		t.Fatalf("gittest: %v", err)
	}
	return upstream
}

func mirror(root, archiveDir string) (upstream string, err error) {
	r, repo, err := ParseArchive(archiveDir)
	if err != nil {
		return "", err
	}
	return "github.com/" + strings.ToLower(repo), r.Write(filepath.Join(root, "github.com", filepath.FromSlash(repo)+".git"))
}

// Mirrors makes a bare repository at root/github.com/<owner>/<name>.git of each of the history archives below folder, or of
// the largest n if n is not 0. It gives the upstreams, largest first.
func Mirrors(t testing.TB, root, folder string, n int) (upstreams []string) {
	t.Helper()
	need.Git(t)
	files, err := filepath.Glob(filepath.Join(folder, "*", "commits.tsv.gz"))
	if err != nil || len(files) == 0 {
		t.Fatalf("gittest: no archives in %s", folder)
	}
	sizes := map[string]int64{}
	for _, f := range files {
		info, err := os.Stat(f)
		if err != nil {
			t.Fatalf("gittest: %v", err)
		}
		sizes[f] = info.Size()
	}
	slices.SortStableFunc(files, func(a, b string) int { return int(sizes[b] - sizes[a]) })
	if n > 0 && n < len(files) {
		files = files[:n]
	}
	upstreams = make([]string, len(files))
	failures := make([]error, len(files))
	slots := make(chan struct{}, 3)
	var wait sync.WaitGroup
	for i, f := range files {
		slots <- struct{}{}
		wait.Go(func() {
			defer func() { <-slots }()
			upstreams[i], failures[i] = mirror(root, filepath.Dir(f))
		})
	}
	wait.Wait()
	if err := errors.Join(failures...); err != nil {
		t.Fatalf("gittest: %v", err)
	}
	return upstreams
}

// ParseArchive reads a history archive as a repository to be made, and the repo of its meta.json. It shares no code with
// package history, so that one can be tested against the other.
func ParseArchive(dir string) (r *Repository, repo string, err error) {
	var meta struct {
		Repo          string
		ObservedUntil int64 `json:"observed_until"`
	}
	text, err := os.ReadFile(filepath.Join(dir, "meta.json"))
	if err == nil {
		err = json.Unmarshal(text, &meta)
	}
	if err != nil {
		return nil, "", err
	}
	commits, err := read(filepath.Join(dir, "commits.tsv.gz"))
	if err != nil {
		return nil, "", err
	}
	pulls, err := read(filepath.Join(dir, "pulls.tsv.gz"))
	if err != nil {
		return nil, "", err
	}
	tags, err := read(filepath.Join(dir, "tags.tsv"))
	if err != nil {
		return nil, "", err
	}
	r = &Repository{Fetched: meta.ObservedUntil}
	a := newDisguise(commits)
	for i, c := range commits.rows {
		author := a.author(commits.get(c, "author_name"), commits.get(c, "author_email"), commits.get(c, "author_domain"), commits.get(c, "bot"))
		committer := Person{Email: a.address(commits.get(c, "committer_email"), commits.get(c, "committer_domain"))}
		subject := "change " + strconv.Itoa(i+1)
		if commits.get(c, "pull") != "0" {
			subject += " (#" + commits.get(c, "pull") + ")"
		}
		one := Commit{Author: author, Committer: committer, Subject: subject}
		one.Authored, one.Committed = integer(commits.get(c, "authored")), integer(commits.get(c, "committed"))
		one.AuthorTZ = int(integer(commits.get(c, "author_tz")))
		one.CommitterTZ = one.AuthorTZ
		one.Parents = int(integer(commits.get(c, "parents")))
		r.Commits = append(r.Commits, one)
	}
	for _, p := range pulls.rows {
		author := a.puller(pulls.get(p, "author_email"), pulls.get(p, "bot"))
		r.Pulls = append(r.Pulls, Pull{
			Number: int(integer(pulls.get(p, "number"))), Author: author, Committer: author,
			Authored: integer(pulls.get(p, "authored")), Committed: integer(pulls.get(p, "head_committed")),
		})
	}
	if len(commits.rows) == 0 {
		return r, meta.Repo, nil
	}
	for _, tag := range tags.rows {
		created := integer(tags.get(tag, "created"))
		// The newest commit that is not younger; if it is just as old, a lightweight tag says the same.
		on, exact := slices.BinarySearchFunc(r.Commits, created+1, func(c Commit, at int64) int { return int(c.Committed - at) })
		if on > 0 {
			on--
			exact = r.Commits[on].Committed == created
		}
		if exact {
			created = 0
		}
		r.Tags = append(r.Tags, Tag{Name: tags.get(tag, "tag"), On: on, Created: created})
	}
	return r, meta.Repo, nil
}

// A disguise gives names and addresses to hashes.
type disguise struct {
	humanName, humanEmail map[string]bool   // occurs with an author that is no bot
	botName               map[string]string // of an address, the name of a bot
	domain                map[string]string // of an address
}

func newDisguise(commits *table) *disguise {
	d := &disguise{map[string]bool{}, map[string]bool{}, map[string]string{}, map[string]string{}}
	for _, c := range commits.rows {
		d.domain[commits.get(c, "author_email")] = commits.get(c, "author_domain")
		if commits.get(c, "bot") == "0" {
			d.humanName[commits.get(c, "author_name")] = true
			d.humanEmail[commits.get(c, "author_email")] = true
		}
	}
	return d
}

// author marks a bot in its name, or in its address if people bear the name too, so that joining gives the same persons.
func (d *disguise) author(name, email, domain, bot string) Person {
	p := Person{Name: name, Email: d.address(email, domain)}
	if name == "-" {
		p.Name = ""
	}
	switch {
	case bot == "0":
	case !d.humanName[name] || d.humanEmail[email] || p.Email == "":
		p.Name += "[bot]"
		d.botName[email] = p.Name
	default:
		local, host, _ := strings.Cut(p.Email, "@")
		p.Email = local + "[bot]@" + host
	}
	return p
}

// puller is the author of a pull head, of whom an archive keeps no name.
func (d *disguise) puller(email, bot string) Person {
	domain, known := d.domain[email]
	if !known {
		domain = "unknown"
	}
	p := Person{Email: d.address(email, domain)}
	if bot != "0" {
		if p.Name = d.botName[email]; p.Name == "" {
			p.Name = email + "[bot]"
		}
	}
	return p
}

// address gives an address in a domain of the given name or class.
func (d *disguise) address(hash, domain string) string {
	switch {
	case hash == "-" || hash == "":
		return ""
	case domain == "freemail":
		return hash + "@gmail.com"
	case domain == "noreply":
		return hash + "@users.noreply.github.com"
	case domain == "unknown" || domain == "-" || domain == "":
		return hash + "@host.invalid"
	case domain == "personal":
		return hash + "@" + hash + ".example"
	}
	return hash + "@" + domain
}

func integer(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		panic(fmt.Sprintf("gittest: archive holds %q for a number", s))
	}
	return n
}

// A table is a file of tab-separated lines under a header.
type table struct {
	column map[string]int
	rows   [][]string
}

// get gives the value in the named column.
func (t *table) get(row []string, name string) string {
	i, ok := t.column[name]
	if !ok {
		panic("gittest: archive without column " + name)
	}
	return row[i]
}

// read reads a table, gzipped if its name says so.
func read(path string) (*table, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	if strings.HasSuffix(path, ".gz") {
		z, err := gzip.NewReader(f)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		lines = bufio.NewScanner(z)
	}
	t := &table{}
	for lines.Scan() {
		fields := strings.Split(lines.Text(), "\t")
		if t.column != nil {
			t.rows = append(t.rows, fields)
			continue
		}
		t.column = map[string]int{}
		for i, name := range fields {
			t.column[name] = i
		}
	}
	return t, lines.Err()
}
