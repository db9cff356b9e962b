import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface RecordingProxy {
  readonly port: number;
  /** Where connections go from now on. */
  target: number;
  /** All bytes of each connection, in each direction. */
  readonly traffic: readonly { readonly place: string; readonly bytes: Buffer }[];
  /** Of the client's halves. */
  readonly requests: readonly Buffer[];
  stop(): Promise<void>;
}

/** Between clients and a server: keeps every byte that goes either way. */
export async function recordingProxy(): Promise<RecordingProxy> {
  const connections: { readonly asked: Buffer[]; readonly answered: Buffer[] }[] = [];
  const sockets = new Set<Socket>();
  const proxy = { target: 0 };
  const server = createServer((client) => {
    const kept = { asked: [] as Buffer[], answered: [] as Buffer[] };
    connections.push(kept);
    const upstream = connect(proxy.target, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      socket.on('error', () => undefined);
    }
    client.on('data', (piece: Buffer) => kept.asked.push(piece));
    upstream.on('data', (piece: Buffer) => kept.answered.push(piece));
    client.pipe(upstream);
    upstream.pipe(client);
    client.once('close', () => upstream.destroy());
    upstream.once('close', () => client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    get target() {
      return proxy.target;
    },
    set target(port: number) {
      proxy.target = port;
    },
    get traffic() {
      return connections.flatMap(({ asked, answered }, number) => [
        { place: `request bytes of connection ${number}`, bytes: Buffer.concat(asked) },
        { place: `answer bytes of connection ${number}`, bytes: Buffer.concat(answered) },
      ]);
    },
    get requests() {
      return connections.map(({ asked }) => Buffer.concat(asked));
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
