package dependency

import (
	"strings"
	"testing"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

func TestBadPackageResolved(t *testing.T) {
	t.Parallel()
	const lock = "{\n \"pins\": [\n  {\"identity\": \"pump\", \"kind\": \"remoteSourceControl\",\n   \"location\": \"https://git.example/acme/pump\", \"state\": {\"version\": \"1.0.0\"}}],\n \"version\": 2}\n"
	with := func(old, new string) string { return strings.Replace(lock, old, new, 1) }
	checkBad(t, []badFile{
		{"Package.resolved", "", gap.Empty, 0},
		{"Package.resolved", "\xFF\xFE{\x00", gap.Encoding, 1},
		{"Package.resolved", "[]", gap.Syntax, 1},
		{"Package.resolved", "{}", gap.Syntax, 1},
		{"Package.resolved", lock[:60], gap.Truncated, 3},
		{"Package.resolved", with("\"version\": 2", "\"version\": 4"), gap.Unsupported, 5},
		{"Package.resolved", with(",\n \"version\": 2", ""), gap.Syntax, 1},
		{"Package.resolved", with("1.0.0", "latest"), gap.BadPURL, 3},
		{"Package.resolved", with("https://git.example/acme/pump", "ext::sh -c x"), gap.BadPURL, 3},
		{"Package.resolved", with("https://git.example/acme/pump", "https://git.example/pump"), gap.BadPURL, 3},
		{"Package.resolved", with("https://git.example/acme/pump", "https://git.example/../pump"), gap.PathEscape, 3},
		{"Package.resolved", with("remoteSourceControl", "registry"), gap.BadPURL, 3},
	})
}

func FuzzPackageResolved(f *testing.F) {
	seed(f, func(base string) bool { return base == "Package.resolved" })
	f.Fuzz(func(t *testing.T, data []byte) {
		checkParse(t, "Package.resolved", data)
		checkCut(t, "Package.resolved", data)
	})
}
