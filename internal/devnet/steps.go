package devnet

import (
	"fmt"
	"io"
	"time"
)

// steps prints what was done and how long it took, one line each.
type steps struct {
	out         io.Writer
	begin, last time.Time
}

func newSteps(out io.Writer) *steps {
	now := time.Now()
	return &steps{out: out, begin: now, last: now}
}

func (s *steps) done(format string, args ...any) {
	now := time.Now()
	fmt.Fprintf(s.out, "%6.1fs  %s (%.1fs)\n", now.Sub(s.begin).Seconds(), fmt.Sprintf(format, args...), now.Sub(s.last).Seconds())
	s.last = now
}

// note prints a line beneath the last step.
func (s *steps) note(format string, args ...any) {
	fmt.Fprintf(s.out, "         %s\n", fmt.Sprintf(format, args...))
}
