import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { OBJECTS_PATH, signedUrl } from '../../adapters/objects/filesystem/signedUrls';
import type { UploadPlan } from '../../contracts/releases/publish';
import { readStackRecord } from '../../infra/stack/state';
import { publishAndUpload, reach, type Prepared } from '../support/builders/author';
import { ask } from '../support/requests/ask';
import { until } from '../support/waiting';
import { writeInsider } from './support/insider';
import { refusals, SAMPLE_PLACE, tampered } from './support/tamper';
import { startTarget, type Target } from './support/target';

/** One attack of each kind; attacks.long.ts holds the others. */
jest.setTimeout(300_000);

let target: Target;
beforeAll(async () => {
  target = await startTarget();
});
afterAll(() => target?.stop());

describe('twenty parallel publishes of one version over two API processes', () => {
  test('with one key give one workflow and twenty equal receipts [API-32]', async () => {
    const { request } = await target.fresh();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => target.publish(request, index)),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(202));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    const { versionId, publishId } = answers[0]!.body as { versionId: string; publishId: string };
    expect(await target.real.db('releases').where({ version_id: versionId }).count()).toEqual([{ count: 1 }]);
    const started = await target.real.temporal.workflow.getHandle(publishId).fetchHistory();
    const starts = (started.events ?? []).filter((each) => each.workflowExecutionStartedEventAttributes);
    expect(starts).toHaveLength(1);
  });
});

describe('a package with one byte changed is rejected, leaves nothing, and is neither listed nor offered [SEC-16]', () => {
  test(SAMPLE_PLACE, async () => {
    const prepared = await tampered(await target.fresh(), SAMPLE_PLACE);
    await target.expectRejected(prepared, refusals[SAMPLE_PLACE]!);
  });
});

describe('a package that the publisher did not sign is refused [PKG-24] [SEC-05]', () => {
  test('where it names the key that signed it, at once', async () => {
    const { request } = await target.fresh(target.stranger);
    await target.leavesNothing(async () => {
      const answer = await target.publish(request);
      expect([answer.status, answer.body.code]).toEqual([422, 'SIGNATURE_UNKNOWN_KEY']);
    });
  });
});

describe('a publish is refused with its own code, and nothing changes', () => {
  const url = (): string => `${target.real.stack.addresses.api}/api/marketplace/plugins/publish`;

  test('without a token, with one that nobody was given, and with a tenant’s', async () => {
    const { request } = await target.fresh();
    await target.leavesNothing(async () => {
      const missing = await ask(url(), { method: 'POST', body: request });
      const unknown = await target.publish(request, 0, `${target.publisherToken().slice(0, -4)}AAAA`);
      const tenant = await target.publish(request, 0, target.real.stack.secrets.tenantTokens.acme);
      expect([missing, unknown, tenant].map(({ status, body }) => [status, body.code])).toEqual([
        [401, 'TOKEN_MISSING'],
        [401, 'TOKEN_INVALID'],
        [403, 'SCOPE_MISSING'],
      ]);
    });
  });

  test('from somebody who may publish but is no publisher', async () => {
    const { request } = await target.fresh();
    await target.leavesNothing(async () => {
      const answer = await target.publish(request, 0, target.real.stack.secrets.adminToken);
      expect([answer.status, answer.body.code]).toEqual([403, 'PUBLISHER_UNKNOWN']);
    });
  });

  test('with a body that is no JSON', async () => {
    await target.leavesNothing(async () => {
      const answer = await ask(url(), {
        method: 'POST',
        token: target.publisherToken(),
        raw: 'version: 1.0.0',
      });
      expect([answer.status, answer.body.code]).toEqual([400, 'BODY_NOT_JSON']);
    });
  });
});

describe('a part is refused with its own code, and nothing changes', () => {
  let prepared: Prepared;
  let put: NonNullable<UploadPlan['parts'][number]['put']>;
  let bytes: Buffer;

  beforeAll(async () => {
    prepared = await target.fresh();
    const { versionId } = await target.real.publisher.releases.publish(prepared.request);
    const [part] = (await target.real.publisher.releases.readUploadPlan(versionId)).parts;
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
    return signedUrl(origin, target.real.stack.secrets.objectsSecret, grant);
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
    await target.leavesNothing(async () => expect(await attempt()).toEqual(expected));
  });

  test('before all of them are there, the upload cannot be finalised', async () => {
    await target.leavesNothing(async () => {
      await expect(
        target.real.publisher.releases.finaliseUpload(`${prepared.request.pluginId}@1.0.0`),
      ).rejects.toMatchObject({
        code: 'UPLOAD_INCOMPLETE',
      });
    });
  });
});

describe('a plugin whose health check attacks the platform that tries it', () => {
  const INSPECTOR = 9229;
  const readWorkerLog = (): Promise<string> =>
    readFile(path.join(target.real.stateDir, 'logs/worker.log'), 'utf8');
  const inspector = /Debugger listening|Starting inspector/;

  test('reaches no port, file or process of it, opens no inspector, and is rejected with what it tried [SEC-14]', async () => {
    const { stateDir, author, publisher, db, stack } = target.real;
    const { ports, components } = readStackRecord(stateDir)!;
    const worker = components.find(({ name }) => name === 'worker')?.process?.pid ?? 0;
    const around = {
      worker,
      secrets: path.join(stateDir, 'secrets.json'),
      ports: { ...ports, inspector: INSPECTOR },
    };
    expect(Object.keys(ports)).toEqual(expect.arrayContaining(['api', 'postgres', 'temporal', 'worker']));
    const insider = await author.prepare(
      'com.example.hostile.insider',
      '1.0.0',
      undefined,
      writeInsider(around),
    );
    const { versionId } = await publishAndUpload(publisher, insider);
    expect(await reach(publisher, versionId, ['rejected', 'in_review'])).toBe('rejected');

    const { problems } = await publisher.releases.read(versionId);
    const tried = /status 1\. (.*)$/
      .exec(problems[0]?.detail ?? '')?.[1]
      ?.split('; ')
      .toSorted();
    const names = [...Object.keys(ports), 'inspector'];
    expect(tried).toEqual([
      `ECONNREFUSED: ${names.join(' ')}`,
      'ERR_ACCESS_DENIED: secrets',
      'ESRCH: worker',
      'asked: parent',
    ]);
    // What it tried is on record for whoever looks into it.
    const [scan] = await db('scans').where({ scanner: 'compatibility', verdict: 'fail' }).select('findings');
    expect(JSON.stringify(scan?.findings)).toContain('ESRCH: worker');
    expect(await readWorkerLog()).not.toMatch(inspector);
    // The log would say so: it does where somebody outside of the sandbox asks.
    stack.kill('worker', 'SIGUSR1');
    await until('the inspector that was asked from outside', async () =>
      inspector.test(await readWorkerLog()),
    );
  });
});
