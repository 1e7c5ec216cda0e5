package keys

import (
	"bytes"
	"crypto/ecdsa"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/ethereum/go-ethereum/accounts/keystore"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
)

// Password says where the password of an encrypted key file is found: in the first line of a file, or in
// an environment variable. A password is never a flag, where other users of the machine would see it.
type Password struct {
	File string // path; wins over Env
	Env  string // name of the variable
}

func (p Password) read(keyPath string) (string, error) {
	switch {
	case p.File != "":
		b, err := os.ReadFile(p.File)
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

// keyFile is the part of the encrypted formats that is used: Ethereum's keystore V3, which holds an
// address, and EigenLayer's BLS keystore, which has the same cipher part.
type keyFile struct {
	Address string               `json:"address,omitempty"`
	PubKey  string               `json:"pubKey,omitempty"`
	Crypto  *keystore.CryptoJSON `json:"crypto"`
	Version int                  `json:"version,omitempty"`
}

// maxKeyFile is far above any key file, and small enough to read.
const maxKeyFile = 64 << 10

// load reads the 32 secret bytes of a key file, plain hex or encrypted JSON.
func load(path string, pw Password) (secret []byte, meta keyFile, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, meta, fmt.Errorf("read key: %w", err)
	}
	if info.Size() > maxKeyFile {
		return nil, meta, fmt.Errorf("key %s has %d bytes: not a key file", path, info.Size())
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, meta, fmt.Errorf("read key: %w", err)
	}
	b = bytes.TrimSpace(b)
	if !bytes.HasPrefix(b, []byte("{")) {
		secret, err := hex.DecodeString(strings.TrimPrefix(string(b), "0x"))
		if err != nil || len(secret) != 32 {
			// Never echo the content: it may be most of a secret.
			return nil, meta, fmt.Errorf("key %s is neither 32 bytes of hex nor an encrypted JSON key", path)
		}
		return secret, meta, nil
	}
	if err := json.Unmarshal(b, &meta); err != nil {
		return nil, meta, fmt.Errorf("key %s is not valid JSON: %w", path, err)
	}
	if meta.Crypto == nil {
		return nil, meta, fmt.Errorf("key %s has no crypto section: not an encrypted key of version 3", path)
	}
	password, err := pw.read(path)
	if err != nil {
		return nil, meta, err
	}
	secret, err = decrypt(*meta.Crypto, password)
	if errors.Is(err, keystore.ErrDecrypt) {
		return nil, meta, fmt.Errorf("decrypt key %s: the password is wrong or the file damaged", path)
	}
	if err != nil {
		return nil, meta, fmt.Errorf("decrypt key %s: %w", path, err)
	}
	return secret, meta, nil
}

// decrypt turns go-ethereum's panics on odd parameters in a damaged file into errors.
func decrypt(c keystore.CryptoJSON, password string) (secret []byte, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("damaged file: %v", r)
		}
	}()
	return keystore.DecryptDataV3(c, password)
}

// LoadECDSA reads a secp256k1 key from a file of hex or a go-ethereum keystore file (version 3).
func LoadECDSA(path string, pw Password) (*ecdsa.PrivateKey, error) {
	secret, meta, err := load(path, pw)
	if err != nil {
		return nil, err
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

// LoadBLS reads a BN254 key from a file of hex or EigenLayer's BLS keystore.
func LoadBLS(path string, pw Password) (*BLS, error) {
	secret, _, err := load(path, pw)
	if err != nil {
		return nil, err
	}
	key, err := BLSFromBytes(secret)
	if err != nil {
		return nil, fmt.Errorf("key %s: %w", path, err)
	}
	return key, nil
}
