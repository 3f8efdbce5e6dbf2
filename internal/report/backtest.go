package report

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"
)

// BacktestVersion is raised when a field of Backtest is removed, or changes its type or its meaning.
const BacktestVersion = 1

// Backtest is the answer of the command backtest: how good the forecast and the rules in use are on the projects of a folder.
// doc/output.md names every field. A figure that cannot be known is null.
type Backtest struct {
	SchemaVersion int            `json:"schema_version"`
	Tool          Tool           `json:"tool"`
	Command       string         `json:"command"` // backtest
	Language      string         `json:"language"`
	Sentence      string         `json:"sentence"`
	Model         BacktestModel  `json:"model"`
	Counts        BacktestCounts `json:"counts"`
	Interval      DrawnInterval  `json:"interval"`
	Tasks         []BacktestTask `json:"tasks"`
	Gaps          []Gap          `json:"gaps"`
}

// BacktestModel says what was judged.
type BacktestModel struct {
	Newest   string `json:"newest"`
	Projects int    `json:"projects"`
}

// BacktestCounts say what the figures rest on.
type BacktestCounts struct {
	Archives        int     `json:"archives"`
	Unreadable      int     `json:"unreadable"`
	Small           int     `json:"small"`
	Duplicates      int     `json:"duplicates"`
	Projects        int     `json:"projects"`
	OutOfFold       int     `json:"out_of_fold"`
	Unseen          int     `json:"unseen"`
	Quarters        int     `json:"quarters"`
	QuartersUnknown int     `json:"quarters_unknown"`
	First           *string `json:"first"`
	Last            *string `json:"last"`
	Stops           int     `json:"stops"`
	RetiredListed   *int    `json:"retired_listed"`
	RetiredFound    *int    `json:"retired_found"`
}

// DrawnInterval says how every interval was made.
type DrawnInterval struct {
	Level float64 `json:"level"`
	Draws int     `json:"draws"`
	Unit  string  `json:"unit"`
	// Figures that rest on less are null.
	LeastQuarters int `json:"least_quarters"`
	LeastProjects int `json:"least_projects"`
	LeastStops    int `json:"least_stops"`
}

// BacktestTask holds the figures for one of the things that are forecast.
type BacktestTask struct {
	Task        string          `json:"task"`
	Groups      []BacktestGroup `json:"groups"`
	Calibration []BacktestBin   `json:"calibration"`
}

// BacktestGroup holds the figures for a part of the project-quarters.
type BacktestGroup struct {
	By            string           `json:"by"`
	Value         string           `json:"value"`
	Projects      int              `json:"projects"`
	Quarters      int              `json:"quarters"`
	EventProjects int              `json:"event_projects"`
	Events        int              `json:"events"`
	Methods       []BacktestMethod `json:"methods"`
}

// BacktestMethod holds the figures of one method.
type BacktestMethod struct {
	Method           string        `json:"method"`
	AUC              *Figure       `json:"auc"`
	AveragePrecision *Figure       `json:"average_precision"`
	Recall5          *Figure       `json:"recall_5"`
	Brier            *Figure       `json:"brier"`
	BrierSkill       *Figure       `json:"brier_skill"`
	ECE              *Figure       `json:"ece"`
	Lead             *BacktestLead `json:"lead"`
}

// Figure is a number with its interval.
type Figure struct {
	Value float64  `json:"value"`
	Low   *float64 `json:"low"`
	High  *float64 `json:"high"`
}

// BacktestLead says how early alarms came.
type BacktestLead struct {
	Stops        int     `json:"stops"`
	Alarmed      int     `json:"alarmed"`
	MedianDays   *Figure `json:"median_days"`
	LowerDays    *Figure `json:"lower_quartile_days"`
	UpperDays    *Figure `json:"upper_quartile_days"`
	Ahead12m     *Figure `json:"ahead_12m"`
	Ahead12mHeld *Figure `json:"ahead_12m_held"`
}

// BacktestBin is one stretch of forecasts and what became of them.
type BacktestBin struct {
	Quarters  int     `json:"quarters"`
	Forecast  float64 `json:"forecast"`
	Frequency float64 `json:"frequency"`
}

