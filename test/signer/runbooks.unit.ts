import { mkdir, readdir, readFile, rename, rm, stat, chmod, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { canonicalJson } from '../../core/canonicalJson';
import { DAY } from '../../core/duration';
import { Refusal } from '../../core/errors/errors';
import { openTrust } from '../../host/trust/trust';
import { readRoots } from '../../signer/ceremony';
import { runTrust } from '../../signer/main';
import { PLUGIN } from '../support/builders/manifest';
import { signedReleases, signedVersion, startTrustRepository } from '../support/builders/trustRepository';
import { temporaryFolder } from '../support/temporaryFolder';

let folder: string;
const at = (name: string) => path.join(folder, name);
const run = async (command: string, now = new Date()): Promise<string> => {
  const places = ['--offline', at('offline'), '--online', at('online')];
  try {
    return await runTrust([...command.split(' '), ...places], now);
  } catch (error) {
    return error instanceof Refusal ? error.code : String(error);
  }
};
const sign = (now = new Date()) => run(`sign --statements ${at('statements')} --out ${at('out')}`, now);

async function state(...versions: string[]): Promise<void> {
  const stated = signedReleases(versions.map((version) => signedVersion({ version })));
  await writeFile(at(`statements/${PLUGIN}.json`), canonicalJson(stated));
}

/** A host that pinned the first root and reads what is served by now. */
async function readAsHost(now = new Date()): Promise<string[]> {
  const repository = await startTrustRepository();
  for (const name of await readdir(at('out'), { recursive: true })) {
    const file = path.join(at('out'), name);
    if ((await stat(file)).isFile()) repository.files.set(name, await readFile(file, 'utf8'));
  }
  const trust = await openTrust({
    url: repository.url,
    pinnedRoot: await readFile(at('pinned.json'), 'utf8'),
    file: at('host/trust.json'),
    staging: at('host'),
    authorization: () => undefined,
    deadlineMs: 5_000,
    now: () => now,
  });
  try {
    await trust.refresh([PLUGIN]);
    return (trust.releases()[PLUGIN]?.versions ?? []).map(({ version }) => version);
  } catch (error) {
    return [error instanceof Refusal ? error.code : String(error)];
  } finally {
    await repository.close();
  }
}

beforeEach(async () => {
  folder = temporaryFolder('ceremony');
  for (const name of ['host', 'statements']) await mkdir(at(name), { recursive: true });
  await run('ceremony');
  await writeFile(at('pinned.json'), await readFile(at('online/root/1.root.json'), 'utf8'));
  await state('1.0.0');
  await sign();
});

test('a ceremony makes keys that only their owner can read, and does not replace what is there', async () => {
  expect((await readdir(at('offline'))).sort()).toEqual(['root-1.pem', 'root-2.pem', 'root-3.pem']);
  const keys = (await readdir(at('online'))).filter((name) => name.endsWith('.pem')).sort();
  expect(keys).toEqual(['releases.pem', 'snapshot.pem', 'targets.pem', 'timestamp.pem']);
  for (const name of keys) expect((await stat(at(`online/${name}`))).mode & 0o777).toBe(0o600);
  expect(await run('ceremony')).toBe('TRUST_CEREMONY_DONE');
  expect(await readAsHost()).toEqual(['1.0.0']);
});

test.each(['timestamp', 'snapshot', 'targets', 'releases'])(
  'after a rotation of the key of %s, because it was lost or stolen, hosts follow with the root that they pinned',
  async (role) => {
    await readAsHost();
    await rm(at(`online/${role}.pem`));
    expect(await sign()).toBe('TRUST_KEY_UNUSABLE');
    expect(await run(`rotate --role ${role}`)).toMatch(/^root \d, expires/);
    await state('1.0.0', '1.0.1');
    expect(await sign()).toContain('timestamp.json');
    expect(await readAsHost()).toEqual(['1.0.0', '1.0.1']);
  },
);

test('a root key that was lost is replaced with the keys of the others', async () => {
  await readAsHost();
  await rm(at('offline/root-2.pem'));
  const before = (await readRoots(at('online'))).at(-1)?.signed.roles.root?.keyIDs ?? [];
  const rotated = await run(`rotate --role root --key ${before[1]} --new-key ${at('offline/root-4.pem')}`);
  expect(rotated).not.toContain(before[1]);
  await sign();
  expect(await readAsHost()).toEqual(['1.0.0']);
  await rm(at('offline/root-1.pem'));
  expect(await run('renew')).toMatch(/^root 3/);
  await sign();
  expect(await readAsHost()).toEqual(['1.0.0']);
});

test('with fewer root keys than the threshold nothing is rotated, and hosts need another pinned root', async () => {
  await run('rotate --role timestamp');
  await sign();
  await readAsHost();
  for (const name of ['root-1', 'root-2']) await rm(at(`offline/${name}.pem`));
  expect(await run('rotate --role timestamp')).toBe('TRUST_THRESHOLD');
  await rename(at('online'), at('old'));
  await rename(at('offline'), at('old-offline'));
  await run('ceremony');
  await sign();
  expect(await readAsHost()).toEqual(['TRUST_INVALID']);
  await writeFile(at('pinned.json'), await readFile(at('online/root/1.root.json'), 'utf8'));
  expect(await readAsHost()).toEqual(['1.0.0']);
});

test('a root is renewed before it expires, and hosts follow', async () => {
  const later = new Date(Date.now() + 300 * DAY);
  expect(await run('renew', later)).toMatch(/^root 2/);
  await sign(later);
  expect(await readAsHost()).toEqual(['1.0.0']);
});

test('a key file that others can read signs nothing', async () => {
  await chmod(at('online/snapshot.pem'), 0o640);
  expect(await sign()).toBe('TRUST_KEY_UNUSABLE');
});

test('signing again writes nothing until something changes or grows old', async () => {
  expect(await sign()).toBe('');
  expect(await sign(new Date(Date.now() + 10 * 60_000))).toBe('timestamp.json');
});

test('what was served and then changed by somebody else is signed again from the statements', async () => {
  const files = await readdir(at('out'));
  const name = files.find((each) => each.endsWith('.targets.json')) ?? '';
  await writeFile(
    at(`out/${name}`),
    (await readFile(at(`out/${name}`), 'utf8')).replace(PLUGIN, 'com.evil.one'),
  );
  expect(await sign()).toContain('.targets.json');
  expect(await readAsHost()).toEqual(['1.0.0']);
});

test.each([
  ['nothing', 'TRUST_USAGE'],
  ['rotate --role mayor', 'TRUST_USAGE'],
  ['rotate', 'TRUST_USAGE'],
  ['ceremony --root-keys 1 --threshold 2', 'TRUST_CEREMONY_DONE'],
])('the command %s is refused by a code', async (command, code) => {
  expect(await run(command)).toBe(code);
});
