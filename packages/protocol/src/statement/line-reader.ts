import { malformed } from './malformed.ts';

/** Takes the lines of a statement one after the other, by their keywords. */
export class LineReader {
  readonly #lines: readonly string[];
  #next = 0;

  constructor(lines: readonly string[]) {
    this.#lines = lines;
  }

  /** The values of the next line if it has this keyword, else null and nothing is taken. */
  take(keyword: string): readonly string[] | null {
    const line = this.#lines[this.#next];
    if (line?.startsWith(`${keyword} `) !== true) return null;
    this.#next += 1;
    return line.slice(keyword.length + 1).split(' ');
  }

  /**
   * The values of all lines that follow with this keyword.
   * @throws ProtocolError statement_malformed: there are more than `maximum`
   */
  takeAll(keyword: string, maximum: number): readonly (readonly string[])[] {
    const taken: (readonly string[])[] = [];
    for (let tokens = this.take(keyword); tokens !== null; tokens = this.take(keyword)) {
      if (taken.length === maximum) throw malformed(`there are more than ${maximum} lines "${keyword}"`);
      taken.push(tokens);
    }
    return taken;
  }
}
