import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { ActivityOptions } from '@temporalio/workflow';
import { taskQueues } from '../../core/ids';
import { retry } from '../../workflows/retry';

const mockGiven: ActivityOptions[] = [];
jest.mock('@temporalio/workflow', () => ({
  proxyActivities: (options: ActivityOptions) => mockGiven.push(options),
  proxyLocalActivities: (options: ActivityOptions) => mockGiven.push(options),
}));

const folder = path.resolve(__dirname, '../../workflows');
const effects = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('effects.ts'),
);

beforeAll(async () => {
  for (const file of effects) await import(path.join(folder, file));
});

const scans = () => mockGiven.filter(({ taskQueue }) => taskQueue === taskQueues.scans);
const toMinutes = (time: unknown): number =>
  Number.parseInt(String(time), 10) * ({ s: 1 / 60, m: 1, h: 60 }[String(time).slice(-1)] ?? Number.NaN);

test('every attempt of every activity ends, and pauses between attempts grow to fifteen seconds', () => {
  expect(mockGiven.length).toBeGreaterThanOrEqual(9);
  for (const { startToCloseTimeout, retry: policy } of mockGiven) {
    expect(toMinutes(startToCloseTimeout)).toBeLessThanOrEqual(60);
    expect(policy).toMatchObject(retry);
  }
});

test('an activity that may last longer than a minute says that it is alive', () => {
  for (const { startToCloseTimeout, heartbeatTimeout } of mockGiven) {
    if (toMinutes(startToCloseTimeout) > 1) expect(toMinutes(heartbeatTimeout)).toBeLessThanOrEqual(0.5);
  }
});

test('a scanner is tried three times, so that no package keeps one busy for ever', () => {
  const [uploads, scanners] = [
    scans().filter(({ retry: policy }) => policy?.maximumAttempts === undefined),
    scans().filter(({ retry: policy }) => policy?.maximumAttempts !== undefined),
  ];
  // What verifies an upload counts by itself how often its package ended it.
  expect(uploads).toHaveLength(1);
  expect(scanners.map(({ retry: policy }) => policy?.maximumAttempts)).toEqual([3]);
});
