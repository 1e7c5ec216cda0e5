package keys

import (
	"crypto/ecdsa"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
)

// Password says where the password of an encrypted key file is found: in the first line of a file, or in
// an environment variable. A password is never a flag, where other users of the machine would see it.
type Password struct {
	File string // path; wins over Env
	Env  string // name of the variable
}

// Read is the password for the key at keyPath, which errors name.
func (p Password) Read(keyPath string) (string, error) {
	switch {
	case p.File != "":
		b, err := readPrivate(p.File)
		if err != nil {
			return "", fmt.Errorf("read password of key %s: %w", keyPath, err)
		}
		line, _, _ := strings.Cut(string(b), "\n")
		return strings.TrimSuffix(line, "\r"), nil
	case p.Env != "":
		s, ok := os.LookupEnv(p.Env)
		if !ok {
			return "", fmt.Errorf("key %s is encrypted, and the variable %s with its password is not set", keyPath, p.Env)
		}
		return s, nil
	}
	return "", fmt.Errorf("key %s is encrypted: name a password file or variable", keyPath)
}

// maxKeyFile is far above any key file, and small enough to read.
const maxKeyFile = 64 << 10

// ErrNotPrivate says that other users of the machine can read or change a
// secret file.
var ErrNotPrivate = errors.New("other users can reach it")

// CheckPrivate refuses a file that anybody but its owner can read or write.
// What root hands to a service that is not root may be readable by a group:
// systemd's credentials and mounted secrets are, and who is let in is root's
// to say.
func CheckPrivate(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	return checkMode(path, info)
}

func checkMode(path string, info os.FileInfo) error {
	owner := os.Geteuid()
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		owner = int(s.Uid)
	}
	if info.Mode().IsRegular() && !private(info.Mode().Perm(), owner, os.Geteuid()) {
		return fmt.Errorf("%s has mode %04o, so %w: chmod 600 %s", path, info.Mode().Perm(), ErrNotPrivate, path)
	}
	return nil
}

// private says whether a file with this mode and owner is as good as the
// reader's own.
func private(mode os.FileMode, owner, reader int) bool {
	if owner == 0 && reader != 0 {
		return mode&0o037 == 0
	}
	return mode&0o077 == 0
}

// readPrivate reads a small file that only its owner can reach. It asks the
// open file, so that it cannot be exchanged in between.
func readPrivate(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close() // nothing was written
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if err := checkMode(path, info); err != nil {
		return nil, err
	}
	b, err := io.ReadAll(io.LimitReader(f, maxKeyFile+1))
	if err != nil {
		return nil, err
	}
	if len(b) > maxKeyFile {
		return nil, fmt.Errorf("%s has more than %d bytes: not a key file", path, maxKeyFile)
	}
	return b, nil
}

// load reads the 32 secret bytes of a key file, plain hex or encrypted JSON.
func load(path string, pw Password) (secret []byte, meta keyFile, err error) {
	b, err := readPrivate(path)
	if err != nil {
		return nil, meta, fmt.Errorf("read key: %w", err)
	}
	if meta, err = parseKeyFile(path, b); err != nil {
		return nil, meta, err
	}
	if meta.Format == FormatHex {
		secret, err := hex.DecodeString(strings.TrimPrefix(strings.TrimSpace(string(b)), "0x"))
		if err != nil { // parseKeyFile has seen it
			return nil, meta, fmt.Errorf("key %s is not hex", path)
		}
		return secret, meta, nil
	}
	password, err := pw.Read(path)
	if err != nil {
		return nil, meta, err
	}
	secret, err = meta.decrypt(b, password)
	switch {
	case errors.Is(err, errPassword):
		return nil, meta, fmt.Errorf("decrypt key %s: the password is wrong or the file damaged", path)
	case err != nil:
		return nil, meta, fmt.Errorf("decrypt key %s: %w", path, err)
	}
	return secret, meta, nil
}

// LoadECDSA reads a secp256k1 key from a file of hex or a go-ethereum keystore file (version 3).
func LoadECDSA(path string, pw Password) (*ecdsa.PrivateKey, error) {
	secret, meta, err := load(path, pw)
	if err != nil {
		return nil, err
	}
	if meta.Type == BN254 {
		return nil, fmt.Errorf("key %s is a BN254 key, not an ECDSA key", path)
	}
	key, err := crypto.ToECDSA(secret)
	if err != nil {
		return nil, fmt.Errorf("key %s: %w", path, err)
	}
	if got := crypto.PubkeyToAddress(key.PublicKey); meta.Address != "" && common.HexToAddress(meta.Address) != got {
		return nil, fmt.Errorf("key %s says address %s but holds the key of %s", path, meta.Address, got)
	}
	return key, nil
}

// LoadBLS reads a BN254 key from a file of hex or one of EigenLayer's BLS keystores.
func LoadBLS(path string, pw Password) (*BLS, error) {
	secret, meta, err := load(path, pw)
	if err != nil {
		return nil, err
	}
	if meta.Address != "" {
		return nil, fmt.Errorf("key %s is the ECDSA key of %s, not a BN254 key", path, meta.Address)
	}
	key, err := BLSFromBytes(secret)
	if err != nil {
		return nil, fmt.Errorf("key %s: %w", path, err)
	}
	if !meta.says(key.PublicKey()) {
		return nil, fmt.Errorf("key %s says another public key than it holds: the file was put together from two", path)
	}
	return key, nil
}
