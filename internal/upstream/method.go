package upstream

// A Method names the rule that found a repository. The strings are part of the JSON contract (doc/output.md).
type Method = string

// Methods, in the order in which they win when two are equally sure.
const (
	Override      Method = "override"
	PURL          Method = "purl"
	ModulePath    Method = "module-path"
	ProxyOrigin   Method = "proxy-origin"
	GoGet         Method = "go-get"
	VanityTable   Method = "vanity-table"
	Attestation   Method = "attestation"
	LockHint      Method = "lock-hint"
	NPMRepository Method = "npm-repository"
	Repository    Method = "registry-repository"
	DepsDev       Method = "deps-dev"
	NestedGroup   Method = "nested-group"
	Website       Method = "website"
)

// Methods tells how sure each rule is, and why. The confidences are conventions, not measured rates: they put the rules in
// an order, and say how far apart they are. They read as "of a hundred packages resolved so, about this many rightly".
//
// When two rules name different repositories the surer one wins, and its confidence is multiplied by one minus half the
// confidence of the surest rule that contradicts it; an override is the user's own word and is never lowered.
var Methods = []struct {
	Name       Method
	Confidence float64 // 0 to 1
	Network    bool    // whether the rule may send requests
	Reason     string
}{
	{Override, 1, false, "the user's own settings say so"},
	{PURL, 0.98, false, "the package URL is itself the address of a repository, or carries one as vcs_url"},
	{ModulePath, 0.98, false, "the Go module path begins with the address of its repository, and the go command fetches it from there"},
	{ProxyOrigin, 0.97, true, "the Go module proxy recorded the repository that it fetched this version from"},
	{GoGet, 0.95, true, "the module path's own host names the repository in a go-import tag"},
	{VanityTable, 0.93, false, "a kept table of well-known module path prefixes; what the go-import tag says may have changed since"},
	{Attestation, 0.92, true, "a signed statement of the build that made the package names the repository that it was made from"},
	{LockHint, 0.9, false, "the lockfile or SBOM gives a repository or a forge's archive as the place the package comes from"},
	{NPMRepository, 0.85, true, "the publisher's statement in the registry; nobody checks it"},
	{Repository, 0.85, true, "the publisher's statement in the registry or in the package, in a field for the repository; nobody checks it"},
	{DepsDev, 0.8, true, "the publisher's statement, as deps.dev has it"},
	{NestedGroup, 0.6, false, "the module path names a forge with nested groups, where the end of the repository's name is a guess"},
	{Website, 0.5, false, "the package's web page lies on a forge; often the repository, sometimes another one of the same owner"},
}

// sureEnough is the confidence from which no network is asked for a second opinion.
const sureEnough = 0.8

// confidence gives the confidence of a method, and its rank in the table.
func confidence(m Method) (c float64, rank int) {
	for i, row := range Methods {
		if row.Name == m {
			return row.Confidence, i
		}
	}
	panic("upstream: no such method: " + m)
}
