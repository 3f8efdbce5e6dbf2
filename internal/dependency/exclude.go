package dependency

import (
	"fmt"
	"path"
	"strings"
)

// An exclusion is one pattern of [Options.Exclude], cut at its slashes.
type exclusion []string

// parseExclusions checks patterns.
func parseExclusions(patterns []string) ([]exclusion, error) {
	var list []exclusion
	for _, pattern := range patterns {
		p := strings.TrimPrefix(strings.TrimSuffix(strings.TrimSpace(pattern), "/"), "./")
		anchored := strings.Contains(p, "/")
		p = strings.TrimPrefix(p, "/")
		for strings.HasSuffix(p, "/**") {
			p = strings.TrimSuffix(p, "/**") // all in a folder is the folder
		}
		if p == "" {
			return nil, fmt.Errorf("exclude pattern %q: empty", pattern)
		}
		e := exclusion(strings.Split(p, "/"))
		for _, part := range e {
			if part == "" || part == "." || part == ".." {
				return nil, fmt.Errorf("exclude pattern %q: a part is empty or dots", pattern)
			}
			if _, err := path.Match(part, ""); err != nil {
				return nil, fmt.Errorf("exclude pattern %q: %w", pattern, err)
			}
		}
		if len(e) > 32 {
			return nil, fmt.Errorf("exclude pattern %q: more than 32 parts", pattern)
		}
		if !anchored && e[0] != "**" {
			e = append(exclusion{"**"}, e...)
		}
		list = append(list, e)
	}
	return list, nil
}

// CheckExclude says what is wrong with a pattern of [Options.Exclude]; nil if nothing.
func CheckExclude(pattern string) error {
	_, err := parseExclusions([]string{pattern})
	return err
}

// matches says whether the pattern matches a whole path.
func (e exclusion) matches(parts []string) bool {
	// reach[j]: the first i parts of the pattern match the first j parts of the path.
	reach := make([]bool, len(parts)+1)
	reach[0] = true
	for _, want := range e {
		next := make([]bool, len(parts)+1)
		any := false
		for j := range next {
			any = any || reach[j]
			if want == "**" {
				next[j] = any
			} else if j > 0 && reach[j-1] {
				next[j], _ = path.Match(want, parts[j-1])
			}
		}
		reach = next
	}
	return reach[len(parts)]
}

// excluded says whether any pattern matches a slash path.
func excluded(list []exclusion, rel string) bool {
	if len(list) == 0 {
		return false
	}
	parts := strings.Split(rel, "/")
	for _, e := range list {
		if e.matches(parts) {
			return true
		}
	}
	return false
}
