package people

import "testing"

// TestGenericAddress: a whole company may commit under one no-reply address; that makes nobody the author of it all.
func TestGenericAddress(t *testing.T) {
	for email, want := range map[string]bool{
		"no-reply@corp.example": true, "NoReply@corp.example": true, "nobody@localhost": true,
		"ada@example.org": false, "ada@noreply": false, "nobody@noreply": false, "02681ae7c1e1": false, "": false, "-": false,
	} {
		if GenericAddress(email) != want {
			t.Errorf("GenericAddress(%q) = %v", email, !want)
		}
	}
}
