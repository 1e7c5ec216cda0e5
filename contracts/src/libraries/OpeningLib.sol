// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {HiddenOutput, HiddenRequest, ModelSpec, OutputPart, Receipt, RequestPart} from "./Values.sol";

/// @title OpeningLib
/// @notice What is wrong with an opening by itself, before anything is recomputed. Its twin is verdict.CheckOpening.
library OpeningLib {
    // Classes of a verdict
    uint8 internal constant NONE = 0;
    uint8 internal constant TRUNCATED = 5;
    uint8 internal constant WRONG_TOKEN_COUNT = 6;
    uint8 internal constant MALFORMED = 7;

    // Sampling rules
    uint8 internal constant GREEDY = 1;
    uint8 internal constant SEEDED = 2;
    uint8 internal constant UNSEEDED = 3;

    uint8 private constant STOP = 1;
    uint8 private constant LENGTH = 2;
    uint256 private constant MAX_POSITIONS = 1 << 17;
    bytes32 private constant GUMBEL = keccak256("posp-gumbel-v1");
    bytes32 private constant UNSEEDED_RULE = keccak256("posp-unseeded-v1");

    /// @dev One in each 64-bit lane of a word, and the bit above the low half of each.
    uint256 private constant ONES = 0x0000000000000001000000000000000100000000000000010000000000000001;
    uint256 private constant LOW = 0x00000000ffffffff00000000ffffffff00000000ffffffff00000000ffffffff;
    uint256 private constant CARRY = ONES << 32;

    /// @param request Opens the receipt's requestHash: tokens are whole.
    /// @param output Opens the receipt's outputHash.
    /// @param specId Of the spec.
    function check(
        ModelSpec calldata spec,
        bytes32 specId,
        Receipt calldata receipt,
        RequestPart calldata request,
        OutputPart calldata output
    ) internal pure returns (uint8) {
        uint256 n = request.tokens.length / 4;
        uint256 m = output.tokens.length / 4;
        if (n != receipt.promptTokens || m != receipt.outputTokens) return WRONG_TOKEN_COUNT;
        if (receipt.specId != specId || n == 0 || n + m > spec.contextLimit || m > MAX_POSITIONS) return MALFORMED;
        if (
            !_sampled(request.rule, request.temperatureMicro, request.topPMicro, request.seed, request.maxTokens)
                || !_rule(spec, request.rule) || !below(request.tokens, spec.vocabSize)
                || !below(output.tokens, spec.vocabSize)
        ) return MALFORMED;
        if (m > request.maxTokens) return WRONG_TOKEN_COUNT;
        bool stopped = m != 0 && uint32(bytes4(output.tokens[4 * m - 4:])) == spec.eos;
        // An EOS that is not the last token is wrong however the answer ended.
        if (m != 0 && holds(output.tokens[:4 * m - 4], spec.eos)) {
            return output.finish == STOP || output.finish == LENGTH ? TRUNCATED : MALFORMED;
        }
        if (output.finish == STOP) return stopped ? NONE : TRUNCATED;
        if (output.finish != LENGTH) return MALFORMED;
        return m == request.maxTokens || n + m == spec.contextLimit ? NONE : TRUNCATED;
    }

    /// @notice What of that can be seen without the text. Under a private spec the counts are part of the hashes.
    function check(
        ModelSpec calldata spec,
        bytes32 specId,
        Receipt calldata receipt,
        HiddenRequest calldata request,
        HiddenOutput calldata output
    ) internal pure returns (uint8) {
        uint256 n = receipt.promptTokens;
        uint256 m = receipt.outputTokens;
        if (
            receipt.specId != specId || n == 0 || n + m > spec.contextLimit || m > MAX_POSITIONS
                || request.seedCommitment == 0
                || !_sampled(request.rule, request.temperatureMicro, request.topPMicro, request.seed, request.maxTokens)
                || !_rule(spec, request.rule)
        ) return MALFORMED;
        if (m > request.maxTokens) return WRONG_TOKEN_COUNT;
        if (output.finish == STOP) return m == 0 ? TRUNCATED : NONE;
        if (output.finish != LENGTH) return MALFORMED;
        return m == request.maxTokens || n + m == spec.contextLimit ? NONE : TRUNCATED;
    }

    /// @notice Whether a FAIL of this class may rest on the text itself, whatever the evidence says.
    function isOfText(uint8 class) internal pure returns (bool) {
        return class >= TRUNCATED && class <= MALFORMED;
    }

    /// @notice Whether every token is below a bound.
    function below(bytes calldata tokens, uint32 bound) internal pure returns (bool) {
        if (bound == 0) return tokens.length == 0;
        unchecked {
            // Added to a token, it carries into the bit above if the token is not below.
            uint256 complement = ((1 << 32) - uint256(bound)) * ONES;
            uint256 carries;
            for (uint256 i; i < tokens.length; i += 32) {
                uint256 word = _word(tokens, i);
                carries |= ((word & LOW) + complement) | ((word >> 32 & LOW) + complement);
            }
            return carries & CARRY == 0;
        }
    }

    /// @notice Whether a token is among tokens.
    function holds(bytes calldata tokens, uint32 token) internal pure returns (bool) {
        unchecked {
            uint256 pattern = uint256(token) * ONES;
            uint256 carries = CARRY;
            uint256 i;
            for (; i + 32 <= tokens.length; i += 32) {
                uint256 word = _word(tokens, i);
                // A lane that is not zero carries into the bit above.
                carries &= (((word & LOW) ^ pattern) + LOW) & (((word >> 32 & LOW) ^ pattern) + LOW);
            }
            if (carries != CARRY) return true;
            for (; i < tokens.length; i += 4) {
                if (uint32(bytes4(tokens[i:])) == token) return true;
            }
            return false;
        }
    }

    /// @dev posp.Sampling.Check
    function _sampled(uint8 rule, uint32 temperatureMicro, uint32 topPMicro, bytes32 seed, uint32 maxTokens)
        private
        pure
        returns (bool)
    {
        if (maxTokens == 0) return false;
        if (rule == GREEDY) return temperatureMicro == 0 && topPMicro == 0 && seed == 0;
        if (rule != SEEDED && rule != UNSEEDED) return false;
        return temperatureMicro != 0 && temperatureMicro <= 10_000_000 && topPMicro != 0 && topPMicro <= 1_000_000
            && (rule == SEEDED || seed == 0);
    }

    /// @dev posp.ModelSpec.Samples
    function _rule(ModelSpec calldata spec, uint8 rule) private pure returns (bool) {
        bytes32 named = keccak256(bytes(spec.samplingRule));
        if (rule == SEEDED) return named == GUMBEL;
        if (rule == UNSEEDED) return named == UNSEEDED_RULE;
        return named == GUMBEL || named == UNSEEDED_RULE;
    }

    /// @dev Eight tokens; beyond the end there are zeros.
    function _word(bytes calldata tokens, uint256 i) private pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := calldataload(add(tokens.offset, i))
            let left := sub(tokens.length, i)
            if lt(left, 32) { word := and(word, not(shr(shl(3, left), not(0)))) }
        }
    }
}
