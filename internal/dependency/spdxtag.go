package dependency

import (
	"bytes"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// parseSPDXTag reads an SPDX 2.x document in tag-value form (spdx.github.io/spdx-spec/v2.3/conformance): the same facts as
// [parseSPDXJSON]. A value may run over lines between <text> and </text>.
func parseSPDXTag(data []byte, _ *memory) (File, problems) {
	var file File
	text, fatal := guardText(data)
	if fatal != nil {
		return file, problems{list: []problem{*fatal}}
	}
	d := newSPDX(&problems{})
	return d.file(d.readTags(text, &file), file)
}

// readTags reads the lines in order. An SPDXID belongs to the package, file or snippet begun last.
func (d *spdx) readTags(text []byte, file *File) *problem {
	version, versionLine := "", 1
	var c *component // the package that is open
	var says declared
	closePackage := func() {
		if c != nil {
			d.complete(c, says)
			d.store(*c, &d.components)
		}
		c = nil
	}
	line, open := 0, 0 // open: the line where a <text> begins that is not closed
	for raw := range bytes.Lines(text) {
		line++
		content := strings.TrimSpace(string(raw))
		if open > 0 {
			if strings.Contains(content, "</text>") {
				open = 0
			}
			continue
		}
		if content == "" || content[0] == '#' {
			continue
		}
		tag, value, ok := strings.Cut(content, ":")
		if !ok {
			return &problem{kind: gap.Syntax, line: line, detail: "no \"Tag: value\": " + short(content)}
		}
		value = strings.TrimSpace(value)
		if rest, ok := strings.CutPrefix(value, "<text>"); ok {
			if value, _, ok = strings.Cut(rest, "</text>"); !ok {
				open = line
			}
		}
		switch tag {
		case "SPDXVersion":
			version, versionLine = value, line
		case "DocumentName":
			file.Root = value
		case "PackageName":
			closePackage()
			c = &component{ref: unknownRef, scope: Runtime, line: line}
			says = declared{start: line, name: value}
		case "FileName", "SnippetSPDXID", "LicenseID":
			closePackage()
		case "Relationship":
			if f := strings.Fields(value); len(f) >= 3 {
				d.relate(f[0], f[1], f[2])
			}
		}
		if c == nil {
			continue
		}
		switch tag {
		case "SPDXID":
			c.ref = d.refID([]byte(value))
		case "PackageVersion":
			says.version = value
		case "PackageHomePage":
			c.hints = appendHint(c.hints, "website", value)
		case "PackageDownloadLocation":
			c.hints = appendSPDXLocation(c.hints, value)
		case "ReleaseDate":
			c.said.Released = dayOf(value)
		case "ExternalRef":
			if f := strings.Fields(value); len(f) == 3 && isPURLReference(f[1]) && !says.hasPURL {
				c.line, says.hasPURL, says.purl = line, true, f[2]
			}
		}
	}
	if !strings.HasPrefix(version, "SPDX-2.") {
		return &problem{kind: gap.Unsupported, line: versionLine, detail: "SPDXVersion " + short(version)}
	}
	if open > 0 {
		return &problem{kind: gap.Truncated, line: line, detail: "ends within <text>"}
	}
	closePackage()
	if d.tooMany != "" {
		return &problem{kind: gap.TooLarge, detail: d.tooMany}
	}
	d.settle()
	return nil
}

// isSPDXTag says whether the beginning of a file is that of an SPDX document in tag-value form.
func isSPDXTag(prefix []byte) bool {
	for line := range bytes.Lines(bytes.TrimPrefix(prefix, []byte("\xEF\xBB\xBF"))) {
		if line = bytes.TrimSpace(line); len(line) > 0 && line[0] != '#' {
			return bytes.HasPrefix(line, []byte("SPDXVersion:"))
		}
	}
	return false
}
