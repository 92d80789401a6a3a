import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Refusal, refuseIfAny, refusal, type ErrorCode } from '../../core/errors/errors';
import { checkRoom } from '../disk/room';
import type { Phase } from './installation';

/** Fetches the package into the job's own folder; size and digest are checked on the way (INS-02). */
export const download: Phase = {
  name: 'download',
  async run(installation) {
    const { job, services, workspace, signal } = installation;
    await mkdir(workspace, { recursive: true });
    refuseIfAny(await checkRoom(workspace, job.source.bytes ?? 0, services.minFreeBytes));
    const target = path.join(workspace, 'package.pxp');
    await services.download(job.source, target, signal).catch((error: unknown) => {
      throw isOffered(job.source.by) ? blameTheWay(error) : error;
    });
    installation.packagePath = target;
  },
};

/** Whether the marketplace said what the package is, so that bytes which differ are not the version's. */
const isOffered = (by: string): boolean => by === 'feed' || by === 'admin';

const ofTheWay: Partial<Record<ErrorCode, ErrorCode>> = {
  PACKAGE_DIGEST: 'DOWNLOAD_CORRUPTED',
  UNAVAILABLE: 'DOWNLOAD_FAILED',
  PACKAGE_TOO_LARGE: 'HOST_POLICY',
};

/**
 * Bytes that are not those of the version say nothing about it, only about who sent them: counted as its failure,
 * one bad answer of a mirror would keep the version away for good.
 */
function blameTheWay(error: unknown): unknown {
  const code = error instanceof Refusal ? ofTheWay[error.code] : undefined;
  return error instanceof Refusal && code ? refusal(code, error.message) : error;
}
