import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cluster } from './cluster';
import { freePort } from './console';

/** A real Prometheus that scrapes the kubelet of the real node every two seconds. */
export class Prometheus {
  private constructor(
    readonly address: string,
    private readonly child: ChildProcess,
    private readonly folder: string,
  ) {}

  static async start(cluster: Cluster): Promise<Prometheus> {
    const folder = mkdtempSync(join(tmpdir(), 'pilothouse-e2e-prometheus-'));
    const kubeconfig = readFileSync(cluster.kubeconfig, 'utf8');
    const keep = (name: string, file: string) => {
      const data = kubeconfig.match(new RegExp(`${name}"?: ?"?([A-Za-z0-9+/=]+)`))?.[1] ?? '';
      writeFileSync(join(folder, file), Buffer.from(data, 'base64'), { mode: 0o600 });
      return join(folder, file);
    };
    const node = cluster.kubectl('get', 'node', 'real', '-o', 'jsonpath={.status.addresses[?(@.type=="InternalIP")].address}');
    const config = {
      global: { scrape_interval: '2s' },
      scrape_configs: [
        {
          job_name: 'kubelet',
          scheme: 'https',
          metrics_path: '/metrics/cadvisor',
          tls_config: {
            insecure_skip_verify: true,
            cert_file: keep('client-certificate-data', 'client.crt'),
            key_file: keep('client-key-data', 'client.key'),
          },
          static_configs: [{ targets: [`${node}:10250`], labels: { node: 'real' } }],
        },
      ],
    };
    // JSON is YAML, too.
    writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify(config));
    const port = await freePort();
    const flags = [`--config.file=${join(folder, 'prometheus.yml')}`, `--storage.tsdb.path=${join(folder, 'data')}`];
    const child = spawn('prometheus', [...flags, `--web.listen-address=127.0.0.1:${port}`], { stdio: 'ignore' });
    return new Prometheus(`http://127.0.0.1:${port}`, child, folder);
  }

  async stop(): Promise<void> {
    const ended = new Promise((done) => this.child.once('exit', done));
    this.child.kill('SIGTERM');
    await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }
}
