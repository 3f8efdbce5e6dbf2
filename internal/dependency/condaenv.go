package dependency

import (
	"errors"
	"fmt"
	"path"
	"regexp"
	"strings"

	packageurl "github.com/package-url/packageurl-go"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// parseCondaEnvironment reads a conda environment file: its match specifications, and under "pip" the lines of a
// requirements file. Everything is direct: an environment that was exported whole does not tell what was asked for. A
// specification gives a version only where it admits a single one: "name==1.2", "name=1.2=build"; "name=1.2" is a prefix.
// The build is a qualifier; so is the channel, where it is certain: named by the specification, or the only one.
//
// https://docs.conda.io/projects/conda/en/stable/user-guide/concepts/pkg-specs.html#package-match-specifications,
// https://docs.conda.io/projects/conda/en/stable/user-guide/tasks/manage-environments.html
func parseCondaEnvironment(data []byte, near nearby) (File, problems) {
	var file File
	docs, bad, fatal := readYAML(data)
	if fatal != nil {
		bad.list = append(bad.list, *fatal)
		return file, bad
	}
	env := docs[0]
	if env.kind != yamlMapping {
		bad.add(gap.Syntax, func() (int, string, string) { return max(1, int(env.line)), "", "not a mapping" })
		return file, bad
	}
	c := condaReader{packages: newPackages(), bad: &bad, channel: onlyChannel(env.get("channels"))}
	c.scope = fileScope(near.name, Runtime)
	list := env.get("dependencies")
	if list.kind != yamlSequence && list.kind != yamlNull {
		bad.add(gap.Syntax, func() (int, string, string) { return int(list.line), "", `"dependencies" is not a list` })
	}
	pip := newRequirementsReader(near, &bad)
	pip.start(path.Base(near.name), c.scope)
	for _, item := range list.items {
		switch item.kind {
		case yamlScalar:
			c.add(item)
		case yamlSequence, yamlNull:
			bad.add(gap.Syntax, func() (int, string, string) {
				return int(item.line), "", "neither a specification nor the packages of an installer"
			})
		case yamlMapping:
			for _, pair := range item.pairs {
				if pair.key != "pip" {
					bad.add(gap.Unsupported, func() (int, string, string) { return int(pair.line), short(pair.key), "packages of another installer" })
					continue
				}
				for _, line := range pair.value.items {
					pip.text(line.text, int(line.line))
				}
			}
		}
		if len(c.packages.list) >= mostEntries {
			bad.add(gap.TooLarge, func() (int, string, string) { return int(item.line), "", fmt.Sprintf("over %d packages", mostEntries) })
			break
		}
	}
	pip.constrain()
	pip.files[0].declare(pip, nil, c.packages)
	file.Packages = c.packages.sorted()
	file.constrained = pip.files[0].constrained
	file.included = pip.included()
	return file, bad
}

// isCondaEnvironment says whether a file may be one by its name: environment.yml, environment-dev.yaml, conda-env.yml.
func isCondaEnvironment(base string) bool { return condaName.MatchString(base) }

var (
	condaName    = regexp.MustCompile(`(?i)^((.*[-_.])?environment([-_.].*)?|conda([-_.].*)?|(.*[-_.])?conda)\.ya?ml$`)
	condaContent = regexp.MustCompile(`(?m)^["']?dependencies["']?\s*:`)
)

// onlyChannel gives the channel that all packages come from, if only one can be: conda adds those of the user's own
// settings unless the list says "nodefaults".
func onlyChannel(list *yamlNode) string {
	channel, closed := "", false
	for _, item := range list.items {
		switch {
		case item.text == "nodefaults":
			closed = true
		case channel != "":
			return ""
		default:
			channel = item.text
		}
	}
	if !closed {
		return ""
	}
	return channel
}

type condaReader struct {
	packages *packageSet
	bad      *problems
	channel  string
	scope    Scope
}

func (c *condaReader) add(item *yamlNode) {
	spec, err := parseCondaSpec(item.text)
	var id identity
	if err == nil {
		if spec.channel == "" {
			spec.channel = c.channel
		}
		id, err = spec.identity()
	}
	switch {
	case err != nil:
		c.bad.add(gap.Syntax, func() (int, string, string) { return int(item.line), redacted(item.text), redacted(err.Error()) })
	case id.escapes:
		c.bad.add(gap.PathEscape, func() (int, string, string) {
			return int(item.line), redacted(item.text), "a name or version that leaves its folder"
		})
	default:
		c.packages.add(id.key, Package{PURL: id.purl, Name: id.name, Version: id.version, Direct: true, Scope: c.scope, Line: int(item.line)})
	}
}

// A condaSpec is what a match specification says about one package.
type condaSpec struct {
	name, version, build string
	channel, subdir      string
}

var (
	condaPackageName = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]*$`)
	condaHead        = regexp.MustCompile(`^([A-Za-z0-9_.*-]+)\s*(.*)$`)
	condaExact       = regexp.MustCompile(`^[0-9][A-Za-z0-9_.!+-]*$`) // no range, list or wildcard
	condaBuild       = regexp.MustCompile(`^[A-Za-z0-9_.+]+$`)
	condaKey         = regexp.MustCompile(`(\w+)\s*=\s*("[^"]*"|'[^']*'|[^,\s]+)`)
)

