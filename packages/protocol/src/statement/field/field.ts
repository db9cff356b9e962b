/**
 * One kind of value between two spaces of a line. `read` throws for what is no such value, but may take another
 * spelling of it: `parseStatement` compares the whole text with what `write` gives, once, for all fields.
 */
export interface Field<T> {
  read(token: string): T;
  write(value: T): string;
}
