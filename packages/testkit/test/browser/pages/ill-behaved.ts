/** Each of these goes on as if nothing had happened; the driver must notice. */
export function logsAnError(): string {
  console.error('this went wrong');
  return 'fine';
}

export async function rejectsUnhandled(): Promise<string> {
  void Promise.reject(new Error('nobody waits for this'));
  await new Promise((done) => setTimeout(done, 10));
  return 'fine';
}

export async function throwsLater(): Promise<string> {
  setTimeout(() => {
    throw new Error('thrown beside the call');
  }, 0);
  await new Promise((done) => setTimeout(done, 10));
  return 'fine';
}

export async function evaluates(): Promise<string> {
  try {
    // oxlint-disable-next-line typescript/no-implied-eval -- this is the fault
    new Function('return 1')();
  } catch {
    /* the policy's doing */
  }
  await new Promise((done) => setTimeout(done, 10));
  return 'fine';
}

export async function asksForWhatIsNotThere(): Promise<string> {
  await fetch('/missing.json').catch(() => undefined);
  const image = new Image();
  image.src = '/missing.png';
  document.documentElement.append(image);
  await new Promise((done) => image.addEventListener('error', done));
  return 'fine';
}

export function throwsAtOnce(): string {
  throw new Error('no answer');
}
