// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Bins, BinsLib} from "./BinsLib.sol";
import {Evidence, EvidenceLib} from "./EvidenceLib.sol";
import {FixedLib} from "./FixedLib.sol";
import {NumbersLib} from "./NumbersLib.sol";
import {Policy, PolicyLib, Question} from "./PolicyLib.sol";

/// @notice How a recomputation fits a claim, in log e-values in Q16 nats before discount and mixture; distance is the
/// mean difference of log-probabilities, Q24 nats.
struct Comparison {
    int256 logE;
    int256 model;
    int256 choice;
    uint256 distance;
}

/// @notice A sampled receipt whose opening, if somebody holds it, is in order (verdict.CheckOpening). Evidence that
/// nobody holds, and that of a member which did not reveal, is of no bytes.
struct Sample {
    string engineClass; // the spec's
    bool opened; // somebody holds the opening
    uint8 rule;
    uint32 tokens; // of the output
    bytes provider;
    bytes[] committee;
}

/// @notice What a sample comes to; logE in Q16 nats, for the provider's standing.
struct Judgement {
    uint8 verdict;
    uint8 class;
    int32 logE;
    MemberJudgement[] members; // in committee order
}

/// @notice What a sample says of a member: it did its duty; it was compared with at least two others, and by logE.
struct MemberJudgement {
    bool done;
    bool scored;
    int32 logE;
}

