import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import { directories, type Server, serve } from '../cli/palimpsest';
import { faultsOf, openBrowser, openPage, visit, type Watched } from './browser';

const places = directories();
let server: Server;
let browser: Browser;
let origin: string;
let open: Watched;

beforeAll(async () => {
  server = await serve(places.fresh());
  origin = new URL(server.url).origin;
  browser = await openBrowser();
  open = await openPage(browser, origin, { width: 1_280 });
}, 90_000);

afterAll(async () => {
  await browser?.close();
  server?.child.kill('SIGTERM');
  await server?.ended;
  places.remove();
});

describe('people who make and approve content', () => {
  const picture = (hue: number) =>
    sharp({ create: { width: 640, height: 480, channels: 3, background: `hsl(${hue}, 60%, 60%)` } })
      .png()
      .toBuffer();

  test('add files, ask for a review, approve as somebody else, and fetch the exact bytes', async () => {
    const { page } = open;
    await visit(page, `${origin}/assets?order=REGISTERED`);
    const files = await Promise.all(
      [10, 130].map(async (hue) => ({
        name: `spring_poster-${hue}.png`,
        mimeType: 'image/png',
        buffer: await picture(hue),
      })),
    );
    await page.setInputFiles('#files', [
      ...files,
      { name: 'fake.png', mimeType: 'image/png', buffer: Buffer.from('no') },
    ]);
    await page.locator('#adding', { hasText: 'fake.png: ' }).waitFor();
    expect(await page.textContent('#adding')).toMatch(/^2 of 3 files added\. fake\.png: \w+/);
    await page.locator('.card', { hasText: 'spring poster 10' }).click();
    await page.click('text=Request review of version 1');
    await page.locator('.under .badge', { hasText: 'In review' }).waitFor();
    expect(await page.locator('text=Approve version 1').count()).toBe(0);
    await page.selectOption('#persona', 'approver');
    await page.click('text=Approve version 1');
    await page.locator('.under .badge', { hasText: 'Approved' }).waitFor();
    expect(await faultsOf(page)).toEqual([]);
    const href = await page.locator('.version a', { hasText: 'Download' }).getAttribute('href');
    const bytes = await fetch(new URL(href!, origin)).then((answer) => answer.arrayBuffer());
    expect(Buffer.from(bytes).equals(files[0]!.buffer)).toBe(true);
    await page.selectOption('#persona', 'analyst');
    await page.locator('.acts').waitFor({ state: 'detached' });
    // The bytes that were not what their name says were refused, and the browser notes that.
    expect(open.complaints.splice(0)).toEqual([expect.stringContaining('422')]);
  }, 60_000);
});
