import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tool } from './cluster';

/** A Pilothouse process with an empty database, on a free port. */
export class Console {
  private constructor(
    readonly address: string,
    /** The address of the first visit, with the setup token. */
    readonly activation: string,
    private child: ChildProcess,
    private readonly flags: string[],
    private readonly folder: string,
  ) {}

  /** With a kubeconfig, that cluster is called `local` and its administrators are ours. */
  static async start(kubeconfig?: string, ...more: string[]): Promise<Console> {
    const port = await freePort();
    const folder = mkdtempSync(join(tmpdir(), 'pilothouse-e2e-'));
    const flags = ['--listen', `127.0.0.1:${port}`, '--data-dir', folder, '--helm', tool('helm'), ...more];
    if (kubeconfig) flags.push('--kubeconfig', kubeconfig, '--administrators-are-cluster-admins');
    const child = spawn('target/debug/pilothouse', flags, { stdio: ['ignore', 'pipe', 'pipe'] });
    const activation = await announced(child);
    return new Console(new URL(activation).origin, activation, child, flags, folder);
  }

  /** Ends it and starts it again with the same database, at the same address. Returns how long ending took, in ms. */
  async restart(pause = 0): Promise<number> {
    const begin = Date.now();
    await this.end();
    const took = Date.now() - begin;
    await new Promise((done) => setTimeout(done, pause));
    this.child = spawn('target/debug/pilothouse', this.flags, { stdio: 'ignore' });
    while (!(await fetch(`${this.address}/readyz`).then((answer) => answer.ok, () => false))) {
      await new Promise((done) => setTimeout(done, 50));
    }
    return took;
  }

  private async end(): Promise<void> {
    const ended = new Promise((done) => this.child.once('exit', done));
    this.child.kill('SIGTERM');
    await ended;
  }

  async stop(): Promise<void> {
    await this.end();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Waits for the printed address; what else is printed is kept for the error. */
function announced(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = '';
    const read = (chunk: Buffer) => {
      printed += chunk;
      const address = printed.match(/https?:\S+#token=\S+/)?.[0];
      if (address) resolve(address);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('exit', (code) => reject(new Error(`the console ended with ${code}: ${printed}`)));
  });
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
