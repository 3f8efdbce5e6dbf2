package history

import (
	"bufio"
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/klauspost/compress/gzip"
)

// ArchiveOptions say what an archive keeps of names and domains. A nil function says no to everything.
type ArchiveOptions struct {
	// Generic tells whether a name says nothing about its bearer, like root. Such names are left blank: under a hash they
	// would look like one person.
	Generic func(name string) bool
	// GenericAddress tells the same of an address, like no-reply@corp.example. It is left blank too.
	GenericAddress func(email string) bool
	// Organisation tells whether a domain is known to be an organisation's. It is kept then, however few its people here.
	Organisation func(domain string) bool
	// OptedOut tells who does not want to be attributed, by index in History.Identities. Their domain is personal then, and does
	// not help to keep that of others. Their hashes stay, as a pseudonym: without them their commits would be nobody's, or
	// everybody's, and no figure on persons would be right.
	OptedOut func(identity int32) bool
}

// MinKey is the least length of an archive's key, in bytes.
const MinKey = 16

// A domain that is not known to be an organisation's is kept if at least this many addresses and this many names here have
// it. Fewer people could be found again by it, and a family's or a freelancer's domain names no employer.
const minPeopleOfDomain = 3

// WriteArchive writes a history as an archive (archive.go describes the layout) into the folder dir, whose parent must exist.
// Names and addresses become the first 48 bits of their HMAC-SHA-256 under key: who has not got the key cannot try out names,
// and two archives under different keys cannot be compared. So take a fresh random key for each export, and throw it
// away. Of a forge no-reply address the login is hashed. Domains are kept where many share them or an organisation is known
// to own them; the rest become classes (domain.go).
//
// The same history, key and options give the same bytes. An archive that stands in dir already is replaced, any other content
// is an error; either the whole archive is there afterwards or what was there before.
func WriteArchive(dir string, h *History, key []byte, opts ArchiveOptions) (err error) {
	if len(key) < MinKey {
		return fmt.Errorf("archive key of %d bytes, at least %d are needed", len(key), MinKey)
	}
	if !validUpstream(h.Upstream) {
		return fmt.Errorf("archive of %q, which is not host/owner/name", h.Upstream)
	}
	dir = filepath.Clean(dir)
	if err := replaceable(dir); err != nil {
		return err
	}
	temp, err := os.MkdirTemp(filepath.Dir(dir), "."+filepath.Base(dir)+".")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(temp))
		}
	}()
	if err := os.Chmod(temp, 0o755); err != nil {
		return err
	}
	w := newArchiveWriter(h, key, opts)
	for _, file := range []struct {
		name  string
		write func(*bufio.Writer) error
	}{
		{commitsFile, w.commits}, {tagsFile, w.tags}, {pullsFile, w.pulls}, {aliasesFile, w.aliases}, {metaFile, w.meta},
	} {
		if file.name == aliasesFile && len(h.Aliases) == 0 {
			continue
		}
		if err := writeFile(filepath.Join(temp, file.name), file.write); err != nil {
			return err
		}
	}
	return replaceFolder(temp, dir)
}

// replaceable refuses a folder that holds anything but an archive.
func replaceable(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !slices.Contains([]string{metaFile, commitsFile, tagsFile, pullsFile, aliasesFile}, e.Name()) {
			return fmt.Errorf("%s holds %s: not a history archive, so it is left alone", dir, e.Name())
		}
	}
	return nil
}

// replaceFolder puts the folder temp in the place of dir.
func replaceFolder(temp, dir string) error {
	old := temp + ".old"
	if err := os.Rename(dir, old); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.Rename(temp, dir); err != nil {
		return errors.Join(err, ignoreAbsent(os.Rename(old, dir)))
	}
	return os.RemoveAll(old)
}

func ignoreAbsent(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// writeFile writes a file to the disk, gzipped if its name says so.
func writeFile(path string, write func(*bufio.Writer) error) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = cmp.Or(err, f.Close()) }()
	var out io.Writer = f
	var z *gzip.Writer
	if strings.HasSuffix(path, ".gz") {
		if z, err = gzip.NewWriterLevel(f, gzip.BestCompression); err != nil {
			return err
		}
		out = z
	}
	w := bufio.NewWriterSize(out, 64<<10)
	if err := write(w); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if z != nil {
		if err := z.Close(); err != nil {
			return err
		}
	}
	return f.Sync()
}

// An archiveWriter holds a history's identities as the archive shows them.
type archiveWriter struct {
	h                    *History
	mac                  hash.Hash
	generic              func(string) bool
	genericAddress       func(string) bool
	names, emails, class []string // of each identity
}

func newArchiveWriter(h *History, key []byte, opts ArchiveOptions) *archiveWriter {
	w := &archiveWriter{h: h, mac: hmac.New(sha256.New, key), generic: opts.Generic, genericAddress: opts.GenericAddress}
	none := func(string) bool { return false }
	if w.generic == nil {
		w.generic = none
	}
	if w.genericAddress == nil {
		w.genericAddress = none
	}
	out := opts.OptedOut
	if out == nil {
		out = func(int32) bool { return false }
	}
	shared := sharedDomains(h, w.generic, out)
	for i, who := range h.Identities {
		w.names = append(w.names, w.name(who.Name))
		w.emails = append(w.emails, w.email(who.Email))
		class := DomainPersonal
		if !out(int32(i)) {
			class = domainShown(who.Domain, shared, opts.Organisation)
		}
		w.class = append(w.class, class)
	}
	return w
}

// name gives the hash of a name, "-" for one that says nothing.
func (w *archiveWriter) name(name string) string {
	name = strings.TrimSpace(name)
	if name == "" || name == "-" || w.generic(name) {
		return "-"
	}
	return w.hash("name\x00" + name)
}

