// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title HeaderLib
/// @notice Reads number and mixHash (prevrandao) from a block header in RLP. It is strict: canonical lengths, the
/// sizes that these fields have in every header since the merge, no byte left over.
library HeaderLib {
    uint256 private constant NUMBER = 8;
    uint256 private constant MIX_HASH = 13;

    /// @notice The bytes are no header.
    error HeaderInvalid();

    /// @return number The block's number.
    /// @return mixHash Its prevrandao.
    function parse(bytes calldata header) internal pure returns (uint64 number, bytes32 mixHash) {
        (uint256 at, uint256 length, bool list) = item(header, 0);
        require(list && at + length == header.length, HeaderInvalid());
        uint256 fields;
        while (at < header.length) {
            (at, length, list) = item(header, at);
            require(!list, HeaderInvalid());
            if (fields == NUMBER) {
                require(length > 0 && length <= 8 && header[at] != 0, HeaderInvalid());
                // forge-lint: disable-next-line(unsafe-typecast)
                number = uint64(bytes8(header[at:at + length]) >> (64 - 8 * length));
            } else if (fields == MIX_HASH) {
                require(length == 32, HeaderInvalid());
                mixHash = bytes32(header[at:at + 32]);
            }
            at += length;
            ++fields;
        }
        require(fields > MIX_HASH + 1, HeaderInvalid());
    }

    /// @return start Where the payload of the item at `at` begins.
    /// @return length The payload's.
    /// @return list Whether it is a list.
    function item(bytes calldata data, uint256 at) private pure returns (uint256 start, uint256 length, bool list) {
        require(at < data.length, HeaderInvalid());
        uint256 head = uint8(data[at]);
        list = head >= 0xc0;
        if (head < 0x80) {
            (start, length) = (at, 1);
        } else {
            uint256 short = list ? head - 0xc0 : head - 0x80;
            if (short <= 55) {
                (start, length) = (at + 1, short);
                // A single byte below 0x80 is its own encoding.
                if (!list && short == 1) require(start < data.length && uint8(data[start]) >= 0x80, HeaderInvalid());
            } else {
                uint256 size = short - 55;
                start = at + 1 + size;
                require(start <= data.length && size <= 8 && data[at + 1] != 0, HeaderInvalid());
                for (uint256 i = at + 1; i < start; ++i) {
                    length = length << 8 | uint8(data[i]);
                }
                require(length > 55, HeaderInvalid());
            }
        }
        require(start + length <= data.length, HeaderInvalid());
    }
}
