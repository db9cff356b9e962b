/** Two different places of a list, in order. Which ones is no secret: any will do that a person cannot foresee. */
export function twoPlaces(length: number): readonly [number, number] {
  const [one = 0, other = 0] = crypto.getRandomValues(new Uint32Array(2));
  const first = one % length;
  const second = (first + 1 + (other % (length - 1))) % length;
  return first < second ? [first, second] : [second, first];
}
