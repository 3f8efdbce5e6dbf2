package history_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mainstay-oss/mainstay/internal/history"
)

var testKey = []byte("a key for tests, never for use")

func generic(name string) bool { return name == "root" }

func employer(domain string) bool { return domain == "acme.example" }

// randomHistory makes a history as a repository could hold it.
func randomHistory(seed uint64) *history.History {
	r := rand.New(rand.NewPCG(seed, 1))
	h := &history.History{Upstream: "github.com/acme/pump", PullsKnown: r.IntN(4) > 0, ObservedUntil: time.Unix(2_000_000_000, 0).UTC()}
	if r.IntN(3) == 0 {
		h.Upstream = "gitlab.example/acme/tools/pump"
	}
	domains := []string{"gmail.com", "acme.example", "ada.example", "noreply", "unknown", "many.example"}
	for i := range 1 + r.IntN(20) {
		who := history.Identity{Name: fmt.Sprintf("Name %d", i), Domain: domains[r.IntN(len(domains))], Bot: r.IntN(8) == 0}
		switch r.IntN(10) {
		case 0:
			who.Name = ""
		case 1:
			who.Name = "root"
		}
		who.Email = fmt.Sprintf("user%d@%s", i, who.Domain)
		if r.IntN(10) == 0 {
			who.Email, who.Domain = "", "unknown"
		}
		h.Identities = append(h.Identities, who)
	}
	someone := func() int32 { return int32(r.IntN(len(h.Identities))) }
	at := int64(r.IntN(1_000_000)) // from 1970
	for range 1 + r.IntN(60) {
		at += int64(r.IntN(1_000_000))
		h.Commits = append(h.Commits, history.Commit{
			Committed: at, Authored: at - int64(r.IntN(1000)), Author: someone(), Committer: someone(), Pull: int32(r.IntN(3) * r.IntN(900)),
			AuthorTZ: int16(r.IntN(1600) - 800), Parents: uint8(r.IntN(4)),
		})
	}
	for i := range r.IntN(5) {
		h.Tags = append(h.Tags, history.Tag{Created: int64(i) * 1_000_000, Name: fmt.Sprintf("v1.%d", i)})
	}
	if h.PullsKnown {
		for i := range r.IntN(9) {
			h.Pulls = append(h.Pulls, history.Pull{Number: int32(i + 1), Author: h.Commits[0].Author, Authored: at - 5, HeadCommitted: at})
		}
	}
	if r.IntN(2) == 0 {
		h.Aliases = append(h.Aliases, history.Alias{Name: "Name 1", Email: "new@acme.example", OldEmail: "user2@gmail.com"})
	}
	return h
}

// TestArchiveRoundTrip writes histories as archives and reads them again: all but names and addresses must come back, and
// those as their hashes.
func TestArchiveRoundTrip(t *testing.T) {
	t.Parallel()
	parent := t.TempDir()
	for seed := range uint64(60) {
		h := randomHistory(seed)
		dir := filepath.Join(parent, fmt.Sprint(seed))
		opts := history.ArchiveOptions{Generic: generic, Organisation: employer}
		if err := history.WriteArchive(dir, h, testKey, opts); err != nil {
			t.Fatal(err)
		}
		got, err := history.ReadArchive(dir, "")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(readable(hashed(h)), readable(got)); diff != "" {
			t.Fatalf("seed %d: want -, got +\n%s", seed, diff)
		}
	}
}

// hashed is what an archive says of h, computed another way.
func hashed(h *history.History) *history.History {
	sum := func(kind, text string) string {
		if text == "" {
			return ""
		}
		mac := hmac.New(sha256.New, testKey)
		fmt.Fprintf(mac, "%s\x00%s", kind, text)
		return hex.EncodeToString(mac.Sum(nil))[:12]
	}
	out := *h
	out.Source, out.Hashed = history.Archive, true
	out.Identities = nil
	for _, who := range h.Identities {
		if generic(who.Name) {
			who.Name = ""
		}
		who.Name, who.Email = sum("name", who.Name), sum("address", who.Email)
		switch who.Domain {
		case "gmail.com":
			who.Domain = "freemail"
		case "ada.example", "many.example":
			if !many(h, who.Domain) {
				who.Domain = "personal"
			}
		}
		out.Identities = append(out.Identities, who)
	}
	out.Aliases = nil
	for _, a := range h.Aliases {
		out.Aliases = append(out.Aliases, history.Alias{
			Name: sum("name", a.Name), Email: sum("address", a.Email), OldName: sum("name", a.OldName), OldEmail: sum("address", a.OldEmail),
		})
	}
	return &out
}

// many tells whether at least three people have addresses in the domain; randomHistory gives each person their own name and address.
func many(h *history.History, domain string) bool {
	n := 0
	for _, who := range h.Identities {
		if who.Domain == domain && who.Email != "" && who.Name != "" && !generic(who.Name) && !who.Bot {
			n++
		}
	}
	return n >= 3
}

