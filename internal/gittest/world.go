package gittest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Parse reads a world; the package documentation describes it.
func Parse(world string) (*Repository, error) {
	r := &Repository{}
	var files []File
	for i, line := range strings.Split(world, "\n") {
		raw := strings.TrimLeft(line, " \t")
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		if line[0] == '|' {
			if len(files) == 0 || files[len(files)-1].Gone || files[len(files)-1].Old != "" {
				return nil, fmt.Errorf("line %d: content without a file", i+1)
			}
			content := strings.TrimPrefix(raw[1:], " ")
			files[len(files)-1].Content += strings.TrimSuffix(content, "\r") + "\n"
			continue
		}
		if err := r.line(line, &files); err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
	}
	if len(files) > 0 {
		return nil, fmt.Errorf("file %s stands after the last commit", files[0].Path)
	}
	slices.SortStableFunc(r.Pulls, func(a, b Pull) int { return a.Number - b.Number })
	return r, nil
}

// line reads one line into r. Files wait in files for the next commit.
func (r *Repository) line(line string, files *[]File) error {
	word, rest, _ := strings.Cut(line, " ")
	s := &scanner{rest: strings.TrimSpace(rest)}
	switch word {
	case "tag", "tag-annotated":
		tag := Tag{Name: s.word(), On: len(r.Commits) - 1}
		if tag.On < 0 {
			return fmt.Errorf("a tag before the first commit")
		}
		if word == "tag-annotated" {
			tag.Created, _ = s.date()
		}
		r.Tags = append(r.Tags, tag)
	case "pull":
		p := Pull{Number: s.number()}
		p.Authored, p.TZ = s.date()
		p.Author = s.person()
		p.Committer, p.Committed = p.Author, p.Authored
		if s.next("committer") {
			p.Committer = s.person()
			if s.rest != "" {
				p.Committed, _ = s.date()
			}
		}
		r.Pulls = append(r.Pulls, p)
	case "file":
		*files = append(*files, File{Path: s.word()})
	case "move":
		f := File{Old: s.word()}
		f.Path = s.word()
		*files = append(*files, f)
	case "delete":
		*files = append(*files, File{Path: s.word(), Gone: true})
	case "branch":
		r.Branch = s.word()
	case "fetched":
		r.Fetched, _ = s.date()
	case "loose":
		r.Loose = true
	case "repack":
		r.Repack = true
	default:
		s.rest = line
		if err := r.commit(s, *files); err != nil {
			return err
		}
		*files = nil
	}
	if s.err == nil && s.rest != "" {
		s.err = fmt.Errorf("cannot read %q", s.rest)
	}
	return s.err
}

func (r *Repository) commit(s *scanner, files []File) error {
	c := Commit{Parents: 1, Files: files}
	c.Authored, c.AuthorTZ = s.date()
	c.Author = s.person()
	c.Committer, c.Committed, c.CommitterTZ = c.Author, c.Authored, c.AuthorTZ
	times, every := 1, 24*time.Hour
	for s.err == nil && s.rest != "" {
		switch {
		case s.rest[0] == '"':
			quoted, err := strconv.QuotedPrefix(s.rest)
			if err != nil {
				return fmt.Errorf("subject %s: %w", s.rest, err)
			}
			c.Subject, _ = strconv.Unquote(quoted)
			s.rest = strings.TrimSpace(s.rest[len(quoted):])
		case s.next("committer"):
			c.Committer = s.person()
			if s.rest != "" && s.rest[0] >= '0' && s.rest[0] <= '9' {
				c.Committed, c.CommitterTZ = s.date()
			}
		case s.next("merge"):
			c.Parents = 2
			if s.rest != "" && s.rest[0] >= '0' && s.rest[0] <= '9' {
				c.Parents = s.number()
			}
		case s.next("side"):
			c.Side = true
		case s.next("orphan"):
			c.Orphan = true
		case s.next("repeat"):
			times = s.number()
			if s.next("every") {
				every = s.duration()
			}
		default:
			return fmt.Errorf("cannot read %q", s.rest)
		}
	}
	for i := range times {
		one := c
		one.Authored += int64(i) * int64(every/time.Second)
		one.Committed += int64(i) * int64(every/time.Second)
		if i > 0 {
			one.Files = nil
		}
		if one.Subject == "" {
			one.Subject = fmt.Sprintf("change %d", len(r.Commits)+1)
		}
		r.Commits = append(r.Commits, one)
	}
	return s.err
}

// A scanner takes a line apart and keeps its first error.
type scanner struct {
	rest string
	err  error
}

func (s *scanner) fail(format string, args ...any) {
	if s.err == nil {
		s.err = fmt.Errorf(format, args...)
	}
}

func (s *scanner) word() string {
	word, rest, _ := strings.Cut(s.rest, " ")
	s.rest = strings.TrimSpace(rest)
	if word == "" {
		s.fail("a word is missing")
	}
	return word
}

// next takes the given word if it comes next.
func (s *scanner) next(word string) bool {
	rest, ok := strings.CutPrefix(s.rest, word)
	if !ok || rest != "" && rest[0] != ' ' {
		return false
	}
	s.rest = strings.TrimSpace(rest)
	return true
}

func (s *scanner) number() int {
	n, err := strconv.Atoi(s.word())
	if err != nil || n < 0 {
		s.fail("not a number: %v", err)
	}
	return n
}

// date gives Unix seconds and minutes east of UTC.
func (s *scanner) date() (int64, int) {
	word := s.word()
	for _, layout := range []string{"2006-01-02T15:04:05-0700", "2006-01-02T15:04:05Z07:00", "2006-01-02T15:04-0700", "2006-01-02"} {
		at, err := time.Parse(layout, word)
		if err != nil {
			continue
		}
		if layout == time.DateOnly {
			at = at.Add(12 * time.Hour)
		}
		_, zone := at.Zone()
		return at.Unix(), zone / 60
	}
	s.fail("not a date: %q", word)
	return 0, 0
}

func (s *scanner) duration() time.Duration {
	word := s.word()
	if days, ok := strings.CutSuffix(word, "d"); ok {
		n, err := strconv.Atoi(days)
		if err != nil {
			s.fail("not a duration: %q", word)
		}
		return time.Duration(n) * 24 * time.Hour
	}
	d, err := time.ParseDuration(word)
	if err != nil {
		s.fail("not a duration: %q", word)
	}
	return d
}

// person reads "Name <address>"; either may be empty.
func (s *scanner) person() Person {
	open := strings.IndexByte(s.rest, '<')
	end := strings.IndexByte(s.rest, '>')
	if open < 0 || end < open {
		s.fail("no <address> in %q", s.rest)
		s.rest = ""
		return Person{}
	}
	p := Person{Name: strings.TrimSpace(s.rest[:open]), Email: s.rest[open+1 : end]}
	s.rest = strings.TrimSpace(s.rest[end+1:])
	return p
}
