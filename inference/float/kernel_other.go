//go:build !amd64

package float

var best = portable
