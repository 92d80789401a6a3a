import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Refusal, refusal } from '../../core/errors/errors';
import type { Phase } from './installation';

/** Fetches the package into the job's own folder; size and digest are checked on the way (INS-02). */
export const download: Phase = {
  name: 'download',
  async run(installation) {
    const { job, services, workspace, signal } = installation;
    await mkdir(workspace, { recursive: true });
    const target = path.join(workspace, 'package.pxp');
    await services.download(job.source, target, signal).catch((error: unknown) => {
      throw job.source.by === 'feed' ? blameTheWay(error) : error;
    });
    installation.packagePath = target;
  },
};

/**
 * Bytes that are not those of the version say nothing about it, only about who sent them: counted as its failure,
 * one bad answer of a mirror would keep the version away for good.
 */
const blameTheWay = (error: unknown): unknown =>
  error instanceof Refusal && error.code === 'PACKAGE_DIGEST' ? refusal('UNAVAILABLE', error.message) : error;
