package history

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestParseSignature(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		line, name, email string
		when              int64
		zone              int16
	}{
		{"Ada <ada@example.org> 1500000000 +0100", "Ada", "ada@example.org", 1500000000, 60},
		{"Ada <ada@example.org> 1500000000 -0730", "Ada", "ada@example.org", 1500000000, -450},
		{"Ada <ada@example.org> 1500000000 +1245", "Ada", "ada@example.org", 1500000000, 765},
		{"  Ada  B  < ada@example.org >  15  +0000", "Ada  B", "ada@example.org", 15, 0},
		{"<> 15 +0000", "", "", 15, 0},
		{"Ada <a@b> c> 15 +0000", "Ada", "a@b", 15, 0},
		{"Ada <a<b> 15 +0000", "Ada", "a<b", 15, 0},
		{"Ada <a@b> 15", "Ada", "a@b", 15, 0},
		{"Ada <a@b> -15 +0100", "Ada", "a@b", -15, 60},
		{"Ada <a@b> -0700", "Ada", "a@b", 0, 0},
		{"Ada <a@b> +0700", "Ada", "a@b", 0, 0},
		{"Ada <a@b>", "Ada", "a@b", 0, 0},
		{"Ada <a@b> ", "Ada", "a@b", 0, 0},
		{"Ada <a@b> x15 +0100", "Ada", "a@b", 0, 0},
		{"Ada <a@b> 9223372036854775807 +0100", "Ada", "a@b", 1<<63 - 1, 60},
		{"Ada <a@b> 9223372036854775808 +0100", "Ada", "a@b", 0, 60},
		{"Ada <a@b> 99999999999999999999999 -0100", "Ada", "a@b", 0, -60},
		{"Ada <a@b> 15 +051800", "Ada", "a@b", 15, 0},
		{"Ada <a@b> 15 +9999999999999999999999", "Ada", "a@b", 15, 0},
		{"Ada <a@b> 15 +2400", "Ada", "a@b", 15, 0},
		{"Ada <a@b> 15 EST", "Ada", "a@b", 15, 0},
		{"Ada <a@b> 15 +", "Ada", "a@b", 15, 0},
		{"Ada 15 +0000", "", "", 0, 0},
		{"Ada <a@b 15 +0000", "", "", 0, 0},
		{"", "", "", 0, 0},
	} {
		s := parseSignature([]byte(c.line))
		if string(s.name) != c.name || string(s.email) != c.email || s.when != c.when || s.zone != c.zone {
			t.Errorf("%q: %q, %q, %d, %d", c.line, s.name, s.email, s.when, s.zone)
		}
	}
}

func TestPullNamed(t *testing.T) {
	t.Parallel()
	for subject, want := range map[string]int32{
		"fix the pump (#12)":                    12,
		"fix the pump (#12) ":                   12,
		"fix (#3) again (#12)":                  12,
		"(#12)":                                 12,
		"fix the pump(#12)":                     12,
		"Merge pull request #12 from ada/pump":  12,
		"Merge pull request #12":                12,
		"Merge PR #12: pump":                    12,
		"Auto merge of #12 - ada:pump, r=bob":   12,
		"Merge pull request #12 from x (#13)":   12,
		"Revert \"fix the pump (#12)\"":         0,
		"fix the pump (#12) again":              0,
		"fix the pump #12":                      0,
		"fix the pump (12)":                     0,
		"fix the pump (#)":                      0,
		"fix the pump (#1a)":                    0,
		"fix the pump (GH#12)":                  0,
		"fix the pump (#0)":                     0,
		"fix the pump (#2147483647)":            2147483647,
		"fix the pump (#2147483648)":            0,
		"fix the pump (#99999999999999999999)":  0,
		"merge pull request #12":                0,
		"Merge pull request # 12":               0,
		"Merge pull request #x (#13)":           13,
		"re: Merge pull request #12 from ada/x": 0,
		"":                                      0, ")": 0, "#12)": 0, "(#12": 0,
	} {
		if got := pullNamed([]byte(subject)); got != want {
			t.Errorf("%q: %d, want %d", subject, got, want)
		}
	}
}

func TestParseTag(t *testing.T) {
	t.Parallel()
	id := strings.Repeat("ab", 20)
	for _, c := range []struct {
		raw    string
		ok     bool
		tagger string
	}{
		{"object " + id + "\ntype commit\ntag v1\ntagger Ada <a@b> 1 +0000\n\ntagger no\n", true, "Ada <a@b> 1 +0000"},
		{"object " + id + "\ntype tag\ntag v1\n", true, ""},
		{"object " + id + "\ntype commit\n", true, ""},
		{"object " + id + "\ntype commit", false, ""},
		{"object " + id + "\ntype song\ntag v1\n", false, ""},
		{"object " + id + "\ntag v1\n", false, ""},
		{"object " + id[1:] + "\ntype commit\ntag v1\n", false, ""},
		{"object " + strings.Repeat("xy", 20) + "\ntype commit\ntag v1\n", false, ""},
		{"type commit\n", false, ""},
		{"", false, ""},
	} {
		h, err := parseTag([]byte(c.raw))
		if (err == nil) != c.ok || c.ok && (h.object.String() != id || string(h.tagger) != c.tagger) {
			t.Errorf("%q: %+v, %v", c.raw, h, err)
		}
	}
}

// FuzzCommit reads commits and tags of any bytes. What is read lies within the commit, is valid text and stays within its
// bounds, and reading never changes the bytes.
func FuzzCommit(f *testing.F) {
	header := "tree " + strings.Repeat("ab", 20) + "\nparent " + strings.Repeat("cd", 20) + "\n"
	for _, odd := range oddCommits {
		f.Add([]byte(header + odd))
	}
	random := rand.New(rand.NewPCG(1, 2))
	for i := range 5 {
		f.Add(sampleCommit(random, i))
	}
	f.Add([]byte("object " + strings.Repeat("ab", 20) + "\ntype commit\ntag v1\ntagger Ada <a@b> 1 +0000\n\nnote\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		before := bytes.Clone(raw)
		if tag, err := parseTag(raw); err == nil && tag.kind == 0 {
			t.Error("tag without kind")
		}
		h, err := parseCommit(raw)
		if err != nil {
			return
		}
		for i := range h.count() {
			if !bytes.Contains(raw, []byte("parent "+h.parent(i).String())) && !bytes.Contains(bytes.ToLower(raw), []byte(h.parent(i).String())) {
				t.Errorf("parent %v is not in the commit", h.parent(i))
			}
		}
		a := newAssembly(ReadOptions{})
		a.addCommit(objectID{1}, &h)
		a.addCommit(objectID{2}, &h)
		out := a.history()
		for _, id := range out.Identities {
			if !utf8.ValidString(id.Name) || !utf8.ValidString(id.Email) || len(id.Name) > 2*maxName || len(id.Email) > 3*maxEmail {
				t.Errorf("identity %q %q", id.Name, id.Email)
			}
		}
		if n := len(out.Identities); n < 1 || n > 2 || out.Commits[0].Author != out.Commits[1].Author || out.Commits[0].Committer != out.Commits[1].Committer {
			t.Errorf("%d identities of one commit read twice", n)
		}
		if bytes.IndexByte(h.subject, '\n') >= 0 || bytes.IndexByte(h.subject, 0) >= 0 {
			t.Errorf("subject %q", h.subject)
		}
		if !bytes.Equal(before, raw) {
			t.Error("the bytes were changed")
		}
	})
}
