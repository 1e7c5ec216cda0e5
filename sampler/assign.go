package sampler

import (
	"iter"

	"github.com/proof-of-sampling/posp"
)

// MaxSamples bounds the samples of one batch that Assign lists, and with them
// its memory.
const MaxSamples = 1 << 20

// Assignment is one sample and who recomputes it.
type Assignment struct {
	SampleID  posp.Hash      `json:"sampleId"`
	BatchID   posp.Hash      `json:"batchId"` // or the demand's id
	J         uint64         `json:"j"`
	Leaf      uint64         `json:"leaf"`
	Committee []posp.Address `json:"committee"` // in the order drawn
}

// Has says whether an operator is in the committee.
func (a Assignment) Has(operator posp.Address) bool {
	for _, o := range a.Committee {
		if o == operator {
			return true
		}
	}
	return false
}

// Assign lists a batch's samples with committees of m out of the table, the
// provider excluded, in order of j.
func Assign(d posp.Domain, batch posp.BatchRecord, beacon posp.Hash, members []posp.Member, m int) ([]Assignment, error) {
	all, k, err := Assignments(d, batch, beacon, members, m)
	if err != nil {
		return nil, err
	}
	list := make([]Assignment, 0, k)
	for a := range all {
		list = append(list, a)
	}
	return list, nil
}

// Assignments yields the k samples that Assign lists, one by one. It can be
// ranged over once.
func Assignments(d posp.Domain, batch posp.BatchRecord, beacon posp.Hash, members []posp.Member, m int) (all iter.Seq[Assignment], k uint64, err error) {
	e, err := NewElectorate(members)
	if err != nil {
		return nil, 0, err
	}
	return e.Assignments(d, batch, beacon, m)
}

// Assignments is the function of that name, for an epoch of many batches.
func (e *Electorate) Assignments(d posp.Domain, batch posp.BatchRecord, beacon posp.Hash, m int) (all iter.Seq[Assignment], k uint64, err error) {
	k = Count(batch.LeafCount, batch.Rate)
	if k > MaxSamples {
		return nil, 0, posp.Invalidf("sampler: %d samples of batch %s, at most %d", k, batch.ID, MaxSamples)
	}
	seed := posp.Seed(d, batch.Epoch, batch.ID, beacon)
	draw, err := New(seed, batch.LeafCount, k)
	if err != nil {
		return nil, 0, err
	}
	committees := e.Committees(seed, batch.Provider)
	return func(yield func(Assignment) bool) {
		var rows []int
		for j, leaf := range draw.All() {
			rows = committees.Append(rows[:0], j, m)
			a := Assignment{SampleID: posp.SampleID(batch.ID, j, leaf), BatchID: batch.ID, J: j, Leaf: leaf}
			for _, row := range rows {
				a.Committee = append(a.Committee, e.members[row].Operator)
			}
			if !yield(a) {
				return
			}
		}
	}, k, nil
}

// AssignDemand is the one sample of a demand, in the epoch that answers it: its
// leaf is not drawn, its committee is, by the epoch's beacon and table.
func AssignDemand(d posp.Domain, demand posp.Demand, beacon posp.Hash, members []posp.Member, m int) (Assignment, error) {
	e, err := NewElectorate(members)
	if err != nil {
		return Assignment{}, err
	}
	return e.AssignDemand(d, demand, beacon, m), nil
}

// AssignDemand is the function of that name, for an epoch of many demands.
func (e *Electorate) AssignDemand(d posp.Domain, demand posp.Demand, beacon posp.Hash, m int) Assignment {
	a := Assignment{SampleID: demand.SampleID(), BatchID: demand.ID, Leaf: demand.Leaf}
	for _, row := range e.Committees(posp.Seed(d, demand.Epoch, demand.ID, beacon), demand.Batch.Provider).Append(nil, 0, m) {
		a.Committee = append(a.Committee, e.members[row].Operator)
	}
	return a
}
