package keys

import (
	"bytes"
	"crypto/ecdsa"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/Layr-Labs/crypto-libs/pkg/bn254"
	eip2335 "github.com/Layr-Labs/crypto-libs/pkg/keystore"
	"github.com/ethereum/go-ethereum/accounts/keystore"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/google/uuid"
	"github.com/holiman/uint256"
)

// Type is which curve a key is of.
type Type string

const (
	ECDSA Type = "ecdsa" // secp256k1: accounts, receipts
	BN254 Type = "bn254" // certificates
)

// Format is how a key file is written.
type Format string

const (
	// FormatHex is 32 bytes of hex, unencrypted.
	FormatHex Format = "hex"
	// FormatV3 is Ethereum's web3 secret storage, version 3, for ECDSA keys: geth's and eigenlayer-cli's.
	FormatV3 Format = "v3"
	// FormatEigen is eigensdk-go's keystore of BN254 keys, which eigenlayer-cli reads and writes: version 3's
	// cipher with a pubKey of the form E([x,y]).
	FormatEigen Format = "eigen"
	// FormatEIP2335 is EIP-2335 with curveType bn254, as Layr-Labs/crypto-libs has it.
	FormatEIP2335 Format = "eip2335"
	// formatLegacy is crypto-libs' first format: read, never written.
	formatLegacy Format = "crypto-libs-legacy"
)

// keyFile is what a key file says in clear.
type keyFile struct {
	Type    Type   // empty: either, as hex is
	Format  Format //
	Address string // hex, of an ECDSA keystore
	G1      *G1    // public key that a BN254 keystore says, by either half; nil where it does not
	G2      *G2
}

// says reports whether the file's public half, if it has one, is the key's.
func (f keyFile) says(k PublicKey) bool {
	return (f.G1 == nil || *f.G1 == k.G1) && (f.G2 == nil || *f.G2 == k.G2)
}

// eigenPoint is how gnark-crypto prints a point, which is eigensdk-go's pubKey.
var eigenPoint = regexp.MustCompile(`^E\(\[(\d{1,78}),(\d{1,78})\]\)$`)

// parseKeyFile finds out which format a file has. Contents are never echoed: they may be most of a secret.
func parseKeyFile(path string, b []byte) (keyFile, error) {
	b = bytes.TrimSpace(b)
	if !bytes.HasPrefix(b, []byte("{")) {
		if secret, err := hex.DecodeString(strings.TrimPrefix(string(b), "0x")); err != nil || len(secret) != 32 {
			return keyFile{}, fmt.Errorf("key %s is neither 32 bytes of hex nor an encrypted JSON key", path)
		}
		return keyFile{Format: FormatHex}, nil
	}
	var f struct {
		Address   string          `json:"address"`
		PubKey    string          `json:"pubKey"` // eigensdk-go; as EIP-2335's pubkey, since names match in any case
		PublicKey string          `json:"publicKey"`
		CurveType string          `json:"curveType"`
		Crypto    json.RawMessage `json:"crypto"`
	}
	if err := json.Unmarshal(b, &f); err != nil {
		return keyFile{}, fmt.Errorf("key %s is not valid JSON: %w", path, err)
	}
	if len(f.Crypto) == 0 {
		return keyFile{}, fmt.Errorf("key %s has no crypto section: not an encrypted key", path)
	}
	if f.CurveType != "" && f.CurveType != "bn254" {
		return keyFile{}, fmt.Errorf("key %s is of curve %s: want bn254", path, f.CurveType)
	}
	var modules struct {
		KDF json.RawMessage `json:"kdf"` // an object in EIP-2335, a name in version 3
	}
	if err := json.Unmarshal(f.Crypto, &modules); err != nil {
		return keyFile{}, fmt.Errorf("key %s has a crypto section that is none: %w", path, err)
	}
	switch {
	case bytes.HasPrefix(bytes.TrimSpace(modules.KDF), []byte("{")):
		if f.CurveType == "" {
			return keyFile{}, fmt.Errorf("key %s is an EIP-2335 keystore without a curveType: a validator's BLS12-381 key is of no use here", path)
		}
		return keyFile{Type: BN254, Format: FormatEIP2335, G2: libPoint(f.PubKey)}, nil
	case f.CurveType != "":
		return keyFile{Type: BN254, Format: formatLegacy, G2: libPoint(f.PublicKey)}, nil
	case f.PubKey != "":
		meta := keyFile{Type: BN254, Format: FormatEigen}
		if m := eigenPoint.FindStringSubmatch(f.PubKey); m != nil {
			x, errX := uint256.FromDecimal(m[1])
			y, errY := uint256.FromDecimal(m[2])
			if errX == nil && errY == nil {
				if g, err := G1FromXY(x, y); err == nil {
					meta.G1 = &g
				}
			}
		}
		return meta, nil
	}
	return keyFile{Type: ECDSA, Format: FormatV3, Address: f.Address}, nil
}

