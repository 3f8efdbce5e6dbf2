package dependency

import (
	"errors"
	"io/fs"
	"regexp"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// conanQuoted is a reference in a conanfile.py.
var conanQuoted = regexp.MustCompile(`(test_requires\(\s*)?["']([A-Za-z0-9_][A-Za-z0-9_+.-]*)/[^"'\s]+["']`)

// conanNamed gives the names that the conanfile.txt and conanfile.py beside a lockfile hold, with what they are for.
func conanNamed(near nearby, bad *problems) map[string]Scope {
	named := map[string]Scope{}
	add := func(name string, scope Scope) {
		if have, ok := named[name]; ok {
			scope = widest(have, scope)
		}
		named[name] = scope
	}
	for _, base := range []string{"conanfile.txt", "conanfile.py"} {
		text, err := near.read(base)
		if err != nil {
			if !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, errExcluded) {
				bad.addIn(base, gap.Unreadable, func() (int, string, string) { return 0, "", reason(err) })
			}
			continue
		}
		section := ""
		for line := range strings.Lines(string(text)) {
			line = strings.TrimSpace(line)
			if strings.HasPrefix(line, "#") {
				continue
			}
			if base == "conanfile.py" {
				for _, m := range conanQuoted.FindAllStringSubmatch(line, -1) {
					add(m[2], conanScope(m[1] != ""))
				}
			} else if strings.HasPrefix(line, "[") {
				section = line
			} else if name, _, ok := strings.Cut(line, "/"); ok && strings.HasSuffix(section, "requires]") {
				add(name, conanScope(section == "[test_requires]"))
			}
		}
	}
	return named
}

func conanScope(test bool) Scope {
	if test {
		return Test
	}
	return Runtime
}
