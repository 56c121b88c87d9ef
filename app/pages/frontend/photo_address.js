// @ts-check
// The part of the address that names the photo which is open: "#photo=7-0a1b2c3d".

const PHOTO = /^#photo=(\d{1,16})-([0-9a-f]{8}|)$/;

/**
 * @param {number} id
 * @param {string} digest  The beginning of its content's SHA-256: in another library, the same id
 *   is another photo's.
 */
export const photoHash = (id, digest) => `#photo=${id}-${digest}`;

/**
 * The photo that an address names; null: none.
 *
 * @param {string} hash  As `location` has it.
 * @returns {{ id: number, digest: string } | null}
 */
export function photoOf(hash) {
  const [, id, digest] = PHOTO.exec(hash) ?? [];
  return id === undefined ? null : { id: Number(id), digest };
}
