/*! The verifier of Proof of Sampling's bundles. With @noble/curves and @noble/hashes, (c) 2022 Paul Miller, MIT License */
// As a library, for Node and browsers.

export { type Check, type Outcome, type Report, type Trust, checkNames, verify, verifySteps } from "./verify.js";
