package history

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// A history archive is a folder that holds one history under keyed hashes: who worked when, without names, texts or code.
//
//	meta.json        what it is of, how many rows the tables have, and until when the upstream was watched
//	commits.tsv.gz   every commit reachable from the default branch, by committer date
//	tags.tsv         tags by creation date
//	pulls.tsv.gz     pull heads by number
//	aliases.tsv      hashes that .mailmap declares to be one person; only where there are any
//
// Tables are tab-separated with a header; columns are found by name, so that more of them do no harm. "-" is a blank. The
// column coauthors is there for other writers: no measure of ours uses it.
const (
	metaFile    = "meta.json"
	commitsFile = "commits.tsv.gz"
	tagsFile    = "tags.tsv"
	pullsFile   = "pulls.tsv.gz"
	aliasesFile = "aliases.tsv"
)

// archiveMeta is meta.json. Counts are pointers because other writers may leave them out; those that are there must be right.
type archiveMeta struct {
	Host          string `json:"host,omitempty"` // github.com if absent
	Repo          string `json:"repo"`           // owner/name on Host, or host/owner/name
	Commits       *int   `json:"commits"`
	FirstCommit   int64  `json:"first_commit"`   // Unix seconds
	LastCommit    int64  `json:"last_commit"`    // Unix seconds
	ObservedUntil int64  `json:"observed_until"` // Unix seconds
	Tags          *int   `json:"tags"`
	Pulls         *int   `json:"pulls"`
	// PullsKnown tells whether pull heads were looked for. Where it is absent, an empty table means that they were not, or
	// that the host keeps none: nobody can say which.
	PullsKnown *bool `json:"pulls_known,omitempty"`
}

// maxMeta bounds meta.json, in bytes.
const maxMeta = 1 << 20

func readMeta(dir string) (*archiveMeta, error) {
	path := filepath.Join(dir, metaFile)
	f, err := openArchiveFile(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxMeta+1))
	if err != nil {
		return nil, err
	}
	if len(text) > maxMeta {
		return nil, errors.New("longer than 1 MiB")
	}
	var m archiveMeta
	if err := json.Unmarshal(text, &m); err != nil {
		return nil, err
	}
	if m.upstream() == "" {
		return nil, fmt.Errorf("repo %q is not owner/name", m.Repo)
	}
	for _, at := range []int64{m.FirstCommit, m.LastCommit, m.ObservedUntil} {
		if at < -maxDate || at > maxDate {
			return nil, fmt.Errorf("%d is not a date", at)
		}
	}
	return &m, nil
}

// upstream gives host/owner/name in lower case, or "" if repo is nothing of the kind.
func (m *archiveMeta) upstream() string {
	host, repo := m.Host, m.Repo
	if host == "" {
		host = "github.com"
		if first, rest, _ := strings.Cut(repo, "/"); strings.Contains(first, ".") && strings.Contains(rest, "/") {
			host, repo = first, rest
		}
	}
	id := strings.ToLower(host + "/" + repo)
	if !validUpstream(id) {
		return ""
	}
	return id
}

// validUpstream tells whether id is host/owner/name, of characters that are no danger in a path: mirrors and the cache use
// it as one.
func validUpstream(id string) bool {
	parts := strings.Split(id, "/")
	if len(parts) < 3 || len(id) > 512 {
		return false
	}
	for i, p := range parts {
		if p == "" || p[0] == '-' || strings.HasSuffix(p, ".") || i == 0 && p[0] == '.' {
			return false
		}
		for _, r := range p {
			if r <= ' ' || r == 0x7f || strings.ContainsRune(`<>"|?*\`, r) {
				return false
			}
		}
	}
	return true
}

// ArchiveName gives the name of the folder that holds the archive of an upstream by convention: owner+name for one on
// github.com, host+owner+name elsewhere.
func ArchiveName(upstream string) string {
	return strings.ReplaceAll(strings.TrimPrefix(upstream, "github.com/"), "/", "+")
}

// openArchiveFile opens a file, and nothing that could block or have no end.
func openArchiveFile(path string) (*os.File, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("not a regular file")
	}
	return os.Open(path)
}
