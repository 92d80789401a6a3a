import fs from 'node:fs';
import path from 'node:path';

/** Greets `name`, and counts the greeting in the plugin's data folder. */
export function greet(name, dataFolder) {
  const file = path.join(dataFolder, 'greetings.json');
  const count = readCount(file) + 1;
  // Written beside the file and renamed, so that a reader never sees half of it.
  fs.writeFileSync(`${file}.tmp`, `${JSON.stringify({ count })}\n`);
  fs.renameSync(`${file}.tmp`, file);
  return `Hello, ${name}. Greeting ${count}.`;
}

/** How many greetings there have been; 0 before the first. Throws when the file cannot be understood. */
function readCount(file) {
  if (!fs.existsSync(file)) return 0;
  const { count } = JSON.parse(fs.readFileSync(file, 'utf8'));
  if (!Number.isSafeInteger(count) || count < 0) throw new Error(`${path.basename(file)} holds no count`);
  return count;
}
