package dependency

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/google/go-cmp/cmp"

	"github.com/mainstay-oss/mainstay/internal/gap"
	"github.com/mainstay-oss/mainstay/internal/need"
)

// shape writes a node as one line of text; with lines it says where each begins.
func (n *yamlNode) shape(lines bool) string {
	var b strings.Builder
	var write func(n *yamlNode)
	write = func(n *yamlNode) {
		switch n.kind {
		case yamlNull:
			b.WriteByte('~')
		case yamlScalar:
			fmt.Fprintf(&b, "%q", n.text)
		case yamlMapping:
			b.WriteByte('{')
			for i, p := range n.pairs {
				if i > 0 {
					b.WriteString(", ")
				}
				if lines {
					fmt.Fprintf(&b, "%d:", p.line)
				}
				fmt.Fprintf(&b, "%s: ", p.key)
				write(p.value)
			}
			b.WriteByte('}')
		case yamlSequence:
			b.WriteByte('[')
			for i, item := range n.items {
				if i > 0 {
					b.WriteString(", ")
				}
				write(item)
			}
			b.WriteByte(']')
		}
	}
	write(n)
	return b.String()
}

func TestReadYAML(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ text, want string }{
		{"a: 1\nb: 'x y'\n", `{1:a: "1", 2:b: "x y"}`},
		{"a:\n  b:\n    c: d\ne: f\n", `{1:a: {2:b: {3:c: "d"}}, 4:e: "f"}`},
		{"a:\nb:\n", `{1:a: ~, 2:b: ~}`},
		{"a: {b: 1, c: [x, 'y'], d: , e}\nf: {}\ng: []\n", `{1:a: {1:b: "1", 1:c: ["x", "y"], 1:d: ~, 1:e: ~}, 2:f: {}, 3:g: []}`},
		{"a:\n- b\n- c: d\n  e: f\n- - g\n  - h\n-\ni: j\n", `{1:a: ["b", {3:c: "d", 4:e: "f"}, ["g", "h"], ~], 8:i: "j"}`},
		{"a:\n  - b\n  -\n    c: d\n", `{1:a: ["b", {4:c: "d"}]}`},
		{"? \"long key\"\n:\n  b: c\nd: e\n", `{1:long key: {3:b: "c"}, 4:d: "e"}`},
		{"? a\n? b\n: - c\n", `{1:a: ~, 2:b: ["c"]}`},
		{"a: |-\n  one\n  two\nb: >\n  three\n  four\nc: |\nd: e\n", `{1:a: "one\ntwo", 4:b: "three four\n", 7:c: "", 8:d: "e"}`},
		{"a: one\n  two\nb: \"x\n  y\"\n", `{1:a: "one two", 3:b: "x y"}`},
		{"# c\na: b # d\n\n# e\nf: g\n", `{2:a: "b", 5:f: "g"}`},
		{"a: &x {b: c}\nd: *x\ne: [*x]\n", `{1:a: {1:b: "c"}, 2:d: {1:b: "c"}, 3:e: [{1:b: "c"}]}`},
		{"a: &x\n  b: c\nd:\n  <<: *x\n  e: f\ng: {<<: [*x], b: own}\n", `{1:a: {2:b: "c"}, 3:d: {5:e: "f", 2:b: "c"}, 6:g: {6:b: "own"}}`},
		{"a: !!str 5\nb: 5.10\nc: 0x1F\nd: null\ne: true\n", `{1:a: "5", 2:b: "5.10", 3:c: "0x1F", 4:d: ~, 5:e: "true"}`},
		{"a: b\r\nc:\r\n  d: e\r\n", `{1:a: "b", 2:c: {3:d: "e"}}`},
		{"%YAML 1.2\n---\na: b\n...\n", `{3:a: "b"}`},
		{"---\na: 1\n---\nb: 2\n", `{2:a: "1"} {4:b: "2"}`},
		{"---\n---\na: 1\n", `~ {3:a: "1"}`},
		{"# nothing\n", `~`},
		{"just text\n", `"just text"`},
		{"- a\n- b\n", `["a", "b"]`},
		{"\xEF\xBB\xBFa: b\n", `{1:a: "b"}`},
		{"a: b\nc: d\na: e\n", `{3:a: "e", 2:c: "d"} duplicate-keys 3`},

		{"a: b\n c: d\n", "syntax 2"},
		{"a:\n    b: c\n  d: e\n", "syntax 3"},
		{"a: b: c\n", "syntax 1"},
		{"a: - b\n", "syntax 1"},
		{"a: *x\n", "syntax 1"},
		{"a\nb: c\n", "syntax 2"},
		{"a: b\nc\nd: e\n", "syntax 3"},
		{"{a: b}: c\n", "syntax 1"},
		{"a: [b, c\n", "truncated 2"},
		{"a: {b: c\n", "truncated 2"},
		{"a: \"b\n", "truncated 1"},
		{"a: 'b\n", "truncated 1"},
		{"a:\n  b: c\n  d", "truncated 3"},
		{"&x a: b\n", "unsupported 1"},
		{"a: @b\n", "syntax 1"},
		{"", "empty 0"},
		{"a: \xff\n", "encoding 1"},
		{strings.Repeat("[", 100_000), "too-deep 1"},
		{"a: " + strings.Repeat("{a: ", 1000), "too-deep 1"},
		{strings.Repeat("- ", 100_000), "too-deep 1"},
		{strings.Repeat("? ", 100_000), "syntax 1"},
		{strings.Repeat("- ", mostYAMLMarks+2), "too-large 0"},
		{nested(100), "too-deep 52"},
		{"x: [" + strings.Repeat("a, ", mostYAMLMarks) + "]\n", "too-large 0"},
		{bomb(), "alias-bomb 7"},
		{"a: &a [*a]\n", "syntax 1"},
	} {
		docs, doubled, fatal := readYAML([]byte(tt.text))
		got := ""
		if fatal != nil {
			got = fmt.Sprintf("%s %d", fatal.kind, fatal.line)
		} else {
			for i, doc := range docs {
				if i > 0 {
					got += " "
				}
				got += doc.shape(true)
			}
			for _, p := range doubled.list {
				got += fmt.Sprintf(" %s %d", p.kind, p.line)
			}
		}
		if got != tt.want {
			t.Errorf("%.60q:\n got %s\nwant %s", tt.text, got, tt.want)
		}
	}
}

