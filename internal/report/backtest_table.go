package report

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/mainstay-oss/mainstay/internal/message"
)

// Widths of the columns of a backtest, in cells.
const (
	methodWidth  = 26
	figureWidth  = 18
	countWidth   = 8
	withInterval = 80 // a terminal narrower than this shows figures without their intervals
)

// backtestTable writes a backtest for a terminal.
func backtestTable(b *bytes.Buffer, doc *Backtest, opts Options) {
	t := &sheet{b: b, p: opts.Printer, width: opts.Width, color: opts.Color}
	t.text(0, bold, doc.Sentence, 0)
	for _, s := range backtestNotes(doc, t.p) {
		t.text(0, dim, s, 0)
	}
	for i := range doc.Tasks {
		t.task(&doc.Tasks[i])
	}
	t.heading(t.p.Text("report.section.gaps"), "")
	if len(doc.Gaps) == 0 {
		t.text(2, "", t.p.Text("table.all_read"), 0)
	}
	for i, g := range doc.Gaps {
		if i == maxGaps {
			t.text(2, "", t.p.Text("table.more_gaps", len(doc.Gaps)-maxGaps), 0)
			break
		}
		t.bullet(2, "-", strings.Join(present(g.What, place(g), g.Why, g.Hint), " · "))
	}
}

// backtestNotes says what the figures rest on.
func backtestNotes(doc *Backtest, p message.Printer) []string {
	c := &doc.Counts
	notes := []string{p.Text("backtest.judged", c.OutOfFold, c.Unseen, c.Projects)}
	if c.OutOfFold == 0 {
		notes[0] = p.Text("backtest.judged_none", c.Projects)
	}
	if c.First != nil && c.Last != nil {
		notes = append(notes, p.Text("backtest.range", *c.First, *c.Last, c.QuartersUnknown))
	}
	if c.RetiredListed != nil && c.RetiredFound != nil {
		notes = append(notes, p.Text("backtest.retired", *c.RetiredListed, *c.RetiredFound))
	} else {
		notes = append(notes, p.Text("backtest.retired_none"))
	}
	if c.Small+c.Duplicates > 0 {
		notes = append(notes, p.Text("backtest.left_out", c.Small, c.Duplicates))
	}
	i := &doc.Interval
	return append(notes, p.Text("backtest.interval", i.Level, i.Draws, i.LeastQuarters, i.LeastProjects), p.Text("backtest.rules"))
}

// task writes the figures of all methods over all quarters, then those of Mainstay by group.
func (t *sheet) task(task *BacktestTask) {
	t.heading(t.p.Text("backtest.task."+task.Task), "")
	by := ""
	for i := range task.Groups {
		g := &task.Groups[i]
		if i == 0 {
			t.text(2, dim, countedText(g, t.p), 0)
			t.columns("", t.figureNames())
			for k := range g.Methods {
				m := &g.Methods[k]
				style := ""
				if k == len(g.Methods)-1 {
					style = bold
				}
				t.columns(t.style(style, pad("  "+t.p.Text("backtest.method."+m.Method), methodWidth)), t.figures(m))
			}
			t.verdict(task, g)
			continue
		}
		if g.By != by {
			by = g.By
			t.blank()
			t.columns(t.style(dim, pad("  "+t.p.Text("backtest.by."+by), methodWidth)), append([]string{
				padLeft(t.p.Text("backtest.column.quarters"), countWidth), padLeft(t.p.Text("backtest.column.events"), countWidth) + "  "}, t.figureNames()[:2]...))
		}
		t.columns(pad("  "+groupName(g, t.p), methodWidth), append([]string{
			padLeft(message.Int(g.Quarters), countWidth), padLeft(message.Int(g.Events), countWidth) + "  "}, t.figures(&g.Methods[len(g.Methods)-1])[:2]...))
	}
}

// verdict says in words what the columns have no room for.
func (t *sheet) verdict(task *BacktestTask, g *BacktestGroup) {
	for _, s := range verdicts(task, g, t.p) {
		t.text(2, "", s, 0)
	}
}

func verdicts(task *BacktestTask, g *BacktestGroup, p message.Printer) (all []string) {
	if len(g.Methods) == 0 {
		return nil
	}
	m := &g.Methods[len(g.Methods)-1]
	if m.Brier != nil {
		all = append(all, p.Text("backtest.quality", figureText(m.Brier, 4, p), figureText(m.BrierSkill, 3, p), figureText(m.ECE, 4, p)))
	}
	if task.Task != "stop" {
		return all
	}
	l := m.Lead
	if l == nil {
		return append(all, p.Text("backtest.lead_unknown"))
	}
	if l.MedianDays == nil {
		return append(all, p.Text("backtest.lead_few", l.Stops, l.Alarmed, figureText(l.Ahead12m, 2, p), figureText(l.Ahead12mHeld, 2, p)))
	}
	return append(all, p.Text("backtest.lead", l.Stops, l.Alarmed, figureText(l.MedianDays, 0, p), bare(l.LowerDays, 0, p), bare(l.UpperDays, 0, p),
		figureText(l.Ahead12m, 2, p), figureText(l.Ahead12mHeld, 2, p)))
}

