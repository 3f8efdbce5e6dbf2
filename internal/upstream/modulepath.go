package upstream

import (
	_ "embed"
	"fmt"
	"regexp"
	"strings"
	"sync"
)

// A candidate is one rule's answer.
type candidate struct {
	Address
	method   Method
	evidence string
}

//go:embed vanity.tsv
var vanityTable string

// vanity maps module path prefixes to repository templates. The table is part of the program: a bad row is a bug, which the
// tests find.
var vanity = sync.OnceValue(func() map[string]string {
	m := make(map[string]string)
	for line := range strings.Lines(vanityTable) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		prefix, repository, _ := strings.Cut(line, "\t")
		m[prefix] = repository
	}
	return m
})

var majorSuffix = regexp.MustCompile(`/v[0-9]+$`)
var gopkgPattern = regexp.MustCompile(`^gopkg\.in/(?:([A-Za-z0-9][A-Za-z0-9-]*)/)?([A-Za-z0-9][A-Za-z0-9_-]*)\.v[0-9]+(?:-unstable)?(?:/(.*))?$`)

// fromModulePath finds the repository in the path of a Go module, without asking anyone.
func fromModulePath(module string) (candidate, bool) {
	evidence := "module path " + module
	if m := gopkgPattern.FindStringSubmatch(module); m != nil {
		owner := m[1]
		if owner == "" { // gopkg.in/NAME.vN is github.com/go-NAME/NAME
			owner = "go-" + m[2]
		}
		return found("github.com/"+owner+"/"+m[2], m[3], ModulePath, evidence)
	}
	host, rest, ok := strings.Cut(module, "/")
	if !ok {
		rest = ""
	}
	if root, folder, ok := cutRepositorySuffix(module); ok {
		return found("https://"+root, folder, ModulePath, evidence)
	}
	if f, known := forges[host]; known {
		parts := strings.Split(rest, "/")
		if len(parts) > 2 && majorSuffix.MatchString("/"+parts[len(parts)-1]) {
			parts = parts[:len(parts)-1]
		}
		switch {
		case len(parts) < 2:
			return candidate{}, false
		case f.owned:
			return found(host+"/"+parts[0]+"/"+parts[1], strings.Join(parts[2:], "/"), ModulePath, evidence)
		case len(parts) == 2:
			return found(host+"/"+parts[0]+"/"+parts[1], "", ModulePath, evidence)
		default: // groups nest deeper more often than modules lie in folders
			return found(host+"/"+strings.Join(parts, "/"), "", NestedGroup, evidence)
		}
	}
	return fromVanityTable(module)
}

// cutRepositorySuffix finds the go command's own mark of a repository's end: host/path.git/folder.
func cutRepositorySuffix(module string) (root, folder string, ok bool) {
	if i := strings.Index(module+"/", ".git/"); i > 0 {
		root = module[:i+len(".git")]
		return root, strings.TrimPrefix(majorSuffix.ReplaceAllString(module[len(root):], ""), "/"), true
	}
	return "", "", false
}

func fromVanityTable(module string) (candidate, bool) {
	for prefix := module; prefix != ""; prefix = parent(prefix) {
		template, ok := vanity()[prefix]
		if !ok {
			continue
		}
		rest := strings.TrimPrefix(module[len(prefix):], "/")
		if strings.Contains(template, "{1}") {
			var first string
			first, rest, _ = strings.Cut(rest, "/")
			if first == "" {
				continue
			}
			template = strings.ReplaceAll(template, "{1}", first)
		}
		folder := strings.TrimPrefix(majorSuffix.ReplaceAllString("/"+rest, ""), "/")
		return found(template, folder, VanityTable, fmt.Sprintf("module path %s, by the table's %s", module, prefix))
	}
	return candidate{}, false
}

// parent cuts the last part off a module path.
func parent(p string) string {
	i := strings.LastIndexByte(p, '/')
	return p[:max(i, 0)]
}

// found makes a candidate of an address that a rule put together; the address is cleaned like any other.
func found(address, folder string, m Method, evidence string) (candidate, bool) {
	a, err := ParseAddress(address)
	if err != nil {
		return candidate{}, false
	}
	if folder = cleanFolder(folder); folder != "" {
		a.Folder = folder
	}
	return candidate{Address: a, method: m, evidence: evidence}, true
}
