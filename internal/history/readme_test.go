package history

import (
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/mainstay-oss/mainstay/internal/gittest"
)

func TestReadmeStatements(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, kind string }{
		// Ends.
		{"# pump\n\n**This project is no longer maintained.**", "unmaintained"},
		{"# pump\n\nThis project is no longer actively maintained. Please use valve.", "unmaintained"},
		{"# pump\n> :warning: This repository is not maintained anymore.", "unmaintained"},
		{"# pump\n\n> [!WARNING]\n> This library is unmaintained, and has been since 2020.", "unmaintained"},
		{"pump\n====\n\n.. warning::\n\nThis package is no longer supported.", "unmaintained"},
		{"# pump\n\nI no longer maintain this project", "unmaintained"},
		{"# pump\n\nWe are no longer maintaining this repository.", "unmaintained"},
		{"# pump\n\npump is no longer maintained", "unmaintained"},
		{"# Pump\n\n**NOTE:** Pump is unmaintained.", "unmaintained"},
		{"# pump\n[![No Maintenance Intended](http://unmaintained.tech/badge.svg)](http://unmaintained.tech/)", "unmaintained"},
		{"# pump\n[![Project Status: Abandoned – Initial development has started](https://www.repostatus.org/badges/latest/abandoned.svg)](https://www.repostatus.org/#abandoned)", "unmaintained"},
		{"# pump\n\nThis repository has been archived.", "archived"},
		{"# pump\n\nAs of March 2024, this project is officially archived.", "archived"},
		{"# pump\n\n<h3 align=\"center\">This project is archived</h3>", "archived"},
		{"# [DEPRECATED] pump\n\nA pump.", "deprecated"},
		{"# pump (deprecated)", "deprecated"},
		{"# DEPRECATED: pump", "deprecated"},
		{"# pump - ARCHIVED", "archived"},
		{"# :warning: Deprecated :warning:\n\nA pump.", "deprecated"},
		{"# pump\n\n**DEPRECATED**\n\nA pump.", "deprecated"},
		{"# pump\n\n⚠️ **Deprecated**: This package is deprecated in favor of [valve](https://valve.example).", "deprecated"},
		{"# pump\n\nThis module has been deprecated and will not get fixes.", "deprecated"},
		{"# pump\n\nThe pump library is deprecated.", "deprecated"},
		{"# pump\n\nUnfortunately, this project has been discontinued.", "retired"},
		{"# pump\n\nDevelopment of this project has ceased.", "retired"},
		{"# pump\n\nThis project has reached end of life.", "end-of-life"},
		{"# pump\r\n\r\nThis project is\r\nno longer\r\nmaintained.\r\n", "unmaintained"},
		{"# This repository has been archived - the pump will be part of valve.", "archived"},
		{"# pump\n\n**Deprecation Warning: This project is no longer maintained and may not work.**", "unmaintained"},
		{"# Note: This project is no Longer Maintained\n\npump", "unmaintained"},
		{"pump\n====\n\n_This project is no longer maintained and part of my attic. It works fine._", "unmaintained"},
		{"\ufeff# pump\n\nThis project is no longer maintained.", "unmaintained"},
		{"# 펌프\n\n이 프로젝트는 더 이상 유지보수되지 않습니다.", "unmaintained"},
		{"# 펌프\n\n본 저장소는 더 이상 관리하지 않습니다.", "unmaintained"},
		{"# 펌프\n\n> 이 라이브러리는 이제 더이상 지원되지 않습니다. valve를 사용하세요.", "unmaintained"},
		{"# 펌프\n\n이 저장소는 보관(archived)되었습니다.", "archived"},
		{"# 펌프\n\n이 프로젝트는 아카이브되었습니다", "archived"},
		{"# 펌프\n\n이 프로젝트는 개발이 중단되었습니다.", "retired"},
		{"# 펌프\n\n이 패키지는 deprecated 되었습니다.", "deprecated"},

		// A flag.
		{"# pump\n\nThis project is looking for maintainers!", "seeking-maintainers"},
		{"# pump\n\nWe are looking for new maintainers.", "seeking-maintainers"},
		{"# pump\n\n## Maintainers wanted\n\nWrite to us.", "seeking-maintainers"},
		{"# pump\n\n**Looking for a maintainer**", "seeking-maintainers"},
		{"# 펌프\n\n새로운 메인테이너를 찾습니다.", "seeking-maintainers"},
		{"# pump\n\nWe are looking for maintainers. This project is no longer maintained.", "unmaintained"}, // the end counts

		// Neither: denied, asked, supposed, to come, of a part, of others, quoted, told as code, taken back, further down.
		{"# pump\n\nThis project is not deprecated.", ""},
		{"# pump\n\nThis project is not archived, whatever you heard.", ""},
		{"# pump\n\nIs this project no longer maintained?", ""},
		{"# pump\n\nIf this project is no longer maintained, fork it.", ""},
		{"# pump\n\nThis project is maintained.", ""},
		{"# pump\n\nThis project is actively maintained and supported.", ""},
		{"# pump\n\nThis project will be archived in March.", ""},
		{"# pump\n\nThis project is no longer maintained for Python 2.", ""},
		{"# pump\n\nThis library is deprecated on Windows.", ""},
		{"# pump\n\nThis project is no longer maintained by Acme but by the community.", ""},
		{"# pump\n\nThis project is no longer maintained on GitHub; see Codeberg.", ""},
		{"# pump\n\nThis repository is archived but development continues elsewhere.", ""},
		{"# pump\n\nThis package is deprecated, version 2 has another name.", ""},
		{"# pump\n\nThis repository has been archived on Zenodo.", ""},
		{"# pump\n\nThe original `valve` repository has been archived.", ""},
		{"# pump\n\nYou might have luck with valve but since this project is no longer maintained I haven't tried.", ""},
		{"# pump\n\nThe deprecated API is gone.", ""},
		{"# pump\n\nThis option is deprecated.", ""},
		{"# pump\n\nThis function is no longer supported.", ""},
		{"# pump\n\nThis project's old API is deprecated.", ""},
		{"# pump\n\nA fork of valve, which is no longer maintained.", ""},
		{"# pump\n\nThe library is no longer maintained, so we forked it.", ""},
		{"# pump\n\nvalve is no longer maintained", ""},
		{"# pump\n\npump-old is no longer maintained", ""},
		{"# pump\n\nFinds which of your packages are deprecated or unmaintained.", ""},
		{"# pump\n\nAn archive of archived projects.", ""},
		{"# pump\n\n```\nThis project is no longer maintained.\n```", ""},
		{"# pump\n\n~~~~\nThis project is no longer maintained.\n~~~~\n", ""},
		{"# pump\n\n    This project is no longer maintained.", ""},
		{"# pump\n\n<!-- This project is no longer maintained. -->", ""},
		{"# pump\n\n- This project is deprecated\n", ""},
		{"# pump\n\n| this project is deprecated | no |\n", ""},
		{"# pump\n\n" + strings.Repeat("A pump that pumps. ", 200) + "\n\nThis project is no longer maintained.", ""},
		{"# pump\n\nA pump.\n\nIt pumps.\n\n## Deprecated\n\nThe option -x.", ""},
		{"# pump\n\n![deprecated-by](https://badge.example/x.svg)", ""},
		{"# pump\n\nWe are not looking for maintainers.", ""},
		{"# pump\n\nMaintainers: Ann, Bob", ""},
		{"# pump\n\nLooking for maintainers of valve? Write there.", ""},
		{"# 펌프\n\n이 프로젝트는 더 이상 파이썬 2를 지원하지 않습니다.", ""},
		{"# 펌프\n\n이 옵션은 더 이상 지원되지 않습니다.", ""},
		{"# 펌프\n\n이 프로젝트는 아직 보관되지 않았습니다.", ""},
		{"# 펌프\n\n이 프로젝트의 v1 API는 더 이상 유지보수되지 않습니다.", ""},
		{"", ""},
	} {
		kind, sentence := readStatement([]byte(c.text), "pump")
		if kind != c.kind || (kind == "") != (sentence == "") {
			t.Errorf("%q: %q (%q), want %q", c.text, kind, sentence, c.kind)
		}
	}
}

