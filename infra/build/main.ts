import { messageOf } from '../processes/failure';
import { progressFor } from '../processes/progress';
import { buildAll } from './build';

/** `npm run build`: everything below dist/ and web/dist/. */
buildAll(progressFor()).catch((error: unknown) => {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
});
