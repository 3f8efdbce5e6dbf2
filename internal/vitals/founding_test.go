package vitals

import (
	"path/filepath"
	"testing"

	"github.com/mainstay-oss/mainstay/internal/history"
	"github.com/mainstay-oss/mainstay/internal/need"
)

// TestFoundingCase holds the figures that Mainstay opens with: Ingress NGINX four months before its end was announced.
func TestFoundingCase(t *testing.T) {
	t.Parallel()
	h, err := history.ReadArchive(filepath.Join(need.Shared(t), "data", "case-histories", "kubernetes+ingress-nginx"), "")
	if err != nil {
		t.Fatal(err)
	}
	m := NewMeter(h)
	before, now := m.At(date("2024-01-01")), m.At(date("2025-07-01"))
	if got := *before.ContributorAbsenceFactor; got != 7 {
		t.Errorf("absence factor eighteen months earlier: %d, not 7", got)
	}
	if got := *now.ContributorAbsenceFactor; got != 1 {
		t.Errorf("absence factor: %d, not 1", got)
	}
	if got := *now.TopShare; got < 0.615 || got >= 0.625 {
		t.Errorf("the busiest person's share: %.4f, not 62 %%", got)
	}
	// Scorecard's rule sees a project in the best of health: more than a commit a week in ninety days.
	if state, _ := m.State(date("2025-07-01"), nil); state != Active || now.Commits3m < 13 {
		t.Errorf("%s with %d commits in 91 days", state, now.Commits3m)
	}
	if state, _ := m.State(date("2026-04-01"), ptr(date("2026-03-24"))); state != Ended {
		t.Errorf("after its retirement: %s", state)
	}
}
