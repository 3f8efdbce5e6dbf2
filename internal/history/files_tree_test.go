package history

import (
	"bytes"
	"strings"
	"testing"
)

// FuzzTree: whatever bytes pass for a tree, what is taken from it are names that lie in its folder, and joining the entries
// again gives the beginning of the tree.
func FuzzTree(f *testing.F) {
	id := strings.Repeat("\x01", 20)
	f.Add([]byte("100644 OWNERS\x00" + id + "40000 docs\x00" + id + "120000 link\x00" + id + "160000 module\x00" + id))
	f.Add([]byte("100644 a\x00" + id[:19]))
	f.Add([]byte("100644\x00" + id + "100644 a/b\x00" + id + "100644 ../../etc/passwd\x00" + id))
	f.Add([]byte("100644 \x00" + id + "100644 \xff\xfe\x00" + id))
	f.Fuzz(func(t *testing.T, tree []byte) {
		var again bytes.Buffer
		whole := true
		for _, e := range treeEntries(tree) {
			if e.name == "" || strings.ContainsAny(e.name, "/\x00") {
				t.Errorf("name %q", e.name)
			}
			again.WriteString(e.mode + " " + e.name + "\x00")
			again.Write(e.id[:])
			whole = whole && bytes.HasPrefix(tree, again.Bytes())
		}
		if !whole && !bytes.Contains(tree, []byte("/")) && !bytes.Contains(tree, []byte(" \x00")) {
			t.Errorf("%q was read as %q", tree, again.Bytes())
		}
		q := &fileQuery{want: func(string) bool { return true }}
		for _, file := range q.files("docs/", tree) {
			if !strings.HasPrefix(file.path, "docs/") || strings.Contains(file.path[5:], "/") {
				t.Errorf("path %q", file.path)
			}
		}
	})
}

func TestPullFrom(t *testing.T) {
	t.Parallel()
	for subject, want := range map[string]string{
		"Merge pull request #12 from Ann-B/topic":                        "ann-b",
		"Merge pull request #12 from ann/feature/x (#13)":                "ann",
		"Merge pull request #12 from ":                                   "",
		"Merge pull request #12 from topic":                              "",
		"Merge pull request #12 from /topic":                             "",
		"Merge pull request # from ann/topic":                            "",
		"Merge pull request 'x' (#1) from ann/b into main":               "",
		"Revert \"Merge pull request #12 from ann/topic\"":               "",
		"Merge pull request #12 from two words/topic":                    "",
		"Merge pull request #12 from " + strings.Repeat("x", 65) + "/to": "",
		"Merge pull request #99999999999999999999999 from ann/x":         "",
	} {
		if got, ok := pullFrom([]byte(subject)); got != want || ok != (want != "") {
			t.Errorf("%q: %q", subject, got)
		}
	}
}
