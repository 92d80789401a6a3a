import { InfraFailure } from '../terminal/failure';
import { freePort, isPortFree } from '../../platform/processes/ports';
import type { PortName } from './config';

/**
 * One port for each name: the one that was asked for, else the one of the last start if it is still free, else a free one.
 * Bookmarks and open pages so survive a restart.
 * @throws InfraFailure naming every port that was asked for and is taken
 */
export async function choosePorts(options: {
  host: string;
  names: readonly PortName[];
  asked: ReadonlyMap<PortName, number>;
  remembered: Readonly<Record<string, number>>;
}): Promise<Record<string, number>> {
  const { host, names, asked, remembered } = options;
  const chosen: Record<string, number> = {};
  const taken = new Set<number>(asked.values());
  const refused: string[] = [];
  for (const name of names) {
    const wanted = asked.get(name);
    if (wanted !== undefined && !(await isPortFree(host, wanted))) refused.push(`${name} ${wanted}`);
    const port = wanted ?? (await rememberedOrFree(host, remembered[name], taken));
    taken.add(port);
    chosen[name] = port;
  }
  if (refused.length === 0) return chosen;
  const reason = `already in use on ${host}: ${refused.join(', ')}`;
  throw new InfraFailure('ports', reason, 'choose others, or unset the settings and let the stack choose');
}

async function rememberedOrFree(
  host: string,
  before: number | undefined,
  taken: ReadonlySet<number>,
): Promise<number> {
  if (before !== undefined && !taken.has(before) && (await isPortFree(host, before))) return before;
  return freePort(host, taken);
}
