/** Here and not in host-node: what drives a transport is this room's, and host-node has a door for what it drives. */
import { after } from 'node:test';
import { nodeNetwork } from '../../host-node/src/index.ts';
import { driveTransport } from './drive-transport.ts';

const network = nodeNetwork();
after(() => network.close());

driveTransport('node:http', network);
