package keys

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	eip2335 "github.com/Layr-Labs/crypto-libs/pkg/keystore"
	"github.com/Layr-Labs/crypto-libs/pkg/keystore/legacy"
	eigenbls "github.com/Layr-Labs/eigensdk-go/crypto/bls"
	eigenecdsa "github.com/Layr-Labs/eigensdk-go/crypto/ecdsa"
	"github.com/ethereum/go-ethereum/accounts/keystore"
	"github.com/ethereum/go-ethereum/crypto"
	"pgregory.net/rapid"
)

// light is a scrypt that takes no time: for tests alone.
var light = Strength{N: 1 << 10, P: 1}

const pass = "pass word 1"

// What we write, EigenLayer's own libraries read; what they write, we read.
func TestBLSKeystoresAreEigenLayers(t *testing.T) {
	dir := t.TempDir()
	pw := Password{File: write(t, pass)}
	// A secret with leading zeros, which crypto-libs may shorten.
	var small [32]byte
	small[31], small[20] = 5, 7
	short, err := BLSFromBytes(small[:])
	if err != nil {
		t.Fatal(err)
	}
	random, err := NewBLS()
	if err != nil {
		t.Fatal(err)
	}
	for name, key := range map[string]*BLS{"random": random, "short": short} {
		eigen := filepath.Join(dir, name+".bls.key.json")
		if err := SaveBLS(eigen, key, FormatEigen, pass, light); err != nil {
			t.Fatal(err)
		}
		theirs, err := eigenbls.ReadPrivateKeyFromFile(eigen, pass)
		if err != nil {
			t.Fatalf("%s: eigensdk-go does not read it: %v", name, err)
		}
		if (G1{*theirs.GetPubKeyG1().G1Affine}) != key.PublicKey().G1 {
			t.Errorf("%s: eigensdk-go reads another key", name)
		}

		two := filepath.Join(dir, name+".eip2335.json")
		if err := SaveBLS(two, key, FormatEIP2335, pass, light); err != nil {
			t.Fatal(err)
		}
		ks, err := eip2335.LoadKeystoreFile(two)
		if err != nil {
			t.Fatalf("%s: crypto-libs does not read it: %v", name, err)
		}
		lib, err := ks.GetBN254PrivateKey(pass)
		if err != nil {
			t.Fatalf("%s: crypto-libs does not decrypt it: %v", name, err)
		}
		if (G2{*lib.Public().GetG2Point()}) != key.PublicKey().G2 {
			t.Errorf("%s: crypto-libs reads another key", name)
		}

		back := filepath.Join(dir, name+".theirs.json")
		scheme, err := eip2335.GetSigningSchemeForCurveType("bn254")
		if err != nil {
			t.Fatal(err)
		}
		secret := key.Bytes()
		wrapped, err := scheme.NewPrivateKeyFromBytes(secret[:])
		if err != nil {
			t.Fatal(err)
		}
		for _, kdf := range []string{"scrypt", "pbkdf2"} {
			if err := eip2335.SaveToKeystoreWithCurveType(wrapped, back, pass, "bn254", &eip2335.Options{ScryptN: 1024, ScryptR: 8, ScryptP: 1, KDFType: kdf}); err != nil {
				t.Fatal(err)
			}
			if got, err := LoadBLS(back, pw); err != nil || got.PublicKey() != key.PublicKey() {
				t.Errorf("%s: a %s keystore of crypto-libs: %v", name, kdf, err)
			}
		}
		if err := legacy.SaveToKeystoreWithCurveType(wrapped, back, pass, "bn254", &legacy.Options{ScryptN: 1024, ScryptP: 1}); err != nil {
			t.Fatal(err)
		}
		if got, err := LoadBLS(back, pw); err != nil || got.PublicKey() != key.PublicKey() {
			t.Errorf("%s: a legacy keystore of crypto-libs: %v", name, err)
		}
		for _, path := range []string{eigen, two} {
			if got, err := LoadBLS(path, pw); err != nil || got.PublicKey() != key.PublicKey() {
				t.Errorf("%s: our own %s: %v", name, path, err)
			}
		}
	}
}

