import { z } from 'zod';
import { Url } from '../endpoints.ts';

const Name = z.string().regex(/^\w{1,128}$/, 'must be a name such as GenerateServiceLastAccessedDetails');
const Path = z.string().regex(/^[\w]+(?:\.[\w]+)*$/, 'must be a path in the answer such as Job.Status');
const More = z.record(Name, z.string()).default({}).describe('further parameters, as they are');

/** Nothing of this is documented by Alibaba Cloud: the defaults are guesses after an operation of the same name elsewhere. */
export const NativeSettings = z.strictObject({
  endpoint: Url.describe('where the operation answers, such as https://ram.aliyuncs.com'),
  version: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a version such as "2015-05-01"')
    .describe('of the product that has the operation'),
  generate: z
    .strictObject({ action: Name.default('GenerateServiceLastAccessedDetails'), arn: Name.default('Arn'), more: More })
    .prefault({})
    .describe('`arn`: the parameter that names the identity'),
  get: z
    .strictObject({
      action: Name.default('GetServiceLastAccessedDetails'),
      job: Name.default('JobId'),
      token: Name.default('Marker'),
      more: More,
    })
    .prefault({})
    .describe('`job` and `token`: the parameters that name the job and the next page'),
  answer: z
    .strictObject({
      job: Path.default('JobId'),
      status: Path.default('JobStatus'),
      done: z.string().default('COMPLETED'),
      failed: z.string().default('FAILED'),
      error: Path.default('Error.Code'),
      message: Path.default('Error.Message'),
      token: Path.default('Marker'),
      services: Path.default('ServicesLastAccessed'),
      service: Path.default('ServiceNamespace'),
      used: Path.default('LastAuthenticated'),
    })
    .prefault({})
    .describe('where in the answers things stand; a list may stand one level deeper'),
});
export type NativeSettings = z.infer<typeof NativeSettings>;
