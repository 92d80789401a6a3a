import { keyReplySchema, publisherKeysSchema } from '../../contracts/identity/keys';
import { fillPath, paths } from '../../contracts/paths';
import type { Transport } from '../http/transport';

/** Registers and reads the keys that packages are signed with. */
export const keysClient = (transport: Transport) => ({
  /** Registers an armored OpenPGP public key to the calling publisher. */
  register: (armored: string) =>
    transport.json({ method: 'POST', path: paths.keys, body: { armored } }, keyReplySchema),

  /** The caller's own keys. */
  list: () => transport.json({ method: 'GET', path: paths.keys }, publisherKeysSchema),

  /** Keys of any publisher: hosts verify packages with them. */
  listByPublisher: (publisherId: string) =>
    transport.json(
      { method: 'GET', path: fillPath(paths.publisherKeys, { publisherId }) },
      publisherKeysSchema,
    ),
});
