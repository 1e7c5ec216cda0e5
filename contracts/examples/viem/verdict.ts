import { verdictReaderAbi } from "@proof-of-sampling/contracts";
import { type Address, type ContractFunctionArgs, createPublicClient, http } from "viem";

// Everything here is typed by the ABI: what is asked, and what comes back.
type Shown = ContractFunctionArgs<typeof verdictReaderAbi, "view", "ofReceipt">[0];

const verdicts = ["unsampled", "pass", "fail", "inconclusive", "unavailable"] as const;
const finalities = ["not certified", "certified", "contested", "final", "void"] as const;

/** What is known of a receipt, in words. */
export async function describe(rpc: string, reader: Address, shown: Shown): Promise<string> {
  const client = createPublicClient({ transport: http(rpc) });
  const v = await client.readContract({ address: reader, abi: verdictReaderAbi, functionName: "ofReceipt", args: [shown] });
  const age: bigint = v.batch.age;
  return `${verdicts[v.verdict]}, ${finalities[v.batch.finality]}, ${age} blocks old, provider ${v.batch.jailed ? "jailed" : "at large"}`;
}

// @ts-expect-error: there is no such function, and the types know it
type None = ContractFunctionArgs<typeof verdictReaderAbi, "view", "ofNothing">[0]["receipt"];
// @ts-expect-error: a sequence is a bigint
const wrong: Shown["receipt"]["sequence"] = "7";
void wrong;
