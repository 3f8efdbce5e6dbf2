package upstream

import (
	"errors"
	"net/url"
	"slices"
	"strings"
)

// A forge is a host known to hold repositories.
type forge struct {
	owned    bool     // repositories are always owner/name; otherwise groups nest
	reserved []string // first parts that are pages of the forge
}

var githubPages = []string{"about", "apps", "collections", "contact", "customer-stories", "customers", "enterprise", "events", "explore",
	"features", "issues", "join", "login", "marketplace", "notifications", "orgs", "pricing", "pulls", "readme", "search", "security",
	"settings", "site", "solutions", "sponsors", "stars", "team", "topics", "trending", "user", "users"}

var forges = map[string]forge{
	"github.com":    {owned: true, reserved: githubPages},
	"bitbucket.org": {owned: true, reserved: []string{"account", "dashboard", "product", "site", "support"}},
	"codeberg.org":  {owned: true, reserved: []string{"api", "assets", "explore", "user"}},
	"gitea.com":     {owned: true, reserved: []string{"api", "assets", "explore", "user"}},
	"gitee.com":     {owned: true, reserved: []string{"api", "enterprises", "explore", "help", "search"}},
	"git.sr.ht":     {owned: true},
	"opendev.org":   {owned: true, reserved: []string{"api", "explore", "user"}},
	"notabug.org":   {owned: true, reserved: []string{"explore", "user"}},
	"pagure.io":     {owned: false, reserved: []string{"api", "user"}},
	"gitlab.com":    {owned: false, reserved: []string{"api", "dashboard", "explore", "help", "users"}},
	"framagit.org":  {owned: false, reserved: []string{"explore", "users"}},
	"invent.kde.org": {
		owned: false, reserved: []string{"explore", "users"}},
	"dev.azure.com": {owned: false},
	"atomgit.com":   {owned: true, reserved: []string{"explore"}},
	"gitcode.com":   {owned: true, reserved: []string{"explore", "topics"}},
}

// gitNames are the first labels of host names that say what the host does.
var gitNames = []string{"git", "gitlab", "gitea", "forgejo", "forge", "github", "bitbucket", "cgit", "gogs", "scm", "vcs"}

// servesGit says whether a host's name tells that it serves repositories.
func servesGit(host string) bool {
	first, _, _ := strings.Cut(host, ".")
	return slices.Contains(gitNames, first) || strings.HasSuffix(host, ".googlesource.com")
}

// canonical leads addresses under which a forge also serves its repositories, and the official mirrors of a few projects
// that host their own git, to the one address used here.
func canonical(host string, parts []string, query string) (string, []string, error) {
	switch host {
	case "ssh.github.com", "raw.github.com", "raw.githubusercontent.com", "codeload.github.com", "objects.github.com", "git.github.com":
		host = "github.com"
		if len(parts) > 2 { // the rest names an artefact, not a page
			parts = parts[:2]
		}
	case "api.github.com":
		if len(parts) < 3 || parts[0] != "repos" {
			return "", nil, errors.New("not the address of a repository")
		}
		return "github.com", parts[1:3], nil
	case "gist.github.com", "gist.githubusercontent.com":
		return "", nil, errors.New("a gist is not a project")
	case "altssh.gitlab.com":
		host = "gitlab.com"
	case "altssh.bitbucket.org":
		host = "bitbucket.org"
	case "go.googlesource.com": // the Go project's own server; github.com/golang is its official mirror
		if len(parts) > 0 {
			return "github.com", append([]string{"golang"}, parts...), nil
		}
	case "gitbox.apache.org", "git-wip-us.apache.org": // mirrored at github.com/apache by the foundation
		if v, err := url.ParseQuery(query); err == nil && v.Get("p") != "" {
			return "github.com", []string{"apache", v.Get("p")}, nil
		}
		if len(parts) >= 3 && parts[0] == "repos" && parts[1] == "asf" {
			return "github.com", append([]string{"apache"}, parts[2:]...), nil
		}
		return "", nil, errors.New("not the address of a repository")
	case "git.apache.org":
		if len(parts) > 0 {
			return "github.com", append([]string{"apache"}, parts...), nil
		}
	case "gitlab.com":
		if len(parts) > 4 && parts[0] == "api" {
			return "", nil, errors.New("not the address of a repository")
		}
	}
	return host, parts, nil
}