// email gives the hash of an address.
func (w *archiveWriter) email(email string) string {
	email = strings.ToLower(strings.TrimSpace(email))
	if email == "" || email == "-" || w.genericAddress(email) {
		return "-"
	}
	return w.hash("address\x00" + email)
}

// hash gives the first 48 bits as 12 hexadecimal digits: among the 50,000 author strings of the largest repository two
// meet with a probability of one in 200,000.
func (w *archiveWriter) hash(text string) string {
	w.mac.Reset()
	io.WriteString(w.mac, text) // a hash never fails
	return hex.EncodeToString(w.mac.Sum(nil)[:6])
}

// sharedDomains are the domains that at least minPeopleOfDomain addresses and names have, of people who did not opt out: the rest
// would be too few to hide among.
func sharedDomains(h *History, generic func(string) bool, out func(int32) bool) map[string]bool {
	type people struct{ names, emails map[string]bool }
	of := map[string]people{}
	for i, who := range h.Identities {
		if who.Bot || who.Email == "" || DomainClass(who.Domain) != "" || out(int32(i)) {
			continue
		}
		p, ok := of[who.Domain]
		if !ok {
			p = people{map[string]bool{}, map[string]bool{}}
			of[who.Domain] = p
		}
		p.emails[who.Email] = true
		if who.Name != "" && !generic(who.Name) {
			p.names[strings.ToLower(who.Name)] = true
		}
	}
	shared := map[string]bool{}
	for domain, p := range of {
		shared[domain] = min(len(p.names), len(p.emails)) >= minPeopleOfDomain
	}
	return shared
}

func domainShown(domain string, shared map[string]bool, organisation func(string) bool) string {
	domain = strings.ToLower(domain)
	switch class := DomainClass(domain); {
	case domain == "":
		return DomainUnknown
	case class == DomainUnknown:
		return class
	case organisation != nil && organisation(domain):
		return domain
	case class != "":
		return class
	case shared[domain]:
		return domain
	}
	return DomainPersonal
}

func (w *archiveWriter) commits(out *bufio.Writer) error {
	out.WriteString("committed\tauthored\tauthor_tz\tparents\tauthor_name\tauthor_email\tauthor_domain\tcommitter_email\tcommitter_domain\tbot\tpull\tcoauthors\n")
	var b []byte
	for i := range w.h.Commits {
		c := &w.h.Commits[i]
		b = strconv.AppendInt(b[:0], c.Committed, 10)
		b = appendNumber(b, c.Authored)
		b = appendNumber(b, int64(c.AuthorTZ))
		b = appendNumber(b, int64(c.Parents))
		for _, s := range [...]string{w.names[c.Author], w.emails[c.Author], w.class[c.Author], w.emails[c.Committer], w.class[c.Committer]} {
			b = append(append(b, '\t'), s...)
		}
		b = append(b, '\t', bit(w.h.Identities[c.Author].Bot))
		b = appendNumber(b, int64(c.Pull))
		b = append(b, "\t-\n"...)
		if _, err := out.Write(b); err != nil {
			return err
		}
	}
	return nil
}

func (w *archiveWriter) tags(out *bufio.Writer) error {
	out.WriteString("created\ttag\n")
	for _, tag := range w.h.Tags {
		if tag.Name == "" || strings.ContainsAny(tag.Name, "\t\r\n") {
			return fmt.Errorf("tag %q cannot stand in a table", tag.Name)
		}
		fmt.Fprintf(out, "%d\t%s\n", tag.Created, tag.Name)
	}
	return nil // out keeps the first error of writing for Flush
}

func (w *archiveWriter) pulls(out *bufio.Writer) error {
	out.WriteString("number\tauthored\thead_committed\tauthor_email\tbot\n")
	for _, p := range w.h.Pulls {
		fmt.Fprintf(out, "%d\t%d\t%d\t%s\t%c\n", p.Number, p.Authored, p.HeadCommitted, w.emails[p.Author], bit(w.h.Identities[p.Author].Bot))
	}
	return nil
}

func (w *archiveWriter) aliases(out *bufio.Writer) error {
	out.WriteString("name\temail\told_name\told_email\n")
	for _, a := range w.h.Aliases {
		if a.OldName != "" && w.name(a.OldName) == "-" {
			continue // without the name it would speak of everybody at the address
		}
		fmt.Fprintf(out, "%s\t%s\t%s\t%s\n", w.name(a.Name), w.email(a.Email), w.name(a.OldName), w.email(a.OldEmail))
	}
	return nil
}

func (w *archiveWriter) meta(out *bufio.Writer) error {
	commits, tags, pulls := len(w.h.Commits), len(w.h.Tags), len(w.h.Pulls)
	m := archiveMeta{Commits: &commits, Tags: &tags, Pulls: &pulls, PullsKnown: &w.h.PullsKnown, ObservedUntil: w.h.ObservedUntil.Unix()}
	host, repo, _ := strings.Cut(w.h.Upstream, "/")
	if host != "github.com" {
		m.Host = host
	}
	m.Repo = repo
	if commits > 0 {
		m.FirstCommit, m.LastCommit = w.h.Commits[0].Committed, w.h.Commits[commits-1].Committed
	}
	text, err := json.MarshalIndent(m, "", " ")
	if err != nil {
		return err
	}
	_, err = out.Write(append(text, '\n'))
	return err
}

func appendNumber(b []byte, n int64) []byte { return strconv.AppendInt(append(b, '\t'), n, 10) }

func bit(b bool) byte {
	if b {
		return '1'
	}
	return '0'
}