func TestReadmeNames(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, kind string }{
		{"archived", "# archived\n\nLists what is archived.", ""}, // a name is no statement
		{"a", "# a\n\nA is deprecated.", ""},                      // a letter names nothing
		{"go.uuid", "# go.uuid\n\ngo.uuid is deprecated.", "deprecated"},
		{"project", "# project\n\nThis project is deprecated.", "deprecated"},
		{"tool", "# x\n\nThis is a tool. Old tool is deprecated.", ""},
		{"펌프", "# 펌프\n\n펌프 is deprecated.", "deprecated"},
	} {
		if kind, _ := readStatement([]byte(c.text), c.name); kind != c.kind {
			t.Errorf("%s: %q: %q, want %q", c.name, c.text, kind, c.kind)
		}
	}
}

// TestDeniedStatements: whatever is said, it is not said any more with a "not" before its verb's end, within code, or with a
// condition before it.
func TestDeniedStatements(t *testing.T) {
	t.Parallel()
	n := 0
	for _, subject := range []string{"This project", "This Go library", "pump", "This GitHub repository", "The pump package"} {
		for _, verb := range []string{"is", "has been", "was"} {
			for _, adverb := range []string{"", "now ", "officially "} {
				for _, what := range []string{"archived", "deprecated", "discontinued", "unmaintained", "obsolete"} {
					said := subject + " " + verb + " " + adverb + what
					if kind, _ := readStatement([]byte("# title\n\nWords.\n\n"+said+".\n"), "pump"); kind == "" {
						t.Errorf("%s: not seen", said)
					}
					for _, other := range []string{
						subject + " " + verb + " not " + adverb + what, "If " + said, "Is it true that " + said + "?", "```\n" + said + "\n```",
						"`x` " + said, said + " for Windows", said + " versions", "They say " + said, said + " unless you pay", "<!-- " + said + " -->",
					} {
						n++
						if kind, sentence := readStatement([]byte("# title\n\nWords.\n\n"+other+"\n"), "pump"); kind != "" {
							t.Errorf("%q: %s (%q)", other, kind, sentence)
						}
					}
				}
			}
		}
	}
	if n < 1000 {
		t.Error(n)
	}
}

