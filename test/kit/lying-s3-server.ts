// @ts-expect-error -- s3rver ships no types
import S3rver from 's3rver';

interface Lying {
  run(): Promise<{ readonly port: number }>;
  close(): Promise<void>;
}

/** s3rver ignores If-None-Match: it overwrites and says 200. */
export async function lyingS3Server(directory: string, bucket: string) {
  const server = new (S3rver as new (options: object) => Lying)({
    address: '127.0.0.1',
    port: 0,
    silent: true,
    directory,
    configureBuckets: [{ name: bucket, configs: [] }],
  });
  const { port } = await server.run();
  return {
    endpoint: `http://127.0.0.1:${port}`,
    accessKeyId: 'S3RVER',
    secretAccessKey: 'S3RVER',
    close: () => server.close(),
  };
}
