import type { Browser } from 'playwright-core';
import { directories, type Server, serve } from '../cli/palimpsest';
import { faultsOf, openBrowser, openPage, overflows, shown, visit, type Watched } from './browser';

/** Titles that are markup, scripts, endless or bidirectional: plain text for their readers. */
const HOSTILE = [
  '<img src=x onerror=alert(1)>',
  '"><script>alert(2)</script>',
  "';alert(3);//",
  '</script><svg onload=alert(4)>',
  '{{7*7}} &lt;b&gt; &amp; %3Cb%3E',
  'שלום 你好 مرحبا 🎨',
  'w'.repeat(400),
];

const DAY = 86_400_000;
const places = directories();
let server: Server;
let browser: Browser;
let origin: string;
let open: Watched;

const act = () => ({ idempotencyKey: `key-${Math.random()}` });

async function register(title: string): Promise<string> {
  const content = {
    digest: 'ab'.repeat(32),
    bytes: '2048',
    mediaType: 'image/png',
    note: title,
    madeWith: { tool: title.slice(0, 60) },
  };
  const { data, errors } = await server.ask<{
    assetRegister: { asset: { id: string }; userErrors: readonly unknown[]; position: string };
  }>(
    'author',
    `mutation ($input: AssetRegisterInput!) {
      assetRegister(input: $input) { position userErrors { code message } asset { id } } }`,
    { input: { act: act(), kind: 'IMAGE', title, tags: [title.slice(0, 40).trim()], content } },
  );
  if (errors !== undefined || data!.assetRegister.userErrors.length > 0)
    throw new Error(JSON.stringify([errors, data]));
  return data!.assetRegister.asset.id.slice('asset-'.length);
}

beforeAll(async () => {
  server = await serve(places.fresh(), {}, 'demo');
  const { data: now } = await server.ask<{ head: { position: string } }>('analyst', '{ head { position } }');
  await server.ask('analyst', `{ head(waitFor: "${now!.head.position}") { position } }`);
  origin = new URL(server.url).origin;
  browser = await openBrowser();
}, 90_000);

afterAll(async () => {
  await browser?.close();
  server?.child.kill('SIGTERM');
  await server?.ended;
  places.remove();
});

beforeEach(async () => {
  open = await openPage(browser, origin, { width: 1_280 });
});
afterEach(async () => {
  expect(open.complaints).toEqual([]);
  await open.close();
});

const counted = async (filter: string, at = ''): Promise<number> => {
  const query = `{ assets(first: 1, filter: { ${filter} } ${at}) { totalCount } }`;
  const { data } = await server.ask<{ assets: { totalCount: number } }>('analyst', query);
  return data!.assets.totalCount;
};
const told = () => open.page.locator('#told').textContent();
const titles = () => open.page.locator('.card .title').allTextContents();

