import type { Client } from '@temporalio/client';
import { temporal } from '@temporalio/proto';

const LIMIT_S = 45;
const SHOWN_EVENTS = 12;
const { EventType } = temporal.api.enums.v1;

/**
 * Work that stands still fails by itself, so that its worker ends and leaves nothing to the next test.
 * The failure describes where the work stood, because its server is gone when somebody reads it.
 */
export async function inTime<T>(work: () => Promise<T>, describe: () => Promise<string>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const fail = (where: string) => reject(new Error(`The workflow stood still for ${LIMIT_S} s.\n${where}`));
    timer = setTimeout(() => void describe().then(fail), LIMIT_S * 1000);
  });
  return Promise.race([work(), late]).finally(() => clearTimeout(timer));
}

/** The last events of workflows, by their ids. */
export async function describeHistories(client: Client, workflowIds: Iterable<string>): Promise<string> {
  const all = [...workflowIds].map((workflowId) => describeHistory(client, workflowId));
  return (await Promise.all(all)).join('\n');
}

async function describeHistory(client: Client, workflowId: string): Promise<string> {
  try {
    const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
    const shown = (events ?? []).slice(-SHOWN_EVENTS);
    const lines = shown.map(({ eventId, eventType }) => `  ${String(eventId)} ${EventType[eventType ?? 0]}`);
    return [workflowId, ...lines].join('\n');
  } catch (error) {
    return `${workflowId}: ${String(error)}`;
  }
}
