package dependency

import (
	"strings"
	"testing"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

func TestBadGemfileLock(t *testing.T) {
	t.Parallel()
	const (
		gem  = "GEM\n  remote: https://registry.example/\n  specs:\n    a (1.0)\n      b (>= 0)\n    b (2.0)\n\n"
		last = "DEPENDENCIES\n  a\n"
	)
	with := func(old, new string) string { return strings.Replace(gem, old, new, 1) + last }
	checkBad(t, []badFile{
		{"Gemfile.lock", "", gap.Empty, 0},
		{"Gemfile.lock", "\xFF\xFEG\x00", gap.Encoding, 1},
		{"Gemfile.lock", "GEM\xe9\n", gap.Encoding, 1},
		{"Gemfile.lock", "{}\n", gap.Syntax, 1},
		{"Gemfile.lock", "BUNDLED WITH\n  2.0\n", gap.Syntax, 1},
		{"Gemfile.lock", gem, gap.Truncated, 7},
		{"Gemfile.lock", strings.TrimSuffix(gem+last, "\n"), gap.Truncated, 9},
		{"Gemfile.lock", with("    b (2.0)\n", ""), gap.Truncated, 5},
		{"gems.locked", with("    b (2.0)\n", ""), gap.Truncated, 5},
		{"Gemfile.lock", with("    b (2.0)", "    b (2.0"), gap.Syntax, 6},
		{"Gemfile.lock", with("    b (2.0)", "     b (2.0)"), gap.Syntax, 6},
		{"Gemfile.lock", with("    b (2.0)", "    b"), gap.BadPURL, 6},
		{"Gemfile.lock", with("    b (2.0)", "    b (../2)"), gap.BadPURL, 6},
		{"Gemfile.lock", with("    b (2.0)", "    ../b (2.0)"), gap.BadPURL, 6},
		{"Gemfile.lock", with("    b (2.0)", "    .. (2.0)"), gap.PathEscape, 6},
		{"Gemfile.lock", with("    b (2.0)", "<<<<<<< HEAD\n    b (2.0)"), gap.Syntax, 6},
		{"Gemfile.lock", with("    b (2.0)", "b (2.0)"), gap.Syntax, 6},
		{"Gemfile.lock", with("  specs:\n", ""), gap.Syntax, 3},
		{"Gemfile.lock", gem + last + "  a b c\n", gap.Syntax, 10},
	})
}

// TestGemfileLockLineEnds holds that line ends of Windows and a byte order mark change nothing.
func TestGemfileLockLineEnds(t *testing.T) {
	t.Parallel()
	const lock = "GEM\n  specs:\n    a (1.0)\n      bundler\n\nDEPENDENCIES\n  a (= 1.0)!\n"
	file, gaps, ok, err := Parse("Gemfile.lock", []byte("\xEF\xBB\xBF"+strings.ReplaceAll(lock, "\n", "\r\n")))
	if err != nil || !ok || len(gaps) > 0 {
		t.Fatal(gaps, ok, err)
	}
	if p := file.Packages; len(p) != 1 || p[0].PURL != "pkg:gem/a@1.0" || !p[0].Direct || p[0].Line != 3 {
		t.Errorf("%+v", p)
	}
}

func FuzzGemfileLock(f *testing.F) {
	seed(f, func(base string) bool { return base == "Gemfile.lock" || base == "gems.locked" })
	f.Fuzz(func(t *testing.T, data []byte) {
		checkParse(t, "Gemfile.lock", data)
		checkCut(t, "Gemfile.lock", data)
	})
}
