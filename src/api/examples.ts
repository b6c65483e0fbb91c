const HALF_A_YEAR = 182 * 86_400_000;

/** The initial operations of the query page, one per tab; a tab is named after its operation. */
export function examples(now: number): readonly string[] {
  const past = new Date(now - HALF_A_YEAR).toISOString().slice(0, 10);
  return [...EXAMPLES, pastOf(past)];
}

const EXAMPLES: readonly string[] = [
  `# Press the play button, or Ctrl-Enter. The choice at the top of the page decides who asks.
query Library {
  assets(first: 10, orderBy: { by: CHANGED, direction: DESC }) {
    totalCount
    nodes {
      id
      title
      kind
      status
      currentVersion { number mediaType author { name } }
    }
  }
}
`,
  `# What waits for a decision, the longest wait first.
query WaitingForReview {
  assets(first: 20, filter: { statusIn: [IN_REVIEW] }, orderBy: { by: CHANGED, direction: ASC }) {
    totalCount
    nodes { title changedAt registeredBy { name } currentVersion { number } }
  }
}
`,
  `# Assets by a field of their metadata, and the last of what happened to each: lists inside an object have pages too.
query ByMetadata {
  assets(first: 10, filter: { metadata: [{ name: "claim" }] }) {
    totalCount
    nodes {
      title
      metadata { nodes { name text } }
      versions(first: 1) { totalCount }
      history(first: 3) { nodes { occurredAt sentence } pageInfo { hasNextPage endCursor } }
    }
  }
}
`,
  `# What runs, where, and by whose approval; \`live\` is false where that approval has lapsed since.
query RunningNow {
  placements(first: 50, filter: { running: true }) {
    nodes {
      asset { title }
      version
      campaign { name }
      channel
      market
      approval { live decidedBy { name } lapse { reason } }
    }
  }
}
`,
  `# Who decided what lately, on which exact content.
query Decisions {
  approvals(first: 20) {
    nodes {
      occurredAt
      actor { name }
      version
      digest
      subject { ... on Asset { title } }
      ... on Decision { decision role }
      ... on Attestation { decision role evidence { url } }
      ... on Approval { decidedBy { name } live }
    }
  }
}
`,
  `# An act: an author registers an asset. The same idempotency key again changes nothing.
mutation Register {
  assetRegister(input: { act: { idempotencyKey: "my-first-asset" }, kind: COPY, title: "My first asset" }) {
    asset { id title status }
    position
    repeated
    userErrors { code message path }
  }
}
`,
  `# Campaigns that were launched or ended: first those of the past, then each as it happens.
subscription Campaigns {
  changes(typeIn: [CampaignLaunched, CampaignEnded]) {
    caughtUp
    entry { occurredAt sentence actor { name } }
  }
}
`,
];

const pastOf = (day: string): string => `# The library as it was on a day in the past: \`at\` works on every query.
query ThePast($at: PointInTime = { occurredAt: "${day}T00:00:00Z" }) {
  assets(first: 10, at: $at) {
    totalCount
    computedAt
    nodes { title status currentVersion { number } }
  }
}
`;
