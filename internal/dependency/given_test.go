package dependency

import "testing"

func TestFromPURLs(t *testing.T) {
	inv, err := FromPURLs([]string{"pkg:npm/%40angular/core@16.0.0", "pkg:golang/github.com/Gorilla/mux"})
	if err != nil {
		t.Fatal(err)
	}
	nodes := inv.Graph().Nodes
	if len(nodes) != 2 || len(inv.Subjects) != 2 {
		t.Fatalf("%d packages in %d subjects, want 2 in 2", len(nodes), len(inv.Subjects))
	}
	for _, n := range nodes {
		if !n.Direct || n.Depth[n.Subjects[0]] != 1 {
			t.Errorf("%s is not direct", n.PURL)
		}
	}
	if _, err := FromPURLs([]string{"pkg:npm/a", "npm/b"}); err == nil {
		t.Error("npm/b was taken for a package URL")
	}
}