// readable gives a history with its identities written out where they are meant, as far as an archive keeps them.
func readable(h *history.History) []string {
	who := func(i int32) string {
		p := h.Identities[i]
		return fmt.Sprintf("%s <%s> %s bot=%v", p.Name, p.Email, p.Domain, p.Bot)
	}
	rows := []string{fmt.Sprintf("%s %s hashed=%v pulls=%v until %s", h.Upstream, h.Source, h.Hashed, h.PullsKnown, h.ObservedUntil)}
	for _, c := range h.Commits {
		committer := h.Identities[c.Committer]
		rows = append(rows, fmt.Sprintf("commit %d %d %d %d by %s, %s %s, pull %d", c.Committed, c.Authored, c.AuthorTZ, c.Parents, who(c.Author),
			committer.Email, committer.Domain, c.Pull))
	}
	for _, tag := range h.Tags {
		rows = append(rows, fmt.Sprintf("tag %d %s", tag.Created, tag.Name))
	}
	for _, p := range h.Pulls {
		rows = append(rows, fmt.Sprintf("pull %d %d %d by %s bot=%v", p.Number, p.Authored, p.HeadCommitted, h.Identities[p.Author].Email, h.Identities[p.Author].Bot))
	}
	for _, a := range h.Aliases {
		rows = append(rows, fmt.Sprintf("alias %v", a))
	}
	return rows
}

// TestArchiveBytes: the same key gives the same bytes, another key has no hash in common, and no name or address shows.
func TestArchiveBytes(t *testing.T) {
	t.Parallel()
	h := randomHistory(7)
	parent := t.TempDir()
	read := func(name string, key []byte) (all []byte) {
		dir := filepath.Join(parent, name)
		if err := history.WriteArchive(dir, h, key, history.ArchiveOptions{}); err != nil {
			t.Fatal(err)
		}
		files, err := filepath.Glob(filepath.Join(dir, "*"))
		if err != nil || len(files) < 4 {
			t.Fatalf("%v, %d files", err, len(files))
		}
		for _, f := range files {
			text, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, text...)
		}
		return all
	}
	first, second := read("a", testKey), read("b", testKey)
	if !bytes.Equal(first, second) {
		t.Error("two exports under one key differ")
	}
	read("c", []byte("another key of enough bytes"))
	a, err := history.ReadArchive(filepath.Join(parent, "a"), "")
	if err != nil {
		t.Fatal(err)
	}
	c, err := history.ReadArchive(filepath.Join(parent, "c"), "")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, who := range a.Identities {
		seen[who.Name], seen[who.Email] = true, true
		for _, plain := range h.Identities {
			if plain.Name != "" && strings.Contains(who.Name, plain.Name) || plain.Email != "" && strings.Contains(who.Email, plain.Email) {
				t.Errorf("%v shows %v", who, plain)
			}
		}
	}
	for _, who := range c.Identities {
		if who.Name != "" && seen[who.Name] || who.Email != "" && seen[who.Email] {
			t.Errorf("%v under two keys", who)
		}
	}
}

func TestWriteArchiveReplaces(t *testing.T) {
	t.Parallel()
	parent := t.TempDir()
	dir := filepath.Join(parent, "acme+pump")
	for _, seed := range []uint64{1, 2} {
		if err := history.WriteArchive(dir, randomHistory(seed), testKey, history.ArchiveOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	got, err := history.ReadArchive(dir, "")
	if want := len(randomHistory(2).Commits); err != nil || len(got.Commits) != want {
		t.Errorf("error %v; want the %d commits of the second", err, want)
	}
	mine := filepath.Join(dir, "notes.txt")
	if err := os.WriteFile(mine, []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	bad := randomHistory(3)
	bad.Tags = []history.Tag{{Name: "a\tb"}}
	for name, err := range map[string]error{
		"foreign file": history.WriteArchive(dir, randomHistory(3), testKey, history.ArchiveOptions{}),
		"short key":    history.WriteArchive(filepath.Join(parent, "x"), randomHistory(3), testKey[:15], history.ArchiveOptions{}),
		"bad tag":      history.WriteArchive(filepath.Join(parent, "y"), bad, testKey, history.ArchiveOptions{}),
		"no parent":    history.WriteArchive(filepath.Join(parent, "z", "z"), randomHistory(3), testKey, history.ArchiveOptions{}),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	entries, err := os.ReadDir(parent)
	if err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v %v", entries, err)
	}
	if text, err := os.ReadFile(mine); err != nil || string(text) != "mine" {
		t.Errorf("notes.txt is %q, %v", text, err)
	}
}

func TestDomainClass(t *testing.T) {
	t.Parallel()
	for class, domains := range map[string]string{
		"freemail": "gmail.com GMail.com naver.com yahoo.co.jp hotmail.fr yandex.com.tr qq.com gmx.net gmail.com.",
		"noreply":  "noreply users.noreply.github.com noreply.codeberg.org",
		"unknown":  "unknown localhost laptop.local ip-10-0-0-1.ec2.internal 10.0.0.1 a..b x.invalid .com host.(none) b\u00fccher.de",
		"personal": "personal",
		"":         "redhat.com corp.acme.example yahoo-inc.com navercorp.com live.acme.example outlook.engineering xn--bcher-kva.de",
	} {
		for _, d := range strings.Fields(domains) {
			if got := history.DomainClass(d); got != class {
				t.Errorf("%s is %q, want %q", d, got, class)
			}
		}
	}
	if got := history.DomainClass(""); got != "unknown" {
		t.Errorf("no domain is %q", got)
	}
}

func TestArchiveName(t *testing.T) {
	t.Parallel()
	got := []string{history.ArchiveName("github.com/acme/pump"), history.ArchiveName("gitlab.example/acme/tools/pump")}
	if want := []string{"acme+pump", "gitlab.example+acme+tools+pump"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
