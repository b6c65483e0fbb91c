import { existsSync } from 'node:fs';
import { source as axe } from 'axe-core';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

/** A real browser: the one that CHROMIUM names, or the one from npm, for Linux on x64. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM || (await fromNpm());
  if (!existsSync(executablePath)) {
    throw new Error(`there is no browser ${executablePath}; let CHROMIUM name a Chrome or Chromium of this machine`);
  }
  const args = ['--no-sandbox', '--headless=shell', '--no-zygote', '--disable-gpu'];
  return chromium.launch({ executablePath, args, headless: true });
}

async function fromNpm(): Promise<string> {
  const { default: packed } = await import('@sparticuz/chromium');
  return packed.executablePath();
}

export interface Look {
  readonly width: number;
  readonly height?: number;
  readonly scheme?: 'light' | 'dark';
}

/** A page that records everything the browser complains about, and every request to another server. */
export interface Watched {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly complaints: string[];
  close(): Promise<void>;
}

export async function openPage(browser: Browser, origin: string, look: Look): Promise<Watched> {
  const { width, height = 900, scheme = 'light' } = look;
  const viewport = { width, height };
  const context = await browser.newContext({ viewport, colorScheme: scheme, timezoneId: 'UTC', locale: 'en-GB' });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('dialog', (dialog) => {
    complaints.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(origin) && !url.startsWith('data:')) complaints.push(`a request to ${url}`);
  });
  return { page, context, complaints, close: () => context.close() };
}

/** Opens an address of the page and waits until it is rendered. */
export async function visit(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await shown(page);
}

/** Waits until the page shows what its address says. */
export async function shown(page: Page): Promise<void> {
  const { pathname, search } = new URL(page.url());
  await page.waitForSelector(`html[data-shown=${JSON.stringify(pathname + search)}]`, { state: 'attached' });
}

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly target: unknown; readonly failureSummary?: string }[];
}

/** The violations that axe-core finds, a line for each place. */
export async function faultsOf(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe);
  const { violations } = (await page.evaluate('axe.run()')) as { readonly violations: readonly Violation[] };
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target}: ${node.failureSummary}`));
}

/** Whether anything is wider than the window. */
export const overflows = (page: Page): Promise<boolean> =>
  page.evaluate('document.documentElement.scrollWidth > window.innerWidth');
