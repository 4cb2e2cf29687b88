import { type Browser, expect, type Page, test } from '@playwright/test';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cluster, tool } from '../support/cluster';
import { Console, freePort } from '../support/console';
import { activate, addMember, call, createNamespace, createUser, enter } from '../support/people';
import { Certificate } from '../support/tls';
import { alive, look, watch } from '../support/watch';

let cluster: Cluster;
let server: Console;
const folder = mkdtempSync(join(tmpdir(), 'pilothouse-e2e-kubectl-'));
const certificate = Certificate.make(folder);

test.use({ ignoreHTTPSErrors: true });

test.beforeAll(async () => {
  cluster = await Cluster.start();
  server = await Console.start(cluster.kubeconfig, ...certificate.flags);
});
test.afterAll(async () => {
  await server?.stop();
  await cluster?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const DEPLOYMENT = JSON.stringify({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop-web' },
  spec: {
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: {
        containers: [
          {
            name: 'web',
            image: 'testbed.local/base:1',
            imagePullPolicy: 'Never',
            command: ['sh', '-c', 'mkdir -p /tmp/www && echo ahoy > /tmp/www/index.html && exec httpd -f -p 8080 -h /tmp/www'],
          },
        ],
      },
    },
  },
});

/** Makes a token on the page of somebody's account and keeps the kubeconfig that is offered, with what signed the console's certificate. */
async function kubeconfig(browser: Browser, username: string, { seen = false } = {}): Promise<{ page: Page; file: string }> {
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'UTC', acceptDownloads: true, ignoreHTTPSErrors: true });
  const page = await context.newPage();
  const { complaints } = watch(page, { refusals: true });
  await enter(page, server, username);
  await page.goto(`${server.address}/account`);
  await alive(page);
  if (seen) {
    await page.getByLabel('Name', { exact: true }).fill('laptop');
    await page.getByLabel('Days until it ends').fill('400');
    await page.getByRole('button', { name: 'Make a token' }).click();
    await expect(page.getByText('Write a whole number from 1 to 90.')).toBeVisible();
    await page.getByLabel('Days until it ends').fill('7');
  }
  await page.getByLabel('Name', { exact: true }).fill('laptop');
  await page.getByRole('button', { name: 'Make a token' }).click();
  await expect(page.getByText('The token, shown this once.')).toBeVisible();
  await expect(page.getByText('kubectl sends tokens over https only.'), 'which this is').toHaveCount(0);
  if (seen) await look(page, 'account-token');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download the kubeconfig' }).click(),
  ]);
  const file = join(folder, username);
  await download.saveAs(file);
  const text = readFileSync(file, 'utf8');
  expect(text).toContain(`server: ${server.address}/k8s/clusters/local`);
  const trusting = `$&\n    certificate-authority-data: ${certificate.authority}`;
  writeFileSync(file, text.replace(/server: .*/, trusting), { mode: 0o600 });
  expect(complaints).toEqual([]);
  return { page, file };
}

function run(file: string, flags: string[]): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((done) => {
    const child = spawn(tool('kubectl'), ['--kubeconfig', file, ...flags]);
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk;
    });
    child.on('close', (code) => done({ code, out, err }));
    child.stdin.end(DEPLOYMENT);
  });
}

async function kubectl(file: string, ...flags: string[]): Promise<string> {
  const { code, out, err } = await run(file, flags);
  expect(code, `kubectl ${flags.join(' ')}: ${err}`).toBe(0);
  return out;
}

/** What kubectl says when it is refused. */
async function refused(file: string, ...flags: string[]): Promise<string> {
  const { code, err } = await run(file, flags);
  expect(code, `kubectl ${flags.join(' ')} was not refused`).not.toBe(0);
  return err;
}

test('three people use kubectl through the console, each as themselves', async ({ page, browser, request }) => {
  await activate(request, server, 'root');
  await enter(page, server, 'root');
  await createUser(page, 'dora');
  await createUser(page, 'vera');
  await createNamespace(page, server, 'shop', 'web');
  await addMember(page, server, 'shop', 'dora', 'developer');
  await addMember(page, server, 'shop', 'vera', 'viewer');
  const root = await kubeconfig(browser, 'root');
  const dora = await kubeconfig(browser, 'dora', { seen: true });
  const vera = await kubeconfig(browser, 'vera');
  const here = ['-n', 'shop-web'];

  // What each may.
  expect((await kubectl(root.file, 'auth', 'can-i', '*', '*')).trim()).toBe('yes');
  expect((await kubectl(dora.file, 'auth', 'can-i', 'create', 'deployments', ...here)).trim()).toBe('yes');
  expect(await refused(vera.file, 'auth', 'can-i', 'create', 'deployments', ...here)).toBe('');
  expect(await refused(dora.file, 'get', 'nodes')).toContain('forbidden');
  expect(await kubectl(root.file, 'get', 'nodes')).toContain('real');
  expect(await refused(vera.file, 'apply', '-f', '-')).toContain('forbidden');

  // Dora deploys while vera watches.
  const watching = spawn(tool('kubectl'), ['--kubeconfig', vera.file, 'get', 'pods', ...here, '--watch', '-o', 'name']);
  let watched = '';
  watching.stdout.on('data', (chunk: Buffer) => {
    watched += chunk;
  });
  expect(await kubectl(dora.file, 'apply', '-f', '-')).toContain('created');
  expect(await kubectl(dora.file, 'rollout', 'status', 'deployment/web', ...here, '--timeout=90s')).toContain('successfully rolled out');
  await expect.poll(() => watched).toContain('pod/web-');
  watching.kill();

  // Into the container, and out of it.
  expect(await kubectl(dora.file, 'exec', 'deployment/web', ...here, '--', 'cat', '/tmp/www/index.html')).toBe('ahoy\n');
  expect(await refused(vera.file, 'exec', 'deployment/web', ...here, '--', 'id')).toContain('forbidden');
  await kubectl(dora.file, 'logs', 'deployment/web', ...here);
  const port = await freePort();
  const forwarding = spawn(tool('kubectl'), ['--kubeconfig', dora.file, 'port-forward', 'deployment/web', ...here, `${port}:8080`]);
  await expect(async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/`);
    expect(await answer.text()).toBe('ahoy\n');
  }).toPass();
  forwarding.kill();

  // The trail has it, with the container that was entered.
  await page.goto(`${server.address}/audit`);
  await expect(page.getByRole('cell', { name: /pods\/web-.*\/exec in cluster local/ }).first()).toBeVisible();
  await look(page, 'audit-kubectl');

  await dora.page.reload();
  await alive(dora.page);
  await expect(dora.page.getByRole('row', { name: 'laptop' })).not.toContainText('never');
  await look(dora.page, 'account-tokens');
  await dora.page.getByRole('button', { name: 'Revoke laptop' }).click();
  await expect(dora.page.getByText('No token.')).toBeVisible();
  expect(await refused(dora.file, 'get', 'pods', ...here)).toMatch(/[Uu]nauthorized|logged in|token/);
});
