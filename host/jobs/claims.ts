import { refusal } from '../../core/errors/errors';

/** Which job has claimed which plugin: one at a time. */
export function createClaims() {
  const holders = new Map<string, string>();
  return {
    isTaken: (pluginId: string) => holders.has(pluginId),
    take(jobId: string, pluginId: string): void {
      const holder = holders.get(pluginId);
      if (holder === undefined) holders.set(pluginId, jobId);
      else if (holder !== jobId) throw refusal('INSTALL_BUSY', `Job ${holder} is working on ${pluginId}.`);
    },
    release(jobId: string): void {
      for (const [pluginId, holder] of holders) if (holder === jobId) holders.delete(pluginId);
    },
  };
}
