/** A stream of one piece. */
// oxlint-disable-next-line typescript/require-await
export async function* onePiece<Bytes extends Uint8Array>(bytes: Bytes): AsyncGenerator<Bytes, void, undefined> {
  yield bytes;
}