// BacktestFormats lists the names that WriteBacktest knows, the default first.
func BacktestFormats() []string { return []string{"table", "json", "csv", "md"} }

// WriteBacktest writes a backtest in one of BacktestFormats. It hands w the whole text at once.
func WriteBacktest(w io.Writer, doc *Backtest, format string, opts Options) error {
	doc.SchemaVersion = BacktestVersion
	normalise(reflect.ValueOf(doc).Elem())
	var b bytes.Buffer
	var err error
	switch opts = opts.withDefaults(); format {
	case "table":
		backtestTable(&b, doc, opts)
	case "json":
		err = encodeJSON(&b, doc)
	case "csv":
		err = backtestCSV(&b, doc)
	case "md":
		backtestMarkdown(&b, doc, opts)
	default:
		err = fmt.Errorf("known formats: %s", strings.Join(BacktestFormats(), ", "))
	}
	if err != nil {
		return fmt.Errorf("writing format %s: %w", format, err)
	}
	_, err = w.Write(b.Bytes())
	return err
}

// backtestColumns of CSV. A figure takes three columns. New ones are added at the end.
var backtestFigures = []struct {
	name string
	of   func(m *BacktestMethod) *Figure
}{
	{"auc", func(m *BacktestMethod) *Figure { return m.AUC }},
	{"average_precision", func(m *BacktestMethod) *Figure { return m.AveragePrecision }},
	{"recall_5", func(m *BacktestMethod) *Figure { return m.Recall5 }},
	{"brier", func(m *BacktestMethod) *Figure { return m.Brier }},
	{"brier_skill", func(m *BacktestMethod) *Figure { return m.BrierSkill }},
	{"ece", func(m *BacktestMethod) *Figure { return m.ECE }},
	{"lead_median_days", func(m *BacktestMethod) *Figure { return m.lead().MedianDays }},
	{"lead_lower_quartile_days", func(m *BacktestMethod) *Figure { return m.lead().LowerDays }},
	{"lead_upper_quartile_days", func(m *BacktestMethod) *Figure { return m.lead().UpperDays }},
	{"lead_ahead_12m", func(m *BacktestMethod) *Figure { return m.lead().Ahead12m }},
	{"lead_ahead_12m_held", func(m *BacktestMethod) *Figure { return m.lead().Ahead12mHeld }},
}

// lead gives the lead, an empty one where nothing is known.
func (m *BacktestMethod) lead() *BacktestLead {
	if m.Lead == nil {
		return &BacktestLead{}
	}
	return m.Lead
}

// backtestCSV writes one record per task, group and method.
func backtestCSV(b *bytes.Buffer, doc *Backtest) error {
	w := csv.NewWriter(b)
	w.UseCRLF = true
	head := []string{"task", "by", "value", "method", "projects", "quarters", "event_projects", "events"}
	for _, f := range backtestFigures {
		head = append(head, f.name, f.name+"_low", f.name+"_high")
	}
	if err := w.Write(append(head, "lead_stops", "lead_alarmed")); err != nil {
		return err
	}
	for _, t := range doc.Tasks {
		for _, g := range t.Groups {
			for i := range g.Methods {
				m := &g.Methods[i]
				record := []string{t.Task, g.By, g.Value, m.Method, strconv.Itoa(g.Projects), strconv.Itoa(g.Quarters), strconv.Itoa(g.EventProjects), strconv.Itoa(g.Events)}
				for _, f := range backtestFigures {
					if figure := f.of(m); figure != nil {
						record = append(record, number(figure.Value), optional(figure.Low, number), optional(figure.High, number))
						continue
					}
					record = append(record, "", "", "")
				}
				known := m.Lead != nil
				record = append(record, ifKnown(known, strconv.Itoa(m.lead().Stops)), ifKnown(known, strconv.Itoa(m.lead().Alarmed)))
				if err := w.Write(record); err != nil {
					return err
				}
			}
		}
	}
	w.Flush()
	return w.Error()
}
