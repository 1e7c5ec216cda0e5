package explorer

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// apart starts a process as the first of a group, and ends it with the tests.
var apart = syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}

// running says whether a process of a group has not ended. Those that nobody has
// waited for yet are over: they write nothing any more.
func running(group int) bool {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, name := range stats {
		b, err := os.ReadFile(name)
		if err != nil {
			continue // it is gone
		}
		var state string
		var parent, of int
		_, err = fmt.Sscan(string(b[bytes.LastIndexByte(b, ')')+1:]), &state, &parent, &of) // after the name, which may be anything
		if err == nil && of == group && state != "Z" && state != "X" {
			return true
		}
	}
	return false
}
