package dependency

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

func TestGuardJSON(t *testing.T) {
	t.Parallel()
	many := func(n int, last string) string {
		var b strings.Builder
		b.WriteString("{")
		for i := range n {
			fmt.Fprintf(&b, "\"key%d\": 1,\n", i)
		}
		b.WriteString(last + "}")
		return b.String()
	}
	nest := func(open, inner, end string, n int) string {
		return strings.Repeat(open, n) + inner + strings.Repeat(end, n)
	}
	for _, tt := range []struct {
		name, in string
		kind     gap.Kind // "": good
		line     int
		doubled  int
	}{
		{name: "object", in: `{"a": [1, -0.5e+10, "x\u00e9\n", true, false, null, {}]}`},
		{name: "scalar", in: ` 0 `},
		{name: "byte order mark", in: "\xEF\xBB\xBF{}"},
		{name: "empty", in: "", kind: gap.Empty},
		{name: "blank", in: " \n\t\r\n", kind: gap.Empty},
		{name: "only a mark", in: "\xEF\xBB\xBF", kind: gap.Empty},
		{name: "UTF-16 little endian", in: "\xFF\xFE{\x00}\x00", kind: gap.Encoding, line: 1},
		{name: "UTF-16 big endian", in: "\xFE\xFF\x00{\x00}", kind: gap.Encoding, line: 1},
		{name: "UTF-16 without mark", in: "{\x00}\x00", kind: gap.Encoding, line: 1},
		{name: "Latin-1", in: "{\n\"a\": \"caf\xe9\"}", kind: gap.Encoding, line: 2},
		{name: "cut in a character", in: "{\n\"a\": \"caf\xc3", kind: gap.Truncated, line: 2},
		{name: "cut in a string", in: "{\n\"a", kind: gap.Truncated, line: 2},
		{name: "cut in an escape", in: `{"a\`, kind: gap.Truncated, line: 1},
		{name: "cut in a code", in: `{"a\u00`, kind: gap.Truncated, line: 1},
		{name: "cut after a key", in: `{"a"`, kind: gap.Truncated, line: 1},
		{name: "cut after a colon", in: `{"a":`, kind: gap.Truncated, line: 1},
		{name: "cut in a word", in: `{"a": tru`, kind: gap.Truncated, line: 1},
		{name: "cut after a value", in: `{"a": 1`, kind: gap.Truncated, line: 1},
		{name: "cut after a comma", in: `[1,`, kind: gap.Truncated, line: 1},
		{name: "cut in a number", in: `[1.`, kind: gap.Truncated, line: 1},
		{name: "comma at the end", in: "{\"a\": 1,\n}", kind: gap.Syntax, line: 2},
		{name: "comma at the end of an array", in: `[1,]`, kind: gap.Syntax, line: 1},
		{name: "comment", in: "{\n// no\n}", kind: gap.Syntax, line: 2},
		{name: "single quotes", in: `{'a': 1}`, kind: gap.Syntax, line: 1},
		{name: "leading zero", in: `[01]`, kind: gap.Syntax, line: 1},
		{name: "plus", in: `[+1]`, kind: gap.Syntax, line: 1},
		{name: "bare minus", in: `[-]`, kind: gap.Syntax, line: 1},
		{name: "NaN", in: `[NaN]`, kind: gap.Syntax, line: 1},
		{name: "newline in a string", in: "[\"a\nb\"]", kind: gap.Syntax, line: 1},
		{name: "bad escape", in: `["\x"]`, kind: gap.Syntax, line: 1},
		{name: "two values", in: "{}\n{}", kind: gap.Syntax, line: 2},
		{name: "merge marks", in: "{\n<<<<<<< ours\n\"a\": 1\n}", kind: gap.Syntax, line: 2},
		{name: "deep enough", in: nest("[", "", "]", deepestJSON)},
		{name: "too deep", in: nest("[", "", "]", deepestJSON+1), kind: gap.TooDeep, line: 1},
		{name: "too deep and cut", in: strings.Repeat(`{"a":`, 1_000_000), kind: gap.TooDeep, line: 1},
		{name: "doubled key", in: "{\"a\": 1,\n\"a\": 2}", doubled: 1},
		{name: "doubled by an escape", in: `{"a": 1, "\u0061": 2}`, doubled: 1},
		{name: "same key in different objects", in: `{"a": {"a": 1}, "b": [{"a": 1}, {"a": 1}]}`},
		{name: "not the same in case", in: `{"a": 1, "A": 2}`},
		{name: "many keys", in: many(1000, `"last": 1`)},
		{name: "doubled among many, first", in: many(1000, `"key0": 1`), doubled: 1},
		{name: "doubled among many, late", in: many(1000, `"key999": 1`), doubled: 1},
		{name: "tripled", in: `{"a": 1, "a": 2, "a": 3}`, doubled: 2},
		{name: "too many keys", in: many(mostKeys+2, `"last": 1`), kind: gap.TooLarge, line: mostKeys + 2},
		{name: "very many doubled", in: "{" + strings.Repeat(`"a":1,`, 99_999) + `"a":1}`, doubled: 99_999},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, doubled, fatal := guardJSON([]byte(tt.in))
			switch {
			case fatal == nil && tt.kind != "":
				t.Errorf("read, want %s", tt.kind)
			case fatal != nil && (fatal.kind != tt.kind || fatal.line != tt.line):
				t.Errorf("%s at line %d (%s), want %q at line %d", fatal.kind, fatal.line, fatal.detail, tt.kind, tt.line)
			}
			n := 0
			for _, g := range doubled.gaps("f") {
				n += g.Count
			}
			if n != tt.doubled {
				t.Errorf("%d doubled keys, want %d", n, tt.doubled)
			}
			if len(doubled.list) > mostProblems {
				t.Errorf("%d doubled keys told one by one", len(doubled.list))
			}
		})
	}
}

