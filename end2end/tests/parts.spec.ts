import { expect, test } from '@playwright/test';
import { Console } from '../support/console';
import { activate, signIn } from '../support/people';
import { alive, watch } from '../support/watch';

let server: Console;

test.beforeEach(async ({ request }) => {
  server = await Console.start();
  await activate(request, server, 'ada');
});
test.afterEach(async () => {
  await server.stop();
});

test('a page that is overtaken while its part loads does not come later', async ({ page }) => {
  const { complaints } = watch(page);
  await signIn(page, server, 'ada');
  await alive(page);
  const navigation = page.getByRole('navigation');
  let arrived = false;
  await page.route('**/split_tenancy*.wasm', async (route) => {
    await new Promise((done) => setTimeout(done, 1_500));
    arrived = true;
    await route.continue();
  });

  await navigation.getByRole('link', { name: 'Projects' }).click();
  await navigation.getByRole('link', { name: 'Users' }).click();

  await expect(page.getByRole('heading', { name: 'Users', exact: true })).toBeVisible();
  await expect.poll(() => arrived).toBe(true);
  await page.waitForLoadState('networkidle');
  await expect(page).toHaveURL(`${server.address}/users`);
  await expect(page.getByRole('heading', { name: 'Users', exact: true })).toBeVisible();
  await navigation.getByRole('link', { name: 'Projects' }).click();
  await expect(page.getByRole('heading', { name: 'Projects' })).toBeVisible();
  expect(complaints).toEqual([]);
});

test('a part that cannot be loaded is said, and comes with the next try', async ({ page }) => {
  await signIn(page, server, 'ada');
  await alive(page);
  const navigation = page.getByRole('navigation');
  await page.route('**/split_tenancy*.wasm', (route) => route.abort());

  await navigation.getByRole('link', { name: 'Projects' }).click();
  await expect(page.getByText('The server could not be reached.')).toBeVisible();
  await page.unroute('**/split_tenancy*.wasm');
  await navigation.getByRole('link', { name: 'Users' }).click();
  await navigation.getByRole('link', { name: 'Projects' }).click();

  await expect(page.getByRole('heading', { name: 'Projects' })).toBeVisible();
});
