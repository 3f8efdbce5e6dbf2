package footprint

import (
	"fmt"
	"testing"

	"github.com/mainstay-oss/mainstay/internal/history"
)

func TestSeats(t *testing.T) {
	t.Parallel()
	h := world("host/o/n", `
commit 2020-01-01 ann@acme
commit 2020-01-01 bob@labs
commit 2020-01-01 cho@open
commit 2020-01-01 dee@alone
commit 2020-01-01 eve@bolt
commit 2020-01-01 fay@acme`)
	u := upstreamOf(h, nil)
	u.OptedOut = func(id *history.Identity) bool { return id.Name == "fay" || id.Email == "secret@redhat.com" }
	rolls := []Roll{
		{date("2020-04-01"), nil},
		{date("2020-07-01"), []Seat{
			{0, "", true},                 // acme
			{1, "", false},                // labs, on paper
			{2, "", true},                 // open
			{3, "", true},                 // nobody's
			{4, "", true},                 // bolt
			{5, "", true},                 // does not want to be attributed
			{2, "cho@redhat.com", false},  // the listed address tells
			{-1, "", false},               // not known
			{-1, "zoe@gmail.com", false},  // neither
			{-1, "zoe@apache.org", false}, // lent
			{-1, "zoe@users.noreply.github.com", false}, // a forge's, who does not work for it
			{-1, " Yan@Sub.RedHat.com", false},          // a domain
			{-1, "secret@redhat.com", false},            // does not want to be attributed
			{-1, "redhat.com", false},                   // no address
		}},
		{date("2020-10-01"), []Seat{{0, "", false}}},
	}
	line := func(s Seats) string {
		return fmt.Sprintf("%s: %d+%d/%d %.2f active %d paper %d", day(s.At), s.Seats, s.Open, s.Listed, s.Share, s.Active, s.Paper)
	}
	acme, red := u.Seats(rolls, []string{"acme", "labs"}), u.Seats(rolls, []string{"Red Hat"})
	for i, want := range []string{
		"2020-04-01: 0+0/0 [] active 0 paper 0",
		"2020-07-01: 2+8/14 [0.14 0.71] active 1 paper 1",
		"2020-10-01: 1+0/1 [1.00 1.00] active 0 paper 1",
	} {
		if got := line(acme[i]); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	if got, want := line(red[1]), "2020-07-01: 2+8/14 [0.14 0.71] active 0 paper 2"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	total := TotalSeats([][]Seats{acme[1:], nil, red})
	for i, want := range []string{
		"2020-04-01: 0+0/0 [] active 0 paper 0",
		"2020-07-01: 4+16/28 [0.14 0.71] active 1 paper 3",
		"2020-10-01: 1+0/2 [0.50 0.50] active 0 paper 1",
	} {
		if got := line(total[i]); got != want {
			t.Errorf("in all %s, want %s", got, want)
		}
	}
}
