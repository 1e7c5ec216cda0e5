package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/keys"
)

// KeyType is which curve a key is of; ecdsa or bn254.
type KeyType = keys.Type

// KeyFormat is how a key file is written.
type KeyFormat = keys.Format

// account opens the ECDSA key: a file, or the URL of a Web3Signer.
func (k Key) account(ctx context.Context) (keys.Account, error) {
	if keys.IsWeb3Signer(k.Path) {
		return keys.DialWeb3Signer(ctx, k.Path)
	}
	key, err := keys.LoadECDSA(k.Path, k.Password)
	if err != nil {
		return nil, err
	}
	return keys.NewAccount(key), nil
}

// Address is the account's, without its password where the file says it.
func (k Key) Address(ctx context.Context) (posp.Address, error) {
	if !keys.IsWeb3Signer(k.Path) {
		if d, ok, err := keys.Describe(k.Path); err != nil {
			return posp.Address{}, err
		} else if ok && d.Address != nil {
			return *d.Address, nil
		}
	}
	a, err := k.account(ctx)
	if err != nil {
		return posp.Address{}, err
	}
	return a.Address(), nil
}

// cosigner opens the BN254 key: a file, or the URL of a Cerberus.
func (k Key) cosigner(ctx context.Context) (keys.CoSigner, error) {
	if keys.IsCerberus(k.Path) {
		return keys.DialCerberus(ctx, k.Path, k.Password)
	}
	key, err := keys.LoadBLS(k.Path, k.Password)
	if err != nil {
		return nil, err
	}
	return keys.NewCoSigner(key), nil
}

// NewKeyFile says how a key file is to be written.
type NewKeyFile struct {
	Type   keys.Type
	Format keys.Format // empty: the encrypted one that eigenlayer-cli reads
	Key    Key         // where, and the password to encrypt it with
}

func (n NewKeyFile) format() keys.Format {
	switch {
	case n.Format != "":
		return n.Format
	case n.Type == keys.BN254:
		return keys.FormatEigen
	}
	return keys.FormatV3
}

func (n NewKeyFile) password() (string, error) {
	if n.format() == keys.FormatHex {
		return "", nil
	}
	return n.Key.Password.Read(n.Key.Path)
}

func (n NewKeyFile) check() error {
	var p problems
	p.when(n.Type != keys.ECDSA && n.Type != keys.BN254, "--type %q is neither %s nor %s", n.Type, keys.ECDSA, keys.BN254)
	p.when(n.Key.Path == "", "--out is missing: where shall the key be?")
	return p.join()
}

// CreateKey makes a key from the system's randomness and says its public half.
func CreateKey(n NewKeyFile, out io.Writer) error {
	if err := n.check(); err != nil {
		return err
	}
	password, err := n.password()
	if err != nil {
		return err
	}
	if n.Type == keys.BN254 {
		key, err := keys.NewBLS()
		if err != nil {
			return err
		}
		return n.saveBLS(key, password, out)
	}
	key, err := crypto.GenerateKey()
	if err != nil {
		return fmt.Errorf("make ECDSA key: %w", err)
	}
	if err := keys.SaveECDSA(n.Key.Path, key, n.format(), password, keys.Standard); err != nil {
		return err
	}
	return describeKey(n.Key.Path, crypto.PubkeyToAddress(key.PublicKey).Hex(), out)
}

func (n NewKeyFile) saveBLS(key *keys.BLS, password string, out io.Writer) error {
	if err := keys.SaveBLS(n.Key.Path, key, n.format(), password, keys.Standard); err != nil {
		return err
	}
	g := key.PublicKey().G1.Bytes()
	return describeKey(n.Key.Path, fmt.Sprintf("%x", g), out)
}

func describeKey(path, public string, out io.Writer) error {
	fmt.Fprintf(out, "%s  %s\n", path, public)
	fmt.Fprintln(out, "Keep a copy of the file and of its password in another place: nobody can restore them.")
	return nil
}

// CopyKey reads a key file of any format and writes another of the same key:
// an import, or an export.
func CopyKey(from Key, n NewKeyFile, out io.Writer) error {
	if err := n.check(); err != nil {
		return err
	}
	if from.Path == "" {
		return errors.New("--from is missing: which key?")
	}
	password, err := n.password()
	if err != nil {
		return err
	}
	if n.Type == keys.BN254 {
		key, err := keys.LoadBLS(from.Path, from.Password)
		if err != nil {
			return err
		}
		return n.saveBLS(key, password, out)
	}
	key, err := keys.LoadECDSA(from.Path, from.Password)
	if err != nil {
		return err
	}
	if err := keys.SaveECDSA(n.Key.Path, key, n.format(), password, keys.Standard); err != nil {
		return err
	}
	return describeKey(n.Key.Path, crypto.PubkeyToAddress(key.PublicKey).Hex(), out)
}

// ListKeys says which keys there are in a directory, without their passwords.
func ListKeys(dir string, asJSON bool, out io.Writer) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("list keys: %w", err)
	}
	list := []keys.Description{}
	for _, e := range entries {
		if e.IsDir() {
			continue
		}
		d, ok, err := keys.Describe(filepath.Join(dir, e.Name()))
		if errors.Is(err, os.ErrPermission) {
			continue // not ours
		}
		if err != nil {
			return err
		}
		if ok {
			list = append(list, d)
		}
	}
	if asJSON {
		return writeJSON(out, list)
	}
	if len(list) == 0 {
		fmt.Fprintf(out, "no key files in %s\n", dir)
		return nil
	}
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "FILE\tTYPE\tFORMAT\tPUBLIC\tNOTE")
	for _, d := range list {
		public, note := d.PublicKey, []string{}
		if len(public) > 24 {
			public = public[:24] + "…"
		}
		if d.Address != nil {
			public = d.Address.Hex()
		}
		if d.Format == keys.FormatHex {
			note = append(note, "NOT ENCRYPTED")
		}
		if !d.Private {
			note = append(note, "other users can reach it: chmod 600")
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", d.Path, d.Type, d.Format, public, strings.Join(note, "; "))
	}
	return t.Flush()
}
