/** Hands a file that is in memory to the browser's downloads. */
export function saveFile(name: string, type: string, content: string | Uint8Array<ArrayBuffer> | Blob): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has it by then; held longer, the bytes would stay in memory.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
