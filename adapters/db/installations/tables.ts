import type { Report } from '../../../contracts/installations/reports';
import { reportKinds } from '../../../core/installations/reportKinds';
import { countedResults } from '../../../core/installations/results';
import { boolean, integer, json, moment, nullable, oneOf, text, uuid } from '../columns';

export const installations = {
  tenant_id: text,
  plugin_id: text,
  version: nullable(text),
  /** The kind of the last report. */
  state: oneOf(reportKinds),
  updated_at: moment,
};

export const download_grants = {
  tenant_id: text,
  version_id: text,
  package_sha256: text,
  stage: integer,
  granted_at: moment,
  result: nullable(oneOf(countedResults)),
  returned: boolean,
  told: boolean,
};

export const install_troubles = {
  tenant_id: text,
  version_id: text,
  code: nullable(text),
  stage: integer,
  since: moment,
  at: moment,
};

export const reports = {
  id: uuid,
  tenant_id: text,
  version_id: text,
  stage: integer,
  kind: oneOf(reportKinds),
  body: json<Report>(),
  received_at: moment,
};
