import { problem, refuseIfAny, type Problem } from '../../core/errors/errors';
import { checkHostVersion } from '../../core/releases/hostRange';
import type { VerifiedPackage } from '../../pxp/verifyPackage';
import { activeVersion } from '../disk/activeVersion';
import type { Job } from '../disk/jobRecord';
import { requireValue, type Phase } from './installation';

/** Whether this verified package is the one that was asked for, and fits this host. */
export const admit: Phase = {
  name: 'admit',
  async run(installation) {
    const { job, services } = installation;
    const verified = requireValue(installation.verified, 'verified');
    const { id, version } = verified.manifest;
    refuseIfAny([
      ...checkIdentity(job, verified),
      ...checkHostVersion(verified.manifest, services.hostVersion),
      ...checkRuntime(verified),
      ...(services.isWithdrawn(id, version)
        ? [problem('VERSION_WITHDRAWN', `${id}@${version} was withdrawn.`)]
        : []),
    ]);
    const active = await activeVersion(services.layout.plugin(id));
    return active === version && !job.force ? 'unchanged' : undefined;
  },
};

function checkIdentity(job: Job, { manifest, manifestDigest }: VerifiedPackage): Problem[] {
  const expected = [
    ['plugin', job.pluginId, manifest.id],
    ['version', job.version, manifest.version],
    ['manifest digest', job.source.manifestDigest, manifestDigest],
  ] as const;
  return expected
    .filter(([, announced, found]) => announced !== undefined && announced !== found)
    .map(([what, announced, found]) =>
      problem('PACKAGE_IDENTITY', `The package has the ${what} ${found}; ${announced} was announced.`),
    );
}

/** Without a health check nobody could tell a working version from a broken one, so none is refused. */
function checkRuntime({ manifest, files }: VerifiedPackage): Problem[] {
  const has = (file: string) => files.some((each) => each.path === file);
  const { entry, health } = manifest.runtime;
  const found: Problem[] = [];
  if (!has(entry)) {
    found.push(problem('ENTRY_MISSING', `The package has no file ${entry}.`, '/runtime/entry'));
  }
  if (!health) {
    found.push(problem('HEALTH_MISSING', 'The manifest names no health check.', '/runtime/health'));
  } else if (!has(health.script)) {
    found.push(
      problem('HEALTH_MISSING', `The package has no file ${health.script}.`, '/runtime/health/script'),
    );
  }
  return found;
}
