//go:build !linux

package explorer

import "syscall"

// apart starts a process as the first of a group.
var apart = syscall.SysProcAttr{Setpgid: true}

// running says whether a process of a group is there.
func running(group int) bool { return syscall.Kill(-group, 0) == nil }
