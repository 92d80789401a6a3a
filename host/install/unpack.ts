import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { openPackage } from '../../pxp/openPackage';
import { unpackPackage } from '../../pxp/unpackPackage';
import { exists } from '../../platform/files/absence';
import { moveDurably } from '../../platform/files/durable';
import { requireValue, type Phase } from './installation';

/** Where a folder waits that the new one takes the place of. */
export const replacedFolder = (workspace: string): string => path.join(workspace, 'replaced-version');

/** Unpacks in the job's own folder; `versions/` only ever sees whole folders come and go by rename. */
export const unpack: Phase = {
  name: 'unpack',
  async run({ services, workspace, packagePath, verified, facts }) {
    const { pluginId, version } = requireValue(facts, 'facts');
    const plugin = services.layout.plugin(pluginId);
    const content = path.join(workspace, 'content');
    const opened = await openPackage(requireValue(packagePath, 'packagePath'));
    try {
      await unpackPackage(opened, requireValue(verified, 'verified'), content);
    } finally {
      await opened.close();
    }
    await mkdir(plugin.versions, { recursive: true });
    const target = plugin.version(version);
    if (await exists(target)) await moveDurably(target, replacedFolder(workspace));
    await moveDurably(content, target);
  },
};
