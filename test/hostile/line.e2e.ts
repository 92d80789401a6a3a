import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { OBJECTS_PATH, signedUrl } from '../../adapters/objects/filesystem/signedUrls';
import type { UploadPlan } from '../../contracts/releases/publish';
import { createAuthor, publishAndUpload, reach, type Author, type Prepared } from '../support/author';
import { ask } from '../support/ask';
import { startRealStack, type RealStack } from '../support/realStack';
import { startSecondApi } from './support/secondApi';
import { places, tampered } from './support/tamper';
import { objectsOf, tracesOf } from './support/traces';

jest.setTimeout(300_000);

let real: RealStack;
let second: Awaited<ReturnType<typeof startSecondApi>>;
let stranger: Author;
let names = 0;

const fresh = (author: Author = real.author): Promise<Prepared> =>
  author.prepare(`com.example.hostile.p${(names += 1)}`, '1.0.0');
const publisherToken = (): string => real.stack.secrets.publisherTokens.publisher!;

/** A publish over one of the two API processes, without the client's own politeness. */
const publish = (request: unknown, index = 0, token: string | undefined = publisherToken()) =>
  ask(`${index % 2 ? second.url : real.stack.addresses.api}/api/marketplace/plugins/publish`, {
    method: 'POST',
    ...(token ? { token } : {}),
    body: request,
  });

beforeAll(async () => {
  real = await startRealStack({ SPILLWAY_TENANTS: 'acme', SPILLWAY_POLL_SECONDS: '1' });
  [second, stranger] = await Promise.all([startSecondApi(real), createAuthor()]);
});
afterAll(async () => {
  await Promise.all([second?.stop(), stranger?.leave()]);
  await real?.stop();
});

/** Runs what must be refused and expects that no row and no object came or went. */
async function leavesNothing(work: () => Promise<void>): Promise<void> {
  const before = await tracesOf(real);
  await work();
  expect(await tracesOf(real)).toEqual(before);
}

describe('twenty parallel publishes of one version over two API processes', () => {
  test('with one key give one workflow and twenty equal receipts [API-32]', async () => {
    const { request } = await fresh();
    const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => publish(request, index)));
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(202));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    const { versionId, publishId } = answers[0]!.body as { versionId: string; publishId: string };
    expect(await real.db('releases').where({ version_id: versionId }).count()).toEqual([{ count: 1 }]);
    const started = await real.temporal.workflow.getHandle(publishId).fetchHistory();
    const starts = (started.events ?? []).filter((each) => each.workflowExecutionStartedEventAttributes);
    expect(starts).toHaveLength(1);
  });

  test('with different bytes give one winner and nineteen clear conflicts [TST-10]', async () => {
    const { request } = await fresh();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => {
        const publishRequestId = randomUUID();
        return publish({ ...request, publishRequestId, notes: `Variant ${index}.` }, index);
      }),
    );
    const codes = answers.map(({ status, body }) => `${status} ${String(body.code ?? 'accepted')}`).sort();
    expect(codes).toEqual(['202 accepted', ...Array<string>(19).fill('409 VERSION_CONFLICT')]);
    const won = answers.findIndex(({ status }) => status === 202);
    const versionId = `${request.pluginId}@1.0.0`;
    const versions = await real.db('versions').where({ id: versionId }).select('notes');
    expect(versions).toEqual([{ notes: `Variant ${won}.` }]);
  });
});

describe('two API processes behave as one', () => {
  test('what one accepts, the other finishes', async () => {
    const prepared = await fresh();
    const { versionId } = (await publish(prepared.request, 0)).body as { versionId: string };
    const at = `${second.url}/api/marketplace/plugins/${encodeURIComponent(versionId)}`;
    const plan = (await ask(`${at}/upload`, { token: publisherToken() })).body as unknown as UploadPlan;
    for (const { number, bytes, put } of plan.parts) {
      const start = prepared.starts[number - 1] ?? 0;
      await real.publisher.releases.uploadPart({ put: put!, file: prepared.file, start, bytes });
    }
    const finalised = await ask(`${at}/upload/finalise`, {
      method: 'POST',
      token: publisherToken(),
      body: {},
    });
    expect(finalised.status).toBe(202);
    expect(await reach(real.publisher, versionId, ['in_review', 'rejected'])).toBe('in_review');
  });
});

describe('a package with one byte changed, anywhere, is rejected and leaves nothing', () => {
  const codes: Record<string, string> = {
    'the time in a local header': 'PACKAGE_FORM',
    'the checksum in a local header': 'PACKAGE_FORM',
    'a name in a local header': 'PACKAGE_FORM',
    'the content of a file': 'INTEGRITY_MISMATCH',
    'the manifest': 'INTEGRITY_MISMATCH',
    'the list of digests': 'INTEGRITY_MISMATCH',
    'the signature': 'INTEGRITY_MISMATCH',
    'the central directory': 'PACKAGE_FORM',
    'the end record': 'PACKAGE_FORM',
  };
  test.each(Object.keys(places))('%s', async (place) => {
    const prepared = await tampered(await fresh(), place);
    await expectRejected(prepared, codes[place]!);
  });
});

