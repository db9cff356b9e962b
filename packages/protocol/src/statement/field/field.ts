/**
 * One kind of value between two spaces of a line. `read` throws for what is no such value, but may take another
 * spelling of it: `parseStatement` compares the whole text with what `write` gives, once, for all fields.
 */
export interface Field<T> {
  /** @throws ProtocolError statement_malformed; address_malformed, address_not_canonical where it is an address */
  read(token: string): T;
  /** @throws ProtocolError statement_malformed: a value that no reader would take, as far as it is noticed here */
  write(value: T): string;
}
