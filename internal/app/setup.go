package app

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// InitOperator makes a directory for an operator: the network file, a place for
// keys and database, and a file with the daemon's settings for the shell or a
// systemd unit. It changes nothing that is there.
func InitOperator(n Network, dir string, out io.Writer) error {
	dir, err := filepath.Abs(dir)
	if err == nil {
		err = os.MkdirAll(dir, 0o700)
	}
	if err != nil {
		return fmt.Errorf("make directory: %w", err)
	}
	if info, err := os.Stat(dir); err == nil && info.Mode().Perm()&0o077 != 0 {
		return fmt.Errorf("other users can reach %s, where keys and salts will be: chmod 700 %s", dir, dir)
	}
	in := func(name string) string { return filepath.Join(dir, name) }
	network := in("network.json")
	if _, err := os.Stat(network); errors.Is(err, fs.ErrNotExist) {
		if err := n.Save(network); err != nil {
			return err
		}
		fmt.Fprintf(out, "wrote %s\n", network)
	}
	env := in("operator.env")
	f, err := os.OpenFile(env, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	switch {
	case errors.Is(err, fs.ErrExist):
		fmt.Fprintf(out, "kept  %s\n", env)
	case err != nil:
		return fmt.Errorf("write settings: %w", err)
	default:
		_, err := io.WriteString(f, strings.NewReplacer("@DIR@", dir).Replace(operatorEnv))
		if err = errors.Join(err, f.Close()); err != nil {
			return fmt.Errorf("write settings: %w", err)
		}
		fmt.Fprintf(out, "wrote %s\n", env)
	}
	fmt.Fprintf(out, `
Next, with a password of your own in %[1]s/password (chmod 600):

  set -a; . %[1]s/operator.env; set +a
  posp operator keys create --type ecdsa --out %[1]s/operator.json
  posp operator keys create --type bn254 --out %[1]s/bls.json
  posp operator register
  posp operator allocate --percent 100
  posp operator doctor
  posp operator run
`, dir)
	return nil
}

// operatorEnv sets what the commands of `posp operator` read from their
// environment: for `set -a; . operator.env`, or EnvironmentFile= of systemd.
const operatorEnv = `# Settings of posp operator; every flag wins over its variable.

# The deployment. RPC and aggregator in it can be replaced.
POSP_NETWORK=@DIR@/network.json
#POSP_RPC=http://127.0.0.1:8545
#POSP_AGGREGATOR=https://aggregator.example

# The EigenLayer operator account, and the BN254 key that co-signs: files, or
# web3signer+https://HOST:PORT/0xADDRESS and cerberus+tls://HOST:PORT/PUBKEY.
POSP_KEY=@DIR@/operator.json
POSP_BLS_KEY=@DIR@/bls.json
POSP_PASSWORD_FILE=@DIR@/password

# The database with the record of what was signed. Never delete it, never copy
# it: see posp operator guard.
POSP_DATA=@DIR@/data

# Inference servers that score in place of this program, with commas between
# them; several for one model share its samples. POSP_OWN_ENGINE=true: this
# program helps out. POSP_CPU_ONLY=true: no servers.
#POSP_BACKEND=llama-8b=http://127.0.0.1:8000,llama-8b=http://127.0.0.1:8001
`
