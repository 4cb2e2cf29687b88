import { expect, type Page } from '@playwright/test';

/** Puts a text in place of what is in the editor, as somebody does who pastes it. */
export async function write(page: Page, text: string): Promise<void> {
  await expect(page.locator('.cm-editor'), 'the editor comes').toBeVisible();
  const field = page.getByRole('textbox', { name: 'Values' });
  await field.click();
  await page.keyboard.press('Control+A');
  await field.evaluate((element, pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', pasted);
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}
