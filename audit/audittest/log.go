package audittest

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/audit/bundle"
)

// witnesses are how many the log has, of whom quorum must have signed a head.
const witnesses, quorum = 3, 2

// logPolicy is an audit.LogPolicy.
type logPolicy struct {
	torchwood.Policy
	text string
}

func (p logPolicy) String() string { return p.text }

// cosigner is a witness: torchwood's signs what time it is, and who has the
// seed is to make the same epoch again.
type cosigner struct {
	*torchwood.CosignatureVerifier
	key ed25519.PrivateKey
}

func (c cosigner) Sign(head []byte) ([]byte, error) {
	const time = 1_790_000_100
	return append(binary.BigEndian.AppendUint64(nil, time), ed25519.Sign(c.key, fmt.Appendf(nil, "cosignature/v1\ntime %d\n%s", time, head))...), nil
}

// publish writes the epoch's log, between epochs of which nothing else is
// known.
func (w *World) publish(o Options) error {
	entry := func(kind posp.LogKind, subject posp.Address, digest posp.Hash) posp.LogEntry {
		return posp.LogEntry{Kind: kind, Epoch: w.Epoch, Subject: subject, Digest: digest}
	}
	var said []posp.LogEntry
	for _, b := range w.batches {
		said = append(said, entry(posp.LogBatch, b.Provider, b.ID))
	}
	for _, m := range w.commitments {
		said = append(said, entry(posp.LogCommitments, m.Operator, m.Digest(w.Source.Authority)))
	}
	for _, m := range w.reveals {
		said = append(said, entry(posp.LogReveals, m.Operator, m.Digest(w.Source.Authority)))
	}
	contract := w.Source.Authority.Attestation
	said = append(said, entry(posp.LogSamples, contract, w.certificate.Result.SampleRoot), entry(posp.LogResult, contract, w.certificate.Result.Digest(w.Source.Authority)))
	if o.Contradicted {
		flip(&said[w.rand.IntN(len(said))].Digest, w.rand)
	}
	var all [][]byte
	other := func(n int, epoch uint64) {
		for i := range n {
			all = append(all, posp.LogEntry{Kind: posp.LogSamples, Epoch: epoch, Subject: contract, Digest: w.hash("entry", epoch, i)}.Encode())
		}
	}
	if w.Epoch > 0 {
		other(w.rand.IntN(40), w.Epoch-1)
	}
	first := len(all)
	for _, e := range said {
		all = append(all, e.Encode())
	}
	other(w.rand.IntN(40), w.Epoch+1)

	var stored []tlog.Hash
	read := tlog.HashReaderFunc(func(at []int64) (list []tlog.Hash, err error) {
		for _, i := range at {
			list = append(list, stored[i])
		}
		return list, nil
	})
	for i, e := range all {
		hashes, err := tlog.StoredHashes(int64(i), e, read)
		if err != nil {
			return err
		}
		stored = append(stored, hashes...)
	}
	size := int64(len(all))
	root, err := tlog.TreeHash(size, read)
	if err != nil {
		return err
	}
	w.log = &bundle.Log{}
	for i, e := range said {
		path, err := tlog.ProveRecord(size, int64(first+i), read)
		if err != nil {
			return err
		}
		one := bundle.Logged{LogEntry: e, Index: uint64(first + i)}
		for _, h := range path {
			one.Proof = append(one.Proof, posp.Hash(h))
		}
		w.log.Entries = append(w.log.Entries, one)
	}
	return w.signHead(o, torchwood.Checkpoint{Tree: tlog.Tree{N: size, Hash: root}})
}

func (w *World) ed25519(name string, args ...any) ed25519.PrivateKey {
	seed := w.hash(name, args...)
	return ed25519.NewKeyFromSeed(seed[:])
}

// signHead has the log and its witnesses sign a head, and says who had to.
func (w *World) signHead(o Options, head torchwood.Checkpoint) error {
	const name = "log.example/made-up"
	key := w.ed25519("log")
	verifier, err := note.NewEd25519VerifierKey(name, key.Public().(ed25519.PublicKey))
	if err != nil {
		return err
	}
	hash := strings.Split(verifier, "+")[1]
	signer, err := note.NewSigner("PRIVATE+KEY+" + name + "+" + hash + "+" + base64.StdEncoding.EncodeToString(append([]byte{1}, key.Seed()...)))
	if err != nil {
		return err
	}
	signers := []note.Signer{signer}
	text, members := "log "+verifier+" https://"+name+"\n", ""
	for i := range witnesses {
		key := w.ed25519("witness", i)
		s, err := torchwood.NewCosignatureSigner(fmt.Sprintf("witness.example/%d", i), key)
		if err != nil {
			return err
		}
		text += fmt.Sprintf("witness w%d %s\n", i, s.Verifier())
		members += fmt.Sprintf(" w%d", i)
		if i == 0 || i < quorum && !o.Unwitnessed {
			signers = append(signers, cosigner{s.Verifier(), key})
		}
	}
	text += fmt.Sprintf("group enough %d%s\nquorum enough\n", quorum, members)
	p, err := torchwood.ParsePolicy([]byte(text))
	if err != nil {
		return err
	}
	w.Trust.Log = logPolicy{p, text}
	if head.Origin = name; o.OtherOrigin {
		head.Origin = "log.example/another"
	}
	w.log.Head, err = note.Sign(&note.Note{Text: head.String()}, signers...)
	return err
}

// logOf is the world's log: an audit.Log.
type logOf struct{ *World }

// Epoch is of audit.Log.
func (l logOf) Epoch(_ context.Context, epoch uint64) (*bundle.Log, error) {
	said := &bundle.Log{Head: slices.Clone(l.log.Head)}
	if epoch == l.World.Epoch {
		said.Entries = slices.Clone(l.log.Entries)
	}
	return said, nil
}
