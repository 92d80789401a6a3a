import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type {
  NotifyActivities,
  RegistrationActivities,
  ReleaseActivities,
  ReviewActivities,
  RollbackActivities,
  RolloutActivities,
  ScanActivities,
  UploadActivities,
} from '../activities/types';

/** One proxy per kind of effect, each with its own limits. Retries go on until our trouble is over. */
const patient = { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '15s' } as const;

/** Local: the reply to a publish waits for this single transaction, and needs no second task. */
export const registration = proxyLocalActivities<RegistrationActivities>({
  startToCloseTimeout: '10s',
  retry: patient,
});

/** Short transactions. */
export const records = proxyActivities<ReleaseActivities & ReviewActivities & RolloutActivities>({
  startToCloseTimeout: '15s',
  retry: patient,
});

/** Reading, joining and checking up to two gigabytes; a worker that dies is noticed by its heartbeat. */
export const uploads = proxyActivities<UploadActivities>({
  startToCloseTimeout: '30m',
  heartbeatTimeout: '20s',
  retry: patient,
});

/** A scanner that fails three times is silent, and what silence means is the release's to decide. */
export const scanners = proxyActivities<Pick<ScanActivities, 'runScanner'>>({
  startToCloseTimeout: '30m',
  heartbeatTimeout: '20s',
  retry: { ...patient, maximumAttempts: 3 },
});
export const scanRecords = proxyActivities<Omit<ScanActivities, 'runScanner'>>({
  startToCloseTimeout: '15s',
  retry: patient,
});

/** Fan-out in slices; a retry goes on from the last heartbeat. */
export const messages = proxyActivities<NotifyActivities>({
  startToCloseTimeout: '1h',
  heartbeatTimeout: '30s',
  retry: patient,
});

/** Waiting for hosts to return; long, with heartbeats. */
export const rollbacks = proxyActivities<RollbackActivities>({
  startToCloseTimeout: '1h',
  heartbeatTimeout: '20s',
  retry: patient,
});