func TestECDSAKeystoresAreEigenLayers(t *testing.T) {
	key, err := crypto.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "deep", "op.ecdsa.key.json")
	if err := SaveECDSA(path, key, FormatV3, pass, light); err != nil {
		t.Fatal(err)
	}
	theirs, err := eigenecdsa.ReadKey(path, pass)
	if err != nil || !theirs.Equal(key) {
		t.Fatalf("eigensdk-go does not read it: %v", err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if geths, err := keystore.DecryptKey(b, pass); err != nil || !geths.PrivateKey.Equal(key) {
		t.Fatalf("geth does not read it: %v", err)
	}
	back := filepath.Join(t.TempDir(), "theirs.json")
	if err := eigenecdsa.WriteKey(back, key, pass); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(back, 0o600); err != nil { // it lets everybody read
		t.Fatal(err)
	}
	if ours, err := LoadECDSA(back, Password{File: write(t, pass)}); err != nil || !ours.Equal(key) {
		t.Fatalf("we do not read eigensdk-go's: %v", err)
	}
}

func TestPlainKeysRoundTrip(t *testing.T) {
	dir := t.TempDir()
	n := 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		key := BLSFromSeed(rapid.SliceOf(rapid.Byte()).Draw(t, "seed"))
		path := filepath.Join(dir, hex.EncodeToString([]byte{byte(n >> 8), byte(n)}))
		if err := SaveBLS(path, key, FormatHex, "", Strength{}); err != nil {
			t.Fatal(err)
		}
		if got, err := LoadBLS(path, Password{}); err != nil || got.PublicKey() != key.PublicKey() {
			t.Fatalf("another key: %v", err)
		}
	})
}

// A key is never written over another, never readable by others, and never
// behind a password that protects nothing.
func TestKeysAreWrittenWithCare(t *testing.T) {
	key, err := NewBLS()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "k.json")
	if err := SaveBLS(path, key, FormatEigen, pass, light); err != nil {
		t.Fatal(err)
	}
	before, _ := os.ReadFile(path)
	if err := SaveBLS(path, key, FormatEigen, pass, light); err == nil || !strings.Contains(err.Error(), "never written over") {
		t.Errorf("second time: %v", err)
	}
	if after, _ := os.ReadFile(path); string(after) != string(before) {
		t.Error("the first file was changed")
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if err := SaveBLS(path+"2", key, FormatEigen, "short", light); err == nil {
		t.Error("a password of 5 characters was taken")
	}
	if _, err := os.Stat(path + "2"); !errors.Is(err, os.ErrNotExist) {
		t.Error("a refused key left a file")
	}
	if err := SaveBLS(path+"3", key, FormatV3, pass, light); err == nil {
		t.Error("a BN254 key was written as an account's")
	}

	// Whoever else can read a key or password file, it is not used.
	for _, mode := range []os.FileMode{0o640, 0o604, 0o660, 0o620} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if _, err := LoadBLS(path, Password{File: write(t, pass)}); !errors.Is(err, ErrNotPrivate) || !strings.Contains(err.Error(), "chmod 600") {
			t.Errorf("mode %o: %v", mode, err)
		}
	}
	if err := os.Chmod(path, 0o400); err != nil {
		t.Fatal(err)
	}
	open := write(t, pass)
	if err := os.Chmod(open, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadBLS(path, Password{File: open}); !errors.Is(err, ErrNotPrivate) {
		t.Errorf("password file for all: %v", err)
	}
	if _, err := LoadBLS(path, Password{File: write(t, pass)}); err != nil {
		t.Errorf("mode 400: %v", err)
	}
}

