// Package econ says what the protocol's numbers are worth: how many samples a
// cheat lasts and how many an honest party does (the operating characteristic
// of the sequential test, by exact recursion and by simulation), and whether
// rate, slash and stake make honesty the best strategy. It is pure; its
// randomness comes from seeds. PROTOCOL.md sections 5 and 8.
//
// Reading order: distribution.go (what a sample adds to a standing),
// runlength.go (the recursion), simulate.go (the same by chance),
// inequalities.go (money).
package econ

import "math"

// Infinity is the run length of a test that never ends.
var Infinity = math.Inf(1)
