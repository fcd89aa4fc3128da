import { failure, success, type Result } from '../../ip/index.ts';

/** Largest logo, in bytes: it is in every page. */
const LARGEST = 64 * 1024;

/** How each format begins: PNG, JPEG, GIF, WebP, SVG. */
const FORMATS: readonly (readonly [type: string, begins: RegExp])[] = [
  ['image/png', /^\x89PNG\r\n\x1a\n/],
  ['image/jpeg', /^\xff\xd8\xff/],
  ['image/gif', /^GIF8[79]a/],
  ['image/webp', /^RIFF[^]{4}WEBP/],
  [
    'image/svg+xml',
    /^(?:\xef\xbb\xbf)?\s*(?:<\?xml[^]{0,200}?\?>\s*)?(?:<!--[^]{0,500}?-->\s*)?(?:<!DOCTYPE svg[^>]*>\s*)?<svg\b/,
  ],
];

/** A picture as a `data:` address for the page. Fails with `value-invalid` or `input-too-large`. */
export function logoFrom(bytes: Uint8Array): Result<string> {
  if (bytes.length > LARGEST) return failure('input-too-large', `the logo is larger than ${LARGEST / 1024} KiB`);
  const start = Buffer.from(bytes.subarray(0, 1024)).toString('latin1');
  const type = FORMATS.find(([, begins]) => begins.test(start))?.[0];
  if (type === undefined) return failure('value-invalid', 'the logo is no PNG, JPEG, GIF, WebP or SVG');
  return success(`data:${type};base64,${Buffer.from(bytes).toString('base64')}`);
}
