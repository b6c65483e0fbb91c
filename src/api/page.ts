import type { Config } from '../config/config';
import { examples } from './examples';
import { personasOf } from './personas';

/** Placeholder for the personas in the text that is rendered once. */
const PERSONAS_PLACE = '["personas"]';
const SOCKET_PLACE = 'socket-token';

/**
 * The query page for this configuration, with the personas who may ask on it. Script and styles are inline: it works
 * without internet access.
 */
export async function queryPage(path: string, config: Pick<Config, 'auth' | 'dataDir'>): Promise<string> {
  const personas = await personasOf(config);
  return pageFor(path).replace(PERSONAS_PLACE, () => JSON.stringify(personas).replaceAll('<', '\\u003c'));
}

let rendered: { readonly path: string; readonly day: number; readonly page: string } | undefined;

function pageFor(path: string): string {
  const now = Date.now();
  const day = Math.floor(now / 86_400_000);
  if (rendered?.path !== path || rendered.day !== day) rendered = { path, day, page: render(path, now) };
  return rendered.page;
}

/** The page contains nine megabytes of script: loaded on its first request, not at every start. */
function render(path: string, now: number): string {
  const { renderGraphiQL } =
    require('@graphql-yoga/render-graphiql') as typeof import('@graphql-yoga/render-graphiql', { with: {
      'resolution-mode': 'require',
    }});
  // The page supports more than its types declare: its socket takes a token from `connectionParams`.
  const options = {
    title: 'Palimpsest',
    endpoint: path,
    defaultTabs: examples(now).map((query) => ({ query })),
    subscriptionsProtocol: 'WS' as const,
    connectionParams: SOCKET_PLACE,
  };
  return renderGraphiQL(options)
    .replace(`"${SOCKET_PLACE}"`, () => 'socketHeaders')
    .replace('<div id="root"></div>', () => `${BAR}<div id="root"></div>`);
}

const BAR = `
<style>
  body { display: flex; flex-direction: column; height: 100vh; margin: 0; }
  #root { flex: 1; min-height: 0; }
  #root > .graphiql-container { height: 100%; }
  /* The tabs slide into place at the start, and a pressed tab jumps back, which loses the click: no animation. */
  .graphiql-tab { transform: none !important; }
  #personas { font: 15px/1.4 system-ui, sans-serif; padding: 8px 16px; background: #1f2a44; color: #fff; }
  #personas select { font: inherit; margin: 0 8px; }
</style>
<div id="personas">
  <label>You ask as <select id="persona"></select></label>
  <span id="meaning">with the token that stands under Headers: {"Authorization": "Bearer …"}</span>
</div>
<script>
  const personas = ${PERSONAS_PLACE};
  const choice = document.getElementById('persona');
  const KEY = 'palimpsest:persona';
  const chosen = () => personas.find(({ role }) => role === choice.value);
  const authorization = () => (chosen() ? { Authorization: 'Bearer ' + chosen().token } : {});
  const tabHeaders = () => JSON.parse(localStorage.getItem('graphiql:headers') || '{}');
  const socketHeaders = () => ({ ...authorization(), ...tabHeaders() });
  // Without the open tab's operation in the address, reloading the page adds an empty tab.
  const place = new URL(location.href);
  const { tabs = [], activeTabIndex = 0 } = JSON.parse(localStorage.getItem('graphiql:tabState') || '{}');
  if (tabs[activeTabIndex]?.query && !place.searchParams.has('query')) {
    place.searchParams.set('query', tabs[activeTabIndex].query);
    history.replaceState({}, '', place);
  }
  const show = () => { document.getElementById('meaning').textContent = chosen().meaning; };
  for (const { role } of personas) choice.append(new Option(role, role));
  if (personas.length === 0) choice.parentElement.firstChild.textContent = 'You ask', choice.remove();
  else {
    choice.value = localStorage.getItem(KEY) || personas[0].role;
    if (!chosen()) choice.value = personas[0].role;
    choice.addEventListener('change', () => { localStorage.setItem(KEY, choice.value); show(); });
    show();
    // A token under Headers takes precedence over the persona's.
    const plain = window.fetch;
    window.fetch = (input, init = {}) => {
      const headers = new Headers(init.headers);
      if (!headers.has('authorization')) headers.set('authorization', authorization().Authorization);
      return plain(input, { ...init, headers });
    };
  }
</script>`;

/** The page may load from, and connect to, this server only. */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'unsafe-inline' 'unsafe-eval' blob:",
  'worker-src blob:',
  "style-src 'unsafe-inline'",
  'img-src data:',
  'font-src data:',
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
