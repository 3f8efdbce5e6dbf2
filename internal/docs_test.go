package internal_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/mainstay-oss/mainstay/internal/need"
)

var markdownLink = regexp.MustCompile(`\]\(([^)#: ]+)(#[^)]*)?\)`)

// TestLinksOfDocumentsLead: every relative link in a document names a file that is there.
func TestLinksOfDocumentsLead(t *testing.T) {
	root := need.Root(t)
	var documents []string
	for _, pattern := range []string{"*.md", "doc/*.md", "doc/decisions/*.md", "histories/*.md", "bench/*.md", "examples/*/*.md", "internal/*/*.md"} {
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

var namedTest = regexp.MustCompile("`(Test[A-Za-z]+|[a-z-]+\\.txtar)`")

// TestPrivacyNamesItsTests: the tests that stand behind the claims about people are there, and the same in both languages.
func TestPrivacyNamesItsTests(t *testing.T) {
	root := need.Root(t)
	var sources strings.Builder
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && d.Name() == ".git":
			return filepath.SkipDir
		case strings.HasSuffix(path, ".txtar"):
			sources.WriteString("`" + d.Name() + "`\n")
		case strings.HasSuffix(path, "_test.go"):
			text, err := os.ReadFile(path)
			sources.Write(text)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	named := map[string][]string{}
	for _, file := range []string{"doc/privacy.md", "doc/privacy.ko.md"} {
		text, err := os.ReadFile(filepath.Join(root, file))
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range namedTest.FindAllStringSubmatch(string(text), -1) {
			named[file] = append(named[file], m[1])
			if want := "func " + m[1] + "("; strings.HasPrefix(m[1], "Test") && !strings.Contains(sources.String(), want) {
				t.Errorf("%s names %s, which is not there", file, m[1])
			} else if strings.HasSuffix(m[1], ".txtar") && !strings.Contains(sources.String(), m[0]) {
				t.Errorf("%s names %s, which is not there", file, m[1])
			}
		}
		slices.Sort(named[file])
	}
	if en, ko := named["doc/privacy.md"], named["doc/privacy.ko.md"]; len(en) < 10 || !slices.Equal(en, ko) {
		t.Errorf("in English %v\nin Korean %v", en, ko)
	}
}
