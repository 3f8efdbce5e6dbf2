package dependency

import (
	"fmt"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// A tomlScanner goes through a TOML text once, to bound what the decoder will meet and to tell lines. It trusts nothing
// and checks nothing else: a text that is not TOML is for the decoder to refuse.
type tomlScanner struct {
	text string
	pos  int
	line int

	header func(table string, array bool, line int)
	key    func(key string, line int)
	value  func(key, text string, line int) // a string without escapes

	without []string        // keys of lists of archives
	kept    strings.Builder // the text without them, up to from
	from    int
}

const longestPlace = 1024 // bytes of a string that value is told of

func (s *tomlScanner) scan() *problem {
	depth, values, dots := 0, 0, 0
	key, start := "", true // start: a statement begins here
	for s.pos < len(s.text) {
		c := s.text[s.pos]
		switch {
		case c == '\n':
			s.line++
			s.pos++
			start = start || depth == 0
			continue
		case c == ' ', c == '\t', c == '\r':
			s.pos++
			continue
		case c == '#':
			s.pos = s.endOfLine()
			continue
		}
		if start {
			start = false
			if n, ok := s.archives(); ok {
				if values += n; values > mostTOMLValues {
					return s.tooMany()
				}
				continue
			}
			name, parts := s.statement()
			if parts > mostKeyParts {
				return s.tooDeep(fmt.Sprintf("a key of more than %d parts", mostKeyParts))
			}
			if values += 1 + parts; values > mostTOMLValues {
				return s.tooMany()
			}
			if c != '[' {
				key = name
			}
			continue
		}
		switch c {
		case '"', '\'':
			line := s.line
			text := s.quoted()
			if s.value != nil && len(text) <= longestPlace && (c == '\'' || !strings.Contains(text, `\`)) {
				s.value(key, text, line)
			}
			continue
		case '[', '{':
			if depth++; depth > deepestTOML {
				return s.tooDeep(fmt.Sprintf("more than %d levels", deepestTOML))
			}
			dots = 0
		case ']', '}':
			depth, dots = max(0, depth-1), 0
		case ',', '=':
			values++
			dots = 0
		case '.': // between the parts of a key within an inline table; a number has one at most
			values++
			if dots++; dots > mostKeyParts {
				return s.tooDeep(fmt.Sprintf("a key of more than %d parts", mostKeyParts))
			}
		}
		if values > mostTOMLValues {
			return s.tooMany()
		}
		s.pos++
	}
	return nil
}

func (s *tomlScanner) tooMany() *problem {
	return &problem{kind: gap.TooLarge, line: s.line, detail: fmt.Sprintf("over %d keys and values", mostTOMLValues), unread: true}
}

func (s *tomlScanner) tooDeep(detail string) *problem {
	return &problem{kind: gap.TooDeep, line: s.line, detail: detail, unread: true}
}

// statement reads the header of a table, to the end of its line, or a key.
func (s *tomlScanner) statement() (name string, parts int) {
	line := s.line
	if s.text[s.pos] != '[' {
		if name, parts = s.keyParts(); s.key != nil && parts > 0 {
			s.key(name, line)
		}
		return name, parts
	}
	array := strings.HasPrefix(s.text[s.pos:], "[[")
	s.pos++
	if array {
		s.pos++
	}
	name, parts = s.keyParts()
	s.pos = s.endOfLine()
	if s.header != nil {
		s.header(name, array, line)
	}
	return name, parts
}

// keyParts reads the parts of a key, and gives them joined by points and without quotes.
func (s *tomlScanner) keyParts() (name string, parts int) {
	for s.pos < len(s.text) {
		switch c := s.text[s.pos]; {
		case c == ' ', c == '\t', c == '.':
			s.pos++
			continue
		case c == '"', c == '\'':
			name = joinKey(name, s.quoted())
		case isBare(c):
			start := s.pos
			for s.pos < len(s.text) && isBare(s.text[s.pos]) {
				s.pos++
			}
			name = joinKey(name, s.text[start:s.pos])
		default:
			return name, parts
		}
		if parts++; parts > mostKeyParts {
			return name, parts
		}
	}
	return name, parts
}

func joinKey(name, part string) string {
	if name == "" {
		return part
	}
	return name + "." + part
}

func isBare(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '-'
}

func (s *tomlScanner) endOfLine() int {
	if n := strings.IndexByte(s.text[s.pos:], '\n'); n >= 0 {
		return s.pos + n
	}
	return len(s.text)
}

// quoted moves behind a string of any of the four kinds, and gives what stands between its quotes.
func (s *tomlScanner) quoted() string {
	quote := s.text[s.pos : s.pos+1]
	long := strings.HasPrefix(s.text[s.pos:], quote+quote+quote)
	if long {
		quote += quote + quote
	}
	s.pos += len(quote)
	start := s.pos
	for s.pos < len(s.text) {
		switch c := s.text[s.pos]; {
		case c == quote[0] && strings.HasPrefix(s.text[s.pos:], quote):
			inner := s.text[start:s.pos]
			s.pos += len(quote)
			for long && s.pos < len(s.text) && s.text[s.pos] == quote[0] { // """text"""" ends in a quote of its own
				s.pos++
			}
			return inner
		case c == '\\' && quote[0] == '"' && s.pos+1 < len(s.text) && s.text[s.pos+1] != '\n':
			s.pos += 2
			continue
		case c == '\n' && !long:
			return s.text[start:s.pos]
		case c == '\n':
			s.line++
		}
		s.pos++
	}
	return s.text[start:]
}
