package dependency

import "strings"

// archiveKeys are the keys under which Python's lockfiles list the archives of a package with their hashes. That is nine
// tenths of their bytes, and nothing of it is asked for.
var archiveKeys = []string{"files", "wheels"}

// readTOMLLock is readTOML for a lockfile that lists archives. Such a list that is written as package managers write it,
// and so is surely TOML, is empty to the decoder, which takes 40 ns for each byte; any other is left to it.
func readTOMLLock(data []byte) (tomlFile, *problem) { return decodeTOML(data, archiveKeys) }

// archives moves behind the value of a statement that lists archives, if one begins here, and leaves it out of what is
// kept of the text but for its lines.
func (s *tomlScanner) archives() (values int, ok bool) {
	for _, key := range s.without {
		rest, is := strings.CutPrefix(s.text[s.pos:], key+" = [\n")
		if !is {
			continue
		}
		length, lines, values, ok := archiveList(rest)
		if !ok {
			return 0, false
		}
		s.kept.WriteString(s.text[s.from:s.pos])
		s.kept.WriteString(key)
		s.kept.WriteString(" = [")
		for range 1 + lines {
			s.kept.WriteByte('\n')
		}
		s.pos = len(s.text) - len(rest) + length
		s.from = s.pos - 1 // the bracket
		s.line += 1 + lines
		return values + 2, true
	}
	return 0, false
}

// archiveList reads inline tables of plain strings and numbers, one a line, and the bracket that ends them. It gives the
// bytes and newlines that it read, and the signs between values in them.
func archiveList(text string) (length, lines, values int, ok bool) {
	p := archiveReader{text: text}
	for !p.after("]") {
		p.spaces()
		if !p.table() || !p.after(",") || !p.after("\n") {
			return 0, 0, 0, false
		}
		p.values++
		lines++
	}
	return p.pos, lines, p.values, true
}

type archiveReader struct {
	text   string
	pos    int
	values int
}

// after moves behind a sign, if it stands next.
func (p *archiveReader) after(sign string) bool {
	if strings.HasPrefix(p.text[p.pos:], sign) {
		p.pos += len(sign)
		return true
	}
	return false
}

func (p *archiveReader) spaces() {
	for p.pos < len(p.text) && p.text[p.pos] == ' ' {
		p.pos++
	}
}

// table reads {key = "value", key = 1}, each key once.
func (p *archiveReader) table() bool {
	if !p.after("{") {
		return false
	}
	var keys [8]string
	for n := 0; n < len(keys); n++ {
		p.spaces()
		start := p.pos
		for p.pos < len(p.text) && isBare(p.text[p.pos]) {
			p.pos++
		}
		key := p.text[start:p.pos]
		if key == "" || !p.after(" = ") || !p.value() {
			return false
		}
		for _, k := range keys[:n] {
			if k == key {
				return false
			}
		}
		keys[n] = key
		p.values++
		p.spaces()
		if p.after("}") {
			return true
		}
		if !p.after(",") {
			return false
		}
		p.values++
	}
	return false
}

// value reads a string of plain characters, or a number.
func (p *archiveReader) value() bool {
	if p.after(`"`) {
		for p.pos < len(p.text) {
			switch c := p.text[p.pos]; {
			case c == '"':
				p.pos++
				return true
			case c < ' ' || c > '~' || c == '\\':
				return false
			}
			p.pos++
		}
		return false
	}
	start := p.pos
	for p.pos < len(p.text) && '0' <= p.text[p.pos] && p.text[p.pos] <= '9' {
		p.pos++
	}
	digits := p.text[start:p.pos]
	return digits != "" && len(digits) <= 18 && (digits == "0" || digits[0] != '0') &&
		p.pos < len(p.text) && strings.IndexByte(" ,}", p.text[p.pos]) >= 0
}
