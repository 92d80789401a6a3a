import { connect } from '../../../adapters/db/connect';
import { asRole } from '../../../infra/postgres/cluster';
import { addPublisher } from '../../support/builders/identities';
import { listVersion } from '../../support/builders/listed';
import { ask } from '../../support/requests/ask';
import { openMarketplace, type Marketplace } from '../../support/servers/marketplace';
import { openSigning } from '../../signer/support/scene';

let market: Marketplace;
const at = (name: string) => `${market.url}/api/trust/${name}`;

beforeAll(async () => {
  market = await openMarketplace();
  await addPublisher(market.db);
  await listVersion(market.db);
  const password = decodeURIComponent(new URL(market.databaseUrl).password);
  const db = connect(asRole(market.databaseUrl, 'spillway_signer', password), { applicationName: 'signer' });
  try {
    await (await openSigning(db)).signer.look();
  } finally {
    await db.destroy();
  }
});
afterAll(() => market.stop());

test('everyone reads signed files byte for byte; all but the timestamp and the root may be kept for good', async () => {
  const files = await market.db('signed_files').select('name', 'body');
  expect(files.map(({ name }) => name.replace(/[0-9a-f]{13,64}/, '*')).sort()).toEqual([
    '*.publisher-acme.json',
    '*.snapshot.json',
    '*.targets.json',
    '1.root.json',
    'targets/*.demo-plugin',
    'timestamp.json',
  ]);
  for (const { name, body } of files) {
    const answer = await ask(at(name));
    expect(answer).toMatchObject({ status: 200, text: body });
    const kept = { 'timestamp.json': 'no-cache', '1.root.json': 'public, max-age=60' }[name];
    expect(answer.headers.get('cache-control')).toBe(kept ?? 'public, max-age=31536000, immutable');
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  }
});

test('what is not signed is not there, and a name that is no name of a file is refused', async () => {
  for (const name of ['2.root.json', `targets/${'a'.repeat(64)}.demo-plugin`]) {
    expect(await ask(at(name))).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
  }
  const wrong = [
    'timestamp.txt',
    '..%2Fsecrets.json',
    'targets/%2e%2e%2ftimestamp.json',
    `${'1'.repeat(17)}.root.json`,
  ];
  for (const name of wrong) {
    expect(await ask(at(name))).toMatchObject({ status: 400, body: { code: 'PARAMETER_INVALID' } });
  }
});
