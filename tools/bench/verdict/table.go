package main

import (
	"fmt"
	"math"
)

// count shows an expected number of samples.
func count(x float64) string {
	switch {
	case math.IsInf(x, 1):
		return "never"
	case x >= 1e5:
		return fmt.Sprintf("%.1e", x)
	case x >= 100:
		return fmt.Sprintf("%.0f", x)
	}
	return fmt.Sprintf("%.2f", x)
}

func small(x float64) string { return fmt.Sprintf("%.1e", x) }
