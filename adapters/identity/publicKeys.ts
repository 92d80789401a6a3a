import { describePublicKey, readPublicKey } from '../../pxp/signing';

/** What is kept of a publisher's public key. */
export interface ReadKey {
  /** 40 upper-case hex digits. */
  fingerprint: string;
  expiresAt: Date | null;
}

/**
 * Reads an armored public key. Private keys are refused before anything of them is kept.
 *
 * @throws Refusal KEY_INVALID
 */
export async function readArmoredKey(armored: string): Promise<ReadKey> {
  await readPublicKey(armored);
  const { fingerprint, expiresAt } = await describePublicKey(armored);
  return { fingerprint, expiresAt: expiresAt === null ? null : new Date(expiresAt) };
}
