package float

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Format is a format of numbers in an accelerator's memory. Rounding to one is to nearest, ties to even.
type Format uint8

// The formats. The last two are of key-value caches alone and differ by their scale, under vLLM's names: with
// fp8 a value is stored as it is, which is what vLLM does with a checkpoint that brings no scales (one scale for each
// tensor, of 1); with fp8_per_token_head each head's key and value of each position has a scale of its own, its
// largest magnitude / 448 (and at least 1e-6). What is beyond 448 saturates.
const (
	F32             Format = iota // IEEE binary32
	BF16                          // the upper half of binary32
	F16                           // IEEE binary16
	FP8                           // OCP e4m3, scale 1
	FP8PerTokenHead               // OCP e4m3, a scale for each head of each position
)

var formatNames = [...]string{"f32", "bf16", "f16", "fp8", "fp8_per_token_head"}

func (f Format) String() string {
	if int(f) >= len(formatNames) {
		return fmt.Sprintf("format %d", uint8(f))
	}
	return formatNames[f]
}

// Mode says how an accelerator computes: in which formats its kernels leave numbers in memory, and in which
// order they add. The zero Mode is binary32 throughout. Engine and Scorer know the same modes, each in kernels of its
// own, so that a pair of them in one mode differs as two kinds of accelerator do.
//
// Kernels add in binary32 (the Scorer's norms and softmax in binary64). With 16-bit Activations, rounded
// to them are, as vLLM's kernels for Llama do:
//
//   - the embedding, and the residual stream after each addition to it;
//   - norms: x / rms(x), and again its product with the weight;
//   - the outputs of all linear layers, and queries and keys again after rotation;
//   - attention: the probabilities that enter the product with the values, since matrix units take operands of 16
//     bits, and the output; with an online softmax not probabilities but exponentials are rounded, which the sum of
//     the unrounded ones divides at the end;
//   - SwiGLU: silu(gate), and again its product with up.
//
// Scores within attention, the softmax, the angles of rotation, and, unless Logits say else, the logits stay
// binary32. Weights are used as given: who wants weights of a format rounds them before (package model).
type Mode struct {
	// Activations are F32, BF16 or F16.
	Activations Format
	// Logits are F32, or Activations: as engines write them whose output projection is a 16-bit kernel like the others
	// (vLLM unless told otherwise). Logits of 16 bits have ties.
	Logits Format
	// KVCache is what keys and values are rounded to when they are written to the cache, whence attention always reads
	// them, in prefill too. F32 leaves them in the format of Activations.
	KVCache Format
	// TensorParallel is the number of devices that share the model: 0 for one alone, or 2, 4 or 8. The inputs of
	// o_proj and down_proj are split among them, and the partial outputs are rounded to Activations before they
	// are summed (in binary32, as vLLM's custom all-reduce does) and rounded again.
	TensorParallel int

	// FlashBlock is how many positions attention takes at once with an online softmax, a multiple of 16 up to 1024;
	// 0 is a softmax of whole rows.
	FlashBlock int
	// SplitK is into how many pieces, up to 64, the inputs of every linear layer are split, whose sums are added in
	// binary32 at the end; 0 adds in one piece.
	SplitK int
}

// engineName begins the engine classes of this package.
const engineName = "posp-float/"

// String names the mode: "posp-float/f32", "posp-float/bf16+logits+kv-fp8+tp4+flash64+splitk2". Each mode has one
// name, and ParseMode reads it.
func (m Mode) String() string {
	var b strings.Builder
	b.WriteString(engineName + m.Activations.String())
	if m.Logits != F32 {
		b.WriteString("+logits")
	}
	if m.KVCache != F32 {
		b.WriteString("+kv-" + m.KVCache.String())
	}
	for _, o := range []struct {
		name string
		n    int
	}{{"tp", m.TensorParallel}, {"flash", m.FlashBlock}, {"splitk", m.SplitK}} {
		if o.n != 0 {
			fmt.Fprintf(&b, "+%s%d", o.name, o.n)
		}
	}
	return b.String()
}

