import type { Key, Metadata, Targets } from '@tufjs/models';
import { Delegations } from '@tufjs/models/dist/delegations';
import { DelegatedRole } from '@tufjs/models/dist/role';

/** The role to which a publisher's plugins are delegated. */
export const publisherRole = (publisherId: string): string => `publisher-${publisherId}`;

/** Each publisher's role may speak about exactly its own plugins, and nobody else about them. */
export function makeDelegations(publishers: ReadonlyMap<string, Metadata<Targets>>, key: Key): Delegations {
  const roles = [...publishers].map(([name, { signed }]) => {
    const paths = Object.keys(signed.targets).sort();
    return [name, new DelegatedRole({ name, keyIDs: [key.keyID], threshold: 1, terminating: true, paths })];
  });
  return new Delegations({ keys: { [key.keyID]: key }, roles: Object.fromEntries(roles) as never });
}
