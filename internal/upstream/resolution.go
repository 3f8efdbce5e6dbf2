// Package upstream finds the source repository behind each package, and says how it knows and how sure it is.
package upstream

// A Resolution says which upstream makes a package.
type Resolution struct {
	Upstream   string  // host/owner/name in lower case, e.g. github.com/gorilla/mux; empty if unresolved
	Folder     string  // folder of the package inside a monorepo, if known
	URL        string  // address to clone from, https
	Method     string  // how it was found: one of the Method constants
	Confidence float64 // 0 to 1; the table in method.go gives the value and the reason for each method
	Evidence   string  // what was read: a module path, a registry field, a line of mainstay.yaml

	Facts // what registries say of the package besides
}
