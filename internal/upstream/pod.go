package upstream

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
)

var (
	podName    = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.+-]*$`)
	podVersion = regexp.MustCompile(`^[0-9][0-9A-Za-z.+-]*$`)
)

// readPodSettings finds where the built-in repository of specifications is served: CocoaPods notes it beside its copy
// (https://blog.cocoapods.org/CocoaPods-1.7.2). Repositories that are kept in git cannot be asked.
func readPodSettings(_ context.Context, env environment, _ string) places {
	return places{
		fallback: func() []place {
			if one, ok := newPlace(readConfig(filepath.Join(podRepositories(env), "trunk", ".url")), nil); ok {
				return []place{one}
			}
			return nil
		},
	}
}

func podRepositories(env environment) string {
	if dir := env.get("CP_REPOS_DIR"); filepath.IsAbs(dir) {
		return dir
	}
	return below(below(env.home(), ".cocoapods"), "repos")
}

// askPod plans the look-up of a pod's specification: in the copies that CocoaPods keeps, or where they are served. It is filed
// under the first three digits of a digest of the pod's name.
func askPod(r *Resolver, a asked) (steps, facts []step) {
	if !podName.MatchString(a.name) || !podVersion.MatchString(a.Version) || strings.Contains(a.Version, "..") {
		return nil, nil
	}
	sum := md5.Sum([]byte(a.name)) // what CocoaPods files by; nothing rests on it
	digest := hex.EncodeToString(sum[:])
	path := "Specs/" + digest[:1] + "/" + digest[1:2] + "/" + digest[2:3] + "/" + a.name + "/" + a.Version + "/" + a.name + ".podspec.json"
	read := func(b []byte) (answer, error) { return readPodspec(b, a.name) }
	if r.podHome != "" {
		kept, _ := filepath.Glob(filepath.Join(r.podHome, "*", filepath.FromSlash(path))) // only the pattern can be bad
		for _, file := range kept {
			steps = append(steps, step{file: file, from: "cocoapods repositories", limit: maxManifest, goOn: always, read: read})
		}
	}
	for _, at := range a.at {
		get := at.request((&url.URL{Path: path}).EscapedPath(), maxManifest)
		get.forever = true
		steps = append(steps, step{request: get, goOn: always, read: read})
	}
	return steps, nil
}

func readPodspec(b []byte, name string) (answer, error) {
	var p struct {
		Homepage   string
		Source     struct{ Git, HTTP string }
		Deprecated bool
		Instead    string `json:"deprecated_in_favor_of"`
	}
	if err := json.Unmarshal(b, &p); err != nil {
		return answer{}, err
	}
	a := answer{found: fromLinks([]link{{"Source", either(p.Source.Git, p.Source.HTTP)}, {"Homepage", p.Homepage}}, name, "specification")}
	var facts Facts
	switch {
	case p.Instead != "":
		facts.Deprecated = noticeText("deprecated: use " + p.Instead)
	case p.Deprecated:
		facts.Deprecated = deprecatedWord
	}
	a.facts = func(string) Facts { return facts }
	return a, nil
}
