import type { Stretch } from '../../store/content/contentstore';

export const DISPOSITIONS = ['inline', 'attachment'] as const;
export type Disposition = (typeof DISPOSITIONS)[number];

/** What a browser may show from this server's own address: nothing that it would run. A drawing or a page is not shown. */
const SHOWN =
  /^(image\/(png|apng|jpeg|gif|webp|avif|bmp|tiff|heic|heif|x-icon)|video\/(mp4|webm|ogg|quicktime)|audio\/[a-z0-9.+-]+|text\/plain)$/;

/** Other content is offered to be saved, whatever was asked for. */
export function dispositionOf(mediaType: string, asked: Disposition): Disposition {
  return SHOWN.test(mediaType.split(';')[0]!.trim().toLowerCase()) ? asked : 'attachment';
}

/** The header, with a name for whoever saves it. Only letters and digits of a title come through unescaped. */
export function contentDisposition(how: Disposition, name: string): string {
  const plain = name.replace(/[^\w .-]+/g, '_').replace(/^[. ]+/, '_');
  const exact = encodeURIComponent(name).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${how}; filename="${plain}"; filename*=UTF-8''${exact}`;
}

const ENDINGS: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/svg+xml': 'svg',
  'image/x-icon': 'ico',
  'text/plain': 'txt',
  'text/html': 'html',
  'audio/mpeg': 'mp3',
  'video/quicktime': 'mov',
  'application/postscript': 'eps',
};

/** `Summer poster, version 3.png`. */
export function fileNameOf(title: string, version: number, mediaType: string): string {
  const type = mediaType.split(';')[0]!.trim().toLowerCase();
  const [, second = ''] = type.split('/');
  const ending = ENDINGS[type] ?? (/^[a-z0-9]{2,5}$/.test(second) ? second : '');
  // By characters: half of one cannot be written in a header.
  const name = [...title.replace(/[/\\:*?"<>|\p{C}]+/gu, ' ').trim()].slice(0, 120).join('');
  return `${name || 'content'}, version ${version}${ending === '' ? '' : `.${ending}`}`;
}

/**
 * The stretch that a Range header asks for: undefined where it asks for everything, or in a way that may be ignored, such as
 * for several stretches; null where there is nothing in it.
 */
export function stretchOf(header: string | undefined, bytes: number): Stretch | undefined | null {
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  if (first === '')
    return Number(last) === 0 || bytes === 0 ? null : { start: Math.max(bytes - Number(last), 0), end: bytes - 1 };
  const start = Number(first);
  const end = last === '' ? bytes - 1 : Math.min(Number(last), bytes - 1);
  if (last !== '' && Number(last) < start) return undefined;
  return start >= bytes ? null : { start, end };
}
