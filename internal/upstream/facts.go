package upstream

import (
	"time"

	"github.com/mainstay-oss/mainstay/internal/dependency"
)

// Facts are what registries, or files of the user's own, say of a package and of the version in use. A field that nobody
// filled is not known. They are of the day Observed; a question about an earlier day must not use what was first said later.
type Facts struct {
	Released       string // YYYY-MM-DD: when the version in use was published
	Latest         string // the newest version that is no pre-release, as the registry spells it
	LatestReleased string // YYYY-MM-DD: when that was published
	Publishers     *int   // accounts that may publish the package

	Deprecated      string // what is said, if the package or the version in use is said to be deprecated
	DeprecatedOn    string // YYYY-MM-DD: when it was said, or the first day on which it is known to have been
	DeprecatedAlone bool   // the version in use is, and the latest is not, or is not known to be: the package may go on
	Yanked          string // what is said, if the version in use was taken back: "yanked" where no reason is given
	YankedOn        string // YYYY-MM-DD, likewise

	Source   string // who said so: the host of the registry, or a file; of several the first
	Observed string // YYYY-MM-DD: when it was said
}

// dated gives facts with the day and the source on them, and notices without a day of their own the day on which they were seen.
func (f Facts) dated(source string, at time.Time) Facts {
	if f == (Facts{}) {
		return f
	}
	f.Source = source
	if at.IsZero() { // a file of the user's tells no day
		return f
	}
	day := at.UTC().Format(time.DateOnly)
	f.Observed = day
	if f.Deprecated != "" {
		f.DeprecatedOn = either(f.DeprecatedOn, day)
	}
	if f.Yanked != "" {
		f.YankedOn = either(f.YankedOn, day)
	}
	return f
}

// or fills what is not known with what others say.
func (f Facts) or(other Facts) Facts {
	f.Released = either(f.Released, other.Released)
	if f.Latest == "" {
		f.Latest, f.LatestReleased = other.Latest, other.LatestReleased
	} else if f.Latest == other.Latest {
		f.LatestReleased = either(f.LatestReleased, other.LatestReleased)
	}
	if f.Publishers == nil {
		f.Publishers = other.Publishers
	}
	if f.Deprecated == "" {
		f.Deprecated, f.DeprecatedOn, f.DeprecatedAlone = other.Deprecated, other.DeprecatedOn, other.DeprecatedAlone
	}
	if f.Yanked == "" {
		f.Yanked, f.YankedOn = other.Yanked, other.YankedOn
	}
	if f.Source == "" {
		f.Source, f.Observed = other.Source, other.Observed
	}
	return f
}

// orSaid fills what is not known with what a file passes on, which is known of the day on which it was read. It speaks of the version
// in use alone, and where a registry knows that version, of its deprecation it has the last word, and be it silence.
func (f Facts) orSaid(said dependency.Said, read time.Time) Facts {
	passed := Facts{Released: said.Released}
	if f.Released == "" && said.Deprecated != "" {
		passed.Deprecated, passed.DeprecatedAlone = noticeText(said.Deprecated), true
	}
	return f.or(passed.dated(said.File, read))
}

// facts gives what was said of a version, of several the first that says something.
func (q *question) factsOf(version string) Facts {
	var all Facts
	for _, s := range q.said {
		all = all.or(s.facts(version).dated(s.source, s.at))
	}
	return all
}

// dayOf gives the day of a time that a registry wrote in RFC 3339, or nothing.
func dayOf(stamp string) string {
	if t, err := time.Parse(time.RFC3339Nano, stamp); err == nil && !t.IsZero() {
		return t.UTC().Format(time.DateOnly)
	}
	return ""
}
