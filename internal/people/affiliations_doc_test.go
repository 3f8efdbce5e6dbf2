package people

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/need"
)

var fenced = regexp.MustCompile("(?s)```(yaml|tsv|text)\n(.*?)```")

// TestDocumentedExample: the example of doc/affiliations.md, in both languages, has nothing wrong with it and says what the text says.
func TestDocumentedExample(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"affiliations.md", "affiliations.ko.md"} {
		text, err := os.ReadFile(filepath.Join(need.Root(t), "doc", name))
		if err != nil {
			t.Fatal(err)
		}
		f := files{}
		for _, block := range fenced.FindAllStringSubmatch(string(text), -1) {
			f[map[string]string{"yaml": "affiliations.yaml", "tsv": "people.tsv", "text": "developers.txt"}[block[1]]] = block[2]
		}
		r := f.register(t)
		h := employed(`
			-1000 | A  | ann@home.example
			 1300 | A2 | annex@noreply
			    0 | B  | bo@home.example
			    0 | C  | cleo@home.example
			    0 | D  | dan@noreply
			    0 | E  | eve@home.example
			    0 | F  | fay@home.example
			 1500 | F  | fay@home.example
			 -500 | G  | gil@noreply
			    0 | G  | gil@home.example
			  500 | G  | gil@home.example
			    0 | H  | h@lab.harbour.example
			    0 | I  | i@saltworks.example
			  900 | I  | i@saltworks.example`)
		want := []string{
			"Harbour Labs file 1.00", "Brightwater file 1.00", "nobody file 1.00", "?", "?", "?", "Harbour Labs list 0.90", "nobody list 0.90",
			"nobody list 0.90", "Brightwater list 0.90", "Harbour Labs list 0.90", "Harbour Labs domain 0.95", "Brightwater domain 1.00", "?",
		}
		if got := attributed(r, h, forever); got != strings.Join(want, ", ") {
			t.Errorf("%s:\n got %s\nwant %s", name, got, strings.Join(want, ", "))
		}
		for _, out := range []string{"cleo@home.example", "dan@noreply", "eve@home.example"} {
			if !r.OptedOut(&history.Identity{Email: out}) {
				t.Errorf("%s: %s did not opt out", name, out)
			}
		}
		if got := strings.Join(r.Within("bw"), ", "); got != "Brightwater, Harbour Labs" {
			t.Errorf("%s: within BW are %s", name, got)
		}
		for _, kind := range []ProblemKind{Unfilled, Malformed, UnknownKey, Reversed, Overlap, Twice, Circle, BadList, MoreProblems} {
			if !strings.Contains(string(text), "| `"+string(kind)+"` |") {
				t.Errorf("%s does not say what %s means", name, kind)
			}
		}
	}
}
