import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { S3Server } from './s3-server.ts';

export interface Bucket {
  readonly keys: () => Promise<readonly string[]>;
  readonly read: (key: string) => Promise<Buffer>;
  readonly close: () => void;
}

/** What lies below `s3://name/prefix/`, seen with a client of the test's own. */
export function bucketBelow(server: S3Server, name: string, prefix: string): Bucket {
  const { endpoint, region, accessKeyId, secretAccessKey } = server;
  const client = new S3Client({
    endpoint,
    region,
    credentials: { accessKeyId, secretAccessKey },
    forcePathStyle: true,
  });
  return {
    async keys() {
      const keys: string[] = [];
      let after: string | undefined;
      do {
        const page = await client.send(
          new ListObjectsV2Command({
            Bucket: name,
            Prefix: `${prefix}/`,
            ...(after === undefined ? {} : { StartAfter: after }),
          }),
        );
        keys.push(...(page.Contents ?? []).map(({ Key = '' }) => Key));
        after = page.IsTruncated === true ? keys.at(-1) : undefined;
      } while (after !== undefined);
      return keys.map((key) => key.slice(prefix.length + 1));
    },
    async read(key) {
      const answer = await client.send(new GetObjectCommand({ Bucket: name, Key: `${prefix}/${key}` }));
      return Buffer.from(await answer.Body!.transformToByteArray());
    },
    close: () => client.destroy(),
  };
}
