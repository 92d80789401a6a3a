import { getErrorMessage } from '../../core/errors/thrown';
import { stopWarmServers } from './warm/find';
import { warmStateFile } from './warm/state';

/** `npm run test:stop`: ends the servers that `npm test -- <area>` left running for this clone. */
stopWarmServers(warmStateFile(process.env)).then(
  (wereRunning) =>
    process.stdout.write(
      wereRunning ? 'The test servers have stopped.\n' : 'No test servers were running.\n',
    ),
  (error: unknown) => {
    process.stderr.write(`${getErrorMessage(error)}\n`);
    process.exitCode = 1;
  },
);
