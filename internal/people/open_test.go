package people

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mainstay-oss/mainstay/internal/history"
)

func date(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

func TestJoinOpen(t *testing.T) {
	t.Parallel()
	got := JoinOpen([]OpenPerson{
		{"Ben", []string{"ben@freemail.example"}, 3, date("2024-02-01"), date("2024-03-01")},
		{"Ada", []string{"ada@home.example", "noreply@corp.example"}, 5, date("2024-01-01"), date("2024-05-01")},
		{"Ada L", []string{"ada@noreply", "ada@home.example"}, 4, date("2023-01-01"), date("2024-02-01")},
		{"Cleo", []string{"noreply@corp.example"}, 9, date("2024-01-01"), date("2024-01-01")},
	})
	want := []OpenPerson{
		{"Ada", []string{"ada@home.example", "ada@noreply", "noreply@corp.example"}, 9, date("2023-01-01"), date("2024-05-01")},
		{"Cleo", []string{"noreply@corp.example"}, 9, date("2024-01-01"), date("2024-01-01")},
		{"Ben", []string{"ben@freemail.example"}, 3, date("2024-02-01"), date("2024-03-01")},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("- want, + got:\n%s", diff)
	}
}

// TestWriteOpenIsReadBack: what is written is a file of affiliations in which nothing but the organisations is missing, whatever
// people call themselves; filled in, it speaks for their addresses.
func TestWriteOpenIsReadBack(t *testing.T) {
	t.Parallel()
	people := []OpenPerson{
		{"Ada", []string{"ada@home.example", "ada@noreply"}, 12, date("2024-01-01"), date("2025-01-01")},
		{"\"x\": [y]\n  - name: \x1b[31m", []string{"mallory\"@bad.example"}, 3, date("2024-01-01"), date("2024-01-02")},
		{"root", []string{"root@host.example"}, 2, date("2024-01-01"), date("2024-01-02")},
		{"홍길순", []string{"gs@freemail.example"}, 1, date("2024-01-01"), date("2024-01-02")},
	}
	var b strings.Builder
	if err := WriteOpen(&b, people); err != nil {
		t.Fatal(err)
	}
	read := func(text string) (*AffiliationsFile, []Problem) {
		path := filepath.Join(t.TempDir(), "affiliations.yaml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		file, problems, err := ReadAffiliations(path)
		if err != nil {
			t.Fatal(err, text)
		}
		return file, problems
	}
	_, problems := read(b.String())
	if len(problems) != len(people) || slices.ContainsFunc(problems, func(p Problem) bool { return p.Kind != Unfilled }) {
		t.Errorf("problems %v, want %d times that an organisation is to be filled in\n%s", problems, len(people), b.String())
	}
	file, problems := read(strings.ReplaceAll(b.String(), `organisation: ""`, "organisation: Acme"))
	if len(problems) > 0 {
		t.Errorf("filled in: %v", problems)
	}
	h := &history.History{}
	for _, p := range people {
		for _, a := range p.Addresses {
			h.Identities = append(h.Identities, history.Identity{Name: "Somebody", Email: a, Domain: history.DomainFreemail})
			h.Commits = append(h.Commits, history.Commit{Committed: date("2024-01-01").Unix(), Author: int32(len(h.Identities) - 1), Parents: 1})
		}
	}
	at := date("2024-06-01").Unix()
	a := NewRegister(file).Attribute(h, NewIndex(h).At(at), at)
	for i := range h.Commits {
		if c := a.Commit(i); c.Evidence != FromFile || a.Organisations[c.Organisation] != "Acme" {
			t.Errorf("%s: %+v, want Acme by the file", h.Identities[i].Email, c)
		}
	}
}
