const QUERY = `# Set the token under "Headers" below. What was there on a day in the past is asked with "at".
query Library($at: PointInTime) {
  assets(first: 10, orderBy: { by: CHANGED, descending: true }, at: $at) {
    totalCount
    computedAt
    nodes {
      id
      title
      kind
      status
      currentVersion { number mediaType bytes author { id name } }
    }
    pageInfo { hasNextPage endCursor }
  }
}
`;

/** The page hands a socket no headers; its first message takes them from where the headers tab keeps them. */
const TOKEN_PLACE = 'from-headers-tab';
const TOKEN_SOURCE = "() => JSON.parse(localStorage.getItem('graphiql:headers') || '{}')";

let rendered: string | undefined;

/** The query page. Script and styles are in the page itself: it works without internet. */
export function queryPage(path: string): string {
  const options = {
    title: 'Palimpsest',
    endpoint: path,
    defaultQuery: QUERY,
    headers: JSON.stringify({ Authorization: 'Bearer <a token printed at start>' }, null, 2),
    subscriptionsProtocol: 'WS' as const,
    connectionParams: TOKEN_PLACE,
  };
  rendered ??= render(options).replace(`"${TOKEN_PLACE}"`, TOKEN_SOURCE);
  return rendered;
}

/** The page is nine megabytes of script: loaded when somebody looks at it, and not at every start. */
function render(options: object): string {
  const { renderGraphiQL } =
    require('@graphql-yoga/render-graphiql') as typeof import('@graphql-yoga/render-graphiql', { with: {
      'resolution-mode': 'require',
    }});
  return renderGraphiQL(options);
}

/** The page may load nothing and talk to nobody but this server. */
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
