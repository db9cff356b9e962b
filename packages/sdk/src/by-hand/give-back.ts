/**
 * Frees the memory of a run that has been written. The garbage collector would come too, but so late that a pipe
 * holds 150 MB more.
 */
export function giveBack(run: Uint8Array<ArrayBuffer>): void {
  run.buffer.transfer(0);
}
