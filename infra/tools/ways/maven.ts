import { cp } from 'node:fs/promises';
import path from 'node:path';
import { getErrorMessage } from '../../../core/errors/thrown';
import { run } from '../../../platform/processes/run';
import { which } from '../../../platform/processes/which';
import type { ToolContext, Way } from '../tool';

/** Copies the jars that a pom names (its versions are pinned) beside a script that starts them with Java. */
export function mavenJars(options: { projectDir: string; entry: string; takes: string }): Way {
  return {
    title: 'jars by Maven, run with Java 17',
    takes: options.takes,
    closedBecause: closedWithoutJava,
    install: async (folder, { env }, say) => {
      await cp(options.projectDir, folder, { recursive: true });
      const goals = [
        'dependency:copy-dependencies',
        '-DincludeScope=runtime',
        `-DoutputDirectory=${path.join(folder, 'lib')}`,
      ];
      await run('mvn', ['-B', '-q', '-f', path.join(folder, 'pom.xml'), ...goals], { env, onLine: say });
      return options.entry;
    },
  };
}

async function closedWithoutJava({ env }: ToolContext): Promise<string | undefined> {
  for (const command of ['java', 'mvn']) {
    if (!(await which([command], env))) return `${command} is not installed`;
  }
  const major = await javaMajor(env);
  return major >= 17 ? undefined : `Java ${major} is older than 17`;
}

async function javaMajor(env: NodeJS.ProcessEnv): Promise<number> {
  let banner = '';
  await run('java', ['-version'], { env, onLine: (line) => (banner += line) }).catch((error: unknown) =>
    getErrorMessage(error),
  );
  return Number(/version "(\d+)/.exec(banner)?.[1] ?? 0);
}
