import path from 'node:path';
import semver from 'semver';
import { run } from '../../platform/processes/run';
import { playwrightBrowser } from './ways/browser';
import { debianPackage } from './ways/debianPackage';
import { vendorDownload } from './ways/download';
import { goBuild, goInstall } from './ways/goBuild';
import { mavenJars } from './ways/maven';
import type { Tool, ToolContext } from './tool';

/**
 * Every server and browser that the stack and the tests take from outside npm: pinned version, where one may
 * already be, and the ways to get it in the order in which they are tried.
 */
export const tools = {
  'temporal-cli': {
    name: 'temporal-cli',
    title: 'Temporal development server',
    version: '1.8.2',
    setting: 'SPILLWAY_TEMPORAL_CLI',
    commands: ['temporal'],
    places: [],
    // Update-with-start and search attributes at start need a server of this age.
    versionAt: (program, context) => versionFlag(program, context, '>=1.4.0 <2'),
    ways: [
      vendorDownload('temporal-cli', 'about half a minute'),
      goBuild({
        moduleDir: path.join(__dirname, 'temporal-cli'),
        program: 'github.com/temporalio/cli/cmd/temporal',
        entry: 'temporal',
        ldflags: '-s -w -X github.com/temporalio/cli/internal/temporalcli.Version=1.8.2',
        takes: 'about 8 minutes once',
      }),
    ],
  },
  'temporal-test-server': {
    name: 'temporal-test-server',
    title: 'Temporal time-skipping test server',
    version: '1.38.0',
    setting: 'SPILLWAY_TEMPORAL_TEST_SERVER',
    commands: ['temporal-test-server'],
    places: [],
    versionAt: unknownVersion,
    ways: [
      vendorDownload('temporal-test-server', 'about half a minute'),
      mavenJars({
        projectDir: path.join(__dirname, 'temporal-test-server'),
        entry: 'temporal-test-server.sh',
        takes: 'about a minute once',
      }),
    ],
  },
  'fake-gcs-server': {
    name: 'fake-gcs-server',
    title: 'Cloud Storage emulator (fake-gcs-server)',
    version: '1.56.1',
    setting: 'SPILLWAY_FAKE_GCS_SERVER',
    commands: ['fake-gcs-server'],
    places: [],
    versionAt: unknownVersion,
    ways: [
      goInstall({
        program: 'github.com/fsouza/fake-gcs-server',
        version: '1.56.1',
        entry: 'fake-gcs-server',
        takes: 'about 2 minutes once',
      }),
    ],
  },
  chromium: {
    name: 'chromium',
    title: 'Chromium',
    version: 'playwright-1.65.1',
    setting: 'SPILLWAY_CHROMIUM',
    commands: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
    places: ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'],
    versionAt: (program, context) => versionFlag(program, context, '>=110'),
    ways: [playwrightBrowser(), debianPackage('chromium', 'chromium', 'about a minute, 350 MB')],
  },
  bubblewrap: {
    name: 'bubblewrap',
    title: 'Sandbox for code of plugins (bubblewrap)',
    version: '0.8.0',
    setting: 'SPILLWAY_BUBBLEWRAP',
    commands: ['bwrap'],
    places: [],
    // The size of a file system in memory can be given since then.
    versionAt: (program, context) => versionFlag(program, context, '>=0.8.0'),
    ways: [debianPackage('bubblewrap', 'bwrap', 'a few seconds')],
  },
} satisfies Record<string, Tool>;

export type ToolName = keyof typeof tools;

export function isToolName(name: string): name is ToolName {
  return Object.hasOwn(tools, name);
}

/** The version that `--version` prints, if it lies in `range`; undefined when it does not run at all. */
async function versionFlag(
  program: string,
  { env }: ToolContext,
  range: string,
): Promise<string | undefined> {
  const banner = await run(program, ['--version'], { env, timeout: 20_000 }).catch(() => '');
  const version = semver.coerce(banner)?.version;
  return version && semver.satisfies(version, range) ? version : undefined;
}

/** For programs that cannot be asked: what is there is trusted. */
async function unknownVersion(): Promise<string> {
  return 'installed';
}
