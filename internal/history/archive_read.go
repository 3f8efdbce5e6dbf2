package history

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// maxIdentities bounds the author strings of one archive; the Linux kernel has some 50,000.
const maxIdentities = 1_000_000

// ReadArchive reads the history archive in dir. The result is named upstream (host/owner/name), or as meta.json says if
// upstream is empty.
//
// Pull heads are known if meta.json says so ("pulls_known") or, where it is silent, if there are any: an empty table may as
// well mean that the host keeps none, and what is not known is not counted as 0. Of a pull's author an archive keeps the
// address only; where that is known from a commit the identity is the commit's. Blanks become empty strings.
//
// The error is an *Error that names file and line, of kind Corrupt, TooLarge, Unreadable or EmptyRepository.
func ReadArchive(dir, upstream string) (*History, error) {
	h, err := readArchive(dir)
	if upstream != "" && h != nil {
		h.Upstream = strings.ToLower(upstream)
	}
	if err != nil {
		return nil, failure(strings.ToLower(upstream), gap.Corrupt, err)
	}
	return h, nil
}

func readArchive(dir string) (*History, error) {
	meta, err := readMeta(dir)
	if err != nil {
		return nil, metaFailure(dir, err)
	}
	h := &History{Upstream: meta.upstream(), Source: Archive, Hashed: true}
	roster := newHashRoster(h)
	if err := readCommits(dir, h, roster, meta); err != nil {
		return nil, err
	}
	if len(h.Commits) == 0 {
		return nil, &Error{Kind: gap.EmptyRepository, File: filepath.ToSlash(filepath.Join(dir, commitsFile)), Detail: "no commits"}
	}
	if err := readTags(dir, h, meta); err != nil {
		return nil, err
	}
	if err := readPulls(dir, h, roster, meta); err != nil {
		return nil, err
	}
	if err := readAliases(dir, h); err != nil {
		return nil, err
	}
	h.Identities = slices.Clip(h.Identities)
	observed := meta.ObservedUntil
	if observed == 0 {
		observed = h.Commits[len(h.Commits)-1].Committed
	}
	h.ObservedUntil = time.Unix(observed, 0).UTC()
	return h, nil
}

func metaFailure(dir string, err error) *Error {
	t := &table{path: filepath.ToSlash(filepath.Join(dir, metaFile))}
	return t.fail(err)
}

func readCommits(dir string, h *History, roster *hashRoster, meta *archiveMeta) error {
	const (
		committed = iota
		authored
		authorTZ
		parents
		authorName
		authorEmail
		authorDomain
		committerEmail
		committerDomain
		bot
		pull
	)
	t, err := openTable(dir, commitsFile, "committed", "authored", "author_tz", "parents", "author_name", "author_email", "author_domain",
		"committer_email", "committer_domain", "bot", "pull")
	if err != nil {
		return err
	}
	defer t.close()
	if meta.Commits != nil {
		h.Commits = make([]Commit, 0, min(max(*meta.Commits, 0), 100_000)) // not more on the word of a file alone
	}
	sorted := true
	for t.next() {
		c := Commit{
			Committed: t.number(committed, -maxDate, maxDate),
			Authored:  t.number(authored, -maxDate, maxDate),
			AuthorTZ:  int16(t.number(authorTZ, math.MinInt16, math.MaxInt16)),
			Parents:   uint8(min(t.number(parents, 0, math.MaxInt32), 255)),
			Pull:      int32(t.number(pull, 0, math.MaxInt32)),
			Author:    roster.number(t.text(authorName), t.text(authorEmail), t.text(authorDomain), t.number(bot, 0, 1) == 1),
			Committer: roster.number(nil, t.text(committerEmail), t.text(committerDomain), false),
		}
		if t.err != nil {
			break
		}
		if n := len(h.Commits); n > 0 && c.Committed < h.Commits[n-1].Committed {
			sorted = false
		}
		h.Commits = append(h.Commits, c)
		if len(h.Identities) > maxIdentities {
			return t.tooLarge(fmt.Sprintf("more than %d author strings", maxIdentities))
		}
	}
	if !sorted {
		slices.SortStableFunc(h.Commits, func(a, b Commit) int { return cmp.Compare(a.Committed, b.Committed) })
	}
	h.Commits = slices.Clip(h.Commits)
	return t.end(len(h.Commits), meta.Commits)
}

func readTags(dir string, h *History, meta *archiveMeta) error {
	t, err := openTable(dir, tagsFile, "created", "tag")
	if err != nil {
		return err
	}
	defer t.close()
	for t.next() {
		tag := Tag{Created: t.number(0, -maxDate, maxDate), Name: validUTF8(string(t.field(1)))}
		h.Tags = append(h.Tags, tag)
	}
	slices.SortStableFunc(h.Tags, func(a, b Tag) int {
		return cmp.Or(cmp.Compare(a.Created, b.Created), strings.Compare(a.Name, b.Name))
	})
	return t.end(len(h.Tags), meta.Tags)
}

