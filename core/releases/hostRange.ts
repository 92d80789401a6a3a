import { problem, type Problem } from '../errors/errors';
import { compareVersions } from '../version';

/** The versions of the host that a plugin works with, both inclusive; missing: any. */
export interface HostRange {
  min_core?: string | undefined;
  max_core?: string | undefined;
}

/** Why a host of some version cannot run the plugin, with both versions; nothing where it can. */
export function checkHostVersion(
  { min_core: least, max_core: most }: HostRange,
  hostVersion: string,
): Problem[] {
  const found: Problem[] = [];
  if (least !== undefined && compareVersions(hostVersion, least) < 0) {
    const detail = `The plugin needs host ${least} or newer; this is ${hostVersion}.`;
    found.push(problem('HOST_INCOMPATIBLE', detail, '/min_core'));
  }
  if (most !== undefined && compareVersions(hostVersion, most) > 0) {
    const detail = `The plugin works up to host ${most}; this is ${hostVersion}.`;
    found.push(problem('HOST_INCOMPATIBLE', detail, '/max_core'));
  }
  return found;
}
