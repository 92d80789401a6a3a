import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { healthScript } from '../../cli/init/healthScript';
import { createObservations } from '../../infra/demo/observations';
import { parseDemoOptions } from '../../infra/demo/options';
import { plantFault, type PluginFolder } from '../../infra/demo/pluginFolder';
import { createScreen } from '../../infra/demo/screen';
import { until } from '../../infra/demo/until';
import { run } from '../../platform/processes/run';

const lineBreaks = /\r?\n/;

describe('what the demonstration is asked to do', () => {
  test('three plugins of npm and an upgrade of the first are shown by default, and it stays up', () => {
    const options = parseDemoOptions([], { PATH: '/bin', PX_MARKETPLACE_TOKEN: 'secret' });
    expect(options?.plugins).toHaveLength(3);
    expect(options?.upgrade.split('@')[0]).toBe(options?.plugins[0]?.split('@')[0]);
    expect(options).toMatchObject({ exits: false, isReviewedByHand: false, cliEnv: { PATH: '/bin' } });
    expect(options?.cliEnv).not.toHaveProperty('PX_MARKETPLACE_TOKEN');
  });

  test('a folder is meant from where the command was started, and an unknown word is refused', () => {
    const options = parseDemoOptions(['--plugins', 'infra,left-pad@1.3.0', '--exit'], {});
    expect(options?.plugins).toEqual([path.resolve('infra'), 'left-pad@1.3.0']);
    expect(parseDemoOptions(['--help'], {})).toBeUndefined();
    expect(() => parseDemoOptions(['--quick'], {})).toThrow('--quick');
  });
});

test('a claim that was not seen to be true is missing, whatever else was', () => {
  const observations = createObservations();
  observations.note('one 1.0.0', 'it is listed', true, 'catalogue read');
  observations.note('one 1.0.0', 'every host runs it', false, 'acme none');
  expect(observations.missing().map(({ claim, evidence }) => [claim, evidence])).toEqual([
    ['every host runs it', 'acme none'],
  ]);
});

test('waiting gives the first answer, and what does not come in time is named', async () => {
  const { signal } = new AbortController();
  let asked = 0;
  expect(await until('it', async () => (++asked < 3 ? undefined : asked), { signal })).toBe(3);
  const never = until('the listing', async () => undefined, { signal, deadlineMs: 1 });
  await expect(never).rejects.toThrow('the listing: did not happen within');
  const interrupted = until('it', async () => undefined, { signal: AbortSignal.abort() });
  await expect(interrupted).rejects.toThrow();
});

describe('the planted fault', () => {
  let plugin: PluginFolder;
  beforeEach(async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'spillway-fault-'));
    const names = {
      pluginId: 'one',
      name: 'One',
      version: '2.0.0',
      versionId: 'one@2.0.0',
      title: 'One 2.0.0',
    };
    plugin = { folder, ...names };
    await mkdir(path.join(folder, 'dist'));
    await mkdir(path.join(folder, 'data'));
    await writeFile(path.join(folder, 'dist', 'index.js'), 'exports.one = 1;\n');
    await writeFile(path.join(folder, 'dist', 'px-health.cjs'), healthScript);
    await writeFile(path.join(folder, 'manifest.json'), '{"runtime":{"health":{}}}');
  });
  afterEach(() => rm(plugin.folder, { recursive: true, force: true }));

  const check = (version: string) =>
    run(process.execPath, [path.join(plugin.folder, 'dist', 'px-health.cjs')], {
      cwd: plugin.folder,
      env: {
        PX_PLUGIN_ENTRY: 'dist/index.js',
        PX_PLUGIN_DATA: path.join(plugin.folder, 'data'),
        PX_PLUGIN_VERSION: version,
      },
    });

  test('shows only where data of another version are, and leaves those as they were', async () => {
    await check('1.0.0');
    const before = await readFile(path.join(plugin.folder, 'data', 'state.json'), 'utf8');
    await plantFault(plugin);
    await expect(check('2.0.0')).rejects.toThrow('data of 1.0.0 cannot be migrated');
    expect(await readFile(path.join(plugin.folder, 'data', 'state.json'), 'utf8')).toBe(before);
    await rm(path.join(plugin.folder, 'data', 'state.json'));
    expect(await check('2.0.0')).toContain('healthy: 2.0.0');
  });

  test('is planted once, and a health check that has no place for it is refused', async () => {
    const file = path.join(plugin.folder, 'dist', 'px-health.cjs');
    await plantFault(plugin);
    const once = await readFile(file, 'utf8');
    await plantFault(plugin);
    expect(await readFile(file, 'utf8')).toBe(once);
    await writeFile(file, 'process.exitCode = 0;\n');
    await expect(plantFault(plugin)).rejects.toThrow('has no place for the fault');
  });
});

test('a log gets aligned columns without control characters, a terminal gets a drawn table', () => {
  const shown = (isTTY: boolean): string => {
    let text = '';
    const out = { isTTY, columns: 100, write: (piece: string) => (text += piece) };
    const screen = createScreen(out as unknown as NodeJS.WriteStream, {});
    screen.table(['release', 'state'], [['one 1.0.0', screen.paint('green', 'completed')]]);
    return text;
  };
  expect(shown(false).trimEnd().split(lineBreaks)).toEqual(['release    state', 'one 1.0.0  completed']);
  expect(shown(true)).toContain('│ one 1.0.0 │');
});
