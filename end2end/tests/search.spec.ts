import { expect, test } from '@playwright/test';
import { Cluster } from '../support/cluster';
import { Console } from '../support/console';
import { activate, createNamespace, signIn } from '../support/people';
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

test('things are found from anywhere, columns are chosen, and several workloads are restarted and deleted at once', async ({ page }) => {
  test.setTimeout(300_000);
  const { complaints } = watch(page, { refusals: true, missing: true });
  await signIn(page, server, 'ada');
  await createNamespace(page, server, 'shop', 'web');
  for (const name of ['apple', 'pear', 'plum']) {
    cluster.kubectl('create', 'deployment', name, '--image=testbed.local/base:1', '--replicas=0', '-n', 'shop-web');
  }

  // By keys, from any page; what is found leads on.
  await page.goto(`${server.address}/projects`);
  await alive(page);
  await page.keyboard.press('/');
  await expect(page.getByRole('searchbox', { name: 'Search' })).toBeFocused();
  await page.keyboard.type('plu');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/search\?words=plu/);
  await expect(page.getByRole('rowheader', { name: 'plum' }).first()).toBeVisible({ timeout: 30_000 });
  await look(page, 'search');
  // Pages, too.
  await page.getByRole('searchbox', { name: 'Search' }).fill('node');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main').getByRole('link', { name: 'Nodes' })).toHaveAttribute('href', '/resources/nodes');
  await look(page, 'search-pages');
  await page.getByRole('searchbox', { name: 'Search' }).fill('base:1 pear');
  await page.keyboard.press('Enter');
  const hit = page.getByRole('row', { name: /pear Deployments shop-web local testbed.local\/base:1/ });
  await expect(hit).toBeVisible();
  await hit.getByRole('link').click();
  await expect(page.getByRole('heading', { name: 'pear', exact: true })).toBeVisible();

  // Columns.
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('searchbox', { name: 'Search' })).toBeFocused();
  await page.goto(`${server.address}/workloads?filter=namespace%3Ashop-web`);
  await alive(page);
  const grid = page.getByRole('grid', { name: 'Workloads' });
  await expect(grid.getByRole('row')).toHaveCount(4);
  await page.getByText('Columns', { exact: true }).click();
  await page.getByRole('checkbox', { name: 'Images' }).click();
  await expect(page).toHaveURL(/hide=images/);
  await expect(grid.getByRole('columnheader', { name: 'Images' })).toHaveCount(0);
  await expect(grid.getByText('testbed.local/base:1')).toHaveCount(0);

  // Several at once: by keys and by mouse. One has gone meanwhile.
  await grid.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press(' ');
  await expect(grid.getByRole('checkbox', { name: 'Choose apple' })).toBeChecked();
  await grid.getByRole('checkbox', { name: 'Choose plum' }).check();
  const bulk = page.getByRole('region', { name: 'Chosen workloads' });
  await expect(bulk.getByText('2 chosen')).toBeVisible();
  await bulk.getByRole('button', { name: 'Restart' }).click();
  await expect(bulk.getByText('accepted')).toHaveCount(2);
  await look(page, 'bulk-restart');
  cluster.kubectl('delete', 'deployment', 'plum', '-n', 'shop-web');
  // The list gets shorter, and what is below it comes up.
  await expect(grid.getByRole('link', { name: 'plum' })).toHaveCount(0);
  await bulk.getByRole('button', { name: 'Restart 2' }).click();
  const item = (name: string) => bulk.getByRole('listitem').filter({ hasText: `shop-web/${name}` });
  await expect(item('apple')).toContainText('Done.');
  await expect(item('plum')).not.toContainText('Done.');
  await expect(item('plum').locator('.failed')).toBeVisible();
  await look(page, 'bulk-results');
  const restarted = ['get', 'deployment', 'apple', '-n', 'shop-web', '-o', 'jsonpath={.spec.template.metadata.annotations}'];
  expect(cluster.kubectl(...restarted)).toContain('restartedAt');

  // Deleted only after the number was typed.
  await bulk.getByRole('button', { name: 'Choose none' }).click();
  await expect(bulk).toHaveCount(0);
  await grid.getByRole('checkbox', { name: 'Choose apple' }).check();
  await grid.getByRole('checkbox', { name: 'Choose pear' }).check();
  await bulk.getByRole('button', { name: 'Delete', exact: true }).click();
  await bulk.getByLabel('Type 2 to delete that many').fill('3');
  await bulk.getByRole('button', { name: 'Delete 2' }).click();
  await expect(bulk.getByText('This is not the number that is shown.')).toBeVisible();
  await bulk.getByLabel('Type 2 to delete that many').fill('2');
  await look(page, 'bulk-delete');
  await bulk.getByRole('button', { name: 'Delete 2' }).click();
  await expect(bulk.getByRole('listitem').filter({ hasText: 'Done.' })).toHaveCount(2);
  await expect(page.getByText('Nothing matches.')).toBeVisible();
  expect(cluster.kubectl('get', 'deployments', '-n', 'shop-web', '-o', 'name').trim()).toBe('');
  expect(complaints).toEqual([]);
});
