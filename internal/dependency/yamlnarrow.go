package dependency

import "strings"

// readNarrowYAML reads YAML as pnpm and yarn write it, ten times as fast as the scanner that readYAML builds on and in a
// tenth of its memory: one mapping, whose keys and values each stand on one line, plain or in quotes without escapes, with
// sequences of such, and collections in brackets within a line. For these it gives what the scanner would; of anything else
// (anchors, texts over several lines, doubled keys, errors) it says that it is not ok, and the scanner reads the whole text.
func readNarrowYAML(text string) (doc *yamlNode, ok bool) {
	if strings.IndexByte(text, '\r') >= 0 {
		return nil, false // which ends lines too, also those of comments
	}
	r := narrowReader{text: text, fine: true}
	r.next()
	if r.ended || r.indent != 0 {
		return nil, false
	}
	doc = r.mapping(0)
	return doc, r.fine && r.ended && r.total <= mostYAMLNodes
}

// A narrowReader stands at a line.
type narrowReader struct {
	text  string
	fine  bool // nothing but narrow YAML was met
	total int32
	slab  []yamlNode // room for nodes

	after   int // where the next line begins
	line    int32
	indent  int
	content string // without indent; never empty
	ended   bool

	pairs []yamlPair // of the open mappings, innermost last
	depth int
}

const deepestNarrow = 16

// next goes to the next line that says something.
func (r *narrowReader) next() {
	for r.after < len(r.text) {
		line := r.text[r.after:]
		if end := strings.IndexByte(line, '\n'); end >= 0 {
			line = line[:end]
		}
		r.after += len(line) + 1
		r.line++
		r.indent = 0
		for r.indent < len(line) && line[r.indent] == ' ' {
			r.indent++
		}
		r.content = line[r.indent:]
		if r.content == "" || r.content[0] == '#' {
			continue
		}
		if r.indent == 0 && strings.HasPrefix(r.content, "...") {
			r.stop()
		}
		return
	}
	r.ended = true
}

func (r *narrowReader) stop() *yamlNode {
	r.fine, r.ended = false, true
	return nil
}

func (r *narrowReader) node(kind yamlKind, line int32) *yamlNode {
	r.total++
	if len(r.slab) == cap(r.slab) {
		r.slab = make([]yamlNode, 0, 512)
	}
	r.slab = append(r.slab, yamlNode{kind: kind, size: 1, line: line})
	return &r.slab[len(r.slab)-1]
}

// close ends a mapping, whose pairs are those that were put behind base.
func (r *narrowReader) close(n *yamlNode, base int) {
	own := r.pairs[base:]
	for i := range own {
		n.size += own[i].value.size
	}
	if doubledKeys(own) {
		r.stop()
	}
	n.pairs = append([]yamlPair(nil), own...)
	r.pairs = r.pairs[:base]
}

func doubledKeys(pairs []yamlPair) bool {
	i := 1
	for i < len(pairs) && pairs[i-1].key < pairs[i].key {
		i++
	}
	if i >= len(pairs) {
		return false // sorted, as most are
	}
	if len(pairs) <= fewKeys {
		for i := range pairs {
			for k := range i {
				if pairs[k].key == pairs[i].key {
					return true
				}
			}
		}
		return false
	}
	known := make(map[string]bool, len(pairs))
	for i := range pairs {
		known[pairs[i].key] = true
	}
	return len(known) < len(pairs)
}

// mapping reads the keys that stand at one indent.
func (r *narrowReader) mapping(indent int) *yamlNode {
	if r.depth++; r.depth > deepestNarrow {
		return r.stop()
	}
	n, base := r.node(yamlMapping, r.line), len(r.pairs)
	for !r.ended && r.indent == indent {
		p := yamlPair{line: r.line}
		var rest string
		var ok bool
		if p.key, rest, ok = r.key(); !ok {
			return r.stop()
		}
		colon := r.line // of an explicit key a line of its own
		if rest != "" {
			p.value = r.inline(rest)
			r.next()
		} else {
			r.next()
			entry := strings.HasPrefix(r.content, "- ")
			switch {
			case r.ended:
				p.value = r.node(yamlNull, colon)
			case entry && r.indent >= indent:
				p.value = r.sequence(r.indent)
			case r.indent > indent:
				p.value = r.mapping(r.indent)
			default:
				p.value = r.node(yamlNull, r.line)
			}
		}
		if !r.fine || !r.ended && r.indent > indent {
			return r.stop()
		}
		r.pairs = append(r.pairs, p)
	}
	r.close(n, base)
	r.depth--
	return n
}

