import path from 'node:path';
import { proposeId } from '../../cli/init/pluginId';
import { runCli } from '../support/cli/runCli';
import { temporaryFolder } from '../support/temporaryFolder';
import { writeTree } from '../support/writeTree';

const fromFolder = { given: undefined, origin: 'folder' } as const;

describe('the id that init proposes', () => {
  test.each([
    'acme/notes',
    'github:acme/notes',
    'git@github.com:acme/notes.git',
    { type: 'git', url: 'git+https://github.com/Acme/notes.git' },
  ])('of a folder is derived from the repository %j', (repository) => {
    expect(proposeId({ name: '@x/Demo', repository }, {}, fromFolder)).toEqual({
      id: 'io.github.acme.demo',
      idOrigin: 'github',
    });
  });

  test.each(['https://git.example.com/acme/notes.git', 'https://notgithub.com/acme/notes', 7, null])(
    'takes no owner from the repository %j',
    (repository) => {
      expect(proposeId({ name: 'demo', repository }, {}, fromFolder)).toEqual({
        id: 'com.example.demo',
        idOrigin: 'placeholder',
      });
    },
  );

  test('of a package is named after the registry that it comes from', () => {
    const packageJson = { name: '@Acme/Tool', repository: 'acme/tool' };
    expect(proposeId(packageJson, {}, { given: undefined, origin: 'registry' })).toEqual({
      id: 'com.npm.acme.tool',
      idOrigin: 'npm',
    });
  });

  test('is said to be a placeholder where nothing better is known', async () => {
    const folder = temporaryFolder('cli');
    writeTree(path.join(folder, 'source'), {
      'package.json': JSON.stringify({ name: 'demo', version: '1.0.0' }),
      'index.js': '',
    });
    const init = (...args: string[]) => runCli(['init', '--from', './source', ...args], { cwd: folder });
    expect((await init('--out', 'made')).out).toMatch(/^id +a placeholder: .*--id/m);
    expect((await init('--out', 'other', '--id', 'com.acme.demo')).out).not.toContain('placeholder');
  });
});
