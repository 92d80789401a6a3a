import { checkCommand, COMMAND_LIFETIME_MS } from '../../../core/rollouts/commands';

const now = new Date('2026-11-28T12:00:00Z');
const asked = { versionId: 'com.example.notes@1.0.0', commandId: 'c-1', action: 'resume' as const };
const expiresAt = new Date(now.getTime() + 1);

test('a command is taken as an operator recorded it, within an hour', () => {
  expect(COMMAND_LIFETIME_MS).toBe(3_600_000);
  expect(checkCommand(asked, { action: 'resume', expiresAt }, now)).toEqual([]);
  expect(checkCommand(asked, { action: 'resume', expiresAt: now }, now)).toEqual([
    expect.objectContaining({
      code: 'COMMAND_EXPIRED',
      detail: 'The command c-1 to resume com.example.notes@1.0.0 expired at 2026-11-28T12:00:00.000Z.',
    }),
  ]);
});

test('a command that nobody recorded, or recorded as another, is unknown', () => {
  for (const recorded of [undefined, { action: 'pause' as const, expiresAt }]) {
    expect(checkCommand(asked, recorded, now)).toEqual([
      expect.objectContaining({
        code: 'COMMAND_UNKNOWN',
        detail: 'Nobody has recorded a command c-1 to resume com.example.notes@1.0.0.',
      }),
    ]);
  }
});
