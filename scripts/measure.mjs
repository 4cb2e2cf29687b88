// What the programs that measure share: results as a table, programs that are started, and a console somebody is signed in to.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request as plain } from 'node:http';
import { request as secure } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tools } from './cluster.mjs';

export const password = 'walnut-harbour-42';
export const folder = mkdtempSync(join(tmpdir(), 'pilothouse-bench-'));
const results = [];
const children = [];

/** `better` is `lower` or `higher`; without a goal a number is only told. */
export function result(id, what, value, unit, goal, better = 'lower') {
  const rounded = Math.round(value * 1000) / 1000;
  const ok = goal === undefined || (better === 'lower' ? rounded <= goal : rounded >= goal);
  results.push({ id, what, value: rounded, unit, goal: goal ?? null, better, ok });
  console.log(`${id}: ${rounded} ${unit}${goal === undefined ? '' : ` (goal ${goal})`}`);
}

export const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
export const p99 = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length * 0.99)];
export const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/** Starts a program and waits until it prints something that matches. */
export function start(program, flags, pattern) {
  const child = spawn(program, flags, { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  return new Promise((resolve, reject) => {
    let printed = '';
    const read = (chunk) => {
      printed += chunk;
      const found = printed.match(pattern);
      if (found) resolve({ child, found });
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', (code) => reject(new Error(`${program} ended with ${code}: ${printed.slice(-2000)}`)));
  });
}

/** Ends a program that was started, and waits for it. */
export function stop(child) {
  return new Promise((done) => {
    child.once('exit', done);
    if (child.exitCode !== null || child.signalCode !== null || !child.kill('SIGTERM')) done();
  });
}

export async function timed(work) {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

/** Seconds of processor time are too coarse here; the resident size is what the kernel says, in MiB. `peak`: the most it ever was. */
export function resident(pid, peak = false) {
  const size = peak ? /VmHWM:\s+(\d+) kB/ : /VmRSS:\s+(\d+) kB/;
  return Number(readFileSync(`/proc/${pid}/status`, 'utf8').match(size)[1]) / 1024;
}

/** Reads an answer whole, and tells how many bytes it had. */
export const ask = (url, options, body) => new Promise((resolve, reject) => {
  const request = (url.startsWith('https') ? secure : plain)(url, options, (answer) => {
    let bytes = 0;
    answer.on('data', (chunk) => { bytes += chunk.length; });
    answer.on('end', () => (answer.statusCode < 300 ? resolve(bytes) : reject(new Error(`${url}: ${answer.statusCode}`))));
  });
  request.on('error', reject);
  request.end(body);
});

/** The console, with an administrator who is signed in. `ready` is told when it first answers. */
export async function startConsole({ kubeconfig, site, ready = () => {}, more = [], licence = '' }) {
  const port = 20_000 + (process.pid % 20_000);
  const address = `http://127.0.0.1:${port}`;
  const flags = [
    '--listen', `127.0.0.1:${port}`, '--data-dir', join(folder, 'data'), '--site-dir', site, '--helm', join(tools, 'helm'),
    '--kubeconfig', kubeconfig, '--administrators-are-cluster-admins', ...more,
  ];
  const begin = performance.now();
  const started = start('target/release/pilothouse', flags, /#token=(\S+)/);
  for (;;) {
    if (await fetch(`${address}/readyz`).then((answer) => answer.ok, () => false)) break;
    await pause(2);
  }
  ready(performance.now() - begin);
  let { child, found } = await started;

  const session = (cookies = new Map()) => {
    const headers = () => ({ origin: address, cookie: [...cookies].map((pair) => pair.join('=')).join('; ') });
    const call = async (endpoint, data) => {
      const answer = await fetch(`${address}/api/${endpoint}`, {
        method: 'POST', body: JSON.stringify(data), headers: { ...headers(), 'content-type': 'application/json' },
      });
      if (!answer.ok) throw new Error(`${endpoint}: ${answer.status} ${await answer.text()}`);
      return answer.json();
    };
    const signIn = async (username, secret) => {
      const answer = await fetch(`${address}/auth/sign-in`, {
        method: 'POST', redirect: 'manual', headers: headers(), body: new URLSearchParams({ username, password: secret }),
      });
      for (const cookie of answer.headers.getSetCookie()) {
        const [key, value] = cookie.split(';')[0].split('=');
        cookies.set(key, value);
      }
    };
    return { headers, call, signIn };
  };
  const ada = session();
  const form = { token: found[1], username: 'ada', password, confirmation: password, licence };
  await ada.call('license/activate', { form });
  await ada.signIn('ada', password);
  return {
    address,
    session,
    call: ada.call,
    headers: ada.headers,
    pid: () => child.pid,
    /** Ends it and starts it again with the same data, perhaps with another way to the cluster. */
    again: async (way = kubeconfig) => {
      await stop(child);
      const others = flags.map((flag) => (flag === kubeconfig ? way : flag));
      child = spawn('target/release/pilothouse', others, { stdio: 'ignore' });
      children.push(child);
    },
    stop: () => stop(child),
  };
}

/** Runs it all, ends what was started, prints the table and keeps it in a file of this name. */
export async function measured(name, main) {
  try {
    await main();
  } finally {
    await Promise.all(children.reverse().map(stop));
    rmSync(folder, { recursive: true, force: true });
  }
  mkdirSync('target/bench', { recursive: true });
  writeFileSync(`target/bench/${name}.json`, `${JSON.stringify(results, null, 2)}\n`);
  console.table(Object.fromEntries(results.map(({ id, ...rest }) => [id, rest])));
  const failed = results.filter(({ ok }) => !ok).length;
  console.log(`${name}: ${results.length} measured, ${failed} over their goal`);
  process.exitCode = failed === 0 ? 0 : 1;
}
