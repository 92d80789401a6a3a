import { existsSync } from 'node:fs';
import { run } from '../../../platform/processes/run';
import { which } from '../../../platform/processes/which';
import type { Way } from '../tool';

/** The system's package, where this user may install one; `command` is the program that it brings. */
export function debianPackage(name: string, command: string, takes: string): Way {
  return {
    title: "the system's package (apt-get)",
    takes,
    closedBecause: async ({ env }) => {
      if (!existsSync('/etc/debian_version') || !(await which(['apt-get'], env))) return 'this is no Debian';
      return process.getuid?.() === 0 ? undefined : 'installing packages needs root';
    },
    install: async (_folder, { env }, say) => {
      const quiet = { ...env, DEBIAN_FRONTEND: 'noninteractive' };
      await run('apt-get', ['update', '-q'], { env: quiet, onLine: say });
      await run('apt-get', ['install', '-q', '-y', '--no-install-recommends', name], {
        env: quiet,
        onLine: say,
      });
      return (await which([command], env)) ?? '';
    },
  };
}
