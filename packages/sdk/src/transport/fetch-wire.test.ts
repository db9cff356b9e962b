import { driveTransport } from '../../test/drive-transport.ts';
import { webNetwork } from '../../test/web-network.ts';

driveTransport('the platform’s fetch', webNetwork);
