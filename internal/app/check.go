package app

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/proof-of-sampling/posp/internal/keys"
)

// CheckOperator says everything that is wrong with an operator's settings, as far
// as this machine's files and ports show it. Nobody is asked.
func CheckOperator(c OperatorConfig) error {
	var p problems
	p.add(c.Check())
	if !c.Shadow {
		p.key("--key", c.Key)
		for _, k := range c.MessageKeys {
			p.key("--message-key", k)
		}
		p.key("--bls-key", c.BLSKey)
	}
	for _, b := range c.Engines.Backends {
		if b.KeyFile != "" {
			p.secret("--backend-key-file "+b.Model, b.KeyFile)
		}
	}
	p.common(c.Common)
	return p.join()
}

// CheckAggregator is CheckOperator for an aggregator.
func CheckAggregator(c AggregatorConfig) error {
	var p problems
	p.add(c.Check())
	p.key("--key", c.Key)
	p.port("--listen", c.Listen)
	p.common(c.Common)
	return p.join()
}

// CheckProvider is CheckOperator for a provider.
func CheckProvider(c ProviderConfig) error {
	var p problems
	p.add(c.Check())
	p.key("--key", c.Key)
	for _, k := range c.ReceiptKeys {
		p.key("--receipt-key", k)
	}
	p.port("--listen", c.Listen)
	p.common(c.Common)
	return p.join()
}

// CheckAuditor is CheckOperator for an auditor.
func CheckAuditor(c WatchConfig) error {
	var p problems
	p.add(c.Check())
	if c.Unread == nil && c.Network.Check() == nil {
		_, err := c.asked()
		p.add(err)
	}
	if c.Command != "" {
		if _, err := exec.LookPath(c.Command); err != nil {
			p.add(fmt.Errorf("--alarm-command: %w", err))
		}
	}
	p.common(c.Common)
	return p.join()
}

func (p *problems) common(c Common) {
	if c.RPC != "" {
		for _, u := range strings.Split(c.RPC, ",") {
			p.add(checkURL("--rpc", u))
		}
	}
	if c.Aggregator != "" {
		p.add(checkURL("--aggregator", c.Aggregator))
	}
	if c.Data != "" {
		if err := writable(filepath.Clean(c.Data)); err != nil {
			p.add(fmt.Errorf("--data %s: %w", c.Data, err))
		}
	}
	p.port("--telemetry", c.Telemetry.Listen)
	p.port("--pprof", c.Telemetry.Pprof)
}

// key looks at a key file and its password file. Keys at signing services, which
// are URLs, are not looked at.
func (p *problems) key(flag string, k Key) {
	if k.Path == "" || strings.Contains(k.Path, "://") {
		return // that it is missing, Check says
	}
	p.secret(flag, k.Path)
	if k.Password.File != "" {
		p.secret("--password-file", k.Password.File)
	}
}

// secret looks at a file that only its owner may read.
func (p *problems) secret(flag, path string) {
	err := keys.CheckPrivate(path)
	if err == nil {
		var f *os.File
		if f, err = os.Open(path); err == nil {
			f.Close()
		}
	}
	if err != nil {
		err = fmt.Errorf("%s: %w", flag, err)
		for _, known := range p.errs { // a password file may be that of two keys
			if known.Error() == err.Error() {
				return
			}
		}
		p.add(err)
	}
}

// port tries whether one can listen there.
func (p *problems) port(flag, address string) {
	if address == "" {
		return
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		p.add(fmt.Errorf("%s %s: %w", flag, address, err))
		return
	}
	l.Close()
}
