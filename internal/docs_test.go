package internal_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/mainstay-oss/mainstay/internal/need"
)

var markdownLink = regexp.MustCompile(`\]\(([^)#: ]+)(#[^)]*)?\)`)

// TestLinksOfDocumentsLead: every relative link in a document names a file that is there.
func TestLinksOfDocumentsLead(t *testing.T) {
	root := need.Root(t)
	var documents []string
	for _, pattern := range []string{"*.md", "doc/*.md", "doc/decisions/*.md", "histories/*.md", "examples/*/*.md", "internal/*/*.md"} {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		documents = append(documents, found...)
	}
	links := 0
	for _, file := range documents {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range markdownLink.FindAllStringSubmatch(string(text), -1) {
			links++
			if _, err := os.Stat(filepath.Join(filepath.Dir(file), m[1])); err != nil {
				t.Errorf("%s links to %s, which is not there", strings.TrimPrefix(file, root+"/"), m[1])
			}
		}
	}
	if links < 3 {
		t.Errorf("only %d links were found in %d documents", links, len(documents))
	}
}