// Files tell apart: an account's keystore is no BN254 key, nor the reverse,
// though the ciphers are the same; and a public half that is another key's is
// a file put together from two.
func TestKeystoresAreNotMistaken(t *testing.T) {
	dir := t.TempDir()
	account, err := crypto.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	a, b := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	if err := SaveECDSA(a, account, FormatV3, pass, light); err != nil {
		t.Fatal(err)
	}
	key := BLSFromSeed([]byte{1})
	if err := SaveBLS(b, key, FormatEigen, pass, light); err != nil {
		t.Fatal(err)
	}
	pw := Password{File: write(t, pass)}
	if _, err := LoadBLS(a, pw); err == nil || !strings.Contains(err.Error(), "is the ECDSA key of") {
		t.Errorf("account as BN254 key: %v", err)
	}
	if _, err := LoadECDSA(b, pw); err == nil || !strings.Contains(err.Error(), "is a BN254 key") {
		t.Errorf("BN254 key as account: %v", err)
	}
	var file map[string]any
	raw, _ := os.ReadFile(b)
	if err := json.Unmarshal(raw, &file); err != nil {
		t.Fatal(err)
	}
	file["pubKey"] = BLSFromSeed([]byte{2}).public.G1.p.String()
	mixed, _ := json.Marshal(file)
	if _, err := LoadBLS(write(t, string(mixed)), pw); err == nil || !strings.Contains(err.Error(), "put together from two") {
		t.Errorf("mixed: %v", err)
	}
	for _, c := range []struct{ file, want string }{
		{`{"crypto":{"kdf":{"function":"scrypt"}},"pubkey":"00","version":4}`, "BLS12-381"},
		{`{"crypto":{"kdf":"scrypt"},"curveType":"bls381"}`, "of curve bls381"},
		{`{"crypto":[]}`, "crypto section"},
	} {
		if _, err := LoadBLS(write(t, c.file), pw); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.file, err)
		}
	}

	d, ok, err := Describe(a)
	if err != nil || !ok || d.Type != ECDSA || *d.Address != crypto.PubkeyToAddress(account.PublicKey) || !d.Private {
		t.Errorf("described as %+v, %v, %v", d, ok, err)
	}
	d, ok, err = Describe(b)
	g := key.PublicKey().G1.Bytes()
	if err != nil || !ok || d.Type != BN254 || d.PublicKey != hex.EncodeToString(g[:]) {
		t.Errorf("described as %+v, %v, %v", d, ok, err)
	}
	if _, ok, err := Describe(write(t, "hello")); ok || err != nil {
		t.Errorf("a note is described as a key: %v", err)
	}
}

// A damaged or hostile file is an error, never a crash, and never loads.
func FuzzKeyFile(f *testing.F) {
	dir := f.TempDir()
	key := BLSFromSeed([]byte{1})
	for i, format := range []Format{FormatHex, FormatEigen, FormatEIP2335} {
		path := filepath.Join(dir, string(rune('a'+i)))
		if err := SaveBLS(path, key, format, pass, light); err != nil {
			f.Fatal(err)
		}
		b, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte(`{"crypto":{"kdf":{"function":"scrypt","params":{}},"cipher":{"params":{}}},"curveType":"bn254","pubkey":"00"}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		meta, err := parseKeyFile("k", b)
		if err != nil {
			return
		}
		if meta.Format != FormatHex && len(b) < 2000 && !strings.Contains(string(b), `"n":`) { // costs are not what is looked for
			if secret, err := meta.decrypt(b, pass); err == nil && len(secret) == 0 {
				t.Fatal("no secret and no error")
			}
		}
	})
}

// A service may be handed a secret by root, through a group.
func TestWhoseFilesArePrivate(t *testing.T) {
	for _, c := range []struct {
		mode          os.FileMode
		owner, reader int
		want          bool
	}{
		{0o600, 1000, 1000, true},
		{0o400, 0, 1000, true},
		{0o440, 0, 1000, true}, // systemd's credential
		{0o440, 0, 0, false},   // root's own
		{0o440, 1000, 1000, false},
		{0o460, 0, 1000, false}, // others can change it
		{0o444, 0, 1000, false},
		{0o602, 0, 1000, false},
	} {
		if got := private(c.mode, c.owner, c.reader); got != c.want {
			t.Errorf("mode %04o of %d, read by %d: private %v, want %v", c.mode, c.owner, c.reader, got, c.want)
		}
	}
}
