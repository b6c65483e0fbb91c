import type { At, ProjectionReader } from '../../src/tables/reader';
import { conditionsOf } from '../filters';
import { type FactFilter, factFilters } from './filters';
import { approval, campaignUse, creation, VERSION_TO_APPROVAL } from './tables';

export interface ApprovalTimes {
  readonly count: number;
  readonly meanSeconds: number;
  readonly shortestSeconds: number;
  readonly longestSeconds: number;
}

/** How long approvals took from the version to the approval; undefined where there is none in the filter. */
export async function approvalTimes(
  reader: ProjectionReader,
  filter: FactFilter,
  at?: At,
): Promise<ApprovalTimes | undefined> {
  const { where } = conditionsOf<string>(factFilters, filter);
  const lasting = { ...VERSION_TO_APPROVAL, percents: [0, 100] };
  const [total] = await reader.group(approval, { where, by: [], lasting, limit: 1, at });
  if (total === undefined || total.count === 0) return undefined;
  return {
    count: total.count,
    meanSeconds: (total.sum_lasting ?? 0) / total.count / 1000,
    shortestSeconds: (total.p0 ?? 0) / 1000,
    longestSeconds: (total.p100 ?? 0) / 1000,
  };
}

/** Times a version of each asset was placed or seen in a campaign, in the order of the ids. */
export async function usesOf(reader: ProjectionReader, assets: readonly string[], at?: At): Promise<readonly Uses[]> {
  const found = await reader.getMany(
    creation,
    assets.map((asset) => ({ asset })),
    at,
  );
  const registrations = found.flatMap((row) => row?.position ?? []);
  const groups = await reader.group(campaignUse, {
    where: { registration: { in: registrations } },
    by: ['registration'],
    distinct: ['campaign'],
    limit: assets.length,
    at,
  });
  const byRegistration = new Map(groups.map((group) => [group.registration, group]));
  return found.map((row) => usesIn(byRegistration.get(row?.position)));
}

export interface Uses {
  readonly uses: number;
  /** Different campaigns among them. */
  readonly campaigns: number;
}

/** Uses of everything made from a template, and in how many different assets and campaigns. */
export async function usesOfTemplate(
  reader: ProjectionReader,
  template: string,
  at?: At,
): Promise<Uses & { readonly assets: number }> {
  const [group] = await reader.group(campaignUse, {
    where: { template: { eq: template } },
    by: [],
    distinct: ['registration', 'campaign'],
    limit: 1,
    at,
  });
  return { ...usesIn(group), assets: group?.distinct_registration ?? 0 };
}

function usesIn(group: { readonly count: number; readonly distinct_campaign?: number } | undefined): Uses {
  return { uses: group?.count ?? 0, campaigns: group?.distinct_campaign ?? 0 };
}
