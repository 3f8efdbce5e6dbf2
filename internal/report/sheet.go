package report

import (
	"bytes"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/message"
)

// paragraphWidth is the widest line of running text: longer ones are hard to read, however wide the terminal.
const paragraphWidth = 100

// A sheet is a terminal page in the making.
type sheet struct {
	b     *bytes.Buffer
	p     message.Printer
	width int
	color bool
}

// Styles, as parameters of the escape sequence SGR. Only the sixteen colours are used, which users set to what they can read.
const (
	bold   = "1"
	dim    = "2"
	green  = "32"
	yellow = "33"
	cyan   = "36"
	red    = "1;31"
)

// style paints s where the sheet has colours.
func (t *sheet) style(code, s string) string {
	if !t.color || s == "" || code == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

// line writes one line, without blanks at its end.
func (t *sheet) line(parts ...string) {
	t.b.WriteString(strings.TrimRight(strings.Join(parts, ""), " "))
	t.b.WriteByte('\n')
}

func (t *sheet) blank() { t.b.WriteByte('\n') }

// heading begins a section, with a remark at the right end where there is room for it.
func (t *sheet) heading(title, remark string) {
	t.blank()
	gap := t.width - width(title) - width(remark)
	if remark == "" || gap < 2 {
		t.line(t.style(bold, title))
		return
	}
	t.line(t.style(bold, title), strings.Repeat(" ", gap), t.style(dim, remark))
}

// text writes a paragraph of outside or catalogue text, indented and wrapped, of at most limit lines (0 for any number).
func (t *sheet) text(indent int, style, text string, limit int) {
	lines := wrap(brief(text), min(t.width, paragraphWidth)-indent)
	if limit > 0 && len(lines) > limit {
		lines = lines[:limit]
		lines[limit-1] = cells.Truncate(lines[limit-1]+" …", min(t.width, paragraphWidth)-indent, "…")
	}
	for _, l := range lines {
		t.line(strings.Repeat(" ", indent), t.style(style, l))
	}
}

// bullet writes a paragraph whose first line begins with a mark.
func (t *sheet) bullet(indent int, mark, text string) {
	hang := indent + width(mark) + 1
	for i, l := range wrap(brief(text), min(t.width, paragraphWidth)-hang) {
		if i == 0 {
			t.line(strings.Repeat(" ", indent), mark, " ", l)
			continue
		}
		t.line(strings.Repeat(" ", hang), l)
	}
}
