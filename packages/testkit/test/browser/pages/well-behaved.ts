export function add(a: number, b: number): number {
  return a + b;
}

export async function later(value: string): Promise<{ value: string; isolated: boolean }> {
  await new Promise((done) => setTimeout(done, 1));
  return { value, isolated: crossOriginIsolated };
}

export function nothing(): void {
  /* answers with nothing */
}

export function never(): Promise<void> {
  return new Promise(() => undefined);
}

export async function throughWorker(path: string): Promise<string> {
  const worker = new Worker(path, { type: 'module' });
  const answer = await new Promise<string>((heard) => {
    worker.addEventListener('message', (event: MessageEvent<string>) => {
      heard(event.data);
    });
  });
  worker.terminate();
  return answer;
}
