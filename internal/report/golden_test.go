package report

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/mainstay-oss/mainstay/internal/message"
)

var update = flag.Bool("update", false, "write the golden files anew; look at each of them before committing")

var documents = map[string]func(message.Printer) *Document{"scan": scan, "mixed": mixed, "inspect": inspect, "plan": plan, "territory": standingCase,
	"planned": planned, "known": known, "changed": changed, "unchanged": unchanged, "drill": drill, "footprint": footprint, "poisoned": poisonedFootprint}

// inFull are the documents whose JSON says nothing that the contract's tests do not hold.
var inFull = map[string]bool{"unchanged": true, "territory": true, "planned": true, "known": true, "drill": true}

func render(t testing.TB, doc *Document, format string, opts Options) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, doc, format, opts); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestGolden compares what each command writes in each format and language with files that were looked at.
func TestGolden(t *testing.T) {
	t.Parallel()
	for command, document := range documents {
		for _, p := range languages {
			for _, format := range []string{"table", "md", "csv", "json"} {
				withCSV := command == "scan" || command == "footprint" || command == "drill"
				if command == "mixed" || command == "poisoned" || format == "csv" && !withCSV || format == "json" && (p.Lang == message.Korean || inFull[command]) {
					continue
				}
				doc := document(p)
				if command == "footprint" && (format == "csv" || format == "json") {
					doc = shortFootprint(p)
				}
				lang := in(p, "en", "ko")
				golden(t, command+"."+lang+"."+format, render(t, doc, format, Options{Printer: p}))
			}
		}
	}
	p := languages[0]
	golden(t, "scan.color.table", render(t, scan(p), "table", Options{Color: true}))
	golden(t, "scan.wide.table", render(t, mixed(p), "table", Options{Width: 140}))
	golden(t, "scan.narrow.table", render(t, mixed(p), "table", Options{Width: 60}))
	golden(t, "footprint.color.table", render(t, footprint(p), "table", Options{Color: true}))
	golden(t, "footprint.wide.table", render(t, footprint(p), "table", Options{Width: 140}))
	golden(t, "footprint.narrow.table", render(t, footprint(p), "table", Options{Width: 60}))
	for _, p := range languages {
		for command, document := range map[string]func(message.Printer) *Document{"scan": scan, "inspect": inspect, "footprint": footprint} {
			golden(t, command+"."+in(p, "en", "ko")+".svg", render(t, document(p), "badge", Options{Printer: p}))
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (go test ./internal/report -update writes it anew):\n%s", name, diff)
	}
}

// TestTableFits holds every line within the terminal, except commands, which are written to be copied.
func TestTableFits(t *testing.T) {
	t.Parallel()
	for command, document := range documents {
		for _, p := range languages {
			for _, w := range []int{40, 56, 72, 80, 100, 160} {
				text := render(t, document(p), "table", Options{Printer: p, Width: w})
				for line := range strings.Lines(text) {
					line = strings.TrimSuffix(line, "\n")
					if width(line) > w && !strings.HasPrefix(line, "  mainstay ") {
						t.Errorf("%s %s at %d cells: a line of %d:\n%s", command, p.Lang, w, width(line), line)
					}
					if strings.HasSuffix(line, " ") {
						t.Errorf("%s %s at %d cells: blanks at the end of %q", command, p.Lang, w, line)
					}
				}
			}
		}
	}
}

var sgr = regexp.MustCompile("\x1b\\[[0-9;]*m")

// TestColorOnlyDecorates: without its escape sequences, the coloured page is the plain one.
func TestColorOnlyDecorates(t *testing.T) {
	t.Parallel()
	for command, document := range documents {
		plain := render(t, document(languages[0]), "table", Options{})
		colored := render(t, document(languages[0]), "table", Options{Color: true})
		if plain == colored {
			t.Errorf("%s: no colour at all", command)
		}
		// A line's end keeps the padding inside a coloured cell.
		stripped := regexp.MustCompile(`(?m) +$`).ReplaceAllString(sgr.ReplaceAllString(colored, ""), "")
		if diff := cmp.Diff(plain, stripped); diff != "" {
			t.Errorf("%s: colour changes the text:\n%s", command, diff)
		}
	}
}

// TestNothingDrivesTheTerminal looks for control and bidirectional characters in every format of hostile documents.
func TestNothingDrivesTheTerminal(t *testing.T) {
	t.Parallel()
	for command, document := range documents {
		for _, format := range []string{"table", "md", "csv", "json", "badge"} {
			text := render(t, document(languages[0]), format, Options{})
			if !utf8.ValidString(text) {
				t.Errorf("%s %s is not UTF-8", command, format)
			}
			for i, r := range text {
				allowed := r == '\n' || format == "csv" && r == '\r' && text[i+1] == '\n'
				if !allowed && invisible(r) {
					t.Errorf("%s %s holds %U near %q", command, format, r, text[max(0, i-20):i])
				}
			}
		}
	}
}
