package upstream

import (
	"context"
	"slices"
	"strings"

	"github.com/package-url/packageurl-go"
)

// A registry is where packages of one type are published: one row of the table.
type registry struct {
	kind   string // type of package URLs
	system string // what deps.dev calls it; empty if it knows no such packages

	// settings reads what the user's own configuration says of the places to ask; nil where ask sees to it itself. What lies in
	// the scanned folder, project, belongs to the scanned, and is trusted no more than its lockfile.
	settings func(ctx context.Context, env environment, project string) places
	// ask plans what is asked about a package: steps that lead to its repository, in order, and steps that tell facts besides,
	// which are for packages that a subject names itself.
	ask func(r *Resolver, a asked) (steps, facts []step)
}

// asked is a package that a registry is asked about.
type asked struct {
	Query
	purl packageurl.PackageURL
	name string  // as the registry spells it
	at   []place // to ask, in order
}

// registries are the kinds that can be asked.
var registries = []registry{
	{kind: packageurl.TypeGolang, system: "go", ask: askGo},
	{kind: packageurl.TypeNPM, system: "npm", ask: askNPM},
	{kind: packageurl.TypeCargo, system: "cargo", settings: readCargoSettings, ask: askCrate},
	{kind: packageurl.TypeMaven, system: "maven", settings: readMavenSettings, ask: askMaven},
	{kind: packageurl.TypeComposer, settings: readComposerSettings, ask: askComposer},
	{kind: packageurl.TypeHex, settings: readHexSettings, ask: askHex},
	{kind: "pub", settings: readPubSettings, ask: askPub},
	{kind: packageurl.TypeCocoapods, settings: readPodSettings, ask: askPod},
	{kind: packageurl.TypeGem, system: "rubygems", settings: readGemSettings, ask: askGem},
	{kind: packageurl.TypeNuget, system: "nuget", settings: readNuGetSettings, ask: askNuGet},
	{kind: packageurl.TypePyPi, system: "pypi", settings: readPipSettings, ask: askPyPI},
}

func registryOf(kind string) *registry {
	if i := slices.IndexFunc(registries, func(r registry) bool { return r.kind == kind }); i >= 0 {
		return &registries[i]
	}
	return nil
}

// questionAbout plans what a registry is asked about a package, and gives the key under which packages share the answer.
func (r *Resolver) questionAbout(reg *registry, q Query, p packageurl.PackageURL) (key string, _ *question) {
	a := asked{Query: q, purl: p, name: registryName(q, p)}
	from, asksClient := named, false
	if settings := r.places[reg.kind]; settings != nil {
		known := settings()
		a.at, from = known.order(q.Hints)
		asksClient = known.fallback != nil
		if known.among != nil {
			a.at, from = known.among(a.name, a.at), named
		}
		if known.private != nil && known.private(a.name) {
			from = named
		}
	}
	steps, facts := reg.ask(r, a)
	if !q.Direct {
		facts = nil
	}
	if from != named {
		steps = append(steps, r.askDepsDev(reg.system, a)...)
	}
	if len(steps) == 0 && from == nowhere && asksClient && r.offline {
		steps = []step{{unknown: true, goOn: always}}
	}
	if len(steps)+len(facts) == 0 {
		return "", nil
	}
	var b strings.Builder
	b.WriteString(reg.kind + " " + a.name)
	for _, s := range slices.Concat(steps, facts) {
		b.WriteString(" " + s.file + s.request.url)
	}
	return b.String(), &question{steps: steps, facts: facts}
}
