import { randomUUID } from 'node:crypto';
import { addTenants } from '../support/builders/identities';
import { ask } from '../support/requests/ask';
import { openMarketplace, type Marketplace } from '../support/servers/marketplace';

let market: Marketplace;
let tenant: string;
beforeAll(async () => {
  market = await openMarketplace();
  tenant = (await addTenants(market.db, ['acme'])).get('acme') ?? '';
});
afterAll(() => market.stop());

const encode = (key: unknown): string => Buffer.from(JSON.stringify(key)).toString('base64url');
const NOW = '2026-11-21T09:00:00.000Z';
const at = (moment: string): string[] => [moment, 'com.example.a@1.0.0'];

/** Cursors of the right shape, which nobody but a person with an editor can have made. */
const HAND_MADE: [title: string, cursor: string][] = [
  ['no JSON', 'x'],
  ['no list', encode({ 0: NOW, 1: 'x', length: 2 })],
  ['too long', encode([NOW, 'x', 'y'])],
  ['of numbers', encode([1, 2])],
  ['of lists', encode([[NOW], ['x']])],
  ['with a moment beyond all years', encode(at('+275760-09-13T00:00:00.000Z'))],
  ['with a moment before all calendars', encode(at('-271821-04-20T00:00:00.000Z'))],
  ['with the year zero', encode(at('0000-01-01T00:00:00.000Z'))],
  ['with a moment in words', encode(at('Sat, 21 Nov 2026 09:00:00 GMT'))],
  ['with a moment without its milliseconds', encode(at('2026-11-21T09:00:00Z'))],
  ['with a NUL', encode([NOW, 'a\0b'])],
  ['in another spelling', `${encode(at(NOW))}=`],
  ['with blanks in its JSON', Buffer.from(JSON.stringify(at(NOW), null, 1)).toString('base64url')],
  [
    'with other bytes than UTF-8',
    Buffer.concat([Buffer.from('["'), Buffer.from([0xff]), Buffer.from('"]')]).toString('base64url'),
  ],
];

const lists: [path: string, token: () => string, genuine: string][] = [
  ['/api/marketplace/releases', () => market.operatorToken, encode(at(NOW))],
  ['/api/marketplace/reviews', () => market.operatorToken, encode([NOW, randomUUID()])],
  ['/api/marketplace/plugins', () => market.operatorToken, encode(['com.example.a'])],
  ['/api/marketplace/admin/alerts', () => market.operatorToken, encode([NOW, 'key'])],
  ['/api/v1/notifications', () => tenant, encode([NOW, 'key'])],
];

describe.each(lists)('a cursor of %s', (path, token, genuine) => {
  const askPage = async (cursor: string): Promise<[number, unknown]> => {
    const { status, body } = await ask(`${market.url}${path}?cursor=${encodeURIComponent(cursor)}`, {
      token: token(),
    });
    return [status, body.code];
  };

  test('that a page could have given out is taken', async () => {
    expect(await askPage(genuine)).toEqual([200, undefined]);
  });

  test.each(HAND_MADE)('that was made by hand, %s, is refused', async (_, cursor) => {
    expect(await askPage(cursor)).toEqual([400, 'PARAMETER_INVALID']);
  });
});

test('a cursor of the review queue whose id is none is refused, not asked of the database', async () => {
  for (const id of ['x', '1', "' or 1=1 --", randomUUID().toUpperCase()]) {
    const cursor = encode(['none', id]);
    const answer = await ask(`${market.url}/api/marketplace/reviews?cursor=${cursor}`, {
      token: market.operatorToken,
    });
    expect([answer.status, answer.body.code]).toEqual([400, 'PARAMETER_INVALID']);
  }
});
