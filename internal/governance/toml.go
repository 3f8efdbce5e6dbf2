package governance

import (
	"strings"

	"github.com/mainstay-oss/mainstay/internal/gap"
	"github.com/mainstay-oss/mainstay/internal/people"
)

// readToml reads the form of Docker, which moby, BuildKit and others share: TOML with sections below Org, each with a list of
// people by key, and a section for each person below people. Only as much of TOML is read as these files use; texts are passed
// over.
func readToml(r *reader, text string) {
	t := &tomlReader{reader: r, persons: map[string]*Listed{}}
	for raw := range strings.Lines(text) {
		t.line++
		t.read(strings.TrimSpace(raw))
	}
	for _, s := range t.seated {
		l := Listed{Login: s.key, Role: s.role, Line: s.line}
		if who := t.persons[s.key]; who != nil {
			l.Login, l.Name, l.Address = who.Login, who.Name, who.Address
		}
		if (l.Login != "" || l.Name != "" || l.Address != "") && !people.IsBot(l.Login, l.Address) {
			r.list(l)
		}
	}
}

type tomlReader struct {
	*reader
	line    int
	section []string // in lower case, without quotes
	text    string   // the quotes that end the text that is open
	listed  bool     // a list is open
	role    Role     // of those in it
	seated  []seated
	persons map[string]*Listed // by key
}

// A seated is somebody in a list of Org, by key.
type seated struct {
	key  string
	role Role
	line int
}

func (t *tomlReader) read(line string) {
	if t.text != "" {
		if strings.Contains(line, t.text) {
			t.text = ""
		}
		return
	}
	for i := range line {
		if line[i] == '#' && strings.Count(line[:i], `"`)%2 == 0 {
			line = strings.TrimSpace(line[:i])
			break
		}
	}
	switch {
	case line == "":
		return
	case t.listed:
		t.names(line)
		return
	case line[0] == '[':
		t.section = t.section[:0]
		for part := range strings.SplitSeq(strings.ToLower(strings.Trim(line, "[] \t")), ".") {
			t.section = append(t.section, strings.Trim(strings.TrimSpace(part), `"`))
		}
		return
	}
	key, value, ok := strings.Cut(line, "=")
	if !ok {
		t.problem(gap.Syntax, t.line, quote(line)+" is neither a section in brackets nor a key with a value")
		return
	}
	key, value = strings.ToLower(strings.Trim(strings.TrimSpace(key), `"`)), strings.TrimSpace(value)
	for _, quotes := range []string{`"""`, `'''`} {
		if rest, ok := strings.CutPrefix(value, quotes); ok {
			if !strings.Contains(rest, quotes) {
				t.text = quotes
			}
			return
		}
	}
	switch {
	case len(t.section) > 1 && t.section[0] == "people":
		t.person(strings.Join(t.section[1:], "."), key, strings.Trim(value, `"`))
	case len(t.section) > 0 && t.section[0] == "org":
		t.role = t.roleIn(key)
		if rest, ok := strings.CutPrefix(value, "["); ok {
			t.listed = true
			t.names(rest)
		} else if strings.HasPrefix(value, `"`) {
			t.names(value)
		}
	}
}

// roleIn gives the role of those under a key of Org: "people" of a section, or one person as in bdfl = "ann". None for helpers.
func (t *tomlReader) roleIn(key string) Role {
	title := key
	if key == "people" {
		title = strings.Join(t.section[1:], " ")
		if strings.HasPrefix(title, "subsystem") && judge(title) == silent {
			return Maintainer
		}
	}
	switch judge(title) {
	case seats:
		return Maintainer
	case board:
		return Board
	case reviews:
		return Reviewer
	}
	return ""
}

// names reads what stands in quotes, up to the end of the list.
func (t *tomlReader) names(s string) {
	for {
		open := strings.IndexAny(s, `"]`)
		if open < 0 {
			return
		}
		if s[open] == ']' {
			t.listed = false
			return
		}
		name, rest, ok := strings.Cut(s[open+1:], `"`)
		if !ok {
			t.problem(gap.Syntax, t.line, quote(s)+" has a quote that does not end; close it")
			return
		}
		if name = strings.ToLower(name); t.role != "" && loginPattern.MatchString(name) {
			t.seated = append(t.seated, seated{name, t.role, t.line})
		}
		s = rest
	}
}

// person reads a key of the section of a person.
func (t *tomlReader) person(who, key, value string) {
	p := t.persons[who]
	if p == nil {
		p = &Listed{}
		t.persons[who] = p
	}
	switch {
	case key == "name":
		p.Name = personName(value)
	case key == "email" && addressPattern.MatchString(value):
		p.Address = strings.ToLower(value)
	case key == "github" && loginPattern.MatchString(value):
		p.Login = value
	}
}
