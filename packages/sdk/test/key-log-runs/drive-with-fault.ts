/** Random runs in a process of its own with one fault in the client; the file itself is never written. */
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { FAULTS } from './faults.ts';

const [name, runs = '0', seed] = process.argv.slice(2);
const fault = FAULTS.find((each) => each.name === name);
if (fault === undefined) throw new Error('there is no such fault');
const url = pathToFileURL(join(import.meta.dirname, '../../../..', fault.file)).href;
let isPlanted = false;
registerHooks({
  load(loadedUrl, context, nextLoad) {
    const loaded = nextLoad(loadedUrl, context);
    if (loadedUrl !== url) return loaded;
    const text = typeof loaded.source === 'string' ? loaded.source : new TextDecoder().decode(loaded.source);
    isPlanted = text.includes(fault.was);
    return { ...loaded, source: text.replace(fault.was, () => fault.now) };
  },
});
const { driveRandomRuns } = await import('./random-runs.ts');
if (!isPlanted) throw new Error(`${fault.file} no longer says: ${fault.was}`);
try {
  await driveRandomRuns({ runs: Number(runs), commands: 12, ...(seed === undefined ? {} : { seed: Number(seed) }) });
  process.stdout.write('missed');
} catch (error) {
  process.stdout.write(`found ${error instanceof Error ? error.message : String(error)}`);
}
