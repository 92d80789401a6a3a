import {
  approvalReplySchema,
  challengeSchema,
  keyReplySchema,
  publisherKeysSchema,
  revocationReplySchema,
  type KeyInput,
  type RevocationInput,
} from '../../contracts/identity/keys';
import { writeChallenge } from '../../core/identity/keyChallenge';
import { fillPath, paths } from '../../contracts/paths';
import type { Transport } from '../http/transport';

/** A key that is to be registered, with what signs in its name: an armored detached OpenPGP signature each. */
export interface KeyToRegister {
  armored: string;
  fingerprint: string;
  sign: (bytes: Uint8Array) => Promise<string>;
  /** A valid key of the same publisher, which a further key needs; undefined where there is none here. */
  endorse?: (bytes: Uint8Array) => Promise<string | undefined>;
}

/** Registers, reads and revokes the keys that packages are signed with. */
export const keysClient = (transport: Transport) => ({
  /**
   * Registers a public key to the calling publisher: the private key signs a challenge. Its text is written here,
   * so nothing is signed that the marketplace made up.
   */
  async register({ armored, fingerprint, sign, endorse }: KeyToRegister) {
    const { publisherId, nonce, needsEndorsement } = await transport.json(
      { method: 'POST', path: paths.keyChallenges, body: { fingerprint } },
      challengeSchema,
    );
    const bytes = new TextEncoder().encode(writeChallenge({ publisherId, fingerprint, nonce }));
    const endorsement = needsEndorsement ? await endorse?.(bytes) : undefined;
    const body: KeyInput = { armored, proof: await sign(bytes), ...(endorsement ? { endorsement } : {}) };
    return transport.json({ method: 'POST', path: paths.keys, body }, keyReplySchema);
  },

  /** Brings a registered key up to date: with its revocation in it, it is revoked. */
  update: (armored: string) =>
    transport.json({ method: 'POST', path: paths.keys, body: { armored } }, keyReplySchema),

  /** Ends a key of the caller; a reason other than `superseded` and `retired` holds all that it signed. */
  revoke: (fingerprint: string, input: RevocationInput) =>
    transport.json(
      { method: 'POST', path: fillPath(paths.keyRevocation, { fingerprint }), body: input },
      revocationReplySchema,
    ),

  /** Ends a key of any publisher, as an operator. */
  revokeOf: (publisherId: string, fingerprint: string, input: RevocationInput) =>
    transport.json(
      {
        method: 'POST',
        path: fillPath(paths.publisherKeyRevocation, { publisherId, fingerprint }),
        body: input,
      },
      revocationReplySchema,
    ),

  /** Lets a publisher register a key that no other key vouches for, as an operator. */
  approve: (publisherId: string, fingerprint: string) =>
    transport.json(
      { method: 'POST', path: fillPath(paths.publisherKeyApproval, { publisherId, fingerprint }) },
      approvalReplySchema,
    ),

  /** The caller's own keys. */
  list: () => transport.json({ method: 'GET', path: paths.keys }, publisherKeysSchema),

  /** Keys of any publisher: hosts verify packages with them. */
  listByPublisher: (publisherId: string) =>
    transport.json(
      { method: 'GET', path: fillPath(paths.publisherKeys, { publisherId }) },
      publisherKeysSchema,
    ),
});
