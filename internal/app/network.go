package app

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/chain"
	"github.com/proof-of-sampling/posp/internal/tlog"
	"github.com/proof-of-sampling/posp/verdict"
)

// Network describes a deployment: what a daemon needs to take part and an
// auditor to replay. `posp devnet` writes one as network.json. It holds no
// secret. What a contract fixes (schedule, rates, quorum) is read from chain.
type Network struct {
	ChainID    uint64          `json:"chainId"`
	RPC        string          `json:"rpc"`        // a default, one URL or several with commas between them; --rpc overrides it
	Aggregator string          `json:"aggregator"` // likewise --aggregator
	Contracts  chain.Addresses `json:"contracts"`
	EigenLayer EigenLayer      `json:"eigenlayer"`
	Models     []Model         `json:"models"`

	// Log is the policy of the transparency log that the aggregator keeps, as
	// tlog.ParsePolicy reads it; empty for none.
	Log string `json:"log,omitempty"`

	// Economics are what the deployment says that its sampling rate rests on. The
	// BatchRegistry weighed them when it was deployed and does not keep them.
	Economics *Terms `json:"economics,omitempty"`
}

// EigenLayer are the core contracts that the AVS stands on, and what is
// staked.
type EigenLayer struct {
	chain.EigenLayer
	Strategy posp.Address `json:"strategy"`
	Token    posp.Address `json:"token"`
}

// Model is a spec that this network verifies, the policy that its id names,
// and the weights: "embedded:main", or the path of a safetensors file.
type Model struct {
	Name    string         `json:"name"`
	Spec    posp.ModelSpec `json:"spec"`
	Policy  verdict.Policy `json:"policy"`
	Weights string         `json:"weights"`
}

// Domain is what receipts and batches are bound to.
func (n Network) Domain() posp.Domain {
	return posp.Domain{ChainID: n.ChainID, Registry: n.Contracts.BatchRegistry}
}

// Authority is what operators' messages and certificates are bound to.
func (n Network) Authority() posp.Authority {
	return posp.Authority{ChainID: n.ChainID, Attestation: n.Contracts.AttestationRegistry, AVS: n.Contracts.ServiceManager}
}

// Check names everything that is wrong with the description.
func (n Network) Check() error {
	var bad problems
	bad.when(n.ChainID == 0, "chainId is missing")
	for name, a := range map[string]posp.Address{
		"contracts.serviceManager": n.Contracts.ServiceManager, "contracts.batchRegistry": n.Contracts.BatchRegistry,
		"contracts.operatorTable": n.Contracts.OperatorTable, "contracts.attestationRegistry": n.Contracts.AttestationRegistry,
		"contracts.faultManager": n.Contracts.FaultManager, "contracts.keyRegistry": n.Contracts.KeyRegistry, "contracts.refundPool": n.Contracts.RefundPool,
	} {
		bad.when(a == posp.Address{}, "%s is missing", name)
	}
	for _, u := range strings.Split(n.RPC, ",") {
		bad.add(checkURL("rpc", u))
	}
	bad.add(checkURL("aggregator", n.Aggregator))
	if n.Log != "" {
		_, err := tlog.ParsePolicy(n.Log)
		bad.add(err)
	}
	bad.when(len(n.Models) == 0, "models is empty")
	if n.Economics != nil {
		if err := n.Economics.Check(); err != nil {
			bad.add(fmt.Errorf("economics: %w", err))
		}
	}
	for _, m := range n.Models {
		bad.when(m.Policy.ID() != m.Spec.PolicyID, "model %s: the policy's id is %s, the spec names %s", m.Name, m.Policy.ID(), m.Spec.PolicyID)
	}
	return bad.join()
}

func checkURL(name, value string) error {
	u, err := url.Parse(strings.TrimSpace(value))
	if err != nil || u.Host == "" {
		return fmt.Errorf("%s %q is not a URL such as http://127.0.0.1:8545", name, value)
	}
	return nil
}

// LoadNetwork reads a network file.
func LoadNetwork(path string) (Network, error) {
	b, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Network{}, fmt.Errorf("network file: %w (posp devnet --keep writes one; name it with --network)", err)
	case err != nil:
		return Network{}, fmt.Errorf("network file: %w", err)
	}
	var n Network
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&n); err != nil {
		return Network{}, fmt.Errorf("network file %s: %w", path, err)
	}
	if err := n.Check(); err != nil {
		return Network{}, fmt.Errorf("network file %s: %w", path, err)
	}
	return n, nil
}

// Save writes the network file whole or not at all.
func (n Network) Save(path string) error {
	b, err := json.MarshalIndent(n, "", "  ")
	if err != nil {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".network-*")
	if err != nil {
		return fmt.Errorf("write network file: %w", err)
	}
	defer os.Remove(tmp.Name()) // gone already when the rename succeeded
	if _, err = tmp.Write(append(b, '\n')); err == nil {
		err = tmp.Chmod(0o644) // nothing of it is secret, and a container reads it as another user
	}
	if err == nil {
		err = tmp.Close()
	}
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("write network file: %w", err)
	}
	return nil
}

// model is the network's model of a name.
func (n Network) model(name string) (Model, error) {
	var names []string
	for _, m := range n.Models {
		if m.Name == name {
			return m, nil
		}
		names = append(names, m.Name)
	}
	return Model{}, fmt.Errorf("--model %q is none of the network's: %s", name, strings.Join(names, ", "))
}
