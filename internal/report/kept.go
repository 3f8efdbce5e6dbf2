package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
)

// Kept is a scan as it is kept from run to run, in JSON: without what might name people; without the command line, the paths of this
// machine and the sentences that may hold one, as such paths often name a user; and without what is new since another, which
// can be found again.
func Kept(doc *Document) ([]byte, error) {
	kept := *doc
	kept.Invocation, kept.Next, kept.Changes, kept.Summary.NotRead = "", nil, nil, ""
	kept.Subjects = append([]Subject(nil), doc.Subjects...)
	for i := range kept.Subjects {
		kept.Subjects[i].ID, kept.Subjects[i].Path = local(doc.Subjects[i].ID), ""
	}
	kept.Gaps = append([]Gap(nil), doc.Gaps...)
	for i := range kept.Gaps {
		g := &kept.Gaps[i]
		g.File, g.What, g.Why, g.Hint = local(g.File), local(g.What), "", ""
	}
	kept.Upstreams = append([]Upstream(nil), doc.Upstreams...)
	for i := range kept.Upstreams { // what other commands add to a scan may name people
		u := &kept.Upstreams[i]
		u.People, u.Governance, u.Territory = nil, nil, nil
	}
	kept.Footprint, kept.Drill = nil, nil
	Normalise(&kept)
	return json.Marshal(&kept)
}

// local is a path without the way to it from the root of a machine, which differs from one to the next.
func local(file string) string {
	slashed := strings.ReplaceAll(file, `\`, "/")
	drive := len(slashed) > 2 && slashed[1] == ':' && slashed[2] == '/'
	if drive || strings.HasPrefix(slashed, "/") || strings.HasPrefix(slashed, "~") || strings.HasPrefix(slashed, "../") {
		return path.Base(slashed)
	}
	return file
}

// Why a document cannot be read again.
var (
	ErrNoDocument = errors.New("not a document of Mainstay")
	ErrNewer      = errors.New("a document of a later version")
	ErrNoScan     = errors.New("a document that holds no scan") // as that of an inspection, which says nothing of packages
)

// maxRead bounds a document that is read again: a scan of 8,000 packages writes 6 MB.
const maxRead = 256 << 20

// Read reads a document that Mainstay wrote as JSON.
func Read(r io.Reader) (*Document, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxRead+1))
	if err != nil {
		return nil, err
	}
	if len(text) > maxRead {
		return nil, fmt.Errorf("%w: over %d MiB", ErrNoDocument, maxRead>>20)
	}
	// What a later version says may not fit the types of this one, so its version is looked at alone, first.
	var head struct {
		SchemaVersion int  `json:"schema_version"`
		Tool          Tool `json:"tool"`
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff")) // which some editors and shells put first
	if err := json.Unmarshal(text, &head); err != nil || head.SchemaVersion < 1 || head.Tool.Name != "mainstay" {
		return nil, ErrNoDocument
	}
	if head.SchemaVersion > SchemaVersion {
		return nil, fmt.Errorf("%w: schema version %d, written by %s; this one knows %d", ErrNewer, head.SchemaVersion, head.Tool.Version, SchemaVersion)
	}
	var doc Document
	if err := json.Unmarshal(text, &doc); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoDocument, err)
	}
	if !slices.Contains([]string{"scan", "plan", "footprint", "drill"}, doc.Command) {
		return nil, ErrNoScan
	}
	Normalise(&doc)
	return &doc, nil
}
