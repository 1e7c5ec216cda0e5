package keys

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/Layr-Labs/eigensdk-go/crypto/bls"
	"github.com/ethereum/go-ethereum/accounts/keystore"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/google/uuid"
)

func write(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// encrypted is a keystore file as geth writes it, with a light scrypt.
func encrypted(t *testing.T, password string) (path, plainHex string) {
	t.Helper()
	key, err := crypto.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	b, err := keystore.EncryptKey(&keystore.Key{Id: uuid.New(), Address: crypto.PubkeyToAddress(key.PublicKey), PrivateKey: key}, password, 2, 1)
	if err != nil {
		t.Fatal(err)
	}
	return write(t, string(b)), hex.EncodeToString(crypto.FromECDSA(key))
}

func TestLoadECDSA(t *testing.T) {
	path, plain := encrypted(t, "pass word")
	t.Setenv("POSP_TEST_PASSWORD", "pass word")
	for name, load := range map[string]struct {
		path string
		pw   Password
	}{
		"hex":                        {write(t, plain+"\n"), Password{}},
		"0x hex":                     {write(t, "0x"+plain), Password{}},
		"keystore, password in file": {path, Password{File: write(t, "pass word\r\nsecond line")}},
		"keystore, password in env":  {path, Password{Env: "POSP_TEST_PASSWORD"}},
	} {
		key, err := LoadECDSA(load.path, load.pw)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if hex.EncodeToString(crypto.FromECDSA(key)) != plain {
			t.Errorf("%s: another key", name)
		}
	}
}

func TestLoadBLSKeystoreOfEigenLayer(t *testing.T) {
	pair, err := bls.GenRandomBlsKeys()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "bls.json")
	if err := pair.SaveToFile(path, "pw"); err != nil {
		t.Fatal(err)
	}
	key, err := LoadBLS(path, Password{File: write(t, "pw")})
	if err != nil {
		t.Fatal(err)
	}
	if (G1{*pair.GetPubKeyG1().G1Affine}) != key.PublicKey().G1 {
		t.Fatal("another key")
	}
}

// Every wrong file gives one line that says what is wrong, and never shows the secret.
func TestBadKeyFiles(t *testing.T) {
	path, plain := encrypted(t, "right")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var file map[string]any
	if err := json.Unmarshal(whole, &file); err != nil {
		t.Fatal(err)
	}
	edit := func(f func(file, crypto map[string]any)) string {
		var copied map[string]any
		if err := json.Unmarshal(whole, &copied); err != nil {
			t.Fatal(err)
		}
		f(copied, copied["crypto"].(map[string]any))
		b, err := json.Marshal(copied)
		if err != nil {
			t.Fatal(err)
		}
		return write(t, string(b))
	}
	right := Password{File: write(t, "right")}
	for name, c := range map[string]struct {
		path string
		pw   Password
		want string
	}{
		"missing":         {"/nonexistent/key", right, "no such file"},
		"directory":       {t.TempDir(), right, "is a directory"},
		"short hex":       {write(t, plain[:62]), right, "neither 32 bytes of hex"},
		"not hex":         {write(t, "password123"), right, "neither 32 bytes of hex"},
		"zero key":        {write(t, strings.Repeat("0", 64)), right, "invalid private key"},
		"cut JSON":        {write(t, string(whole[:40])), right, "not valid JSON"},
		"other JSON":      {write(t, `{"a":1}`), right, "no crypto section"},
		"huge":            {write(t, strings.Repeat("{", maxKeyFile+1)), right, "not a key file"},
		"wrong password":  {path, Password{File: write(t, "wrong")}, "password is wrong"},
		"no password":     {path, Password{}, "name a password file"},
		"unset variable":  {path, Password{Env: "POSP_TEST_UNSET"}, "POSP_TEST_UNSET"},
		"no such pw file": {path, Password{File: "/nonexistent/pw"}, "read password"},
		"other address":   {edit(func(f, _ map[string]any) { f["address"] = strings.Repeat("11", 20) }), right, "but holds the key of"},
		"no kdf params":   {edit(func(_, c map[string]any) { delete(c, "kdfparams") }), right, "decrypt key"},
		"bad cipher text": {edit(func(_, c map[string]any) { c["ciphertext"] = "zz" }), right, "decrypt key"},
	} {
		_, err := LoadECDSA(c.path, c.pw)
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") || strings.Contains(err.Error(), plain[:60]) {
			t.Errorf("%s: got %v; want one line with %q", name, err, c.want)
		}
	}
	order := "30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001"
	if _, err := LoadBLS(write(t, order), Password{}); err == nil || !strings.Contains(err.Error(), "group order") {
		t.Errorf("a BN254 secret outside the group gave %v", err)
	}
}

func TestNewBLSKeysDiffer(t *testing.T) {
	a, err := NewBLS()
	if err != nil {
		t.Fatal(err)
	}
	b, err := NewBLS()
	if err != nil {
		t.Fatal(err)
	}
	if a.PublicKey() == b.PublicKey() || !Verify(a.Sign([32]byte{7}), a.PublicKey().G2, [32]byte{7}) {
		t.Fatal("fresh keys do not work")
	}
}
