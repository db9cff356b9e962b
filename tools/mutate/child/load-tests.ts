// All test files of one target in one process: a process of its own for each would cost more than the tests.
import { pathToFileURL } from 'node:url';

for (const path of process.argv.slice(2)) await import(pathToFileURL(path).href);
