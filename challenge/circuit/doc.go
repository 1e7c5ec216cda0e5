// Package circuit proves one element of a hidden trace: the last move of a dispute under a private spec.
package circuit
