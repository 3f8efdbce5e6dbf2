package upstream

import (
	"encoding/json"
	"path/filepath"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"
)

// retractedWord is what is said of a version that was taken back for no reason given.
const retractedWord = "retracted"

// A moduleWord is what the go.mod file of a module's latest version says, which counts for all its versions
// (https://go.dev/ref/mod#go-mod-file-retract, https://go.dev/ref/mod#go-mod-file-module-deprecation).
type moduleWord struct {
	deprecated string
	retracted  []*modfile.Retract
}

// maxVersions bounds a list of versions; the longest known have some ten thousand bytes.
const maxVersions = 1 << 20

// A moduleLine is what is learned of a module's versions, one answer after another.
type moduleLine struct {
	path  string
	top   string            // the highest version, taken back or not: its go.mod file speaks for all
	use   string            // the highest that was not taken back
	days  map[string]string // on which top and use came out
	word  *moduleWord       // nil until it is read
	steps func(file string, limit int64, read func([]byte) (answer, error)) step
}

// askGoLatest asks a proxy for a module's versions, then for the go.mod file of the highest, and when that came out. A proxy need
// not know of a latest version; the go command itself asks for that only where the list is empty
// (https://go.dev/ref/mod#goproxy-protocol).
func (r *Resolver) askGoLatest(path string, p goProxy) step {
	escaped, _ := module.EscapePath(path) // the caller has checked it
	line := &moduleLine{path: path, days: map[string]string{}, steps: func(file string, limit int64, read func([]byte) (answer, error)) step {
		next := p.step(file, limit, read)
		if s := r.goSettings(); s.modCache != "" {
			kept := filepath.Join(s.modCache, "cache", "download", filepath.FromSlash(file))
			if _, err := readFile(kept, limit); err == nil {
				next = step{from: "go module cache", file: kept, limit: limit, read: read}
			}
		}
		next.goOn = always
		return next
	}}
	list := p.step(escaped+"/@v/list", maxVersions, func(b []byte) (answer, error) {
		line.top = highest(string(b), nil)
		if line.top == "" {
			last := p.step(escaped+"/@latest", maxInfo, func(b []byte) (answer, error) {
				var err error
				if line.top, err = line.readInfo(b); err != nil {
					return answer{}, err
				}
				return r.readLine(line, line.top)
			})
			return answer{then: []step{last}}, nil
		}
		return r.readLine(line, string(b))
	})
	list.follow, list.suffices = 3, true
	return list
}

// readLine goes on with the version that speaks for all.
func (r *Resolver) readLine(line *moduleLine, versions string) (answer, error) {
	file, err := modulePath(line.path, line.top)
	if err != nil {
		return answer{}, err
	}
	info := func(file string) step {
		return line.steps(file+".info", maxInfo, func(b []byte) (answer, error) {
			_, err := line.readInfo(b)
			return answer{}, err
		})
	}
	line.use = highest(versions, nil)
	word := line.steps(file+".mod", maxGoMod, func(b []byte) (answer, error) {
		w, err := readModuleWord(b, line.path)
		if err != nil {
			return answer{}, err
		}
		line.word, line.use = w, highest(versions, w)
		r.mu.Lock()
		r.latest[line.path] = line.facts
		r.mu.Unlock()
		if file, err := modulePath(line.path, line.use); err == nil && line.use != line.top {
			return answer{then: []step{info(file)}}, nil
		}
		return answer{}, nil
	})
	said := answer{then: []step{word}, facts: line.facts}
	if line.days[line.top] == "" {
		said.then = append(said.then, info(file))
	}
	return said, nil
}

// readInfo reads when a version came out.
func (l *moduleLine) readInfo(b []byte) (version string, _ error) {
	var info struct{ Version, Time string }
	if err := json.Unmarshal(b, &info); err != nil {
		return "", err
	}
	l.days[info.Version] = dayOf(info.Time)
	return info.Version, nil
}

// highest gives the highest release of a list, or where it has none the highest pre-release, that was not taken back.
func highest(versions string, w *moduleWord) (best string) {
	for _, v := range strings.Fields(versions) {
		release, than := semver.Prerelease(v) == "", semver.Prerelease(best) == ""
		switch {
		case !semver.IsValid(v) || w.retraction(v) != "":
		case best == "", release && !than, release == than && semver.Compare(v, best) > 0:
			best = v
		}
	}
	return best
}

// readModuleWord reads a go.mod file. One of another module has nothing to say.
func readModuleWord(b []byte, path string) (*moduleWord, error) {
	f, err := modfile.ParseLax("go.mod", b, nil)
	if err != nil {
		return nil, err
	}
	if f.Module == nil || f.Module.Mod.Path != path {
		return &moduleWord{}, nil
	}
	return &moduleWord{noticeText(f.Module.Deprecated), f.Retract}, nil
}

// retraction gives the reason for which a version was taken back, or nothing if it was not.
func (w *moduleWord) retraction(version string) string {
	if w == nil || !semver.IsValid(version) {
		return ""
	}
	for _, r := range w.retracted {
		if semver.Compare(version, r.Low) >= 0 && semver.Compare(version, r.High) <= 0 {
			return either(noticeText(r.Rationale), retractedWord)
		}
	}
	return ""
}

// facts gives what is known of a version. What the highest says has been so since it came out, if not before.
func (l *moduleLine) facts(version string) Facts {
	f := Facts{Released: l.days[version]}
	if newer(l.use, "") {
		f.Latest, f.LatestReleased = l.use, l.days[l.use]
	}
	if l.word == nil {
		return f
	}
	if f.Deprecated = l.word.deprecated; f.Deprecated != "" {
		f.DeprecatedOn = l.days[l.top]
	}
	if f.Yanked = l.word.retraction(version); f.Yanked != "" {
		f.YankedOn = l.days[l.top]
	}
	return f
}
