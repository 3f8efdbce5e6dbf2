package forecast

import (
	"strings"
	"testing"
	"time"
)

func TestReadRetirements(t *testing.T) {
	t.Parallel()
	list, err := ReadRetirements(strings.NewReader("\ufeffrepo\tretired\tevidence\r\n" +
		"Acme/Pump\t2020-03-01\tsaid so, \"at last\"\r\n" +
		"# the attic\n\n" +
		"gitlab.example/Acme/valve\t2021-01-01\n" +
		"github.com/acme/hose\t2022-02-02\t\n" +
		"acme/pump\t2020-02-01\tan earlier one\n" +
		"acme/pump\t2023-02-01\ta later one"))
	if err != nil {
		t.Fatal(err)
	}
	if list.Count() != 3 {
		t.Errorf("%d upstreams, want 3", list.Count())
	}
	for upstream, want := range map[string]string{
		"github.com/acme/pump":      "2020-02-01",
		"acme/pump":                 "2020-02-01",
		"github.com/acme/hose":      "2022-02-02",
		"gitlab.example/acme/valve": "2021-01-01",
		"github.com/acme/valve":     "",
		"github.com/acme/pumps":     "",
	} {
		got := ""
		if at := list.Of(upstream); at != nil {
			got = time.Unix(*at, 0).UTC().Format(time.RFC3339)
			want += "T00:00:00Z"
		}
		if got != want {
			t.Errorf("%s: retired %q, want %q", upstream, got, want)
		}
	}
	var none *Retirements
	if none.Of("github.com/acme/pump") != nil || none.Count() != 0 {
		t.Error("no list names an upstream")
	}
}

func TestReadRetirementsNamesTheLine(t *testing.T) {
	t.Parallel()
	head := "repo\tretired\n"
	for text, says := range map[string]string{
		head + "acme/pump":                              "2: want repo and date",
		head + "acme/pump 2020-01-01":                   "2: want repo and date",
		head + "a/b\t2020-01-01\n\nacme/pump\tsoon":     `4: "soon"`,
		head + "acme/pump\t2020-02-30":                  "2: ",
		"pump\t2020-02-03":                              `1: "pump" is not owner/name`,
		"/pump\t2020-02-03":                             "1: ",
		head + strings.Repeat("x", maxRetirementLine+1): "2: ",
	} {
		if _, err := ReadRetirements(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%.60q: %v, want %q", text, err, says)
		}
	}
}

func FuzzReadRetirements(f *testing.F) {
	f.Add("repo\tretired\tevidence\nallenai/x\t2022-12-16\tarchived\n")
	f.Add("\ufeff#\r\n\t\n")
	f.Fuzz(func(t *testing.T, text string) {
		list, err := ReadRetirements(strings.NewReader(text))
		if (list == nil) == (err == nil) {
			t.Fatalf("%v and %v", list, err)
		}
	})
}
