import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { Refusal, isRetryable } from '../../core/errors/errors';
import { reportSchema, type Report } from '../../contracts/installations/reports';
import { listNames, readIfPresent } from '../../platform/files/absence';
import { moveDurably, replaceFile } from '../../platform/files/durable';
import { isFileTrouble } from '../../platform/files/trouble';
import type { Layout } from '../disk/layout';
import type { Marketplace } from './marketplace';

const BATCH = 100;
const REFUSED = 'refused';

/** The same id however often a report is written (UUID version 8, RFC 9562 section 5.8). */
export function makeReportId(jobId: string, kind: Report['kind']): string {
  const hex = createHash('sha256').update(`${jobId} ${kind}`).digest('hex');
  const variant = ((parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

export interface Outbox {
  /** Keeps a report until the marketplace has accepted it. It is on disk when this returns. */
  add(report: Report): Promise<void>;
  /** The same for what is met again if it is lost: it is kept in memory where the disk takes nothing. */
  tell(report: Report): Promise<void>;
  /** Sends what is there, oldest first. @throws Refusal when the marketplace is unreachable */
  flush(): Promise<void>;
  size(): Promise<number>;
}

export function createOutbox(layout: Layout, marketplace: Pick<Marketplace, 'report'>): Outbox {
  let added = 0;
  let flushing: Promise<void> | undefined;
  let unsaved: Report[] = [];
  const waiting = async () => (await listNames(layout.outbox)).filter((name) => name.endsWith('.json'));

  async function send(names: string[]): Promise<void> {
    const reports = (await Promise.all(names.map((name) => read(layout, name)))).filter(
      (each) => each !== undefined,
    );
    if (reports.length > 0) await marketplace.report(reports);
    for (const name of names) await rm(path.join(layout.outbox, name), { force: true });
  }

  async function sendUnsaved(): Promise<void> {
    const batch = unsaved.slice(0, BATCH);
    if (batch.length === 0) return;
    await marketplace.report(batch).catch((error: unknown) => {
      if (!isFinal(error)) throw error;
    });
    unsaved = unsaved.slice(batch.length);
  }

  async function add(report: Report): Promise<void> {
    const time = report.at.replace(/[-:.]/g, '');
    const order = String((added += 1)).padStart(6, '0');
    await replaceFile(
      path.join(layout.outbox, `${time}-${order}-${report.reportId}.json`),
      JSON.stringify(report),
    );
  }

  async function flushAll(): Promise<void> {
    await sendUnsaved();
    for (let names = await waiting(); names.length > 0; names = await waiting()) {
      const batch = names.slice(0, BATCH);
      await send(batch).catch(async (error: unknown) => {
        if (!isFinal(error)) throw error;
        await sendOneByOne(batch);
      });
    }
  }

  /** One report that the marketplace will never accept must not hold up the others. */
  async function sendOneByOne(names: string[]): Promise<void> {
    for (const name of names) {
      await send([name]).catch(async (error: unknown) => {
        if (!isFinal(error)) throw error;
        await moveAside(layout, name);
      });
    }
  }

  return {
    add,
    async tell(report) {
      await add(report).catch((error: unknown) => {
        if (!isFileTrouble(error)) throw error;
        if (unsaved.length < BATCH) unsaved.push(report);
      });
    },
    flush: () => (flushing ??= flushAll().finally(() => (flushing = undefined))),
    size: async () => (await waiting()).length + unsaved.length,
  };
}

async function read(layout: Layout, name: string): Promise<Report | undefined> {
  const text = await readIfPresent(path.join(layout.outbox, name));
  return text === undefined ? undefined : reportSchema.parse(JSON.parse(text));
}

/** About the report itself, not the network, an outage or a token that may be renewed. */
const isFinal = (error: unknown): boolean =>
  error instanceof Refusal &&
  !isRetryable(error.code) &&
  !['TOKEN_MISSING', 'TOKEN_INVALID', 'SCOPE_MISSING'].includes(error.code);

async function moveAside(layout: Layout, name: string): Promise<void> {
  const target = path.join(layout.outbox, REFUSED, name);
  await replaceFile(
    path.join(layout.outbox, REFUSED, 'README'),
    'Reports that the marketplace rejected for good.\n',
  );
  await moveDurably(path.join(layout.outbox, name), target);
}
