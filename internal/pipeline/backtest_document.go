package pipeline

import (
	"fmt"
	"math"

	"github.com/mainstay-oss/mainstay/internal/forecast"
	"github.com/mainstay-oss/mainstay/internal/message"
	"github.com/mainstay-oss/mainstay/internal/report"
)

// Document computes the figures of what was judged and reports them. retired is the list that was given, nil for none.
func (b *Backtested) Document(m *forecast.Model, retired *forecast.Retirements, p message.Printer, version string) *report.Backtest {
	doc := &report.Backtest{
		Tool:     report.Tool{Name: "mainstay", Version: version},
		Command:  "backtest",
		Language: string(p.Lang),
		Model:    report.BacktestModel{Newest: m.Newest, Projects: len(m.Projects)},
		Interval: report.DrawnInterval{
			Level: forecast.Level, Draws: forecast.Draws, Unit: "project",
			LeastQuarters: forecast.LeastCases, LeastProjects: forecast.LeastProjects, LeastStops: forecast.LeastStops,
		},
	}
	if p.Lang == "" {
		doc.Language = string(message.English)
	}
	for _, t := range b.Figures() {
		doc.Tasks = append(doc.Tasks, taskRow(t))
	}
	doc.Counts = b.counts(retired)
	doc.Sentence = sentence(doc, p)
	words := Pipeline{Printer: p}
	for _, g := range b.Gaps {
		row := words.gapRow(g)
		row.Hint = p.Text("backtest.archive_hint")
		doc.Gaps = append(doc.Gaps, row)
	}
	return doc
}

func (b *Backtested) counts(retired *forecast.Retirements) report.BacktestCounts {
	c := report.BacktestCounts{Archives: b.Archives, Unreadable: len(b.Gaps), Small: b.Small, Duplicates: b.Duplicates}
	found := 0
	for i := range b.Projects {
		p := &b.Projects[i]
		counted := 0
		for k := range p.Cases {
			if !p.Cases[k].Known() {
				c.QuartersUnknown++
				continue
			}
			counted++
			date := day(p.Cases[k].AsOf)
			if c.First == nil || date < *c.First {
				c.First = &date
			}
			if c.Last == nil || date > *c.Last {
				c.Last = &date
			}
		}
		if counted == 0 {
			continue
		}
		c.Projects++
		c.Quarters += counted
		c.Stops += p.Stops()
		if p.OutOfFold {
			c.OutOfFold++
		}
		if p.Retired != nil {
			found++
		}
	}
	c.Unseen = c.Projects - c.OutOfFold
	if b.Listed {
		listed := retired.Count()
		c.RetiredListed, c.RetiredFound = &listed, &found
	}
	return c
}

// sentence is the answer in one.
func sentence(doc *report.Backtest, p message.Printer) string {
	all := &doc.Tasks[0].Groups[0]
	var own *report.Figure
	best := math.Inf(-1)
	for i := range all.Methods {
		switch m := &all.Methods[i]; {
		case m.AUC == nil:
		case m.Method == forecast.Mainstay:
			own = m.AUC
		default:
			best = math.Max(best, m.AUC.Value)
		}
	}
	if own == nil {
		return p.Text("backtest.sentence_few", doc.Counts.Projects, doc.Counts.Quarters, all.Events)
	}
	return p.Text("backtest.sentence", doc.Counts.Projects, doc.Counts.Quarters, fmt.Sprintf("%.3f", own.Value), fmt.Sprintf("%.3f", best))
}

func taskRow(t forecast.TaskFigures) report.BacktestTask {
	row := report.BacktestTask{Task: string(t.Task)}
	for i := range t.Groups {
		g := &t.Groups[i]
		group := report.BacktestGroup{
			By: g.By, Value: g.Value, Projects: g.Projects, Quarters: g.Quarters, EventProjects: g.EventProjects, Events: g.Events,
		}
		for _, m := range g.Methods {
			group.Methods = append(group.Methods, report.BacktestMethod{
				Method: m.Method, AUC: figure(m.AUC), AveragePrecision: figure(m.AP), Recall5: figure(m.Recall5),
				Brier: figure(m.Brier), BrierSkill: figure(m.Skill), ECE: figure(m.ECE), Lead: leadRow(m.Lead),
			})
		}
		row.Groups = append(row.Groups, group)
	}
	for _, b := range t.Bins {
		row.Calibration = append(row.Calibration, report.BacktestBin{Quarters: b.Rows, Forecast: b.Forecast, Frequency: b.Frequency})
	}
	return row
}

func leadRow(l *forecast.Lead) *report.BacktestLead {
	if l == nil {
		return nil
	}
	return &report.BacktestLead{
		Stops: l.Stops, Alarmed: l.Alarmed,
		MedianDays: figure(l.Median), LowerDays: figure(l.Lower), UpperDays: figure(l.Upper),
		Ahead12m: figure(l.Ahead), Ahead12mHeld: figure(l.Held),
	}
}

// figure gives nothing for what is not known.
func figure(s forecast.Spread) *report.Figure {
	if math.IsNaN(s.Value) {
		return nil
	}
	f := &report.Figure{Value: s.Value}
	if !math.IsNaN(s.Low) && !math.IsNaN(s.High) {
		f.Low, f.High = &s.Low, &s.High
	}
	return f
}
