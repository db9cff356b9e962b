import { builtFolder } from 'latchkey-web/built-folder';

/** Made at the first start after a change, in a few seconds and without a network. */
export async function builtWebApp(): Promise<string> {
  const startedMs = performance.now();
  const { folder, isNew } = await builtFolder();
  if (isNew) console.error(`Built the web app in ${((performance.now() - startedMs) / 1_000).toFixed(1)} s.`);
  return folder;
}
