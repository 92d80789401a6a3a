import { pluginIdSchema } from '../../contracts/plugin';
import { DAY } from '../../core/duration';
import { Refusal, refusal, type ErrorCode } from '../../core/errors/errors';
import { isDistrusted } from '../../core/identity/keys';
import { DEFAULT_LIMITS, MANIFEST } from '../../pxp/format';
import { openPackage, type OpenPackage } from '../../pxp/openPackage';
import { verifyPackage, type VerifiedPackage } from '../../pxp/verifyPackage';
import type { TrustedKeys } from '../marketplace/keyRing';
import { requireValue, type InstallServices, type Phase } from './installation';

/**
 * Proves form, signature and every digest of the package. Nothing is unpacked before this phase has
 * passed, and unpacking demands its result (INS-13).
 */
export const verify: Phase = {
  name: 'verify',
  async run(installation) {
    const { job, services, claim } = installation;
    const opened = await openPackage(requireValue(installation.packagePath, 'packagePath'));
    try {
      const pluginId = job.pluginId ?? (await readClaimedPlugin(opened));
      claim(pluginId);
      const trusted = await services.trustedKeys(pluginId, job.source.publisherId);
      const verified = await verifyByClock(opened, trusted, services);
      refuseRevoked(verified, trusted);
      refuseUnendorsed(verified, services.endorsedKeys(pluginId));
      await services.trust(pluginId, trusted);
      installation.verified = verified;
    } finally {
      await opened.close();
    }
  },
};

/** Clocks of authors and hosts differ: a key or a signature may be made so much later than it is here. */
const LATER_MS = DAY;

/** What can be due to this machine's clock alone. */
const BY_CLOCK: ReadonlySet<ErrorCode> = new Set(['SIGNATURE_INVALID', 'SIGNATURE_KEY_EXPIRED']);

/** Verifies the package, and says that this machine's clock is wrong where the package is valid by the right time. */
async function verifyByClock(
  opened: OpenPackage,
  { keys }: TrustedKeys,
  { now, clock }: Pick<InstallServices, 'now' | 'clock'>,
): Promise<VerifiedPackage> {
  const at = now().getTime();
  const verifyAt = (ms: number) =>
    verifyPackage(opened, { keys: keys.map((key) => key.armored), now: new Date(ms), laterMs: LATER_MS });
  return await verifyAt(at).catch(async (error: unknown) => {
    const fault = clock.fault();
    if (!fault || !(error instanceof Refusal && BY_CLOCK.has(error.code))) throw error;
    await verifyAt(at - (clock.offsetMs() ?? 0)).catch(() => {
      throw error;
    });
    throw refusal('HOST_CLOCK', `${fault} By the right time the signature of the package is valid.`);
  });
}

/** What the manifest says before it is trusted: good enough to choose the keys that must then fit. */
async function readClaimedPlugin(opened: OpenPackage): Promise<string> {
  const text = await opened.readText(MANIFEST, DEFAULT_LIMITS.maxManifestBytes);
  const { id } = (parseJson(text) ?? {}) as { id?: unknown };
  const result = pluginIdSchema.safeParse(id);
  if (result.success) return result.data;
  throw refusal('MANIFEST_INVALID', `${MANIFEST} names no valid plugin id.`, '/id');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * A publisher may revoke a key at the marketplace without having its OpenPGP revocation at hand. What a key signed
 * before it was superseded or retired is still good; the marketplace takes nothing new that it signs.
 */
function refuseRevoked({ signer }: VerifiedPackage, { keys }: TrustedKeys): void {
  const key = keys.find((each) => each.fingerprint.toUpperCase() === signer.fingerprint);
  if (!key || !isDistrusted(key)) return;
  throw refusal('SIGNATURE_KEY_REVOKED', `The key ${signer.fingerprint} was revoked at ${key.revokedAt}.`);
}

/** A key that the marketplace shows but that is not signed may be anybody's. */
function refuseUnendorsed({ signer }: VerifiedPackage, endorsed: readonly string[] | undefined): void {
  if (!endorsed || endorsed.includes(signer.fingerprint)) return;
  throw refusal(
    'NOT_ENDORSED',
    `The key ${signer.fingerprint} is not signed for the publisher of the plugin.`,
  );
}
