package dependency

import (
	"fmt"
	"reflect"
	"testing"
)

// checkNarrow compares what the narrow reader makes of a text with what the scanner does, and says whether it read it.
func checkNarrow(t *testing.T, data []byte) bool {
	t.Helper()
	text, fatal := guardYAML(data)
	if fatal != nil {
		return false
	}
	doc, ok := readNarrowYAML(text)
	if !ok {
		return false
	}
	docs, doubled, fatal := scanYAML(text)
	if fatal != nil || len(docs) != 1 || len(doubled.list) > 0 {
		t.Fatalf("%q is no narrow YAML: %d documents, %v, %v", data, len(docs), doubled.list, fatal)
	}
	if !reflect.DeepEqual(doc, docs[0]) {
		t.Fatalf("%q: %s, by the scanner %s", data, shownNode(doc), shownNode(docs[0]))
	}
	return true
}

func shownNode(n *yamlNode) string {
	s := ""
	for _, p := range n.pairs {
		s += fmt.Sprintf("%q@%d: %s, ", p.key, p.line, shownNode(p.value))
	}
	for _, item := range n.items {
		s += shownNode(item) + ", "
	}
	return fmt.Sprintf("%d@%d+%d %q (%s)", n.kind, n.line, n.size, n.text, s)
}

func TestNarrowYAML(t *testing.T) {
	t.Parallel()
	for text, narrow := range map[string]bool{
		"lockfileVersion: '9.0'\n\nsettings:\n  autoInstallPeers: true\n":                                                                                                true,
		"a:\n  '@b/c@1.0.0':\n    resolution: {integrity: sha512-x/+==, tarball: https://registry.example/c.tgz}\n    cpu: [x64, '!arm']\n    engines: {node: '>=18'}\n": true,
		"a: {}\nb: []\nc: {d: {e: [f]}}\n":  true,
		"a:\n- b\n- 'c'\nd:\n  - e\n":       true,
		"a:\nb:\n\n# c\nd:":                 true,
		"? \"a, b\"\n:\n  c: d\n":           true,
		"a: null\nb: ~\nnull: c\nd: ~1.0\n": true,
		"a: 1\na: 2\n":                      false,
		"a: &x b\nc: *x\n":                  false,
		"a: |\n  b\n":                       false,
		"a: b\n  c\n":                       false,
		"a: 'it''s'\n":                      false,
		"a: \"\\n\"\n":                      false,
		"---\na: b\n":                       false,
		"a: b # c\n":                        false,
		"a: b: c\n":                         false,
		"a:\n  - b: c\n":                    false,
		"a:\n    b: c\n  d: e\n":            false,
		"a: {b}\n":                          false,
		"a: {b: c, b: d}\n":                 false,
		"a: [b, ]\n":                        false,
		"a:\tb\n":                           false,
		"a: b \n":                           false,
		"a: \xC3\xA9\n":                     false,
		"a:\r\n  b: c\r\n":                  false,
		"- a\n":                             false,
		"a\n":                               false,
		"# a\n":                             false,
		"<<: {a: b}\n":                      false,
	} {
		if got := checkNarrow(t, []byte(text)); got != narrow {
			t.Errorf("%q: narrow %t, want %t", text, got, narrow)
		}
	}
}

func FuzzNarrowYAML(f *testing.F) {
	seed(f, func(base string) bool { return base == "pnpm-lock.yaml" || base == "yarn.lock" })
	f.Fuzz(func(t *testing.T, data []byte) { checkNarrow(t, data) })
}
