// Writes a brotli copy beside each file of a folder, where the file is newer than its copy.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const [folder] = process.argv.slice(2);
for (const name of readdirSync(folder).filter((name) => !name.endsWith('.br'))) {
  const file = join(folder, name);
  const copy = `${file}.br`;
  const copied = statSync(copy, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (copied > statSync(file).mtimeMs) continue;
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22 };
  writeFileSync(copy, brotliCompressSync(readFileSync(file), { params }));
}
