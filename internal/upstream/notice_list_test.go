package upstream

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReadNotices(t *testing.T) {
	t.Parallel()
	one := func(id, kind, date, source string) Notices {
		return Notices{id: {{Kind: kind, Date: date, Source: source}}}
	}
	for _, c := range []struct {
		name, file, text string
		want             Notices
		err              string
	}{
		{"a list of retirements", "ends.tsv", "repo\tretired\tevidence\n# a comment\n\nAcme/Pump\t2024-03-01\tarchived, a banner\r\ngit.example.org/a/valve\t2025-01-02\n",
			Notices{"github.com/acme/pump": {{Kind: Archived, Date: "2024-03-01", Source: "archived, a banner"}},
				"git.example.org/a/valve": {{Kind: Retired, Date: "2025-01-02"}}}, ""},
		{"a kind of its own, an address", "ends", "https://github.com/acme/pump.git\t2024-03-01\tmail\tunmaintained", one("github.com/acme/pump", Unmaintained, "2024-03-01", "mail"), ""},
		{"two dates, one twice", "ends", "a/b\t2025-01-01\ty\na/b\t2024-01-01\tx\na/b\t2024-01-01\tz",
			Notices{"github.com/a/b": {{Kind: Retired, Date: "2024-01-01", Source: "x"}, {Kind: Retired, Date: "2025-01-01", Source: "y"}}}, ""},
		{"a flag is no end, and comes after one of the same day", "ends", "a/b\t2024-01-01\tx\tseeking-maintainers\na/b\t2024-01-01\ty",
			Notices{"github.com/a/b": {{Kind: Retired, Date: "2024-01-01", Source: "y"}, {Kind: SeekingMaintainers, Date: "2024-01-01", Source: "x"}}}, ""},
		{"deprecatedly is no kind", "ends", "a/b\t2024-01-01\tdeprecatedly", one("github.com/a/b", Retired, "2024-01-01", "deprecatedly"), ""},
		{"nothing", "ends", "", Notices{}, ""},
		{"no date", "ends.tsv", "repo\tretired\na/b\tlast year", nil, `ends.tsv: line 2: "last year" is no date`},
		{"no such day", "ends.tsv", "a/b\t2024-02-30", nil, "line 1"},
		{"no tab", "ends.tsv", "a/b 2024-02-03", nil, "line 1"},
		{"no upstream", "ends.tsv", "pump\t2024-02-03", nil, "line 1"},
		{"a private address", "ends.tsv", "http://127.0.0.1/a/b\t2024-02-03", nil, "line 1"},
		{"an unknown kind", "ends.tsv", "a/b\t2024-02-03\t\tdead", nil, `"dead" is no kind`},
		{"not UTF-8", "ends.tsv", "a/b\t2024-02-03\t\xff", nil, "not UTF-8"},

		{"cycles, all ended", "eol.csv", "Upstream,Cycle,EOL,source\na/b,1,2023-01-01,page one\na/b,2,2024-01-01,page two\na/b,0,true,\n", one("github.com/a/b", EndOfLife, "2024-01-01", "page two"), ""},
		{"a cycle goes on", "eol.csv", "repo,cycle,eol\na/b,1,2023-01-01\na/b,2,false\n", Notices{}, ""},
		{"an undated end", "eol.csv", "repo,cycle,eol\na/b,1,true\n", Notices{}, ""},
		{"a kind, a byte order mark, quotes", "EOL.CSV", "\ufeffrepo,eol,kind\n\"a/b\",2023-01-01,archived\n", one("github.com/a/b", Archived, "2023-01-01", ""), ""},
		{"no heading", "eol.csv", "a/b,2023-01-01\n", nil, "eol.csv: line 1"},
		{"a bad end", "eol.csv", "repo,eol\na/b,soon\n", nil, "line 2"},
		{"a short row", "eol.csv", "repo,cycle,eol\na/b,1\n", nil, "line 2"},
		{"empty", "eol.csv", "", nil, "empty"},

		{"one product", "eol.json", `{"schema_version":"1.2.0","result":{"name":"pump","identifiers":[{"type":"cpe","id":"cpe:/a:acme:pump"},{"type":"purl","id":"pkg:github/Acme/pump"}],
			"releases":[{"name":"2","isEol":true,"eolFrom":"2024-05-06"},{"name":"1","isEol":true,"eolFrom":null}]}}`, one("github.com/acme/pump", EndOfLife, "2024-05-06", "endoflife.date: pump"), ""},
		{"an end to come", "eol.json", `{"name":"pump","identifiers":[{"type":"purl","id":"pkg:golang/github.com/acme/pump"}],"releases":[{"isEol":false,"eolFrom":"2034-05-06"}]}`,
			one("github.com/acme/pump", EndOfLife, "2034-05-06", "endoflife.date: pump"), ""},
		{"many; one lives, one is no repository, one is two", "eol.json", `[{"name":"a","identifiers":[{"type":"purl","id":"pkg:github/a/a"}],"releases":[{"isEol":true,"eolFrom":"2024-05-06"},{"isEol":false,"eolFrom":null}]},
			{"name":"b","identifiers":[{"type":"cpe","id":"cpe:/a:b:b"}],"releases":[{"isEol":true,"eolFrom":"2024-05-06"}]},
			{"name":"c","identifiers":[{"type":"purl","id":"pkg:github/c/c"},{"type":"purl","id":"pkg:github/c/d"}],"releases":[{"isEol":true,"eolFrom":"2024-05-06"}]},
			{"name":"e","identifiers":[],"releases":[]}]`, Notices{}, ""},
		{"a product that is a package", "eol.json", `{"name":"pump","identifiers":[{"type":"purl","id":"pkg:npm/%40acme/pump"},{"type":"purl","id":"pkg:docker/library/pump"}],
			"releases":[{"name":"2","isEol":false,"eolFrom":"2034-05-06"},{"name":"1.5","isEol":true,"eolFrom":"2024-05-06"},{"name":"1","isEol":true,"eolFrom":null}]}`,
			Notices{"pkg:npm/%40acme/pump@2": {{Kind: EndOfLife, Date: "2034-05-06", Source: "endoflife.date: pump 2"}}, "pkg:npm/%40acme/pump@1.5": {{Kind: EndOfLife, Date: "2024-05-06", Source: "endoflife.date: pump 1.5"}},
				"pkg:docker/library/pump@2": {{Kind: EndOfLife, Date: "2034-05-06", Source: "endoflife.date: pump 2"}}, "pkg:docker/library/pump@1.5": {{Kind: EndOfLife, Date: "2024-05-06", Source: "endoflife.date: pump 1.5"}}}, ""},
		{"packages", "ends", "pkg:npm/valve\t2024-01-01\tdeprecated: use tap\npkg:npm/valve@v1.2?a=b#c\t2023-01-01\tleaks\tyanked",
			Notices{"pkg:npm/valve": {{Kind: Deprecated, Date: "2024-01-01", Source: "deprecated: use tap"}}, "pkg:npm/valve@1.2": {{Kind: Yanked, Date: "2023-01-01", Source: "leaks"}}}, ""},
		{"no package", "ends", "pkg:npm\t2024-01-01", nil, "line 1"},
		{"by upstream", "eol.json", `{"github.com/a/b":[{"cycle":"1","eol":"2023-04-05"},{"cycle":"0","eol":true}],"c/d":[{"cycle":"1","eol":false}]}`, one("github.com/a/b", EndOfLife, "2023-04-05", "endoflife.date"), ""},
		{"summaries", "eol.json", `{"result":[{"name":"a"}]}`, nil, "want full products"},
		{"cut short", "eol.json", `{"result":[{"name":"a"`, nil, "eol.json: unexpected end"},
		{"a number", "eol.json", `{"a/b":[{"eol":7}]}`, nil, "want a date"},
		{"not an object", "eol.json", `7`, nil, "eol.json"},
	} {
		got, err := ReadNotices(strings.NewReader(c.text), c.file)
		if c.err != "" {
			if err == nil || !strings.Contains(err.Error(), c.err) {
				t.Errorf("%s: %v, want %q", c.name, err, c.err)
			}
			continue
		}
		if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got)\n%s", c.name, err, diff)
		}
	}
}

