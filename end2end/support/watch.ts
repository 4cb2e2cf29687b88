import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { mkdirSync } from 'node:fs';

/**
 * Collects what must not happen on any page: console messages, failed requests, CSP reports, server errors.
 * A form that is refused on purpose makes the browser itself note the status, which `refusals` lets pass; `denials` does so
 * for what somebody may not do, `missing` for what has gone,
 * `away` for a console that is restarted. What pages at the address `others` say is not ours.
 */
export function watch(page: Page, { refusals = false, denials = false, missing = false, away = false, others = '' } = {}): { complaints: string[] } {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (refusals && message.text().includes('status of 422')) return;
    if (away && /WebSocket connection to|WebSocket is already|ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE/.test(message.text())) return;
    if (missing && message.text().includes('status of 404')) return;
    if (denials && message.text().includes('status of 403')) return;
    if (others && message.location().url.startsWith(others)) return;
    if (others && page.url().startsWith(others)) return;
    complaints.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`page error: ${error.message}`));
  page.on('requestfailed', (request) => {
    // Leaving a page cancels what it was still loading.
    const expected = away ? /ABORTED|REFUSED|EMPTY_RESPONSE/ : /ABORTED/;
    if (!expected.test(request.failure()?.errorText ?? '')) complaints.push(`failed: ${request.url()}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 500) complaints.push(`${response.status()}: ${response.url()}`);
  });
  return { complaints };
}

/** Waits until the page's scripts listen: buttons of scripted forms are disabled before. */
export async function alive(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle');
  const waiting = page.locator('button[type=submit]:disabled');
  await expect(waiting).toHaveCount(0);
}

const THEMES = ['light', 'dark'] as const;
const WIDTHS = [1280, 390];

/** Pictures of a page in both themes and widths, with axe finding nothing in each. */
export async function look(page: Page, name: string): Promise<void> {
  const folder = 'target/end2end/screens';
  mkdirSync(folder, { recursive: true });
  for (const colorScheme of THEMES) {
    await page.emulateMedia({ colorScheme });
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 800 });
      await page.screenshot({ path: `${folder}/${name}-${colorScheme}-${width}.png`, fullPage: true });
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(overflow, `${name} is wider than ${width} px`).toBeLessThanOrEqual(0);
    }
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1280, height: 800 });
}
