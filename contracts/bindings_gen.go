// Code generated via abigen V2 - DO NOT EDIT.
// This file is a generated binding and any manual changes will be lost.

package contracts

import (
	"bytes"
	"errors"
	"math/big"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/accounts/abi/bind/v2"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
)

// Reference imports to suppress errors if they are not otherwise used.
var (
	_ = bytes.Equal
	_ = errors.New
	_ = big.NewInt
	_ = common.Big1
	_ = types.BloomLookup
	_ = abi.ConvertType
)

// Arch is an auto generated low-level Go binding around an user-defined struct.
type Arch struct {
	Hidden   *big.Int
	Layers   *big.Int
	Heads    *big.Int
	KvHeads  *big.Int
	HeadDim  *big.Int
	Ffn      *big.Int
	Vocab    *big.Int
	Biased   bool
	Normed   bool
	Tied     bool
	Eps      *big.Int
	RowsRoot [32]byte
}

// Batch is an auto generated low-level Go binding around an user-defined struct.
type Batch struct {
	Provider      common.Address
	Epoch         uint64
	RatePpm       uint32
	KMin          uint32
	FirstSequence uint64
	LeafCount     uint64
	Root          [32]byte
}

// BatchResult is an auto generated low-level Go binding around an user-defined struct.
type BatchResult struct {
	BatchId      [32]byte
	Provider     common.Address
	Samples      uint32
	Passed       uint32
	Failed       uint32
	Inconclusive uint32
	Unavailable  uint32
}

// Certificate is an auto generated low-level Go binding around an user-defined struct.
type Certificate struct {
	NonSigners []NonSigner
	Sigma      G1Point
	Apk        G2Point
}

// Comparison is an auto generated low-level Go binding around an user-defined struct.
type Comparison struct {
	LogE     *big.Int
	Model    *big.Int
	Choice   *big.Int
	Distance *big.Int
}

// Economics is an auto generated low-level Go binding around an user-defined struct.
type Economics struct {
	DetectionPpm     uint32
	FalsePositivePpm uint32
	CollusionPpm     uint32
	Validators       uint32
	Reward           *big.Int
	Slash            *big.Int
	Cost             *big.Int
	SavedPpm         uint32
}

// Epoch is an auto generated low-level Go binding around an user-defined struct.
type Epoch struct {
	CertifiedAt uint64
	SampleCount uint64
	ResultRoot  [32]byte
	SampleRoot  [32]byte
	TableRoot   [32]byte
}

// EvidencePart is an auto generated low-level Go binding around an user-defined struct.
type EvidencePart struct {
	Evidence []byte
	Salt     [32]byte
}

// Fault is an auto generated low-level Go binding around an user-defined struct.
type Fault struct {
	Kind    uint8
	Subject common.Address
	BatchId [32]byte
	Ref     [32]byte
}

// FaultRecord is an auto generated low-level Go binding around an user-defined struct.
type FaultRecord struct {
	Status       uint8
	Kind         uint8
	Subject      common.Address
	ExecutableAt uint64
	BatchId      [32]byte
	Ref          [32]byte
	SlashId      *big.Int
}

// G1Point is an auto generated low-level Go binding around an user-defined struct.
type G1Point struct {
	X *big.Int
	Y *big.Int
}

// G2Point is an auto generated low-level Go binding around an user-defined struct.
type G2Point struct {
	X [2]*big.Int
	Y [2]*big.Int
}

// HeldEvidence is an auto generated low-level Go binding around an user-defined struct.
type HeldEvidence struct {
	Operator   common.Address
	Commitment [32]byte
	Evidence   [32]byte
}

// Job is an auto generated low-level Go binding around an user-defined struct.
type Job struct {
	Status        uint8
	Buyer         common.Address
	Provider      common.Address
	DeadlineEpoch uint64
	Payment       *big.Int
	SpecId        [32]byte
	ClientNonce   [32]byte
}

// Judgement is an auto generated low-level Go binding around an user-defined struct.
type Judgement struct {
	Verdict uint8
	Class   uint8
	LogE    int32
	Members []MemberJudgement
}

// Leaf is an auto generated low-level Go binding around an user-defined struct.
type Leaf struct {
	Form     uint8
	Operands []Operand
	Shift    *big.Int
	N        *big.Int
	Epsilon  *big.Int
	Factor   *big.Int
	Bits     *big.Int
	At       *big.Int
	Second   bool
}

// Member is an auto generated low-level Go binding around an user-defined struct.
type Member struct {
	Operator common.Address
	Weight   *big.Int
	KeyX     *big.Int
	KeyY     *big.Int
}

// MemberJudgement is an auto generated low-level Go binding around an user-defined struct.
type MemberJudgement struct {
	Done   bool
	Scored bool
	LogE   int32
}

// ModelSpec is an auto generated low-level Go binding around an user-defined struct.
type ModelSpec struct {
	WeightsRoot      [32]byte
	Precision        string
	TokenizerHash    [32]byte
	ChatTemplateHash [32]byte
	EngineClass      string
	SamplingRule     string
	VocabSize        uint32
	Eos              uint32
	ContextLimit     uint32
	ReferenceVersion string
	PolicyId         [32]byte
}

// NonSigner is an auto generated low-level Go binding around an user-defined struct.
type NonSigner struct {
	Index        uint64
	WeightBefore *big.Int
	Member       Member
	Proof        [][32]byte
}

// Operand is an auto generated low-level Go binding around an user-defined struct.
type Operand struct {
	Model   bool
	ByToken bool
	Row     *big.Int
	Size    *big.Int
	Width   *big.Int
	First   *big.Int
	Length  *big.Int
}

// OutputPart is an auto generated low-level Go binding around an user-defined struct.
type OutputPart struct {
	Tokens []byte
	Finish uint8
	Salt   [32]byte
}

// Penalties is an auto generated low-level Go binding around an user-defined struct.
type Penalties struct {
	StatisticalWad    uint64
	WithholdingWad    uint64
	WithholdingCapWad uint64
	OperatorWad       uint64
}

// Pot is an auto generated low-level Go binding around an user-defined struct.
type Pot struct {
	BatchId   [32]byte
	LeafCount uint64
	Collected bool
	SlashId   *big.Int
	Shares    *big.Int
	Amount    *big.Int
}

// Program is an auto generated low-level Go binding around an user-defined struct.
type Program struct {
	Arch         Arch
	PromptTokens *big.Int
	OutputTokens *big.Int
	Greedy       bool
}

// Provider is an auto generated low-level Go binding around an user-defined struct.
type Provider struct {
	ReceiptKey   common.Address
	NextSequence uint64
	Batches      uint32
	Url          string
}

// Quorum is an auto generated low-level Go binding around an user-defined struct.
type Quorum struct {
	Committee uint32
	FaultLine uint64
	QuorumPpm uint32
}

// Receipt is an auto generated low-level Go binding around an user-defined struct.
type Receipt struct {
	Provider     common.Address
	Epoch        uint64
	Sequence     uint64
	SpecId       [32]byte
	RequestHash  [32]byte
	OutputHash   [32]byte
	EvidenceHash [32]byte
	PromptTokens uint32
	OutputTokens uint32
	ClientNonce  [32]byte
	Time         uint64
}

// RequestPart is an auto generated low-level Go binding around an user-defined struct.
type RequestPart struct {
	Tokens           []byte
	Rule             uint8
	TemperatureMicro uint32
	TopPMicro        uint32
	Seed             [32]byte
	MaxTokens        uint32
	Salt             [32]byte
}

// Result is an auto generated low-level Go binding around an user-defined struct.
type Result struct {
	Epoch       uint64
	TableRoot   [32]byte
	SampleRoot  [32]byte
	SampleCount uint64
	Batches     []BatchResult
	Standings   []Standing
	Faults      []Fault
}

// Row is an auto generated low-level Go binding around an user-defined struct.
type Row struct {
	Op    uint8
	Layer *big.Int
	At    *big.Int
	Head  *big.Int
}

// Sample is an auto generated low-level Go binding around an user-defined struct.
type Sample struct {
	EngineClass string
	Opened      bool
	Rule        uint8
	Tokens      uint32
	Provider    []byte
	Committee   [][]byte
}

// SampleResult is an auto generated low-level Go binding around an user-defined struct.
type SampleResult struct {
	SampleId [32]byte
	Verdict  uint8
	Class    uint8
	LogE     int32
	Evidence [32]byte
}

// SamplingRate is an auto generated low-level Go binding around an user-defined struct.
type SamplingRate struct {
	RatePpm            uint32
	KMin               uint32
	NewProviderBatches uint32
}

// Schedule is an auto generated low-level Go binding around an user-defined struct.
type Schedule struct {
	Genesis       uint64
	EpochBlocks   uint64
	GraceBlocks   uint64
	BeaconDelay   uint64
	CommitBlocks  uint64
	RevealBlocks  uint64
	CertifyBlocks uint64
	ContestBlocks uint64
}

// Snapshot is an auto generated low-level Go binding around an user-defined struct.
type Snapshot struct {
	BlockNumber uint64
	Members     uint32
	Total       *big.Int
	Root        [32]byte
	Apk         G1Point
}

// Standing is an auto generated low-level Go binding around an user-defined struct.
type Standing struct {
	Subject common.Address
	SpecId  [32]byte
	Value   uint64
}

// Step is an auto generated low-level Go binding around an user-defined struct.
type Step struct {
	Program    Program
	TraceRoot  [32]byte
	Row        *big.Int
	BlockIndex *big.Int
	BlockHash  [32]byte
	Element    *big.Int
}

// System is an auto generated low-level Go binding around an user-defined struct.
type System struct {
	AllocationManager   common.Address
	KeyRegistrar        common.Address
	StrategyManager     common.Address
	Strategy            common.Address
	ServiceManager      common.Address
	BatchRegistry       common.Address
	OperatorTable       common.Address
	AttestationRegistry common.Address
	FaultManager        common.Address
	RefundPool          common.Address
}

// WithheldOpening is an auto generated low-level Go binding around an user-defined struct.
type WithheldOpening struct {
	J        uint64
	Receipt  Receipt
	Proof    [][32]byte
	Request  RequestPart
	Output   OutputPart
	Evidence EvidencePart
}

// AttestationRegistryMetaData contains all meta data concerning the AttestationRegistry contract.
var AttestationRegistryMetaData = bind.MetaData{
	ABI: "[{\"inputs\":[{\"components\":[{\"internalType\":\"address\",\"name\":\"allocationManager\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"keyRegistrar\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"strategyManager\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"strategy\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"serviceManager\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"batchRegistry\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"operatorTable\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"attestationRegistry\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"faultManager\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"refundPool\",\"type\":\"address\"}],\"internalType\":\"structSystem\",\"name\":\"system\",\"type\":\"tuple\"},{\"components\":[{\"internalType\":\"uint32\",\"name\":\"committee\",\"type\":\"uint32\"},{\"internalType\":\"uint64\",\"name\":\"faultLine\",\"type\":\"uint64\"},{\"internalType\":\"uint32\",\"name\":\"quorumPpm\",\"type\":\"uint32\"}],\"internalType\":\"structQuorum\",\"name\":\"quorum_\",\"type\":\"tuple\"}],\"stateMutability\":\"nonpayable\",\"type\":\"constructor\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"batchId\",\"type\":\"bytes32\"}],\"name\":\"batchVerdict\",\"outputs\":[{\"internalType\":\"enumStatus\",\"name\":\"status\",\"type\":\"uint8\"},{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"batchId\",\"type\":\"bytes32\"},{\"internalType\":\"address\",\"name\":\"provider\",\"type\":\"address\"},{\"internalType\":\"uint32\",\"name\":\"samples\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"passed\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"failed\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"inconclusive\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"unavailable\",\"type\":\"uint32\"}],\"internalType\":\"structBatchResult\",\"name\":\"result\",\"type\":\"tuple\"},{\"internalType\":\"bool\",\"name\":\"faulted\",\"type\":\"bool\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"},{\"internalType\":\"bytes32\",\"name\":\"tableRoot\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"sampleRoot\",\"type\":\"bytes32\"},{\"internalType\":\"uint64\",\"name\":\"sampleCount\",\"type\":\"uint64\"},{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"batchId\",\"type\":\"bytes32\"},{\"internalType\":\"address\",\"name\":\"provider\",\"type\":\"address\"},{\"internalType\":\"uint32\",\"name\":\"samples\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"passed\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"failed\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"inconclusive\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"unavailable\",\"type\":\"uint32\"}],\"internalType\":\"structBatchResult[]\",\"name\":\"batches\",\"type\":\"tuple[]\"},{\"components\":[{\"internalType\":\"address\",\"name\":\"subject\",\"type\":\"address\"},{\"internalType\":\"bytes32\",\"name\":\"specId\",\"type\":\"bytes32\"},{\"internalType\":\"uint64\",\"name\":\"value\",\"type\":\"uint64\"}],\"internalType\":\"structStanding[]\",\"name\":\"standings\",\"type\":\"tuple[]\"},{\"components\":[{\"internalType\":\"uint8\",\"name\":\"kind\",\"type\":\"uint8\"},{\"internalType\":\"address\",\"name\":\"subject\",\"type\":\"address\"},{\"internalType\":\"bytes32\",\"name\":\"batchId\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"ref\",\"type\":\"bytes32\"}],\"internalType\":\"structFault[]\",\"name\":\"faults\",\"type\":\"tuple[]\"}],\"internalType\":\"structResult\",\"name\":\"result\",\"type\":\"tuple\"}],\"name\":\"digestOf\",\"outputs\":[{\"internalType\":\"bytes32\",\"name\":\"\",\"type\":\"bytes32\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"}],\"name\":\"epochStatus\",\"outputs\":[{\"internalType\":\"enumStatus\",\"name\":\"status\",\"type\":\"uint8\"},{\"components\":[{\"internalType\":\"uint64\",\"name\":\"certifiedAt\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"sampleCount\",\"type\":\"uint64\"},{\"internalType\":\"bytes32\",\"name\":\"resultRoot\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"sampleRoot\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"tableRoot\",\"type\":\"bytes32\"}],\"internalType\":\"structEpoch\",\"name\":\"kept\",\"type\":\"tuple\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"quorum\",\"outputs\":[{\"components\":[{\"internalType\":\"uint32\",\"name\":\"committee\",\"type\":\"uint32\"},{\"internalType\":\"uint64\",\"name\":\"faultLine\",\"type\":\"uint64\"},{\"internalType\":\"uint32\",\"name\":\"quorumPpm\",\"type\":\"uint32\"}],\"internalType\":\"structQuorum\",\"name\":\"\",\"type\":\"tuple\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"subject\",\"type\":\"address\"},{\"internalType\":\"bytes32\",\"name\":\"specId\",\"type\":\"bytes32\"}],\"name\":\"standing\",\"outputs\":[{\"internalType\":\"uint64\",\"name\":\"\",\"type\":\"uint64\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"},{\"internalType\":\"bytes32\",\"name\":\"tableRoot\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"sampleRoot\",\"type\":\"bytes32\"},{\"internalType\":\"uint64\",\"name\":\"sampleCount\",\"type\":\"uint64\"},{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"batchId\",\"type\":\"bytes32\"},{\"internalType\":\"address\",\"name\":\"provider\",\"type\":\"address\"},{\"internalType\":\"uint32\",\"name\":\"samples\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"passed\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"failed\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"inconclusive\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"unavailable\",\"type\":\"uint32\"}],\"internalType\":\"structBatchResult[]\",\"name\":\"batches\",\"type\":\"tuple[]\"},{\"components\":[{\"internalType\":\"address\",\"name\":\"subject\",\"type\":\"address\"},{\"internalType\":\"bytes32\",\"name\":\"specId\",\"type\":\"bytes32\"},{\"internalType\":\"uint64\",\"name\":\"value\",\"type\":\"uint64\"}],\"internalType\":\"structStanding[]\",\"name\":\"standings\",\"type\":\"tuple[]\"},{\"components\":[{\"internalType\":\"uint8\",\"name\":\"kind\",\"type\":\"uint8\"},{\"internalType\":\"address\",\"name\":\"subject\",\"type\":\"address\"},{\"internalType\":\"bytes32\",\"name\":\"batchId\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"ref\",\"type\":\"bytes32\"}],\"internalType\":\"structFault[]\",\"name\":\"faults\",\"type\":\"tuple[]\"}],\"internalType\":\"structResult\",\"name\":\"result\",\"type\":\"tuple\"},{\"components\":[{\"components\":[{\"internalType\":\"uint64\",\"name\":\"index\",\"type\":\"uint64\"},{\"internalType\":\"uint256\",\"name\":\"weightBefore\",\"type\":\"uint256\"},{\"components\":[{\"internalType\":\"address\",\"name\":\"operator\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"weight\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"keyX\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"keyY\",\"type\":\"uint256\"}],\"internalType\":\"structMember\",\"name\":\"member\",\"type\":\"tuple\"},{\"internalType\":\"bytes32[]\",\"name\":\"proof\",\"type\":\"bytes32[]\"}],\"internalType\":\"structNonSigner[]\",\"name\":\"nonSigners\",\"type\":\"tuple[]\"},{\"components\":[{\"internalType\":\"uint256\",\"name\":\"X\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"Y\",\"type\":\"uint256\"}],\"internalType\":\"structG1Point\",\"name\":\"sigma\",\"type\":\"tuple\"},{\"components\":[{\"internalType\":\"uint256[2]\",\"name\":\"X\",\"type\":\"uint256[2]\"},{\"internalType\":\"uint256[2]\",\"name\":\"Y\",\"type\":\"uint256[2]\"}],\"internalType\":\"structG2Point\",\"name\":\"apk\",\"type\":\"tuple\"}],\"internalType\":\"structCertificate\",\"name\":\"certificate\",\"type\":\"tuple\"}],\"name\":\"submit\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"},{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"sampleId\",\"type\":\"bytes32\"},{\"internalType\":\"uint8\",\"name\":\"verdict\",\"type\":\"uint8\"},{\"internalType\":\"uint8\",\"name\":\"class\",\"type\":\"uint8\"},{\"internalType\":\"int32\",\"name\":\"logE\",\"type\":\"int32\"},{\"internalType\":\"bytes32\",\"name\":\"evidence\",\"type\":\"bytes32\"}],\"internalType\":\"structSampleResult\",\"name\":\"sample\",\"type\":\"tuple\"},{\"internalType\":\"uint64\",\"name\":\"index\",\"type\":\"uint64\"},{\"internalType\":\"bytes32[]\",\"name\":\"proof\",\"type\":\"bytes32[]\"}],\"name\":\"verifySample\",\"outputs\":[{\"internalType\":\"bool\",\"name\":\"\",\"type\":\"bool\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"batchId\",\"type\":\"bytes32\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"provider\",\"type\":\"address\"},{\"indexed\":true,\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"},{\"indexed\":false,\"internalType\":\"uint32\",\"name\":\"samples\",\"type\":\"uint32\"},{\"indexed\":false,\"internalType\":\"uint32\",\"name\":\"passed\",\"type\":\"uint32\"},{\"indexed\":false,\"internalType\":\"uint32\",\"name\":\"failed\",\"type\":\"uint32\"},{\"indexed\":false,\"internalType\":\"uint32\",\"name\":\"inconclusive\",\"type\":\"uint32\"},{\"indexed\":false,\"internalType\":\"uint32\",\"name\":\"unavailable\",\"type\":\"uint32\"}],\"name\":\"BatchJudged\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"},{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"digest\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"bytes32\",\"name\":\"resultRoot\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"bytes32\",\"name\":\"sampleRoot\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"bytes32\",\"name\":\"tableRoot\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"uint64\",\"name\":\"sampleCount\",\"type\":\"uint64\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"signed\",\"type\":\"uint256\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"total\",\"type\":\"uint256\"}],\"name\":\"EpochCertified\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"address\",\"name\":\"subject\",\"type\":\"address\"},{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"specId\",\"type\":\"bytes32\"},{\"indexed\":true,\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"},{\"indexed\":false,\"internalType\":\"uint64\",\"name\":\"value\",\"type\":\"uint64\"}],\"name\":\"StandingChanged\",\"type\":\"event\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"}],\"name\":\"AlreadyCertified\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"batchId\",\"type\":\"bytes32\"}],\"name\":\"BatchRefused\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"listed\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"expected\",\"type\":\"uint256\"}],\"name\":\"BatchesMissing\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"}],\"name\":\"BeaconNotFixed\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"signed\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"total\",\"type\":\"uint256\"}],\"name\":\"BelowQuorum\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"index\",\"type\":\"uint256\"}],\"name\":\"FaultRefused\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"index\",\"type\":\"uint256\"}],\"name\":\"NotAscending\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"},{\"internalType\":\"uint256\",\"name\":\"opens\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"closes\",\"type\":\"uint256\"}],\"name\":\"OutsideWindow\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"QuorumRefused\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint8\",\"name\":\"bits\",\"type\":\"uint8\"},{\"internalType\":\"uint256\",\"name\":\"value\",\"type\":\"uint256\"}],\"name\":\"SafeCastOverflowedUintDowncast\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"sampleCount\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"expected\",\"type\":\"uint64\"}],\"name\":\"SampleCountRefused\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"ScheduleRefused\",\"type\":\"error\"}]",
	ID:  "50a3b7046abf4bfbbe315066def90dad30",
	Bin: "0x61026080604052346104d95780612bd6803803809161001e82856104f0565b8339810103906101a082126104d95761014082126104d9576040519061014082016001600160401b038111838210176104c55760405261005d81610513565b825261006b60208201610513565b602083015261007c60408201610513565b604083015261008d60608201610513565b606083015261009e60808201610513565b608083019081526100b160a08301610513565b9060a0840191825260606100c760c08501610513565b9560c086019687526100db60e08601610513565b60e08701526100ed6101008601610513565b956101008101968752610120610104818801610513565b91015261013f1901126104d95760405190606082016001600160401b038111838210176104c55760405261013b6101408501610527565b825261015e6101806101506101608701610538565b956020850196875201610527565b9460408301958652600461010060018060a01b0386511660405192838092635830251360e11b82525afa9081156104e5575f916103fa575b506020810180516001600160401b03161515806103e4575b806103ce575b806103b8575b806103a2575b156103935781516001600160401b0390811660809081529151811660a09081526040840151821660c09081526060850151831660e09081529385015183166101005290840151821661012052830151811661014052910151166101605285516207a12063ffffffff909116118061037f575b8061036f575b8061035c575b1561034d5792516001600160a01b0390811661018052955186166101a052915185166101c05290519093166101e052915163ffffffff9081166102005291516001600160401b031661022052511661024052604051612689908161054d823960805181611ef7015260a05181611f24015260c05181611f54015260e05181611f8401526101005181611fb401526101205181611fe401526101405181612014015261016051816120440152610180518181816103a90152611a4b01526101a0518161059601526101c051818181610b0a0152611ba001526101e051818181610472015261160301526102005181611670015261022051816116a70152610240518181816105e901526116ce0152f35b63d08224d960e01b5f5260045ffd5b5084516001600160401b0316151561023e565b5063ffffffff8351161515610238565b50620f424063ffffffff8751161115610232565b633de7d42d60e11b5f5260045ffd5b5060c08201516001600160401b031615156101c0565b5060a08201516001600160401b031615156101ba565b5060808201516001600160401b031615156101b4565b5060608201516001600160401b031615156101ae565b9050610100813d82116104dd575b8161041661010093836104f0565b810103126104d9576040519061010082016001600160401b038111838210176104c5576104ba9160e09160405261044c81610538565b845261045a60208201610538565b602085015261046b60408201610538565b604085015261047c60608201610538565b606085015261048d60808201610538565b608085015261049e60a08201610538565b60a08501526104af60c08201610538565b60c085015201610538565b60e08201525f610196565b634e487b7160e01b5f52604160045260245ffd5b5f80fd5b3d9150610408565b6040513d5f823e3d90fd5b601f909101601f19168101906001600160401b038211908210176104c557604052565b51906001600160a01b03821682036104d957565b519063ffffffff821682036104d957565b51906001600160401b03821682036104d95756fe60806040526004361015610011575f80fd5b5f5f3560e01c8063040b7eed146117065780631703a018146116315780632698267e1461156b57806347e0b9cc1461150d57806357806e84146102cf578063c9412c8f146101e15763dcff9bdb14610067575f80fd5b346101d6576101006003193601126101d657610081611800565b9060a07fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffdc3601126101d65760c4359067ffffffffffffffff82168092036101d65760e4359167ffffffffffffffff83116101d957366023840112156101d95782600401359367ffffffffffffffff85116101dd573660248660051b860101116101dd5767ffffffffffffffff16825281602052604082209260028401549260405160208101917fd12748becc0892622ccb6320bdd63c50e76037312f22e54436138c032ea49d1c8352602435604083015260443560ff81168091036101d957606083015260643560ff81168091036101d9576080830152608435908160030b8092036101d65760206101cc8a8a8a8a8a67ffffffffffffffff60248c8c8c60a082015260a43560c082015260c081526101bb60e0826118ca565b5190209201945460401c16926124f1565b6040519015158152f35b80fd5b5080fd5b8280fd5b50346101d65760206003193601126101d65760c0906040610200611800565b91806080835161020f81611875565b8281528260208201528285820152826060820152015267ffffffffffffffff61023784611e34565b9316815280602052206040519061024d82611875565b805467ffffffffffffffff8116835267ffffffffffffffff602084019160401c16815267ffffffffffffffff6001830154916040850192835281600360028601549560608801968752015495608081019687526102ad60405180996117a5565b51166020870152511660408501525160608401525160808301525160a0820152f35b5034610bab576040600319360112610bab5760043567ffffffffffffffff8111610bab578060040160e06003198336030112610bab576024359167ffffffffffffffff8311610bab57826004019160e06003198536030112610bab5761033481611c36565b9361033d611ea8565b9367ffffffffffffffff861695865f525f60205267ffffffffffffffff60405f2054166114e15761036e818761206c565b4311806114ce575b610380828861206c565b61038a83896120a1565b911561149c57505073ffffffffffffffffffffffffffffffffffffffff7f000000000000000000000000000000000000000000000000000000000000000016946040517f989a33170000000000000000000000000000000000000000000000000000000081528860048201526020816024818a5afa908115610ab5575f9161146a575b501561143e57604481013590606481019261042784611c36565b956084830192610437848a611c4b565b9060a48301996104478b8d611c9f565b926104549491928a6120da565b9660248201359160c4019b6104698d8c611cf3565b610498918b86897f0000000000000000000000000000000000000000000000000000000000000000304661230a565b946104a2916123e4565b925f198401938411610d3a57926040519384917faa88b4c90000000000000000000000000000000000000000000000000000000083526004830152836024830152856044830152608060648301526104ff61016483019380611d47565b809460e06084860152526101848301936101848160051b85010194825f907fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff2181360301905b848310611334575050505050506040928360a48360248695013582860152604481013560c4860152826064820160e487013701610124840137038173ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000165afa948515610ab5575f925f966112f9575b50620f42408302838104620f42401484151715610d3a5761060f63ffffffff7f00000000000000000000000000000000000000000000000000000000000000001688611d9a565b116112c95767ffffffffffffffff43116112985761075897610750968e9467ffffffffffffffff60c0947f92051aa7e27bf71998123531e830e48425ec17597c6e3c9afc457f863b6ab67f966106648d611c36565b60038a6040519261067484611875565b8643168452866020850191168152604084018a8152606085019187835260808601938785525f525f602052888060405f20975116167fffffffffffffffffffffffffffffffffffffffffffffffff0000000000000000875416178655517fffffffffffffffffffffffffffffffff0000000000000000ffffffffffffffff6fffffffffffffffff000000000000000087549260401b169116178555516001850155516002840155519101556107288d611c36565b9160405196875260208701526040860152166060840152608083015260a0820152a385611c4b565b929091611c36565b906040517f80a3fa870000000000000000000000000000000000000000000000000000000081528860048201526020816024818a5afa8015610ab5575f9061125b575b63ffffffff91501680840361122c57505f925f5b818110610d955750505067ffffffffffffffff9182169116808203610d675750506107da9082611c9f565b5f5b818110610baf575050506107f08382611cf3565b90506107fa578480f35b6108048382611cf3565b9590916060945f5b88811015610ae6578060071b850196610824886124d3565b9060208901986108338a612491565b926108c9856040840135947fffffffffffffffffffffffffffffffffffffffff0000000000000000000000006060860135977fff000000000000000000000000000000000000000000000000000000000000006040519660f81b16602087015260601b166021850152856035850152866055850152605584526108b76075856118ca565b838215918215610ad5575b505061245e565b995f91600360ff6108d9836124d3565b160361092d57505050159081610924575b505b156108f95760010161080c565b7f2e966a36000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b9050155f6108ea565b90919350600160ff61093e836124d3565b16148015610ac0575b610954575b5050506108ec565b90919250604051917ffddaa06500000000000000000000000000000000000000000000000000000000835283600484015260e0836024818d5afa928315610ab5575f93610a84575b50608092935f5260016020528b60405f2091604051926109bb84611875565b549263ffffffff80851694858352818160201c166020840152818160401c166040840152818160601c166060840152871c16958691015273ffffffffffffffffffffffffffffffffffffffff610a148188511692612491565b16149485610a6c575b505083610a62575b5082610a36575b50505f808061094c565b6001919250610a4660ff916124d3565b1614908115610a58575b505f80610a2c565b905015155f610a50565b151592505f610a25565b6020015167ffffffffffffffff161493508b5f610a1d565b60809350610aa89060e03d8111610aae575b610aa081836118ca565b810190611931565b9261099c565b503d610a96565b6040513d5f823e3d90fd5b50600260ff610ace836124d3565b1614610947565b610adf92506125b6565b835f6108c2565b5092509493509450610b30915073ffffffffffffffffffffffffffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001693611cf3565b92803b15610bab57610b82935f8094604051968795869485937f7d97498e0000000000000000000000000000000000000000000000000000000085526004850152604060248501526044840191611dad565b03925af18015610ab557610b98575b8080808480f35b610ba491505f906118ca565b5f5f610b91565b5f80fd5b610bba8183856124c3565b908781610c8c575b826040600194017f26a4878f0924c303a17eef3a37c8f7b83f12d388f7e44d749b3f071e29b453ca602073ffffffffffffffffffffffffffffffffffffffff610c72610c6c610c1086611c36565b9683610c1b82612491565b165f526002855260405f20978582013598895f52865267ffffffffffffffff60405f2091167fffffffffffffffffffffffffffffffffffffffffffffffff0000000000000000825416179055612491565b94611c36565b9367ffffffffffffffff604051951685521692a4016107dc565b505f198101818111610d3a57600192610ce583610cab8c94888a6124c3565b610cb484612491565b73ffffffffffffffffffffffffffffffffffffffff80610cd384612491565b16911611908115610cec575b5061245e565b9250610bc2565b9050610cf784612491565b73ffffffffffffffffffffffffffffffffffffffff80610d1684612491565b169116149081610d28575b505f610cdf565b6020915001356020840135115f610d21565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601160045260245ffd5b7fda29f6fc000000000000000000000000000000000000000000000000000000005f5260045260245260445ffd5b610da0818385612421565b8115828115611206575b610db39161245e565b803590602460e08b604051928380927ffddaa0650000000000000000000000000000000000000000000000000000000082528760048301525afa908115610ab5575f916111e8575b5073ffffffffffffffffffffffffffffffffffffffff8151169081151591826111bb575b50816111a3575b81611117575b50806110b8575b1561108c57604081019667ffffffffffffffff63ffffffff610e548a6124b2565b169116019167ffffffffffffffff8311610d3a578c9297610e74816124b2565b926060810193610e83856124b2565b6080830192610e91846124b2565b9260a0820192610ea0846124b2565b9460c0840195610eaf876124b2565b9160405194610ebd86611875565b63ffffffff168552602085019363ffffffff168452604085019063ffffffff168152606085019163ffffffff168252608085019263ffffffff1683528a5f52600160205260405f20945163ffffffff168554945160201b67ffffffff0000000016915160401b6bffffffff000000000000000016925160601b6fffffffff00000000000000000000000016935160801b73ffffffff0000000000000000000000000000000016947fffffffffffffffffffffffffffffffffffffffff00000000000000000000000016177fffffffffffffffffffffffffffffffff00000000ffffffffffffffffffffffff16177fffffffffffffffffffffffff00000000ffffffffffffffffffffffffffffffff161717179055602001610fdd90612491565b93610fe7906124b2565b95610ff1906124b2565b92610ffb906124b2565b90611005906124b2565b9161100f906124b2565b926040519663ffffffff16875263ffffffff16602087015263ffffffff16604086015263ffffffff16606085015263ffffffff16608084015273ffffffffffffffffffffffffffffffffffffffff169160a07f2d9b82f185349c600492ca791a4b1f1d1075b7b8b4526fe0c05efd79a6c6f75691a46001016107af565b507fd7b20cc0000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b506110c5604082016124b2565b63ffffffff61110f6111026110f5836110e0606088016124b2565b16846110ee608089016124b2565b1690611e27565b836110ee60a088016124b2565b826110ee60c087016124b2565b911614610e33565b9050611125604083016124b2565b9067ffffffffffffffff60a08201511661115163ffffffff606081604086015116940151169282611d9a565b90620f423f8201809211610d3a5763ffffffff92620f424067ffffffffffffffff93049080821061119b575b508181101561119557829150165b169116145f610e2c565b5061118b565b90505f61117d565b602081015167ffffffffffffffff168e149150610e26565b90915073ffffffffffffffffffffffffffffffffffffffff6111df60208501612491565b1614905f610e1f565b611200915060e03d8111610aae57610aa081836118ca565b5f610dfb565b5f19915001828111610d3a5782611221610db3928688612421565b358335119150610daa565b837f0fd7bc0b000000000000000000000000000000000000000000000000000000005f5260045260245260445ffd5b506020813d602011611290575b81611275602093836118ca565b81010312610bab5761128b63ffffffff91611920565b61079b565b3d9150611268565b7f6dfcc650000000000000000000000000000000000000000000000000000000005f5260406004524360245260445ffd5b85837f78a00459000000000000000000000000000000000000000000000000000000005f5260045260245260445ffd5b925094506040823d60401161132c575b81611316604093836118ca565b81010312610bab5760208251920151945f6105c8565b3d9150611309565b919395967ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe7c90899294969903018552873583811215610bab57826113e1910167ffffffffffffffff61138582611817565b1683526020810135602084015273ffffffffffffffffffffffffffffffffffffffff6113b3604083016117df565b166040840152606081013560608401526080810135608084015260a081013560a084015260c0810190611d47565b9160e060c08201528260e08201527f07ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8311610bab57610100602092839260019560051b809284830137010199019501930190918996959392610544565b877f7bc03581000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b90506020813d602011611494575b81611485602093836118ca565b81010312610bab57515f61040d565b3d9150611478565b887f40ff93c5000000000000000000000000000000000000000000000000000000005f5260045260245260445260645ffd5b506114d981876120a1565b431115610376565b867ff76b06bb000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b34610bab576040600319360112610bab5760043573ffffffffffffffffffffffffffffffffffffffff8116809103610bab575f52600260205260405f206024355f52602052602067ffffffffffffffff60405f205416604051908152f35b34610bab576020600319360112610bab5760043567ffffffffffffffff8111610bab57806004019060e06003198236030112610bab576024816020936115e36115b960646116299601611c36565b6115c66084850184611c4b565b6115d660a4879493940186611c9f565b93909260448801356120da565b906115fb6115f082611c36565b9160c4850190611cf3565b9490930135907f0000000000000000000000000000000000000000000000000000000000000000304661230a565b604051908152f35b34610bab575f600319360112610bab575f6040805161164f8161182c565b828152826020820152015260606040516116688161182c565b63ffffffff807f0000000000000000000000000000000000000000000000000000000000000000169182815267ffffffffffffffff60406020830192827f00000000000000000000000000000000000000000000000000000000000000001684520191837f00000000000000000000000000000000000000000000000000000000000000001683526040519485525116602084015251166040820152f35b34610bab576020600319360112610bab5761012060c063ffffffff61172c6004356119cd565b9291939061173d60405180966117a5565b8051602086015273ffffffffffffffffffffffffffffffffffffffff60208201511660408601528260408201511660608601528260608201511660808601528260808201511660a08601528260a0820151168286015201511660e08301521515610100820152f35b9060048210156117b25752565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52602160045260245ffd5b359073ffffffffffffffffffffffffffffffffffffffff82168203610bab57565b6004359067ffffffffffffffff82168203610bab57565b359067ffffffffffffffff82168203610bab57565b6060810190811067ffffffffffffffff82111761184857604052565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b60a0810190811067ffffffffffffffff82111761184857604052565b60e0810190811067ffffffffffffffff82111761184857604052565b610100810190811067ffffffffffffffff82111761184857604052565b90601f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0910116810190811067ffffffffffffffff82111761184857604052565b519067ffffffffffffffff82168203610bab57565b519063ffffffff82168203610bab57565b908160e0910312610bab576040519061194982611891565b80519073ffffffffffffffffffffffffffffffffffffffff82168203610bab5760c091835261197a6020820161190b565b602084015261198b60408201611920565b604084015261199c60608201611920565b60608401526119ad6080820161190b565b60808401526119be60a0820161190b565b60a0840152015160c082015290565b604051916119da83611891565b5f83525f60208401525f60408401525f60608401525f60808401525f60a08401525f60c0840152604051927ffddaa06500000000000000000000000000000000000000000000000000000000845282600485015260e08460248173ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000165afa938415610ab5575f94611c15575b5073ffffffffffffffffffffffffffffffffffffffff84511615611c0c5750815f526001602052611b5767ffffffffffffffff602060405f2095608060405197611ac489611875565b5463ffffffff81169889815263ffffffff82861c16808683015263ffffffff8360401c169182604082015263ffffffff808560601c1694856060840152861c16948591015273ffffffffffffffffffffffffffffffffffffffff8551169a6040519b611b2f8d611891565b8b8d52878d015260408c015260608b015260808a015260a089015260c0880152015116611e34565b604051927fef522369000000000000000000000000000000000000000000000000000000008452600484015260208360248173ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000165afa928315610ab5575f93611bd8575b509291151590565b9092506020813d602011611c04575b81611bf4602093836118ca565b81010312610bab5751915f611bd0565b3d9150611be7565b5f935091508290565b611c2f91945060e03d60e011610aae57610aa081836118ca565b925f611a7b565b3567ffffffffffffffff81168103610bab5790565b9035907fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe181360301821215610bab570180359067ffffffffffffffff8211610bab576020019160e0820236038313610bab57565b9035907fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe181360301821215610bab570180359067ffffffffffffffff8211610bab57602001916060820236038313610bab57565b9035907fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe181360301821215610bab570180359067ffffffffffffffff8211610bab57602001918160071b36038313610bab57565b90357fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe182360301811215610bab57016020813591019167ffffffffffffffff8211610bab578160051b36038313610bab57565b81810292918115918404141715610d3a57565b916020908281520191905f905b808210611dc75750505090565b90919283359060ff8216809203610bab5760808160019382935273ffffffffffffffffffffffffffffffffffffffff611e02602089016117df565b1660208201526040870135604082015260608701356060820152019401920190611dba565b91908201809211610d3a57565b67ffffffffffffffff81165f525f60205267ffffffffffffffff60405f205416611e5c611ea8565b918115611e8d575067ffffffffffffffff60e0611e7c9301511690611e27565b431015611e8857600190565b600290565b9050611e98916120a1565b431115611ea457600390565b5f90565b5f60e0604051611eb7816118ad565b8281528260208201528260408201528260608201528260808201528260a08201528260c08201520152604051611eec816118ad565b67ffffffffffffffff7f000000000000000000000000000000000000000000000000000000000000000016815267ffffffffffffffff7f000000000000000000000000000000000000000000000000000000000000000016602082015267ffffffffffffffff7f000000000000000000000000000000000000000000000000000000000000000016604082015267ffffffffffffffff7f000000000000000000000000000000000000000000000000000000000000000016606082015267ffffffffffffffff7f000000000000000000000000000000000000000000000000000000000000000016608082015267ffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001660a082015267ffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001660c082015267ffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001660e082015290565b67ffffffffffffffff608061209461208761209e95856123e4565b8360608601511690611e27565b9201511690611e27565b90565b67ffffffffffffffff60c06120946120bc61209e958561206c565b8360a08601511690611e27565b359063ffffffff82168203610bab57565b9492909391604051906020820192806040840160208652526060830191905f5b818110612252575050508161213591037fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe081018352826118ca565b5190209160405190816020810193826040830160208752526060820190925f5b8181106121f257505061218f9250037fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe081018352826118ca565b5190209067ffffffffffffffff6040519360208501957fe90710444705b6546eb418b09123169687a33650cc4d9ef9b5318dd2e070798c87526040860152166060840152608083015260a082015260a081526121ec60c0826118ca565b51902090565b9160019193506060809173ffffffffffffffffffffffffffffffffffffffff61221a886117df565b1681526020870135602082015267ffffffffffffffff61223c60408901611817565b1660408201520194019101918492939193612155565b90919260e080600192869a999a35815273ffffffffffffffffffffffffffffffffffffffff612283602089016117df565b16602082015263ffffffff61229a604089016120c9565b16604082015263ffffffff6122b1606089016120c9565b16606082015263ffffffff6122c8608089016120c9565b16608082015263ffffffff6122df60a089016120c9565b1660a082015263ffffffff6122f660c089016120c9565b1660c08201529899980194019291016120fa565b9673ffffffffffffffffffffffffffffffffffffffff9061234f61237b67ffffffffffffffff9598979694996040519283916020830195602087526040840191611dad565b037fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe081018352826118ca565b51902095816040519860208a019a7f3cf2c709dc3e7e66bb5573afcb30e58c591ae559fa4821283fc0aaafa4151c8e8c5260408b01521660608901521660808701521660a085015260c084015260e083015261010082015261010081526121ec610120826118ca565b67ffffffffffffffff604061209461209e948361241881875116612412602089019484808751169116611d9a565b90611e27565b91511690611e27565b91908110156124315760e0020190565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52603260045260245ffd5b156124665750565b7f0d4d9b81000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b3573ffffffffffffffffffffffffffffffffffffffff81168103610bab5790565b3563ffffffff81168103610bab5790565b9190811015612431576060020190565b3560ff81168103610bab5790565b91908110156124315760051b0190565b9493928083109081159161257b575b50612572575f809392935360015260215f20925f905b80821061252557505050501490565b90919293600190818616155f146125585761254c906125458585886124e1565b359061266f565b94811c93920190612516565b61256d906125678585886124e1565b3561266f565b61254c565b50505050505f90565b5f91505b6001821b811161259357508414155f612500565b905f198114610d3a576001019061257f565b908151811015612431570160200190565b905f5b8251811015612668577fff000000000000000000000000000000000000000000000000000000000000006125ed82856125a5565b51167fff0000000000000000000000000000000000000000000000000000000000000061261a83856125a5565b511603612629576001016125b9565b807fff0000000000000000000000000000000000000000000000000000000000000061265a612662938295966125a5565b5116936125a5565b51161190565b5050505f90565b91906040519260015f5360015260215260415f209160405256",
}

// AttestationRegistry is an auto generated Go binding around an Ethereum contract.
type AttestationRegistry struct {
	abi abi.ABI
}

// GetABI returns the ABI associated with this contract binding.
func (c *AttestationRegistry) GetABI() abi.ABI {
	return c.abi
}

// NewAttestationRegistry creates a new instance of AttestationRegistry.
func NewAttestationRegistry() *AttestationRegistry {
	parsed, err := AttestationRegistryMetaData.ParseABI()
	if err != nil {
		panic(errors.New("invalid ABI: " + err.Error()))
	}
	return &AttestationRegistry{abi: *parsed}
}

// Instance creates a wrapper for a deployed contract instance at the given address.
// Use this to create the instance object passed to abigen v2 library functions Call, Transact, etc.
func (c *AttestationRegistry) Instance(backend bind.ContractBackend, addr common.Address) *bind.BoundContract {
	return bind.NewBoundContract(addr, c.abi, backend, backend, backend)
}

// PackConstructor is the Go binding used to pack the parameters required for
// contract deployment.
//
// Solidity: constructor((address,address,address,address,address,address,address,address,address,address) system, (uint32,uint64,uint32) quorum_) returns()
func (attestationRegistry *AttestationRegistry) PackConstructor(system System, quorum_ Quorum) []byte {
	enc, err := attestationRegistry.abi.Pack("", system, quorum_)
	if err != nil {
		panic(err)
	}
	return enc
}

// PackBatchVerdict is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x040b7eed.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function batchVerdict(bytes32 batchId) view returns(uint8 status, (bytes32,address,uint32,uint32,uint32,uint32,uint32) result, bool faulted)
func (attestationRegistry *AttestationRegistry) PackBatchVerdict(batchId [32]byte) []byte {
	enc, err := attestationRegistry.abi.Pack("batchVerdict", batchId)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackBatchVerdict is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x040b7eed.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function batchVerdict(bytes32 batchId) view returns(uint8 status, (bytes32,address,uint32,uint32,uint32,uint32,uint32) result, bool faulted)
func (attestationRegistry *AttestationRegistry) TryPackBatchVerdict(batchId [32]byte) ([]byte, error) {
	return attestationRegistry.abi.Pack("batchVerdict", batchId)
}

// BatchVerdictOutput serves as a container for the return parameters of contract
// method BatchVerdict.
type BatchVerdictOutput struct {
	Status  uint8
	Result  BatchResult
	Faulted bool
}

// UnpackBatchVerdict is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x040b7eed.
//
// Solidity: function batchVerdict(bytes32 batchId) view returns(uint8 status, (bytes32,address,uint32,uint32,uint32,uint32,uint32) result, bool faulted)
func (attestationRegistry *AttestationRegistry) UnpackBatchVerdict(data []byte) (BatchVerdictOutput, error) {
	out, err := attestationRegistry.abi.Unpack("batchVerdict", data)
	outstruct := new(BatchVerdictOutput)
	if err != nil {
		return *outstruct, err
	}
	outstruct.Status = *abi.ConvertType(out[0], new(uint8)).(*uint8)
	outstruct.Result = *abi.ConvertType(out[1], new(BatchResult)).(*BatchResult)
	outstruct.Faulted = *abi.ConvertType(out[2], new(bool)).(*bool)
	return *outstruct, nil
}

// PackDigestOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x2698267e.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function digestOf((uint64,bytes32,bytes32,uint64,(bytes32,address,uint32,uint32,uint32,uint32,uint32)[],(address,bytes32,uint64)[],(uint8,address,bytes32,bytes32)[]) result) view returns(bytes32)
func (attestationRegistry *AttestationRegistry) PackDigestOf(result Result) []byte {
	enc, err := attestationRegistry.abi.Pack("digestOf", result)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackDigestOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x2698267e.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function digestOf((uint64,bytes32,bytes32,uint64,(bytes32,address,uint32,uint32,uint32,uint32,uint32)[],(address,bytes32,uint64)[],(uint8,address,bytes32,bytes32)[]) result) view returns(bytes32)
func (attestationRegistry *AttestationRegistry) TryPackDigestOf(result Result) ([]byte, error) {
	return attestationRegistry.abi.Pack("digestOf", result)
}

// UnpackDigestOf is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x2698267e.
//
// Solidity: function digestOf((uint64,bytes32,bytes32,uint64,(bytes32,address,uint32,uint32,uint32,uint32,uint32)[],(address,bytes32,uint64)[],(uint8,address,bytes32,bytes32)[]) result) view returns(bytes32)
func (attestationRegistry *AttestationRegistry) UnpackDigestOf(data []byte) ([32]byte, error) {
	out, err := attestationRegistry.abi.Unpack("digestOf", data)
	if err != nil {
		return *new([32]byte), err
	}
	out0 := *abi.ConvertType(out[0], new([32]byte)).(*[32]byte)
	return out0, nil
}

// PackEpochStatus is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xc9412c8f.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function epochStatus(uint64 epoch) view returns(uint8 status, (uint64,uint64,bytes32,bytes32,bytes32) kept)
func (attestationRegistry *AttestationRegistry) PackEpochStatus(epoch uint64) []byte {
	enc, err := attestationRegistry.abi.Pack("epochStatus", epoch)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackEpochStatus is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xc9412c8f.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function epochStatus(uint64 epoch) view returns(uint8 status, (uint64,uint64,bytes32,bytes32,bytes32) kept)
func (attestationRegistry *AttestationRegistry) TryPackEpochStatus(epoch uint64) ([]byte, error) {
	return attestationRegistry.abi.Pack("epochStatus", epoch)
}

// EpochStatusOutput serves as a container for the return parameters of contract
// method EpochStatus.
type EpochStatusOutput struct {
	Status uint8
	Kept   Epoch
}

// UnpackEpochStatus is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xc9412c8f.
//
// Solidity: function epochStatus(uint64 epoch) view returns(uint8 status, (uint64,uint64,bytes32,bytes32,bytes32) kept)
func (attestationRegistry *AttestationRegistry) UnpackEpochStatus(data []byte) (EpochStatusOutput, error) {
	out, err := attestationRegistry.abi.Unpack("epochStatus", data)
	outstruct := new(EpochStatusOutput)
	if err != nil {
		return *outstruct, err
	}
	outstruct.Status = *abi.ConvertType(out[0], new(uint8)).(*uint8)
	outstruct.Kept = *abi.ConvertType(out[1], new(Epoch)).(*Epoch)
	return *outstruct, nil
}

// PackQuorum is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x1703a018.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function quorum() view returns((uint32,uint64,uint32))
func (attestationRegistry *AttestationRegistry) PackQuorum() []byte {
	enc, err := attestationRegistry.abi.Pack("quorum")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackQuorum is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x1703a018.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function quorum() view returns((uint32,uint64,uint32))
func (attestationRegistry *AttestationRegistry) TryPackQuorum() ([]byte, error) {
	return attestationRegistry.abi.Pack("quorum")
}

// UnpackQuorum is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x1703a018.
//
// Solidity: function quorum() view returns((uint32,uint64,uint32))
func (attestationRegistry *AttestationRegistry) UnpackQuorum(data []byte) (Quorum, error) {
	out, err := attestationRegistry.abi.Unpack("quorum", data)
	if err != nil {
		return *new(Quorum), err
	}
	out0 := *abi.ConvertType(out[0], new(Quorum)).(*Quorum)
	return out0, nil
}

// PackStanding is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x47e0b9cc.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function standing(address subject, bytes32 specId) view returns(uint64)
func (attestationRegistry *AttestationRegistry) PackStanding(subject common.Address, specId [32]byte) []byte {
	enc, err := attestationRegistry.abi.Pack("standing", subject, specId)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackStanding is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x47e0b9cc.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function standing(address subject, bytes32 specId) view returns(uint64)
func (attestationRegistry *AttestationRegistry) TryPackStanding(subject common.Address, specId [32]byte) ([]byte, error) {
	return attestationRegistry.abi.Pack("standing", subject, specId)
}

// UnpackStanding is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x47e0b9cc.
//
// Solidity: function standing(address subject, bytes32 specId) view returns(uint64)
func (attestationRegistry *AttestationRegistry) UnpackStanding(data []byte) (uint64, error) {
	out, err := attestationRegistry.abi.Unpack("standing", data)
	if err != nil {
		return *new(uint64), err
	}
	out0 := *abi.ConvertType(out[0], new(uint64)).(*uint64)
	return out0, nil
}

// PackSubmit is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x57806e84.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function submit((uint64,bytes32,bytes32,uint64,(bytes32,address,uint32,uint32,uint32,uint32,uint32)[],(address,bytes32,uint64)[],(uint8,address,bytes32,bytes32)[]) result, ((uint64,uint256,(address,uint256,uint256,uint256),bytes32[])[],(uint256,uint256),(uint256[2],uint256[2])) certificate) returns()
func (attestationRegistry *AttestationRegistry) PackSubmit(result Result, certificate Certificate) []byte {
	enc, err := attestationRegistry.abi.Pack("submit", result, certificate)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSubmit is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x57806e84.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function submit((uint64,bytes32,bytes32,uint64,(bytes32,address,uint32,uint32,uint32,uint32,uint32)[],(address,bytes32,uint64)[],(uint8,address,bytes32,bytes32)[]) result, ((uint64,uint256,(address,uint256,uint256,uint256),bytes32[])[],(uint256,uint256),(uint256[2],uint256[2])) certificate) returns()
func (attestationRegistry *AttestationRegistry) TryPackSubmit(result Result, certificate Certificate) ([]byte, error) {
	return attestationRegistry.abi.Pack("submit", result, certificate)
}

// PackVerifySample is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xdcff9bdb.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function verifySample(uint64 epoch, (bytes32,uint8,uint8,int32,bytes32) sample, uint64 index, bytes32[] proof) view returns(bool)
func (attestationRegistry *AttestationRegistry) PackVerifySample(epoch uint64, sample SampleResult, index uint64, proof [][32]byte) []byte {
	enc, err := attestationRegistry.abi.Pack("verifySample", epoch, sample, index, proof)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackVerifySample is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xdcff9bdb.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function verifySample(uint64 epoch, (bytes32,uint8,uint8,int32,bytes32) sample, uint64 index, bytes32[] proof) view returns(bool)
func (attestationRegistry *AttestationRegistry) TryPackVerifySample(epoch uint64, sample SampleResult, index uint64, proof [][32]byte) ([]byte, error) {
	return attestationRegistry.abi.Pack("verifySample", epoch, sample, index, proof)
}

// UnpackVerifySample is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xdcff9bdb.
//
// Solidity: function verifySample(uint64 epoch, (bytes32,uint8,uint8,int32,bytes32) sample, uint64 index, bytes32[] proof) view returns(bool)
func (attestationRegistry *AttestationRegistry) UnpackVerifySample(data []byte) (bool, error) {
	out, err := attestationRegistry.abi.Unpack("verifySample", data)
	if err != nil {
		return *new(bool), err
	}
	out0 := *abi.ConvertType(out[0], new(bool)).(*bool)
	return out0, nil
}

// AttestationRegistryBatchJudged represents a BatchJudged event raised by the AttestationRegistry contract.
type AttestationRegistryBatchJudged struct {
	BatchId      [32]byte
	Provider     common.Address
	Epoch        uint64
	Samples      uint32
	Passed       uint32
	Failed       uint32
	Inconclusive uint32
	Unavailable  uint32
	Raw          *types.Log // Blockchain specific contextual infos
}

const AttestationRegistryBatchJudgedEventName = "BatchJudged"

// ContractEventName returns the user-defined event name.
func (AttestationRegistryBatchJudged) ContractEventName() string {
	return AttestationRegistryBatchJudgedEventName
}

// UnpackBatchJudgedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event BatchJudged(bytes32 indexed batchId, address indexed provider, uint64 indexed epoch, uint32 samples, uint32 passed, uint32 failed, uint32 inconclusive, uint32 unavailable)
func (attestationRegistry *AttestationRegistry) UnpackBatchJudgedEvent(log *types.Log) (*AttestationRegistryBatchJudged, error) {
	event := "BatchJudged"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != attestationRegistry.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(AttestationRegistryBatchJudged)
	if len(log.Data) > 0 {
		if err := attestationRegistry.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range attestationRegistry.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// AttestationRegistryEpochCertified represents a EpochCertified event raised by the AttestationRegistry contract.
type AttestationRegistryEpochCertified struct {
	Epoch       uint64
	Digest      [32]byte
	ResultRoot  [32]byte
	SampleRoot  [32]byte
	TableRoot   [32]byte
	SampleCount uint64
	Signed      *big.Int
	Total       *big.Int
	Raw         *types.Log // Blockchain specific contextual infos
}

const AttestationRegistryEpochCertifiedEventName = "EpochCertified"

// ContractEventName returns the user-defined event name.
func (AttestationRegistryEpochCertified) ContractEventName() string {
	return AttestationRegistryEpochCertifiedEventName
}

// UnpackEpochCertifiedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event EpochCertified(uint64 indexed epoch, bytes32 indexed digest, bytes32 resultRoot, bytes32 sampleRoot, bytes32 tableRoot, uint64 sampleCount, uint256 signed, uint256 total)
func (attestationRegistry *AttestationRegistry) UnpackEpochCertifiedEvent(log *types.Log) (*AttestationRegistryEpochCertified, error) {
	event := "EpochCertified"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != attestationRegistry.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(AttestationRegistryEpochCertified)
	if len(log.Data) > 0 {
		if err := attestationRegistry.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range attestationRegistry.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// AttestationRegistryStandingChanged represents a StandingChanged event raised by the AttestationRegistry contract.
type AttestationRegistryStandingChanged struct {
	Subject common.Address
	SpecId  [32]byte
	Epoch   uint64
	Value   uint64
	Raw     *types.Log // Blockchain specific contextual infos
}

const AttestationRegistryStandingChangedEventName = "StandingChanged"

// ContractEventName returns the user-defined event name.
func (AttestationRegistryStandingChanged) ContractEventName() string {
	return AttestationRegistryStandingChangedEventName
}

// UnpackStandingChangedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event StandingChanged(address indexed subject, bytes32 indexed specId, uint64 indexed epoch, uint64 value)
func (attestationRegistry *AttestationRegistry) UnpackStandingChangedEvent(log *types.Log) (*AttestationRegistryStandingChanged, error) {
	event := "StandingChanged"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != attestationRegistry.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(AttestationRegistryStandingChanged)
	if len(log.Data) > 0 {
		if err := attestationRegistry.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range attestationRegistry.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// UnpackError attempts to decode the provided error data using user-defined
// error definitions.
func (attestationRegistry *AttestationRegistry) UnpackError(raw []byte) (any, error) {
	if bytes.Equal(raw[:4], attestationRegistry.abi.Errors["AlreadyCertified"].ID.Bytes()[:4]) {
		return attestationRegistry.UnpackAlreadyCertifiedError(raw[4:])
	}
	if bytes.Equal(raw[:4], attestationRegistry.abi.Errors["BatchRefused"].ID.Bytes()[:4]) {
		return attestationRegistry.UnpackBatchRefusedError(raw[4:])
	}
	if bytes.Equal(raw[:4], attestationRegistry.abi.Errors["BatchesMissing"].ID.Bytes()[:4]) {
		return attestationRegistry.UnpackBatchesMissingError(raw[4:])
	}
	if bytes.Equal(raw[:4], attestationRegistry.abi.Errors["BeaconNotFixed"].ID.Bytes()[:4]) {
		return attestationRegistry.UnpackBeaconNotFixedError(raw[4:])
	}
	if bytes.Equal(raw[:4], attestationRegistry.abi.Errors["BelowQuorum"].ID.Bytes()[:4]) {
		return attestationRegistry.UnpackBelowQuorumError(raw[4:])
	}
	if bytes.Equal(raw[:4], attestationRegistry.abi.Errors["FaultRefused"].ID.Bytes()[:4]) {
		return attestationRegistry.UnpackFaultRefusedError(raw[4:])
	}
	if bytes.Equal(raw[:4], attestationRegistry.abi.Errors["NotAscending"].ID.Bytes()[:4]) {
		return attestationRegistry.UnpackNotAscendingError(raw[4:])
	}
	if bytes.Equal(raw[:4], attestationRegistry.abi.Errors["OutsideWindow"].ID.Bytes()[:4]) {
		return attestationRegistry.UnpackOutsideWindowError(raw[4:])
	}
	if bytes.Equal(raw[:4], attestationRegistry.abi.Errors["QuorumRefused"].ID.Bytes()[:4]) {
		return attestationRegistry.UnpackQuorumRefusedError(raw[4:])
	}
	if bytes.Equal(raw[:4], attestationRegistry.abi.Errors["SafeCastOverflowedUintDowncast"].ID.Bytes()[:4]) {
		return attestationRegistry.UnpackSafeCastOverflowedUintDowncastError(raw[4:])
	}
	if bytes.Equal(raw[:4], attestationRegistry.abi.Errors["SampleCountRefused"].ID.Bytes()[:4]) {
		return attestationRegistry.UnpackSampleCountRefusedError(raw[4:])
	}
	if bytes.Equal(raw[:4], attestationRegistry.abi.Errors["ScheduleRefused"].ID.Bytes()[:4]) {
		return attestationRegistry.UnpackScheduleRefusedError(raw[4:])
	}
	return nil, errors.New("Unknown error")
}

// AttestationRegistryAlreadyCertified represents a AlreadyCertified error raised by the AttestationRegistry contract.
type AttestationRegistryAlreadyCertified struct {
	Epoch uint64
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error AlreadyCertified(uint64 epoch)
func AttestationRegistryAlreadyCertifiedErrorID() common.Hash {
	return common.HexToHash("0xf76b06bb5e76bd8c033314658238164ae7f27a92891c4d026fc6d45509ee7295")
}

// UnpackAlreadyCertifiedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error AlreadyCertified(uint64 epoch)
func (attestationRegistry *AttestationRegistry) UnpackAlreadyCertifiedError(raw []byte) (*AttestationRegistryAlreadyCertified, error) {
	out := new(AttestationRegistryAlreadyCertified)
	if err := attestationRegistry.abi.UnpackIntoInterface(out, "AlreadyCertified", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// AttestationRegistryBatchRefused represents a BatchRefused error raised by the AttestationRegistry contract.
type AttestationRegistryBatchRefused struct {
	BatchId [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error BatchRefused(bytes32 batchId)
func AttestationRegistryBatchRefusedErrorID() common.Hash {
	return common.HexToHash("0xd7b20cc076cfdb560e931b38e789fcb65a0b4fd857d2face392623ef36e43373")
}

// UnpackBatchRefusedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error BatchRefused(bytes32 batchId)
func (attestationRegistry *AttestationRegistry) UnpackBatchRefusedError(raw []byte) (*AttestationRegistryBatchRefused, error) {
	out := new(AttestationRegistryBatchRefused)
	if err := attestationRegistry.abi.UnpackIntoInterface(out, "BatchRefused", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// AttestationRegistryBatchesMissing represents a BatchesMissing error raised by the AttestationRegistry contract.
type AttestationRegistryBatchesMissing struct {
	Listed   *big.Int
	Expected *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error BatchesMissing(uint256 listed, uint256 expected)
func AttestationRegistryBatchesMissingErrorID() common.Hash {
	return common.HexToHash("0x0fd7bc0badcc23255e508669303ad7211548761e00ad4e03549cb7ff11d605dd")
}

// UnpackBatchesMissingError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error BatchesMissing(uint256 listed, uint256 expected)
func (attestationRegistry *AttestationRegistry) UnpackBatchesMissingError(raw []byte) (*AttestationRegistryBatchesMissing, error) {
	out := new(AttestationRegistryBatchesMissing)
	if err := attestationRegistry.abi.UnpackIntoInterface(out, "BatchesMissing", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// AttestationRegistryBeaconNotFixed represents a BeaconNotFixed error raised by the AttestationRegistry contract.
type AttestationRegistryBeaconNotFixed struct {
	Epoch uint64
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error BeaconNotFixed(uint64 epoch)
func AttestationRegistryBeaconNotFixedErrorID() common.Hash {
	return common.HexToHash("0x7bc03581b5fa5f7ad79c18d3a97661c99bb2c0af770927680ad7518e9241881e")
}

// UnpackBeaconNotFixedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error BeaconNotFixed(uint64 epoch)
func (attestationRegistry *AttestationRegistry) UnpackBeaconNotFixedError(raw []byte) (*AttestationRegistryBeaconNotFixed, error) {
	out := new(AttestationRegistryBeaconNotFixed)
	if err := attestationRegistry.abi.UnpackIntoInterface(out, "BeaconNotFixed", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// AttestationRegistryBelowQuorum represents a BelowQuorum error raised by the AttestationRegistry contract.
type AttestationRegistryBelowQuorum struct {
	Signed *big.Int
	Total  *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error BelowQuorum(uint256 signed, uint256 total)
func AttestationRegistryBelowQuorumErrorID() common.Hash {
	return common.HexToHash("0x78a00459fc2ff11a04f2f9a3520e9b3740a69af9d1d1686717a390f003174373")
}

// UnpackBelowQuorumError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error BelowQuorum(uint256 signed, uint256 total)
func (attestationRegistry *AttestationRegistry) UnpackBelowQuorumError(raw []byte) (*AttestationRegistryBelowQuorum, error) {
	out := new(AttestationRegistryBelowQuorum)
	if err := attestationRegistry.abi.UnpackIntoInterface(out, "BelowQuorum", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// AttestationRegistryFaultRefused represents a FaultRefused error raised by the AttestationRegistry contract.
type AttestationRegistryFaultRefused struct {
	Index *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error FaultRefused(uint256 index)
func AttestationRegistryFaultRefusedErrorID() common.Hash {
	return common.HexToHash("0x2e966a362d310067d6fffa364581c0a8664d9d195786e8649fc62a7dac778d4a")
}

// UnpackFaultRefusedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error FaultRefused(uint256 index)
func (attestationRegistry *AttestationRegistry) UnpackFaultRefusedError(raw []byte) (*AttestationRegistryFaultRefused, error) {
	out := new(AttestationRegistryFaultRefused)
	if err := attestationRegistry.abi.UnpackIntoInterface(out, "FaultRefused", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// AttestationRegistryNotAscending represents a NotAscending error raised by the AttestationRegistry contract.
type AttestationRegistryNotAscending struct {
	Index *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NotAscending(uint256 index)
func AttestationRegistryNotAscendingErrorID() common.Hash {
	return common.HexToHash("0x0d4d9b8173c6a4acb0d25d60e9126a0161d71181c6cbe568325cd45e1486a19f")
}

// UnpackNotAscendingError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NotAscending(uint256 index)
func (attestationRegistry *AttestationRegistry) UnpackNotAscendingError(raw []byte) (*AttestationRegistryNotAscending, error) {
	out := new(AttestationRegistryNotAscending)
	if err := attestationRegistry.abi.UnpackIntoInterface(out, "NotAscending", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// AttestationRegistryOutsideWindow represents a OutsideWindow error raised by the AttestationRegistry contract.
type AttestationRegistryOutsideWindow struct {
	Epoch  uint64
	Opens  *big.Int
	Closes *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error OutsideWindow(uint64 epoch, uint256 opens, uint256 closes)
func AttestationRegistryOutsideWindowErrorID() common.Hash {
	return common.HexToHash("0x40ff93c5f1279a797694e3bc50ee8204e7cbecefdeee9f009596e65311e56842")
}

// UnpackOutsideWindowError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error OutsideWindow(uint64 epoch, uint256 opens, uint256 closes)
func (attestationRegistry *AttestationRegistry) UnpackOutsideWindowError(raw []byte) (*AttestationRegistryOutsideWindow, error) {
	out := new(AttestationRegistryOutsideWindow)
	if err := attestationRegistry.abi.UnpackIntoInterface(out, "OutsideWindow", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// AttestationRegistryQuorumRefused represents a QuorumRefused error raised by the AttestationRegistry contract.
type AttestationRegistryQuorumRefused struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error QuorumRefused()
func AttestationRegistryQuorumRefusedErrorID() common.Hash {
	return common.HexToHash("0xd08224d9d6d5db886a282f99224464b5264f4959b52e289d5d772d2f1aa147ea")
}

// UnpackQuorumRefusedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error QuorumRefused()
func (attestationRegistry *AttestationRegistry) UnpackQuorumRefusedError(raw []byte) (*AttestationRegistryQuorumRefused, error) {
	out := new(AttestationRegistryQuorumRefused)
	if err := attestationRegistry.abi.UnpackIntoInterface(out, "QuorumRefused", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// AttestationRegistrySafeCastOverflowedUintDowncast represents a SafeCastOverflowedUintDowncast error raised by the AttestationRegistry contract.
type AttestationRegistrySafeCastOverflowedUintDowncast struct {
	Bits  uint8
	Value *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error SafeCastOverflowedUintDowncast(uint8 bits, uint256 value)
func AttestationRegistrySafeCastOverflowedUintDowncastErrorID() common.Hash {
	return common.HexToHash("0x6dfcc6503a32754ce7a89698e18201fc5294fd4aad43edefee786f88423b1a12")
}

// UnpackSafeCastOverflowedUintDowncastError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error SafeCastOverflowedUintDowncast(uint8 bits, uint256 value)
func (attestationRegistry *AttestationRegistry) UnpackSafeCastOverflowedUintDowncastError(raw []byte) (*AttestationRegistrySafeCastOverflowedUintDowncast, error) {
	out := new(AttestationRegistrySafeCastOverflowedUintDowncast)
	if err := attestationRegistry.abi.UnpackIntoInterface(out, "SafeCastOverflowedUintDowncast", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// AttestationRegistrySampleCountRefused represents a SampleCountRefused error raised by the AttestationRegistry contract.
type AttestationRegistrySampleCountRefused struct {
	SampleCount uint64
	Expected    uint64
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error SampleCountRefused(uint64 sampleCount, uint64 expected)
func AttestationRegistrySampleCountRefusedErrorID() common.Hash {
	return common.HexToHash("0xda29f6fcc1318a20f2d5fd8f8d69e5e55e3c0e7661ecc585d8fadff41232c624")
}

// UnpackSampleCountRefusedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error SampleCountRefused(uint64 sampleCount, uint64 expected)
func (attestationRegistry *AttestationRegistry) UnpackSampleCountRefusedError(raw []byte) (*AttestationRegistrySampleCountRefused, error) {
	out := new(AttestationRegistrySampleCountRefused)
	if err := attestationRegistry.abi.UnpackIntoInterface(out, "SampleCountRefused", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// AttestationRegistryScheduleRefused represents a ScheduleRefused error raised by the AttestationRegistry contract.
type AttestationRegistryScheduleRefused struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ScheduleRefused()
func AttestationRegistryScheduleRefusedErrorID() common.Hash {
	return common.HexToHash("0x7bcfa85a58e5b1da55af1dc21837e0c47e42e72c032bdc0598ce3d971c55ea0d")
}

// UnpackScheduleRefusedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ScheduleRefused()
func (attestationRegistry *AttestationRegistry) UnpackScheduleRefusedError(raw []byte) (*AttestationRegistryScheduleRefused, error) {
	out := new(AttestationRegistryScheduleRefused)
	if err := attestationRegistry.abi.UnpackIntoInterface(out, "ScheduleRefused", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// BatchRegistryMetaData contains all meta data concerning the BatchRegistry contract.
var BatchRegistryMetaData = bind.MetaData{
	ABI: "[{\"inputs\":[{\"components\":[{\"internalType\":\"address\",\"name\":\"allocationManager\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"keyRegistrar\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"strategyManager\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"strategy\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"serviceManager\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"batchRegistry\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"operatorTable\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"attestationRegistry\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"faultManager\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"refundPool\",\"type\":\"address\"}],\"internalType\":\"structSystem\",\"name\":\"system\",\"type\":\"tuple\"},{\"components\":[{\"internalType\":\"uint64\",\"name\":\"genesis\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"epochBlocks\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"graceBlocks\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"beaconDelay\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"commitBlocks\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"revealBlocks\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"certifyBlocks\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"contestBlocks\",\"type\":\"uint64\"}],\"internalType\":\"structSchedule\",\"name\":\"schedule_\",\"type\":\"tuple\"},{\"components\":[{\"internalType\":\"uint32\",\"name\":\"ratePpm\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"kMin\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"newProviderBatches\",\"type\":\"uint32\"}],\"internalType\":\"structSamplingRate\",\"name\":\"rate\",\"type\":\"tuple\"},{\"components\":[{\"internalType\":\"uint32\",\"name\":\"detectionPpm\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"falsePositivePpm\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"collusionPpm\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"validators\",\"type\":\"uint32\"},{\"internalType\":\"uint128\",\"name\":\"reward\",\"type\":\"uint128\"},{\"internalType\":\"uint128\",\"name\":\"slash\",\"type\":\"uint128\"},{\"internalType\":\"uint128\",\"name\":\"cost\",\"type\":\"uint128\"},{\"internalType\":\"uint32\",\"name\":\"savedPpm\",\"type\":\"uint32\"}],\"internalType\":\"structEconomics\",\"name\":\"economics\",\"type\":\"tuple\"}],\"stateMutability\":\"nonpayable\",\"type\":\"constructor\"},{\"inputs\":[],\"name\":\"HISTORY\",\"outputs\":[{\"internalType\":\"address\",\"name\":\"\",\"type\":\"address\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"batchId\",\"type\":\"bytes32\"}],\"name\":\"batch\",\"outputs\":[{\"components\":[{\"internalType\":\"address\",\"name\":\"provider\",\"type\":\"address\"},{\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"},{\"internalType\":\"uint32\",\"name\":\"ratePpm\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"kMin\",\"type\":\"uint32\"},{\"internalType\":\"uint64\",\"name\":\"firstSequence\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"leafCount\",\"type\":\"uint64\"},{\"internalType\":\"bytes32\",\"name\":\"root\",\"type\":\"bytes32\"}],\"internalType\":\"structBatch\",\"name\":\"\",\"type\":\"tuple\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"}],\"name\":\"batchCount\",\"outputs\":[{\"internalType\":\"uint32\",\"name\":\"\",\"type\":\"uint32\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"provider_\",\"type\":\"address\"},{\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"}],\"name\":\"batchOf\",\"outputs\":[{\"internalType\":\"bytes32\",\"name\":\"\",\"type\":\"bytes32\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"}],\"name\":\"beacon\",\"outputs\":[{\"internalType\":\"bytes32\",\"name\":\"\",\"type\":\"bytes32\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"firstSequence\",\"type\":\"uint64\"},{\"internalType\":\"bytes32\",\"name\":\"root\",\"type\":\"bytes32\"},{\"internalType\":\"uint64\",\"name\":\"leafCount\",\"type\":\"uint64\"}],\"name\":\"commitBatch\",\"outputs\":[{\"internalType\":\"bytes32\",\"name\":\"batchId\",\"type\":\"bytes32\"}],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"},{\"internalType\":\"bytes\",\"name\":\"headerRlp\",\"type\":\"bytes\"}],\"name\":\"fixBeacon\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"batchId\",\"type\":\"bytes32\"},{\"components\":[{\"internalType\":\"address\",\"name\":\"provider\",\"type\":\"address\"},{\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"sequence\",\"type\":\"uint64\"},{\"internalType\":\"bytes32\",\"name\":\"specId\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"requestHash\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"outputHash\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"evidenceHash\",\"type\":\"bytes32\"},{\"internalType\":\"uint32\",\"name\":\"promptTokens\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"outputTokens\",\"type\":\"uint32\"},{\"internalType\":\"bytes32\",\"name\":\"clientNonce\",\"type\":\"bytes32\"},{\"internalType\":\"uint64\",\"name\":\"time\",\"type\":\"uint64\"}],\"internalType\":\"structReceipt\",\"name\":\"receipt\",\"type\":\"tuple\"},{\"internalType\":\"bytes32[]\",\"name\":\"proof\",\"type\":\"bytes32[]\"}],\"name\":\"locate\",\"outputs\":[{\"internalType\":\"uint64\",\"name\":\"leaf\",\"type\":\"uint64\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"provider_\",\"type\":\"address\"}],\"name\":\"nextSequence\",\"outputs\":[{\"internalType\":\"uint64\",\"name\":\"\",\"type\":\"uint64\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"provider_\",\"type\":\"address\"}],\"name\":\"provider\",\"outputs\":[{\"components\":[{\"internalType\":\"address\",\"name\":\"receiptKey\",\"type\":\"address\"},{\"internalType\":\"uint64\",\"name\":\"nextSequence\",\"type\":\"uint64\"},{\"internalType\":\"uint32\",\"name\":\"batches\",\"type\":\"uint32\"},{\"internalType\":\"string\",\"name\":\"url\",\"type\":\"string\"}],\"internalType\":\"structProvider\",\"name\":\"\",\"type\":\"tuple\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"receiptKey\",\"type\":\"address\"},{\"internalType\":\"string\",\"name\":\"url\",\"type\":\"string\"}],\"name\":\"registerProvider\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"batchId\",\"type\":\"bytes32\"},{\"internalType\":\"uint64\",\"name\":\"leaf\",\"type\":\"uint64\"}],\"name\":\"sampleOf\",\"outputs\":[{\"internalType\":\"bool\",\"name\":\"sampled\",\"type\":\"bool\"},{\"internalType\":\"uint64\",\"name\":\"j\",\"type\":\"uint64\"},{\"internalType\":\"bytes32\",\"name\":\"sampleId\",\"type\":\"bytes32\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"samplingRate\",\"outputs\":[{\"components\":[{\"internalType\":\"uint32\",\"name\":\"ratePpm\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"kMin\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"newProviderBatches\",\"type\":\"uint32\"}],\"internalType\":\"structSamplingRate\",\"name\":\"\",\"type\":\"tuple\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"schedule\",\"outputs\":[{\"components\":[{\"internalType\":\"uint64\",\"name\":\"genesis\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"epochBlocks\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"graceBlocks\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"beaconDelay\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"commitBlocks\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"revealBlocks\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"certifyBlocks\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"contestBlocks\",\"type\":\"uint64\"}],\"internalType\":\"structSchedule\",\"name\":\"\",\"type\":\"tuple\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"batchId\",\"type\":\"bytes32\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"provider\",\"type\":\"address\"},{\"indexed\":true,\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"},{\"indexed\":false,\"internalType\":\"uint64\",\"name\":\"firstSequence\",\"type\":\"uint64\"},{\"indexed\":false,\"internalType\":\"bytes32\",\"name\":\"root\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"uint64\",\"name\":\"leafCount\",\"type\":\"uint64\"},{\"indexed\":false,\"internalType\":\"uint32\",\"name\":\"ratePpm\",\"type\":\"uint32\"},{\"indexed\":false,\"internalType\":\"uint32\",\"name\":\"kMin\",\"type\":\"uint32\"}],\"name\":\"BatchCommitted\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"},{\"indexed\":true,\"internalType\":\"uint256\",\"name\":\"blockNumber\",\"type\":\"uint256\"},{\"indexed\":false,\"internalType\":\"bytes32\",\"name\":\"beacon\",\"type\":\"bytes32\"}],\"name\":\"BeaconFixed\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"address\",\"name\":\"provider\",\"type\":\"address\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"receiptKey\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"string\",\"name\":\"url\",\"type\":\"string\"}],\"name\":\"ProviderRegistered\",\"type\":\"event\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"batchId\",\"type\":\"bytes32\"}],\"name\":\"AlreadyCommitted\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"}],\"name\":\"BeaconAlreadyFixed\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"blockNumber\",\"type\":\"uint256\"}],\"name\":\"BlockHashUnknown\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"expectedLoss\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"gain\",\"type\":\"uint256\"}],\"name\":\"CheatingPays\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"HeaderInvalid\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"expectedLoss\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"gain\",\"type\":\"uint256\"}],\"name\":\"HonestyDoesNotPay\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"leafCount\",\"type\":\"uint64\"}],\"name\":\"LeafCountRefused\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"NoRandomness\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"firstSequence\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"expected\",\"type\":\"uint64\"}],\"name\":\"NotContiguous\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"caller\",\"type\":\"address\"}],\"name\":\"NotInOperatorSet\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"caller\",\"type\":\"address\"}],\"name\":\"NotRegistered\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"},{\"internalType\":\"uint256\",\"name\":\"start\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"close\",\"type\":\"uint256\"}],\"name\":\"OutsideEpoch\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint32\",\"name\":\"ratePpm\",\"type\":\"uint32\"}],\"name\":\"RateRefused\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"receiptKey\",\"type\":\"address\"}],\"name\":\"ReceiptKeyRefused\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"batchId\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"receiptHash\",\"type\":\"bytes32\"}],\"name\":\"ReceiptNotInBatch\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"ScheduleRefused\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"headerHash\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"blockHash\",\"type\":\"bytes32\"}],\"name\":\"WrongHeader\",\"type\":\"error\"}]",
	ID:  "3cbc539acdb91d34fc4c341b5eb750035a",
	Bin: "0x610240604052346106f75760405161308638819003601f8101601f191683016001600160401b038111848210176106fb57839282916040528339810103906103a082126106f75761014082126106f7576040519061014082016001600160401b038111838210176106fb576040526100768161072f565b82526100846020820161072f565b60208301526100956040820161072f565b60408301526100a66060820161072f565b60608301526100b76080820161072f565b60808301526100c860a0820161072f565b60a08301526100d960c0820161072f565b60c08301526100ea60e0820161072f565b60e08301526100fc610100820161072f565b61010083015261010f610120820161072f565b61012083015261010061013f198401126106f75761012b61070f565b6101386101408301610743565b81526101476101608301610743565b60208201526101596101808301610743565b604082015261016b6101a08301610743565b606082015261017d6101c08301610743565b608082015261018f6101e08301610743565b60a08201526101a16102008301610743565b60c08201526101b36102208301610743565b60e0820152606061023f198501126106f7576040519360608501906001600160401b038211868310176106fb57610100916040526101f46102408501610757565b86526102036102608501610757565b60208701526102156102808501610757565b604087015261029f1901126106f7576102b461038061023261070f565b936102406102a08201610757565b855261024f6102c08201610757565b60208601526102616102e08201610757565b60408601526102736103008201610757565b60608601526102856103208201610768565b60808601526102976103408201610768565b60a08601526102a96103608201610768565b60c086015201610757565b60e083015260208101516001600160401b03161515806106e1575b806106cb575b806106b5575b8061069f575b156106905780516001600160401b0390811660809081526020830151821660a09081526040840151831660c09081526060850151841660e09081529285015184166101005290840151831661012052830151821661014052909101511661016052825163ffffffff16620f4240811161067e5750825163ffffffff16925f92620f42405b63ffffffff606085015116851080610674575b156103d8576103929063ffffffff6040860151169061077c565b620f42408101908181116103c457620f423f019081116103c457620f42409004935f1981146103c45760010193610365565b634e487b7160e01b5f52601160045260245ffd5b858491620f424081105f1461066c57620f424003620f424081116103c457905b608083015160a08401516001600160801b0391821691168101929083106103c45761043b83610436620f42409361043663ffffffff8951168761077c565b61077c565b0461045d63ffffffff60e08601511660018060801b0360c0870151169061077c565b90620f4240820291808304620f424014811517156103c45781600a0290600a820483036103c45762a7d8c00290600b820484036103c4571115610657575050906104366104b59263ffffffff6020860151169061077c565b608082015160c09092015190916001600160801b0391821691168181111561064e57036001600160801b0381116103c45760018060801b0316620f4240810290808204620f424014811517156103c45764e8d4a510000290808204620f424014901517156103c457905b80600b02600b810482036103c45782600a0290600a820484036103c45710156106395782516001600160a01b039081166101805261010084015181166101a0526080840151166101c052835163ffffffff9081166101e052602085015181166102005260408581015190911661022052516128f69081610790823960805181612415015260a05181612442015260c05181612472015260e051816124a2015261010051816124d2015261012051816125020152610140518161253201526101605181612562015261018051816126de01526101a0518161095701526101c0518161264301526101e0518181816108e80152610caf01526102005181818161052a0152610cde0152610220518181816104c20152610d050152f35b631cf5ff6d60e11b5f5260045260245260445ffd5b50505f9061051f565b6346b85eed60e11b5f5260045260245260445ffd5b505f906103f8565b5060208510610378565b635a5e8b9160e11b5f5260045260245ffd5b633de7d42d60e11b5f5260045ffd5b5060c08101516001600160401b031615156102e1565b5060a08101516001600160401b031615156102db565b5060808101516001600160401b031615156102d5565b5060608101516001600160401b031615156102cf565b5f80fd5b634e487b7160e01b5f52604160045260245ffd5b6040519061010082016001600160401b038111838210176106fb57604052565b51906001600160a01b03821682036106f757565b51906001600160401b03821682036106f757565b519063ffffffff821682036106f757565b51906001600160801b03821682036106f757565b818102929181159184041417156103c45756fe60806040526004361015610011575f80fd5b5f3560e01c80630e3a6464146114895780634cf842b5146114385780635b20cc5b1461116b578063627bfecc14610d7c57806380a3fa8714610d3d578063813e39c014610c70578063989a331714610c375780639a58df5914610bf05780639ae1fd6d14610b8f578063adf54cce14610b63578063b0604a2614610ad8578063d487e27a146103b1578063fbaf094a146101c05763fddaa065146100b3575f80fd5b346101bc5760206003193601126101bc575f60c06040516100d381611ecf565b8281528260208201528260408201528260608201528260808201528260a082015201526004355f52600160205260e060405f2060405161011281611ecf565b67ffffffffffffffff60028184549463ffffffff858173ffffffffffffffffffffffffffffffffffffffff8916988983528560208401818360a01c16815260408501928d1c835260c06001880154998a988460a060608a0199898d168b5282608082019d60201c168d52019c60601c168c5201549b019a8b526040519b8c52511660208b0152511660408901525116606087015251166080850152511660a08301525160c0820152f35b5f80fd5b346101bc5760206003193601126101bc5773ffffffffffffffffffffffffffffffffffffffff6101ee611eac565b6060806040516101fd81611f07565b5f81525f60208201525f60408201520152165f525f60205260405f206040519061022682611f07565b805473ffffffffffffffffffffffffffffffffffffffff811683526001602084019267ffffffffffffffff8360a01c168452604085019260e01c83520191604051925f9080549061027682611ff1565b80875291600181169081156103705750600114610333575b73ffffffffffffffffffffffffffffffffffffffff60c0887fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f60208b63ffffffff8c67ffffffffffffffff8d6102e8858f0386611f40565b606089019485526040519a8b99878b525116868a015251166040880152511660608601525160808086015280519182918260a0880152018686015e5f85828601015201168101030190f35b5f908152602081209092505b81831061035657505083016020908101908461028e565b6001816020929493945483858a010152019101919061033f565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff001660208089019190915292151560051b87018301935086915061028e9050565b346101bc5760806003193601126101bc576103ca611e39565b6103d2611e67565b604435906103de611e50565b90335f525f60205260405f209283549473ffffffffffffffffffffffffffffffffffffffff861615610aac5761041261260f565b61041a6123f5565b6104248282612823565b4310159081610a98575b6104428361043c8184612823565b9261284e565b9115610a5c57505067ffffffffffffffff1692835f52600260205260405f2073ffffffffffffffffffffffffffffffffffffffff33165f5260205260405f205480610a31575067ffffffffffffffff808760a01c16931692808403610a02575067ffffffffffffffff1694851515806109f3575b156109c75763ffffffff7f0000000000000000000000000000000000000000000000000000000000000000169060e01c10801561090d575b156108e657620f4240935b6040519561050687611ecf565b338752602087019585875263ffffffff6040890191168152606088019263ffffffff7f0000000000000000000000000000000000000000000000000000000000000000168452608089019186835260a08a0199848b5260c0810199878b5260405160208101907f471f8236ec53b4da6e71a94dc9705d667ef423739b7bcaf59d8e980967080c0f82524660408201523060608201523360808201528b60a08201528a60c08201528960e08201528761010082015261010081526105cb61012082611f40565b5190209a868a019567ffffffffffffffff87116108b95760209d61072467ffffffffffffffff8f956002966106ab8b61065263ffffffff9e8f9e907fffffffff0000000000000000ffffffffffffffffffffffffffffffffffffffff7bffffffffffffffff000000000000000000000000000000000000000083549260a01b169116179055565b61065f815460e01c6123de565b7bffffffffffffffffffffffffffffffffffffffffffffffffffffffff7fffffffff0000000000000000000000000000000000000000000000000000000083549260e01b169116179055565b5f9081526001602052604090209751885491517fffffffff0000000000000000000000000000000000000000000000000000000090921673ffffffffffffffffffffffffffffffffffffffff9190911617911660a01b7bffffffffffffffff000000000000000000000000000000000000000016178655565b855185547bffffffffffffffffffffffffffffffffffffffffffffffffffffffff1690881660e01b7fffffffff0000000000000000000000000000000000000000000000000000000016178555600185019187808c5116167fffffffffffffffffffffffffffffffffffffffffffffffffffffffff0000000084541617835551907fffffffffffffffffffffffff00000000000000000000000000000000ffffffff6bffffffffffffffff0000000073ffffffffffffffff0000000000000000000000008554935160601b169360201b1691161717905551910155875f5260028a5260405f2073ffffffffffffffffffffffffffffffffffffffff33165f528a528860405f2055875f5260038a5260405f2082610843818354166123de565b167fffffffffffffffffffffffffffffffffffffffffffffffffffffffff0000000082541617905551169251169260405194855287850152604084015260608301526080820152827f756d8791245c4e0d487a7aa92eb5263ed7a6c25779755e99b6bf3805dea740bd60a03393a4604051908152f35b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601160045260245ffd5b7f0000000000000000000000000000000000000000000000000000000000000000936104f9565b506040517f7043e5dd00000000000000000000000000000000000000000000000000000000815233600482015260208160248173ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000165afa9081156109bc575f9161098d575b506104ee565b6109af915060203d6020116109b5575b6109a78183611f40565b8101906123c6565b86610987565b503d61099d565b6040513d5f823e3d90fd5b857fd82881d9000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b506401000000008611156104b6565b837f3f7c9b63000000000000000000000000000000000000000000000000000000005f5260045260245260445ffd5b7fd297b6c5000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b67ffffffffffffffff837f9086a0a5000000000000000000000000000000000000000000000000000000005f521660045260245260445260645ffd5b9050610aa4828261284e565b43109061042e565b7fbfc6c337000000000000000000000000000000000000000000000000000000005f523360045260245ffd5b346101bc575f6003193601126101bc57610af061238a565b50610100610afc6123f5565b67ffffffffffffffff60e0604051928281511684528260208201511660208501528260408201511660408501528260608201511660608501528260808201511660808501528260a08201511660a08501528260c08201511660c085015201511660e0820152f35b346101bc575f6003193601126101bc57602060405171f90827f1c53a10cb7a02335b1753200029358152f35b346101bc5760406003193601126101bc57610ba8611eac565b67ffffffffffffffff610bb9611e67565b165f52600260205273ffffffffffffffffffffffffffffffffffffffff60405f2091165f52602052602060405f2054604051908152f35b346101bc5760406003193601126101bc57606067ffffffffffffffff610c1f610c17611e67565b600435612090565b91929060405193151584521660208301526040820152f35b346101bc5760206003193601126101bc5767ffffffffffffffff610c59611e39565b165f526004602052602060405f2054604051908152f35b346101bc575f6003193601126101bc575f60408051610c8e81611eeb565b82815282602082015201526060604051610ca781611eeb565b63ffffffff807f000000000000000000000000000000000000000000000000000000000000000016918281528160406020830192827f00000000000000000000000000000000000000000000000000000000000000001684520191817f00000000000000000000000000000000000000000000000000000000000000001683526040519485525116602084015251166040820152f35b346101bc5760206003193601126101bc5767ffffffffffffffff610d5f611e39565b165f526003602052602063ffffffff60405f205416604051908152f35b346101bc576101a06003193601126101bc576004356101607fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffdc3601126101bc576101843567ffffffffffffffff81116101bc57366023820112156101bc5780600401359067ffffffffffffffff82116101bc573660248360051b830101116101bc57825f52600160205260405f209260405190610e1882611ecf565b845473ffffffffffffffffffffffffffffffffffffffff81168352602083019067ffffffffffffffff8160a01c16825260e01c604084015260018601549563ffffffff871660608501526002608085019167ffffffffffffffff8960201c16835267ffffffffffffffff60a087019960601c16895201549160c0850192835260405160208101907f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f82527fa4255a1609c56a9ad63b90eca2db9202c46f4c4f0bfe330253c00b888dbc27c560408201527fc89efdaa54c0f20c7adf612882df0950f5a951637e0307cdcb4c672f298b8bc660608201524660808201523060a082015260a08152610f2960c082611f40565b5190206040519160208301917f88d3a7592e4152a27e4d7bcdd2f38df89ee57d29736ae8a88768f3b33a34890983526024359373ffffffffffffffffffffffffffffffffffffffff85168095036101bc578460408201526044359167ffffffffffffffff8316948584036101bc5785606084015267ffffffffffffffff610fae611e50565b16608084015260843560a084015260a43560c084015260c43560e084015260e4356101008401526101043563ffffffff81168091036101bc576101208401526101243563ffffffff81168091036101bc5761014084015261014435610160840152610164359267ffffffffffffffff84168094036101bc5773ffffffffffffffffffffffffffffffffffffffff9361018082015261018081526110536101a082611f40565b5190206040519060208201927f19010000000000000000000000000000000000000000000000000000000000008452602283015260428201526042815261109b606282611f40565b5190209851168015159485611161575b50508361114a575b505050848482611125575b6110c792612059565b67ffffffffffffffff806110d9612042565b9251169116039467ffffffffffffffff86116108b95760209660249661111d968667ffffffffffffffff8061111897519551169316998a920193612771565b612059565b604051908152f35b6110c79250611132612042565b67ffffffffffffffff808651169116101592506110be565b505167ffffffffffffffff161490508880806110b3565b1493508b806110ab565b346101bc5760406003193601126101bc57611184611eac565b60243567ffffffffffffffff81116101bc576111a4903690600401611e7e565b6111af92919261260f565b335f525f60205260405f2073ffffffffffffffffffffffffffffffffffffffff808254169316928315159081611419575b50156113ed5780547fffffffffffffffffffffffff000000000000000000000000000000000000000016831781556001019267ffffffffffffffff82116113c05761122b8454611ff1565b601f811161137b575b505f93601f83116001146112da57827f37de90e6ee0be8270a038b0088a269059424e2a8720258417412c709a8fc1b0f9394955f916112cf575b508460011b905f198660031b1c19161790555b82604051916020835281602084015260408301375f604084830101526040817fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f339601168101030190a3005b90508201358661126e565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0831694815f5260205f20905f5b8781106113635750847f37de90e6ee0be8270a038b0088a269059424e2a8720258417412c709a8fc1b0f9596971061134a575b5050600184811b019055611281565b5f1960f88760031b161c1990840135169055858061133b565b90916020600181928588013581550193019101611308565b845f5260205f20601f840160051c810191602085106113b6575b601f0160051c01905b8181106113ab5750611234565b5f815560010161139e565b9091508190611395565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b827f5d897c8e000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b905083811591821561142e575b5050856111e0565b1490508386611426565b346101bc5760206003193601126101bc5773ffffffffffffffffffffffffffffffffffffffff611466611eac565b165f525f602052602067ffffffffffffffff60405f205460a01c16604051908152f35b346101bc5760406003193601126101bc576114a2611e39565b60243567ffffffffffffffff81116101bc576114c2903690600401611e7e565b909167ffffffffffffffff811690815f52600460205260405f2054611e0d5761150c9067ffffffffffffffff60606115026114fb6123f5565b938461284e565b920151169061258a565b9161151983438110612597565b82408015611d74575b61152e84821515612597565b8061153a368488611fbb565b602081519101201461154d368488611fbb565b602081519101209015611d465750505f925f925f935f841561170b578415611b3b5760c0883560f81c908110801592916080811015611a95575050506001865b86611598838a61258a565b11611a6d575085908783611a59575b5050501561170b575f945b848110156119a8575f966115c782878b6125e2565b3560f81c9760c08910801599608081105f146117db57505050600191975b866115f0848b61258a565b1161170b5761170b5760088703611774575080151580611769575b80611733575b1561170b5761162b611623828961258a565b88878b6125ca565b90357fffffffffffffffff000000000000000000000000000000000000000000000000811691600881106116d6575b50507f1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff821682036108b9578160031b60400391604083116108b9576116d0927fffffffffffffffff0000000000000000000000000000000000000000000000006116ca9316901c60c01c9861258a565b95612601565b946115b2565b7fffffffffffffffff0000000000000000000000000000000000000000000000009250829060080360031b1b1616898061165a565b7fc0ca1272000000000000000000000000000000000000000000000000000000005f5260045ffd5b507fff0000000000000000000000000000000000000000000000000000000000000061176088878b6125e2565b35161515611611565b50600881111561160b565b96600d871461178b575b6116d0916116ca9161258a565b91506020810361170b57602082018083116108b9576116d0916117b36116ca9285898d6125ca565b903590602081106117ca575b50939150915061177e565b5f199060200360031b1b168b6117bf565b9199909390918215611978577fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff4081019081116108b957995b60378b116118795750600181018091116108b9578993819a8161186e575b5061183d575b506115e5565b8781109081611853575b501561170b578a611837565b6080915061186290898d6125e2565b3560f81c10158b611847565b60019150148c611831565b93507fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc98a01998a116108b95760018101809111806108b9576118bb8b8361258a565b9a898c1115908161196c575b5080611933575b1561170b576108b9575b878b8b831061191457505050603783116115e5577fc0ca1272000000000000000000000000000000000000000000000000000000005f5260045ffd5b826001939692611923926125e2565b3560f81c9060081b1793016118d8565b50508a7fff00000000000000000000000000000000000000000000000000000000000000611963838b5f946125e2565b351615156118ce565b6008915011158d6118c7565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8081019081116108b95799611813565b5085600e86111561170b5767ffffffffffffffff84911603611a2c578015611a045760207f1c8274d7e58ab1fccd292f7f88c57485568d0d7dbe02e2cf61663baed28df3e391835f52600482528060405f2055604051908152a3005b7f70d05c98000000000000000000000000000000000000000000000000000000005f5260045ffd5b7f4e487b71000000000000000000000000000000000000000000000000000000005f52600160045260245ffd5b611a6492935061258a565b148489806115a7565b807fc0ca12720000000000000000000000000000000000000000000000000000000060049252fd5b919790918315611d16577fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff4081019081116108b957975b60378911611b9f575080611b725787916001809982611b68575b5050611af1575b61158d565b86881080611b26575b611aec577fc0ca1272000000000000000000000000000000000000000000000000000000005f5260045ffd5b15611b3b576080888b013560f81c1015611afa565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52603260045260245ffd5b149050888c611ae5565b807f4e487b7100000000000000000000000000000000000000000000000000000000602492526011600452fd5b9150507fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc98701968088116108b9577fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffca5f9101806001116108b9578098888211159081611d0a575b5080611cce575b15611ca65781611c79576001905b888c828410611c5857505050506037821161158d577fc0ca1272000000000000000000000000000000000000000000000000000000005f5260045ffd5b83600193949692611c68926125e2565b3560f81c9060081b17930190611c1b565b6024827f4e487b710000000000000000000000000000000000000000000000000000000081526011600452fd5b6004827fc0ca1272000000000000000000000000000000000000000000000000000000008152fd5b5090505f908760011015611b3b577fff0000000000000000000000000000000000000000000000000000000000000060018c0135161515611c0d565b6008915011158c611c06565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8081019081116108b95797611acb565b7f340b3b5e000000000000000000000000000000000000000000000000000000005f5260045260245260445ffd5b5f80604051602081019087825260208152611d90604082611f40565b519071f90827f1c53a10cb7a02335b1753200029355afa3d15611e05573d90611db882611f81565b91611dc66040519384611f40565b82523d5f602084013e5b80611dfa575b611de1575b50611522565b90506020818051810103126101bc576020015185611ddb565b506020815114611dd6565b606090611dd0565b507f5ad04715000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b6004359067ffffffffffffffff821682036101bc57565b6064359067ffffffffffffffff821682036101bc57565b6024359067ffffffffffffffff821682036101bc57565b9181601f840112156101bc5782359167ffffffffffffffff83116101bc57602083818601950101116101bc57565b6004359073ffffffffffffffffffffffffffffffffffffffff821682036101bc57565b60e0810190811067ffffffffffffffff8211176113c057604052565b6060810190811067ffffffffffffffff8211176113c057604052565b6080810190811067ffffffffffffffff8211176113c057604052565b610100810190811067ffffffffffffffff8211176113c057604052565b90601f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0910116810190811067ffffffffffffffff8211176113c057604052565b67ffffffffffffffff81116113c057601f017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe01660200190565b929192611fc782611f81565b91611fd56040519384611f40565b8294818452818301116101bc578281602093845f960137010152565b90600182811c92168015612038575b602083101461200b57565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52602260045260245ffd5b91607f1691612000565b60643567ffffffffffffffff811681036101bc5790565b15612062575050565b7f12301738000000000000000000000000000000000000000000000000000000005f5260045260245260445ffd5b91825f52600160205260405f2092604051936120ab85611ecf565b80549073ffffffffffffffffffffffffffffffffffffffff8216865267ffffffffffffffff8260a01c169560208101878152604082019360e01c84526001830154976002606084019463ffffffff8b16865267ffffffffffffffff8b60201c16608086015267ffffffffffffffff60a086019b60601c168b52015460c08401525f52600460205273ffffffffffffffffffffffffffffffffffffffff60405f2054925116158015612382575b8015612363575b6123535767ffffffffffffffff905116906040519060208201927f08647ef34b1db1bb682694c754f7ba778d33a9a56adca25a236fcdacb064eee2845246604084015230606084015260808301528560a083015260c082015260c081526121c660e082611f40565b5190209167ffffffffffffffff875116600196878211975b8880612312575b156121f8576121f390612601565b6121de565b9596975067ffffffffffffffff90949293941694612217868285612890565b925b828410156122fc5750505063ffffffff8067ffffffffffffffff80612249941699511693511693511692826125ee565b91620f423f83018093116108b957620f424067ffffffffffffffff9304908082106122f4575b50818110156122ee57829150165b168410156122e3576040519060208201927f21bb2801c15ef5ccf6129c5375e0a62ee433b4134385041d7e8a739e50c78bd38452604083015267ffffffffffffffff851660608301526080820152608081526122da60a082611f40565b51902060019291565b505f92508291829150565b5061227d565b90505f61226f565b90919261230a908383612890565b929190612219565b505f1983018381116108b9577f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff821682036108b9578160011b1c15156121e5565b50505050509150505f905f905f90565b5067ffffffffffffffff88511667ffffffffffffffff8816101561215e565b508115612157565b6040519061239782611f23565b5f60e0838281528260208201528260408201528260608201528260808201528260a08201528260c08201520152565b908160209103126101bc575180151581036101bc5790565b63ffffffff1663ffffffff81146108b95760010190565b6123fd61238a565b5060405161240a81611f23565b67ffffffffffffffff7f000000000000000000000000000000000000000000000000000000000000000016815267ffffffffffffffff7f000000000000000000000000000000000000000000000000000000000000000016602082015267ffffffffffffffff7f000000000000000000000000000000000000000000000000000000000000000016604082015267ffffffffffffffff7f000000000000000000000000000000000000000000000000000000000000000016606082015267ffffffffffffffff7f000000000000000000000000000000000000000000000000000000000000000016608082015267ffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001660a082015267ffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001660c082015267ffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001660e082015290565b919082018092116108b957565b1561259f5750565b7f3772c517000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b909392938483116101bc5784116101bc578101920390565b90821015611b3b570190565b818102929181159184041417156108b957565b5f1981146108b95760010190565b6040516040810181811067ffffffffffffffff8211176113c05760405273ffffffffffffffffffffffffffffffffffffffff7f000000000000000000000000000000000000000000000000000000000000000016815263ffffffff602082015f815273ffffffffffffffffffffffffffffffffffffffff604051937f670d3ba2000000000000000000000000000000000000000000000000000000008552336004860152511660248401525116604482015260208160648173ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000165afa9081156109bc575f91612742575b501561271657565b7f2e69dbdc000000000000000000000000000000000000000000000000000000005f523360045260245ffd5b61275b915060203d6020116109b5576109a78183611f40565b5f61270e565b9190811015611b3b5760051b0190565b949392808310908115916127fb575b506127f2575f809392935360015260215f20925f905b8082106127a557505050501490565b90919293600190818616155f146127d8576127cc906127c5858588612761565b3590612876565b94811c93920190612796565b6127ed906127e7858588612761565b35612876565b6127cc565b50505050505f90565b5f91505b6001821b811161281357508414155f612780565b9061281d90612601565b906127ff565b61284561284b9267ffffffffffffffff806020818651169501511691166125ee565b9061258a565b90565b67ffffffffffffffff604061150261286961284b9585612823565b836020860151169061258a565b91906040519260015f5360015260215260415f2091604052565b91906001811b925f1984019384116108b957928083831c931693600691825b6128bb575050501b1790565b909193945f1985018581116108b957829060405190855f526020528760405260605f209060405216189380156108b9575f19019190826128af56",
}

// BatchRegistry is an auto generated Go binding around an Ethereum contract.
type BatchRegistry struct {
	abi abi.ABI
}

// GetABI returns the ABI associated with this contract binding.
func (c *BatchRegistry) GetABI() abi.ABI {
	return c.abi
}

// NewBatchRegistry creates a new instance of BatchRegistry.
func NewBatchRegistry() *BatchRegistry {
	parsed, err := BatchRegistryMetaData.ParseABI()
	if err != nil {
		panic(errors.New("invalid ABI: " + err.Error()))
	}
	return &BatchRegistry{abi: *parsed}
}

// Instance creates a wrapper for a deployed contract instance at the given address.
// Use this to create the instance object passed to abigen v2 library functions Call, Transact, etc.
func (c *BatchRegistry) Instance(backend bind.ContractBackend, addr common.Address) *bind.BoundContract {
	return bind.NewBoundContract(addr, c.abi, backend, backend, backend)
}

// PackConstructor is the Go binding used to pack the parameters required for
// contract deployment.
//
// Solidity: constructor((address,address,address,address,address,address,address,address,address,address) system, (uint64,uint64,uint64,uint64,uint64,uint64,uint64,uint64) schedule_, (uint32,uint32,uint32) rate, (uint32,uint32,uint32,uint32,uint128,uint128,uint128,uint32) economics) returns()
func (batchRegistry *BatchRegistry) PackConstructor(system System, schedule_ Schedule, rate SamplingRate, economics Economics) []byte {
	enc, err := batchRegistry.abi.Pack("", system, schedule_, rate, economics)
	if err != nil {
		panic(err)
	}
	return enc
}

// PackHISTORY is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xadf54cce.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function HISTORY() view returns(address)
func (batchRegistry *BatchRegistry) PackHISTORY() []byte {
	enc, err := batchRegistry.abi.Pack("HISTORY")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackHISTORY is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xadf54cce.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function HISTORY() view returns(address)
func (batchRegistry *BatchRegistry) TryPackHISTORY() ([]byte, error) {
	return batchRegistry.abi.Pack("HISTORY")
}

// UnpackHISTORY is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xadf54cce.
//
// Solidity: function HISTORY() view returns(address)
func (batchRegistry *BatchRegistry) UnpackHISTORY(data []byte) (common.Address, error) {
	out, err := batchRegistry.abi.Unpack("HISTORY", data)
	if err != nil {
		return *new(common.Address), err
	}
	out0 := *abi.ConvertType(out[0], new(common.Address)).(*common.Address)
	return out0, nil
}

// PackBatch is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xfddaa065.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function batch(bytes32 batchId) view returns((address,uint64,uint32,uint32,uint64,uint64,bytes32))
func (batchRegistry *BatchRegistry) PackBatch(batchId [32]byte) []byte {
	enc, err := batchRegistry.abi.Pack("batch", batchId)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackBatch is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xfddaa065.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function batch(bytes32 batchId) view returns((address,uint64,uint32,uint32,uint64,uint64,bytes32))
func (batchRegistry *BatchRegistry) TryPackBatch(batchId [32]byte) ([]byte, error) {
	return batchRegistry.abi.Pack("batch", batchId)
}

// UnpackBatch is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xfddaa065.
//
// Solidity: function batch(bytes32 batchId) view returns((address,uint64,uint32,uint32,uint64,uint64,bytes32))
func (batchRegistry *BatchRegistry) UnpackBatch(data []byte) (Batch, error) {
	out, err := batchRegistry.abi.Unpack("batch", data)
	if err != nil {
		return *new(Batch), err
	}
	out0 := *abi.ConvertType(out[0], new(Batch)).(*Batch)
	return out0, nil
}

// PackBatchCount is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x80a3fa87.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function batchCount(uint64 epoch) view returns(uint32)
func (batchRegistry *BatchRegistry) PackBatchCount(epoch uint64) []byte {
	enc, err := batchRegistry.abi.Pack("batchCount", epoch)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackBatchCount is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x80a3fa87.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function batchCount(uint64 epoch) view returns(uint32)
func (batchRegistry *BatchRegistry) TryPackBatchCount(epoch uint64) ([]byte, error) {
	return batchRegistry.abi.Pack("batchCount", epoch)
}

// UnpackBatchCount is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x80a3fa87.
//
// Solidity: function batchCount(uint64 epoch) view returns(uint32)
func (batchRegistry *BatchRegistry) UnpackBatchCount(data []byte) (uint32, error) {
	out, err := batchRegistry.abi.Unpack("batchCount", data)
	if err != nil {
		return *new(uint32), err
	}
	out0 := *abi.ConvertType(out[0], new(uint32)).(*uint32)
	return out0, nil
}

// PackBatchOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x9ae1fd6d.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function batchOf(address provider_, uint64 epoch) view returns(bytes32)
func (batchRegistry *BatchRegistry) PackBatchOf(provider common.Address, epoch uint64) []byte {
	enc, err := batchRegistry.abi.Pack("batchOf", provider, epoch)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackBatchOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x9ae1fd6d.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function batchOf(address provider_, uint64 epoch) view returns(bytes32)
func (batchRegistry *BatchRegistry) TryPackBatchOf(provider common.Address, epoch uint64) ([]byte, error) {
	return batchRegistry.abi.Pack("batchOf", provider, epoch)
}

// UnpackBatchOf is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x9ae1fd6d.
//
// Solidity: function batchOf(address provider_, uint64 epoch) view returns(bytes32)
func (batchRegistry *BatchRegistry) UnpackBatchOf(data []byte) ([32]byte, error) {
	out, err := batchRegistry.abi.Unpack("batchOf", data)
	if err != nil {
		return *new([32]byte), err
	}
	out0 := *abi.ConvertType(out[0], new([32]byte)).(*[32]byte)
	return out0, nil
}

// PackBeacon is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x989a3317.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function beacon(uint64 epoch) view returns(bytes32)
func (batchRegistry *BatchRegistry) PackBeacon(epoch uint64) []byte {
	enc, err := batchRegistry.abi.Pack("beacon", epoch)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackBeacon is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x989a3317.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function beacon(uint64 epoch) view returns(bytes32)
func (batchRegistry *BatchRegistry) TryPackBeacon(epoch uint64) ([]byte, error) {
	return batchRegistry.abi.Pack("beacon", epoch)
}

// UnpackBeacon is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x989a3317.
//
// Solidity: function beacon(uint64 epoch) view returns(bytes32)
func (batchRegistry *BatchRegistry) UnpackBeacon(data []byte) ([32]byte, error) {
	out, err := batchRegistry.abi.Unpack("beacon", data)
	if err != nil {
		return *new([32]byte), err
	}
	out0 := *abi.ConvertType(out[0], new([32]byte)).(*[32]byte)
	return out0, nil
}

// PackCommitBatch is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xd487e27a.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function commitBatch(uint64 epoch, uint64 firstSequence, bytes32 root, uint64 leafCount) returns(bytes32 batchId)
func (batchRegistry *BatchRegistry) PackCommitBatch(epoch uint64, firstSequence uint64, root [32]byte, leafCount uint64) []byte {
	enc, err := batchRegistry.abi.Pack("commitBatch", epoch, firstSequence, root, leafCount)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackCommitBatch is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xd487e27a.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function commitBatch(uint64 epoch, uint64 firstSequence, bytes32 root, uint64 leafCount) returns(bytes32 batchId)
func (batchRegistry *BatchRegistry) TryPackCommitBatch(epoch uint64, firstSequence uint64, root [32]byte, leafCount uint64) ([]byte, error) {
	return batchRegistry.abi.Pack("commitBatch", epoch, firstSequence, root, leafCount)
}

// UnpackCommitBatch is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xd487e27a.
//
// Solidity: function commitBatch(uint64 epoch, uint64 firstSequence, bytes32 root, uint64 leafCount) returns(bytes32 batchId)
func (batchRegistry *BatchRegistry) UnpackCommitBatch(data []byte) ([32]byte, error) {
	out, err := batchRegistry.abi.Unpack("commitBatch", data)
	if err != nil {
		return *new([32]byte), err
	}
	out0 := *abi.ConvertType(out[0], new([32]byte)).(*[32]byte)
	return out0, nil
}

// PackFixBeacon is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x0e3a6464.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function fixBeacon(uint64 epoch, bytes headerRlp) returns()
func (batchRegistry *BatchRegistry) PackFixBeacon(epoch uint64, headerRlp []byte) []byte {
	enc, err := batchRegistry.abi.Pack("fixBeacon", epoch, headerRlp)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackFixBeacon is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x0e3a6464.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function fixBeacon(uint64 epoch, bytes headerRlp) returns()
func (batchRegistry *BatchRegistry) TryPackFixBeacon(epoch uint64, headerRlp []byte) ([]byte, error) {
	return batchRegistry.abi.Pack("fixBeacon", epoch, headerRlp)
}

// PackLocate is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x627bfecc.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function locate(bytes32 batchId, (address,uint64,uint64,bytes32,bytes32,bytes32,bytes32,uint32,uint32,bytes32,uint64) receipt, bytes32[] proof) view returns(uint64 leaf)
func (batchRegistry *BatchRegistry) PackLocate(batchId [32]byte, receipt Receipt, proof [][32]byte) []byte {
	enc, err := batchRegistry.abi.Pack("locate", batchId, receipt, proof)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackLocate is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x627bfecc.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function locate(bytes32 batchId, (address,uint64,uint64,bytes32,bytes32,bytes32,bytes32,uint32,uint32,bytes32,uint64) receipt, bytes32[] proof) view returns(uint64 leaf)
func (batchRegistry *BatchRegistry) TryPackLocate(batchId [32]byte, receipt Receipt, proof [][32]byte) ([]byte, error) {
	return batchRegistry.abi.Pack("locate", batchId, receipt, proof)
}

// UnpackLocate is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x627bfecc.
//
// Solidity: function locate(bytes32 batchId, (address,uint64,uint64,bytes32,bytes32,bytes32,bytes32,uint32,uint32,bytes32,uint64) receipt, bytes32[] proof) view returns(uint64 leaf)
func (batchRegistry *BatchRegistry) UnpackLocate(data []byte) (uint64, error) {
	out, err := batchRegistry.abi.Unpack("locate", data)
	if err != nil {
		return *new(uint64), err
	}
	out0 := *abi.ConvertType(out[0], new(uint64)).(*uint64)
	return out0, nil
}

// PackNextSequence is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x4cf842b5.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function nextSequence(address provider_) view returns(uint64)
func (batchRegistry *BatchRegistry) PackNextSequence(provider common.Address) []byte {
	enc, err := batchRegistry.abi.Pack("nextSequence", provider)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackNextSequence is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x4cf842b5.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function nextSequence(address provider_) view returns(uint64)
func (batchRegistry *BatchRegistry) TryPackNextSequence(provider common.Address) ([]byte, error) {
	return batchRegistry.abi.Pack("nextSequence", provider)
}

// UnpackNextSequence is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x4cf842b5.
//
// Solidity: function nextSequence(address provider_) view returns(uint64)
func (batchRegistry *BatchRegistry) UnpackNextSequence(data []byte) (uint64, error) {
	out, err := batchRegistry.abi.Unpack("nextSequence", data)
	if err != nil {
		return *new(uint64), err
	}
	out0 := *abi.ConvertType(out[0], new(uint64)).(*uint64)
	return out0, nil
}

// PackProvider is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xfbaf094a.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function provider(address provider_) view returns((address,uint64,uint32,string))
func (batchRegistry *BatchRegistry) PackProvider(provider common.Address) []byte {
	enc, err := batchRegistry.abi.Pack("provider", provider)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackProvider is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xfbaf094a.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function provider(address provider_) view returns((address,uint64,uint32,string))
func (batchRegistry *BatchRegistry) TryPackProvider(provider common.Address) ([]byte, error) {
	return batchRegistry.abi.Pack("provider", provider)
}

// UnpackProvider is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xfbaf094a.
//
// Solidity: function provider(address provider_) view returns((address,uint64,uint32,string))
func (batchRegistry *BatchRegistry) UnpackProvider(data []byte) (Provider, error) {
	out, err := batchRegistry.abi.Unpack("provider", data)
	if err != nil {
		return *new(Provider), err
	}
	out0 := *abi.ConvertType(out[0], new(Provider)).(*Provider)
	return out0, nil
}

// PackRegisterProvider is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x5b20cc5b.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function registerProvider(address receiptKey, string url) returns()
func (batchRegistry *BatchRegistry) PackRegisterProvider(receiptKey common.Address, url string) []byte {
	enc, err := batchRegistry.abi.Pack("registerProvider", receiptKey, url)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackRegisterProvider is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x5b20cc5b.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function registerProvider(address receiptKey, string url) returns()
func (batchRegistry *BatchRegistry) TryPackRegisterProvider(receiptKey common.Address, url string) ([]byte, error) {
	return batchRegistry.abi.Pack("registerProvider", receiptKey, url)
}

// PackSampleOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x9a58df59.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function sampleOf(bytes32 batchId, uint64 leaf) view returns(bool sampled, uint64 j, bytes32 sampleId)
func (batchRegistry *BatchRegistry) PackSampleOf(batchId [32]byte, leaf uint64) []byte {
	enc, err := batchRegistry.abi.Pack("sampleOf", batchId, leaf)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSampleOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x9a58df59.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function sampleOf(bytes32 batchId, uint64 leaf) view returns(bool sampled, uint64 j, bytes32 sampleId)
func (batchRegistry *BatchRegistry) TryPackSampleOf(batchId [32]byte, leaf uint64) ([]byte, error) {
	return batchRegistry.abi.Pack("sampleOf", batchId, leaf)
}

// SampleOfOutput serves as a container for the return parameters of contract
// method SampleOf.
type SampleOfOutput struct {
	Sampled  bool
	J        uint64
	SampleId [32]byte
}

// UnpackSampleOf is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x9a58df59.
//
// Solidity: function sampleOf(bytes32 batchId, uint64 leaf) view returns(bool sampled, uint64 j, bytes32 sampleId)
func (batchRegistry *BatchRegistry) UnpackSampleOf(data []byte) (SampleOfOutput, error) {
	out, err := batchRegistry.abi.Unpack("sampleOf", data)
	outstruct := new(SampleOfOutput)
	if err != nil {
		return *outstruct, err
	}
	outstruct.Sampled = *abi.ConvertType(out[0], new(bool)).(*bool)
	outstruct.J = *abi.ConvertType(out[1], new(uint64)).(*uint64)
	outstruct.SampleId = *abi.ConvertType(out[2], new([32]byte)).(*[32]byte)
	return *outstruct, nil
}

// PackSamplingRate is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x813e39c0.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function samplingRate() view returns((uint32,uint32,uint32))
func (batchRegistry *BatchRegistry) PackSamplingRate() []byte {
	enc, err := batchRegistry.abi.Pack("samplingRate")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSamplingRate is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x813e39c0.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function samplingRate() view returns((uint32,uint32,uint32))
func (batchRegistry *BatchRegistry) TryPackSamplingRate() ([]byte, error) {
	return batchRegistry.abi.Pack("samplingRate")
}

// UnpackSamplingRate is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x813e39c0.
//
// Solidity: function samplingRate() view returns((uint32,uint32,uint32))
func (batchRegistry *BatchRegistry) UnpackSamplingRate(data []byte) (SamplingRate, error) {
	out, err := batchRegistry.abi.Unpack("samplingRate", data)
	if err != nil {
		return *new(SamplingRate), err
	}
	out0 := *abi.ConvertType(out[0], new(SamplingRate)).(*SamplingRate)
	return out0, nil
}

// PackSchedule is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xb0604a26.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function schedule() view returns((uint64,uint64,uint64,uint64,uint64,uint64,uint64,uint64))
func (batchRegistry *BatchRegistry) PackSchedule() []byte {
	enc, err := batchRegistry.abi.Pack("schedule")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSchedule is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xb0604a26.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function schedule() view returns((uint64,uint64,uint64,uint64,uint64,uint64,uint64,uint64))
func (batchRegistry *BatchRegistry) TryPackSchedule() ([]byte, error) {
	return batchRegistry.abi.Pack("schedule")
}

// UnpackSchedule is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xb0604a26.
//
// Solidity: function schedule() view returns((uint64,uint64,uint64,uint64,uint64,uint64,uint64,uint64))
func (batchRegistry *BatchRegistry) UnpackSchedule(data []byte) (Schedule, error) {
	out, err := batchRegistry.abi.Unpack("schedule", data)
	if err != nil {
		return *new(Schedule), err
	}
	out0 := *abi.ConvertType(out[0], new(Schedule)).(*Schedule)
	return out0, nil
}

// BatchRegistryBatchCommitted represents a BatchCommitted event raised by the BatchRegistry contract.
type BatchRegistryBatchCommitted struct {
	BatchId       [32]byte
	Provider      common.Address
	Epoch         uint64
	FirstSequence uint64
	Root          [32]byte
	LeafCount     uint64
	RatePpm       uint32
	KMin          uint32
	Raw           *types.Log // Blockchain specific contextual infos
}

const BatchRegistryBatchCommittedEventName = "BatchCommitted"

// ContractEventName returns the user-defined event name.
func (BatchRegistryBatchCommitted) ContractEventName() string {
	return BatchRegistryBatchCommittedEventName
}

// UnpackBatchCommittedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event BatchCommitted(bytes32 indexed batchId, address indexed provider, uint64 indexed epoch, uint64 firstSequence, bytes32 root, uint64 leafCount, uint32 ratePpm, uint32 kMin)
func (batchRegistry *BatchRegistry) UnpackBatchCommittedEvent(log *types.Log) (*BatchRegistryBatchCommitted, error) {
	event := "BatchCommitted"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != batchRegistry.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(BatchRegistryBatchCommitted)
	if len(log.Data) > 0 {
		if err := batchRegistry.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range batchRegistry.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// BatchRegistryBeaconFixed represents a BeaconFixed event raised by the BatchRegistry contract.
type BatchRegistryBeaconFixed struct {
	Epoch       uint64
	BlockNumber *big.Int
	Beacon      [32]byte
	Raw         *types.Log // Blockchain specific contextual infos
}

const BatchRegistryBeaconFixedEventName = "BeaconFixed"

// ContractEventName returns the user-defined event name.
func (BatchRegistryBeaconFixed) ContractEventName() string {
	return BatchRegistryBeaconFixedEventName
}

// UnpackBeaconFixedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event BeaconFixed(uint64 indexed epoch, uint256 indexed blockNumber, bytes32 beacon)
func (batchRegistry *BatchRegistry) UnpackBeaconFixedEvent(log *types.Log) (*BatchRegistryBeaconFixed, error) {
	event := "BeaconFixed"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != batchRegistry.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(BatchRegistryBeaconFixed)
	if len(log.Data) > 0 {
		if err := batchRegistry.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range batchRegistry.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// BatchRegistryProviderRegistered represents a ProviderRegistered event raised by the BatchRegistry contract.
type BatchRegistryProviderRegistered struct {
	Provider   common.Address
	ReceiptKey common.Address
	Url        string
	Raw        *types.Log // Blockchain specific contextual infos
}

const BatchRegistryProviderRegisteredEventName = "ProviderRegistered"

// ContractEventName returns the user-defined event name.
func (BatchRegistryProviderRegistered) ContractEventName() string {
	return BatchRegistryProviderRegisteredEventName
}

// UnpackProviderRegisteredEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event ProviderRegistered(address indexed provider, address indexed receiptKey, string url)
func (batchRegistry *BatchRegistry) UnpackProviderRegisteredEvent(log *types.Log) (*BatchRegistryProviderRegistered, error) {
	event := "ProviderRegistered"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != batchRegistry.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(BatchRegistryProviderRegistered)
	if len(log.Data) > 0 {
		if err := batchRegistry.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range batchRegistry.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// UnpackError attempts to decode the provided error data using user-defined
// error definitions.
func (batchRegistry *BatchRegistry) UnpackError(raw []byte) (any, error) {
	if bytes.Equal(raw[:4], batchRegistry.abi.Errors["AlreadyCommitted"].ID.Bytes()[:4]) {
		return batchRegistry.UnpackAlreadyCommittedError(raw[4:])
	}
	if bytes.Equal(raw[:4], batchRegistry.abi.Errors["BeaconAlreadyFixed"].ID.Bytes()[:4]) {
		return batchRegistry.UnpackBeaconAlreadyFixedError(raw[4:])
	}
	if bytes.Equal(raw[:4], batchRegistry.abi.Errors["BlockHashUnknown"].ID.Bytes()[:4]) {
		return batchRegistry.UnpackBlockHashUnknownError(raw[4:])
	}
	if bytes.Equal(raw[:4], batchRegistry.abi.Errors["CheatingPays"].ID.Bytes()[:4]) {
		return batchRegistry.UnpackCheatingPaysError(raw[4:])
	}
	if bytes.Equal(raw[:4], batchRegistry.abi.Errors["HeaderInvalid"].ID.Bytes()[:4]) {
		return batchRegistry.UnpackHeaderInvalidError(raw[4:])
	}
	if bytes.Equal(raw[:4], batchRegistry.abi.Errors["HonestyDoesNotPay"].ID.Bytes()[:4]) {
		return batchRegistry.UnpackHonestyDoesNotPayError(raw[4:])
	}
	if bytes.Equal(raw[:4], batchRegistry.abi.Errors["LeafCountRefused"].ID.Bytes()[:4]) {
		return batchRegistry.UnpackLeafCountRefusedError(raw[4:])
	}
	if bytes.Equal(raw[:4], batchRegistry.abi.Errors["NoRandomness"].ID.Bytes()[:4]) {
		return batchRegistry.UnpackNoRandomnessError(raw[4:])
	}
	if bytes.Equal(raw[:4], batchRegistry.abi.Errors["NotContiguous"].ID.Bytes()[:4]) {
		return batchRegistry.UnpackNotContiguousError(raw[4:])
	}
	if bytes.Equal(raw[:4], batchRegistry.abi.Errors["NotInOperatorSet"].ID.Bytes()[:4]) {
		return batchRegistry.UnpackNotInOperatorSetError(raw[4:])
	}
	if bytes.Equal(raw[:4], batchRegistry.abi.Errors["NotRegistered"].ID.Bytes()[:4]) {
		return batchRegistry.UnpackNotRegisteredError(raw[4:])
	}
	if bytes.Equal(raw[:4], batchRegistry.abi.Errors["OutsideEpoch"].ID.Bytes()[:4]) {
		return batchRegistry.UnpackOutsideEpochError(raw[4:])
	}
	if bytes.Equal(raw[:4], batchRegistry.abi.Errors["RateRefused"].ID.Bytes()[:4]) {
		return batchRegistry.UnpackRateRefusedError(raw[4:])
	}
	if bytes.Equal(raw[:4], batchRegistry.abi.Errors["ReceiptKeyRefused"].ID.Bytes()[:4]) {
		return batchRegistry.UnpackReceiptKeyRefusedError(raw[4:])
	}
	if bytes.Equal(raw[:4], batchRegistry.abi.Errors["ReceiptNotInBatch"].ID.Bytes()[:4]) {
		return batchRegistry.UnpackReceiptNotInBatchError(raw[4:])
	}
	if bytes.Equal(raw[:4], batchRegistry.abi.Errors["ScheduleRefused"].ID.Bytes()[:4]) {
		return batchRegistry.UnpackScheduleRefusedError(raw[4:])
	}
	if bytes.Equal(raw[:4], batchRegistry.abi.Errors["WrongHeader"].ID.Bytes()[:4]) {
		return batchRegistry.UnpackWrongHeaderError(raw[4:])
	}
	return nil, errors.New("Unknown error")
}

// BatchRegistryAlreadyCommitted represents a AlreadyCommitted error raised by the BatchRegistry contract.
type BatchRegistryAlreadyCommitted struct {
	BatchId [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error AlreadyCommitted(bytes32 batchId)
func BatchRegistryAlreadyCommittedErrorID() common.Hash {
	return common.HexToHash("0xd297b6c5a7cbe87c175982db4444aed23a6fef228c09fe4e4c0ea92cbe06cc0a")
}

// UnpackAlreadyCommittedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error AlreadyCommitted(bytes32 batchId)
func (batchRegistry *BatchRegistry) UnpackAlreadyCommittedError(raw []byte) (*BatchRegistryAlreadyCommitted, error) {
	out := new(BatchRegistryAlreadyCommitted)
	if err := batchRegistry.abi.UnpackIntoInterface(out, "AlreadyCommitted", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// BatchRegistryBeaconAlreadyFixed represents a BeaconAlreadyFixed error raised by the BatchRegistry contract.
type BatchRegistryBeaconAlreadyFixed struct {
	Epoch uint64
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error BeaconAlreadyFixed(uint64 epoch)
func BatchRegistryBeaconAlreadyFixedErrorID() common.Hash {
	return common.HexToHash("0x5ad04715315b69016fec13d5c514577eed3f7092d5f0dd37ef6390767dc09711")
}

// UnpackBeaconAlreadyFixedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error BeaconAlreadyFixed(uint64 epoch)
func (batchRegistry *BatchRegistry) UnpackBeaconAlreadyFixedError(raw []byte) (*BatchRegistryBeaconAlreadyFixed, error) {
	out := new(BatchRegistryBeaconAlreadyFixed)
	if err := batchRegistry.abi.UnpackIntoInterface(out, "BeaconAlreadyFixed", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// BatchRegistryBlockHashUnknown represents a BlockHashUnknown error raised by the BatchRegistry contract.
type BatchRegistryBlockHashUnknown struct {
	BlockNumber *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error BlockHashUnknown(uint256 blockNumber)
func BatchRegistryBlockHashUnknownErrorID() common.Hash {
	return common.HexToHash("0x3772c5175bb2905d07804835ea07a2fb86185a32ce7b5b196adb6c0a86615923")
}

// UnpackBlockHashUnknownError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error BlockHashUnknown(uint256 blockNumber)
func (batchRegistry *BatchRegistry) UnpackBlockHashUnknownError(raw []byte) (*BatchRegistryBlockHashUnknown, error) {
	out := new(BatchRegistryBlockHashUnknown)
	if err := batchRegistry.abi.UnpackIntoInterface(out, "BlockHashUnknown", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// BatchRegistryCheatingPays represents a CheatingPays error raised by the BatchRegistry contract.
type BatchRegistryCheatingPays struct {
	ExpectedLoss *big.Int
	Gain         *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error CheatingPays(uint256 expectedLoss, uint256 gain)
func BatchRegistryCheatingPaysErrorID() common.Hash {
	return common.HexToHash("0x8d70bdda9f04b357acb3eed9748f0c2a30282e425f38b7b4c111c68c7c43db82")
}

// UnpackCheatingPaysError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error CheatingPays(uint256 expectedLoss, uint256 gain)
func (batchRegistry *BatchRegistry) UnpackCheatingPaysError(raw []byte) (*BatchRegistryCheatingPays, error) {
	out := new(BatchRegistryCheatingPays)
	if err := batchRegistry.abi.UnpackIntoInterface(out, "CheatingPays", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// BatchRegistryHeaderInvalid represents a HeaderInvalid error raised by the BatchRegistry contract.
type BatchRegistryHeaderInvalid struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error HeaderInvalid()
func BatchRegistryHeaderInvalidErrorID() common.Hash {
	return common.HexToHash("0xc0ca127249d844ca30ca794a048329aa2dd5dc45271af9c4f6657bf4256f031a")
}

// UnpackHeaderInvalidError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error HeaderInvalid()
func (batchRegistry *BatchRegistry) UnpackHeaderInvalidError(raw []byte) (*BatchRegistryHeaderInvalid, error) {
	out := new(BatchRegistryHeaderInvalid)
	if err := batchRegistry.abi.UnpackIntoInterface(out, "HeaderInvalid", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// BatchRegistryHonestyDoesNotPay represents a HonestyDoesNotPay error raised by the BatchRegistry contract.
type BatchRegistryHonestyDoesNotPay struct {
	ExpectedLoss *big.Int
	Gain         *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error HonestyDoesNotPay(uint256 expectedLoss, uint256 gain)
func BatchRegistryHonestyDoesNotPayErrorID() common.Hash {
	return common.HexToHash("0x39ebfeda8da50e9b9466b4eec5ee1af61b59d1770175ef7a30345f11968bc805")
}

// UnpackHonestyDoesNotPayError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error HonestyDoesNotPay(uint256 expectedLoss, uint256 gain)
func (batchRegistry *BatchRegistry) UnpackHonestyDoesNotPayError(raw []byte) (*BatchRegistryHonestyDoesNotPay, error) {
	out := new(BatchRegistryHonestyDoesNotPay)
	if err := batchRegistry.abi.UnpackIntoInterface(out, "HonestyDoesNotPay", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// BatchRegistryLeafCountRefused represents a LeafCountRefused error raised by the BatchRegistry contract.
type BatchRegistryLeafCountRefused struct {
	LeafCount uint64
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error LeafCountRefused(uint64 leafCount)
func BatchRegistryLeafCountRefusedErrorID() common.Hash {
	return common.HexToHash("0xd82881d9d6489e4b3e546bfcf284eb1e0fb55d2da0ad61ed791780dd7d3cbc10")
}

// UnpackLeafCountRefusedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error LeafCountRefused(uint64 leafCount)
func (batchRegistry *BatchRegistry) UnpackLeafCountRefusedError(raw []byte) (*BatchRegistryLeafCountRefused, error) {
	out := new(BatchRegistryLeafCountRefused)
	if err := batchRegistry.abi.UnpackIntoInterface(out, "LeafCountRefused", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// BatchRegistryNoRandomness represents a NoRandomness error raised by the BatchRegistry contract.
type BatchRegistryNoRandomness struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NoRandomness()
func BatchRegistryNoRandomnessErrorID() common.Hash {
	return common.HexToHash("0x70d05c98bb2911c4e777740157bff70c96d22a97479e0f7312329fe0f2dc75ed")
}

// UnpackNoRandomnessError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NoRandomness()
func (batchRegistry *BatchRegistry) UnpackNoRandomnessError(raw []byte) (*BatchRegistryNoRandomness, error) {
	out := new(BatchRegistryNoRandomness)
	if err := batchRegistry.abi.UnpackIntoInterface(out, "NoRandomness", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// BatchRegistryNotContiguous represents a NotContiguous error raised by the BatchRegistry contract.
type BatchRegistryNotContiguous struct {
	FirstSequence uint64
	Expected      uint64
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NotContiguous(uint64 firstSequence, uint64 expected)
func BatchRegistryNotContiguousErrorID() common.Hash {
	return common.HexToHash("0x3f7c9b63d09cdf39d05c922f201a3ecfd66d2d7c4c56691a773a7964be588dbb")
}

// UnpackNotContiguousError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NotContiguous(uint64 firstSequence, uint64 expected)
func (batchRegistry *BatchRegistry) UnpackNotContiguousError(raw []byte) (*BatchRegistryNotContiguous, error) {
	out := new(BatchRegistryNotContiguous)
	if err := batchRegistry.abi.UnpackIntoInterface(out, "NotContiguous", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// BatchRegistryNotInOperatorSet represents a NotInOperatorSet error raised by the BatchRegistry contract.
type BatchRegistryNotInOperatorSet struct {
	Caller common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NotInOperatorSet(address caller)
func BatchRegistryNotInOperatorSetErrorID() common.Hash {
	return common.HexToHash("0x2e69dbdc1383eb96108976198e03e17825eabca7f2d3496955ac8b37509cad48")
}

// UnpackNotInOperatorSetError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NotInOperatorSet(address caller)
func (batchRegistry *BatchRegistry) UnpackNotInOperatorSetError(raw []byte) (*BatchRegistryNotInOperatorSet, error) {
	out := new(BatchRegistryNotInOperatorSet)
	if err := batchRegistry.abi.UnpackIntoInterface(out, "NotInOperatorSet", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// BatchRegistryNotRegistered represents a NotRegistered error raised by the BatchRegistry contract.
type BatchRegistryNotRegistered struct {
	Caller common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NotRegistered(address caller)
func BatchRegistryNotRegisteredErrorID() common.Hash {
	return common.HexToHash("0xbfc6c337a80b7b8201f77f0a2a54c6e5f7c6fd9124a749804a482fa16ee8a895")
}

// UnpackNotRegisteredError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NotRegistered(address caller)
func (batchRegistry *BatchRegistry) UnpackNotRegisteredError(raw []byte) (*BatchRegistryNotRegistered, error) {
	out := new(BatchRegistryNotRegistered)
	if err := batchRegistry.abi.UnpackIntoInterface(out, "NotRegistered", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// BatchRegistryOutsideEpoch represents a OutsideEpoch error raised by the BatchRegistry contract.
type BatchRegistryOutsideEpoch struct {
	Epoch uint64
	Start *big.Int
	Close *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error OutsideEpoch(uint64 epoch, uint256 start, uint256 close)
func BatchRegistryOutsideEpochErrorID() common.Hash {
	return common.HexToHash("0x9086a0a587066f51034317de6a2bcdc1d387350bdf45597a847d683229227280")
}

// UnpackOutsideEpochError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error OutsideEpoch(uint64 epoch, uint256 start, uint256 close)
func (batchRegistry *BatchRegistry) UnpackOutsideEpochError(raw []byte) (*BatchRegistryOutsideEpoch, error) {
	out := new(BatchRegistryOutsideEpoch)
	if err := batchRegistry.abi.UnpackIntoInterface(out, "OutsideEpoch", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// BatchRegistryRateRefused represents a RateRefused error raised by the BatchRegistry contract.
type BatchRegistryRateRefused struct {
	RatePpm uint32
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error RateRefused(uint32 ratePpm)
func BatchRegistryRateRefusedErrorID() common.Hash {
	return common.HexToHash("0xb4bd172253645878be0688aeb6286fe9b7e0cf19a74d51438c27d822065e5e4a")
}

// UnpackRateRefusedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error RateRefused(uint32 ratePpm)
func (batchRegistry *BatchRegistry) UnpackRateRefusedError(raw []byte) (*BatchRegistryRateRefused, error) {
	out := new(BatchRegistryRateRefused)
	if err := batchRegistry.abi.UnpackIntoInterface(out, "RateRefused", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// BatchRegistryReceiptKeyRefused represents a ReceiptKeyRefused error raised by the BatchRegistry contract.
type BatchRegistryReceiptKeyRefused struct {
	ReceiptKey common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ReceiptKeyRefused(address receiptKey)
func BatchRegistryReceiptKeyRefusedErrorID() common.Hash {
	return common.HexToHash("0x5d897c8efd0b85ee4a2513ed8c6a689c3ef19afcbf42ec41fa678c7c873bd8d5")
}

// UnpackReceiptKeyRefusedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ReceiptKeyRefused(address receiptKey)
func (batchRegistry *BatchRegistry) UnpackReceiptKeyRefusedError(raw []byte) (*BatchRegistryReceiptKeyRefused, error) {
	out := new(BatchRegistryReceiptKeyRefused)
	if err := batchRegistry.abi.UnpackIntoInterface(out, "ReceiptKeyRefused", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// BatchRegistryReceiptNotInBatch represents a ReceiptNotInBatch error raised by the BatchRegistry contract.
type BatchRegistryReceiptNotInBatch struct {
	BatchId     [32]byte
	ReceiptHash [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ReceiptNotInBatch(bytes32 batchId, bytes32 receiptHash)
func BatchRegistryReceiptNotInBatchErrorID() common.Hash {
	return common.HexToHash("0x12301738c03873a383b5a6662189edeec788d3c39ea16b1e2f3808cffc6a443c")
}

// UnpackReceiptNotInBatchError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ReceiptNotInBatch(bytes32 batchId, bytes32 receiptHash)
func (batchRegistry *BatchRegistry) UnpackReceiptNotInBatchError(raw []byte) (*BatchRegistryReceiptNotInBatch, error) {
	out := new(BatchRegistryReceiptNotInBatch)
	if err := batchRegistry.abi.UnpackIntoInterface(out, "ReceiptNotInBatch", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// BatchRegistryScheduleRefused represents a ScheduleRefused error raised by the BatchRegistry contract.
type BatchRegistryScheduleRefused struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ScheduleRefused()
func BatchRegistryScheduleRefusedErrorID() common.Hash {
	return common.HexToHash("0x7bcfa85a58e5b1da55af1dc21837e0c47e42e72c032bdc0598ce3d971c55ea0d")
}

// UnpackScheduleRefusedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ScheduleRefused()
func (batchRegistry *BatchRegistry) UnpackScheduleRefusedError(raw []byte) (*BatchRegistryScheduleRefused, error) {
	out := new(BatchRegistryScheduleRefused)
	if err := batchRegistry.abi.UnpackIntoInterface(out, "ScheduleRefused", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// BatchRegistryWrongHeader represents a WrongHeader error raised by the BatchRegistry contract.
type BatchRegistryWrongHeader struct {
	HeaderHash [32]byte
	BlockHash  [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error WrongHeader(bytes32 headerHash, bytes32 blockHash)
func BatchRegistryWrongHeaderErrorID() common.Hash {
	return common.HexToHash("0x340b3b5e27029527e8ecd2308d949fbebfcd5732398de5c4fff730a330bfefd3")
}

// UnpackWrongHeaderError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error WrongHeader(bytes32 headerHash, bytes32 blockHash)
func (batchRegistry *BatchRegistry) UnpackWrongHeaderError(raw []byte) (*BatchRegistryWrongHeader, error) {
	out := new(BatchRegistryWrongHeader)
	if err := batchRegistry.abi.UnpackIntoInterface(out, "WrongHeader", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// DevTokenMetaData contains all meta data concerning the DevToken contract.
var DevTokenMetaData = bind.MetaData{
	ABI: "[{\"inputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"constructor\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"owner\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"spender\",\"type\":\"address\"}],\"name\":\"allowance\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"spender\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"value\",\"type\":\"uint256\"}],\"name\":\"approve\",\"outputs\":[{\"internalType\":\"bool\",\"name\":\"\",\"type\":\"bool\"}],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"account\",\"type\":\"address\"}],\"name\":\"balanceOf\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"decimals\",\"outputs\":[{\"internalType\":\"uint8\",\"name\":\"\",\"type\":\"uint8\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"to\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"}],\"name\":\"mint\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"name\",\"outputs\":[{\"internalType\":\"string\",\"name\":\"\",\"type\":\"string\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"symbol\",\"outputs\":[{\"internalType\":\"string\",\"name\":\"\",\"type\":\"string\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"totalSupply\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"to\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"value\",\"type\":\"uint256\"}],\"name\":\"transfer\",\"outputs\":[{\"internalType\":\"bool\",\"name\":\"\",\"type\":\"bool\"}],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"from\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"to\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"value\",\"type\":\"uint256\"}],\"name\":\"transferFrom\",\"outputs\":[{\"internalType\":\"bool\",\"name\":\"\",\"type\":\"bool\"}],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"address\",\"name\":\"owner\",\"type\":\"address\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"spender\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"value\",\"type\":\"uint256\"}],\"name\":\"Approval\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"address\",\"name\":\"from\",\"type\":\"address\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"to\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"value\",\"type\":\"uint256\"}],\"name\":\"Transfer\",\"type\":\"event\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"spender\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"allowance\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"needed\",\"type\":\"uint256\"}],\"name\":\"ERC20InsufficientAllowance\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"sender\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"balance\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"needed\",\"type\":\"uint256\"}],\"name\":\"ERC20InsufficientBalance\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"approver\",\"type\":\"address\"}],\"name\":\"ERC20InvalidApprover\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"receiver\",\"type\":\"address\"}],\"name\":\"ERC20InvalidReceiver\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"sender\",\"type\":\"address\"}],\"name\":\"ERC20InvalidSender\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"spender\",\"type\":\"address\"}],\"name\":\"ERC20InvalidSpender\",\"type\":\"error\"}]",
	ID:  "3c97b4e593a2d86ab477897d03994434ca",
	Bin: "0x60806040523461032657604080519081016001600160401b03811182821017610239576040908152601682527f706f737020646576656c6f706d656e7420746f6b656e00000000000000000000602083015280519081016001600160401b038111828210176102395760405260038152622222ab60e91b602082015281516001600160401b03811161023957600354600181811c9116801561031c575b602082101461021b57601f81116102b9575b50602092601f821160011461025857928192935f9261024d575b50508160011b915f199060031b1c1916176003555b80516001600160401b03811161023957600454600181811c9116801561022f575b602082101461021b57601f81116101b8575b50602091601f8211600114610158579181925f9261014d575b50508160011b915f199060031b1c1916176004555b604051610847908161032b8239f35b015190505f80610129565b601f1982169260045f52805f20915f5b8581106101a057508360019510610188575b505050811b0160045561013e565b01515f1960f88460031b161c191690555f808061017a565b91926020600181928685015181550194019201610168565b60045f527f8a35acfbc15ff81a39ae7d344fd709f28e8600b4aa8c65c6b64bfe7fe36bd19b601f830160051c81019160208410610211575b601f0160051c01905b8181106102065750610110565b5f81556001016101f9565b90915081906101f0565b634e487b7160e01b5f52602260045260245ffd5b90607f16906100fe565b634e487b7160e01b5f52604160045260245ffd5b015190505f806100c8565b601f1982169360035f52805f20915f5b8681106102a15750836001959610610289575b505050811b016003556100dd565b01515f1960f88460031b161c191690555f808061027b565b91926020600181928685015181550194019201610268565b60035f527fc2575a0e9e593c00f959f8c92f12db2869c3395a3b0502d05e2516446f71f85b601f830160051c81019160208410610312575b601f0160051c01905b81811061030757506100ae565b5f81556001016102fa565b90915081906102f1565b90607f169061009c565b5f80fdfe6080806040526004361015610012575f80fd5b5f3560e01c90816306fdde031461060a57508063095ea7b31461057b57806318160ddd1461055e57806323b872dd146103e8578063313ce567146103cd57806340c10f19146102ec57806370a08231146102a857806395d89b411461012d578063a9059cbb146100fc5763dd62ed3e1461008a575f80fd5b346100f85760406003193601126100f8576100a361070b565b73ffffffffffffffffffffffffffffffffffffffff6100c061072e565b91165f52600160205273ffffffffffffffffffffffffffffffffffffffff60405f2091165f52602052602060405f2054604051908152f35b5f80fd5b346100f85760406003193601126100f85761012261011861070b565b6024359033610751565b602060405160018152f35b346100f8575f6003193601126100f8576040515f600454908160011c6001831692831561029e575b60208210841461027157818552849390811561022f57506001146101d3575b5003601f01601f191681019067ffffffffffffffff8211818310176101a6576101a2829182604052826106e1565b0390f35b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b60045f90815291507f8a35acfbc15ff81a39ae7d344fd709f28e8600b4aa8c65c6b64bfe7fe36bd19b5b8183106102135750508101602001601f19610174565b60209193508060019154838588010152019101909183926101fd565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff001660208581019190915291151560051b84019091019150601f199050610174565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52602260045260245ffd5b90607f1690610155565b346100f85760206003193601126100f85773ffffffffffffffffffffffffffffffffffffffff6102d661070b565b165f525f602052602060405f2054604051908152f35b346100f85760406003193601126100f85761030561070b565b73ffffffffffffffffffffffffffffffffffffffff1660243581156103a157600254908082018092116103745760207fddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef915f9360025584845283825260408420818154019055604051908152a3005b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601160045260245ffd5b7fec442f05000000000000000000000000000000000000000000000000000000005f525f60045260245ffd5b346100f8575f6003193601126100f857602060405160128152f35b346100f85760606003193601126100f85761040161070b565b61040961072e565b6044359073ffffffffffffffffffffffffffffffffffffffff831692835f52600160205260405f2073ffffffffffffffffffffffffffffffffffffffff33165f5260205260405f20547fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8110610485575b506101229350610751565b83811061052a5784156104fe5733156104d257610122945f52600160205260405f2073ffffffffffffffffffffffffffffffffffffffff33165f526020528360405f20910390558461047a565b7f94280d62000000000000000000000000000000000000000000000000000000005f525f60045260245ffd5b7fe602df05000000000000000000000000000000000000000000000000000000005f525f60045260245ffd5b83907ffb8f41b2000000000000000000000000000000000000000000000000000000005f523360045260245260445260645ffd5b346100f8575f6003193601126100f8576020600254604051908152f35b346100f85760406003193601126100f85761059461070b565b6024359033156104fe5773ffffffffffffffffffffffffffffffffffffffff169081156104d257335f52600160205260405f20825f526020528060405f20556040519081527f8c5be1e5ebec7d5bd14f71427d1e84f3dd0314c0f7b2291e5b200ac8c7c3b92560203392a3602060405160018152f35b346100f8575f6003193601126100f8575f600354908160011c600183169283156106d7575b60208210841461027157818552849390811561022f575060011461067b575003601f01601f191681019067ffffffffffffffff8211818310176101a6576101a2829182604052826106e1565b60035f90815291507fc2575a0e9e593c00f959f8c92f12db2869c3395a3b0502d05e2516446f71f85b5b8183106106bb5750508101602001601f19610174565b60209193508060019154838588010152019101909183926106a5565b90607f169061062f565b601f19601f602060409481855280519182918282880152018686015e5f8582860101520116010190565b6004359073ffffffffffffffffffffffffffffffffffffffff821682036100f857565b6024359073ffffffffffffffffffffffffffffffffffffffff821682036100f857565b73ffffffffffffffffffffffffffffffffffffffff1690811561081b5773ffffffffffffffffffffffffffffffffffffffff169182156103a157815f525f60205260405f20548181106107e957817fddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef92602092855f525f84520360405f2055845f525f825260405f20818154019055604051908152a3565b827fe450d38c000000000000000000000000000000000000000000000000000000005f5260045260245260445260645ffd5b7f96c6fd1e000000000000000000000000000000000000000000000000000000005f525f60045260245ffd",
}

// DevToken is an auto generated Go binding around an Ethereum contract.
type DevToken struct {
	abi abi.ABI
}

// GetABI returns the ABI associated with this contract binding.
func (c *DevToken) GetABI() abi.ABI {
	return c.abi
}

// NewDevToken creates a new instance of DevToken.
func NewDevToken() *DevToken {
	parsed, err := DevTokenMetaData.ParseABI()
	if err != nil {
		panic(errors.New("invalid ABI: " + err.Error()))
	}
	return &DevToken{abi: *parsed}
}

// Instance creates a wrapper for a deployed contract instance at the given address.
// Use this to create the instance object passed to abigen v2 library functions Call, Transact, etc.
func (c *DevToken) Instance(backend bind.ContractBackend, addr common.Address) *bind.BoundContract {
	return bind.NewBoundContract(addr, c.abi, backend, backend, backend)
}

// PackAllowance is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xdd62ed3e.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function allowance(address owner, address spender) view returns(uint256)
func (devToken *DevToken) PackAllowance(owner common.Address, spender common.Address) []byte {
	enc, err := devToken.abi.Pack("allowance", owner, spender)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackAllowance is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xdd62ed3e.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function allowance(address owner, address spender) view returns(uint256)
func (devToken *DevToken) TryPackAllowance(owner common.Address, spender common.Address) ([]byte, error) {
	return devToken.abi.Pack("allowance", owner, spender)
}

// UnpackAllowance is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xdd62ed3e.
//
// Solidity: function allowance(address owner, address spender) view returns(uint256)
func (devToken *DevToken) UnpackAllowance(data []byte) (*big.Int, error) {
	out, err := devToken.abi.Unpack("allowance", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackApprove is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x095ea7b3.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function approve(address spender, uint256 value) returns(bool)
func (devToken *DevToken) PackApprove(spender common.Address, value *big.Int) []byte {
	enc, err := devToken.abi.Pack("approve", spender, value)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackApprove is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x095ea7b3.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function approve(address spender, uint256 value) returns(bool)
func (devToken *DevToken) TryPackApprove(spender common.Address, value *big.Int) ([]byte, error) {
	return devToken.abi.Pack("approve", spender, value)
}

// UnpackApprove is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x095ea7b3.
//
// Solidity: function approve(address spender, uint256 value) returns(bool)
func (devToken *DevToken) UnpackApprove(data []byte) (bool, error) {
	out, err := devToken.abi.Unpack("approve", data)
	if err != nil {
		return *new(bool), err
	}
	out0 := *abi.ConvertType(out[0], new(bool)).(*bool)
	return out0, nil
}

// PackBalanceOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x70a08231.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function balanceOf(address account) view returns(uint256)
func (devToken *DevToken) PackBalanceOf(account common.Address) []byte {
	enc, err := devToken.abi.Pack("balanceOf", account)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackBalanceOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x70a08231.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function balanceOf(address account) view returns(uint256)
func (devToken *DevToken) TryPackBalanceOf(account common.Address) ([]byte, error) {
	return devToken.abi.Pack("balanceOf", account)
}

// UnpackBalanceOf is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x70a08231.
//
// Solidity: function balanceOf(address account) view returns(uint256)
func (devToken *DevToken) UnpackBalanceOf(data []byte) (*big.Int, error) {
	out, err := devToken.abi.Unpack("balanceOf", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackDecimals is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x313ce567.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function decimals() view returns(uint8)
func (devToken *DevToken) PackDecimals() []byte {
	enc, err := devToken.abi.Pack("decimals")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackDecimals is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x313ce567.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function decimals() view returns(uint8)
func (devToken *DevToken) TryPackDecimals() ([]byte, error) {
	return devToken.abi.Pack("decimals")
}

// UnpackDecimals is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x313ce567.
//
// Solidity: function decimals() view returns(uint8)
func (devToken *DevToken) UnpackDecimals(data []byte) (uint8, error) {
	out, err := devToken.abi.Unpack("decimals", data)
	if err != nil {
		return *new(uint8), err
	}
	out0 := *abi.ConvertType(out[0], new(uint8)).(*uint8)
	return out0, nil
}

// PackMint is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x40c10f19.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function mint(address to, uint256 amount) returns()
func (devToken *DevToken) PackMint(to common.Address, amount *big.Int) []byte {
	enc, err := devToken.abi.Pack("mint", to, amount)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackMint is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x40c10f19.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function mint(address to, uint256 amount) returns()
func (devToken *DevToken) TryPackMint(to common.Address, amount *big.Int) ([]byte, error) {
	return devToken.abi.Pack("mint", to, amount)
}

// PackName is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x06fdde03.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function name() view returns(string)
func (devToken *DevToken) PackName() []byte {
	enc, err := devToken.abi.Pack("name")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackName is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x06fdde03.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function name() view returns(string)
func (devToken *DevToken) TryPackName() ([]byte, error) {
	return devToken.abi.Pack("name")
}

// UnpackName is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x06fdde03.
//
// Solidity: function name() view returns(string)
func (devToken *DevToken) UnpackName(data []byte) (string, error) {
	out, err := devToken.abi.Unpack("name", data)
	if err != nil {
		return *new(string), err
	}
	out0 := *abi.ConvertType(out[0], new(string)).(*string)
	return out0, nil
}

// PackSymbol is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x95d89b41.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function symbol() view returns(string)
func (devToken *DevToken) PackSymbol() []byte {
	enc, err := devToken.abi.Pack("symbol")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSymbol is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x95d89b41.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function symbol() view returns(string)
func (devToken *DevToken) TryPackSymbol() ([]byte, error) {
	return devToken.abi.Pack("symbol")
}

// UnpackSymbol is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x95d89b41.
//
// Solidity: function symbol() view returns(string)
func (devToken *DevToken) UnpackSymbol(data []byte) (string, error) {
	out, err := devToken.abi.Unpack("symbol", data)
	if err != nil {
		return *new(string), err
	}
	out0 := *abi.ConvertType(out[0], new(string)).(*string)
	return out0, nil
}

// PackTotalSupply is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x18160ddd.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function totalSupply() view returns(uint256)
func (devToken *DevToken) PackTotalSupply() []byte {
	enc, err := devToken.abi.Pack("totalSupply")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackTotalSupply is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x18160ddd.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function totalSupply() view returns(uint256)
func (devToken *DevToken) TryPackTotalSupply() ([]byte, error) {
	return devToken.abi.Pack("totalSupply")
}

// UnpackTotalSupply is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x18160ddd.
//
// Solidity: function totalSupply() view returns(uint256)
func (devToken *DevToken) UnpackTotalSupply(data []byte) (*big.Int, error) {
	out, err := devToken.abi.Unpack("totalSupply", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackTransfer is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xa9059cbb.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function transfer(address to, uint256 value) returns(bool)
func (devToken *DevToken) PackTransfer(to common.Address, value *big.Int) []byte {
	enc, err := devToken.abi.Pack("transfer", to, value)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackTransfer is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xa9059cbb.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function transfer(address to, uint256 value) returns(bool)
func (devToken *DevToken) TryPackTransfer(to common.Address, value *big.Int) ([]byte, error) {
	return devToken.abi.Pack("transfer", to, value)
}

// UnpackTransfer is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xa9059cbb.
//
// Solidity: function transfer(address to, uint256 value) returns(bool)
func (devToken *DevToken) UnpackTransfer(data []byte) (bool, error) {
	out, err := devToken.abi.Unpack("transfer", data)
	if err != nil {
		return *new(bool), err
	}
	out0 := *abi.ConvertType(out[0], new(bool)).(*bool)
	return out0, nil
}

// PackTransferFrom is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x23b872dd.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function transferFrom(address from, address to, uint256 value) returns(bool)
func (devToken *DevToken) PackTransferFrom(from common.Address, to common.Address, value *big.Int) []byte {
	enc, err := devToken.abi.Pack("transferFrom", from, to, value)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackTransferFrom is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x23b872dd.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function transferFrom(address from, address to, uint256 value) returns(bool)
func (devToken *DevToken) TryPackTransferFrom(from common.Address, to common.Address, value *big.Int) ([]byte, error) {
	return devToken.abi.Pack("transferFrom", from, to, value)
}

// UnpackTransferFrom is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x23b872dd.
//
// Solidity: function transferFrom(address from, address to, uint256 value) returns(bool)
func (devToken *DevToken) UnpackTransferFrom(data []byte) (bool, error) {
	out, err := devToken.abi.Unpack("transferFrom", data)
	if err != nil {
		return *new(bool), err
	}
	out0 := *abi.ConvertType(out[0], new(bool)).(*bool)
	return out0, nil
}

// DevTokenApproval represents a Approval event raised by the DevToken contract.
type DevTokenApproval struct {
	Owner   common.Address
	Spender common.Address
	Value   *big.Int
	Raw     *types.Log // Blockchain specific contextual infos
}

const DevTokenApprovalEventName = "Approval"

// ContractEventName returns the user-defined event name.
func (DevTokenApproval) ContractEventName() string {
	return DevTokenApprovalEventName
}

// UnpackApprovalEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Approval(address indexed owner, address indexed spender, uint256 value)
func (devToken *DevToken) UnpackApprovalEvent(log *types.Log) (*DevTokenApproval, error) {
	event := "Approval"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != devToken.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(DevTokenApproval)
	if len(log.Data) > 0 {
		if err := devToken.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range devToken.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// DevTokenTransfer represents a Transfer event raised by the DevToken contract.
type DevTokenTransfer struct {
	From  common.Address
	To    common.Address
	Value *big.Int
	Raw   *types.Log // Blockchain specific contextual infos
}

const DevTokenTransferEventName = "Transfer"

// ContractEventName returns the user-defined event name.
func (DevTokenTransfer) ContractEventName() string {
	return DevTokenTransferEventName
}

// UnpackTransferEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Transfer(address indexed from, address indexed to, uint256 value)
func (devToken *DevToken) UnpackTransferEvent(log *types.Log) (*DevTokenTransfer, error) {
	event := "Transfer"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != devToken.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(DevTokenTransfer)
	if len(log.Data) > 0 {
		if err := devToken.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range devToken.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// UnpackError attempts to decode the provided error data using user-defined
// error definitions.
func (devToken *DevToken) UnpackError(raw []byte) (any, error) {
	if bytes.Equal(raw[:4], devToken.abi.Errors["ERC20InsufficientAllowance"].ID.Bytes()[:4]) {
		return devToken.UnpackERC20InsufficientAllowanceError(raw[4:])
	}
	if bytes.Equal(raw[:4], devToken.abi.Errors["ERC20InsufficientBalance"].ID.Bytes()[:4]) {
		return devToken.UnpackERC20InsufficientBalanceError(raw[4:])
	}
	if bytes.Equal(raw[:4], devToken.abi.Errors["ERC20InvalidApprover"].ID.Bytes()[:4]) {
		return devToken.UnpackERC20InvalidApproverError(raw[4:])
	}
	if bytes.Equal(raw[:4], devToken.abi.Errors["ERC20InvalidReceiver"].ID.Bytes()[:4]) {
		return devToken.UnpackERC20InvalidReceiverError(raw[4:])
	}
	if bytes.Equal(raw[:4], devToken.abi.Errors["ERC20InvalidSender"].ID.Bytes()[:4]) {
		return devToken.UnpackERC20InvalidSenderError(raw[4:])
	}
	if bytes.Equal(raw[:4], devToken.abi.Errors["ERC20InvalidSpender"].ID.Bytes()[:4]) {
		return devToken.UnpackERC20InvalidSpenderError(raw[4:])
	}
	return nil, errors.New("Unknown error")
}

// DevTokenERC20InsufficientAllowance represents a ERC20InsufficientAllowance error raised by the DevToken contract.
type DevTokenERC20InsufficientAllowance struct {
	Spender   common.Address
	Allowance *big.Int
	Needed    *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ERC20InsufficientAllowance(address spender, uint256 allowance, uint256 needed)
func DevTokenERC20InsufficientAllowanceErrorID() common.Hash {
	return common.HexToHash("0xfb8f41b23e99d2101d86da76cdfa87dd51c82ed07d3cb62cbc473e469dbc75c3")
}

// UnpackERC20InsufficientAllowanceError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ERC20InsufficientAllowance(address spender, uint256 allowance, uint256 needed)
func (devToken *DevToken) UnpackERC20InsufficientAllowanceError(raw []byte) (*DevTokenERC20InsufficientAllowance, error) {
	out := new(DevTokenERC20InsufficientAllowance)
	if err := devToken.abi.UnpackIntoInterface(out, "ERC20InsufficientAllowance", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// DevTokenERC20InsufficientBalance represents a ERC20InsufficientBalance error raised by the DevToken contract.
type DevTokenERC20InsufficientBalance struct {
	Sender  common.Address
	Balance *big.Int
	Needed  *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed)
func DevTokenERC20InsufficientBalanceErrorID() common.Hash {
	return common.HexToHash("0xe450d38cd8d9f7d95077d567d60ed49c7254716e6ad08fc9872816c97e0ffec6")
}

// UnpackERC20InsufficientBalanceError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed)
func (devToken *DevToken) UnpackERC20InsufficientBalanceError(raw []byte) (*DevTokenERC20InsufficientBalance, error) {
	out := new(DevTokenERC20InsufficientBalance)
	if err := devToken.abi.UnpackIntoInterface(out, "ERC20InsufficientBalance", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// DevTokenERC20InvalidApprover represents a ERC20InvalidApprover error raised by the DevToken contract.
type DevTokenERC20InvalidApprover struct {
	Approver common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ERC20InvalidApprover(address approver)
func DevTokenERC20InvalidApproverErrorID() common.Hash {
	return common.HexToHash("0xe602df05cc75712490294c6c104ab7c17f4030363910a7a2626411c6d3118847")
}

// UnpackERC20InvalidApproverError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ERC20InvalidApprover(address approver)
func (devToken *DevToken) UnpackERC20InvalidApproverError(raw []byte) (*DevTokenERC20InvalidApprover, error) {
	out := new(DevTokenERC20InvalidApprover)
	if err := devToken.abi.UnpackIntoInterface(out, "ERC20InvalidApprover", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// DevTokenERC20InvalidReceiver represents a ERC20InvalidReceiver error raised by the DevToken contract.
type DevTokenERC20InvalidReceiver struct {
	Receiver common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ERC20InvalidReceiver(address receiver)
func DevTokenERC20InvalidReceiverErrorID() common.Hash {
	return common.HexToHash("0xec442f055133b72f3b2f9f0bb351c406b178527de2040a7d1feb4e058771f613")
}

// UnpackERC20InvalidReceiverError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ERC20InvalidReceiver(address receiver)
func (devToken *DevToken) UnpackERC20InvalidReceiverError(raw []byte) (*DevTokenERC20InvalidReceiver, error) {
	out := new(DevTokenERC20InvalidReceiver)
	if err := devToken.abi.UnpackIntoInterface(out, "ERC20InvalidReceiver", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// DevTokenERC20InvalidSender represents a ERC20InvalidSender error raised by the DevToken contract.
type DevTokenERC20InvalidSender struct {
	Sender common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ERC20InvalidSender(address sender)
func DevTokenERC20InvalidSenderErrorID() common.Hash {
	return common.HexToHash("0x96c6fd1edd0cd6ef7ff0ecc0facdf53148dc0048b57fe58af65755250a7a96bd")
}

// UnpackERC20InvalidSenderError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ERC20InvalidSender(address sender)
func (devToken *DevToken) UnpackERC20InvalidSenderError(raw []byte) (*DevTokenERC20InvalidSender, error) {
	out := new(DevTokenERC20InvalidSender)
	if err := devToken.abi.UnpackIntoInterface(out, "ERC20InvalidSender", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// DevTokenERC20InvalidSpender represents a ERC20InvalidSpender error raised by the DevToken contract.
type DevTokenERC20InvalidSpender struct {
	Spender common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ERC20InvalidSpender(address spender)
func DevTokenERC20InvalidSpenderErrorID() common.Hash {
	return common.HexToHash("0x94280d62c347d8d9f4d59a76ea321452406db88df38e0c9da304f58b57b373a2")
}

// UnpackERC20InvalidSpenderError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ERC20InvalidSpender(address spender)
func (devToken *DevToken) UnpackERC20InvalidSpenderError(raw []byte) (*DevTokenERC20InvalidSpender, error) {
	out := new(DevTokenERC20InvalidSpender)
	if err := devToken.abi.UnpackIntoInterface(out, "ERC20InvalidSpender", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// ERC1967ProxyMetaData contains all meta data concerning the ERC1967Proxy contract.
var ERC1967ProxyMetaData = bind.MetaData{
	ABI: "[{\"inputs\":[{\"internalType\":\"address\",\"name\":\"implementation\",\"type\":\"address\"},{\"internalType\":\"bytes\",\"name\":\"_data\",\"type\":\"bytes\"}],\"stateMutability\":\"payable\",\"type\":\"constructor\"},{\"stateMutability\":\"payable\",\"type\":\"fallback\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"address\",\"name\":\"implementation\",\"type\":\"address\"}],\"name\":\"Upgraded\",\"type\":\"event\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"target\",\"type\":\"address\"}],\"name\":\"AddressEmptyCode\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"implementation\",\"type\":\"address\"}],\"name\":\"ERC1967InvalidImplementation\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"ERC1967NonPayable\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"ERC1967ProxyUninitialized\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"FailedCall\",\"type\":\"error\"}]",
	ID:  "de4d6f2002e5c74e22c877aa30ada502da",
	Bin: "0x6080604052610277803803806100148161016e565b9283398101604082820312610156578151916001600160a01b03831690818403610156576020810151906001600160401b038211610156570182601f82011215610156578051906001600160401b03821161015a5761007c601f8301601f191660200161016e565b938285526020838301011161015657815f9260208093018387015e8401015281511561014757823b15610135577f360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc80546001600160a01b031916821790557fbc7cd75a20ee27fd9adebab32041f755214dbc6bffa90cc0225b39da2e5c2d3b5f80a280511561011e5761010e91610193565b505b604051605790816102208239f35b505034156101105763b398979f60e01b5f5260045ffd5b634c9c8ce360e01b5f5260045260245ffd5b6330a289cf60e21b5f5260045ffd5b5f80fd5b634e487b7160e01b5f52604160045260245ffd5b6040519190601f01601f191682016001600160401b0381118382101761015a57604052565b905f8091602081519101845af4808061020c575b156101c75750506040513d81523d5f602083013e60203d82010160405290565b156101ec57639996b31560e01b5f9081526001600160a01b0391909116600452602490fd5b3d156101fd576040513d5f823e3d90fd5b63d6bda27560e01b5f5260045ffd5b503d1515806101a75750813b15156101a756fe60806040525f8073ffffffffffffffffffffffffffffffffffffffff7f360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc5416368280378136915af43d5f803e156053573d5ff35b3d5ffd",
}

// ERC1967Proxy is an auto generated Go binding around an Ethereum contract.
type ERC1967Proxy struct {
	abi abi.ABI
}

// GetABI returns the ABI associated with this contract binding.
func (c *ERC1967Proxy) GetABI() abi.ABI {
	return c.abi
}

// NewERC1967Proxy creates a new instance of ERC1967Proxy.
func NewERC1967Proxy() *ERC1967Proxy {
	parsed, err := ERC1967ProxyMetaData.ParseABI()
	if err != nil {
		panic(errors.New("invalid ABI: " + err.Error()))
	}
	return &ERC1967Proxy{abi: *parsed}
}

// Instance creates a wrapper for a deployed contract instance at the given address.
// Use this to create the instance object passed to abigen v2 library functions Call, Transact, etc.
func (c *ERC1967Proxy) Instance(backend bind.ContractBackend, addr common.Address) *bind.BoundContract {
	return bind.NewBoundContract(addr, c.abi, backend, backend, backend)
}

// PackConstructor is the Go binding used to pack the parameters required for
// contract deployment.
//
// Solidity: constructor(address implementation, bytes _data) payable returns()
func (eRC1967Proxy *ERC1967Proxy) PackConstructor(implementation common.Address, _data []byte) []byte {
	enc, err := eRC1967Proxy.abi.Pack("", implementation, _data)
	if err != nil {
		panic(err)
	}
	return enc
}

// ERC1967ProxyUpgraded represents a Upgraded event raised by the ERC1967Proxy contract.
type ERC1967ProxyUpgraded struct {
	Implementation common.Address
	Raw            *types.Log // Blockchain specific contextual infos
}

const ERC1967ProxyUpgradedEventName = "Upgraded"

// ContractEventName returns the user-defined event name.
func (ERC1967ProxyUpgraded) ContractEventName() string {
	return ERC1967ProxyUpgradedEventName
}

// UnpackUpgradedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Upgraded(address indexed implementation)
func (eRC1967Proxy *ERC1967Proxy) UnpackUpgradedEvent(log *types.Log) (*ERC1967ProxyUpgraded, error) {
	event := "Upgraded"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != eRC1967Proxy.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(ERC1967ProxyUpgraded)
	if len(log.Data) > 0 {
		if err := eRC1967Proxy.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range eRC1967Proxy.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// UnpackError attempts to decode the provided error data using user-defined
// error definitions.
func (eRC1967Proxy *ERC1967Proxy) UnpackError(raw []byte) (any, error) {
	if bytes.Equal(raw[:4], eRC1967Proxy.abi.Errors["AddressEmptyCode"].ID.Bytes()[:4]) {
		return eRC1967Proxy.UnpackAddressEmptyCodeError(raw[4:])
	}
	if bytes.Equal(raw[:4], eRC1967Proxy.abi.Errors["ERC1967InvalidImplementation"].ID.Bytes()[:4]) {
		return eRC1967Proxy.UnpackERC1967InvalidImplementationError(raw[4:])
	}
	if bytes.Equal(raw[:4], eRC1967Proxy.abi.Errors["ERC1967NonPayable"].ID.Bytes()[:4]) {
		return eRC1967Proxy.UnpackERC1967NonPayableError(raw[4:])
	}
	if bytes.Equal(raw[:4], eRC1967Proxy.abi.Errors["ERC1967ProxyUninitialized"].ID.Bytes()[:4]) {
		return eRC1967Proxy.UnpackERC1967ProxyUninitializedError(raw[4:])
	}
	if bytes.Equal(raw[:4], eRC1967Proxy.abi.Errors["FailedCall"].ID.Bytes()[:4]) {
		return eRC1967Proxy.UnpackFailedCallError(raw[4:])
	}
	return nil, errors.New("Unknown error")
}

// ERC1967ProxyAddressEmptyCode represents a AddressEmptyCode error raised by the ERC1967Proxy contract.
type ERC1967ProxyAddressEmptyCode struct {
	Target common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error AddressEmptyCode(address target)
func ERC1967ProxyAddressEmptyCodeErrorID() common.Hash {
	return common.HexToHash("0x9996b315c842ff135b8fc4a08ad5df1c344efbc03d2687aecc0678050d2aac89")
}

// UnpackAddressEmptyCodeError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error AddressEmptyCode(address target)
func (eRC1967Proxy *ERC1967Proxy) UnpackAddressEmptyCodeError(raw []byte) (*ERC1967ProxyAddressEmptyCode, error) {
	out := new(ERC1967ProxyAddressEmptyCode)
	if err := eRC1967Proxy.abi.UnpackIntoInterface(out, "AddressEmptyCode", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// ERC1967ProxyERC1967InvalidImplementation represents a ERC1967InvalidImplementation error raised by the ERC1967Proxy contract.
type ERC1967ProxyERC1967InvalidImplementation struct {
	Implementation common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ERC1967InvalidImplementation(address implementation)
func ERC1967ProxyERC1967InvalidImplementationErrorID() common.Hash {
	return common.HexToHash("0x4c9c8ce3ceb3130f17f7cdba48d89b5b0129f266a8bac114e6e315a41879b617")
}

// UnpackERC1967InvalidImplementationError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ERC1967InvalidImplementation(address implementation)
func (eRC1967Proxy *ERC1967Proxy) UnpackERC1967InvalidImplementationError(raw []byte) (*ERC1967ProxyERC1967InvalidImplementation, error) {
	out := new(ERC1967ProxyERC1967InvalidImplementation)
	if err := eRC1967Proxy.abi.UnpackIntoInterface(out, "ERC1967InvalidImplementation", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// ERC1967ProxyERC1967NonPayable represents a ERC1967NonPayable error raised by the ERC1967Proxy contract.
type ERC1967ProxyERC1967NonPayable struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ERC1967NonPayable()
func ERC1967ProxyERC1967NonPayableErrorID() common.Hash {
	return common.HexToHash("0xb398979fa84f543c8e222f17890372c487baf85e062276c127fef521eea7224b")
}

// UnpackERC1967NonPayableError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ERC1967NonPayable()
func (eRC1967Proxy *ERC1967Proxy) UnpackERC1967NonPayableError(raw []byte) (*ERC1967ProxyERC1967NonPayable, error) {
	out := new(ERC1967ProxyERC1967NonPayable)
	if err := eRC1967Proxy.abi.UnpackIntoInterface(out, "ERC1967NonPayable", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// ERC1967ProxyERC1967ProxyUninitialized represents a ERC1967ProxyUninitialized error raised by the ERC1967Proxy contract.
type ERC1967ProxyERC1967ProxyUninitialized struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ERC1967ProxyUninitialized()
func ERC1967ProxyERC1967ProxyUninitializedErrorID() common.Hash {
	return common.HexToHash("0xc28a273c3fe16468cad2234091c09b146f46a93b2ad4069739c7beddfa5b3529")
}

// UnpackERC1967ProxyUninitializedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ERC1967ProxyUninitialized()
func (eRC1967Proxy *ERC1967Proxy) UnpackERC1967ProxyUninitializedError(raw []byte) (*ERC1967ProxyERC1967ProxyUninitialized, error) {
	out := new(ERC1967ProxyERC1967ProxyUninitialized)
	if err := eRC1967Proxy.abi.UnpackIntoInterface(out, "ERC1967ProxyUninitialized", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// ERC1967ProxyFailedCall represents a FailedCall error raised by the ERC1967Proxy contract.
type ERC1967ProxyFailedCall struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error FailedCall()
func ERC1967ProxyFailedCallErrorID() common.Hash {
	return common.HexToHash("0xd6bda27508c0fb6d8a39b4b122878dab26f731a7d4e4abe711dd3731899052a4")
}

// UnpackFailedCallError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error FailedCall()
func (eRC1967Proxy *ERC1967Proxy) UnpackFailedCallError(raw []byte) (*ERC1967ProxyFailedCall, error) {
	out := new(ERC1967ProxyFailedCall)
	if err := eRC1967Proxy.abi.UnpackIntoInterface(out, "FailedCall", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// ExampleMarketMetaData contains all meta data concerning the ExampleMarket contract.
var ExampleMarketMetaData = bind.MetaData{
	ABI: "[{\"inputs\":[{\"components\":[{\"internalType\":\"address\",\"name\":\"allocationManager\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"keyRegistrar\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"strategyManager\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"strategy\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"serviceManager\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"batchRegistry\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"operatorTable\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"attestationRegistry\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"faultManager\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"refundPool\",\"type\":\"address\"}],\"internalType\":\"structSystem\",\"name\":\"system\",\"type\":\"tuple\"},{\"internalType\":\"uint64\",\"name\":\"settleBlocks_\",\"type\":\"uint64\"}],\"stateMutability\":\"nonpayable\",\"type\":\"constructor\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"account\",\"type\":\"address\"}],\"name\":\"balanceOf\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"jobId\",\"type\":\"bytes32\"}],\"name\":\"job\",\"outputs\":[{\"components\":[{\"internalType\":\"enumJobStatus\",\"name\":\"status\",\"type\":\"uint8\"},{\"internalType\":\"address\",\"name\":\"buyer\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"provider\",\"type\":\"address\"},{\"internalType\":\"uint64\",\"name\":\"deadlineEpoch\",\"type\":\"uint64\"},{\"internalType\":\"uint256\",\"name\":\"payment\",\"type\":\"uint256\"},{\"internalType\":\"bytes32\",\"name\":\"specId\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"clientNonce\",\"type\":\"bytes32\"}],\"internalType\":\"structJob\",\"name\":\"\",\"type\":\"tuple\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"provider\",\"type\":\"address\"},{\"internalType\":\"bytes32\",\"name\":\"specId\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"clientNonce\",\"type\":\"bytes32\"},{\"internalType\":\"uint64\",\"name\":\"deadlineEpoch\",\"type\":\"uint64\"}],\"name\":\"open\",\"outputs\":[{\"internalType\":\"bytes32\",\"name\":\"jobId\",\"type\":\"bytes32\"}],\"stateMutability\":\"payable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"jobId\",\"type\":\"bytes32\"}],\"name\":\"reclaim\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"jobId\",\"type\":\"bytes32\"},{\"components\":[{\"internalType\":\"address\",\"name\":\"provider\",\"type\":\"address\"},{\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"sequence\",\"type\":\"uint64\"},{\"internalType\":\"bytes32\",\"name\":\"specId\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"requestHash\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"outputHash\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"evidenceHash\",\"type\":\"bytes32\"},{\"internalType\":\"uint32\",\"name\":\"promptTokens\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"outputTokens\",\"type\":\"uint32\"},{\"internalType\":\"bytes32\",\"name\":\"clientNonce\",\"type\":\"bytes32\"},{\"internalType\":\"uint64\",\"name\":\"time\",\"type\":\"uint64\"}],\"internalType\":\"structReceipt\",\"name\":\"receipt\",\"type\":\"tuple\"},{\"internalType\":\"bytes32[]\",\"name\":\"proof\",\"type\":\"bytes32[]\"}],\"name\":\"settle\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"settleBlocks\",\"outputs\":[{\"internalType\":\"uint64\",\"name\":\"\",\"type\":\"uint64\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"withdraw\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"jobId\",\"type\":\"bytes32\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"buyer\",\"type\":\"address\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"provider\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"bytes32\",\"name\":\"clientNonce\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"payment\",\"type\":\"uint256\"}],\"name\":\"JobOpened\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"jobId\",\"type\":\"bytes32\"},{\"indexed\":true,\"internalType\":\"enumJobStatus\",\"name\":\"status\",\"type\":\"uint8\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"to\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"payment\",\"type\":\"uint256\"}],\"name\":\"JobSettled\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"address\",\"name\":\"account\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"}],\"name\":\"Withdrawn\",\"type\":\"event\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"jobId\",\"type\":\"bytes32\"}],\"name\":\"JobExists\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"JobRefused\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"jobId\",\"type\":\"bytes32\"}],\"name\":\"NotEscrowed\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"batchId\",\"type\":\"bytes32\"}],\"name\":\"NotFinal\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"account\",\"type\":\"address\"}],\"name\":\"NothingOwed\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"account\",\"type\":\"address\"}],\"name\":\"PaymentRefused\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"provider\",\"type\":\"address\"}],\"name\":\"ProviderJailed\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"ReentrancyGuardReentrantCall\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"ScheduleRefused\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"reclaimableAfter\",\"type\":\"uint256\"}],\"name\":\"TooEarly\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"jobId\",\"type\":\"bytes32\"}],\"name\":\"WrongReceipt\",\"type\":\"error\"}]",
	ID:  "46f093968ad024faa663587173dcaa9a0a",
	Bin: "0x61020080604052346103e15780611809803803809161001e82856103f8565b833981010361016081126103e157610140136103e15760405161014081016001600160401b038111828210176103cd5760405261005a8261041b565b81526100686020830161041b565b60208201526100796040830161041b565b604082015261008a6060830161041b565b606082015261009b6080830161041b565b60808201526100ac60a0830161041b565b9160a082018381526100c060c0830161041b565b60c0840152600461010061010d6101406100dc60e0870161041b565b9560e088019687526100ef84820161041b565b9784810198895261012061010481840161041b565b9101520161042f565b604051635830251360e11b815290969092839182906001600160a01b03165afa9081156103ed575f91610302575b506020810180516001600160401b03161515806102ec575b806102d6575b806102c0575b806102aa575b1561029b5781516001600160401b0390811660809081529151811660a0908152604084810151831660c09081526060860151841660e090815294860151841661010052918501518316610120529084015182166101405291909201519091166101605260017f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005590516001600160a01b0390811661018052915182166101a0529151166101c0526101e091909152516113c590816104448239608051816111a6015260a051816111d3015260c05181611203015260e051816112330152610100518161126301526101205181611293015261014051816112c3015261016051816112f30152610180518161013401526101a0518161035201526101c05181610d2001526101e05181818161094c0152610ffc0152f35b633de7d42d60e11b5f5260045ffd5b5060c08201516001600160401b03161515610165565b5060a08201516001600160401b0316151561015f565b5060808201516001600160401b03161515610159565b5060608201516001600160401b03161515610153565b9050610100813d82116103e5575b8161031e61010093836103f8565b810103126103e1576040519061010082016001600160401b038111838210176103cd576103c29160e0916040526103548161042f565b84526103626020820161042f565b60208501526103736040820161042f565b60408501526103846060820161042f565b60608501526103956080820161042f565b60808501526103a660a0820161042f565b60a08501526103b760c0820161042f565b60c08501520161042f565b60e08201525f61013b565b634e487b7160e01b5f52604160045260245ffd5b5f80fd5b3d9150610310565b6040513d5f823e3d90fd5b601f909101601f19168101906001600160401b038211908210176103cd57604052565b51906001600160a01b03821682036103e157565b51906001600160401b03821682036103e15756fe6080806040526004361015610012575f80fd5b5f3560e01c9081631bf121c514610fde57508063224816c514610c9f5780633ccfd60b14610aba57806370a0823114610a7557806396afb365146108ae578063db371c60146107865763e21232a114610069575f80fd5b3461065a576101a060031936011261065a576004356101607fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffdc36011261065a576101843567ffffffffffffffff811161065a573660238201121561065a5780600401359067ffffffffffffffff821161065a578160051b90366024838301011161065a576100f684611375565b9161014435926004810154841480610743575b80610734575b8061070f575b156106e35773ffffffffffffffffffffffffffffffffffffffff6001817f000000000000000000000000000000000000000000000000000000000000000016920154169467ffffffffffffffff61016a61112f565b604051977f9ae1fd6d0000000000000000000000000000000000000000000000000000000089526004890152166024870152602086604481855afa958615610665575f966106af575b50604051947f627bfecc00000000000000000000000000000000000000000000000000000000865286600487015260243573ffffffffffffffffffffffffffffffffffffffff811680910361065a57602487015260443567ffffffffffffffff811680910361065a57604487015267ffffffffffffffff610232611043565b166064870152608435608487015260a43560a487015260c43560c487015260e43560e48701526101043563ffffffff811680910361065a576101048701526101243563ffffffff811680910361065a57610124870152610144860152610164359067ffffffffffffffff821680920361065a577f07ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff916101648701526101a0610184870152806101a48701521161065a57836101c4818481956024602098018484013781010301915afa801561066557610670575b50604051907f040b7eed0000000000000000000000000000000000000000000000000000000082528060048301526101208260248173ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000165afa908115610665575f5f935f93610553575b506002906103928161105a565b036105285750159081610515575b81610502575b816104b1575b50156104aa5760025b815f525f60205260405f20916103cb82846110eb565b6103d48261105a565b60028203610464577fb292314e376f305b9bc4828e19b3e1a21ab028e780025a90058ca0793e2322b26020600273ffffffffffffffffffffffffffffffffffffffff600187015416955b0173ffffffffffffffffffffffffffffffffffffffff8154961695865f526001835261044f60405f20918254611122565b90555461045b8561105a565b604051908152a4005b7fb292314e376f305b9bc4828e19b3e1a21ab028e780025a90058ca0793e2322b26020600273ffffffffffffffffffffffffffffffffffffffff865460081c169561041e565b60036103b5565b6060810151915063ffffffff60406401fffffffe920151169160011b16115f6103ac565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601160045260245ffd5b60c081015163ffffffff161591506103a6565b608081015163ffffffff161591506103a0565b7fc82dbb67000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b9250509150806101203d811161065e575b61056e818361109d565b81010391610120831261065a57815192600484101561065a577fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe060e091011261065a57604051916105be83611064565b6020810151835260408101519073ffffffffffffffffffffffffffffffffffffffff8216820361065a5761010061065291600293602087015261060360608201611146565b604087015261061460808201611146565b606087015261062560a08201611146565b608087015261063660c08201611146565b60a087015261064760e08201611146565b60c0870152016110de565b929390610385565b5f80fd5b503d610564565b6040513d5f823e3d90fd5b6020813d6020116106a7575b816106896020938361109d565b8101031261065a575167ffffffffffffffff81168114610306575f80fd5b3d915061067c565b9095506020813d6020116106db575b816106cb6020938361109d565b8101031261065a5751945f6101b3565b3d91506106be565b857f4a37e78b000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b5061071861112f565b67ffffffffffffffff80600184015460a01c1691161115610115565b5060038101546084351461010f565b5060243573ffffffffffffffffffffffffffffffffffffffff811680910361065a5773ffffffffffffffffffffffffffffffffffffffff60018301541614610109565b3461065a57602060031936011261065a575f60c06040516107a681611064565b8281528260208201528260408201528260608201528260808201528260a082015201526004355f525f60205260e060405f206040516107e481611064565b81549160ff8316926107f58461105a565b83835273ffffffffffffffffffffffffffffffffffffffff602084019160081c16815267ffffffffffffffff600183015473ffffffffffffffffffffffffffffffffffffffff60408601818316815283606088019360a01c168352816002870154956080890196875260c0600460038a01549960a08c019a8b5201549901988952604051996108838161105a565b8a525116602089015251166040870152511660608501525160808401525160a08301525160c0820152f35b3461065a57602060031936011261065a576004356109726109416108d183611375565b67ffffffffffffffff60e061093761092a61091d6109106109038660016108f6611157565b99015460a01c168861131b565b8660608901511690611122565b8560808801511690611122565b8460a08701511690611122565b8360c08601511690611122565b9201511690611122565b67ffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001690611122565b80431115610a4a57505f8181526020819052604090209081547fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff00166003178255600273ffffffffffffffffffffffffffffffffffffffff835460081c1692018054835f5260016020526109ea60405f20918254611122565b905554907fb292314e376f305b9bc4828e19b3e1a21ab028e780025a90058ca0793e2322b26020600393604051908152a4005b7f4e487b71000000000000000000000000000000000000000000000000000000005f52602160045260245ffd5b7f2a35a324000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b3461065a57602060031936011261065a5773ffffffffffffffffffffffffffffffffffffffff610aa3611020565b165f526001602052602060405f2054604051908152f35b3461065a575f60031936011261065a5760027f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005414610c775760027f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f0055335f52600160205260405f20548015610c4b575f8080809333825260016020528160408120556040518181527f7084f5476618d8e60b11ef0d7d3f06914655adb8793e28ff7f018d4c76d505d560203392a2335af13d15610c46573d67ffffffffffffffff8111610c195760405190610bb860207fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f840116018361109d565b81525f60203d92013e5b15610bed5760017f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f0055005b7fb6c30e5f000000000000000000000000000000000000000000000000000000005f523360045260245ffd5b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b610bc2565b7f751b0fda000000000000000000000000000000000000000000000000000000005f523360045260245ffd5b7f3ee5aeb5000000000000000000000000000000000000000000000000000000005f5260045ffd5b608060031936011261065a57610cb3611020565b604435610cbe611043565b9173ffffffffffffffffffffffffffffffffffffffff604051917f7043e5dd000000000000000000000000000000000000000000000000000000008352169081600482015260208160248173ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000165afa908115610665575f91610fa4575b50610f795734151580610f60575b15610f3857604051602081019033825282604082015283606082015260608152610d8960808261109d565b51902091825f525f60205260ff60405f205416610da58161105a565b610f0c57602093600460405191610dbb83611064565b60018352868301903382526040840186815267ffffffffffffffff6060860192168252608085019034825260a0860192602435845260c08701948886528a5f525f8c52610e1660405f209851610e108161105a565b896110eb565b517fffffffffffffffffffffff0000000000000000000000000000000000000000ff74ffffffffffffffffffffffffffffffffffffffff0089549260081b16911617875573ffffffffffffffffffffffffffffffffffffffff600188019251167fffffffff000000000000000000000000000000000000000000000000000000007bffffffffffffffff00000000000000000000000000000000000000008454935160a01b16921617179055516002850155516003840155519101556040519081523484820152827f6825f6646e5999032405bc7d51e23d11b8568f8ebaf1b423baf242a608a4662a60403393a4604051908152f35b827f9e2b4bfd000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b7fcb3c7855000000000000000000000000000000000000000000000000000000005f5260045ffd5b50610f7283610f6d611157565b61131b565b4310610d5e565b7f219fd013000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b90506020813d602011610fd6575b81610fbf6020938361109d565b8101031261065a57610fd0906110de565b84610d50565b3d9150610fb2565b3461065a575f60031936011261065a5760209067ffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000168152f35b6004359073ffffffffffffffffffffffffffffffffffffffff8216820361065a57565b6064359067ffffffffffffffff8216820361065a57565b60041115610a1d57565b60e0810190811067ffffffffffffffff821117610c1957604052565b610100810190811067ffffffffffffffff821117610c1957604052565b90601f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0910116810190811067ffffffffffffffff821117610c1957604052565b5190811515820361065a57565b906110f58161105a565b60ff7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff008354169116179055565b919082018092116104d557565b60443567ffffffffffffffff8116810361065a5790565b519063ffffffff8216820361065a57565b5f60e060405161116681611080565b8281528260208201528260408201528260608201528260808201528260a08201528260c0820152015260405161119b81611080565b67ffffffffffffffff7f000000000000000000000000000000000000000000000000000000000000000016815267ffffffffffffffff7f000000000000000000000000000000000000000000000000000000000000000016602082015267ffffffffffffffff7f000000000000000000000000000000000000000000000000000000000000000016604082015267ffffffffffffffff7f000000000000000000000000000000000000000000000000000000000000000016606082015267ffffffffffffffff7f000000000000000000000000000000000000000000000000000000000000000016608082015267ffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001660a082015267ffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001660c082015267ffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001660e082015290565b67ffffffffffffffff808251169216602082019067ffffffffffffffff825116908181029181830414901517156104d55761093767ffffffffffffffff928361136960409461137298611122565b91511690611122565b90565b90815f525f60205260405f2091600160ff8454166113928161105a565b0361139a5750565b7ff30a7c9e000000000000000000000000000000000000000000000000000000005f5260045260245ffd",
}

// ExampleMarket is an auto generated Go binding around an Ethereum contract.
type ExampleMarket struct {
	abi abi.ABI
}

// GetABI returns the ABI associated with this contract binding.
func (c *ExampleMarket) GetABI() abi.ABI {
	return c.abi
}

// NewExampleMarket creates a new instance of ExampleMarket.
func NewExampleMarket() *ExampleMarket {
	parsed, err := ExampleMarketMetaData.ParseABI()
	if err != nil {
		panic(errors.New("invalid ABI: " + err.Error()))
	}
	return &ExampleMarket{abi: *parsed}
}

// Instance creates a wrapper for a deployed contract instance at the given address.
// Use this to create the instance object passed to abigen v2 library functions Call, Transact, etc.
func (c *ExampleMarket) Instance(backend bind.ContractBackend, addr common.Address) *bind.BoundContract {
	return bind.NewBoundContract(addr, c.abi, backend, backend, backend)
}

// PackConstructor is the Go binding used to pack the parameters required for
// contract deployment.
//
// Solidity: constructor((address,address,address,address,address,address,address,address,address,address) system, uint64 settleBlocks_) returns()
func (exampleMarket *ExampleMarket) PackConstructor(system System, settleBlocks_ uint64) []byte {
	enc, err := exampleMarket.abi.Pack("", system, settleBlocks_)
	if err != nil {
		panic(err)
	}
	return enc
}

// PackBalanceOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x70a08231.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function balanceOf(address account) view returns(uint256)
func (exampleMarket *ExampleMarket) PackBalanceOf(account common.Address) []byte {
	enc, err := exampleMarket.abi.Pack("balanceOf", account)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackBalanceOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x70a08231.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function balanceOf(address account) view returns(uint256)
func (exampleMarket *ExampleMarket) TryPackBalanceOf(account common.Address) ([]byte, error) {
	return exampleMarket.abi.Pack("balanceOf", account)
}

// UnpackBalanceOf is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x70a08231.
//
// Solidity: function balanceOf(address account) view returns(uint256)
func (exampleMarket *ExampleMarket) UnpackBalanceOf(data []byte) (*big.Int, error) {
	out, err := exampleMarket.abi.Unpack("balanceOf", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackJob is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xdb371c60.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function job(bytes32 jobId) view returns((uint8,address,address,uint64,uint256,bytes32,bytes32))
func (exampleMarket *ExampleMarket) PackJob(jobId [32]byte) []byte {
	enc, err := exampleMarket.abi.Pack("job", jobId)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackJob is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xdb371c60.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function job(bytes32 jobId) view returns((uint8,address,address,uint64,uint256,bytes32,bytes32))
func (exampleMarket *ExampleMarket) TryPackJob(jobId [32]byte) ([]byte, error) {
	return exampleMarket.abi.Pack("job", jobId)
}

// UnpackJob is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xdb371c60.
//
// Solidity: function job(bytes32 jobId) view returns((uint8,address,address,uint64,uint256,bytes32,bytes32))
func (exampleMarket *ExampleMarket) UnpackJob(data []byte) (Job, error) {
	out, err := exampleMarket.abi.Unpack("job", data)
	if err != nil {
		return *new(Job), err
	}
	out0 := *abi.ConvertType(out[0], new(Job)).(*Job)
	return out0, nil
}

// PackOpen is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x224816c5.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function open(address provider, bytes32 specId, bytes32 clientNonce, uint64 deadlineEpoch) payable returns(bytes32 jobId)
func (exampleMarket *ExampleMarket) PackOpen(provider common.Address, specId [32]byte, clientNonce [32]byte, deadlineEpoch uint64) []byte {
	enc, err := exampleMarket.abi.Pack("open", provider, specId, clientNonce, deadlineEpoch)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackOpen is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x224816c5.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function open(address provider, bytes32 specId, bytes32 clientNonce, uint64 deadlineEpoch) payable returns(bytes32 jobId)
func (exampleMarket *ExampleMarket) TryPackOpen(provider common.Address, specId [32]byte, clientNonce [32]byte, deadlineEpoch uint64) ([]byte, error) {
	return exampleMarket.abi.Pack("open", provider, specId, clientNonce, deadlineEpoch)
}

// UnpackOpen is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x224816c5.
//
// Solidity: function open(address provider, bytes32 specId, bytes32 clientNonce, uint64 deadlineEpoch) payable returns(bytes32 jobId)
func (exampleMarket *ExampleMarket) UnpackOpen(data []byte) ([32]byte, error) {
	out, err := exampleMarket.abi.Unpack("open", data)
	if err != nil {
		return *new([32]byte), err
	}
	out0 := *abi.ConvertType(out[0], new([32]byte)).(*[32]byte)
	return out0, nil
}

// PackReclaim is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x96afb365.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function reclaim(bytes32 jobId) returns()
func (exampleMarket *ExampleMarket) PackReclaim(jobId [32]byte) []byte {
	enc, err := exampleMarket.abi.Pack("reclaim", jobId)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackReclaim is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x96afb365.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function reclaim(bytes32 jobId) returns()
func (exampleMarket *ExampleMarket) TryPackReclaim(jobId [32]byte) ([]byte, error) {
	return exampleMarket.abi.Pack("reclaim", jobId)
}

// PackSettle is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xe21232a1.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function settle(bytes32 jobId, (address,uint64,uint64,bytes32,bytes32,bytes32,bytes32,uint32,uint32,bytes32,uint64) receipt, bytes32[] proof) returns()
func (exampleMarket *ExampleMarket) PackSettle(jobId [32]byte, receipt Receipt, proof [][32]byte) []byte {
	enc, err := exampleMarket.abi.Pack("settle", jobId, receipt, proof)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSettle is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xe21232a1.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function settle(bytes32 jobId, (address,uint64,uint64,bytes32,bytes32,bytes32,bytes32,uint32,uint32,bytes32,uint64) receipt, bytes32[] proof) returns()
func (exampleMarket *ExampleMarket) TryPackSettle(jobId [32]byte, receipt Receipt, proof [][32]byte) ([]byte, error) {
	return exampleMarket.abi.Pack("settle", jobId, receipt, proof)
}

// PackSettleBlocks is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x1bf121c5.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function settleBlocks() view returns(uint64)
func (exampleMarket *ExampleMarket) PackSettleBlocks() []byte {
	enc, err := exampleMarket.abi.Pack("settleBlocks")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSettleBlocks is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x1bf121c5.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function settleBlocks() view returns(uint64)
func (exampleMarket *ExampleMarket) TryPackSettleBlocks() ([]byte, error) {
	return exampleMarket.abi.Pack("settleBlocks")
}

// UnpackSettleBlocks is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x1bf121c5.
//
// Solidity: function settleBlocks() view returns(uint64)
func (exampleMarket *ExampleMarket) UnpackSettleBlocks(data []byte) (uint64, error) {
	out, err := exampleMarket.abi.Unpack("settleBlocks", data)
	if err != nil {
		return *new(uint64), err
	}
	out0 := *abi.ConvertType(out[0], new(uint64)).(*uint64)
	return out0, nil
}

// PackWithdraw is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x3ccfd60b.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function withdraw() returns()
func (exampleMarket *ExampleMarket) PackWithdraw() []byte {
	enc, err := exampleMarket.abi.Pack("withdraw")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackWithdraw is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x3ccfd60b.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function withdraw() returns()
func (exampleMarket *ExampleMarket) TryPackWithdraw() ([]byte, error) {
	return exampleMarket.abi.Pack("withdraw")
}

// ExampleMarketJobOpened represents a JobOpened event raised by the ExampleMarket contract.
type ExampleMarketJobOpened struct {
	JobId       [32]byte
	Buyer       common.Address
	Provider    common.Address
	ClientNonce [32]byte
	Payment     *big.Int
	Raw         *types.Log // Blockchain specific contextual infos
}

const ExampleMarketJobOpenedEventName = "JobOpened"

// ContractEventName returns the user-defined event name.
func (ExampleMarketJobOpened) ContractEventName() string {
	return ExampleMarketJobOpenedEventName
}

// UnpackJobOpenedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event JobOpened(bytes32 indexed jobId, address indexed buyer, address indexed provider, bytes32 clientNonce, uint256 payment)
func (exampleMarket *ExampleMarket) UnpackJobOpenedEvent(log *types.Log) (*ExampleMarketJobOpened, error) {
	event := "JobOpened"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != exampleMarket.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(ExampleMarketJobOpened)
	if len(log.Data) > 0 {
		if err := exampleMarket.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range exampleMarket.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// ExampleMarketJobSettled represents a JobSettled event raised by the ExampleMarket contract.
type ExampleMarketJobSettled struct {
	JobId   [32]byte
	Status  uint8
	To      common.Address
	Payment *big.Int
	Raw     *types.Log // Blockchain specific contextual infos
}

const ExampleMarketJobSettledEventName = "JobSettled"

// ContractEventName returns the user-defined event name.
func (ExampleMarketJobSettled) ContractEventName() string {
	return ExampleMarketJobSettledEventName
}

// UnpackJobSettledEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event JobSettled(bytes32 indexed jobId, uint8 indexed status, address indexed to, uint256 payment)
func (exampleMarket *ExampleMarket) UnpackJobSettledEvent(log *types.Log) (*ExampleMarketJobSettled, error) {
	event := "JobSettled"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != exampleMarket.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(ExampleMarketJobSettled)
	if len(log.Data) > 0 {
		if err := exampleMarket.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range exampleMarket.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// ExampleMarketWithdrawn represents a Withdrawn event raised by the ExampleMarket contract.
type ExampleMarketWithdrawn struct {
	Account common.Address
	Amount  *big.Int
	Raw     *types.Log // Blockchain specific contextual infos
}

const ExampleMarketWithdrawnEventName = "Withdrawn"

// ContractEventName returns the user-defined event name.
func (ExampleMarketWithdrawn) ContractEventName() string {
	return ExampleMarketWithdrawnEventName
}

// UnpackWithdrawnEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Withdrawn(address indexed account, uint256 amount)
func (exampleMarket *ExampleMarket) UnpackWithdrawnEvent(log *types.Log) (*ExampleMarketWithdrawn, error) {
	event := "Withdrawn"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != exampleMarket.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(ExampleMarketWithdrawn)
	if len(log.Data) > 0 {
		if err := exampleMarket.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range exampleMarket.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// UnpackError attempts to decode the provided error data using user-defined
// error definitions.
func (exampleMarket *ExampleMarket) UnpackError(raw []byte) (any, error) {
	if bytes.Equal(raw[:4], exampleMarket.abi.Errors["JobExists"].ID.Bytes()[:4]) {
		return exampleMarket.UnpackJobExistsError(raw[4:])
	}
	if bytes.Equal(raw[:4], exampleMarket.abi.Errors["JobRefused"].ID.Bytes()[:4]) {
		return exampleMarket.UnpackJobRefusedError(raw[4:])
	}
	if bytes.Equal(raw[:4], exampleMarket.abi.Errors["NotEscrowed"].ID.Bytes()[:4]) {
		return exampleMarket.UnpackNotEscrowedError(raw[4:])
	}
	if bytes.Equal(raw[:4], exampleMarket.abi.Errors["NotFinal"].ID.Bytes()[:4]) {
		return exampleMarket.UnpackNotFinalError(raw[4:])
	}
	if bytes.Equal(raw[:4], exampleMarket.abi.Errors["NothingOwed"].ID.Bytes()[:4]) {
		return exampleMarket.UnpackNothingOwedError(raw[4:])
	}
	if bytes.Equal(raw[:4], exampleMarket.abi.Errors["PaymentRefused"].ID.Bytes()[:4]) {
		return exampleMarket.UnpackPaymentRefusedError(raw[4:])
	}
	if bytes.Equal(raw[:4], exampleMarket.abi.Errors["ProviderJailed"].ID.Bytes()[:4]) {
		return exampleMarket.UnpackProviderJailedError(raw[4:])
	}
	if bytes.Equal(raw[:4], exampleMarket.abi.Errors["ReentrancyGuardReentrantCall"].ID.Bytes()[:4]) {
		return exampleMarket.UnpackReentrancyGuardReentrantCallError(raw[4:])
	}
	if bytes.Equal(raw[:4], exampleMarket.abi.Errors["ScheduleRefused"].ID.Bytes()[:4]) {
		return exampleMarket.UnpackScheduleRefusedError(raw[4:])
	}
	if bytes.Equal(raw[:4], exampleMarket.abi.Errors["TooEarly"].ID.Bytes()[:4]) {
		return exampleMarket.UnpackTooEarlyError(raw[4:])
	}
	if bytes.Equal(raw[:4], exampleMarket.abi.Errors["WrongReceipt"].ID.Bytes()[:4]) {
		return exampleMarket.UnpackWrongReceiptError(raw[4:])
	}
	return nil, errors.New("Unknown error")
}

// ExampleMarketJobExists represents a JobExists error raised by the ExampleMarket contract.
type ExampleMarketJobExists struct {
	JobId [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error JobExists(bytes32 jobId)
func ExampleMarketJobExistsErrorID() common.Hash {
	return common.HexToHash("0x9e2b4bfd54f0778ae5b46dc678017f9ac3f783c5abec883f886f9464cfd3e050")
}

// UnpackJobExistsError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error JobExists(bytes32 jobId)
func (exampleMarket *ExampleMarket) UnpackJobExistsError(raw []byte) (*ExampleMarketJobExists, error) {
	out := new(ExampleMarketJobExists)
	if err := exampleMarket.abi.UnpackIntoInterface(out, "JobExists", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// ExampleMarketJobRefused represents a JobRefused error raised by the ExampleMarket contract.
type ExampleMarketJobRefused struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error JobRefused()
func ExampleMarketJobRefusedErrorID() common.Hash {
	return common.HexToHash("0xcb3c7855bc848138ff2c70440fb3c426ae858c2bb11c334027f5b6c4d51eb05e")
}

// UnpackJobRefusedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error JobRefused()
func (exampleMarket *ExampleMarket) UnpackJobRefusedError(raw []byte) (*ExampleMarketJobRefused, error) {
	out := new(ExampleMarketJobRefused)
	if err := exampleMarket.abi.UnpackIntoInterface(out, "JobRefused", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// ExampleMarketNotEscrowed represents a NotEscrowed error raised by the ExampleMarket contract.
type ExampleMarketNotEscrowed struct {
	JobId [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NotEscrowed(bytes32 jobId)
func ExampleMarketNotEscrowedErrorID() common.Hash {
	return common.HexToHash("0xf30a7c9ef5084b95e16b8d12bfc2a4ed6c1d6b29396da137abd5d3856f5a8c06")
}

// UnpackNotEscrowedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NotEscrowed(bytes32 jobId)
func (exampleMarket *ExampleMarket) UnpackNotEscrowedError(raw []byte) (*ExampleMarketNotEscrowed, error) {
	out := new(ExampleMarketNotEscrowed)
	if err := exampleMarket.abi.UnpackIntoInterface(out, "NotEscrowed", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// ExampleMarketNotFinal represents a NotFinal error raised by the ExampleMarket contract.
type ExampleMarketNotFinal struct {
	BatchId [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NotFinal(bytes32 batchId)
func ExampleMarketNotFinalErrorID() common.Hash {
	return common.HexToHash("0xc82dbb678e950e6302695955ea48feb45a3162881b98fc495d1e00746cb0a583")
}

// UnpackNotFinalError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NotFinal(bytes32 batchId)
func (exampleMarket *ExampleMarket) UnpackNotFinalError(raw []byte) (*ExampleMarketNotFinal, error) {
	out := new(ExampleMarketNotFinal)
	if err := exampleMarket.abi.UnpackIntoInterface(out, "NotFinal", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// ExampleMarketNothingOwed represents a NothingOwed error raised by the ExampleMarket contract.
type ExampleMarketNothingOwed struct {
	Account common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NothingOwed(address account)
func ExampleMarketNothingOwedErrorID() common.Hash {
	return common.HexToHash("0x751b0fdaa408a0c7537afaf0af96a92598192bff093a0ad0f684a7c83bc223c9")
}

// UnpackNothingOwedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NothingOwed(address account)
func (exampleMarket *ExampleMarket) UnpackNothingOwedError(raw []byte) (*ExampleMarketNothingOwed, error) {
	out := new(ExampleMarketNothingOwed)
	if err := exampleMarket.abi.UnpackIntoInterface(out, "NothingOwed", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// ExampleMarketPaymentRefused represents a PaymentRefused error raised by the ExampleMarket contract.
type ExampleMarketPaymentRefused struct {
	Account common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error PaymentRefused(address account)
func ExampleMarketPaymentRefusedErrorID() common.Hash {
	return common.HexToHash("0xb6c30e5f0c557b120c5a0883d0096cc6767420d80c5f6be6285d840bc71edf68")
}

// UnpackPaymentRefusedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error PaymentRefused(address account)
func (exampleMarket *ExampleMarket) UnpackPaymentRefusedError(raw []byte) (*ExampleMarketPaymentRefused, error) {
	out := new(ExampleMarketPaymentRefused)
	if err := exampleMarket.abi.UnpackIntoInterface(out, "PaymentRefused", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// ExampleMarketProviderJailed represents a ProviderJailed error raised by the ExampleMarket contract.
type ExampleMarketProviderJailed struct {
	Provider common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ProviderJailed(address provider)
func ExampleMarketProviderJailedErrorID() common.Hash {
	return common.HexToHash("0x219fd0136136d50c24c60ba9ce87906327158aac8eb93101aebefdca6c48575c")
}

// UnpackProviderJailedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ProviderJailed(address provider)
func (exampleMarket *ExampleMarket) UnpackProviderJailedError(raw []byte) (*ExampleMarketProviderJailed, error) {
	out := new(ExampleMarketProviderJailed)
	if err := exampleMarket.abi.UnpackIntoInterface(out, "ProviderJailed", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// ExampleMarketReentrancyGuardReentrantCall represents a ReentrancyGuardReentrantCall error raised by the ExampleMarket contract.
type ExampleMarketReentrancyGuardReentrantCall struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ReentrancyGuardReentrantCall()
func ExampleMarketReentrancyGuardReentrantCallErrorID() common.Hash {
	return common.HexToHash("0x3ee5aeb571de7fc460830b4d0017439a1ca56fb0bc39062227ade4fe4a24c1ca")
}

// UnpackReentrancyGuardReentrantCallError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ReentrancyGuardReentrantCall()
func (exampleMarket *ExampleMarket) UnpackReentrancyGuardReentrantCallError(raw []byte) (*ExampleMarketReentrancyGuardReentrantCall, error) {
	out := new(ExampleMarketReentrancyGuardReentrantCall)
	if err := exampleMarket.abi.UnpackIntoInterface(out, "ReentrancyGuardReentrantCall", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// ExampleMarketScheduleRefused represents a ScheduleRefused error raised by the ExampleMarket contract.
type ExampleMarketScheduleRefused struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ScheduleRefused()
func ExampleMarketScheduleRefusedErrorID() common.Hash {
	return common.HexToHash("0x7bcfa85a58e5b1da55af1dc21837e0c47e42e72c032bdc0598ce3d971c55ea0d")
}

// UnpackScheduleRefusedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ScheduleRefused()
func (exampleMarket *ExampleMarket) UnpackScheduleRefusedError(raw []byte) (*ExampleMarketScheduleRefused, error) {
	out := new(ExampleMarketScheduleRefused)
	if err := exampleMarket.abi.UnpackIntoInterface(out, "ScheduleRefused", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// ExampleMarketTooEarly represents a TooEarly error raised by the ExampleMarket contract.
type ExampleMarketTooEarly struct {
	ReclaimableAfter *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error TooEarly(uint256 reclaimableAfter)
func ExampleMarketTooEarlyErrorID() common.Hash {
	return common.HexToHash("0x2a35a3246d5070e2b118858c24c2c4d23eaebe645b92ab746b92dd600c35a9d7")
}

// UnpackTooEarlyError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error TooEarly(uint256 reclaimableAfter)
func (exampleMarket *ExampleMarket) UnpackTooEarlyError(raw []byte) (*ExampleMarketTooEarly, error) {
	out := new(ExampleMarketTooEarly)
	if err := exampleMarket.abi.UnpackIntoInterface(out, "TooEarly", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// ExampleMarketWrongReceipt represents a WrongReceipt error raised by the ExampleMarket contract.
type ExampleMarketWrongReceipt struct {
	JobId [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error WrongReceipt(bytes32 jobId)
func ExampleMarketWrongReceiptErrorID() common.Hash {
	return common.HexToHash("0x4a37e78b43b28b8b69ff16ff4c82cda3edfcc22a163b8989c380e124ee3f5f78")
}

// UnpackWrongReceiptError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error WrongReceipt(bytes32 jobId)
func (exampleMarket *ExampleMarket) UnpackWrongReceiptError(raw []byte) (*ExampleMarketWrongReceipt, error) {
	out := new(ExampleMarketWrongReceipt)
	if err := exampleMarket.abi.UnpackIntoInterface(out, "WrongReceipt", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// FaultManagerMetaData contains all meta data concerning the FaultManager contract.
var FaultManagerMetaData = bind.MetaData{
	ABI: "[{\"inputs\":[{\"components\":[{\"internalType\":\"address\",\"name\":\"allocationManager\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"keyRegistrar\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"strategyManager\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"strategy\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"serviceManager\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"batchRegistry\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"operatorTable\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"attestationRegistry\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"faultManager\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"refundPool\",\"type\":\"address\"}],\"internalType\":\"structSystem\",\"name\":\"system\",\"type\":\"tuple\"},{\"components\":[{\"internalType\":\"uint64\",\"name\":\"statisticalWad\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"withholdingWad\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"withholdingCapWad\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"operatorWad\",\"type\":\"uint64\"}],\"internalType\":\"structPenalties\",\"name\":\"p\",\"type\":\"tuple\"}],\"stateMutability\":\"nonpayable\",\"type\":\"constructor\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"faultId\",\"type\":\"bytes32\"},{\"components\":[{\"internalType\":\"uint64\",\"name\":\"j\",\"type\":\"uint64\"},{\"components\":[{\"internalType\":\"address\",\"name\":\"provider\",\"type\":\"address\"},{\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"sequence\",\"type\":\"uint64\"},{\"internalType\":\"bytes32\",\"name\":\"specId\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"requestHash\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"outputHash\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"evidenceHash\",\"type\":\"bytes32\"},{\"internalType\":\"uint32\",\"name\":\"promptTokens\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"outputTokens\",\"type\":\"uint32\"},{\"internalType\":\"bytes32\",\"name\":\"clientNonce\",\"type\":\"bytes32\"},{\"internalType\":\"uint64\",\"name\":\"time\",\"type\":\"uint64\"}],\"internalType\":\"structReceipt\",\"name\":\"receipt\",\"type\":\"tuple\"},{\"internalType\":\"bytes32[]\",\"name\":\"proof\",\"type\":\"bytes32[]\"},{\"components\":[{\"internalType\":\"bytes\",\"name\":\"tokens\",\"type\":\"bytes\"},{\"internalType\":\"uint8\",\"name\":\"rule\",\"type\":\"uint8\"},{\"internalType\":\"uint32\",\"name\":\"temperatureMicro\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"topPMicro\",\"type\":\"uint32\"},{\"internalType\":\"bytes32\",\"name\":\"seed\",\"type\":\"bytes32\"},{\"internalType\":\"uint32\",\"name\":\"maxTokens\",\"type\":\"uint32\"},{\"internalType\":\"bytes32\",\"name\":\"salt\",\"type\":\"bytes32\"}],\"internalType\":\"structRequestPart\",\"name\":\"request\",\"type\":\"tuple\"},{\"components\":[{\"internalType\":\"bytes\",\"name\":\"tokens\",\"type\":\"bytes\"},{\"internalType\":\"uint8\",\"name\":\"finish\",\"type\":\"uint8\"},{\"internalType\":\"bytes32\",\"name\":\"salt\",\"type\":\"bytes32\"}],\"internalType\":\"structOutputPart\",\"name\":\"output\",\"type\":\"tuple\"},{\"components\":[{\"internalType\":\"bytes\",\"name\":\"evidence\",\"type\":\"bytes\"},{\"internalType\":\"bytes32\",\"name\":\"salt\",\"type\":\"bytes32\"}],\"internalType\":\"structEvidencePart\",\"name\":\"evidence\",\"type\":\"tuple\"}],\"internalType\":\"structWithheldOpening\",\"name\":\"o\",\"type\":\"tuple\"}],\"name\":\"answerWithholding\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"faultId\",\"type\":\"bytes32\"}],\"name\":\"execute\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"faultId\",\"type\":\"bytes32\"}],\"name\":\"fault\",\"outputs\":[{\"components\":[{\"internalType\":\"enumFaultStatus\",\"name\":\"status\",\"type\":\"uint8\"},{\"internalType\":\"uint8\",\"name\":\"kind\",\"type\":\"uint8\"},{\"internalType\":\"address\",\"name\":\"subject\",\"type\":\"address\"},{\"internalType\":\"uint64\",\"name\":\"executableAt\",\"type\":\"uint64\"},{\"internalType\":\"bytes32\",\"name\":\"batchId\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"ref\",\"type\":\"bytes32\"},{\"internalType\":\"uint256\",\"name\":\"slashId\",\"type\":\"uint256\"}],\"internalType\":\"structFaultRecord\",\"name\":\"\",\"type\":\"tuple\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"},{\"components\":[{\"internalType\":\"uint8\",\"name\":\"kind\",\"type\":\"uint8\"},{\"internalType\":\"address\",\"name\":\"subject\",\"type\":\"address\"},{\"internalType\":\"bytes32\",\"name\":\"batchId\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"ref\",\"type\":\"bytes32\"}],\"internalType\":\"structFault\",\"name\":\"f\",\"type\":\"tuple\"}],\"name\":\"faultIdOf\",\"outputs\":[{\"internalType\":\"bytes32\",\"name\":\"\",\"type\":\"bytes32\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"batchId\",\"type\":\"bytes32\"}],\"name\":\"faultsOf\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"subject\",\"type\":\"address\"}],\"name\":\"jailed\",\"outputs\":[{\"internalType\":\"bool\",\"name\":\"\",\"type\":\"bool\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"penalties\",\"outputs\":[{\"components\":[{\"internalType\":\"uint64\",\"name\":\"statisticalWad\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"withholdingWad\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"withholdingCapWad\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"operatorWad\",\"type\":\"uint64\"}],\"internalType\":\"structPenalties\",\"name\":\"\",\"type\":\"tuple\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"},{\"components\":[{\"internalType\":\"uint8\",\"name\":\"kind\",\"type\":\"uint8\"},{\"internalType\":\"address\",\"name\":\"subject\",\"type\":\"address\"},{\"internalType\":\"bytes32\",\"name\":\"batchId\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"ref\",\"type\":\"bytes32\"}],\"internalType\":\"structFault[]\",\"name\":\"faults\",\"type\":\"tuple[]\"}],\"name\":\"record\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"faultId\",\"type\":\"bytes32\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"subject\",\"type\":\"address\"}],\"name\":\"FaultCleared\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"faultId\",\"type\":\"bytes32\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"subject\",\"type\":\"address\"},{\"indexed\":true,\"internalType\":\"uint256\",\"name\":\"slashId\",\"type\":\"uint256\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"wad\",\"type\":\"uint256\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"shares\",\"type\":\"uint256\"}],\"name\":\"FaultExecuted\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"faultId\",\"type\":\"bytes32\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"subject\",\"type\":\"address\"},{\"indexed\":true,\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"},{\"indexed\":false,\"internalType\":\"uint8\",\"name\":\"kind\",\"type\":\"uint8\"},{\"indexed\":false,\"internalType\":\"bytes32\",\"name\":\"batchId\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"bytes32\",\"name\":\"ref\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"executableAt\",\"type\":\"uint256\"}],\"name\":\"FaultRecorded\",\"type\":\"event\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"faultId\",\"type\":\"bytes32\"}],\"name\":\"FaultExists\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"faultId\",\"type\":\"bytes32\"},{\"internalType\":\"enumFaultStatus\",\"name\":\"status\",\"type\":\"uint8\"}],\"name\":\"FaultNotOpen\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint8\",\"name\":\"kind\",\"type\":\"uint8\"}],\"name\":\"KindUnknown\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"caller\",\"type\":\"address\"}],\"name\":\"NotAttestationRegistry\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"faultId\",\"type\":\"bytes32\"}],\"name\":\"NotWithholding\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"faultId\",\"type\":\"bytes32\"}],\"name\":\"NothingSlashed\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"wad\",\"type\":\"uint256\"}],\"name\":\"PenaltyRefused\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"ReentrancyGuardReentrantCall\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint8\",\"name\":\"bits\",\"type\":\"uint8\"},{\"internalType\":\"uint256\",\"name\":\"value\",\"type\":\"uint256\"}],\"name\":\"SafeCastOverflowedUintDowncast\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"ScheduleRefused\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"length\",\"type\":\"uint256\"}],\"name\":\"TokensNotWhole\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"executableAt\",\"type\":\"uint256\"}],\"name\":\"WindowClosed\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"executableAt\",\"type\":\"uint256\"}],\"name\":\"WindowOpen\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"hash\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"expected\",\"type\":\"bytes32\"}],\"name\":\"WrongPart\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"sampleId\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"expected\",\"type\":\"bytes32\"}],\"name\":\"WrongSample\",\"type\":\"error\"}]",
	ID:  "436983eeaea8fe0d2b4f3602bab008e4a5",
	Bin: "0x6102808060405234610580578061213b803803809161001e82856105b2565b8339810103906101c082126105805761014082126105805760405161014081016001600160401b0381118282101761056c5760405261005c826105d5565b815261006a602083016105d5565b602082015261007b604083016105d5565b604082015261008c606083016105d5565b606082015261009d608083016105d5565b90608081019182526100b160a084016105d5565b9360a082019485526100c560c085016105d5565b60c083015260806100d860e086016105d5565b9160e084019283526100ed61010087016105d5565b6101008501526101206101018188016105d5565b940193845261013f190112610580576040519161011d83610597565b61012a61014086016105e9565b835261013961016086016105e9565b93602084019485526101626101a061015461018089016105e9565b9760408701988952016105e9565b606085019081528751604051635830251360e11b81529198919061010090829060049082906001600160a01b03165afa90811561058c575f916104a1575b506020810180516001600160401b031615158061048b575b80610475575b8061045f575b80610449575b1561043a5781516001600160401b0390811660809081529151811660a0908152604084810151831660c09081526060860151841660e090815294860151841661010052918501518316610120529084015182166101405291909201519091166101605260017f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f00555161025b81610597565b85516001600160401b03908116825287518116602083015288518116604083015289511660608201525f5b600481106103c9575050865186516102ad916001600160401b039081169116811015610622565b516001600160a01b0390811661018052905181166101a052905181166101c0529051166101e052516001600160401b03908116610200529051811661022052905181166102405290511661026052604051611af0908161064b823960805181610d3d015260a05181610d6a015260c05181610d9a015260e05181610dca01526101005181610dfa01526101205181610e2a01526101405181610e5a01526101605181610e8a015261018051816106c801526101a0518161023701526101c051816102eb01526101e05181610cc60152610200518181816114ca0152611a5a0152610220518181816114f701526118ce0152610240518181816115240152818161193c01526119b701526102605181818161154b01526119ee0152f35b60019066038d7ea4c680006001600160401b036103e683866105fd565b5116101580610412575b61040c90838060401b0361040484876105fd565b511690610622565b01610286565b5061040c670de0b6b3a7640000838060401b0361042f84876105fd565b5116111590506103f0565b633de7d42d60e11b5f5260045ffd5b5060c08201516001600160401b031615156101ca565b5060a08201516001600160401b031615156101c4565b5060808201516001600160401b031615156101be565b5060608201516001600160401b031615156101b8565b9050610100813d8211610584575b816104bd61010093836105b2565b81010312610580576040519061010082016001600160401b0381118382101761056c576105619160e0916040526104f3816105e9565b8452610501602082016105e9565b6020850152610512604082016105e9565b6040850152610523606082016105e9565b6060850152610534608082016105e9565b608085015261054560a082016105e9565b60a085015261055660c082016105e9565b60c0850152016105e9565b60e08201525f6101a0565b634e487b7160e01b5f52604160045260245ffd5b5f80fd5b3d91506104af565b6040513d5f823e3d90fd5b608081019081106001600160401b0382111761056c57604052565b601f909101601f19168101906001600160401b0382119082101761056c57604052565b51906001600160a01b038216820361058057565b51906001600160401b038216820361058057565b90600481101561060e5760051b0190565b634e487b7160e01b5f52603260045260245ffd5b1561062a5750565b6308332cf160e11b5f9081526001600160401b0391909116600452602490fdfe6080806040526004361015610012575f80fd5b5f905f3560e01c90816342b53a7514611482575080637043e5dd146114385780637cb1b73a146113035780637d97498e14610c55578063ccac87aa14610b6d578063e4ae45f214610488578063e751f271146100a25763ef52236914610076575f80fd5b3461009f57602060031936011261009f5760406020916004358152600383522054604051908152f35b80fd5b50346103ae5760206003193601126103ae576004359060027f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f0054146104605760027f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005561010e8261176a565b67ffffffffffffffff815460b01c16928343106104345781547fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff00166003178083556001830154602093601083901c73ffffffffffffffffffffffffffffffffffffffff16939260081c60ff16916002604063ffffffff60a46101908988611899565b95909814610419575b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f85519c8d9586947f0d7197c500000000000000000000000000000000000000000000000000000000865216978860048601528d60248601528b6044860152608060648601528051918291826084880152018686015e5f858286010152011681010301815f73ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000165af19283156103a3575f975f946103de575b5083156103b257600388910155156102d4575b507f6b49fa11c33c37e0e5f8eaec948f88d97ec337d6042d14fa36c33f1fe3077e2f9160409182519182526020820152a460017f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005580f35b73ffffffffffffffffffffffffffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001690813b156103ae575f916084839260405194859384927f9b1171690000000000000000000000000000000000000000000000000000000084528a600485015260248401528b60448401528760648401525af180156103a3571561027c576040919650916103995f7f6b49fa11c33c37e0e5f8eaec948f88d97ec337d6042d14fa36c33f1fe3077e2f94611638565b5f9691509161027c565b6040513d5f823e3d90fd5b5f80fd5b857fe5f589ab000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b975092506040873d604011610411575b816103fb60409383611638565b810103126103ae57602087519701519289610269565b3d91506103ee565b895f5260028b52835f2061042d81546116a8565b9055610199565b837fb317256b000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b7f3ee5aeb5000000000000000000000000000000000000000000000000000000005f5260045ffd5b346103ae5760406003193601126103ae5760043560243567ffffffffffffffff81116103ae578060040190803603916102006003198401126103ae576104cd8461176a565b8054600260ff8260081c1603610b415767ffffffffffffffff9060b01c1680431015610b1657506001810154926101848101357fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffdd86018112156103ae5781019360048501359467ffffffffffffffff86116103ae57602401928560051b9182360385136103ae57604051907f627bfecc000000000000000000000000000000000000000000000000000000008252806004830152602485013573ffffffffffffffffffffffffffffffffffffffff81168091036103ae57602483015267ffffffffffffffff6105be604487016115a1565b16604483015267ffffffffffffffff6105d9606487016115a1565b1660648301526084850135608483015260a4850135938460a484015260c4860135968760c48501527f07ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff60e48801359a8b60e487015263ffffffff6106406101048b016116d5565b1661010487015263ffffffff6106596101248b016116d5565b1661012487015261014489013561014487015267ffffffffffffffff6106826101648b016115a1565b166101648701526101a0610184870152806101a4870152116103ae576101c48483602094829484840137810103018173ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000165afa9182156103a3575f92610ad1575b50863567ffffffffffffffff81168091036103ae5767ffffffffffffffff6002936040519260208401947f21bb2801c15ef5ccf6129c5375e0a62ee433b4134385041d7e8a739e50c78bd38652604085015260608401521660808201526080815261076460a082611638565b51902091015490818103610aa35750506101a4820135907fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff1d87018212156103ae577f1d3a6b8fee6f5a517954f1bcc1434c8957e099cbb3b86e61dd427a8f91a4c9d961089992840160048101906107dd60248201611679565b9163ffffffff6107ef604484016117c0565b9260846107fe606483016117c0565b918361080c60a483016117c0565b938161083561082e6108276108218b80611719565b90611ab6565b9980611719565b36916117d1565b602081519101209860ff6040519b60208d019d8e528c604060c48901359101521660608c01521660808a01521660a0880152013560c08601521660e0840152610100830152610120820152610120815261089161014082611638565b519020611835565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff9d6101c482013595018512156103ae5761097e6101e482610969610984956109d09961082e9601600481016108f060248301611679565b9061090b61082e6109046108218480611719565b9280611719565b602081519101209060ff60405193604460208601967fa4129eda918b892b055f2ae5b895e5c1d3384cbb6008c29bbd98ea8aeb5bb913885201356040860152166060840152608083015260a082015260a0815261089160c082611638565b01602061097682876116e6565b0135946116e6565b80611719565b602081519101206040519060208201927fc6c49e863207e97cb8388a1a741c78946b4d305df58e5b3a2143280ea55812fd84526040830152606082015260608152610891608082611638565b805f525f60205273ffffffffffffffffffffffffffffffffffffffff60405f2060027fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff008254161781558054600260ff8260081c1603610a80575b50600181015480610a63575b505460101c16907f14501311cb781ee1bb6b015a726bbafea827abd2e1b1afb163eaf1930bb760dc5f80a3005b5f52600360205260405f20610a78815461186e565b905583610a36565b829060101c165f52600160205260405f20610a9b815461186e565b905583610a2a565b7f8fb05889000000000000000000000000000000000000000000000000000000005f5260045260245260445ffd5b9091506020813d602011610b0e575b81610aed60209383611638565b810103126103ae575167ffffffffffffffff811681036103ae57908a6106f8565b3d9150610ae0565b7fdb57bfb8000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b857f3745861d000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b346103ae5760a06003193601126103ae57610b8661158a565b60807fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffdc3601126103ae576024359060ff8216918281036103ae57506044359173ffffffffffffffffffffffffffffffffffffffff83168084036103ae57602093506040519167ffffffffffffffff858401947f11468cdeb14403917d6b83e9a8033d184db5dbe9fb106c59d5fb32d7e60db60686521660408401526060830152608082015260643560a082015260843560c082015260c08152610c4a60e082611638565b519020604051908152f35b346103ae5760406003193601126103ae57610c6e61158a565b6024359067ffffffffffffffff82116103ae57366023830112156103ae57816004013567ffffffffffffffff81116103ae573660248260071b850101116103ae5773ffffffffffffffffffffffffffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001633036112d7575f60e0604051610cfb8161161b565b8281528260208201528260408201528260608201528260808201528260a08201528260c0820152015260e0604051610d328161161b565b67ffffffffffffffff7f000000000000000000000000000000000000000000000000000000000000000016815267ffffffffffffffff7f000000000000000000000000000000000000000000000000000000000000000016602082015267ffffffffffffffff7f000000000000000000000000000000000000000000000000000000000000000016604082015267ffffffffffffffff7f000000000000000000000000000000000000000000000000000000000000000016606082015267ffffffffffffffff7f000000000000000000000000000000000000000000000000000000000000000016608082015267ffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001660a082015267ffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001660c082015267ffffffffffffffff7f000000000000000000000000000000000000000000000000000000000000000016918291015243018043116112aa5767ffffffffffffffff811161127a575f9267ffffffffffffffff918216929116845b82851015611278578460071b8101946024860195600160ff610efb89611679565b16101580611262575b610f0d88611679565b90156112335750610f1d87611679565b9060448101610f2b81611687565b92608460648401359301359373ffffffffffffffffffffffffffffffffffffffff6040519160ff60208401947f11468cdeb14403917d6b83e9a8033d184db5dbe9fb106c59d5fb32d7e60db60686528b60408601521660608401521660808201528360a08201528460c082015260c08152610fa760e082611638565b51902090815f525f60205260ff60405f20541660048110156111da576112075789610fd760049798999a9b611679565b90610fe183611687565b9060405196610fef886115ff565b6001885260ff602089019416845273ffffffffffffffffffffffffffffffffffffffff60408901931683528d60608901908152608089019488865260a08a019683885260c08b019a5f8c52895f525f60205260405f2090519d8e10156111da578f9b60039060019f9a60809a73ffffffffffffffffffffffffffffffffffffffff9a6111709861116a987fe354607284effa8c15d1af21f6eda949d674881f86cb0bf7702095e60c1c67d79f60ff7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff008a5416911617885551917fffff0000000000000000000000000000000000000000000000000000000000ff61ff007dffffffffffffffff0000000000000000000000000000000000000000000075ffffffffffffffffffffffffffffffffffffffff00008b54945160101b16945160b01b169460081b169116171717855551600185015551600284015551910155600260ff61115987611679565b16036111b4575b8961119757611687565b92611679565b9660ff60405198168852602088015260408701528c60608701521693a40193929190610eda565b895f52600360205260405f206111ad81546116a8565b9055611687565b856111be82611687565b165f528c60205260405f206111d381546116a8565b9055611160565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52602160045260245ffd5b507fff207747000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b60ff907feec8fd98000000000000000000000000000000000000000000000000000000005f521660045260245ffd5b50600360ff61127089611679565b161115610f04565b005b7f6dfcc650000000000000000000000000000000000000000000000000000000005f52604060045260245260445ffd5b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601160045260245ffd5b7f7bb7f1d4000000000000000000000000000000000000000000000000000000005f523360045260245ffd5b346103ae5760206003193601126103ae575f60c0604051611323816115ff565b8281528260208201528260408201528260608201528260808201528260a082015201526004355f525f60205260405f2060405161135f816115ff565b815460ff811660048110156111da578252602082019260ff8260081c168452604083019373ffffffffffffffffffffffffffffffffffffffff8360101c16855267ffffffffffffffff606085019360b01c16835260018201549060808501918252600360028401549360a0870194855201549360c0860194855260405195519160048310156111da5760e09760ff73ffffffffffffffffffffffffffffffffffffffff9267ffffffffffffffff958a525116602089015251166040870152511660608501525160808401525160a08301525160c0820152f35b346103ae5760206003193601126103ae5760043573ffffffffffffffffffffffffffffffffffffffff81168091036103ae575f526001602052602060405f20541515604051908152f35b346103ae575f6003193601126103ae5760608161149f5f936115b6565b828152826020820152826040820152015260806040516114be816115b6565b67ffffffffffffffff807f00000000000000000000000000000000000000000000000000000000000000001691828152816020820191817f00000000000000000000000000000000000000000000000000000000000000001683528160606040830192827f00000000000000000000000000000000000000000000000000000000000000001684520193817f0000000000000000000000000000000000000000000000000000000000000000168552604051968752511660208601525116604084015251166060820152f35b6004359067ffffffffffffffff821682036103ae57565b359067ffffffffffffffff821682036103ae57565b6080810190811067ffffffffffffffff8211176115d257604052565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b60e0810190811067ffffffffffffffff8211176115d257604052565b610100810190811067ffffffffffffffff8211176115d257604052565b90601f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0910116810190811067ffffffffffffffff8211176115d257604052565b3560ff811681036103ae5790565b3573ffffffffffffffffffffffffffffffffffffffff811681036103ae5790565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff81146112aa5760010190565b359063ffffffff821682036103ae57565b9035907fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc1813603018212156103ae570190565b9035907fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe1813603018212156103ae570180359067ffffffffffffffff82116103ae576020019181360383136103ae57565b90815f525f60205260405f209160ff8354169060048210156111da5760018203611792575050565b7fa20b84da000000000000000000000000000000000000000000000000000000005f5260045260245260445ffd5b3563ffffffff811681036103ae5790565b92919267ffffffffffffffff82116115d25760405191611819601f82017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe01660200184611638565b8294818452818301116103ae578281602093845f960137010152565b818103611840575050565b7f31d50e1f000000000000000000000000000000000000000000000000000000005f5260045260245260445ffd5b80156112aa577fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff0190565b90919060ff1660018114611a4a576003146119de5773ffffffffffffffffffffffffffffffffffffffff67ffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001692165f52600260205260405f2054915b821515806119ab575b1561192f578060011b90808204600214901517156112aa57611929909261186e565b916118fe565b915067ffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000168083116119a3575b505f9190604051611976604082611638565b601181527f706f73703a2077697468686f6c64696e67000000000000000000000000000000602082015290565b91505f611964565b5067ffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000168110611907565b905060019067ffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001690604051611a1d604082611638565b601781527f706f73703a206f70657261746f722065766964656e6365000000000000000000602082015290565b5090505f9067ffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001690604051611a89604082611638565b601781527f706f73703a20737461746973746963616c206661756c74000000000000000000602082015290565b5060038116611ac55760021c90565b7f6e01f584000000000000000000000000000000000000000000000000000000005f5260045260245ffd",
}

// FaultManager is an auto generated Go binding around an Ethereum contract.
type FaultManager struct {
	abi abi.ABI
}

// GetABI returns the ABI associated with this contract binding.
func (c *FaultManager) GetABI() abi.ABI {
	return c.abi
}

// NewFaultManager creates a new instance of FaultManager.
func NewFaultManager() *FaultManager {
	parsed, err := FaultManagerMetaData.ParseABI()
	if err != nil {
		panic(errors.New("invalid ABI: " + err.Error()))
	}
	return &FaultManager{abi: *parsed}
}

// Instance creates a wrapper for a deployed contract instance at the given address.
// Use this to create the instance object passed to abigen v2 library functions Call, Transact, etc.
func (c *FaultManager) Instance(backend bind.ContractBackend, addr common.Address) *bind.BoundContract {
	return bind.NewBoundContract(addr, c.abi, backend, backend, backend)
}

// PackConstructor is the Go binding used to pack the parameters required for
// contract deployment.
//
// Solidity: constructor((address,address,address,address,address,address,address,address,address,address) system, (uint64,uint64,uint64,uint64) p) returns()
func (faultManager *FaultManager) PackConstructor(system System, p Penalties) []byte {
	enc, err := faultManager.abi.Pack("", system, p)
	if err != nil {
		panic(err)
	}
	return enc
}

// PackAnswerWithholding is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xe4ae45f2.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function answerWithholding(bytes32 faultId, (uint64,(address,uint64,uint64,bytes32,bytes32,bytes32,bytes32,uint32,uint32,bytes32,uint64),bytes32[],(bytes,uint8,uint32,uint32,bytes32,uint32,bytes32),(bytes,uint8,bytes32),(bytes,bytes32)) o) returns()
func (faultManager *FaultManager) PackAnswerWithholding(faultId [32]byte, o WithheldOpening) []byte {
	enc, err := faultManager.abi.Pack("answerWithholding", faultId, o)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackAnswerWithholding is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xe4ae45f2.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function answerWithholding(bytes32 faultId, (uint64,(address,uint64,uint64,bytes32,bytes32,bytes32,bytes32,uint32,uint32,bytes32,uint64),bytes32[],(bytes,uint8,uint32,uint32,bytes32,uint32,bytes32),(bytes,uint8,bytes32),(bytes,bytes32)) o) returns()
func (faultManager *FaultManager) TryPackAnswerWithholding(faultId [32]byte, o WithheldOpening) ([]byte, error) {
	return faultManager.abi.Pack("answerWithholding", faultId, o)
}

// PackExecute is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xe751f271.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function execute(bytes32 faultId) returns()
func (faultManager *FaultManager) PackExecute(faultId [32]byte) []byte {
	enc, err := faultManager.abi.Pack("execute", faultId)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackExecute is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xe751f271.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function execute(bytes32 faultId) returns()
func (faultManager *FaultManager) TryPackExecute(faultId [32]byte) ([]byte, error) {
	return faultManager.abi.Pack("execute", faultId)
}

// PackFault is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x7cb1b73a.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function fault(bytes32 faultId) view returns((uint8,uint8,address,uint64,bytes32,bytes32,uint256))
func (faultManager *FaultManager) PackFault(faultId [32]byte) []byte {
	enc, err := faultManager.abi.Pack("fault", faultId)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackFault is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x7cb1b73a.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function fault(bytes32 faultId) view returns((uint8,uint8,address,uint64,bytes32,bytes32,uint256))
func (faultManager *FaultManager) TryPackFault(faultId [32]byte) ([]byte, error) {
	return faultManager.abi.Pack("fault", faultId)
}

// UnpackFault is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x7cb1b73a.
//
// Solidity: function fault(bytes32 faultId) view returns((uint8,uint8,address,uint64,bytes32,bytes32,uint256))
func (faultManager *FaultManager) UnpackFault(data []byte) (FaultRecord, error) {
	out, err := faultManager.abi.Unpack("fault", data)
	if err != nil {
		return *new(FaultRecord), err
	}
	out0 := *abi.ConvertType(out[0], new(FaultRecord)).(*FaultRecord)
	return out0, nil
}

// PackFaultIdOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xccac87aa.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function faultIdOf(uint64 epoch, (uint8,address,bytes32,bytes32) f) pure returns(bytes32)
func (faultManager *FaultManager) PackFaultIdOf(epoch uint64, f Fault) []byte {
	enc, err := faultManager.abi.Pack("faultIdOf", epoch, f)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackFaultIdOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xccac87aa.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function faultIdOf(uint64 epoch, (uint8,address,bytes32,bytes32) f) pure returns(bytes32)
func (faultManager *FaultManager) TryPackFaultIdOf(epoch uint64, f Fault) ([]byte, error) {
	return faultManager.abi.Pack("faultIdOf", epoch, f)
}

// UnpackFaultIdOf is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xccac87aa.
//
// Solidity: function faultIdOf(uint64 epoch, (uint8,address,bytes32,bytes32) f) pure returns(bytes32)
func (faultManager *FaultManager) UnpackFaultIdOf(data []byte) ([32]byte, error) {
	out, err := faultManager.abi.Unpack("faultIdOf", data)
	if err != nil {
		return *new([32]byte), err
	}
	out0 := *abi.ConvertType(out[0], new([32]byte)).(*[32]byte)
	return out0, nil
}

// PackFaultsOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xef522369.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function faultsOf(bytes32 batchId) view returns(uint256)
func (faultManager *FaultManager) PackFaultsOf(batchId [32]byte) []byte {
	enc, err := faultManager.abi.Pack("faultsOf", batchId)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackFaultsOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xef522369.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function faultsOf(bytes32 batchId) view returns(uint256)
func (faultManager *FaultManager) TryPackFaultsOf(batchId [32]byte) ([]byte, error) {
	return faultManager.abi.Pack("faultsOf", batchId)
}

// UnpackFaultsOf is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xef522369.
//
// Solidity: function faultsOf(bytes32 batchId) view returns(uint256)
func (faultManager *FaultManager) UnpackFaultsOf(data []byte) (*big.Int, error) {
	out, err := faultManager.abi.Unpack("faultsOf", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackJailed is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x7043e5dd.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function jailed(address subject) view returns(bool)
func (faultManager *FaultManager) PackJailed(subject common.Address) []byte {
	enc, err := faultManager.abi.Pack("jailed", subject)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackJailed is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x7043e5dd.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function jailed(address subject) view returns(bool)
func (faultManager *FaultManager) TryPackJailed(subject common.Address) ([]byte, error) {
	return faultManager.abi.Pack("jailed", subject)
}

// UnpackJailed is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x7043e5dd.
//
// Solidity: function jailed(address subject) view returns(bool)
func (faultManager *FaultManager) UnpackJailed(data []byte) (bool, error) {
	out, err := faultManager.abi.Unpack("jailed", data)
	if err != nil {
		return *new(bool), err
	}
	out0 := *abi.ConvertType(out[0], new(bool)).(*bool)
	return out0, nil
}

// PackPenalties is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x42b53a75.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function penalties() view returns((uint64,uint64,uint64,uint64))
func (faultManager *FaultManager) PackPenalties() []byte {
	enc, err := faultManager.abi.Pack("penalties")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackPenalties is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x42b53a75.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function penalties() view returns((uint64,uint64,uint64,uint64))
func (faultManager *FaultManager) TryPackPenalties() ([]byte, error) {
	return faultManager.abi.Pack("penalties")
}

// UnpackPenalties is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x42b53a75.
//
// Solidity: function penalties() view returns((uint64,uint64,uint64,uint64))
func (faultManager *FaultManager) UnpackPenalties(data []byte) (Penalties, error) {
	out, err := faultManager.abi.Unpack("penalties", data)
	if err != nil {
		return *new(Penalties), err
	}
	out0 := *abi.ConvertType(out[0], new(Penalties)).(*Penalties)
	return out0, nil
}

// PackRecord is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x7d97498e.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function record(uint64 epoch, (uint8,address,bytes32,bytes32)[] faults) returns()
func (faultManager *FaultManager) PackRecord(epoch uint64, faults []Fault) []byte {
	enc, err := faultManager.abi.Pack("record", epoch, faults)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackRecord is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x7d97498e.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function record(uint64 epoch, (uint8,address,bytes32,bytes32)[] faults) returns()
func (faultManager *FaultManager) TryPackRecord(epoch uint64, faults []Fault) ([]byte, error) {
	return faultManager.abi.Pack("record", epoch, faults)
}

// FaultManagerFaultCleared represents a FaultCleared event raised by the FaultManager contract.
type FaultManagerFaultCleared struct {
	FaultId [32]byte
	Subject common.Address
	Raw     *types.Log // Blockchain specific contextual infos
}

const FaultManagerFaultClearedEventName = "FaultCleared"

// ContractEventName returns the user-defined event name.
func (FaultManagerFaultCleared) ContractEventName() string {
	return FaultManagerFaultClearedEventName
}

// UnpackFaultClearedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event FaultCleared(bytes32 indexed faultId, address indexed subject)
func (faultManager *FaultManager) UnpackFaultClearedEvent(log *types.Log) (*FaultManagerFaultCleared, error) {
	event := "FaultCleared"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != faultManager.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(FaultManagerFaultCleared)
	if len(log.Data) > 0 {
		if err := faultManager.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range faultManager.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// FaultManagerFaultExecuted represents a FaultExecuted event raised by the FaultManager contract.
type FaultManagerFaultExecuted struct {
	FaultId [32]byte
	Subject common.Address
	SlashId *big.Int
	Wad     *big.Int
	Shares  *big.Int
	Raw     *types.Log // Blockchain specific contextual infos
}

const FaultManagerFaultExecutedEventName = "FaultExecuted"

// ContractEventName returns the user-defined event name.
func (FaultManagerFaultExecuted) ContractEventName() string {
	return FaultManagerFaultExecutedEventName
}

// UnpackFaultExecutedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event FaultExecuted(bytes32 indexed faultId, address indexed subject, uint256 indexed slashId, uint256 wad, uint256 shares)
func (faultManager *FaultManager) UnpackFaultExecutedEvent(log *types.Log) (*FaultManagerFaultExecuted, error) {
	event := "FaultExecuted"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != faultManager.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(FaultManagerFaultExecuted)
	if len(log.Data) > 0 {
		if err := faultManager.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range faultManager.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// FaultManagerFaultRecorded represents a FaultRecorded event raised by the FaultManager contract.
type FaultManagerFaultRecorded struct {
	FaultId      [32]byte
	Subject      common.Address
	Epoch        uint64
	Kind         uint8
	BatchId      [32]byte
	Ref          [32]byte
	ExecutableAt *big.Int
	Raw          *types.Log // Blockchain specific contextual infos
}

const FaultManagerFaultRecordedEventName = "FaultRecorded"

// ContractEventName returns the user-defined event name.
func (FaultManagerFaultRecorded) ContractEventName() string {
	return FaultManagerFaultRecordedEventName
}

// UnpackFaultRecordedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event FaultRecorded(bytes32 indexed faultId, address indexed subject, uint64 indexed epoch, uint8 kind, bytes32 batchId, bytes32 ref, uint256 executableAt)
func (faultManager *FaultManager) UnpackFaultRecordedEvent(log *types.Log) (*FaultManagerFaultRecorded, error) {
	event := "FaultRecorded"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != faultManager.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(FaultManagerFaultRecorded)
	if len(log.Data) > 0 {
		if err := faultManager.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range faultManager.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// UnpackError attempts to decode the provided error data using user-defined
// error definitions.
func (faultManager *FaultManager) UnpackError(raw []byte) (any, error) {
	if bytes.Equal(raw[:4], faultManager.abi.Errors["FaultExists"].ID.Bytes()[:4]) {
		return faultManager.UnpackFaultExistsError(raw[4:])
	}
	if bytes.Equal(raw[:4], faultManager.abi.Errors["FaultNotOpen"].ID.Bytes()[:4]) {
		return faultManager.UnpackFaultNotOpenError(raw[4:])
	}
	if bytes.Equal(raw[:4], faultManager.abi.Errors["KindUnknown"].ID.Bytes()[:4]) {
		return faultManager.UnpackKindUnknownError(raw[4:])
	}
	if bytes.Equal(raw[:4], faultManager.abi.Errors["NotAttestationRegistry"].ID.Bytes()[:4]) {
		return faultManager.UnpackNotAttestationRegistryError(raw[4:])
	}
	if bytes.Equal(raw[:4], faultManager.abi.Errors["NotWithholding"].ID.Bytes()[:4]) {
		return faultManager.UnpackNotWithholdingError(raw[4:])
	}
	if bytes.Equal(raw[:4], faultManager.abi.Errors["NothingSlashed"].ID.Bytes()[:4]) {
		return faultManager.UnpackNothingSlashedError(raw[4:])
	}
	if bytes.Equal(raw[:4], faultManager.abi.Errors["PenaltyRefused"].ID.Bytes()[:4]) {
		return faultManager.UnpackPenaltyRefusedError(raw[4:])
	}
	if bytes.Equal(raw[:4], faultManager.abi.Errors["ReentrancyGuardReentrantCall"].ID.Bytes()[:4]) {
		return faultManager.UnpackReentrancyGuardReentrantCallError(raw[4:])
	}
	if bytes.Equal(raw[:4], faultManager.abi.Errors["SafeCastOverflowedUintDowncast"].ID.Bytes()[:4]) {
		return faultManager.UnpackSafeCastOverflowedUintDowncastError(raw[4:])
	}
	if bytes.Equal(raw[:4], faultManager.abi.Errors["ScheduleRefused"].ID.Bytes()[:4]) {
		return faultManager.UnpackScheduleRefusedError(raw[4:])
	}
	if bytes.Equal(raw[:4], faultManager.abi.Errors["TokensNotWhole"].ID.Bytes()[:4]) {
		return faultManager.UnpackTokensNotWholeError(raw[4:])
	}
	if bytes.Equal(raw[:4], faultManager.abi.Errors["WindowClosed"].ID.Bytes()[:4]) {
		return faultManager.UnpackWindowClosedError(raw[4:])
	}
	if bytes.Equal(raw[:4], faultManager.abi.Errors["WindowOpen"].ID.Bytes()[:4]) {
		return faultManager.UnpackWindowOpenError(raw[4:])
	}
	if bytes.Equal(raw[:4], faultManager.abi.Errors["WrongPart"].ID.Bytes()[:4]) {
		return faultManager.UnpackWrongPartError(raw[4:])
	}
	if bytes.Equal(raw[:4], faultManager.abi.Errors["WrongSample"].ID.Bytes()[:4]) {
		return faultManager.UnpackWrongSampleError(raw[4:])
	}
	return nil, errors.New("Unknown error")
}

// FaultManagerFaultExists represents a FaultExists error raised by the FaultManager contract.
type FaultManagerFaultExists struct {
	FaultId [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error FaultExists(bytes32 faultId)
func FaultManagerFaultExistsErrorID() common.Hash {
	return common.HexToHash("0xff207747defecefe64cf327a8a45cb000e3d14af1ce8daac2385ea18119297ad")
}

// UnpackFaultExistsError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error FaultExists(bytes32 faultId)
func (faultManager *FaultManager) UnpackFaultExistsError(raw []byte) (*FaultManagerFaultExists, error) {
	out := new(FaultManagerFaultExists)
	if err := faultManager.abi.UnpackIntoInterface(out, "FaultExists", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// FaultManagerFaultNotOpen represents a FaultNotOpen error raised by the FaultManager contract.
type FaultManagerFaultNotOpen struct {
	FaultId [32]byte
	Status  uint8
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error FaultNotOpen(bytes32 faultId, uint8 status)
func FaultManagerFaultNotOpenErrorID() common.Hash {
	return common.HexToHash("0xa20b84da3d8508d6b4a0a78bf5f1fea94aa486a2de849961a900eec664718155")
}

// UnpackFaultNotOpenError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error FaultNotOpen(bytes32 faultId, uint8 status)
func (faultManager *FaultManager) UnpackFaultNotOpenError(raw []byte) (*FaultManagerFaultNotOpen, error) {
	out := new(FaultManagerFaultNotOpen)
	if err := faultManager.abi.UnpackIntoInterface(out, "FaultNotOpen", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// FaultManagerKindUnknown represents a KindUnknown error raised by the FaultManager contract.
type FaultManagerKindUnknown struct {
	Kind uint8
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error KindUnknown(uint8 kind)
func FaultManagerKindUnknownErrorID() common.Hash {
	return common.HexToHash("0xeec8fd98dd62f6ffcef7503852527067c9609f5b5ebd1b21ec0edeb4bc2b4739")
}

// UnpackKindUnknownError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error KindUnknown(uint8 kind)
func (faultManager *FaultManager) UnpackKindUnknownError(raw []byte) (*FaultManagerKindUnknown, error) {
	out := new(FaultManagerKindUnknown)
	if err := faultManager.abi.UnpackIntoInterface(out, "KindUnknown", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// FaultManagerNotAttestationRegistry represents a NotAttestationRegistry error raised by the FaultManager contract.
type FaultManagerNotAttestationRegistry struct {
	Caller common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NotAttestationRegistry(address caller)
func FaultManagerNotAttestationRegistryErrorID() common.Hash {
	return common.HexToHash("0x7bb7f1d4bc4b3be0149402f3c90d96d6546b44210f6fbb52387036ef8ff721b6")
}

// UnpackNotAttestationRegistryError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NotAttestationRegistry(address caller)
func (faultManager *FaultManager) UnpackNotAttestationRegistryError(raw []byte) (*FaultManagerNotAttestationRegistry, error) {
	out := new(FaultManagerNotAttestationRegistry)
	if err := faultManager.abi.UnpackIntoInterface(out, "NotAttestationRegistry", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// FaultManagerNotWithholding represents a NotWithholding error raised by the FaultManager contract.
type FaultManagerNotWithholding struct {
	FaultId [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NotWithholding(bytes32 faultId)
func FaultManagerNotWithholdingErrorID() common.Hash {
	return common.HexToHash("0x3745861de964c436e8fede888b743e6a85208e5da18c2a0d41545f90b4427e45")
}

// UnpackNotWithholdingError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NotWithholding(bytes32 faultId)
func (faultManager *FaultManager) UnpackNotWithholdingError(raw []byte) (*FaultManagerNotWithholding, error) {
	out := new(FaultManagerNotWithholding)
	if err := faultManager.abi.UnpackIntoInterface(out, "NotWithholding", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// FaultManagerNothingSlashed represents a NothingSlashed error raised by the FaultManager contract.
type FaultManagerNothingSlashed struct {
	FaultId [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NothingSlashed(bytes32 faultId)
func FaultManagerNothingSlashedErrorID() common.Hash {
	return common.HexToHash("0xe5f589abb2537bf3b708a10f6a52e91807422439f46187f3824bb690b3c2ebdb")
}

// UnpackNothingSlashedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NothingSlashed(bytes32 faultId)
func (faultManager *FaultManager) UnpackNothingSlashedError(raw []byte) (*FaultManagerNothingSlashed, error) {
	out := new(FaultManagerNothingSlashed)
	if err := faultManager.abi.UnpackIntoInterface(out, "NothingSlashed", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// FaultManagerPenaltyRefused represents a PenaltyRefused error raised by the FaultManager contract.
type FaultManagerPenaltyRefused struct {
	Wad *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error PenaltyRefused(uint256 wad)
func FaultManagerPenaltyRefusedErrorID() common.Hash {
	return common.HexToHash("0x106659e26c95937979e0e8dbe22191f5022f2dccddb2848e740046fc27d4afce")
}

// UnpackPenaltyRefusedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error PenaltyRefused(uint256 wad)
func (faultManager *FaultManager) UnpackPenaltyRefusedError(raw []byte) (*FaultManagerPenaltyRefused, error) {
	out := new(FaultManagerPenaltyRefused)
	if err := faultManager.abi.UnpackIntoInterface(out, "PenaltyRefused", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// FaultManagerReentrancyGuardReentrantCall represents a ReentrancyGuardReentrantCall error raised by the FaultManager contract.
type FaultManagerReentrancyGuardReentrantCall struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ReentrancyGuardReentrantCall()
func FaultManagerReentrancyGuardReentrantCallErrorID() common.Hash {
	return common.HexToHash("0x3ee5aeb571de7fc460830b4d0017439a1ca56fb0bc39062227ade4fe4a24c1ca")
}

// UnpackReentrancyGuardReentrantCallError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ReentrancyGuardReentrantCall()
func (faultManager *FaultManager) UnpackReentrancyGuardReentrantCallError(raw []byte) (*FaultManagerReentrancyGuardReentrantCall, error) {
	out := new(FaultManagerReentrancyGuardReentrantCall)
	if err := faultManager.abi.UnpackIntoInterface(out, "ReentrancyGuardReentrantCall", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// FaultManagerSafeCastOverflowedUintDowncast represents a SafeCastOverflowedUintDowncast error raised by the FaultManager contract.
type FaultManagerSafeCastOverflowedUintDowncast struct {
	Bits  uint8
	Value *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error SafeCastOverflowedUintDowncast(uint8 bits, uint256 value)
func FaultManagerSafeCastOverflowedUintDowncastErrorID() common.Hash {
	return common.HexToHash("0x6dfcc6503a32754ce7a89698e18201fc5294fd4aad43edefee786f88423b1a12")
}

// UnpackSafeCastOverflowedUintDowncastError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error SafeCastOverflowedUintDowncast(uint8 bits, uint256 value)
func (faultManager *FaultManager) UnpackSafeCastOverflowedUintDowncastError(raw []byte) (*FaultManagerSafeCastOverflowedUintDowncast, error) {
	out := new(FaultManagerSafeCastOverflowedUintDowncast)
	if err := faultManager.abi.UnpackIntoInterface(out, "SafeCastOverflowedUintDowncast", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// FaultManagerScheduleRefused represents a ScheduleRefused error raised by the FaultManager contract.
type FaultManagerScheduleRefused struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ScheduleRefused()
func FaultManagerScheduleRefusedErrorID() common.Hash {
	return common.HexToHash("0x7bcfa85a58e5b1da55af1dc21837e0c47e42e72c032bdc0598ce3d971c55ea0d")
}

// UnpackScheduleRefusedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ScheduleRefused()
func (faultManager *FaultManager) UnpackScheduleRefusedError(raw []byte) (*FaultManagerScheduleRefused, error) {
	out := new(FaultManagerScheduleRefused)
	if err := faultManager.abi.UnpackIntoInterface(out, "ScheduleRefused", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// FaultManagerTokensNotWhole represents a TokensNotWhole error raised by the FaultManager contract.
type FaultManagerTokensNotWhole struct {
	Length *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error TokensNotWhole(uint256 length)
func FaultManagerTokensNotWholeErrorID() common.Hash {
	return common.HexToHash("0x6e01f5843f67e3da2bfb3396904d87fc74753b0f741b8ab8d415457266a01aba")
}

// UnpackTokensNotWholeError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error TokensNotWhole(uint256 length)
func (faultManager *FaultManager) UnpackTokensNotWholeError(raw []byte) (*FaultManagerTokensNotWhole, error) {
	out := new(FaultManagerTokensNotWhole)
	if err := faultManager.abi.UnpackIntoInterface(out, "TokensNotWhole", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// FaultManagerWindowClosed represents a WindowClosed error raised by the FaultManager contract.
type FaultManagerWindowClosed struct {
	ExecutableAt *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error WindowClosed(uint256 executableAt)
func FaultManagerWindowClosedErrorID() common.Hash {
	return common.HexToHash("0xdb57bfb806503bdc5f96f060a25aead2076b299c2f2f3d4e36eab8e8336149e8")
}

// UnpackWindowClosedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error WindowClosed(uint256 executableAt)
func (faultManager *FaultManager) UnpackWindowClosedError(raw []byte) (*FaultManagerWindowClosed, error) {
	out := new(FaultManagerWindowClosed)
	if err := faultManager.abi.UnpackIntoInterface(out, "WindowClosed", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// FaultManagerWindowOpen represents a WindowOpen error raised by the FaultManager contract.
type FaultManagerWindowOpen struct {
	ExecutableAt *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error WindowOpen(uint256 executableAt)
func FaultManagerWindowOpenErrorID() common.Hash {
	return common.HexToHash("0xb317256bb83d3a0e7c565067a7c67553969518b9977a3d2d318c3e3fb33ef1e2")
}

// UnpackWindowOpenError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error WindowOpen(uint256 executableAt)
func (faultManager *FaultManager) UnpackWindowOpenError(raw []byte) (*FaultManagerWindowOpen, error) {
	out := new(FaultManagerWindowOpen)
	if err := faultManager.abi.UnpackIntoInterface(out, "WindowOpen", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// FaultManagerWrongPart represents a WrongPart error raised by the FaultManager contract.
type FaultManagerWrongPart struct {
	Hash     [32]byte
	Expected [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error WrongPart(bytes32 hash, bytes32 expected)
func FaultManagerWrongPartErrorID() common.Hash {
	return common.HexToHash("0x31d50e1f24234e11c614f065956d9e605922b3f55f96be3614d88fa0524bb41c")
}

// UnpackWrongPartError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error WrongPart(bytes32 hash, bytes32 expected)
func (faultManager *FaultManager) UnpackWrongPartError(raw []byte) (*FaultManagerWrongPart, error) {
	out := new(FaultManagerWrongPart)
	if err := faultManager.abi.UnpackIntoInterface(out, "WrongPart", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// FaultManagerWrongSample represents a WrongSample error raised by the FaultManager contract.
type FaultManagerWrongSample struct {
	SampleId [32]byte
	Expected [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error WrongSample(bytes32 sampleId, bytes32 expected)
func FaultManagerWrongSampleErrorID() common.Hash {
	return common.HexToHash("0x8fb05889da8a9506d7eb8362a1e24a3fa49b7a4cde25f01d5e5c504041bf9894")
}

// UnpackWrongSampleError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error WrongSample(bytes32 sampleId, bytes32 expected)
func (faultManager *FaultManager) UnpackWrongSampleError(raw []byte) (*FaultManagerWrongSample, error) {
	out := new(FaultManagerWrongSample)
	if err := faultManager.abi.UnpackIntoInterface(out, "WrongSample", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// LibrariesMetaData contains all meta data concerning the Libraries contract.
var LibrariesMetaData = bind.MetaData{
	ABI: "[{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"chainId\",\"type\":\"uint256\"},{\"internalType\":\"address\",\"name\":\"registry\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"provider\",\"type\":\"address\"},{\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"firstSequence\",\"type\":\"uint64\"},{\"internalType\":\"bytes32\",\"name\":\"root\",\"type\":\"bytes32\"},{\"internalType\":\"uint64\",\"name\":\"leafCount\",\"type\":\"uint64\"}],\"name\":\"batchId\",\"outputs\":[{\"internalType\":\"bytes32\",\"name\":\"\",\"type\":\"bytes32\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"buyer\",\"type\":\"address\"},{\"internalType\":\"bytes32\",\"name\":\"secret\",\"type\":\"bytes32\"}],\"name\":\"buyerNonce\",\"outputs\":[{\"internalType\":\"bytes32\",\"name\":\"\",\"type\":\"bytes32\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"chainId\",\"type\":\"uint256\"},{\"internalType\":\"address\",\"name\":\"attestation\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"avs\",\"type\":\"address\"},{\"components\":[{\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"},{\"internalType\":\"bytes32\",\"name\":\"tableRoot\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"sampleRoot\",\"type\":\"bytes32\"},{\"internalType\":\"uint64\",\"name\":\"sampleCount\",\"type\":\"uint64\"},{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"batchId\",\"type\":\"bytes32\"},{\"internalType\":\"address\",\"name\":\"provider\",\"type\":\"address\"},{\"internalType\":\"uint32\",\"name\":\"samples\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"passed\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"failed\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"inconclusive\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"unavailable\",\"type\":\"uint32\"}],\"internalType\":\"structBatchResult[]\",\"name\":\"batches\",\"type\":\"tuple[]\"},{\"components\":[{\"internalType\":\"address\",\"name\":\"subject\",\"type\":\"address\"},{\"internalType\":\"bytes32\",\"name\":\"specId\",\"type\":\"bytes32\"},{\"internalType\":\"uint64\",\"name\":\"value\",\"type\":\"uint64\"}],\"internalType\":\"structStanding[]\",\"name\":\"standings\",\"type\":\"tuple[]\"},{\"components\":[{\"internalType\":\"uint8\",\"name\":\"kind\",\"type\":\"uint8\"},{\"internalType\":\"address\",\"name\":\"subject\",\"type\":\"address\"},{\"internalType\":\"bytes32\",\"name\":\"batchId\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"ref\",\"type\":\"bytes32\"}],\"internalType\":\"structFault[]\",\"name\":\"faults\",\"type\":\"tuple[]\"}],\"internalType\":\"structResult\",\"name\":\"r\",\"type\":\"tuple\"}],\"name\":\"certificate\",\"outputs\":[{\"internalType\":\"bytes32\",\"name\":\"\",\"type\":\"bytes32\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"uint32\",\"name\":\"detectionPpm\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"falsePositivePpm\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"collusionPpm\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"validators\",\"type\":\"uint32\"},{\"internalType\":\"uint128\",\"name\":\"reward\",\"type\":\"uint128\"},{\"internalType\":\"uint128\",\"name\":\"slash\",\"type\":\"uint128\"},{\"internalType\":\"uint128\",\"name\":\"cost\",\"type\":\"uint128\"},{\"internalType\":\"uint32\",\"name\":\"savedPpm\",\"type\":\"uint32\"}],\"internalType\":\"structEconomics\",\"name\":\"e\",\"type\":\"tuple\"},{\"internalType\":\"uint32\",\"name\":\"ratePpm\",\"type\":\"uint32\"}],\"name\":\"checkEconomics\",\"outputs\":[],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"operator\",\"type\":\"address\"},{\"internalType\":\"bytes32\",\"name\":\"sample\",\"type\":\"bytes32\"},{\"internalType\":\"bytes\",\"name\":\"evidenceBytes\",\"type\":\"bytes\"},{\"internalType\":\"bytes32\",\"name\":\"salt\",\"type\":\"bytes32\"}],\"name\":\"commitment\",\"outputs\":[{\"internalType\":\"bytes32\",\"name\":\"\",\"type\":\"bytes32\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"chainId\",\"type\":\"uint256\"},{\"internalType\":\"address\",\"name\":\"attestation\",\"type\":\"address\"},{\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"},{\"internalType\":\"address\",\"name\":\"operator\",\"type\":\"address\"},{\"internalType\":\"bytes32[]\",\"name\":\"items\",\"type\":\"bytes32[]\"}],\"name\":\"commitments\",\"outputs\":[{\"internalType\":\"bytes32\",\"name\":\"\",\"type\":\"bytes32\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"seed_\",\"type\":\"bytes32\"},{\"internalType\":\"uint64\",\"name\":\"j\",\"type\":\"uint64\"},{\"internalType\":\"uint256\",\"name\":\"m\",\"type\":\"uint256\"},{\"internalType\":\"address[]\",\"name\":\"operators\",\"type\":\"address[]\"},{\"internalType\":\"uint256[]\",\"name\":\"weights\",\"type\":\"uint256[]\"},{\"internalType\":\"address[]\",\"name\":\"excluded\",\"type\":\"address[]\"}],\"name\":\"committee\",\"outputs\":[{\"internalType\":\"address[]\",\"name\":\"\",\"type\":\"address[]\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"salt\",\"type\":\"bytes32\"},{\"internalType\":\"bytes\",\"name\":\"evidenceBytes\",\"type\":\"bytes\"}],\"name\":\"evidence\",\"outputs\":[{\"internalType\":\"bytes32\",\"name\":\"\",\"type\":\"bytes32\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"uint256\",\"name\":\"X\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"Y\",\"type\":\"uint256\"}],\"internalType\":\"structG1Point\",\"name\":\"a\",\"type\":\"tuple\"},{\"components\":[{\"internalType\":\"uint256\",\"name\":\"X\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"Y\",\"type\":\"uint256\"}],\"internalType\":\"structG1Point\",\"name\":\"b\",\"type\":\"tuple\"}],\"name\":\"g1Add\",\"outputs\":[{\"components\":[{\"internalType\":\"uint256\",\"name\":\"X\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"Y\",\"type\":\"uint256\"}],\"internalType\":\"structG1Point\",\"name\":\"\",\"type\":\"tuple\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"uint256\",\"name\":\"X\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"Y\",\"type\":\"uint256\"}],\"internalType\":\"structG1Point\",\"name\":\"a\",\"type\":\"tuple\"},{\"internalType\":\"uint256\",\"name\":\"scalar\",\"type\":\"uint256\"}],\"name\":\"g1Mul\",\"outputs\":[{\"components\":[{\"internalType\":\"uint256\",\"name\":\"X\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"Y\",\"type\":\"uint256\"}],\"internalType\":\"structG1Point\",\"name\":\"\",\"type\":\"tuple\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"uint256\",\"name\":\"X\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"Y\",\"type\":\"uint256\"}],\"internalType\":\"structG1Point\",\"name\":\"a\",\"type\":\"tuple\"}],\"name\":\"g1Negate\",\"outputs\":[{\"components\":[{\"internalType\":\"uint256\",\"name\":\"X\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"Y\",\"type\":\"uint256\"}],\"internalType\":\"structG1Point\",\"name\":\"\",\"type\":\"tuple\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"digest\",\"type\":\"bytes32\"}],\"name\":\"hashToG1\",\"outputs\":[{\"components\":[{\"internalType\":\"uint256\",\"name\":\"X\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"Y\",\"type\":\"uint256\"}],\"internalType\":\"structG1Point\",\"name\":\"\",\"type\":\"tuple\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"receiptHash\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"providerEvidence\",\"type\":\"bytes32\"},{\"components\":[{\"internalType\":\"address\",\"name\":\"operator\",\"type\":\"address\"},{\"internalType\":\"bytes32\",\"name\":\"commitment\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"evidence\",\"type\":\"bytes32\"}],\"internalType\":\"structHeldEvidence[]\",\"name\":\"committee_\",\"type\":\"tuple[]\"}],\"name\":\"held\",\"outputs\":[{\"internalType\":\"bytes32\",\"name\":\"\",\"type\":\"bytes32\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"seed_\",\"type\":\"bytes32\"},{\"internalType\":\"uint64\",\"name\":\"n\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"leaf\",\"type\":\"uint64\"}],\"name\":\"indexOf\",\"outputs\":[{\"internalType\":\"uint64\",\"name\":\"\",\"type\":\"uint64\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"seed_\",\"type\":\"bytes32\"},{\"internalType\":\"uint64\",\"name\":\"n\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"j\",\"type\":\"uint64\"}],\"name\":\"leafAt\",\"outputs\":[{\"internalType\":\"uint64\",\"name\":\"\",\"type\":\"uint64\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"address\",\"name\":\"operator\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"weight\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"keyX\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"keyY\",\"type\":\"uint256\"}],\"internalType\":\"structMember\",\"name\":\"m\",\"type\":\"tuple\"},{\"internalType\":\"uint256\",\"name\":\"before\",\"type\":\"uint256\"}],\"name\":\"member\",\"outputs\":[{\"internalType\":\"bytes32\",\"name\":\"\",\"type\":\"bytes32\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32[]\",\"name\":\"values\",\"type\":\"bytes32[]\"}],\"name\":\"merkleRoot\",\"outputs\":[{\"internalType\":\"bytes32\",\"name\":\"\",\"type\":\"bytes32\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"root\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"value\",\"type\":\"bytes32\"},{\"internalType\":\"uint256\",\"name\":\"index\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"count\",\"type\":\"uint256\"},{\"internalType\":\"bytes32[]\",\"name\":\"proof\",\"type\":\"bytes32[]\"}],\"name\":\"merkleVerify\",\"outputs\":[{\"internalType\":\"bool\",\"name\":\"\",\"type\":\"bool\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"chainId\",\"type\":\"uint256\"},{\"internalType\":\"address\",\"name\":\"registry\",\"type\":\"address\"},{\"internalType\":\"bytes32\",\"name\":\"batch\",\"type\":\"bytes32\"},{\"internalType\":\"uint64\",\"name\":\"leaf\",\"type\":\"uint64\"},{\"internalType\":\"address\",\"name\":\"operator\",\"type\":\"address\"}],\"name\":\"openRequest\",\"outputs\":[{\"internalType\":\"bytes32\",\"name\":\"\",\"type\":\"bytes32\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"bytes\",\"name\":\"tokens\",\"type\":\"bytes\"},{\"internalType\":\"uint8\",\"name\":\"finish\",\"type\":\"uint8\"},{\"internalType\":\"bytes32\",\"name\":\"salt\",\"type\":\"bytes32\"}],\"internalType\":\"structOutputPart\",\"name\":\"p\",\"type\":\"tuple\"}],\"name\":\"output\",\"outputs\":[{\"internalType\":\"bytes32\",\"name\":\"\",\"type\":\"bytes32\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes\",\"name\":\"header\",\"type\":\"bytes\"}],\"name\":\"parseHeader\",\"outputs\":[{\"internalType\":\"uint64\",\"name\":\"number\",\"type\":\"uint64\"},{\"internalType\":\"bytes32\",\"name\":\"mixHash\",\"type\":\"bytes32\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"uint64\",\"name\":\"genesis\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"epochBlocks\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"graceBlocks\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"beaconDelay\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"commitBlocks\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"revealBlocks\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"certifyBlocks\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"contestBlocks\",\"type\":\"uint64\"}],\"internalType\":\"structSchedule\",\"name\":\"s\",\"type\":\"tuple\"},{\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"}],\"name\":\"phases\",\"outputs\":[{\"internalType\":\"uint256[6]\",\"name\":\"blocks\",\"type\":\"uint256[6]\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"address\",\"name\":\"provider\",\"type\":\"address\"},{\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"sequence\",\"type\":\"uint64\"},{\"internalType\":\"bytes32\",\"name\":\"specId\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"requestHash\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"outputHash\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"evidenceHash\",\"type\":\"bytes32\"},{\"internalType\":\"uint32\",\"name\":\"promptTokens\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"outputTokens\",\"type\":\"uint32\"},{\"internalType\":\"bytes32\",\"name\":\"clientNonce\",\"type\":\"bytes32\"},{\"internalType\":\"uint64\",\"name\":\"time\",\"type\":\"uint64\"}],\"internalType\":\"structReceipt\",\"name\":\"r\",\"type\":\"tuple\"},{\"internalType\":\"uint256\",\"name\":\"chainId\",\"type\":\"uint256\"},{\"internalType\":\"address\",\"name\":\"registry\",\"type\":\"address\"}],\"name\":\"receipt\",\"outputs\":[{\"internalType\":\"bytes32\",\"name\":\"\",\"type\":\"bytes32\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"bytes\",\"name\":\"tokens\",\"type\":\"bytes\"},{\"internalType\":\"uint8\",\"name\":\"rule\",\"type\":\"uint8\"},{\"internalType\":\"uint32\",\"name\":\"temperatureMicro\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"topPMicro\",\"type\":\"uint32\"},{\"internalType\":\"bytes32\",\"name\":\"seed\",\"type\":\"bytes32\"},{\"internalType\":\"uint32\",\"name\":\"maxTokens\",\"type\":\"uint32\"},{\"internalType\":\"bytes32\",\"name\":\"salt\",\"type\":\"bytes32\"}],\"internalType\":\"structRequestPart\",\"name\":\"p\",\"type\":\"tuple\"}],\"name\":\"request\",\"outputs\":[{\"internalType\":\"bytes32\",\"name\":\"\",\"type\":\"bytes32\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"},{\"internalType\":\"bytes32\",\"name\":\"tableRoot\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"sampleRoot\",\"type\":\"bytes32\"},{\"internalType\":\"uint64\",\"name\":\"sampleCount\",\"type\":\"uint64\"},{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"batchId\",\"type\":\"bytes32\"},{\"internalType\":\"address\",\"name\":\"provider\",\"type\":\"address\"},{\"internalType\":\"uint32\",\"name\":\"samples\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"passed\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"failed\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"inconclusive\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"unavailable\",\"type\":\"uint32\"}],\"internalType\":\"structBatchResult[]\",\"name\":\"batches\",\"type\":\"tuple[]\"},{\"components\":[{\"internalType\":\"address\",\"name\":\"subject\",\"type\":\"address\"},{\"internalType\":\"bytes32\",\"name\":\"specId\",\"type\":\"bytes32\"},{\"internalType\":\"uint64\",\"name\":\"value\",\"type\":\"uint64\"}],\"internalType\":\"structStanding[]\",\"name\":\"standings\",\"type\":\"tuple[]\"},{\"components\":[{\"internalType\":\"uint8\",\"name\":\"kind\",\"type\":\"uint8\"},{\"internalType\":\"address\",\"name\":\"subject\",\"type\":\"address\"},{\"internalType\":\"bytes32\",\"name\":\"batchId\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"ref\",\"type\":\"bytes32\"}],\"internalType\":\"structFault[]\",\"name\":\"faults\",\"type\":\"tuple[]\"}],\"internalType\":\"structResult\",\"name\":\"r\",\"type\":\"tuple\"}],\"name\":\"resultRoot\",\"outputs\":[{\"internalType\":\"bytes32\",\"name\":\"\",\"type\":\"bytes32\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"chainId\",\"type\":\"uint256\"},{\"internalType\":\"address\",\"name\":\"attestation\",\"type\":\"address\"},{\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"},{\"internalType\":\"address\",\"name\":\"operator\",\"type\":\"address\"},{\"internalType\":\"bytes32[]\",\"name\":\"items\",\"type\":\"bytes32[]\"}],\"name\":\"reveals\",\"outputs\":[{\"internalType\":\"bytes32\",\"name\":\"\",\"type\":\"bytes32\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"n\",\"type\":\"uint64\"},{\"internalType\":\"uint32\",\"name\":\"ratePpm\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"kMin\",\"type\":\"uint32\"}],\"name\":\"sampleCount\",\"outputs\":[{\"internalType\":\"uint64\",\"name\":\"\",\"type\":\"uint64\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"batch\",\"type\":\"bytes32\"},{\"internalType\":\"uint64\",\"name\":\"j\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"leaf\",\"type\":\"uint64\"}],\"name\":\"sampleId\",\"outputs\":[{\"internalType\":\"bytes32\",\"name\":\"\",\"type\":\"bytes32\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"sampleId\",\"type\":\"bytes32\"},{\"internalType\":\"uint8\",\"name\":\"verdict\",\"type\":\"uint8\"},{\"internalType\":\"uint8\",\"name\":\"class\",\"type\":\"uint8\"},{\"internalType\":\"int32\",\"name\":\"logE\",\"type\":\"int32\"},{\"internalType\":\"bytes32\",\"name\":\"evidence\",\"type\":\"bytes32\"}],\"internalType\":\"structSampleResult\",\"name\":\"s\",\"type\":\"tuple\"}],\"name\":\"sampleResult\",\"outputs\":[{\"internalType\":\"bytes32\",\"name\":\"\",\"type\":\"bytes32\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"chainId\",\"type\":\"uint256\"},{\"internalType\":\"address\",\"name\":\"registry\",\"type\":\"address\"},{\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"},{\"internalType\":\"bytes32\",\"name\":\"batch\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"beacon\",\"type\":\"bytes32\"}],\"name\":\"seed\",\"outputs\":[{\"internalType\":\"bytes32\",\"name\":\"\",\"type\":\"bytes32\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"weightsRoot\",\"type\":\"bytes32\"},{\"internalType\":\"string\",\"name\":\"precision\",\"type\":\"string\"},{\"internalType\":\"bytes32\",\"name\":\"tokenizerHash\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"chatTemplateHash\",\"type\":\"bytes32\"},{\"internalType\":\"string\",\"name\":\"engineClass\",\"type\":\"string\"},{\"internalType\":\"string\",\"name\":\"samplingRule\",\"type\":\"string\"},{\"internalType\":\"uint32\",\"name\":\"vocabSize\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"eos\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"contextLimit\",\"type\":\"uint32\"},{\"internalType\":\"string\",\"name\":\"referenceVersion\",\"type\":\"string\"},{\"internalType\":\"bytes32\",\"name\":\"policyId\",\"type\":\"bytes32\"}],\"internalType\":\"structModelSpec\",\"name\":\"s\",\"type\":\"tuple\"}],\"name\":\"specId\",\"outputs\":[{\"internalType\":\"bytes32\",\"name\":\"\",\"type\":\"bytes32\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"digest\",\"type\":\"bytes32\"},{\"components\":[{\"internalType\":\"uint256\",\"name\":\"X\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"Y\",\"type\":\"uint256\"}],\"internalType\":\"structG1Point\",\"name\":\"sigma\",\"type\":\"tuple\"},{\"components\":[{\"internalType\":\"uint256\",\"name\":\"X\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"Y\",\"type\":\"uint256\"}],\"internalType\":\"structG1Point\",\"name\":\"apk1\",\"type\":\"tuple\"},{\"components\":[{\"internalType\":\"uint256[2]\",\"name\":\"X\",\"type\":\"uint256[2]\"},{\"internalType\":\"uint256[2]\",\"name\":\"Y\",\"type\":\"uint256[2]\"}],\"internalType\":\"structG2Point\",\"name\":\"apk2\",\"type\":\"tuple\"}],\"name\":\"verifySignature\",\"outputs\":[{\"internalType\":\"bool\",\"name\":\"\",\"type\":\"bool\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"expectedLoss\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"gain\",\"type\":\"uint256\"}],\"name\":\"CheatingPays\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"HashToCurveFailed\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"HeaderInvalid\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"expectedLoss\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"gain\",\"type\":\"uint256\"}],\"name\":\"HonestyDoesNotPay\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"PointInvalid\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"ScheduleRefused\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"length\",\"type\":\"uint256\"}],\"name\":\"TokensNotWhole\",\"type\":\"error\"}]",
	ID:  "09db1716f04fe13e7161202793d8784f41",
	Bin: "0x608080604052346015576138ec908161001a8239f35b5f80fdfe6080806040526004361015610012575f80fd5b5f3560e01c908163111f5d17146127595750806314603a5e1461267857806315f9acd91461245d578063178dd948146124355780631f57b107146120b25780632415e70414611ff257806327b07da314611ea75780632aa45bcc14611e455780632be6f58414611dd25780633b695bcb14611d3b57806343a221f914611c9c578063468f531e14611c135780635065408114611b6d57806355826ff714611b0457806367b54b0f1461197b5780636827ba001461180e5780636b5df9b21461174c578063713823241461150057806372026683146112f457806372464ca014610b765780637554609614610ac357806384c997b81461075257806394d92918146106915780639db74ef11461062f578063adf87e3514610590578063b3f1e09c14610542578063c06c1cc01461042c578063ca571004146103a3578063e3c0a95314610351578063e571aeca146102fe578063f15cd287146102025763f411aaae1461017c575f80fd5b346101fe5760406003193601126101fe576020610197612866565b60405173ffffffffffffffffffffffffffffffffffffffff838201927fbe667a44a0a069d4a0317128300bfa5a8f012467ecdc28d02968b17629b066b084521660408201526024356060820152606081526101f36080826129a0565b519020604051908152f35b5f80fd5b346101fe57600319360160a081126101fe576080136101fe57604051608081019080821067ffffffffffffffff8311176102d157602091604052610244612866565b9081815260606024359182858201526044359081604082015260643592839101526040519273ffffffffffffffffffffffffffffffffffffffff868501957fdc41480d934a406d986b3cb85076d647734d00dc5888c8298f4c6893cf0f28f087521660408501526060840152608435608084015260a083015260c082015260c081526101f360e0826129a0565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b346101fe5760606003193601126101fe5761034d61033061031e36612a5d565b610326612beb565b50604435906136d5565b604051918291829190916020806040830194805184520151910152565b0390f35b346101fe5760a06003193601126101fe5760843567ffffffffffffffff81116101fe576103996103876020923690600401612acb565b90606435604435602435600435613638565b6040519015158152f35b346101fe5760406003193601126101fe5760243567ffffffffffffffff81116101fe576103e06103d96020923690600401612a9d565b3691612d30565b818151910120604051828101917fc6c49e863207e97cb8388a1a741c78946b4d305df58e5b3a2143280ea55812fd835260043560408301526060820152606081526101f36080826129a0565b346101fe5760406003193601126101fe5761044636612a5d565b61044e612beb565b50610457612beb565b506020815191015180155f1461049f575061034d905f5b6040519161047b83612984565b82526020820152604051918291829190916020806040830194805184520151910152565b7f30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd4790067f30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd4703907f30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd4782116105155761034d9161046e565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601160045260245ffd5b346101fe576020610588604061055736612934565b61056360608201612c03565b6105706080830183612c18565b9161057e60a0850185612c6c565b9590940135613429565b604051908152f35b346101fe5760606003193601126101fe576105a961291d565b6105b16129ea565b906105ba6129fd565b6105d563ffffffff67ffffffffffffffff8416941684612f35565b92620f423f84018094116105155763ffffffff620f4240602095049216808310610627575b508110156106215767ffffffffffffffff9150165b67ffffffffffffffff60405191168152f35b5061060f565b9150846105fa565b346101fe5761063d36612a21565b67ffffffffffffffff61065c816106538561374f565b9316838661387e565b9216905b8183101561067d5760208367ffffffffffffffff60405191168152f35b909161068a90828561387e565b9190610660565b346101fe57602067ffffffffffffffff73ffffffffffffffffffffffffffffffffffffffff6106e260036106f06106c736612afc565b9586929499959a9398916040519283918e83019586916133f5565b03601f1981018352826129a0565b5190209583604051988b8a019a7fa4fbfe7c3d25b359335877d52fcbb883cfb5ec71eecd17739e331752551835248c5260408b01521660608901521660808701521660a08501520460c083015260e082015260e081526101f3610100826129a0565b346101fe5760c06003193601126101fe5760043561076e6128ef565b60443560643567ffffffffffffffff81116101fe57610791903690600401612b86565b6084359067ffffffffffffffff82116101fe57366023830112156101fe578160040135916107be83612a85565b926107cc60405194856129a0565b8084526024602085019160051b830101913683116101fe57602401905b828210610ab35750505060a43567ffffffffffffffff81116101fe57610816909594953690600401612b86565b905f945f905f955b83518710156108e0575f5b85518110156108945760019073ffffffffffffffffffffffffffffffffffffffff6108548a88612fd3565b511673ffffffffffffffffffffffffffffffffffffffff610875838a612fd3565b511614610883575b01610829565b5f61088e8a8a612fd3565b5261087d565b5095966108af909891986108a88988612fd3565b5190612f48565b966108ba8187612fd3565b516108cc575b6001019597909761081e565b916108d8600191612f27565b9290506108c0565b8589898693868082105f14610aac57505b6109136108fd82612a85565b9161090b60405193846129a0565b808352612a85565b95601f1960208301970136883767ffffffffffffffff5f9416965b8251851015610a515760405160208101907f47dd5f5ad5c7381da2ad42c178d8c2fd50a065a451535dc333047243fb09c45382528360408201528960608201528660808201526080815261098360a0826129a0565b5190208415610a2457849006915f925b61099d8489612fd3565b5181106109c8576109bc6109c2916109b5868b612fd3565b5190612f55565b93612f27565b92610993565b5092979193945f610a18610a11600194988c610a068673ffffffffffffffffffffffffffffffffffffffff8f8d6109fe91612fd3565b511692612fd3565b526109b5898c612fd3565b9689612fd3565b5201939691909661092e565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601260045260245ffd5b919050604051918291602083019060208452518091526040830191905f5b818110610a7d575050500390f35b825173ffffffffffffffffffffffffffffffffffffffff16845285945060209384019390920191600101610a6f565b90506108f1565b81358152602091820191016107e9565b346101fe57602067ffffffffffffffff73ffffffffffffffffffffffffffffffffffffffff6106e2610b12610af736612afc565b958692949895999397916040519283918d83019586916133f5565b5190209483604051978a8901997fc315df7a085e0cc7f50f96cefeba756a0dd8d0e1ca74b40fca2054d47c16c4878b5260408a01521660608801521660808601521660a084015260011c60c083015260e082015260e081526101f3610100826129a0565b346101fe5760206003193601126101fe5760043567ffffffffffffffff81116101fe57610ba7903690600401612a9d565b5f90819081808215610d4f5782156110ed5760c0863560f81c908110801592916080811015611047575050506001845b84610be28388612f48565b1161101f57508390858361100b575b50505015610d4f575f925b82811015610fe7575f94610c118285896133e9565b3560f81c9560c08710801597608081105f14610e1f57505050600191955b84610c3a8489612f48565b11610d4f57610d4f5760088503610db8575080151580610dad575b80610d77575b15610d4f57610c75610c6d8287612f48565b8685896133d1565b90357fffffffffffffffff00000000000000000000000000000000000000000000000081169160088110610d1a575b50507f1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff82168203610515578160031b604003916040831161051557610d14927fffffffffffffffff0000000000000000000000000000000000000000000000006109bc9316901c60c01c96612f48565b92610bfc565b7fffffffffffffffff0000000000000000000000000000000000000000000000009250829060080360031b1b16168780610ca4565b7fc0ca1272000000000000000000000000000000000000000000000000000000005f5260045ffd5b507fff00000000000000000000000000000000000000000000000000000000000000610da48685896133e9565b35161515610c5b565b506008811115610c55565b94600d8514610dcf575b610d14916109bc91612f48565b915060208103610d4f576020820180831161051557610d1491610df76109bc9285878b6133d1565b90359060208110610e0e575b509391509150610dc2565b5f199060200360031b1b1689610e03565b9197909390918215610fb7577fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff40810190811161051557975b60378911610ebd575060018101809111610515578793819881610eb2575b50610e81575b50610c2f565b8581109081610e97575b5015610d4f5788610e7b565b60809150610ea690878b6133e9565b3560f81c101589610e8b565b60019150148a610e75565b93507fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc9880197881161051557600181018091118061051557610eff8983612f48565b98878a11159081610fab575b5080610f73575b15610d4f57610515575b878110610f54575060378311610c2f577fc0ca1272000000000000000000000000000000000000000000000000000000005f5260045ffd5b92600190610f6385888c6133e9565b3560f81c9060081b179301610f1c565b50505f7fff00000000000000000000000000000000000000000000000000000000000000610fa283898d6133e9565b35161515610f12565b6008915011158b610f0b565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8081019081116105155797610e57565b5083600e841115610d4f5760409167ffffffffffffffff8351921682526020820152f35b611016929350612f48565b14828780610bf1565b807fc0ca12720000000000000000000000000000000000000000000000000000000060049252fd5b9195909183156112c4577fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff40810190811161051557955b60378711611151575080611124578591600180978261111a575b50506110a3575b610bd7565b848610806110d8575b61109e577fc0ca1272000000000000000000000000000000000000000000000000000000005f5260045ffd5b156110ed5760808689013560f81c10156110ac565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52603260045260245ffd5b149050868a611097565b807f4e487b7100000000000000000000000000000000000000000000000000000000602492526011600452fd5b9150507fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc9850194808611610515577fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffca5f9101806001116105155780968682111590816112b8575b508061127c575b156112545781611227576001905b80821061120657505060378211610bd7577fc0ca1272000000000000000000000000000000000000000000000000000000005f5260045ffd5b909260019061121685898d6133e9565b3560f81c9060081b179301906111cd565b6024827f4e487b710000000000000000000000000000000000000000000000000000000081526011600452fd5b6004827fc0ca1272000000000000000000000000000000000000000000000000000000008152fd5b5090505f9085600110156110ed577fff0000000000000000000000000000000000000000000000000000000000000060018a01351615156111bf565b6008915011158a6111b8565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff808101908111610515579561107d565b346101fe5760806003193601126101fe5761130d612820565b611315612843565b906064359167ffffffffffffffff83116101fe57826004018336039060e06003198301126101fe5761137f61137961134f60648801612c03565b61135c6084890185612c18565b61136c60a48b9493940187612c6c565b93909260448c0135613429565b91612c03565b917fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffdd60c487013591018112156101fe57850160048101359067ffffffffffffffff82116101fe576024018160071b360381136101fe57604051906020820192806040840160208652526060830191905f905b8082106114a0575050506024928261141e60209a9467ffffffffffffffff9403601f1981018352826129a0565b5190209473ffffffffffffffffffffffffffffffffffffffff60405197818b8a019a7f3cf2c709dc3e7e66bb5573afcb30e58c591ae559fa4821283fc0aaafa4151c8e8c5260043560408c01521660608a01521660808801521660a0860152013560c084015260e083015261010082015261010081526101f3610120826129a0565b90919283359060ff82168092036101fe5760808160019382935273ffffffffffffffffffffffffffffffffffffffff6114db60208901612889565b16602082015260408701356040820152606087013560608201520194019201906113f1565b346101fe57600319360161012081126101fe57610100136101fe5760405161152781612967565b61152f61291d565b81526115396128ef565b9060208101918252611549612906565b60408201526115566128aa565b606082019081526115656128c1565b916080810192835260a4359267ffffffffffffffff841684036101fe5760a082019384526115916128d8565b9160c0810192835260e43567ffffffffffffffff811681036101fe5760e0820152610104359167ffffffffffffffff831683036101fe5767ffffffffffffffff60c097886040516115e282826129a0565b369037511615159081611737575b81611722575b508061170e575b806116fa575b156116d2576040519486860186811067ffffffffffffffff8211176102d15761166567ffffffffffffffff946116659461166e6116a3998895604052611649848461334c565b8c526116558484613377565b60208d0152856116658585613377565b91511690612f48565b60408b015261167d82826133a9565b60608b015261169961168f83836133a9565b8587511690612f48565b60808b01526133a9565b60a0820152604051905f825b600682106116bc57505050f35b60208060019285518152019301910190916116af565b7f7bcfa85a000000000000000000000000000000000000000000000000000000005f5260045ffd5b5067ffffffffffffffff8351161515611603565b5067ffffffffffffffff85511615156115fd565b67ffffffffffffffff915051161515876115f6565b855167ffffffffffffffff16151591506115f0565b346101fe5760206003193601126101fe5760043567ffffffffffffffff81116101fe578060040190606060031982360301126101fe5760209161179160248301612cc0565b906117b26103d96117ab6117a58480612cdf565b90613715565b9280612cdf565b8481519101209060ff604051936044878601967fa4129eda918b892b055f2ae5b895e5c1d3384cbb6008c29bbd98ea8aeb5bb913885201356040860152166060840152608083015260a082015260a081526101f360c0826129a0565b346101fe576101206003193601126101fe5760407fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffdc3601126101fe5760405161185681612984565b6024358152604435602082015260407fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff9c3601126101fe576040519061189a82612984565b6064358252608435602083015260807fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff5c3601126101fe576040516118dd81612984565b3660c312156101fe5760409081516118f583826129a0565b803660e4116101fe5760a4905b60e4821061196b57505081523661010312156101fe5781519361192583866129a0565b849336610124116101fe5760209560e4955b610124871061195c57506119539495508684015260043561313b565b90519015158152f35b86358152958701958701611937565b8135815260209182019101611902565b346101fe5760206003193601126101fe5760043567ffffffffffffffff81116101fe57806004019061016060031982360301126101fe576119bf6024820183612cdf565b36906119ca92612d30565b8051906020012090608481016119e09084612cdf565b36906119eb92612d30565b8051906020012060a48201611a009085612cdf565b3690611a0b92612d30565b8051906020012060c48301611a1f90612cce565b611a2b60e48501612cce565b90611a396101048601612cce565b92611a48610124870189612cdf565b3690611a5392612d30565b80519060200120946040519760208901997facf4c88e64eaebb84d98b1cd99bb006d3e4e93690c1602c12468fb92f8f9eb718b523560408a0152606089015260448701356080890152606487013560a089015260c088015260e087015263ffffffff1661010086015263ffffffff1661012085015263ffffffff1661014084015261016083015261014401356101808201526101808152611af66101a0826129a0565b519020604051908152602090f35b346101fe57602067ffffffffffffffff611b1d36612a21565b836040949293945193868501957f21bb2801c15ef5ccf6129c5375e0a62ee433b4134385041d7e8a739e50c78bd387526040860152166060840152166080820152608081526101f360a0826129a0565b346101fe5760806003193601126101fe57611b86612866565b6044359067ffffffffffffffff82116101fe5760c06101f3611bae6020943690600401612a9d565b9290601f19601f8560405196879473ffffffffffffffffffffffffffffffffffffffff8b87019a168a526024356040870152608060608701528160a0870152868601375f8582860101526064356080850152011681010301601f1981018352826129a0565b346101fe5760206003193601126101fe5760043567ffffffffffffffff81116101fe57366023820112156101fe578060040135611c4f81612a85565b611c5c60405191826129a0565b8181526024602082019260051b840101913683116101fe57602460209401905b838210611c8d578461058884612ff3565b81358152908401908401611c7c565b346101fe5760a06003193601126101fe576020611cb7612820565b611cbf612906565b67ffffffffffffffff6040519173ffffffffffffffffffffffffffffffffffffffff858401947f08647ef34b1db1bb682694c754f7ba778d33a9a56adca25a236fcdacb064eee28652600435604086015216606084015216608082015260643560a082015260843560c082015260c081526101f360e0826129a0565b346101fe5760a06003193601126101fe57604051602081017fd12748becc0892622ccb6320bdd63c50e76037312f22e54436138c032ea49d1c8152600435604083015260243560ff81168091036101fe57606083015260443560ff81168091036101fe576080830152606435918260030b8093036101fe5760209260a082015260843560c082015260c081526101f360e0826129a0565b346101fe5760806003193601126101fe57611dec36612a5d565b60407fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffbc3601126101fe5761033061034d9160405190611e2a82612984565b60443582526064356020830152611e3f612beb565b50612f62565b346101fe57611e5336612a21565b67ffffffffffffffff611e7281611e698561374f565b931683866137ce565b9216905b81831015611e935760208367ffffffffffffffff60405191168152f35b9091611ea09082856137ce565b9190611e76565b346101fe5760606003193601126101fe5760443567ffffffffffffffff81116101fe57366023820112156101fe57806004013567ffffffffffffffff81116101fe5736602460608302840101116101fe576040517f18111462943fb3dab1134725026a2fe3a64fd59888a4ac1ce9ab9a094947567b60208201526004356040820152602435606082015260608152611f406080826129a0565b915f925b82841015611fe2576020611fda6001928260608802860160405160648382019273ffffffffffffffffffffffffffffffffffffffff611f8560248301612889565b168452604481013560408401520135606082015260608152611fa86080826129a0565b6040519584879551918291018587015e840190838201905f8252519283915e01015f815203601f1981018352826129a0565b930192611f44565b8051602091820120604051908152f35b346101fe5760a06003193601126101fe5761200b612820565b6120136128aa565b906084359173ffffffffffffffffffffffffffffffffffffffff83168093036101fe5760209267ffffffffffffffff6040519273ffffffffffffffffffffffffffffffffffffffff868501957f3f4cd372d515af994c7383d4c0a8e2c870e37cf39a7907dc292a72fbc429123c8752600435604087015216606085015260443560808501521660a083015260c082015260c081526101f360e0826129a0565b346101fe57600319360161012081126101fe57610100136101fe576040516120d981612967565b60043563ffffffff811681036101fe5781526120f36129ea565b602082019081526121026129fd565b604083019081526064359263ffffffff841684036101fe5760608101938452608435906fffffffffffffffffffffffffffffffff821682036101fe576080810191825260a435936fffffffffffffffffffffffffffffffff851685036101fe5760a0820194855260c435916fffffffffffffffffffffffffffffffff831683036101fe5760c081019283526121956129c3565b9160e082019283526121a56129d6565b92620f4240975f985b63ffffffff8b51168a108061242b575b1561220b576121d59063ffffffff8a511690612f35565b620f424081019081811161051557620f423f0190811161051557612203620f424063ffffffff92049a612f27565b9990506121ae565b87620f42408210156123f25750620f42400394620f4240861161051557620f424061227863ffffffff97926122738b6122738b612266612296996fffffffffffffffffffffffffffffffff80849b965b511691511690612f48565b9c8d95169b51168b612f35565b612f35565b049251166fffffffffffffffffffffffffffffffff87511690612f35565b90620f4240820291808304620f424014811517156105155781600a0290600a820483036105155762a7d8c00290600b820484036105155711156123c45750506fffffffffffffffffffffffffffffffff92612273849363ffffffff6122fd94511690612f35565b935116915116908181115f146123bb57036fffffffffffffffffffffffffffffffff8111610515576fffffffffffffffffffffffffffffffff16620f4240810290808204620f424014811517156105155764e8d4a510000290808204620f4240149015171561051557905b80600b02600b810482036105155782600a0290600a8204840361051557101561238d57005b7f39ebfeda000000000000000000000000000000000000000000000000000000005f5260045260245260445ffd5b50505f90612368565b7f8d70bdda000000000000000000000000000000000000000000000000000000005f5260045260245260445ffd5b63ffffffff9687925061227890612273620f42409361227386612266612296996fffffffffffffffffffffffffffffffff805f9661225b565b5060208a106121be565b346101fe5760206003193601126101fe5761244e612beb565b5061034d610330600435612d76565b346101fe5760031936016101a081126101fe57610160136101fe576101843573ffffffffffffffffffffffffffffffffffffffff81168091036101fe5760405160208101917f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f83527fa4255a1609c56a9ad63b90eca2db9202c46f4c4f0bfe330253c00b888dbc27c560408301527fc89efdaa54c0f20c7adf612882df0950f5a951637e0307cdcb4c672f298b8bc6606083015261016435608083015260a082015260a0815261252e60c0826129a0565b51902060405190602082017f88d3a7592e4152a27e4d7bcdd2f38df89ee57d29736ae8a88768f3b33a348909815273ffffffffffffffffffffffffffffffffffffffff612579612866565b16604084015267ffffffffffffffff6125906128ef565b16606084015267ffffffffffffffff6125a7612906565b16608084015260643560a084015260843560c084015260a43560e084015260c43561010084015263ffffffff6125db6129c3565b1661012084015263ffffffff6125ef6129d6565b1661014084015261012435610160840152610144359267ffffffffffffffff84168094036101fe5760209361018082015261018081526126316101a0826129a0565b51902060405190838201927f1901000000000000000000000000000000000000000000000000000000000000845260228301526042820152604281526101f36062826129a0565b346101fe5760207f1d3a6b8fee6f5a517954f1bcc1434c8957e099cbb3b86e61dd427a8f91a4c9d96126a936612934565b6126b4838201612cc0565b906126c160408201612cce565b9063ffffffff6126d360608301612cce565b9160806126e260a08301612cce565b91836126f16117a58380612cdf565b95816127006103d98580612cdf565b8c81519101209860ff6040519b8e8d019d8e528c604060c08901359101521660608c015216848a01521660a0880152013560c08601521660e084015261010083015261012082015261012081526101f3610140826129a0565b346101fe5760e06003193601126101fe57602090612775612820565b9067ffffffffffffffff612787612843565b816127906128aa565b816127996128c1565b9173ffffffffffffffffffffffffffffffffffffffff6127b76128d8565b95818b8a019a7f471f8236ec53b4da6e71a94dc9705d667ef423739b7bcaf59d8e980967080c0f8c5260043560408c01521660608a01521660808801521660a08601521660c084015260a43560e08401521661010082015261010081526101f3610120826129a0565b6024359073ffffffffffffffffffffffffffffffffffffffff821682036101fe57565b6044359073ffffffffffffffffffffffffffffffffffffffff821682036101fe57565b6004359073ffffffffffffffffffffffffffffffffffffffff821682036101fe57565b359073ffffffffffffffffffffffffffffffffffffffff821682036101fe57565b6064359067ffffffffffffffff821682036101fe57565b6084359067ffffffffffffffff821682036101fe57565b60c4359067ffffffffffffffff821682036101fe57565b6024359067ffffffffffffffff821682036101fe57565b6044359067ffffffffffffffff821682036101fe57565b6004359067ffffffffffffffff821682036101fe57565b60206003198201126101fe576004359067ffffffffffffffff82116101fe576003198260e0920301126101fe5760040190565b610100810190811067ffffffffffffffff8211176102d157604052565b6040810190811067ffffffffffffffff8211176102d157604052565b90601f601f19910116810190811067ffffffffffffffff8211176102d157604052565b60e4359063ffffffff821682036101fe57565b610104359063ffffffff821682036101fe57565b6024359063ffffffff821682036101fe57565b6044359063ffffffff821682036101fe57565b359063ffffffff821682036101fe57565b60031960609101126101fe576004359060243567ffffffffffffffff811681036101fe579060443567ffffffffffffffff811681036101fe5790565b60031960409101126101fe5760405190612a7682612984565b60043582526024356020830152565b67ffffffffffffffff81116102d15760051b60200190565b9181601f840112156101fe5782359167ffffffffffffffff83116101fe57602083818601950101116101fe57565b9181601f840112156101fe5782359167ffffffffffffffff83116101fe576020808501948460051b0101116101fe57565b60a06003198201126101fe576004359160243573ffffffffffffffffffffffffffffffffffffffff811681036101fe579160443567ffffffffffffffff811681036101fe579160643573ffffffffffffffffffffffffffffffffffffffff811681036101fe57916084359067ffffffffffffffff82116101fe57612b8291600401612acb565b9091565b9080601f830112156101fe578135612b9d81612a85565b92612bab60405194856129a0565b81845260208085019260051b8201019283116101fe57602001905b828210612bd35750505090565b60208091612be084612889565b815201910190612bc6565b60405190612bf882612984565b5f6020838281520152565b3567ffffffffffffffff811681036101fe5790565b9035907fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe1813603018212156101fe570180359067ffffffffffffffff82116101fe576020019160e08202360383136101fe57565b9035907fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe1813603018212156101fe570180359067ffffffffffffffff82116101fe576020019160608202360383136101fe57565b3560ff811681036101fe5790565b3563ffffffff811681036101fe5790565b9035907fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe1813603018212156101fe570180359067ffffffffffffffff82116101fe576020019181360383136101fe57565b92919267ffffffffffffffff82116102d15760405191612d5a6020601f19601f84011601846129a0565b8294818452818301116101fe578281602093845f960137010152565b7f30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd4790604051612da481612984565b5f81525f60208201525006905f905f5b60808310612de4577f91176506000000000000000000000000000000000000000000000000000000005f5260045ffd5b610a24577f30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd476003818581818009090860205f60c060405183815283808201528360408201528460608201527f0c19139cb84c680a6e14116da060561765e05aa45a1c72a34f082305b61f3f5260808201527f30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd4760a08201526005617530fa905f519115612eff577f30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd4782800914612ee4575060017f30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47815f950892019192612db4565b9092915060405191612ef583612984565b8252602082015290565b7f91176506000000000000000000000000000000000000000000000000000000005f5260045ffd5b5f1981146105155760010190565b8181029291811591840414171561051557565b9190820180921161051557565b9190820391821161051557565b6040909291926080825191612f7683612984565b5f83525f6020840152602083968186519380518552015182840152805186840152015160608201526006611388fa15612fab57565b7f9052a04e000000000000000000000000000000000000000000000000000000005f5260045ffd5b80518210156110ed5760209160051b010190565b8015610515575f190190565b612ffd815161382c565b8151801561310d575f5b8181106130e55750905f815b613028575050508051156110ed576020015190565b600183018084116105155760011c925f5b84811061305e57505061304f816130569261384d565b9291612fe7565b909181613013565b8060011b907f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8116811415918261051557600181019283821161051557848410156130dd57506130af5f9389612fd3565b51925b610515576001926130c66130cc928a612fd3565b5161384d565b6130d68289612fd3565b5201613039565b8593506130b2565b806130f260019286612fd3565b515f8053825260215f206131068287612fd3565b5201613007565b5050505f90565b905f905b6002821061312557505050565b6020806001928551815201930191019091613118565b90929161314784613867565b801561333d575b61333557613218906131ef6131fb6131f5604051976131ef7f30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f000000160208b01898152835160408d0152602084015160608d0152875160808d0152602088015160a08d01526131be60c08d018c51613114565b60208b019b6131d38d51610100830190613114565b61012081526131e4610140826129a0565b5190200680966136d5565b90612f62565b94612d76565b9160405161320881612984565b60018152600260208201526136d5565b6040519061018082019482861067ffffffffffffffff8711176102d15760205f958180989481610180988197604052805189520151828801527f198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c260408801527f1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed60608801527f275dc4a288d1afb3cbb1ac09187524c7db36395df7be3b99e673b13a075a65ec60808801527f1d9befcd05a5323e6da4d435f3b617cdb3af83285c2df711ef39c01571827f9d60a0880152805160c0880152015160e086015280515161010086015251015161012084015280515161014084015251015161016082015260086203d090fa5f518161332d575090565b600191501490565b505050505f90565b5061334781613867565b61314e565b61336e6133749267ffffffffffffffff80602081865116950151169116612f35565b90612f48565b90565b67ffffffffffffffff604061339f613392613374958561334c565b8360208601511690612f48565b9201511690612f48565b67ffffffffffffffff608061339f6133c46133749585613377565b8360608601511690612f48565b909392938483116101fe5784116101fe578101920390565b908210156110ed570190565b91907f07ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff81116101fe5760051b809282370190565b9492909391604051906020820192806040840160208652526060830191905f5b81811061357057505050816134669103601f1981018352826129a0565b5190209160405190816020810193826040830160208752526060820190925f905b8082106135065750506134a3925003601f1981018352826129a0565b5190209067ffffffffffffffff6040519360208501957fe90710444705b6546eb418b09123169687a33650cc4d9ef9b5318dd2e070798c87526040860152166060840152608083015260a082015260a0815261350060c0826129a0565b51902090565b9190925073ffffffffffffffffffffffffffffffffffffffff61352885612889565b1681526020840135602082015260408401359067ffffffffffffffff821682036101fe576060809167ffffffffffffffff600194166040820152019401920184929391613487565b90919260e080600192869a999a35815273ffffffffffffffffffffffffffffffffffffffff6135a160208901612889565b16602082015263ffffffff6135b860408901612a10565b16604082015263ffffffff6135cf60608901612a10565b16606082015263ffffffff6135e660808901612a10565b16608082015263ffffffff6135fd60a08901612a10565b1660a082015263ffffffff61361460c08901612a10565b1660c0820152989998019401929101613449565b91908110156110ed5760051b0190565b949392808310908115916136c2575b506136b9575f809392935360015260215f20925f905b80821061366c57505050501490565b90919293600190818616155f1461369f576136939061368c858588613628565b359061384d565b94811c9392019061365d565b6136b4906136ae858588613628565b3561384d565b613693565b50505050505f90565b6136cc915061382c565b8414155f613647565b60409092919260608251916136e983612984565b5f83525f6020840152829560208551928051845201516020830152848201526007617530fa15612fab57565b50600381166137245760021c90565b7f6e01f584000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b9060015b67ffffffffffffffff831660018111908161378c575b50156137885761378167ffffffffffffffff91612f27565b9050613753565b9150565b5f19810191508111610515577f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff82168203610515578160011b1c15155f613769565b91906001811b5f19810190811161051557928383831c9316935f915b600683106137fa575050501b1790565b90919360019083613820888886929190604051935f5260205260405260605f2091604052565b161895940191906137ea565b905f915b6001831b811161383d5750565b9161384790612f27565b91613830565b91906040519260015f5360015260215260415f2091604052565b8051159081613874575090565b6020915001511590565b91906001811b925f19840193841161051557928083831c931693600691825b6138a9575050501b1790565b909193945f1985019085821161051557826138dc886138e49487929190604051935f5260205260405260605f2091604052565b161894612fe7565b91908261389d56",
}

// Libraries is an auto generated Go binding around an Ethereum contract.
type Libraries struct {
	abi abi.ABI
}

// GetABI returns the ABI associated with this contract binding.
func (c *Libraries) GetABI() abi.ABI {
	return c.abi
}

// NewLibraries creates a new instance of Libraries.
func NewLibraries() *Libraries {
	parsed, err := LibrariesMetaData.ParseABI()
	if err != nil {
		panic(errors.New("invalid ABI: " + err.Error()))
	}
	return &Libraries{abi: *parsed}
}

// Instance creates a wrapper for a deployed contract instance at the given address.
// Use this to create the instance object passed to abigen v2 library functions Call, Transact, etc.
func (c *Libraries) Instance(backend bind.ContractBackend, addr common.Address) *bind.BoundContract {
	return bind.NewBoundContract(addr, c.abi, backend, backend, backend)
}

// PackBatchId is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x111f5d17.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function batchId(uint256 chainId, address registry, address provider, uint64 epoch, uint64 firstSequence, bytes32 root, uint64 leafCount) pure returns(bytes32)
func (libraries *Libraries) PackBatchId(chainId *big.Int, registry common.Address, provider common.Address, epoch uint64, firstSequence uint64, root [32]byte, leafCount uint64) []byte {
	enc, err := libraries.abi.Pack("batchId", chainId, registry, provider, epoch, firstSequence, root, leafCount)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackBatchId is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x111f5d17.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function batchId(uint256 chainId, address registry, address provider, uint64 epoch, uint64 firstSequence, bytes32 root, uint64 leafCount) pure returns(bytes32)
func (libraries *Libraries) TryPackBatchId(chainId *big.Int, registry common.Address, provider common.Address, epoch uint64, firstSequence uint64, root [32]byte, leafCount uint64) ([]byte, error) {
	return libraries.abi.Pack("batchId", chainId, registry, provider, epoch, firstSequence, root, leafCount)
}

// UnpackBatchId is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x111f5d17.
//
// Solidity: function batchId(uint256 chainId, address registry, address provider, uint64 epoch, uint64 firstSequence, bytes32 root, uint64 leafCount) pure returns(bytes32)
func (libraries *Libraries) UnpackBatchId(data []byte) ([32]byte, error) {
	out, err := libraries.abi.Unpack("batchId", data)
	if err != nil {
		return *new([32]byte), err
	}
	out0 := *abi.ConvertType(out[0], new([32]byte)).(*[32]byte)
	return out0, nil
}

// PackBuyerNonce is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xf411aaae.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function buyerNonce(address buyer, bytes32 secret) pure returns(bytes32)
func (libraries *Libraries) PackBuyerNonce(buyer common.Address, secret [32]byte) []byte {
	enc, err := libraries.abi.Pack("buyerNonce", buyer, secret)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackBuyerNonce is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xf411aaae.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function buyerNonce(address buyer, bytes32 secret) pure returns(bytes32)
func (libraries *Libraries) TryPackBuyerNonce(buyer common.Address, secret [32]byte) ([]byte, error) {
	return libraries.abi.Pack("buyerNonce", buyer, secret)
}

// UnpackBuyerNonce is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xf411aaae.
//
// Solidity: function buyerNonce(address buyer, bytes32 secret) pure returns(bytes32)
func (libraries *Libraries) UnpackBuyerNonce(data []byte) ([32]byte, error) {
	out, err := libraries.abi.Unpack("buyerNonce", data)
	if err != nil {
		return *new([32]byte), err
	}
	out0 := *abi.ConvertType(out[0], new([32]byte)).(*[32]byte)
	return out0, nil
}

// PackCertificate is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x72026683.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function certificate(uint256 chainId, address attestation, address avs, (uint64,bytes32,bytes32,uint64,(bytes32,address,uint32,uint32,uint32,uint32,uint32)[],(address,bytes32,uint64)[],(uint8,address,bytes32,bytes32)[]) r) pure returns(bytes32)
func (libraries *Libraries) PackCertificate(chainId *big.Int, attestation common.Address, avs common.Address, r Result) []byte {
	enc, err := libraries.abi.Pack("certificate", chainId, attestation, avs, r)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackCertificate is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x72026683.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function certificate(uint256 chainId, address attestation, address avs, (uint64,bytes32,bytes32,uint64,(bytes32,address,uint32,uint32,uint32,uint32,uint32)[],(address,bytes32,uint64)[],(uint8,address,bytes32,bytes32)[]) r) pure returns(bytes32)
func (libraries *Libraries) TryPackCertificate(chainId *big.Int, attestation common.Address, avs common.Address, r Result) ([]byte, error) {
	return libraries.abi.Pack("certificate", chainId, attestation, avs, r)
}

// UnpackCertificate is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x72026683.
//
// Solidity: function certificate(uint256 chainId, address attestation, address avs, (uint64,bytes32,bytes32,uint64,(bytes32,address,uint32,uint32,uint32,uint32,uint32)[],(address,bytes32,uint64)[],(uint8,address,bytes32,bytes32)[]) r) pure returns(bytes32)
func (libraries *Libraries) UnpackCertificate(data []byte) ([32]byte, error) {
	out, err := libraries.abi.Unpack("certificate", data)
	if err != nil {
		return *new([32]byte), err
	}
	out0 := *abi.ConvertType(out[0], new([32]byte)).(*[32]byte)
	return out0, nil
}

// PackCheckEconomics is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x1f57b107.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function checkEconomics((uint32,uint32,uint32,uint32,uint128,uint128,uint128,uint32) e, uint32 ratePpm) pure returns()
func (libraries *Libraries) PackCheckEconomics(e Economics, ratePpm uint32) []byte {
	enc, err := libraries.abi.Pack("checkEconomics", e, ratePpm)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackCheckEconomics is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x1f57b107.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function checkEconomics((uint32,uint32,uint32,uint32,uint128,uint128,uint128,uint32) e, uint32 ratePpm) pure returns()
func (libraries *Libraries) TryPackCheckEconomics(e Economics, ratePpm uint32) ([]byte, error) {
	return libraries.abi.Pack("checkEconomics", e, ratePpm)
}

// PackCommitment is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x50654081.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function commitment(address operator, bytes32 sample, bytes evidenceBytes, bytes32 salt) pure returns(bytes32)
func (libraries *Libraries) PackCommitment(operator common.Address, sample [32]byte, evidenceBytes []byte, salt [32]byte) []byte {
	enc, err := libraries.abi.Pack("commitment", operator, sample, evidenceBytes, salt)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackCommitment is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x50654081.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function commitment(address operator, bytes32 sample, bytes evidenceBytes, bytes32 salt) pure returns(bytes32)
func (libraries *Libraries) TryPackCommitment(operator common.Address, sample [32]byte, evidenceBytes []byte, salt [32]byte) ([]byte, error) {
	return libraries.abi.Pack("commitment", operator, sample, evidenceBytes, salt)
}

// UnpackCommitment is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x50654081.
//
// Solidity: function commitment(address operator, bytes32 sample, bytes evidenceBytes, bytes32 salt) pure returns(bytes32)
func (libraries *Libraries) UnpackCommitment(data []byte) ([32]byte, error) {
	out, err := libraries.abi.Unpack("commitment", data)
	if err != nil {
		return *new([32]byte), err
	}
	out0 := *abi.ConvertType(out[0], new([32]byte)).(*[32]byte)
	return out0, nil
}

// PackCommitments is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x75546096.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function commitments(uint256 chainId, address attestation, uint64 epoch, address operator, bytes32[] items) pure returns(bytes32)
func (libraries *Libraries) PackCommitments(chainId *big.Int, attestation common.Address, epoch uint64, operator common.Address, items [][32]byte) []byte {
	enc, err := libraries.abi.Pack("commitments", chainId, attestation, epoch, operator, items)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackCommitments is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x75546096.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function commitments(uint256 chainId, address attestation, uint64 epoch, address operator, bytes32[] items) pure returns(bytes32)
func (libraries *Libraries) TryPackCommitments(chainId *big.Int, attestation common.Address, epoch uint64, operator common.Address, items [][32]byte) ([]byte, error) {
	return libraries.abi.Pack("commitments", chainId, attestation, epoch, operator, items)
}

// UnpackCommitments is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x75546096.
//
// Solidity: function commitments(uint256 chainId, address attestation, uint64 epoch, address operator, bytes32[] items) pure returns(bytes32)
func (libraries *Libraries) UnpackCommitments(data []byte) ([32]byte, error) {
	out, err := libraries.abi.Unpack("commitments", data)
	if err != nil {
		return *new([32]byte), err
	}
	out0 := *abi.ConvertType(out[0], new([32]byte)).(*[32]byte)
	return out0, nil
}

// PackCommittee is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x84c997b8.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function committee(bytes32 seed_, uint64 j, uint256 m, address[] operators, uint256[] weights, address[] excluded) pure returns(address[])
func (libraries *Libraries) PackCommittee(seed [32]byte, j uint64, m *big.Int, operators []common.Address, weights []*big.Int, excluded []common.Address) []byte {
	enc, err := libraries.abi.Pack("committee", seed, j, m, operators, weights, excluded)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackCommittee is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x84c997b8.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function committee(bytes32 seed_, uint64 j, uint256 m, address[] operators, uint256[] weights, address[] excluded) pure returns(address[])
func (libraries *Libraries) TryPackCommittee(seed [32]byte, j uint64, m *big.Int, operators []common.Address, weights []*big.Int, excluded []common.Address) ([]byte, error) {
	return libraries.abi.Pack("committee", seed, j, m, operators, weights, excluded)
}

// UnpackCommittee is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x84c997b8.
//
// Solidity: function committee(bytes32 seed_, uint64 j, uint256 m, address[] operators, uint256[] weights, address[] excluded) pure returns(address[])
func (libraries *Libraries) UnpackCommittee(data []byte) ([]common.Address, error) {
	out, err := libraries.abi.Unpack("committee", data)
	if err != nil {
		return *new([]common.Address), err
	}
	out0 := *abi.ConvertType(out[0], new([]common.Address)).(*[]common.Address)
	return out0, nil
}

// PackEvidence is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xca571004.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function evidence(bytes32 salt, bytes evidenceBytes) pure returns(bytes32)
func (libraries *Libraries) PackEvidence(salt [32]byte, evidenceBytes []byte) []byte {
	enc, err := libraries.abi.Pack("evidence", salt, evidenceBytes)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackEvidence is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xca571004.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function evidence(bytes32 salt, bytes evidenceBytes) pure returns(bytes32)
func (libraries *Libraries) TryPackEvidence(salt [32]byte, evidenceBytes []byte) ([]byte, error) {
	return libraries.abi.Pack("evidence", salt, evidenceBytes)
}

// UnpackEvidence is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xca571004.
//
// Solidity: function evidence(bytes32 salt, bytes evidenceBytes) pure returns(bytes32)
func (libraries *Libraries) UnpackEvidence(data []byte) ([32]byte, error) {
	out, err := libraries.abi.Unpack("evidence", data)
	if err != nil {
		return *new([32]byte), err
	}
	out0 := *abi.ConvertType(out[0], new([32]byte)).(*[32]byte)
	return out0, nil
}

// PackG1Add is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x2be6f584.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function g1Add((uint256,uint256) a, (uint256,uint256) b) view returns((uint256,uint256))
func (libraries *Libraries) PackG1Add(a G1Point, b G1Point) []byte {
	enc, err := libraries.abi.Pack("g1Add", a, b)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackG1Add is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x2be6f584.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function g1Add((uint256,uint256) a, (uint256,uint256) b) view returns((uint256,uint256))
func (libraries *Libraries) TryPackG1Add(a G1Point, b G1Point) ([]byte, error) {
	return libraries.abi.Pack("g1Add", a, b)
}

// UnpackG1Add is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x2be6f584.
//
// Solidity: function g1Add((uint256,uint256) a, (uint256,uint256) b) view returns((uint256,uint256))
func (libraries *Libraries) UnpackG1Add(data []byte) (G1Point, error) {
	out, err := libraries.abi.Unpack("g1Add", data)
	if err != nil {
		return *new(G1Point), err
	}
	out0 := *abi.ConvertType(out[0], new(G1Point)).(*G1Point)
	return out0, nil
}

// PackG1Mul is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xe571aeca.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function g1Mul((uint256,uint256) a, uint256 scalar) view returns((uint256,uint256))
func (libraries *Libraries) PackG1Mul(a G1Point, scalar *big.Int) []byte {
	enc, err := libraries.abi.Pack("g1Mul", a, scalar)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackG1Mul is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xe571aeca.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function g1Mul((uint256,uint256) a, uint256 scalar) view returns((uint256,uint256))
func (libraries *Libraries) TryPackG1Mul(a G1Point, scalar *big.Int) ([]byte, error) {
	return libraries.abi.Pack("g1Mul", a, scalar)
}

// UnpackG1Mul is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xe571aeca.
//
// Solidity: function g1Mul((uint256,uint256) a, uint256 scalar) view returns((uint256,uint256))
func (libraries *Libraries) UnpackG1Mul(data []byte) (G1Point, error) {
	out, err := libraries.abi.Unpack("g1Mul", data)
	if err != nil {
		return *new(G1Point), err
	}
	out0 := *abi.ConvertType(out[0], new(G1Point)).(*G1Point)
	return out0, nil
}

// PackG1Negate is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xc06c1cc0.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function g1Negate((uint256,uint256) a) pure returns((uint256,uint256))
func (libraries *Libraries) PackG1Negate(a G1Point) []byte {
	enc, err := libraries.abi.Pack("g1Negate", a)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackG1Negate is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xc06c1cc0.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function g1Negate((uint256,uint256) a) pure returns((uint256,uint256))
func (libraries *Libraries) TryPackG1Negate(a G1Point) ([]byte, error) {
	return libraries.abi.Pack("g1Negate", a)
}

// UnpackG1Negate is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xc06c1cc0.
//
// Solidity: function g1Negate((uint256,uint256) a) pure returns((uint256,uint256))
func (libraries *Libraries) UnpackG1Negate(data []byte) (G1Point, error) {
	out, err := libraries.abi.Unpack("g1Negate", data)
	if err != nil {
		return *new(G1Point), err
	}
	out0 := *abi.ConvertType(out[0], new(G1Point)).(*G1Point)
	return out0, nil
}

// PackHashToG1 is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x178dd948.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function hashToG1(bytes32 digest) view returns((uint256,uint256))
func (libraries *Libraries) PackHashToG1(digest [32]byte) []byte {
	enc, err := libraries.abi.Pack("hashToG1", digest)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackHashToG1 is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x178dd948.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function hashToG1(bytes32 digest) view returns((uint256,uint256))
func (libraries *Libraries) TryPackHashToG1(digest [32]byte) ([]byte, error) {
	return libraries.abi.Pack("hashToG1", digest)
}

// UnpackHashToG1 is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x178dd948.
//
// Solidity: function hashToG1(bytes32 digest) view returns((uint256,uint256))
func (libraries *Libraries) UnpackHashToG1(data []byte) (G1Point, error) {
	out, err := libraries.abi.Unpack("hashToG1", data)
	if err != nil {
		return *new(G1Point), err
	}
	out0 := *abi.ConvertType(out[0], new(G1Point)).(*G1Point)
	return out0, nil
}

// PackHeld is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x27b07da3.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function held(bytes32 receiptHash, bytes32 providerEvidence, (address,bytes32,bytes32)[] committee_) pure returns(bytes32)
func (libraries *Libraries) PackHeld(receiptHash [32]byte, providerEvidence [32]byte, committee []HeldEvidence) []byte {
	enc, err := libraries.abi.Pack("held", receiptHash, providerEvidence, committee)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackHeld is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x27b07da3.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function held(bytes32 receiptHash, bytes32 providerEvidence, (address,bytes32,bytes32)[] committee_) pure returns(bytes32)
func (libraries *Libraries) TryPackHeld(receiptHash [32]byte, providerEvidence [32]byte, committee []HeldEvidence) ([]byte, error) {
	return libraries.abi.Pack("held", receiptHash, providerEvidence, committee)
}

// UnpackHeld is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x27b07da3.
//
// Solidity: function held(bytes32 receiptHash, bytes32 providerEvidence, (address,bytes32,bytes32)[] committee_) pure returns(bytes32)
func (libraries *Libraries) UnpackHeld(data []byte) ([32]byte, error) {
	out, err := libraries.abi.Unpack("held", data)
	if err != nil {
		return *new([32]byte), err
	}
	out0 := *abi.ConvertType(out[0], new([32]byte)).(*[32]byte)
	return out0, nil
}

// PackIndexOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x9db74ef1.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function indexOf(bytes32 seed_, uint64 n, uint64 leaf) pure returns(uint64)
func (libraries *Libraries) PackIndexOf(seed [32]byte, n uint64, leaf uint64) []byte {
	enc, err := libraries.abi.Pack("indexOf", seed, n, leaf)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackIndexOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x9db74ef1.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function indexOf(bytes32 seed_, uint64 n, uint64 leaf) pure returns(uint64)
func (libraries *Libraries) TryPackIndexOf(seed [32]byte, n uint64, leaf uint64) ([]byte, error) {
	return libraries.abi.Pack("indexOf", seed, n, leaf)
}

// UnpackIndexOf is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x9db74ef1.
//
// Solidity: function indexOf(bytes32 seed_, uint64 n, uint64 leaf) pure returns(uint64)
func (libraries *Libraries) UnpackIndexOf(data []byte) (uint64, error) {
	out, err := libraries.abi.Unpack("indexOf", data)
	if err != nil {
		return *new(uint64), err
	}
	out0 := *abi.ConvertType(out[0], new(uint64)).(*uint64)
	return out0, nil
}

// PackLeafAt is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x2aa45bcc.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function leafAt(bytes32 seed_, uint64 n, uint64 j) pure returns(uint64)
func (libraries *Libraries) PackLeafAt(seed [32]byte, n uint64, j uint64) []byte {
	enc, err := libraries.abi.Pack("leafAt", seed, n, j)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackLeafAt is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x2aa45bcc.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function leafAt(bytes32 seed_, uint64 n, uint64 j) pure returns(uint64)
func (libraries *Libraries) TryPackLeafAt(seed [32]byte, n uint64, j uint64) ([]byte, error) {
	return libraries.abi.Pack("leafAt", seed, n, j)
}

// UnpackLeafAt is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x2aa45bcc.
//
// Solidity: function leafAt(bytes32 seed_, uint64 n, uint64 j) pure returns(uint64)
func (libraries *Libraries) UnpackLeafAt(data []byte) (uint64, error) {
	out, err := libraries.abi.Unpack("leafAt", data)
	if err != nil {
		return *new(uint64), err
	}
	out0 := *abi.ConvertType(out[0], new(uint64)).(*uint64)
	return out0, nil
}

// PackMember is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xf15cd287.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function member((address,uint256,uint256,uint256) m, uint256 before) pure returns(bytes32)
func (libraries *Libraries) PackMember(m Member, before *big.Int) []byte {
	enc, err := libraries.abi.Pack("member", m, before)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackMember is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xf15cd287.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function member((address,uint256,uint256,uint256) m, uint256 before) pure returns(bytes32)
func (libraries *Libraries) TryPackMember(m Member, before *big.Int) ([]byte, error) {
	return libraries.abi.Pack("member", m, before)
}

// UnpackMember is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xf15cd287.
//
// Solidity: function member((address,uint256,uint256,uint256) m, uint256 before) pure returns(bytes32)
func (libraries *Libraries) UnpackMember(data []byte) ([32]byte, error) {
	out, err := libraries.abi.Unpack("member", data)
	if err != nil {
		return *new([32]byte), err
	}
	out0 := *abi.ConvertType(out[0], new([32]byte)).(*[32]byte)
	return out0, nil
}

// PackMerkleRoot is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x468f531e.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function merkleRoot(bytes32[] values) pure returns(bytes32)
func (libraries *Libraries) PackMerkleRoot(values [][32]byte) []byte {
	enc, err := libraries.abi.Pack("merkleRoot", values)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackMerkleRoot is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x468f531e.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function merkleRoot(bytes32[] values) pure returns(bytes32)
func (libraries *Libraries) TryPackMerkleRoot(values [][32]byte) ([]byte, error) {
	return libraries.abi.Pack("merkleRoot", values)
}

// UnpackMerkleRoot is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x468f531e.
//
// Solidity: function merkleRoot(bytes32[] values) pure returns(bytes32)
func (libraries *Libraries) UnpackMerkleRoot(data []byte) ([32]byte, error) {
	out, err := libraries.abi.Unpack("merkleRoot", data)
	if err != nil {
		return *new([32]byte), err
	}
	out0 := *abi.ConvertType(out[0], new([32]byte)).(*[32]byte)
	return out0, nil
}

// PackMerkleVerify is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xe3c0a953.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function merkleVerify(bytes32 root, bytes32 value, uint256 index, uint256 count, bytes32[] proof) pure returns(bool)
func (libraries *Libraries) PackMerkleVerify(root [32]byte, value [32]byte, index *big.Int, count *big.Int, proof [][32]byte) []byte {
	enc, err := libraries.abi.Pack("merkleVerify", root, value, index, count, proof)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackMerkleVerify is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xe3c0a953.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function merkleVerify(bytes32 root, bytes32 value, uint256 index, uint256 count, bytes32[] proof) pure returns(bool)
func (libraries *Libraries) TryPackMerkleVerify(root [32]byte, value [32]byte, index *big.Int, count *big.Int, proof [][32]byte) ([]byte, error) {
	return libraries.abi.Pack("merkleVerify", root, value, index, count, proof)
}

// UnpackMerkleVerify is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xe3c0a953.
//
// Solidity: function merkleVerify(bytes32 root, bytes32 value, uint256 index, uint256 count, bytes32[] proof) pure returns(bool)
func (libraries *Libraries) UnpackMerkleVerify(data []byte) (bool, error) {
	out, err := libraries.abi.Unpack("merkleVerify", data)
	if err != nil {
		return *new(bool), err
	}
	out0 := *abi.ConvertType(out[0], new(bool)).(*bool)
	return out0, nil
}

// PackOpenRequest is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x2415e704.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function openRequest(uint256 chainId, address registry, bytes32 batch, uint64 leaf, address operator) pure returns(bytes32)
func (libraries *Libraries) PackOpenRequest(chainId *big.Int, registry common.Address, batch [32]byte, leaf uint64, operator common.Address) []byte {
	enc, err := libraries.abi.Pack("openRequest", chainId, registry, batch, leaf, operator)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackOpenRequest is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x2415e704.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function openRequest(uint256 chainId, address registry, bytes32 batch, uint64 leaf, address operator) pure returns(bytes32)
func (libraries *Libraries) TryPackOpenRequest(chainId *big.Int, registry common.Address, batch [32]byte, leaf uint64, operator common.Address) ([]byte, error) {
	return libraries.abi.Pack("openRequest", chainId, registry, batch, leaf, operator)
}

// UnpackOpenRequest is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x2415e704.
//
// Solidity: function openRequest(uint256 chainId, address registry, bytes32 batch, uint64 leaf, address operator) pure returns(bytes32)
func (libraries *Libraries) UnpackOpenRequest(data []byte) ([32]byte, error) {
	out, err := libraries.abi.Unpack("openRequest", data)
	if err != nil {
		return *new([32]byte), err
	}
	out0 := *abi.ConvertType(out[0], new([32]byte)).(*[32]byte)
	return out0, nil
}

// PackOutput is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x6b5df9b2.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function output((bytes,uint8,bytes32) p) pure returns(bytes32)
func (libraries *Libraries) PackOutput(p OutputPart) []byte {
	enc, err := libraries.abi.Pack("output", p)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackOutput is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x6b5df9b2.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function output((bytes,uint8,bytes32) p) pure returns(bytes32)
func (libraries *Libraries) TryPackOutput(p OutputPart) ([]byte, error) {
	return libraries.abi.Pack("output", p)
}

// UnpackOutput is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x6b5df9b2.
//
// Solidity: function output((bytes,uint8,bytes32) p) pure returns(bytes32)
func (libraries *Libraries) UnpackOutput(data []byte) ([32]byte, error) {
	out, err := libraries.abi.Unpack("output", data)
	if err != nil {
		return *new([32]byte), err
	}
	out0 := *abi.ConvertType(out[0], new([32]byte)).(*[32]byte)
	return out0, nil
}

// PackParseHeader is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x72464ca0.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function parseHeader(bytes header) pure returns(uint64 number, bytes32 mixHash)
func (libraries *Libraries) PackParseHeader(header []byte) []byte {
	enc, err := libraries.abi.Pack("parseHeader", header)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackParseHeader is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x72464ca0.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function parseHeader(bytes header) pure returns(uint64 number, bytes32 mixHash)
func (libraries *Libraries) TryPackParseHeader(header []byte) ([]byte, error) {
	return libraries.abi.Pack("parseHeader", header)
}

// ParseHeaderOutput serves as a container for the return parameters of contract
// method ParseHeader.
type ParseHeaderOutput struct {
	Number  uint64
	MixHash [32]byte
}

// UnpackParseHeader is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x72464ca0.
//
// Solidity: function parseHeader(bytes header) pure returns(uint64 number, bytes32 mixHash)
func (libraries *Libraries) UnpackParseHeader(data []byte) (ParseHeaderOutput, error) {
	out, err := libraries.abi.Unpack("parseHeader", data)
	outstruct := new(ParseHeaderOutput)
	if err != nil {
		return *outstruct, err
	}
	outstruct.Number = *abi.ConvertType(out[0], new(uint64)).(*uint64)
	outstruct.MixHash = *abi.ConvertType(out[1], new([32]byte)).(*[32]byte)
	return *outstruct, nil
}

// PackPhases is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x71382324.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function phases((uint64,uint64,uint64,uint64,uint64,uint64,uint64,uint64) s, uint64 epoch) pure returns(uint256[6] blocks)
func (libraries *Libraries) PackPhases(s Schedule, epoch uint64) []byte {
	enc, err := libraries.abi.Pack("phases", s, epoch)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackPhases is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x71382324.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function phases((uint64,uint64,uint64,uint64,uint64,uint64,uint64,uint64) s, uint64 epoch) pure returns(uint256[6] blocks)
func (libraries *Libraries) TryPackPhases(s Schedule, epoch uint64) ([]byte, error) {
	return libraries.abi.Pack("phases", s, epoch)
}

// UnpackPhases is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x71382324.
//
// Solidity: function phases((uint64,uint64,uint64,uint64,uint64,uint64,uint64,uint64) s, uint64 epoch) pure returns(uint256[6] blocks)
func (libraries *Libraries) UnpackPhases(data []byte) ([6]*big.Int, error) {
	out, err := libraries.abi.Unpack("phases", data)
	if err != nil {
		return *new([6]*big.Int), err
	}
	out0 := *abi.ConvertType(out[0], new([6]*big.Int)).(*[6]*big.Int)
	return out0, nil
}

// PackReceipt is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x15f9acd9.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function receipt((address,uint64,uint64,bytes32,bytes32,bytes32,bytes32,uint32,uint32,bytes32,uint64) r, uint256 chainId, address registry) pure returns(bytes32)
func (libraries *Libraries) PackReceipt(r Receipt, chainId *big.Int, registry common.Address) []byte {
	enc, err := libraries.abi.Pack("receipt", r, chainId, registry)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackReceipt is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x15f9acd9.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function receipt((address,uint64,uint64,bytes32,bytes32,bytes32,bytes32,uint32,uint32,bytes32,uint64) r, uint256 chainId, address registry) pure returns(bytes32)
func (libraries *Libraries) TryPackReceipt(r Receipt, chainId *big.Int, registry common.Address) ([]byte, error) {
	return libraries.abi.Pack("receipt", r, chainId, registry)
}

// UnpackReceipt is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x15f9acd9.
//
// Solidity: function receipt((address,uint64,uint64,bytes32,bytes32,bytes32,bytes32,uint32,uint32,bytes32,uint64) r, uint256 chainId, address registry) pure returns(bytes32)
func (libraries *Libraries) UnpackReceipt(data []byte) ([32]byte, error) {
	out, err := libraries.abi.Unpack("receipt", data)
	if err != nil {
		return *new([32]byte), err
	}
	out0 := *abi.ConvertType(out[0], new([32]byte)).(*[32]byte)
	return out0, nil
}

// PackRequest is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x14603a5e.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function request((bytes,uint8,uint32,uint32,bytes32,uint32,bytes32) p) pure returns(bytes32)
func (libraries *Libraries) PackRequest(p RequestPart) []byte {
	enc, err := libraries.abi.Pack("request", p)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackRequest is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x14603a5e.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function request((bytes,uint8,uint32,uint32,bytes32,uint32,bytes32) p) pure returns(bytes32)
func (libraries *Libraries) TryPackRequest(p RequestPart) ([]byte, error) {
	return libraries.abi.Pack("request", p)
}

// UnpackRequest is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x14603a5e.
//
// Solidity: function request((bytes,uint8,uint32,uint32,bytes32,uint32,bytes32) p) pure returns(bytes32)
func (libraries *Libraries) UnpackRequest(data []byte) ([32]byte, error) {
	out, err := libraries.abi.Unpack("request", data)
	if err != nil {
		return *new([32]byte), err
	}
	out0 := *abi.ConvertType(out[0], new([32]byte)).(*[32]byte)
	return out0, nil
}

// PackResultRoot is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xb3f1e09c.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function resultRoot((uint64,bytes32,bytes32,uint64,(bytes32,address,uint32,uint32,uint32,uint32,uint32)[],(address,bytes32,uint64)[],(uint8,address,bytes32,bytes32)[]) r) pure returns(bytes32)
func (libraries *Libraries) PackResultRoot(r Result) []byte {
	enc, err := libraries.abi.Pack("resultRoot", r)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackResultRoot is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xb3f1e09c.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function resultRoot((uint64,bytes32,bytes32,uint64,(bytes32,address,uint32,uint32,uint32,uint32,uint32)[],(address,bytes32,uint64)[],(uint8,address,bytes32,bytes32)[]) r) pure returns(bytes32)
func (libraries *Libraries) TryPackResultRoot(r Result) ([]byte, error) {
	return libraries.abi.Pack("resultRoot", r)
}

// UnpackResultRoot is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xb3f1e09c.
//
// Solidity: function resultRoot((uint64,bytes32,bytes32,uint64,(bytes32,address,uint32,uint32,uint32,uint32,uint32)[],(address,bytes32,uint64)[],(uint8,address,bytes32,bytes32)[]) r) pure returns(bytes32)
func (libraries *Libraries) UnpackResultRoot(data []byte) ([32]byte, error) {
	out, err := libraries.abi.Unpack("resultRoot", data)
	if err != nil {
		return *new([32]byte), err
	}
	out0 := *abi.ConvertType(out[0], new([32]byte)).(*[32]byte)
	return out0, nil
}

// PackReveals is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x94d92918.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function reveals(uint256 chainId, address attestation, uint64 epoch, address operator, bytes32[] items) pure returns(bytes32)
func (libraries *Libraries) PackReveals(chainId *big.Int, attestation common.Address, epoch uint64, operator common.Address, items [][32]byte) []byte {
	enc, err := libraries.abi.Pack("reveals", chainId, attestation, epoch, operator, items)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackReveals is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x94d92918.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function reveals(uint256 chainId, address attestation, uint64 epoch, address operator, bytes32[] items) pure returns(bytes32)
func (libraries *Libraries) TryPackReveals(chainId *big.Int, attestation common.Address, epoch uint64, operator common.Address, items [][32]byte) ([]byte, error) {
	return libraries.abi.Pack("reveals", chainId, attestation, epoch, operator, items)
}

// UnpackReveals is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x94d92918.
//
// Solidity: function reveals(uint256 chainId, address attestation, uint64 epoch, address operator, bytes32[] items) pure returns(bytes32)
func (libraries *Libraries) UnpackReveals(data []byte) ([32]byte, error) {
	out, err := libraries.abi.Unpack("reveals", data)
	if err != nil {
		return *new([32]byte), err
	}
	out0 := *abi.ConvertType(out[0], new([32]byte)).(*[32]byte)
	return out0, nil
}

// PackSampleCount is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xadf87e35.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function sampleCount(uint64 n, uint32 ratePpm, uint32 kMin) pure returns(uint64)
func (libraries *Libraries) PackSampleCount(n uint64, ratePpm uint32, kMin uint32) []byte {
	enc, err := libraries.abi.Pack("sampleCount", n, ratePpm, kMin)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSampleCount is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xadf87e35.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function sampleCount(uint64 n, uint32 ratePpm, uint32 kMin) pure returns(uint64)
func (libraries *Libraries) TryPackSampleCount(n uint64, ratePpm uint32, kMin uint32) ([]byte, error) {
	return libraries.abi.Pack("sampleCount", n, ratePpm, kMin)
}

// UnpackSampleCount is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xadf87e35.
//
// Solidity: function sampleCount(uint64 n, uint32 ratePpm, uint32 kMin) pure returns(uint64)
func (libraries *Libraries) UnpackSampleCount(data []byte) (uint64, error) {
	out, err := libraries.abi.Unpack("sampleCount", data)
	if err != nil {
		return *new(uint64), err
	}
	out0 := *abi.ConvertType(out[0], new(uint64)).(*uint64)
	return out0, nil
}

// PackSampleId is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x55826ff7.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function sampleId(bytes32 batch, uint64 j, uint64 leaf) pure returns(bytes32)
func (libraries *Libraries) PackSampleId(batch [32]byte, j uint64, leaf uint64) []byte {
	enc, err := libraries.abi.Pack("sampleId", batch, j, leaf)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSampleId is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x55826ff7.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function sampleId(bytes32 batch, uint64 j, uint64 leaf) pure returns(bytes32)
func (libraries *Libraries) TryPackSampleId(batch [32]byte, j uint64, leaf uint64) ([]byte, error) {
	return libraries.abi.Pack("sampleId", batch, j, leaf)
}

// UnpackSampleId is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x55826ff7.
//
// Solidity: function sampleId(bytes32 batch, uint64 j, uint64 leaf) pure returns(bytes32)
func (libraries *Libraries) UnpackSampleId(data []byte) ([32]byte, error) {
	out, err := libraries.abi.Unpack("sampleId", data)
	if err != nil {
		return *new([32]byte), err
	}
	out0 := *abi.ConvertType(out[0], new([32]byte)).(*[32]byte)
	return out0, nil
}

// PackSampleResult is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x3b695bcb.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function sampleResult((bytes32,uint8,uint8,int32,bytes32) s) pure returns(bytes32)
func (libraries *Libraries) PackSampleResult(s SampleResult) []byte {
	enc, err := libraries.abi.Pack("sampleResult", s)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSampleResult is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x3b695bcb.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function sampleResult((bytes32,uint8,uint8,int32,bytes32) s) pure returns(bytes32)
func (libraries *Libraries) TryPackSampleResult(s SampleResult) ([]byte, error) {
	return libraries.abi.Pack("sampleResult", s)
}

// UnpackSampleResult is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x3b695bcb.
//
// Solidity: function sampleResult((bytes32,uint8,uint8,int32,bytes32) s) pure returns(bytes32)
func (libraries *Libraries) UnpackSampleResult(data []byte) ([32]byte, error) {
	out, err := libraries.abi.Unpack("sampleResult", data)
	if err != nil {
		return *new([32]byte), err
	}
	out0 := *abi.ConvertType(out[0], new([32]byte)).(*[32]byte)
	return out0, nil
}

// PackSeed is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x43a221f9.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function seed(uint256 chainId, address registry, uint64 epoch, bytes32 batch, bytes32 beacon) pure returns(bytes32)
func (libraries *Libraries) PackSeed(chainId *big.Int, registry common.Address, epoch uint64, batch [32]byte, beacon [32]byte) []byte {
	enc, err := libraries.abi.Pack("seed", chainId, registry, epoch, batch, beacon)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSeed is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x43a221f9.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function seed(uint256 chainId, address registry, uint64 epoch, bytes32 batch, bytes32 beacon) pure returns(bytes32)
func (libraries *Libraries) TryPackSeed(chainId *big.Int, registry common.Address, epoch uint64, batch [32]byte, beacon [32]byte) ([]byte, error) {
	return libraries.abi.Pack("seed", chainId, registry, epoch, batch, beacon)
}

// UnpackSeed is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x43a221f9.
//
// Solidity: function seed(uint256 chainId, address registry, uint64 epoch, bytes32 batch, bytes32 beacon) pure returns(bytes32)
func (libraries *Libraries) UnpackSeed(data []byte) ([32]byte, error) {
	out, err := libraries.abi.Unpack("seed", data)
	if err != nil {
		return *new([32]byte), err
	}
	out0 := *abi.ConvertType(out[0], new([32]byte)).(*[32]byte)
	return out0, nil
}

// PackSpecId is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x67b54b0f.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function specId((bytes32,string,bytes32,bytes32,string,string,uint32,uint32,uint32,string,bytes32) s) pure returns(bytes32)
func (libraries *Libraries) PackSpecId(s ModelSpec) []byte {
	enc, err := libraries.abi.Pack("specId", s)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSpecId is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x67b54b0f.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function specId((bytes32,string,bytes32,bytes32,string,string,uint32,uint32,uint32,string,bytes32) s) pure returns(bytes32)
func (libraries *Libraries) TryPackSpecId(s ModelSpec) ([]byte, error) {
	return libraries.abi.Pack("specId", s)
}

// UnpackSpecId is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x67b54b0f.
//
// Solidity: function specId((bytes32,string,bytes32,bytes32,string,string,uint32,uint32,uint32,string,bytes32) s) pure returns(bytes32)
func (libraries *Libraries) UnpackSpecId(data []byte) ([32]byte, error) {
	out, err := libraries.abi.Unpack("specId", data)
	if err != nil {
		return *new([32]byte), err
	}
	out0 := *abi.ConvertType(out[0], new([32]byte)).(*[32]byte)
	return out0, nil
}

// PackVerifySignature is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x6827ba00.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function verifySignature(bytes32 digest, (uint256,uint256) sigma, (uint256,uint256) apk1, (uint256[2],uint256[2]) apk2) view returns(bool)
func (libraries *Libraries) PackVerifySignature(digest [32]byte, sigma G1Point, apk1 G1Point, apk2 G2Point) []byte {
	enc, err := libraries.abi.Pack("verifySignature", digest, sigma, apk1, apk2)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackVerifySignature is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x6827ba00.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function verifySignature(bytes32 digest, (uint256,uint256) sigma, (uint256,uint256) apk1, (uint256[2],uint256[2]) apk2) view returns(bool)
func (libraries *Libraries) TryPackVerifySignature(digest [32]byte, sigma G1Point, apk1 G1Point, apk2 G2Point) ([]byte, error) {
	return libraries.abi.Pack("verifySignature", digest, sigma, apk1, apk2)
}

// UnpackVerifySignature is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x6827ba00.
//
// Solidity: function verifySignature(bytes32 digest, (uint256,uint256) sigma, (uint256,uint256) apk1, (uint256[2],uint256[2]) apk2) view returns(bool)
func (libraries *Libraries) UnpackVerifySignature(data []byte) (bool, error) {
	out, err := libraries.abi.Unpack("verifySignature", data)
	if err != nil {
		return *new(bool), err
	}
	out0 := *abi.ConvertType(out[0], new(bool)).(*bool)
	return out0, nil
}

// UnpackError attempts to decode the provided error data using user-defined
// error definitions.
func (libraries *Libraries) UnpackError(raw []byte) (any, error) {
	if bytes.Equal(raw[:4], libraries.abi.Errors["CheatingPays"].ID.Bytes()[:4]) {
		return libraries.UnpackCheatingPaysError(raw[4:])
	}
	if bytes.Equal(raw[:4], libraries.abi.Errors["HashToCurveFailed"].ID.Bytes()[:4]) {
		return libraries.UnpackHashToCurveFailedError(raw[4:])
	}
	if bytes.Equal(raw[:4], libraries.abi.Errors["HeaderInvalid"].ID.Bytes()[:4]) {
		return libraries.UnpackHeaderInvalidError(raw[4:])
	}
	if bytes.Equal(raw[:4], libraries.abi.Errors["HonestyDoesNotPay"].ID.Bytes()[:4]) {
		return libraries.UnpackHonestyDoesNotPayError(raw[4:])
	}
	if bytes.Equal(raw[:4], libraries.abi.Errors["PointInvalid"].ID.Bytes()[:4]) {
		return libraries.UnpackPointInvalidError(raw[4:])
	}
	if bytes.Equal(raw[:4], libraries.abi.Errors["ScheduleRefused"].ID.Bytes()[:4]) {
		return libraries.UnpackScheduleRefusedError(raw[4:])
	}
	if bytes.Equal(raw[:4], libraries.abi.Errors["TokensNotWhole"].ID.Bytes()[:4]) {
		return libraries.UnpackTokensNotWholeError(raw[4:])
	}
	return nil, errors.New("Unknown error")
}

// LibrariesCheatingPays represents a CheatingPays error raised by the Libraries contract.
type LibrariesCheatingPays struct {
	ExpectedLoss *big.Int
	Gain         *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error CheatingPays(uint256 expectedLoss, uint256 gain)
func LibrariesCheatingPaysErrorID() common.Hash {
	return common.HexToHash("0x8d70bdda9f04b357acb3eed9748f0c2a30282e425f38b7b4c111c68c7c43db82")
}

// UnpackCheatingPaysError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error CheatingPays(uint256 expectedLoss, uint256 gain)
func (libraries *Libraries) UnpackCheatingPaysError(raw []byte) (*LibrariesCheatingPays, error) {
	out := new(LibrariesCheatingPays)
	if err := libraries.abi.UnpackIntoInterface(out, "CheatingPays", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// LibrariesHashToCurveFailed represents a HashToCurveFailed error raised by the Libraries contract.
type LibrariesHashToCurveFailed struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error HashToCurveFailed()
func LibrariesHashToCurveFailedErrorID() common.Hash {
	return common.HexToHash("0x911765066fbe3bc9fa97448c9c68d53dae1c440a0b2651e01c9f0f23fe3cb252")
}

// UnpackHashToCurveFailedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error HashToCurveFailed()
func (libraries *Libraries) UnpackHashToCurveFailedError(raw []byte) (*LibrariesHashToCurveFailed, error) {
	out := new(LibrariesHashToCurveFailed)
	if err := libraries.abi.UnpackIntoInterface(out, "HashToCurveFailed", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// LibrariesHeaderInvalid represents a HeaderInvalid error raised by the Libraries contract.
type LibrariesHeaderInvalid struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error HeaderInvalid()
func LibrariesHeaderInvalidErrorID() common.Hash {
	return common.HexToHash("0xc0ca127249d844ca30ca794a048329aa2dd5dc45271af9c4f6657bf4256f031a")
}

// UnpackHeaderInvalidError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error HeaderInvalid()
func (libraries *Libraries) UnpackHeaderInvalidError(raw []byte) (*LibrariesHeaderInvalid, error) {
	out := new(LibrariesHeaderInvalid)
	if err := libraries.abi.UnpackIntoInterface(out, "HeaderInvalid", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// LibrariesHonestyDoesNotPay represents a HonestyDoesNotPay error raised by the Libraries contract.
type LibrariesHonestyDoesNotPay struct {
	ExpectedLoss *big.Int
	Gain         *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error HonestyDoesNotPay(uint256 expectedLoss, uint256 gain)
func LibrariesHonestyDoesNotPayErrorID() common.Hash {
	return common.HexToHash("0x39ebfeda8da50e9b9466b4eec5ee1af61b59d1770175ef7a30345f11968bc805")
}

// UnpackHonestyDoesNotPayError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error HonestyDoesNotPay(uint256 expectedLoss, uint256 gain)
func (libraries *Libraries) UnpackHonestyDoesNotPayError(raw []byte) (*LibrariesHonestyDoesNotPay, error) {
	out := new(LibrariesHonestyDoesNotPay)
	if err := libraries.abi.UnpackIntoInterface(out, "HonestyDoesNotPay", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// LibrariesPointInvalid represents a PointInvalid error raised by the Libraries contract.
type LibrariesPointInvalid struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error PointInvalid()
func LibrariesPointInvalidErrorID() common.Hash {
	return common.HexToHash("0x9052a04e0d07545afb8720f19a43189eb5b864417c232937b69c41f9dc59dd91")
}

// UnpackPointInvalidError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error PointInvalid()
func (libraries *Libraries) UnpackPointInvalidError(raw []byte) (*LibrariesPointInvalid, error) {
	out := new(LibrariesPointInvalid)
	if err := libraries.abi.UnpackIntoInterface(out, "PointInvalid", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// LibrariesScheduleRefused represents a ScheduleRefused error raised by the Libraries contract.
type LibrariesScheduleRefused struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ScheduleRefused()
func LibrariesScheduleRefusedErrorID() common.Hash {
	return common.HexToHash("0x7bcfa85a58e5b1da55af1dc21837e0c47e42e72c032bdc0598ce3d971c55ea0d")
}

// UnpackScheduleRefusedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ScheduleRefused()
func (libraries *Libraries) UnpackScheduleRefusedError(raw []byte) (*LibrariesScheduleRefused, error) {
	out := new(LibrariesScheduleRefused)
	if err := libraries.abi.UnpackIntoInterface(out, "ScheduleRefused", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// LibrariesTokensNotWhole represents a TokensNotWhole error raised by the Libraries contract.
type LibrariesTokensNotWhole struct {
	Length *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error TokensNotWhole(uint256 length)
func LibrariesTokensNotWholeErrorID() common.Hash {
	return common.HexToHash("0x6e01f5843f67e3da2bfb3396904d87fc74753b0f741b8ab8d415457266a01aba")
}

// UnpackTokensNotWholeError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error TokensNotWhole(uint256 length)
func (libraries *Libraries) UnpackTokensNotWholeError(raw []byte) (*LibrariesTokensNotWhole, error) {
	out := new(LibrariesTokensNotWhole)
	if err := libraries.abi.UnpackIntoInterface(out, "TokensNotWhole", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// OperatorTableMetaData contains all meta data concerning the OperatorTable contract.
var OperatorTableMetaData = bind.MetaData{
	ABI: "[{\"inputs\":[{\"components\":[{\"internalType\":\"address\",\"name\":\"allocationManager\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"keyRegistrar\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"strategyManager\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"strategy\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"serviceManager\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"batchRegistry\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"operatorTable\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"attestationRegistry\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"faultManager\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"refundPool\",\"type\":\"address\"}],\"internalType\":\"structSystem\",\"name\":\"system\",\"type\":\"tuple\"},{\"internalType\":\"uint32\",\"name\":\"lookahead_\",\"type\":\"uint32\"}],\"stateMutability\":\"nonpayable\",\"type\":\"constructor\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"operator\",\"type\":\"address\"}],\"name\":\"admit\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"operator\",\"type\":\"address\"}],\"name\":\"dismiss\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"operator\",\"type\":\"address\"}],\"name\":\"keyOf\",\"outputs\":[{\"components\":[{\"internalType\":\"uint256\",\"name\":\"X\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"Y\",\"type\":\"uint256\"}],\"internalType\":\"structG1Point\",\"name\":\"\",\"type\":\"tuple\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"lookahead\",\"outputs\":[{\"internalType\":\"uint32\",\"name\":\"\",\"type\":\"uint32\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"snapshot\",\"outputs\":[{\"internalType\":\"bytes32\",\"name\":\"root\",\"type\":\"bytes32\"}],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"blockNumber\",\"type\":\"uint256\"}],\"name\":\"tableAt\",\"outputs\":[{\"components\":[{\"internalType\":\"uint64\",\"name\":\"blockNumber\",\"type\":\"uint64\"},{\"internalType\":\"uint32\",\"name\":\"members\",\"type\":\"uint32\"},{\"internalType\":\"uint160\",\"name\":\"total\",\"type\":\"uint160\"},{\"internalType\":\"bytes32\",\"name\":\"root\",\"type\":\"bytes32\"},{\"components\":[{\"internalType\":\"uint256\",\"name\":\"X\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"Y\",\"type\":\"uint256\"}],\"internalType\":\"structG1Point\",\"name\":\"apk\",\"type\":\"tuple\"}],\"internalType\":\"structSnapshot\",\"name\":\"\",\"type\":\"tuple\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"blockNumber\",\"type\":\"uint256\"},{\"internalType\":\"bytes32\",\"name\":\"root\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"digest\",\"type\":\"bytes32\"},{\"components\":[{\"components\":[{\"internalType\":\"uint64\",\"name\":\"index\",\"type\":\"uint64\"},{\"internalType\":\"uint256\",\"name\":\"weightBefore\",\"type\":\"uint256\"},{\"components\":[{\"internalType\":\"address\",\"name\":\"operator\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"weight\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"keyX\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"keyY\",\"type\":\"uint256\"}],\"internalType\":\"structMember\",\"name\":\"member\",\"type\":\"tuple\"},{\"internalType\":\"bytes32[]\",\"name\":\"proof\",\"type\":\"bytes32[]\"}],\"internalType\":\"structNonSigner[]\",\"name\":\"nonSigners\",\"type\":\"tuple[]\"},{\"components\":[{\"internalType\":\"uint256\",\"name\":\"X\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"Y\",\"type\":\"uint256\"}],\"internalType\":\"structG1Point\",\"name\":\"sigma\",\"type\":\"tuple\"},{\"components\":[{\"internalType\":\"uint256[2]\",\"name\":\"X\",\"type\":\"uint256[2]\"},{\"internalType\":\"uint256[2]\",\"name\":\"Y\",\"type\":\"uint256[2]\"}],\"internalType\":\"structG2Point\",\"name\":\"apk\",\"type\":\"tuple\"}],\"internalType\":\"structCertificate\",\"name\":\"certificate\",\"type\":\"tuple\"}],\"name\":\"verify\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"signed\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"total\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"address\",\"name\":\"operator\",\"type\":\"address\"},{\"components\":[{\"internalType\":\"uint256\",\"name\":\"X\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"Y\",\"type\":\"uint256\"}],\"indexed\":false,\"internalType\":\"structG1Point\",\"name\":\"key\",\"type\":\"tuple\"}],\"name\":\"OperatorAdmitted\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"address\",\"name\":\"operator\",\"type\":\"address\"}],\"name\":\"OperatorDismissed\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"uint256\",\"name\":\"blockNumber\",\"type\":\"uint256\"},{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"root\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"total\",\"type\":\"uint256\"},{\"components\":[{\"internalType\":\"uint256\",\"name\":\"X\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"Y\",\"type\":\"uint256\"}],\"indexed\":false,\"internalType\":\"structG1Point\",\"name\":\"apk\",\"type\":\"tuple\"},{\"components\":[{\"internalType\":\"address\",\"name\":\"operator\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"weight\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"keyX\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"keyY\",\"type\":\"uint256\"}],\"indexed\":false,\"internalType\":\"structMember[]\",\"name\":\"members\",\"type\":\"tuple[]\"}],\"name\":\"TableSnapshot\",\"type\":\"event\"},{\"inputs\":[],\"name\":\"CheckpointUnorderedInsertion\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"HashToCurveFailed\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"operator\",\"type\":\"address\"}],\"name\":\"NoKey\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"blockNumber\",\"type\":\"uint256\"}],\"name\":\"NoTable\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"index\",\"type\":\"uint64\"}],\"name\":\"NonSignersNotAscending\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"caller\",\"type\":\"address\"}],\"name\":\"NotServiceManager\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"PointInvalid\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint8\",\"name\":\"bits\",\"type\":\"uint8\"},{\"internalType\":\"uint256\",\"name\":\"value\",\"type\":\"uint256\"}],\"name\":\"SafeCastOverflowedUintDowncast\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"digest\",\"type\":\"bytes32\"}],\"name\":\"SignatureInvalid\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"TableEmpty\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"index\",\"type\":\"uint64\"},{\"internalType\":\"address\",\"name\":\"operator\",\"type\":\"address\"}],\"name\":\"WrongNonSigner\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"root\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"expected\",\"type\":\"bytes32\"}],\"name\":\"WrongTable\",\"type\":\"error\"}]",
	ID:  "ffb784762b0d956e72be1de957c6e1bef2",
	Bin: "0x610140604052346101ba57604051612a8938819003601f8101601f191683016001600160401b038111848210176101be5783928291604052833981010361016081126101ba57610140136101ba5760405161014081016001600160401b038111828210176101be57604052610073826101d2565b91828252610083602082016101d2565b9160208101928352610097604083016101d2565b60408201526100a8606083016101d2565b92606082019384526101406100bf608085016101d2565b93608084019485526100d360a082016101d2565b60a08501526100e460c082016101d2565b60c08501526100f560e082016101d2565b60e085015261010761010082016101d2565b93610100810194855261012061011e8184016101d2565b91015201519463ffffffff861686036101ba576001600160a01b039081166080529051811660a0529051811660c0529051811660e05290511661010052610120526040516128a290816101e78239608051816115ef015260a051816101a0015260c051816118a8015260e05181818161012101528181610925015261121b01526101005181611641015261012051818181609b01526116920152f35b5f80fd5b634e487b7160e01b5f52604160045260245ffd5b51906001600160a01b03821682036101ba5756fe60806040526004361015610011575f80fd5b5f3560e01c80633b5351e5146100845780637bbca57f1461007f5780639711715a1461007a578063a4d8c5dc14610075578063aa88b4c914610070578063e7bdd0bf1461006b5763fa073d7614610066575f80fd5b610986565b6108ec565b6106a2565b610621565b6102f4565b6100e6565b346100c4575f6003193601126100c45763ffffffff7f00000000000000000000000000000000000000000000000000000000000000001660805260206080f35b5f80fd5b73ffffffffffffffffffffffffffffffffffffffff8116036100c457565b346100c45760206003193601126100c457610187600435610106816100c8565b6101483373ffffffffffffffffffffffffffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001633146109ed565b60c0816101536111ef565b60405194859283927f9a43e3fb00000000000000000000000000000000000000000000000000000000845260048401610bfa565b038173ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000165afa9182156102ef575f92610285575b5073ffffffffffffffffffffffffffffffffffffffff816102217f4a798e4acd1655c98e56d50bf804e6b7f52f53856815b1fb31d471614a6b176e9361021c61021887611247565b1590565b610c5a565b61025d8461024c8373ffffffffffffffffffffffffffffffffffffffff165f525f60205260405f2090565b906020600191805184550151910155565b610280604051928392169482815181526020918201519181019190915260400190565b0390a2005b7f4a798e4acd1655c98e56d50bf804e6b7f52f53856815b1fb31d471614a6b176e9192506102df73ffffffffffffffffffffffffffffffffffffffff9160c03d60c0116102e8575b6102d78183610abd565b810190610b71565b509291506101d0565b503d6102cd565b610c4f565b346100c4575f6003193601126100c45761030c61158d565b61031881511515610ca4565b610320610ceb565b5f9161032c8151610d35565b9260808301915f5b815181101561039c578061039461037261035060019486610dc3565b519561035c818861196a565b610366858c610dc3565b52602087015190610e17565b94865160606040830151920151610387610afe565b9283526020830152611a1d565b855201610334565b507f182ded882094cb15149c44dfd354c023a5135bb57b56923f993754cb13b8677590610558949361042d6105b0976103e56103d743611a5a565b67ffffffffffffffff168852565b61040e6103f187611aa6565b73ffffffffffffffffffffffffffffffffffffffff166040890152565b61042861041b8551611b0a565b63ffffffff166020890152565b611be5565b9585876060819801526104db61046661046160035479ffffffffffffffffffffffffffffffffffffffffffffffffffff1690565b610e24565b6104b18179ffffffffffffffffffffffffffffffffffffffffffffffffffff167fffffffffffff00000000000000000000000000000000000000000000000000006003541617600355565b79ffffffffffffffffffffffffffffffffffffffffffffffffffff165f52600160205260405f2090565b815160208084015160408086015191901b6bffffffff00000000000000001667ffffffffffffffff9390931692909217606092831b7fffffffffffffffffffffffffffffffffffffffff00000000000000000000000016178355908301516001830155608092909201518051600283015590910151600390910155565b61058961056443611ce8565b60035479ffffffffffffffffffffffffffffffffffffffffffffffffffff169061221e565b50505161059d604051928392439684610e67565b0390a36040519081529081906020820190565b0390f35b61061f9092919260808060c083019567ffffffffffffffff815116845263ffffffff602082015116602085015273ffffffffffffffffffffffffffffffffffffffff604082015116604085015260608101516060850152015191019060208091805184520151910152565b565b346100c45760206003193601126100c4576105b0610649600435610643610ceb565b50611d63565b61069160026040519261065b84610a64565b805467ffffffffffffffff8116855263ffffffff8160401c16602086015260601c60408501526001810154606085015201610ef8565b6080820152604051918291826105b4565b346100c45760806003193601126100c45760043560243560443560643567ffffffffffffffff81116100c457806004019360e060031983360301126100c4579293926106ed90611d63565b926106ff600185015486808214610f16565b83549461072861070f8760601c90565b73ffffffffffffffffffffffffffffffffffffffff1690565b9461075161074a610741889963ffffffff9060401c1690565b63ffffffff1690565b9380610f4d565b93909261075c610cd3565b935f925b8684106107d7578a8a6107ad8b6107a88c8c8c61077f60028e01610ef8565b916107be575b506107a16107963660248501611119565b926064369101611188565b9184612052565b6111bc565b604080519182526020820192909252f35b906107cb6107d192611f87565b90611a1d565b87610785565b90919294986108966001916108836107f0898b88610fa1565b916108128a158b898e83156108a0575b50505061080c85610fe1565b90611030565b6108786040840161085f67ffffffffffffffff61083c6020880135610837368661106e565b61196a565b8a8d6108478a610fe1565b9261085560c08c018c610f4d565b9590941691611eea565b9061087261086c87610fe1565b916110b3565b916110c0565b606083013590611023565b9b60a06080830135920135610387610afe565b9501929190610760565b67ffffffffffffffff9293506108cf6108e1926108d4926108c96108c38c610fe1565b97610ff6565b91610fa1565b610fe1565b67ffffffffffffffff1690565b9116118b898e610800565b346100c45760206003193601126100c45773ffffffffffffffffffffffffffffffffffffffff60043561091e816100c8565b61094c33837f00000000000000000000000000000000000000000000000000000000000000001633146109ed565b16805f525f6020525f60016040822082815501557f221ec0a53ffead5fa66eb939d38d97179e5a4cd2e9521446c77191675002d3835f80a2005b346100c45760206003193601126100c45773ffffffffffffffffffffffffffffffffffffffff6004356109b8816100c8565b6109c0610cd3565b50165f525f60205260406109d5815f20610ef8565b6109eb8251809260208091805184520151910152565bf35b156109f55750565b73ffffffffffffffffffffffffffffffffffffffff907fb9532435000000000000000000000000000000000000000000000000000000005f521660045260245ffd5b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b60a0810190811067ffffffffffffffff821117610a8057604052565b610a37565b6040810190811067ffffffffffffffff821117610a8057604052565b6080810190811067ffffffffffffffff821117610a8057604052565b90601f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0910116810190811067ffffffffffffffff821117610a8057604052565b6040519061061f604083610abd565b6040519061061f608083610abd565b9061061f6040519283610abd565b9080601f830112156100c45760405191610b45604084610abd565b8290604081019283116100c457905b828210610b615750505090565b8151815260209182019101610b54565b808203929160c084126100c457604084126100c45760807fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc0604051610bb581610a85565b84518152602085015160208201529501126100c457610bf290608060405193610bdd85610a85565b610bea8360408301610b2a565b855201610b2a565b602082015290565b90929173ffffffffffffffffffffffffffffffffffffffff604091610c4984606081019763ffffffff6020809273ffffffffffffffffffffffffffffffffffffffff8151168552015116910152565b16910152565b6040513d5f823e3d90fd5b15610c625750565b73ffffffffffffffffffffffffffffffffffffffff907fe2a3bd4e000000000000000000000000000000000000000000000000000000005f521660045260245ffd5b15610cab57565b7f6999b0fc000000000000000000000000000000000000000000000000000000005f5260045ffd5b60405190610ce082610a85565b5f6020838281520152565b60405190610cf882610a64565b815f81525f60208201525f60408201525f60608201526080610d18610cd3565b910152565b67ffffffffffffffff8111610a805760051b60200190565b90610d3f82610d1d565b610d4c6040519182610abd565b8281527fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0610d7a8294610d1d565b0190602036910137565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52603260045260245ffd5b805115610dbe5760200190565b610d84565b8051821015610dbe5760209160051b010190565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601160045260245ffd5b9060018201809211610e1257565b610dd7565b91908201809211610e1257565b79ffffffffffffffffffffffffffffffffffffffffffffffffffff1679ffffffffffffffffffffffffffffffffffffffffffffffffffff8114610e125760010190565b60a090610e8b60209394608083019583528483019060208091805184520151910152565b608060608201528451809452019201905f5b818110610eaa5750505090565b909192602060806001926060875173ffffffffffffffffffffffffffffffffffffffff8151168352848101518584015260408101516040840152015160608201520194019101919091610e9d565b90604051610f0581610a85565b602060018294805484520154910152565b15610f1f575050565b7f56cd08ac000000000000000000000000000000000000000000000000000000005f5260045260245260445ffd5b9035907fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe1813603018212156100c4570180359067ffffffffffffffff82116100c457602001918160051b360383136100c457565b9190811015610dbe5760051b810135907fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff21813603018212156100c4570190565b3567ffffffffffffffff811681036100c45790565b907fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8201918211610e1257565b91908203918211610e1257565b156110385750565b67ffffffffffffffff907fb07858c4000000000000000000000000000000000000000000000000000000005f521660045260245ffd5b91908260809103126100c45760405161108681610aa1565b60608082948035611096816100c8565b845260208101356020850152604081013560408501520135910152565b356110bd816100c8565b90565b156110c9575050565b9067ffffffffffffffff73ffffffffffffffffffffffffffffffffffffffff927fccd415bf000000000000000000000000000000000000000000000000000000005f52166004521660245260445ffd5b91908260409103126100c45760405161113181610a85565b6020808294803584520135910152565b9080601f830112156100c4576040519161115c604084610abd565b8290604081019283116100c457905b8282106111785750505090565b813581526020918201910161116b565b91906080838203126100c4576020610d18604051926111a684610a85565b604084966111b48382611141565b865201611141565b156111c45750565b7fd6fe72d8000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b6111f7610cd3565b5060405161120481610a85565b73ffffffffffffffffffffffffffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001681526001602082015290565b8051159081611254575090565b6020915001511590565b6020818303126100c45780519067ffffffffffffffff82116100c457019080601f830112156100c457815161129281610d1d565b926112a06040519485610abd565b81845260208085019260051b8201019283116100c457602001905b8282106112c85750505090565b6020809183516112d7816100c8565b8152019101906112bb565b604080519091906112f38382610abd565b60018152917fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe001366020840137565b6020818303126100c45780519067ffffffffffffffff82116100c457019080601f830112156100c45781519061135782610d1d565b926113656040519485610abd565b82845260208085019360051b820101908282116100c45760208101935b82851061139157505050505090565b845167ffffffffffffffff81116100c457820184603f820112156100c4576020810151906113be82610d1d565b916113cc6040519384610abd565b8083526020808085019260051b84010101918783116100c457604001905b82821061140257505050815260209485019401611382565b81518152602091820191016113ea565b90602080835192838152019201905f5b81811061142f5750505090565b825173ffffffffffffffffffffffffffffffffffffffff16845260209384019390920191600101611422565b926114bd906114af60809461149e8763ffffffff969a999a63ffffffff6020809273ffffffffffffffffffffffffffffffffffffffff8151168552015116910152565b60a0604088015260a0870190611412565b908582036060870152611412565b9416910152565b906114ce82610d1d565b6114db6040519182610abd565b8281527fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe06115098294610d1d565b01905f5b82811061151957505050565b60209060405161152881610aa1565b5f81525f838201525f60408201525f60608201528282850101520161150d565b908160209103126100c4575180151581036100c45790565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8114610e125760010190565b6115956111ef565b6040517f6e875dba000000000000000000000000000000000000000000000000000000008152815173ffffffffffffffffffffffffffffffffffffffff9081166004830152602083015163ffffffff1660248301529192917f000000000000000000000000000000000000000000000000000000000000000016905f81604481855afa9081156102ef575f91611632918391611948575b50612152565b9161163b6112e2565b906116847f000000000000000000000000000000000000000000000000000000000000000061166984610db1565b9073ffffffffffffffffffffffffffffffffffffffff169052565b836116bd6116b863ffffffff7f00000000000000000000000000000000000000000000000000000000000000001643610e17565b611b0a565b966116f7604051988995869485947f2bab2c4a0000000000000000000000000000000000000000000000000000000086526004860161145b565b03915afa9283156102ef575f93611924575b5061171481516114c4565b5f905f5b835181101561191b5761177661177161174e6117348488610dc3565b5173ffffffffffffffffffffffffffffffffffffffff1690565b73ffffffffffffffffffffffffffffffffffffffff165f525f60205260405f2090565b610ef8565b9261178a6117848389610dc3565b51610db1565b5115801561190c575b801561182d575b611823579061181b6001926117b26117348489610dc3565b956117c0611784858c610dc3565b519060208151910151916117f16117d5610b0d565b73ffffffffffffffffffffffffffffffffffffffff909a168a52565b60208901526040880152606087015261180981611560565b956118148287610dc3565b5284610dc3565b505b01611718565b925060019061181d565b5061188f60206118406117348589610dc3565b6040517f7043e5dd00000000000000000000000000000000000000000000000000000000815273ffffffffffffffffffffffffffffffffffffffff909116600482015291829081906024820190565b038173ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000165afa9081156102ef575f916118de575b5061179a565b6118ff915060203d8111611905575b6118f78183610abd565b810190611548565b5f6118d8565b503d6118ed565b5061191684611247565b611793565b50935090508252565b6119419193503d805f833e6119398183610abd565b810190611322565b915f611709565b61196491503d8085833e61195c8183610abd565b81019061125e565b5f61162c565b73ffffffffffffffffffffffffffffffffffffffff8151169160208201519160606040820151910151916040519360208501957fdc41480d934a406d986b3cb85076d647734d00dc5888c8298f4c6893cf0f28f0875260408601526060850152608084015260a083015260c082015260c081526119e860e082610abd565b51902090565b156119f557565b7f9052a04e000000000000000000000000000000000000000000000000000000005f5260045ffd5b604060209392608061061f93611a31610cd3565b9687938186519380518552015182840152805186840152015160608201526006611388fa6119ee565b67ffffffffffffffff8111611a765767ffffffffffffffff1690565b7f6dfcc650000000000000000000000000000000000000000000000000000000005f52604060045260245260445ffd5b73ffffffffffffffffffffffffffffffffffffffff8111611ada5773ffffffffffffffffffffffffffffffffffffffff1690565b7f6dfcc650000000000000000000000000000000000000000000000000000000005f5260a060045260245260445ffd5b63ffffffff8111611b1e5763ffffffff1690565b7f6dfcc650000000000000000000000000000000000000000000000000000000005f52602060045260245260445ffd5b8015610e12577fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff0190565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601260045260245ffd5b8115611bb0570490565b611b79565b908160011b917f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff811603610e1257565b611bef815161216a565b81518015611ce1575f5b818110611cba5750905f815b611c1957505050611c1590610db1565b5190565b611c2b611c2584610e04565b60011c90565b925f5b848110611c53575050611c4481611c4b92612198565b9291611b4e565b909181611c05565b8082611c68611c63600194611bb5565b610e04565b1015611cb157611ca0611c86611c80611c6384611bb5565b89610dc3565b515b611c9a611c9484611bb5565b8a610dc3565b51612198565b611caa8289610dc3565b5201611c2e565b611ca084611c88565b80611cd0611cca60019387610dc3565b5161218b565b611cda8287610dc3565b5201611bf9565b5050505f90565b65ffffffffffff8111611d005765ffffffffffff1690565b7f6dfcc650000000000000000000000000000000000000000000000000000000005f52603060045260245260445ffd5b15611d385750565b7f3ed86295000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b611d6c81611ce8565b600254905f918060058211611e62575b65ffffffffffff91509291165b828210611e1e57506110bd9291905080611dba5750611dac5f5b91821515611d30565b5f52600160205260405f2090565b611da3611dff611df8611dcf611dac94610ff6565b60025f527f405787fa12a823e0f2b7631cc41b3ba8828b3321ca811111fa75cd3aa3bb5ace0190565b5460301c90565b79ffffffffffffffffffffffffffffffffffffffffffffffffffff1690565b909180831860011c818416019060025f528265ffffffffffff8360205f20015416115f14611e4f5750915b90611d89565b92506001810180911115611e4957610dd7565b611e6b826125ab565b8203918211610e125760025f5265ffffffffffff827f405787fa12a823e0f2b7631cc41b3ba8828b3321ca811111fa75cd3aa3bb5ace01541665ffffffffffff8416105f14611ec2575065ffffffffffff90611d7c565b9250611ed465ffffffffffff91610e04565b92611d7c565b9190811015610dbe5760051b0190565b94939280831090811591611f74575b50611f6b575f809392935360015260215f20925f905b808210611f1e57505050501490565b90919293600190818616155f14611f5157611f4590611f3e858588611eda565b3590612198565b94811c93920190611f0f565b611f6690611f60858588611eda565b35612198565b611f45565b50505050505f90565b611f7e915061216a565b8414155f611ef9565b611f8f610cd3565b506020815191015180155f14611fb957505f5b60405191611faf83610a85565b8252602082015290565b7f30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd4790067f30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47037f30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47811115611fa257610dd7565b905f905b6002821061203c57505050565b602080600192855181520193019101909161202f565b9092919261205f81611247565b8015612143575b61213b576110bd936107cb61211c612116612135946107cb61210f60405160208101908a82526120a3604082018660208091805184520151910152565b88516080820152602089015160a08201526120c260c082018d5161202b565b6120d560208d015161010083019061202b565b61012081526120e661014082610abd565b5190207f30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001900690565b809661235b565b9461238f565b91612125610afe565b600181526002602082015261235b565b9061249a565b505050505f90565b5061214d84611247565b612066565b6110bd60016020835160051b840101602084016127c2565b905f915b6001831b811161217b5750565b9161218590611560565b9161216e565b5f805360015260215f2090565b91906040519260015f5360015260215260415f2091604052565b90815468010000000000000000811015610a805760018101808455811015610dbe575f9283526020928390208251929093015160301b7fffffffffffffffffffffffffffffffffffffffffffffffffffff0000000000001665ffffffffffff9290921691909117910155565b600254919291801561231f57611dcf61223691610ff6565b90815461225261224b8265ffffffffffff1690565b9160301c90565b9265ffffffffffff8084169216918083116122f7578692036122ae576122aa92509065ffffffffffff7fffffffffffffffffffffffffffffffffffffffffffffffffffff00000000000083549260301b169116179055565b9190565b50506122aa906122cd6122bf610afe565b65ffffffffffff9092168252565b79ffffffffffffffffffffffffffffffffffffffffffffffffffff851660208201525b60026121b2565b7f2520601d000000000000000000000000000000000000000000000000000000005f5260045ffd5b506123569061232f6122bf610afe565b79ffffffffffffffffffffffffffffffffffffffffffffffffffff841660208201526122f0565b5f9190565b9190604061061f91606061236d610cd3565b95869260208551928051845201516020830152848201526007617530fa6119ee565b7f30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47906123b9610cd3565b5006905f905f5b608083106123f0577f91176506000000000000000000000000000000000000000000000000000000005f5260045ffd5b611bb0577f30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd476003818581818009090861242881612720565b907f30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd4782800914612483575060017f30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47815f9508920191926123c0565b9092915061248f610afe565b918252602082015290565b905f9161258a602080958161018095816124b388610b1c565b87518152960151828701527f198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c260408701527f1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed60608701527f275dc4a288d1afb3cbb1ac09187524c7db36395df7be3b99e673b13a075a65ec60808701527f1d9befcd05a5323e6da4d435f3b617cdb3af83285c2df711ef39c01571827f9d60a0870152805160c0870152015160e0850152805151610100850152805160200151610120850152018051516101408401525160200190565b5161016082015260086203d090fa5f51816125a3575090565b600191501490565b60018111156110bd578060017001000000000000000000000000000000008310156126de575b61268461267a61267061266661265c61265261264161268b9760048a680100000000000000006126909c10156126d1575b6401000000008110156126c4575b620100008110156126b7575b6101008110156126aa575b601081101561269d575b1015612695575b60030260011c90565b61264b818b611ba6565b0160011c90565b61264b818a611ba6565b61264b8189611ba6565b61264b8188611ba6565b61264b8187611ba6565b61264b8186611ba6565b8093611ba6565b821190565b900390565b60011b612638565b60041c9160021b91612631565b60081c9160041b91612627565b60101c9160081b9161261c565b60201c9160101b91612610565b60401c9160201b91612602565b505061269061268b61268461267a61267061266661265c6126526126416127058a60801c90565b98506801000000000000000097506125d19650505050505050565b5f60c060209260405190848252848083015284604083015260608201527f0c19139cb84c680a6e14116da060561765e05aa45a1c72a34f082305b61f3f5260808201527f30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd4760a08201526005617530fa905f51911561279a57565b7f91176506000000000000000000000000000000000000000000000000000000005f5260045ffd5b9190915b6020818403116127d557505050565b80518190602083015b858110612848575050815181518352815260208101918185037fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe00181830310156128355761282d9184916127c2565b905b906127c6565b92809461284292936127c2565b9161282f565b80518560011461287f577f4e487b71000000000000000000000000000000000000000000000000000000005f52605160045260245ffd5b821161288e575b6020016127de565b60209283018051825182528252925061288656",
}

// OperatorTable is an auto generated Go binding around an Ethereum contract.
type OperatorTable struct {
	abi abi.ABI
}

// GetABI returns the ABI associated with this contract binding.
func (c *OperatorTable) GetABI() abi.ABI {
	return c.abi
}

// NewOperatorTable creates a new instance of OperatorTable.
func NewOperatorTable() *OperatorTable {
	parsed, err := OperatorTableMetaData.ParseABI()
	if err != nil {
		panic(errors.New("invalid ABI: " + err.Error()))
	}
	return &OperatorTable{abi: *parsed}
}

// Instance creates a wrapper for a deployed contract instance at the given address.
// Use this to create the instance object passed to abigen v2 library functions Call, Transact, etc.
func (c *OperatorTable) Instance(backend bind.ContractBackend, addr common.Address) *bind.BoundContract {
	return bind.NewBoundContract(addr, c.abi, backend, backend, backend)
}

// PackConstructor is the Go binding used to pack the parameters required for
// contract deployment.
//
// Solidity: constructor((address,address,address,address,address,address,address,address,address,address) system, uint32 lookahead_) returns()
func (operatorTable *OperatorTable) PackConstructor(system System, lookahead_ uint32) []byte {
	enc, err := operatorTable.abi.Pack("", system, lookahead_)
	if err != nil {
		panic(err)
	}
	return enc
}

// PackAdmit is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x7bbca57f.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function admit(address operator) returns()
func (operatorTable *OperatorTable) PackAdmit(operator common.Address) []byte {
	enc, err := operatorTable.abi.Pack("admit", operator)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackAdmit is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x7bbca57f.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function admit(address operator) returns()
func (operatorTable *OperatorTable) TryPackAdmit(operator common.Address) ([]byte, error) {
	return operatorTable.abi.Pack("admit", operator)
}

// PackDismiss is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xe7bdd0bf.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function dismiss(address operator) returns()
func (operatorTable *OperatorTable) PackDismiss(operator common.Address) []byte {
	enc, err := operatorTable.abi.Pack("dismiss", operator)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackDismiss is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xe7bdd0bf.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function dismiss(address operator) returns()
func (operatorTable *OperatorTable) TryPackDismiss(operator common.Address) ([]byte, error) {
	return operatorTable.abi.Pack("dismiss", operator)
}

// PackKeyOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xfa073d76.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function keyOf(address operator) view returns((uint256,uint256))
func (operatorTable *OperatorTable) PackKeyOf(operator common.Address) []byte {
	enc, err := operatorTable.abi.Pack("keyOf", operator)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackKeyOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xfa073d76.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function keyOf(address operator) view returns((uint256,uint256))
func (operatorTable *OperatorTable) TryPackKeyOf(operator common.Address) ([]byte, error) {
	return operatorTable.abi.Pack("keyOf", operator)
}

// UnpackKeyOf is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xfa073d76.
//
// Solidity: function keyOf(address operator) view returns((uint256,uint256))
func (operatorTable *OperatorTable) UnpackKeyOf(data []byte) (G1Point, error) {
	out, err := operatorTable.abi.Unpack("keyOf", data)
	if err != nil {
		return *new(G1Point), err
	}
	out0 := *abi.ConvertType(out[0], new(G1Point)).(*G1Point)
	return out0, nil
}

// PackLookahead is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x3b5351e5.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function lookahead() view returns(uint32)
func (operatorTable *OperatorTable) PackLookahead() []byte {
	enc, err := operatorTable.abi.Pack("lookahead")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackLookahead is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x3b5351e5.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function lookahead() view returns(uint32)
func (operatorTable *OperatorTable) TryPackLookahead() ([]byte, error) {
	return operatorTable.abi.Pack("lookahead")
}

// UnpackLookahead is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x3b5351e5.
//
// Solidity: function lookahead() view returns(uint32)
func (operatorTable *OperatorTable) UnpackLookahead(data []byte) (uint32, error) {
	out, err := operatorTable.abi.Unpack("lookahead", data)
	if err != nil {
		return *new(uint32), err
	}
	out0 := *abi.ConvertType(out[0], new(uint32)).(*uint32)
	return out0, nil
}

// PackSnapshot is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x9711715a.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function snapshot() returns(bytes32 root)
func (operatorTable *OperatorTable) PackSnapshot() []byte {
	enc, err := operatorTable.abi.Pack("snapshot")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSnapshot is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x9711715a.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function snapshot() returns(bytes32 root)
func (operatorTable *OperatorTable) TryPackSnapshot() ([]byte, error) {
	return operatorTable.abi.Pack("snapshot")
}

// UnpackSnapshot is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x9711715a.
//
// Solidity: function snapshot() returns(bytes32 root)
func (operatorTable *OperatorTable) UnpackSnapshot(data []byte) ([32]byte, error) {
	out, err := operatorTable.abi.Unpack("snapshot", data)
	if err != nil {
		return *new([32]byte), err
	}
	out0 := *abi.ConvertType(out[0], new([32]byte)).(*[32]byte)
	return out0, nil
}

// PackTableAt is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xa4d8c5dc.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function tableAt(uint256 blockNumber) view returns((uint64,uint32,uint160,bytes32,(uint256,uint256)))
func (operatorTable *OperatorTable) PackTableAt(blockNumber *big.Int) []byte {
	enc, err := operatorTable.abi.Pack("tableAt", blockNumber)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackTableAt is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xa4d8c5dc.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function tableAt(uint256 blockNumber) view returns((uint64,uint32,uint160,bytes32,(uint256,uint256)))
func (operatorTable *OperatorTable) TryPackTableAt(blockNumber *big.Int) ([]byte, error) {
	return operatorTable.abi.Pack("tableAt", blockNumber)
}

// UnpackTableAt is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xa4d8c5dc.
//
// Solidity: function tableAt(uint256 blockNumber) view returns((uint64,uint32,uint160,bytes32,(uint256,uint256)))
func (operatorTable *OperatorTable) UnpackTableAt(data []byte) (Snapshot, error) {
	out, err := operatorTable.abi.Unpack("tableAt", data)
	if err != nil {
		return *new(Snapshot), err
	}
	out0 := *abi.ConvertType(out[0], new(Snapshot)).(*Snapshot)
	return out0, nil
}

// PackVerify is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xaa88b4c9.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function verify(uint256 blockNumber, bytes32 root, bytes32 digest, ((uint64,uint256,(address,uint256,uint256,uint256),bytes32[])[],(uint256,uint256),(uint256[2],uint256[2])) certificate) view returns(uint256 signed, uint256 total)
func (operatorTable *OperatorTable) PackVerify(blockNumber *big.Int, root [32]byte, digest [32]byte, certificate Certificate) []byte {
	enc, err := operatorTable.abi.Pack("verify", blockNumber, root, digest, certificate)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackVerify is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xaa88b4c9.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function verify(uint256 blockNumber, bytes32 root, bytes32 digest, ((uint64,uint256,(address,uint256,uint256,uint256),bytes32[])[],(uint256,uint256),(uint256[2],uint256[2])) certificate) view returns(uint256 signed, uint256 total)
func (operatorTable *OperatorTable) TryPackVerify(blockNumber *big.Int, root [32]byte, digest [32]byte, certificate Certificate) ([]byte, error) {
	return operatorTable.abi.Pack("verify", blockNumber, root, digest, certificate)
}

// VerifyOutput serves as a container for the return parameters of contract
// method Verify.
type VerifyOutput struct {
	Signed *big.Int
	Total  *big.Int
}

// UnpackVerify is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xaa88b4c9.
//
// Solidity: function verify(uint256 blockNumber, bytes32 root, bytes32 digest, ((uint64,uint256,(address,uint256,uint256,uint256),bytes32[])[],(uint256,uint256),(uint256[2],uint256[2])) certificate) view returns(uint256 signed, uint256 total)
func (operatorTable *OperatorTable) UnpackVerify(data []byte) (VerifyOutput, error) {
	out, err := operatorTable.abi.Unpack("verify", data)
	outstruct := new(VerifyOutput)
	if err != nil {
		return *outstruct, err
	}
	outstruct.Signed = abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	outstruct.Total = abi.ConvertType(out[1], new(big.Int)).(*big.Int)
	return *outstruct, nil
}

// OperatorTableOperatorAdmitted represents a OperatorAdmitted event raised by the OperatorTable contract.
type OperatorTableOperatorAdmitted struct {
	Operator common.Address
	Key      G1Point
	Raw      *types.Log // Blockchain specific contextual infos
}

const OperatorTableOperatorAdmittedEventName = "OperatorAdmitted"

// ContractEventName returns the user-defined event name.
func (OperatorTableOperatorAdmitted) ContractEventName() string {
	return OperatorTableOperatorAdmittedEventName
}

// UnpackOperatorAdmittedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event OperatorAdmitted(address indexed operator, (uint256,uint256) key)
func (operatorTable *OperatorTable) UnpackOperatorAdmittedEvent(log *types.Log) (*OperatorTableOperatorAdmitted, error) {
	event := "OperatorAdmitted"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != operatorTable.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(OperatorTableOperatorAdmitted)
	if len(log.Data) > 0 {
		if err := operatorTable.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range operatorTable.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// OperatorTableOperatorDismissed represents a OperatorDismissed event raised by the OperatorTable contract.
type OperatorTableOperatorDismissed struct {
	Operator common.Address
	Raw      *types.Log // Blockchain specific contextual infos
}

const OperatorTableOperatorDismissedEventName = "OperatorDismissed"

// ContractEventName returns the user-defined event name.
func (OperatorTableOperatorDismissed) ContractEventName() string {
	return OperatorTableOperatorDismissedEventName
}

// UnpackOperatorDismissedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event OperatorDismissed(address indexed operator)
func (operatorTable *OperatorTable) UnpackOperatorDismissedEvent(log *types.Log) (*OperatorTableOperatorDismissed, error) {
	event := "OperatorDismissed"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != operatorTable.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(OperatorTableOperatorDismissed)
	if len(log.Data) > 0 {
		if err := operatorTable.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range operatorTable.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// OperatorTableTableSnapshot represents a TableSnapshot event raised by the OperatorTable contract.
type OperatorTableTableSnapshot struct {
	BlockNumber *big.Int
	Root        [32]byte
	Total       *big.Int
	Apk         G1Point
	Members     []Member
	Raw         *types.Log // Blockchain specific contextual infos
}

const OperatorTableTableSnapshotEventName = "TableSnapshot"

// ContractEventName returns the user-defined event name.
func (OperatorTableTableSnapshot) ContractEventName() string {
	return OperatorTableTableSnapshotEventName
}

// UnpackTableSnapshotEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event TableSnapshot(uint256 indexed blockNumber, bytes32 indexed root, uint256 total, (uint256,uint256) apk, (address,uint256,uint256,uint256)[] members)
func (operatorTable *OperatorTable) UnpackTableSnapshotEvent(log *types.Log) (*OperatorTableTableSnapshot, error) {
	event := "TableSnapshot"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != operatorTable.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(OperatorTableTableSnapshot)
	if len(log.Data) > 0 {
		if err := operatorTable.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range operatorTable.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// UnpackError attempts to decode the provided error data using user-defined
// error definitions.
func (operatorTable *OperatorTable) UnpackError(raw []byte) (any, error) {
	if bytes.Equal(raw[:4], operatorTable.abi.Errors["CheckpointUnorderedInsertion"].ID.Bytes()[:4]) {
		return operatorTable.UnpackCheckpointUnorderedInsertionError(raw[4:])
	}
	if bytes.Equal(raw[:4], operatorTable.abi.Errors["HashToCurveFailed"].ID.Bytes()[:4]) {
		return operatorTable.UnpackHashToCurveFailedError(raw[4:])
	}
	if bytes.Equal(raw[:4], operatorTable.abi.Errors["NoKey"].ID.Bytes()[:4]) {
		return operatorTable.UnpackNoKeyError(raw[4:])
	}
	if bytes.Equal(raw[:4], operatorTable.abi.Errors["NoTable"].ID.Bytes()[:4]) {
		return operatorTable.UnpackNoTableError(raw[4:])
	}
	if bytes.Equal(raw[:4], operatorTable.abi.Errors["NonSignersNotAscending"].ID.Bytes()[:4]) {
		return operatorTable.UnpackNonSignersNotAscendingError(raw[4:])
	}
	if bytes.Equal(raw[:4], operatorTable.abi.Errors["NotServiceManager"].ID.Bytes()[:4]) {
		return operatorTable.UnpackNotServiceManagerError(raw[4:])
	}
	if bytes.Equal(raw[:4], operatorTable.abi.Errors["PointInvalid"].ID.Bytes()[:4]) {
		return operatorTable.UnpackPointInvalidError(raw[4:])
	}
	if bytes.Equal(raw[:4], operatorTable.abi.Errors["SafeCastOverflowedUintDowncast"].ID.Bytes()[:4]) {
		return operatorTable.UnpackSafeCastOverflowedUintDowncastError(raw[4:])
	}
	if bytes.Equal(raw[:4], operatorTable.abi.Errors["SignatureInvalid"].ID.Bytes()[:4]) {
		return operatorTable.UnpackSignatureInvalidError(raw[4:])
	}
	if bytes.Equal(raw[:4], operatorTable.abi.Errors["TableEmpty"].ID.Bytes()[:4]) {
		return operatorTable.UnpackTableEmptyError(raw[4:])
	}
	if bytes.Equal(raw[:4], operatorTable.abi.Errors["WrongNonSigner"].ID.Bytes()[:4]) {
		return operatorTable.UnpackWrongNonSignerError(raw[4:])
	}
	if bytes.Equal(raw[:4], operatorTable.abi.Errors["WrongTable"].ID.Bytes()[:4]) {
		return operatorTable.UnpackWrongTableError(raw[4:])
	}
	return nil, errors.New("Unknown error")
}

// OperatorTableCheckpointUnorderedInsertion represents a CheckpointUnorderedInsertion error raised by the OperatorTable contract.
type OperatorTableCheckpointUnorderedInsertion struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error CheckpointUnorderedInsertion()
func OperatorTableCheckpointUnorderedInsertionErrorID() common.Hash {
	return common.HexToHash("0x2520601d9d60b717c34a36ad270857824c5a1ebbfd08ff39aba6930089495cfa")
}

// UnpackCheckpointUnorderedInsertionError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error CheckpointUnorderedInsertion()
func (operatorTable *OperatorTable) UnpackCheckpointUnorderedInsertionError(raw []byte) (*OperatorTableCheckpointUnorderedInsertion, error) {
	out := new(OperatorTableCheckpointUnorderedInsertion)
	if err := operatorTable.abi.UnpackIntoInterface(out, "CheckpointUnorderedInsertion", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// OperatorTableHashToCurveFailed represents a HashToCurveFailed error raised by the OperatorTable contract.
type OperatorTableHashToCurveFailed struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error HashToCurveFailed()
func OperatorTableHashToCurveFailedErrorID() common.Hash {
	return common.HexToHash("0x911765066fbe3bc9fa97448c9c68d53dae1c440a0b2651e01c9f0f23fe3cb252")
}

// UnpackHashToCurveFailedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error HashToCurveFailed()
func (operatorTable *OperatorTable) UnpackHashToCurveFailedError(raw []byte) (*OperatorTableHashToCurveFailed, error) {
	out := new(OperatorTableHashToCurveFailed)
	if err := operatorTable.abi.UnpackIntoInterface(out, "HashToCurveFailed", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// OperatorTableNoKey represents a NoKey error raised by the OperatorTable contract.
type OperatorTableNoKey struct {
	Operator common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NoKey(address operator)
func OperatorTableNoKeyErrorID() common.Hash {
	return common.HexToHash("0xe2a3bd4e865270d68c0bad3236b86409286e515980041e45759d015fd43c38e7")
}

// UnpackNoKeyError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NoKey(address operator)
func (operatorTable *OperatorTable) UnpackNoKeyError(raw []byte) (*OperatorTableNoKey, error) {
	out := new(OperatorTableNoKey)
	if err := operatorTable.abi.UnpackIntoInterface(out, "NoKey", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// OperatorTableNoTable represents a NoTable error raised by the OperatorTable contract.
type OperatorTableNoTable struct {
	BlockNumber *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NoTable(uint256 blockNumber)
func OperatorTableNoTableErrorID() common.Hash {
	return common.HexToHash("0x3ed862958ef2b5e9e6598ec88de30fb8bcc23260f5956fb3431ff680e7ec3b0d")
}

// UnpackNoTableError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NoTable(uint256 blockNumber)
func (operatorTable *OperatorTable) UnpackNoTableError(raw []byte) (*OperatorTableNoTable, error) {
	out := new(OperatorTableNoTable)
	if err := operatorTable.abi.UnpackIntoInterface(out, "NoTable", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// OperatorTableNonSignersNotAscending represents a NonSignersNotAscending error raised by the OperatorTable contract.
type OperatorTableNonSignersNotAscending struct {
	Index uint64
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NonSignersNotAscending(uint64 index)
func OperatorTableNonSignersNotAscendingErrorID() common.Hash {
	return common.HexToHash("0xb07858c4ac50ab46cc6f13c95a2e2c7c75bbe0339783ff5f983a683fbac9a389")
}

// UnpackNonSignersNotAscendingError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NonSignersNotAscending(uint64 index)
func (operatorTable *OperatorTable) UnpackNonSignersNotAscendingError(raw []byte) (*OperatorTableNonSignersNotAscending, error) {
	out := new(OperatorTableNonSignersNotAscending)
	if err := operatorTable.abi.UnpackIntoInterface(out, "NonSignersNotAscending", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// OperatorTableNotServiceManager represents a NotServiceManager error raised by the OperatorTable contract.
type OperatorTableNotServiceManager struct {
	Caller common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NotServiceManager(address caller)
func OperatorTableNotServiceManagerErrorID() common.Hash {
	return common.HexToHash("0xb9532435ce911ad0982a2a0925f17bdf9adac74b57ab41e2e1d67b96455d7e1d")
}

// UnpackNotServiceManagerError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NotServiceManager(address caller)
func (operatorTable *OperatorTable) UnpackNotServiceManagerError(raw []byte) (*OperatorTableNotServiceManager, error) {
	out := new(OperatorTableNotServiceManager)
	if err := operatorTable.abi.UnpackIntoInterface(out, "NotServiceManager", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// OperatorTablePointInvalid represents a PointInvalid error raised by the OperatorTable contract.
type OperatorTablePointInvalid struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error PointInvalid()
func OperatorTablePointInvalidErrorID() common.Hash {
	return common.HexToHash("0x9052a04e0d07545afb8720f19a43189eb5b864417c232937b69c41f9dc59dd91")
}

// UnpackPointInvalidError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error PointInvalid()
func (operatorTable *OperatorTable) UnpackPointInvalidError(raw []byte) (*OperatorTablePointInvalid, error) {
	out := new(OperatorTablePointInvalid)
	if err := operatorTable.abi.UnpackIntoInterface(out, "PointInvalid", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// OperatorTableSafeCastOverflowedUintDowncast represents a SafeCastOverflowedUintDowncast error raised by the OperatorTable contract.
type OperatorTableSafeCastOverflowedUintDowncast struct {
	Bits  uint8
	Value *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error SafeCastOverflowedUintDowncast(uint8 bits, uint256 value)
func OperatorTableSafeCastOverflowedUintDowncastErrorID() common.Hash {
	return common.HexToHash("0x6dfcc6503a32754ce7a89698e18201fc5294fd4aad43edefee786f88423b1a12")
}

// UnpackSafeCastOverflowedUintDowncastError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error SafeCastOverflowedUintDowncast(uint8 bits, uint256 value)
func (operatorTable *OperatorTable) UnpackSafeCastOverflowedUintDowncastError(raw []byte) (*OperatorTableSafeCastOverflowedUintDowncast, error) {
	out := new(OperatorTableSafeCastOverflowedUintDowncast)
	if err := operatorTable.abi.UnpackIntoInterface(out, "SafeCastOverflowedUintDowncast", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// OperatorTableSignatureInvalid represents a SignatureInvalid error raised by the OperatorTable contract.
type OperatorTableSignatureInvalid struct {
	Digest [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error SignatureInvalid(bytes32 digest)
func OperatorTableSignatureInvalidErrorID() common.Hash {
	return common.HexToHash("0xd6fe72d832646fa110ad2033a8e626b674a74c4e1390d161a85860892128b12e")
}

// UnpackSignatureInvalidError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error SignatureInvalid(bytes32 digest)
func (operatorTable *OperatorTable) UnpackSignatureInvalidError(raw []byte) (*OperatorTableSignatureInvalid, error) {
	out := new(OperatorTableSignatureInvalid)
	if err := operatorTable.abi.UnpackIntoInterface(out, "SignatureInvalid", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// OperatorTableTableEmpty represents a TableEmpty error raised by the OperatorTable contract.
type OperatorTableTableEmpty struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error TableEmpty()
func OperatorTableTableEmptyErrorID() common.Hash {
	return common.HexToHash("0x6999b0fc6eb2b303e36d21aa91768947670d3bbe84b6c0ae715da745833febe9")
}

// UnpackTableEmptyError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error TableEmpty()
func (operatorTable *OperatorTable) UnpackTableEmptyError(raw []byte) (*OperatorTableTableEmpty, error) {
	out := new(OperatorTableTableEmpty)
	if err := operatorTable.abi.UnpackIntoInterface(out, "TableEmpty", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// OperatorTableWrongNonSigner represents a WrongNonSigner error raised by the OperatorTable contract.
type OperatorTableWrongNonSigner struct {
	Index    uint64
	Operator common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error WrongNonSigner(uint64 index, address operator)
func OperatorTableWrongNonSignerErrorID() common.Hash {
	return common.HexToHash("0xccd415bf70c055b46da971b9bad5d44b8898d09f9036c62a2569e1f6f8a6d0d3")
}

// UnpackWrongNonSignerError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error WrongNonSigner(uint64 index, address operator)
func (operatorTable *OperatorTable) UnpackWrongNonSignerError(raw []byte) (*OperatorTableWrongNonSigner, error) {
	out := new(OperatorTableWrongNonSigner)
	if err := operatorTable.abi.UnpackIntoInterface(out, "WrongNonSigner", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// OperatorTableWrongTable represents a WrongTable error raised by the OperatorTable contract.
type OperatorTableWrongTable struct {
	Root     [32]byte
	Expected [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error WrongTable(bytes32 root, bytes32 expected)
func OperatorTableWrongTableErrorID() common.Hash {
	return common.HexToHash("0x56cd08acb4e7dd8d2c46d1c9f632b51181a6fefcd4ff48f61ed70f8ba02f9923")
}

// UnpackWrongTableError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error WrongTable(bytes32 root, bytes32 expected)
func (operatorTable *OperatorTable) UnpackWrongTableError(raw []byte) (*OperatorTableWrongTable, error) {
	out := new(OperatorTableWrongTable)
	if err := operatorTable.abi.UnpackIntoInterface(out, "WrongTable", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// PlainStepVerifierMetaData contains all meta data concerning the PlainStepVerifier contract.
var PlainStepVerifierMetaData = bind.MetaData{
	ABI: "[{\"inputs\":[{\"components\":[{\"components\":[{\"internalType\":\"uint256\",\"name\":\"hidden\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"layers\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"heads\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"kvHeads\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"headDim\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"ffn\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"vocab\",\"type\":\"uint256\"},{\"internalType\":\"bool\",\"name\":\"biased\",\"type\":\"bool\"},{\"internalType\":\"bool\",\"name\":\"normed\",\"type\":\"bool\"},{\"internalType\":\"bool\",\"name\":\"tied\",\"type\":\"bool\"},{\"internalType\":\"uint256\",\"name\":\"eps\",\"type\":\"uint256\"},{\"internalType\":\"bytes32\",\"name\":\"rowsRoot\",\"type\":\"bytes32\"}],\"internalType\":\"structArch\",\"name\":\"arch\",\"type\":\"tuple\"},{\"internalType\":\"uint256\",\"name\":\"promptTokens\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"outputTokens\",\"type\":\"uint256\"},{\"internalType\":\"bool\",\"name\":\"greedy\",\"type\":\"bool\"}],\"internalType\":\"structProgram\",\"name\":\"p\",\"type\":\"tuple\"},{\"internalType\":\"uint256\",\"name\":\"row\",\"type\":\"uint256\"}],\"name\":\"blocks\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"components\":[{\"internalType\":\"uint256\",\"name\":\"hidden\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"layers\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"heads\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"kvHeads\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"headDim\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"ffn\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"vocab\",\"type\":\"uint256\"},{\"internalType\":\"bool\",\"name\":\"biased\",\"type\":\"bool\"},{\"internalType\":\"bool\",\"name\":\"normed\",\"type\":\"bool\"},{\"internalType\":\"bool\",\"name\":\"tied\",\"type\":\"bool\"},{\"internalType\":\"uint256\",\"name\":\"eps\",\"type\":\"uint256\"},{\"internalType\":\"bytes32\",\"name\":\"rowsRoot\",\"type\":\"bytes32\"}],\"internalType\":\"structArch\",\"name\":\"arch\",\"type\":\"tuple\"},{\"internalType\":\"uint256\",\"name\":\"promptTokens\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"outputTokens\",\"type\":\"uint256\"},{\"internalType\":\"bool\",\"name\":\"greedy\",\"type\":\"bool\"}],\"internalType\":\"structProgram\",\"name\":\"p\",\"type\":\"tuple\"}],\"name\":\"rows\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"blockHash\",\"type\":\"bytes32\"},{\"internalType\":\"bytes\",\"name\":\"data\",\"type\":\"bytes\"}],\"name\":\"shows\",\"outputs\":[{\"internalType\":\"bool\",\"name\":\"\",\"type\":\"bool\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"components\":[{\"components\":[{\"internalType\":\"uint256\",\"name\":\"hidden\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"layers\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"heads\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"kvHeads\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"headDim\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"ffn\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"vocab\",\"type\":\"uint256\"},{\"internalType\":\"bool\",\"name\":\"biased\",\"type\":\"bool\"},{\"internalType\":\"bool\",\"name\":\"normed\",\"type\":\"bool\"},{\"internalType\":\"bool\",\"name\":\"tied\",\"type\":\"bool\"},{\"internalType\":\"uint256\",\"name\":\"eps\",\"type\":\"uint256\"},{\"internalType\":\"bytes32\",\"name\":\"rowsRoot\",\"type\":\"bytes32\"}],\"internalType\":\"structArch\",\"name\":\"arch\",\"type\":\"tuple\"},{\"internalType\":\"uint256\",\"name\":\"promptTokens\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"outputTokens\",\"type\":\"uint256\"},{\"internalType\":\"bool\",\"name\":\"greedy\",\"type\":\"bool\"}],\"internalType\":\"structProgram\",\"name\":\"program\",\"type\":\"tuple\"},{\"internalType\":\"bytes32\",\"name\":\"traceRoot\",\"type\":\"bytes32\"},{\"internalType\":\"uint256\",\"name\":\"row\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"blockIndex\",\"type\":\"uint256\"},{\"internalType\":\"bytes32\",\"name\":\"blockHash\",\"type\":\"bytes32\"},{\"internalType\":\"uint256\",\"name\":\"element\",\"type\":\"uint256\"}],\"internalType\":\"structStep\",\"name\":\"s\",\"type\":\"tuple\"},{\"internalType\":\"bytes\",\"name\":\"proof\",\"type\":\"bytes\"}],\"name\":\"verify\",\"outputs\":[{\"internalType\":\"bool\",\"name\":\"\",\"type\":\"bool\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"hash\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"root\",\"type\":\"bytes32\"}],\"name\":\"NotUnderRoot\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"value\",\"type\":\"uint256\"}],\"name\":\"OperandRefused\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"int256\",\"name\":\"value\",\"type\":\"int256\"}],\"name\":\"OutOfDomain\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"ShapeRefused\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"length\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"expected\",\"type\":\"uint256\"}],\"name\":\"WrongLength\",\"type\":\"error\"}]",
	ID:  "e8067a8d99c17b38206cfa34d447efc150",
	Bin: "0x60808060405234601557615793908161001a8239f35b5f80fdfe6102006040526004361015610012575f80fd5b5f3560e01c806359befa251461016e5780636cda2db01461011d578063d0e16a40146100935763fb38ea0714610046575f80fd5b3461008f57604060031936011261008f5760243567ffffffffffffffff811161008f5761008661007c6020923690600401610197565b6004359291611b18565b14604051908152f35b5f80fd5b3461008f576003193601610200811261008f576101e01361008f576100b6610ec6565b6100c36101e435826113cb565b80519060378210156100f057602092603f9260406100e393015191611678565b500160061c604051908152f35b7f4e487b71000000000000000000000000000000000000000000000000000000005f52602160045260245ffd5b3461008f5760031936016102a0811261008f576102801361008f576102843567ffffffffffffffff811161008f5761016461015e6020923690600401610197565b9061028d565b6040519015158152f35b3461008f576101e060031936011261008f57602061018061018d610ec6565b0151604051908152f35b9181601f8401121561008f5782359167ffffffffffffffff831161008f576020838186019501011161008f57565b818102929181159184041417156101d857565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601160045260245ffd5b919082039182116101d857565b1561021b575050565b7fb863f041000000000000000000000000000000000000000000000000000000005f5260045260245260445ffd5b15610252575050565b7fabe1d105000000000000000000000000000000000000000000000000000000005f5260045260245260445ffd5b919082018092116101d857565b610295610e01565b50610184356101a4356101c4359182151580930361008f5761018060031936011261008f57604051926102c784610d78565b60043584526020840191602435835260408501916044358352606086019060643582526080870191608435835260a088019560a435875260c089019860c4358a5260e435801515810361008f5760e082015261010435998a15158b0361008f5761010082019a8b5261012435801515810361008f5761012083015261014082016101443581526101643561016084015261035f610e01565b60c0528251908115159182610d6a575b5081610d48575b81610d26575b81610d04575b81610ce2575b81610cbf575b81610c9c575b81610c7e575b81610c60575b81610c4f575b5015610bde578751620100008751820211159081610c3b575b5080610c2f575b80610c1d575b80610c06575b15610bde5760029a8a998c995f199788608060c051019d8c01018d52606060c05101528c604060c051015289602060c05101528460c05152610100663fffffffffffff95511115610bcf575b61010090518951021115610bc1575b61010090511115610bb3575b5115610ba6575b60ff61010091510160081c1115610b98575b60a060c051015261046460c051614233565b9160c08051019283526104c860c05160a08101515f916130009091169050670101010101010101670f0f0f0f0f0f0f0f8267555555555555555560ff9460011c169003673333333333333333808260021c169116018060041c01160260381c160190565b9060e060c051019182526104dd60c0516142be565b9161010060c0510192835261054860c05160a08101515f91660fff00000000009091169050670101010101010101670f0f0f0f0f0f0f0f8267555555555555555560ff9460011c169003673333333333333333808260021c169116018060041c01160260381c160190565b998a61012060c05101525194519251968792519051029051029101830201908161014060c0510152510201920102900301918261016060c051015202010161018060c051015260c051506105a16102043560c0516113cb565b90815160378110156100f0576105bf9060408401519060c051611678565b92909361022435948560061b95808704604014901517156101d85780861015610b8e578560406105ef8284610205565b1015610b84576105fe91610205565b945b61060a85876101c5565b92610619848481811015610212565b82841161008f5761063a61062d8587611b18565b6102443590818114610249565b6102643596871015610b78576106538761065c93610280565b9060c051611bb8565b6101c0526101c0515160118110156100f05715610b6e5761068061068a9284610280565b6101a05282610280565b610180526101a0516101c051602001515160805260a06101608190526040516101e08190526106b99190610dde565b60046101e05152601f1961016051013660206101e05101375f905f60a052608051155f14610b2c575f60a0529083915b5f60e0525b60805160e0511061074b57916107316107379261072461073d96956101a0518103906101a0516101805103906101805114610212565b6101e0516101c051613a87565b956101c5565b90610280565b359060031b610100031d1490565b90915061076160e05160206101c05101516124a3565b5190600160e05114808061014052610b15575b80610ac0575b610a9f576020820151610a55575b81511580159190610a4c5761016060c0515101515b8215610a3f5760a0515b5f610120819052929460019486906109fa575b506101605181015160c0820151600682811c926107e192015f1901901c8218600101614ae6565b606083018051603f0160061c979083831c831b6001841b0190898210156109f1575060061b965b6080850151610100526101005184841c841b60061b0261010051890203918a604051936101005160061b9185905b6001881b60051b87018210610991575050505050600180841b60051b8301915081535b60208201811161094a5750516101605184015161010051608086015185851c851b60061b820292028b018290039a980290970196909603966108b992919060409082906108a590614ae6565b03940151841b91811c811b901c1792614ae6565b019284919091604051600181535b8560051b8701821061091d575050509081816108e39314610249565b60051b01906108f760e0516101e0516124a3565b5261014051610912575b600160e0510160e0529083916106ee565b610120519150610901565b90919260208460051b1690600182840101526021833591830301526020604182209360011c9201906108c7565b819082905b80821061095d575050610859565b8151600180871b60051b8601908101919091526020808401516021830152604190912084529092019160409091019061094f565b82156109e457848887898787106109da575b600190921b60051b9182015260209286928392839183918d01013781880160018c1b60051b8b01208552019303915b019091610836565b95965086956109a3565b9190805f602092526109d2565b90505196610808565b93509450925081355f1a6101205260029260016101205160f01b7f0200000000000000000000000000000000000000000000000000000000000000179301945f6107ba565b61018060c05101516107a7565b6101e43561079d565b610a616101e051612439565b513560e01d610a788160c0805151015181106124b7565b825115610a8e5760408301908151019052610788565b610160518301908151019052610788565b9050610aad6101e051612439565b51610aba6101e051612473565b52610901565b50610ad160206101c0510151612439565b518251151581511515149081610b02575b81610aee575b5061077a565b61016051848101519101511490505f610ae8565b9050604083015160408201511490610ae2565b506101c0515160118110156100f057600314610774565b600260c0515160c0810161012081516020840151610b498561568b565b020192015115155f14610b6757505f905b010160a0529083916106e9565b5190610b5a565b5050505050600190565b50505050505050600190565b5050604094610600565b5050505050505f90565b660440000000000018610452565b6207070090911890610440565b916440000000001891610439565b63100000009093189261042d565b663ff7f5ffffafbf945061041e565b7feff5189d000000000000000000000000000000000000000000000000000000005f5260045ffd5b508a5115806103d2575085515f19810116156103d2565b50620100005f198b89010111156103cc565b506001865116156103c6565b610c489150855190611ba2565b155f6103bf565b65010000000000915051105f6103a6565b90508a151580610c71575b906103a0565b50620100008b1115610c6b565b905087151580610c8f575b9061039a565b5062010000881115610c89565b905081518015159081610cb1575b5090610394565b62100000915011155f610caa565b905089518015159081610cd4575b509061038e565b62010000915011155f610ccd565b905086518015159081610cf7575b5090610388565b610100915011155f610cf0565b905084518015159081610d19575b5090610382565b610400915011155f610d12565b905088518015159081610d3b575b509061037c565b610400915011155f610d34565b905083518015159081610d5d575b5090610376565b610400915011155f610d56565b62010000101591505f61036f565b610180810190811067ffffffffffffffff821117610d9557604052565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b6080810190811067ffffffffffffffff821117610d9557604052565b90601f601f19910116810190811067ffffffffffffffff821117610d9557604052565b604051906101a0820182811067ffffffffffffffff821117610d95576040525f61018083604051610e3181610d78565b8381528360208201528360408201528360608201528360808201528360a08201528360c08201528360e08201528361010082015283610120820152836101408201528361016082015281528260208201528260408201528260608201528260808201528260a08201528260c08201528260e0820152826101008201528261012082015282610140820152826101608201520152565b610ece610e01565b50610184356101a4356101c4359081151580920361008f5761018060031936011261008f5760405191610f0083610d78565b60043583526020830190602435825260408401946044358652606085019560643587526080860190608435825260a087019060a435825260c088019560c435875260e435801515810361008f5760e08a01526101043595861515870361008f576101008a0196875261012435801515810361008f576101208b01526101408a019a610144358c52610164356101608c0152610f99610e01565b9b8b51908115159182611356575b5081611334575b81611312575b816112f0575b816112ce575b816112ab575b81611288575b8161126a575b8161124c575b8161123b575b5015610bde578351620100008751820211159081611227575b508061121b575b80611209575b806111f2575b15610bde5760029a610120998c995f19978f95978e8c998b8260808b019c01018b52606089015260408801528b6020880152848752610100663fffffffffffff955111156111e3575b61010090518b510211156111d5575b610100905111156111c7575b51156111ba575b60ff61010091510160081c11156111ac575b60a083015261109582614233565b9360c083019485526110f68360a08101515f916130009091169050670101010101010101670f0f0f0f0f0f0f0f8267555555555555555560ff9460011c169003673333333333333333808260021c169116018060041c01160260381c160190565b9060e0840191825261010061110a856142be565b94019384528d61116e8160a08101515f91660fff00000000009091169050670101010101010101670f0f0f0f0f0f0f0f8267555555555555555560ff9460011c169003673333333333333333808260021c169116018060041c01160260381c160190565b9b8c910152519451925196879251905102905102910183020190816101408c0152510201920102900301918261016086015202010161018082015290565b660440000000000018611087565b6207070090911890611075565b91644000000000189161106e565b631000000090931892611062565b663ff7f5ffffafbf9450611053565b508751158061100a575085515f198101161561100a565b50620100005f198b8901011115611004565b50600186511615610ffe565b6112349150825190611ba2565b155f610ff7565b65010000000000915051105f610fde565b90508a15158061125d575b90610fd8565b50620100008b1115611257565b90508715158061127b575b90610fd2565b5062010000881115611275565b90508951801515908161129d575b5090610fcc565b62100000915011155f611296565b9050855180151590816112c0575b5090610fc6565b62010000915011155f6112b9565b9050865180151590816112e3575b5090610fc0565b610100915011155f6112dc565b905081518015159081611305575b5090610fba565b610400915011155f6112fe565b905084518015159081611327575b5090610fb4565b610400915011155f611320565b905083518015159081611349575b5090610fae565b610400915011155f611342565b62010000101591505f610fa7565b6040519061137182610dc2565b5f6060838281528260208201528260408201520152565b60378210156100f05752565b811561139e570490565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601260045260245ffd5b9190916113d6611364565b926002811061165857600119810160808301908151811061164a5750610160830190815183106114e757505190039060408101805191610120810192835180910285106114575750505190510281810361143a57505061143860345b83611388565b565b900360010361144d576114386035611432565b6114386036611432565b915093949261147e9250611469611364565b506114748282611394565b6040850152611ba2565b6028905b6014821480156114dd575b156114cd57604084510151905b8181106114ae579060019103910190611482565b9293505060378110156100f0576114ca91606084015282611388565b90565b600160a0850151831c169061149a565b506017821461148d565b80929150949293945190039061014084019161150883516001198301611394565b926020865101518085101561163d575b50906001199184602087015251840290030190519060c0850151809202918282106115e457500392805160806060820151910151029360e08201518095029485821061158a57506115779061157d9495610100840151910386846124ea565b50612542565b6040820190815101905290565b91945061159a9250611469611364565b600c905b6014821480156115da575b156115ca57604084510151905b8181106114ae57906001910391019061159e565b600160a0850151831c16906115b6565b50601782146115a9565b91506115f39250611469611364565b6003905b601482148015611633575b1561162357604084510151905b8181106114ae5790600191039101906115f7565b600160a0850151831c169061160f565b5060178214611602565b5f19019350600119611518565b604086015250506002835250565b9192911515905061166e576114ca5f5b82611388565b6114ca6001611668565b91825190603783101590816100f057600a841115611a6657816100f057601384111561199b57816100f057601b8411156118e05750806100f0576027831115611804576100f057602882146117f357602982146117e857602a82146117de57602b82146117c5575f602c831480156117b9575b6117ab576100f057602d821461179857602e821461177f57602f82146117745760318214611760576032821461174757506033811461173d57603614611735576040015190600490565b505f90600490565b5050600190600890565b60ff925082915060c001510160081c0160081c90600890565b60ff925060c0915001510160081c90600890565b505050600190600490565b60ff925082915060c001510160081c0160081c90600490565b60c0015160ff0160081c92600492509050565b5060c0015192600492509050565b50505f603083146116eb565b9150506117d760c08201519151612562565b0290600890565b9150505190600490565b505050600290600490565b905060ff9150510160081c90600890565b509150601c81146118c9575f601d821480156118bd575b8181156118ad575b506118a4576100f057601e811461189757601f811461188d575f602182148015611881575b611870576100f0576026146118615760a0015190600490565b6117d760a08251920151612562565b50506117d760a08201519151612562565b50505f60238214611848565b5050600290600490565b505160ff01600890811c91565b50505190600490565b90506100f0576027821481611823565b50505f6020821461181b565b506117d78151916080604082015191015102612562565b91929350505f60148414801561198f575b611982576100f05760168314611976576019831461196a57601b831461195657600161191d9101612562565b916015811461194a5760181461193f5760806040820151910151020290600890565b604001510290600890565b50604001510290600490565b509050608060408201519101510290600490565b50604001519160089150565b50604001519160049150565b5060010192600492509050565b50505f601784146118f1565b505091600b8214611a4f57600c8214611a3f57600d8214611a325750600e8114611a1c5760108114611a115760118114611a03576013146119e757608060408201519101510290600490565b6119fc6080604083015192015160081b612562565b0290600490565b506040015160011b90600490565b506040015190600890565b506117d760408201516080830151029151612562565b6080015192600492509050565b6117d79150608001519151612562565b50506119fc6080606083015192015160081b612562565b5050918115611b0b5760018214611afe57505f600282148015611af2575b6118a4576100f05760038114611897576004811461188d5760068114611adc5760088114611ad157600914611ac457608060608201519101510290600490565b6060015160011b90600490565b506060015190600890565b506117d760608201516080830151029151612562565b50505f60058214611a84565b6040015192600492509050565b6020015192600492509050565b90611b46602160405183819460208301965f88528484013781015f838201520301601f198101835282610dde565b51902090565b60405190610120820182811067ffffffffffffffff821117610d95576040525f61010083828152606060208201528260408201528260608201528260808201528260a08201528260c08201528260e08201520152565b811561139e570690565b60118210156100f05752565b9190611bc2611b4c565b92805182519060378210156100f0576001821115612419576002821461234f576034821015612343575f600383148015612337575b612315576100f057601e82146122bd575f6008831480156122b1575b61226857806100f05760048314801561225c575b81811561224c575b506121ea57806100f0576009831480156121de575b61213c576100f057600582146120e457602a821461207b5760208214611fd057600a8214611ee75760128214611de457600b8214611dc05760138214611d9c57505f601482101580611d8f575b611d83576100f057602d811015611d7857602514611cb3576114ca93506132f7565b91600e8452611cc06125fe565b50611d3d6020830193602460408651950195611cfa8751611ced5f82611ce46125fe565b9a602289614fb3565b6040890152602285611678565b60808801526060870152600160c08701528460a0870152611d196125fe565b5051955191611d335f84611d2b6125fe565b998585614fb3565b6040880152611678565b60808501526060840152600160c084015260a0830152611d5b612645565b91611d6583612473565b52611d6f82612439565b52602082015290565b506114ca93506130f9565b50506114ca9350612bc3565b50505f601b821115611c91565b61010001516114ca9550919291159050611db857601291612a74565b600f91612a74565b61010001516114ca9550919291159050611ddc57600a91612a74565b600791612a74565b9450509091611df16125fe565b506020830180519360400194855180611e086125fe565b96611e17915f91600f89614fb3565b6040870152611e2890600f86611678565b6080870152606086015260c08501600190528260a0860152608001918251611e509082611394565b9251611e5b91611ba2565b91611e64611b4c565b9560098752611e716126c5565b6020880196818852611e8282612439565b52611e8c90612439565b50611e956125fe565b5082519160011b9051611eaa926011876143d7565b845190611eb682612473565b52611ec090612473565b50516009611ecd93614448565b905190611ed982612483565b52611ee390612483565b5090565b9450509091611ef46125fe565b506020830180519360400194855180611f0b6125fe565b96611f1a915f91600789614fb3565b6040870152611f2b90600786611678565b6080870152606086015260c08501600190528260a0860152608001918251611f539082611394565b9251611f5e91611ba2565b91611f67611b4c565b9560098752611f746126c5565b6020880196818852611f8582612439565b52611f8f90612439565b50611f986125fe565b5082519160011b9051611fad926009876143d7565b845190611fb982612473565b52611fc390612473565b5051600a611ecd93614448565b5050909250612069611ee392611fe46125fe565b506020850192600c61200083604087519901988951908561438a565b9461206161204f5f612010611b4c565b9a60098c526120388c60206120236126c5565b91019b818d5261203282612439565b52612439565b506120416125fe565b508451905190601f886143d7565b87519061205b82612473565b52612473565b505191614448565b90519061207582612483565b52612483565b505090925061206982612092611ee3948685612953565b92601061209d611b4c565b96600988526120be6120ad6126c5565b60208a019781895261203282612439565b506120c76125fe565b5061206161204f5f602084019360408551910151906029886143d7565b5050909250612069826120fb611ee3948685612953565b926002612106611b4c565b96600988526121166120ad6126c5565b5061211f6125fe565b5061206161204f5f602084019360408551910151906004886143d7565b50608001519194509192909150612151611b4c565b9360088552835160378110156100f0575f190160ff169360378510156100f05760016101409361219e828094618000996121896125fe565b506020820151604086851c930151918961435e565b6121a6612685565b906121b082612439565b526121ba81612439565b5060208901521614610100860152826060860152510151020160101d608082015290565b50505f60118314611c44565b505160ff810160081c955092919050612201611b4c565b9460088652825160378110156100f0575f190160ff169260378410156100f0576180009561219e6001935f61014097869561223a6125fe565b5060406020820151910151918961435e565b90506100f0576029831481611c2f565b50505f601f8314611c27565b909495509291926100f0575f190160ff169160378310156100f0576114ca9460806122ac950151936122986125fe565b50604085602086015193029401519261435e565b612a3a565b50505f60108314611c13565b6114ca95506122f991506122d590949394518461293a565b916122de6125fe565b50601d6040602087015196015191611d335f84611d2b6125fe565b6080850152606084015260c083015260081b60a0820152612a3a565b506114ca95506122ac9493915061232d90518461293a565b9260081b916129cb565b50505f60288314611bf7565b50506114ca935061278c565b505091909250604061235f611b4c565b93018051602084015190818110156124075750505161237c6125fe565b9061238a5f80808088614fb3565b604083015261239a5f8086611678565b60808401526060830152600160c083015260a0820152905b6123db60016123bf6125fe565b948186526123d05f80848451614a14565b60408701525161534c565b90915060808501526060840152600160c084015260a08301526001602083015260028352611d5b612645565b61241392500383614328565b906123b2565b505050505090565b67ffffffffffffffff8111610d955760051b60200190565b8051156124465760200190565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52603260045260245ffd5b8051600110156124465760400190565b8051600210156124465760600190565b8051600310156124465760800190565b80518210156124465760209160051b010190565b156124bf5750565b7ff5e909c2000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b926124f89192611469611364565b600e905b601482148015612538575b1561252857604084510151905b8181106114ae5790600191039101906124fc565b600160a0850151831c1690612514565b5060178214612507565b905f1960208351015101145f1461255d57602001515f190190565b505f90565b61010081116125715750600190565b6125fa5f1960ff6002930160081c017d0101020202020303030303030303000000000000000000000000000000006fffffffffffffffffffffffffffffffff821160071b67ffffffffffffffff83821c1160061b1763ffffffff83821c1160051b1761ffff83821c1160041b1760ff83821c1160031b17600f83821c1160021b1791821c1a1790565b1b90565b6040519060e0820182811067ffffffffffffffff821117610d95576040525f60c0838281528260208201528260408201528260608201528260808201528260a08201520152565b604051606091906126568382610dde565b6002815291601f1901825f5b82811061266e57505050565b6020906126796125fe565b82828501015201612662565b604080519091906126968382610dde565b6001815291601f1901825f5b8281106126ae57505050565b6020906126b96125fe565b828285010152016126a2565b604051608091906126d68382610dde565b6003815291601f1901825f5b8281106126ee57505050565b6020906126f96125fe565b828285010152016126e2565b60405190612714602083610dde565b5f80835282815b82811061272757505050565b6020906127326125fe565b8282850101520161271b565b9061274882612421565b6127556040519182610dde565b828152601f196127658294612421565b01905f5b82811061277557505050565b6020906127806125fe565b82828501015201612769565b92919092612798611b4c565b935160378110156100f057603514808061292e575b61291a578015612910576127c360105b86611bac565b8015612904576127d760ff60035b1661273e565b90602086019182526127f86127ec8585614328565b83519061203282612439565b506128466128046125fe565b6128125f8781602c89614fb3565b604082015261282386602c87611678565b60808301526060820152600160c08201525f60a082015283519061205b82612473565b50600160206128558451612473565b5101526128a56128636125fe565b6128715f8781602f89614fb3565b604082015261288286602f87611678565b60808301526060820152600160c08201525f60a082015283519061207582612483565b50156128b057505050565b6128d96129019360336128c16125fe565b946128cf5f84818585614fb3565b6040870152611678565b60808401526060830152600160c08301525f60a083015251906128fb82612493565b52612493565b50565b6127d760ff60046127d1565b6127c3600f6127bd565b5050509050612927611b4c565b6001815290565b506060820151156127ad565b60081b900361010081101561294c5790565b5061010090565b9061295c6125fe565b50805160378110156100f057602811156129a6576020810180511561299357916114ca939160405f196001955101910151916143a1565b509160019160406114ca940151906143b8565b91816114ca935f198060206001965101510191604060208501519101510101916143a1565b929190926129d76125fe565b50835160378110156100f05760281115612a195760208401805115612a0a579360405f196114ca965101910151916143a1565b5060406114ca940151906143b8565b6114ca935f19806020845101510191604060208501519101510101916143a1565b90612a43611b4c565b916008604084015260038352612a57612645565b9080612a6283612473565b52612a6c82612439565b526020830152565b91939293612a80611b4c565b9460808451015191612aa9612a978460081b612562565b84612aa28286611394565b0293611ba2565b9280841015612bb357600a8852604085018051938260011c94858710156101008c015260e08b0152612ad96126c5565b9660208b01978852612ae96125fe565b506020019283518783018451612b0092888d614405565b885190612b0c82612439565b52612b1690612439565b50612b2390878701611ba2565b0191612b2d6125fe565b5051905190612b3c9388614405565b835190612b4882612473565b52612b5290612473565b50612b5c91611ba2565b612b646125fe565b926001845280515f8080612b7793614a14565b6040850152515f612b879161534c565b6080860152606085015250600160c084015260a08301525190612ba982612483565b5261290190612483565b5050505050509050612927611b4c565b929192612bce611b4c565b93815183519260378410156100f05760408501938451906001820190612bf382612562565b60148203612ceb575050505060808201805160081b612c1190612562565b9283916020880195838751996060019384516060820151029060400151612c3791611394565b029080612c426125fe565b9a612c51915f91600b8a614fb3565b60408b0152612c6290600b87611678565b60808b015260608a01528360c08a015260a089015251612c8190614544565b60100160408b01525060048952510292612c996125fe565b5051935180612ca66125fe565b95612cb5915f91601386614fb3565b60408601526013612cc592611678565b6080850152606084015260c083015260a0820152612ce1612645565b91612a6283612473565b5f989694929397989160158114968780156130ec575b15612ddb575050612d1f81612d196101009388611394565b96611ba2565b970160081c871015612dc9576100f057612d74938015612dbf57612d45600b5b8b611bac565b15612daf57611d336020612d5c6014945b8961293a565b96612d656125fe565b50015197519384611d2b6125fe565b6080850152606084015260c083015260081b60a0820152612d93612685565b90612d9d82612439565b52612da781612439565b506020830152565b611d336020612d5c601794612d56565b612d456007612d3f565b50505050505050509050612927611b4c565b9093965082919492999798996100f05760168414928380156130df575b15612e5b5750506100f05760ff915f199115612e5157612e1a600b5b8c611bac565b01169060378210156100f0576020610100612e49980160081c96612e3c6125fe565b500151920293519261435e565b612d93612685565b612e1a6007612e14565b9391909597999492506100f05760178103612f15575050505090612e856080612ef7930151614544565b5060a0880152601660c0880152600c87526016606085016020815196612ea96125fe565b500194612ed7865197612eca8a519182612ec16125fe565b9b60148a614fb3565b60408a0152601486611678565b60808901526060880152600160c088015260a08701525193611d196125fe565b60808501526060840152600160c084015260a0830152612ce1612645565b9497929695939492939192601a0361303857612f3e81612f386101009385611394565b93611ba2565b960160081c8610156130275783612fd461300b94612fc76020612fa58e976003600d988f9e9d9c60800190612f96612f8d612f7a845184611394565b9b60408d60608301510291015190611394565b92518092611ba2565b91020199528b60081b9b61293a565b98612fae6125fe565b5001938451925180936017612fc16125fe565b9d614fb3565b60408a015260178a611678565b608089015260608801528460c08801528560a088015251966130015f84612ff96125fe565b9a8585614fb3565b6040890152611678565b6080860152606085015260c084015260a0830152612ce1612645565b505050505050509050612927611b4c565b9495909296939150600d89526101000160081c946130546125fe565b50602001938451958751806130676125fe565b98613076915f91601a8a614fb3565b604089015261308790601a87611678565b6080890152606088015260c0870152820260a0860152608001516130aa91611394565b916130b36125fe565b50519351806130c06125fe565b956130cf915f91601986614fb3565b60408601526019612ef792611678565b505f925060198514612df8565b505f935060188214612d01565b92919092613105611b4c565b9380519160378310156100f05760c081510151926030811461324457602f811161323a57613135600b5b88611bac565b5f602d8214801561322e575b15613187576100f0575f190160ff169360378510156100f057613169612e4995945b8261293a565b936131726125fe565b50604060208501519260081b9401519261435e565b60ff81950160081c80956100f057602e83148015613221575b156131c757506100f0575f190160ff169360378510156100f057613169612e499594613163565b90946101008211156131fc575060ff0160081c936100f0575f190160ff169360378510156100f057613169612e499594613163565b9490506100f0576001190160ff169360378510156100f057613169612e499594613163565b505f9150603283146131a0565b50505f60318214613141565b613135600761312f565b506132d8919250601e60c08796970152635c551d9560a0860152600c855261326a6125fe565b50602f60208401604081519501956132a087516132935f8261328a6125fe565b9a602c8a614fb3565b6040890152602c86611678565b60808801526060870152600160c087015260a08601526132be6125fe565b50519451916128cf5f846132d06125fe565b988585614fb3565b60808401526060830152600160c08301525f60a0830152611d5b612645565b9091613301611b4c565b5081519083519160378310156100f057602085019283519160408701908151936040519461332e86610dc2565b6005865260208601918252604086019081525f606087015282519760068614613a415760078614613957575f600c8714801561394b575b613801576100f057600e86146137ee57600f8614613704575f94601c87148080156136f7575b6135ff5750856100f057602687148080156135f2575b61346d575050505050816100f057602b831490818015613460575b61341d575050602083526100f0576021811461340f5760238114613401576114ca9583916022036133f957600d925b6133f3612705565b96614913565b600e926133eb565b509091926114ca9450614858565b509091926114ca94506147f8565b602a85526101200151919392509015613458576001925b6100f05761344a576114ca9583916133f3612705565b909192936114ca95506148b8565b601192613434565b505f9250602c84146133bc565b929a9598965093879950602560a092989c949c520151966100f0576135e0576134946125fe565b506134a48486518451908661438a565b976134ad612685565b986134b78a612439565b526134c189612439565b506134ca611b4c565b996134d88a5160020161273e565b60208c019081529861010089111561358957505050600689525160378110156100f0575f190160ff169360378510156100f05761354f613543600f93886135579860ff6135276135639c612562565b8a02920160081c926135376125fe565b5086519051918961435e565b88519061203282612439565b5051916144ad565b82519061205b82612473565b505b815161357057505090565b61357c611ee392612439565b5190519061207582612483565b91969795949350915060058a52519560378710156100f0576135d26135c6866135da9961355799600f966135bb6125fe565b50519051918861441b565b89519061203282612439565b505191614483565b50613565565b50509150929193506114ca9450614798565b505f9650602788146133a1565b929a959896509390969850601b899b939b526080604082015191015102966100f0576136e557613630848285612953565b97613639612685565b986136438a612439565b5261364d89612439565b50613656611b4c565b996136648a5160020161273e565b60208c01908152986101008911156136b357505050600689525160378110156100f0575f190160ff169360378510156100f05761354f613543600b93886135579860ff6135276135639c612562565b91969795949350915060058a52519560378710156100f0576135d26135c6866135da9961355799600b966135bb6125fe565b50509150929193506114ca9450614738565b505f9650601d881461338b565b9597969450979291509760e08351015115155f146137e05761372a848651600686614448565b613732612685565b9061373c82612439565b5261374681612439565b50975b613751611b4c565b9961375f8a5160020161273e565b60208c01908152986101008911156137ae57505050600689525160378110156100f0575f190160ff169360378510156100f05761354f613543600393886135579860ff6135276135639c612562565b91969795949350915060058a52519560378710156100f0576135d26135c6866135da99613557996003966135bb6125fe565b6137e8612705565b97613749565b5050505050509091926114ca94506146d8565b90929495919a93509897989695966100f057600d1461384c57505050613845906114ca9661382e87612562565b91829161383b8387611394565b9052510292611ba2565b0191614678565b848998929495969793995284519360e08451015115155f1461393d57613876858351600887614448565b61387e612685565b9061388882612439565b5261389281612439565b50985b61389d611b4c565b9a6138ab8b5160020161273e565b60208d01908152996101008611156139095750505060068a525160378110156100f0575f190160ff1660378110156100f057613543613557968461354f9360ff6135639b6138fa600599612562565b02920160081c926135376125fe565b9250929750955060058a9594939552519560378710156100f0576135d26135c6866135da99613557996005966135bb6125fe565b613945612705565b98613895565b50505f600d8714613365565b9597969450979291509760e08351015115155f14613a335761397d848651600786614448565b613985612685565b9061398f82612439565b5261399981612439565b50975b6139a4611b4c565b996139b28a5160020161273e565b60208c0190815298610100891115613a0157505050600689525160378110156100f0575f190160ff169360378510156100f05761354f613543600493886135579860ff6135276135639c612562565b91969795949350915060058a52519560378710156100f0576135d26135c6866135da99613557996004966135bb6125fe565b613a3b612705565b9761399c565b5050505050509091926114ca94506145e4565b15613a5c5750565b7f2db808ba000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b9190825160118110156100f0576001811461421b576020840160c0613aac8251612439565b5101516080613abb8351612439565b510151915f906003851480801561420e575b6141a95750816100f0576005851480801561419c575b61410e5750506100f057600783146140f357600b83146140ac5760088314613f2557600d8314613ed1575050613b1882612439565b513560e01d9260028214613e6f5750613b3082612473565b513560e01d93600e8214613e0d57600c8214613df457600a8214613d975750613b5882612483565b513560e01d9260098214613d395750600f14613b8b57500360081b637f000000811215613b825790565b50637f00000090565b613b9490612493565b513560c01d63400000008112158181613d27575b613bb191613a54565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe2613c50827d0101020202020303030303030303000000000000000000000000000000006fffffffffffffffffffffffffffffffff821160071b67ffffffffffffffff83821c1160061b1763ffffffff83821c1160051b1761ffff83821c1160041b1760ff83821c1160031b17600f83821c1160021b1791821c1a1790565b91601f600184011115613d1f577fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe183011c5b9101905f905b601c8210613d02575050632c5c85fe026402000000000160221d910360081b037fffffffffffffffffffffffffffffffffffffffffffffffffffffffff81000000811215613cf557507fffffffffffffffffffffffffffffffffffffffffffffffffffffffff8100000090565b5f8113156114ca57505f90565b80600191029283603f1c8091831b0193601f1c901c910190613c88565b60011b613c82565b67400000000000000081129150613ba8565b613d819150613d7c906114ca956003196004613d59620800009897612473565b51013560e01d60048112158181613d8b575b613d7491613a54565b019102614531565b6156c7565b020160141d6156c7565b60328113159150613d6b565b61010091506114ca94613dd067ffffffffffffffff80613dbc63200000009897612483565b513560c01d168160e0860151160216614e0b565b939092015115155f14613deb57029102015b01601e1d6156c7565b02910203613de2565b9150506114ca929160c060a08301519201519203614d11565b5050506114ca91632000000082613e4c5f6180009512805f14613e6657613e35835f03614c1b565b9015613e5b57805b63400000000190601e1b614bf4565b0201601e1d020160101d6156c7565b634000000090613e3d565b613e3583614c1b565b809450613e8b9350613e869150601e8111156124b7565b612473565b513560f01d60108211613ea5576114ca916010031b6156c7565b7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff06114ca920190614531565b6114ca9550613d7c9450613f109250613f0a613eec85612473565b513560c01d945f86138681613f15575b613f0591613a54565b612439565b51614bc3565b614bf4565b6440000000008113159150613efc565b93505050613f3290612439565b51906080830151915f915f915b8183106140695750505001600181121561404357506001905b61010061401c614017606084015194805f81139081614030575b613f7b91613a54565b614008613f8e875f198460261b01611394565b7d0101020202020303030303030303000000000000000000000000000000006fffffffffffffffffffffffffffffffff821160071b67ffffffffffffffff83821c1160061b1763ffffffff83821c1160051b1761ffff83821c1160041b1760ff83821c1160031b17600f83821c1160021b1791821c1a1790565b9560011987166018011b611394565b615552565b9101511561402b575060011c90565b905090565b677fffffffffffffff8113159150613f72565b677fffffffffffffff8113156140645750677fffffffffffffff5b90613f58565b61405e565b9091926001908460031b83013560c01d90815f8112159081614099575b61408f91613a54565b0193019190613f3f565b6740000000000000008113159150614086565b945050506140ba9150612439565b51803560e01d9160021b8101905b8181106140d457505090565b803560e01d8381136140ea575b506004016140c8565b925060046140e1565b9150916114ca94506141099350613f0a90612439565b615729565b9394509591965061412382601e8111156124b7565b6100f0576114ca9560039361416b931561418f57506141669061414586612439565b519061415087612473565b51608061415d8a51612473565b51015192614b7b565b614531565b9251511461417a575b506156c7565b61418390612483565b513560e01d015f614174565b61416691613f0a87612439565b505f925060068614613ae3565b966141f2969298955060409450906141c982601e6141e9969411156124b7565b608061415d6141e16141da86612439565b5195612473565b519251612473565b91015190614531565b916100f05715614205576114ca90615729565b6114ca906156c7565b505f925060048614613acd565b505050505f90565b60378110156100f0576001901b90565b60a08101515f91610ff8909116905b628000008216614294575b50670101010101010101670f0f0f0f0f0f0f0f8267555555555555555560ff9460011c169003673333333333333333808260021c169116018060041c01160260381c160190565b51604001519091015f19019067010101010101010161424d565b8051604001515f19019250614242565b60a08101515f9164ffffffc00082169162100000166142ae576280000082166142945750670101010101010101670f0f0f0f0f0f0f0f8267555555555555555560ff9460011c169003673333333333333333808260021c169116018060041c01160260381c160190565b91906143465f60016143386125fe565b95611d338380808585614fb3565b60808501526060840152600160c084015260a0830152565b9061437492969593916130015f84612ff96125fe565b6080860152606085015260c084015260a0830152565b91601d61434692959493611d335f84611d2b6125fe565b916027614374929695936130015f84612ff96125fe565b9392906143749060026143c96125fe565b966130015f84818585614fb3565b906143ed9295949391611d335f84611d2b6125fe565b60808501526060840152600260c084015260a0830152565b906143469295949391611d335f84611d2b6125fe565b906144319295949391611d335f84611d2b6125fe565b6080850152606084015260c08301525f60a0830152565b9061446a91949392946123d05f61445d6125fe565b9760018952848451614a14565b6080860152606085015250600160c084015260a0830152565b6123d06144959396959461445d6125fe565b608086015260608501525060c08301525f60a0830152565b6144cb6144d69395946144be6125fe565b9660018852848451614a14565b60408601525161534c565b6080850152606084015250600160c08301525f60a0830152565b61450f61451a939796946145026125fe565b9860018a52848451614a14565b60408801525161534c565b608087015260608601525060c084015260a0830152565b811561402b5760015f1983011b01901d90565b6145e16140176145c8837d0101020202020303030303030303000000000000000000000000000000006fffffffffffffffffffffffffffffffff821160071b67ffffffffffffffff83821c1160061b1763ffffffff83821c1160051b1761ffff83821c1160041b1760ff83821c1160031b17600f83821c1160021b1791821c1a1790565b9267214d498fc05d18b96001198560011c95161b611394565b91565b90919392936145f1611b4c565b946145fb81612562565b926146068484611ba2565b9260ff830160081c841015612bb3576003885285519360378510156100f05761466961466f966146616040998461464460049660081b998a9261293a565b998a9261464f6125fe565b50602081019d8e51910151918a61435e565b985193611394565b926144f0565b90612ce1612645565b9091939293614685611b4c565b9461468f81612562565b9261469a8484611ba2565b9260ff830160081c841015612bb3576003885285519360378510156100f05761466961466f966146616040998461464460059660081b998a9261293a565b90919392936146e5611b4c565b946146ef81612562565b926146fa8484611ba2565b9260ff830160081c841015612bb3576003885285519360378510156100f05761466961466f966146616040998461464460039660081b998a9261293a565b9091939293614745611b4c565b9461474f81612562565b9261475a8484611ba2565b9260ff830160081c841015612bb3576003885285519360378510156100f05761466961466f9661466160409984614644600b9660081b998a9261293a565b90919392936147a5611b4c565b946147af81612562565b926147ba8484611ba2565b9260ff830160081c841015612bb3576003885285519360378510156100f05761466961466f9661466160409984614644600f9660081b998a9261293a565b9091939293614805611b4c565b9461480f81612562565b9261481a8484611ba2565b9260ff830160081c841015612bb3576003885285519360378510156100f05761466961466f9661466160409984614644600d9660081b998a9261293a565b9091939293614865611b4c565b9461486f81612562565b9261487a8484611ba2565b9260ff830160081c841015612bb3576003885285519360378510156100f05761466961466f9661466160409984614644600e9660081b998a9261293a565b94936148c2611b4c565b956148cc82612562565b946148d78682611ba2565b9460ff840160081c861015613027576003895284519460378610156100f057604097614661614669928961464461466f9b60081b998a9261293a565b9094919796959293614923611b4c565b98614931885160020161273e565b60208b01908152966101008611156149b8575060068a52805160378110156100f0575f190160ff169460378610156100f057613543613557968260ff6149a09a61497d61354f96612562565b02910160081c9161498c6125fe565b50602086019560408751910151918961435e565b505b81516149ac575050565b61357c61290192612439565b9493929190955060058a52845160378110156100f057614a0e96614a056149f9876020946135579a6149e86125fe565b50604087820151910151918961441b565b8a519061203282612439565b50015191614483565b506149a2565b9091601283109081156100f0578315614adf5760018414614ad557600f841115614a6f5750509060108260c0600194015190614a5460208201519161568b565b02019103614a675760ff5f5b1601010190565b60ff82614a60565b9360ff9460c084979394015190614a858861568b565b02015f6002941596879616965b6100f05760ff851687811015614ac75760128110156100f05760ff91614aba6001928b61534c565b5050019501169385614a92565b500101600101945092505050565b5050505060010190565b5050505090565b6002811015614af457505f90565b614b775f19600192017d0101020202020303030303030303000000000000000000000000000000006fffffffffffffffffffffffffffffffff821160071b67ffffffffffffffff83821c1160061b1763ffffffff83821c1160051b1761ffff83821c1160041b1760ff83821c1160031b17600f83821c1160021b1791821c1a1790565b0190565b5f9493919260021b810191905f198201600383901b610100035b848310614ba457505050505050565b823560e01d8635821c830b029097019694830194600490920191614b95565b5f9392909181028201600382901b610100035b818410614be35750505050565b8335811d9095019492820192614bd6565b9080929160011b019160011b801561139e57805f918405930712614c1457565b905f190190565b635c551d95905f8112158181614d02575b614c3591613a54565b0280602e1c60288111614cfc576320000000633fffffff6114ca9360101c16818181818181818181816201e2020201601e1d7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffead67b010201601e1d629d3ce2010201601e1d7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc72b35c010201601e1d630f5fdd42010201601e1d7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffd3a37a08010201601e1d634000000001614531565b50505f90565b64010000000081129150614c2c565b5f8112158181614dfc575b614d2591613a54565b029081602e1c9060288211614df557601e632000000091633fffffff6114ca9560101c1693030191818181818181818181816201e2020201601e1d7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffead67b010201601e1d629d3ce2010201601e1d7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc72b35c010201601e1d630f5fdd42010201601e1d7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffd3a37a08010201601e1d634000000001614531565b5050505f90565b64010000000081129150614d1c565b90633fffffff8260201c16916003614f83614ece85632000000090818082800201601e1d81818181818181817ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff19b0201601e1d6202a028010201601e1d7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffb34bb4010201601e1d630519af02010201601e1d7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffd6a88636010201601e1d636487ed51010201601e1d90565b94634000000003632000000090818082800201601e1d81818181818181817ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff19b0201601e1d6202a028010201601e1d7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffb34bb4010201601e1d630519af02010201601e1d7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffd6a88636010201601e1d636487ed51010201601e1d90565b91603e1c168015611ee35760018114614fac57600214614fa3575f039190565b915f03915f0390565b50915f0390565b929190916037831015806100f0576001841115615343576100f05760028314615338575f6034841015615312576100f057602883101561526d5760808401805161014086015184020190600b8511156151cb575160c08601510201600201600d84111561510157615039908551608060608201519101510260e087015102019285612542565b90036101008401510201915f9161505460a083015191614223565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc0000116906210000082166150f1575b6280000082166150d7575b50670101010101010101670f0f0f0f0f0f0f0f8267555555555555555560ff9460011c169003673333333333333333808260021c169116018060041c01160260381c1601010190565b51604001519091015f19019067010101010101010161508e565b8051604001515f19019250615083565b60e085015160a086015192020194505f939290915061511f90614223565b7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff0000116906210000082166151bb575b6280000082166151a1575b50670101010101010101670f0f0f0f0f0f0f0f8267555555555555555560ff9460011c169003673333333333333333808260021c169116018060041c01160260381c16010190565b51604001519091015f190190670101010101010101615159565b8051604001515f1901925061514e565b50915083945060c0600293940151020101915f916151ed60a083015191614223565b7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff80116906210000082166151bb576280000082166151a15750670101010101010101670f0f0f0f0f0f0f0f8267555555555555555560ff9460011c169003673333333333333333808260021c169116018060041c01160260381c16010190565b61016084015161012085015160a086015192020194505f939290915061529290614223565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffff00000000000116906210000082166151bb576280000082166151a15750670101010101010101670f0f0f0f0f0f0f0f8267555555555555555560ff9460011c169003673333333333333333808260021c169116018060041c01160260381c16010190565b5050506034919250145f1461532d5761018001516001190190565b61018001515f190190565b935050505060020190565b50505091505090565b91906040830151608084018051809202916060860151029060128410156100f05783156155415760018414615530575f600285148015615524575b818115615514575b50615503576100f057600384146154f8575f6004851480156154ec575b6154df576100f057600684146154c7575f916007851480156154ba575b6154945750816100f057600984148015615487575b61545d57506100f057600b821461545357505f600d82148015615447575b615438576100f057600f1461542b5761012082015115615420575f915b5190600290565b60c082015191615419565b60a0825192015190600290565b505060a0820151915190600290565b50505f600e82146153fc565b9251929160029150565b6101009095015115925061547e9150505760ff6001925b5192169190600490565b60ff5f92615474565b505f9150600a84146153de565b60e0909601511593506154b2925050505760ff60015b169190600490565b60ff5f6154aa565b505f9250600885146153c9565b505060e0909301511590506154b25760019190600490565b5050939150505190600290565b50505f600585146153ac565b505092519160029150565b505050505090519060019190600490565b90506100f057601085148161538f565b50505f600c8514615387565b5050505060c0820151915190600290565b5160019550851c9360089350915050565b60018111156114ca57806001700100000000000000000000000000000000831015615675575b60048268010000000000000000615627941015615668575b64010000000081101561565b575b6201000081101561564e575b610100811015615642575b6010811015615636575b101561562e575b60030260011c6155d68184611394565b0160011c6155e48184611394565b0160011c6155f28184611394565b0160011c6156008184611394565b0160011c61560e8184611394565b0160011c61561c8184611394565b0160011c8092611394565b8111900390565b60011b6155c6565b811c9160021b916155bf565b60081c91811b916155b5565b60101c9160081b916155aa565b60201c9160101b9161559e565b60401c9160201b91615590565b5050608081901c68010000000000000000615578565b9060025f5b60ff821660108110156156c15760128110156100f05760ff916156b56001928761534c565b50500192011690615690565b50925050565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffff8000000081121561571457507fffffffffffffffffffffffffffffffffffffffffffffffffffffffff8000000090565b637fffffff8113156114ca5750637fffffff90565b7fffffffffffffffffffffffffffffffffffffffffffffffff800000000000000081121561577657507fffffffffffffffffffffffffffffffffffffffffffffffff800000000000000090565b677fffffffffffffff8113156114ca5750677fffffffffffffff9056",
}

// PlainStepVerifier is an auto generated Go binding around an Ethereum contract.
type PlainStepVerifier struct {
	abi abi.ABI
}

// GetABI returns the ABI associated with this contract binding.
func (c *PlainStepVerifier) GetABI() abi.ABI {
	return c.abi
}

// NewPlainStepVerifier creates a new instance of PlainStepVerifier.
func NewPlainStepVerifier() *PlainStepVerifier {
	parsed, err := PlainStepVerifierMetaData.ParseABI()
	if err != nil {
		panic(errors.New("invalid ABI: " + err.Error()))
	}
	return &PlainStepVerifier{abi: *parsed}
}

// Instance creates a wrapper for a deployed contract instance at the given address.
// Use this to create the instance object passed to abigen v2 library functions Call, Transact, etc.
func (c *PlainStepVerifier) Instance(backend bind.ContractBackend, addr common.Address) *bind.BoundContract {
	return bind.NewBoundContract(addr, c.abi, backend, backend, backend)
}

// PackBlocks is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xd0e16a40.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function blocks(((uint256,uint256,uint256,uint256,uint256,uint256,uint256,bool,bool,bool,uint256,bytes32),uint256,uint256,bool) p, uint256 row) pure returns(uint256)
func (plainStepVerifier *PlainStepVerifier) PackBlocks(p Program, row *big.Int) []byte {
	enc, err := plainStepVerifier.abi.Pack("blocks", p, row)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackBlocks is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xd0e16a40.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function blocks(((uint256,uint256,uint256,uint256,uint256,uint256,uint256,bool,bool,bool,uint256,bytes32),uint256,uint256,bool) p, uint256 row) pure returns(uint256)
func (plainStepVerifier *PlainStepVerifier) TryPackBlocks(p Program, row *big.Int) ([]byte, error) {
	return plainStepVerifier.abi.Pack("blocks", p, row)
}

// UnpackBlocks is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xd0e16a40.
//
// Solidity: function blocks(((uint256,uint256,uint256,uint256,uint256,uint256,uint256,bool,bool,bool,uint256,bytes32),uint256,uint256,bool) p, uint256 row) pure returns(uint256)
func (plainStepVerifier *PlainStepVerifier) UnpackBlocks(data []byte) (*big.Int, error) {
	out, err := plainStepVerifier.abi.Unpack("blocks", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackRows is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x59befa25.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function rows(((uint256,uint256,uint256,uint256,uint256,uint256,uint256,bool,bool,bool,uint256,bytes32),uint256,uint256,bool) p) pure returns(uint256)
func (plainStepVerifier *PlainStepVerifier) PackRows(p Program) []byte {
	enc, err := plainStepVerifier.abi.Pack("rows", p)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackRows is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x59befa25.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function rows(((uint256,uint256,uint256,uint256,uint256,uint256,uint256,bool,bool,bool,uint256,bytes32),uint256,uint256,bool) p) pure returns(uint256)
func (plainStepVerifier *PlainStepVerifier) TryPackRows(p Program) ([]byte, error) {
	return plainStepVerifier.abi.Pack("rows", p)
}

// UnpackRows is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x59befa25.
//
// Solidity: function rows(((uint256,uint256,uint256,uint256,uint256,uint256,uint256,bool,bool,bool,uint256,bytes32),uint256,uint256,bool) p) pure returns(uint256)
func (plainStepVerifier *PlainStepVerifier) UnpackRows(data []byte) (*big.Int, error) {
	out, err := plainStepVerifier.abi.Unpack("rows", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackShows is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xfb38ea07.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function shows(bytes32 blockHash, bytes data) pure returns(bool)
func (plainStepVerifier *PlainStepVerifier) PackShows(blockHash [32]byte, data []byte) []byte {
	enc, err := plainStepVerifier.abi.Pack("shows", blockHash, data)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackShows is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xfb38ea07.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function shows(bytes32 blockHash, bytes data) pure returns(bool)
func (plainStepVerifier *PlainStepVerifier) TryPackShows(blockHash [32]byte, data []byte) ([]byte, error) {
	return plainStepVerifier.abi.Pack("shows", blockHash, data)
}

// UnpackShows is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xfb38ea07.
//
// Solidity: function shows(bytes32 blockHash, bytes data) pure returns(bool)
func (plainStepVerifier *PlainStepVerifier) UnpackShows(data []byte) (bool, error) {
	out, err := plainStepVerifier.abi.Unpack("shows", data)
	if err != nil {
		return *new(bool), err
	}
	out0 := *abi.ConvertType(out[0], new(bool)).(*bool)
	return out0, nil
}

// PackVerify is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x6cda2db0.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function verify((((uint256,uint256,uint256,uint256,uint256,uint256,uint256,bool,bool,bool,uint256,bytes32),uint256,uint256,bool),bytes32,uint256,uint256,bytes32,uint256) s, bytes proof) pure returns(bool)
func (plainStepVerifier *PlainStepVerifier) PackVerify(s Step, proof []byte) []byte {
	enc, err := plainStepVerifier.abi.Pack("verify", s, proof)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackVerify is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x6cda2db0.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function verify((((uint256,uint256,uint256,uint256,uint256,uint256,uint256,bool,bool,bool,uint256,bytes32),uint256,uint256,bool),bytes32,uint256,uint256,bytes32,uint256) s, bytes proof) pure returns(bool)
func (plainStepVerifier *PlainStepVerifier) TryPackVerify(s Step, proof []byte) ([]byte, error) {
	return plainStepVerifier.abi.Pack("verify", s, proof)
}

// UnpackVerify is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x6cda2db0.
//
// Solidity: function verify((((uint256,uint256,uint256,uint256,uint256,uint256,uint256,bool,bool,bool,uint256,bytes32),uint256,uint256,bool),bytes32,uint256,uint256,bytes32,uint256) s, bytes proof) pure returns(bool)
func (plainStepVerifier *PlainStepVerifier) UnpackVerify(data []byte) (bool, error) {
	out, err := plainStepVerifier.abi.Unpack("verify", data)
	if err != nil {
		return *new(bool), err
	}
	out0 := *abi.ConvertType(out[0], new(bool)).(*bool)
	return out0, nil
}

// UnpackError attempts to decode the provided error data using user-defined
// error definitions.
func (plainStepVerifier *PlainStepVerifier) UnpackError(raw []byte) (any, error) {
	if bytes.Equal(raw[:4], plainStepVerifier.abi.Errors["NotUnderRoot"].ID.Bytes()[:4]) {
		return plainStepVerifier.UnpackNotUnderRootError(raw[4:])
	}
	if bytes.Equal(raw[:4], plainStepVerifier.abi.Errors["OperandRefused"].ID.Bytes()[:4]) {
		return plainStepVerifier.UnpackOperandRefusedError(raw[4:])
	}
	if bytes.Equal(raw[:4], plainStepVerifier.abi.Errors["OutOfDomain"].ID.Bytes()[:4]) {
		return plainStepVerifier.UnpackOutOfDomainError(raw[4:])
	}
	if bytes.Equal(raw[:4], plainStepVerifier.abi.Errors["ShapeRefused"].ID.Bytes()[:4]) {
		return plainStepVerifier.UnpackShapeRefusedError(raw[4:])
	}
	if bytes.Equal(raw[:4], plainStepVerifier.abi.Errors["WrongLength"].ID.Bytes()[:4]) {
		return plainStepVerifier.UnpackWrongLengthError(raw[4:])
	}
	return nil, errors.New("Unknown error")
}

// PlainStepVerifierNotUnderRoot represents a NotUnderRoot error raised by the PlainStepVerifier contract.
type PlainStepVerifierNotUnderRoot struct {
	Hash [32]byte
	Root [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NotUnderRoot(bytes32 hash, bytes32 root)
func PlainStepVerifierNotUnderRootErrorID() common.Hash {
	return common.HexToHash("0xabe1d105cc455b74da7c7088f8a07168bf7514ca64870905271f7704612f1379")
}

// UnpackNotUnderRootError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NotUnderRoot(bytes32 hash, bytes32 root)
func (plainStepVerifier *PlainStepVerifier) UnpackNotUnderRootError(raw []byte) (*PlainStepVerifierNotUnderRoot, error) {
	out := new(PlainStepVerifierNotUnderRoot)
	if err := plainStepVerifier.abi.UnpackIntoInterface(out, "NotUnderRoot", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// PlainStepVerifierOperandRefused represents a OperandRefused error raised by the PlainStepVerifier contract.
type PlainStepVerifierOperandRefused struct {
	Value *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error OperandRefused(uint256 value)
func PlainStepVerifierOperandRefusedErrorID() common.Hash {
	return common.HexToHash("0xf5e909c24406ee14a362fedde7a6e7612cb6695ecc1bb78ad1b956f00364b80b")
}

// UnpackOperandRefusedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error OperandRefused(uint256 value)
func (plainStepVerifier *PlainStepVerifier) UnpackOperandRefusedError(raw []byte) (*PlainStepVerifierOperandRefused, error) {
	out := new(PlainStepVerifierOperandRefused)
	if err := plainStepVerifier.abi.UnpackIntoInterface(out, "OperandRefused", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// PlainStepVerifierOutOfDomain represents a OutOfDomain error raised by the PlainStepVerifier contract.
type PlainStepVerifierOutOfDomain struct {
	Value *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error OutOfDomain(int256 value)
func PlainStepVerifierOutOfDomainErrorID() common.Hash {
	return common.HexToHash("0x2db808bae0a4183cb5fb8529eb359869ae21168b5c993b5a7aec81fe44d167bc")
}

// UnpackOutOfDomainError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error OutOfDomain(int256 value)
func (plainStepVerifier *PlainStepVerifier) UnpackOutOfDomainError(raw []byte) (*PlainStepVerifierOutOfDomain, error) {
	out := new(PlainStepVerifierOutOfDomain)
	if err := plainStepVerifier.abi.UnpackIntoInterface(out, "OutOfDomain", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// PlainStepVerifierShapeRefused represents a ShapeRefused error raised by the PlainStepVerifier contract.
type PlainStepVerifierShapeRefused struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ShapeRefused()
func PlainStepVerifierShapeRefusedErrorID() common.Hash {
	return common.HexToHash("0xeff5189d4ee295c8a0b42ac59b91c3c63cec6fe32bf0ca3f630e0f08a18c08fb")
}

// UnpackShapeRefusedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ShapeRefused()
func (plainStepVerifier *PlainStepVerifier) UnpackShapeRefusedError(raw []byte) (*PlainStepVerifierShapeRefused, error) {
	out := new(PlainStepVerifierShapeRefused)
	if err := plainStepVerifier.abi.UnpackIntoInterface(out, "ShapeRefused", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// PlainStepVerifierWrongLength represents a WrongLength error raised by the PlainStepVerifier contract.
type PlainStepVerifierWrongLength struct {
	Length   *big.Int
	Expected *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error WrongLength(uint256 length, uint256 expected)
func PlainStepVerifierWrongLengthErrorID() common.Hash {
	return common.HexToHash("0xb863f041bf6aff61fa0ea5c91718133c5e765a3553b440116c18bf85010c5dba")
}

// UnpackWrongLengthError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error WrongLength(uint256 length, uint256 expected)
func (plainStepVerifier *PlainStepVerifier) UnpackWrongLengthError(raw []byte) (*PlainStepVerifierWrongLength, error) {
	out := new(PlainStepVerifierWrongLength)
	if err := plainStepVerifier.abi.UnpackIntoInterface(out, "WrongLength", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// ReferenceLibrariesMetaData contains all meta data concerning the ReferenceLibraries contract.
var ReferenceLibrariesMetaData = bind.MetaData{
	ABI: "[{\"inputs\":[{\"internalType\":\"int256\",\"name\":\"gate\",\"type\":\"int256\"},{\"internalType\":\"int256\",\"name\":\"up\",\"type\":\"int256\"}],\"name\":\"act\",\"outputs\":[{\"internalType\":\"int256\",\"name\":\"\",\"type\":\"int256\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"headDim\",\"type\":\"uint256\"}],\"name\":\"attention\",\"outputs\":[{\"internalType\":\"int256\",\"name\":\"factor\",\"type\":\"int256\"},{\"internalType\":\"uint256\",\"name\":\"shift\",\"type\":\"uint256\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"uint256\",\"name\":\"hidden\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"layers\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"heads\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"kvHeads\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"headDim\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"ffn\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"vocab\",\"type\":\"uint256\"},{\"internalType\":\"bool\",\"name\":\"biased\",\"type\":\"bool\"},{\"internalType\":\"bool\",\"name\":\"normed\",\"type\":\"bool\"},{\"internalType\":\"bool\",\"name\":\"tied\",\"type\":\"bool\"},{\"internalType\":\"uint256\",\"name\":\"eps\",\"type\":\"uint256\"},{\"internalType\":\"bytes32\",\"name\":\"rowsRoot\",\"type\":\"bytes32\"}],\"internalType\":\"structArch\",\"name\":\"arch\",\"type\":\"tuple\"},{\"internalType\":\"uint256\",\"name\":\"n\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"m\",\"type\":\"uint256\"}],\"name\":\"count\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"int256\",\"name\":\"a\",\"type\":\"int256\"},{\"internalType\":\"int256\",\"name\":\"b\",\"type\":\"int256\"}],\"name\":\"divide\",\"outputs\":[{\"internalType\":\"int256\",\"name\":\"\",\"type\":\"int256\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes\",\"name\":\"a\",\"type\":\"bytes\"},{\"internalType\":\"bytes\",\"name\":\"b\",\"type\":\"bytes\"},{\"internalType\":\"uint256\",\"name\":\"width\",\"type\":\"uint256\"}],\"name\":\"dot\",\"outputs\":[{\"internalType\":\"int256\",\"name\":\"\",\"type\":\"int256\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"int256\",\"name\":\"q\",\"type\":\"int256\"},{\"internalType\":\"uint256\",\"name\":\"exponent\",\"type\":\"uint256\"}],\"name\":\"embed\",\"outputs\":[{\"internalType\":\"int256\",\"name\":\"\",\"type\":\"int256\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32[4]\",\"name\":\"roots\",\"type\":\"bytes32[4]\"},{\"internalType\":\"uint256\",\"name\":\"rows\",\"type\":\"uint256\"},{\"internalType\":\"bytes32[]\",\"name\":\"siblings\",\"type\":\"bytes32[]\"}],\"name\":\"ends\",\"outputs\":[{\"internalType\":\"bytes32\",\"name\":\"\",\"type\":\"bytes32\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"int256\",\"name\":\"y\",\"type\":\"int256\"},{\"internalType\":\"int256\",\"name\":\"factor\",\"type\":\"int256\"},{\"internalType\":\"uint256\",\"name\":\"bits\",\"type\":\"uint256\"}],\"name\":\"exp\",\"outputs\":[{\"internalType\":\"int256\",\"name\":\"\",\"type\":\"int256\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32[]\",\"name\":\"nodes\",\"type\":\"bytes32[]\"}],\"name\":\"fold\",\"outputs\":[{\"internalType\":\"bytes32\",\"name\":\"\",\"type\":\"bytes32\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes\",\"name\":\"a\",\"type\":\"bytes\"}],\"name\":\"largest\",\"outputs\":[{\"internalType\":\"int256\",\"name\":\"\",\"type\":\"int256\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"uint256\",\"name\":\"hidden\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"layers\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"heads\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"kvHeads\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"headDim\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"ffn\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"vocab\",\"type\":\"uint256\"},{\"internalType\":\"bool\",\"name\":\"biased\",\"type\":\"bool\"},{\"internalType\":\"bool\",\"name\":\"normed\",\"type\":\"bool\"},{\"internalType\":\"bool\",\"name\":\"tied\",\"type\":\"bool\"},{\"internalType\":\"uint256\",\"name\":\"eps\",\"type\":\"uint256\"},{\"internalType\":\"bytes32\",\"name\":\"rowsRoot\",\"type\":\"bytes32\"}],\"internalType\":\"structArch\",\"name\":\"arch\",\"type\":\"tuple\"},{\"internalType\":\"uint256\",\"name\":\"n\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"m\",\"type\":\"uint256\"},{\"internalType\":\"bool\",\"name\":\"greedy\",\"type\":\"bool\"},{\"internalType\":\"uint256\",\"name\":\"i\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"e\",\"type\":\"uint256\"}],\"name\":\"leaf\",\"outputs\":[{\"components\":[{\"internalType\":\"enumForm\",\"name\":\"form\",\"type\":\"uint8\"},{\"components\":[{\"internalType\":\"bool\",\"name\":\"model\",\"type\":\"bool\"},{\"internalType\":\"bool\",\"name\":\"byToken\",\"type\":\"bool\"},{\"internalType\":\"uint256\",\"name\":\"row\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"size\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"width\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"first\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"length\",\"type\":\"uint256\"}],\"internalType\":\"structOperand[]\",\"name\":\"operands\",\"type\":\"tuple[]\"},{\"internalType\":\"uint256\",\"name\":\"shift\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"n\",\"type\":\"uint256\"},{\"internalType\":\"int256\",\"name\":\"epsilon\",\"type\":\"int256\"},{\"internalType\":\"int256\",\"name\":\"factor\",\"type\":\"int256\"},{\"internalType\":\"uint256\",\"name\":\"bits\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"at\",\"type\":\"uint256\"},{\"internalType\":\"bool\",\"name\":\"second\",\"type\":\"bool\"}],\"internalType\":\"structLeaf\",\"name\":\"\",\"type\":\"tuple\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"uint256\",\"name\":\"hidden\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"layers\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"heads\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"kvHeads\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"headDim\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"ffn\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"vocab\",\"type\":\"uint256\"},{\"internalType\":\"bool\",\"name\":\"biased\",\"type\":\"bool\"},{\"internalType\":\"bool\",\"name\":\"normed\",\"type\":\"bool\"},{\"internalType\":\"bool\",\"name\":\"tied\",\"type\":\"bool\"},{\"internalType\":\"uint256\",\"name\":\"eps\",\"type\":\"uint256\"},{\"internalType\":\"bytes32\",\"name\":\"rowsRoot\",\"type\":\"bytes32\"}],\"internalType\":\"structArch\",\"name\":\"arch\",\"type\":\"tuple\"},{\"internalType\":\"uint256\",\"name\":\"n\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"m\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"i\",\"type\":\"uint256\"}],\"name\":\"locate\",\"outputs\":[{\"components\":[{\"internalType\":\"enumOp\",\"name\":\"op\",\"type\":\"uint8\"},{\"internalType\":\"uint256\",\"name\":\"layer\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"at\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"head\",\"type\":\"uint256\"}],\"internalType\":\"structRow\",\"name\":\"r\",\"type\":\"tuple\"},{\"internalType\":\"uint256\",\"name\":\"back\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"size\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"width\",\"type\":\"uint256\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"int256\",\"name\":\"s\",\"type\":\"int256\"}],\"name\":\"log2\",\"outputs\":[{\"internalType\":\"int256\",\"name\":\"\",\"type\":\"int256\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"int256\",\"name\":\"logit\",\"type\":\"int256\"},{\"internalType\":\"int256\",\"name\":\"largest_\",\"type\":\"int256\"},{\"internalType\":\"int256\",\"name\":\"sum\",\"type\":\"int256\"}],\"name\":\"logprob\",\"outputs\":[{\"internalType\":\"int256\",\"name\":\"\",\"type\":\"int256\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"int256\",\"name\":\"logit\",\"type\":\"int256\"},{\"internalType\":\"int256\",\"name\":\"largest_\",\"type\":\"int256\"}],\"name\":\"margin\",\"outputs\":[{\"internalType\":\"int256\",\"name\":\"\",\"type\":\"int256\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"uint256\",\"name\":\"hidden\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"layers\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"heads\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"kvHeads\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"headDim\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"ffn\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"vocab\",\"type\":\"uint256\"},{\"internalType\":\"bool\",\"name\":\"biased\",\"type\":\"bool\"},{\"internalType\":\"bool\",\"name\":\"normed\",\"type\":\"bool\"},{\"internalType\":\"bool\",\"name\":\"tied\",\"type\":\"bool\"},{\"internalType\":\"uint256\",\"name\":\"eps\",\"type\":\"uint256\"},{\"internalType\":\"bytes32\",\"name\":\"rowsRoot\",\"type\":\"bytes32\"}],\"internalType\":\"structArch\",\"name\":\"arch\",\"type\":\"tuple\"}],\"name\":\"modelRoot\",\"outputs\":[{\"internalType\":\"bytes32\",\"name\":\"root\",\"type\":\"bytes32\"},{\"internalType\":\"string\",\"name\":\"version\",\"type\":\"string\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"uint256\",\"name\":\"hidden\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"layers\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"heads\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"kvHeads\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"headDim\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"ffn\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"vocab\",\"type\":\"uint256\"},{\"internalType\":\"bool\",\"name\":\"biased\",\"type\":\"bool\"},{\"internalType\":\"bool\",\"name\":\"normed\",\"type\":\"bool\"},{\"internalType\":\"bool\",\"name\":\"tied\",\"type\":\"bool\"},{\"internalType\":\"uint256\",\"name\":\"eps\",\"type\":\"uint256\"},{\"internalType\":\"bytes32\",\"name\":\"rowsRoot\",\"type\":\"bytes32\"}],\"internalType\":\"structArch\",\"name\":\"arch\",\"type\":\"tuple\"},{\"internalType\":\"enumTensor\",\"name\":\"t\",\"type\":\"uint8\"},{\"internalType\":\"uint256\",\"name\":\"layer\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"r\",\"type\":\"uint256\"}],\"name\":\"modelRow\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"uint256\",\"name\":\"hidden\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"layers\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"heads\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"kvHeads\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"headDim\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"ffn\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"vocab\",\"type\":\"uint256\"},{\"internalType\":\"bool\",\"name\":\"biased\",\"type\":\"bool\"},{\"internalType\":\"bool\",\"name\":\"normed\",\"type\":\"bool\"},{\"internalType\":\"bool\",\"name\":\"tied\",\"type\":\"bool\"},{\"internalType\":\"uint256\",\"name\":\"eps\",\"type\":\"uint256\"},{\"internalType\":\"bytes32\",\"name\":\"rowsRoot\",\"type\":\"bytes32\"}],\"internalType\":\"structArch\",\"name\":\"arch\",\"type\":\"tuple\"}],\"name\":\"modelRows\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"int256\",\"name\":\"x\",\"type\":\"int256\"},{\"internalType\":\"int256\",\"name\":\"mantissa\",\"type\":\"int256\"},{\"internalType\":\"int256\",\"name\":\"shift\",\"type\":\"int256\"},{\"internalType\":\"int256\",\"name\":\"weight\",\"type\":\"int256\"}],\"name\":\"norm\",\"outputs\":[{\"internalType\":\"int256\",\"name\":\"\",\"type\":\"int256\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes\",\"name\":\"opening\",\"type\":\"bytes\"},{\"internalType\":\"bytes32\",\"name\":\"root\",\"type\":\"bytes32\"},{\"components\":[{\"internalType\":\"bool\",\"name\":\"model\",\"type\":\"bool\"},{\"internalType\":\"bool\",\"name\":\"byToken\",\"type\":\"bool\"},{\"internalType\":\"uint256\",\"name\":\"row\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"size\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"width\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"first\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"length\",\"type\":\"uint256\"}],\"internalType\":\"structOperand\",\"name\":\"o\",\"type\":\"tuple\"},{\"internalType\":\"uint256\",\"name\":\"rows\",\"type\":\"uint256\"}],\"name\":\"open\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"elements\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"exponent\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"length\",\"type\":\"uint256\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"int256\",\"name\":\"y\",\"type\":\"int256\"},{\"internalType\":\"int256\",\"name\":\"y1\",\"type\":\"int256\"},{\"internalType\":\"int256\",\"name\":\"sin\",\"type\":\"int256\"},{\"internalType\":\"int256\",\"name\":\"cos\",\"type\":\"int256\"},{\"internalType\":\"bool\",\"name\":\"second\",\"type\":\"bool\"}],\"name\":\"rotate\",\"outputs\":[{\"internalType\":\"int256\",\"name\":\"\",\"type\":\"int256\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"int256\",\"name\":\"x\",\"type\":\"int256\"},{\"internalType\":\"uint256\",\"name\":\"n\",\"type\":\"uint256\"}],\"name\":\"roundShift\",\"outputs\":[{\"internalType\":\"int256\",\"name\":\"\",\"type\":\"int256\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes\",\"name\":\"elements\",\"type\":\"bytes\"},{\"internalType\":\"uint256\",\"name\":\"width\",\"type\":\"uint256\"}],\"name\":\"rowRoot\",\"outputs\":[{\"internalType\":\"bytes32\",\"name\":\"\",\"type\":\"bytes32\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"int256\",\"name\":\"v\",\"type\":\"int256\"},{\"internalType\":\"uint256\",\"name\":\"n\",\"type\":\"uint256\"}],\"name\":\"rsqrt\",\"outputs\":[{\"internalType\":\"int256\",\"name\":\"mantissa\",\"type\":\"int256\"},{\"internalType\":\"int256\",\"name\":\"shift\",\"type\":\"int256\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"int256\",\"name\":\"x\",\"type\":\"int256\"}],\"name\":\"saturate\",\"outputs\":[{\"internalType\":\"int256\",\"name\":\"\",\"type\":\"int256\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"int256\",\"name\":\"g\",\"type\":\"int256\"}],\"name\":\"silu\",\"outputs\":[{\"internalType\":\"int256\",\"name\":\"\",\"type\":\"int256\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"turns\",\"type\":\"uint64\"}],\"name\":\"sincos\",\"outputs\":[{\"internalType\":\"int256\",\"name\":\"sin\",\"type\":\"int256\"},{\"internalType\":\"int256\",\"name\":\"cos\",\"type\":\"int256\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes\",\"name\":\"a\",\"type\":\"bytes\"},{\"internalType\":\"uint256\",\"name\":\"width\",\"type\":\"uint256\"}],\"name\":\"sumOf\",\"outputs\":[{\"internalType\":\"int256\",\"name\":\"\",\"type\":\"int256\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"uint256\",\"name\":\"hidden\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"layers\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"heads\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"kvHeads\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"headDim\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"ffn\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"vocab\",\"type\":\"uint256\"},{\"internalType\":\"bool\",\"name\":\"biased\",\"type\":\"bool\"},{\"internalType\":\"bool\",\"name\":\"normed\",\"type\":\"bool\"},{\"internalType\":\"bool\",\"name\":\"tied\",\"type\":\"bool\"},{\"internalType\":\"uint256\",\"name\":\"eps\",\"type\":\"uint256\"},{\"internalType\":\"bytes32\",\"name\":\"rowsRoot\",\"type\":\"bytes32\"}],\"internalType\":\"structArch\",\"name\":\"arch\",\"type\":\"tuple\"},{\"internalType\":\"enumTensor\",\"name\":\"t\",\"type\":\"uint8\"}],\"name\":\"tensorShape\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"rows\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"cols\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"width\",\"type\":\"uint256\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"length\",\"type\":\"uint256\"}],\"name\":\"NodesRefused\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"hash\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"root\",\"type\":\"bytes32\"}],\"name\":\"NotUnderRoot\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"int256\",\"name\":\"value\",\"type\":\"int256\"}],\"name\":\"OutOfDomain\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"ShapeRefused\",\"type\":\"error\"}]",
	ID:  "59009b7e88a51497ea87d743a51110577c",
	Bin: "0x60808060405234601557615b31908161001a8239f35b5f80fdfe60806040526004361015610011575f80fd5b5f3560e01c806307e3c77b1461154557806313e1d485146114f257806317af2b321461149b57806317d826b9146113f75780631d213181146113de5780632ccd416f146113a857806330de52d7146110ca578063397ef2e414611034578063419f1a9914610ff857806344996b7b146109db57806348408b2f1461096a578063515069f1146107d457806351705e091461079557806358dbc832146107475780636596382b1461072357806377b8493b146106d157806385d8f8da146106a1578063861a2473146106775780638b599f081461057f5780639538344914610555578063b1e29140146104ee578063bca652d0146103bd578063e0d687371461039f578063e51f1711146102b0578063f555226f14610292578063f598423614610279578063f661b7fc146101da578063f66d3b83146101825763f74e05bc14610158575f80fd5b3461017e57602060031936011261017e576020610176600435613b1a565b604051908152f35b5f80fd5b3461017e5761018060031936011261017e57602061019f3661180c565b60c081016101208151848401516101b585615291565b020192015115155f146101d1575060025f5b6040519201018152f35b600290516101c7565b3461017e57606060031936011261017e5760043567ffffffffffffffff811161017e5761020b9036906004016118bf565b60243567ffffffffffffffff811161017e5761022b9036906004016118bf565b5091604435815f938260031b61010003936003195f198501921601935b84831061025a57602086604051908152f35b86840196833560e01d9035821c830b0290950194600490920191610248565b3461017e57602061017661028c366118a9565b90613af3565b3461017e57602060031936011261017e576020610176600435613b6a565b3461017e57604061037761037c6102c6366118a9565b92905f8113818161038c575b6102db91612d1c565b6103686102ee855f198460261b016119b4565b7d0101020202020303030303030303000000000000000000000000000000006fffffffffffffffffffffffffffffffff821160071b67ffffffffffffffff83821c1160061b1763ffffffff83821c1160051b1761ffff83821c1160041b1760ff83821c1160031b17600f83821c1160021b1791821c1a1790565b9360011985166018011b6119b4565b6152cd565b90825191825260011c6020820152f35b677fffffffffffffff81131591506102d2565b3461017e57602060031936011261017e5760206101766004356139c0565b3461017e576101e060031936011261017e576103d83661180c565b6103e06119eb565b506103f55f916101a435906101843590611c6e565b906104036101c43583612118565b90815192603784101561049757610421604084019485519083613187565b92909184516037811015610497577fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffca016104c4575b506040519380519060378210156104975760e09660609287526020820151602088015251604087015201516060850152608084015260a083015260c0820152f35b7f4e487b71000000000000000000000000000000000000000000000000000000005f52602160045260245ffd5b845191506037821015610497576104e8916020860151875191606088015193613627565b85610456565b3461017e57608060031936011261017e5760206101766208000060443560048112158181610549575b61052091612d1c565b61053f61053a600319606435930160243560043502611c15565b613b6a565b020160141d613b6a565b60328113159150610517565b3461017e57602061017661800061057561056e366118a9565b9190613b1a565b020160101d613b6a565b3461017e57602060031936011261017e5760043567ffffffffffffffff811161017e576105b0903690600401611920565b906001821180610663575b1561063757604051918060051b809284377f07ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff81160361060a5781019081811161060a5760209161017691615406565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601160045260245ffd5b507fc84458ec000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b505f19820182811161060a578216156105bb565b3461017e57602060031936011261017e5760406106956004356130e7565b82519182526020820152f35b3461017e57602060031936011261017e5760043567ffffffffffffffff8116810361017e57610695604091612f3f565b3461017e5760a060031936011261017e57604435602435608435600435606435821515830361017e57602094610176946320000000941561071a57029102015b01601e1d613b6a565b02910203610711565b3461017e57606060031936011261017e576020610176604435602435600435612e45565b3461017e57610761610758366118ed565b809293916119b4565b5f929082028101600383901b610100035b81831061078457602085604051908152f35b8235811d9094019391830191610772565b3461017e576101e060031936011261017e576107b03661180c565b6101843590601282101561017e57602091610176916101c435916101a43591612c4a565b3461017e5760c060031936011261017e57366023121561017e576040516107fa81611793565b803660841161017e576004905b6084821061095a578260843560a43567ffffffffffffffff811161017e57610833903690600401611920565b90919061083f82613bcc565b915f926108528651602088015190615278565b945b816001860110610932575f606060408901519801516001195f9501945f935b85851061089e5760208a610176818e8082148d8f82610894575b5050611c2d565b149050868061088d565b909192939495996001808c16145f1461090b576108ca906108c460018b019a8a85612c3a565b35615278565b998483156108f1575b506108e46001915b821c9580615278565b9501939594929190610873565b6109016108e49160019396615278565b94915050846108d3565b61091e919a925f1461092b578490615278565b9860016108e481936108db565b8390615278565b939461094f600191610948888789979697612c3a565b3590615278565b950193919091610854565b8135815260209182019101610807565b3461017e57602060031936011261017e5760043567ffffffffffffffff811161017e5761099b9036906004016118bf565b9080600319813560e01d931601905b8181106109bc57602083604051908152f35b803560e01d8381136109d2575b506004016109aa565b925060046109c9565b3461017e5761022060031936011261017e576109f63661180c565b6101c435801515810361017e57610a0b61195e565b5060405190610a19826117cc565b604051610a25816117af565b5f81525f60208201525f60408201525f60608201525f60808201525f60a08201525f60c08201525f60e08201525f6101008201525f6101208201525f6101408201525f61016082015282525f60208301525f60408301525f60608301525f60808301525f60a08301525f60c08301525f60e08301525f6101008301525f6101208301525f6101408301525f6101608301525f61018083015282518015159081610fea575b5080610fc7575b80610fa4575b80610f81575b80610f5e575b80610f3a575b80610f16575b80610ef9575b80610edc575b80610ec8575b15610e44576040830151620100006080850151820211159081610eb1575b5080610ea2575b80610e8a575b80610e6c575b15610e4457610d1a926002915f196101a4356101843501016080850152151560608401526101a4356040840152610184356020840152808352663fffffffffffff61010082511115610e36575b61010060408301516080840151021115610e2b575b61010060a08301511115610e1f575b61010082015115610e15575b61010060ff60c08401510160081c1115610e07575b60a0840152610bd183613c71565b60c0840152610c2f8360a08101515f916130009091169050670101010101010101670f0f0f0f0f0f0f0f8267555555555555555560ff9460011c169003673333333333333333808260021c169116018060041c01160260381c160190565b60e0840152610c3d83613cfc565b61010084015281610ca28460a08101515f91660fff00000000009091169050670101010101010101670f0f0f0f0f0f0f0f8267555555555555555560ff9460011c169003673333333333333333808260021c169116018060041c01160260381c160190565b9182610120860152608085015160c08601519160206101008801519384606084015160808501510260e08b015102910184020191826101408a015201510201905f1961018435010290030190816101608501526101a4350201016101808201526102043590610d146101e43582612118565b906123d1565b6040516020815261014081018251601181101561049757602083015260208301519061012060408401528151809152602061016084019201905f5b818110610dad5750505061010083604084950151606085015260608101516080850152608081015160a085015260a081015160c085015260c081015160e085015260e081015182850152015115156101208301520390f35b909192602060e060019260c087518051151583528481015115158584015260408101516040840152606081015160608401526080810151608084015260a081015160a0840152015160c08201520194019101919091610d55565b660440000000000018610bc3565b6207070018610bae565b64400000000018610ba2565b631000000018610b93565b50663ff7f5ffffafbf610b7e565b7feff5189d000000000000000000000000000000000000000000000000000000005f5260045ffd5b506101008301511580610b31575060808301515f1981011615610b31565b50620100005f196101a4356101843501011115610b2b565b50600160808401511615610b25565b610ec19150606085015190611c64565b1584610b1e565b506501000000000061014084015110610b00565b506101a43515158015610afa5750620100006101a4351115610afa565b506101843515158015610af4575062010000610184351115610af4565b5060c08301518015159081610f2c575b50610aee565b621000009150111584610f26565b5060a08301518015159081610f50575b50610ae8565b620100009150111584610f4a565b5060808301518015159081610f74575b50610ae2565b6101009150111584610f6e565b5060608301518015159081610f97575b50610adc565b6104009150111584610f91565b5060408301518015159081610fba575b50610ad6565b6104009150111584610fb4565b5060208301518015159081610fdd575b50610ad0565b6104009150111584610fd7565b620100009150111584610ac9565b3461017e576101c060031936011261017e57602061018061102a61101b3661180c565b6101a435906101843590611c6e565b0151604051908152f35b3461017e576020611044366118ed565b9061105d603f61105484846119b4565b0160061c613bcc565b90926001604051921b60051b82019260061b9082905b84821061108557866101768686615406565b85156110be578286106110b6575b828088925f8852818160018a01378160010188208552019603915b019094611073565b859250611093565b9490805f8892526110ae565b3461017e5761014060031936011261017e5760043567ffffffffffffffff811161017e576110fc9036906004016118bf565b5060e07fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffbc36011261017e576040516111338161174a565b604435918215159283810361017e578252606435801515810361017e5760208301526084356040830152606082019260a435845260c435608084015260e435908160a085015260c084019361010435855283945f965f9460019461136a575b60015f196111b29260061c9460a08701519051010160061c841801613bcc565b90603f81510160061c946001831b918285851c851b01908782105f1461135e575060061b919894985b60808a0151978886861c861b60061b0289850203928793604051948b60061b9186915b8660051b880183106113025750505050505060409261122785936112519360051b810190615406565b60a08c015160808d015188861c861b60061b8c02910289018190039a929092029097010396613bcc565b03970151871b91811c811b901c179461126c61012435613bcc565b0182959192604051916001835360051b01955b8681106112d357505050916112ac816112b2936112a76112cf96602435906024358114611c2d565b611951565b93611951565b604051938493846040919493926060820195825260208201520152565b0390f35b90919260208460051b1690600182850101526021823591840301526020604183209360011c910191909161127f565b9a9e9a811561135157838210611347575b8380602092888a60051b8c01528181898d8d60051b0101378188018a60051b8c01208652019203925b0191909e9a9e6111fe565b9092508290611313565b9091805f6020925261133c565b905051919894986111db565b86355f1a98506001870197507f020000000000000000000000000000000000000000000000000000000000000060f08a901b17955060029450611192565b3461017e576113b6366118a9565b0360081b637f0000008112156113d157602090604051908152f35b506020637f000000610176565b3461017e5760206101766113f1366118a9565b90611c15565b3461017e57606060031936011261017e57640200000000632c5c85fe61141e6044356139c0565b020160221d6024356004350360081b037fffffffffffffffffffffffffffffffffffffffffffffffffffffffff81000000811215611482575060207fffffffffffffffffffffffffffffffffffffffffffffffffffffffff81000000604051908152f35b5f811315611493575060205f610176565b602090610176565b3461017e5760206114ab366118a9565b90601082116114c157610176916010031b613b6a565b7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff06114ed920190611c15565b610176565b3461017e576101a060031936011261017e5761150d3661180c565b6101843590601282101561017e576112cf9161152891611a0f565b604080519384526020840192909252908201529081906060820190565b3461017e5761018060031936011261017e576115603661180c565b60405161016060208201927fedc23c9fef362df8deaa33d3a7f98dca6f94cdf4f8fb5a282a6bca1bcb323ac38452805160408401526020810151606084015260408101516080840152606081015160a0840152608081015160c084015260a081015160e084015260c081015161010084015260e08101511515610120840152610100810151151561014084015261012081015115158284015261014081015161018084015201516101a08201526101a0815261161e6101c0826117e9565b51902060606040519161163182846117e9565b604083526020830192601f1983013685375f5b604081106116cc5750601f601f19916116a0602c604051809860208201947f706f73702d7265662d76313a000000000000000000000000000000000000000086525180918484015e81015f8382015203018481018852876117e9565b6040519586948552604060208601525180918160408701528686015e5f85828601015201168101030190f35b600f838260021b60fc031c1690601082101561171d57825181101561171d577f30313233343536373839616263646566000000000000000000000000000000006001921a6020828501015301611644565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52603260045260245ffd5b60e0810190811067ffffffffffffffff82111761176657604052565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b6080810190811067ffffffffffffffff82111761176657604052565b610180810190811067ffffffffffffffff82111761176657604052565b6101a0810190811067ffffffffffffffff82111761176657604052565b90601f601f19910116810190811067ffffffffffffffff82111761176657604052565b60031961018091011261017e5760405190611826826117af565b816004358152602435602082015260443560408201526064356060820152608435608082015260a43560a082015260c43560c082015260e435801515810361017e5760e082015261010435801515810361017e5761010082015261012435801515810361017e576101208201526101443561014082015261016061016435910152565b600319604091011261017e576004359060243590565b9181601f8401121561017e5782359167ffffffffffffffff831161017e576020838186019501011161017e57565b604060031982011261017e576004359067ffffffffffffffff821161017e57611918916004016118bf565b909160243590565b9181601f8401121561017e5782359167ffffffffffffffff831161017e576020808501948460051b01011161017e57565b9190820391821161060a57565b60405190610120820182811067ffffffffffffffff821117611766576040525f61010083828152606060208201528260408201528260608201528260808201528260a08201528260c08201528260e08201520152565b81156119be570490565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601260045260245ffd5b604051906119f882611793565b5f6060838281528260208201528260408201520152565b9190604083015160808401805180920291606086015102906012841015610497578315611c045760018414611bf3575f600285148015611be7575b818115611bd7575b50611bc6576104975760038414611bbb575f600485148015611baf575b611ba2576104975760068414611b8a575f91600785148015611b7d575b611b5757508161049757600984148015611b4a575b611b20575061049757600b8214611b1657505f600d82148015611b0a575b611afb5761049757600f14611aee5761012082015115611ae3575f915b5190600290565b60c082015191611adc565b60a0825192015190600290565b505060a0820151915190600290565b50505f600e8214611abf565b9251929160029150565b61010090950151159250611b419150505760ff6001925b5192169190600490565b60ff5f92611b37565b505f9150600a8414611aa1565b60e090960151159350611b75925050505760ff60015b169190600490565b60ff5f611b6d565b505f925060088514611a8c565b505060e090930151159050611b755760019190600490565b5050939150505190600290565b50505f60058514611a6f565b505092519160029150565b505050505090519060019190600490565b9050610497576010851481611a52565b50505f600c8514611a4a565b5050505060c0820151915190600290565b5160019550851c9360089350915050565b8115611c285760015f1983011b01901d90565b905090565b15611c36575050565b7fabe1d105000000000000000000000000000000000000000000000000000000005f5260045260245260445ffd5b81156119be570690565b92919260405191611c7e836117cc565b604051611c8a816117af565b5f81525f60208201525f60408201525f60608201525f60808201525f60a08201525f60c08201525f60e08201525f6101008201525f6101208201525f6101408201525f61016082015283525f60208401525f60408401525f60608401525f60808401525f60a08401525f60c08401525f60e08401525f6101008401525f6101208401525f6101408401525f6101608401525f6101808401528294825180151590816120fe575b50806120db575b806120b8575b80612095575b80612072575b8061204e575b8061202a575b80612013575b80611ffc575b80611fe8575b15610e44576040830151620100006080850151820211159081611fd1575b5080611fc2575b80611fb0575b80611f92575b15610e4457610180926002835f198483960101608088015260016060880152836040880152806020880152828752663fffffffffffff61010084511115611f84575b61010060408501516080860151021115611f79575b61010060a08501511115611f6d575b61010084015115611f63575b61010060ff60c08601510160081c1115611f55575b60a0880152611e2d87613c71565b60c0880152611e8b8760a08101515f916130009091169050670101010101010101670f0f0f0f0f0f0f0f8267555555555555555560ff9460011c169003673333333333333333808260021c169116018060041c01160260381c160190565b60e0880152611e9987613cfc565b610100880152611efd8760a08101515f91660fff00000000009091169050670101010101010101670f0f0f0f0f0f0f0f8267555555555555555560ff9460011c169003673333333333333333808260021c169116018060041c01160260381c160190565b92836101208901525f196080890151610140602060c08c0151948c6101008101519687606084015160808501510260e08401510291018602019384910152015102019201029003019182610160870152020101910152565b660440000000000018611e1f565b6207070018611e0a565b64400000000018611dfe565b631000000018611def565b50663ff7f5ffffafbf611dda565b506101008301511580611d98575060808301515f1981011615611d98565b50620100005f19828401011115611d92565b50600160808401511615611d8c565b611fe19150606085015190611c64565b155f611d85565b506501000000000061014084015110611d67565b508015158015611d61575062010000811115611d61565b508115158015611d5b575062010000821115611d5b565b5060c08301518015159081612040575b50611d55565b62100000915011155f61203a565b5060a08301518015159081612064575b50611d4f565b62010000915011155f61205e565b5060808301518015159081612088575b50611d49565b610100915011155f612082565b50606083015180151590816120ab575b50611d43565b610400915011155f6120a5565b50604083015180151590816120ce575b50611d3d565b610400915011155f6120c8565b50602083015180151590816120f1575b50611d37565b610400915011155f6120eb565b62010000915011155f611d30565b60378210156104975752565b9190916121236119eb565b92600281106123a557600119810160808301908151811061239757506101608301908151831061223457505190039060408101805191610120810192835180910285106121a45750505190510281810361218757505061218560345b8361210c565b565b900360010361219a57612185603561217f565b612185603661217f565b91509394926121cb92506121b66119eb565b506121c182826119b4565b6040850152611c64565b6028905b60148214801561222a575b1561221a57604084510151905b8181106121fb5790600191039101906121cf565b929350506037811015610497576122179160608401528261210c565b90565b600160a0850151831c16906121e7565b50601782146121da565b809291509492939451900390610140840191612255835160011983016119b4565b926020865101518085101561238a575b50906001199184602087015251840290030190519060c08501518092029182821061233157500392805160806060820151910151029360e0820151809502948582106122d757506122c4906122ca949561010084015191038684613d66565b50613dbe565b6040820190815101905290565b9194506122e792506121b66119eb565b600c905b601482148015612327575b1561231757604084510151905b8181106121fb5790600191039101906122eb565b600160a0850151831c1690612303565b50601782146122f6565b915061234092506121b66119eb565b6003905b601482148015612380575b1561237057604084510151905b8181106121fb579060019103910190612344565b600160a0850151831c169061235c565b506017821461234f565b5f19019350600119612265565b604086015250506002835250565b919291151590506123bb576122175f5b8261210c565b61221760016123b5565b60118210156104975752565b91906123db61195e565b9280518251906037821015610497576001821115612c325760028214612b68576034821015612b5c575f600383148015612b50575b612b2e5761049757601e8214612ad6575f600883148015612aca575b612a81578061049757600483148015612a75575b818115612a65575b50612a035780610497576009831480156129f7575b6129555761049757600582146128fd57602a821461289457602082146127e957600a821461270057601282146125fd57600b82146125d957601382146125b557505f6014821015806125a8575b61259c5761049757602d811015612591576025146124cc576122179350614b1b565b91600e84526124d9613df6565b50612556602083019360246040865195019561251387516125065f826124fd613df6565b9a602289613627565b6040890152602285613187565b60808801526060870152600160c08701528460a0870152612532613df6565b505195519161254c5f84612544613df6565b998585613627565b6040880152613187565b60808501526060840152600160c084015260a0830152612574613e2c565b9161257e83613f73565b5261258882613f83565b52602082015290565b50612217935061491d565b505061221793506143e7565b50505f601b8211156124aa565b610100015161221795509192911590506125d157601291614298565b600f91614298565b610100015161221795509192911590506125f557600a91614298565b600791614298565b945050909161260a613df6565b506020830180519360400194855180612621613df6565b96612630915f91600f89613627565b604087015261264190600f86613187565b6080870152606086015260c08501600190528260a086015260800191825161266990826119b4565b925161267491611c64565b9161267d61195e565b956009875261268a613eac565b602088019681885261269b82613f83565b526126a590613f83565b506126ae613df6565b5082519160011b90516126c3926011876155a7565b8451906126cf82613f73565b526126d990613f73565b505160096126e693615618565b9051906126f282613f90565b526126fc90613f90565b5090565b945050909161270d613df6565b506020830180519360400194855180612724613df6565b96612733915f91600789613627565b604087015261274490600786613187565b6080870152606086015260c08501600190528260a086015260800191825161276c90826119b4565b925161277791611c64565b9161278061195e565b956009875261278d613eac565b602088019681885261279e82613f83565b526127a890613f83565b506127b1613df6565b5082519160011b90516127c6926009876155a7565b8451906127d282613f73565b526127dc90613f73565b5051600a6126e693615618565b50509092506128826126fc926127fd613df6565b506020850192600c61281983604087519901988951908561555a565b9461287a6128685f61282961195e565b9a60098c526128518c602061283c613eac565b91019b818d5261284b82613f83565b52613f83565b5061285a613df6565b508451905190601f886155a7565b87519061287482613f73565b52613f73565b505191615618565b90519061288e82613f90565b52613f90565b5050909250612882826128ab6126fc948685614177565b9260106128b661195e565b96600988526128d76128c6613eac565b60208a019781895261284b82613f83565b506128e0613df6565b5061287a6128685f602084019360408551910151906029886155a7565b5050909250612882826129146126fc948685614177565b92600261291f61195e565b966009885261292f6128c6613eac565b50612938613df6565b5061287a6128685f602084019360408551910151906004886155a7565b5060800151919450919290915061296a61195e565b936008855283516037811015610497575f190160ff16936037851015610497576001610140936129b7828094618000996129a2613df6565b506020820151604086851c930151918961552e565b6129bf613e6c565b906129c982613f83565b526129d381613f83565b5060208901521614610100860152826060860152510151020160101d608082015290565b50505f6011831461245d565b505160ff810160081c955092919050612a1a61195e565b946008865282516037811015610497575f190160ff1692603784101561049757618000956129b76001935f610140978695612a53613df6565b5060406020820151910151918961552e565b9050610497576029831481612448565b50505f601f8314612440565b90949550929192610497575f190160ff1691603783101561049757612217946080612ac595015193612ab1613df6565b50604085602086015193029401519261552e565b61425e565b50505f6010831461242c565b6122179550612b129150612aee90949394518461415e565b91612af7613df6565b50601d604060208701519601519161254c5f84612544613df6565b6080850152606084015260c083015260081b60a082015261425e565b506122179550612ac594939150612b4690518461415e565b9260081b916141ef565b50505f60288314612410565b50506122179350613fb0565b5050919092506040612b7861195e565b9301805160208401519081811015612c2057505051612b95613df6565b90612ba35f80808088613627565b6040830152612bb35f8086613187565b60808401526060830152600160c083015260a0820152905b612bf46001612bd8613df6565b94818652612be95f80848451612c4a565b604087015251611a0f565b90915060808501526060840152600160c084015260a08301526001602083015260028352612574613e2c565b612c2c925003836154f8565b90612bcb565b505050505090565b919081101561171d5760051b0190565b909160128310908115610497578315612d155760018414612d0b57600f841115612ca55750509060108260c0600194015190612c8a602082015191615291565b02019103612c9d5760ff5f5b1601010190565b60ff82612c96565b9360ff9460c084979394015190612cbb88615291565b02015f6002941596879616965b6104975760ff851687811015612cfd5760128110156104975760ff91612cf06001928b611a0f565b5050019501169385612cc8565b500101600101945092505050565b5050505060010190565b5050505090565b15612d245750565b7f2db808ba000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b635c551d95905f8112158181612e36575b612d6991612d1c565b0280602e1c60288111612e30576320000000633fffffff6122179360101c16818181818181818181816201e2020201601e1d7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffead67b010201601e1d629d3ce2010201601e1d7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc72b35c010201601e1d630f5fdd42010201601e1d7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffd3a37a08010201601e1d634000000001611c15565b50505f90565b64010000000081129150612d60565b5f8112158181612f30575b612e5991612d1c565b029081602e1c9060288211612f2957601e632000000091633fffffff6122179560101c1693030191818181818181818181816201e2020201601e1d7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffead67b010201601e1d629d3ce2010201601e1d7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc72b35c010201601e1d630f5fdd42010201601e1d7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffd3a37a08010201601e1d634000000001611c15565b5050505f90565b64010000000081129150612e50565b90633fffffff8260201c169160036130b761300285632000000090818082800201601e1d81818181818181817ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff19b0201601e1d6202a028010201601e1d7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffb34bb4010201601e1d630519af02010201601e1d7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffd6a88636010201601e1d636487ed51010201601e1d90565b94634000000003632000000090818082800201601e1d81818181818181817ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff19b0201601e1d6202a028010201601e1d7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffb34bb4010201601e1d630519af02010201601e1d7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffd6a88636010201601e1d636487ed51010201601e1d90565b91603e1c1680156126fc57600181146130e0576002146130d7575f039190565b915f03915f0390565b50915f0390565b61318461037761316b837d0101020202020303030303030303000000000000000000000000000000006fffffffffffffffffffffffffffffffff821160071b67ffffffffffffffff83821c1160061b1763ffffffff83821c1160051b1761ffff83821c1160041b1760ff83821c1160031b17600f83821c1160021b1791821c1a1790565b9267214d498fc05d18b96001198560011c95161b6119b4565b91565b918251906037831015908161049757600a84111561357557816104975760138411156134aa578161049757601b8411156133ef57508061049757602783111561331357610497576028821461330257602982146132f757602a82146132ed57602b82146132d4575f602c831480156132c8575b6132ba5761049757602d82146132a757602e821461328e57602f8214613283576031821461326f576032821461325657506033811461324c57603614613244576040015190600490565b505f90600490565b5050600190600890565b60ff925082915060c001510160081c0160081c90600890565b60ff925060c0915001510160081c90600890565b505050600190600490565b60ff925082915060c001510160081c0160081c90600490565b60c0015160ff0160081c92600492509050565b5060c0015192600492509050565b50505f603083146131fa565b9150506132e660c0820151915161545c565b0290600890565b9150505190600490565b505050600290600490565b905060ff9150510160081c90600890565b509150601c81146133d8575f601d821480156133cc575b8181156133bc575b506133b35761049757601e81146133a657601f811461339c575f602182148015613390575b61337f57610497576026146133705760a0015190600490565b6132e660a0825192015161545c565b50506132e660a0820151915161545c565b50505f60238214613357565b5050600290600490565b505160ff01600890811c91565b50505190600490565b9050610497576027821481613332565b50505f6020821461332a565b506132e6815191608060408201519101510261545c565b91929350505f60148414801561349e575b613491576104975760168314613485576019831461347957601b831461346557600161342c910161545c565b91601581146134595760181461344e5760806040820151910151020290600890565b604001510290600890565b50604001510290600490565b509050608060408201519101510290600490565b50604001519160089150565b50604001519160049150565b5060010192600492509050565b50505f60178414613400565b505091600b821461355e57600c821461354e57600d82146135415750600e811461352b57601081146135205760118114613512576013146134f657608060408201519101510290600490565b61350b6080604083015192015160081b61545c565b0290600490565b506040015160011b90600490565b506040015190600890565b506132e66040820151608083015102915161545c565b6080015192600492509050565b6132e6915060800151915161545c565b505061350b6080606083015192015160081b61545c565b505091811561361a576001821461360d57505f600282148015613601575b6133b35761049757600381146133a6576004811461339c57600681146135eb57600881146135e0576009146135d357608060608201519101510290600490565b6060015160011b90600490565b506060015190600890565b506132e66060820151608083015102915161545c565b50505f60058214613593565b6040015192600492509050565b6020015192600492509050565b929190916037831015806104975760018411156139b75761049757600283146139ac575f6034841015613986576104975760288310156138e15760808401805161014086015184020190600b85111561383f575160c08601510201600201600d841115613775576136ad908551608060608201519101510260e087015102019285613dbe565b90036101008401510201915f916136c860a083015191613c61565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc000011690621000008216613765575b62800000821661374b575b50670101010101010101670f0f0f0f0f0f0f0f8267555555555555555560ff9460011c169003673333333333333333808260021c169116018060041c01160260381c1601010190565b51604001519091015f190190670101010101010101613702565b8051604001515f190192506136f7565b60e085015160a086015192020194505f939290915061379390613c61565b7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff00001169062100000821661382f575b628000008216613815575b50670101010101010101670f0f0f0f0f0f0f0f8267555555555555555560ff9460011c169003673333333333333333808260021c169116018060041c01160260381c16010190565b51604001519091015f1901906701010101010101016137cd565b8051604001515f190192506137c2565b50915083945060c0600293940151020101915f9161386160a083015191613c61565b7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff801169062100000821661382f576280000082166138155750670101010101010101670f0f0f0f0f0f0f0f8267555555555555555560ff9460011c169003673333333333333333808260021c169116018060041c01160260381c16010190565b61016084015161012085015160a086015192020194505f939290915061390690613c61565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffff000000000001169062100000821661382f576280000082166138155750670101010101010101670f0f0f0f0f0f0f0f8267555555555555555560ff9460011c169003673333333333333333808260021c169116018060041c01160260381c16010190565b5050506034919250145f146139a15761018001516001190190565b61018001515f190190565b935050505060020190565b50505091505090565b63400000008112158181613ae1575b6139d891612d1c565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe2613a77827d0101020202020303030303030303000000000000000000000000000000006fffffffffffffffffffffffffffffffff821160071b67ffffffffffffffff83821c1160061b1763ffffffff83821c1160051b1761ffff83821c1160041b1760ff83821c1160031b17600f83821c1160021b1791821c1a1790565b91601f600184011115613ad9577fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe183011c5b9101905f905b601c8210613abc57505090565b80600191029283603f1c8091831b0193601f1c901c910190613aaf565b60011b613aa9565b674000000000000000811291506139cf565b9080929160011b019160011b80156119be57805f918405930712613b1357565b905f190190565b632000000090613b4e5f82128015613b6157613b37835f03612d4f565b9015613b5657805b63400000000190601e1b613af3565b0201601e1d90565b634000000090613b3f565b613b3783612d4f565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffff80000000811215613bb757507fffffffffffffffffffffffffffffffffffffffffffffffffffffffff8000000090565b637fffffff8113156122175750637fffffff90565b6002811015613bda57505f90565b613c5d5f19600192017d0101020202020303030303030303000000000000000000000000000000006fffffffffffffffffffffffffffffffff821160071b67ffffffffffffffff83821c1160061b1763ffffffff83821c1160051b1761ffff83821c1160041b1760ff83821c1160031b17600f83821c1160021b1791821c1a1790565b0190565b6037811015610497576001901b90565b60a08101515f91610ff8909116905b628000008216613cd2575b50670101010101010101670f0f0f0f0f0f0f0f8267555555555555555560ff9460011c169003673333333333333333808260021c169116018060041c01160260381c160190565b51604001519091015f190190670101010101010101613c8b565b8051604001515f19019250613c80565b60a08101515f9164ffffffc0008216916210000016613cec57628000008216613cd25750670101010101010101670f0f0f0f0f0f0f0f8267555555555555555560ff9460011c169003673333333333333333808260021c169116018060041c01160260381c160190565b92613d7491926121b66119eb565b600e905b601482148015613db4575b15613da457604084510151905b8181106121fb579060019103910190613d78565b600160a0850151831c1690613d90565b5060178214613d83565b905f1960208351015101145f14613dd957602001515f190190565b505f90565b67ffffffffffffffff81116117665760051b60200190565b60405190613e038261174a565b5f60c0838281528260208201528260408201528260608201528260808201528260a08201520152565b60405160609190613e3d83826117e9565b6002815291601f1901825f5b828110613e5557505050565b602090613e60613df6565b82828501015201613e49565b60408051909190613e7d83826117e9565b6001815291601f1901825f5b828110613e9557505050565b602090613ea0613df6565b82828501015201613e89565b60405160809190613ebd83826117e9565b6003815291601f1901825f5b828110613ed557505050565b602090613ee0613df6565b82828501015201613ec9565b60405190613efb6020836117e9565b5f80835282815b828110613f0e57505050565b602090613f19613df6565b82828501015201613f02565b90613f2f82613dde565b613f3c60405191826117e9565b828152601f19613f4c8294613dde565b01905f5b828110613f5c57505050565b602090613f67613df6565b82828501015201613f50565b80516001101561171d5760400190565b80511561171d5760200190565b80516002101561171d5760600190565b80516003101561171d5760800190565b92919092613fbc61195e565b93516037811015610497576035148080614152575b61413e57801561413457613fe760105b866123c5565b801561412857613ffb60ff60035b16613f25565b906020860191825261401c61401085856154f8565b83519061284b82613f83565b5061406a614028613df6565b6140365f8781602c89613627565b604082015261404786602c87613187565b60808301526060820152600160c08201525f60a082015283519061287482613f73565b50600160206140798451613f73565b5101526140c9614087613df6565b6140955f8781602f89613627565b60408201526140a686602f87613187565b60808301526060820152600160c08201525f60a082015283519061288e82613f90565b50156140d457505050565b6140fd6141259360336140e5613df6565b946140f35f84818585613627565b6040870152613187565b60808401526060830152600160c08301525f60a0830152519061411f82613fa0565b52613fa0565b50565b613ffb60ff6004613ff5565b613fe7600f613fe1565b505050905061414b61195e565b6001815290565b50606082015115613fd1565b60081b90036101008110156141705790565b5061010090565b90614180613df6565b508051603781101561049757602811156141ca57602081018051156141b75791612217939160405f19600195510191015191615571565b5091600191604061221794015190615588565b9181612217935f19806020600196510151019160406020850151910151010191615571565b929190926141fb613df6565b5083516037811015610497576028111561423d576020840180511561422e579360405f1961221796510191015191615571565b50604061221794015190615588565b612217935f1980602084510151019160406020850151910151010191615571565b9061426761195e565b91600860408401526003835261427b613e2c565b908061428683613f73565b5261429082613f83565b526020830152565b919392936142a461195e565b94608084510151916142cd6142bb8460081b61545c565b846142c682866119b4565b0293611c64565b92808410156143d757600a8852604085018051938260011c94858710156101008c015260e08b01526142fd613eac565b9660208b0197885261430d613df6565b50602001928351878301845161432492888d6155d5565b88519061433082613f83565b5261433a90613f83565b5061434790878701611c64565b0191614351613df6565b505190519061436093886155d5565b83519061436c82613f73565b5261437690613f73565b5061438091611c64565b614388613df6565b926001845280515f808061439b93612c4a565b6040850152515f6143ab91611a0f565b6080860152606085015250600160c084015260a083015251906143cd82613f90565b5261412590613f90565b505050505050905061414b61195e565b9291926143f261195e565b938151835192603784101561049757604085019384519060018201906144178261545c565b6014820361450f575050505060808201805160081b6144359061545c565b928391602088019583875199606001938451606082015102906040015161445b916119b4565b029080614466613df6565b9a614475915f91600b8a613627565b60408b015261448690600b87613187565b60808b015260608a01528360c08a015260a0890152516144a5906130e7565b60100160408b015250600489525102926144bd613df6565b50519351806144ca613df6565b956144d9915f91601386613627565b604086015260136144e992613187565b6080850152606084015260c083015260a0820152614505613e2c565b9161428683613f73565b5f98969492939798916015811496878015614910575b156145ff5750506145438161453d61010093886119b4565b96611c64565b970160081c8710156145ed57610497576145989380156145e357614569600b5b8b6123c5565b156145d35761254c60206145806014945b8961415e565b96614589613df6565b50015197519384612544613df6565b6080850152606084015260c083015260081b60a08201526145b7613e6c565b906145c182613f83565b526145cb81613f83565b506020830152565b61254c602061458060179461457a565b6145696007614563565b5050505050505050905061414b61195e565b909396508291949299979899610497576016841492838015614903575b1561467f5750506104975760ff915f1991156146755761463e600b5b8c6123c5565b011690603782101561049757602061010061466d980160081c96614660613df6565b500151920293519261552e565b6145b7613e6c565b61463e6007614638565b93919095979994925061049757601781036147395750505050906146a9608061471b9301516130e7565b5060a0880152601660c0880152600c875260166060850160208151966146cd613df6565b5001946146fb8651976146ee8a5191826146e5613df6565b9b60148a613627565b60408a0152601486613187565b60808901526060880152600160c088015260a08701525193612532613df6565b60808501526060840152600160c084015260a0830152614505613e2c565b9497929695939492939192601a0361485c576147628161475c61010093856119b4565b93611c64565b960160081c86101561484b57836147f861482f946147eb60206147c98e976003600d988f9e9d9c608001906147ba6147b161479e8451846119b4565b9b60408d606083015102910151906119b4565b92518092611c64565b91020199528b60081b9b61415e565b986147d2613df6565b50019384519251809360176147e5613df6565b9d613627565b60408a015260178a613187565b608089015260608801528460c08801528560a088015251966148255f8461481d613df6565b9a8585613627565b6040890152613187565b6080860152606085015260c084015260a0830152614505613e2c565b50505050505050905061414b61195e565b9495909296939150600d89526101000160081c94614878613df6565b506020019384519587518061488b613df6565b9861489a915f91601a8a613627565b60408901526148ab90601a87613187565b6080890152606088015260c0870152820260a0860152608001516148ce916119b4565b916148d7613df6565b50519351806148e4613df6565b956148f3915f91601986613627565b6040860152601961471b92613187565b505f92506019851461461c565b505f935060188214614525565b9291909261492961195e565b9380519160378310156104975760c0815101519260308114614a6857602f8111614a5e57614959600b5b886123c5565b5f602d82148015614a52575b156149ab57610497575f190160ff169360378510156104975761498d61466d95945b8261415e565b93614996613df6565b50604060208501519260081b9401519261552e565b60ff81950160081c809561049757602e83148015614a45575b156149eb5750610497575f190160ff169360378510156104975761498d61466d9594614987565b9094610100821115614a20575060ff0160081c93610497575f190160ff169360378510156104975761498d61466d9594614987565b949050610497576001190160ff169360378510156104975761498d61466d9594614987565b505f9150603283146149c4565b50505f60318214614965565b6149596007614953565b50614afc919250601e60c08796970152635c551d9560a0860152600c8552614a8e613df6565b50602f6020840160408151950195614ac48751614ab75f82614aae613df6565b9a602c8a613627565b6040890152602c86613187565b60808801526060870152600160c087015260a0860152614ae2613df6565b50519451916140f35f84614af4613df6565b988585613627565b60808401526060830152600160c08301525f60a0830152612574613e2c565b9091614b2561195e565b508151908351916037831015610497576020850192835191604087019081519360405194614b5286611793565b6005865260208601918252604086019081525f606087015282519760068614615265576007861461517b575f600c8714801561516f575b6150255761049757600e861461501257600f8614614f28575f94601c8714808015614f1b575b614e235750856104975760268714808015614e16575b614c915750505050508161049757602b831490818015614c84575b614c41575050602083526104975760218114614c335760238114614c2557612217958391602203614c1d57600d925b614c17613eec565b96615a30565b600e92614c0f565b509091926122179450615975565b509091926122179450615915565b602a85526101200151919392509015614c7c576001925b61049757614c6e57612217958391614c17613eec565b9091929361221795506159d5565b601192614c58565b505f9250602c8414614be0565b929a9598965093879950602560a092989c949c5201519661049757614e0457614cb8613df6565b50614cc88486518451908661555a565b97614cd1613e6c565b98614cdb8a613f83565b52614ce589613f83565b50614cee61195e565b99614cfc8a51600201613f25565b60208c0190815298610100891115614dad5750505060068952516037811015610497575f190160ff1693603785101561049757614d73614d67600f9388614d7b9860ff614d4b614d879c61545c565b8a02920160081c92614d5b613df6565b5086519051918961552e565b88519061284b82613f83565b50519161567d565b82519061287482613f73565b505b8151614d9457505090565b614da06126fc92613f83565b5190519061288e82613f90565b91969795949350915060058a525195603787101561049757614df6614dea86614dfe99614d7b99600f96614ddf613df6565b5051905191886155eb565b89519061284b82613f83565b505191615653565b50614d89565b505091509291935061221794506158b5565b505f965060278814614bc5565b929a959896509390969850601b899b939b5260806040820151910151029661049757614f0957614e54848285614177565b97614e5d613e6c565b98614e678a613f83565b52614e7189613f83565b50614e7a61195e565b99614e888a51600201613f25565b60208c0190815298610100891115614ed75750505060068952516037811015610497575f190160ff1693603785101561049757614d73614d67600b9388614d7b9860ff614d4b614d879c61545c565b91969795949350915060058a525195603787101561049757614df6614dea86614dfe99614d7b99600b96614ddf613df6565b50509150929193506122179450615855565b505f9650601d8814614baf565b9597969450979291509760e08351015115155f1461500457614f4e848651600686615618565b614f56613e6c565b90614f6082613f83565b52614f6a81613f83565b50975b614f7561195e565b99614f838a51600201613f25565b60208c0190815298610100891115614fd25750505060068952516037811015610497575f190160ff1693603785101561049757614d73614d6760039388614d7b9860ff614d4b614d879c61545c565b91969795949350915060058a525195603787101561049757614df6614dea86614dfe99614d7b99600396614ddf613df6565b61500c613eec565b97614f6d565b50505050505090919261221794506157f5565b90929495919a935098979896959661049757600d146150705750505061506990612217966150528761545c565b91829161505f83876119b4565b9052510292611c64565b0191615795565b848998929495969793995284519360e08451015115155f146151615761509a858351600887615618565b6150a2613e6c565b906150ac82613f83565b526150b681613f83565b50985b6150c161195e565b9a6150cf8b51600201613f25565b60208d019081529961010086111561512d5750505060068a52516037811015610497575f190160ff16603781101561049757614d67614d7b9684614d739360ff614d879b61511e60059961545c565b02920160081c92614d5b613df6565b9250929750955060058a95949395525195603787101561049757614df6614dea86614dfe99614d7b99600596614ddf613df6565b615169613eec565b986150b9565b50505f600d8714614b89565b9597969450979291509760e08351015115155f14615257576151a1848651600786615618565b6151a9613e6c565b906151b382613f83565b526151bd81613f83565b50975b6151c861195e565b996151d68a51600201613f25565b60208c01908152986101008911156152255750505060068952516037811015610497575f190160ff1693603785101561049757614d73614d6760049388614d7b9860ff614d4b614d879c61545c565b91969795949350915060058a525195603787101561049757614df6614dea86614dfe99614d7b99600496614ddf613df6565b61525f613eec565b976151c0565b5050505050509091926122179450615701565b6041916040519160018353600183015260218201522090565b9060025f5b60ff821660108110156152c75760128110156104975760ff916152bb60019287611a0f565b50500192011690615296565b50925050565b6001811115612217578060017001000000000000000000000000000000008310156153f0575b600482680100000000000000006153a29410156153e3575b6401000000008110156153d6575b620100008110156153c9575b6101008110156153bd575b60108110156153b1575b10156153a9575b60030260011c61535181846119b4565b0160011c61535f81846119b4565b0160011c61536d81846119b4565b0160011c61537b81846119b4565b0160011c61538981846119b4565b0160011c61539781846119b4565b0160011c80926119b4565b8111900390565b60011b615341565b811c9160021b9161533a565b60081c91811b91615330565b60101c9160081b91615325565b60201c9160101b91615319565b60401c9160201b9161530b565b5050608081901c680100000000000000006152f3565b908060018253600182019160218101905b60208501811161542957505050505190565b849085905b80821061543c575050615417565b90916020604091845188528185015186526041872081520192019061542e565b610100811161546b5750600190565b6154f45f1960ff6002930160081c017d0101020202020303030303030303000000000000000000000000000000006fffffffffffffffffffffffffffffffff821160071b67ffffffffffffffff83821c1160061b1763ffffffff83821c1160051b1761ffff83821c1160041b1760ff83821c1160031b17600f83821c1160021b1791821c1a1790565b1b90565b91906155165f6001615508613df6565b9561254c8380808585613627565b60808501526060840152600160c084015260a0830152565b9061554492969593916148255f8461481d613df6565b6080860152606085015260c084015260a0830152565b91601d6155169295949361254c5f84612544613df6565b916027615544929695936148255f8461481d613df6565b939290615544906002615599613df6565b966148255f84818585613627565b906155bd929594939161254c5f84612544613df6565b60808501526060840152600260c084015260a0830152565b90615516929594939161254c5f84612544613df6565b90615601929594939161254c5f84612544613df6565b6080850152606084015260c08301525f60a0830152565b9061563a9194939294612be95f61562d613df6565b9760018952848451612c4a565b6080860152606085015250600160c084015260a0830152565b612be96156659396959461562d613df6565b608086015260608501525060c08301525f60a0830152565b61569b6156a693959461568e613df6565b9660018852848451612c4a565b604086015251611a0f565b6080850152606084015250600160c08301525f60a0830152565b6156df6156ea939796946156d2613df6565b9860018a52848451612c4a565b604088015251611a0f565b608087015260608601525060c084015260a0830152565b909193929361570e61195e565b946157188161545c565b926157238484611c64565b9260ff830160081c8410156143d7576003885285519360378510156104975761578661578c9661577e6040998461576160049660081b998a9261415e565b998a9261576c613df6565b50602081019d8e51910151918a61552e565b9851936119b4565b926156c0565b90614505613e2c565b90919392936157a261195e565b946157ac8161545c565b926157b78484611c64565b9260ff830160081c8410156143d7576003885285519360378510156104975761578661578c9661577e6040998461576160059660081b998a9261415e565b909193929361580261195e565b9461580c8161545c565b926158178484611c64565b9260ff830160081c8410156143d7576003885285519360378510156104975761578661578c9661577e6040998461576160039660081b998a9261415e565b909193929361586261195e565b9461586c8161545c565b926158778484611c64565b9260ff830160081c8410156143d7576003885285519360378510156104975761578661578c9661577e60409984615761600b9660081b998a9261415e565b90919392936158c261195e565b946158cc8161545c565b926158d78484611c64565b9260ff830160081c8410156143d7576003885285519360378510156104975761578661578c9661577e60409984615761600f9660081b998a9261415e565b909193929361592261195e565b9461592c8161545c565b926159378484611c64565b9260ff830160081c8410156143d7576003885285519360378510156104975761578661578c9661577e60409984615761600d9660081b998a9261415e565b909193929361598261195e565b9461598c8161545c565b926159978484611c64565b9260ff830160081c8410156143d7576003885285519360378510156104975761578661578c9661577e60409984615761600e9660081b998a9261415e565b94936159df61195e565b956159e98261545c565b946159f48682611c64565b9460ff840160081c86101561484b576003895284519460378610156104975760409761577e615786928961576161578c9b60081b998a9261415e565b9094919796959293615a4061195e565b98615a4e8851600201613f25565b60208b0190815296610100861115615ad5575060068a5280516037811015610497575f190160ff1694603786101561049757614d67614d7b968260ff615abd9a615a9a614d739661545c565b02910160081c91615aa9613df6565b50602086019560408751910151918961552e565b505b8151615ac9575050565b614da061412592613f83565b9493929190955060058a528451603781101561049757615b2b96615b22615b1687602094614d7b9a615b05613df6565b5060408782015191015191896155eb565b8a519061284b82613f83565b50015191615653565b50615abf56",
}

// ReferenceLibraries is an auto generated Go binding around an Ethereum contract.
type ReferenceLibraries struct {
	abi abi.ABI
}

// GetABI returns the ABI associated with this contract binding.
func (c *ReferenceLibraries) GetABI() abi.ABI {
	return c.abi
}

// NewReferenceLibraries creates a new instance of ReferenceLibraries.
func NewReferenceLibraries() *ReferenceLibraries {
	parsed, err := ReferenceLibrariesMetaData.ParseABI()
	if err != nil {
		panic(errors.New("invalid ABI: " + err.Error()))
	}
	return &ReferenceLibraries{abi: *parsed}
}

// Instance creates a wrapper for a deployed contract instance at the given address.
// Use this to create the instance object passed to abigen v2 library functions Call, Transact, etc.
func (c *ReferenceLibraries) Instance(backend bind.ContractBackend, addr common.Address) *bind.BoundContract {
	return bind.NewBoundContract(addr, c.abi, backend, backend, backend)
}

// PackAct is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x95383449.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function act(int256 gate, int256 up) pure returns(int256)
func (referenceLibraries *ReferenceLibraries) PackAct(gate *big.Int, up *big.Int) []byte {
	enc, err := referenceLibraries.abi.Pack("act", gate, up)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackAct is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x95383449.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function act(int256 gate, int256 up) pure returns(int256)
func (referenceLibraries *ReferenceLibraries) TryPackAct(gate *big.Int, up *big.Int) ([]byte, error) {
	return referenceLibraries.abi.Pack("act", gate, up)
}

// UnpackAct is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x95383449.
//
// Solidity: function act(int256 gate, int256 up) pure returns(int256)
func (referenceLibraries *ReferenceLibraries) UnpackAct(data []byte) (*big.Int, error) {
	out, err := referenceLibraries.abi.Unpack("act", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackAttention is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x861a2473.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function attention(uint256 headDim) pure returns(int256 factor, uint256 shift)
func (referenceLibraries *ReferenceLibraries) PackAttention(headDim *big.Int) []byte {
	enc, err := referenceLibraries.abi.Pack("attention", headDim)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackAttention is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x861a2473.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function attention(uint256 headDim) pure returns(int256 factor, uint256 shift)
func (referenceLibraries *ReferenceLibraries) TryPackAttention(headDim *big.Int) ([]byte, error) {
	return referenceLibraries.abi.Pack("attention", headDim)
}

// AttentionOutput serves as a container for the return parameters of contract
// method Attention.
type AttentionOutput struct {
	Factor *big.Int
	Shift  *big.Int
}

// UnpackAttention is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x861a2473.
//
// Solidity: function attention(uint256 headDim) pure returns(int256 factor, uint256 shift)
func (referenceLibraries *ReferenceLibraries) UnpackAttention(data []byte) (AttentionOutput, error) {
	out, err := referenceLibraries.abi.Unpack("attention", data)
	outstruct := new(AttentionOutput)
	if err != nil {
		return *outstruct, err
	}
	outstruct.Factor = abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	outstruct.Shift = abi.ConvertType(out[1], new(big.Int)).(*big.Int)
	return *outstruct, nil
}

// PackCount is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x419f1a99.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function count((uint256,uint256,uint256,uint256,uint256,uint256,uint256,bool,bool,bool,uint256,bytes32) arch, uint256 n, uint256 m) pure returns(uint256)
func (referenceLibraries *ReferenceLibraries) PackCount(arch Arch, n *big.Int, m *big.Int) []byte {
	enc, err := referenceLibraries.abi.Pack("count", arch, n, m)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackCount is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x419f1a99.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function count((uint256,uint256,uint256,uint256,uint256,uint256,uint256,bool,bool,bool,uint256,bytes32) arch, uint256 n, uint256 m) pure returns(uint256)
func (referenceLibraries *ReferenceLibraries) TryPackCount(arch Arch, n *big.Int, m *big.Int) ([]byte, error) {
	return referenceLibraries.abi.Pack("count", arch, n, m)
}

// UnpackCount is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x419f1a99.
//
// Solidity: function count((uint256,uint256,uint256,uint256,uint256,uint256,uint256,bool,bool,bool,uint256,bytes32) arch, uint256 n, uint256 m) pure returns(uint256)
func (referenceLibraries *ReferenceLibraries) UnpackCount(data []byte) (*big.Int, error) {
	out, err := referenceLibraries.abi.Unpack("count", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackDivide is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xf5984236.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function divide(int256 a, int256 b) pure returns(int256)
func (referenceLibraries *ReferenceLibraries) PackDivide(a *big.Int, b *big.Int) []byte {
	enc, err := referenceLibraries.abi.Pack("divide", a, b)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackDivide is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xf5984236.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function divide(int256 a, int256 b) pure returns(int256)
func (referenceLibraries *ReferenceLibraries) TryPackDivide(a *big.Int, b *big.Int) ([]byte, error) {
	return referenceLibraries.abi.Pack("divide", a, b)
}

// UnpackDivide is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xf5984236.
//
// Solidity: function divide(int256 a, int256 b) pure returns(int256)
func (referenceLibraries *ReferenceLibraries) UnpackDivide(data []byte) (*big.Int, error) {
	out, err := referenceLibraries.abi.Unpack("divide", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackDot is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xf661b7fc.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function dot(bytes a, bytes b, uint256 width) pure returns(int256)
func (referenceLibraries *ReferenceLibraries) PackDot(a []byte, b []byte, width *big.Int) []byte {
	enc, err := referenceLibraries.abi.Pack("dot", a, b, width)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackDot is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xf661b7fc.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function dot(bytes a, bytes b, uint256 width) pure returns(int256)
func (referenceLibraries *ReferenceLibraries) TryPackDot(a []byte, b []byte, width *big.Int) ([]byte, error) {
	return referenceLibraries.abi.Pack("dot", a, b, width)
}

// UnpackDot is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xf661b7fc.
//
// Solidity: function dot(bytes a, bytes b, uint256 width) pure returns(int256)
func (referenceLibraries *ReferenceLibraries) UnpackDot(data []byte) (*big.Int, error) {
	out, err := referenceLibraries.abi.Unpack("dot", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackEmbed is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x17af2b32.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function embed(int256 q, uint256 exponent) pure returns(int256)
func (referenceLibraries *ReferenceLibraries) PackEmbed(q *big.Int, exponent *big.Int) []byte {
	enc, err := referenceLibraries.abi.Pack("embed", q, exponent)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackEmbed is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x17af2b32.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function embed(int256 q, uint256 exponent) pure returns(int256)
func (referenceLibraries *ReferenceLibraries) TryPackEmbed(q *big.Int, exponent *big.Int) ([]byte, error) {
	return referenceLibraries.abi.Pack("embed", q, exponent)
}

// UnpackEmbed is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x17af2b32.
//
// Solidity: function embed(int256 q, uint256 exponent) pure returns(int256)
func (referenceLibraries *ReferenceLibraries) UnpackEmbed(data []byte) (*big.Int, error) {
	out, err := referenceLibraries.abi.Unpack("embed", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackEnds is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x515069f1.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function ends(bytes32[4] roots, uint256 rows, bytes32[] siblings) pure returns(bytes32)
func (referenceLibraries *ReferenceLibraries) PackEnds(roots [4][32]byte, rows *big.Int, siblings [][32]byte) []byte {
	enc, err := referenceLibraries.abi.Pack("ends", roots, rows, siblings)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackEnds is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x515069f1.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function ends(bytes32[4] roots, uint256 rows, bytes32[] siblings) pure returns(bytes32)
func (referenceLibraries *ReferenceLibraries) TryPackEnds(roots [4][32]byte, rows *big.Int, siblings [][32]byte) ([]byte, error) {
	return referenceLibraries.abi.Pack("ends", roots, rows, siblings)
}

// UnpackEnds is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x515069f1.
//
// Solidity: function ends(bytes32[4] roots, uint256 rows, bytes32[] siblings) pure returns(bytes32)
func (referenceLibraries *ReferenceLibraries) UnpackEnds(data []byte) ([32]byte, error) {
	out, err := referenceLibraries.abi.Unpack("ends", data)
	if err != nil {
		return *new([32]byte), err
	}
	out0 := *abi.ConvertType(out[0], new([32]byte)).(*[32]byte)
	return out0, nil
}

// PackExp is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x6596382b.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function exp(int256 y, int256 factor, uint256 bits) pure returns(int256)
func (referenceLibraries *ReferenceLibraries) PackExp(y *big.Int, factor *big.Int, bits *big.Int) []byte {
	enc, err := referenceLibraries.abi.Pack("exp", y, factor, bits)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackExp is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x6596382b.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function exp(int256 y, int256 factor, uint256 bits) pure returns(int256)
func (referenceLibraries *ReferenceLibraries) TryPackExp(y *big.Int, factor *big.Int, bits *big.Int) ([]byte, error) {
	return referenceLibraries.abi.Pack("exp", y, factor, bits)
}

// UnpackExp is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x6596382b.
//
// Solidity: function exp(int256 y, int256 factor, uint256 bits) pure returns(int256)
func (referenceLibraries *ReferenceLibraries) UnpackExp(data []byte) (*big.Int, error) {
	out, err := referenceLibraries.abi.Unpack("exp", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackFold is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x8b599f08.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function fold(bytes32[] nodes) pure returns(bytes32)
func (referenceLibraries *ReferenceLibraries) PackFold(nodes [][32]byte) []byte {
	enc, err := referenceLibraries.abi.Pack("fold", nodes)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackFold is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x8b599f08.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function fold(bytes32[] nodes) pure returns(bytes32)
func (referenceLibraries *ReferenceLibraries) TryPackFold(nodes [][32]byte) ([]byte, error) {
	return referenceLibraries.abi.Pack("fold", nodes)
}

// UnpackFold is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x8b599f08.
//
// Solidity: function fold(bytes32[] nodes) pure returns(bytes32)
func (referenceLibraries *ReferenceLibraries) UnpackFold(data []byte) ([32]byte, error) {
	out, err := referenceLibraries.abi.Unpack("fold", data)
	if err != nil {
		return *new([32]byte), err
	}
	out0 := *abi.ConvertType(out[0], new([32]byte)).(*[32]byte)
	return out0, nil
}

// PackLargest is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x48408b2f.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function largest(bytes a) pure returns(int256)
func (referenceLibraries *ReferenceLibraries) PackLargest(a []byte) []byte {
	enc, err := referenceLibraries.abi.Pack("largest", a)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackLargest is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x48408b2f.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function largest(bytes a) pure returns(int256)
func (referenceLibraries *ReferenceLibraries) TryPackLargest(a []byte) ([]byte, error) {
	return referenceLibraries.abi.Pack("largest", a)
}

// UnpackLargest is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x48408b2f.
//
// Solidity: function largest(bytes a) pure returns(int256)
func (referenceLibraries *ReferenceLibraries) UnpackLargest(data []byte) (*big.Int, error) {
	out, err := referenceLibraries.abi.Unpack("largest", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackLeaf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x44996b7b.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function leaf((uint256,uint256,uint256,uint256,uint256,uint256,uint256,bool,bool,bool,uint256,bytes32) arch, uint256 n, uint256 m, bool greedy, uint256 i, uint256 e) pure returns((uint8,(bool,bool,uint256,uint256,uint256,uint256,uint256)[],uint256,uint256,int256,int256,uint256,uint256,bool))
func (referenceLibraries *ReferenceLibraries) PackLeaf(arch Arch, n *big.Int, m *big.Int, greedy bool, i *big.Int, e *big.Int) []byte {
	enc, err := referenceLibraries.abi.Pack("leaf", arch, n, m, greedy, i, e)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackLeaf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x44996b7b.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function leaf((uint256,uint256,uint256,uint256,uint256,uint256,uint256,bool,bool,bool,uint256,bytes32) arch, uint256 n, uint256 m, bool greedy, uint256 i, uint256 e) pure returns((uint8,(bool,bool,uint256,uint256,uint256,uint256,uint256)[],uint256,uint256,int256,int256,uint256,uint256,bool))
func (referenceLibraries *ReferenceLibraries) TryPackLeaf(arch Arch, n *big.Int, m *big.Int, greedy bool, i *big.Int, e *big.Int) ([]byte, error) {
	return referenceLibraries.abi.Pack("leaf", arch, n, m, greedy, i, e)
}

// UnpackLeaf is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x44996b7b.
//
// Solidity: function leaf((uint256,uint256,uint256,uint256,uint256,uint256,uint256,bool,bool,bool,uint256,bytes32) arch, uint256 n, uint256 m, bool greedy, uint256 i, uint256 e) pure returns((uint8,(bool,bool,uint256,uint256,uint256,uint256,uint256)[],uint256,uint256,int256,int256,uint256,uint256,bool))
func (referenceLibraries *ReferenceLibraries) UnpackLeaf(data []byte) (Leaf, error) {
	out, err := referenceLibraries.abi.Unpack("leaf", data)
	if err != nil {
		return *new(Leaf), err
	}
	out0 := *abi.ConvertType(out[0], new(Leaf)).(*Leaf)
	return out0, nil
}

// PackLocate is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xbca652d0.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function locate((uint256,uint256,uint256,uint256,uint256,uint256,uint256,bool,bool,bool,uint256,bytes32) arch, uint256 n, uint256 m, uint256 i) pure returns((uint8,uint256,uint256,uint256) r, uint256 back, uint256 size, uint256 width)
func (referenceLibraries *ReferenceLibraries) PackLocate(arch Arch, n *big.Int, m *big.Int, i *big.Int) []byte {
	enc, err := referenceLibraries.abi.Pack("locate", arch, n, m, i)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackLocate is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xbca652d0.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function locate((uint256,uint256,uint256,uint256,uint256,uint256,uint256,bool,bool,bool,uint256,bytes32) arch, uint256 n, uint256 m, uint256 i) pure returns((uint8,uint256,uint256,uint256) r, uint256 back, uint256 size, uint256 width)
func (referenceLibraries *ReferenceLibraries) TryPackLocate(arch Arch, n *big.Int, m *big.Int, i *big.Int) ([]byte, error) {
	return referenceLibraries.abi.Pack("locate", arch, n, m, i)
}

// LocateOutput serves as a container for the return parameters of contract
// method Locate.
type LocateOutput struct {
	R     Row
	Back  *big.Int
	Size  *big.Int
	Width *big.Int
}

// UnpackLocate is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xbca652d0.
//
// Solidity: function locate((uint256,uint256,uint256,uint256,uint256,uint256,uint256,bool,bool,bool,uint256,bytes32) arch, uint256 n, uint256 m, uint256 i) pure returns((uint8,uint256,uint256,uint256) r, uint256 back, uint256 size, uint256 width)
func (referenceLibraries *ReferenceLibraries) UnpackLocate(data []byte) (LocateOutput, error) {
	out, err := referenceLibraries.abi.Unpack("locate", data)
	outstruct := new(LocateOutput)
	if err != nil {
		return *outstruct, err
	}
	outstruct.R = *abi.ConvertType(out[0], new(Row)).(*Row)
	outstruct.Back = abi.ConvertType(out[1], new(big.Int)).(*big.Int)
	outstruct.Size = abi.ConvertType(out[2], new(big.Int)).(*big.Int)
	outstruct.Width = abi.ConvertType(out[3], new(big.Int)).(*big.Int)
	return *outstruct, nil
}

// PackLog2 is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xe0d68737.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function log2(int256 s) pure returns(int256)
func (referenceLibraries *ReferenceLibraries) PackLog2(s *big.Int) []byte {
	enc, err := referenceLibraries.abi.Pack("log2", s)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackLog2 is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xe0d68737.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function log2(int256 s) pure returns(int256)
func (referenceLibraries *ReferenceLibraries) TryPackLog2(s *big.Int) ([]byte, error) {
	return referenceLibraries.abi.Pack("log2", s)
}

// UnpackLog2 is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xe0d68737.
//
// Solidity: function log2(int256 s) pure returns(int256)
func (referenceLibraries *ReferenceLibraries) UnpackLog2(data []byte) (*big.Int, error) {
	out, err := referenceLibraries.abi.Unpack("log2", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackLogprob is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x17d826b9.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function logprob(int256 logit, int256 largest_, int256 sum) pure returns(int256)
func (referenceLibraries *ReferenceLibraries) PackLogprob(logit *big.Int, largest *big.Int, sum *big.Int) []byte {
	enc, err := referenceLibraries.abi.Pack("logprob", logit, largest, sum)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackLogprob is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x17d826b9.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function logprob(int256 logit, int256 largest_, int256 sum) pure returns(int256)
func (referenceLibraries *ReferenceLibraries) TryPackLogprob(logit *big.Int, largest *big.Int, sum *big.Int) ([]byte, error) {
	return referenceLibraries.abi.Pack("logprob", logit, largest, sum)
}

// UnpackLogprob is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x17d826b9.
//
// Solidity: function logprob(int256 logit, int256 largest_, int256 sum) pure returns(int256)
func (referenceLibraries *ReferenceLibraries) UnpackLogprob(data []byte) (*big.Int, error) {
	out, err := referenceLibraries.abi.Unpack("logprob", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackMargin is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x2ccd416f.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function margin(int256 logit, int256 largest_) pure returns(int256)
func (referenceLibraries *ReferenceLibraries) PackMargin(logit *big.Int, largest *big.Int) []byte {
	enc, err := referenceLibraries.abi.Pack("margin", logit, largest)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackMargin is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x2ccd416f.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function margin(int256 logit, int256 largest_) pure returns(int256)
func (referenceLibraries *ReferenceLibraries) TryPackMargin(logit *big.Int, largest *big.Int) ([]byte, error) {
	return referenceLibraries.abi.Pack("margin", logit, largest)
}

// UnpackMargin is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x2ccd416f.
//
// Solidity: function margin(int256 logit, int256 largest_) pure returns(int256)
func (referenceLibraries *ReferenceLibraries) UnpackMargin(data []byte) (*big.Int, error) {
	out, err := referenceLibraries.abi.Unpack("margin", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackModelRoot is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x07e3c77b.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function modelRoot((uint256,uint256,uint256,uint256,uint256,uint256,uint256,bool,bool,bool,uint256,bytes32) arch) pure returns(bytes32 root, string version)
func (referenceLibraries *ReferenceLibraries) PackModelRoot(arch Arch) []byte {
	enc, err := referenceLibraries.abi.Pack("modelRoot", arch)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackModelRoot is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x07e3c77b.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function modelRoot((uint256,uint256,uint256,uint256,uint256,uint256,uint256,bool,bool,bool,uint256,bytes32) arch) pure returns(bytes32 root, string version)
func (referenceLibraries *ReferenceLibraries) TryPackModelRoot(arch Arch) ([]byte, error) {
	return referenceLibraries.abi.Pack("modelRoot", arch)
}

// ModelRootOutput serves as a container for the return parameters of contract
// method ModelRoot.
type ModelRootOutput struct {
	Root    [32]byte
	Version string
}

// UnpackModelRoot is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x07e3c77b.
//
// Solidity: function modelRoot((uint256,uint256,uint256,uint256,uint256,uint256,uint256,bool,bool,bool,uint256,bytes32) arch) pure returns(bytes32 root, string version)
func (referenceLibraries *ReferenceLibraries) UnpackModelRoot(data []byte) (ModelRootOutput, error) {
	out, err := referenceLibraries.abi.Unpack("modelRoot", data)
	outstruct := new(ModelRootOutput)
	if err != nil {
		return *outstruct, err
	}
	outstruct.Root = *abi.ConvertType(out[0], new([32]byte)).(*[32]byte)
	outstruct.Version = *abi.ConvertType(out[1], new(string)).(*string)
	return *outstruct, nil
}

// PackModelRow is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x51705e09.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function modelRow((uint256,uint256,uint256,uint256,uint256,uint256,uint256,bool,bool,bool,uint256,bytes32) arch, uint8 t, uint256 layer, uint256 r) pure returns(uint256)
func (referenceLibraries *ReferenceLibraries) PackModelRow(arch Arch, t uint8, layer *big.Int, r *big.Int) []byte {
	enc, err := referenceLibraries.abi.Pack("modelRow", arch, t, layer, r)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackModelRow is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x51705e09.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function modelRow((uint256,uint256,uint256,uint256,uint256,uint256,uint256,bool,bool,bool,uint256,bytes32) arch, uint8 t, uint256 layer, uint256 r) pure returns(uint256)
func (referenceLibraries *ReferenceLibraries) TryPackModelRow(arch Arch, t uint8, layer *big.Int, r *big.Int) ([]byte, error) {
	return referenceLibraries.abi.Pack("modelRow", arch, t, layer, r)
}

// UnpackModelRow is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x51705e09.
//
// Solidity: function modelRow((uint256,uint256,uint256,uint256,uint256,uint256,uint256,bool,bool,bool,uint256,bytes32) arch, uint8 t, uint256 layer, uint256 r) pure returns(uint256)
func (referenceLibraries *ReferenceLibraries) UnpackModelRow(data []byte) (*big.Int, error) {
	out, err := referenceLibraries.abi.Unpack("modelRow", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackModelRows is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xf66d3b83.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function modelRows((uint256,uint256,uint256,uint256,uint256,uint256,uint256,bool,bool,bool,uint256,bytes32) arch) pure returns(uint256)
func (referenceLibraries *ReferenceLibraries) PackModelRows(arch Arch) []byte {
	enc, err := referenceLibraries.abi.Pack("modelRows", arch)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackModelRows is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xf66d3b83.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function modelRows((uint256,uint256,uint256,uint256,uint256,uint256,uint256,bool,bool,bool,uint256,bytes32) arch) pure returns(uint256)
func (referenceLibraries *ReferenceLibraries) TryPackModelRows(arch Arch) ([]byte, error) {
	return referenceLibraries.abi.Pack("modelRows", arch)
}

// UnpackModelRows is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xf66d3b83.
//
// Solidity: function modelRows((uint256,uint256,uint256,uint256,uint256,uint256,uint256,bool,bool,bool,uint256,bytes32) arch) pure returns(uint256)
func (referenceLibraries *ReferenceLibraries) UnpackModelRows(data []byte) (*big.Int, error) {
	out, err := referenceLibraries.abi.Unpack("modelRows", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackNorm is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xb1e29140.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function norm(int256 x, int256 mantissa, int256 shift, int256 weight) pure returns(int256)
func (referenceLibraries *ReferenceLibraries) PackNorm(x *big.Int, mantissa *big.Int, shift *big.Int, weight *big.Int) []byte {
	enc, err := referenceLibraries.abi.Pack("norm", x, mantissa, shift, weight)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackNorm is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xb1e29140.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function norm(int256 x, int256 mantissa, int256 shift, int256 weight) pure returns(int256)
func (referenceLibraries *ReferenceLibraries) TryPackNorm(x *big.Int, mantissa *big.Int, shift *big.Int, weight *big.Int) ([]byte, error) {
	return referenceLibraries.abi.Pack("norm", x, mantissa, shift, weight)
}

// UnpackNorm is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xb1e29140.
//
// Solidity: function norm(int256 x, int256 mantissa, int256 shift, int256 weight) pure returns(int256)
func (referenceLibraries *ReferenceLibraries) UnpackNorm(data []byte) (*big.Int, error) {
	out, err := referenceLibraries.abi.Unpack("norm", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackOpen is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x30de52d7.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function open(bytes opening, bytes32 root, (bool,bool,uint256,uint256,uint256,uint256,uint256) o, uint256 rows) pure returns(uint256 elements, uint256 exponent, uint256 length)
func (referenceLibraries *ReferenceLibraries) PackOpen(opening []byte, root [32]byte, o Operand, rows *big.Int) []byte {
	enc, err := referenceLibraries.abi.Pack("open", opening, root, o, rows)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackOpen is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x30de52d7.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function open(bytes opening, bytes32 root, (bool,bool,uint256,uint256,uint256,uint256,uint256) o, uint256 rows) pure returns(uint256 elements, uint256 exponent, uint256 length)
func (referenceLibraries *ReferenceLibraries) TryPackOpen(opening []byte, root [32]byte, o Operand, rows *big.Int) ([]byte, error) {
	return referenceLibraries.abi.Pack("open", opening, root, o, rows)
}

// OpenOutput serves as a container for the return parameters of contract
// method Open.
type OpenOutput struct {
	Elements *big.Int
	Exponent *big.Int
	Length   *big.Int
}

// UnpackOpen is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x30de52d7.
//
// Solidity: function open(bytes opening, bytes32 root, (bool,bool,uint256,uint256,uint256,uint256,uint256) o, uint256 rows) pure returns(uint256 elements, uint256 exponent, uint256 length)
func (referenceLibraries *ReferenceLibraries) UnpackOpen(data []byte) (OpenOutput, error) {
	out, err := referenceLibraries.abi.Unpack("open", data)
	outstruct := new(OpenOutput)
	if err != nil {
		return *outstruct, err
	}
	outstruct.Elements = abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	outstruct.Exponent = abi.ConvertType(out[1], new(big.Int)).(*big.Int)
	outstruct.Length = abi.ConvertType(out[2], new(big.Int)).(*big.Int)
	return *outstruct, nil
}

// PackRotate is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x77b8493b.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function rotate(int256 y, int256 y1, int256 sin, int256 cos, bool second) pure returns(int256)
func (referenceLibraries *ReferenceLibraries) PackRotate(y *big.Int, y1 *big.Int, sin *big.Int, cos *big.Int, second bool) []byte {
	enc, err := referenceLibraries.abi.Pack("rotate", y, y1, sin, cos, second)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackRotate is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x77b8493b.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function rotate(int256 y, int256 y1, int256 sin, int256 cos, bool second) pure returns(int256)
func (referenceLibraries *ReferenceLibraries) TryPackRotate(y *big.Int, y1 *big.Int, sin *big.Int, cos *big.Int, second bool) ([]byte, error) {
	return referenceLibraries.abi.Pack("rotate", y, y1, sin, cos, second)
}

// UnpackRotate is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x77b8493b.
//
// Solidity: function rotate(int256 y, int256 y1, int256 sin, int256 cos, bool second) pure returns(int256)
func (referenceLibraries *ReferenceLibraries) UnpackRotate(data []byte) (*big.Int, error) {
	out, err := referenceLibraries.abi.Unpack("rotate", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackRoundShift is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x1d213181.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function roundShift(int256 x, uint256 n) pure returns(int256)
func (referenceLibraries *ReferenceLibraries) PackRoundShift(x *big.Int, n *big.Int) []byte {
	enc, err := referenceLibraries.abi.Pack("roundShift", x, n)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackRoundShift is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x1d213181.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function roundShift(int256 x, uint256 n) pure returns(int256)
func (referenceLibraries *ReferenceLibraries) TryPackRoundShift(x *big.Int, n *big.Int) ([]byte, error) {
	return referenceLibraries.abi.Pack("roundShift", x, n)
}

// UnpackRoundShift is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x1d213181.
//
// Solidity: function roundShift(int256 x, uint256 n) pure returns(int256)
func (referenceLibraries *ReferenceLibraries) UnpackRoundShift(data []byte) (*big.Int, error) {
	out, err := referenceLibraries.abi.Unpack("roundShift", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackRowRoot is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x397ef2e4.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function rowRoot(bytes elements, uint256 width) pure returns(bytes32)
func (referenceLibraries *ReferenceLibraries) PackRowRoot(elements []byte, width *big.Int) []byte {
	enc, err := referenceLibraries.abi.Pack("rowRoot", elements, width)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackRowRoot is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x397ef2e4.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function rowRoot(bytes elements, uint256 width) pure returns(bytes32)
func (referenceLibraries *ReferenceLibraries) TryPackRowRoot(elements []byte, width *big.Int) ([]byte, error) {
	return referenceLibraries.abi.Pack("rowRoot", elements, width)
}

// UnpackRowRoot is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x397ef2e4.
//
// Solidity: function rowRoot(bytes elements, uint256 width) pure returns(bytes32)
func (referenceLibraries *ReferenceLibraries) UnpackRowRoot(data []byte) ([32]byte, error) {
	out, err := referenceLibraries.abi.Unpack("rowRoot", data)
	if err != nil {
		return *new([32]byte), err
	}
	out0 := *abi.ConvertType(out[0], new([32]byte)).(*[32]byte)
	return out0, nil
}

// PackRsqrt is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xe51f1711.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function rsqrt(int256 v, uint256 n) pure returns(int256 mantissa, int256 shift)
func (referenceLibraries *ReferenceLibraries) PackRsqrt(v *big.Int, n *big.Int) []byte {
	enc, err := referenceLibraries.abi.Pack("rsqrt", v, n)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackRsqrt is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xe51f1711.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function rsqrt(int256 v, uint256 n) pure returns(int256 mantissa, int256 shift)
func (referenceLibraries *ReferenceLibraries) TryPackRsqrt(v *big.Int, n *big.Int) ([]byte, error) {
	return referenceLibraries.abi.Pack("rsqrt", v, n)
}

// RsqrtOutput serves as a container for the return parameters of contract
// method Rsqrt.
type RsqrtOutput struct {
	Mantissa *big.Int
	Shift    *big.Int
}

// UnpackRsqrt is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xe51f1711.
//
// Solidity: function rsqrt(int256 v, uint256 n) pure returns(int256 mantissa, int256 shift)
func (referenceLibraries *ReferenceLibraries) UnpackRsqrt(data []byte) (RsqrtOutput, error) {
	out, err := referenceLibraries.abi.Unpack("rsqrt", data)
	outstruct := new(RsqrtOutput)
	if err != nil {
		return *outstruct, err
	}
	outstruct.Mantissa = abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	outstruct.Shift = abi.ConvertType(out[1], new(big.Int)).(*big.Int)
	return *outstruct, nil
}

// PackSaturate is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xf555226f.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function saturate(int256 x) pure returns(int256)
func (referenceLibraries *ReferenceLibraries) PackSaturate(x *big.Int) []byte {
	enc, err := referenceLibraries.abi.Pack("saturate", x)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSaturate is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xf555226f.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function saturate(int256 x) pure returns(int256)
func (referenceLibraries *ReferenceLibraries) TryPackSaturate(x *big.Int) ([]byte, error) {
	return referenceLibraries.abi.Pack("saturate", x)
}

// UnpackSaturate is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xf555226f.
//
// Solidity: function saturate(int256 x) pure returns(int256)
func (referenceLibraries *ReferenceLibraries) UnpackSaturate(data []byte) (*big.Int, error) {
	out, err := referenceLibraries.abi.Unpack("saturate", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackSilu is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xf74e05bc.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function silu(int256 g) pure returns(int256)
func (referenceLibraries *ReferenceLibraries) PackSilu(g *big.Int) []byte {
	enc, err := referenceLibraries.abi.Pack("silu", g)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSilu is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xf74e05bc.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function silu(int256 g) pure returns(int256)
func (referenceLibraries *ReferenceLibraries) TryPackSilu(g *big.Int) ([]byte, error) {
	return referenceLibraries.abi.Pack("silu", g)
}

// UnpackSilu is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xf74e05bc.
//
// Solidity: function silu(int256 g) pure returns(int256)
func (referenceLibraries *ReferenceLibraries) UnpackSilu(data []byte) (*big.Int, error) {
	out, err := referenceLibraries.abi.Unpack("silu", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackSincos is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x85d8f8da.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function sincos(uint64 turns) pure returns(int256 sin, int256 cos)
func (referenceLibraries *ReferenceLibraries) PackSincos(turns uint64) []byte {
	enc, err := referenceLibraries.abi.Pack("sincos", turns)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSincos is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x85d8f8da.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function sincos(uint64 turns) pure returns(int256 sin, int256 cos)
func (referenceLibraries *ReferenceLibraries) TryPackSincos(turns uint64) ([]byte, error) {
	return referenceLibraries.abi.Pack("sincos", turns)
}

// SincosOutput serves as a container for the return parameters of contract
// method Sincos.
type SincosOutput struct {
	Sin *big.Int
	Cos *big.Int
}

// UnpackSincos is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x85d8f8da.
//
// Solidity: function sincos(uint64 turns) pure returns(int256 sin, int256 cos)
func (referenceLibraries *ReferenceLibraries) UnpackSincos(data []byte) (SincosOutput, error) {
	out, err := referenceLibraries.abi.Unpack("sincos", data)
	outstruct := new(SincosOutput)
	if err != nil {
		return *outstruct, err
	}
	outstruct.Sin = abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	outstruct.Cos = abi.ConvertType(out[1], new(big.Int)).(*big.Int)
	return *outstruct, nil
}

// PackSumOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x58dbc832.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function sumOf(bytes a, uint256 width) pure returns(int256)
func (referenceLibraries *ReferenceLibraries) PackSumOf(a []byte, width *big.Int) []byte {
	enc, err := referenceLibraries.abi.Pack("sumOf", a, width)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSumOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x58dbc832.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function sumOf(bytes a, uint256 width) pure returns(int256)
func (referenceLibraries *ReferenceLibraries) TryPackSumOf(a []byte, width *big.Int) ([]byte, error) {
	return referenceLibraries.abi.Pack("sumOf", a, width)
}

// UnpackSumOf is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x58dbc832.
//
// Solidity: function sumOf(bytes a, uint256 width) pure returns(int256)
func (referenceLibraries *ReferenceLibraries) UnpackSumOf(data []byte) (*big.Int, error) {
	out, err := referenceLibraries.abi.Unpack("sumOf", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackTensorShape is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x13e1d485.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function tensorShape((uint256,uint256,uint256,uint256,uint256,uint256,uint256,bool,bool,bool,uint256,bytes32) arch, uint8 t) pure returns(uint256 rows, uint256 cols, uint256 width)
func (referenceLibraries *ReferenceLibraries) PackTensorShape(arch Arch, t uint8) []byte {
	enc, err := referenceLibraries.abi.Pack("tensorShape", arch, t)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackTensorShape is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x13e1d485.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function tensorShape((uint256,uint256,uint256,uint256,uint256,uint256,uint256,bool,bool,bool,uint256,bytes32) arch, uint8 t) pure returns(uint256 rows, uint256 cols, uint256 width)
func (referenceLibraries *ReferenceLibraries) TryPackTensorShape(arch Arch, t uint8) ([]byte, error) {
	return referenceLibraries.abi.Pack("tensorShape", arch, t)
}

// TensorShapeOutput serves as a container for the return parameters of contract
// method TensorShape.
type TensorShapeOutput struct {
	Rows  *big.Int
	Cols  *big.Int
	Width *big.Int
}

// UnpackTensorShape is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x13e1d485.
//
// Solidity: function tensorShape((uint256,uint256,uint256,uint256,uint256,uint256,uint256,bool,bool,bool,uint256,bytes32) arch, uint8 t) pure returns(uint256 rows, uint256 cols, uint256 width)
func (referenceLibraries *ReferenceLibraries) UnpackTensorShape(data []byte) (TensorShapeOutput, error) {
	out, err := referenceLibraries.abi.Unpack("tensorShape", data)
	outstruct := new(TensorShapeOutput)
	if err != nil {
		return *outstruct, err
	}
	outstruct.Rows = abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	outstruct.Cols = abi.ConvertType(out[1], new(big.Int)).(*big.Int)
	outstruct.Width = abi.ConvertType(out[2], new(big.Int)).(*big.Int)
	return *outstruct, nil
}

// UnpackError attempts to decode the provided error data using user-defined
// error definitions.
func (referenceLibraries *ReferenceLibraries) UnpackError(raw []byte) (any, error) {
	if bytes.Equal(raw[:4], referenceLibraries.abi.Errors["NodesRefused"].ID.Bytes()[:4]) {
		return referenceLibraries.UnpackNodesRefusedError(raw[4:])
	}
	if bytes.Equal(raw[:4], referenceLibraries.abi.Errors["NotUnderRoot"].ID.Bytes()[:4]) {
		return referenceLibraries.UnpackNotUnderRootError(raw[4:])
	}
	if bytes.Equal(raw[:4], referenceLibraries.abi.Errors["OutOfDomain"].ID.Bytes()[:4]) {
		return referenceLibraries.UnpackOutOfDomainError(raw[4:])
	}
	if bytes.Equal(raw[:4], referenceLibraries.abi.Errors["ShapeRefused"].ID.Bytes()[:4]) {
		return referenceLibraries.UnpackShapeRefusedError(raw[4:])
	}
	return nil, errors.New("Unknown error")
}

// ReferenceLibrariesNodesRefused represents a NodesRefused error raised by the ReferenceLibraries contract.
type ReferenceLibrariesNodesRefused struct {
	Length *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NodesRefused(uint256 length)
func ReferenceLibrariesNodesRefusedErrorID() common.Hash {
	return common.HexToHash("0xc84458ec4b885409e5ac92f855f394a504f14bd97e31e05c4f54ffec47f74863")
}

// UnpackNodesRefusedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NodesRefused(uint256 length)
func (referenceLibraries *ReferenceLibraries) UnpackNodesRefusedError(raw []byte) (*ReferenceLibrariesNodesRefused, error) {
	out := new(ReferenceLibrariesNodesRefused)
	if err := referenceLibraries.abi.UnpackIntoInterface(out, "NodesRefused", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// ReferenceLibrariesNotUnderRoot represents a NotUnderRoot error raised by the ReferenceLibraries contract.
type ReferenceLibrariesNotUnderRoot struct {
	Hash [32]byte
	Root [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NotUnderRoot(bytes32 hash, bytes32 root)
func ReferenceLibrariesNotUnderRootErrorID() common.Hash {
	return common.HexToHash("0xabe1d105cc455b74da7c7088f8a07168bf7514ca64870905271f7704612f1379")
}

// UnpackNotUnderRootError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NotUnderRoot(bytes32 hash, bytes32 root)
func (referenceLibraries *ReferenceLibraries) UnpackNotUnderRootError(raw []byte) (*ReferenceLibrariesNotUnderRoot, error) {
	out := new(ReferenceLibrariesNotUnderRoot)
	if err := referenceLibraries.abi.UnpackIntoInterface(out, "NotUnderRoot", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// ReferenceLibrariesOutOfDomain represents a OutOfDomain error raised by the ReferenceLibraries contract.
type ReferenceLibrariesOutOfDomain struct {
	Value *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error OutOfDomain(int256 value)
func ReferenceLibrariesOutOfDomainErrorID() common.Hash {
	return common.HexToHash("0x2db808bae0a4183cb5fb8529eb359869ae21168b5c993b5a7aec81fe44d167bc")
}

// UnpackOutOfDomainError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error OutOfDomain(int256 value)
func (referenceLibraries *ReferenceLibraries) UnpackOutOfDomainError(raw []byte) (*ReferenceLibrariesOutOfDomain, error) {
	out := new(ReferenceLibrariesOutOfDomain)
	if err := referenceLibraries.abi.UnpackIntoInterface(out, "OutOfDomain", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// ReferenceLibrariesShapeRefused represents a ShapeRefused error raised by the ReferenceLibraries contract.
type ReferenceLibrariesShapeRefused struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ShapeRefused()
func ReferenceLibrariesShapeRefusedErrorID() common.Hash {
	return common.HexToHash("0xeff5189d4ee295c8a0b42ac59b91c3c63cec6fe32bf0ca3f630e0f08a18c08fb")
}

// UnpackShapeRefusedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ShapeRefused()
func (referenceLibraries *ReferenceLibraries) UnpackShapeRefusedError(raw []byte) (*ReferenceLibrariesShapeRefused, error) {
	out := new(ReferenceLibrariesShapeRefused)
	if err := referenceLibraries.abi.UnpackIntoInterface(out, "ShapeRefused", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// RefundPoolMetaData contains all meta data concerning the RefundPool contract.
var RefundPoolMetaData = bind.MetaData{
	ABI: "[{\"inputs\":[{\"components\":[{\"internalType\":\"address\",\"name\":\"allocationManager\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"keyRegistrar\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"strategyManager\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"strategy\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"serviceManager\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"batchRegistry\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"operatorTable\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"attestationRegistry\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"faultManager\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"refundPool\",\"type\":\"address\"}],\"internalType\":\"structSystem\",\"name\":\"system\",\"type\":\"tuple\"}],\"stateMutability\":\"nonpayable\",\"type\":\"constructor\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"faultId\",\"type\":\"bytes32\"},{\"components\":[{\"internalType\":\"address\",\"name\":\"provider\",\"type\":\"address\"},{\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"sequence\",\"type\":\"uint64\"},{\"internalType\":\"bytes32\",\"name\":\"specId\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"requestHash\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"outputHash\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"evidenceHash\",\"type\":\"bytes32\"},{\"internalType\":\"uint32\",\"name\":\"promptTokens\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"outputTokens\",\"type\":\"uint32\"},{\"internalType\":\"bytes32\",\"name\":\"clientNonce\",\"type\":\"bytes32\"},{\"internalType\":\"uint64\",\"name\":\"time\",\"type\":\"uint64\"}],\"internalType\":\"structReceipt\",\"name\":\"receipt\",\"type\":\"tuple\"},{\"internalType\":\"bytes32[]\",\"name\":\"proof\",\"type\":\"bytes32[]\"},{\"internalType\":\"address\",\"name\":\"buyer\",\"type\":\"address\"},{\"internalType\":\"bytes32\",\"name\":\"secret\",\"type\":\"bytes32\"}],\"name\":\"claim\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"}],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"faultId\",\"type\":\"bytes32\"},{\"internalType\":\"uint64\",\"name\":\"leaf\",\"type\":\"uint64\"}],\"name\":\"claimed\",\"outputs\":[{\"internalType\":\"bool\",\"name\":\"\",\"type\":\"bool\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"faultId\",\"type\":\"bytes32\"}],\"name\":\"collect\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"}],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"faultId\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"batchId\",\"type\":\"bytes32\"},{\"internalType\":\"uint256\",\"name\":\"slashId\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"shares\",\"type\":\"uint256\"}],\"name\":\"open\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"owed\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"faultId\",\"type\":\"bytes32\"}],\"name\":\"pot\",\"outputs\":[{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"batchId\",\"type\":\"bytes32\"},{\"internalType\":\"uint64\",\"name\":\"leafCount\",\"type\":\"uint64\"},{\"internalType\":\"bool\",\"name\":\"collected\",\"type\":\"bool\"},{\"internalType\":\"uint256\",\"name\":\"slashId\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"shares\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"}],\"internalType\":\"structPot\",\"name\":\"\",\"type\":\"tuple\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"token\",\"outputs\":[{\"internalType\":\"address\",\"name\":\"\",\"type\":\"address\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"faultId\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"}],\"name\":\"PotCollected\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"faultId\",\"type\":\"bytes32\"},{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"batchId\",\"type\":\"bytes32\"},{\"indexed\":true,\"internalType\":\"uint256\",\"name\":\"slashId\",\"type\":\"uint256\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"shares\",\"type\":\"uint256\"}],\"name\":\"PotOpened\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"faultId\",\"type\":\"bytes32\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"buyer\",\"type\":\"address\"},{\"indexed\":true,\"internalType\":\"uint64\",\"name\":\"leaf\",\"type\":\"uint64\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"}],\"name\":\"Refunded\",\"type\":\"event\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"faultId\",\"type\":\"bytes32\"},{\"internalType\":\"uint64\",\"name\":\"leaf\",\"type\":\"uint64\"}],\"name\":\"AlreadyClaimed\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"faultId\",\"type\":\"bytes32\"}],\"name\":\"AlreadyCollected\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"buyer\",\"type\":\"address\"}],\"name\":\"NotBuyer\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"faultId\",\"type\":\"bytes32\"}],\"name\":\"NotCollected\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"caller\",\"type\":\"address\"}],\"name\":\"NotFaultManager\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"faultId\",\"type\":\"bytes32\"}],\"name\":\"PotUnknown\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"ReentrancyGuardReentrantCall\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"token\",\"type\":\"address\"}],\"name\":\"SafeERC20FailedOperation\",\"type\":\"error\"}]",
	ID:  "f581eed1bbf4735dff539c615d0b3e9ef8",
	Bin: "0x6101408060405234610211576101408161140f8038038091610021828561023c565b833981010312610211576040516101408101906001600160401b03821181831017610228576004926020926040526100588161025f565b825261006583820161025f565b838301526100756040820161025f565b91604081019283526100896060830161025f565b926060820193845261009d6080840161025f565b91608081019283526100b160a0850161025f565b908160a08201526100c460c0860161025f565b60c08201526100d560e0860161025f565b60e08201526101206100fd816100ee610100890161025f565b9761010085019889520161025f565b91015260017f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f00556001600160a01b039081166080529051811660a0528351811660c0529051811660e05290518116610100529051604051632495a59960e01b815293849290918391165afa90811561021d575f916101df575b506001600160a01b03166101205260405161119b908161027482396080518181816101dd01526106f4015260a05181610b29015260c05181610bc6015260e05181610a6e015261010051816101580152610120518181816095015281816107e70152610aad0152f35b90506020813d602011610215575b816101fa6020938361023c565b810103126102115761020b9061025f565b5f610176565b5f80fd5b3d91506101ed565b6040513d5f823e3d90fd5b634e487b7160e01b5f52604160045260245ffd5b601f909101601f19168101906001600160401b0382119082101761022857604052565b51906001600160a01b03821682036102115756fe6080806040526004361015610012575f80fd5b5f3560e01c90816303f60a7814610f7957508063497777d5146109d35780636fe7c792146104735780639b11716914610139578063c87d67791461011c578063d2890cf2146100bd5763fc0c546a14610069575f80fd5b346100b9575f6003193601126100b957602060405173ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000168152f35b5f80fd5b346100b95760406003193601126100b95760243567ffffffffffffffff81168091036100b9576101126020916004355f526001835260405f2060019160ff918160081c5f52602052161b60405f205416151590565b6040519015158152f35b346100b9575f6003193601126100b9576020600254604051908152f35b346100b95760806003193601126100b9576044356024356004356064357f000000000000000000000000000000000000000000000000000000000000000073ffffffffffffffffffffffffffffffffffffffff16330361044757604051907ffddaa06500000000000000000000000000000000000000000000000000000000825283600483015260e08260248173ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000165afa91821561043c575f92610310575b5060209067ffffffffffffffff60a07fcfc9b75b5ff474b9e65f5dbaaec98cdb025b80b5600a11f9d40ba03789c879959401511660046040519161025083611052565b87835284830190815260408301905f8252606084018a8152608085019186835260a08601935f85528a5f525f895260405f209651875567ffffffffffffffff600188019251167fffffffffffffffffffffffffffffffffffffffffffffffff00000000000000008354161782555115157fffffffffffffffffffffffffffffffffffffffffffffff00ffffffffffffffff68ff000000000000000083549260401b16911617905551600285015551600384015551910155604051908152a4005b915060e0823d60e011610434575b8161032b60e0938361106e565b810103126100b9576040519060e0820182811067ffffffffffffffff82111761040757604052825173ffffffffffffffffffffffffffffffffffffffff811681036100b95760a08360c07fcfc9b75b5ff474b9e65f5dbaaec98cdb025b80b5600a11f9d40ba03789c879959667ffffffffffffffff94602097526103b08782016110bc565b878401526103c0604082016110d1565b60408401526103d1606082016110d1565b60608401526103e2608082016110bc565b60808401526103f28482016110bc565b84840152015160c0820152945050509061020d565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b3d915061031e565b6040513d5f823e3d90fd5b7fb7d2ca8a000000000000000000000000000000000000000000000000000000005f523360045260245ffd5b346100b9576101e06003193601126100b9576004356101607fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffdc3601126100b9576101843567ffffffffffffffff81116100b957366023820112156100b957806004013567ffffffffffffffff81116100b9578060051b9136602484830101116100b9576101a4359273ffffffffffffffffffffffffffffffffffffffff84168094036100b9576105216110e2565b61052a85611159565b90600182019260ff845460401c16156109a757610144359460405160208101907fbe667a44a0a069d4a0317128300bfa5a8f012467ecdc28d02968b17629b066b082528860408201526101c43560608201526060815261058b60808261106e565b519020860361097b57835495604051967f627bfecc000000000000000000000000000000000000000000000000000000008852600488015260243573ffffffffffffffffffffffffffffffffffffffff81168091036100b957602488015260443567ffffffffffffffff81168091036100b957604488015260643567ffffffffffffffff81168091036100b9576064880152608435608488015260a43560a488015260c43560c488015260e43560e48801526101043563ffffffff81168091036100b9576101048801526101243563ffffffff81168091036100b957610124880152610144870152610164359067ffffffffffffffff82168092036100b9577f07ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff916101648801526101a0610184880152806101a4880152116100b9576101c48583602094602483950184840137810103018173ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000165afa92831561043c575f9361093f575b50845f52600160205260405f209261075e67ffffffffffffffff8216809560019160ff918160081c5f52602052161b60405f205416151590565b61090f5767ffffffffffffffff91600491875f52600160205260405f2066ffffffffffffff8260081c165f52602052600160ff60405f2092161b8154179055015491541680156108e257839104936107b8856002546110af565b6002557ff27308bce7fa5f090ba1d055e8503344cf10ff5f66e157513f7681148897cd2e6020604051878152a47f000000000000000000000000000000000000000000000000000000000000000091604051917fa9059cbb000000000000000000000000000000000000000000000000000000005f526004528060245260205f60448180875af160015f51148116156108c3575b8260405215610881576020925060017f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f00558152f35b73ffffffffffffffffffffffffffffffffffffffff837f5274afe7000000000000000000000000000000000000000000000000000000005f521660045260245ffd5b60018115166108d957833b15153d15161661084c565b823d5f823e3d90fd5b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601260045260245ffd5b83867f87cde761000000000000000000000000000000000000000000000000000000005f5260045260245260445ffd5b9092506020813d602011610973575b8161095b6020938361106e565b810103126100b95761096c906110bc565b9185610724565b3d915061094e565b867f0eed4964000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b867f93a2f35f000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b346100b95760206003193601126100b9576004356109ef6110e2565b6109f881611159565b60018101805460ff8160401c16610f4d577fffffffffffffffffffffffffffffffffffffffffffffff00ffffffffffffffff680100000000000000009116179055604051906040820182811067ffffffffffffffff8211176104075760405273ffffffffffffffffffffffffffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001682525f602083015273ffffffffffffffffffffffffffffffffffffffff7f000000000000000000000000000000000000000000000000000000000000000016604051927f70a08231000000000000000000000000000000000000000000000000000000008452306004850152602084602481855afa93841561043c575f94610f19575b5073ffffffffffffffffffffffffffffffffffffffff7f000000000000000000000000000000000000000000000000000000000000000016906002840154916040517f76fb162b000000000000000000000000000000000000000000000000000000008152610ba9600482018463ffffffff6020809273ffffffffffffffffffffffffffffffffffffffff8151168552015116910152565b83604482015273ffffffffffffffffffffffffffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001690816064820152602081608481865afa90811561043c575f91610ee7575b5015610e41575060645f9283610c6f9360405196879586947f88c10299000000000000000000000000000000000000000000000000000000008652600486019063ffffffff6020809273ffffffffffffffffffffffffffffffffffffffff8151168552015116910152565b60448401525af1801561043c57610da3575b506020602491604051928380927f70a082310000000000000000000000000000000000000000000000000000000082523060048301525afa90811561043c575f91610d70575b50600492610cd4916110af565b9182915b015560025491818301809311610d43576020926002557f0c6580ba63a9baed20f896a80142141d90e7ccfecdd10730fa6ab1a07854c4f283604051848152a260017f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f0055604051908152f35b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601160045260245ffd5b90506020813d602011610d9b575b81610d8b6020938361106e565b810103126100b957516004610cc7565b3d9150610d7e565b3d805f833e610db2818361106e565b8101906020818303126100b95780519067ffffffffffffffff82116100b957019080601f830112156100b95781519167ffffffffffffffff8311610407578260051b9060405193610e06602084018661106e565b84526020808501928201019283116100b957602001905b828210610e31575060209250610c81915050565b8151815260209182019101610e1d565b959350505050602060038301546024604051809681937f7a8b263700000000000000000000000000000000000000000000000000000000835260048301525afa92831561043c575f93610eb1575b5091610ea0600493600254906110af565b908180821091180218918291610cd8565b92506020833d602011610edf575b81610ecc6020938361106e565b810103126100b957915191610ea0610e8f565b3d9150610ebf565b90506020813d602011610f11575b81610f026020938361106e565b810103126100b9575189610c04565b3d9150610ef5565b9093506020813d602011610f45575b81610f356020938361106e565b810103126100b957519285610b11565b3d9150610f28565b837fb5b3f351000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b346100b95760206003193601126100b95760a081610f975f93611052565b82815282602082015282604082015282606082015282608082015201526004355f525f60205260c060405f20604051610fcf81611052565b8154918282526001810154602083019067ffffffffffffffff8116825260ff604085019160401c161515815267ffffffffffffffff6002840154926060860193845260a0600460038701549660808901978852015496019586526040519687525116602086015251151560408501525160608401525160808301525160a0820152f35b60c0810190811067ffffffffffffffff82111761040757604052565b90601f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0910116810190811067ffffffffffffffff82111761040757604052565b91908203918211610d4357565b519067ffffffffffffffff821682036100b957565b519063ffffffff821682036100b957565b60027f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f0054146111315760027f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f0055565b7f3ee5aeb5000000000000000000000000000000000000000000000000000000005f5260045ffd5b90815f525f60205260405f20918254156111705750565b7f4347c8ec000000000000000000000000000000000000000000000000000000005f5260045260245ffd",
}

// RefundPool is an auto generated Go binding around an Ethereum contract.
type RefundPool struct {
	abi abi.ABI
}

// GetABI returns the ABI associated with this contract binding.
func (c *RefundPool) GetABI() abi.ABI {
	return c.abi
}

// NewRefundPool creates a new instance of RefundPool.
func NewRefundPool() *RefundPool {
	parsed, err := RefundPoolMetaData.ParseABI()
	if err != nil {
		panic(errors.New("invalid ABI: " + err.Error()))
	}
	return &RefundPool{abi: *parsed}
}

// Instance creates a wrapper for a deployed contract instance at the given address.
// Use this to create the instance object passed to abigen v2 library functions Call, Transact, etc.
func (c *RefundPool) Instance(backend bind.ContractBackend, addr common.Address) *bind.BoundContract {
	return bind.NewBoundContract(addr, c.abi, backend, backend, backend)
}

// PackConstructor is the Go binding used to pack the parameters required for
// contract deployment.
//
// Solidity: constructor((address,address,address,address,address,address,address,address,address,address) system) returns()
func (refundPool *RefundPool) PackConstructor(system System) []byte {
	enc, err := refundPool.abi.Pack("", system)
	if err != nil {
		panic(err)
	}
	return enc
}

// PackClaim is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x6fe7c792.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function claim(bytes32 faultId, (address,uint64,uint64,bytes32,bytes32,bytes32,bytes32,uint32,uint32,bytes32,uint64) receipt, bytes32[] proof, address buyer, bytes32 secret) returns(uint256 amount)
func (refundPool *RefundPool) PackClaim(faultId [32]byte, receipt Receipt, proof [][32]byte, buyer common.Address, secret [32]byte) []byte {
	enc, err := refundPool.abi.Pack("claim", faultId, receipt, proof, buyer, secret)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackClaim is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x6fe7c792.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function claim(bytes32 faultId, (address,uint64,uint64,bytes32,bytes32,bytes32,bytes32,uint32,uint32,bytes32,uint64) receipt, bytes32[] proof, address buyer, bytes32 secret) returns(uint256 amount)
func (refundPool *RefundPool) TryPackClaim(faultId [32]byte, receipt Receipt, proof [][32]byte, buyer common.Address, secret [32]byte) ([]byte, error) {
	return refundPool.abi.Pack("claim", faultId, receipt, proof, buyer, secret)
}

// UnpackClaim is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x6fe7c792.
//
// Solidity: function claim(bytes32 faultId, (address,uint64,uint64,bytes32,bytes32,bytes32,bytes32,uint32,uint32,bytes32,uint64) receipt, bytes32[] proof, address buyer, bytes32 secret) returns(uint256 amount)
func (refundPool *RefundPool) UnpackClaim(data []byte) (*big.Int, error) {
	out, err := refundPool.abi.Unpack("claim", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackClaimed is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xd2890cf2.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function claimed(bytes32 faultId, uint64 leaf) view returns(bool)
func (refundPool *RefundPool) PackClaimed(faultId [32]byte, leaf uint64) []byte {
	enc, err := refundPool.abi.Pack("claimed", faultId, leaf)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackClaimed is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xd2890cf2.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function claimed(bytes32 faultId, uint64 leaf) view returns(bool)
func (refundPool *RefundPool) TryPackClaimed(faultId [32]byte, leaf uint64) ([]byte, error) {
	return refundPool.abi.Pack("claimed", faultId, leaf)
}

// UnpackClaimed is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xd2890cf2.
//
// Solidity: function claimed(bytes32 faultId, uint64 leaf) view returns(bool)
func (refundPool *RefundPool) UnpackClaimed(data []byte) (bool, error) {
	out, err := refundPool.abi.Unpack("claimed", data)
	if err != nil {
		return *new(bool), err
	}
	out0 := *abi.ConvertType(out[0], new(bool)).(*bool)
	return out0, nil
}

// PackCollect is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x497777d5.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function collect(bytes32 faultId) returns(uint256 amount)
func (refundPool *RefundPool) PackCollect(faultId [32]byte) []byte {
	enc, err := refundPool.abi.Pack("collect", faultId)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackCollect is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x497777d5.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function collect(bytes32 faultId) returns(uint256 amount)
func (refundPool *RefundPool) TryPackCollect(faultId [32]byte) ([]byte, error) {
	return refundPool.abi.Pack("collect", faultId)
}

// UnpackCollect is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x497777d5.
//
// Solidity: function collect(bytes32 faultId) returns(uint256 amount)
func (refundPool *RefundPool) UnpackCollect(data []byte) (*big.Int, error) {
	out, err := refundPool.abi.Unpack("collect", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackOpen is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x9b117169.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function open(bytes32 faultId, bytes32 batchId, uint256 slashId, uint256 shares) returns()
func (refundPool *RefundPool) PackOpen(faultId [32]byte, batchId [32]byte, slashId *big.Int, shares *big.Int) []byte {
	enc, err := refundPool.abi.Pack("open", faultId, batchId, slashId, shares)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackOpen is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x9b117169.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function open(bytes32 faultId, bytes32 batchId, uint256 slashId, uint256 shares) returns()
func (refundPool *RefundPool) TryPackOpen(faultId [32]byte, batchId [32]byte, slashId *big.Int, shares *big.Int) ([]byte, error) {
	return refundPool.abi.Pack("open", faultId, batchId, slashId, shares)
}

// PackOwed is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xc87d6779.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function owed() view returns(uint256)
func (refundPool *RefundPool) PackOwed() []byte {
	enc, err := refundPool.abi.Pack("owed")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackOwed is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xc87d6779.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function owed() view returns(uint256)
func (refundPool *RefundPool) TryPackOwed() ([]byte, error) {
	return refundPool.abi.Pack("owed")
}

// UnpackOwed is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xc87d6779.
//
// Solidity: function owed() view returns(uint256)
func (refundPool *RefundPool) UnpackOwed(data []byte) (*big.Int, error) {
	out, err := refundPool.abi.Unpack("owed", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackPot is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x03f60a78.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function pot(bytes32 faultId) view returns((bytes32,uint64,bool,uint256,uint256,uint256))
func (refundPool *RefundPool) PackPot(faultId [32]byte) []byte {
	enc, err := refundPool.abi.Pack("pot", faultId)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackPot is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x03f60a78.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function pot(bytes32 faultId) view returns((bytes32,uint64,bool,uint256,uint256,uint256))
func (refundPool *RefundPool) TryPackPot(faultId [32]byte) ([]byte, error) {
	return refundPool.abi.Pack("pot", faultId)
}

// UnpackPot is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x03f60a78.
//
// Solidity: function pot(bytes32 faultId) view returns((bytes32,uint64,bool,uint256,uint256,uint256))
func (refundPool *RefundPool) UnpackPot(data []byte) (Pot, error) {
	out, err := refundPool.abi.Unpack("pot", data)
	if err != nil {
		return *new(Pot), err
	}
	out0 := *abi.ConvertType(out[0], new(Pot)).(*Pot)
	return out0, nil
}

// PackToken is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xfc0c546a.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function token() view returns(address)
func (refundPool *RefundPool) PackToken() []byte {
	enc, err := refundPool.abi.Pack("token")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackToken is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xfc0c546a.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function token() view returns(address)
func (refundPool *RefundPool) TryPackToken() ([]byte, error) {
	return refundPool.abi.Pack("token")
}

// UnpackToken is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xfc0c546a.
//
// Solidity: function token() view returns(address)
func (refundPool *RefundPool) UnpackToken(data []byte) (common.Address, error) {
	out, err := refundPool.abi.Unpack("token", data)
	if err != nil {
		return *new(common.Address), err
	}
	out0 := *abi.ConvertType(out[0], new(common.Address)).(*common.Address)
	return out0, nil
}

// RefundPoolPotCollected represents a PotCollected event raised by the RefundPool contract.
type RefundPoolPotCollected struct {
	FaultId [32]byte
	Amount  *big.Int
	Raw     *types.Log // Blockchain specific contextual infos
}

const RefundPoolPotCollectedEventName = "PotCollected"

// ContractEventName returns the user-defined event name.
func (RefundPoolPotCollected) ContractEventName() string {
	return RefundPoolPotCollectedEventName
}

// UnpackPotCollectedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event PotCollected(bytes32 indexed faultId, uint256 amount)
func (refundPool *RefundPool) UnpackPotCollectedEvent(log *types.Log) (*RefundPoolPotCollected, error) {
	event := "PotCollected"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != refundPool.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(RefundPoolPotCollected)
	if len(log.Data) > 0 {
		if err := refundPool.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range refundPool.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// RefundPoolPotOpened represents a PotOpened event raised by the RefundPool contract.
type RefundPoolPotOpened struct {
	FaultId [32]byte
	BatchId [32]byte
	SlashId *big.Int
	Shares  *big.Int
	Raw     *types.Log // Blockchain specific contextual infos
}

const RefundPoolPotOpenedEventName = "PotOpened"

// ContractEventName returns the user-defined event name.
func (RefundPoolPotOpened) ContractEventName() string {
	return RefundPoolPotOpenedEventName
}

// UnpackPotOpenedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event PotOpened(bytes32 indexed faultId, bytes32 indexed batchId, uint256 indexed slashId, uint256 shares)
func (refundPool *RefundPool) UnpackPotOpenedEvent(log *types.Log) (*RefundPoolPotOpened, error) {
	event := "PotOpened"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != refundPool.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(RefundPoolPotOpened)
	if len(log.Data) > 0 {
		if err := refundPool.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range refundPool.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// RefundPoolRefunded represents a Refunded event raised by the RefundPool contract.
type RefundPoolRefunded struct {
	FaultId [32]byte
	Buyer   common.Address
	Leaf    uint64
	Amount  *big.Int
	Raw     *types.Log // Blockchain specific contextual infos
}

const RefundPoolRefundedEventName = "Refunded"

// ContractEventName returns the user-defined event name.
func (RefundPoolRefunded) ContractEventName() string {
	return RefundPoolRefundedEventName
}

// UnpackRefundedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Refunded(bytes32 indexed faultId, address indexed buyer, uint64 indexed leaf, uint256 amount)
func (refundPool *RefundPool) UnpackRefundedEvent(log *types.Log) (*RefundPoolRefunded, error) {
	event := "Refunded"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != refundPool.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(RefundPoolRefunded)
	if len(log.Data) > 0 {
		if err := refundPool.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range refundPool.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// UnpackError attempts to decode the provided error data using user-defined
// error definitions.
func (refundPool *RefundPool) UnpackError(raw []byte) (any, error) {
	if bytes.Equal(raw[:4], refundPool.abi.Errors["AlreadyClaimed"].ID.Bytes()[:4]) {
		return refundPool.UnpackAlreadyClaimedError(raw[4:])
	}
	if bytes.Equal(raw[:4], refundPool.abi.Errors["AlreadyCollected"].ID.Bytes()[:4]) {
		return refundPool.UnpackAlreadyCollectedError(raw[4:])
	}
	if bytes.Equal(raw[:4], refundPool.abi.Errors["NotBuyer"].ID.Bytes()[:4]) {
		return refundPool.UnpackNotBuyerError(raw[4:])
	}
	if bytes.Equal(raw[:4], refundPool.abi.Errors["NotCollected"].ID.Bytes()[:4]) {
		return refundPool.UnpackNotCollectedError(raw[4:])
	}
	if bytes.Equal(raw[:4], refundPool.abi.Errors["NotFaultManager"].ID.Bytes()[:4]) {
		return refundPool.UnpackNotFaultManagerError(raw[4:])
	}
	if bytes.Equal(raw[:4], refundPool.abi.Errors["PotUnknown"].ID.Bytes()[:4]) {
		return refundPool.UnpackPotUnknownError(raw[4:])
	}
	if bytes.Equal(raw[:4], refundPool.abi.Errors["ReentrancyGuardReentrantCall"].ID.Bytes()[:4]) {
		return refundPool.UnpackReentrancyGuardReentrantCallError(raw[4:])
	}
	if bytes.Equal(raw[:4], refundPool.abi.Errors["SafeERC20FailedOperation"].ID.Bytes()[:4]) {
		return refundPool.UnpackSafeERC20FailedOperationError(raw[4:])
	}
	return nil, errors.New("Unknown error")
}

// RefundPoolAlreadyClaimed represents a AlreadyClaimed error raised by the RefundPool contract.
type RefundPoolAlreadyClaimed struct {
	FaultId [32]byte
	Leaf    uint64
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error AlreadyClaimed(bytes32 faultId, uint64 leaf)
func RefundPoolAlreadyClaimedErrorID() common.Hash {
	return common.HexToHash("0x87cde76133722f7e147a3ae917618616726e4f6eb8c091c063fd93af1fd787ef")
}

// UnpackAlreadyClaimedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error AlreadyClaimed(bytes32 faultId, uint64 leaf)
func (refundPool *RefundPool) UnpackAlreadyClaimedError(raw []byte) (*RefundPoolAlreadyClaimed, error) {
	out := new(RefundPoolAlreadyClaimed)
	if err := refundPool.abi.UnpackIntoInterface(out, "AlreadyClaimed", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// RefundPoolAlreadyCollected represents a AlreadyCollected error raised by the RefundPool contract.
type RefundPoolAlreadyCollected struct {
	FaultId [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error AlreadyCollected(bytes32 faultId)
func RefundPoolAlreadyCollectedErrorID() common.Hash {
	return common.HexToHash("0xb5b3f35193fd12301640c4ac1378a957ca03aee357a6fd6fdab28de01a2f788f")
}

// UnpackAlreadyCollectedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error AlreadyCollected(bytes32 faultId)
func (refundPool *RefundPool) UnpackAlreadyCollectedError(raw []byte) (*RefundPoolAlreadyCollected, error) {
	out := new(RefundPoolAlreadyCollected)
	if err := refundPool.abi.UnpackIntoInterface(out, "AlreadyCollected", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// RefundPoolNotBuyer represents a NotBuyer error raised by the RefundPool contract.
type RefundPoolNotBuyer struct {
	Buyer common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NotBuyer(address buyer)
func RefundPoolNotBuyerErrorID() common.Hash {
	return common.HexToHash("0x0eed4964bdba59f1f4a6af293f1d22a09b8d0f1e14d063f9e38b143777733580")
}

// UnpackNotBuyerError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NotBuyer(address buyer)
func (refundPool *RefundPool) UnpackNotBuyerError(raw []byte) (*RefundPoolNotBuyer, error) {
	out := new(RefundPoolNotBuyer)
	if err := refundPool.abi.UnpackIntoInterface(out, "NotBuyer", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// RefundPoolNotCollected represents a NotCollected error raised by the RefundPool contract.
type RefundPoolNotCollected struct {
	FaultId [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NotCollected(bytes32 faultId)
func RefundPoolNotCollectedErrorID() common.Hash {
	return common.HexToHash("0x93a2f35f1b432d3291a246d852b3613a6fbad84fd15d107d7955a6130f03ef4d")
}

// UnpackNotCollectedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NotCollected(bytes32 faultId)
func (refundPool *RefundPool) UnpackNotCollectedError(raw []byte) (*RefundPoolNotCollected, error) {
	out := new(RefundPoolNotCollected)
	if err := refundPool.abi.UnpackIntoInterface(out, "NotCollected", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// RefundPoolNotFaultManager represents a NotFaultManager error raised by the RefundPool contract.
type RefundPoolNotFaultManager struct {
	Caller common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NotFaultManager(address caller)
func RefundPoolNotFaultManagerErrorID() common.Hash {
	return common.HexToHash("0xb7d2ca8a04ce0b0a8f302d8d61c35867ec874ad56728a5f371269ae1cfc69faf")
}

// UnpackNotFaultManagerError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NotFaultManager(address caller)
func (refundPool *RefundPool) UnpackNotFaultManagerError(raw []byte) (*RefundPoolNotFaultManager, error) {
	out := new(RefundPoolNotFaultManager)
	if err := refundPool.abi.UnpackIntoInterface(out, "NotFaultManager", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// RefundPoolPotUnknown represents a PotUnknown error raised by the RefundPool contract.
type RefundPoolPotUnknown struct {
	FaultId [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error PotUnknown(bytes32 faultId)
func RefundPoolPotUnknownErrorID() common.Hash {
	return common.HexToHash("0x4347c8ec6d69accaa391d90a1d2b1fa909d7b15c3141c2f722543cb0131a003f")
}

// UnpackPotUnknownError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error PotUnknown(bytes32 faultId)
func (refundPool *RefundPool) UnpackPotUnknownError(raw []byte) (*RefundPoolPotUnknown, error) {
	out := new(RefundPoolPotUnknown)
	if err := refundPool.abi.UnpackIntoInterface(out, "PotUnknown", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// RefundPoolReentrancyGuardReentrantCall represents a ReentrancyGuardReentrantCall error raised by the RefundPool contract.
type RefundPoolReentrancyGuardReentrantCall struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ReentrancyGuardReentrantCall()
func RefundPoolReentrancyGuardReentrantCallErrorID() common.Hash {
	return common.HexToHash("0x3ee5aeb571de7fc460830b4d0017439a1ca56fb0bc39062227ade4fe4a24c1ca")
}

// UnpackReentrancyGuardReentrantCallError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ReentrancyGuardReentrantCall()
func (refundPool *RefundPool) UnpackReentrancyGuardReentrantCallError(raw []byte) (*RefundPoolReentrancyGuardReentrantCall, error) {
	out := new(RefundPoolReentrancyGuardReentrantCall)
	if err := refundPool.abi.UnpackIntoInterface(out, "ReentrancyGuardReentrantCall", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// RefundPoolSafeERC20FailedOperation represents a SafeERC20FailedOperation error raised by the RefundPool contract.
type RefundPoolSafeERC20FailedOperation struct {
	Token common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error SafeERC20FailedOperation(address token)
func RefundPoolSafeERC20FailedOperationErrorID() common.Hash {
	return common.HexToHash("0x5274afe73c98b4749fc91ffae6b7b574e7842cb2144a159e9377a5f20b32edf9")
}

// UnpackSafeERC20FailedOperationError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error SafeERC20FailedOperation(address token)
func (refundPool *RefundPool) UnpackSafeERC20FailedOperationError(raw []byte) (*RefundPoolSafeERC20FailedOperation, error) {
	out := new(RefundPoolSafeERC20FailedOperation)
	if err := refundPool.abi.UnpackIntoInterface(out, "SafeERC20FailedOperation", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// ServiceManagerMetaData contains all meta data concerning the ServiceManager contract.
var ServiceManagerMetaData = bind.MetaData{
	ABI: "[{\"inputs\":[{\"components\":[{\"internalType\":\"address\",\"name\":\"allocationManager\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"keyRegistrar\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"strategyManager\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"strategy\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"serviceManager\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"batchRegistry\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"operatorTable\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"attestationRegistry\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"faultManager\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"refundPool\",\"type\":\"address\"}],\"internalType\":\"structSystem\",\"name\":\"system\",\"type\":\"tuple\"},{\"internalType\":\"string\",\"name\":\"metadataURI\",\"type\":\"string\"}],\"stateMutability\":\"nonpayable\",\"type\":\"constructor\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"operator\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"avs\",\"type\":\"address\"},{\"internalType\":\"uint32[]\",\"name\":\"operatorSetIds\",\"type\":\"uint32[]\"}],\"name\":\"deregisterOperator\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"operator\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"avs\",\"type\":\"address\"},{\"internalType\":\"uint32[]\",\"name\":\"operatorSetIds\",\"type\":\"uint32[]\"},{\"internalType\":\"bytes\",\"name\":\"\",\"type\":\"bytes\"}],\"name\":\"registerOperator\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint32\",\"name\":\"operatorSetId\",\"type\":\"uint32\"},{\"internalType\":\"address\",\"name\":\"operator\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"wad\",\"type\":\"uint256\"},{\"internalType\":\"string\",\"name\":\"description\",\"type\":\"string\"}],\"name\":\"slash\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"slashId\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"shares\",\"type\":\"uint256\"}],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint32\",\"name\":\"operatorSetId\",\"type\":\"uint32\"},{\"internalType\":\"address\",\"name\":\"operator\",\"type\":\"address\"}],\"name\":\"slashableStake\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"avs\",\"type\":\"address\"}],\"name\":\"supportsAVS\",\"outputs\":[{\"internalType\":\"bool\",\"name\":\"\",\"type\":\"bool\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"operator\",\"type\":\"address\"},{\"internalType\":\"uint32\",\"name\":\"operatorSetId\",\"type\":\"uint32\"}],\"name\":\"NoSlashableStake\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"caller\",\"type\":\"address\"}],\"name\":\"NotAllocationManager\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"caller\",\"type\":\"address\"}],\"name\":\"NotFaultManager\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint8\",\"name\":\"bits\",\"type\":\"uint8\"},{\"internalType\":\"uint256\",\"name\":\"value\",\"type\":\"uint256\"}],\"name\":\"SafeCastOverflowedUintDowncast\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"avs\",\"type\":\"address\"}],\"name\":\"WrongAVS\",\"type\":\"error\"}]",
	ID:  "614dd610df48ca7c1d52ec4e18e7e000c4",
	Bin: "0x61010080604052346104be575f6113e2803803809161001e82866104f1565b8439820182810361016081126104be57610140136104be5760405161014081016001600160401b038111828210176104c25760405261005c84610514565b815261006a60208501610514565b916020820192835261007e60408601610514565b604083015261008f60608601610514565b90606083019182526100a360808701610514565b60808401526100b460a08701610514565b60a08401526100c560c08701610514565b9260c081019384526100d960e08801610514565b60e08201526100eb6101008801610514565b61010082019081526101006101208901610514565b610120830190815261014089015190986001600160401b0382116104be57019183601f840112156104be5782516001600160401b0381116104c25760405193610153601f8301601f1916602001866104f1565b8185526020850195602083830101116104be57815f926020809301885e85010152516001600160a01b0390811660808190529551811660a0529051811660c05283511660e052833b156104be575f9060646040518094819363a982182160e01b8352306004840152604060248401525180918160448501528484015e8181018301859052601f01601f1916810103018183875af180156104b35761049e575b5060409485519161020387846104f1565b60018352601f198701865b8181106104765750505161026b919061022f906001600160a01b0316610608565b87519061023b826104d6565b8782526020820152308882015261025184610528565b5261025b83610528565b50516001600160a01b0316610608565b823b1561047257846102b39187518093819263346a0fd560e21b8352306004840152606060248401526102a16064840188610585565b83810360031901604485015290610549565b038183875af1801561046857908591610453575b505060016102d482610528565b5152813b156104185761030c849283928751948580948193633dff8e7d60e01b83523060048401528b60248401526044830190610585565b03925af1801561044957908391610430575b50505182516001600160a01b03909116908084018181106001600160401b0382111761041c578452308152602081019160018352803b1561041857845163ea0d814960e01b815291516001600160a01b03166004830152915163ffffffff166024820152600260448201529082908290606490829084905af1801561040e576103f6575b8251610da6908161063c823960805181818160d301528181610308015281816107450152610b85015260a0518181816101720152610375015260c051816104a0015260e0518181816105150152610ab10152f35b6104018280926104f1565b61040b57806103a2565b80fd5b83513d84823e3d90fd5b8380fd5b634e487b7160e01b84526041600452602484fd5b8161043a916104f1565b61044557815f61031e565b5080fd5b84513d85823e3d90fd5b8161045d916104f1565b61041857835f6102c7565b86513d87823e3d90fd5b8480fd5b6020908951610484816104d6565b898152606083820152898b8201528282880101520161020e565b6104ab9194505f906104f1565b5f925f6101f2565b6040513d5f823e3d90fd5b5f80fd5b634e487b7160e01b5f52604160045260245ffd5b606081019081106001600160401b038211176104c257604052565b601f909101601f19168101906001600160401b038211908210176104c257604052565b51906001600160a01b03821682036104be57565b8051156105355760200190565b634e487b7160e01b5f52603260045260245ffd5b90602080835192838152019201905f5b8181106105665750505090565b82516001600160a01b0316845260209384019390920191600101610559565b9080602083519182815201916020808360051b8301019401925f915b8383106105b057505050505090565b9091929394602080600192601f1985820301865288519063ffffffff825116815260406105ea848401516060868501526060840190610549565b9281878060a01b0391015116910152970193019301919392906105a1565b90604051916106186040846104f1565b600183526020368185013761062c83610528565b6001600160a01b03909116905256fe60806040526004361015610011575f80fd5b5f3560e01c80630d7197c5146104455780630f2ddef314610411578063303ca956146102a5578063b5265787146102695763c63fd50214610050575f80fd5b34610219576080600319360112610219576100696108b7565b610071610894565b60443567ffffffffffffffff811161021957610091903690600401610908565b916064359067ffffffffffffffff8211610219576100b66101189236906004016108da565b50506100fa3373ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000163314610cb2565b3073ffffffffffffffffffffffffffffffffffffffff821614610cfc565b5f5b82811061012357005b610136610131828585610d46565b610d56565b6101408582610a72565b1561021d5763ffffffff1660011461015b575b60010161011a565b73ffffffffffffffffffffffffffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001690813b15610219575f80926024604051809581937f7bbca57f00000000000000000000000000000000000000000000000000000000835273ffffffffffffffffffffffffffffffffffffffff8b1660048401525af191821561020e576001926101fe575b509050610153565b5f61020891610939565b5f6101f6565b6040513d5f823e3d90fd5b5f80fd5b63ffffffff9073ffffffffffffffffffffffffffffffffffffffff867f31239e3d000000000000000000000000000000000000000000000000000000005f52166004521660245260445ffd5b346102195760206003193601126102195760206102846108b7565b6040519073ffffffffffffffffffffffffffffffffffffffff309116148152f35b34610219576060600319360112610219576102be6108b7565b6102c6610894565b6044359067ffffffffffffffff8211610219576102ea61032f923690600401610908565b9290916100fa3373ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000163314610cb2565b5f5b82811061033a57005b600163ffffffff61034f610131848787610d46565b161461035e575b600101610331565b73ffffffffffffffffffffffffffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001690813b15610219575f80926024604051809581937fe7bdd0bf00000000000000000000000000000000000000000000000000000000835273ffffffffffffffffffffffffffffffffffffffff8b1660048401525af191821561020e57600192610401575b509050610356565b5f61040b91610939565b856103f9565b3461021957604060031936011261021957602061043d61042f610881565b610437610894565b90610a72565b604051908152f35b346102195760806003193601126102195761045e610881565b610466610894565b9060643567ffffffffffffffff8111610219576104879036906004016108da565b929073ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000163303610855576040938451906104d68683610939565b600182527fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0860136602084013760443561050f83610992565b526105397f0000000000000000000000000000000000000000000000000000000000000000610d67565b9086519460a086019086821067ffffffffffffffff8311176108285773ffffffffffffffffffffffffffffffffffffffff91895216855263ffffffff60208601961686528685019182526060850192835267ffffffffffffffff8111610828578651936105ce60207fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f8501160186610939565b81855236828201116102195760208286979594935f938363ffffffff9b990137870101526080830194855286519586947f3635205700000000000000000000000000000000000000000000000000000000865230600487015288602487015273ffffffffffffffffffffffffffffffffffffffff60e48701955116604487015251166064850152519160a060848501528251809152602061010485019301905f5b8181106107f95750505051907fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffbc8382030160a4840152602080835192838152019201905f5b8181106107e057505050816020917fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f845f97517fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffbc8686030160c48701528051918291828752018786015e878682860101520116010301818373ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000165af180156107d6575f915f9161078d575b5061078090610992565b5182519182526020820152f35b9150503d805f833e61079f8183610939565b810182828203126102195781519160208101519167ffffffffffffffff831161021957610780926107d092016109cc565b90610776565b82513d5f823e3d90fd5b82518452869450602093840193909201916001016106b4565b825173ffffffffffffffffffffffffffffffffffffffff1685528795506020948501949092019160010161066f565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b7fb7d2ca8a000000000000000000000000000000000000000000000000000000005f523360045260245ffd5b6004359063ffffffff8216820361021957565b6024359073ffffffffffffffffffffffffffffffffffffffff8216820361021957565b6004359073ffffffffffffffffffffffffffffffffffffffff8216820361021957565b9181601f840112156102195782359167ffffffffffffffff8311610219576020838186019501011161021957565b9181601f840112156102195782359167ffffffffffffffff8311610219576020808501948460051b01011161021957565b90601f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0910116810190811067ffffffffffffffff82111761082857604052565b67ffffffffffffffff81116108285760051b60200190565b80511561099f5760200190565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52603260045260245ffd5b9080601f830112156102195781516109e38161097a565b926109f16040519485610939565b81845260208085019260051b82010192831161021957602001905b828210610a195750505090565b8151815260209182019101610a0c565b90602080835192838152019201905f5b818110610a465750505090565b825173ffffffffffffffffffffffffffffffffffffffff16845260209384019390920191600101610a39565b9060405190604082019082821067ffffffffffffffff83111761082857610aab9160405230835263ffffffff6020840194168452610d67565b90610ad57f0000000000000000000000000000000000000000000000000000000000000000610d67565b9063ffffffff4311610c8157610b6073ffffffffffffffffffffffffffffffffffffffff92610b4e5f9563ffffffff60405198899788977f2bab2c4a000000000000000000000000000000000000000000000000000000008952511660048801525116602486015260a0604486015260a4850190610a29565b90600319848303016064850152610a29565b63ffffffff43166084830152038173ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000165afa90811561020e575f91610bcc575b50610bc2610bc891610992565b51610992565b5190565b90503d805f833e610bdd8183610939565b8101906020818303126102195780519067ffffffffffffffff821161021957019080601f83011215610219578151610c148161097a565b92610c226040519485610939565b81845260208085019260051b820101918383116102195760208201905b838210610c53575050505050610bc2610bb5565b815167ffffffffffffffff811161021957602091610c76878480948801016109cc565b815201910190610c3f565b7f6dfcc650000000000000000000000000000000000000000000000000000000005f5260206004524360245260445ffd5b15610cba5750565b73ffffffffffffffffffffffffffffffffffffffff907f89d4bcc4000000000000000000000000000000000000000000000000000000005f521660045260245ffd5b15610d045750565b73ffffffffffffffffffffffffffffffffffffffff907ffcc7b91d000000000000000000000000000000000000000000000000000000005f521660045260245ffd5b919081101561099f5760051b0190565b3563ffffffff811681036102195790565b9060405191610d77604084610939565b600183526020368185013773ffffffffffffffffffffffffffffffffffffffff610da084610992565b9116905256",
}

// ServiceManager is an auto generated Go binding around an Ethereum contract.
type ServiceManager struct {
	abi abi.ABI
}

// GetABI returns the ABI associated with this contract binding.
func (c *ServiceManager) GetABI() abi.ABI {
	return c.abi
}

// NewServiceManager creates a new instance of ServiceManager.
func NewServiceManager() *ServiceManager {
	parsed, err := ServiceManagerMetaData.ParseABI()
	if err != nil {
		panic(errors.New("invalid ABI: " + err.Error()))
	}
	return &ServiceManager{abi: *parsed}
}

// Instance creates a wrapper for a deployed contract instance at the given address.
// Use this to create the instance object passed to abigen v2 library functions Call, Transact, etc.
func (c *ServiceManager) Instance(backend bind.ContractBackend, addr common.Address) *bind.BoundContract {
	return bind.NewBoundContract(addr, c.abi, backend, backend, backend)
}

// PackConstructor is the Go binding used to pack the parameters required for
// contract deployment.
//
// Solidity: constructor((address,address,address,address,address,address,address,address,address,address) system, string metadataURI) returns()
func (serviceManager *ServiceManager) PackConstructor(system System, metadataURI string) []byte {
	enc, err := serviceManager.abi.Pack("", system, metadataURI)
	if err != nil {
		panic(err)
	}
	return enc
}

// PackDeregisterOperator is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x303ca956.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function deregisterOperator(address operator, address avs, uint32[] operatorSetIds) returns()
func (serviceManager *ServiceManager) PackDeregisterOperator(operator common.Address, avs common.Address, operatorSetIds []uint32) []byte {
	enc, err := serviceManager.abi.Pack("deregisterOperator", operator, avs, operatorSetIds)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackDeregisterOperator is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x303ca956.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function deregisterOperator(address operator, address avs, uint32[] operatorSetIds) returns()
func (serviceManager *ServiceManager) TryPackDeregisterOperator(operator common.Address, avs common.Address, operatorSetIds []uint32) ([]byte, error) {
	return serviceManager.abi.Pack("deregisterOperator", operator, avs, operatorSetIds)
}

// PackRegisterOperator is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xc63fd502.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function registerOperator(address operator, address avs, uint32[] operatorSetIds, bytes ) returns()
func (serviceManager *ServiceManager) PackRegisterOperator(operator common.Address, avs common.Address, operatorSetIds []uint32, arg3 []byte) []byte {
	enc, err := serviceManager.abi.Pack("registerOperator", operator, avs, operatorSetIds, arg3)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackRegisterOperator is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xc63fd502.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function registerOperator(address operator, address avs, uint32[] operatorSetIds, bytes ) returns()
func (serviceManager *ServiceManager) TryPackRegisterOperator(operator common.Address, avs common.Address, operatorSetIds []uint32, arg3 []byte) ([]byte, error) {
	return serviceManager.abi.Pack("registerOperator", operator, avs, operatorSetIds, arg3)
}

// PackSlash is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x0d7197c5.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function slash(uint32 operatorSetId, address operator, uint256 wad, string description) returns(uint256 slashId, uint256 shares)
func (serviceManager *ServiceManager) PackSlash(operatorSetId uint32, operator common.Address, wad *big.Int, description string) []byte {
	enc, err := serviceManager.abi.Pack("slash", operatorSetId, operator, wad, description)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSlash is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x0d7197c5.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function slash(uint32 operatorSetId, address operator, uint256 wad, string description) returns(uint256 slashId, uint256 shares)
func (serviceManager *ServiceManager) TryPackSlash(operatorSetId uint32, operator common.Address, wad *big.Int, description string) ([]byte, error) {
	return serviceManager.abi.Pack("slash", operatorSetId, operator, wad, description)
}

// SlashOutput serves as a container for the return parameters of contract
// method Slash.
type SlashOutput struct {
	SlashId *big.Int
	Shares  *big.Int
}

// UnpackSlash is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x0d7197c5.
//
// Solidity: function slash(uint32 operatorSetId, address operator, uint256 wad, string description) returns(uint256 slashId, uint256 shares)
func (serviceManager *ServiceManager) UnpackSlash(data []byte) (SlashOutput, error) {
	out, err := serviceManager.abi.Unpack("slash", data)
	outstruct := new(SlashOutput)
	if err != nil {
		return *outstruct, err
	}
	outstruct.SlashId = abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	outstruct.Shares = abi.ConvertType(out[1], new(big.Int)).(*big.Int)
	return *outstruct, nil
}

// PackSlashableStake is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x0f2ddef3.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function slashableStake(uint32 operatorSetId, address operator) view returns(uint256)
func (serviceManager *ServiceManager) PackSlashableStake(operatorSetId uint32, operator common.Address) []byte {
	enc, err := serviceManager.abi.Pack("slashableStake", operatorSetId, operator)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSlashableStake is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x0f2ddef3.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function slashableStake(uint32 operatorSetId, address operator) view returns(uint256)
func (serviceManager *ServiceManager) TryPackSlashableStake(operatorSetId uint32, operator common.Address) ([]byte, error) {
	return serviceManager.abi.Pack("slashableStake", operatorSetId, operator)
}

// UnpackSlashableStake is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x0f2ddef3.
//
// Solidity: function slashableStake(uint32 operatorSetId, address operator) view returns(uint256)
func (serviceManager *ServiceManager) UnpackSlashableStake(data []byte) (*big.Int, error) {
	out, err := serviceManager.abi.Unpack("slashableStake", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackSupportsAVS is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xb5265787.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function supportsAVS(address avs) view returns(bool)
func (serviceManager *ServiceManager) PackSupportsAVS(avs common.Address) []byte {
	enc, err := serviceManager.abi.Pack("supportsAVS", avs)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSupportsAVS is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xb5265787.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function supportsAVS(address avs) view returns(bool)
func (serviceManager *ServiceManager) TryPackSupportsAVS(avs common.Address) ([]byte, error) {
	return serviceManager.abi.Pack("supportsAVS", avs)
}

// UnpackSupportsAVS is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xb5265787.
//
// Solidity: function supportsAVS(address avs) view returns(bool)
func (serviceManager *ServiceManager) UnpackSupportsAVS(data []byte) (bool, error) {
	out, err := serviceManager.abi.Unpack("supportsAVS", data)
	if err != nil {
		return *new(bool), err
	}
	out0 := *abi.ConvertType(out[0], new(bool)).(*bool)
	return out0, nil
}

// UnpackError attempts to decode the provided error data using user-defined
// error definitions.
func (serviceManager *ServiceManager) UnpackError(raw []byte) (any, error) {
	if bytes.Equal(raw[:4], serviceManager.abi.Errors["NoSlashableStake"].ID.Bytes()[:4]) {
		return serviceManager.UnpackNoSlashableStakeError(raw[4:])
	}
	if bytes.Equal(raw[:4], serviceManager.abi.Errors["NotAllocationManager"].ID.Bytes()[:4]) {
		return serviceManager.UnpackNotAllocationManagerError(raw[4:])
	}
	if bytes.Equal(raw[:4], serviceManager.abi.Errors["NotFaultManager"].ID.Bytes()[:4]) {
		return serviceManager.UnpackNotFaultManagerError(raw[4:])
	}
	if bytes.Equal(raw[:4], serviceManager.abi.Errors["SafeCastOverflowedUintDowncast"].ID.Bytes()[:4]) {
		return serviceManager.UnpackSafeCastOverflowedUintDowncastError(raw[4:])
	}
	if bytes.Equal(raw[:4], serviceManager.abi.Errors["WrongAVS"].ID.Bytes()[:4]) {
		return serviceManager.UnpackWrongAVSError(raw[4:])
	}
	return nil, errors.New("Unknown error")
}

// ServiceManagerNoSlashableStake represents a NoSlashableStake error raised by the ServiceManager contract.
type ServiceManagerNoSlashableStake struct {
	Operator      common.Address
	OperatorSetId uint32
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NoSlashableStake(address operator, uint32 operatorSetId)
func ServiceManagerNoSlashableStakeErrorID() common.Hash {
	return common.HexToHash("0x31239e3dd74a53dcdefd99f2da9ad5ff9d9aac09b8ee0ee147cb5c4644efce77")
}

// UnpackNoSlashableStakeError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NoSlashableStake(address operator, uint32 operatorSetId)
func (serviceManager *ServiceManager) UnpackNoSlashableStakeError(raw []byte) (*ServiceManagerNoSlashableStake, error) {
	out := new(ServiceManagerNoSlashableStake)
	if err := serviceManager.abi.UnpackIntoInterface(out, "NoSlashableStake", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// ServiceManagerNotAllocationManager represents a NotAllocationManager error raised by the ServiceManager contract.
type ServiceManagerNotAllocationManager struct {
	Caller common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NotAllocationManager(address caller)
func ServiceManagerNotAllocationManagerErrorID() common.Hash {
	return common.HexToHash("0x89d4bcc48101fe59449572493735c05d581467b62d8d8b7bf49f0f32f3e76225")
}

// UnpackNotAllocationManagerError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NotAllocationManager(address caller)
func (serviceManager *ServiceManager) UnpackNotAllocationManagerError(raw []byte) (*ServiceManagerNotAllocationManager, error) {
	out := new(ServiceManagerNotAllocationManager)
	if err := serviceManager.abi.UnpackIntoInterface(out, "NotAllocationManager", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// ServiceManagerNotFaultManager represents a NotFaultManager error raised by the ServiceManager contract.
type ServiceManagerNotFaultManager struct {
	Caller common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NotFaultManager(address caller)
func ServiceManagerNotFaultManagerErrorID() common.Hash {
	return common.HexToHash("0xb7d2ca8a04ce0b0a8f302d8d61c35867ec874ad56728a5f371269ae1cfc69faf")
}

// UnpackNotFaultManagerError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NotFaultManager(address caller)
func (serviceManager *ServiceManager) UnpackNotFaultManagerError(raw []byte) (*ServiceManagerNotFaultManager, error) {
	out := new(ServiceManagerNotFaultManager)
	if err := serviceManager.abi.UnpackIntoInterface(out, "NotFaultManager", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// ServiceManagerSafeCastOverflowedUintDowncast represents a SafeCastOverflowedUintDowncast error raised by the ServiceManager contract.
type ServiceManagerSafeCastOverflowedUintDowncast struct {
	Bits  uint8
	Value *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error SafeCastOverflowedUintDowncast(uint8 bits, uint256 value)
func ServiceManagerSafeCastOverflowedUintDowncastErrorID() common.Hash {
	return common.HexToHash("0x6dfcc6503a32754ce7a89698e18201fc5294fd4aad43edefee786f88423b1a12")
}

// UnpackSafeCastOverflowedUintDowncastError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error SafeCastOverflowedUintDowncast(uint8 bits, uint256 value)
func (serviceManager *ServiceManager) UnpackSafeCastOverflowedUintDowncastError(raw []byte) (*ServiceManagerSafeCastOverflowedUintDowncast, error) {
	out := new(ServiceManagerSafeCastOverflowedUintDowncast)
	if err := serviceManager.abi.UnpackIntoInterface(out, "SafeCastOverflowedUintDowncast", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// ServiceManagerWrongAVS represents a WrongAVS error raised by the ServiceManager contract.
type ServiceManagerWrongAVS struct {
	Avs common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error WrongAVS(address avs)
func ServiceManagerWrongAVSErrorID() common.Hash {
	return common.HexToHash("0xfcc7b91de7858b3540f6969f535635d44c1e5792c2f64bfc227fae7e0f15103d")
}

// UnpackWrongAVSError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error WrongAVS(address avs)
func (serviceManager *ServiceManager) UnpackWrongAVSError(raw []byte) (*ServiceManagerWrongAVS, error) {
	out := new(ServiceManagerWrongAVS)
	if err := serviceManager.abi.UnpackIntoInterface(out, "WrongAVS", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// VerdictsMetaData contains all meta data concerning the Verdicts contract.
var VerdictsMetaData = bind.MetaData{
	ABI: "[{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"standing\",\"type\":\"uint64\"},{\"internalType\":\"int32\",\"name\":\"logE\",\"type\":\"int32\"}],\"name\":\"advance\",\"outputs\":[{\"internalType\":\"uint64\",\"name\":\"\",\"type\":\"uint64\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes\",\"name\":\"evidence\",\"type\":\"bytes\"}],\"name\":\"checkEvidence\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"kind\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"positions\",\"type\":\"uint256\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes\",\"name\":\"policy\",\"type\":\"bytes\"},{\"internalType\":\"bytes32\",\"name\":\"id\",\"type\":\"bytes32\"}],\"name\":\"checkPolicy\",\"outputs\":[],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes\",\"name\":\"policy\",\"type\":\"bytes\"},{\"internalType\":\"bytes\",\"name\":\"claim\",\"type\":\"bytes\"},{\"internalType\":\"bytes\",\"name\":\"own\",\"type\":\"bytes\"}],\"name\":\"compare\",\"outputs\":[{\"components\":[{\"internalType\":\"int256\",\"name\":\"logE\",\"type\":\"int256\"},{\"internalType\":\"int256\",\"name\":\"model\",\"type\":\"int256\"},{\"internalType\":\"int256\",\"name\":\"choice\",\"type\":\"int256\"},{\"internalType\":\"uint256\",\"name\":\"distance\",\"type\":\"uint256\"}],\"internalType\":\"structComparison\",\"name\":\"\",\"type\":\"tuple\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes\",\"name\":\"policy\",\"type\":\"bytes\"},{\"internalType\":\"bytes\",\"name\":\"a\",\"type\":\"bytes\"},{\"internalType\":\"bytes\",\"name\":\"b\",\"type\":\"bytes\"}],\"name\":\"compareMembers\",\"outputs\":[{\"internalType\":\"int256\",\"name\":\"\",\"type\":\"int256\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes\",\"name\":\"policy\",\"type\":\"bytes\"},{\"internalType\":\"bytes32\",\"name\":\"policyId\",\"type\":\"bytes32\"},{\"internalType\":\"string\",\"name\":\"engineClass\",\"type\":\"string\"},{\"internalType\":\"bytes\",\"name\":\"claim\",\"type\":\"bytes\"},{\"internalType\":\"bytes\",\"name\":\"own\",\"type\":\"bytes\"},{\"internalType\":\"uint8\",\"name\":\"rule\",\"type\":\"uint8\"}],\"name\":\"disputeVerdict\",\"outputs\":[{\"internalType\":\"uint8\",\"name\":\"verdict\",\"type\":\"uint8\"},{\"internalType\":\"uint8\",\"name\":\"class\",\"type\":\"uint8\"},{\"internalType\":\"int32\",\"name\":\"logE\",\"type\":\"int32\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"x\",\"type\":\"uint256\"}],\"name\":\"exp\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes\",\"name\":\"policy\",\"type\":\"bytes\"},{\"components\":[{\"internalType\":\"string\",\"name\":\"engineClass\",\"type\":\"string\"},{\"internalType\":\"bool\",\"name\":\"opened\",\"type\":\"bool\"},{\"internalType\":\"uint8\",\"name\":\"rule\",\"type\":\"uint8\"},{\"internalType\":\"uint32\",\"name\":\"tokens\",\"type\":\"uint32\"},{\"internalType\":\"bytes\",\"name\":\"provider\",\"type\":\"bytes\"},{\"internalType\":\"bytes[]\",\"name\":\"committee\",\"type\":\"bytes[]\"}],\"internalType\":\"structSample\",\"name\":\"sample\",\"type\":\"tuple\"}],\"name\":\"judge\",\"outputs\":[{\"components\":[{\"internalType\":\"uint8\",\"name\":\"verdict\",\"type\":\"uint8\"},{\"internalType\":\"uint8\",\"name\":\"class\",\"type\":\"uint8\"},{\"internalType\":\"int32\",\"name\":\"logE\",\"type\":\"int32\"},{\"components\":[{\"internalType\":\"bool\",\"name\":\"done\",\"type\":\"bool\"},{\"internalType\":\"bool\",\"name\":\"scored\",\"type\":\"bool\"},{\"internalType\":\"int32\",\"name\":\"logE\",\"type\":\"int32\"}],\"internalType\":\"structMemberJudgement[]\",\"name\":\"members\",\"type\":\"tuple[]\"}],\"internalType\":\"structJudgement\",\"name\":\"\",\"type\":\"tuple\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"n\",\"type\":\"uint64\"}],\"name\":\"line\",\"outputs\":[{\"internalType\":\"uint64\",\"name\":\"\",\"type\":\"uint64\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"y\",\"type\":\"uint64\"}],\"name\":\"ln\",\"outputs\":[{\"internalType\":\"int256\",\"name\":\"\",\"type\":\"int256\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes\",\"name\":\"policy\",\"type\":\"bytes\"},{\"internalType\":\"int256\",\"name\":\"raw\",\"type\":\"int256\"}],\"name\":\"mix\",\"outputs\":[{\"internalType\":\"int256\",\"name\":\"\",\"type\":\"int256\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"Incomparable\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"MalformedEvidence\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"MalformedPolicy\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"id\",\"type\":\"bytes32\"}],\"name\":\"WrongPolicy\",\"type\":\"error\"}]",
	ID:  "aa3f393cbc749933fa81ba979d445e7589",
	Bin: "0x60808060405234601557613774908161001a8239f35b5f80fdfe60a06040526004361015610011575f80fd5b5f3560e01c80630994a93b146103d25780632b340ef81461038a578063364f6d9b14610367578063381c3edc146103225780633ab5e93a146102e657806346613344146102975780637400511e146102685780638ce6884914610229578063a0062acc146101be578063a03d6dec146100bc5763b581fbe314610092575f80fd5b346100b85760206003193601126100b85760206100b0600435611d0e565b604051908152f35b5f80fd5b346100b85760406003193601126100b85760043567ffffffffffffffff81116100b8576100ed9036906004016104af565b9060243567ffffffffffffffff81116100b85760c060031982360301126100b85761012d926101289161011e61063d565b506004019261091f565b61172f565b604051809160208252606060a083019160ff815116602085015260ff6020820151166040850152604081015160030b828501520151906080808401528151809152602060c084019201905f5b818110610187575050500390f35b91935091602060606001926040875180511515835284810151151585840152015160030b6040820152019401910191849392610179565b346100b85760806102026101f66101f06101fc6101da366104f4565b946101ea9894919792939861061d565b5061091f565b95610ed6565b92610ed6565b91611029565b60606040519180518352602081015160208401526040810151604084015201516060820152f35b346100b85760406003193601126100b85760043567ffffffffffffffff81116100b85761025d6102669136906004016104af565b60243591610fcd565b005b346100b85760206100b06101f66101f0610291610284366104f4565b949793909691929761091f565b91610f1b565b346100b85760206003193601126100b85760043567ffffffffffffffff81116100b8576102d36102cd60409236906004016104af565b90610ed6565b6020815191015182519182526020820152f35b346100b85760206003193601126100b85760206100b06327ffffff1961031c67ffffffffffffffff6103166104dd565b166122e4565b01612371565b346100b85760406003193601126100b85761033b6104dd565b602435908160030b82036100b85760209161035591610e51565b67ffffffffffffffff60405191168152f35b346100b85760206003193601126100b85760206103556103856104dd565b610df5565b346100b85760406003193601126100b85760043567ffffffffffffffff81116100b8576100b06103cd6103c360209336906004016104af565b602435929161091f565b610d68565b346100b85760c06003193601126100b85760043567ffffffffffffffff81116100b8576104039036906004016104af565b60443567ffffffffffffffff81116100b8576104239036906004016104af565b9160643567ffffffffffffffff81116100b8576104449036906004016104af565b9060843567ffffffffffffffff81116100b8576104659036906004016104af565b92909160a4359460ff861686036100b85760609861048a6104949860ff9a36916105dc565b916024359161065d565b919290816040519416845216602083015260030b6040820152f35b9181601f840112156100b85782359167ffffffffffffffff83116100b857602083818601950101116100b857565b6004359067ffffffffffffffff821682036100b857565b60606003198201126100b85760043567ffffffffffffffff81116100b8578161051f916004016104af565b9290929160243567ffffffffffffffff81116100b85781610542916004016104af565b929092916044359067ffffffffffffffff82116100b857610565916004016104af565b9091565b604051906080820182811067ffffffffffffffff82111761058957604052565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b90601f19601f604051930116820182811067ffffffffffffffff82111761058957604052565b92919267ffffffffffffffff8211610589576106016020601f19601f850116016105b6565b93828552828201116100b857815f926020928387013784010152565b610625610569565b905f82525f60208301525f60408301525f6060830152565b610645610569565b905f82525f60208301525f6040830152606080830152565b6101f692610675959796926101f0929a99959a610fcd565b9360028551036107e25781511580156107d0575b6107ba576106cc9061069b60406105b6565b90600b82527f706f73702d7265662d7631000000000000000000000000000000000000000000602083015284611f92565b15801561079b575b61078e578390600160ff6106e661061d565b95160361076b57826106f9939450611029565b905b610706825182610d68565b9260035f916101008401518612155f1461073357505050906107279161208d565b9160025b929160030b90565b919593509160e08101518513159182610756575b50501561072b5750600161072b565b60c09192506020015191015111155f80610747565b90610776918361203c565b606084015280602084015280835260408301526106fb565b505050506003905f905f90565b50600160ff84161480156106d457506107b4838361201a565b156106d4565b5050905060a09150015160030b60029160079190565b50602082015160208601511415610689565b7fa8fe74f9000000000000000000000000000000000000000000000000000000005f5260045ffd5b6040519060e0820182811067ffffffffffffffff821117610589576040525f60c0838281528260208201528260408201528260608201528260808201528260a08201520152565b60405190610180820182811067ffffffffffffffff821117610589576040525f6101608361087d61080a565b815261088761080a565b602082015261089461080a565b60408201526108a161080a565b60608201528260808201528260a08201528260c08201528260e08201528261010082015282610120820152826101408201520152565b90600482018092116108e557565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601160045260245ffd5b919082018092116108e557565b91909161092a610851565b90600e84108015610cc6575b610bbb57600e8101938482116108e55761094f91610912565b91604051936040850185811067ffffffffffffffff82111761058957604052845260208401928352610980846120d7565b825261098b846120d7565b6020830190815261099a61080a565b6109a386612df0565b908160608401526040830152600281018091116108e5576109c59082886130fd565b7f800000008000000080000000800000008000000080000000800000008000000090600281901b601f191683015b808410610c905750915f1960e07f80000000800000008000000080000000800000008000000080000000800000009460051b161c9035177f7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff80821601171603610bbb5760408401908152610a66866120d7565b6060850152610a748661227f565b60808501908152610a84876122ab565b60a08601908152610a948861227f565b60c0870152610aa2886122ab565b9060e08701918252610ab3896122ab565b926101008801938452610ac58a6122ab565b94610acf8b61227f565b996101608a019a8b528b516101408b01525f5b8b51811015610b1957600190610b138e610b04610afe8261227f565b826122c2565b610b0d8161227f565b906122c2565b01610ae2565b5090919293949596989a979950610b338151895190612272565b601011610bbb578751601081018091116108e5578852610b528861227f565b97876101208d01525190511497881598610c82575b8815610c5a575b50508615610c50575b8615610c41575b508515610c34575b8515610c25575b8515610c18575b8515610c0b575b508415610bfd575b50508215610bf0575b508115610be3575b50610bbb57565b7f38db325c000000000000000000000000000000000000000000000000000000005f5260045ffd5b620f42409150115f610bb4565b5f9192501315905f610bac565b519051131592505f80610ba3565b825190511294505f610b9b565b94505f8251131594610b94565b94506228000085511394610b8d565b94505f8551131594610b86565b51620f4240111595505f610b7e565b8051159650610b77565b60a091929850510151159081610c74575b50955f80610b6e565b60a09150510151155f610c6b565b8a5160a00151159850610b67565b9160209084357f7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff808216011716930192916109f3565b7fffffffffffffffffffffffffffff0000000000000000000000000000000000007f706f73702e706f6c6963792e763200000000000000000000000000000000000091833582811691610d1d575b50161415610936565b8280925088600e0360031b1b16165f610d14565b8115610d3b570490565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601260045260245ffd5b9060a0905f811315610dc257610dac6327ffffff1961031c620f4240845b6080880151610da1610d9788611d0e565b8202928803611d0e565b9083030201046122e4565b019101518082125f14610dbd575090565b905090565b610dac6327ffffff1961031c620f42405f94610d86565b9060018201915f6001841291129080158216911516176108e557565b67ffffffffffffffff166001811115610e4c57610e1d6327ffffff1961031c610e22936122e4565b610dd9565b621bb9d48101905f621bb9d4831291129080158216911516176108e55767ffffffffffffffff1690565b505f90565b67ffffffffffffffff169060030b905f82820192831291129080158216911516176108e5575f8112610e4c5767ffffffffffffffff811315610e9a575067ffffffffffffffff90565b67ffffffffffffffff1690565b604051906060820182811067ffffffffffffffff821117610589576040525f6040838281528260208201520152565b90610ee991610ee3610ea7565b50612392565b91909115610ef357565b7f3978b77e000000000000000000000000000000000000000000000000000000005f5260045ffd5b9181518151811490811591610fc2575b508015610fb0575b6107e257610f4281838561203c565b50926002835114801590610fa0575b610f9a5791610f8a610f9192610f6f6060610f979796015193612966565b90610f7981612966565b602060408301519201519285612c5d565b5090612d59565b906129b2565b90565b50505090565b5060a06060820151015115610f51565b50602082015160208201511415610f33565b60029150105f610f2b565b929192610fd8610851565b50610fe43683836105dc565b60208151910120938403610ffd57610f9792935061091f565b837f13e34fd7000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b9291909261103561061d565b938251600281109081156115a9575b8115611582575b506107e2578261105b918361203c565b606086015260208501528151600203611198576020015161107b82612966565b602060408401519301518391700100000000000000000000000000000000915f6060860191825192600184018094116108e55760208801988951600181018091116108e5576110e76110dc6110d7886110f5949c9b9a9c61171c565b611629565b9b8b519051906132c9565b9260408b01519051906132c9565b9260021b01965b87871061112c5750505050505050506111289161111891612d59565b80604085015260208401516129b2565b8252565b6004808260208d83953560e01d8c8c3560e01d8c611153828503933560e01d5f038c6133cc565b029203611171575b50010160018151019052019601960195946110fc565b61118a905f811215611191575f03809b5b019a8a6133cc565b015f61115b565b809b611182565b6040015191906111a781612966565b9260206111b38361298c565b9201519460a082015194601f196111dd6111d46111cf89611611565b6105b6565b97808952611611565b015f5b81811061156f5750505f935b60a084015185101561128b576112086001606086015101611629565b9560015b6060860151811161125f57805f1960019201611228818b6116a1565b5190611235818b8b6136c2565b9061124a611243858c61371c565b918b61371c565b90030201611258828b6116a1565b520161120c565b50929791946001919496611273828a6116a1565b5261127e81896116a1565b50019390969194926111ec565b95909196929493506112a060a0860151611629565b6080525f5b60a08601518110156112d057806780000000000000006112c96001936080516116a1565b52016112a5565b5091929394678000000000000000926112f260408801516060890151906132c9565b5f5b86811061139a575050505050611309906134ce565b90601c1b019261131c60a0840151611629565b915f5b60a0850151811015611384576001816113717ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe8961136a61136460a0976080516116a1565b516134ce565b0301612371565b61137b82886116a1565b5201905061131f565b50925092506113956111289161350e565b611118565b92968360029a9295999793969a1b928389013560e01c15155f146114d6579287969594928a9b928b95838c9d013560e01c6113d590896133cc565b60051c9c8d9785808084013560e01c8184013560e01c016113f6908d6133cc565b60051c9d6114058f9c8261371c565b8285013560e01c039e6114179161371c565b93013560e01c91013560e01c0103975f5b608051518110156114a957808f8e8e6114818f938f968f9561147883611463848960019d6114708d846114969f61146990611463838d6116a1565b516116a1565b51946136c2565b0201946116a1565b519003946136c2565b029003611490836080516116a1565b5161345c565b6114a2826080516116a1565b5201611428565b5098959950999b509995509a93506001916114ca9186013560e01c9061345c565b955b01939091936112f4565b9398969790949195999263400000008189013560e01c145f1461155657506001606089015101965b5f5b6080515181101561154357806115308b61152a8c846115236001976080516116a1565b51936136c2565b9061345c565b61153c826080516116a1565b5201611500565b50929599919497986001919497506114cc565b6115669088013560e01c836133cc565b60051c966114fe565b60606020828a01810191909152016111e0565b60021415905061159d5760a060208301515b0151155f61104b565b60a06040830151611594565b905060208201516020850151141590611044565b9035907fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe1813603018212156100b8570180359067ffffffffffffffff82116100b857602001918160051b360383136100b857565b67ffffffffffffffff81116105895760051b60200190565b906116366111cf83611611565b828152601f196116468294611611565b0190602036910137565b9035907fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe1813603018212156100b8570180359067ffffffffffffffff82116100b8576020019181360383136100b857565b80518210156116b55760209160051b010190565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52603260045260245ffd5b5f1981146108e55760010190565b3580151581036100b85790565b3560ff811681036100b85790565b3563ffffffff811681036100b85790565b818102929181159184041417156108e557565b919061173961063d565b9260a0820161174881846115bd565b90506117566111cf82611611565b91818352601f1961176683611611565b015f5b818110611cf757505061177b82611629565b946117886111cf84611611565b90838252601f1961179885611611565b015f5b818110611ce057505060608901918252600389525f935f945f945f5b838110611b875750508589526117cf602084016116f0565b9384611b6a575b908492916117e2610ea7565b95611ace575b506002821015611ac65781955b868110159182611abc575b82611a76575b5050611a20575015908115611a16575b8115611a0d575b81156119ef575b81156119bb575b506119b35761183e9186858a9388612a17565b600160ff8751161490816119a8575b5061185757505050565b9092919360608101519361186b8651611629565b935f5b875181101561188f576001906228000161188882896116a1565b520161186e565b5090919392945f5b875181101561193c575f5b88888383106118b657505050600101611897565b816118e76118e0856118d96118ef956118d28a60019a996116a1565b51906116a1565b51936116a1565b518c6116a1565b519088610f1b565b6118f984896116a1565b51811261192b575b61190b82896116a1565b51811261191a575b50016118a2565b61192482896116a1565b525f611913565b80611936858a6116a1565b52611901565b50939094509190915f5b86518110156119a0578060018887604061199661198f8660206119876119798e6119728f9d8c9e6116a1565b5190610d68565b60030b966118d2848a6116a1565b5101956116a1565b518b6116a1565b5101525201611946565b509450505050565b60029150115f61184d565b505050505050565b6119e891506119cd816119d492611650565b36916105dc565b6119de60206105b6565b905f825287611f92565b155f61182b565b9050611a06611a00604083016116fd565b8761201a565b1590611824565b8415915061181d565b8385109150611816565b975050505050509050600860208594950152600483525f5b828110611a455750505090565b80611a52600192846116a1565b515115611a60575b01611a38565b81611a6f8260608801516116a1565b5152611a5a565b9091507f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff811681036108e55760011b118015611ab4575b5f80611806565b508115611aad565b8115159250611800565b6002956117f5565b9450611ae06102cd6080860186611650565b948551158015611b4b575b156117e85798955050975050505060a09150959495015160030b604085015260076020850152600284525f5b838110611b25575050505090565b805f19611b34600193856116a1565b51511415611b438286516116a1565b515201611b17565b50602086015163ffffffff611b626060880161170b565b161415611aeb565b91909350611b7b6080840184611650565b905015159390916117d6565b611b9182866115bd565b8210156116b557611bab611bb4918360051b810190611650565b90610ee3610ea7565b15611cd7575b611bc4828b6116a1565b52611bcf818a6116a1565b508a611bdb828b6116a1565b5151801580611cc7575b8015611cbd575b8015611cb3575b611ca3575b611c04602088016116f0565b9081611c78575b5080611c50575b611c20575b506001016117b7565b979080611c3983611c33600195916116e2565b9b6116a1565b5281611c468289516116a1565b515290508a611c17565b506020611c5d838c6116a1565b51015163ffffffff611c716060890161170b565b1614611c12565b9050600360ff611c8a60408a016116fd565b1603611c9b576003905b145f611c0b565b600290611c94565b97611cad906116e2565b97611bf8565b5060038114611bf3565b5060028114611bec565b94611cd1906116e2565b94611be5565b5f198152611bba565b602090611ceb610ea7565b8282870101520161179b565b602090611d02610ea7565b82828801015201611769565b621c0000811015610e4c576780000000000000009060018116611f82575b60028116611f6e575b60048116611f5a575b60088116611f46575b60108116611f32575b60208116611f1e575b60408116611f0a575b60808116611ef6575b6101008116611ee2575b6102008116611ece575b6104008116611eba575b6108008116611ea6575b6110008116611e92575b6120008116611e7e575b6140008116611e6a575b6180008116611e56575b620100008116611e42575b620200008116611e2e575b620400008116611e1a575b620800008116611e06575b6210000016611df7575b60171c90565b64f1aaddd77402603f1c611df1565b660afe10820813d6909102603f1c90611de7565b906702582ab704279e8e02603f1c90611ddc565b90671152aaa3bf81cb9f02603f1c90611dd1565b90672f16ac6c59de6f8d02603f1c90611dc6565b90674da2cbf1be5827f902603f1c90611dbb565b906763afbe7ab2082ba102603f1c90611db1565b906770f5a893b608861e02603f1c90611da7565b9067783eafef1c0a8f3902603f1c90611d9d565b90677c0fd5aa22d75e4502603f1c90611d93565b90677e03faaffbbe924902603f1c90611d89565b90677f00ff55aa8893e502603f1c90611d7f565b90677f803feaaffeef1c02603f1c90611d75565b90677fc00ffd55aaa22202603f1c90611d6b565b90677fe003ffaaafffbb02603f1c90611d62565b90677ff000fff555aaa802603f1c90611d59565b90677ff8003ffeaaafff02603f1c90611d50565b90677ffc000fffd555aa02603f1c90611d47565b90677ffe0003fffaaaaf02603f1c90611d3e565b90677fff0000ffff555502603f1c90611d35565b677fff80003fffeaaa9150611d2c565b919060209081815191012091805191829101209015906101408401515f5b61016086015181101561201057611fd2611fca8693612c37565b931492612c37565b929081611ff2575b50611fe757600101611fb0565b505050505050600190565b90508385918615612006575b50505f611fda565b149050835f611ffe565b5050505050505f90565b60a09160ff1660030361203357604001515b0151151590565b6020015161202c565b919061205e906020604085519201519360408101519182910194855193612c5d565b91518281612077575b5050612074919251612d59565b91565b61207493509061208691610d31565b915f612067565b906020810151610100830151811290816120c9575b506120c257606001516101209190910151116120bd57600190565b600290565b5050600490565b90506040820151135f6120a2565b906120e061080a565b916120ea81612f78565b91906020850192835284526120fe81612f78565b92906060860193845260408601525191600183018093116108e55751600181018091116108e55761213385916121399461171c565b916130fd565b5f90600281901b601f191683015b8084106121f3575060e07f800000008000000080000000800000008000000080000000800000008000000093359160051b16610100031c7f7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff8116907f7fd7ffff7fd7ffff7fd7ffff7fd7ffff7fd7ffff7fd7ffff7fd7ffff7fd7ffff7e2800000028000000280000002800000028000000280000002800000028000083018218920118171716610bbb57565b909160209084357f7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff8116907f7fd7ffff7fd7ffff7fd7ffff7fd7ffff7fd7ffff7fd7ffff7fd7ffff7fd7ffff7e280000002800000028000000280000002800000028000000280000002800008301821892011817179301929190612147565b919082039182116108e557565b90815191612296833560e01c936020830151612272565b600411610bbb576122a781516108d7565b9052565b90815191612296833560e01d936020830151612272565b906122d36020830151835190612272565b8111610bbb576122a7908251610912565b90612338828063ffffffff1060051b81811c61ffff1060041b1781811c60ff1060031b1790811c9081607f1082603f100182601f1083600f1001019180600710816003100190806001109015150101010190565b5f198101925f91603f036001011b5b60188210612353575050565b806001919492940280607f1c9081603f011c92821b17930190612347565b5f8112156123875763b17217f8905b0260281d90565b63b17217f790612380565b919061239c610ea7565b925f90600683108015612913575b61290c5782600110156116b557600181013560f81c8552826006116100b8576002810135928360e01c91600681018091116108e55760408701528160208701528551600381119283156128f3575b83156128e6575b8315612897575b50505061289157835191600183106128895760408501515f6403ffffffe060de84901c1682015b80831061280b57507f8000000080000000800000008000000080000000800000008000000080000000913560e0641fffffffe08560db1c1616610100031c7f7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff8116907f7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff7f7f0000007f0000007f0000007f0000007f0000007f0000007f0000007f0000008301821892011817171615925b600281036125f95750826124f157505090565b9091506124fd84612966565b91906403ffffffe060de82901c1683015b80841061259d575060e0641fffffffe07f800000008000000080000000800000008000000080000000800000008000000094359260db1c1616610100031c7f7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff8116907effffff00ffffff00ffffff00ffffff00ffffff00ffffff00ffffff00ffffff8282189201181717161590565b60208401937effffff00ffffff00ffffff00ffffff00ffffff00ffffff00ffffff00ffffff7f7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff913591821690810182189118179092179161250e565b600391925014612607575090565b816126fa575b81612616575090565b905061262183612966565b61262a8461298c565b81927f8000000080000000800000008000000080000000800000008000000080000000926403ffffffe08260de1c16015b8085106126c157509060e07f8000000080000000800000008000000080000000800000008000000080000000949260db1c16610100039035811c9135901c017fc0000000c0000000c0000000c0000000c0000000c0000000c0000000c000000003161490565b602085810195358435017fc0000000c0000000c0000000c0000000c0000000c0000000c0000000c000000003909416939092019161265b565b905061270583612966565b5f6407ffffffe060dd84901c1682015b8083106127af57507f8000000080000000800000008000000080000000800000008000000080000000913560e0643fffffffc0643fffffffe08660da1c161616610100031c7f7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff8116907f3fffffff3fffffff3fffffff3fffffff3fffffff3fffffff3fffffff3fffffff828218920118171716159061260d565b9060209083357f7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff8116907f3fffffff3fffffff3fffffff3fffffff3fffffff3fffffff3fffffff3fffffff828218920118171792019190612715565b9060209083357f7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff8116907f7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff7f7f0000007f0000007f0000007f0000007f0000007f0000007f0000007f0000008301821892011817179201919061242d565b6001926124de565b50505f90565b909192507f3fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff821682036108e5576128d09160021b61171c565b60060190816006116108e55714155f8080612406565b62020000811193506123ff565b9250801580612903575b926123f8565b508215156128fd565b5050505f90565b5082156116b5577f01000000000000000000000000000000000000000000000000000000000000007fff0000000000000000000000000000000000000000000000000000000000000082351614156123aa565b602060408201519101518060040290600482041460041517156108e557610f9791610912565b602060408201519101518060080290600882041460081517156108e557610f9791610912565b90808212156129e8576327ffffff1961031c6129d46129e493945b8503611d0e565b650100000000000160011c6122e4565b0190565b906327ffffff1961031c6129d46129e493946129cd565b81810392915f1380158285131691841216176108e557565b949291939094825195601f19612a3b612a326111cf8a611611565b98808a52611611565b015f5b818110612c0c5750505f955b8451871015612b1357612a72612a6a612a6389886116a1565b51836116a1565b518385611029565b98875b80151580612aee575b15612abd575f1981018181116108e557612a98908b6116a1565b51612aa3828c6116a1565b52612aae818b6116a1565b5080156108e5575f1901612a75565b612ade90600193969a9992959894979b612ad7828c6116a1565b52896116a1565b5001959692979390949197612a4a565b505f1981018181116108e557612b07612b0e918c6116a1565b518c61364b565b612a7e565b50919395945091515f1981019081116108e55760011c90612b51612b4b612b3a84886116a1565b5151612b4585613695565b906129ff565b84610d68565b6101008401519094908512612b8e57505060ff91612b74612b7b926040966116a1565b519061208d565b166020840152600283525b60030b910152565b909460e08401928351861315612bad575b505050505060409150612b86565b5f1983019283116108e557612b45612bcb612bd994612bd3946116a1565b515191613695565b83610d68565b905112612c065760c0602060409401519101511115612bfd575b5f80808080612b9f565b60018352612bf3565b50505050565b602090612c219a949793969a9998959961061d565b82828b0101520198949195929897939697612a3e565b803560e01c600482018092116108e557612c518183610912565b91816040519182372091565b93949291905f946060810196875191600183018093116108e5576020810198895190600182018092116108e5576040612cae612ca36110d788612cb9969c9b9a9c61171c565b9c85519051906132c9565b9301519051906132c9565b9160021b8501955b868610612cd15750505050505050565b803560e01d8a863560e01d8083039087612cf18b3560e01d5f03886133cc565b029303612d15575b5001602001805160010190526004958601959485019401612cc1565b929a90925f811215612d46575f039a60206004948594612d3a8f87965b019f8a6133cc565b01945092505092612cf9565b9a60206004948594612d3a8f8796612d32565b90612d6760a0830151611629565b9160c0608082015191015190835160051b90602080860192860101938051805b612d9a57505050505050610f979061350e565b90815f199260051b82015192839101928391612db9575b509091612d87565b8160021b85018787915b8a8310612dd257505050612db1565b602092939450803560e01d8502845101845201910187859392612dc3565b90612dfa8261227f565b906104008211610bbb578251927f3fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff831683036108e557612e3e908360021b906122c2565b8115612f7657823560e01c158015612f60575b8015612e5e575b610bbb57565b50825f1983017f800000008000000080000000800000008000000080000000800000008000000090601f198160021b1686015b808410612f065750917ffffffffefffffffefffffffefffffffefffffffefffffffefffffffeffffffff60e07f80000000800000008000000080000000800000008000000080000000800000009460051b166101000391845f19841c199360048335821c930135901c17030117161415612e58565b916020907ffffffffefffffffefffffffefffffffefffffffefffffffefffffffeffffffff85357f800000008000000080000000800000008000000080000000800000008000000060048801351703011693019291612e91565b50612f70633fffffff83856131ef565b15612e51565b565b90612f828261227f565b906104008211610bbb578251927f3fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff831683036108e557612fc6908360021b906122c2565b8115612f7657823560e01c1580156130e7575b8015612fe557610bbb57565b50825f1983017f800000008000000080000000800000008000000080000000800000008000000090601f198160021b1686015b80841061308d5750917ffffffffefffffffefffffffefffffffefffffffefffffffefffffffeffffffff60e07f80000000800000008000000080000000800000008000000080000000800000009460051b166101000391845f19841c199360048335821c930135901c17030117161415612e58565b916020907ffffffffefffffffefffffffefffffffefffffffefffffffefffffffeffffffff85357f800000008000000080000000800000008000000080000000800000008000000060048801351703011693019291613018565b506130f7637fffffff83856131ef565b15612fd9565b9192909261310a8361227f565b906101008211610bbb57835194600182018083116108e55761312c908461171c565b947f3fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff861686036108e557613164908660021b906122c2565b600486018087116108e5578260021b917f3fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff841684036108e557600483018093116108e5578060c0608092019384528560a082015201525f5b8381106131c95750505050565b826131de6131d884518461171c565b89610912565b3560e01c03610bbb576001016131bc565b92917c010000000100000001000000010000000100000001000000010000000190637fffffff03025f91601f198160021b1685015b80861061328d575060e07f80000000800000008000000080000000800000008000000080000000800000009495359160051b16610100031c7f7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff8116918282189201181717161590565b949260209084357f7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff811690858282189201181717930194613224565b9181156133c55760206040939293517f7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff82808301955f84528760021b809188378301015260018560031c0160051b01015b8360088111156133b95760031c928082525f5b84811061339c5750506020907f7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff827f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc8760011c168301015260018282019560061c0160051b010191929161331a565b8060019160051b83015160e01b60208260021b860101520161332d565b50602001604052909150565b9150505f90565b5f92917c0100000001000000010000000100000001000000010000000100000001027f800000008000000080000000800000008000000080000000800000008000000017815b61341a575050565b9092807c010000000100000001000000010000000100000001000000010000000180601f19938701518503601f1c160260db1c9060031b019301519081613412565b9067ffffffffffffffff8216026134bf8160401c8063ffffffff1060051b81811c61ffff1060041b1781811c60ff1060031b1790811c9081607f1082603f100182601f1083600f1001019180600710816003100190806001109015150101010190565b90811c9160401c0160401b1790565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc161350267ffffffffffffffff83166122e4565b9160401c0160181b0190565b905f5b82518110156135af57806228000061352b600193866116a1565b511361359b575b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffd8000061355d82866116a1565b511261356a575b01613511565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffd8000061359582866116a1565b52613564565b622800006135a982866116a1565b52613532565b508151156116b55760208201519160015b81518110156135fa57836135d482846116a1565b51136135e3575b6001016135c0565b925060016135f184836116a1565b519390506135db565b505f90815b81518310156136295760019061362061361885856116a1565b518703611d0e565b019201916135ff565b6129e4925061364661031c916327ffffff19939695965190610d31565b6122e4565b805182519081810361368e575050602081015160208301519081810361368e575050604081015160408301519081810361368e5750506060809101519101511190565b1292915050565b8061369f57505f90565b600181018091116108e557610e1d6327ffffff1961031c610f979360281b6122e4565b6136d96136df9260c060808401519301519061171c565b90610912565b7f3fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff821682036108e5576137159160021b90610912565b3560e01c90565b816137275750505f90565b604001517f3fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff821682036108e5576137619160021b90610912565b60031981019081116108e5573560e01c9056",
}

// Verdicts is an auto generated Go binding around an Ethereum contract.
type Verdicts struct {
	abi abi.ABI
}

// GetABI returns the ABI associated with this contract binding.
func (c *Verdicts) GetABI() abi.ABI {
	return c.abi
}

// NewVerdicts creates a new instance of Verdicts.
func NewVerdicts() *Verdicts {
	parsed, err := VerdictsMetaData.ParseABI()
	if err != nil {
		panic(errors.New("invalid ABI: " + err.Error()))
	}
	return &Verdicts{abi: *parsed}
}

// Instance creates a wrapper for a deployed contract instance at the given address.
// Use this to create the instance object passed to abigen v2 library functions Call, Transact, etc.
func (c *Verdicts) Instance(backend bind.ContractBackend, addr common.Address) *bind.BoundContract {
	return bind.NewBoundContract(addr, c.abi, backend, backend, backend)
}

// PackAdvance is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x381c3edc.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function advance(uint64 standing, int32 logE) pure returns(uint64)
func (verdicts *Verdicts) PackAdvance(standing uint64, logE int32) []byte {
	enc, err := verdicts.abi.Pack("advance", standing, logE)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackAdvance is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x381c3edc.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function advance(uint64 standing, int32 logE) pure returns(uint64)
func (verdicts *Verdicts) TryPackAdvance(standing uint64, logE int32) ([]byte, error) {
	return verdicts.abi.Pack("advance", standing, logE)
}

// UnpackAdvance is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x381c3edc.
//
// Solidity: function advance(uint64 standing, int32 logE) pure returns(uint64)
func (verdicts *Verdicts) UnpackAdvance(data []byte) (uint64, error) {
	out, err := verdicts.abi.Unpack("advance", data)
	if err != nil {
		return *new(uint64), err
	}
	out0 := *abi.ConvertType(out[0], new(uint64)).(*uint64)
	return out0, nil
}

// PackCheckEvidence is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x46613344.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function checkEvidence(bytes evidence) pure returns(uint256 kind, uint256 positions)
func (verdicts *Verdicts) PackCheckEvidence(evidence []byte) []byte {
	enc, err := verdicts.abi.Pack("checkEvidence", evidence)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackCheckEvidence is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x46613344.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function checkEvidence(bytes evidence) pure returns(uint256 kind, uint256 positions)
func (verdicts *Verdicts) TryPackCheckEvidence(evidence []byte) ([]byte, error) {
	return verdicts.abi.Pack("checkEvidence", evidence)
}

// CheckEvidenceOutput serves as a container for the return parameters of contract
// method CheckEvidence.
type CheckEvidenceOutput struct {
	Kind      *big.Int
	Positions *big.Int
}

// UnpackCheckEvidence is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x46613344.
//
// Solidity: function checkEvidence(bytes evidence) pure returns(uint256 kind, uint256 positions)
func (verdicts *Verdicts) UnpackCheckEvidence(data []byte) (CheckEvidenceOutput, error) {
	out, err := verdicts.abi.Unpack("checkEvidence", data)
	outstruct := new(CheckEvidenceOutput)
	if err != nil {
		return *outstruct, err
	}
	outstruct.Kind = abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	outstruct.Positions = abi.ConvertType(out[1], new(big.Int)).(*big.Int)
	return *outstruct, nil
}

// PackCheckPolicy is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x8ce68849.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function checkPolicy(bytes policy, bytes32 id) pure returns()
func (verdicts *Verdicts) PackCheckPolicy(policy []byte, id [32]byte) []byte {
	enc, err := verdicts.abi.Pack("checkPolicy", policy, id)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackCheckPolicy is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x8ce68849.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function checkPolicy(bytes policy, bytes32 id) pure returns()
func (verdicts *Verdicts) TryPackCheckPolicy(policy []byte, id [32]byte) ([]byte, error) {
	return verdicts.abi.Pack("checkPolicy", policy, id)
}

// PackCompare is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xa0062acc.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function compare(bytes policy, bytes claim, bytes own) pure returns((int256,int256,int256,uint256))
func (verdicts *Verdicts) PackCompare(policy []byte, claim []byte, own []byte) []byte {
	enc, err := verdicts.abi.Pack("compare", policy, claim, own)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackCompare is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xa0062acc.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function compare(bytes policy, bytes claim, bytes own) pure returns((int256,int256,int256,uint256))
func (verdicts *Verdicts) TryPackCompare(policy []byte, claim []byte, own []byte) ([]byte, error) {
	return verdicts.abi.Pack("compare", policy, claim, own)
}

// UnpackCompare is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xa0062acc.
//
// Solidity: function compare(bytes policy, bytes claim, bytes own) pure returns((int256,int256,int256,uint256))
func (verdicts *Verdicts) UnpackCompare(data []byte) (Comparison, error) {
	out, err := verdicts.abi.Unpack("compare", data)
	if err != nil {
		return *new(Comparison), err
	}
	out0 := *abi.ConvertType(out[0], new(Comparison)).(*Comparison)
	return out0, nil
}

// PackCompareMembers is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x7400511e.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function compareMembers(bytes policy, bytes a, bytes b) pure returns(int256)
func (verdicts *Verdicts) PackCompareMembers(policy []byte, a []byte, b []byte) []byte {
	enc, err := verdicts.abi.Pack("compareMembers", policy, a, b)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackCompareMembers is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x7400511e.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function compareMembers(bytes policy, bytes a, bytes b) pure returns(int256)
func (verdicts *Verdicts) TryPackCompareMembers(policy []byte, a []byte, b []byte) ([]byte, error) {
	return verdicts.abi.Pack("compareMembers", policy, a, b)
}

// UnpackCompareMembers is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x7400511e.
//
// Solidity: function compareMembers(bytes policy, bytes a, bytes b) pure returns(int256)
func (verdicts *Verdicts) UnpackCompareMembers(data []byte) (*big.Int, error) {
	out, err := verdicts.abi.Unpack("compareMembers", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackDisputeVerdict is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x0994a93b.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function disputeVerdict(bytes policy, bytes32 policyId, string engineClass, bytes claim, bytes own, uint8 rule) pure returns(uint8 verdict, uint8 class, int32 logE)
func (verdicts *Verdicts) PackDisputeVerdict(policy []byte, policyId [32]byte, engineClass string, claim []byte, own []byte, rule uint8) []byte {
	enc, err := verdicts.abi.Pack("disputeVerdict", policy, policyId, engineClass, claim, own, rule)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackDisputeVerdict is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x0994a93b.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function disputeVerdict(bytes policy, bytes32 policyId, string engineClass, bytes claim, bytes own, uint8 rule) pure returns(uint8 verdict, uint8 class, int32 logE)
func (verdicts *Verdicts) TryPackDisputeVerdict(policy []byte, policyId [32]byte, engineClass string, claim []byte, own []byte, rule uint8) ([]byte, error) {
	return verdicts.abi.Pack("disputeVerdict", policy, policyId, engineClass, claim, own, rule)
}

// DisputeVerdictOutput serves as a container for the return parameters of contract
// method DisputeVerdict.
type DisputeVerdictOutput struct {
	Verdict uint8
	Class   uint8
	LogE    int32
}

// UnpackDisputeVerdict is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x0994a93b.
//
// Solidity: function disputeVerdict(bytes policy, bytes32 policyId, string engineClass, bytes claim, bytes own, uint8 rule) pure returns(uint8 verdict, uint8 class, int32 logE)
func (verdicts *Verdicts) UnpackDisputeVerdict(data []byte) (DisputeVerdictOutput, error) {
	out, err := verdicts.abi.Unpack("disputeVerdict", data)
	outstruct := new(DisputeVerdictOutput)
	if err != nil {
		return *outstruct, err
	}
	outstruct.Verdict = *abi.ConvertType(out[0], new(uint8)).(*uint8)
	outstruct.Class = *abi.ConvertType(out[1], new(uint8)).(*uint8)
	outstruct.LogE = *abi.ConvertType(out[2], new(int32)).(*int32)
	return *outstruct, nil
}

// PackExp is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xb581fbe3.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function exp(uint256 x) pure returns(uint256)
func (verdicts *Verdicts) PackExp(x *big.Int) []byte {
	enc, err := verdicts.abi.Pack("exp", x)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackExp is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xb581fbe3.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function exp(uint256 x) pure returns(uint256)
func (verdicts *Verdicts) TryPackExp(x *big.Int) ([]byte, error) {
	return verdicts.abi.Pack("exp", x)
}

// UnpackExp is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xb581fbe3.
//
// Solidity: function exp(uint256 x) pure returns(uint256)
func (verdicts *Verdicts) UnpackExp(data []byte) (*big.Int, error) {
	out, err := verdicts.abi.Unpack("exp", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackJudge is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xa03d6dec.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function judge(bytes policy, (string,bool,uint8,uint32,bytes,bytes[]) sample) pure returns((uint8,uint8,int32,(bool,bool,int32)[]))
func (verdicts *Verdicts) PackJudge(policy []byte, sample Sample) []byte {
	enc, err := verdicts.abi.Pack("judge", policy, sample)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackJudge is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xa03d6dec.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function judge(bytes policy, (string,bool,uint8,uint32,bytes,bytes[]) sample) pure returns((uint8,uint8,int32,(bool,bool,int32)[]))
func (verdicts *Verdicts) TryPackJudge(policy []byte, sample Sample) ([]byte, error) {
	return verdicts.abi.Pack("judge", policy, sample)
}

// UnpackJudge is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xa03d6dec.
//
// Solidity: function judge(bytes policy, (string,bool,uint8,uint32,bytes,bytes[]) sample) pure returns((uint8,uint8,int32,(bool,bool,int32)[]))
func (verdicts *Verdicts) UnpackJudge(data []byte) (Judgement, error) {
	out, err := verdicts.abi.Unpack("judge", data)
	if err != nil {
		return *new(Judgement), err
	}
	out0 := *abi.ConvertType(out[0], new(Judgement)).(*Judgement)
	return out0, nil
}

// PackLine is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x364f6d9b.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function line(uint64 n) pure returns(uint64)
func (verdicts *Verdicts) PackLine(n uint64) []byte {
	enc, err := verdicts.abi.Pack("line", n)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackLine is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x364f6d9b.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function line(uint64 n) pure returns(uint64)
func (verdicts *Verdicts) TryPackLine(n uint64) ([]byte, error) {
	return verdicts.abi.Pack("line", n)
}

// UnpackLine is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x364f6d9b.
//
// Solidity: function line(uint64 n) pure returns(uint64)
func (verdicts *Verdicts) UnpackLine(data []byte) (uint64, error) {
	out, err := verdicts.abi.Unpack("line", data)
	if err != nil {
		return *new(uint64), err
	}
	out0 := *abi.ConvertType(out[0], new(uint64)).(*uint64)
	return out0, nil
}

// PackLn is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x3ab5e93a.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function ln(uint64 y) pure returns(int256)
func (verdicts *Verdicts) PackLn(y uint64) []byte {
	enc, err := verdicts.abi.Pack("ln", y)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackLn is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x3ab5e93a.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function ln(uint64 y) pure returns(int256)
func (verdicts *Verdicts) TryPackLn(y uint64) ([]byte, error) {
	return verdicts.abi.Pack("ln", y)
}

// UnpackLn is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x3ab5e93a.
//
// Solidity: function ln(uint64 y) pure returns(int256)
func (verdicts *Verdicts) UnpackLn(data []byte) (*big.Int, error) {
	out, err := verdicts.abi.Unpack("ln", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackMix is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x2b340ef8.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function mix(bytes policy, int256 raw) pure returns(int256)
func (verdicts *Verdicts) PackMix(policy []byte, raw *big.Int) []byte {
	enc, err := verdicts.abi.Pack("mix", policy, raw)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackMix is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x2b340ef8.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function mix(bytes policy, int256 raw) pure returns(int256)
func (verdicts *Verdicts) TryPackMix(policy []byte, raw *big.Int) ([]byte, error) {
	return verdicts.abi.Pack("mix", policy, raw)
}

// UnpackMix is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x2b340ef8.
//
// Solidity: function mix(bytes policy, int256 raw) pure returns(int256)
func (verdicts *Verdicts) UnpackMix(data []byte) (*big.Int, error) {
	out, err := verdicts.abi.Unpack("mix", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// UnpackError attempts to decode the provided error data using user-defined
// error definitions.
func (verdicts *Verdicts) UnpackError(raw []byte) (any, error) {
	if bytes.Equal(raw[:4], verdicts.abi.Errors["Incomparable"].ID.Bytes()[:4]) {
		return verdicts.UnpackIncomparableError(raw[4:])
	}
	if bytes.Equal(raw[:4], verdicts.abi.Errors["MalformedEvidence"].ID.Bytes()[:4]) {
		return verdicts.UnpackMalformedEvidenceError(raw[4:])
	}
	if bytes.Equal(raw[:4], verdicts.abi.Errors["MalformedPolicy"].ID.Bytes()[:4]) {
		return verdicts.UnpackMalformedPolicyError(raw[4:])
	}
	if bytes.Equal(raw[:4], verdicts.abi.Errors["WrongPolicy"].ID.Bytes()[:4]) {
		return verdicts.UnpackWrongPolicyError(raw[4:])
	}
	return nil, errors.New("Unknown error")
}

// VerdictsIncomparable represents a Incomparable error raised by the Verdicts contract.
type VerdictsIncomparable struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error Incomparable()
func VerdictsIncomparableErrorID() common.Hash {
	return common.HexToHash("0xa8fe74f9b9d8a4120131d8f590c84bb4bf6235bc03d71cf81cb852155790536e")
}

// UnpackIncomparableError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error Incomparable()
func (verdicts *Verdicts) UnpackIncomparableError(raw []byte) (*VerdictsIncomparable, error) {
	out := new(VerdictsIncomparable)
	if err := verdicts.abi.UnpackIntoInterface(out, "Incomparable", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// VerdictsMalformedEvidence represents a MalformedEvidence error raised by the Verdicts contract.
type VerdictsMalformedEvidence struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error MalformedEvidence()
func VerdictsMalformedEvidenceErrorID() common.Hash {
	return common.HexToHash("0x3978b77eb9236680b9ce448d2cd0360452d6767721d58d500050c8eecfb2c283")
}

// UnpackMalformedEvidenceError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error MalformedEvidence()
func (verdicts *Verdicts) UnpackMalformedEvidenceError(raw []byte) (*VerdictsMalformedEvidence, error) {
	out := new(VerdictsMalformedEvidence)
	if err := verdicts.abi.UnpackIntoInterface(out, "MalformedEvidence", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// VerdictsMalformedPolicy represents a MalformedPolicy error raised by the Verdicts contract.
type VerdictsMalformedPolicy struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error MalformedPolicy()
func VerdictsMalformedPolicyErrorID() common.Hash {
	return common.HexToHash("0x38db325c6ab83a02e38b343d2ba6f31c49ed4df1b0c1ce6a2d3e2106a369a6b3")
}

// UnpackMalformedPolicyError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error MalformedPolicy()
func (verdicts *Verdicts) UnpackMalformedPolicyError(raw []byte) (*VerdictsMalformedPolicy, error) {
	out := new(VerdictsMalformedPolicy)
	if err := verdicts.abi.UnpackIntoInterface(out, "MalformedPolicy", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// VerdictsWrongPolicy represents a WrongPolicy error raised by the Verdicts contract.
type VerdictsWrongPolicy struct {
	Id [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error WrongPolicy(bytes32 id)
func VerdictsWrongPolicyErrorID() common.Hash {
	return common.HexToHash("0x13e34fd7976ba71c52e9c6600e6a74216ad820c36ff46a806750c14afec62779")
}

// UnpackWrongPolicyError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error WrongPolicy(bytes32 id)
func (verdicts *Verdicts) UnpackWrongPolicyError(raw []byte) (*VerdictsWrongPolicy, error) {
	out := new(VerdictsWrongPolicy)
	if err := verdicts.abi.UnpackIntoInterface(out, "WrongPolicy", raw); err != nil {
		return nil, err
	}
	return out, nil
}
