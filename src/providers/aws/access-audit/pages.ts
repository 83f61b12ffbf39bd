import { z } from 'zod';

const Use = { at: z.number().optional(), region: z.string().optional() };

/** What AWS says of one identity: `gone` when it was deleted meanwhile, `failed` when AWS could not tell. */
export const AccessPage = z.union([
  z.object({ gone: z.literal(true) }),
  z.object({ failed: z.string() }),
  z.object({
    services: z.array(
      z.object({
        namespace: z.string(),
        name: z.string().optional(),
        ...Use,
        actions: z.array(z.object({ name: z.string(), ...Use })).optional(),
      }),
    ),
  }),
]);
export type AccessPage = z.infer<typeof AccessPage>;
export type AccessedService = Extract<AccessPage, { services: unknown }>['services'][number];

/** Which policies give it which service; `refused` is AWS's code. */
export const GrantsPage = z.union([
  z.object({ gone: z.literal(true) }),
  z.object({ refused: z.string() }),
  z.object({
    services: z.array(
      z.object({
        namespace: z.string(),
        policies: z.array(z.object({ policy: z.string(), group: z.string().optional() })),
      }),
    ),
  }),
]);
export type GrantsPage = z.infer<typeof GrantsPage>;
