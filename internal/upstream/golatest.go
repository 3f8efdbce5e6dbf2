package upstream

import (
	"encoding/json"
	"path/filepath"

	"golang.org/x/mod/modfile"
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

// readLatest reads which version of a module is the latest; what its go.mod file says comes from the module cache or else the
// same proxy.
func (r *Resolver) readLatest(b []byte, path string, p goProxy) (answer, error) {
	var info struct{ Version, Time string }
	if err := json.Unmarshal(b, &info); err != nil {
		return answer{}, err
	}
	file, err := modulePath(path, info.Version)
	if err != nil {
		return answer{}, err
	}
	day := dayOf(info.Time)
	var word *moduleWord // not known until its file is read
	read := func(b []byte) (answer, error) {
		w, err := readModuleWord(b, path)
		if err != nil {
			return answer{}, err
		}
		word = w
		r.mu.Lock()
		defer r.mu.Unlock()
		r.latest[path] = func(version string) Facts { return w.facts(version, info.Version, day) }
		return answer{}, nil
	}
	next := p.step(file+".mod", maxGoMod, read)
	next.goOn = always
	steps := []step{next}
	if s := r.goSettings(); s.modCache != "" {
		kept := filepath.Join(s.modCache, "cache", "download", filepath.FromSlash(file+".mod"))
		if _, err := readFile(kept, maxGoMod); err == nil {
			steps = []step{{from: "go module cache", file: kept, limit: maxGoMod, read: read, goOn: always}}
		}
	}
	return answer{then: steps, facts: func(version string) Facts { return word.facts(version, info.Version, day) }}, nil
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
	for _, r := range w.retracted {
		if semver.IsValid(version) && semver.Compare(version, r.Low) >= 0 && semver.Compare(version, r.High) <= 0 {
			return either(noticeText(r.Rationale), retractedWord)
		}
	}
	return ""
}

// facts gives what is known of a version, once the latest is. What the latest says has been so since it came out, if not before.
func (w *moduleWord) facts(version, latest, day string) Facts {
	var f Facts
	if version == latest {
		f.Released = day
	}
	if w == nil || w.retraction(latest) == "" {
		if newer(latest, "") {
			f.Latest, f.LatestReleased = latest, day
		}
	}
	if w == nil {
		return f
	}
	if f.Deprecated = w.deprecated; f.Deprecated != "" {
		f.DeprecatedOn = day
	}
	if f.Yanked = w.retraction(version); f.Yanked != "" {
		f.YankedOn = day
	}
	return f
}