// The longest cycle of releases that a version belongs to counts.
func TestNoticesOfAPackage(t *testing.T) {
	t.Parallel()
	all, err := ReadNotices(strings.NewReader("pkg:pypi/pump@3\t2024-01-01\tthree\npkg:pypi/pump@3.2\t2023-01-01\tthree two\npkg:pypi/pump@3.2.1\t2022-01-01\tleaks\tyanked\npkg:golang/a.example/b@1.0\t2020-01-01\tone\npkg:npm/valve\t2021-01-01\tall\n"), "ends")
	if err != nil {
		t.Fatal(err)
	}
	for purl, want := range map[string]string{
		"pkg:pypi/pump@3.2.1": "leaks", "pkg:pypi/pump@3.2.2": "three two", "pkg:pypi/pump@3.2": "three two", "pkg:pypi/pump@3.2-rc1": "three two",
		"pkg:pypi/pump@3.20": "three", "pkg:pypi/pump@3.20.1?x=y": "three", "pkg:pypi/pump@30": "", "pkg:pypi/pump": "", "pkg:golang/a.example/b@v1.0.7": "one",
		"pkg:npm/valve@1.0.0": "all", "pkg:npm/valve": "all", "pkg:npm/other@3": "", "nothing": "",
	} {
		got := all.OfPackage(purl)
		if want == "" && len(got) > 0 || want != "" && (len(got) != 1 || got[0].Source != want) {
			t.Errorf("%s: %v, want %q", purl, got, want)
		}
	}
}

