import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { InfraFailure } from '../../terminal/failure';
import { run } from '../../../platform/processes/run';
import type { Way } from '../tool';

/** Playwright's own build of Chromium, kept in the tool's folder and not in Playwright's usual one. */
export function playwrightBrowser(): Way {
  return {
    title: "Playwright's download",
    takes: 'about a minute, 170 MB',
    closedBecause: async () => undefined,
    install: async (folder, { env }, say) => {
      const cli = path.join(path.dirname(require.resolve('playwright-core/package.json')), 'cli.js');
      await run(process.execPath, [cli, 'install', '--no-shell', 'chromium'], {
        env: { ...env, PLAYWRIGHT_BROWSERS_PATH: folder },
        onLine: say,
        timeout: 10 * 60_000,
      });
      return browserIn(folder);
    },
  };
}

/** The program's place differs by system: linux has `chrome`, macOS an application bundle. */
async function browserIn(folder: string): Promise<string> {
  const programs = new Set(['chrome', 'Chromium', 'Google Chrome for Testing', 'chrome.exe']);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const program = entries.find((entry) => entry.isFile() && programs.has(entry.name));
  if (!program) throw new InfraFailure('Chromium', 'the download holds no browser', 'take another way');
  return path.relative(folder, path.join(program.parentPath, program.name));
}
