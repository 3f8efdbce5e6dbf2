package people

import (
	"strings"
	"testing"
	"time"
)

func TestOrganisations(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ domain, day, want string }{
		{"redhat.com", "2020-01-01", "Red Hat"},
		{"us.ibm.com", "2020-01-01", "IBM"},
		{"Redhat.COM.", "2020-01-01", "Red Hat"},
		{"deis.com", "2017-04-09", "Engine Yard"}, // before it was bought
		{"deis.com", "2017-04-10", "Microsoft"},   // the end is exclusive
		{"coreos.com", "2018-01-29", "CoreOS"},
		{"coreos.com", "2018-01-30", ""}, // no row says for whom it spoke then
		{"apache.org", "2020-01-01", ""}, // lent by a community
		{"people.debian.org", "2020-01-01", ""},
		{"notredhat.com", "2020-01-01", ""}, // a parent domain, not an ending
		{"freemail", "2020-01-01", ""},
		{"noreply", "2020-01-01", ""},
		{"unknown", "2020-01-01", ""},
		{"personal", "2020-01-01", ""},
		{"com", "2020-01-01", ""},
		{"", "2020-01-01", ""},
		{"...", "2020-01-01", ""},
		{strings.Repeat("a.", 100000), "2020-01-01", ""},
	} {
		day, err := time.Parse(time.DateOnly, c.day)
		if err != nil {
			t.Fatal(err)
		}
		got, ok := Organisation(c.domain, day.Unix())
		if got != c.want && (ok || c.want != "") || ok != (c.want != "") {
			t.Errorf("%.40s on %s: %q (%v), want %q", c.domain, c.day, got, ok, c.want)
		}
	}
}

// TestDomainTable reads every line of the embedded table.
func TestDomainTable(t *testing.T) {
	t.Parallel()
	kinds := set("company education public nonprofit " + Community)
	lines := strings.Split(strings.TrimSuffix(domainsTSV, "\n"), "\n")
	before := ""
	for i, line := range lines[1:] {
		f := strings.Split(line, "\t")
		if len(f) != 5 {
			t.Fatalf("line %d has %d fields", i+2, len(f))
		}
		if f[0] != strings.ToLower(f[0]) || !strings.Contains(f[0], ".") || strings.ContainsAny(f[0], " /@") {
			t.Errorf("line %d: %q is no domain", i+2, f[0])
		}
		if f[0] < before {
			t.Errorf("line %d: %s stands after %s", i+2, f[0], before)
		}
		if f[1] == "" || !kinds[f[3]] || f[4] == "" || strings.Trim(f[4], "HJBSke") != "" {
			t.Errorf("line %d: %q", i+2, line)
		}
		if _, err := time.Parse(time.DateOnly, f[2]); f[2] != "-" && err != nil {
			t.Errorf("line %d: %v", i+2, err)
		}
		before = f[0]
	}
	if got := len(domains()); got < len(lines)-10 {
		t.Errorf("%d domains from %d lines", got, len(lines))
	}
}
