package circuit

import "testing"

// Each circuit fits the powers of tau that the repository holds.
func TestSizes(t *testing.T) {
	for k := range Kinds {
		ccs := compiled[k]()
		gates := ccs.GetNbConstraints() + ccs.GetNbPublicVariables()
		t.Logf("%-8s %6d gates, %d public inputs", k, gates, ccs.GetNbPublicVariables())
		if gates > 1<<16 {
			t.Errorf("%s has %d gates, and there are powers for %d", k, gates, 1<<16)
		}
	}
}
