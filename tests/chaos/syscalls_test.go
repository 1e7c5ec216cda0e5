//go:build linux && amd64

package chaos

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A process under test is the shipped binary, unmodified: there is no hook in
// it to die or to fail at. Instead the kernel asks the test before each of its
// system calls that writes (seccomp's user notification, Linux 5.5), and the
// test lets it go on, answers ENOSPC in the kernel's place, or kills the
// process there and then. Between two such calls nothing on disk changes and
// nothing leaves the process, so the moments before each of them are all the
// moments at which it can matter that it dies.
//
// The wall clock is shifted in the same way: the process is started without a
// vDSO, so its clock_gettime(CLOCK_REALTIME) becomes a system call, and the test
// answers it. The monotonic clock, by which Go times, is left alone.

// write is a system call that is about to change a file or to send something.
type write struct {
	file string // base name of a file, or "socket"
	call string // write, pwrite64, ftruncate, fsync, fdatasync
}

// durable says whether it makes what was written before it survive.
func (w write) durable() bool { return w.call == "fsync" || w.call == "fdatasync" }

// answer is what becomes of it.
type answer int

const (
	goOn answer = iota
	die         // before the call
	noSpace
)

const (
	launchVariable = "POSP_CHAOS_LAUNCH" // set in the process that becomes the one under test
	skewVariable   = "POSP_CHAOS_SKEW"   // its wall clock will be answered
)

func init() {
	if os.Getenv(launchVariable) != "" {
		runtime.LockOSThread() // main stays on the process's first thread: tracing is of a thread
	}
}

// launched is what becomes the process under test: it puts itself under the
// filter, hands the listener over on descriptor 3, and executes its arguments.
func launched() error {
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("forbid new privileges: %w", err)
	}
	skew := os.Getenv(skewVariable) != ""
	calls := []uint32{unix.SYS_WRITE, unix.SYS_PWRITE64, unix.SYS_FTRUNCATE, unix.SYS_FSYNC, unix.SYS_FDATASYNC}
	code := filter(calls, skew)
	prog := unix.SockFprog{Len: uint16(len(code)), Filter: &code[0]}
	var env []string
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "POSP_CHAOS_") {
			env = append(env, v)
		}
	}
	argv0, err := syscall.BytePtrFromString(os.Args[1])
	if err != nil {
		return err
	}
	argv, err := syscall.SlicePtrFromStrings(os.Args[1:])
	if err != nil {
		return err
	}
	envp, err := syscall.SlicePtrFromStrings(env)
	if err != nil {
		return err
	}
	// From here on this thread writes nothing but what the test expects.
	listener, _, errno := unix.RawSyscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, unix.SECCOMP_FILTER_FLAG_NEW_LISTENER, uintptr(unsafe.Pointer(&prog)))
	if errno != 0 {
		return fmt.Errorf("install system call filter: %w", errno)
	}
	if err := unix.Sendmsg(3, []byte{0}, unix.UnixRights(int(listener)), nil, 0); err != nil {
		return fmt.Errorf("hand over the listener: %w", err)
	}
	unix.CloseOnExec(3)
	if skew {
		if _, _, errno := unix.RawSyscall(unix.SYS_PTRACE, unix.PTRACE_TRACEME, 0, 0); errno != 0 {
			return fmt.Errorf("be traced: %w", errno)
		}
	}
	_, _, errno = unix.RawSyscall(unix.SYS_EXECVE, uintptr(unsafe.Pointer(argv0)), uintptr(unsafe.Pointer(&argv[0])), uintptr(unsafe.Pointer(&envp[0])))
	return fmt.Errorf("execute %s: %w", os.Args[1], errno)
}

