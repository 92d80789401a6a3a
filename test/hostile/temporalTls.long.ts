import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { releaseWorkflowId } from '../../core/ids';
import { repositoryRoot } from '../../infra/build/build';
import { launch } from '../../platform/processes/child';
import { publishAndUpload, reach } from '../support/builders/author';
import { createAuthority, issueCertificate, type Certificate } from '../support/servers/certificates';
import { startDevServer, type DevServer } from '../support/servers/devServer';
import { startRealStack, type RealStack } from '../support/servers/realStack';
import { openTlsProxy, type TlsProxy } from '../support/servers/tlsProxy';

/** The stack over a Temporal that demands a client certificate, with payloads encrypted. */
jest.setTimeout(300_000);

let folder: string;
let server: DevServer;
let proxy: TlsProxy;
let authority: Certificate;
let real: RealStack;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'spillway-tls-'));
  [server, authority] = await Promise.all([startDevServer(folder), createAuthority('Cluster')]);
  const [serverCertificate, client] = await Promise.all([
    issueCertificate(authority, { name: 'localhost', use: 'server' }),
    issueCertificate(authority, { name: 'spillway', use: 'client' }),
  ]);
  proxy = await openTlsProxy(server.address, { server: serverCertificate, clientAuthority: authority });
  await writeFile(path.join(folder, 'ca.pem'), authority.crt);
  await writeCertificate('client', client);
  const tls = { serverRootCACertificate: Buffer.from(authority.crt), clientCertPair: toPair(client) };
  real = await startRealStack(
    {
      ...settings('client'),
      SPILLWAY_PAYLOAD_KEYS: `test:${randomBytes(32).toString('base64')}`,
      TEMPORAL_UI_URL: 'http://127.0.0.1:8233',
      SPILLWAY_TENANTS: 'acme',
    },
    { tls },
  );
});
afterAll(async () => {
  await real?.stop();
  await proxy?.close();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

const toPair = ({ crt, key }: Certificate) => ({ crt: Buffer.from(crt), key: Buffer.from(key) });

async function writeCertificate(name: string, { crt, key }: Certificate): Promise<void> {
  await writeFile(path.join(folder, `${name}.crt`), crt);
  await writeFile(path.join(folder, `${name}.key`), key);
}

const settings = (client: string): Record<string, string> => ({
  TEMPORAL_ADDRESS: proxy.address,
  TEMPORAL_TLS_SERVER_CA_CERT_PATH: path.join(folder, 'ca.pem'),
  TEMPORAL_TLS_CLIENT_CERT_PATH: path.join(folder, `${client}.crt`),
  TEMPORAL_TLS_CLIENT_KEY_PATH: path.join(folder, `${client}.key`),
});

test('a release goes from publish to completed through it, and the engine holds nothing that can be read', async () => {
  const prepared = await real.author.prepare('com.example.sealed', '1.0.0', { type: 'immediate' });
  const { sha256: packageSha256 } = prepared.request.artefact;
  const { versionId } = await publishAndUpload(real.publisher, prepared);
  expect(await reach(real.publisher, versionId, ['in_review', 'rejected'])).toBe('in_review');
  await real.reviewer.reviews.decide(versionId, { decision: 'approve', packageSha256 });
  const reached = await reach(real.publisher, versionId, ['rolling_out', 'completed', 'rejected']);
  expect(reached).not.toBe('rejected');
  const history = await readHistory(versionId);
  expect(history).toContain(Buffer.from('binary/encrypted').toString('base64'));
  const readable = JSON.stringify(decodeTexts(history));
  expect(readable).not.toContain(packageSha256);
  expect(readable).not.toContain('publisherId');
});

/** As somebody sees it who reaches the engine itself and has no key. */
async function readHistory(versionId: string): Promise<string> {
  const connection = await Connection.connect({ address: server.address });
  const client = new Client({ connection, namespace: server.namespace });
  const history = await client.workflow.getHandle(releaseWorkflowId(versionId)).fetchHistory();
  await connection.close();
  return JSON.stringify(history, (_name, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
  );
}

/** What the payloads' bytes say as text. */
const decodeTexts = (history: string): string[] =>
  [...history.matchAll(/"data":"([^"]*)"/g)].map(([, data = '']) =>
    Buffer.from(data, 'base64').toString('utf8'),
  );

test('the codec endpoint of the stack is up beside it', async () => {
  const codec = real.stack.components.find(({ name }) => name === 'codec');
  expect(codec).toBeDefined();
});

test.each([
  [
    'of another authority',
    async () => issueCertificate(await createAuthority('Other'), { name: 'x', use: 'client' }),
    'refuses the certificate in TEMPORAL_TLS_CLIENT_CERT_PATH',
  ],
  [
    'that has expired',
    () => issueCertificate(authority, { name: 'x', use: 'client', days: -1 }),
    'the certificate of CN=x expired on',
  ],
  ['that is absent', undefined, 'demands a client certificate'],
])('a worker with a certificate %s says so by name and works on nothing', async (which, make, message) => {
  const name = which.replaceAll(' ', '-');
  if (make) await writeCertificate(name, await make());
  const { TEMPORAL_TLS_CLIENT_CERT_PATH: crt, TEMPORAL_TLS_CLIENT_KEY_PATH: key, ...others } = settings(name);
  const logFile = path.join(folder, `${name}.log`);
  const child = await launch({
    file: process.execPath,
    args: [path.join(repositoryRoot, 'dist/worker.cjs')],
    env: {
      ...{ PATH: process.env.PATH, PORT: '0', DATABASE_URL: real.stack.secrets.databaseUrl, ...others },
      ...(make ? { TEMPORAL_TLS_CLIENT_CERT_PATH: crt, TEMPORAL_TLS_CLIENT_KEY_PATH: key } : {}),
      SPILLWAY_SCRATCH_DIR: path.join(folder, 'scratch'),
      SPILLWAY_WORKFLOW_BUNDLE: path.join(repositoryRoot, 'dist/workflows.cjs'),
      ...{
        SPILLWAY_OBJECTS_DIR: folder,
        SPILLWAY_OBJECTS_URL: 'http://127.0.0.1:1',
        SPILLWAY_OBJECTS_SECRET: 'f'.repeat(64),
      },
    },
    logFile,
    stopSignal: 'SIGTERM',
    endsWithParent: false,
  });
  await expectLine(logFile, message);
  await child.stop(10_000);
  expect(await readFile(logFile, 'utf8')).not.toContain('the worker is polling');
});

async function expectLine(file: string, text: string): Promise<void> {
  for (let left = 600; left > 0; left -= 1) {
    if ((await readFile(file, 'utf8').catch(() => '')).includes(text)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${file} does not say "${text}": ${await readFile(file, 'utf8')}`);
}
