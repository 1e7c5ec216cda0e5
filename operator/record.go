package operator

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/proof-of-sampling/posp"
)

// Record is what an operator signed, as a file that another database can take
// over (docs/operators.md, after EIP-3076). One of a hand-over is complete: the
// database it comes from signs nothing any more. One that is a copy is not: the
// database may have signed more since.
type Record struct {
	Format      string             `json:"format"`  // RecordFormat
	Version     int                `json:"version"` // RecordVersion
	Operator    posp.Address       `json:"operator"`
	Generation  uint64             `json:"generation"` // how often the record was handed over, this time included
	HandedOver  bool               `json:"handedOver"`
	Deployments []DeploymentRecord `json:"deployments"` // by chain id and contract
}

// DeploymentRecord is the part of one AttestationRegistry.
type DeploymentRecord struct {
	ChainID     uint64       `json:"chainId"`
	Attestation posp.Address `json:"attestation"`
	Floor       *uint64      `json:"floor,omitempty"` // nothing is signed up to this epoch
	Signed      []SignedDuty `json:"signed"`          // by epoch and duty
	// Contents are what the newest of those epochs go on with: salts among them,
	// which are secret until they are revealed. In a hand-over only.
	Contents []Content `json:"contents,omitempty"`
}

// SignedDuty is one signature, or the permission for one.
type SignedDuty struct {
	Epoch  uint64    `json:"epoch"`
	Duty   string    `json:"duty"` // commitments, reveals or certificate
	Digest posp.Hash `json:"digest"`
}

// Content is one record of an epoch in work.
type Content struct {
	Epoch uint64          `json:"epoch"`
	Kind  string          `json:"kind"`
	Body  json.RawMessage `json:"body"`
}

const (
	RecordFormat  = "posp-signing-record"
	RecordVersion = 1
	// maxRecord bounds a file: some 10,000 epochs and what is in work.
	maxRecord = 256 << 20
	// epochsInWork is of how many epochs a hand-over carries contents.
	epochsInWork = 4
)

// ErrConflict says that a record and a database hold different digests for one
// duty: two instances signed.
var ErrConflict = errors.New("the record contradicts the database")

// DecodeRecord reads a record strictly: what it does not know it does not take.
func DecodeRecord(r io.Reader) (Record, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxRecord+1))
	if err != nil {
		return Record{}, fmt.Errorf("read signing record: %w", err)
	}
	if len(b) > maxRecord {
		return Record{}, posp.Invalidf("signing record has more than %d bytes", maxRecord)
	}
	// The version first: a newer file may have fields that this one does not know.
	var head struct {
		Format  string `json:"format"`
		Version int    `json:"version"`
	}
	if err := json.Unmarshal(b, &head); err != nil {
		return Record{}, posp.Invalidf("signing record is not valid JSON: %v", err)
	}
	if head.Format != RecordFormat {
		return Record{}, posp.Invalidf("file has format %q, not %q: not a signing record", head.Format, RecordFormat)
	}
	if head.Version != RecordVersion {
		return Record{}, posp.Invalidf("signing record has version %d, this program knows %d: use the posp that wrote it", head.Version, RecordVersion)
	}
	var v Record
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&v); err != nil {
		return Record{}, posp.Invalidf("signing record: %v", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return Record{}, posp.Invalidf("signing record: there is more behind its end")
	}
	return v, v.check()
}

