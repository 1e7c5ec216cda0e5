// What a provider opens of a sampled receipt. docs/protocol.md, "Opening".

import { type Address, type Hash, Invalid, zeroHash } from "./bytes.js";
import {
  type Batch, type Domain, type ModelSpec, type OutputPart, type RequestPart, type Sampling, type SignedReceipt, greedy, isPrivate, outputHash,
  receiptHash, requestHash, seeded, specId, unseeded,
} from "./digest.js";
import { maxPositions } from "./evidence.js";
import { merkleVerify } from "./merkle.js";
import { recover } from "./signature.js";

export interface Opening {
  receipt: SignedReceipt;
  leaf: bigint;
  proof: Hash[];
  request: RequestPart;
  output: OutputPart;
  withheld: boolean; // tokens, salts and seeds were left out
}

/** Throws Invalid unless the opening is the provider's for that leaf. */
export function verifyOpening(d: Domain, batch: Batch, leaf: bigint, receiptKey: Address, o: Opening): void {
  const r = o.receipt;
  if (o.leaf !== leaf) throw new Invalid(`opening is of leaf ${o.leaf}, want ${leaf}`);
  if (r.provider !== batch.provider || r.epoch !== batch.epoch) throw new Invalid("opening's receipt is of another provider or epoch than the batch");
  if (r.sequence - batch.firstSequence !== leaf) throw new Invalid(`opening's receipt has sequence ${r.sequence} at leaf ${leaf} of a batch that begins at ${batch.firstSequence}`);
  const digest = receiptHash(r, d);
  if (!merkleVerify(batch.root, digest, leaf, batch.leafCount, o.proof)) throw new Invalid(`receipt ${digest} is not at leaf ${leaf} under root ${batch.root}`);
  const signer = recover(digest, r.signature);
  if (signer !== receiptKey) throw new Invalid(`receipt is signed by ${signer ?? "nobody"}, not by the receipt key ${receiptKey}`);
  if (o.withheld) throw new Invalid("the opening's text is withheld");
  if (requestHash(o.request) !== r.requestHash) throw new Invalid("request part does not match the receipt's requestHash");
  if (outputHash(o.output) !== r.outputHash) throw new Invalid("output part does not match the receipt's outputHash");
}

const isSampling = (s: Sampling): boolean => {
  if (s.maxTokens === 0) return false;
  if (s.rule === greedy) return s.temperatureMicro === 0 && s.topPMicro === 0 && s.seed === zeroHash;
  return (
    (s.rule === seeded || (s.rule === unseeded && s.seed === zeroHash)) &&
    s.temperatureMicro > 0 && s.temperatureMicro <= 10_000_000 && s.topPMicro > 0 && s.topPMicro <= 1_000_000
  );
};

const samples = (spec: ModelSpec, rule: number): boolean =>
  (spec.samplingRule === "posp-gumbel-v1" && (rule === greedy || rule === seeded)) ||
  (spec.samplingRule === "posp-unseeded-v1" && (rule === greedy || rule === unseeded));

/** What is wrong with an authentic opening by itself: a class, 0 when nothing is. The first rule that applies. */
export function checkOpening(spec: ModelSpec, o: Opening): number {
  const [none, truncated, wrongTokenCount, malformed] = [0, 5, 6, 7];
  const prompt = o.request.tokens;
  const output = o.output.tokens;
  const { sampling } = o.request;
  const length = prompt.length + output.length;
  if (prompt.length !== o.receipt.promptTokens || output.length !== o.receipt.outputTokens) return wrongTokenCount;
  if (
    o.request.traceSeed !== o.output.traceSeed || isPrivate(spec) !== (o.request.traceSeed !== zeroHash) || o.receipt.specId !== specId(spec) ||
    prompt.length === 0 || length > spec.contextLimit || output.length > maxPositions || !isSampling(sampling) || !samples(spec, sampling.rule) ||
    prompt.some((t) => t >= spec.vocabSize) || output.some((t) => t >= spec.vocabSize)
  ) {
    return malformed;
  }
  if (output.length > sampling.maxTokens) return wrongTokenCount;
  const end = output.indexOf(spec.eos);
  const last = output.length - 1;
  switch (o.output.finish) {
    case 1: // at the first EOS, not before and not after
      return last >= 0 && end === last ? none : truncated;
    case 2: // because there was no more room
      return (output.length === sampling.maxTokens || length === spec.contextLimit) && (end < 0 || end === last) ? none : truncated;
    default:
      return malformed;
  }
}
