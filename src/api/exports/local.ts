import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { GraphQLSchema } from 'graphql';
import { ROLES } from '../../domain/roles';
import type { Session } from '../claims';
import { readContract } from '../contractfile';
import type { ApiDependencies } from '../dependencies';
import { apiModule } from '../module';
import { beginExport, type Export, type Wanted } from './exports';

/** Exports without a server, for a process with access to the data itself. */
export interface LocalExports {
  /** Throws the error that GraphQL would give for the same query. */
  begin(wanted: Omit<Wanted, 'session'>): Export;
  close(): Promise<void>;
}

/** Anybody who can run a command on the data directory may read everything in it. */
const OPERATOR: Session = {
  actor: { id: 'operator', kind: 'person' },
  roles: ROLES,
  expiresAt: Number.POSITIVE_INFINITY,
};

/** Builds the schema and its resolvers as the server does, without listening. */
export async function openLocalExports(dependencies: ApiDependencies): Promise<LocalExports> {
  let schema: GraphQLSchema | undefined;
  const module = apiModule({
    dependencies,
    contract: readContract(),
    path: '/graphql',
    context: async () => ({}),
    formatError: (formatted) => formatted,
    plugins: [],
    onSchema: (made) => {
      schema = made;
    },
  });
  const options = { logger: false, abortOnError: false } as const;
  const application = await NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter(), options);
  await application.init();
  return {
    begin: (wanted) => beginExport(schema!, dependencies, { ...wanted, session: OPERATOR }),
    close: () => application.close(),
  };
}
