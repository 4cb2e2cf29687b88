import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The path of a program that scripts/testbed.sh built. */
export function tool(name: string): string {
  return join(process.env.PILOTHOUSE_TOOLS ?? join(homedir(), '.cache/pilothouse/tools'), name);
}

/** A real control plane of our own on loopback, without what earlier tests left. */
export class Cluster {
  private constructor(
    readonly kubeconfig: string,
    private readonly child: ChildProcess,
  ) {}

  /** With an image in the real node, when its archive is given. */
  static async start(image?: string): Promise<Cluster> {
    const child = spawn('target/debug/testbed', image ? ['--image', image] : [], { stdio: ['ignore', 'pipe', 'inherit'] });
    const kubeconfig = await new Promise<string>((resolve, reject) => {
      let printed = '';
      child.stdout?.on('data', (chunk: Buffer) => {
        printed += chunk;
        const file = printed.match(/KUBECONFIG=(.+)\n/)?.[1];
        if (file) resolve(file);
      });
      child.once('exit', (code) => reject(new Error(`the testbed ended with ${code}`)));
    });
    return new Cluster(kubeconfig, child);
  }

  /** What kubectl prints, as the cluster's administrator. */
  kubectl(...flags: string[]): string {
    return execFileSync(tool('kubectl'), ['--kubeconfig', this.kubeconfig, ...flags]).toString();
  }

  async stop(): Promise<void> {
    const ended = new Promise((done) => this.child.once('exit', done));
    this.child.kill('SIGTERM');
    await ended;
  }
}
