package posp

import "iter"

// Schedule is the clock of a deployment, in blocks; BatchRegistry holds it.
//
//	epoch e serves in           [Start(e), Start(e+1))
//	its batches are accepted in [Start(e), Close(e))
//	its beacon is the prevrandao of block BeaconBlock(e) >= Close(e)
//	operators commit evidence   until CommitDeadline(e), reveal until RevealDeadline(e)
//	a certificate is accepted   until CertifyDeadline(e); then the epoch is void
type Schedule struct {
	Genesis       uint64 `json:"genesis"`       // first block of epoch 0
	EpochBlocks   uint64 `json:"epochBlocks"`   // length of an epoch
	GraceBlocks   uint64 `json:"graceBlocks"`   // after serving ends, for the last batch
	BeaconDelay   uint64 `json:"beaconDelay"`   // at least 1, so that nobody commits knowing it
	CommitBlocks  uint64 `json:"commitBlocks"`  // to recompute, after the beacon block
	RevealBlocks  uint64 `json:"revealBlocks"`  // to reveal, after the commit deadline
	CertifyBlocks uint64 `json:"certifyBlocks"` // to certify, after the reveal deadline
	ContestBlocks uint64 `json:"contestBlocks"` // from the certificate to finality
}

func (s Schedule) Start(epoch uint64) uint64 { return s.Genesis + epoch*s.EpochBlocks }
func (s Schedule) Close(epoch uint64) uint64 { return s.Start(epoch+1) + s.GraceBlocks }
func (s Schedule) BeaconBlock(epoch uint64) uint64 {
	return s.Close(epoch) + s.BeaconDelay
}
func (s Schedule) CommitDeadline(epoch uint64) uint64 { return s.BeaconBlock(epoch) + s.CommitBlocks }
func (s Schedule) RevealDeadline(epoch uint64) uint64 {
	return s.CommitDeadline(epoch) + s.RevealBlocks
}
func (s Schedule) CertifyDeadline(epoch uint64) uint64 {
	return s.RevealDeadline(epoch) + s.CertifyBlocks
}

// EpochAt is the epoch that serves at a block; blocks before genesis count as
// epoch 0.
func (s Schedule) EpochAt(block uint64) uint64 {
	if block < s.Genesis || s.EpochBlocks == 0 {
		return 0
	}
	return (block - s.Genesis) / s.EpochBlocks
}

// Answering is the epoch that answers what is asked on demand in a block: the
// first that closes after it.
func (s Schedule) Answering(block uint64) uint64 {
	if block < s.Close(0) || s.EpochBlocks == 0 {
		return 0
	}
	return (block-s.Close(0))/s.EpochBlocks + 1
}

// Check refuses a schedule by which an epoch could not run.
func (s Schedule) Check() error {
	if s.EpochBlocks == 0 || s.BeaconDelay == 0 || s.CommitBlocks == 0 || s.RevealBlocks == 0 || s.CertifyBlocks == 0 {
		return Invalidf("schedule %+v: epoch, beacon delay, commit, reveal and certify blocks must be at least 1", s)
	}
	return nil
}

// Active yields, in order, the epochs whose beacon block is there and that can
// still be certified when head is the newest block.
func (s Schedule) Active(head uint64) iter.Seq[uint64] {
	return func(yield func(uint64) bool) {
		first := s.EpochAt(head)
		for first > 0 && s.CertifyDeadline(first-1) >= head {
			first--
		}
		for e := first; s.BeaconBlock(e) <= head; e++ {
			if s.CertifyDeadline(e) >= head && !yield(e) {
				return
			}
		}
	}
}

// Phase says what an epoch that has no certificate is waiting for.
type Phase string

// The phases of an epoch without a certificate, in order.
const (
	PhaseToCome     Phase = "to come"
	PhaseServing    Phase = "serving"
	PhaseBatches    Phase = "taking the last batches"
	PhaseBeacon     Phase = "awaiting the beacon"
	PhaseRecompute  Phase = "recomputing"
	PhaseReveal     Phase = "revealing"
	PhaseCertifying Phase = "certifying"
	PhaseVoid       Phase = "void"
)

// Phase is an epoch's at a block, by the schedule alone.
func (s Schedule) Phase(epoch, block uint64) Phase {
	switch {
	case block < s.Start(epoch):
		return PhaseToCome
	case block < s.Start(epoch+1):
		return PhaseServing
	case block < s.Close(epoch):
		return PhaseBatches
	case block <= s.BeaconBlock(epoch):
		return PhaseBeacon
	case block <= s.CommitDeadline(epoch):
		return PhaseRecompute
	case block <= s.RevealDeadline(epoch):
		return PhaseReveal
	case block <= s.CertifyDeadline(epoch):
		return PhaseCertifying
	}
	return PhaseVoid
}
