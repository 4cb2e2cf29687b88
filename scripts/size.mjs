// Prints what a first visit transfers, in bytes of brotli, total first, and fails over the budget.
// The page itself is the activation page as a fresh server sends it.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { get } from 'node:http';

const BUDGET = 300_000;
const data = mkdtempSync(join(tmpdir(), 'pilothouse-size-'));
const port = 20000 + (process.pid % 20000);
const server = spawn('target/debug/pilothouse', ['--listen', `127.0.0.1:${port}`, '--data-dir', data], { stdio: 'ignore' });

function page() {
  return new Promise((resolve, reject) => {
    const request = get({ port, host: '127.0.0.1', path: '/activate', headers: { 'accept-encoding': 'br' } }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('end', () => resolve({ status: answer.statusCode, body: Buffer.concat(parts) }));
    });
    request.on('error', reject);
  });
}

async function started() {
  for (let tries = 0; tries < 100; tries++) {
    try { return await page(); } catch { await new Promise((done) => setTimeout(done, 100)); }
  }
  throw new Error('the server did not start');
}

try {
  const { status, body } = await started();
  if (status !== 200 || !brotliDecompressSync(body).includes('<html')) throw new Error(`page: status ${status}`);
  const folder = join('target/site/pkg', readFileSync('target/site/package', 'utf8').trim());
  const file = (name) => statSync(join(folder, `${name}.br`)).size;
  const parts = {
    page: body.length,
    styles: file('pilothouse.css'),
    script: file('pilothouse.js') + file('pilothouse_split.js'),
    wasm: file('pilothouse_bg.wasm'),
  };
  const total = Object.values(parts).reduce((sum, size) => sum + size, 0);
  console.log(`total ${total}`);
  for (const [name, size] of Object.entries(parts)) console.log(`${name} ${size}`);
  const later = readdirSync(folder).filter((name) => /^((split|chunk)_.*\.wasm|editor\.js)$/.test(name));
  for (const name of later) console.log(`later: ${name} ${file(name)}`);
  if (total > BUDGET) {
    console.error(`over the budget of ${BUDGET} bytes`);
    process.exitCode = 1;
  }
} finally {
  server.kill();
  await new Promise((done) => server.once('exit', done));
  rmSync(data, { recursive: true, force: true });
}
