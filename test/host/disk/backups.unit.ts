import { once } from 'node:events';
import { chmod, lstat, mkdir, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { restoreData, takeBackup } from '../../../host/disk/backups';
import { hostLayout } from '../../../host/disk/layout';
import { PLUGIN } from '../../support/builders/manifest';
import { temporaryFolder } from '../../support/temporaryFolder';

test('data that their owner may not touch, and sockets among them, are backed up and put back', async () => {
  const folder = temporaryFolder('backups');
  const plugin = hostLayout(folder).plugin(PLUGIN);
  await mkdir(path.join(plugin.data, 'closed'), { recursive: true });
  await writeFile(path.join(plugin.data, 'closed/file'), 'kept');
  await symlink('closed/file', path.join(plugin.data, 'link'));
  await chmod(path.join(plugin.data, 'closed/file'), 0);
  await chmod(path.join(plugin.data, 'closed'), 0);
  const socket = createServer();
  await once(socket.listen(path.join(plugin.data, 'socket')), 'listening');
  const made = await takeBackup(plugin, 'b', { forVersion: '1.1.0', activeBefore: null, at: 'today' });
  socket.close();
  await chmod(plugin.data, 0o500);
  await restoreData(plugin, made, path.join(folder, 'work'));
  expect((await readdir(plugin.data)).sort()).toEqual(['closed', 'link']);
  expect(await readFile(path.join(plugin.data, 'link'), 'utf8')).toBe('kept');
  expect((await lstat(path.join(plugin.data, 'closed/file'))).mode & 0o777).toBe(0o600);
  await rm(folder, { recursive: true, force: true });
});