describe('the page of the library', () => {
  test('is where a newcomer arrives', async () => {
    await visit(open.page, origin);
    expect(new URL(open.page.url()).pathname).toBe('/assets');
    expect(await open.page.locator('.card').count()).toBe(40);
    expect(await told()).toBe(`${await counted('')} assets`);
  });

  test('shows a picture of everything that can be drawn', async () => {
    const { page } = open;
    await visit(page, `${origin}/assets?kind=IMAGE`);
    const pictures = page.locator('.card img');
    expect(await pictures.count()).toBeGreaterThan(30);
    for (const picture of await pictures.all()) await picture.scrollIntoViewIfNeeded();
    await page.waitForLoadState('networkidle');
    const widths = await pictures.evaluateAll((all) =>
      all.map((each) => (each as { naturalWidth?: number }).naturalWidth),
    );
    expect(widths.filter((width) => !width)).toEqual([]);
    const kept = await page.evaluate('performance.getEntriesByType("resource").map(({ name }) => name)');
    const drawn = (kept as string[]).filter((name) => name.includes('/thumbnail?'));
    expect(new Set(drawn).size).toBe(await pictures.count());
  });

  test('searches by words, status and kind, and its address reproduces the result', async () => {
    const { page } = open;
    await visit(page, `${origin}/assets`);
    await page.fill('#words', 'bright');
    await page.selectOption('#status', 'APPROVED');
    await page.selectOption('#kind', 'IMAGE');
    await page.waitForURL(/q=bright&status=APPROVED&kind=IMAGE/);
    await shown(page);
    const found = await counted('titleMatches: "bright", statusIn: [APPROVED], kindIn: [IMAGE]');
    expect(found).toBeGreaterThan(0);
    expect(await told()).toBe(`${found} ${found === 1 ? 'asset' : 'assets'}`);
    const before = await titles();
    expect(before.every((title) => /bright/i.test(title))).toBe(true);
    await page.reload();
    await shown(page);
    expect([await titles(), await page.inputValue('#words')]).toEqual([before, 'bright']);
  });

  test('loads more on request, each asset once', async () => {
    const { page } = open;
    await visit(page, `${origin}/assets?order=TITLE`);
    await page.click('.more');
    await page.locator('.card').nth(40).waitFor();
    const links = await page.locator('.card').evaluateAll((all) => all.map((each) => each.getAttribute('href')));
    expect(new Set(links).size).toBe(links.length);
  });

  test('shows the library as of any moment on the slider', async () => {
    const { page } = open;
    await visit(page, `${origin}/assets`);
    const now = await told();
    await page.focus('#slider');
    for (let press = 0; press < 8; press += 1) await page.keyboard.press('PageDown');
    const moment = (await page.getAttribute('#slider', 'aria-valuetext'))!;
    await page.locator('#told', { hasText: moment }).waitFor();
    await shown(page);
    const at = new URL(page.url()).searchParams.get('at')!;
    const then = await counted('', `at: { occurredAt: "${at}" }`);
    expect(await told()).toMatch(new RegExp(`^${then} assets?, as of \\d`));
    expect(await told()).not.toBe(now);
    expect(await page.getAttribute('#slider', 'aria-valuetext')).toMatch(/^\d+ \w+ \d{4}/);
    await page.click('text=Back to now');
    await page.waitForURL(`${origin}/assets`);
    await shown(page);
    expect(await told()).toBe(now);
  });

  test('recovers by itself if the server did not answer', async () => {
    const { page } = open;
    await visit(page, `${origin}/assets`);
    await page.route('**/graphql', (route) => route.abort());
    await page.selectOption('#order', 'TITLE');
    await page.locator('#told .wrong').waitFor();
    expect(await told()).toBe('The server does not answer. Is it running?');
    await page.unroute('**/graphql');
    await page.selectOption('#order', 'REGISTERED');
    await page.locator('#told .wrong').waitFor({ state: 'detached' });
    expect(open.complaints.splice(0).every((complaint) => complaint.includes('ERR_FAILED'))).toBe(true);
  });
});

