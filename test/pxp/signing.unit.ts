import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createMessage, readKey, readSignature, revokeKey, readPrivateKey, verify } from 'openpgp';
import { describePublicKey, generateSigningKey, signDetached } from '../../pxp/signing';
import { verifyDetached } from '../../pxp/verifySignature';
import { buildPackage } from '../support/builders/packages';
import { signingKey } from '../support/builders/keys';
import { temporaryFolder } from '../support/temporaryFolder';
import { writeTree } from '../support/writeTree';

const folder = temporaryFolder('signing');
const bytes = Buffer.from('the list');

/** GnuPG in a home of its own, or undefined on a machine without it. */
function gnupg(): ((...args: string[]) => string) | undefined {
  const home = mkdtempSync(path.join(folder, 'gnupg-'));
  const run = (...args: string[]): string =>
    execFileSync('gpg', ['--homedir', home, '--batch', '--status-fd', '1', ...args], {
      encoding: 'utf8',
      stdio: 'pipe',
    });
  try {
    run('--version');
    return run;
  } catch {
    return undefined;
  }
}

test('the files beside a package verify outside of this product [PKG-08] [PKG-12]', async () => {
  const key = await signingKey();
  const built = await buildPackage(folder);
  const signature = await readSignature({ armoredSignature: readFileSync(built.signaturePath, 'utf8') });
  const message = await createMessage({ binary: readFileSync(built.integrityPath) });
  const verificationKeys = await readKey({ armoredKey: key.publicKeyArmored });
  const { signatures } = await verify({ message, signature, verificationKeys });
  expect(await signatures[0]?.verified).toBe(true);
  const gpg = gnupg();
  if (!gpg) return;
  const keyFile = path.join(writeTree(folder, { 'key.asc': key.publicKeyArmored }), 'key.asc');
  gpg('--import', keyFile);
  expect(gpg('--verify', built.signaturePath, built.integrityPath)).toContain(`VALIDSIG ${key.fingerprint}`);
  const tampered = path.join(writeTree(folder, { 'tampered.txt': 'other' }), 'tampered.txt');
  expect(() => gpg('--verify', built.signaturePath, tampered)).toThrow();
});

test('a signature that GnuPG 2.2 made is accepted', async () => {
  const fixture = (name: string) => readFileSync(path.join(__dirname, '../fixtures/gnupg', name), 'utf8');
  const signer = await verifyDetached(bytes, fixture('list.txt.asc'), [fixture('key.asc')]);
  expect(signer.fingerprint).toBe((await describePublicKey(fixture('key.asc'))).fingerprint);
});

test('the same bytes and key give the same signature [PKG-05]', async () => {
  const { privateKeyArmored } = await signingKey();
  expect(await signDetached(bytes, privateKeyArmored)).toBe(await signDetached(bytes, privateKeyArmored));
});

test('a signature tells whose it is and when it claims to be made', async () => {
  const key = await signingKey();
  const signedAt = new Date('2026-02-03T04:05:06Z');
  const signature = await signDetached(bytes, key.privateKeyArmored, { signedAt });
  expect(await verifyDetached(bytes, signature, [key.publicKeyArmored])).toEqual({
    fingerprint: key.fingerprint,
    signedAt: signedAt.toISOString(),
  });
});

test('a key with a passphrase signs only with it, and the refusal tells nothing of either', async () => {
  const key = await generateSigningKey({
    name: 'Locked',
    email: 'l@example.com',
    passphrase: 'correct horse',
  });
  const signature = await signDetached(bytes, key.privateKeyArmored, { passphrase: 'correct horse' });
  expect((await verifyDetached(bytes, signature, [key.publicKeyArmored])).fingerprint).toBe(key.fingerprint);
  const refusal = await signDetached(bytes, key.privateKeyArmored, { passphrase: 'wrong one' }).catch(
    (error: unknown) => error,
  );
  expect(refusal).toMatchObject({ code: 'SIGNING_KEY_UNUSABLE' });
  expect(String(refusal)).not.toMatch(/wrong one|BEGIN/);
});

test('a revoked key is refused', async () => {
  const pair = await generateSigningKey({ name: 'Gone', email: 'g@example.com' });
  const signature = await signDetached(bytes, pair.privateKeyArmored);
  const key = await readPrivateKey({ armoredKey: pair.privateKeyArmored });
  const { publicKey } = await revokeKey({ key, format: 'armored' });
  await expect(verifyDetached(bytes, signature, [publicKey])).rejects.toMatchObject({
    code: 'SIGNATURE_KEY_REVOKED',
  });
});

test('two signatures in one block are refused, even when both are good', async () => {
  const { privateKeyArmored, publicKeyArmored } = await signingKey();
  const one = await readSignature({ armoredSignature: await signDetached(bytes, privateKeyArmored) });
  const again = new Date('2026-03-01');
  const two = await readSignature({
    armoredSignature: await signDetached(bytes, privateKeyArmored, { signedAt: again }),
  });
  one.packets.push(...two.packets);
  await expect(verifyDetached(bytes, one.armor(), [publicKeyArmored])).rejects.toMatchObject({
    code: 'SIGNATURE_INVALID',
  });
});

test('a private key, or a text that is no key, is not taken for a public key', async () => {
  const { privateKeyArmored, publicKeyArmored, fingerprint } = await signingKey();
  await expect(describePublicKey(privateKeyArmored)).rejects.toMatchObject({ code: 'KEY_INVALID' });
  await expect(describePublicKey('no key')).rejects.toMatchObject({ code: 'KEY_INVALID' });
  expect(await describePublicKey(publicKeyArmored)).toMatchObject({ fingerprint, expiresAt: null });
});
