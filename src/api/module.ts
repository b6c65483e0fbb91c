import type { ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { type DynamicModule, Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { GraphQLModule } from '@nestjs/graphql';
import { type GraphQLSchema, parse, print } from 'graphql';
import type { Asking } from './asking';
import { countsOf } from './counts';
import { type ApiDependencies, DEPENDENCIES } from './dependencies';
import { enumWords } from './enums';
import { interfacesOf } from './interfaces';
import { MAX_TOKENS } from './limits';
import { AssetResolver, MetadataFieldResolver, VersionLinkResolver, VersionResolver } from './resolvers/assets';
import { VersionContentResolver } from './resolvers/contents';
import { entryFields, HistoryEntryResolver } from './resolvers/entries';
import {
  ActorResolver,
  ArchivedContentResolver,
  ArchivedPlacementResolver,
  ArchiveEntryResolver,
  AttestationResolver,
  CampaignFileConnectionResolver,
  CampaignFileResolver,
  CampaignResolver,
  DurationResolver,
  LedgerEntryResolver,
  PlacementResolver,
  SignalResolver,
} from './resolvers/facts';
import { CoveredAssetResolver, LicenceResolver, LineageLinkResolver, WaiverResolver } from './resolvers/licences';
import { HANDLERS, MutationResolver, ViewerResolver } from './resolvers/mutations';
import { ProofResolver } from './resolvers/proofs';
import { QueryResolver } from './resolvers/queries';
import { ChannelReadinessResolver } from './resolvers/readiness';
import { FindingResolver, ObligationResolver, RecalledPlacementResolver, RecallResolver } from './resolvers/recalls';
import { QueueChangeResolver, ReviewPathResolver, ReviewResolver } from './resolvers/reviews';
import { PeopleListResolver, RulebookResolver, WorkflowResolver } from './resolvers/rules';
import { SourceResolver } from './resolvers/sources';
import { SubscriptionResolver } from './resolvers/subscriptions';
import { TrailResolver } from './resolvers/trails';
import { UploadResolver } from './resolvers/uploads';
import { scalarsOf } from './scalars';

const RESOLVERS = [
  QueryResolver,
  ProofResolver,
  TrailResolver,
  MutationResolver,
  ViewerResolver,
  SubscriptionResolver,
  UploadResolver,
  SourceResolver,
  AssetResolver,
  VersionResolver,
  VersionContentResolver,
  ChannelReadinessResolver,
  VersionLinkResolver,
  MetadataFieldResolver,
  HistoryEntryResolver,
  ActorResolver,
  LedgerEntryResolver,
  AttestationResolver,
  QueueChangeResolver,
  ReviewPathResolver,
  ReviewResolver,
  PeopleListResolver,
  RulebookResolver,
  WorkflowResolver,
  PlacementResolver,
  ArchiveEntryResolver,
  ArchivedContentResolver,
  ArchivedPlacementResolver,
  DurationResolver,
  SignalResolver,
  CampaignFileConnectionResolver,
  CampaignFileResolver,
  CampaignResolver,
  LicenceResolver,
  CoveredAssetResolver,
  LineageLinkResolver,
  WaiverResolver,
  RecallResolver,
  RecalledPlacementResolver,
  ObligationResolver,
  FindingResolver,
];

export interface ModuleOptions {
  readonly dependencies: ApiDependencies;
  /** Text of the schema. */
  readonly contract: string;
  readonly path: string;
  readonly context: (request: { readonly headers: { readonly authorization?: string } }) => Promise<object>;
  readonly formatError: ApolloDriverConfig['formatError'];
  /** Apollo's plugins, created once the schema exists. */
  readonly plugins: readonly ApolloServerPlugin<Asking>[];
  readonly onSchema: (schema: GraphQLSchema) => void;
}

@Module({})
class ApiModule {}

/**
 * The API as a Nest module: the schema, a resolver for everything that a row does not hold itself, one command handler.
 */
export function apiModule(options: ModuleOptions): DynamicModule {
  return {
    module: ApiModule,
    global: true,
    imports: [CqrsModule.forRoot(), GraphQLModule.forRoot<ApolloDriverConfig>(graphql(options))],
    providers: [{ provide: DEPENDENCIES, useValue: options.dependencies }, ...HANDLERS, ...RESOLVERS],
    exports: [DEPENDENCIES],
  };
}

function graphql(options: ModuleOptions): ApolloDriverConfig {
  const document = parse(options.contract);
  return {
    driver: ApolloDriver,
    typeDefs: print(document),
    path: options.path,
    resolvers: {
      ...scalarsOf(document),
      ...enumWords(document),
      ...countsOf(document),
      ...interfacesOf(document),
      ...entryFields(document),
    },
    // A resolver of an interface's field applies to every type that implements the interface.
    inheritResolversFromInterfaces: true,
    // A field with arguments cannot be answered from a row alone: without a resolver the server must not start.
    resolverValidationOptions: { requireResolversForArgs: 'error', requireResolversToMatchSchema: 'error' },
    transformSchema: (schema: GraphQLSchema) => {
      options.onSchema(schema);
      return schema;
    },
    context: options.context,
    formatError: options.formatError,
    plugins: [
      ...options.plugins,
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
    ],
    parseOptions: { maxTokens: MAX_TOKENS },
    // The execution validates after it has checked the expanded size of the document, and caches valid documents.
    dangerouslyDisableValidation: true,
    documentStore: null,
    introspection: true,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: false,
    fieldResolverEnhancers: [],
    autoTransformHttpErrors: false,
    preserveHttpStatusForExecutionErrors: false,
    graphiql: false,
  } as ApolloDriverConfig;
}
