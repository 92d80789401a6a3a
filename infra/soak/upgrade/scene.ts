import { Client, Connection } from '@temporalio/client';
import { releaseWorkflowId } from '../../../core/ids';
import type { TimelineEvent } from '../../../contracts/releases/timeline';
import { waitUntilReady } from '../../../platform/processes/ready';
import { openCast, type Cast } from '../../demo/cast';
import { ensureSecrets, readStackRecord } from '../../stack/state';
import type { Author, Prepared } from './author';

/** Everybody who takes part, of the stack that runs at the moment on the state folder. */
export interface Scene {
  stateDir: string;
  cast: Cast;
  /** The database, as its owner. */
  url: string;
  temporal: Client;
  author: Author;
  /** What was packed before the upgrade, by the name of its case. */
  prepared: Map<string, Prepared>;
  close(): Promise<void>;
}

/** @throws Error when no stack has written down where it is */
export async function openScene(
  stateDir: string,
  { author, prepared }: Pick<Scene, 'author' | 'prepared'>,
): Promise<Scene> {
  const addresses = readStackRecord(stateDir)?.addresses;
  if (!addresses) throw new Error(`no stack is known in ${stateDir}`);
  const secrets = ensureSecrets(stateDir);
  const connection = await Connection.connect({ address: addresses.temporal });
  return {
    ...{ stateDir, author, prepared, url: secrets.databaseUrl },
    cast: openCast({ addresses, secrets }),
    temporal: new Client({ connection }),
    close: () => connection.close(),
  };
}

const DEADLINE_MS = 300_000;

/**
 * Asks until it is so.
 * @throws Error after five minutes, with what was not so
 */
export async function awaitThat(what: string, ask: () => Promise<boolean>): Promise<void> {
  const probe = async (): Promise<void> => {
    if (!(await ask())) throw new Error('not yet');
  };
  const readiness = await waitUntilReady({ probe, deadlineMs: DEADLINE_MS });
  if (!readiness.ready) throw new Error(`${what}: ${readiness.reason}`);
}

/** Waits until the timeline of a version has a line of this kind. */
export const awaitLine = ({ cast }: Scene, versionId: string, kind: TimelineEvent['kind']): Promise<void> =>
  awaitThat(`${kind} of ${versionId}`, async () => {
    const { events } = await cast.publisher.releases.readTimeline(releaseWorkflowId(versionId));
    return events.some((event) => event.kind === kind);
  });

/** Waits until the release of a version is in a state. */
export const awaitState = ({ cast }: Scene, versionId: string, wanted: string): Promise<void> =>
  awaitThat(`${versionId} ${wanted}`, async () => {
    const { state } = await cast.publisher.releases.read(versionId);
    return state === wanted;
  });
