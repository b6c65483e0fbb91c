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
  LedgerEntryResolver,
  PeopleListResolver,
  PlacementResolver,
  SignalResolver,
} from './resolvers/facts';
import { HANDLERS, MutationResolver } from './resolvers/mutations';
import { QueryResolver } from './resolvers/queries';
import { SourceResolver } from './resolvers/sources';
import { SubscriptionResolver } from './resolvers/subscriptions';
import { scalarsOf } from './scalars';

const RESOLVERS = [
  QueryResolver,
  MutationResolver,
  SubscriptionResolver,
  SourceResolver,
  AssetResolver,
  VersionResolver,
  VersionLinkResolver,
  MetadataFieldResolver,
  HistoryEntryResolver,
  ActorResolver,
  LedgerEntryResolver,
  AttestationResolver,
  PeopleListResolver,
  PlacementResolver,
  ArchiveEntryResolver,
  ArchivedContentResolver,
  ArchivedPlacementResolver,
  SignalResolver,
  CampaignFileConnectionResolver,
  CampaignFileResolver,
  CampaignResolver,
];

export interface ModuleOptions {
  readonly dependencies: ApiDependencies;
  /** Text of the contract. */
  readonly contract: string;
  readonly path: string;
  readonly context: (request: { readonly headers: { readonly authorization?: string } }) => Promise<object>;
  readonly formatError: ApolloDriverConfig['formatError'];
  /** Apollo's plugins, made once the schema is there. */
  readonly plugins: readonly ApolloServerPlugin<Asking>[];
  readonly onSchema: (schema: GraphQLSchema) => void;
}

@Module({})
class ApiModule {}

/** The door as a Nest module: the contract, a resolver for everything that a row does not hold by itself, one handler. */
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
    // What resolves a field of an interface resolves it in every type that has the interface.
    inheritResolversFromInterfaces: true,
    // A field that needs an argument cannot answer from a row alone: without a resolver the server must not start.
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
    // The execution does it, after it has seen how large the document is unfolded, and remembers what is valid.
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
