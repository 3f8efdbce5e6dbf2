package dependency

import "bytes"

// plainJSON gives a JSON text with comments and with commas before closing brackets as plain JSON: both become spaces, so
// that lines and offsets stay. What is not well-formed is left to be found as such. Time is linear.
func plainJSON(data []byte) []byte {
	out := bytes.Clone(data)
	comma := -1 // of a comma that nothing has followed yet
	for i := 0; i < len(out); {
		rest := out[i:]
		switch {
		case rest[0] == '"':
			i = endOfQuote(out, i)
			comma = -1
		case bytes.HasPrefix(rest, []byte("//")):
			end := bytes.IndexByte(rest, '\n')
			if end < 0 {
				end = len(rest)
			}
			blank(rest[:end])
			i += end
		case bytes.HasPrefix(rest, []byte("/*")):
			end := bytes.Index(rest[2:], []byte("*/"))
			if end < 0 {
				return out // the end of the comment is missing
			}
			blank(rest[:end+4])
			i += end + 4
		default:
			switch rest[0] {
			case ' ', '\t', '\r', '\n':
			case ',':
				comma = i
			case '}', ']':
				if comma >= 0 {
					out[comma] = ' '
				}
				comma = -1
			default:
				comma = -1
			}
			i++
		}
	}
	return out
}

// endOfQuote gives the offset behind the string that begins at one.
func endOfQuote(data []byte, at int) int {
	for at++; at < len(data) && data[at] != '"'; at++ {
		if data[at] == '\\' {
			at++
		}
	}
	return min(at+1, len(data))
}

// blank overwrites a comment, but for its line ends.
func blank(b []byte) {
	for i := range b {
		if b[i] != '\n' && b[i] != '\r' {
			b[i] = ' '
		}
	}
}
