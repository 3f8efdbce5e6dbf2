package forecast

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"time"
)

// maxRetirements bounds a list of retirements, in bytes of one line and in lines.
const (
	maxRetirementLine = 64 << 10
	maxRetirements    = 1_000_000
)

// Retirements are the dates on which upstreams were retired, as one list has them.
type Retirements struct{ dates map[string]int64 }

// ReadRetirements reads a list of retirements: one a line, tab-separated, repo (owner/name on github.com, or host/owner/name)
// and date (YYYY-MM-DD, 00:00 UTC); further columns are for readers. A heading, blank lines and lines that begin with "#" say
// nothing. Of several dates of one upstream the earliest counts. An error begins with the
// number of its line.
func ReadRetirements(r io.Reader) (*Retirements, error) {
	list := &Retirements{dates: map[string]int64{}}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxRetirementLine)
	n := 0
	for lines.Scan() {
		n++
		text := strings.TrimSuffix(lines.Text(), "\r")
		if n == 1 {
			text = strings.TrimPrefix(text, "\ufeff")
		}
		if strings.TrimSpace(text) == "" || strings.HasPrefix(text, "#") {
			continue
		}
		fields := strings.Split(text, "\t")
		repo := retirementKey(fields[0])
		if n == 1 && repo == "repo" {
			continue
		}
		if len(fields) < 2 {
			return nil, fmt.Errorf("%d: want repo and date with a tab between them", n)
		}
		if parts := strings.Split(repo, "/"); len(parts) < 2 || strings.Contains(repo, "//") || strings.HasPrefix(repo, "/") || strings.HasSuffix(repo, "/") {
			return nil, fmt.Errorf("%d: %q is not owner/name", n, fields[0])
		}
		day, err := time.Parse(time.DateOnly, strings.TrimSpace(fields[1]))
		if err != nil {
			return nil, fmt.Errorf("%d: %q is no date as YYYY-MM-DD", n, fields[1])
		}
		if at, known := list.dates[repo]; !known || day.Unix() < at {
			list.dates[repo] = day.Unix()
		}
		if len(list.dates) > maxRetirements {
			return nil, fmt.Errorf("%d: more than %d retirements", n, maxRetirements)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%d: %w", n+1, err)
	}
	return list, nil
}

func retirementKey(repo string) string {
	return strings.TrimPrefix(strings.ToLower(strings.TrimSpace(repo)), "github.com/")
}

// Of gives the date on which an upstream (host/owner/name) was retired, Unix seconds; nil if the list does not name it, or
// there is no list.
func (l *Retirements) Of(upstream string) *int64 {
	if l == nil {
		return nil
	}
	if at, listed := l.dates[retirementKey(upstream)]; listed {
		return &at
	}
	return nil
}

// Count is the number of upstreams in the list.
func (l *Retirements) Count() int {
	if l == nil {
		return 0
	}
	return len(l.dates)
}
