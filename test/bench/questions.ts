/** A typical frontend page: twenty assets with everything that a card shows. */
export const LIST = `query ($tag: [String!]) { assets(first: 20, filter: { statusIn: [APPROVED], tagsAll: $tag }) {
  nodes { id kind title tags status revision position versionCount registeredAt changedAt }
  pageInfo { hasNextPage endCursor } computedAt } }`;

export const ONE = `query ($id: ID!) { asset(id: $id) {
  id kind title tags status revision registeredAt changedAt computedAt
  currentVersion { number digest bytes mediaType author { id name } } } }`;

/** What a frontend shows of the asset that a mutation changed. */
export const CHANGED =
  'asset { id kind title tags status revision changedAt versionCount currentVersion { number digest author { id name } } }';

export const HISTORY = `query ($id: ID!) { assetHistory(assetId: $id, first: 100) {
  nodes { position revision type sentence occurredAt actor { id name } } pageInfo { hasNextPage } } }`;

export const SEARCH = `query ($text: String) { assets(first: 20, filter: { titleMatches: $text }) {
  nodes { id title status kind } pageInfo { hasNextPage endCursor } } }`;

/** Who approved this, and what exactly. */
export const APPROVAL = `query ($id: ID!) { asset(id: $id) {
  title approval { digest version actor { id name } decidedBy { id name } occurredAt recordedAt } } }`;

export const STATE_AT = `query ($id: ID!, $at: PointInTime) { asset(id: $id, at: $at) {
  title status tags revision computedAt currentVersion { number digest } } }`;

export const PERSON_DAY = `query ($actor: ID!, $occurred: TimeWindow) {
  approvals(filter: { actorId: $actor, occurred: $occurred }, first: 100) {
    nodes { __typename digest version occurredAt ... on Decision { decision role } ... on Attestation { decision role } } pageInfo { hasNextPage } } }`;

/** A bare HTTP server: parses a query, serialises a fixed answer, and does nothing else. */
export const PROBE = `
const http = require('node:http');
let given = '';
process.stdin.on('data', (part) => { given += part; });
process.stdin.on('end', () => {
  const answer = { data: JSON.parse(given) };
  const server = http.createServer((request, response) => {
    let body = '';
    request.on('data', (part) => { body += part; });
    request.on('end', () => {
      JSON.parse(body);
      const text = JSON.stringify(answer);
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
      response.end(text);
    });
  });
  server.listen(0, '127.0.0.1', () => console.log(server.address().port));
});`;
