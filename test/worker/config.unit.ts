import { workerConfig } from '../../worker/config';

const needed = {
  PORT: '0',
  DATABASE_URL: 'postgres://user@database/spillway',
  TEMPORAL_ADDRESS: '127.0.0.1:7233',
  SPILLWAY_SCRATCH_DIR: '/scratch',
  SPILLWAY_OBJECTS_DIR: '/objects',
  SPILLWAY_OBJECTS_URL: 'https://store.example.com',
  SPILLWAY_OBJECTS_SECRET: 'secret-'.repeat(8),
};

test('what is not set has the documented defaults', () => {
  expect(workerConfig(needed)).toMatchObject({
    host: '127.0.0.1',
    temporal: { address: '127.0.0.1:7233', namespace: 'default', tls: false },
    timings: { slaMs: 4 * 3_600_000, uploadTimeoutMs: 24 * 3_600_000, scanRetryMs: 30_000 },
    gate: { minReports: 20, maxFailureRate: 0.02, rollbackDeadlineMs: 300_000 },
    exitWithParent: false,
    queues: ['release', 'quick', 'scans', 'fanOut'],
    becomesCurrent: true,
  });
});

test('a worker serves the queues that are named, and no other name is taken', () => {
  const read = (queues: string) => workerConfig({ ...needed, SPILLWAY_WORKER_QUEUES: queues }).queues;
  expect(read('scans, fanOut')).toEqual(['scans', 'fanOut']);
  expect(() => read('scans,slow')).toThrow('SPILLWAY_WORKER_QUEUES');
});

test('operators reserve words of their own in ids of plugins', () => {
  const read = (words: string) => workerConfig({ ...needed, SPILLWAY_RESERVED_NAMES: words }).reservedNames;
  expect(workerConfig(needed).reservedNames).toEqual([]);
  expect(read('acme, Initech,')).toEqual(['acme', 'initech']);
  expect(() => read('no words at all')).toThrow('SPILLWAY_RESERVED_NAMES');
});

test('durations and gate numbers are settings', () => {
  const config = workerConfig({
    ...needed,
    SPILLWAY_REVIEW_SLA: '90s',
    SPILLWAY_GATE_MIN_REPORTS: '1',
    SPILLWAY_GATE_MAX_FAILURE_RATE: '0.5',
    SPILLWAY_ROLLBACK_DEADLINE: '20s',
  });
  expect(config.timings.slaMs).toBe(90_000);
  expect(config.gate).toMatchObject({ minReports: 1, maxFailureRate: 0.5, rollbackDeadlineMs: 20_000 });
});

test('every bad setting is named at once, and no value is told', () => {
  const read = () =>
    workerConfig({ ...needed, PORT: 'nowhere', DATABASE_URL: 'hunter2', SPILLWAY_REVIEW_SLA: 'soon' });
  expect(read).toThrow(/PORT/);
  expect(read).toThrow(/DATABASE_URL/);
  expect(read).toThrow(/SPILLWAY_REVIEW_SLA/);
  expect(read).not.toThrow(/hunter2/);
});

test('a store driver names the setting that it lacks', () => {
  const { SPILLWAY_OBJECTS_SECRET: secret, ...rest } = needed;
  expect(secret).toBeDefined();
  expect(() => workerConfig(rest)).toThrow('SPILLWAY_OBJECTS_SECRET is missing');
  expect(() => workerConfig({ ...needed, SPILLWAY_OBJECTS_DRIVER: 'gcs' })).toThrow(
    'SPILLWAY_OBJECTS_BUCKET',
  );
});

test('an API key never travels without TLS', () => {
  expect(workerConfig({ ...needed, TEMPORAL_API_KEY: 'key' }).temporal).toMatchObject({
    apiKey: 'key',
    tls: {},
  });
  expect(workerConfig({ ...needed, TEMPORAL_TLS: '1' }).temporal.tls).toEqual({});
});