// libPoint is crypto-libs' public key, the G2 half in hex; nil if it is not that.
func libPoint(text string) *G2 {
	b, err := hex.DecodeString(strings.TrimPrefix(text, "0x"))
	if err != nil {
		return nil
	}
	g, err := ParseG2(b)
	if err != nil {
		return nil
	}
	return &g
}

// errPassword says that the password is wrong or the file damaged: the check sum does not tell which.
var errPassword = errors.New("wrong password")

// decrypt is the secret of an encrypted key file. The libraries panic on odd parameters in a damaged file; here
// that is an error.
func (f keyFile) decrypt(b []byte, password string) (secret []byte, err error) {
	defer func() {
		if r := recover(); r != nil {
			secret, err = nil, fmt.Errorf("damaged file: %v", r)
		}
	}()
	if f.Format == FormatEIP2335 {
		ks, err := eip2335.ParseKeystoreJSON(string(b))
		if err != nil {
			return nil, err
		}
		key, err := ks.GetBN254PrivateKey(password)
		if err != nil && strings.Contains(err.Error(), "invalid password") {
			return nil, errPassword
		}
		if err != nil {
			return nil, err
		}
		return common.LeftPadBytes(key.Bytes(), 32), nil
	}
	var v3 struct {
		Crypto keystore.CryptoJSON `json:"crypto"`
	}
	if err := json.Unmarshal(b, &v3); err != nil {
		return nil, err
	}
	secret, err = keystore.DecryptDataV3(v3.Crypto, password)
	if errors.Is(err, keystore.ErrDecrypt) {
		return nil, errPassword
	}
	return secret, err
}

// Strength is the scrypt cost of a new keystore.
type Strength struct{ N, P int }

// Standard takes about a second and 256 MiB for each guess of a password.
var Standard = Strength{keystore.StandardScryptN, keystore.StandardScryptP}

// SaveECDSA writes a key as a new file, encrypted with the password (FormatV3), or plain (FormatHex). It
// replaces no file.
func SaveECDSA(path string, key *ecdsa.PrivateKey, format Format, password string, s Strength) error {
	secret := crypto.FromECDSA(key)
	switch format {
	case FormatHex:
		return saveHex(path, secret)
	case FormatV3:
		if err := checkPassword(password); err != nil {
			return err
		}
		id, err := uuid.NewRandom()
		if err != nil {
			return fmt.Errorf("write key: %w", err)
		}
		b, err := keystore.EncryptKey(&keystore.Key{Id: id, Address: crypto.PubkeyToAddress(key.PublicKey), PrivateKey: key}, password, s.N, s.P)
		if err != nil {
			return fmt.Errorf("encrypt key: %w", err)
		}
		return saveNew(path, append(b, '\n'))
	}
	return fmt.Errorf("an ECDSA key is written as %s or %s, not as %q", FormatV3, FormatHex, format)
}