describe('the page of an asset', () => {
  const oneWithVersions = async (): Promise<{ id: string; versions: number; first: string }> => {
    const { data } = await server.ask<{
      assets: { nodes: { id: string; versionCount: number; history: { nodes: { occurredAt: string }[] } }[] };
    }>(
      'analyst',
      '{ assets(first: 100, filter: { statusIn: [APPROVED] }) { nodes { id versionCount history(first: 20) { nodes { occurredAt } } } } }',
    );
    const [asset] = data!.assets.nodes.filter(({ versionCount }) => versionCount > 2);
    return { id: asset!.id.slice(6), versions: asset!.versionCount, first: asset!.history.nodes.at(-1)!.occurredAt };
  };

  test('can be opened, read and left by keyboard alone', async () => {
    const { page } = open;
    await visit(page, `${origin}/assets`);
    const press = async (key: string): Promise<string> => {
      await page.keyboard.press(key);
      return (await page.evaluate('document.activeElement.textContent')) as string;
    };
    expect(await press('Tab')).toBe('Skip to the content');
    await press('Enter');
    let focused = '';
    for (let field = 0; field < 6 && !focused.includes((await titles())[0]!); field += 1) focused = await press('Tab');
    expect(focused).toContain((await titles())[0]);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/assets\/[0-9a-f-]{36}$/);
    await shown(page);
    expect(await page.evaluate('document.activeElement.tagName')).toBe('H1');
    await page.goBack();
    await shown(page);
    expect(await page.locator('.card').count()).toBe(40);
  });

  test('shows any two versions side by side', async () => {
    const { page } = open;
    const { id, versions } = await oneWithVersions();
    await visit(page, `${origin}/assets/${id}`);
    expect(await page.inputValue('#version-right')).toBe(`${versions}`);
    expect(await page.inputValue('#version-left')).toBe(`${versions - 1}`);
    await page.focus('#version-left');
    await page.selectOption('#version-left', '1');
    await page.waitForURL(/left=1/);
    await shown(page);
    expect(await page.inputValue('#version-left')).toBe('1');
    expect(await page.evaluate('document.activeElement.id')).toBe('version-left');
    const digests = await page
      .locator('.version code')
      .evaluateAll((all) => all.map((each) => each.getAttribute('title')));
    expect(new Set(digests).size).toBe(2);
  });

  test('shows who approved what, and the history, with links to those moments', async () => {
    const { page } = open;
    const { id, first } = await oneWithVersions();
    await visit(page, `${origin}/assets/${id}`);
    expect(await page.locator('section', { hasText: 'Approvals and decisions' }).textContent()).toMatch(
      /Approval, in forceVersion \d+, by \w+/,
    );
    const history = page.locator('section', { hasText: 'History' });
    const events = await history.locator('li').count();
    await history.locator('li a').last().click();
    await page.waitForURL(/at=/);
    await shown(page);
    expect(new URL(page.url()).searchParams.get('at')).toBe(first);
    expect(await history.locator('li').count()).toBeLessThan(events);
    expect(await page.locator('.under').textContent()).toContain('As of');
  });

  test('reports an asset that does not exist, or did not exist yet', async () => {
    const { page } = open;
    await visit(page, `${origin}/assets/00000000-0000-4000-8000-000000000000`);
    expect(await page.locator('h1').textContent()).toBe('There is no such asset');
    const { id } = await oneWithVersions();
    await visit(
      page,
      `${origin}/assets/${id}?${new URLSearchParams({ at: new Date(Date.now() - 364 * DAY).toISOString() })}`,
    );
    expect(await page.locator('h1').textContent()).toBe('It was not there yet');
  });
});

describe('text written by a stranger', () => {
  test.each(HOSTILE.map((title) => [title.slice(0, 40), title]))(
    'is text and nothing else: %s',
    async (_start, title) => {
      const { page } = open;
      const id = await register(title);
      await visit(page, `${origin}/assets/${id}`);
      expect(await page.locator('h1').textContent()).toBe(title);
      expect(
        await page.locator('main img:not(.frame > img), main script, main svg, main b:not(.standin b)').count(),
      ).toBe(0);
      expect(await overflows(page)).toBe(false);
      await visit(page, `${origin}/assets?order=REGISTERED`);
      expect((await titles())[0]).toBe(title);
      expect(await page.title()).toBe('Library – Palimpsest');
    },
  );

  test('is plain text in the address too', async () => {
    const { page } = open;
    const words = '"><img src=x onerror=alert(1)>';
    await visit(page, `${origin}/assets?${new URLSearchParams({ q: words })}`);
    expect(await page.inputValue('#words')).toBe(words);
    expect(await page.locator('main img[onerror]').count()).toBe(0);
  });
});

describe('the page is accessible', () => {
  const LOOKS = [320, 768, 1_600].flatMap((width) =>
    (['light', 'dark'] as const).map((scheme) => [width, scheme] as const),
  );

  test.each(LOOKS)('at %i pixels, %s', async (width, scheme) => {
    const own = await openPage(browser, origin, { width, scheme });
    const { id } = (await server
      .ask<{ assets: { nodes: { id: string }[] } }>(
        'analyst',
        '{ assets(first: 1, filter: { statusIn: [APPROVED] }, orderBy: { by: TITLE }) { nodes { id } } }',
      )
      .then(({ data }) => data!.assets.nodes[0]))!;
    for (const path of ['/assets', `/assets/${id.slice(6)}`, '/assets?q=nothinghasthisname']) {
      await visit(own.page, `${origin}${path}`);
      expect([path, await overflows(own.page)]).toEqual([path, false]);
      expect([path, await faultsOf(own.page)]).toEqual([path, []]);
    }
    expect(own.complaints).toEqual([]);
    await own.close();
  });
});
