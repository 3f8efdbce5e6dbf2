// Package history turns a repository into what the measures need: who committed when, which tags were made when, and
// which pull requests were opened when. No message text is kept, and of files at most one sentence of the README.
//
// Histories come from four sources, tried in this order: bare mirrors that the user keeps, history archives, Mainstay's
// own cache, and the network (package doc of source.go).
package history

import "time"

// Source says where a history came from.
type Source string

// Sources, in the order in which they are tried.
const (
	Mirror  Source = "mirror"  // a bare repository that the user keeps (--mirrors)
	Archive Source = "archive" // a history archive (--histories)
	Cache   Source = "cache"   // a repository that Mainstay fetched earlier
	Network Source = "network" // fetched in this run
)

// An Identity is one author string: a name and an address as they stand in commits. Several identities may be one
// person; package people joins them.
//
// In a history read from an archive Name and Email are keyed hashes; they can be compared but not read.
type Identity struct {
	Name   string // "" or "-" if the archive blanked it
	Email  string // in lower case; a forge no-reply address is reduced to its login followed by "@noreply"
	Domain string // of the address in lower case, or one of the classes in domain.go: freemail, noreply, unknown, personal
	Bot    bool   // decided by package people's table (or by the archive's writer)
}

// A Commit is one commit reachable from the default branch.
type Commit struct {
	Committed int64 // committer date, Unix seconds
	Authored  int64 // author date, Unix seconds
	Author    int32 // index into History.Identities
	Committer int32 // index into History.Identities
	Pull      int32 // number of the pull request that the subject names, else 0
	AuthorTZ  int16 // minutes east of UTC
	Parents   uint8 // number of parents, at most 255
}

// Human tells whether the commit counts as human work: its author is no bot and it is no merge.
func (h *History) Human(c *Commit) bool {
	return c.Parents < 2 && !h.Identities[c.Author].Bot
}

// A Tag is a tag with its creation date: the tagger's for an annotated tag, the commit's committer date otherwise.
type Tag struct {
	Created int64 // Unix seconds
	Name    string
}

// A Pull is the head of one pull request, as the forge keeps it under refs/pull/N/head.
type Pull struct {
	Number        int32
	Author        int32 // index into History.Identities
	Authored      int64 // author date of the head commit, Unix seconds
	HeadCommitted int64 // committer date of the head commit, Unix seconds
}

// An Alias says that two author strings are one person; it comes from .mailmap.
type Alias struct {
	Name, Email       string // canonical; either may be empty
	OldName, OldEmail string // as found in commits; OldName may be empty
}

// A History is all that is known of one upstream. It is read-only once returned.
type History struct {
	Upstream   string // host/owner/name, in lower case
	Source     Source
	Identities []Identity
	Commits    []Commit // by Committed, oldest first; ties in the order of the source
	Tags       []Tag    // by Created, oldest first
	Pulls      []Pull   // by Number
	Aliases    []Alias  // from .mailmap of the newest commit; evidence only for dates from ObservedUntil-day on

	// Statement is what the README of the newest commit says about the upstream's future; nil if it says nothing, or is not at
	// hand, as in an archive.
	Statement *Statement

	// PullsKnown tells whether pull heads were looked for at all. Without them the measures on pulls are unknown, not 0.
	PullsKnown bool
	// Hashed tells that names and addresses are keyed hashes (from an archive).
	Hashed bool
	// ObservedUntil is the last moment at which the project is known to have been watched; silence after it means nothing.
	ObservedUntil time.Time
}
