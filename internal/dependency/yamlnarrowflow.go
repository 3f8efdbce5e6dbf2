package dependency

import "strings"

// A narrowFlow reads a collection in brackets that stands within one line.
type narrowFlow struct {
	r    *narrowReader
	text string
	pos  int
}

// collection reads a mapping or a sequence.
func (f *narrowFlow) collection() *yamlNode {
	if f.r.depth++; f.r.depth > deepestNarrow {
		return f.r.stop()
	}
	defer func() { f.r.depth-- }()
	if f.text[f.pos] == '{' {
		return f.mapping()
	}
	n := f.r.node(yamlSequence, f.r.line)
	for f.pos++; !f.closes(']'); {
		item := f.value()
		if !f.r.fine || !f.comma(']') {
			return f.r.stop()
		}
		n.items = append(n.items, item)
		n.size += item.size
	}
	return n
}

func (f *narrowFlow) mapping() *yamlNode {
	n, base := f.r.node(yamlMapping, f.r.line), len(f.r.pairs)
	for f.pos++; !f.closes('}'); {
		key, first, ok := f.word()
		if first != '"' && first != '\'' && strings.IndexByte(key, ':') >= 0 {
			return f.r.stop() // the scanner ends such a key at its first colon
		}
		if !ok || !strings.HasPrefix(f.text[f.pos:], ": ") {
			return f.r.stop()
		}
		f.pos += 2
		f.r.total++ // as the scanner's reader counts
		value := f.value()
		if !f.r.fine || !f.comma('}') {
			return f.r.stop()
		}
		f.r.pairs = append(f.r.pairs, yamlPair{key: key, line: f.r.line, value: value})
	}
	f.r.close(n, base)
	return n
}

func (f *narrowFlow) closes(bracket byte) bool {
	if f.pos < len(f.text) && f.text[f.pos] == bracket {
		f.pos++
		return true
	}
	return false
}

// comma moves behind ", ", or stays before the bracket that closes.
func (f *narrowFlow) comma(bracket byte) bool {
	if strings.HasPrefix(f.text[f.pos:], ", ") {
		f.pos += 2
		return f.pos < len(f.text) && f.text[f.pos] != bracket
	}
	return f.pos < len(f.text) && f.text[f.pos] == bracket
}

func (f *narrowFlow) value() *yamlNode {
	if f.pos >= len(f.text) {
		return f.r.stop()
	}
	if c := f.text[f.pos]; c == '{' || c == '[' {
		return f.collection()
	}
	text, first, ok := f.word()
	if !ok {
		return f.r.stop()
	}
	return f.r.scalar(text, first)
}

// word reads a scalar; without quotes it holds no sign that means anything between brackets, but colons within.
func (f *narrowFlow) word() (text string, first byte, ok bool) {
	rest := f.text[f.pos:]
	if rest == "" {
		return "", 0, false
	}
	if first = rest[0]; first == '"' || first == '\'' {
		text, after, ok := quotedOrPlain(rest)
		f.pos = len(f.text) - len(after)
		return text, first, ok
	}
	end := 0
	for end < len(rest) {
		c, next := rest[end], byte(0)
		if end+1 < len(rest) {
			next = rest[end+1]
		}
		if !beginsPlain(c) && strings.IndexByte("-+@)>*$<|", c) < 0 && (c != ':' || !beginsPlain(next)) && (c != ' ' || !beginsPlain(next) && next != '|' && next != '>') {
			break
		}
		end++
	}
	f.pos += end
	return rest[:end], first, end > 0 && beginsPlain(first)
}
