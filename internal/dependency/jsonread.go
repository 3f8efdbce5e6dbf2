package dependency

import (
	"bytes"
	"encoding/json"
)

// A jsonReader reads a text that [guardJSON] found good, once and in order, and knows the line it is at. It is lenient in
// types: a value that is not what was asked for is passed over.
type jsonReader struct {
	data []byte
	pos  int

	counted, lines int // newlines before the offset counted
}

// peek gives the first byte of the next value, or of the bracket that ends a list of them.
func (r *jsonReader) peek() byte {
	r.pos = skipSpace(r.data, r.pos)
	return r.data[r.pos]
}

// line gives the 1-based line of the next value.
func (r *jsonReader) line() int {
	r.peek()
	r.lines += bytes.Count(r.data[r.counted:r.pos], []byte{'\n'})
	r.counted = r.pos
	return r.lines + 1
}

// object calls f at each value of the next object with its key, which is valid during the call; f must read the value, by
// whatever method. It gives false, and passes the value over, if that is not an object.
func (r *jsonReader) object(f func(key []byte)) bool {
	if r.peek() != '{' {
		r.skip()
		return false
	}
	r.pos++
	for r.peek() != '}' {
		if r.data[r.pos] == ',' {
			r.pos++
			continue
		}
		key := r.quoted()
		r.peek()
		r.pos++ // the colon
		f(key)
	}
	r.pos++
	return true
}

// array calls f at each value of the next array; f must read it. It gives false, and passes the value over, if that is
// not an array.
func (r *jsonReader) array(f func()) bool {
	if r.peek() != '[' {
		r.skip()
		return false
	}
	r.pos++
	for r.peek() != ']' {
		if r.data[r.pos] == ',' {
			r.pos++
			continue
		}
		f()
	}
	r.pos++
	return true
}

// bytes gives the next value, valid as long as the text, if it is a string.
func (r *jsonReader) bytes() ([]byte, bool) {
	if r.peek() != '"' {
		r.skip()
		return nil, false
	}
	return r.quoted(), true
}

// text gives the next value if it is a string, else nothing.
func (r *jsonReader) text() string {
	b, _ := r.bytes()
	return string(b)
}

// truth says whether the next value is true.
func (r *jsonReader) truth() bool {
	is := r.peek() == 't'
	r.skip()
	return is
}

// number gives the next value as it is written if it is a number, else nothing.
func (r *jsonReader) number() string {
	c := r.peek()
	start := r.pos
	r.skip()
	if c < '0' || c > '9' {
		return ""
	}
	return string(r.data[start:r.pos])
}

// skip passes over the next value.
func (r *jsonReader) skip() {
	switch r.peek() {
	case '"':
		r.endOfString()
	case '{', '[':
		for depth := 0; ; {
			switch r.data[r.pos] {
			case '"':
				r.endOfString()
				continue
			case '{', '[':
				depth++
			case '}', ']':
				depth--
			}
			r.pos++
			if depth == 0 {
				return
			}
		}
	default:
		for r.pos < len(r.data) && bytes.IndexByte([]byte(",]} \n\r\t"), r.data[r.pos]) < 0 {
			r.pos++
		}
	}
}

// endOfString moves from a quote to behind the one that closes it, and says whether an escape stands between.
func (r *jsonReader) endOfString() (escaped bool) {
	r.pos++
	for r.data[r.pos] != '"' {
		if r.data[r.pos] == '\\' {
			escaped = true
			r.pos++
		}
		r.pos++
	}
	r.pos++
	return escaped
}

func (r *jsonReader) quoted() []byte {
	start := r.pos + 1
	escaped := r.endOfString()
	inner := r.data[start : r.pos-1]
	if escaped {
		return unescape(inner)
	}
	return inner
}

// unescape decodes what stands between the quotes of a well-formed JSON string.
func unescape(inner []byte) []byte {
	quoted := make([]byte, 0, len(inner)+2)
	quoted = append(append(append(quoted, '"'), inner...), '"')
	var s string
	if err := json.Unmarshal(quoted, &s); err != nil {
		return inner // not reached: the guard has seen the string
	}
	return []byte(s)
}
