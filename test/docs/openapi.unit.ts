import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describeApi } from '../../api/openapi';
import { compareVersions } from '../../core/version';
import { repositoryRoot } from '../../infra/build/build';
import { findApiBreaks, type ApiDocument } from '../../infra/docs/openapiBreaks';
import { read } from './support/pages';

const released = 'docs/api/released';

/** The document of the newest release, by its version. */
function readLastRelease(): ApiDocument {
  const versions = readdirSync(path.join(repositoryRoot, released))
    .map((name) => /^openapi-(.+)\.json$/.exec(name)?.[1] ?? '')
    .filter((version) => version !== '')
    .sort(compareVersions);
  return JSON.parse(read(`${released}/openapi-${versions.at(-1)}.json`)) as ApiDocument;
}

describe('the OpenAPI document', () => {
  const current = JSON.parse(JSON.stringify(describeApi())) as ApiDocument;

  test('under version control is the one that the routes make (npm run docs:openapi)', () => {
    expect(JSON.parse(read('docs/api/openapi.json'))).toEqual(current);
  });

  test('breaks no caller of the last release', () => {
    expect(findApiBreaks(readLastRelease(), current)).toEqual([]);
  });
});
