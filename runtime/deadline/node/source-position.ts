/** Of a position its lowest bit says where it is from; the place in the script follows, counted from one. */
const PLACE_BITS = 30n;

/**
 * Finds the source position of a bytecode.
 *
 * Source: V8's `source-position-table.cc`. Of each entry both numbers are told as differences to those before, seven
 * bits a byte, the sign in the lowest bit; a negative difference of bytecodes marks what is no statement.
 *
 * @param table the table of the bytecodes
 * @param offset of the bytecode
 * @returns the place in the script, in UTF-16 units; `undefined` when the table does not tell
 */
export function sourcePosition(table: Buffer, offset: number): number | undefined {
  let at = 0;
  const next = (): bigint => {
    let value = 0n;
    for (let shift = 0n, more = true; more && at < table.length; shift += 7n) {
      const byte = table.readUInt8(at++);
      value |= BigInt(byte & 0x7f) << shift;
      more = byte > 0x7f;
    }
    return (value >> 1n) ^ -(value & 1n);
  };
  // Before the first bytecode there is the function's entry.
  let bytecode = -1n;
  let position = 0n;
  let found: number | undefined;
  while (at < table.length) {
    const step = next();
    bytecode += step >= 0n ? step : -(step + 1n);
    position += next();
    if (bytecode > BigInt(offset)) break;
    found = Number(BigInt.asUintN(Number(PLACE_BITS), position >> 1n)) - 1;
  }
  return found;
}
