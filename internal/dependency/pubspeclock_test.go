package dependency

import (
	"strings"
	"testing"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

func TestBadPubspecLock(t *testing.T) {
	t.Parallel()
	const lock = "packages:\n  pump:\n    dependency: transitive\n    description:\n      url: \"https://registry.example\"\n    source: hosted\n    version: \"1.0.0\"\nsdks:\n  dart: \">=3\"\n"
	with := func(old, new string) string { return strings.Replace(lock, old, new, 1) }
	checkBad(t, []badFile{
		{"pubspec.lock", "", gap.Empty, 0},
		{"pubspec.lock", "\xFF\xFEp\x00", gap.Encoding, 1},
		{"pubspec.lock", "[]\n", gap.Syntax, 1},
		{"pubspec.lock", "packages: 1\n", gap.Syntax, 1},
		{"pubspec.lock", "a: [\n", gap.Truncated, 2},
		{"pubspec.lock", lock[:strings.Index(lock, "sdks")], gap.Truncated, 7},
		{"pubspec.lock", lock[:strings.Index(lock, "  dart")], gap.Truncated, 8},
		{"pubspec.lock", with("hosted", "elsewhere"), gap.Unsupported, 2},
		{"pubspec.lock", with("1.0.0", "any"), gap.BadPURL, 2},
		{"pubspec.lock", with("    version: \"1.0.0\"\n", ""), gap.BadPURL, 2},
		{"pubspec.lock", with("  pump:", "  ../pump:"), gap.BadPURL, 2},
		{"pubspec.lock", with("    source: hosted\n", "    source: hosted\n    source: hosted\n"), gap.DuplicateKeys, 7},
	})
}

func FuzzPubspecLock(f *testing.F) {
	seed(f, func(base string) bool { return base == "pubspec.lock" })
	f.Fuzz(func(t *testing.T, data []byte) {
		checkParse(t, "pubspec.lock", data)
		checkCut(t, "pubspec.lock", data)
	})
}