func (v Record) check() error {
	if v.Operator == (posp.Address{}) {
		return posp.Invalidf("signing record: operator is missing")
	}
	if v.HandedOver && v.Generation == 0 {
		return posp.Invalidf("signing record: one that was handed over has a generation from 1 on")
	}
	for _, d := range v.Deployments {
		if d.ChainID == 0 || d.ChainID > 1<<63-1 || d.Attestation == (posp.Address{}) {
			return posp.Invalidf("signing record: a deployment has no chainId or attestation")
		}
		if d.Floor != nil && *d.Floor > 1<<63-1 {
			return posp.Invalidf("signing record: floor %d is no epoch", *d.Floor)
		}
		seen := map[SignedDuty]bool{}
		for _, s := range d.Signed {
			switch duty(s.Duty) {
			case dutyCommitments, dutyReveals, dutyCertificate:
			default:
				return posp.Invalidf("signing record: %q is no duty", s.Duty)
			}
			if s.Epoch > 1<<63-1 {
				return posp.Invalidf("signing record: %d is no epoch", s.Epoch)
			}
			if s.Digest == (posp.Hash{}) {
				return posp.Invalidf("signing record: %s of epoch %d has no digest", s.Duty, s.Epoch)
			}
			key := SignedDuty{Epoch: s.Epoch, Duty: s.Duty}
			if seen[key] {
				return posp.Invalidf("signing record: %s of epoch %d is there twice", s.Duty, s.Epoch)
			}
			seen[key] = true
		}
		for _, c := range d.Contents {
			if c.Epoch > 1<<63-1 {
				return posp.Invalidf("signing record: %d is no epoch", c.Epoch)
			}
			if err := c.check(v.Operator, d); err != nil {
				return err
			}
		}
	}
	return nil
}

// check refuses contents that are not of their kind, or not what was signed.
func (c Content) check(operator posp.Address, d DeploymentRecord) error {
	authority := posp.Authority{ChainID: d.ChainID, Attestation: d.Attestation}
	fits := func(of duty, digest posp.Hash) error {
		i := slices.IndexFunc(d.Signed, func(s SignedDuty) bool { return s.Epoch == c.Epoch && duty(s.Duty) == of })
		if i >= 0 && d.Signed[i].Digest != digest {
			return posp.Invalidf("signing record: the %s of epoch %d is not what was signed", c.Kind, c.Epoch)
		}
		return nil
	}
	into := func(v any) error {
		if err := json.Unmarshal(c.Body, v); err != nil {
			return posp.Invalidf("signing record: the %s of epoch %d: %v", c.Kind, c.Epoch, err)
		}
		return nil
	}
	switch kind(c.Kind) {
	case kindEvidence:
		var found []posp.Reveal
		if err := into(&found); err != nil || len(found) == 0 {
			return err
		}
		return fits(dutyCommitments, commitments(operator, c.Epoch, found).Digest(authority))
	case kindReveals:
		var items []posp.Reveal
		if err := into(&items); err != nil {
			return err
		}
		return fits(dutyReveals, posp.Reveals{Operator: operator, Epoch: c.Epoch, Items: items}.Digest(authority))
	case kindFrozen:
		return into(new([]posp.Commitments))
	case kindAcknowledged:
		return into(new(bool))
	}
	return posp.Invalidf("signing record: %q is no kind of contents", c.Kind)
}

// ExportRecord reads a database's record. With handOver the database signs
// nothing any more once this returns; before it does, the file may not be lost.
// A hand-over that was done can be exported again: it stays the same.
func ExportRecord(ctx context.Context, db *sql.DB, handOver bool) (v Record, err error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return v, fmt.Errorf("read signing guard: %w", err)
	}
	defer tx.Rollback() // does nothing after Commit
	fail := func(err error) (Record, error) { return Record{}, fmt.Errorf("read signing guard: %w", err) }
	v = Record{Format: RecordFormat, Version: RecordVersion, Deployments: []DeploymentRecord{}}
	var owner []byte
	err = tx.QueryRowContext(ctx, `SELECT operator FROM owner`).Scan(&owner)
	if errors.Is(err, sql.ErrNoRows) {
		return Record{}, errors.New("the database is empty: no operator ever ran on it")
	}
	if err != nil {
		return fail(err)
	}
	v.Operator = posp.Address(owner)
	if handOver {
		if _, err := tx.ExecContext(ctx, `UPDATE tenure SET generation = generation + 1, handed_over = 1 WHERE handed_over = 0`); err != nil {
			return fail(err)
		}
	}
	if err := tx.QueryRowContext(ctx, `SELECT generation, handed_over FROM tenure`).Scan(&v.Generation, &v.HandedOver); err != nil {
		return fail(err)
	}
	if err := v.read(ctx, tx); err != nil {
		return fail(err)
	}
	if err := tx.Commit(); err != nil {
		return Record{}, fmt.Errorf("write signing guard: %w", err)
	}
	return v, nil
}