// SaveBLS writes a key as a new file, encrypted with the password (FormatEigen, FormatEIP2335), or plain
// (FormatHex). It replaces no file.
func SaveBLS(path string, key *BLS, format Format, password string, s Strength) error {
	secret := key.Bytes()
	var file any
	switch format {
	case FormatHex:
		return saveHex(path, secret[:])
	case FormatEigen:
		if err := checkPassword(password); err != nil {
			return err
		}
		c, err := keystore.EncryptDataV3(secret[:], []byte(password), s.N, s.P)
		if err != nil {
			return fmt.Errorf("encrypt key: %w", err)
		}
		file = struct {
			PubKey string              `json:"pubKey"`
			Crypto keystore.CryptoJSON `json:"crypto"`
		}{key.public.G1.p.String(), c}
	case FormatEIP2335:
		if err := checkPassword(password); err != nil {
			return err
		}
		theirs, err := bn254.NewPrivateKeyFromBytes(secret[:])
		if err != nil {
			return fmt.Errorf("encrypt key: %w", err)
		}
		scheme, err := eip2335.GetSigningSchemeForCurveType("bn254")
		if err != nil {
			return fmt.Errorf("encrypt key: %w", err)
		}
		wrapped, err := scheme.NewPrivateKeyFromBytes(theirs.Bytes())
		if err != nil {
			return fmt.Errorf("encrypt key: %w", err)
		}
		if file, err = eip2335.GenerateKeystore(wrapped, password, "bn254", &eip2335.Options{ScryptN: s.N, ScryptR: 8, ScryptP: s.P, KDFType: "scrypt"}); err != nil {
			return fmt.Errorf("encrypt key: %w", err)
		}
	default:
		return fmt.Errorf("a BN254 key is written as %s, %s or %s, not as %q", FormatEigen, FormatEIP2335, FormatHex, format)
	}
	b, err := json.Marshal(file)
	if err != nil {
		return fmt.Errorf("write key: %w", err)
	}
	return saveNew(path, append(b, '\n'))
}

// minPassword is short, but keeps an empty line or a slip from protecting stake.
const minPassword = 8

func checkPassword(password string) error {
	if len(password) < minPassword {
		return fmt.Errorf("the password has %d characters: at least %d, please", len(password), minPassword)
	}
	return nil
}

func saveHex(path string, secret []byte) error {
	return saveNew(path, []byte(hex.EncodeToString(secret)+"\n"))
}

// saveNew writes a secret file that is whole and on disk when it returns, or
// not there. A crash within leaves a part of it, which does not load.
func saveNew(path string, b []byte) (err error) {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("write key: %w", err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return fmt.Errorf("write key: there is a file at %s, and keys are never written over: choose another name", path)
	}
	if err != nil {
		return fmt.Errorf("write key: %w", err)
	}
	_, err = f.Write(b)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("write key: %w", errors.Join(err, os.Remove(path)))
	}
	d, err := os.Open(dir)
	if err == nil { // the name is on disk once the directory is
		err = errors.Join(d.Sync(), d.Close())
	}
	if err != nil {
		return fmt.Errorf("write key: %w", err)
	}
	return nil
}

// Description is what a key file says without its password.
type Description struct {
	Path      string          `json:"path"`
	Type      Type            `json:"type,omitempty"` // empty: plain hex, which can be either
	Format    Format          `json:"format"`
	Address   *common.Address `json:"address,omitempty"`   // of an ECDSA keystore
	PublicKey string          `json:"publicKey,omitempty"` // of a BN254 keystore, in hex: G1 (64 bytes) or, in crypto-libs' formats, G2 (128 bytes)
	Private   bool            `json:"private"`             // only its owner can read it
}

// Describe reads what a file says about the key in it, without a password. ok is false for what is no key file.
func Describe(path string) (d Description, ok bool, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return d, false, fmt.Errorf("read key: %w", err)
	}
	if !info.Mode().IsRegular() || info.Size() > maxKeyFile {
		return d, false, nil
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return d, false, fmt.Errorf("read key: %w", err)
	}
	meta, err := parseKeyFile(path, b)
	if err != nil {
		return d, false, nil // some other file
	}
	d = Description{Path: path, Type: meta.Type, Format: meta.Format, Private: checkMode(path, info) == nil}
	if meta.Address != "" {
		a := common.HexToAddress(meta.Address)
		d.Address = &a
	}
	switch {
	case meta.G1 != nil:
		g := meta.G1.Bytes()
		d.PublicKey = hex.EncodeToString(g[:])
	case meta.G2 != nil:
		g := meta.G2.Bytes()
		d.PublicKey = hex.EncodeToString(g[:])
	}
	return d, true, nil
}
