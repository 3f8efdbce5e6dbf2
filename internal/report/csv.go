package report

import (
	"bytes"
	"encoding/csv"
	"iter"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A column of the CSV format. Its name is the name of the field in the JSON document; where the same name stands in two
// objects, the object's name comes before it.
type column[R any] struct {
	name string
	cell func(*R) string
}

// A row is an upstream whose objects are present even where the document has null; have* tells which were.
type row struct {
	*Upstream
	vitals     Vitals
	outlook    Outlook
	fragility  Fragility
	load       Load
	attention  Attention
	history    History
	governance Governance
	wayIn      WayIn
	territory  Territory

	haveVitals, haveAttention, haveHistory, haveLoad bool
	haveGovernance, haveWayIn, haveTerritory         bool
}

// columns of the CSV format. The order is part of the contract: new columns are added at the end.
var columns = []column[row]{
	{"rank", func(r *row) string { return ifKnown(r.haveAttention, strconv.Itoa(r.attention.Rank)) }},
	{"id", func(r *row) string { return textCell(r.ID) }},
	{"state", func(r *row) string { return textCell(r.State) }},
	{"quiet_kind", func(r *row) string { return optional(r.QuietKind, textCell) }},
	{"attention_score", func(r *row) string { return ifKnown(r.haveAttention, number(r.attention.Score)) }},
	{"loss", func(r *row) string { return optional(r.Loss, number) }},
	{"exposure_score", func(r *row) string { return number(r.Exposure.Score) }},
	{"exposure_direct", func(r *row) string { return strconv.FormatBool(r.Exposure.Direct) }},
	{"exposure_depth", func(r *row) string { return strconv.Itoa(r.Exposure.Depth) }},
	{"exposure_subjects", func(r *row) string { return strconv.Itoa(r.Exposure.Subjects) }},
	{"exposure_packages", func(r *row) string { return strconv.Itoa(r.Exposure.Packages) }},
	{"probability_12m", func(r *row) string { return optional(r.outlook.Probability12m, number) }},
	{"collapse_12m", func(r *row) string { return optional(r.outlook.Collapse12m, number) }},
	{"interval_low", func(r *row) string { return nth(r.outlook.Interval, 0) }},
	{"interval_high", func(r *row) string { return nth(r.outlook.Interval, 1) }},
	{"band", func(r *row) string { return textCell(r.outlook.Band) }},
	{"fragility_score", func(r *row) string { return optional(r.fragility.Score, number) }},
	{"key_share", func(r *row) string { return optional(r.fragility.KeyShare, number) }},
	{"second_share", func(r *row) string { return optional(r.fragility.SecondShare, number) }},
	{"absence_factor_24m_ago", func(r *row) string { return optional(r.fragility.AbsenceFactor24mAgo, strconv.Itoa) }},
	{"listed_maintainers", func(r *row) string { return optional(r.fragility.ListedMaintainers, strconv.Itoa) }},
	{"active_maintainers", func(r *row) string { return optional(r.fragility.ActiveMaintainers, strconv.Itoa) }},
	{"vitals_as_of", func(r *row) string { return textCell(r.vitals.AsOf) }},
	{"commits_12m", func(r *row) string { return r.count(r.vitals.Commits12m) }},
	{"commits_3m", func(r *row) string { return r.count(r.vitals.Commits3m) }},
	{"contributors_12m", func(r *row) string { return r.count(r.vitals.Contributors12m) }},
	{"contributor_absence_factor_12m", func(r *row) string { return optional(r.vitals.ContributorAbsenceFactor, strconv.Itoa) }},
	{"top_share_12m", func(r *row) string { return optional(r.vitals.TopShare, number) }},
	{"elephant_factor_12m", func(r *row) string { return optional(r.vitals.ElephantFactor, strconv.Itoa) }},
	{"newcomers_12m", func(r *row) string { return r.count(r.vitals.Newcomers12m) }},
	{"departed_share", func(r *row) string { return optional(r.vitals.DepartedShare, number) }},
	{"days_since_commit", func(r *row) string { return optional(r.vitals.DaysSinceCommit, strconv.Itoa) }},
	{"releases_12m", func(r *row) string { return r.count(r.vitals.Releases12m) }},
	{"days_since_release", func(r *row) string { return optional(r.vitals.DaysSinceRelease, strconv.Itoa) }},
	{"pulls_opened_12m", func(r *row) string { return optional(r.vitals.PullsOpened12m, strconv.Itoa) }},
	{"pulls_merged_12m", func(r *row) string { return r.count(r.vitals.PullsMerged12m) }},
	{"first_commit", func(r *row) string { return optional(r.vitals.FirstCommit, textCell) }},
	{"last_commit", func(r *row) string { return optional(r.vitals.LastCommit, textCell) }},
	{"months", func(r *row) string { return list(r.vitals.Months, " ", strconv.Itoa) }},
	{"history_source", func(r *row) string { return textCell(r.history.Source) }},
	{"history_commits", func(r *row) string { return ifKnown(r.haveHistory, strconv.Itoa(r.history.Commits)) }},
	{"observed_until", func(r *row) string { return textCell(r.history.ObservedUntil) }},
	{"notices", func(r *row) string {
		return textCell(list(r.Notices, "; ", func(n Notice) string { return n.Date + " " + n.Kind + " " + n.Source }))
	}},
	{"why", func(r *row) string { return textCell(strings.Join(r.attention.Why, "; ")) }},
	{"packages", func(r *row) string { return textCell(strings.Join(r.Packages, " ")) }},
	{"commits_since_release", func(r *row) string { return optional(r.load.CommitsSinceRelease, strconv.Itoa) }},
	{"commits_per_release", func(r *row) string { return optional(r.load.CommitsPerRelease, number) }},
	{"release_backlog", func(r *row) string { return optional(r.load.ReleaseBacklog, number) }},
	{"regulars_12m", func(r *row) string { return ifKnown(r.haveLoad, strconv.Itoa(r.load.Regulars12m)) }},
	{"new_outsiders_12m", func(r *row) string { return optional(r.load.NewOutsiders12m, strconv.Itoa) }},
	{"new_outsiders_per_regular", func(r *row) string { return optional(r.load.OutsidersPerRegular, number) }},
	{"waiting_outsiders", func(r *row) string { return optional(r.load.WaitingOutsiders, strconv.Itoa) }},
	{"waiting_pulls", func(r *row) string { return optional(r.load.WaitingPulls, strconv.Itoa) }},
	{"waiting_days", func(r *row) string { return optional(r.load.WaitingDays, strconv.Itoa) }},
	{"governance_as_of", func(r *row) string { return textCell(r.governance.AsOf) }},
	{"governance_files", func(r *row) string { return textCell(strings.Join(r.governance.Files, " ")) }},
	{"governance_listed", func(r *row) string { return ifKnown(r.haveGovernance, strconv.Itoa(r.governance.Listed)) }},
	{"governance_active", func(r *row) string { return ifKnown(r.haveGovernance, strconv.Itoa(r.governance.Active)) }},
	{"governance_paper", func(r *row) string { return ifKnown(r.haveGovernance, strconv.Itoa(r.governance.Paper)) }},
	{"governance_unmatched", func(r *row) string { return ifKnown(r.haveGovernance, strconv.Itoa(r.governance.Unmatched)) }},
	{"outside_pulls", func(r *row) string { return optional(r.wayIn.OutsidePulls, strconv.Itoa) }},
	{"outside_merged", func(r *row) string { return optional(r.wayIn.OutsideMerged, strconv.Itoa) }},
	{"merged_share", func(r *row) string { return optional(r.wayIn.MergedShare, number) }},
	{"newcomers", func(r *row) string { return ifKnown(r.haveWayIn, strconv.Itoa(r.wayIn.Newcomers)) }},
	{"stayed", func(r *row) string { return ifKnown(r.haveWayIn, strconv.Itoa(r.wayIn.Stayed)) }},
	{"stayed_share", func(r *row) string { return optional(r.wayIn.StayedShare, number) }},
	{"days_to_seat", func(r *row) string { return list(r.wayIn.DaysToSeat, " ", strconv.Itoa) }},
	{"days_to_seat_median", func(r *row) string { return optional(r.wayIn.MedianToSeat, strconv.Itoa) }},
	{"tractability", func(r *row) string { return optional(r.wayIn.Tractability, number) }},
	{"territory_as_of", func(r *row) string { return textCell(r.territory.AsOf) }},
	{"territory_files", func(r *row) string { return ifKnown(r.haveTerritory, strconv.Itoa(r.territory.Files)) }},
	{"territory_passed_over", func(r *row) string { return ifKnown(r.haveTerritory, strconv.Itoa(r.territory.PassedOver)) }},
	{"territory_authors", func(r *row) string { return ifKnown(r.haveTerritory, strconv.Itoa(r.territory.Authors)) }},
	{"truck_factor", func(r *row) string { return optional(r.territory.TruckFactor, strconv.Itoa) }},
	{"orphaned", func(r *row) string { return ifKnown(r.haveTerritory, strconv.Itoa(r.territory.Orphaned)) }},
	{"orphaned_share", func(r *row) string { return optional(r.territory.OrphanedShare, number) }},
}

// writeCSV writes one record per upstream, for a footprint one per organisation, upstream and period, for a
// drill one per upstream of the drill, as RFC 4180 has it:
// records end in CRLF, the first names the columns. An unknown value is an empty cell.
func writeCSV(b *bytes.Buffer, doc *Document, _ Options) error {
	if doc.Command == "footprint" {
		return writeRecords(b, footprintColumns, footprintRecords(footprintOf(doc)))
	}
	if doc.Command == "drill" && doc.Drill != nil {
		return writeRecords(b, drillColumns, drillRecords(doc.Drill))
	}
	return writeRecords(b, columns, func(yield func(*row) bool) {
		for i := range doc.Upstreams {
			if !yield(newRow(&doc.Upstreams[i])) {
				return
			}
		}
	})
}

func writeRecords[R any](b *bytes.Buffer, columns []column[R], rows iter.Seq[*R]) error {
	w := csv.NewWriter(b)
	w.UseCRLF = true
	record := make([]string, len(columns))
	for i, c := range columns {
		record[i] = c.name
	}
	if err := w.Write(record); err != nil {
		return err
	}
	for r := range rows {
		for i, c := range columns {
			record[i] = c.cell(r)
		}
		if err := w.Write(record); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

func newRow(u *Upstream) *row {
	r := &row{Upstream: u, haveVitals: u.Vitals != nil, haveAttention: u.Attention != nil, haveHistory: u.History != nil}
	if u.Vitals != nil {
		r.vitals = *u.Vitals
	}
	if u.Outlook != nil {
		r.outlook = *u.Outlook
	}
	if u.Fragility != nil {
		r.fragility = *u.Fragility
	}
	if u.Load != nil {
		r.load, r.haveLoad = *u.Load, true
	}
	if u.Attention != nil {
		r.attention = *u.Attention
	}
	if u.History != nil {
		r.history = *u.History
	}
	if u.Governance != nil {
		r.governance, r.haveGovernance = *u.Governance, true
	}
	if u.WayIn != nil {
		r.wayIn, r.haveWayIn = *u.WayIn, true
	}
	if u.Territory != nil {
		r.territory, r.haveTerritory = *u.Territory, true
	}
	return r
}

func (r *row) count(n int) string { return ifKnown(r.haveVitals, strconv.Itoa(n)) }

func ifKnown(known bool, cell string) string {
	if !known {
		return ""
	}
	return cell
}

func optional[T any](v *T, cell func(T) string) string {
	if v == nil {
		return ""
	}
	return cell(*v)
}

// number writes the shortest decimal that reads back as the same number; what is not finite is empty, as unknown.
func number(f float64) string {
	if !finite(f) {
		return ""
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

func nth(values []float64, i int) string {
	if i >= len(values) {
		return ""
	}
	return number(values[i])
}

func list[T any](items []T, sep string, cell func(T) string) string {
	cells := make([]string, len(items))
	for i, item := range items {
		cells[i] = cell(item)
	}
	return strings.Join(cells, sep)
}

// textCell makes a text safe in a spreadsheet: one that a spreadsheet would take for a formula gets an apostrophe before
// it, so that a package's name cannot run anything.
func textCell(s string) string {
	if s == "" {
		return ""
	}
	if strings.ContainsRune("\t\r\n", rune(s[0])) || startsFormula(strings.TrimLeft(s, " ")) {
		return "'" + clean(s)
	}
	return clean(s)
}

// startsFormula knows the signs that begin a formula, also in the full width forms that East Asian spreadsheets take for
// the same.
func startsFormula(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return s != "" && strings.ContainsRune("=+-@＝＋－＠", r)
}
