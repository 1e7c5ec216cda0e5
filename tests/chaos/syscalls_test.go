//go:build linux && amd64

package chaos

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
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

// write is a system call that is about to change a file or a directory, or to send
// something.
type write struct {
	file string // base name of a file, or "socket"
	call string // name of the system call
	what string // of a write to a socket or to SQLite's log: what it says, as far as that is known
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
	code := filter(skew)
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

// calls are the system calls that change a file or a directory, or send: which argument
// names what they are about, and whether it is a path; those of creates only if
// their flags, in the argument given, have O_CREAT or O_TRUNC. What is not here
// the program does not do (mapped files, but for SQLite's index of its log, which
// the next process makes anew), or by sendmsg, with which the launcher itself hands
// the listener over.
var calls = map[uint32]struct {
	name    string
	of      int
	path    bool
	creates int
}{
	unix.SYS_WRITE:           {name: "write"},
	unix.SYS_WRITEV:          {name: "writev"},
	unix.SYS_PWRITE64:        {name: "pwrite64"},
	unix.SYS_PWRITEV:         {name: "pwritev"},
	unix.SYS_PWRITEV2:        {name: "pwritev2"},
	unix.SYS_FTRUNCATE:       {name: "ftruncate"},
	unix.SYS_FALLOCATE:       {name: "fallocate"},
	unix.SYS_FSYNC:           {name: "fsync"},
	unix.SYS_FDATASYNC:       {name: "fdatasync"},
	unix.SYS_SENDTO:          {name: "sendto"},
	unix.SYS_SENDFILE:        {name: "sendfile"},
	unix.SYS_SPLICE:          {name: "splice", of: 2},
	unix.SYS_COPY_FILE_RANGE: {name: "copy_file_range", of: 2},
	unix.SYS_TRUNCATE:        {name: "truncate", path: true},
	unix.SYS_RENAME:          {name: "rename", path: true},
	unix.SYS_RENAMEAT:        {name: "rename", of: 1, path: true},
	unix.SYS_RENAMEAT2:       {name: "rename", of: 1, path: true},
	unix.SYS_LINK:            {name: "link", path: true},
	unix.SYS_LINKAT:          {name: "link", of: 1, path: true},
	unix.SYS_SYMLINK:         {name: "symlink", path: true},
	unix.SYS_SYMLINKAT:       {name: "symlink", path: true},
	unix.SYS_UNLINK:          {name: "unlink", path: true},
	unix.SYS_UNLINKAT:        {name: "unlink", of: 1, path: true},
	unix.SYS_MKDIR:           {name: "mkdir", path: true},
	unix.SYS_MKDIRAT:         {name: "mkdir", of: 1, path: true},
	unix.SYS_RMDIR:           {name: "rmdir", path: true},
	unix.SYS_CREAT:           {name: "create", path: true},
	unix.SYS_OPEN:            {name: "create", path: true, creates: 1},
	unix.SYS_OPENAT:          {name: "create", of: 1, path: true, creates: 2},
}

// filter asks about the calls, and about the wall clock if it is to be shifted;
// everything else passes.
func filter(clock bool) []unix.SockFilter {
	const nr, arch, arg0 = 0, 4, 16 // offsets in struct seccomp_data
	load := func(at uint32) unix.SockFilter {
		return unix.SockFilter{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: at}
	}
	// Skips so many instructions unless equal.
	only := func(k uint32, others uint8) unix.SockFilter {
		return unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: k, Jf: others}
	}
	unless := func(k uint32) unix.SockFilter {
		return unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: k, Jt: 1}
	}
	end := func(k uint32) unix.SockFilter { return unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: k} }
	ask, pass := end(unix.SECCOMP_RET_USER_NOTIF), end(unix.SECCOMP_RET_ALLOW)
	code := []unix.SockFilter{load(arch), unless(unix.AUDIT_ARCH_X86_64), pass, load(nr)}
	for c, about := range calls {
		if about.creates == 0 {
			code = append(code, only(c, 1), ask)
			continue
		}
		code = append(code, only(c, 4), load(arg0+8*uint32(about.creates)),
			unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JSET | unix.BPF_K, K: unix.O_CREAT | unix.O_TRUNC, Jf: 1}, ask, pass)
	}
	if clock {
		code = append(code, unless(unix.SYS_CLOCK_GETTIME), pass, load(arg0), only(unix.CLOCK_REALTIME, 1), ask)
	}
	return append(code, pass)
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
	if err := c.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
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
			x, changes := n.write()
			if !changes {
				r.flags = unix.SECCOMP_USER_NOTIF_FLAG_CONTINUE
				control(listener, unix.SECCOMP_IOCTL_NOTIF_SEND, unsafe.Pointer(&r))
				continue
			}
			switch decide(x) {
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

// write is what the call is about to do; not ok if it changes nothing.
func (n *notification) write() (x write, ok bool) {
	about := calls[uint32(n.nr)]
	x.call = about.name
	if about.path {
		name, _, _ := bytes.Cut(recall(n.pid, n.args[about.of], unix.PathMax), []byte{0})
		x.file = filepath.Base(string(name))
		_, err := os.Lstat(string(name))
		switch about.name {
		case "create":
			return x, err != nil || about.creates == 0 || n.args[about.creates]&unix.O_TRUNC != 0
		case "mkdir", "symlink":
			return x, err != nil
		}
		return x, err == nil
	}
	x.file = target(n.pid, n.args[about.of])
	switch {
	case x.file == "socket" && x.call == "write":
		x.what = sent(recall(n.pid, n.args[1], min(n.args[2], 4096)))
	case strings.HasSuffix(x.file, "-wal") && x.call == "pwrite64":
		x.what = logged(recall(n.pid, n.args[1], min(n.args[2], 32)), n.args[2])
	}
	return x, true
}

// logged says what a write to SQLite's log is: its frames are a header of 24 bytes and
// a page, and the header of a transaction's last one says how many pages the
// database has thereafter (sqlite.org/fileformat2.html, section 4.1).
func logged(b []byte, length uint64) string {
	switch {
	case length == 32:
		return "header"
	case length == 24 && len(b) == 24 && binary.BigEndian.Uint32(b[4:]) != 0:
		return "commit"
	case length == 24:
		return "frame"
	}
	return "page"
}

var method = regexp.MustCompile(`"method":"([A-Za-z_]+)"`)

// sent says what the beginning of a message is: an HTTP request by the method it calls, an
// answer, or a message to a PostgreSQL (its protocol's section 55.7).
func sent(b []byte) string {
	line, _, _ := strings.Cut(string(b), "\r\n")
	if f := strings.Fields(line); len(f) == 3 && strings.HasPrefix(f[2], "HTTP/") {
		if m := method.FindSubmatch(b); m != nil {
			return string(m[1])
		}
		if strings.Contains(f[1], "/sign/") {
			return "sign" // of a Web3Signer; what follows is the account
		}
		return path.Base(f[1])
	}
	if strings.HasPrefix(line, "HTTP/") {
		return "answer"
	}
	if len(b) >= 5 && bytes.IndexByte([]byte("BDEPQS"), b[0]) >= 0 && binary.BigEndian.Uint32(b[1:]) < 1<<24 {
		if b[0] != 'Q' {
			return "statement"
		}
		if f := bytes.Fields(bytes.TrimRight(b[5:], "\x00;")); len(f) > 0 {
			return strings.ToLower(string(f[0])) // begin, commit, rollback
		}
	}
	return "other"
}

// tells says whether a message to a socket may change something at another's; else it only
// asks, or answers.
func (w write) tells() bool {
	switch w.what {
	case "eth_sendRawTransaction", "SubmitCommitments", "SubmitReveals", "SubmitShare", "sign", "completions", "statement", "begin", "commit", "rollback":
		return w.file == "socket"
	}
	return false
}

// recall reads memory of a process that waits; what it has of the length, at most two
// pages' worth.
func recall(pid uint32, at, length uint64) []byte {
	const page = 4096
	b := make([]byte, length)
	first := min(length, page-at%page) // a read is of whole parts: the second may not be mapped
	local := []unix.Iovec{{Base: unsafe.SliceData(b), Len: length}}
	n, err := unix.ProcessVMReadv(int(pid), local, []unix.RemoteIovec{{Base: uintptr(at), Len: int(first)}, {Base: uintptr(at + first), Len: int(length - first)}}, 0)
	if err != nil {
		return nil
	}
	return b[:n]
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