// at is the deployment's part, made if there is none.
func (v *Record) at(chainID uint64, attestation []byte) *DeploymentRecord {
	a := posp.Address(attestation)
	for i := range v.Deployments {
		if d := &v.Deployments[i]; d.ChainID == chainID && d.Attestation == a {
			return d
		}
	}
	v.Deployments = append(v.Deployments, DeploymentRecord{ChainID: chainID, Attestation: a, Signed: []SignedDuty{}})
	return &v.Deployments[len(v.Deployments)-1]
}

func (v *Record) read(ctx context.Context, tx *sql.Tx) error {
	err := each(ctx, tx, `SELECT chain_id, attestation, epoch, duty, digest FROM signed ORDER BY chain_id, attestation, epoch, duty`, func(scan scan) error {
		var chainID uint64
		var attestation, digest []byte
		var s SignedDuty
		if err := scan(&chainID, &attestation, &s.Epoch, &s.Duty, &digest); err != nil {
			return err
		}
		s.Digest = posp.Hash(digest)
		d := v.at(chainID, attestation)
		d.Signed = append(d.Signed, s)
		return nil
	})
	if err != nil {
		return err
	}
	if err := each(ctx, tx, `SELECT chain_id, attestation, epoch FROM floors ORDER BY chain_id, attestation`, func(scan scan) error {
		var chainID, epoch uint64
		var attestation []byte
		if err := scan(&chainID, &attestation, &epoch); err != nil {
			return err
		}
		v.at(chainID, attestation).Floor = &epoch
		return nil
	}); err != nil || !v.HandedOver {
		return err
	}
	return each(ctx, tx, `SELECT chain_id, attestation, epoch, kind, body FROM records r WHERE epoch + ? > (SELECT max(epoch) FROM records WHERE chain_id = r.chain_id AND attestation = r.attestation)
		ORDER BY chain_id, attestation, epoch, kind`, func(scan scan) error {
		var chainID uint64
		var attestation []byte
		var body string
		var c Content
		if err := scan(&chainID, &attestation, &c.Epoch, &c.Kind, &body); err != nil {
			return err
		}
		c.Body = json.RawMessage(body)
		d := v.at(chainID, attestation)
		d.Contents = append(d.Contents, c)
		return nil
	}, epochsInWork)
}

type scan = func(into ...any) error

