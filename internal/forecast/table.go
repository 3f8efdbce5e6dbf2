package forecast

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"strconv"
	"time"
)

// A Row is one project-quarter of the training table: the features on its first day and what came after.
type Row struct {
	Repo     string // owner/name on github.com, as in the archive's meta.json
	AsOf     string // YYYY-MM-DD
	Features Features
	Stop     bool
	Collapse bool
	Left     bool // the busiest person made no commit in the second year
}

// column is one feature in the table. Counts are written whole, the rest with so many digits after the point.
type column struct {
	name   string
	digits int
	field  func(f *Features) *float64
}

var columns = []column{
	{"commits_12m", 0, func(f *Features) *float64 { return &f.Commits12m }},
	{"commits_3m", 0, func(f *Features) *float64 { return &f.Commits3m }},
	{"commits_1m", 0, func(f *Features) *float64 { return &f.Commits1m }},
	{"commits_ever", 0, func(f *Features) *float64 { return &f.CommitsEver }},
	{"commits_prev_12m", 0, func(f *Features) *float64 { return &f.CommitsPrev12m }},
	{"peak_commits_12m", 0, func(f *Features) *float64 { return &f.PeakCommits12m }},
	{"peak_ago", 3, func(f *Features) *float64 { return &f.PeakAgo }},
	{"growth_36m", 5, func(f *Features) *float64 { return &f.Growth36m }},
	{"unevenness", 4, func(f *Features) *float64 { return &f.Unevenness }},
	{"days_since_commit", 2, func(f *Features) *float64 { return &f.DaysSinceCommit }},
	{"usual_gap", 1, func(f *Features) *float64 { return &f.UsualGap }},
	{"weeks_3m", 0, func(f *Features) *float64 { return &f.Weeks3m }},
	{"longest_gap_24m", 1, func(f *Features) *float64 { return &f.LongestGap24m }},
	{"contributors_12m", 0, func(f *Features) *float64 { return &f.Contributors12m }},
	{"contributors_6m", 0, func(f *Features) *float64 { return &f.Contributors6m }},
	{"contributors_prev_12m", 0, func(f *Features) *float64 { return &f.ContributorsPrev12m }},
	{"monthly_6m", 3, func(f *Features) *float64 { return &f.Monthly6m }},
	{"newcomers_12m", 0, func(f *Features) *float64 { return &f.Newcomers12m }},
	{"newcomers_3m", 0, func(f *Features) *float64 { return &f.Newcomers3m }},
	{"newcomers_prev_12m", 0, func(f *Features) *float64 { return &f.NewcomersPrev12m }},
	{"absence_factor", 0, func(f *Features) *float64 { return &f.AbsenceFactor }},
	{"busiest_commits", 0, func(f *Features) *float64 { return &f.BusiestCommits }},
	{"second_commits", 0, func(f *Features) *float64 { return &f.SecondCommits }},
	{"others_3m", 0, func(f *Features) *float64 { return &f.Others3m }},
	{"others_6m", 0, func(f *Features) *float64 { return &f.Others6m }},
	{"effective_12m", 3, func(f *Features) *float64 { return &f.Effective12m }},
	{"effective_prev", 3, func(f *Features) *float64 { return &f.EffectivePrev }},
	{"busiest_prev_share", 4, func(f *Features) *float64 { return &f.BusiestPrev }},
	{"regulars_prev", 0, func(f *Features) *float64 { return &f.RegularsPrev }},
	{"regulars_12m", 0, func(f *Features) *float64 { return &f.Regulars12m }},
	{"regulars_kept", 4, func(f *Features) *float64 { return &f.RegularsKept }},
	{"lasting", 4, func(f *Features) *float64 { return &f.Lasting }},
	{"known", 4, func(f *Features) *float64 { return &f.Known }},
	{"departed_share", 4, func(f *Features) *float64 { return &f.Departed }},
	{"busiest_tenure", 3, func(f *Features) *float64 { return &f.BusiestTenure }},
	{"busiest_days", 2, func(f *Features) *float64 { return &f.BusiestDays }},
	{"busiest_months", 0, func(f *Features) *float64 { return &f.BusiestMonths }},
	{"busiest_ever", 4, func(f *Features) *float64 { return &f.BusiestEver }},
	{"releases_12m", 0, func(f *Features) *float64 { return &f.Releases12m }},
	{"days_since_release", 1, func(f *Features) *float64 { return &f.DaysSinceRelease }},
	{"age", 3, func(f *Features) *float64 { return &f.Age }},
	{"merged_12m", 0, func(f *Features) *float64 { return &f.Merged12m }},
	{"merged_3m", 0, func(f *Features) *float64 { return &f.Merged3m }},
	{"merged_prev_12m", 0, func(f *Features) *float64 { return &f.MergedPrev12m }},
	{"merges_12m", 0, func(f *Features) *float64 { return &f.Merges12m }},
	{"other_hands", 4, func(f *Features) *float64 { return &f.OtherHands }},
	{"late", 4, func(f *Features) *float64 { return &f.Late }},
	{"work_hours", 4, func(f *Features) *float64 { return &f.WorkHours }},
	{"weekends", 4, func(f *Features) *float64 { return &f.Weekends }},
}