// Class names the precision class of the mode, which is what a posp.ModelSpec declares as EngineClass: the formats
// and the number of devices. FlashBlock and SplitK are no part of it: they are the kernel's choice, which changes with
// hardware, batch and length of the text, and within a class honest machines differ by it (most where one has an
// online softmax and the other has not: what they round differs then, and not the order of addition alone).
func (m Mode) Class() string {
	m.FlashBlock, m.SplitK = 0, 0
	return m.String()
}

// Check reports everything that makes m no mode of this package.
func (m Mode) Check() error {
	var errs []error
	if m.Activations > F16 {
		errs = append(errs, fmt.Errorf("activations are %s, want f32, bf16 or f16", m.Activations))
	}
	if m.Logits != F32 && m.Logits != m.Activations {
		errs = append(errs, fmt.Errorf("logits are %s, want f32 or the activations' %s", m.Logits, m.Activations))
	}
	switch {
	case m.KVCache > FP8PerTokenHead:
		errs = append(errs, fmt.Errorf("the key-value cache is %s, want f32, bf16, f16, fp8 or fp8_per_token_head", m.KVCache))
	case m.KVCache != F32 && m.KVCache == m.Activations:
		errs = append(errs, fmt.Errorf("the key-value cache is %s, as the activations are: leave it out", m.KVCache))
	}
	if t := m.TensorParallel; t != 0 && t != 2 && t != 4 && t != 8 {
		errs = append(errs, fmt.Errorf("tensor parallel is %d, want 2, 4 or 8, or none for one device", t))
	}
	if m.FlashBlock < 0 || m.FlashBlock > 1024 || m.FlashBlock%16 != 0 {
		errs = append(errs, fmt.Errorf("the flash attention block is %d, want a multiple of 16 up to 1024, or none", m.FlashBlock))
	}
	if m.SplitK < 0 || m.SplitK > 64 || m.SplitK == 1 {
		errs = append(errs, fmt.Errorf("split-k is %d, want 2 to 64, or none", m.SplitK))
	}
	return errors.Join(errs...)
}

// ParseMode reads the name of a mode: what String and Class return, and nothing else.
func ParseMode(name string) (Mode, error) {
	m, err := parseMode(name)
	if err == nil {
		err = m.Check()
	}
	if err == nil && m.String() != name {
		err = fmt.Errorf("it is spelled %s", m)
	}
	if err != nil {
		return Mode{}, fmt.Errorf("engine class %.80q: %w", name, err)
	}
	return m, nil
}

func parseMode(name string) (Mode, error) {
	rest, ok := strings.CutPrefix(name, engineName)
	if !ok {
		return Mode{}, fmt.Errorf("want one that begins with %s", engineName)
	}
	base, options, _ := strings.Cut(rest, "+")
	var m Mode
	var err error
	if m.Activations, err = parseFormat(base); err != nil || options == "" {
		return m, err
	}
	for option := range strings.SplitSeq(options, "+") {
		kind := strings.TrimRight(option, "0123456789")
		number := &m.SplitK
		switch {
		case option == "logits":
			m.Logits = m.Activations
			continue
		case strings.HasPrefix(option, "kv-"):
			if m.KVCache, err = parseFormat(option[3:]); err != nil {
				return m, err
			}
			continue
		case kind == "tp":
			number = &m.TensorParallel
		case kind == "flash":
			number = &m.FlashBlock
		case kind != "splitk":
			return m, fmt.Errorf("option %.20q, want logits, kv-FORMAT, tpN, flashN or splitkN", option)
		}
		if *number, err = strconv.Atoi(option[len(kind):]); err != nil {
			return m, fmt.Errorf("option %.20q, want a number after %s", option, kind)
		}
	}
	return m, nil
}

func parseFormat(name string) (Format, error) {
	for f, n := range formatNames {
		if n == name {
			return Format(f), nil
		}
	}
	return F32, fmt.Errorf("format %.20q, want one of %s", name, strings.Join(formatNames[:], ", "))
}
