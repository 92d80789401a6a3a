import { DefaultLogger, type Logger as TemporalLogger } from '@temporalio/worker';
import pino, { type Logger } from 'pino';

/** JSON lines on standard output; what could hold a credential is never printed. */
export const createLogger = (level: string): Logger =>
  pino({
    name: 'worker',
    level,
    redact: {
      paths: ['*.authorization', '*.apiKey', '*.password', '*.secret', '*.token'],
      censor: '[hidden]',
    },
  });

const levels = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

/** The engine's own lines, in the same form as ours. */
export const temporalLogger = (logger: Logger): TemporalLogger =>
  new DefaultLogger('INFO', ({ level, message, meta }) => {
    logger[levels[level]]({ ...meta, sdk: true }, message);
  });
