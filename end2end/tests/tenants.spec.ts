import { expect, test } from '@playwright/test';
import { Cluster } from '../support/cluster';
import { Console } from '../support/console';
import { activate, createUser, signIn } from '../support/people';
import { alive, look, watch } from '../support/watch';

let cluster: Cluster;
let server: Console;

test.beforeAll(async () => {
  cluster = await Cluster.start();
});
test.afterAll(async () => {
  await cluster.stop();
});
test.beforeEach(async ({ request }) => {
  server = await Console.start(cluster.kubeconfig);
  await activate(request, server, 'ada');
});
test.afterEach(async () => {
  await server.stop();
});

test('an administrator gives a team a project and a namespace, and its developer sees just that', async ({
  page,
  browser,
}) => {
  test.setTimeout(480_000);
  const { complaints } = watch(page, { refusals: true });
  await signIn(page, server, 'ada');
  const navigation = page.getByRole('navigation');

  await navigation.getByRole('link', { name: 'Clusters' }).click();
  await expect(page.getByText('Connected')).toBeVisible();
  await look(page, 'clusters');
  await page.getByRole('main').getByRole('link', { name: 'local' }).click();
  await expect(page.getByRole('rowheader', { name: 'fake-0' })).toBeVisible();
  await expect(page.getByRole('rowheader', { name: 'real', exact: true })).toBeVisible();
  // The metrics API has its first figures about twenty seconds after the node's start.
  await expect(async () => {
    await page.reload();
    await expect(page.getByText(/used, \d+ %/).first()).toBeVisible({ timeout: 3_000 });
  }).toPass({ timeout: 90_000 });
  await look(page, 'cluster');

  await createUser(page, 'grace');
  await createUser(page, 'linus');

  await navigation.getByRole('link', { name: 'Projects' }).click();
  await expect(page.getByText('No project yet.')).toBeVisible();
  await look(page, 'projects-empty');
  await page.getByRole('link', { name: 'Create project' }).click();
  await page.getByRole('main').getByLabel('Name', { exact: true }).fill('Shop');
  await page.getByLabel('Display name').fill('Web shop');
  await page.getByLabel('CPU').fill('lots');
  await page.getByLabel('Memory').fill('8Gi');
  await page.getByLabel('Pods').fill('20');
  await alive(page);
  await page.getByRole('button', { name: 'Create project' }).click();
  await expect(page.getByText('Use lower-case letters, digits and -, beginning')).toBeVisible();
  await expect(page.getByText('Write an amount as Kubernetes does')).toBeVisible();
  await expect(page.getByLabel('Memory'), 'what was typed stays').toHaveValue('8Gi');
  await look(page, 'project-refused');
  await page.getByRole('main').getByLabel('Name', { exact: true }).fill('shop');
  await page.getByLabel('CPU').fill('4');
  await page.getByRole('button', { name: 'Create project' }).click();
  await expect(page.getByRole('heading', { name: 'shop', exact: true })).toBeVisible();
  await expect(page.getByText('Web shop')).toBeVisible();
  await expect(page.getByText('0 of 4 given, 4 left')).toBeVisible();

  await page.getByRole('link', { name: 'Members' }).click();
  await page.getByLabel('Name', { exact: true }).fill('nobody');
  await alive(page);
  await page.getByRole('button', { name: 'Add or change a member' }).click();
  await expect(page.getByText('Nobody has this name.')).toBeVisible();
  await page.getByLabel('Name', { exact: true }).fill('grace');
  await page.getByLabel('Role').selectOption('Developer');
  await page.getByRole('button', { name: 'Add or change a member' }).click();
  await expect(page.getByRole('rowheader', { name: 'grace' })).toBeVisible();
  await look(page, 'members');
  await page.getByRole('main').getByRole('link', { name: 'shop' }).click();

  await page.getByRole('link', { name: 'Create namespace' }).click();
  await expect(page.getByText('local has left for this project: CPU 4, memory 8Gi, pods 20')).toBeVisible();
  await page.getByLabel('Name', { exact: true }).fill('web');
  await page.getByLabel('CPU limits').fill('5');
  await page.getByLabel('Pods').fill('10');
  await alive(page);
  await page.getByRole('button', { name: 'Create namespace' }).click();
  await expect(page.getByText('The project has 4 left on this cluster.')).toBeVisible();
  await expect(page.getByLabel('CPU limits')).toBeFocused();
  await look(page, 'namespace-refused');
  await page.getByLabel('CPU limits').fill('2');
  await page.getByRole('button', { name: 'Create namespace' }).click();
  await expect(page.getByRole('heading', { name: 'shop-web' })).toBeVisible();
  expect(JSON.parse(cluster.kubectl('get', 'quota', 'default', '-n', 'shop-web', '-o', 'json')).spec.hard).toEqual({
    'limits.cpu': '2',
    pods: '10',
  });
  await look(page, 'namespace');

  await page.getByText('Change quota, limits and Pod Security').click();
  await page.getByRole('textbox', { name: 'CPU limits' }).fill('3');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('cell', { name: '3', exact: true })).toBeVisible();

  const other = await browser.newContext({ locale: 'en-GB', timezoneId: 'UTC' });
  const second = await other.newPage();
  const watched = watch(second);
  await signIn(second, server, 'grace');
  await second.getByRole('navigation').getByRole('link', { name: 'Namespaces' }).click();
  await second.getByRole('link', { name: 'shop-web' }).click();
  await expect(second.getByText('Changing this takes the role: Project administrator')).toBeVisible();
  await expect(second.getByText('Delete namespace')).toHaveCount(0);
  await look(second, 'namespace-developer');
  expect(watched.complaints).toEqual([]);
  await other.close();

  const stranger = await browser.newContext({ locale: 'en-GB', timezoneId: 'UTC' });
  const third = await stranger.newPage();
  await signIn(third, server, 'linus');
  await third.getByRole('navigation').getByRole('link', { name: 'Projects' }).click();
  await expect(third.getByText('No project yet.')).toBeVisible();
  await third.goto(`${server.address}/namespaces/local/shop-web`);
  await expect(third.getByText('You may not do this (namespaces.view)')).toBeVisible();
  await look(third, 'namespace-stranger');
  await stranger.close();

  await navigation.getByRole('link', { name: 'Namespaces' }).click();
  await look(page, 'namespaces');
  await page.getByRole('link', { name: 'shop-web' }).click();
  await page.locator('summary', { hasText: 'Delete namespace' }).click();
  await page.getByLabel('Type shop-web to confirm').fill('shop');
  await alive(page);
  await page.getByRole('button', { name: 'Delete namespace' }).click();
  await expect(page.getByText('This is not the name.')).toBeVisible();
  await page.getByLabel('Type shop-web to confirm').fill('shop-web');
  await page.getByRole('button', { name: 'Delete namespace' }).click();
  await expect(page.getByText('Web shop')).toBeVisible();
  await expect(page.getByText('No namespace yet.')).toBeVisible();
  await look(page, 'project');
  cluster.kubectl('wait', '--for=delete', 'namespace/shop-web', '--timeout=60s');
  expect(complaints).toEqual([]);
});
