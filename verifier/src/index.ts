// The verifier of Proof of Sampling's bundles,
// as a library for Node and browsers.

export { type LogPolicy, parseLogPolicy } from "./log.js";
export { type Check, type Outcome, type Report, type Trust, checkNames, verify, verifySteps } from "./verify.js";
