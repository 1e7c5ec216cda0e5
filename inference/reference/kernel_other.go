//go:build !amd64

package reference

var best kernel = dots
