import { checkPublishing } from '../../core/access';
import type { Problem } from '../../core/errors/errors';
import { checkSigningKey, findKey } from '../../core/identity/keys';
import type { Client } from '../../sdk/client';
import type { Signer } from '../signing/signer';

/**
 * Why the marketplace would refuse whoever publishes: the token is another kind of subject's or allows too little, or
 * the key is not registered to its publisher, was revoked or has expired.
 */
export async function checkAccount(
  client: Client,
  signer: Pick<Signer, 'fingerprint'> | undefined,
  now: Date,
): Promise<Problem[]> {
  const subject = await client.identity.whoami();
  const problems = checkPublishing(subject);
  if (problems.length > 0 || !signer) return problems;
  const { fingerprint } = signer;
  const { keys } = await client.keys.list();
  return checkSigningKey(findKey(keys, fingerprint), { fingerprint, publisherId: subject.id }, now);
}