func readPulls(dir string, h *History, roster *hashRoster, meta *archiveMeta) error {
	t, err := openTable(dir, pullsFile, "number", "authored", "head_committed", "author_email", "bot")
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) && (meta.Pulls == nil || *meta.Pulls == 0) {
			return nil
		}
		return err
	}
	defer t.close()
	sorted := true
	for t.next() {
		p := Pull{
			Number:        int32(t.number(0, 0, math.MaxInt32)),
			Authored:      t.number(1, -maxDate, maxDate),
			HeadCommitted: t.number(2, -maxDate, maxDate),
			Author:        roster.byAddress(t.text(3), t.number(4, 0, 1) == 1),
		}
		if t.err != nil {
			break
		}
		if n := len(h.Pulls); n > 0 && p.Number < h.Pulls[n-1].Number {
			sorted = false
		}
		h.Pulls = append(h.Pulls, p)
		if len(h.Identities) > 2*maxIdentities {
			return t.tooLarge(fmt.Sprintf("more than %d author strings", maxIdentities))
		}
	}
	if !sorted {
		slices.SortStableFunc(h.Pulls, func(a, b Pull) int { return cmp.Compare(a.Number, b.Number) })
	}
	h.Pulls = slices.Clip(h.Pulls)
	h.PullsKnown = len(h.Pulls) > 0 || meta.PullsKnown != nil && *meta.PullsKnown
	return t.end(len(h.Pulls), meta.Pulls)
}

func readAliases(dir string, h *History) error {
	if _, err := os.Lstat(filepath.Join(dir, aliasesFile)); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	t, err := openTable(dir, aliasesFile, "name", "email", "old_name", "old_email")
	if err != nil {
		return err
	}
	defer t.close()
	for t.next() {
		if len(h.Aliases) == maxAliases {
			return t.tooLarge(fmt.Sprintf("more than %d aliases", maxAliases))
		}
		a := Alias{
			Name: validUTF8(string(t.text(0))), Email: validUTF8(string(t.text(1))), OldName: validUTF8(string(t.text(2))), OldEmail: validUTF8(string(t.text(3))),
		}
		if a.Name+a.Email != "" && a.OldName+a.OldEmail != "" {
			h.Aliases = append(h.Aliases, a)
		}
	}
	return t.end(0, nil)
}

// end gives the error that ended the table, or says that it has another number of rows than meta.json promises.
func (t *table) end(rows int, promised *int) error {
	if t.err != nil {
		return t.err
	}
	if promised != nil && *promised != rows {
		return t.fail(fmt.Errorf("%d rows, meta.json promises %d", rows, *promised))
	}
	return nil
}

// A hashRoster gives every author string of an archive its number.
type hashRoster struct {
	h       *History
	numbers map[string]int32
	address map[string]int32 // an identity with that address, "1" before it for a bot; made when the first pull is read
	key     []byte
}

func newHashRoster(h *History) *hashRoster {
	return &hashRoster{h: h, numbers: make(map[string]int32)}
}

func (r *hashRoster) number(name, email, domain []byte, bot bool) int32 {
	r.key = append(r.key[:0], name...)
	r.key = append(r.key, '\t')
	r.key = append(r.key, email...)
	r.key = append(r.key, '\t')
	r.key = append(r.key, domain...)
	if bot {
		r.key = append(r.key, '\t')
	}
	if n, ok := r.numbers[string(r.key)]; ok {
		return n
	}
	key := string(r.key)
	n := int32(len(r.h.Identities))
	r.numbers[key] = n
	rest := key[len(name)+1:] // the parts share the key's memory
	r.h.Identities = append(r.h.Identities, Identity{
		Name: validUTF8(key[:len(name)]), Email: validUTF8(rest[:len(email)]), Domain: validUTF8(rest[len(email)+1:][:len(domain)]), Bot: bot,
	})
	return n
}

// byAddress finds the author of a pull head among those of the commits, or makes one without a name.
func (r *hashRoster) byAddress(email []byte, bot bool) int32 {
	if r.address == nil {
		r.address = make(map[string]int32, len(r.h.Identities))
		for i, who := range slices.Backward(r.h.Identities) {
			if who.Name != "" || who.Bot {
				r.address[addressOf(who.Email, who.Bot)] = int32(i)
			}
		}
	}
	key := addressOf(string(email), bot)
	if n, ok := r.address[key]; ok && len(email) > 0 {
		return n
	}
	n := r.number(nil, email, nil, bot)
	if len(email) > 0 {
		r.address[key] = n
	}
	return n
}

func addressOf(email string, bot bool) string {
	if bot {
		return "1" + email
	}
	return "0" + email
}

// validUTF8 gives s without harm to whoever prints it.
func validUTF8(s string) string { return strings.ToValidUTF8(s, "\ufffd") }
