package dependency

import (
	"strings"
	"testing"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

func TestBadComposerLock(t *testing.T) {
	t.Parallel()
	const lock = "{\n\"packages\": [\n{\"name\": \"a/b\", \"version\": \"v1.0\"}],\n\"packages-dev\": []}\n"
	with := func(old, new string) string { return strings.Replace(lock, old, new, 1) }
	checkBad(t, []badFile{
		{"composer.lock", "", gap.Empty, 0},
		{"composer.lock", "\xFF\xFE{\x00", gap.Encoding, 1},
		{"composer.lock", "[]", gap.Syntax, 1},
		{"composer.lock", "{}", gap.Syntax, 1},
		{"composer.lock", lock[:30], gap.Truncated, 3},
		{"composer.lock", with(`"packages-dev"`, `"packages"`), gap.DuplicateKeys, 4},
		{"composer.lock", with(`"packages-dev": []`, `"packages-dev": {}`), gap.Syntax, 4},
		{"composer.lock", with(`"v1.0"`, `1`), gap.Syntax, 3},
		{"composer.lock", with(`"a/b"`, `null`), gap.Syntax, 3},
		{"composer.lock", with(`{"name": "a/b", "version": "v1.0"}`, `"a/b"`), gap.Syntax, 3},
		{"composer.lock", with(`a/b`, `ab`), gap.BadPURL, 3},
		{"composer.lock", with(`a/b`, `a/b/c`), gap.BadPURL, 3},
		{"composer.lock", with(`a/b`, `../b`), gap.PathEscape, 3},
		{"composer.lock", with(`v1.0`, `../../v1.0`), gap.PathEscape, 3},
		{"composer.lock", strings.Repeat(`{"packages":`, 300), gap.TooDeep, 1},
	})
	// Composer before 2 wrote null where development was left out.
	if file, gaps, ok, err := Parse("composer.lock", []byte(with("[]}", "null}"))); !ok || err != nil || len(gaps) > 0 || len(file.Packages) != 1 {
		t.Errorf("%+v, %v", file, gaps)
	}
}

func FuzzComposerLock(f *testing.F) {
	seed(f, func(base string) bool { return base == "composer.lock" })
	f.Fuzz(func(t *testing.T, data []byte) {
		checkParse(t, "composer.lock", data)
		checkCut(t, "composer.lock", data)
	})
}
