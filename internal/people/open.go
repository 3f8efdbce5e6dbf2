package people

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// An OpenPerson is somebody whose affiliation is not known, with all author strings that are theirs.
type OpenPerson struct {
	Name        string
	Addresses   []string  // as history.Identity has them, so that a forge's no-reply address is login@noreply
	Commits     int       // that nobody's affiliation explains
	First, Last time.Time // of their commits
}

// JoinOpen joins the entries of several upstreams that share an address, most commits first, then by name.
func JoinOpen(all []OpenPerson) []OpenPerson {
	var joined []OpenPerson
	at := map[string]int{} // by address
	for _, p := range all {
		i := -1
		for _, a := range p.Addresses {
			if k, known := at[a]; known && !GenericAddress(a) {
				i = k
				break
			}
		}
		if i < 0 {
			i = len(joined)
			joined = append(joined, OpenPerson{Name: p.Name, First: p.First, Last: p.Last})
		}
		j := &joined[i]
		j.Commits += p.Commits
		if p.First.Before(j.First) {
			j.First = p.First
		}
		if p.Last.After(j.Last) {
			j.Last = p.Last
		}
		for _, a := range p.Addresses {
			if !slices.Contains(j.Addresses, a) {
				j.Addresses = append(j.Addresses, a)
			}
			at[a] = i
		}
	}
	for i := range joined {
		slices.Sort(joined[i].Addresses)
	}
	slices.SortStableFunc(joined, func(a, b OpenPerson) int {
		return cmp.Or(cmp.Compare(b.Commits, a.Commits), strings.Compare(a.Name, b.Name), slices.Compare(a.Addresses, b.Addresses))
	})
	return joined
}

// WriteOpen writes people as an affiliations.yaml that is ready to be filled in: each with an organisation left empty, and what
// helps to find it out.
func WriteOpen(w io.Writer, people []OpenPerson) error {
	out := bufio.NewWriter(w)
	fmt.Fprintln(out, "# Fill in for whom each worked; add from: and until: (YYYY-MM-DD, the day after the last) where it changed.")
	fmt.Fprintln(out, "# Who works for nobody is: independent. Delete whom you do not know. Name the file with --affiliations.")
	fmt.Fprintln(out, "people:")
	for _, p := range people {
		fmt.Fprintf(out, "  # %d commits of unknown affiliation, at work %s to %s\n", p.Commits, p.First.Format(time.DateOnly), p.Last.Format(time.DateOnly))
		lead := "  - "
		field := func(key, value string) {
			fmt.Fprintf(out, "%s%s: %s\n", lead, key, value)
			lead = "    "
		}
		if !Generic(p.Name) {
			field("name", yamlText(p.Name))
		}
		var emails, logins []string
		for _, a := range p.Addresses {
			if login, ok := strings.CutSuffix(a, "@noreply"); ok {
				logins = append(logins, yamlText(login))
			} else if a != "" && a != "-" && !GenericAddress(a) {
				emails = append(emails, yamlText(a))
			}
		}
		if len(emails) > 0 {
			field("emails", "["+strings.Join(emails, ", ")+"]")
		}
		if len(logins) > 0 {
			field("logins", "["+strings.Join(logins, ", ")+"]")
		}
		field("at", "[{organisation: \"\"}]")
	}
	return out.Flush()
}

// yamlText quotes a text: a JSON string is a YAML one too.
func yamlText(s string) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(printable(s)); err != nil {
		return `""` // cannot happen: every string has a JSON form
	}
	return strings.TrimSuffix(b.String(), "\n")
}
