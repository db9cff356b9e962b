import { after } from 'node:test';
import { driveTransport } from '../../../sdk/test/drive-transport.ts';
import { nodeNetwork } from './node-network.ts';

const network = nodeNetwork();
after(() => network.close());

driveTransport('node:http', network);
