import type { Role } from '../../src/domain/roles';
import type { House, Row } from './house';

const STORY = `{
  placements(filter: { running: true }, first: 1) { nodes { asset { id } version digest } }
  assets(first: 2, filter: { kindIn: [IMAGE] }) { nodes { id } } }`;

type Placed = { readonly asset: { readonly id: string }; readonly version: number; readonly digest: string };

/** Rights, rules, a waiver and a recall, which a simulated year may lack: every list has a row afterwards. */
export async function govern(house: House): Promise<void> {
  const { data } = await house.ask(STORY);
  const { placements, assets } = data as unknown as Record<'placements' | 'assets', { nodes: readonly unknown[] }>;
  const [placed] = placements.nodes as readonly Placed[];
  const [whole, part] = assets.nodes as readonly { readonly id: string }[];
  const act = async (mutation: string, input: object, role: Role = 'approver'): Promise<Row> => {
    const type = `${mutation[0]!.toUpperCase()}${mutation.slice(1)}Input`;
    const query = `mutation ($input: ${type}!) { ${mutation}(input: $input) { position userErrors { message } } }`;
    const act = { idempotencyKey: `governed-${mutation}` };
    const reply = await house.ask(query, { input: { act, ...input } }, await house.token(role, 'lea'));
    const payload = (reply.data as unknown as Record<string, Row> | null)?.[mutation];
    if (payload?.position === undefined || payload.position === null) throw new Error(JSON.stringify(reply));
    return payload;
  };
  const assetId = placed!.asset.id;
  const licenceId = '5f8a1c70-43f1-4f0c-8a35-0c8f0e7f2d11';
  const terms = { allowed: ['DISPLAY'], territories: ['worldwide'], until: '2035-01-01T00:00:00Z' };
  await act('licenceGrant', { licenceId, holder: 'Studio North', terms });
  await act('assetAttachLicence', { assetId, licenceId });
  await act('assetAddComponent', { assetId: whole!.id, componentVersion: { assetId: part!.id, version: 1 } }, 'author');
  const { version, digest } = placed!;
  const rules = ['rights.channel'];
  await act('assetWaiveRules', {
    assetId,
    version,
    digest,
    rules,
    waivedUntil: '2035-01-01T00:00:00Z',
    reason: 'Trial',
  });
  const stages = [{ id: 'brand', paths: [{ id: 'brand', candidates: { anybody: true }, quorum: 1 }] }];
  await act('workflowDefine', { definition: { name: 'Brand', stages } });
  const { position } = await act('recallOpen', { assetId, reason: 'Wrong logo', dueBy: '2035-01-01T00:00:00Z' });
  await house.ask('query ($position: Position) { head(waitFor: $position) { position } }', { position });
}