// each calls a function for each row of a query.
func each(ctx context.Context, tx *sql.Tx, query string, row func(scan) error, args ...any) error {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Imported is what an import changed.
type Imported struct {
	New     int      // duties that the database did not know
	Known   int      // those it did
	Floor   *uint64  // nothing is signed up to this epoch
	Skipped []uint64 // chain ids of other deployments, whose part was not imported
}

// ImportRecord takes the part of one deployment over into a database: it adds
// what is missing, and fails with ErrConflict, changing nothing, if anything
// contradicts. It never takes a restriction away: signed duties and floors stay,
// and a database that was handed over signs again only after a later hand-over.
//
// A record that was not handed over may be older than what its database signed
// since. now is the newest epoch that anything can have been signed for: up to
// it, this database will sign nothing.
func ImportRecord(ctx context.Context, db *sql.DB, v Record, authority posp.Authority, now uint64) (in Imported, err error) {
	if err := v.check(); err != nil {
		return in, err
	}
	g := guard{db: db, authority: authority}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return in, fmt.Errorf("write signing guard: %w", err)
	}
	defer tx.Rollback() // does nothing after Commit
	if err := g.claim(ctx, tx, v.Operator); err != nil {
		return in, err
	}
	var generation uint64
	var over bool
	if err := tx.QueryRowContext(ctx, `SELECT generation, handed_over FROM tenure`).Scan(&generation, &over); err != nil {
		return in, fmt.Errorf("read signing guard: %w", err)
	}
	switch {
	case over && !v.HandedOver:
		return in, fmt.Errorf("%w: only the record of a later hand-over gives it back", ErrHandedOver)
	case v.HandedOver && v.Generation < generation, v.HandedOver && over && v.Generation == generation:
		return in, fmt.Errorf("%w: it is at generation %d, the file at %d: it was imported elsewhere, and went on there", ErrHandedOver, generation, v.Generation)
	}
	for _, d := range v.Deployments {
		if d.ChainID != authority.ChainID || d.Attestation != authority.Attestation {
			in.Skipped = append(in.Skipped, d.ChainID)
			continue
		}
		if err := g.merge(ctx, tx, d, &in); err != nil {
			return Imported{}, err
		}
	}
	if !v.HandedOver {
		if err := g.raiseIn(ctx, tx, now); err != nil {
			return Imported{}, err
		}
	} else if _, err := tx.ExecContext(ctx, `UPDATE tenure SET generation = ?, handed_over = 0`, v.Generation); err != nil {
		return Imported{}, fmt.Errorf("write signing guard: %w", err)
	}
	if floor, ok, err := g.floor(ctx, tx); err != nil {
		return Imported{}, err
	} else if ok {
		in.Floor = &floor
	}
	if err := tx.Commit(); err != nil {
		return Imported{}, fmt.Errorf("write signing guard: %w", err)
	}
	return in, nil
}

func (g guard) merge(ctx context.Context, tx *sql.Tx, d DeploymentRecord, in *Imported) error {
	for _, s := range d.Signed {
		var have []byte
		err := tx.QueryRowContext(ctx, `SELECT digest FROM signed WHERE chain_id = ? AND attestation = ? AND epoch = ? AND duty = ?`,
			d.ChainID, d.Attestation[:], s.Epoch, s.Duty).Scan(&have)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			if _, err := tx.ExecContext(ctx, `INSERT INTO signed (chain_id, attestation, epoch, duty, digest) VALUES (?, ?, ?, ?, ?)`,
				d.ChainID, d.Attestation[:], s.Epoch, s.Duty, s.Digest[:]); err != nil {
				return fmt.Errorf("write signing guard: %w", err)
			}
			in.New++
		case err != nil:
			return fmt.Errorf("read signing guard: %w", err)
		case posp.Hash(have) != s.Digest:
			return fmt.Errorf("%w: %s of epoch %d is %s in the file and %s here: two instances signed. Nothing was imported", ErrConflict, s.Duty, s.Epoch, s.Digest, posp.Hash(have))
		default:
			in.Known++
		}
	}
	for _, c := range d.Contents {
		var have string
		err := tx.QueryRowContext(ctx, `SELECT body FROM records WHERE chain_id = ? AND attestation = ? AND epoch = ? AND kind = ?`,
			d.ChainID, d.Attestation[:], c.Epoch, c.Kind).Scan(&have)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			if err := g.insert(ctx, tx, c.Epoch, kind(c.Kind), c.Body); err != nil {
				return err
			}
		case err != nil:
			return fmt.Errorf("read signing guard: %w", err)
		case !sameJSON([]byte(have), c.Body):
			return fmt.Errorf("%w: the %s of epoch %d differs. Nothing was imported", ErrConflict, c.Kind, c.Epoch)
		}
	}
	if d.Floor != nil {
		return g.raiseIn(ctx, tx, *d.Floor)
	}
	return nil
}

func sameJSON(a, b []byte) bool {
	var x, y bytes.Buffer
	return json.Compact(&x, a) == nil && json.Compact(&y, b) == nil && bytes.Equal(x.Bytes(), y.Bytes())
}
