import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { Cluster } from '../support/cluster';
import { Console } from '../support/console';
import { activate, enter } from '../support/people';
import { alive, look, watch } from '../support/watch';

let cluster: Cluster;
let server: Console;

test.beforeAll(async () => {
  cluster = await Cluster.start();
  server = await Console.start();
});
test.afterAll(async () => {
  await server?.stop();
  await cluster?.stop();
});


test('an administrator connects a cluster from a kubeconfig, sees what the console may do, and lets it go', async ({ page, request }) => {
  const { complaints } = watch(page, { refusals: true });
  await activate(request, server, 'root');
  await enter(page, server, 'root');
  await page.getByRole('navigation').getByRole('link', { name: 'Clusters' }).click();
  await expect(page.getByText('No cluster is connected yet.')).toBeVisible();
  await page.getByRole('link', { name: 'Connect a cluster' }).click();
  await alive(page);
  await look(page, 'cluster-connect');

  await page.getByLabel('Kubeconfig', { exact: true }).fill('not a file of clusters');
  await page.getByRole('button', { name: 'Read the file' }).click();
  await expect(page.getByText('This is not a kubeconfig with contexts.')).toBeVisible();

  // One context that can be connected, and one whose user runs a program.
  const known = JSON.parse(readFileSync(cluster.kubeconfig, 'utf8'));
  known.clusters.push({ name: 'cloud', cluster: { server: 'https://cloud.example' } });
  const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: '/opt/google/bin/gke-gcloud-auth-plugin', args: ['--verbose'] };
  known.users.push({ name: 'cloud', user: { exec } });
  known.contexts.push({ name: 'cloud', context: { cluster: 'cloud', user: 'cloud' } });
  await page.getByLabel('Kubeconfig', { exact: true }).fill(JSON.stringify(known));
  await page.getByRole('button', { name: 'Read the file' }).click();
  await expect(page.getByRole('heading', { name: 'Context cloud' })).toBeVisible();
  await expect(page.getByText('The console runs no program of an uploaded file.')).toBeVisible();
  await page.getByRole('button', { name: 'Test the connection' }).click();
  await expect(page.getByText('v1.35.4')).toBeVisible();
  await expect(page.getByText('not tried')).toHaveCount(0);
  await page.locator('summary', { hasText: 'Make an account for the console' }).click();
  await expect(page.getByText(`kubectl --context 'cloud'`)).toBeVisible();
  await look(page, 'cluster-contexts');

  await page.getByRole('button', { name: 'Connect the chosen clusters' }).click();
  await expect(page.getByText('Choose at least one context.')).toBeVisible();
  await page.getByLabel('Connect this one').check();
  await page.getByLabel('Name here').fill('Not a label');
  await page.getByRole('button', { name: 'Connect the chosen clusters' }).click();
  await expect(page.getByText('Use lower-case letters, digits and -')).toBeVisible();
  await expect(page.getByLabel('Name here'), 'what was typed stays').toHaveValue('Not a label');
  await page.getByLabel('Name here').fill('harbour');
  await page.getByLabel('I own this cluster').check();
  await page.getByRole('button', { name: 'Connect the chosen clusters' }).click();
  await page.getByRole('link', { name: 'harbour' }).click();

  await expect(page.getByRole('heading', { name: 'harbour' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'What this console may do here' })).toBeVisible();
  await expect(page.getByRole('row', { name: 'People act as themselves' })).toContainText('complete');
  await look(page, 'cluster-registered');
  await page.getByRole('navigation').getByRole('link', { name: 'Clusters' }).click();
  await expect(page.getByRole('row', { name: 'harbour' })).toContainText('in the console');
  await look(page, 'clusters-registered');

  await page.getByRole('link', { name: 'harbour' }).click();
  await page.locator('summary', { hasText: 'Disconnect the cluster' }).click();
  await page.getByLabel('Type harbour to confirm').fill('harbour');
  await page.getByRole('button', { name: 'Disconnect the cluster' }).click();
  await expect(page.getByText('No cluster is connected yet.')).toBeVisible();
  expect(complaints).toEqual([]);
});