var outcomes = []struct {
	name  string
	field func(r *Row) *bool
}{
	{"stop", func(r *Row) *bool { return &r.Stop }},
	{"collapse", func(r *Row) *bool { return &r.Collapse }},
	{"busiest_left", func(r *Row) *bool { return &r.Left }},
}

func heading() []string {
	head := []string{"repo", "as_of"}
	for _, c := range columns {
		head = append(head, c.name)
	}
	for _, o := range outcomes {
		head = append(head, o.name)
	}
	return head
}

// WriteTable writes rows as CSV: an empty field is a feature that could not be computed, outcomes are 0 or 1.
func WriteTable(w io.Writer, rows []Row) error {
	out := csv.NewWriter(w)
	if err := out.Write(heading()); err != nil {
		return err
	}
	for i := range rows {
		r := &rows[i]
		fields := []string{r.Repo, r.AsOf}
		for _, c := range columns {
			x := *c.field(&r.Features)
			if math.IsNaN(x) {
				fields = append(fields, "")
				continue
			}
			fields = append(fields, strconv.FormatFloat(x, 'f', c.digits, 64))
		}
		for _, o := range outcomes {
			fields = append(fields, strconv.Itoa(int(indicator(*o.field(r)))))
		}
		if err := out.Write(fields); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// ReadTable reads what WriteTable wrote. Another heading or an unreadable field is an error that names its line.
func ReadTable(r io.Reader) ([]Row, error) {
	in := csv.NewReader(r)
	want := heading()
	head, err := in.Read()
	if err != nil {
		return nil, fmt.Errorf("reading the training table: %w", err)
	}
	for i, name := range want {
		if i >= len(head) || head[i] != name {
			return nil, fmt.Errorf("training table: column %d is not %q; write the table again from histories", i+1, name)
		}
	}
	var rows []Row
	for {
		fields, err := in.Read()
		if err == io.EOF {
			return rows, nil
		}
		if err != nil {
			return nil, fmt.Errorf("reading the training table: %w", err)
		}
		row := Row{Repo: fields[0], AsOf: fields[1]}
		line, _ := in.FieldPos(0)
		if _, err := time.Parse(time.DateOnly, row.AsOf); err != nil {
			return nil, fmt.Errorf("training table line %d: %w", line, err)
		}
		for i, c := range columns {
			x := math.NaN()
			if s := fields[2+i]; s != "" {
				if x, err = strconv.ParseFloat(s, 64); err != nil || math.IsInf(x, 0) || !(x >= 0) {
					return nil, fmt.Errorf("training table line %d, %s: %q is no number of the table", line, c.name, s)
				}
			}
			*c.field(&row.Features) = x
		}
		for i, o := range outcomes {
			switch s := fields[2+len(columns)+i]; s {
			case "0", "1":
				*o.field(&row) = s == "1"
			default:
				return nil, fmt.Errorf("training table line %d, %s: %q is neither 0 nor 1", line, o.name, s)
			}
		}
		rows = append(rows, row)
	}
}
