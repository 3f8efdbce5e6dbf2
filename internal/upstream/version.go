package upstream

import (
	"strings"

	"golang.org/x/mod/semver"
)

// newer says whether a version by the rules of Semantic Versioning is no pre-release and comes after another. Anything comes after
// none.
func newer(version, than string) bool {
	v := "v" + strings.TrimPrefix(version, "v")
	if !semver.IsValid(v) || semver.Prerelease(v) != "" {
		return false
	}
	return than == "" || semver.Compare(v, "v"+strings.TrimPrefix(than, "v")) > 0
}