// parseCondaSpec reads a match specification: [channel[/subdir]::]name[version[build]][[key=value,…]], or the address of a
// package.
func parseCondaSpec(text string) (condaSpec, error) {
	if len(text) > longestRequirement {
		return condaSpec{}, fmt.Errorf("a specification of %d bytes", len(text))
	}
	var s condaSpec
	text, _, _ = strings.Cut(text, " #")
	text = strings.TrimSpace(text)
	if strings.Contains(text, "://") {
		return condaAddress(text)
	}
	if channel, rest, ok := strings.Cut(text, "::"); ok {
		s.channel, text = channel, rest
		if i := strings.LastIndexByte(channel, '/'); i >= 0 && isSubdir(channel[i+1:]) {
			s.channel, s.subdir = channel[:i], channel[i+1:]
		}
		text = strings.TrimSpace(strings.TrimLeft(text, ":"))
	}
	keys := ""
	if head, rest, ok := strings.Cut(text, "["); ok {
		inner, closed := strings.CutSuffix(strings.TrimSpace(rest), "]")
		if !closed {
			return condaSpec{}, errors.New("a bracket that is not closed")
		}
		text, keys = strings.TrimSpace(head), inner
	}
	m := condaHead.FindStringSubmatch(text)
	if m == nil || !condaPackageName.MatchString(m[1]) {
		return condaSpec{}, errors.New("no name of a conda package where a specification begins")
	}
	s.name = strings.ToLower(m[1])
	if !s.read(m[2]) {
		return condaSpec{}, errors.New("no version where one belongs")
	}
	for _, k := range condaKey.FindAllStringSubmatch(keys, -1) {
		value := strings.Trim(k[2], `"'`)
		switch k[1] {
		case "version":
			s.version = ""
			if exact := strings.TrimPrefix(value, "=="); condaExact.MatchString(exact) {
				s.version = exact
			}
		case "build":
			s.build = value
		case "channel":
			s.channel = value
		case "subdir":
			s.subdir = value
		}
	}
	if !condaBuild.MatchString(s.build) {
		s.build = ""
	}
	return s, nil
}

// read reads what follows the name: "=1.2" (a prefix), "==1.2", "=1.2=build", " 1.2 build", ">=1,<2". It gives false if
// that is none of them.
func (s *condaSpec) read(rest string) bool {
	exact := false
	switch {
	case rest == "":
		return true
	case strings.HasPrefix(rest, "=="):
		rest, exact = rest[2:], true
	case rest[0] == '=':
		rest = rest[1:]
	case strings.ContainsAny(rest[:1], "<>!~"):
		return true
	default:
		exact = true // behind a space
	}
	parts := strings.FieldsFunc(rest, func(r rune) bool { return r == '=' || r == ' ' })
	if len(parts) == 0 || len(parts) > 2 || !startsWithDigit(parts[0]) && parts[0][0] != '*' {
		return false
	}
	if len(parts) == 2 {
		s.build, exact = parts[1], true
	}
	if exact && condaExact.MatchString(parts[0]) {
		s.version = parts[0]
	}
	return true
}

func isSubdir(name string) bool {
	return name == "noarch" || strings.HasPrefix(name, "linux-") || strings.HasPrefix(name, "osx-") || strings.HasPrefix(name, "win-")
}

// condaAddress reads the address of a package: …/channel/subdir/name-version-build.conda, perhaps with "#" and a digest.
func condaAddress(address string) (condaSpec, error) {
	address, _, _ = strings.Cut(address, "#")
	folder, base := path.Split(address)
	stem, ok := strings.CutSuffix(base, ".conda")
	if !ok {
		stem, ok = strings.CutSuffix(base, ".tar.bz2")
	}
	build := strings.LastIndexByte(stem, '-')
	if !ok || build < 0 {
		return condaSpec{}, errors.New("not the address of a conda package")
	}
	version := strings.LastIndexByte(stem[:build], '-')
	if version < 1 {
		return condaSpec{}, errors.New("not the address of a conda package")
	}
	s := condaSpec{name: strings.ToLower(stem[:version]), version: stem[version+1 : build], build: stem[build+1:]}
	if !condaPackageName.MatchString(s.name) {
		return condaSpec{}, errors.New("not the address of a conda package")
	}
	if subdir := path.Base(folder); isSubdir(subdir) {
		s.subdir, s.channel = subdir, path.Base(path.Dir(path.Clean(folder)))
	}
	return s, nil
}

// identity gives the package URL.
// https://github.com/package-url/purl-spec/blob/main/types/conda-definition.json
func (s condaSpec) identity() (identity, error) {
	q := map[string]string{}
	for key, value := range map[string]string{"build": s.build, "channel": s.channel, "subdir": s.subdir} {
		if value != "" {
			q[key] = value
		}
	}
	p := packageurl.PackageURL{Type: "conda", Name: s.name, Version: s.version, Qualifiers: packageurl.QualifiersFromMap(q)}
	if err := p.Normalize(); err != nil {
		return identity{}, err
	}
	id, err := identify(p)
	id.name = intern(s.name)
	return id, err
}
