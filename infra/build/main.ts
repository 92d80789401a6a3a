import { getErrorMessage } from '../../core/errors/thrown';
import { progressFor } from '../terminal/progress';
import { buildAll } from './build';

/** `npm run build`: everything below dist/ and web/dist/. */
buildAll(progressFor()).catch((error: unknown) => {
  process.stderr.write(`${getErrorMessage(error)}\n`);
  process.exitCode = 1;
});
