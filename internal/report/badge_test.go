package report

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

// TestBadges: of every document there is a badge; it is well formed, says in words what it shows, and can do nothing.
func TestBadges(t *testing.T) {
	t.Parallel()
	docs := emptyFootprints()
	for command, document := range documents {
		docs[command] = document(languages[1])
	}
	docs["nothing"] = &Document{Command: "inspect"}
	endless := footprint(languages[0])
	endless.Footprint.Organisations[0].Name = strings.Repeat("가<&", 1<<20)
	docs["endless"] = endless
	for name, doc := range docs {
		text := render(t, doc, "badge", Options{Printer: languages[1]})
		if len(text) > 4000 {
			t.Errorf("%s: %d bytes", name, len(text))
		}
		d := xml.NewDecoder(strings.NewReader(text))
		var words []string
		for {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v\n%s", name, err, text)
			}
			switch token := token.(type) {
			case xml.StartElement:
				switch token.Name.Local {
				case "svg", "title", "path", "g", "text":
				default:
					t.Errorf("%s: an element <%s>", name, token.Name.Local)
				}
				for _, a := range token.Attr {
					if a.Name.Local == "id" || a.Name.Local == "href" || a.Name.Local == "style" || strings.HasPrefix(a.Name.Local, "on") {
						t.Errorf("%s: <%s %s>", name, token.Name.Local, a.Name.Local)
					}
					if a.Name.Local == "fill" && a.Value == "" {
						t.Errorf("%s: a ground without a colour", name)
					}
				}
			case xml.CharData:
				words = append(words, string(token))
			}
		}
		if len(words) < 3 || words[0] == "" || !strings.Contains(text, ` role="img" aria-label="`) {
			t.Errorf("%s: no title or no name: %q", name, words)
		}
	}
}

func TestBadgeSays(t *testing.T) {
	t.Parallel()
	unknown := footprint(languages[0])
	unknown.Footprint.Organisations[0].InAll.Last12m.Share = nil
	quiet := inspect(languages[0])
	quiet.Upstreams[0].State, quiet.Upstreams[0].QuietKind = "quiet", some("waiting")
	for want, doc := range map[string]*Document{
		"open source footprint: Acme Data 18–64 %": footprint(languages[0]), "open source footprint: Acme Data not known": unknown, "open source footprint: not known": {Command: "footprint"},
		"stands on: 14 upstreams": scan(languages[0]), "maintenance: severe": inspect(languages[0]), "maintenance: quiet, waiting": quiet,
	} {
		if text := render(t, doc, "badge", Options{}); !strings.Contains(text, `aria-label="`+want+`"`) {
			t.Errorf("no badge %q: %s", want, text)
		}
	}
}

// TestBadgeTones: white text can be read on every ground, and every tone of an upstream has one.
func TestBadgeTones(t *testing.T) {
	t.Parallel()
	for _, tone := range append([]string{"share"}, tones...) {
		if ground, ok := badgeTones[tone]; !ok || contrast(t, "#fff", ground) < 4.5 {
			t.Errorf("tone %s on %q", tone, ground)
		}
	}
}

func TestBadgeWidth(t *testing.T) {
	t.Parallel()
	if latin, hangul := badgeWidth("abcd"), badgeWidth("가나다라"); hangul != 4*badgeFont+2*badgePad || latin >= hangul {
		t.Errorf("four letters are %d wide, four syllables %d", latin, hangul)
	}
}

func TestFormatOfEnding(t *testing.T) {
	t.Parallel()
	for ending, want := range map[string]string{"svg": "badge", "html": "html", "json": "json", "csv": "csv", "md": "md", "badge": "", "": "", "txt": ""} {
		if got := FormatOf(ending); got != want {
			t.Errorf("FormatOf(%q) = %q, want %q", ending, got, want)
		}
	}
}