func TestNoticesWith(t *testing.T) {
	t.Parallel()
	a := Notices{"x/y/z": {{Kind: Retired, Date: "2024-01-01", Source: "mine"}}}
	b := Notices{"x/y/z": {{Kind: Retired, Date: "2024-01-01", Source: "theirs"}, {Kind: Archived, Date: "2023-01-01"}}, "u/v/w": {{Kind: Archived, Date: "2020-01-01"}}}
	want := Notices{"x/y/z": {{Kind: Archived, Date: "2023-01-01"}, {Kind: Retired, Date: "2024-01-01", Source: "mine"}}, "u/v/w": {{Kind: Archived, Date: "2020-01-01"}}}
	if diff := cmp.Diff(want, a.With(b)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if len(a) != 1 || len(a["x/y/z"]) != 1 {
		t.Error("With changed its list")
	}
	if diff := cmp.Diff(b, Notices(nil).With(b)); diff == "" {
		t.Error("an unordered list stays unordered")
	}
}

func TestTooManyNotices(t *testing.T) {
	t.Parallel()
	if _, err := ReadNotices(strings.NewReader(strings.Repeat("a/b\t2024-01-01\n", maxNotices+1)), "x"); err == nil || !strings.Contains(err.Error(), "line 200001") {
		t.Errorf("%v", err)
	}
	if _, err := ReadNotices(strings.NewReader(strings.Repeat("#", maxNoticeBytes+1)), "x"); err == nil {
		t.Error("a list without end was read")
	}
}

// FuzzNotices: whatever is read is in order, dated and of a known kind, and written out as tabs it is read again.
func FuzzNotices(f *testing.F) {
	for _, s := range []struct{ file, text string }{
		{"a.tsv", "repo\tretired\tevidence\nallenai/allennlp\t2022-12-16\tarchived\n"},
		{"a.csv", "upstream,cycle,eol\na/b,1,2023-01-01\n"},
		{"a.json", `{"result":{"name":"p","identifiers":[{"type":"purl","id":"pkg:github/a/b"}],"releases":[{"isEol":true,"eolFrom":"2024-05-06"}]}}`},
		{"a.json", `{"name":"p","identifiers":[{"type":"purl","id":"pkg:npm/b"}],"releases":[{"name":"1","isEol":true,"eolFrom":"2024-05-06"}]}`},
		{"a", "pkg:npm/b@1\t2024-01-01\tx"},
		{"a.json", `{"github.com/a/b":[{"cycle":"1","eol":"2023-04-05"}]}`},
	} {
		f.Add(s.file, s.text)
	}
	f.Fuzz(func(t *testing.T, file, text string) {
		all, err := ReadNotices(strings.NewReader(text), file)
		if err != nil {
			return
		}
		var tabs strings.Builder
		for id, list := range all {
			for i, n := range list {
				if !isDate(n.Date) || !isOneOf(n.Kind, noticeKinds...) || i > 0 && n.Date < list[i-1].Date || strings.ContainsAny(n.Source, "\t\n") {
					t.Fatalf("%s: %+v", id, n)
				}
				tabs.WriteString(id + "\t" + n.Date + "\t" + n.Source + "\t" + n.Kind + "\n")
			}
		}
		again, err := ReadNotices(strings.NewReader(tabs.String()), "again.tsv")
		if diff := cmp.Diff(all, again); err != nil || diff != "" {
			t.Fatalf("%v\n%s", err, diff)
		}
	})
}
