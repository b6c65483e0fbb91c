import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { SERVER_VERSION } from './cluster';
import { isAdministrator, type User, type Users } from './rights';

interface Answer {
  readonly status: number;
  readonly body?: object;
}

/** The operator's HTTP interface: server info and users. Without users it was started without security. */
export function httpServer(users: Users | undefined): Server {
  return createServer((request, response) => {
    void textOf(request).then((text) => {
      const { status, body } = answerTo(users, request, text);
      send(response, status, body);
    });
  });
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

function send(response: ServerResponse, status: number, body?: object): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

function answerTo(users: Users | undefined, request: IncomingMessage, text: string): Answer {
  const { pathname } = new URL(request.url ?? '/', 'http://server');
  if (pathname === '/health/live') return { status: 204 };
  if (pathname === '/info') return { status: 200, body: info(users !== undefined) };
  const [, place, name, ...command] = pathname.split('/').map(decodeURIComponent);
  if (!users || place !== 'users') return { status: 404 };
  const asking = users.authenticated(request.headers.authorization);
  if (!asking || asking === 'wrong') return { status: 401 };
  if (name === '$current') return aboutUser(users, 'GET', asking.loginName, '', {});
  if (!isAdministrator(asking)) return { status: 401 };
  const said = text === '' ? {} : (JSON.parse(text) as Partial<User> & { newPassword?: string });
  return name ? aboutUser(users, request.method ?? '', name, command.join('/'), said) : newUser(users, said);
}

const info = (secure: boolean): object => ({
  esVersion: SERVER_VERSION,
  state: 'leader',
  features: { projections: false, userManagement: secure, atomPub: true },
  authentication: { type: secure ? 'internal' : 'insecure', properties: null },
});

function newUser(users: Users, { loginName = '', fullName = '', groups = [], password = '' }: Partial<User>): Answer {
  if (loginName === '' || password === '') return { status: 400 };
  if (users.get(loginName)) return { status: 409, body: { loginName, success: false, error: 'Conflict' } };
  users.put({ loginName, fullName, groups, password });
  return { status: 201, body: { loginName, success: true, error: 'Success' } };
}

function aboutUser(
  users: Users,
  method: string,
  name: string,
  command: string,
  said: Partial<User> & { readonly newPassword?: string },
): Answer {
  const user = users.get(name);
  if (!user) return { status: 404, body: { data: null, success: false, error: 'NotFound' } };
  const done: Answer = { status: 200, body: { loginName: name, success: true, error: 'Success' } };
  const { loginName, fullName, groups } = user;
  switch (`${method} ${command}`) {
    case 'GET ':
      return { status: 200, body: { data: { loginName, fullName, groups, disabled: false }, success: true } };
    case 'PUT ':
      users.put({ ...user, fullName: said.fullName ?? fullName, groups: said.groups ?? groups });
      return done;
    case 'DELETE ':
      users.remove(name);
      return done;
    case 'POST command/reset-password':
      users.put({ ...user, password: said.newPassword ?? user.password });
      return done;
    default:
      return { status: 404 };
  }
}