// filter asks about the calls, and about the wall clock if it is to be shifted;
// everything else passes.
func filter(calls []uint32, clock bool) []unix.SockFilter {
	const nr, arch, arg0 = 0, 4, 16 // offsets in struct seccomp_data
	load := func(at uint32) unix.SockFilter {
		return unix.SockFilter{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: at}
	}
	// Skips one instruction unless equal.
	only := func(k uint32) unix.SockFilter {
		return unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: k, Jf: 1}
	}
	unless := func(k uint32) unix.SockFilter {
		return unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: k, Jt: 1}
	}
	end := func(k uint32) unix.SockFilter { return unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: k} }
	code := []unix.SockFilter{load(arch), unless(unix.AUDIT_ARCH_X86_64), end(unix.SECCOMP_RET_ALLOW), load(nr)}
	for _, c := range calls {
		code = append(code, only(c), end(unix.SECCOMP_RET_USER_NOTIF))
	}
	if clock {
		code = append(code, unless(unix.SYS_CLOCK_GETTIME), end(unix.SECCOMP_RET_ALLOW), load(arg0),
			only(unix.CLOCK_REALTIME), end(unix.SECCOMP_RET_USER_NOTIF))
	}
	return append(code, end(unix.SECCOMP_RET_ALLOW))
}

// tapped starts cmd under the filter. decide is asked before each write of it, from
// one goroutine, until it ends; skew is how far its wall clock is off.
func tapped(cmd *exec.Cmd, skew time.Duration, decide func(write) answer) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("make socket pair: %w", err)
	}
	theirs, ours := os.NewFile(uintptr(pair[0]), "child"), os.NewFile(uintptr(pair[1]), "parent")
	defer theirs.Close()
	cmd.Args = append([]string{self, cmd.Path}, cmd.Args[1:]...)
	cmd.Path = self
	cmd.Env = append(cmd.Env, launchVariable+"=1")
	if skew != 0 {
		cmd.Env = append(cmd.Env, skewVariable+"=1")
	}
	cmd.ExtraFiles = []*os.File{theirs}

	// Who traces is a thread, and what it has started dies with it: it stays.
	started := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		started <- func() error {
			if err := cmd.Start(); err != nil {
				return err
			}
			if skew == 0 {
				return nil
			}
			return hideClock(cmd.Process.Pid)
		}()
		runtime.UnlockOSThread()
	}()
	listener, err := receive(ours)
	if e := <-started; e != nil {
		err = e
	}
	ours.Close()
	if err != nil {
		if cmd.Process != nil {
			cmd.Process.Kill()
			err = errors.Join(err, cmd.Wait())
		}
		return fmt.Errorf("start %s under the filter: %w", filepath.Base(self), err)
	}
	go attend(listener, cmd.Process.Pid, skew, decide)
	return nil
}

// receive takes the listener's descriptor.
func receive(from *os.File) (int, error) {
	c, err := net.FileConn(from)
	if err != nil {
		return 0, err
	}
	defer c.Close()
	if err := c.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
		return 0, err
	}
	rights := make([]byte, unix.CmsgSpace(4))
	_, n, _, _, err := c.(*net.UnixConn).ReadMsgUnix(make([]byte, 1), rights)
	if err != nil {
		return 0, fmt.Errorf("receive listener: %w", err)
	}
	messages, err := unix.ParseSocketControlMessage(rights[:n])
	if err != nil || len(messages) != 1 {
		return 0, fmt.Errorf("receive listener: %d messages, %w", len(messages), err)
	}
	fds, err := unix.ParseUnixRights(&messages[0])
	if err != nil || len(fds) != 1 {
		return 0, fmt.Errorf("receive listener: %d descriptors, %w", len(fds), err)
	}
	return fds[0], nil
}

