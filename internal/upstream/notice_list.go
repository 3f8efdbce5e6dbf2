package upstream

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/package-url/packageurl-go"
)

const (
	maxNoticeBytes = 32 << 20 // endoflife.date's whole list has some five
	maxNotices     = 200_000
	maxNoticeText  = 300 // runes
)

// NoticeFile reads a list of notices of the user's; its name's ending tells the format, as ReadNotices has it.
func NoticeFile(path string) (Notices, error) {
	info, err := os.Stat(path) // before opening, which waits where a pipe has no writer
	if err != nil {
		return nil, fmt.Errorf("notices: %w", err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("notices: %s: not a regular file", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("notices: %w", err)
	}
	defer f.Close()
	return ReadNotices(f, path)
}

// ReadNotices reads a list of notices. file gives the format by its ending, and stands in errors, which name the line where
// there is one:
//
//   - .json: what endoflife.date answers, for one product or many, if it names a repository or a package among its identifiers; or
//     an object of upstreams, each with its list of cycles as endoflife.date's older answers have it.
//   - .csv: with a heading that names the columns upstream (or repo), eol (or date, or retired), and, if wanted, cycle, source
//     (or evidence) and kind. Rows of one upstream are its cycles.
//   - any other: parted by tabs: upstream, date and, if wanted, evidence and kind; a heading and # are passed over.
//
// An upstream is host/owner/name, an address, or owner/name on github.com. In its place a package URL may stand, and then
// the row is about a package, or, with a version, about that cycle of its releases (OfPackage). An upstream with cycles has ended when all of them
// have, with the last; one of which a cycle goes on, or of whose end no date is given, has no notice.
func ReadNotices(r io.Reader, file string) (Notices, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxNoticeBytes+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s: %w", file, err)
	case len(data) > maxNoticeBytes:
		return nil, fmt.Errorf("%s: more than %d bytes", file, maxNoticeBytes)
	case !utf8.Valid(data):
		return nil, fmt.Errorf("%s: not UTF-8", file)
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	var l noticeList
	switch strings.ToLower(filepath.Ext(file)) {
	case ".json":
		err = l.json(data)
	case ".csv":
		err = l.csv(data)
	default:
		err = l.tabs(data)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return l.notices(), nil
}

// A noticeList is a list being read.
type noticeList struct {
	dated  Notices
	cycles map[string][]cycle
	count  int
}

// A cycle is one line of releases of an upstream.
type cycle struct {
	ended        bool
	from         string // date, empty if not known
	source, kind string
}

func (l *noticeList) more() error {
	if l.count++; l.count > maxNotices {
		return fmt.Errorf("more than %d entries", maxNotices)
	}
	return nil
}

func (l *noticeList) date(id string, n Notice) {
	if l.dated == nil {
		l.dated = Notices{}
	}
	l.dated[id] = append(l.dated[id], n)
}

func (l *noticeList) addCycle(id string, c cycle) error {
	if l.cycles == nil {
		l.cycles = map[string][]cycle{}
	}
	l.cycles[id] = append(l.cycles[id], c)
	return l.more()
}

// notices draws the conclusions.
func (l *noticeList) notices() Notices {
	all := Notices{}
	for id, dated := range l.dated {
		all[id] = InOrder(dated)
	}
	for id, cycles := range l.cycles {
		last := cycle{}
		for _, c := range cycles {
			if !c.ended {
				last = cycle{}
				break
			}
			if c.from >= last.from {
				last = c
			}
		}
		if last.ended && last.from != "" {
			n := Notice{Kind: last.kind, Date: last.from, Source: last.source}
			all[id] = InOrder(append(all[id], n))
		}
	}
	return all
}

// tabs reads the format of lists of retirements.
func (l *noticeList) tabs(data []byte) error {
	number := 0
	for line := range strings.Lines(string(data)) {
		number++
		line = strings.TrimRight(line, "\r\n")
		f := strings.Split(line, "\t")
		for i := range f {
			f[i] = strings.TrimSpace(f[i])
		}
		if line == "" || line[0] == '#' || number == 1 && isOneOf(f[0], "repo", "upstream") {
			continue
		}
		if len(f) < 2 {
			return fmt.Errorf("line %d: want an upstream and a date with a tab between them", number)
		}
		f = append(f, "", "")
		id, err := noticeKey(f[0])
		if err != nil {
			return fmt.Errorf("line %d: %w", number, err)
		}
		if !isDate(f[1]) {
			return fmt.Errorf("line %d: %q is no date as YYYY-MM-DD", number, f[1])
		}
		kind, err := noticeKind(f[3], f[2], Retired)
		if err != nil {
			return fmt.Errorf("line %d: %w", number, err)
		}
		l.date(id, Notice{Kind: kind, Date: f[1], Source: noticeText(f[2])})
		if err := l.more(); err != nil {
			return fmt.Errorf("line %d: %w", number, err)
		}
	}
	return nil
}

// csv reads a table with a heading.
func (l *noticeList) csv(data []byte) error {
	table := csv.NewReader(bytes.NewReader(data))
	table.ReuseRecord = true
	heading, err := table.Read()
	if errors.Is(err, io.EOF) {
		return errors.New("empty")
	}
	if err != nil {
		return err
	}
	column := func(names ...string) int {
		return slices.IndexFunc(heading, func(h string) bool { return isOneOf(strings.TrimSpace(h), names...) })
	}
	upstream, eol := column("upstream", "repo", "repository"), column("eol", "eolfrom", "date", "retired")
	if upstream < 0 || eol < 0 {
		return errors.New("line 1: want a heading with the columns upstream and eol")
	}
	source, kind := column("source", "evidence"), column("kind")
	cell := func(row []string, i int) string {
		if i < 0 {
			return ""
		}
		return strings.TrimSpace(row[i])
	}
	for {
		row, err := table.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		number, _ := table.FieldPos(0)
		id, err := noticeKey(cell(row, upstream))
		if err != nil {
			return fmt.Errorf("line %d: %w", number, err)
		}
		c := cycle{source: noticeText(cell(row, source))}
		if c.kind, err = noticeKind(cell(row, kind), "", EndOfLife); err != nil {
			return fmt.Errorf("line %d: %w", number, err)
		}
		switch end := strings.ToLower(cell(row, eol)); {
		case isOneOf(end, "", "false", "no"):
		case isOneOf(end, "true", "yes"):
			c.ended = true
		case isDate(end):
			c.ended, c.from = true, end
		default:
			return fmt.Errorf("line %d: %q is neither a date as YYYY-MM-DD nor true or false", number, cell(row, eol))
		}
		if err := l.addCycle(id, c); err != nil {
			return fmt.Errorf("line %d: %w", number, err)
		}
	}
}

// A product is one of endoflife.date's, as the first version of its interface has it.
type product struct {
	Name        string `json:"name"`
	Identifiers []struct {
		ID   string `json:"id"`
		Type string `json:"type"`
	} `json:"identifiers"`
	Releases *[]struct {
		Name string  `json:"name"`
		EOL  *bool   `json:"isEol"`
		From *string `json:"eolFrom"`
	} `json:"releases"`
}

// json reads endoflife.date's answers.
func (l *noticeList) json(data []byte) error {
	var answer struct {
		Result json.RawMessage `json:"result"`
		product
	}
	body := bytes.TrimSpace(data)
	if err := json.Unmarshal(body, &answer); err == nil && answer.Result != nil {
		body = bytes.TrimSpace(answer.Result)
	} else if err == nil && answer.Releases == nil {
		return l.byUpstream(body)
	}
	var products []product
	if len(body) > 0 && body[0] == '{' {
		products = make([]product, 1)
		if err := json.Unmarshal(body, &products[0]); err != nil {
			return err
		}
	} else if err := json.Unmarshal(body, &products); err != nil {
		return err
	}
	for _, p := range products {
		if p.Releases == nil {
			return fmt.Errorf("%q has no releases: want full products", clipRunes(p.Name, 60))
		}
		var ids []string
		var packages []packageurl.PackageURL
		for _, i := range p.Identifiers {
			if id := repositoryOf(i.ID); id != "" && !slices.Contains(ids, id) {
				ids = append(ids, id)
			} else if u, err := packageurl.FromString(i.ID); id == "" && err == nil {
				packages = append(packages, u)
			}
		}
		for _, u := range packages {
			for _, r := range *p.Releases {
				if r.Name == "" || r.From == nil || !isDate(*r.From) {
					continue
				}
				l.date(packageCycle(u, r.Name), Notice{Kind: EndOfLife, Date: *r.From, Source: noticeText("endoflife.date: " + p.Name + " " + r.Name)})
				if err := l.more(); err != nil {
					return err
				}
			}
		}
		if len(ids) != 1 {
			continue // no repository, or several of which nobody says which one has ended
		}
		for _, r := range *p.Releases {
			c := cycle{kind: EndOfLife, source: noticeText("endoflife.date: " + p.Name)}
			if r.From != nil && isDate(*r.From) {
				c.ended, c.from = true, *r.From
			} else if r.EOL != nil {
				c.ended = *r.EOL
			}
			if err := l.addCycle(ids[0], c); err != nil {
				return err
			}
		}
	}
	return nil
}

// byUpstream reads an object of upstreams with lists of cycles, whose eol is a date, or true or false.
func (l *noticeList) byUpstream(data []byte) error {
	var all map[string][]struct {
		EOL json.RawMessage `json:"eol"`
	}
	if err := json.Unmarshal(data, &all); err != nil {
		return err
	}
	for name, cycles := range all {
		id, err := noticeKey(name)
		if err != nil {
			return err
		}
		for _, raw := range cycles {
			c := cycle{kind: EndOfLife, source: "endoflife.date"}
			if json.Unmarshal(raw.EOL, &c.ended) != nil {
				if json.Unmarshal(raw.EOL, &c.from) != nil || !isDate(c.from) {
					return fmt.Errorf("%s: eol is %s: want a date, true or false", id, clipRunes(string(raw.EOL), 60))
				}
				c.ended = true
			}
			if err := l.addCycle(id, c); err != nil {
				return err
			}
		}
	}
	return nil
}

// repositoryOf gives the upstream that a package URL names by itself; empty if it names none.
func repositoryOf(purl string) string {
	p, err := packageurl.FromString(purl)
	if err != nil {
		return ""
	}
	address := ""
	switch p.Type {
	case packageurl.TypeGithub:
		address = "https://github.com/" + p.Namespace + "/" + p.Name
	case packageurl.TypeBitbucket:
		address = "https://bitbucket.org/" + p.Namespace + "/" + p.Name
	case packageurl.TypeGolang:
		address = "https://" + p.Namespace + "/" + p.Name
	default:
		return ""
	}
	a, err := ParseAddress(address)
	if err != nil {
		return ""
	}
	return a.ID
}

// noticeUpstream reads the upstream of a row.
func noticeUpstream(s string) (string, error) {
	if owner, name, two := strings.Cut(s, "/"); two && !strings.Contains(name, "/") && !strings.Contains(owner, ".") {
		s = "github.com/" + s
	}
	a, err := ParseGiven(s)
	return a.ID, err
}

// noticeKind reads a kind: named, else the word with which the evidence begins, else the usual one of the format.
func noticeKind(named, evidence, usual string) (string, error) {
	if named = strings.ToLower(named); named != "" {
		if !slices.Contains(noticeKinds, named) {
			return "", fmt.Errorf("%q is no kind of notice; known are %s", clipRunes(named, 60), strings.Join(noticeKinds, ", "))
		}
		return named, nil
	}
	evidence = strings.ToLower(evidence)
	for _, kind := range noticeKinds {
		if rest, ok := strings.CutPrefix(evidence, kind); ok && (rest == "" || strings.ContainsAny(rest[:1], " ,;:(")) {
			return kind, nil
		}
	}
	return usual, nil
}

func isDate(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

func isOneOf(s string, words ...string) bool {
	return slices.Contains(words, strings.ToLower(s))
}

// noticeText makes a text of others short and one line.
func noticeText(s string) string {
	return clipRunes(strings.Join(strings.Fields(s), " "), maxNoticeText)
}

func clipRunes(s string, most int) string {
	n := 0
	for i := range s {
		if n++; n > most {
			return s[:i] + "…"
		}
	}
	return s
}
