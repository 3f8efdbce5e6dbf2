package history

import (
	"strings"
	"testing"
)

func TestNormalEmail(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string][2]string{
		"Ada@Example.ORG":                                   {"ada@example.org", "example.org"},
		"12345+Ada-L@users.noreply.github.com":              {"ada-l@noreply", "noreply"},
		"ada-l@users.noreply.github.com":                    {"ada-l@noreply", "noreply"},
		"ADA-L@USERS.NOREPLY.GITHUB.COM":                    {"ada-l@noreply", "noreply"},
		"123-ada@users.noreply.github.com":                  {"123-ada@noreply", "noreply"}, // a login of its own
		"123-ada@users.noreply.gitlab.com":                  {"ada@noreply", "noreply"},
		"123+ada@users.noreply.github.example.com":          {"ada@noreply", "noreply"},
		"123+ada@user.noreply.gitee.com":                    {"ada@noreply", "noreply"},
		"ada@noreply.codeberg.org":                          {"ada@noreply", "noreply"},
		"49699333+dependabot[bot]@users.noreply.github.com": {"dependabot[bot]@noreply", "noreply"},
		"123+@users.noreply.github.com":                     {"123+@noreply", "noreply"},
		"@users.noreply.github.com":                         {"@users.noreply.github.com", "noreply"},
		"noreply@github.com":                                {"noreply@github.com", "noreply"},
		"ada":                                               {"ada", "unknown"},
		"ada@laptop.local":                                  {"ada@laptop.local", "unknown"},
		"ada@localhost":                                     {"ada@localhost", "unknown"},
		"ada@gmail.com":                                     {"ada@gmail.com", "gmail.com"},
		"ada@example.org.":                                  {"ada@example.org.", "example.org"},
		"ada@":                                              {"ada@", "unknown"},
		"":                                                  {"", "unknown"},
		"a@b@example.org":                                   {"a@b@example.org", "example.org"},
		"j\xf6rg@example.org":                               {"jörg@example.org", "example.org"},
		"\uae40@example.kr":                                 {"\uae40@example.kr", "example.kr"},
		strings.Repeat("x", 1000):                           {strings.Repeat("x", maxEmail), "unknown"},
		strings.Repeat("x", maxEmail-1) + "\uae40@example.kr": {strings.Repeat("x", maxEmail-1), "unknown"}, // not half a character
	} {
		email, domain := normalEmail([]byte(raw))
		if email != want[0] || domain != want[1] {
			t.Errorf("%q: %q, %q", raw, email, domain)
		}
	}
}

func TestNormalName(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		"Ada":                           "Ada",
		"J\xf6rg":                       "Jörg",
		"Jörg":                          "Jörg",
		"\xff\xfe":                      "ÿþ",
		"\uae40\ucca0\uc218":            "김철수",
		strings.Repeat("\uae40", 1000):  strings.Repeat("\uae40", maxName/3),
		strings.Repeat("x", 10*maxName): strings.Repeat("x", maxName),
	} {
		if got := normalName([]byte(raw)); got != want {
			t.Errorf("%q: %q", raw, got)
		}
	}
}

// TestRoster numbers author strings: those that are kept alike share a number, and the bot table is asked once for each.
func TestRoster(t *testing.T) {
	t.Parallel()
	asked := 0
	r := newRoster(func(name, email string) bool { asked++; return email == "ci@noreply" })
	number := func(line string) int32 {
		s := parseSignature([]byte(line))
		return r.number(&s)
	}
	a := number("Ada <ada@example.org> 1 +0000")
	if b := number("Ada <ada@example.org> 2 +0100"); a != b {
		t.Errorf("the same string at another time is %d, not %d", b, a)
	}
	if b := number("Ada <Ada@Example.org> 2 +0100"); a != b {
		t.Errorf("an address in other letters is %d, not %d", b, a)
	}
	if b := number("Ada L <ada@example.org> 2 +0100"); a == b {
		t.Error("another name is the same identity: joining is for package people")
	}
	bot := number("ci <1+ci@users.noreply.github.com> 3 +0000")
	if !r.identities[bot].Bot || r.identities[a].Bot {
		t.Error("bots are not told apart")
	}
	long := strings.Repeat("x", 5000) + " <x@example.org> 1 +0000"
	if first, again := number(long), number(long); first != again {
		t.Error("a long name is two identities")
	}
	if asked != 4 || len(r.identities) != 4 {
		t.Errorf("%d identities, the bot table asked %d times", len(r.identities), asked)
	}
}
