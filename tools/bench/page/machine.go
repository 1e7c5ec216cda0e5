package page

import (
	"fmt"
	"os"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// Machine says what the figures were measured on. What cannot be told on this
// system is "unknown".
func Machine() string {
	return fmt.Sprintf("%s, %d cores, %s/%s, %s", find("/proc/cpuinfo", `(?m)^model name\s*: (.*)$`), runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version())
}

// Load is how many processes wanted a processor, over 1 and 5 minutes: on a
// shared machine, what the times are worth.
func Load() string { return find("/proc/loadavg", `^(\S+ \S+)`) }

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

// Spent is the processor time of this process.
func Spent() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