// hideClock waits until the child, which asked to be traced, executes the
// binary, and removes the vDSO from what the kernel tells it.
func hideClock(pid int) error {
	var status unix.WaitStatus
	for {
		if _, err := unix.Wait4(pid, &status, 0, nil); err != nil {
			return fmt.Errorf("wait for the binary: %w", err)
		}
		if !status.Stopped() {
			return errors.New("the child ended before it was the binary")
		}
		if status.StopSignal() == unix.SIGTRAP {
			break
		}
		// Go's own signals, to the launcher.
		if err := unix.PtraceCont(pid, int(status.StopSignal())); err != nil {
			return fmt.Errorf("let the launcher go on: %w", err)
		}
	}
	var regs unix.PtraceRegs
	if err := unix.PtraceGetRegs(pid, &regs); err != nil {
		return fmt.Errorf("read registers: %w", err)
	}
	mem, err := os.OpenFile(fmt.Sprintf("/proc/%d/mem", pid), os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer mem.Close()
	word := func(at uint64) (uint64, error) {
		var b [8]byte
		_, err := mem.ReadAt(b[:], int64(at))
		return binary.LittleEndian.Uint64(b[:]), err
	}
	// argc, argv..., 0, envp..., 0, then pairs of a type and a value.
	argc, err := word(regs.Rsp)
	at := regs.Rsp + 8*(argc+2)
	for v := uint64(1); err == nil && v != 0; at += 8 {
		v, err = word(at)
	}
	const atNull, atIgnore, atSysinfoEhdr = 0, 1, 33
	for err == nil {
		var kind uint64
		if kind, err = word(at); err == nil && kind == atNull {
			err = errors.New("the kernel names no vDSO")
		}
		if err == nil && kind == atSysinfoEhdr {
			var b [8]byte
			binary.LittleEndian.PutUint64(b[:], atIgnore)
			if _, err = mem.WriteAt(b[:], int64(at)); err == nil {
				return unix.PtraceDetach(pid)
			}
		}
		at += 16
	}
	return fmt.Errorf("hide the vDSO: %w", err)
}

// The kernel's struct seccomp_notif and seccomp_notif_resp.
type notification struct {
	id         uint64
	pid, flags uint32
	nr         int32
	arch       uint32
	ip         uint64
	args       [6]uint64
}

type response struct {
	id    uint64
	val   int64
	error int32
	flags uint32
}

// attend answers the kernel until the process is gone.
func attend(listener, pid int, skew time.Duration, decide func(write) answer) {
	defer unix.Close(listener)
	names := map[uint64]string{unix.SYS_WRITE: "write", unix.SYS_PWRITE64: "pwrite64", unix.SYS_FTRUNCATE: "ftruncate", unix.SYS_FSYNC: "fsync", unix.SYS_FDATASYNC: "fdatasync"}
	for {
		poll := []unix.PollFd{{Fd: int32(listener), Events: unix.POLLIN}}
		if _, err := unix.Poll(poll, -1); err == unix.EINTR {
			continue
		} else if err != nil || poll[0].Revents&unix.POLLIN == 0 {
			return // hung up: nobody is left under the filter
		}
		var n notification
		if !control(listener, unix.SECCOMP_IOCTL_NOTIF_RECV, unsafe.Pointer(&n)) {
			continue // it died while it waited
		}
		r := response{id: n.id}
		if n.nr == unix.SYS_CLOCK_GETTIME {
			if !tell(int(n.pid), n.args[1], time.Now().Add(skew)) {
				r.error = -int32(unix.EFAULT)
			}
		} else {
			switch decide(write{file: target(n.pid, n.args[0]), call: names[uint64(n.nr)]}) {
			case goOn:
				r.flags = unix.SECCOMP_USER_NOTIF_FLAG_CONTINUE
			case noSpace:
				r.error = -int32(unix.ENOSPC)
			case die:
				unix.Kill(pid, unix.SIGKILL) // it waits in the call, and does not come back from it
				continue
			}
		}
		control(listener, unix.SECCOMP_IOCTL_NOTIF_SEND, unsafe.Pointer(&r))
	}
}

func control(fd int, request uintptr, p unsafe.Pointer) bool {
	for {
		_, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), request, uintptr(p))
		if errno != unix.EINTR {
			return errno == 0
		}
	}
}

// target names what a descriptor is of.
func target(thread uint32, fd uint64) string {
	name, err := os.Readlink("/proc/" + strconv.Itoa(int(thread)) + "/fd/" + strconv.FormatUint(fd, 10))
	switch {
	case err != nil:
		return "?"
	case strings.HasPrefix(name, "socket:"):
		return "socket"
	case strings.HasPrefix(name, "/"):
		return filepath.Base(name)
	}
	return "other" // a pipe, or what Go wakes itself with
}

// tell writes a struct timespec into the process.
func tell(pid int, at uint64, t time.Time) bool {
	var b [16]byte
	binary.LittleEndian.PutUint64(b[:8], uint64(t.Unix()))
	binary.LittleEndian.PutUint64(b[8:], uint64(t.Nanosecond()))
	local := []unix.Iovec{{Base: &b[0], Len: 16}}
	n, err := unix.ProcessVMWritev(pid, local, []unix.RemoteIovec{{Base: uintptr(at), Len: 16}}, 0)
	return err == nil && n == 16
}
