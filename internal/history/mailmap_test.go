package history

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/mainstay-oss/mainstay/internal/need"
)

// mailmaps are whole files with every form and what is near it.
var mailmaps = []string{
	"Ada L <ada@example.org>\n",
	"<ada@example.org> <ada@old.example>\n",
	"Ada L <ada@example.org> <ADA@old.example>\n",
	"Ada L <ada@example.org> adal <root@localhost>\n",
	"# Ada L <ada@example.org>\n\n  \nBob <bob@example.org> <b@old.example> # and a comment\n",
	"Ada L <ada@example.org>\r\n<bob@example.org> <b@old.example>\r\n",
	"  Ada   L  <ada@example.org>   adal   <root@localhost>  \n",
	"Ada L\n<ada@example.org\nada@example.org>\n>Ada< <>\nAda <>\n",
	"Ada <ada@example.org> <>\nAda <ada@example.org> nobody <>\n",
	"Ada <ada@example.org> <ada@old.example> <bob@example.org>\n",
	"\uae40\ucca0\uc218 <cs@example.kr> J\xf6rg <root@localhost>",
	"Ada <1+ada@users.noreply.github.com> <2+Adal@users.noreply.github.com>\n",
	" # not a comment <ada@example.org>\n",
	"<ada@example.org>\n",
}

func TestParseMailmap(t *testing.T) {
	t.Parallel()
	got := parseMailmap([]byte(strings.Join(mailmaps[:6], "")))
	want := []Alias{
		{Name: "Ada L", OldEmail: "ada@example.org"},
		{Email: "ada@example.org", OldEmail: "ada@old.example"},
		{Name: "Ada L", Email: "ada@example.org", OldEmail: "ada@old.example"},
		{Name: "Ada L", Email: "ada@example.org", OldName: "adal", OldEmail: "root@localhost"},
		{Name: "Bob", Email: "bob@example.org", OldEmail: "b@old.example"},
		{Name: "Ada L", OldEmail: "ada@example.org"},
		{Email: "bob@example.org", OldEmail: "b@old.example"},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

// apply maps a person through aliases by the rules of gitmailmap(5): the last entry counts, one with a name before one without.
func apply(aliases []Alias, name, email string) (string, string) {
	var plain, named *Alias
	simple := Alias{}
	for _, a := range aliases {
		if !strings.EqualFold(a.OldEmail, email) {
			continue
		}
		if a.OldName != "" {
			if strings.EqualFold(a.OldName, name) {
				named = &a
			}
			continue
		}
		// Entries without a name replace what they give and keep what earlier ones gave.
		if a.Name != "" {
			simple.Name = a.Name
		}
		if a.Email != "" {
			simple.Email = a.Email
		}
		plain = &simple
	}
	if named != nil {
		plain = named
	}
	if plain != nil {
		if plain.Name != "" {
			name = plain.Name
		}
		if plain.Email != "" {
			email = plain.Email
		}
	}
	return name, email
}

// TestMailmapAsGit asks git check-mailmap about everybody whom the files name, and some more.
func TestMailmapAsGit(t *testing.T) {
	t.Parallel()
	need.Git(t)
	people := [][2]string{
		{"Ada L", "ada@example.org"}, {"adal", "root@localhost"}, {"ADAL", "Root@LocalHost"}, {"eve", "root@localhost"}, {"x", "ada@old.example"},
		{"b", "b@old.example"}, {"c", "bob@example.org"}, {"d", "d@example.org"},
	}
	for i, text := range append(mailmaps[:6:6], mailmaps[6], mailmaps[7], mailmaps[9], mailmaps[12], mailmaps[13], strings.Join(mailmaps[:8], "")) {
		dir := t.TempDir()
		plainGit(t, dir, "", "init", "-q", ".")
		if err := os.WriteFile(filepath.Join(dir, ".mailmap"), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		aliases := parseMailmap([]byte(text))
		for _, p := range people {
			want := strings.TrimSpace(plainGit(t, dir, p[0]+" <"+p[1]+">\n", "check-mailmap", "--stdin"))
			name, email := apply(aliases, p[0], p[1])
			if got := name + " <" + email + ">"; got != want {
				t.Errorf("file %d: %v is %s, for git %s", i, p, got, want)
			}
		}
	}
}

func FuzzMailmap(f *testing.F) {
	for _, text := range mailmaps {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		aliases := parseMailmap(text)
		if len(aliases) > strings.Count(string(text), "<") {
			t.Errorf("%d entries", len(aliases))
		}
		for _, a := range aliases {
			if a.Name == "" && a.Email == "" || a.OldName == "" && a.OldEmail == "" {
				t.Errorf("entry that says nothing: %+v", a)
			}
			for _, s := range [...]string{a.Name, a.Email, a.OldName, a.OldEmail} {
				if !utf8.ValidString(s) || strings.ContainsAny(s, "\n") {
					t.Errorf("entry with %q", s)
				}
			}
		}
	})
}
