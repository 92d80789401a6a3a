import { connect, type AddressInfo, type Socket } from 'node:net';
import { createServer } from 'node:tls';
import type { Certificate } from './certificates';

export interface TlsProxy {
  /** `host:port`. */
  address: string;
  close(): Promise<void>;
}

/** What stands before a production cluster: TLS that demands a client's certificate of one authority. */
export async function openTlsProxy(
  target: string,
  { server, clientAuthority }: { server: Certificate; clientAuthority: Certificate },
): Promise<TlsProxy> {
  const [host = '', port] = target.split(':');
  const open = new Set<Socket>();
  const proxy = createServer({
    cert: server.crt,
    key: server.key,
    ca: clientAuthority.crt,
    requestCert: true,
    rejectUnauthorized: true,
    ALPNProtocols: ['h2'],
  });
  proxy.on('secureConnection', (incoming) => {
    const outgoing = connect({ host, port: Number(port) });
    for (const [from, to] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      open.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => (open.delete(from), to.destroy()));
      from.pipe(to);
    }
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    close: () => {
      for (const socket of open) socket.destroy();
      return new Promise((resolve) => proxy.close(() => resolve()));
    },
  };
}
