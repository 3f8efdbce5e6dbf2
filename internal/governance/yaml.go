package governance

import (
	"slices"
	"strings"
)

// An entry is one name in a file of lists: a scalar of a block or flow sequence, with the keys that lead to it.
type entry struct {
	path    []string
	value   string
	comment string // behind it on its line
	line    int
}

// maxKeys bounds how deep keys may stand in each other. OWNERS needs three.
const maxKeys = 8

// readLists reads as much of YAML as files of lists use: keys, sequences of scalars in blocks or in brackets, quotes and
// comments. One strange line costs that line alone, where a whole parser would refuse the file; and nothing a stranger writes
// (aliases, depth, length) costs more than its length.
func readLists(text string, problem func(line int, detail string)) (list []entry) {
	type key struct {
		indent int
		name   string
	}
	var keys []key
	path := func() []string {
		names := make([]string, len(keys))
		for i, k := range keys {
			names[i] = k.name
		}
		return names
	}
	skip := -1      // lines that are indented deeper belong to a block of text
	open := []int{} // lines of brackets that are open
	line := 0
	add := func(value, comment string) {
		switch value = strings.TrimSpace(value); {
		case value == "" || value == "~" || value == "null":
		case strings.ContainsAny(value[:1], "&*!{|>%@`") && value[0] != '@':
			problem(line, quote(value)+" is no plain name; write one name a line")
		default:
			name, ok := unquote(value)
			if !ok {
				problem(line, quote(value)+" has a quote that does not end; close it")
				return
			}
			list = append(list, entry{path(), name, comment, line})
		}
	}
	// flow reads what stands in brackets, up to their end if it is there.
	flow := func(s string) {
		for _, part := range splitFlow(s) {
			switch part {
			case "[":
				open = append(open, line)
			case "]":
				if len(open) > 0 {
					open = open[:len(open)-1]
				}
			default:
				add(part, "")
			}
		}
	}
	for raw := range strings.Lines(text) {
		line++
		content, comment := cutComment(strings.TrimRight(raw, "\r\n"))
		body := strings.TrimSpace(content)
		if body == "" {
			continue
		}
		if len(open) > 0 {
			flow(body)
			continue
		}
		indent := len(content) - len(strings.TrimLeft(content, " \t"))
		if skip >= 0 && indent > skip {
			continue
		}
		skip = -1
		if strings.Contains(content[:indent], "\t") {
			problem(line, "a tab at the beginning; indent with spaces")
		}
		switch {
		case indent == 0 && (body == "---" || body == "..." || body[0] == '%'):
			keys = nil
			continue
		case body == "-" || strings.HasPrefix(body, "- ") || strings.HasPrefix(body, "-\t"):
			for len(keys) > 0 && keys[len(keys)-1].indent > indent {
				keys = keys[:len(keys)-1]
			}
			item := strings.TrimSpace(body[1:])
			switch _, _, pair := cutKey(item); {
			case len(keys) == 0:
				problem(line, quote(item)+" belongs to no key; put a key such as approvers: above it")
			case pair || strings.HasPrefix(item, "- "):
				problem(line, quote(item)+" is no plain name; write one name a line")
			case strings.HasPrefix(item, "["):
				flow(item)
			default:
				add(item, comment)
			}
		default:
			name, value, ok := cutKey(body)
			if !ok {
				problem(line, quote(body)+" is neither a key with a colon nor an entry with a hyphen")
				continue
			}
			for len(keys) > 0 && keys[len(keys)-1].indent >= indent {
				keys = keys[:len(keys)-1]
			}
			if len(keys) == maxKeys {
				problem(line, "keys nested deeper than in any real file")
				skip = indent - 1
				continue
			}
			keys = append(keys, key{indent, name})
			switch {
			case strings.HasPrefix(value, "["):
				flow(value)
			case value == "{}":
			case value != "" && (value[0] == '|' || value[0] == '>'):
				skip = indent
			default:
				add(value, comment)
			}
		}
	}
	if len(open) > 0 {
		problem(open[0], "a bracket that does not end; close it")
	}
	return slices.Clip(list)
}

// cutComment parts a line at the first # that begins a comment: at its start or after a space, outside quotes.
func cutComment(line string) (content, comment string) {
	quoted := byte(0)
	for i := 0; i < len(line); i++ {
		c := line[i]
		blank := i == 0 || line[i-1] == ' ' || line[i-1] == '\t'
		switch {
		case quoted == '"' && c == '\\':
			i++
		case quoted != 0:
			if c == quoted {
				quoted = 0
			}
		case (c == '"' || c == '\'') && (blank || strings.IndexByte("[,-", line[i-1]) >= 0):
			quoted = c
		case c == '#' && blank:
			return line[:i], strings.TrimSpace(line[i+1:])
		}
	}
	return line, ""
}

// cutKey parts "key: value" and "key:"; the key may be quoted.
func cutKey(s string) (key, value string, ok bool) {
	if s != "" && (s[0] == '"' || s[0] == '\'') {
		end := quoteEnd(s)
		if end < 0 {
			return "", "", false
		}
		rest := strings.TrimLeft(s[end:], " ")
		if rest, ok = strings.CutPrefix(rest, ":"); !ok || rest != "" && rest[0] != ' ' && rest[0] != '\t' {
			return "", "", false
		}
		key, _ = unquote(s[:end])
		return key, strings.TrimSpace(rest), true
	}
	for i := 0; i < len(s); i++ {
		if s[i] == ':' && (i+1 == len(s) || s[i+1] == ' ' || s[i+1] == '\t') {
			return strings.TrimSpace(s[:i]), strings.TrimSpace(s[i+1:]), i > 0
		}
	}
	return "", "", false
}

// quoteEnd gives where a quoted text ends, behind its quote; -1 if it does not.
func quoteEnd(s string) int {
	for i := 1; i < len(s); i++ {
		switch {
		case s[0] == '"' && s[i] == '\\':
			i++
		case s[i] == s[0] && s[0] == '\'' && i+1 < len(s) && s[i+1] == '\'':
			i++
		case s[i] == s[0]:
			return i + 1
		}
	}
	return -1
}

// unquote takes the quotes off a scalar. Escapes other than of quotes and backslashes have no place in names.
func unquote(s string) (string, bool) {
	if s == "" || s[0] != '"' && s[0] != '\'' {
		return s, true
	}
	if quoteEnd(s) != len(s) {
		return "", false
	}
	inner := s[1 : len(s)-1]
	if s[0] == '\'' {
		return strings.ReplaceAll(inner, "''", "'"), true
	}
	var b strings.Builder
	for i := 0; i < len(inner); i++ {
		if inner[i] == '\\' && i+1 < len(inner) {
			i++
		}
		b.WriteByte(inner[i])
	}
	return b.String(), true
}

// splitFlow parts what stands in brackets into brackets and scalars.
func splitFlow(s string) (parts []string) {
	start := 0
	end := func(i int) {
		if part := strings.TrimSpace(s[start:i]); part != "" {
			parts = append(parts, part)
		}
		start = i + 1
	}
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case (c == '"' || c == '\'') && strings.TrimSpace(s[start:i]) == "":
			if n := quoteEnd(s[i:]); n > 0 {
				i += n - 1
			}
		case c == ',':
			end(i)
		case c == '[' || c == ']':
			end(i)
			parts = append(parts, string(c))
		}
	}
	end(len(s))
	return parts
}
