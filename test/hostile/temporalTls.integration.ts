import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { Connection } from '@temporalio/client';
import type { TemporalConfig, TlsFiles } from '../../adapters/temporal/config';
import { explainUnreachable } from '../../adapters/temporal/explain';
import { createAuthority, issueCertificate, type Certificate } from '../support/servers/certificates';
import { openTlsProxy, type TlsProxy } from '../support/servers/tlsProxy';

/** A Temporal that demands a certificate of its own authority, and callers who have another, an old one or none. */
let ours: Certificate;
let theirs: Certificate;
let proxy: TlsProxy;

beforeAll(async () => {
  [ours, theirs] = await Promise.all([createAuthority('Ours'), createAuthority('Theirs')]);
  const server = await issueCertificate(ours, { name: 'localhost', use: 'server' });
  const target = process.env.SPILLWAY_TEST_TEMPORAL_ADDRESS ?? '';
  proxy = await openTlsProxy(target, { server, clientAuthority: ours });
});
afterAll(() => proxy?.close());

const trusting = (client?: Certificate): TlsFiles => ({
  serverRootCACertificate: Buffer.from(ours.crt),
  ...(client ? { clientCertPair: { crt: Buffer.from(client.crt), key: Buffer.from(client.key) } } : {}),
});

const explain = (tls: TlsFiles, address = proxy.address): Promise<string | undefined> => {
  const config: TemporalConfig = {
    address,
    tls,
    namespace: 'default',
    apiKey: undefined,
    payloadKeys: undefined,
  };
  return explainUnreachable(config);
};

async function connect(tls: TlsFiles): Promise<string> {
  const connection = await Connection.connect({ address: proxy.address, tls, connectTimeout: 3_000 });
  const { serverVersion } = await connection.workflowService.getSystemInfo({});
  await connection.close();
  return serverVersion ?? '';
}

const issue = (authority: Certificate, days = 1): Promise<Certificate> =>
  issueCertificate(authority, { name: 'spillway-worker', use: 'client', days });

test('who shows a certificate of the right authority is let in, and nothing is to explain', async () => {
  const tls = trusting(await issue(ours));
  expect(await connect(tls)).toMatch(/^\d+\./);
  expect(await explain(tls)).toBeUndefined();
});

test('who shows no certificate is told which settings are missing', async () => {
  await expect(connect(trusting())).rejects.toThrow();
  expect(await explain(trusting())).toBe(
    `Temporal at ${proxy.address} demands a client certificate: set TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH.`,
  );
});

test.each([
  ['of another authority', () => issue(theirs)],
  ['that has expired', () => issue(ours, -1)],
])('who shows a certificate %s is told that it is refused', async (_which, make) => {
  const tls = trusting(await make());
  await expect(connect(tls)).rejects.toThrow();
  expect(await explain(tls)).toContain('refuses the certificate in TEMPORAL_TLS_CLIENT_CERT_PATH');
});

test('who does not trust the certificate of the server is told which setting says whom to trust', async () => {
  expect(await explain({})).toContain('set TEMPORAL_TLS_SERVER_CA_CERT_PATH');
});

test('who speaks TLS to a server that does not is told to unset it', async () => {
  const plain: Server = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  plain.listen(0, '127.0.0.1');
  await once(plain, 'listening');
  const address = `127.0.0.1:${(plain.address() as AddressInfo).port}`;
  expect(await explain({}, address)).toBe(
    `Temporal at ${address} does not speak TLS: unset TEMPORAL_TLS, TEMPORAL_API_KEY and the certificates.`,
  );
  plain.close();
});