// sequence reads the entries that stand at one indent, a scalar or a collection in brackets each.
func (r *narrowReader) sequence(indent int) *yamlNode {
	n := r.node(yamlSequence, r.line)
	for !r.ended && r.indent == indent {
		rest, ok := strings.CutPrefix(r.content, "- ")
		if !ok {
			break
		}
		item := r.inline(rest)
		if r.next(); !r.fine || !r.ended && r.indent > indent {
			return r.stop()
		}
		n.items = append(n.items, item)
		n.size += item.size
	}
	return n
}

// key reads the key of a line, and gives what stands behind its colon. A key that is written as "? key" has its colon in
// the next line, alone.
func (r *narrowReader) key() (key, rest string, ok bool) {
	explicit, is := strings.CutPrefix(r.content, "? ")
	if is {
		indent := r.indent
		key, rest, ok = quotedOrPlain(explicit)
		r.next()
		return key, "", ok && rest == "" && !r.ended && r.indent == indent && r.content == ":"
	}
	if c := r.content[0]; c == '"' || c == '\'' {
		key, rest, ok = quotedOrPlain(r.content)
		if !ok || rest == "" || rest[0] != ':' {
			return "", "", false
		}
		rest = rest[1:]
	} else {
		end := strings.Index(r.content, ": ")
		if end < 0 {
			end = len(r.content) - 1
			if r.content[end] != ':' {
				return "", "", false
			}
		}
		key, rest = r.content[:end], r.content[end+1:]
		if !isPlain(key) {
			return "", "", false
		}
	}
	if rest == "" {
		return key, "", true
	}
	return key, rest[1:], rest[0] == ' ' && len(rest) > 1
}

// quotedOrPlain reads a scalar; behind a quoted one there may be more.
func quotedOrPlain(s string) (text, rest string, ok bool) {
	if s == "" || s[0] != '"' && s[0] != '\'' {
		return s, "", isPlain(s)
	}
	end := strings.IndexByte(s[1:], s[0])
	if end < 0 {
		return "", "", false
	}
	text, rest = s[1:1+end], s[end+2:]
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' || c == '\\' && s[0] == '"' {
			return "", "", false
		}
	}
	return text, rest, s[0] != '\'' || rest == "" || rest[0] != '\'' // '' is a quote within
}

// inline reads a value that a line ends with.
func (r *narrowReader) inline(s string) *yamlNode {
	if s == "" {
		return r.stop()
	}
	if s[0] == '{' || s[0] == '[' {
		f := narrowFlow{r: r, text: s}
		n := f.collection()
		if f.pos < len(s) {
			return r.stop()
		}
		return n
	}
	text, rest, ok := quotedOrPlain(s)
	if !ok || rest != "" {
		return r.stop()
	}
	return r.scalar(text, s[0])
}

func (r *narrowReader) scalar(text string, first byte) *yamlNode {
	if first != '"' && first != '\'' {
		switch text {
		case "null", "Null", "NULL", "~":
			return r.node(yamlNull, r.line)
		}
	}
	n := r.node(yamlScalar, r.line)
	n.text = text
	return n
}

// isPlain says whether a text is a scalar without quotes, whatever stands around it outside of brackets.
func isPlain(s string) bool {
	if s == "" || !beginsPlain(s[0]) || s[len(s)-1] == ' ' || s[len(s)-1] == ':' {
		return false
	}
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c < ' ' || c > '~':
			return false
		case c == '#' && s[i-1] == ' ', c == ' ' && s[i-1] == ':', c == '<' && s[i-1] == '<':
			return false
		}
	}
	return true
}

func beginsPlain(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("^~/_.(=", c) >= 0
}