// FuzzReadme: no text breaks the reader or takes it long, what it gives is one short line, and nothing in a code block counts.
func FuzzReadme(f *testing.F) {
	for _, s := range []string{
		"# pump\n\n**This project is no longer maintained.**", "# [DEPRECATED] pump", "이 프로젝트는 더 이상 유지보수되지 않습니다.",
		"[![x](y)](z) <b>![", "<!-- ", "```\n", "pump is", "> [!NOTE]\n> This repository has been archived.",
	} {
		f.Add([]byte(s), "pump")
	}
	f.Fuzz(func(t *testing.T, text []byte, name string) {
		kind, sentence := readStatement(text, name)
		if (kind == "") != (sentence == "") || !utf8.ValidString(sentence) || strings.ContainsAny(sentence, "\r\n") || utf8.RuneCountInString(sentence) > statementRunes+1 {
			t.Fatalf("%q: %q", kind, sentence)
		}
		if strings.ContainsAny(string(text), "`~<") {
			return
		}
		if kind, _ := readStatement([]byte("```\n"+string(text)+"\n```\n"), name); kind != "" {
			t.Fatalf("in code: %s", kind)
		}
	})
}

// TestReadmeOfRepository: the README of the newest commit counts, from its date on, whoever reads it and however it came here.
func TestReadmeOfRepository(t *testing.T) {
	t.Parallel()
	const (
		ann   = "Ann <ann@example.org>\n"
		ended = "file README.md\n| # thing\n|\n| This project is no longer maintained.\n"
	)
	want := &Statement{Kind: "unmaintained", Text: "This project is no longer maintained", File: "README.md", Date: 1704283200}
	for _, c := range []struct {
		name, world string
		want        *Statement
	}{
		{"it says so", "2023-01-02 " + ann + ended + "2024-01-03 " + ann, want},
		{"beside other files", "file .mailmap\n| Ann <a@example.org> <ann@example.org>\nfile README\n| Fine.\nfile readme.txt\n| Fine.\n" + ended + "2024-01-03 " + ann, want},
		{"it does not say so any more", ended + "2023-01-02 " + ann + "file README.md\n| # thing\n|\n| Back again.\n2024-01-03 " + ann, nil},
		{"it stands in a folder", strings.ReplaceAll(ended, "README", "doc/README") + "2024-01-03 " + ann, nil},
		{"there is none", "2024-01-03 " + ann, nil},
		{"the name of the repository", "file README.rst\n| thing is deprecated.\n2024-01-03 " + ann,
			&Statement{Kind: "deprecated", Text: "thing is deprecated", File: "README.rst", Date: 1704283200}},
	} {
		dir := gittest.Build(t, c.world)
		if diff := cmp.Diff(c.want, readBoth(t, dir, false).Statement); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", c.name, diff)
		}
	}
}

// TestReadmeIsFetched: a treeless clone brings the README with .mailmap, within the requests that were announced; reading it
// sends nothing.
func TestReadmeIsFetched(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	gittest.BuildAt(t, filepath.Join(root, "acme", "pump.git"),
		"file .mailmap\n| Ann <a@example.org> <ann@example.org>\nfile README.md\n| pump is archived.\nfile pump.c\n| pump\n2024-01-03 Ann <ann@example.org>\n")
	server := gittest.Serve(t, root)
	f := NewFinder(Config{CacheDir: t.TempDir()})
	h, err := f.Find(t.Context(), "github.com/acme/pump", server.URL+"/acme/pump.git")
	if err != nil {
		t.Fatal(err)
	}
	if h.Statement == nil || h.Statement.Kind != "archived" || len(h.Aliases) != 1 {
		t.Errorf("%+v, %v", h.Statement, h.Aliases)
	}
	if n := len(server.Requests()); n > requestsPerHost+requestsPerUpstream {
		t.Errorf("%d requests, %d were announced:\n%s", n, requestsPerHost+requestsPerUpstream, strings.Join(server.Requests(), "\n"))
	}
	n := len(server.Requests())
	if h, err = f.Find(t.Context(), "github.com/acme/pump", server.URL+"/acme/pump.git"); err != nil || h.Statement == nil || len(server.Requests()) != n {
		t.Errorf("again: %+v, %v, %d requests", h, err, len(server.Requests())-n)
	}
	if _, err := runGit(t.Context(), gitLocal(t.Context(), f.entry("github.com/acme/pump"), "cat-file", "-e", "HEAD:pump.c"), "cat-file", 100); err == nil {
		t.Error("more was fetched than is read")
	}
}
