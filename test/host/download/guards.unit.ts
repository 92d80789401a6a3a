import fc from 'fast-check';
import { Refusal } from '../../../core/errors/errors';
import { reportSchema } from '../../../contracts/installations/reports';
import { checkAddress, isPublicAddress } from '../../../host/download/addressGuard';
import { readConfig } from '../../../host/config';
import { checkHostVersion } from '../../../core/releases/hostRange';
import { phases } from '../../../host/install/phases';
import { makeReportId } from '../../../host/marketplace/outbox';
import { createDeferrals } from '../../../host/follow/deferrals';

const none = new Set<string>();
const refused = (text: string, allowed: ReadonlySet<string> = none): string | undefined => {
  try {
    checkAddress(new URL(text), allowed);
    return undefined;
  } catch (error) {
    return error instanceof Refusal ? error.code : String(error);
  }
};

test.each([
  ...[
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
  ],
  ...[
    '255.255.255.255',
    '::1',
    '::',
    'fe80::1',
    'fc00::1',
    '::ffff:127.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b:1::7f00:1',
    '2002:7f00:1::',
    '::127.0.0.1',
    '::7f00:1',
    '::a00:1',
    '::808:808',
    '::ffff:a00:1',
    '::ffff:0:127.0.0.1',
    '4000::1',
    '1fff:ffff::1',
  ],
])('%s is not a public address [INS-02]', (address) => {
  expect(isPublicAddress(address)).toBe(false);
  const host = address.includes(':') ? `[${address}]` : address;
  expect(refused(`https://${host}/x`)).toBe('INSTALL_SOURCE_REFUSED');
});

test('no spelling of a loopback address passes [INS-02]', () => {
  for (const host of ['0x7f000001', '2130706433', '0177.0.0.1', '127.1', '127.0.0.1.']) {
    expect(refused(`https://${host}/x`)).toBe('INSTALL_SOURCE_REFUSED');
  }
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffff }), (rest) => {
      expect(refused(`https://${0x7f000000 + rest}/x`)).toBe('INSTALL_SOURCE_REFUSED');
    }),
  );
});

test('public addresses of IPv6 are those of 2000::/3, from its first to its last', () => {
  for (const address of ['2000::', '2606:4700::1111', '2a00:1450:4001:82a::200e', '3ffe:ffff::1']) {
    expect(isPublicAddress(address)).toBe(true);
  }
});

test('a public address passes over https, an allowed origin in any case, another port of it does not', () => {
  expect(refused('https://93.184.216.34/x.pxp')).toBeUndefined();
  expect(refused('http://93.184.216.34/x.pxp')).toBe('INSTALL_SOURCE_REFUSED');
  const allowed = new Set(['http://127.0.0.1:4000']);
  expect(refused('http://127.0.0.1:4000/x.pxp', allowed)).toBeUndefined();
  expect(refused('http://127.0.0.1:4001/x.pxp', allowed)).toBe('INSTALL_SOURCE_REFUSED');
});

test('both ends of the range of hosts belong to it', () => {
  const codes = (least: string, most: string) =>
    checkHostVersion({ min_core: least, max_core: most }, '1.5.0').map(
      ({ code, pointer }) => `${code} ${pointer}`,
    );
  expect(codes('1.5.0', '1.5.0')).toEqual([]);
  expect(codes('1.5.1', '9.0.0')).toEqual(['HOST_INCOMPATIBLE /min_core']);
  expect(codes('1.0.0', '1.4.9')).toEqual(['HOST_INCOMPATIBLE /max_core']);
});

test('nothing is unpacked before the signature was verified, and nothing switched before a backup [INS-04] [INS-13]', () => {
  const at = (name: string) => phases.findIndex((phase) => phase.name === name);
  expect(new Set(phases.map((phase) => phase.name)).size).toBe(phases.length);
  expect(at('verify')).toBeLessThan(at('unpack'));
  expect(at('backup')).toBeLessThan(at('unpack'));
  expect(at('backup')).toBeLessThan(at('switch'));
  expect(at('health')).toBeLessThan(at('commit'));
});

test('a report has one id however often it is written, and another for each job and kind', () => {
  const id = makeReportId('job', 'installed');
  expect(makeReportId('job', 'installed')).toBe(id);
  expect(new Set([id, makeReportId('job', 'failed'), makeReportId('other', 'installed')]).size).toBe(3);
  fc.assert(
    fc.property(
      fc.string(),
      (job) => reportSchema.shape.reportId.safeParse(makeReportId(job, 'failed')).success,
    ),
  );
});

test('every bad setting is named, and no value of one', () => {
  const read = () =>
    readConfig({ PORT: 'x', SPILLWAY_HOST_ADMIN_TOKEN: 'short-secret', SPILLWAY_POLL_SECONDS: '901' });
  expect(read).toThrow(/PORT.*SPILLWAY_API_URL.*SPILLWAY_HOST_ADMIN_TOKEN.*SPILLWAY_POLL_SECONDS/s);
  expect(read).not.toThrow(/short-secret/);
});

test('a plugin whose installation is put off again and again is left alone longer each time', () => {
  let now = 0;
  const deferrals = createDeferrals(() => now);
  const waits = [1, 2, 3].map(() => {
    deferrals.record('p', 'deferred');
    const before = now;
    while (!deferrals.isDue('p')) now += 100;
    return now - before;
  });
  expect(waits).toEqual([1000, 2000, 4000]);
  deferrals.record('p', 'deferred');
  deferrals.record('p', 'success');
  expect(deferrals.isDue('p')).toBe(true);
});
