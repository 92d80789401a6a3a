import { generateKey, readPrivateKey, revokeKey } from 'openpgp';
import { examinePublicKey, readRevocationCertificate } from '../../pxp/publicKeys';
import { createKey } from '../support/builders/keys';
import { signDetached } from '../../pxp/signing';
import { verifyDetached } from '../../pxp/verifySignature';

const userIDs = [{ name: 'Example', email: 'dev@example.com' }];
const revoke = async (privateKeyArmored: string, flag: number) => {
  const key = await readPrivateKey({ armoredKey: privateKeyArmored });
  const { publicKey } = await revokeKey({ key, format: 'object', reasonForRevocation: { flag } });
  return { armored: publicKey.armor(), certificate: (await publicKey.getRevocationCertificate()) as string };
};

test('a key is read with its fingerprint, expiry and signing algorithms', async () => {
  const key = await createKey();
  expect(await examinePublicKey(key.publicKeyArmored)).toMatchObject({
    fingerprint: key.fingerprint,
    expiresAt: null,
    algorithms: [{ algorithm: 'eddsaLegacy', curve: 'ed25519Legacy' }],
    revokedReason: null,
  });
  const limited = await generateKey({ type: 'rsa', rsaBits: 2048, userIDs, keyExpirationTime: 60 });
  const examined = await examinePublicKey(limited.publicKey);
  expect(examined.expiresAt?.getTime()).toBeGreaterThan(Date.now());
  expect(examined.algorithms[0]).toEqual({ algorithm: 'rsaEncryptSign', bits: 2048 });
});

test.each([
  [0, 'unspecified'],
  [1, 'superseded'],
  [2, 'compromised'],
  [3, 'retired'],
])(
  'a key with a revocation of code %i is read as %s, and kept without the revocation',
  async (flag, reason) => {
    const key = await createKey();
    const { armored, certificate } = await revoke(key.privateKeyArmored, flag);
    const examined = await examinePublicKey(armored);
    expect(examined).toMatchObject({ fingerprint: key.fingerprint, revokedReason: reason });
    const bytes = new TextEncoder().encode('text');
    const signature = await signDetached(bytes, key.privateKeyArmored);
    expect((await verifyDetached(bytes, signature, [examined.armored])).fingerprint).toBe(key.fingerprint);
    expect(await readRevocationCertificate(key.publicKeyArmored, certificate)).toBe(reason);
  },
);

test('the certificate of another key, or no certificate, revokes nothing', async () => {
  const [key, other] = [await createKey(), await createKey()];
  const { certificate } = await revoke(other.privateKeyArmored, 2);
  for (const text of [certificate, 'no certificate', key.publicKeyArmored])
    await expect(readRevocationCertificate(key.publicKeyArmored, text)).rejects.toMatchObject({
      code: 'KEY_REVOCATION_INVALID',
    });
});