/// @title VerdictLib
/// @notice What evidence means, in integers (PROTOCOL section 5; docs/protocol.md, Policy and verdict). Its twin is package
/// verdict: equal evidence gives equal results. Evidence and policies stay in calldata; memory grows with a policy,
/// not with the number of positions.
library VerdictLib {
    uint8 internal constant PASS = 1;
    uint8 internal constant FAIL = 2;
    uint8 internal constant INCONCLUSIVE = 3;
    uint8 internal constant UNAVAILABLE = 4;

    uint8 internal constant WRONG_MODEL = 1;
    uint8 internal constant WRONG_PRECISION = 2;
    uint8 internal constant FORGED_CHOICE = 4;
    uint8 internal constant MALFORMED = 7;
    uint8 internal constant WITHHELD = 8;

    uint8 internal constant GREEDY = 1;
    uint8 internal constant UNSEEDED = 3;

    /// @notice The engine class that policies call the reference program by.
    string internal constant REFERENCE = "posp-ref-v1";

    uint256 private constant MILLION = 1_000_000;
    int256 private constant LIMIT = int256(PolicyLib.MAX_LOG_E);

    /// @dev Where calldata never reaches, so that a column there is of zeros.
    uint256 private constant ZEROS = 1 << 128;

    error Incomparable();

    /// @notice What the reference program's evidence says of a provider's claim: verdict, class and logE. It alone
    /// decides, so there is no median. Log-probabilities are judged under every rule, choices under the greedy rule
    /// alone, because the program computes no others. Where the policy was not calibrated for the pair of the
    /// provider's engine class and the program, INCONCLUSIVE neither clears nor confirms.
    /// @param policy Its encoding.
    /// @param policyId As the spec names it.
    /// @param engineClass The spec's.
    /// @param claim The provider's evidence. One that is of kind none, or of another length than the output, is a FAIL,
    /// whatever the policy covers.
    /// @param own The program's evidence, of kind full.
    /// @param rule Of sampling.
    function disputeVerdict(
        bytes calldata policy,
        bytes32 policyId,
        string memory engineClass,
        bytes calldata claim,
        bytes calldata own,
        uint8 rule
    ) internal pure returns (uint8, uint8, int32) {
        Policy memory p = PolicyLib.decode(policy, policyId);
        Evidence memory c = EvidenceLib.decode(claim);
        Evidence memory o = EvidenceLib.decode(own);
        if (o.kind != EvidenceLib.FULL) revert Incomparable();
        if (c.kind == EvidenceLib.NONE || c.positions != o.positions) return (FAIL, MALFORMED, int32(p.cap));
        if (!PolicyLib.covers(p, engineClass, REFERENCE) || (rule == GREEDY && !asks(p, rule))) {
            return (INCONCLUSIVE, 0, 0);
        }
        Comparison memory found;
        if (rule == GREEDY) {
            found = compare(p, c, o);
        } else {
            (found.model, found.distance) = model(p, c, o);
            (found.choice, found.logE) = (found.model, found.model);
        }
        int256 logE = mix(p, found.logE);
        uint8 verdict = INCONCLUSIVE;
        uint8 class;
        if (logE >= p.failAt) {
            (verdict, class) = (FAIL, classOf(p, found));
        } else if (logE <= p.passAt && o.positions >= p.minPositions) {
            verdict = PASS;
        }
        return (verdict, class, int32(logE));
    }

    /// @notice Judges a sample, by the rules of verdict.Judge and in their order. Bytes of a member that are no evidence
    /// reveal nothing; such bytes of the provider are refused.
    function judge(Policy memory p, Sample calldata s) internal pure returns (Judgement memory j) {
        uint256 n = s.committee.length;
        Evidence[] memory members = new Evidence[](n);
        uint256[] memory full = new uint256[](n); // members with evidence in full
        (j.verdict, j.members) = (INCONCLUSIVE, new MemberJudgement[](n));
        uint256 none;
        uint256 count; // of those in full
        uint256 revealed;
        for (uint256 i; i < n; ++i) {
            members[i] = reveal(s.committee[i]);
            uint256 kind = members[i].kind;
            if (kind == EvidenceLib.NONE) ++none;
            if (kind == EvidenceLib.NONE || kind == EvidenceLib.FULL || kind == EvidenceLib.INTERVALS) ++revealed;
            if (s.opened && kind == recomputed(s.rule) && members[i].positions == s.tokens) {
                full[count++] = i;
                j.members[i].done = true;
            }
        }
        assembly ("memory-safe") {
            mstore(full, count)
        }

        bool held = s.opened && s.provider.length != 0;
        Evidence memory claim;
        if (held) {
            claim = EvidenceLib.decode(s.provider);
            if (claim.kind == EvidenceLib.NONE || claim.positions != s.tokens) {
                (j.verdict, j.class, j.logE) = (FAIL, MALFORMED, int32(p.cap));
                for (uint256 i; i < n; ++i) {
                    j.members[i].done = members[i].kind != ABSENT; // there was nothing to recompute
                }
                return j;
            }
        }
        uint256 need = n < 2 ? n : 2;
        if (revealed >= need && revealed > 0 && (2 * none > revealed || !held)) {
            (j.verdict, j.class) = (UNAVAILABLE, WITHHELD);
            for (uint256 i; i < n; ++i) {
                if (members[i].kind == EvidenceLib.NONE) j.members[i].done = true;
            }
            return j;
        }
        if (!held || count < need || count == 0 || !asks(p, s.rule) || !PolicyLib.covers(p, s.engineClass)) return j;
        judgeProvider(p, claim, members, full, need, j);
        if (j.verdict == PASS && count > 2) judgeMembers(p, members, full, j.members);
    }

    /// @dev The kind of what did not reveal.
    uint256 private constant ABSENT = type(uint256).max;

    function reveal(bytes calldata b) private pure returns (Evidence memory e) {
        bool ok;
        (e, ok) = EvidenceLib.tryDecode(b);
        if (!ok) e.kind = ABSENT;
    }

    /// @dev The lower median of what the recomputations say of the claim, and who supports it.
    function judgeProvider(
        Policy memory p,
        Evidence memory claim,
        Evidence[] memory members,
        uint256[] memory full,
        uint256 need,
        Judgement memory j
    ) private pure {
        Comparison[] memory sorted = new Comparison[](full.length);
        for (uint256 i; i < full.length; ++i) {
            Comparison memory c = compare(p, claim, members[full[i]]);
            uint256 k = i;
            for (; k > 0 && less(c, sorted[k - 1]); --k) {
                sorted[k] = sorted[k - 1];
            }
            sorted[k] = c;
        }
        uint256 rank = (full.length - 1) / 2;
        int256 logE = mix(p, sorted[rank].logE - discount(rank));
        if (logE >= p.failAt) {
            (j.verdict, j.class) = (FAIL, classOf(p, sorted[rank]));
        } else if (logE <= p.passAt) {
            if (mix(p, sorted[need - 1].logE - discount(rank)) > p.passAt) return; // fewer than needed say so
            if (claim.positions >= p.minPositions) j.verdict = PASS;
        }
        j.logE = int32(logE);
    }

    /// @dev Scores each member by the other that it is closest to.
    function judgeMembers(
        Policy memory p,
        Evidence[] memory members,
        uint256[] memory full,
        MemberJudgement[] memory judged
    ) private pure {
        int256[] memory least = new int256[](full.length);
        for (uint256 i; i < full.length; ++i) {
            least[i] = LIMIT + 1;
        }
        for (uint256 i; i < full.length; ++i) {
            for (uint256 k; k < i; ++k) {
                int256 score = compareMembers(p, members[full[i]], members[full[k]]);
                if (score < least[i]) least[i] = score;
                if (score < least[k]) least[k] = score;
            }
        }
        for (uint256 i; i < full.length; ++i) {
            (judged[full[i]].scored, judged[full[i]].logE) = (true, int32(mix(p, least[i])));
        }
    }

    /// @notice Asks the policy's two questions of a claim, which needs log-probabilities only, and a recomputation in
    /// full.
    function compare(Policy memory p, Evidence memory claim, Evidence memory own)
        internal
        pure
        returns (Comparison memory c)
    {
        if (
            own.kind < EvidenceLib.FULL || claim.positions != own.positions
                || (own.kind == EvidenceLib.FULL ? p.choice : p.interval).tableCount == 0
        ) revert Incomparable();
        (c.model, c.distance) = model(p, claim, own);
        c.choice = own.kind == EvidenceLib.FULL
            ? answer(p.choice, EvidenceLib.column(own, 1), ZEROS, own)
            : answerIntervals(p.interval, EvidenceLib.column(own, 1), EvidenceLib.column(own, 2), own.positions);
        c.logE = FixedLib.mean(c.model, c.choice);
    }

    /// @notice Whether two evidences in full are recomputations of the same thing, as a log e-value against the second one.
    function compareMembers(Policy memory p, Evidence memory a, Evidence memory b) internal pure returns (int256) {
        if (a.kind != b.kind || a.kind < EvidenceLib.FULL || a.positions != b.positions) revert Incomparable();
        (int256 logE,) = model(p, a, b);
        if (a.kind != EvidenceLib.FULL || p.margin.tableCount == 0) return logE;
        return FixedLib.mean(logE, answer(p.margin, EvidenceLib.column(a, 1), EvidenceLib.column(b, 1), b));
    }

    /// @notice What a sample adds to a standing: ln(lambda + (1 - lambda) * exp(raw)), capped.
    function mix(Policy memory p, int256 raw) internal pure returns (int256) {
        unchecked {
            int256 top = raw > 0 ? raw : int256(0);
            uint256 y =
                (p.lambdaPpm * FixedLib.exp(uint256(top)) + (MILLION - p.lambdaPpm) * FixedLib.exp(uint256(top - raw)))
                    / MILLION;
            int256 logE = top + FixedLib.ln(y);
            return logE < p.cap ? logE : p.cap;
        }
    }

    /// @notice What keeps a score that was picked by its rank, 0 the least, an e-value.
    function discount(uint256 rank) internal pure returns (int256) {
        return rank == 0 ? int256(0) : FixedLib.ln((rank + 1) << 40) + 1; // rounded up
    }

    /// @notice A standing after one more sample; it saves no credit.
    function advance(uint64 standing, int32 logE) internal pure returns (uint64) {
        int256 after_ = int256(uint256(standing)) + logE;
        if (after_ < 0) return 0;
        return after_ > int256(uint256(type(uint64).max)) ? type(uint64).max : uint64(uint256(after_));
    }

    /// @notice The standing that an honest subject may reach once in n samples: ln(n), rounded up.
    function line(uint64 n) internal pure returns (uint64) {
        if (n <= 1) return 0;
        return uint64(uint256(FixedLib.ln(n) + 1 + 1817044)); // ln(2^40), rounded up
    }

    /// @notice Whether the policy has a question about the choice of tokens by a rule.
    function asks(Policy memory p, uint8 rule) internal pure returns (bool) {
        return (rule == UNSEEDED ? p.interval : p.choice).tableCount != 0;
    }

    /// @notice The kind of evidence that a member owes of an answer drawn by the rule.
    function recomputed(uint8 rule) internal pure returns (uint256) {
        return rule == UNSEEDED ? EvidenceLib.INTERVALS : EvidenceLib.FULL;
    }

    /// @dev What a failed comparison looks like.
    function classOf(Policy memory p, Comparison memory c) private pure returns (uint8) {
        if (c.model < p.failAt && c.choice > c.model) return FORGED_CHOICE;
        return c.distance >= p.wrongModel ? WRONG_MODEL : WRONG_PRECISION;
    }

    /// @dev By what they are worth, then by all that a class is derived from.
    function less(Comparison memory a, Comparison memory b) private pure returns (bool) {
        if (a.logE != b.logE) return a.logE < b.logE;
        if (a.model != b.model) return a.model < b.model;
        if (a.choice != b.choice) return a.choice < b.choice;
        return a.distance < b.distance;
    }

    /// @dev Question Model, and the mean of its statistic.
    function model(Policy memory p, Evidence memory a, Evidence memory b)
        private
        pure
        returns (int256 logE, uint256 distance)
    {
        uint256[] memory counts;
        (counts, distance) = histogram(p.model, a.at, b.at, b.at, b.positions);
        if (b.positions != 0) distance /= b.positions;
        logE = worth(p.model, counts);
    }

    /// @dev A question about |x_i - y_i| of positions to which evidence gives log-probabilities.
    function answer(Question memory q, uint256 xs, uint256 ys, Evidence memory e) private pure returns (int256) {
        (uint256[] memory counts,) = histogram(q, xs, ys, e.at, e.positions);
        return worth(q, counts);
    }

    /// @dev What a question's tables make of so many positions in each bin.
    function worth(Question memory q, uint256[] memory counts) private pure returns (int256) {
        int256[] memory logs = new int256[](q.tableCount);
        (uint256 tables, uint256 stride) = (q.tables, q.stride);
        assembly ("memory-safe") {
            let end := add(add(logs, 32), shl(5, mload(logs)))
            for { let b := mload(counts) } b {} {
                let n := mload(add(counts, shl(5, b)))
                b := sub(b, 1)
                if n {
                    let from := add(tables, shl(2, b))
                    for { let to := add(logs, 32) } lt(to, end) { to := add(to, 32) } {
                        mstore(to, add(mload(to), mul(n, sar(224, calldataload(from)))))
                        from := add(from, stride)
                    }
                }
            }
        }
        return clampedMean(logs);
    }

    /// @dev In how many positions |x_i - y_i| is in each bin of each class, and the sum of all of them.
    function histogram(Question memory q, uint256 xs, uint256 ys, uint256 logProbs, uint256 n)
        private
        pure
        returns (uint256[] memory counts, uint256 sum)
    {
        uint256 bins = q.edgeCount + 1;
        counts = new uint256[]((q.classCount + 1) * bins);
        (Bins classes, Bins edges) = (BinsLib.build(q.classes, q.classCount), BinsLib.build(q.edges, q.edgeCount));
        unchecked {
            for (uint256 end = logProbs + 4 * n; logProbs < end; logProbs += 4) {
                int256 difference = NumbersLib.signed(xs) - NumbersLib.signed(ys);
                uint256 offset = classes.find(uint256(-NumbersLib.signed(logProbs))) * bins;
                if (difference != 0) {
                    uint256 x = uint256(difference < 0 ? -difference : difference);
                    sum += x;
                    offset += edges.find(x);
                }
                assembly ("memory-safe") {
                    let slot := add(add(counts, 32), offset) // within counts, as each bin is
                    mstore(slot, add(mload(slot), 1))
                }
                xs += 4;
                ys += 4;
            }
        }
    }

    /// @dev The question about intervals.
    function answerIntervals(Question memory q, uint256 below, uint256 mass, uint256 n) private pure returns (int256) {
        unchecked {
            uint256[][] memory integral = integrals(q);
            uint256[] memory numerators = new uint256[](q.tableCount);
            for (uint256 t; t < q.tableCount; ++t) {
                numerators[t] = FixedLib.UNIT_PRODUCT;
            }
            uint256 masses = FixedLib.UNIT_PRODUCT;
            Bins edges = BinsLib.build(q.edges, q.edgeCount);
            for (uint256 i; i < n; ++i) {
                uint256 from = NumbersLib.unsigned(below + 4 * i);
                uint256 width = NumbersLib.unsigned(mass + 4 * i);
                if (width != 0) {
                    timesIntegrals(q, numerators, integral, edges, from, from + width);
                    masses = FixedLib.times(masses, width);
                } else {
                    // A token that is never drawn has an entry of its own, behind the bins.
                    timesEntries(q, numerators, from == EvidenceLib.UNIT ? q.edgeCount + 1 : edges.find(from) >> 5);
                }
            }
            // Rounded up; each density is in Q16.
            int256 divisor = FixedLib.log2Product(masses) + 2 + int256(n << 28);
            int256[] memory logs = new int256[](q.tableCount);
            for (uint256 t; t < q.tableCount; ++t) {
                logs[t] = FixedLib.nats(FixedLib.log2Product(numerators[t]) - divisor);
            }
            return clampedMean(logs);
        }
    }

    /// @dev Multiplies each table's product with its entry.
    function timesEntries(Question memory q, uint256[] memory products, uint256 bin) private pure {
        unchecked {
            for (uint256 t; t < products.length; ++t) {
                products[t] = FixedLib.times(products[t], entry(q, t, bin));
            }
        }
    }

    /// @dev Multiplies each table's product with the integral of its density, Q46.
    function timesIntegrals(
        Question memory q,
        uint256[] memory products,
        uint256[][] memory integral,
        Bins edges,
        uint256 from,
        uint256 to
    ) private pure {
        unchecked {
            (uint256 b, uint256 c) = (edges.find(from) >> 5, edges.find(to) >> 5);
            (from, to) = (from - edge(q, b), to - edge(q, c));
            for (uint256 t; t < products.length; ++t) {
                uint256 g = integral[t][c] + entry(q, t, c) * to - integral[t][b] - entry(q, t, b) * from;
                products[t] = FixedLib.times(products[t], g);
            }
        }
    }

    /// @dev Of each table the integral of its density, Q46, up to where each bin begins.
    function integrals(Question memory q) private pure returns (uint256[][] memory all) {
        unchecked {
            all = new uint256[][](q.tableCount);
            for (uint256 t; t < q.tableCount; ++t) {
                uint256[] memory g = new uint256[](q.edgeCount + 1);
                for (uint256 b = 1; b <= q.edgeCount; ++b) {
                    g[b] = g[b - 1] + entry(q, t, b - 1) * (edge(q, b) - edge(q, b - 1));
                }
                all[t] = g;
            }
        }
    }

    /// @dev Where a bin begins.
    function edge(Question memory q, uint256 bin) private pure returns (uint256) {
        return bin == 0 ? 0 : NumbersLib.unsigned(q.edges + 4 * bin - 4);
    }

    function entry(Question memory q, uint256 table, uint256 bin) private pure returns (uint256) {
        return NumbersLib.unsigned(q.tables + table * q.stride + 4 * bin);
    }

    /// @dev The logarithm of the mean of exp over logs within +-40 nats.
    function clampedMean(int256[] memory logs) private pure returns (int256) {
        for (uint256 i; i < logs.length; ++i) {
            if (logs[i] > LIMIT) logs[i] = LIMIT;
            if (logs[i] < -LIMIT) logs[i] = -LIMIT;
        }
        return FixedLib.mean(logs);
    }
}
