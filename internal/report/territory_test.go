package report

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestTerritoryNotAskedForIsNotShown: without --territory there is no section on it.
func TestTerritoryNotAskedForIsNotShown(t *testing.T) {
	t.Parallel()
	for _, view := range views {
		if text := plainText(t, inspect(languages[0]), view, languages[0]); strings.Contains(text, "Territory") {
			t.Errorf("%s has a section on territory", view)
		}
	}
}

// TestSuccessorsAreNamedOnlyByTheDocument: with names withheld, each is told by what they changed.
func TestSuccessorsAreNamedOnlyByTheDocument(t *testing.T) {
	t.Parallel()
	p := languages[0]
	f := &Folder{Path: "a", Files: 10, Orphaned: 4, Successors: []Successor{{Files: 3, Share: 0.3, LastChange: "2025-01-02"}, {Name: ptr("Kim"), Files: 1, Share: 0.1, LastChange: "2025-02-03"}}}
	want := []string{"one with 3 files (30 %, last 2025-01-02)", "Kim with 1 file (10 %, last 2025-02-03)"}
	if got := successorTexts(f, clipName, p); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

var numberInPicture = regexp.MustCompile(`^-?\d+(\.\d)?$`)

// TestMapTellsFoldersWithoutColour: each area has its folder and share as words for who cannot see it, a pattern beside its
// colour, and leads to its row below where it has one; what is written in it has room.
func TestMapTellsFoldersWithoutColour(t *testing.T) {
	t.Parallel()
	for _, lang := range pageLanguages {
		doc := makeInspection(lang)
		page := parsePage(t, renderPage(t, doc, lang))
		section := byID(page, "territory")
		rows := elements(section, "tbody")[0]
		if n := len(elements(rows, "tr")); n != foldersListed {
			t.Errorf("%d folders are listed", n)
		}
		maps := 0
		for _, picture := range elements(section, "svg") {
			if attr(picture, "role") != "group" {
				continue
			}
			maps++
			if byID(picture, attr(picture, "aria-labelledby")) == nil || byID(picture, attr(picture, "aria-describedby")) == nil {
				t.Error("the map has no title or no description")
			}
			cells, links := 0, 0
			for _, r := range elements(picture, "rect") {
				level, ok := strings.CutPrefix(attr(r, "class"), "c")
				if !ok {
					continue
				}
				cells++
				if titles := elements(r, "title"); len(titles) != 1 || !strings.Contains(textOf(titles[0]), "\n") {
					t.Error("an area has no words")
				}
				for _, key := range []string{"x", "y", "width", "height"} {
					if !numberInPicture.MatchString(attr(r, key)) {
						t.Errorf("%s is %q", key, attr(r, key))
					}
				}
				if level != "0" && !strings.Contains(pageStyle, fmt.Sprintf("#%s-%s)", strings.TrimSuffix(attr(byID(picture, attr(picture, "aria-labelledby")), "id"), "-t"), level)) {
					t.Errorf("level %s has no pattern", level)
				}
				if r.Parent.Data == "a" {
					links++
					if target := byID(rows, strings.TrimPrefix(attr(r.Parent, "href"), "#")); target == nil {
						t.Errorf("an area leads to %s", attr(r.Parent, "href"))
					}
				}
			}
			if cells < 25 || links < 8 {
				t.Errorf("%d areas, %d of them lead to a row", cells, links)
			}
		}
		if maps != 2 {
			t.Errorf("%d maps", maps)
		}
	}
}

func TestOrphanLevel(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ orphaned, files, want int }{{0, 9, 0}, {-1, 9, 0}, {1, 100, 1}, {24, 100, 1}, {25, 100, 2}, {50, 100, 3}, {75, 100, 4}, {100, 100, 4}, {9, 2, 4}, {3, 0, 1}} {
		if got := orphanLevel(c.orphaned, c.files); got != c.want {
			t.Errorf("%d of %d: level %d, want %d", c.orphaned, c.files, got, c.want)
		}
	}
}
