import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createBucket } from '../../adapters/aws/bucket.ts';

/** Where files of an export go. */
export interface Place {
  /** For people. */
  description: string;
  put(name: string, content: string | Uint8Array): Promise<void>;
  /** What an earlier export has left there of a day that has nothing any more. */
  remove(name: string): Promise<void>;
}

/** A folder, or a prefix in a bucket: `s3://bucket/prefix`. */
export async function placeOf(
  out: string,
  at: { region?: string | undefined; endpoint?: string | undefined },
): Promise<Place> {
  const [, bucketName, prefix = ''] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(out) ?? [];
  if (bucketName === undefined) return folder(out);
  const bucket = await createBucket(bucketName, at);
  const keyOf = (name: string) => [prefix.replace(/\/+$/, ''), name].filter(Boolean).join('/');
  return {
    description: out,
    put: (name, content) => bucket.put(keyOf(name), Buffer.from(content)),
    remove: (name) => bucket.remove(keyOf(name)),
  };
}

const folder = (root: string): Place => ({
  description: root,
  put: (name, content) => writeWhole(path.join(root, name), content),
  remove: (name) => rm(path.join(root, name), { force: true }),
});

/** Whoever reads meanwhile sees the old file or the new one. */
export async function writeWhole(file: string, content: string | Uint8Array): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const unfinished = path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}`);
  await writeFile(unfinished, content);
  await rename(unfinished, file);
}
