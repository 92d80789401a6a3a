import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Phase } from './installation';

/** Fetches the package into the job's own folder; size and digest are checked on the way (INS-02). */
export const download: Phase = {
  name: 'download',
  async run(installation) {
    const { job, services, workspace, signal } = installation;
    await mkdir(workspace, { recursive: true });
    const target = path.join(workspace, 'package.pxp');
    await services.download(job.source, target, signal);
    installation.packagePath = target;
  },
};