// nested writes keys one in another.
func nested(depth int) string {
	var b strings.Builder
	for i := range depth {
		fmt.Fprintf(&b, "%*sa:\n", i, "")
	}
	return b.String()
}

// TestYAMLAgainstParser holds every YAML text of the cases against the parser of the library whose scanner is used.
func TestYAMLAgainstParser(t *testing.T) {
	t.Parallel()
	cases := filepath.Join(need.Shared(t), "data", "cases")
	n := 0
	err := filepath.WalkDir(cases, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		switch filepath.Ext(name) {
		case ".yaml", ".yml":
		default:
			if !bytes.Contains(data, []byte("__metadata:")) {
				return nil
			}
		}
		want, err := parser.ParseBytes(data, 0)
		if err != nil {
			return nil
		}
		docs, _, fatal := readYAML(data)
		if fatal != nil {
			if fatal.kind != gap.AliasBomb && fatal.kind != gap.Unsupported && fatal.kind != gap.Empty {
				t.Errorf("%s: %+v", name, fatal)
			}
			return nil
		}
		n++
		anchors := map[string]*yamlNode{}
		var got, expected []string
		for _, doc := range want.Docs {
			if doc.Body != nil {
				expected = append(expected, fromAST(t, doc.Body, anchors).shape(false))
			}
		}
		for _, doc := range docs {
			if doc.kind != yamlNull {
				got = append(got, doc.shape(false))
			}
		}
		if diff := cmp.Diff(expected, got); diff != "" {
			t.Errorf("%s: -parser +readYAML\n%.2000s", name, diff)
		}
		return nil
	})
	if err != nil || n < 30 {
		t.Errorf("%d texts, %v", n, err)
	}
}

func fromAST(t *testing.T, n ast.Node, anchors map[string]*yamlNode) *yamlNode {
	t.Helper()
	switch n := n.(type) {
	case nil, *ast.NullNode:
		return &yamlNode{}
	case *ast.MappingNode:
		b := mappingBuilder{r: &yamlReader{}, node: &yamlNode{kind: yamlMapping}}
		for _, v := range n.Values {
			value := fromAST(t, v.Value, anchors)
			b.add(v.Key.GetToken(), value)
		}
		b.merge()
		return b.node
	case *ast.MappingValueNode:
		return fromAST(t, &ast.MappingNode{Values: []*ast.MappingValueNode{n}}, anchors)
	case *ast.SequenceNode:
		s := &yamlNode{kind: yamlSequence}
		for _, v := range n.Values {
			s.items = append(s.items, fromAST(t, v, anchors))
		}
		return s
	case *ast.AnchorNode:
		v := fromAST(t, n.Value, anchors)
		anchors[n.Name.GetToken().Value] = v
		return v
	case *ast.AliasNode:
		return anchors[n.Value.GetToken().Value]
	case *ast.TagNode:
		return fromAST(t, n.Value, anchors)
	case *ast.LiteralNode:
		return &yamlNode{kind: yamlScalar, text: n.Value.GetToken().Value}
	case ast.ScalarNode:
		return &yamlNode{kind: yamlScalar, text: n.GetToken().Value}
	}
	t.Fatalf("a node of type %T", n)
	return nil
}

func FuzzYAML(f *testing.F) {
	seed(f, func(base string) bool { return strings.HasSuffix(base, ".yaml") || base == "yarn.lock" })
	f.Add([]byte("a: &x {b: [1, *y], <<: *x}\n? c\n: |\n  d\n--- \n- e\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		docs, doubled, fatal := readYAML(data)
		lines := int32(bytes.Count(data, []byte{'\n'}) + 1)
		for _, p := range doubled.list {
			if p.line < 1 || int32(p.line) > lines {
				t.Fatalf("line %d of %d", p.line, lines)
			}
		}
		if fatal != nil {
			if fatal.line < 0 || int32(fatal.line) > lines || len(docs) > 0 {
				t.Fatalf("%+v, %d documents", fatal, len(docs))
			}
			return
		}
		visits := 0
		var check func(n *yamlNode)
		check = func(n *yamlNode) {
			if visits++; visits > mostYAMLNodes {
				t.Fatal("more values than there may be")
			}
			if n.line < 0 || n.line > lines {
				t.Fatalf("line %d of %d", n.line, lines)
			}
			keys := map[string]bool{}
			for _, p := range n.pairs {
				if keys[p.key] || p.line < 1 || p.line > lines {
					t.Fatalf("key %q in line %d of %d", p.key, p.line, lines)
				}
				keys[p.key] = true
				check(p.value)
			}
			for _, item := range n.items {
				check(item)
			}
		}
		for _, doc := range docs {
			check(doc)
		}
	})
}
