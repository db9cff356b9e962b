/**
 * A JSON body and the bytes of small items behind it, for the one route that takes both: base64 would cost both sides
 * more than all else they do with a short message. docs/spec/06-wire.md, "Items in the delivery".
 */

/** Before the JSON: its length. */
const LENGTH_BYTES = 4;

export interface BodyWithItems {
  /** UTF-8. */
  readonly json: Uint8Array;
  /** All items one after the other; how long each is stands in the JSON. */
  readonly items: Uint8Array;
}

export function encodeBodyWithItems(json: Uint8Array, items: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const itemsBytes = items.reduce((sum, item) => sum + item.length, 0);
  const body = new Uint8Array(LENGTH_BYTES + json.length + itemsBytes);
  new DataView(body.buffer).setUint32(0, json.length);
  body.set(json, LENGTH_BYTES);
  let at = LENGTH_BYTES + json.length;
  for (const item of items) {
    body.set(item, at);
    at += item.length;
  }
  return body;
}

/** Views into the body. Null where it is shorter than it says. */
export function decodeBodyWithItems(body: Uint8Array): BodyWithItems | null {
  if (body.length < LENGTH_BYTES) return null;
  const itemsAt = LENGTH_BYTES + new DataView(body.buffer, body.byteOffset, LENGTH_BYTES).getUint32(0);
  return itemsAt > body.length ? null : { json: body.subarray(LENGTH_BYTES, itemsAt), items: body.subarray(itemsAt) };
}
