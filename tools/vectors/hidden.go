package main

import (
	"fmt"
	"strings"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"

	"github.com/proof-of-sampling/posp"
)

// hiddenVectors: what receipts of private specs bind, and which specs are private. Token i of a text is keccak("token <text>" ‖ uint256(i)) modulo 2^32.
func hiddenVectors() (any, error) {
	root := word("root", 0)
	private := []object{}
	for _, version := range []string{
		"", "posp-ref-v1:" + root.Hex()[2:], posp.HiddenReference + root.Hex()[2:], posp.HiddenReference + strings.Repeat("0", 64), posp.HiddenReference,
		posp.HiddenReference + root.Hex()[3:], posp.HiddenReference + root.Hex()[2:] + "0", posp.HiddenReference + root.Hex(),
		posp.HiddenReference + strings.ToUpper(root.Hex()[2:]), posp.HiddenReference + strings.Repeat("g", 64), " " + posp.HiddenReference + root.Hex()[2:],
		"posp-ref-v1-hidden" + root.Hex()[2:] + "0",
	} {
		private = append(private, object{"referenceVersion": version, "private": posp.ModelSpec{ReferenceVersion: version}.Private()})
	}
	last := fr.NewElement(0)
	last.Sub(&last, new(fr.Element).SetOne())
	one := fr.NewElement(1)
	seeds := []posp.Hash{one.Bytes(), last.Bytes()}
	for i := range 4 {
		seed := word("trace seed", i)
		seed[0] &= 0x1f // below the field's order
		seeds = append(seeds, seed)
	}
	requests, outputs := []object{}, []object{}
	for i, n := range []int{1, 2, 63, 64, 65, 128, 129, 700, 0} {
		seed := seeds[i%len(seeds)]
		e, err := posp.TraceSeed(seed)
		if err != nil {
			return nil, err
		}
		commitment := posp.SeedCommitment(e)
		text := func(name string) []uint32 {
			tokens := make([]uint32, n)
			for k := range tokens {
				h := word("token "+name, k)
				tokens[k] = uint32(h[28])<<24 | uint32(h[29])<<16 | uint32(h[30])<<8 | uint32(h[31])
			}
			return tokens
		}
		request := posp.RequestPart{Tokens: text(fmt.Sprint("prompt", i)), Salt: word("salt", 2*i), TraceSeed: seed,
			Sampling: posp.Sampling{Rule: posp.SamplingRule(1 + i%3), TemperatureMicro: uint32(i) * 100_000, TopPMicro: 1_000_000 - uint32(i), Seed: word("noise", i), MaxTokens: 64 + uint32(i)}}
		output := posp.OutputPart{Tokens: text(fmt.Sprint("output", i)), Finish: posp.FinishReason(1 + i%2), Salt: word("salt", 2*i+1), TraceSeed: seed}
		s := request.Sampling
		requests = append(requests, object{
			"tokens": packed(request.Tokens), "salt": request.Salt, "rule": s.Rule, "temperatureMicro": s.TemperatureMicro, "topPMicro": s.TopPMicro, "seed": s.Seed,
			"maxTokens": s.MaxTokens, "n": n, "traceSeed": seed, "seedCommitment": posp.Hash(commitment.Bytes()), "root": posp.HiddenTokens(e, 0, request.Tokens), "hash": request.Hash(),
		})
		outputs = append(outputs, object{
			"tokens": packed(output.Tokens), "salt": output.Salt, "finish": output.Finish, "n": n, "traceSeed": seed,
			"root": posp.HiddenTokens(e, 1, output.Tokens), "hash": output.Hash(),
		})
	}
	return object{
		"private":  object{"length": len(private), "cases": private},
		"requests": object{"length": len(requests), "cases": requests},
		"outputs":  object{"length": len(outputs), "cases": outputs},
	}, nil
}
