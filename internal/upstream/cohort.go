package upstream

import (
	"bufio"
	"embed"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Member is one upstream of a cohort.
type Member struct {
	Upstream string  // host/owner/name in lower case
	URL      string  // address to clone from
	Name     string  // what people call it; the repository's name where the list has none
	Weight   float64 // how much it counts, above 0; 1 unless the list says otherwise
	Note     string  // what the list says about it: a foundation's level and its date, a kind; may be empty
}

// The lists come with their sources as comments at their heads.
//
//go:embed cohorts/*.tsv
var cohortLists embed.FS

// Cohorts names the built-in lists.
var Cohorts = []string{"ai", "apache", "cncf"}

const (
	maxCohortBytes = 8 << 20
	maxMembers     = 50_000
	maxCohortLine  = 4096 // bytes
)

// Cohort gives a named list of upstreams: one of [Cohorts], else the file of that name (a file that is called like a built-in
// list is named with its folder, ./ai). Members are sorted by Upstream.
func Cohort(name string) ([]Member, error) {
	if slices.Contains(Cohorts, name) {
		f, err := cohortLists.Open("cohorts/" + name + ".tsv")
		if err != nil {
			return nil, err
		}
		defer f.Close()
		return ReadCohort(f, name)
	}
	f, err := os.Open(name)
	if os.IsNotExist(err) {
		return nil, &UnknownCohortError{Name: name}
	}
	if err != nil {
		return nil, fmt.Errorf("cohort: %w", err)
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, fmt.Errorf("cohort %q: not a regular file", name)
	}
	return ReadCohort(f, name)
}

// An UnknownCohortError says that a name is neither one of [Cohorts] nor a file.
type UnknownCohortError struct{ Name string }

func (e *UnknownCohortError) Error() string {
	return fmt.Sprintf("cohort %q: neither a list (%s) nor a file", e.Name, strings.Join(Cohorts, ", "))
}

// ReadCohort reads a list: one upstream a line, as host/owner/name or an address, then, if wanted, a weight above 0, a name
// and a note, parted by tabs or the first two by spaces. # begins a comment. Errors name file and line.
func ReadCohort(r io.Reader, file string) ([]Member, error) {
	limited := &io.LimitedReader{R: r, N: maxCohortBytes + 1}
	lines := bufio.NewScanner(limited)
	lines.Buffer(make([]byte, 0, maxCohortLine), maxCohortLine)
	var all []Member
	seen := make(map[string]int)
	n := 0
	for lines.Scan() {
		n++
		text := lines.Text()
		if n == 1 {
			text = strings.TrimPrefix(text, "\ufeff")
		}
		if limited.N == 0 || len(all) > maxMembers {
			return nil, fmt.Errorf("%s:%d: the list is too long; %d upstreams in %d bytes are the most", file, n, maxMembers, maxCohortBytes)
		}
		m, ok, err := readMember(text)
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", file, n, err)
		}
		if !ok {
			continue
		}
		if first, twice := seen[m.Upstream]; twice {
			return nil, fmt.Errorf("%s:%d: %s stands in line %d already", file, n, m.Upstream, first)
		}
		seen[m.Upstream] = n
		all = append(all, m)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%s:%d: %w", file, n+1, err)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s: names no upstream", file)
	}
	slices.SortFunc(all, func(a, b Member) int { return strings.Compare(a.Upstream, b.Upstream) })
	return all, nil
}

func readMember(line string) (m Member, ok bool, err error) {
	if !utf8.ValidString(line) {
		return m, false, fmt.Errorf("not UTF-8")
	}
	if i := commentStart(line); i >= 0 {
		line = line[:i]
	}
	line = strings.TrimSpace(line)
	if line == "" {
		return m, false, nil
	}
	var columns []string
	if strings.Contains(line, "\t") {
		columns = strings.Split(line, "\t")
	} else {
		columns = strings.Fields(line)
		if len(columns) > 2 {
			return m, false, fmt.Errorf("want an upstream and perhaps a weight; a name and a note need tabs before them")
		}
	}
	for i := range columns {
		columns[i] = strings.TrimSpace(columns[i])
	}
	columns = append(columns, "", "", "")
	a, err := ParseGiven(columns[0])
	if err != nil {
		return m, false, err
	}
	m = Member{Upstream: a.ID, URL: a.URL, Name: columns[2], Weight: 1, Note: columns[3]}
	if m.Name == "" {
		m.Name = a.URL[strings.LastIndexByte(a.URL, '/')+1:]
	}
	if strings.IndexFunc(m.Name+m.Note, unicode.IsControl) >= 0 {
		return m, false, fmt.Errorf("control characters in the name or note")
	}
	if columns[1] != "" {
		m.Weight, err = strconv.ParseFloat(columns[1], 64)
		if err != nil || !(m.Weight > 0 && m.Weight <= 1e9) {
			return m, false, fmt.Errorf("weight %q: want a number above 0", columns[1])
		}
	}
	return m, true, nil
}

// commentStart finds a # at the beginning of a line or after a space; inside an address it is a fragment.
func commentStart(line string) int {
	for i := range len(line) {
		if line[i] == '#' && (i == 0 || line[i-1] == ' ' || line[i-1] == '\t') {
			return i
		}
	}
	return -1
}
