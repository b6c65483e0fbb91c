import type { Environment } from '../../src/config/environment';
import { type House, openHouse } from '../journeys/house';

/** A client of the tus protocol, written out: every header is the test's. */
export interface Sent {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export interface UploadHouse extends House {
  readonly origin: string;
  /** A request of the tus protocol as `role:actor`. */
  tus(
    who: string,
    method: string,
    path: string,
    headers?: Readonly<Record<string, string>>,
    body?: Uint8Array | ReadableStream,
  ): Promise<Sent>;
  /** Sends bytes from an offset. */
  patch(who: string, path: string, offset: number, body: Uint8Array): Promise<Sent>;
  /** Uploads whole bytes; gives the id. */
  upload(who: string, bytes: Uint8Array, said?: Readonly<Record<string, unknown>>): Promise<string>;
}

export const BEGIN = `mutation ($input: UploadBeginInput!) {
  uploadBegin(input: $input) {
    stored limits { bytes bytesPerDay kinds }
    upload { id url state bytes offset expiresAt digest mediaType reason }
    userErrors { code message path }
  }
}`;
export const STATE = 'query ($id: ID!) { upload(id: $id) { id state offset digest mediaType reason } }';

export async function openUploadHouse(environment?: Environment): Promise<UploadHouse> {
  const house = await openHouse(environment);
  const { origin } = new URL(house.started.url);
  const tus: UploadHouse['tus'] = async (who, method, path, headers = {}, body) => {
    const [role, actor] = who.split(':') as ['author', string?];
    const response = await fetch(new URL(path, origin), {
      method,
      headers: { authorization: `Bearer ${await house.token(role, actor)}`, 'tus-resumable': '1.0.0', ...headers },
      ...(body === undefined ? {} : { body: body as BodyInit, duplex: 'half' }),
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  const patch: UploadHouse['patch'] = (who, path, offset, body) =>
    tus(who, 'PATCH', path, { 'content-type': 'application/offset+octet-stream', 'upload-offset': `${offset}` }, body);
  return {
    ...house,
    origin,
    tus,
    patch,
    async upload(who, bytes, said = {}) {
      const { data } = await house.ask(who as 'author', BEGIN, { input: { bytes: String(bytes.length), ...said } });
      const { id, url } = data.uploadBegin.upload;
      const sent = await patch(who, url, 0, bytes);
      if (sent.status !== 204) throw new Error(`${sent.status} ${sent.text}`);
      return id;
    },
  };
}
