import { randomUUID } from 'node:crypto';
import { reportSchema, type Report } from '../../../contracts/installations/reports';
import { TODAY } from './submission';

/** A host's report of a successful installation in stage 1, unless `over` says otherwise. */
export const createReport = (over: Partial<Report> = {}): Report =>
  reportSchema.parse({
    reportId: randomUUID(),
    kind: 'installed',
    pluginId: 'demo-plugin',
    version: '1.0.0',
    activeVersion: '1.0.0',
    stage: 1,
    at: TODAY.toISOString(),
    elapsedMs: 1200,
    ...over,
  });
