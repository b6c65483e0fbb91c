import type { Context, Outcome } from '../decider';
import type { InputFault } from '../input';
import { refuse } from '../refusal';
import { holds, type Trail } from '../trail';
import type { AnnotateVersion, ResolveAnnotation } from './commands';
import type { AssetEvent } from './events';
import { type Annotation, remarkOf } from './remarks';
import { type AssetState, versionOf } from './state';

export function annotationFaults({ region, time, inReplyTo, page }: AnnotateVersion): readonly InputFault[] {
  const faults: InputFault[] = [];
  const add = (steps: readonly string[], reason: string) => faults.push({ steps, reason });
  if (region !== undefined && region.x + region.width > 1) add(['region', 'width'], 'reaches beyond the right edge');
  if (region !== undefined && region.y + region.height > 1) add(['region', 'height'], 'reaches beyond the lower edge');
  if (time?.to !== undefined && time.to < time.from) add(['time', 'to'], 'must not be before from');
  if (inReplyTo !== undefined && [region, time, page].some((place) => place !== undefined)) {
    add(['inReplyTo'], 'a reply is about the place of what it replies to: leave out region, time and page');
  }
  return faults;
}

export function annotate(command: AnnotateVersion, state: AssetState, context: Context): Outcome<AssetEvent> {
  const { version, text, inReplyTo, region, time, page } = command;
  const remarked = versionOf(state, version);
  if (remarked === undefined) return refuse('VERSION_NOT_FOUND', undefined, ['version']);
  const before = inReplyTo === undefined ? undefined : found(state.annotations, inReplyTo);
  if (inReplyTo !== undefined && before?.version !== version) {
    return refuse('ANNOTATION_NOT_FOUND', undefined, ['inReplyTo']);
  }
  const said = { version, digest: remarked.digest, text, thread: before?.thread, region, time, page };
  if (hasSaid(state.annotations, remarkOf(context.actor, said))) return { events: [] };
  return { events: [{ type: 'AnnotationMade', data: { annotation: context.id('annotation'), ...said } }] };
}

export function resolveAnnotation({ annotation }: ResolveAnnotation, state: AssetState): Outcome<AssetEvent> {
  const remark = found(state.annotations, annotation);
  if (remark === undefined) return refuse('ANNOTATION_NOT_FOUND', undefined, ['annotation']);
  if (holds(state.resolved, annotation)) return { events: [] };
  const { version, digest } = remark;
  return { events: [{ type: 'AnnotationResolved', data: { annotation, version, digest } }] };
}

function found(annotations: Trail<Annotation>, id: string): Annotation | undefined {
  for (let rest = annotations; rest !== undefined; rest = rest.before)
    if (rest.last.annotation === id) return rest.last;
  return undefined;
}

function hasSaid(annotations: Trail<Annotation>, said: string): boolean {
  for (let rest = annotations; rest !== undefined; rest = rest.before) if (rest.last.said === said) return true;
  return false;
}
