import type { Knex } from 'knex';
import { ingestReports } from '../../../../../adapters/db/installations/reports';
import { createReport } from '../../../../support/builders/reports';
import type { OpinionScene } from '../../rollouts/support/opinionScene';

/** The plugin whose version is on offer. */
export const pluginOf = ({ versionId }: OpinionScene): string => versionId.replace(/@.*$/, '');

/** What a host tells of a version that it cannot take; `said` is what it says beside the code. */
export const tellTrouble = (
  api: Knex,
  scene: OpinionScene,
  tenantId: string,
  errorCode: string,
  said = 'It cannot.',
) =>
  ingestReports(
    api,
    tenantId,
    [
      createReport({
        pluginId: pluginOf(scene),
        kind: 'failed',
        activeVersion: null,
        errorCode,
        detail: said,
      }),
    ],
    scene.now(),
  );
