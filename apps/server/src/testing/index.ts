/** Door `./testing`: the real server for tests, and a client made from the route table. */
export { randomHeader } from './random-header.ts';
export { startTestServer, type TestServer, type TestServerOptions } from './start-test-server.ts';
export { pathOf, WireClient, WireRefused } from './wire-client.ts';
