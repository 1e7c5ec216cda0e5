const assert = require("node:assert/strict");
const { network, artifacts } = require("hardhat");
const { createPublicClient, createWalletClient, custom, encodeDeployData, parseEventLogs } = require("viem");
const { hardhat } = require("viem/chains");

const zero = `0x${"0".repeat(64)}`;
const [pass, fail] = [1, 2];
const final = 3; // Finality.Final

describe("Ledger", () => {
  let reading, writing, account, reader, callbacks, ledger;

  const deploy = async (name, args = []) => {
    const { abi, bytecode } = await artifacts.readArtifact(name);
    const hash = await writing.sendTransaction({ account, data: encodeDeployData({ abi, bytecode, args }) });
    const { contractAddress } = await reading.waitForTransactionReceipt({ hash });
    return { abi, address: contractAddress };
  };
  const send = async (contract, functionName, args) => {
    const hash = await writing.writeContract({ ...contract, account, functionName, args });
    return reading.waitForTransactionReceipt({ hash });
  };
  const read = (contract, functionName, args = []) => reading.readContract({ ...contract, functionName, args });

  const receipt = (sequence) => ({
    provider: account, epoch: 0n, sequence, specId: zero, requestHash: zero, outputHash: zero, evidenceHash: zero,
    promptTokens: 1, outputTokens: 1, clientNonce: zero, time: 0n,
  });
  const verdict = (v, finality = final) => ({
    verdict: v, class: 0, sampled: v !== 0, overturned: false, sampleId: zero,
    batch: {
      batchId: zero, leaf: 0n, finality, certifiedAt: 1n, age: 0n, samples: 3, passed: 3, failed: 0, inconclusive: 0,
      unavailable: 0, faulted: false, jailed: false, standing: 0n,
    },
  });
  const shown = (r) => ({
    receipt: r, epoch: r.epoch, receiptProof: [], lineIndex: 0n, lineProof: [],
    line: { sampleId: zero, verdict: 0, class: 0, logE: 0, evidence: zero },
  });

  before(async () => {
    const transport = custom(network.provider);
    reading = createPublicClient({ chain: hardhat, transport });
    writing = createWalletClient({ chain: hardhat, transport });
    [account] = await writing.getAddresses();
    reader = await deploy("MockVerdictReader");
    callbacks = await deploy("VerdictCallbacks", [reader.address]);
    ledger = await deploy("Ledger", [callbacks.address]);
  });

  for (const [name, v, finality, counter] of [
    ["a PASS", pass, final, "passed"], ["a FAIL", fail, final, "failed"],
    ["what was not drawn", 0, final, "unknown"], ["a void epoch", 0, 4, "unknown"],
  ]) {
    it(`is told of ${name}`, async () => {
      const r = receipt(BigInt(v * 10 + finality));
      const before = await read(ledger, counter);
      await send(reader, "set", [r, verdict(v, finality)]);
      await send(ledger, "follow", [await read(reader, "receiptHash", [r])]);
      const { logs } = await send(callbacks, "deliver", [ledger.address, shown(r)]);
      const [delivered] = parseEventLogs({ abi: callbacks.abi, logs, eventName: "Delivered" });
      assert.equal(delivered.args.ok, true);
      assert.equal(await read(ledger, counter), before + 1n);
    });
  }

  it("is not told before it is final", async () => {
    const r = receipt(99n);
    await send(reader, "set", [r, verdict(pass, 2)]);
    await send(ledger, "follow", [await read(reader, "receiptHash", [r])]);
    await assert.rejects(send(callbacks, "deliver", [ledger.address, shown(r)]), /NotFinal/);
  });

  it("listens to nobody else", async () => {
    await assert.rejects(send(ledger, "onVerdict", [zero, verdict(pass)]), /NotCallbacks/);
  });
});
