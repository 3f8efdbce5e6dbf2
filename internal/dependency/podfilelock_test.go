package dependency

import (
	"strings"
	"testing"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

func TestBadPodfileLock(t *testing.T) {
	t.Parallel()
	const lock = "PODS:\n  - Pump (1.0.0):\n    - Valve\n  - Valve (2.0.0)\n\nDEPENDENCIES:\n  - Pump (~> 1.0)\n\nCOCOAPODS: 1.16.2\n"
	with := func(old, new string) string { return strings.Replace(lock, old, new, 1) }
	checkBad(t, []badFile{
		{"Podfile.lock", "", gap.Empty, 0},
		{"Podfile.lock", "\xFE\xFF\x00P", gap.Encoding, 1},
		{"Podfile.lock", "a: b\n", gap.Syntax, 1},
		{"Podfile.lock", lock[:strings.Index(lock, "COCOAPODS")], gap.Truncated, 8},
		{"Podfile.lock", with("  - Pump (~> 1.0)", "  - Tap"), gap.Truncated, 7},
		{"Podfile.lock", with("  - Valve (2.0.0)", "  - Valve"), gap.BadPURL, 4},
		{"Podfile.lock", with("  - Valve (2.0.0)", "  - Valve (latest)"), gap.BadPURL, 4},
		{"Podfile.lock", with("  - Valve (2.0.0)", "  - Val ve (2.0.0)"), gap.Syntax, 4},
		{"Podfile.lock", with("  - Valve (2.0.0)", "  - .. (2.0.0)"), gap.BadPURL, 4},
	})
}

func FuzzPodfileLock(f *testing.F) {
	seed(f, func(base string) bool { return base == "Podfile.lock" })
	f.Fuzz(func(t *testing.T, data []byte) {
		checkParse(t, "Podfile.lock", data)
		checkCut(t, "Podfile.lock", data)
	})
}