// FuzzJSONGuard holds that the guard takes what encoding/json takes, but for its own limits, and that what it takes can be
// read to its end.
func FuzzJSONGuard(f *testing.F) {
	for _, seed := range []string{
		`{"name":"x","lockfileVersion":3,"packages":{"":{"name":"x"},"node_modules/a":{"version":"1.0.0"}}}`,
		`{"bomFormat":"CycloneDX","components":[{"purl":"pkg:npm/a@1"}]}`,
		`[1, -0.5e+10, "\u00e9\ud83d\ude00\n", true, false, null]`, `{"a":1,"a":2}`, "\xEF\xBB\xBF null", `{"a": "`, `[[[[`, `01`, `"\x"`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		text, doubled, fatal := guardJSON(data)
		if fatal != nil {
			ours := fatal.kind == gap.TooDeep || fatal.kind == gap.Encoding || fatal.kind == gap.Truncated && !utf8.Valid(data)
			if !ours && json.Valid(bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF"))) {
				t.Fatalf("refused a good text: %+v", fatal)
			}
			if fatal.line < 0 || fatal.line > bytes.Count(data, []byte{'\n'})+1 {
				t.Fatalf("line %d of a text of %d bytes", fatal.line, len(data))
			}
			return
		}
		if !json.Valid(text) {
			t.Fatal("took a bad text")
		}
		r := jsonReader{data: text}
		r.skip()
		if rest := bytes.TrimSpace(text[r.pos:]); len(rest) > 0 {
			t.Fatalf("skip stopped before %q", rest)
		}
		r = jsonReader{data: text}
		got, same := r.anything()
		if !same {
			return // it holds a number
		}
		var want any
		if err := json.Unmarshal(text, &want); err != nil {
			t.Fatal(err)
		}
		a, _ := json.Marshal(got)
		b, _ := json.Marshal(want)
		if len(doubled.list) == 0 && !bytes.Equal(a, b) {
			t.Fatalf("read %s, want %s", a, b)
		}
	})
}

// anything reads a value of any type; false if it holds a number, of which a jsonReader makes nothing.
func (r *jsonReader) anything() (v any, ok bool) {
	ok = true
	switch r.peek() {
	case '{':
		m := map[string]any{}
		r.object(func(key []byte) {
			k := string(key)
			inner, fine := r.anything()
			m[k], ok = inner, ok && fine
		})
		return m, ok
	case '[':
		list := []any{}
		r.array(func() {
			inner, fine := r.anything()
			list, ok = append(list, inner), ok && fine
		})
		return list, ok
	case '"':
		return r.text(), true
	case 't', 'f':
		return r.truth(), true
	case 'n':
		r.skip()
		return nil, true
	default:
		r.skip()
		return nil, false
	}
}
