// Loaded with --import before the tests: gives the tests one source file with one fault in it. The file itself is
// never written. Worker threads of the tests inherit both --import and the environment.
import { registerHooks } from 'node:module';

/** Somebody edited the file while the tool was running: the verdict would be about another fault. */
const sourceChanged = 97;

const given = process.env['LATCHKEY_MUTANT'];

if (given !== undefined) {
  const mutant: { url: string; start: number; end: number; was: string; now: string } = JSON.parse(given);
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      if (url !== mutant.url) return loaded;
      const text = typeof loaded.source === 'string' ? loaded.source : new TextDecoder().decode(loaded.source);
      if (text.slice(mutant.start, mutant.end) !== mutant.was) process.exit(sourceChanged);
      return { ...loaded, source: text.slice(0, mutant.start) + mutant.now + text.slice(mutant.end) };
    },
  });
}
