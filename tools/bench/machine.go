package main

import (
	"fmt"
	"os"
	"regexp"
	"runtime"
	"strings"
)

// machine says what the figures were measured on. What cannot be told on this
// system is "unknown".
func machine() string {
	return fmt.Sprintf("Machine: %s, %d cores, %s/%s, %s.\n",
		find("/proc/cpuinfo", `(?m)^model name\s*: (.*)$`), runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version())
}

// load is how many processes wanted a processor, over 1 and 5 minutes: on a
// shared machine, what the times are worth.
func load() string { return find("/proc/loadavg", `^(\S+ \S+)`) }

func find(file, pattern string) string {
	b, err := os.ReadFile(file)
	if err != nil {
		return "unknown"
	}
	if m := regexp.MustCompile(pattern).FindSubmatch(b); m != nil {
		return strings.TrimSpace(string(m[1]))
	}
	return "unknown"
}
