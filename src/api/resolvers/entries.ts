import { ResolveField, Resolver } from '@nestjs/graphql';
import {
  type DocumentNode,
  type FieldDefinitionNode,
  type InterfaceTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  type TypeNode,
} from 'graphql';
import type { VersionRef } from '../../domain/asset/parts';
import type { OpenPath } from '../../domain/asset/reviewevents';
import type { Ruling } from '../../domain/compliance';
import type { Candidates } from '../../domain/people';
import type { Terms } from '../../domain/rights/terms';
import type { PeopleList } from '../../domain/rulebook/parts';
import type { WorkflowDefinition } from '../../domain/workflow/parts';
import type { Asking } from '../asking';
import type { Identified } from '../ids';
import { type Part, partOf } from '../listing';
import { OBJECTS, objectIn, versionAt } from '../node';
import { ActorView } from '../views/actor';
import { VersionLinkView } from '../views/asset';
import { type HistoryView, sentenceOf } from '../views/history';
import { termsShown } from '../views/licence';
import { candidatesView, definitionView, entryView, openPathView, PeopleListView } from '../views/rules';
import { SourceView } from '../views/source';
import { rulingView } from '../views/waiver';
import { changesOf, setFields } from './changed';

const ENTRY = 'HistoryEntry';

/** Fields common to every history entry. */
@Resolver(ENTRY)
export class HistoryEntryResolver {
  @ResolveField('sentence')
  sentence({ row, moment }: HistoryView) {
    return sentenceOf(row, moment);
  }

  @ResolveField('source')
  source(view: HistoryView) {
    return new SourceView(view);
  }

  @ResolveField('subject')
  subject(view: HistoryView) {
    return objectIn(view.moment, view.category, view.row.subject);
  }
}

// biome-ignore lint/suspicious/noExplicitAny: which data an event has, its type in the contract says.
type Data = any;

/** Fields with another name in the data, or that are computed. All others have the same name in the data. */
const ELSEWHERE: Readonly<Record<string, (data: Data) => unknown>> = {
  content: ({ version }) => version,
  placedVersion: ({ version }) => version,
  lapseReason: ({ reason }) => reason,
  alias: ({ path }) => path,
  metadata: ({ metadata }) => setFields(metadata),
  stageName: ({ name }) => name,
  lackingPaths: ({ paths }) => paths,
  countsFor: ({ paths }) => paths,
  assignedPath: ({ path }) => path,
  carriedFrom: ({ from }) => from,
  placementsRecalled: ({ placements }) => placements.length,
  filesPut: ({ put }) => put.length,
  filesGone: ({ gone }) => gone?.length ?? 0,
};

/** How a field of one of these types follows from its value in the data: an id, a number, a reference. */
const LINKS: Readonly<Record<string, (value: Data, view: HistoryView) => unknown>> = {
  ...Object.fromEntries((Object.keys(OBJECTS) as Identified[]).map((type) => [capital(type), objectOf(type)])),
  Version: async (number: number, { moment, row }) => {
    await moment.settled('library');
    return versionAt(moment, row.subject, number);
  },
  VersionLink: (reference: VersionRef, { moment }) => new VersionLinkView(reference, moment),
  Ruling: (ruling: Ruling) => rulingView(ruling),
  LicenceTerms: (terms: Terms) => termsShown(terms),
  Actor: (id: string, { moment }) => new ActorView(id, moment),
  WorkflowDefinition: (definition: WorkflowDefinition, { moment }) => definitionView(definition, moment),
  RulebookEntry: entryView,
  OpenPath: (path: OpenPath, { moment }) => openPathView(path, moment),
  FilledPath: ({ path, people }: { path: string; people: readonly string[] }, { moment }) => ({
    path,
    people: people.map((id) => new ActorView(id, moment)),
  }),
  Candidates: (candidates: Candidates, { moment }) => candidatesView(candidates, moment),
  PeopleList: (list: PeopleList, { moment }) => new PeopleListView(list, moment),
};

function capital(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}

function objectOf(type: Identified) {
  return (id: string, { moment }: HistoryView) => objectIn(moment, type, id);
}

type FieldResolver = (view: HistoryView, args: Part, asking: Asking) => Promise<unknown>;

/** Fields that need more than the event's data. */
const BESIDE: Readonly<Record<string, FieldResolver>> = { 'MetadataChanged.changes': changesOf };

/**
 * Resolvers for the data of every event type: a field that only this type has returns the event's data of that name. A
 * new event type needs no resolver of its own.
 */
export function entryFields(contract: DocumentNode): Record<string, Record<string, FieldResolver>> {
  const definitions = contract.definitions.filter(
    (node): node is ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode =>
      node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION,
  );
  const shared = new Set(definitions.find(({ name }) => name.value === ENTRY)?.fields?.map(({ name }) => name.value));
  const kinds = definitions.filter(({ interfaces }) => interfaces?.some(({ name }) => name.value === ENTRY));
  return Object.fromEntries(
    kinds.map(({ name, fields = [] }) => {
      const own = fields.filter((field) => !shared.has(field.name.value));
      return [
        name.value,
        Object.fromEntries(
          own.map((field) => [field.name.value, BESIDE[`${name.value}.${field.name.value}`] ?? resolverOf(field)]),
        ),
      ];
    }),
  );
}

function resolverOf({ name, type, arguments: taken = [] }: FieldDefinitionNode): FieldResolver {
  const from = ELSEWHERE[name.value] ?? ((data: Data) => data[name.value]);
  const isRequired = type.kind === Kind.NON_NULL_TYPE;
  const isList = (type.kind === Kind.NON_NULL_TYPE ? type.type : type).kind === Kind.LIST_TYPE;
  const of = nameOf(type);
  const link = LINKS[of];
  // The data omit values that are empty or false.
  const absent = isList ? [] : isRequired && of === 'Boolean' ? false : null;
  return async (view, args) => {
    const value = from((await view.recorded()).data) ?? absent;
    const shown = taken.length === 0 ? value : partOf(value as readonly unknown[], args);
    if (link === undefined || shown === null) return shown;
    return isList ? (shown as readonly unknown[]).map((each) => link(each, view)) : link(shown, view);
  };
}

function nameOf(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type);
}
