import { ask, authorization, NotAnswered, perform } from './api';
import { fill, h } from './dom';
import { counted } from './words';

const BEGIN = `mutation Begin($input: UploadBeginInput!) {
  uploadBegin(input: $input) { stored upload { id url } userErrors { message } }
}`;
const STATE = `query State($id: ID!) { upload(id: $id) { state reason } }`;

interface Begun {
  readonly uploadBegin: {
    readonly upload: { readonly id: string; readonly url: string } | null;
    readonly userErrors: readonly { readonly message: string }[];
  };
}
interface Standing {
  readonly upload: { readonly state: string; readonly reason: string | null } | null;
}

/** Adds files to the library: chosen, or dropped anywhere on the page. */
export function adder(onAdded: () => void): { readonly element: HTMLElement } {
  const input = h('input', { id: 'files', type: 'file', multiple: true, class: 'hidden' });
  const told = h('span', { role: 'status', id: 'adding' });
  const element = h(
    'div',
    { class: 'adding', hidden: true },
    input,
    h('label', { for: 'files', class: 'button' }, 'Add files'),
    told,
  );
  const addAll = async (files: readonly File[]): Promise<void> => {
    let done = 0;
    const faults: string[] = [];
    const say = () => fill(told, `${done} of ${counted(files.length, 'file')} added. ${faults.join(' ')}`);
    say();
    for (const file of files) {
      try {
        await add(file);
        done += 1;
      } catch (error) {
        faults.push(`${file.name}: ${(error as Error).message}`);
      }
      say();
    }
    onAdded();
  };
  input.addEventListener('change', () => {
    const files = [...(input.files ?? [])];
    input.value = '';
    void addAll(files);
  });
  document.addEventListener('dragover', (event) => {
    if (element.isConnected && !element.hidden) event.preventDefault();
  });
  document.addEventListener('drop', (event) => {
    if (!element.isConnected || element.hidden) return;
    event.preventDefault();
    void addAll([...(event.dataTransfer?.files ?? [])]);
  });
  return { element };
}

/** Uploads one file and registers an asset that consists of it. */
async function add(file: File): Promise<void> {
  const input = { bytes: String(file.size), fileName: file.name, mediaType: file.type || undefined };
  const { uploadBegin } = await ask<Begun>(BEGIN, { input });
  const { upload, userErrors } = uploadBegin;
  if (upload === null) throw new NotAnswered(userErrors.map(({ message }) => message).join(' '));
  const sent = await fetch(upload.url, {
    method: 'PATCH',
    headers: {
      'tus-resumable': '1.0.0',
      'upload-offset': '0',
      'content-type': 'application/offset+octet-stream',
      ...authorization(),
    },
    body: file,
  });
  const { upload: standing } = await ask<Standing>(STATE, { id: upload.id });
  if (standing?.state !== 'FINISHED') throw new NotAnswered(standing?.reason ?? `The server answered ${sent.status}.`);
  const title =
    file.name
      .replace(/\.[^.]+$/, '')
      .replace(/[_-]+/g, ' ')
      .trim() || file.name;
  const content = { uploadId: upload.id, madeWith: { tool: 'Library page' } };
  await perform('assetRegister', { kind: kindOf(file.type), title, content }, 'asset { id }');
}

function kindOf(type: string): string {
  const [kind] = type.split('/');
  if (kind === 'image' || kind === 'video' || kind === 'audio') return kind.toUpperCase();
  return type === 'application/pdf' ? 'DOCUMENT' : type.startsWith('text/') ? 'COPY' : 'OTHER';
}
