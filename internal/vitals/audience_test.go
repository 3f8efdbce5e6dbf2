package vitals

import "testing"

// All as of day 2000: who came counts from (1635, 2000].
func TestAudience(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, world string
		want        int
	}{
		{"nobody of late", "commit 10 ann@x x30\n", 0},
		{"both ends", "commit 1635 a@x\ncommit 1635+1 b@x\ncommit 2000 c@x\ncommit 2000+1 d@x\n", 2},
		{"pulls at both ends", "commit 10 ann@x\npull 1635 a@x\npull 1635+1 b@x\npull 2000 c@x\npull 2000+1 d@x\n", 2},
		{"once, however often", "commit 1700 a@x x5\npull 1710 a@x\npull 1720 a@x\n", 1},
		{"one of either", "commit 1700 a@x\npull 1710 b@x\n", 2},
		{"no bots", "commit 1700 bot@x\npull 1710 bot@x\n", 0},
		{"a merge is no work", "commit 1700 a@x merge\n", 0},
	} {
		if got := NewMeter(world(c.world)).Audience(on(2000)); got != c.want {
			t.Errorf("%s: %d came, want %d", c.name, got, c.want)
		}
	}
}
