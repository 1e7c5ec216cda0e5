// What can be wrong with what a provider opens of a sampled receipt.
// docs/protocol.md, "Opening".

import { zeroHash } from "./bytes.js";
import { type ModelSpec, type OutputPart, type Receipt, type RequestPart, type Sampling, greedy, isPrivate, seeded, specId, unseeded } from "./digest.js";
import { maxPositions } from "./evidence.js";
import { classNone, malformed, truncated, wrongTokenCount } from "./judge.js";

/** An authentic opening. Of a text that is left out everything is taken to be in order. */
export interface Opening {
  receipt: Receipt;
  sampling: Omit<Sampling, "seed">;
  finish: number;
  request?: RequestPart;
  output?: OutputPart;
}

const stop = 1;
const length = 2;

function isSampling(s: Omit<Sampling, "seed">, seed: string): boolean {
  if (s.maxTokens === 0) return false;
  if (s.rule === greedy) return s.temperatureMicro === 0 && s.topPMicro === 0 && seed === zeroHash;
  return (
    (s.rule === seeded || (s.rule === unseeded && seed === zeroHash)) &&
    s.temperatureMicro > 0 && s.temperatureMicro <= 10_000_000 && s.topPMicro > 0 && s.topPMicro <= 1_000_000
  );
}

const samples = (spec: ModelSpec, rule: number): boolean =>
  (spec.samplingRule === "posp-gumbel-v1" && (rule === greedy || rule === seeded)) ||
  (spec.samplingRule === "posp-unseeded-v1" && (rule === greedy || rule === unseeded));

/** What is wrong with an authentic opening by itself: a class. The first rule that applies. */
export function checkOpening(spec: ModelSpec, o: Opening): number {
  const { receipt, sampling, finish, request, output } = o;
  const n = request?.tokens.length ?? receipt.promptTokens;
  const m = output?.tokens.length ?? receipt.outputTokens;
  const fits = (tokens: number[] | undefined): boolean => tokens === undefined || tokens.every((t) => t < spec.vocabSize);
  const traced = (part: RequestPart | OutputPart | undefined): boolean => part === undefined || isPrivate(spec) === (part.traceSeed !== zeroHash);
  const oneTrace = request === undefined || output === undefined || request.traceSeed === output.traceSeed;
  if (n !== receipt.promptTokens || m !== receipt.outputTokens) return wrongTokenCount;
  if (
    !oneTrace || !traced(request) || !traced(output) || receipt.specId !== specId(spec) || n === 0 || n + m > spec.contextLimit || m > maxPositions ||
    !isSampling(sampling, request?.sampling.seed ?? zeroHash) || !samples(spec, sampling.rule) || !fits(request?.tokens) || !fits(output?.tokens)
  ) {
    return malformed;
  }
  if (m > sampling.maxTokens) return wrongTokenCount;
  const last = m - 1;
  // Where EOS stands first.
  const end = output !== undefined ? output.tokens.indexOf(spec.eos) : finish === stop ? last : -1;
  switch (finish) {
    case stop: // at the first EOS, not before and not after
      return last >= 0 && end === last ? classNone : truncated;
    case length: // because there was no more room
      return (m === sampling.maxTokens || n + m === spec.contextLimit) && (end < 0 || end === last) ? classNone : truncated;
    default:
      return malformed;
  }
}
