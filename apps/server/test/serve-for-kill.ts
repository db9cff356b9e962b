/** A server in a process of its own, for the test that kills it. */
import { startTestServer } from '../src/testing/index.ts';

const [data = ''] = process.argv.slice(2);
const server = await startTestServer({ data, config: { origin: 'http://kill.test' } });
process.send?.(server.port);