func countedText(g *BacktestGroup, p message.Printer) string {
	return p.Text("backtest.counted", g.Events, g.Quarters, g.EventProjects, g.Projects)
}

// groupName gives the value of a group as people say it: those that are numbers are the same in every language.
func groupName(g *BacktestGroup, p message.Printer) string {
	if key := "backtest.value." + g.Value; message.Has(key) {
		return p.Text(key)
	}
	return strings.ReplaceAll(g.Value, "-", "–")
}

func (t *sheet) figureNames() []string {
	names := []string{t.p.Text("backtest.column.auc"), t.p.Text("backtest.column.ap"), t.p.Text("backtest.column.recall")}
	for i := range names {
		names[i] = pad(names[i], figureWidth)
	}
	return names
}

func (t *sheet) figures(m *BacktestMethod) []string {
	var all []string
	for _, f := range []*Figure{m.AUC, m.AveragePrecision, m.Recall5} {
		text := bare(f, 3, t.p)
		if f != nil && f.Low != nil && f.High != nil && t.width >= withInterval {
			text = fmt.Sprintf("%s %.3f–%.3f", text, *f.Low, *f.High)
		}
		all = append(all, pad(text, figureWidth))
	}
	return all
}

func (t *sheet) columns(first string, rest []string) {
	if first == "" {
		first = strings.Repeat(" ", methodWidth)
	}
	t.line(first, strings.Join(rest, ""))
}

// bare writes a figure without its interval.
func bare(f *Figure, digits int, p message.Printer) string {
	if f == nil {
		return p.Text("backtest.unknown")
	}
	return strconv.FormatFloat(f.Value, 'f', digits, 64)
}

// figureText writes a figure with its interval.
func figureText(f *Figure, digits int, p message.Printer) string {
	text := bare(f, digits, p)
	if f == nil || f.Low == nil || f.High == nil {
		return text
	}
	return p.Text("backtest.between", text, strconv.FormatFloat(*f.Low, 'f', digits, 64), strconv.FormatFloat(*f.High, 'f', digits, 64))
}

// backtestMarkdown writes a backtest for pull requests and model cards.
func backtestMarkdown(b *bytes.Buffer, doc *Backtest, opts Options) {
	p := opts.Printer
	line := func(parts ...string) {
		b.WriteString(strings.Join(parts, ""))
		b.WriteByte('\n')
	}
	row := func(cells ...string) { line("| ", strings.Join(cells, " | "), " |") }
	line("**", mdText(doc.Sentence), "**")
	line()
	for _, s := range backtestNotes(doc, p) {
		line("- ", mdText(s))
	}
	for i := range doc.Tasks {
		task := &doc.Tasks[i]
		line()
		line("### ", p.Text("backtest.task."+task.Task))
		by := ""
		for k := range task.Groups {
			g := &task.Groups[k]
			if k == 0 {
				line()
				line(mdText(countedText(g, p)))
				line()
				row(p.Text("backtest.column.method"), p.Text("backtest.column.auc"), p.Text("backtest.column.ap"), p.Text("backtest.column.recall"))
				line("|---|---|---|---|")
				for n := range g.Methods {
					m := &g.Methods[n]
					row(p.Text("backtest.method."+m.Method), figureText(m.AUC, 3, p), figureText(m.AveragePrecision, 3, p), figureText(m.Recall5, 3, p))
				}
				for _, s := range verdicts(task, g, p) {
					line()
					line(mdText(s))
				}
				continue
			}
			if g.By != by {
				by = g.By
				line()
				row(p.Text("backtest.by."+by), p.Text("backtest.column.quarters"), p.Text("backtest.column.events"),
					p.Text("backtest.column.auc"), p.Text("backtest.column.ap"), p.Text("backtest.column.recall"))
				line("|---|--:|--:|---|---|---|")
			}
			m := &g.Methods[len(g.Methods)-1]
			row(mdText(groupName(g, p)), message.Int(g.Quarters), message.Int(g.Events), figureText(m.AUC, 3, p), figureText(m.AveragePrecision, 3, p), figureText(m.Recall5, 3, p))
		}
	}
	if len(doc.Gaps) == 0 {
		return
	}
	line()
	line("### ", p.Text("report.section.gaps"))
	line()
	for i, g := range doc.Gaps {
		if i == maxGaps {
			line("- ", mdText(p.Text("table.more_gaps", len(doc.Gaps)-maxGaps)))
			break
		}
		line("- ", mdCode(place(g)), " ", mdText(strings.Join(present(g.What, g.Why, g.Hint), " · ")))
	}
}
