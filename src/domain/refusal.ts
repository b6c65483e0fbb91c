/** Every business refusal of the system: a value with a code, never an exception. The schema lists exactly these. */
export const REFUSALS = {
  INVALID_INPUT: 'A field of the command is invalid; `path` names it.',
  ASSET_EXISTS: 'An asset with this id exists already.',
  ASSET_NOT_FOUND: 'There is no asset with this id.',
  ASSET_RETIRED: 'The asset is retired; restore it first.',
  ASSET_NOT_RETIRED: 'The asset is not retired, so it cannot be restored.',
  PARENT_NOT_FOUND: 'A parent, template or composite that the asset refers to does not exist in that version.',
  VERSION_NOT_FOUND: 'The asset has no version with this number.',
  VERSION_UNCHANGED: 'The content is identical to the current version, byte for byte.',
  VERSION_NOT_CURRENT: 'Only the current version can be reviewed.',
  METADATA_UNCHANGED: 'The change would leave all metadata as it is.',
  COMPONENT_NOT_FOUND: 'The asset holds no such component.',
  LINEAGE_CYCLE: 'The component comes from the asset, or holds it, so it cannot be part of it.',
  RIGHTS_USE: 'The rights in it do not permit this use.',
  RIGHTS_WINDOW: 'The rights in it do not cover the whole time of the placement.',
  RIGHTS_EMBARGO: 'It is under embargo when the placement begins.',
  RIGHTS_TERRITORY: 'The rights in it do not permit the territory.',
  RIGHTS_CHANNEL: 'The rights in it do not permit the channel.',
  RIGHTS_LANGUAGE: 'The rights in it do not permit the language.',
  RIGHTS_SPENT: 'All uses that its rights permit were made.',
  RIGHTS_EMPTY: 'Two things in it have no rights in common.',
  RIGHTS_END_SOON: 'The rights in it end sooner than a rule demands.',
  RELEASE_MISSING: 'Those who can be seen in it, or own what can be seen, did not agree.',
  LICENCE_MISSING: 'A rule demands a licence, and none covers the asset.',
  METADATA_MISSING: 'The asset lacks metadata that a rule demands.',
  AI_NOT_DISCLOSED: 'AI took part in it, and the placement does not say so.',
  PART_NOT_APPROVED: 'Something that it holds or was made from has no live approval.',
  WAIVER_NEEDS_PERSON: 'Only a person who takes responsibility themselves can answer for an exception.',
  WAIVER_NOT_FOUND: 'The asset has no such waiver, or it has ended.',
  LICENCE_NOT_ATTACHED: 'The licence does not cover the asset.',
  REVIEW_ALREADY_OPEN: 'A review of this version is open already.',
  REVIEW_NOT_OPEN: 'The asset has no open review.',
  ALREADY_APPROVED: 'This exact content and material metadata are approved already.',
  ALREADY_DECIDED: 'This person has decided in this review already.',
  DECISION_STALE: 'The version or digest that was decided on is not the one under review.',
  BEFORE_VERSION: 'The act cannot have happened before its version was made.',
  FOUR_EYES:
    'The author, contributors and submitter of a version, and makers of the same bytes in other assets, cannot decide on it.',
  REVIEW_SUSPENDED: 'The review waits for a new version or new material metadata; nobody can decide until then.',
  QUORUM_UNREACHABLE: 'A path needs more people than are left who could decide in it.',
  NOT_A_CANDIDATE: 'This person is no candidate of the stage that is open.',
  NOT_A_SUBSTITUTE: 'The person does not stand in for the one named, not now or not for this.',
  NOT_THE_SUBMITTER: 'Only whoever asked for the review can take it back.',
  DECISION_NOT_FOUND: 'This person has no decision in the open review or behind the live approval.',
  PATH_NOT_FOUND: 'The open stage has no such path.',
  CARRY_OVER_IMPOSSIBLE: 'There is no such approval of a workflow that lapsed because of something new.',
  CARRY_OVER_RULE_UNKNOWN: 'The version of the workflow that granted the approval has no such rule.',
  CARRY_OVER_EXCEEDED: 'What was measured is more than the rule allows.',
  ANNOTATION_NOT_FOUND: 'There is no annotation with this id on this version.',
  NOT_APPROVED: 'This exact version has no live approval.',
  CAMPAIGN_EXISTS: 'A campaign with this id exists already.',
  CAMPAIGN_NOT_FOUND: 'There is no campaign with this id.',
  CAMPAIGN_NOT_OPEN: 'The campaign is not open: it is not launched yet, or it has ended.',
  CAMPAIGN_ALREADY_OPEN: 'The campaign is launched already.',
  CAMPAIGN_OVER: 'The last day of the campaign (in UTC) has passed; `afterLastDay: true` launches it anyway.',
  CAMPAIGN_ENDED: 'The campaign has ended and cannot be opened again.',
  PLACEMENT_EXISTS: 'This version already runs in this campaign, channel and market.',
  PLACEMENT_NOT_FOUND: 'The asset has no placement with this id.',
  FINDING_NOT_FOUND: 'Nothing was found about this placement.',
  PLACEMENT_ENDED: 'The placement has ended already.',
  WORKFLOW_NOT_FOUND: 'There is no workflow with this id, or not in this version.',
  RULEBOOK_NOT_YOURS: 'Only the editors that the rulebook names may do this, in person.',
  SUBSTITUTE_CIRCULAR: 'A person would stand in for themself, or for somebody who stands in for them at that time.',
  SUBSTITUTE_OVERLAPS: 'The person has another substitute in part of that time.',
  SUBSTITUTION_NOT_FOUND: 'The rulebook has no such substitution, or it has ended.',
  LICENCE_EXISTS: 'A licence with this id exists already.',
  LICENCE_NOT_FOUND: 'There is no licence with this id.',
  LICENCE_ENDED: 'The licence has ended, so its terms cannot be changed and it cannot be ended again.',
  UPLOAD_TOO_LARGE: 'The file is larger than this server takes.',
  UPLOAD_DAY_USED_UP: 'The actor may not upload so many bytes within 24 hours.',
  UPLOAD_KIND_REFUSED: 'Files of this media type are not accepted.',
  UPLOAD_NOT_FOUND: 'The caller has no upload with this id, or its time is over.',
  UPLOAD_UNFINISHED: 'Not all bytes of the upload have arrived.',
  UPLOAD_QUARANTINED: 'The bytes of the upload were put aside.',
  RECALL_EXISTS: 'A recall with this id exists already.',
  RECALL_NOT_FOUND: 'There is no recall with this id.',
  RECALL_CLOSED: 'The recall is closed.',
  RECALL_TOO_WIDE:
    'More runs of the asset and of what came of it than one recall can hold; recall its derivatives one by one.',
  RECALL_UNRELATED: 'The asset of the placement neither comes from the recalled asset nor holds it.',
  RECALL_LACKS_PLACEMENT: 'The recall is not about this placement.',
  RECALL_UNRESOLVED: 'A placement of the recall is neither taken down nor refused.',
  TOO_MANY_REFERENCES: 'The decision depends on more than 200 other streams, or on a chain of more than 10.',
  REVISION_CONFLICT:
    'The stream is not at the expected revision, or other writers kept changing it during the decision; try again.',
  IDEMPOTENCY_KEY_REUSED: 'This idempotency key was used for a different command on the same asset or campaign.',
} as const;

export type RefusalCode = keyof typeof REFUSALS;

export interface Refusal {
  readonly code: RefusalCode;
  /** A sentence for a person, naming the thing. */
  readonly message: string;
  /** The path of the field in the command that the refusal is about, where there is one. */
  readonly path?: readonly string[];
  /** Further reasons; each would be enough to refuse. */
  readonly others?: readonly Refusal[];
}

/** One refusal for several reasons; undefined where there is none. */
export function refusalOf([first, ...others]: readonly Refusal[]): Refusal | undefined {
  return first === undefined || others.length === 0 ? first : { ...first, others };
}

/** Every reason of a refusal. */
export function reasonsOf({ others = [], ...first }: Refusal): readonly Refusal[] {
  return [first, ...others];
}

export function refuse(code: RefusalCode, message?: string, path?: readonly string[]): { readonly refusal: Refusal } {
  const refusal = { code, message: message ?? REFUSALS[code] };
  return { refusal: path === undefined ? refusal : { ...refusal, path } };
}