describe('a package that the publisher did not sign is refused [PKG-24] [SEC-05]', () => {
  test('where it names the key that signed it, at once', async () => {
    const { request } = await fresh(stranger);
    await leavesNothing(async () => {
      const answer = await publish(request);
      expect([answer.status, answer.body.code]).toEqual([422, 'SIGNATURE_UNKNOWN_KEY']);
    });
  });

  test('where it claims the publisher’s key, once its signature is checked', async () => {
    const prepared = await fresh(stranger);
    const artefact = { ...prepared.request.artefact, signedBy: real.author.key.fingerprint };
    await expectRejected(
      { ...prepared, request: { ...prepared.request, artefact } },
      'SIGNATURE_UNKNOWN_KEY',
    );
  });
});

/** The workflow ends rejected with the reason; no object is left, and nobody is offered anything. */
async function expectRejected(prepared: Prepared, code: string): Promise<void> {
  const before = await tracesOf(real);
  const { versionId, publishId } = await publishAndUpload(real.publisher, prepared);
  expect(await reach(real.publisher, versionId, ['rejected', 'in_review'])).toBe('rejected');
  const { problems } = await real.publisher.releases.read(versionId);
  expect(problems.map((each) => each.code)).toContain(code);
  await expect(real.temporal.workflow.getHandle(publishId).result()).resolves.toMatchObject({
    state: 'rejected',
    problems: expect.arrayContaining([expect.objectContaining({ code })]),
  });
  expect(await objectsOf(real)).toEqual(before.objects);
  const { rows } = await tracesOf(real);
  for (const table of ['feed', 'rollouts', 'scans', 'installations'])
    expect([table, rows[table]]).toEqual([table, before.rows[table]]);
  const listed = await real.db('versions').where({ id: versionId }).whereNotNull('listed_at');
  expect(listed).toEqual([]);
}

describe('a publish is refused with its own code, and nothing changes', () => {
  const url = (): string => `${real.stack.addresses.api}/api/marketplace/plugins/publish`;

  test('without a token, with one that nobody was given, and with a tenant’s', async () => {
    const { request } = await fresh();
    await leavesNothing(async () => {
      const missing = await ask(url(), { method: 'POST', body: request });
      const unknown = await publish(request, 0, `${publisherToken().slice(0, -4)}AAAA`);
      const tenant = await publish(request, 0, real.stack.secrets.tenantTokens.acme);
      expect([missing, unknown, tenant].map(({ status, body }) => [status, body.code])).toEqual([
        [401, 'TOKEN_MISSING'],
        [401, 'TOKEN_INVALID'],
        [403, 'SCOPE_MISSING'],
      ]);
    });
  });

  test('from somebody who may publish but is no publisher', async () => {
    const { request } = await fresh();
    await leavesNothing(async () => {
      const answer = await publish(request, 0, real.stack.secrets.adminToken);
      expect([answer.status, answer.body.code]).toEqual([403, 'PUBLISHER_UNKNOWN']);
    });
  });

  test('with a body that is no JSON', async () => {
    await leavesNothing(async () => {
      const answer = await ask(url(), { method: 'POST', token: publisherToken(), raw: 'version: 1.0.0' });
      expect([answer.status, answer.body.code]).toEqual([400, 'BODY_NOT_JSON']);
    });
  });
});

describe('a part is refused with its own code, and nothing changes', () => {
  let prepared: Prepared;
  let put: NonNullable<UploadPlan['parts'][number]['put']>;
  let bytes: Buffer;

  beforeAll(async () => {
    prepared = await fresh();
    const { versionId } = await real.publisher.releases.publish(prepared.request);
    const [part] = (await real.publisher.releases.readUploadPlan(versionId)).parts;
    put = part!.put!;
    bytes = (await readFile(prepared.file)).subarray(0, part!.bytes);
  });

  const send = async (body: Uint8Array, url = put.url): Promise<[number, unknown]> => {
    const headers = put.headers;
    const answer = await ask(url, { method: 'PUT', raw: body, headers });
    return [answer.status, answer.body.code];
  };

  /** The same grant as the object store would have signed it for a minute ago. */
  const expired = (url: string): string => {
    const { origin, pathname, searchParams } = new URL(url);
    const key = decodeURIComponent(pathname.slice(OBJECTS_PATH.length + 1));
    const grant = {
      ...{ method: 'PUT' as const, key, sha256: searchParams.get('sha256')! },
      bytes: Number(searchParams.get('bytes')),
      expires: Math.floor(Date.now() / 1000) - 60,
    };
    return signedUrl(origin, real.stack.secrets.objectsSecret, grant);
  };

  test.each<[string, () => Promise<[number, unknown]>, [number, string]]>([
    ['that is too long', () => send(Buffer.concat([bytes, Buffer.from('x')])), [422, 'PART_LENGTH']],
    ['that is too short', () => send(bytes.subarray(1)), [422, 'PART_LENGTH']],
    ['with other bytes', () => send(Buffer.from(bytes).fill(7, 10, 20)), [422, 'PART_DIGEST']],
    [
      'to a changed address',
      () => send(bytes, put.url.replace('sha256=', 'sha256=0')),
      [403, 'OBJECTS_SIGNATURE'],
    ],
    ['to an address that has expired', () => send(bytes, expired(put.url)), [403, 'OBJECTS_URL_EXPIRED']],
  ])('%s', async (_, attempt, expected) => {
    await leavesNothing(async () => expect(await attempt()).toEqual(expected));
  });

  test('before all of them are there, the upload cannot be finalised', async () => {
    await leavesNothing(async () => {
      await expect(
        real.publisher.releases.finaliseUpload(`${prepared.request.pluginId}@1.0.0`),
      ).rejects.toMatchObject({
        code: 'UPLOAD_INCOMPLETE',
      });
    });
  });
});
