package dependency

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"path"
	"regexp"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// parsePackageResolved reads a Package.resolved of the Swift package manager, version 1, 2 or 3, also as Xcode keeps it inside a
// project. It pins repositories: the package is named by its address. It holds no graph. Direct is what the Package.swift beside
// it names with an address or identity in plain quotes; where none does (it is a program, and Xcode has another place for it) all
// count as direct. A pin of a branch or commit has the commit for a version; one from a registry is named as it is there; one on
// the disk is the project's own.
//
// The form is told by the Swift package manager's own source, Sources/PackageGraph/ResolvedPackagesStore.swift.
func parsePackageResolved(data []byte, near nearby) (File, problems) {
	var file File
	text, bad, fatal := guardJSON(data)
	if fatal != nil {
		return file, problems{list: []problem{*fatal}}
	}
	l := swiftPins{r: jsonReader{data: text}, bad: &bad}
	if p := l.read(); p != nil {
		bad.list = append(bad.list, *p)
		return file, bad
	}
	named := swiftNamed(near, &bad)
	packages := newPackages()
	for i := range l.pins {
		if p := &l.pins[i]; !p.local() {
			id, err := p.identity()
			if refused(&bad, err, id, p.entry(), p.line) {
				continue
			}
			packages.add(id.key, Package{PURL: id.purl, Name: id.name, Version: id.version, Direct: len(named) == 0 || named[p.place()], Scope: Runtime, Line: p.line, Hints: appendHint(nil, "vcs", p.location)})
		}
	}
	file.Packages = packages.sorted()
	return file, bad
}

type swiftPins struct {
	r       jsonReader
	bad     *problems
	version string
	pins    []swiftPin
	found   bool // "pins" is there
}

// A swiftPin is one package. Version 1 names its fields differently.
type swiftPin struct {
	line                 int
	name, kind, location string // identity, as the file calls the first
	version, revision    string
}

func (l *swiftPins) read() *problem {
	if l.r.peek() != '{' {
		return &problem{kind: gap.Syntax, line: 1, detail: "not an object"}
	}
	versionLine := 1
	l.r.object(func(key []byte) {
		switch string(key) {
		case "version":
			versionLine = l.r.line()
			l.version = l.r.number()
		case "object": // version 1
			l.r.object(func(key []byte) { l.list(string(key)) })
		default:
			l.list(string(key))
		}
	})
	switch {
	case l.version != "" && l.version != "1" && l.version != "2" && l.version != "3":
		return &problem{kind: gap.Unsupported, line: versionLine, detail: "version " + short(l.version)}
	case !l.found || l.version == "":
		return &problem{kind: gap.Syntax, line: 1, detail: "no \"pins\" or no \"version\""}
	case len(l.pins) >= mostEntries:
		return &problem{kind: gap.TooLarge, detail: fmt.Sprintf("over %d pins", mostEntries)}
	}
	return nil
}

func (l *swiftPins) list(key string) {
	if key != "pins" {
		l.r.skip()
		return
	}
	l.found = l.r.array(func() {
		if len(l.pins) >= mostEntries {
			l.r.skip()
			return
		}
		p := swiftPin{line: l.r.line()}
		l.r.object(func(key []byte) {
			switch string(key) {
			case "identity", "package":
				p.name = l.r.text()
			case "kind":
				p.kind = l.r.text()
			case "location", "repositoryURL":
				p.location = l.r.text()
			case "state":
				l.r.object(func(key []byte) {
					switch string(key) {
					case "version":
						p.version = l.r.text()
					case "revision":
						p.revision = l.r.text()
					default:
						l.r.skip()
					}
				})
			default:
				l.r.skip()
			}
		})
		l.pins = append(l.pins, p)
	})
}

// local says whether a pin lies on the disk.
func (p *swiftPin) local() bool {
	return strings.HasPrefix(p.kind, "local") || strings.HasPrefix(p.kind, "fileSystem") || strings.HasPrefix(p.location, "/") || strings.HasPrefix(p.location, "file:")
}

// entry names a pin for a message.
func (p *swiftPin) entry() string {
	if p.location != "" {
		return redacted(p.location)
	}
	return p.name
}

var (
	swiftVersion  = regexp.MustCompile(`^[0-9][0-9A-Za-z.+-]*$`)
	swiftRegistry = regexp.MustCompile(`^([A-Za-z0-9][A-Za-z0-9-]*)\.([A-Za-z0-9][A-Za-z0-9_-]*)$`) // scope.name
)

// identity gives the package URL: of type swift the host and owner are the namespace, so that it names a repository. A registry's
// scope is none, and the type has no other form.
func (p *swiftPin) identity() (identity, error) {
	version := p.version
	switch {
	case version == "" && commitHash.MatchString(strings.ToLower(p.revision)):
		version = strings.ToLower(p.revision)
	case p.version != "" && !swiftVersion.MatchString(p.version):
		return identity{}, errors.New("not a version of a Swift package")
	}
	if p.kind == "registry" {
		if !swiftRegistry.MatchString(p.name) {
			return identity{}, errors.New("not a name of a Swift package in a registry")
		}
		return newPURL("generic", "", p.name, version)
	}
	u, err := url.Parse(cleanAddress(p.location))
	if err != nil || u.Hostname() == "" {
		return identity{}, errors.New("not an address of a repository")
	}
	owner, name := path.Split(strings.TrimSuffix(strings.Trim(u.Path, "/"), ".git"))
	if owner = strings.Trim(owner, "/"); owner == "" || name == "" {
		return identity{}, errors.New("no owner and name of a repository")
	}
	return newPURL("swift", strings.ToLower(u.Hostname())+"/"+owner, name, version)
}

// place is what tells one pin from another, in any spelling of its address.
func (p *swiftPin) place() string {
	if p.kind == "registry" {
		return strings.ToLower(p.name)
	}
	return swiftPlace(p.location)
}

func swiftPlace(location string) string {
	u, err := url.Parse(cleanAddress(location))
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Hostname() + "/" + strings.TrimSuffix(strings.Trim(u.Path, "/"), ".git"))
}

var swiftDependency = regexp.MustCompile(`\.package\(\s*(?:name:\s*"[^"]*"\s*,\s*)?(url|id):\s*"([^"\\]*)"`)

// swiftNamed finds what a Package.swift names. Comments are left out; what it computes is not seen.
func swiftNamed(near nearby, bad *problems) map[string]bool {
	text, err := near.read("Package.swift")
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, errExcluded) {
			bad.addIn("Package.swift", gap.Unreadable, func() (int, string, string) { return 0, "", reason(err) })
		}
		return nil
	}
	named := map[string]bool{}
	for _, m := range swiftDependency.FindAllSubmatch(swiftComment.ReplaceAll(text, nil), mostEntries) {
		if string(m[1]) == "url" {
			named[swiftPlace(string(m[2]))] = true
		} else {
			named[strings.ToLower(string(m[2]))] = true
		}
	}
	return named
}

// swiftComment matches a line's comment that does not stand behind the colon of an address, and a block's.
var swiftComment = regexp.MustCompile(`(?s:/\*.*?\*/)|(?m:(^|[^:])//.*$)`)
