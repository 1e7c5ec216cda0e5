// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Blocks, IStepVerifier, Program, Step} from "../interfaces/IStepVerifier.sol";
import {Arch, Form, Graph, GraphLib, Leaf, Op, Operand, Row} from "../libraries/GraphLib.sol";
import {ReferenceLib} from "../libraries/ReferenceLib.sol";
import {TraceLib} from "../libraries/TraceLib.sol";
import {Circuit, StepProofs} from "./StepProofs.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title PrivateStepVerifier
/// @notice The last moves of a dispute under a private spec: docs/privacy.md. The contract derives from the graph what
/// an element is computed from, as for a public one; that it is computed right is proved. Its twin is challenge/circuit.
contract PrivateStepVerifier is IStepVerifier, StepProofs {
    /// @dev A block's leaf, and point and value of its lanes as they were shown.
    uint256 private constant SHOWN = 96;
    uint256 private constant PROOF = 768;
    uint256 private constant FIELD = (1 << 253) - 1; // hashes are cut to what a field element holds
    uint256 private constant LONGEST = 1 << 14; // rows of weights, heads together, texts
    uint256 private constant VOCABULARY = 1 << 18;
    uint256 private constant SUMS = 1 << 22; // partial sums of a row of logits
    uint256 private constant ROWS = 1 << 22; // of a model
    uint256 private constant SMALL_ROWS = 1 << 20; // of a model with rows that are one slice

    /// @notice The circuits do not hold such a model or text.
    error TooLarge();
    /// @notice The proof is longer or shorter than the graph says, or what was shown is something else.
    error ProofRefused();

    constructor(address[8] memory verifiers) StepProofs(verifiers) {}

    /// @inheritdoc IStepVerifier
    /// @dev Reverts too if the circuits do not hold the model or the text.
    function rows(Program calldata p) external pure returns (uint256) {
        Graph memory g = GraphLib.graph(p.arch, p.promptTokens, p.outputTokens, p.greedy);
        _requireHeld(g);
        return g.rows;
    }

    /// @inheritdoc IStepVerifier
    /// @dev In a hidden row blocks that are padding count: a power of two. The rows of evidence are public.
    function blocks(Program calldata p, uint256 row) external pure returns (Blocks memory b) {
        Graph memory g = GraphLib.graph(p.arch, p.promptTokens, p.outputTokens, p.greedy);
        _requireHeld(g);
        if (row >= g.rows) return b;
        Row memory r = GraphLib.locate(g, row);
        (uint256 size, uint256 width) = GraphLib.shape(g, r);
        b.hidden = !_isPublic(r.op);
        b.count = b.hidden ? 1 << _height(size, width) : TraceLib.blocks(size);
    }

    /// @inheritdoc IStepVerifier
    /// @dev The step's blockHash is keccak(leaf, point, value) in a hidden row: the game computes it of what was shown.
    /// @param proof Leaf, point and value of the block (in a row of evidence its elements); for each row of the trace
    /// that is read, in the order of the operands and once, its root and its siblings, up to the trace's or to where it
    /// meets a row before it; the PLONK proof.
    function verify(Step calldata s, bytes calldata proof) external view returns (bool) {
        unchecked {
            Program calldata p = s.program;
            Graph memory g = GraphLib.graph(p.arch, p.promptTokens, p.outputTokens, p.greedy);
            _requireHeld(g);
            if (s.row >= g.rows) return false; // padding: the game decides it alone
            Row memory r = GraphLib.locate(g, s.row);
            (uint256 size, uint256 width) = GraphLib.shape(g, r);
            Statement memory w;
            if (_isPublic(r.op)) {
                uint256 first = s.blockIndex * TraceLib.BLOCK;
                if (first >= size) return s.blockHash == 0;
                uint256 length = size - first < TraceLib.BLOCK ? size - first : TraceLib.BLOCK;
                require(proof.length >= 4 * length, ProofRefused());
                require(TraceLib.blockHash(proof[:4 * length]) == s.blockHash, ProofRefused());
                if (s.element >= length) return true;
                // forge-lint: disable-next-line(unsafe-typecast)
                int256 element = int256(int32(uint32(bytes4(proof[4 * s.element:4 * s.element + 4])))); // as written
                w.first = first + s.element;
                w.leaf = GraphLib.leaf(g, r, w.first);
                if (w.leaf.form == Form.Zero) return element == 0;
                // forge-lint: disable-next-line(unsafe-typecast)
                w.own = uint256(element + (1 << 31)); // never negative
                w.used = 4 * length;
            } else {
                uint256 block_ = _block(width);
                w.first = s.blockIndex * block_ + s.element;
                // Beyond what a row of int64s has in a block there is nothing to be wrong.
                if (s.element >= block_) return true;
                require(s.blockIndex < 1 << _height(size, width), ProofRefused());
                w.leaf.form = Form.Zero;
                if (w.first < size) w.leaf = GraphLib.leaf(g, r, w.first);
                if (w.leaf.form == Form.Given) return true;
                require(proof.length >= SHOWN && keccak256(proof[:SHOWN]) == s.blockHash, ProofRefused());
                (w.own, w.point, w.value) = abi.decode(proof, (uint256, uint256, uint256));
                w.used = SHOWN;
            }
            w.row = s.row;
            w.wide = w.leaf.form == Form.Zero && width == 8;
            (Circuit circuit, uint256[] memory inputs) = _inputs(g, w, s, proof);
            require(proof.length == w.used + PROOF, ProofRefused());
            return proves(circuit, inputs, proof[w.used:]);
        }
    }

    /// @dev The public inputs: docs/privacy.md, "Proofs".
    function _inputs(Graph memory g, Statement memory w, Step calldata s, bytes calldata proof)
        private
        pure
        returns (Circuit circuit, uint256[] memory inputs)
    {
        unchecked {
            uint256 roots;
            uint256 words;
            bool model;
            (circuit, roots, words, model) = _circuit(w.leaf);
            _operands(g, w, s.traceRoot, proof);
            inputs = new uint256[](5 + (model ? 1 : 0) + roots + words);
            inputs[0] = uint256(s.context) & FIELD;
            inputs[1] = uint256(s.seed);
            uint256 next = 2;
            if (model) inputs[next++] = uint256(g.arch.rowsRoot);
            inputs[next++] = w.own;
            inputs[next++] = w.point;
            inputs[next++] = w.value;
            for (uint256 i; i < roots; ++i) {
                inputs[next++] = w.roots[i];
            }
            inputs[next++] = _wordA(w);
            if (words > 1) inputs[next++] = _wordB(g, w);
            if (words > 2) inputs[next] = _wordC(g, w, circuit);
        }
    }

    function _wordA(Statement memory w) private pure returns (uint256 word) {
        unchecked {
            Leaf memory l = w.leaf;
            uint256 length = l.operands.length == 0 ? 0 : l.operands[0].length;
            word = _place(w.row, w.first, 0) | w.places[0] << 69 | w.places[1] << 138;
            word |= uint256(l.form) << 207 | length << 212 | TraceLib.depth(length) << 221 | l.shift << 225;
            if (l.second) word |= 1 << 231;
            if (w.wide) word |= 1 << 232;
            word |= w.addend << 233;
        }
    }

    function _wordB(Graph memory g, Statement memory w) private pure returns (uint256 word) {
        unchecked {
            word = w.places[2] | w.model[0] << 69 | w.model[1] << 120;
            word |= TraceLib.depth(GraphLib.modelRows(g.arch)) << 171 | w.leaf.bits << 176;
            word |= w.leaf.at << 182 | w.leaf.n << 199;
        }
    }

    function _wordC(Graph memory g, Statement memory w, Circuit circuit) private pure returns (uint256) {
        uint256 factor = circuit == Circuit.Token ? g.arch.vocab : uint256(w.leaf.factor);
        return w.places[3] | factor << 69 | uint256(w.leaf.epsilon) << 100;
    }

    /// @dev Which circuit a form needs; the rows of the trace that it has room for, its words, whether it opens the
    /// model.
    function _circuit(Leaf memory l) private pure returns (Circuit, uint256 roots, uint256 words, bool model) {
        Form f = l.form;
        if (f == Form.Dot && l.operands[1].model) return (Circuit.Part, 1, 2, true);
        if (f == Form.Dot || f == Form.Score) return (Circuit.Dot, 2, 1, false);
        if (f == Form.Project) return (Circuit.Project, 2, 2, true);
        if (f == Form.ProjectSum || f == Form.Rsqrt || f == Form.Quotient) return (Circuit.Sum, 2, 3, true);
        if (f == Form.Sum) return (Circuit.Total, 1, 1, false);
        if (f == Form.Largest) return (Circuit.Largest, 1, 1, false);
        if (f == Form.Embed || f == Form.LogProb || f == Form.Margin) return (Circuit.Token, 4, 3, true);
        return (Circuit.Map, 2, 3, true);
    }

    /// @dev Opens the rows of the trace that the leaf reads, and says where everything stands.
    function _operands(Graph memory g, Statement memory w, bytes32 traceRoot, bytes calldata proof) private pure {
        unchecked {
            Operand[] memory operands = w.leaf.operands;
            Form form = w.leaf.form;
            uint256 traces;
            for (uint256 i; i < operands.length; ++i) {
                Operand memory o = operands[i];
                bool addend = i == 2 && (form == Form.Project || form == Form.ProjectSum);
                if (o.model) {
                    uint256 slot = addend ? 1 : 0;
                    if (addend) w.addend = 2;
                    w.model[slot] = o.row | o.first << 26 | _height(o.size, o.width) << 46;
                    continue;
                }
                if (addend) w.addend = 1;
                if (form == Form.Sum) w.wide = o.width == 8;
                w.places[traces] = _place(o.row, o.first, _height(o.size, o.width));
                w.rows[traces] = o.row;
                _open(g, traces, traceRoot, proof, w);
                ++traces;
            }
        }
    }

    /// @dev Opens row k of those that are read, whose root stands next in the proof, unless the row was read before. Its
    /// path ends at the trace's root or, sooner, where it meets that of a row before it: of those that it meets lowest
    /// the first. That one has met no other so low, so its path has there, as a sibling, the node where this one ends.
    function _open(Graph memory g, uint256 k, bytes32 root, bytes calldata proof, Statement memory w) private pure {
        unchecked {
            uint256 row = w.rows[k];
            uint256 levels = TraceLib.depth(g.rows);
            for (uint256 i; i < k; ++i) {
                if (w.rows[i] == row) {
                    (w.roots[k], w.paths[k]) = (w.roots[i], w.paths[i]);
                    return;
                }
                uint256 below = Math.log2(row ^ w.rows[i]); // one level below the node that both lead to
                if (below >= levels) continue;
                levels = below;
                uint256 sibling = w.paths[i] + 32 * below;
                assembly ("memory-safe") {
                    root := calldataload(sibling)
                }
            }
            require(proof.length >= w.used + 32 + 32 * levels, ProofRefused());
            uint256 at = w.used;
            bytes32 hash;
            assembly ("memory-safe") {
                at := add(proof.offset, at)
                hash := calldataload(at)
            }
            (w.roots[k], w.paths[k]) = (uint256(hash), at + 32);
            hash = TraceLib.climb(hash, row, at + 32, levels);
            require(hash == root, TraceLib.NotUnderRoot(hash, root));
            w.used += 32 + 32 * levels;
        }
    }

    function _place(uint256 row, uint256 first, uint256 height) private pure returns (uint256) {
        unchecked {
            return row | first << 40 | height << 64;
        }
    }

    /// @dev Elements of a block of numbers of so many bytes.
    function _block(uint256 width) private pure returns (uint256) {
        return 256 / width;
    }

    function _height(uint256 size, uint256 width) private pure returns (uint256) {
        unchecked {
            return TraceLib.depth((size + _block(width) - 1) / _block(width));
        }
    }

    function _isPublic(Op op) private pure returns (bool) {
        return op == Op.LogProbs || op == Op.Margins;
    }

    /// @dev The circuits hold it: every number fits its place in the words.
    function _requireHeld(Graph memory g) private pure {
        Arch memory a = g.arch;
        // GraphLib admits no number beyond 2^21 here.
        unchecked {
            uint256 padded = a.heads << TraceLib.depth(a.headDim); // as heads stand in rotated rows
            bool small = a.hidden <= GraphLib.SLICE || a.ffn <= GraphLib.SLICE || a.heads * a.headDim <= GraphLib.SLICE;
            // Of all rows of partial sums only the logits' can be too long.
            require(
                a.hidden <= LONGEST && a.ffn <= LONGEST && padded <= LONGEST && g.positions <= LONGEST
                    && a.vocab <= VOCABULARY && a.vocab * GraphLib.partStride(a.hidden) <= SUMS
                    && GraphLib.modelRows(a) <= (small ? SMALL_ROWS : ROWS),
                TooLarge()
            );
        }
    }

    /// @dev What is put together of a statement.
    struct Statement {
        Leaf leaf;
        uint256 row;
        uint256 first;
        uint256 own;
        uint256 point;
        uint256 value;
        uint256 used; // of the proof
        bool wide;
        uint256[4] rows; // of the trace, that are read
        uint256[4] roots; // theirs
        uint256[4] paths; // where the siblings of each stand in calldata
        uint256[4] places;
        uint256[2] model;
        uint256 addend;
    }
}
