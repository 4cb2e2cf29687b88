import { expect, type Page, test } from '@playwright/test';
import { Cluster } from '../support/cluster';
import { Console } from '../support/console';
import { write } from '../support/editor';
import { createUser, PASSWORD, signIn } from '../support/people';
import { Repository } from '../support/repository';
import { alive, watch } from '../support/watch';

let cluster: Cluster;
let server: Console;
let repository: Repository;

test.beforeAll(async () => {
  cluster = await Cluster.start();
  repository = await Repository.serve();
  server = await Console.start(cluster.kubeconfig);
});
test.afterAll(async () => {
  await server.stop();
  repository.close();
  await cluster.stop();
});

const go = (page: Page, name: string) => page.getByRole('navigation').first().getByRole('link', { name, exact: true }).click();

async function ready(page: Page, figure: string): Promise<void> {
  await expect(page.locator('.figure', { hasText: 'Ready' }).locator('strong')).toHaveText(figure, { timeout: 120_000 });
}

async function reviewed(page: Page, button: string): Promise<void> {
  await alive(page);
  await page.getByRole('button', { name: 'Review' }).click();
  await page.getByRole('button', { name: button, exact: true }).click();
}

async function worked(page: Page): Promise<void> {
  await expect(page.getByRole('status').getByText('Done')).toBeVisible({ timeout: 120_000 });
  await page.getByRole('link', { name: 'To the release' }).click();
}

test('from the first visit to an application that runs, and back to the door', async ({ page, browser }) => {
  test.setTimeout(900_000);
  const { complaints } = watch(page);

  await page.goto(server.activation);
  await page.getByLabel('Username').fill('ada');
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByLabel('Password again').fill(PASSWORD);
  await alive(page);
  await page.getByRole('button', { name: 'Activate' }).click();
  await expect(page).toHaveURL(/sign-in/);
  await signIn(page, server, 'ada');

  // The first steps lead on.
  await page.getByRole('link', { name: 'Create a project' }).click();
  await page.getByRole('main').getByLabel('Name', { exact: true }).fill('shop');
  await alive(page);
  await page.getByRole('button', { name: 'Create project' }).click();
  await page.getByRole('link', { name: 'Create namespace' }).click();
  await page.getByLabel('Name', { exact: true }).fill('web');
  await alive(page);
  await page.getByRole('button', { name: 'Create namespace' }).click();

  await page.getByRole('link', { name: 'Deploy an image' }).click();
  await page.getByLabel('Name', { exact: true }).fill('checkout');
  await page.getByLabel('Image', { exact: true }).fill('testbed.local/base:1');
  await page.getByLabel('Ports', { exact: true }).fill('http:8080');
  await reviewed(page, 'Create');
  await ready(page, '1 / 1');
  await expect(page.getByRole('cell', { name: 'Running' })).toBeVisible();
  await expect(page.locator('.figure', { hasText: 'CPU used now' })).toBeVisible({ timeout: 120_000 });
  const tabs = page.getByRole('navigation', { name: 'Workloads' });
  await tabs.getByRole('link', { name: 'Log' }).click();
  await expect(page.getByRole('log')).toBeVisible();
  await tabs.getByRole('link', { name: 'Overview' }).click();

  await page.getByRole('button', { name: 'Scale' }).click();
  await page.getByLabel('Replicas').fill('3');
  await reviewed(page, 'Apply');
  await ready(page, '3 / 3');
  await page.getByRole('button', { name: 'Change image' }).click();
  await page.getByLabel('Image', { exact: true }).fill('testbed.local/missing:9');
  await reviewed(page, 'Apply');
  await expect(page.getByText('The image testbed.local/missing:9 cannot be pulled')).toBeVisible({ timeout: 120_000 });
  await page.getByRole('button', { name: 'Go back to revision 1' }).click();
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(page.getByText('Why is it not ready?')).toHaveCount(0, { timeout: 120_000 });
  await ready(page, '3 / 3');

  await go(page, 'Catalog');
  await page.getByRole('link', { name: 'Repositories' }).click();
  await page.getByLabel('Name', { exact: true }).fill('stable');
  await page.getByLabel('Address', { exact: true }).fill(repository.address);
  await page.getByLabel('May be at an address of a private network').check();
  await alive(page);
  await page.getByRole('button', { name: 'Add repository' }).click();
  await expect(page.getByText('up to date')).toBeVisible();
  await go(page, 'Catalog');
  await page.getByRole('link', { name: 'hello' }).click();
  await page.getByRole('link', { name: 'Install' }).click();
  await page.getByLabel('Release name').fill('greeter');
  await reviewed(page, 'Install');
  await worked(page);
  await page.getByRole('link', { name: 'Upgrade' }).click();
  await write(page, 'greeting: ahoy\n');
  await reviewed(page, 'Upgrade');
  await worked(page);
  await expect(page.getByText('greeter greets with "ahoy".')).toBeVisible();
  await alive(page);
  await page.getByRole('button', { name: 'Roll back' }).click();
  await page.getByRole('button', { name: 'Roll back to revision 1' }).click();
  await worked(page);
  await expect(page.getByText('greeter greets with "hello".')).toBeVisible();

  // Somebody without rights sees none of it.
  await createUser(page, 'grace');
  const other = await browser.newContext({ locale: 'en-GB', timezoneId: 'UTC' });
  const second = await other.newPage();
  await signIn(second, server, 'grace');
  await go(second, 'Workloads');
  await expect(second.getByText('Nothing runs here yet.')).toBeVisible();
  await go(second, 'Releases');
  await expect(second.getByText('No release yet.')).toBeVisible();
  for (const address of ['workloads/local/shop-web/deployments/checkout', 'releases/local/shop-web/greeter']) {
    await second.goto(`${server.address}/${address}`);
    await expect(second.getByText('You may not do this')).toBeVisible();
  }
  await other.close();

  await go(page, 'Releases');
  await page.getByRole('link', { name: 'greeter' }).click();
  await page.locator('summary', { hasText: 'Uninstall' }).click();
  await page.getByLabel('Type greeter to confirm').fill('greeter');
  await alive(page);
  await page.getByRole('button', { name: 'Uninstall' }).click();
  await worked(page);
  await expect(page.getByText('No release yet.')).toBeVisible();
  await page.locator('summary', { hasText: 'ada' }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/sign-in/);
  expect(complaints).toEqual([]);
});
